//! Which system a file is in, and in which order its numbers stand.
//!
//! The user's word beats the file's; without either the numbers must be longitudes and latitudes. Then
//! a sample of the numbers is tried in both orders: files in CGCS2000 or Gauss-Krüger often hold the
//! official order (north first), which everybody else's software reads the other way round.

use super::{Crs, Transformer, declared::Declared};
use crate::{IngestError, Note};

/// A system, an order, and how they were found.
pub(crate) struct Decision {
    pub transformer: Transformer,
    /// Whether the file holds north first.
    pub swapped: bool,
    pub notes: Vec<Note>,
}

/// Decides from what the user `asked` for, what the file `declared`, and a `sample` of its numbers.
pub(crate) fn decide(
    file: &str,
    asked: Option<&Crs>,
    declared: Option<&Declared>,
    sample: &[(f64, f64)],
) -> Result<Decision, IngestError> {
    let fail = |what: String| IngestError::crs(file, what);
    let sample: Vec<(f64, f64)> =
        sample.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite() && *p != (0.0, 0.0)).collect();
    let mut notes = Vec::new();
    let crs = match (asked, declared) {
        (Some(a), d) => {
            if let Some(d) = d.filter(|d| d.crs.as_ref() != Ok(a)) {
                notes.push(Note::warning(format!(
                    "coordinates read as {a}, though {} says {}",
                    d.whence, d.text
                )));
            } else {
                notes.push(Note::info(format!("coordinates read as {a}, as asked")));
            }
            a.clone()
        }
        (None, Some(d)) => match &d.crs {
            Ok(crs) => {
                notes.push(Note::info(format!("coordinates are {crs}, from {} ({})", d.whence, d.text)));
                crs.clone()
            }
            Err(why) => {
                return Err(fail(format!("{} says {}: {why}; pass --crs to override it", d.whence, d.text)));
            }
        },
        (None, None) => {
            if !sample.is_empty() {
                notes.push(Note::info(
                    "no coordinate system stated: read as longitude and latitude (EPSG:4326)",
                ));
            }
            Crs::Epsg(4326)
        }
    };
    let transformer = Transformer::new(&crs).map_err(|e| fail(format!("{e}; pass --crs with another")))?;
    notes.extend(crs.datum_warning().map(Note::warning));
    let Some(&first) = sample.first() else {
        return Ok(Decision { transformer, swapped: false, notes });
    };

    let share = |test: &dyn Fn(f64, f64) -> bool| {
        sample.iter().filter(|p| test(p.0, p.1)).count() as f64 / sample.len() as f64
    };
    let looks_like_degrees = share(&|x, y| x.abs() <= 180.0 && y.abs() <= 180.0) > 0.9;
    if !transformer.is_degrees() && looks_like_degrees {
        return Err(fail(format!(
            "{crs} counts metres or feet, but the coordinates look like degrees (first: {}, {}); pass --crs EPSG:4490 or EPSG:4326 if they are",
            first.0, first.1
        )));
    }
    let straight = share(&|x, y| transformer.forward(x, y).is_ok());
    let swapped = share(&|x, y| transformer.forward(y, x).is_ok());
    let china = |lon: f64, lat: f64| (73.0..=136.0).contains(&lon) && (3.0..=54.0).contains(&lat);
    let chinese_swap = crs.is_chinese()
        && transformer.is_degrees()
        && share(&|x, y| china(y, x)) > 0.9
        && share(&|x, y| china(x, y)) < 0.1;
    if straight < 0.5 && swapped >= 0.9 || chinese_swap {
        let (first_axis, second) =
            if transformer.is_degrees() { ("latitude", "longitude") } else { ("northing", "easting") };
        notes.push(Note::warning(format!(
            "the axes are swapped: the file holds {first_axis} first, {second} second (first: {}, {}); read that way",
            first.0, first.1
        )));
        return Ok(Decision { transformer, swapped: true, notes });
    }
    if straight >= 0.5 {
        return Ok(Decision { transformer, swapped: false, notes });
    }
    let hint = candidates(first.0, first.1);
    if asked.is_none() && declared.is_none() {
        return Err(fail(format!(
            "states no coordinate system, and its coordinates (first: {}, {}) are not longitude and latitude; pass --crs {hint}",
            first.0, first.1
        )));
    }
    Err(fail(format!(
        "{:.0} % of the coordinates (first: {}, {}) lie outside the area of {crs}; pass --crs {hint}",
        (1.0 - straight) * 100.0,
        first.0,
        first.1
    )))
}

