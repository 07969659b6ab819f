//! Well-known text: `POLYGON((…))`, `MULTIPOLYGON Z (…)`, `POINT(120.1 31.2)`, and PostGIS's `SRID=4490;…`.

use super::table::{Geometry, RawPolygon, RawRing};

/// Collections inside collections deeper than this are not read.
const MAX_DEPTH: usize = 16;

/// Reads a geometry.
///
/// # Errors
/// A sentence that says at which character what was expected.
pub(crate) fn parse(text: &str) -> Result<Geometry, String> {
    let mut p = Parser::behind_srid(text);
    let g = p.geometry(0)?;
    p.end()?;
    Ok(g)
}

/// Reads a collection: its members one by one, each polygon of a `MULTIPOLYGON` by itself.
///
/// # Errors
/// As [`parse`], and when it is no collection.
pub(crate) fn parse_members(text: &str) -> Result<Vec<Geometry>, String> {
    let mut p = Parser::behind_srid(text);
    let mut members = Vec::new();
    let kind = p.kind().0;
    if !p.take_empty() {
        p.list(|p| {
            members.push(match kind.as_str() {
                "MULTIPOLYGON" => Geometry::polygons(vec![p.polygon()?]),
                "GEOMETRYCOLLECTION" => p.geometry(1)?,
                _ => return Err(p.expected("a collection")),
            });
            Ok(())
        })?;
    }
    p.end()?;
    Ok(members)
}

/// Whether a text begins as a collection of geometries that have a place of their own on a map of areas.
pub(crate) fn is_collection(text: &str) -> bool {
    matches!(Parser::behind_srid(text).kind().0.as_str(), "MULTIPOLYGON" | "GEOMETRYCOLLECTION")
}

