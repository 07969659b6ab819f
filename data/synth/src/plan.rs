//! What to make: cities, where they lie, and how much of everything they hold.

use gridbeat_onemap::E7;
use std::{fmt, str::FromStr};

/// How large a synthetic city (or province of cities) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// One district: 700 grids, 70 beats, 230,000 addresses, 500,000 residents, 20,000 incidents.
    District,
    /// One city: 9,000 grids, 1,000 beats, 2.9 million addresses, 6.3 million residents, 300,000 incidents.
    City,
    /// Thirteen cities: 120,000 grids, 10,000 beats, 38 million addresses, 85 million residents, 4 million incidents.
    Province,
}

impl Scale {
    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::City => "city",
            Self::Province => "province",
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scale {
    type Err = UnknownScale;
    fn from_str(s: &str) -> Result<Self, UnknownScale> {
        [Self::District, Self::City, Self::Province]
            .into_iter()
            .find(|k| k.as_str() == s)
            .ok_or_else(|| UnknownScale { found: s.to_owned() })
    }
}

/// A word that names no scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is not a scale: expected district, city or province")]
pub struct UnknownScale {
    /// What stood there.
    pub found: String,
}

/// All that is to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the province, above all cities; `None` when there is only part of one.
    pub province: Option<&'static str>,
    /// The cities, in the order of their regions.
    pub cities: Vec<CityPlan>,
}

/// One city.
#[derive(Clone, Debug)]
pub struct CityPlan {
    /// First four digits of all its codes (3202 by shape only: the names are invented).
    pub region: u16,
    /// Its name.
    pub name: &'static str,
    /// Where its middle lies.
    pub origin: E7,
    /// Mean radius in metres.
    pub radius: f64,
    /// Number of counties (区县); 1 makes a single district of a city.
    pub counties: u32,
    /// Number of grids.
    pub grids: u32,
    /// Number of beats.
    pub beats: u32,
    /// Number of addresses.
    pub addresses: u32,
    /// Number of residents.
    pub residents: u32,
    /// Number of incidents in the ninety days.
    pub incidents: u32,
}

/// Thirteen invented cities: name, longitude and latitude of the middle, share of the province in
/// thousandths. They stand about a degree apart, so that none touches another.
const CITIES: [(&str, f64, f64, u32); 13] = [
    ("江临市", 118.60, 32.05, 105),
    ("云湖市", 120.30, 31.57, 75),
    ("淮岭市", 117.20, 34.28, 106),
    ("晋溪市", 119.45, 31.40, 62),
    ("沧浪市", 121.20, 31.25, 150),
    ("崇江市", 121.05, 32.35, 91),
    ("海朐市", 119.10, 34.65, 54),
    ("清运市", 119.05, 33.60, 54),
    ("盐渚市", 120.35, 33.65, 79),
    ("邗溪市", 119.20, 32.80, 54),
    ("焦山市", 119.65, 32.10, 38),
    ("泰澄市", 120.10, 32.80, 53),
    ("宿泽市", 118.05, 33.35, 79),
];

impl Plan {
    /// The plan of a scale.
    pub fn of(scale: Scale) -> Self {
        let origin = at(120.300, 31.570);
        match scale {
            Scale::District => Self {
                province: None,
                cities: vec![CityPlan {
                    region: 3202,
                    name: "云湖市",
                    origin,
                    radius: 6_400.0,
                    counties: 1,
                    grids: 700,
                    beats: 70,
                    addresses: 230_000,
                    residents: 500_000,
                    incidents: 20_000,
                }],
            },
            Scale::City => Self {
                province: None,
                cities: vec![CityPlan {
                    region: 3202,
                    name: "云湖市",
                    origin,
                    radius: 36_000.0,
                    counties: 7,
                    grids: 9_000,
                    beats: 1_000,
                    addresses: 2_900_000,
                    residents: 6_300_000,
                    incidents: 300_000,
                }],
            },
            Scale::Province => Self {
                province: Some("云江省"),
                cities: CITIES
                    .iter()
                    .zip(3201..)
                    .map(|(&(name, lon, lat, share), region)| {
                        let part = |whole: u32| (u64::from(whole) * u64::from(share) / 1_000) as u32;
                        CityPlan {
                            region,
                            name,
                            origin: at(lon, lat),
                            radius: 13_000.0 + 150.0 * f64::from(share),
                            counties: (share / 12).clamp(4, 12),
                            grids: part(120_000),
                            beats: part(10_000),
                            addresses: part(38_000_000),
                            residents: part(85_000_000),
                            incidents: part(4_000_000),
                        }
                    })
                    .collect(),
            },
        }
    }

    /// A plan small enough for a test to look at every row: forty grids and five beats.
    #[doc(hidden)]
    pub fn tiny() -> Self {
        Self {
            province: None,
            cities: vec![CityPlan {
                region: 3202,
                name: "云湖市",
                origin: at(120.300, 31.570),
                radius: 1_600.0,
                counties: 1,
                grids: 40,
                beats: 5,
                addresses: 4_000,
                residents: 8_700,
                incidents: 600,
            }],
        }
    }
}

/// A lattice position of constants that are in range.
fn at(lon: f64, lat: f64) -> E7 {
    E7::new((lon * 1e7).round() as i32, (lat * 1e7).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_hold_what_they_promise() {
        let sum = |s: Scale, f: fn(&CityPlan) -> u32| {
            Plan::of(s).cities.iter().map(|c| u64::from(f(c))).sum::<u64>()
        };
        assert_eq!(sum(Scale::City, |c| c.grids), 9_000);
        for (whole, got) in [
            (120_000, sum(Scale::Province, |c| c.grids)),
            (10_000, sum(Scale::Province, |c| c.beats)),
            (38_000_000, sum(Scale::Province, |c| c.addresses)),
            (85_000_000, sum(Scale::Province, |c| c.residents)),
            (4_000_000, sum(Scale::Province, |c| c.incidents)),
        ] {
            assert!(got.abs_diff(whole) * 100 <= whole, "{got} is not {whole}");
        }
        assert_eq!("city".parse(), Ok(Scale::City));
        assert!("City".parse::<Scale>().is_err());
    }

    #[test]
    fn cities_do_not_touch() {
        let cities = Plan::of(Scale::Province).cities;
        for (i, a) in cities.iter().enumerate() {
            let frame = crate::geom::Frame::new(a.origin);
            for b in &cities[..i] {
                let apart = frame.metres(b.origin).len();
                // An outline reaches at most 1.25 times its mean radius.
                assert!(apart > 1.25 * (a.radius + b.radius), "{} and {}: {apart:.0} m", a.name, b.name);
            }
        }
    }
}