/// What the numbers might be, as advice for `--crs`.
fn candidates(x: f64, y: f64) -> String {
    let mut out: Vec<String> = Vec::new();
    for (e, n) in [(x, y), (y, x)] {
        let zone = (e / 1e6).floor();
        if (25.0..=45.0).contains(&zone)
            && (100_000.0..900_000.0).contains(&(e - zone * 1e6))
            && n.abs() < 1e7
        {
            let zone = zone as u32;
            out.push(format!("EPSG:{} (CGCS2000, Gauss-Krüger 3° zone {zone})", 4513 + zone - 25));
        }
        if (13.0..=23.0).contains(&zone)
            && (100_000.0..900_000.0).contains(&(e - zone * 1e6))
            && n.abs() < 1e7
        {
            let zone = zone as u32;
            out.push(format!("EPSG:{} (CGCS2000, Gauss-Krüger 6° zone {zone})", 4491 + zone - 13));
        }
        if (100_000.0..900_000.0).contains(&e) && (300_000.0..6_500_000.0).contains(&n) {
            out.push(
                "EPSG:4534 … EPSG:4554 (CGCS2000, Gauss-Krüger 3° by central meridian; EPSG:4549 for 120° E)"
                    .into(),
            );
            out.push("EPSG:326nn (UTM zone nn north)".into());
        }
    }
    if x.abs() <= 20_037_508.4 && y.abs() <= 20_048_966.2 {
        out.push("EPSG:3857 (Web Mercator)".into());
    }
    if out.is_empty() {
        out.push("EPSG:n with the system that the file's maker used".into());
    } else {
        out.dedup();
        out.push("or whatever the file's maker used".into());
    }
    out.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(d: &Decision) -> String {
        d.notes.iter().map(|n| n.text.clone()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn swapped_degrees_are_named() {
        let d = decide("f", None, None, &[(31.5, 120.3), (31.6, 120.4)]).unwrap();
        assert!(d.swapped && notes(&d).contains("latitude first"), "{}", notes(&d));
        // Xinjiang: both orders are within range, only China's outline tells.
        let d = decide("f", Some(&Crs::Epsg(4490)), None, &[(39.5, 75.9), (39.4, 76.0)]).unwrap();
        assert!(d.swapped);
        let d = decide("f", None, None, &[(-87.6, 41.8)]).unwrap();
        assert!(!d.swapped);
    }

    #[test]
    fn swapped_gauss_krueger_is_named() {
        let d = decide("f", Some(&Crs::Epsg(4549)), None, &[(3_349_722.3, 515_300.1)]).unwrap();
        assert!(d.swapped && notes(&d).contains("northing first"));
        assert!(!decide("f", Some(&Crs::Epsg(4549)), None, &[(515_300.1, 3_349_722.3)]).unwrap().swapped);
    }

    #[test]
    fn metres_without_a_system_are_refused_with_advice() {
        let e = decide("f.csv", None, None, &[(40_515_300.0, 3_349_722.0)]).err().unwrap().to_string();
        assert!(e.contains("--crs EPSG:4528"), "{e}");
        let e = decide("f.csv", None, None, &[(515_300.0, 3_349_722.0)]).err().unwrap().to_string();
        assert!(e.contains("EPSG:4549"), "{e}");
    }

    #[test]
    fn the_wrong_zone_notation_is_refused_with_the_right_one() {
        let e = decide("f", Some(&Crs::Epsg(4549)), None, &[(40_515_300.0, 3_349_722.0)])
            .err()
            .unwrap()
            .to_string();
        assert!(e.contains("EPSG:4528"), "{e}");
    }

    #[test]
    fn degrees_in_a_metre_system_are_refused() {
        let e = decide("f", Some(&Crs::Epsg(4549)), None, &[(120.1, 31.2)]).err().unwrap().to_string();
        assert!(e.contains("look like degrees"), "{e}");
    }

    #[test]
    fn the_user_beats_the_file_and_it_is_said() {
        let declared = Declared::name("the crs member", "urn:ogc:def:crs:OGC:1.3:CRS84");
        let d = decide("f", Some(&Crs::Gcj02), Some(&declared), &[(120.1, 31.2)]).unwrap();
        assert!(notes(&d).contains("GCJ-02, though"), "{}", notes(&d));
        let bad = Declared::name("the crs member", "urn:x:MARS");
        let e = decide("f", None, Some(&bad), &[(120.1, 31.2)]).err().unwrap().to_string();
        assert!(e.contains("MARS") && e.contains("--crs"), "{e}");
    }
}
