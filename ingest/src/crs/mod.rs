//! Coordinate reference systems: how a file's numbers become positions, and back.
//!
//! - [`Crs`] names a system, [`Transformer`] computes with it;
//! - `gcj02` holds the two Chinese web systems, which no library has;
//! - `prj` reads the WKT of `.prj` files, `declared` what other formats say;
//! - `decide` weighs what the file says, what the user says and what the numbers look like.

pub(crate) mod decide;
pub(crate) mod declared;
pub mod gcj02;
pub(crate) mod prj;
mod transform;

pub use transform::{Outside, Transformer};

use std::{fmt, str::FromStr};

/// A coordinate reference system, as a file declares it or a user names it.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    /// An EPSG code: `EPSG:4549`.
    Epsg(u32),
    /// 火星坐标: what AMap and Tencent publish.
    Gcj02,
    /// What Baidu publishes.
    Bd09,
    /// A proj string made from a WKT definition that names no EPSG code.
    Definition(String),
}

/// A system that cannot be computed with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// Not a name that is understood.
    #[error(
        "“{0}” is not a coordinate system known here; expected EPSG:n (such as EPSG:4549), GCJ-02 or BD-09"
    )]
    Name(String),
    /// An EPSG code without a definition.
    #[error("EPSG:{0} is not among the definitions known here")]
    Epsg(u32),
    /// A definition whose projection or datum is not available.
    #[error("the definition “{definition}” cannot be computed: {why}")]
    Definition {
        /// The proj string.
        definition: String,
        /// What the library said.
        why: String,
    },
}

impl FromStr for Crs {
    type Err = CrsError;

    /// Reads `EPSG:4549`, `GCJ-02`, `BD-09`, and the common names `WGS84`, `CRS84`, `CGCS2000`.
    fn from_str(s: &str) -> Result<Self, CrsError> {
        let word: String =
            s.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_uppercase).collect();
        match word.as_str() {
            "GCJ02" => return Ok(Self::Gcj02),
            "BD09" | "BD09LL" => return Ok(Self::Bd09),
            "WGS84" | "CRS84" | "OGC:CRS84" => return Ok(Self::Epsg(4326)),
            "CGCS2000" => return Ok(Self::Epsg(4490)),
            _ => {}
        }
        if let Some(n) = word.strip_prefix("EPSG:").and_then(|n| n.parse().ok()) {
            return Ok(Self::Epsg(n));
        }
        if s.trim_start().starts_with("+proj=") {
            return Ok(Self::Definition(s.trim().to_owned()));
        }
        Err(CrsError::Name(s.to_owned()))
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epsg(n) => write!(f, "EPSG:{n}"),
            Self::Gcj02 => f.write_str("GCJ-02"),
            Self::Bd09 => f.write_str("BD-09"),
            Self::Definition(d) => f.write_str(d),
        }
    }
}

impl Crs {
    /// Whether the system is longitude and latitude on a datum that equals CGCS2000 at 1e-7 degree
    /// (WGS 84, CGCS2000, NAD83).
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Epsg(4326 | 4979 | 4490 | 4480 | 4269))
    }

    /// Whether the system belongs to China, so that positions elsewhere are suspicious.
    pub(crate) fn is_chinese(&self) -> bool {
        matches!(self, Self::Gcj02 | Self::Bd09 | Self::Epsg(4490 | 4480 | 4491..=4554))
    }

    /// The proj string of this system, where it has one.
    pub(crate) fn definition(&self) -> Result<Option<&str>, CrsError> {
        match self {
            Self::Gcj02 | Self::Bd09 => Ok(None),
            Self::Definition(d) => Ok(Some(d)),
            Self::Epsg(n) => u16::try_from(*n)
                .ok()
                .and_then(crs_definitions::from_code)
                .map(|d| Some(d.proj4))
                .ok_or(CrsError::Epsg(*n)),
        }
    }

    /// A warning when the datum's shift to WGS 84 is not known here, so that positions may be off.
    pub(crate) fn datum_warning(&self) -> Option<String> {
        let definition = self.definition().ok()??;
        let known = ["+datum=", "+towgs84=", "+nadgrids=", "+ellps=GRS80", "+ellps=WGS84"];
        if self.is_plain() || known.iter().any(|k| definition.contains(k)) {
            return None;
        }
        Some(format!(
            "{self}: no shift from its datum to CGCS2000 is published; positions may be off by up to 150 m"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        assert_eq!("EPSG:4549".parse(), Ok(Crs::Epsg(4549)));
        assert_eq!("epsg:3435".parse(), Ok(Crs::Epsg(3435)));
        assert_eq!("GCJ-02".parse(), Ok(Crs::Gcj02));
        assert_eq!("gcj02".parse(), Ok(Crs::Gcj02));
        assert_eq!("BD-09".parse(), Ok(Crs::Bd09));
        assert_eq!("CGCS2000".parse(), Ok(Crs::Epsg(4490)));
        let e = "Mars".parse::<Crs>().unwrap_err().to_string();
        assert!(e.contains("Mars") && e.contains("EPSG:4549"), "{e}");
    }

    #[test]
    fn a_datum_without_a_shift_is_warned_of() {
        assert!(Crs::Epsg(4610).datum_warning().is_some()); // Xian 1980
        assert!(Crs::Epsg(4549).datum_warning().is_none());
        assert!(Crs::Epsg(4236).datum_warning().is_none());
        assert!(Crs::Gcj02.datum_warning().is_none());
    }
}
