//! What a file says of its coordinate system, as found: understood or not.

use super::{Crs, prj};

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declared {
    /// Where it stands: `the .prj file`, `the crs member`, ….
    pub whence: &'static str,
    /// What stands there, short enough for a message.
    pub text: String,
    /// The system, or why it is not understood.
    pub crs: Result<Crs, String>,
}

impl Declared {
    /// A WKT definition.
    pub fn wkt(whence: &'static str, wkt: &str) -> Self {
        Self { whence, text: prj::name(wkt), crs: prj::read(wkt) }
    }

    /// An authority and a code: `EPSG`, `4490`.
    pub fn code(whence: &'static str, authority: &str, code: &str) -> Self {
        let text = format!("{authority}:{code}");
        let crs = named(&text);
        Self { whence, text, crs }
    }

    /// A name: `urn:ogc:def:crs:EPSG::4236`, `http://www.opengis.net/def/crs/OGC/1.3/CRS84`, `EPSG:3857`.
    pub fn name(whence: &'static str, name: &str) -> Self {
        Self { whence, text: name.chars().take(120).collect(), crs: named(name) }
    }
}

/// Reads the names that occur in files: the authority is `EPSG` (or `OGC` for CRS84) and the code is the
/// last part, whatever stands between (a version, nothing).
fn named(name: &str) -> Result<Crs, String> {
    let parts: Vec<&str> = name.split([':', '/', '#']).filter(|p| !p.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let has = |w: &str| parts.iter().any(|p| p.eq_ignore_ascii_case(w));
    if last.eq_ignore_ascii_case("CRS84") || last.eq_ignore_ascii_case("CRS84h") {
        return Ok(Crs::Epsg(4326));
    }
    if (has("EPSG") || name.to_ascii_lowercase().contains("epsg"))
        && let Ok(n) = last.trim_end_matches(".xml").parse()
    {
        return Ok(Crs::Epsg(n));
    }
    if last.starts_with("GCJ") || last.starts_with("BD") {
        return last.parse().map_err(|e: super::CrsError| e.to_string());
    }
    name.parse().map_err(|e: super::CrsError| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_files() {
        for (name, code) in [
            ("urn:ogc:def:crs:EPSG::4236", 4236),
            ("urn:ogc:def:crs:EPSG:6.9:4490", 4490),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
            ("http://www.opengis.net/def/crs/EPSG/0/4549", 4549),
            ("http://www.opengis.net/gml/srs/epsg.xml#3857", 3857),
            ("EPSG:3435", 3435),
        ] {
            assert_eq!(Declared::name("x", name).crs, Ok(Crs::Epsg(code)), "{name}");
        }
        assert!(Declared::name("x", "urn:ogc:def:crs:MARS::1").crs.is_err());
    }
}
