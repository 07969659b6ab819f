//! The WKT of `.prj` files and of GeoPackage's reference systems.
//!
//! Three ways, the surest first: the EPSG code that the definition names for itself; the name that
//! ESRI's software writes for a well-known system; the definition itself, turned into a proj string.

use super::Crs;

/// Longer definitions are not read (real ones have some hundred characters).
const MAX_LENGTH: usize = 64 * 1024;
/// Deeper definitions are not read: the parser behind it recurses.
const MAX_DEPTH: usize = 32;

/// The system of a WKT definition, or why it is not understood.
pub(crate) fn read(wkt: &str) -> Result<Crs, String> {
    let wkt = wkt.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if wkt.is_empty() {
        return Err("the definition is empty".into());
    }
    if wkt.len() > MAX_LENGTH {
        return Err(format!("the definition is longer than {MAX_LENGTH} characters"));
    }
    if wkt.starts_with("EPSG:") || wkt.starts_with("+proj=") {
        return wkt.parse().map_err(|e: super::CrsError| e.to_string());
    }
    if depth(wkt) > MAX_DEPTH {
        return Err(format!("the definition is nested deeper than {MAX_DEPTH}"));
    }
    if let Some(n) = own_epsg_code(wkt)
        && Crs::Epsg(n).definition().is_ok()
    {
        return Ok(Crs::Epsg(n));
    }
    if let Some(crs) = by_name(&name(wkt)) {
        return Ok(crs);
    }
    let upper = wkt.to_ascii_uppercase();
    let geographic = upper.starts_with("GEOG");
    let base = datum_name(wkt).and_then(|d| base_of_datum(&d));
    if geographic && let Some(code) = base {
        return Ok(Crs::Epsg(code));
    }
    let mut definition = proj4wkt::wkt_to_projstring(&with_known_methods(wkt))
        .map_err(|e| format!("the definition “{}” is not understood: {e}", name(wkt)))?;
    if let Some(code) = base {
        definition = with_datum_of(&definition, code);
    }
    Ok(Crs::Definition(definition))
}

/// The name a definition gives itself: its first quoted word.
pub(crate) fn name(wkt: &str) -> String {
    wkt.split('"').nth(1).unwrap_or(wkt).chars().take(120).collect()
}

/// ESRI's names of projections, in the words of the OGC: the Lambert cone stands there without saying how
/// many parallels it has.
fn with_known_methods(wkt: &str) -> String {
    let two = wkt.to_ascii_lowercase().contains("standard_parallel_2");
    let lambert = if two { "Lambert_Conformal_Conic_2SP" } else { "Lambert_Conformal_Conic_1SP" };
    let mut out = wkt.to_owned();
    for (esri, ogc) in [
        ("Lambert_Conformal_Conic", lambert),
        ("Gauss_Kruger", "Transverse_Mercator"),
        ("Albers", "Albers_Conic_Equal_Area"),
    ] {
        out = out.replace(&format!("PROJECTION[\"{esri}\"]"), &format!("PROJECTION[\"{ogc}\"]"));
    }
    out
}

