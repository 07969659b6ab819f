//! GeoJSON: everything is copied as it stands, but for the properties of the features. On lines of their own, other
//! objects are rows as those of a table are: `{"id": "a", "lon": 120.302, "lat": 31.575}`.

use super::{ADDED, Codes, INPUT, Placer, PointFormat, PointOptions, io_error, own_name};
use crate::{
    IngestError,
    crs::Transformer,
    mapping,
    read::{
        Geometry, feature,
        geojson::{declared, scan_error},
        json::{ScanError, Scanner},
    },
};
use std::io::{Read, Write};

pub(super) fn annotate(
    input: impl Read,
    format: PointFormat,
    options: &PointOptions,
    placer: &mut Placer<'_>,
    out: &mut impl Write,
) -> Result<(), IngestError> {
    let rows = format == PointFormat::NdJson;
    let mut copy = Copier { scanner: Scanner::new(input), rows, options, placer, out, line: Vec::new() };
    let mut objects = 0;
    while let Some(b) = copy.scanner.peek().map_err(|e| copy.scan(e))? {
        if b != b'{' {
            let e = copy.scanner.syntax("a GeoJSON object");
            return Err(copy.scan(e));
        }
        copy.object()?;
        objects += 1;
    }
    if objects == 0 {
        return Err(IngestError::format(INPUT, "is empty; expected GeoJSON"));
    }
    Ok(())
}

struct Copier<'a, 'p, R, W> {
    scanner: Scanner<R>,
    /// Whether an object that is no GeoJSON is a row.
    rows: bool,
    options: &'a PointOptions,
    placer: &'a mut Placer<'p>,
    out: &'a mut W,
    line: Vec<u8>,
}

impl<R: Read, W: Write> Copier<'_, '_, R, W> {
    fn scan(&self, e: ScanError) -> IngestError {
        match e {
            ScanError::Io(e) => io_error(e),
            e => scan_error(INPUT, e, self.placer.summary.rows),
        }
    }

    fn need(&mut self) -> Result<u8, IngestError> {
        self.scanner.need().map_err(|e| self.scan(e))
    }

    fn value(&mut self, into: &mut Vec<u8>) -> Result<(), IngestError> {
        self.scanner.value(into).map_err(|e| self.scan(e))
    }

    fn expect(&mut self, b: u8) -> Result<(), IngestError> {
        self.scanner.expect(b).map_err(|e| self.scan(e))
    }

    /// One object at the top. It is kept until it ends (then it is a Feature or a geometry) or its
    /// features begin (then it is a collection, and what was kept is written).
    fn object(&mut self) -> Result<(), IngestError> {
        self.expect(b'{')?;
        let mut kept = vec![b'{'];
        let mut collection = false;
        loop {
            if self.need()? == b'}' {
                self.scanner.step();
                kept.push(b'}');
                break;
            }
            let mut key = Vec::new();
            if self.need()? != b'"' {
                let e = self.scanner.syntax("a member's name in quotes");
                return Err(self.scan(e));
            }
            self.value(&mut key)?;
            self.expect(b':')?;
            kept.extend_from_slice(&key);
            kept.push(b':');
            if !self.rows && key == b"\"features\"" && self.need()? == b'[' {
                self.out.write_all(&kept).map_err(io_error)?;
                kept.clear();
                collection = true;
                self.features()?;
            } else {
                let from = kept.len();
                self.value(&mut kept)?;
                if !self.rows && key == b"\"crs\"" {
                    self.crs(&kept[from..], collection)?;
                }
            }
            match self.need()? {
                b',' => {
                    self.scanner.step();
                    kept.push(b',');
                }
                b'}' => {}
                _ => {
                    let e = self.scanner.syntax("“,” or “}” behind a member");
                    return Err(self.scan(e));
                }
            }
        }
        if collection {
            self.out.write_all(&kept).map_err(io_error)?;
        } else {
            self.feature(&kept)?;
        }
        self.out.write_all(b"\n").map_err(io_error)
    }

    /// The members of `features`.
    fn features(&mut self) -> Result<(), IngestError> {
        self.expect(b'[')?;
        self.out.write_all(b"[").map_err(io_error)?;
        let mut first = true;
        let mut text = Vec::new();
        while self.need()? != b']' {
            if !first {
                self.expect(b',')?;
                self.out.write_all(b",").map_err(io_error)?;
            }
            first = false;
            text.clear();
            self.value(&mut text)?;
            self.out.write_all(b"\n").map_err(io_error)?;
            self.feature(&text)?;
        }
        self.scanner.step();
        self.out.write_all(b"\n]").map_err(io_error)
    }

    /// A `crs` member: it counts when nobody asked for another and no feature has gone by yet.
    fn crs(&mut self, text: &[u8], late: bool) -> Result<(), IngestError> {
        let Some(found) = std::str::from_utf8(text).ok().and_then(declared) else {
            return Ok(());
        };
        if self.placer.asked {
            return Ok(());
        }
        let refuse = |why: &str| {
            IngestError::crs(INPUT, format!("its crs member says {}: {why}; pass the crs", found.text))
        };
        let crs = found.crs.as_ref().map_err(|e| refuse(e))?;
        if late && !crs.is_plain() {
            return Err(refuse("it stands behind the features, which were read as longitude and latitude"));
        }
        self.placer.transformer = Transformer::new(crs).map_err(|e| refuse(&e.to_string()))?;
        Ok(())
    }