/// The number of `SRID=4490;…`, if it is stated.
pub(crate) fn srid(text: &str) -> Option<&str> {
    let (head, _) = text.split_once(';')?;
    let (word, code) = head.split_once('=')?;
    word.trim().eq_ignore_ascii_case("SRID").then_some(code.trim())
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn behind_srid(text: &'a str) -> Self {
        let mut p = Self { bytes: text.as_bytes(), at: 0 };
        if p.peek_word().eq_ignore_ascii_case("SRID") {
            p.at = text.find(';').map_or(text.len(), |i| i + 1);
        }
        p
    }

    fn end(&mut self) -> Result<(), String> {
        self.space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.expected("the end of the geometry")) }
    }

    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> String {
        let found = String::from_utf8_lossy(&self.bytes[self.at.min(self.bytes.len())..]);
        let found: String = found.chars().take(12).collect();
        if found.is_empty() {
            format!("the WKT ends at character {}; expected {what}", self.at + 1)
        } else {
            format!("the WKT has “{found}” at character {}; expected {what}", self.at + 1)
        }
    }

    fn peek_word(&mut self) -> String {
        self.space();
        self.bytes[self.at..].iter().take_while(|b| b.is_ascii_alphabetic()).map(|&b| b as char).collect()
    }

    fn take(&mut self, b: u8) -> bool {
        self.space();
        let hit = self.bytes.get(self.at) == Some(&b);
        self.at += usize::from(hit);
        hit
    }

    fn need(&mut self, b: u8) -> Result<(), String> {
        if self.take(b) { Ok(()) } else { Err(self.expected(&format!("“{}”", b as char))) }
    }

    fn geometry(&mut self, depth: usize) -> Result<Geometry, String> {
        if depth > MAX_DEPTH {
            return Err(format!("the WKT nests collections deeper than {MAX_DEPTH}"));
        }
        let (kind, word) = self.kind();
        if self.take_empty() {
            return if kind.is_empty() { Err(self.expected("a geometry")) } else { Ok(Geometry::None) };
        }
        match kind.as_str() {
            "POINT" => {
                self.need(b'(')?;
                let (x, y) = self.position()?;
                self.need(b')')?;
                Ok(Geometry::Point(x, y))
            }
            "POLYGON" => Ok(Geometry::polygons(vec![self.polygon()?])),
            "MULTIPOLYGON" => {
                let mut out = Vec::new();
                self.list(|p| {
                    out.push(p.polygon()?);
                    Ok(())
                })?;
                Ok(Geometry::polygons(out))
            }
            "GEOMETRYCOLLECTION" => {
                let mut out = Geometry::None;
                self.list(|p| {
                    out = std::mem::take(&mut out).join(p.geometry(depth + 1)?);
                    Ok(())
                })?;
                Ok(out)
            }
            "LINESTRING" => Ok(Geometry::lines(vec![self.line()?])),
            "MULTILINESTRING" => {
                let mut out = Vec::new();
                self.list(|p| {
                    if !p.take_empty() {
                        out.push(p.line()?);
                    }
                    Ok(())
                })?;
                Ok(Geometry::lines(out))
            }
            "MULTIPOINT" => {
                let balanced = self.skip_parentheses();
                if balanced { Ok(Geometry::Other(word)) } else { Err(self.expected("“)”")) }
            }
            _ => {
                self.at -= word.len().min(self.at);
                Err(self.expected("POLYGON, MULTIPOLYGON, LINESTRING, MULTILINESTRING or POINT"))
            }
        }
    }

    /// Takes the name of a geometry: in capitals without what it says of height and measure
    /// (`POLYGON Z`, `POLYGONZ`, `POINT ZM`: what stands after X and Y is not read), and as it stands.
    fn kind(&mut self) -> (String, String) {
        let word = self.peek_word();
        self.at += word.len();
        let kind = word.to_ascii_uppercase();
        let kind =
            kind.strip_suffix("ZM").or(kind.strip_suffix('Z')).or(kind.strip_suffix('M')).unwrap_or(&kind);
        let kind = kind.to_owned();
        let next = self.peek_word();
        if ["Z", "M", "ZM"].iter().any(|d| next.eq_ignore_ascii_case(d)) {
            self.at += next.len();
        }
        (kind, word)
    }

    fn take_empty(&mut self) -> bool {
        let empty = self.peek_word().eq_ignore_ascii_case("EMPTY");
        self.at += if empty { 5 } else { 0 };
        empty
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.need(b'(')?;
        loop {
            item(self)?;
            if !self.take(b',') {
                return self.need(b')');
            }
        }
    }

    fn polygon(&mut self) -> Result<RawPolygon, String> {
        if self.take_empty() {
            return Ok(Vec::new());
        }
        let mut rings = Vec::new();
        self.list(|p| {
            rings.push(p.line()?);
            Ok(())
        })?;
        Ok(rings)
    }

    fn line(&mut self) -> Result<RawRing, String> {
        let mut line: RawRing = Vec::new();
        self.list(|p| {
            line.push(p.position()?);
            Ok(())
        })?;
        Ok(line)
    }

    fn position(&mut self) -> Result<(f64, f64), String> {
        let x = self.number()?;
        let y = self.number()?;
        // Z and M
        for _ in 0..2 {
            self.space();
            if self.bytes.get(self.at).is_some_and(|b| !matches!(b, b',' | b')')) {
                self.number()?;
            }
        }
        Ok((x, y))
    }

    fn number(&mut self) -> Result<f64, String> {
        self.space();
        let rest = &self.bytes[self.at..];
        let n =
            rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
        let value = std::str::from_utf8(&rest[..n]).ok().and_then(|s| s.parse().ok());
        match value {
            Some(v) => {
                self.at += n;
                Ok(v)
            }
            None => Err(self.expected("a number")),
        }
    }

    fn skip_parentheses(&mut self) -> bool {
        let mut depth = 0usize;
        while let Some(&b) = self.bytes.get(self.at) {
            self.at += 1;
            match b {
                b'(' => depth += 1,
                b')' if depth <= 1 => return depth == 1,
                b')' => depth -= 1,
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_with_and_without_height() {
        let square = vec![vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]];
        for t in [
            "POLYGON((0 0,1 0,1 1,0 0))",
            "polygon z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))",
            "SRID=4490;POLYGONZM((0 0 1 2,1 0 1 2,1 1 1 2,0 0 1 2))",
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
            "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))",
        ] {
            assert_eq!(parse(t), Ok(Geometry::Polygons(vec![square.clone()])), "{t}");
        }
        assert_eq!(parse("POINT (120.5 -3e1)"), Ok(Geometry::Point(120.5, -30.0)));
        assert_eq!(parse("POLYGON EMPTY"), Ok(Geometry::None));
        let line = vec![(0.0, 0.0), (1.0, 1.0)];
        for t in ["LINESTRING(0 0,1 1)", "MultiLineString Z((0 0 7,1 1 7), EMPTY)"] {
            assert_eq!(parse(t), Ok(Geometry::Lines(vec![line.clone()])), "{t}");
        }
        assert_eq!(parse("MULTIPOINT((0 0),(1 1))"), Ok(Geometry::Other("MULTIPOINT".into())));
    }

    #[test]
    fn members_of_a_collection_come_one_by_one() {
        let triangle = |x: f64| vec![vec![(x, 0.0), (x + 1.0, 0.0), (x, 1.0), (x, 0.0)]];
        let two = [0.0, 5.0].map(|x| Geometry::Polygons(vec![triangle(x)]));
        for t in [
            "SRID=4490;MULTIPOLYGON(((0 0,1 0,0 1,0 0)),((5 0,6 0,5 1,5 0)))",
            "GeometryCollection Z (POLYGON((0 0,1 0,0 1,0 0)), MULTIPOLYGON(((5 0 7,6 0 7,5 1 7,5 0 7))))",
        ] {
            assert!(is_collection(t), "{t}");
            assert_eq!(parse_members(t).unwrap(), two, "{t}");
        }
        assert!(!is_collection("POLYGON((0 0,1 0,0 1,0 0))"));
        assert_eq!(parse_members("MULTIPOLYGON EMPTY"), Ok(vec![]));
        assert!(parse_members("MULTIPOLYGON(((0 0,1 0))").unwrap_err().contains("“)”"));
        assert!(parse_members("POLYGON((0 0,1 0,0 1,0 0))").unwrap_err().contains("a collection"));
        assert_eq!(srid(" srid = 4490 ;POINT(1 2)"), Some("4490"));
        assert_eq!(srid("POINT(1 2)"), None);
    }

    #[test]
    fn mistakes_are_placed() {
        assert!(parse("POLYGON((0 0,1").unwrap_err().contains("ends at character 15"));
        assert!(parse("POLYGON((0 0,x 1").unwrap_err().contains("a number"));
        assert!(parse("CIRCLE(1)").unwrap_err().contains("POLYGON"));
        assert!(parse("POINT(1 2) x").unwrap_err().contains("the end"));
        assert!(parse("").unwrap_err().contains("expected"));
        let deep = "GEOMETRYCOLLECTION(".repeat(100_000);
        assert!(parse(&deep).unwrap_err().contains("deeper"));
    }
}