fn depth(wkt: &str) -> usize {
    let (mut depth, mut most, mut quoted) = (0usize, 0, false);
    for b in wkt.bytes() {
        match b {
            b'"' => quoted = !quoted,
            b'[' | b'(' if !quoted => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// The EPSG code of the whole definition: the `AUTHORITY["EPSG","n"]` or `ID["EPSG",n]` directly inside
/// the outermost brackets (deeper ones are codes of its datum, its unit, …).
fn own_epsg_code(wkt: &str) -> Option<u32> {
    let (mut depth, mut quoted) = (0usize, false);
    let mut word = String::new();
    let mut found = None;
    for (i, c) in wkt.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' | '(' if !quoted => {
                if depth == 1 && (word.eq_ignore_ascii_case("AUTHORITY") || word.eq_ignore_ascii_case("ID")) {
                    found = Some(i + 1);
                }
                depth += 1;
                word.clear();
            }
            ']' | ')' if !quoted => {
                depth = depth.saturating_sub(1);
                word.clear();
            }
            ',' if !quoted => word.clear(),
            c if !quoted && !c.is_whitespace() => word.push(c),
            _ => {}
        }
    }
    let inside = &wkt[found?..];
    let inside = &inside[..inside.find([']', ')'])?];
    let (authority, code) = inside.split_once(',')?;
    if !authority.trim().trim_matches('"').eq_ignore_ascii_case("EPSG") {
        return None;
    }
    code.trim().trim_matches('"').parse().ok()
}

/// `CGCS2000_3_Degree_GK_CM_120E` → `cgcs20003degreegkcm120e`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The names ESRI's software writes, which carry no code.
fn by_name(name: &str) -> Option<Crs> {
    let n = plain(name);
    let code = match n.as_str() {
        "gcswgs1984" | "wgs1984" | "wgs84" | "wgs84dd" | "gcswgs84" => 4326,
        "gcschinageodeticcoordinatesystem2000"
        | "chinageodeticcoordinatesystem2000"
        | "cgcs2000"
        | "gcscgcs2000" => 4490,
        "gcsnorthamerican1983" | "nad83" => 4269,
        "gcsbeijing1954" => 4214,
        "gcsxian1980" => 4610,
        "wgs1984webmercatorauxiliarysphere" | "wgs84pseudomercator" | "popularvisualisationcrsmercator" => {
            3857
        }
        _ => zone(&n)?,
    };
    Some(Crs::Epsg(code))
}

/// Families of zones, by their EPSG numbering: 3-degree zones go from 75° E (zone 25) in steps of 3°,
/// 6-degree ones from 75° E (zone 13) in steps of 6°.
fn zone(n: &str) -> Option<u32> {
    let number = |prefix: &str, suffix: &str| -> Option<u32> {
        n.strip_prefix(prefix)?.strip_suffix(suffix)?.parse().ok()
    };
    let stepped = |cm: u32, first: u32, step: u32| {
        (cm >= 75 && (cm - 75).is_multiple_of(step)).then(|| first + (cm - 75) / step)
    };
    for (family, cm3, zone3) in
        [("cgcs2000", 4534, 4513), ("beijing1954", 2422, 2401), ("xian1980", 2370, 2349)]
    {
        if let Some(cm) = number(&format!("{family}3degreegkcm"), "e") {
            return stepped(cm, cm3, 3).filter(|_| cm <= 135);
        }
        if let Some(z) = number(&format!("{family}3degreegkzone"), "") {
            return (25..=45).contains(&z).then(|| zone3 + z - 25);
        }
    }
    if let Some(cm) = number("cgcs2000gkcm", "e") {
        return stepped(cm, 4502, 6).filter(|_| cm <= 135);
    }
    if let Some(z) = number("cgcs2000gkzone", "") {
        return (13..=23).contains(&z).then(|| 4491 + z - 13);
    }
    for (prefix, suffix, base) in
        [("wgs1984utmzone", "n", 32600), ("wgs1984utmzone", "s", 32700), ("nad1983utmzone", "n", 26900)]
    {
        if let Some(z) = number(prefix, suffix) {
            return (1..=60).contains(&z).then(|| base + z);
        }
    }
    None
}

fn datum_name(wkt: &str) -> Option<String> {
    let at = wkt.to_ascii_uppercase().find("DATUM[")?;
    Some(plain(wkt[at..].split('"').nth(1)?))
}

/// The geographic system whose datum has this name (with or without ESRI's `D_`).
fn base_of_datum(datum: &str) -> Option<u32> {
    let d = datum.strip_prefix('d').filter(|d| d.len() > 4).unwrap_or(datum);
    [
        ("wgs", 4326),
        ("worldgeodeticsystem1984", 4326),
        ("china2000", 4490),
        ("cgcs2000", 4490),
        ("northamerican1983", 4269),
        ("northamericandatum1983", 4269),
        ("hutzushan", 4236),
        ("beijing1954", 4214),
        ("xian1980", 4610),
    ]
    .into_iter()
    .find(|(start, _)| d.starts_with(start) || datum.starts_with(start))
    .map(|(_, code)| code)
}

/// The proj string with the datum shift of a geographic system instead of the zero shift that the WKT
/// reader writes when the WKT states none.
fn with_datum_of(definition: &str, code: u32) -> String {
    let crs = Crs::Epsg(code);
    let Ok(Some(base)) = crs.definition() else {
        return definition.to_owned();
    };
    let shift = base.split_whitespace().find(|w| w.starts_with("+towgs84="));
    let zero = "+towgs84=0,0,0,0,0,0,0";
    match (crs.is_plain(), shift) {
        (true, _) => definition.to_owned(),
        (false, Some(shift)) => definition.replace(zero, shift),
        (false, None) => definition.replace(zero, "").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Transformer;

    const FEET: &str = r#"PROJCS["NAD_1983_StatePlane_Illinois_East_FIPS_1201_Feet",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",984250.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-88.33333333333333],PARAMETER["Scale_Factor",0.999975],PARAMETER["Latitude_Of_Origin",36.66666666666666],UNIT["Foot_US",0.3048006096012192]]"#;

    #[test]
    fn the_code_of_the_whole_counts_not_that_of_a_part() {
        let wkt = r#"PROJCS["x",GEOGCS["NAD83",DATUM["d",SPHEROID["GRS 1980",6378137,298.257],AUTHORITY["EPSG","6269"]],AUTHORITY["EPSG","4269"]],PROJECTION["Transverse_Mercator"],AUTHORITY["EPSG","3435"]]"#;
        assert_eq!(own_epsg_code(wkt), Some(3435));
        assert_eq!(read(wkt), Ok(Crs::Epsg(3435)));
        let wkt2 = r#"GEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101],ID["EPSG",1043]],ID["EPSG",4490]]"#;
        assert_eq!(read(wkt2), Ok(Crs::Epsg(4490)));
    }

    #[test]
    fn esri_names() {
        for (name, code) in [
            ("CGCS2000_3_Degree_GK_CM_120E", 4549),
            ("CGCS2000_3_Degree_GK_Zone_40", 4528),
            ("CGCS2000_GK_CM_117E", 4509),
            ("Beijing_1954_3_Degree_GK_CM_120E", 2437),
            ("Xian_1980_3_Degree_GK_CM_120E", 2385),
            ("WGS_1984_UTM_Zone_51N", 32651),
            ("NAD_1983_UTM_Zone_19N", 26919),
            ("GCS_WGS_1984", 4326),
            ("WGS84(DD)", 4326),
        ] {
            assert_eq!(by_name(name), Some(Crs::Epsg(code)), "{name}");
        }
        assert_eq!(by_name("CGCS2000_3_Degree_GK_CM_121E"), None);
    }

    #[test]
    fn a_definition_without_a_code_computes_like_the_code() {
        let own = read(FEET).unwrap();
        assert!(matches!(own, Crs::Definition(_)), "{own:?}");
        let (a, b) = (Transformer::new(&own).unwrap(), Transformer::new(&Crs::Epsg(3435)).unwrap());
        let (p, q) =
            (a.forward(1_176_000.0, 1_900_000.0).unwrap(), b.forward(1_176_000.0, 1_900_000.0).unwrap());
        assert!((p.lon - q.lon).abs() <= 1 && (p.lat - q.lat).abs() <= 1, "{p:?} {q:?}");
    }

    #[test]
    fn the_lambert_cone_of_esri_computes_like_the_code() {
        let wkt = r#"PROJCS["NAD_1983_StatePlane_Colorado_Central_FIPS_0502_Feet",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",3000000.0],PARAMETER["False_Northing",999999.9999999999],PARAMETER["Central_Meridian",-105.5],PARAMETER["Standard_Parallel_1",38.45],PARAMETER["Standard_Parallel_2",39.75],PARAMETER["Latitude_Of_Origin",37.83333333333334],UNIT["Foot_US",0.3048006096012192]]"#;
        let (a, b) =
            (Transformer::new(&read(wkt).unwrap()).unwrap(), Transformer::new(&Crs::Epsg(2232)).unwrap());
        let (p, q) =
            (a.forward(3_000_000.0, 1_600_000.0).unwrap(), b.forward(3_000_000.0, 1_600_000.0).unwrap());
        assert!((p.lon - q.lon).abs() <= 1 && (p.lat - q.lat).abs() <= 1, "{p:?} {q:?}");
    }

    #[test]
    fn hostile_definitions_are_refused() {
        assert!(read("").is_err());
        assert!(read("not wkt").is_err());
        assert!(read(&"A[".repeat(1000)).unwrap_err().contains("deeper"));
        assert!(read(&"A".repeat(100_000)).unwrap_err().contains("longer"));
    }
}
