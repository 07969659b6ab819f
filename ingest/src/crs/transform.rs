//! From a system's numbers to lattice positions and back.

use super::{Crs, CrsError, gcj02};
use gridbeat_onemap::E7;
use proj4rs::{Proj, transform::transform};

/// Why numbers are no position of a system.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Outside {
    /// NaN or infinite.
    #[error("the position is not a finite number")]
    NotFinite,
    /// Not a longitude and latitude.
    #[error("({0}, {1}) is not a longitude within ±180 and a latitude within ±90")]
    Range(f64, f64),
    /// Beyond where the projection means anything.
    #[error("({0}, {1}) lies outside the area of the coordinate system")]
    Area(f64, f64),
}

/// Computes positions of one coordinate system.
pub struct Transformer {
    crs: Crs,
    kind: Kind,
}

enum Kind {
    Plain,
    Gcj02,
    Bd09,
    Proj(Box<Projected>),
}

struct Projected {
    proj: Proj,
    wgs84: Proj,
    /// Whether the numbers are degrees.
    degrees: bool,
    /// Degrees from the central meridian beyond which a transverse Mercator means nothing.
    meridian: Option<f64>,
}

/// A transverse Mercator is used within 1.5° or 3° of its meridian; swapped axes put a Chinese place
/// some 25° away. Half-way between, with room for misused zones.
const MERIDIAN_REACH: f64 = 10.0;

impl Transformer {
    /// Prepares a system.
    ///
    /// # Errors
    /// When the system has no definition here, or the projection is not available.
    pub fn new(crs: &Crs) -> Result<Self, CrsError> {
        let kind = match crs {
            Crs::Gcj02 => Kind::Gcj02,
            Crs::Bd09 => Kind::Bd09,
            plain if plain.is_plain() => Kind::Plain,
            other => Kind::Proj(Box::new(Projected::new(other.definition()?.unwrap_or_default())?)),
        };
        Ok(Self { crs: crs.clone(), kind })
    }

    /// The system.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Whether the numbers are degrees of longitude and latitude.
    pub fn is_degrees(&self) -> bool {
        match &self.kind {
            Kind::Proj(p) => p.degrees,
            _ => true,
        }
    }

    /// The lattice position of `x` (easting or longitude) and `y` (northing or latitude).
    ///
    /// # Errors
    /// When the numbers are no position of the system.
    pub fn forward(&self, x: f64, y: f64) -> Result<E7, Outside> {
        if !x.is_finite() || !y.is_finite() {
            return Err(Outside::NotFinite);
        }
        if self.is_degrees() && !(x.abs() <= 180.0 && y.abs() <= 90.0) {
            return Err(Outside::Range(x, y));
        }
        let (lon, lat) = match &self.kind {
            Kind::Plain => (x, y),
            Kind::Gcj02 => gcj02::to_wgs84(x, y),
            Kind::Bd09 => gcj02::bd09_to_wgs84(x, y),
            Kind::Proj(p) => p.unproject(x, y).ok_or(Outside::Area(x, y))?,
        };
        E7::from_degrees(lon, lat).ok_or(Outside::Area(x, y))
    }

    /// The system's numbers for a lattice position: easting or longitude, then northing or latitude.
    ///
    /// # Errors
    /// When the position cannot be projected.
    pub fn inverse(&self, at: E7) -> Result<(f64, f64), Outside> {
        let (lon, lat) = (at.lon_degrees(), at.lat_degrees());
        Ok(match &self.kind {
            Kind::Plain => (lon, lat),
            Kind::Gcj02 => gcj02::from_wgs84(lon, lat),
            Kind::Bd09 => gcj02::bd09_from_wgs84(lon, lat),
            Kind::Proj(p) => p.project(lon, lat).ok_or(Outside::Area(lon, lat))?,
        })
    }
}

impl Projected {
    fn new(definition: &str) -> Result<Self, CrsError> {
        let fail = |why: proj4rs::errors::Error| CrsError::Definition {
            definition: definition.to_owned(),
            why: why.to_string(),
        };
        // Files hold easting first whatever the official order is; swaps are found from the numbers.
        let normal: Vec<&str> = definition.split_whitespace().filter(|w| !w.starts_with("+axis=")).collect();
        let proj = Proj::from_proj_string(&normal.join(" ")).map_err(fail)?;
        let wgs84 = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").map_err(fail)?;
        let word = |key: &str| normal.iter().find_map(|w| w.strip_prefix(key));
        let meridian = match word("+proj=") {
            Some("utm") => word("+zone=").and_then(|z| z.parse::<f64>().ok()).map(|z| z * 6.0 - 183.0),
            Some("tmerc" | "etmerc") => word("+lon_0=").and_then(|l| l.parse().ok()),
            _ => None,
        };
        let degrees = proj.is_latlong();
        Ok(Self { proj, wgs84, degrees, meridian })
    }