    /// Writes one feature with its codes.
    fn feature(&mut self, text: &[u8]) -> Result<(), IngestError> {
        let bad = |what: String, n: u64| IngestError::format(INPUT, format!("feature {}: {what}", n + 1));
        let n = self.placer.summary.rows;
        let text = std::str::from_utf8(text).map_err(|_| bad("is not UTF-8".into(), n))?;
        let (kind, crs) = feature::inspect(text);
        if kind == feature::Kind::Else && !self.rows {
            return Err(bad("is neither a GeoJSON Feature nor a geometry".into(), n));
        }
        let mut members = members_of(text).map_err(|e| bad(e, n))?;
        if self.rows {
            // A row may have a member of any name: what GeoJSON needs tells them apart.
            let has = |names: [&str; 2]| members.iter().any(|m| names.contains(&m.0.as_str()));
            match kind {
                feature::Kind::Feature if has(["geometry", "properties"]) => {}
                feature::Kind::Geometry if has(["coordinates", "geometries"]) => {}
                _ => return self.row(&members),
            }
            if let Some(crs) = crs {
                self.crs(crs.as_bytes(), false)?;
            }
        }
        if kind == feature::Kind::Geometry {
            members = vec![
                ("type".into(), "\"Feature\"".into()),
                ("properties".into(), "{}".into()),
                ("geometry".into(), text.to_owned()),
            ];
        } else if !members.iter().any(|m| m.0 == "properties") {
            members.push(("properties".into(), "{}".into()));
        }
        let member = |name: &str| members.iter().find(|m| m.0 == name).map_or("null", |m| m.1.as_str());
        let mut properties = Vec::new();
        if member("properties").starts_with('{') {
            properties = members_of(member("properties")).map_err(|e| bad(e, n))?;
        }
        let position = self.position(member("geometry"), &properties);
        let codes = self.placer.place(position);

        self.line.clear();
        self.line.push(b'{');
        for (i, (key, value)) in members.iter().enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(quoted(key).as_bytes());
            self.line.push(b':');
            if key != "properties" {
                self.line.extend_from_slice(value.as_bytes());
                continue;
            }
            add_codes(&mut self.line, &properties, &codes);
        }
        self.line.push(b'}');
        self.out.write_all(&self.line).map_err(io_error)
    }

    /// Writes one row with its codes. Where the first one's position stands must be plain; a later one may have none.
    fn row(&mut self, members: &Members) -> Result<(), IngestError> {
        let names: Vec<String> = members.iter().map(|m| m.0.clone()).collect();
        let [lon, lat, _] = mapping::position_columns(&names);
        let named = |asked: &Option<String>, guess: Option<usize>| match asked {
            Some(name) => members.iter().find(|m| m.0 == *name),
            None => guess.map(|i| &members[i]),
        };
        let (lon, lat) = (named(&self.options.lon, lon), named(&self.options.lat, lat));
        if self.placer.summary.rows == 0 && (lon.is_none() || lat.is_none()) {
            return Err(IngestError::mapping(
                INPUT,
                format!(
                    "the first object is no GeoJSON Feature or geometry, and none of its members look like a position; \
                     say which are lon and lat; there are {}",
                    names.join(", ")
                ),
            ));
        }
        let position = lon.and_then(number).zip(lat.and_then(number));
        let codes = self.placer.place(position);
        self.line.clear();
        add_codes(&mut self.line, members, &codes);
        self.out.write_all(&self.line).map_err(io_error)
    }

    /// The position: that of the properties the caller names, else the geometry's.
    fn position(&self, geometry: &str, properties: &Members) -> Option<(f64, f64)> {
        if let (Some(lon), Some(lat)) = (&self.options.lon, &self.options.lat) {
            let named = |name: &String| properties.iter().find(|p| p.0 == *name).and_then(number);
            return Some((named(lon)?, named(lat)?));
        }
        match feature::geometry(geometry, 0) {
            Ok(Geometry::Point(x, y)) => Some((x, y)),
            _ => None,
        }
    }
}

/// The members of an object: names, and values as they are written.
type Members = [(String, String)];

fn members_of(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut members = Vec::new();
    feature::each_member(text, &mut |k, v| members.push((k.to_owned(), v.to_owned())))?;
    Ok(members)
}

/// A member's number, also where it stands in quotes.
fn number((_, value): &(String, String)) -> Option<f64> {
    value.trim_matches('"').trim().parse().ok()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Adds an object with some members and the codes.
fn add_codes(line: &mut Vec<u8>, members: &Members, Codes { grid, beat, piece }: &Codes) {
    line.push(b'{');
    for (k, v) in members {
        let own = own_name(k, |n| members.iter().any(|p| p.0 == n));
        line.extend_from_slice(quoted(own.as_ref().unwrap_or(k)).as_bytes());
        line.push(b':');
        line.extend_from_slice(v.as_bytes());
        line.push(b',');
    }
    for (j, (name, code)) in ADDED.into_iter().zip([grid, beat, piece]).enumerate() {
        if j > 0 {
            line.push(b',');
        }
        let code = code.as_deref().map_or_else(|| "null".to_owned(), quoted);
        line.extend_from_slice(format!("\"{name}\":{code}").as_bytes());
    }
    line.push(b'}');
}