    fn unproject(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let mut p = if self.degrees { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        transform(&self.proj, &self.wgs84, &mut p).ok()?;
        let (lon, lat) = (p.0.to_degrees(), p.1.to_degrees());
        if !lon.is_finite() || !lat.is_finite() {
            return None;
        }
        if let Some(m) = self.meridian
            && (lon - m).abs() > MERIDIAN_REACH
        {
            return None;
        }
        // A projection's inverse may answer for numbers that are none of its own: it is trusted only
        // if the way back meets them (1 m, or 1e-5 degree).
        let back = self.project(lon, lat)?;
        let tolerance = if self.degrees { 1e-5 } else { 1.0 / self.proj.to_meter() };
        ((back.0 - x).abs() <= tolerance && (back.1 - y).abs() <= tolerance).then_some((lon, lat))
    }

    fn project(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let mut p = (lon.to_radians(), lat.to_radians(), 0.0);
        transform(&self.wgs84, &self.proj, &mut p).ok()?;
        let p = if self.degrees { (p.0.to_degrees(), p.1.to_degrees()) } else { (p.0, p.1) };
        (p.0.is_finite() && p.1.is_finite()).then_some(p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(crs: &str) -> Transformer {
        Transformer::new(&crs.parse().unwrap()).unwrap()
    }

    #[test]
    fn gauss_krueger_meets_the_published_check() {
        let (x, y) = t("EPSG:4549").inverse(E7::from_degrees(120.159, 30.267).unwrap()).unwrap();
        assert!((x - 515_300.094).abs() < 0.002 && (y - 3_349_722.302).abs() < 0.002, "{x} {y}");
        assert_eq!(
            t("EPSG:4549").forward(515_300.094, 3_349_722.302).unwrap(),
            E7::new(1_201_590_000, 302_670_000)
        );
        // The same with the zone's number before the easting.
        assert_eq!(
            t("EPSG:4528").forward(40_515_300.094, 3_349_722.302).unwrap(),
            E7::new(1_201_590_000, 302_670_000)
        );
    }

    #[test]
    fn feet_and_web_mercator() {
        // pyproj 3.7: (1176000 ft, 1900000 ft) in EPSG:3435, (13375000, 3700000) in EPSG:3857.
        let p = t("EPSG:3435").forward(1_176_000.0, 1_900_000.0).unwrap();
        assert!(
            (p.lon_degrees() + 87.629_3).abs() < 2e-3 && (p.lat_degrees() - 41.881).abs() < 2e-3,
            "{p:?}"
        );
        let p = t("EPSG:3857").forward(13_358_338.895_192_8, 3_503_549.843_504_38).unwrap();
        assert!((p.lon_degrees() - 120.0).abs() < 1e-6 && (p.lat_degrees() - 30.0).abs() < 1e-6, "{p:?}");
    }

    #[test]
    fn hu_tzu_shan_is_shifted() {
        let p = t("EPSG:4236").forward(-87.601_2, 41.85).unwrap();
        let q = E7::from_degrees(-87.601_2, 41.85).unwrap();
        let metres = (f64::from(p.lat - q.lat) * 0.0111).hypot(f64::from(p.lon - q.lon) * 0.0083);
        assert!((800.0..1000.0).contains(&metres), "{metres}");
    }

    #[test]
    fn impossible_numbers_are_refused() {
        assert_eq!(t("EPSG:4326").forward(f64::NAN, 1.0), Err(Outside::NotFinite));
        assert_eq!(t("EPSG:4326").forward(181.0, 1.0), Err(Outside::Range(181.0, 1.0)));
        assert!(matches!(t("EPSG:4549").forward(3_349_722.3, 515_300.0), Err(Outside::Area(..))));
        assert!(matches!(t("EPSG:4549").forward(1e300, 1e300), Err(Outside::Area(..))));
        assert!(matches!(t("EPSG:32610").forward(40_515_300.0, 3_349_722.0), Err(Outside::Area(..))));
        assert_eq!(Transformer::new(&Crs::Epsg(99_999)).err(), Some(CrsError::Epsg(99_999)));
    }

    #[test]
    fn a_transformer_may_cross_threads() {
        fn sent<T: Send>() {}
        sent::<Transformer>();
    }
}
