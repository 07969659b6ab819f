//! Points in, the same points out with their grid, beat and piece.
//!
//! Streamed both ways: a row is read, placed and written before the next is touched. What the input holds
//! comes out as it was: its bytes (whatever the encoding), its order, its other members.

mod csv;
mod json;

use crate::{Crs, IngestError, crs::Transformer};
use gridbeat_onemap::E7;
use std::io::{BufReader, Read, Write};

/// How a stream of points is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointFormat {
    /// Comma-separated (or semicolon, tab, bar) with a header line.
    Csv,
    /// The same, gzipped.
    CsvGz,
    /// A GeoJSON FeatureCollection, Feature or geometry.
    GeoJson,
    /// One GeoJSON Feature, geometry, or other object with a position among its members, on each line.
    NdJson,
}

/// Where the positions stand.
#[derive(Clone, Debug, Default)]
pub struct PointOptions {
    /// Column of the longitude (easting); guessed when absent.
    pub lon: Option<String>,
    /// Column of the latitude (northing); guessed when absent.
    pub lat: Option<String>,
    /// Coordinate system; what the file says, else longitude and latitude, when absent.
    pub crs: Option<Crs>,
}

/// Who answers for a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// Code of the grid.
    pub grid: Option<String>,
    /// Code of the beat.
    pub beat: Option<String>,
    /// Id of the piece.
    pub piece: Option<String>,
}

/// Sums over an annotated stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AnnotateSummary {
    /// Rows written (all that were read).
    pub rows: u64,
    /// Rows without a usable position: their three cells are empty.
    pub without_position: u64,
    /// Rows that lie in a grid.
    pub in_grid: u64,
    /// Rows that lie in a beat.
    pub in_beat: u64,
    /// Rows with a position in neither.
    pub outside: u64,
}

/// What the added columns are called, in this order.
const ADDED: [&str; 3] = ["grid", "beat", "piece"];
/// What messages call the stream.
const INPUT: &str = "input";

/// Reads points from `input` and writes them to `out` with `grid`, `beat` and `piece` added, streamed.
///
/// A column or property of one of these names (any case) becomes `source_…`. A row without a usable
/// position (none, no number, not finite, out of range, 0 0) gets empty cells and is counted. Where no area
/// answers, a CSV cell is empty and a JSON property null.
///
/// # Errors
/// When the stream is not of the format, has no columns for positions, or cannot be read or written
/// ([`IngestError::Io`] keeps the stream's own error). What was written before stays written.
pub fn annotate(
    input: impl Read,
    format: PointFormat,
    options: &PointOptions,
    locate: &dyn Fn(E7) -> Codes,
    mut out: impl Write,
) -> Result<AnnotateSummary, IngestError> {
    let mut placer = Placer::new(options.crs.as_ref(), locate)?;
    match format {
        PointFormat::Csv => csv::annotate(input, options, &mut placer, &mut out)?,
        PointFormat::CsvGz => {
            let plain = crate::read::bytes::gunzip(input);
            let mut packed = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            csv::annotate(plain, options, &mut placer, &mut packed)?;
            packed.finish().map_err(io_error)?;
        }
        PointFormat::GeoJson | PointFormat::NdJson => {
            let input = BufReader::with_capacity(1 << 17, input);
            json::annotate(input, format, options, &mut placer, &mut out)?;
        }
    }
    out.flush().map_err(io_error)?;
    Ok(placer.summary)
}

/// Places positions and counts.
struct Placer<'a> {
    transformer: Transformer,
    asked: bool,
    locate: &'a dyn Fn(E7) -> Codes,
    summary: AnnotateSummary,
}

impl<'a> Placer<'a> {
    fn new(crs: Option<&Crs>, locate: &'a dyn Fn(E7) -> Codes) -> Result<Self, IngestError> {
        let transformer =
            Transformer::new(crs.unwrap_or(&Crs::Epsg(4326))).map_err(|e| IngestError::crs(INPUT, e))?;
        Ok(Self { transformer, asked: crs.is_some(), locate, summary: AnnotateSummary::default() })
    }

    /// The codes of a row's position, counted.
    fn place(&mut self, position: Option<(f64, f64)>) -> Codes {
        self.summary.rows += 1;
        let at = position.filter(|p| *p != (0.0, 0.0)).and_then(|(x, y)| self.transformer.forward(x, y).ok());
        let Some(at) = at else {
            self.summary.without_position += 1;
            return Codes::default();
        };
        let codes = (self.locate)(at);
        self.summary.in_grid += u64::from(codes.grid.is_some());
        self.summary.in_beat += u64::from(codes.beat.is_some());
        self.summary.outside += u64::from(codes.grid.is_none() && codes.beat.is_none());
        codes
    }
}

/// The name under which an input's own column goes on: `Beat` → `source_Beat`, others stay.
fn own_name(name: &str, taken: impl Fn(&str) -> bool) -> Option<String> {
    if !ADDED.iter().any(|a| a.eq_ignore_ascii_case(name.trim())) {
        return None;
    }
    let mut new = format!("source_{}", name.trim());
    while taken(&new) {
        new.insert_str(0, "source_");
    }
    Some(new)
}

fn io_error(e: std::io::Error) -> IngestError {
    match e.kind() {
        std::io::ErrorKind::UnexpectedEof
        | std::io::ErrorKind::InvalidData
        | std::io::ErrorKind::InvalidInput => crate::read::bytes::read_error(INPUT, e),
        _ => IngestError::io(INPUT, e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate(at: E7) -> Codes {
        let inside = at.lon > 0;
        Codes {
            grid: inside.then(|| "G1".into()),
            beat: (at.lat > 0).then(|| "B,1".into()),
            piece: Some("G1~B".into()),
        }
    }

    fn run_bytes(
        input: &[u8],
        format: PointFormat,
        options: &PointOptions,
    ) -> Result<(Vec<u8>, AnnotateSummary), IngestError> {
        let mut out = Vec::new();
        let s = annotate(input, format, options, &locate, &mut out)?;
        Ok((out, s))
    }

    fn run(input: &str, format: PointFormat) -> (String, AnnotateSummary) {
        let (out, s) = run_bytes(input.as_bytes(), format, &PointOptions::default()).unwrap();
        (String::from_utf8(out).unwrap(), s)
    }

    #[test]
    fn csv_keeps_its_cells_and_gains_three() {
        let (out, s) = run(
            "id,Beat,lon,lat\n1,\"x, y\",10,20\n2,b,-10,-20\n3,c,,\n4,d,0,0\n5,e,abc,1\n6,f,500,1\n",
            PointFormat::Csv,
        );
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "id,source_Beat,lon,lat,grid,beat,piece");
        assert_eq!(lines[1], "1,\"x, y\",10,20,G1,\"B,1\",G1~B");
        assert_eq!(lines[2], "2,b,-10,-20,,,G1~B");
        for (i, start) in [(3, "3,c,,"), (4, "4,d,0,0"), (5, "5,e,abc,1"), (6, "6,f,500,1")] {
            assert_eq!(lines[i], format!("{start},,,"));
        }
        assert_eq!(s, AnnotateSummary { rows: 6, without_position: 4, in_grid: 1, in_beat: 1, outside: 1 });
    }

    #[test]
    fn csv_of_other_shapes() {
        let (out, _) = run("\u{feff}经度;纬度\r\n10;20\r\n", PointFormat::Csv);
        assert_eq!(out, "\u{feff}经度;纬度;grid;beat;piece\r\n10;20;G1;B,1;G1~B\r\n");
        let (gbk, _, _) = encoding_rs::GB18030.encode("名称,经度,纬度\n梅园,10,20\n");
        let (out, s) = run_bytes(&gbk, PointFormat::Csv, &PointOptions::default()).unwrap();
        let (text, _, _) = encoding_rs::GB18030.decode(&out);
        assert_eq!(
            (text.as_ref(), s.in_grid),
            ("名称,经度,纬度,grid,beat,piece\n梅园,10,20,G1,\"B,1\",G1~B\n", 1)
        );
        let (out, _) = run("a,wkt\n1,POINT(10 20)\n", PointFormat::Csv);
        assert!(out.contains("POINT(10 20),G1"));
    }

    #[test]
    fn csv_columns_can_be_named_and_must_be_there() {
        let named = PointOptions { lon: Some("a".into()), lat: Some("b".into()), crs: None };
        let (out, _) = run_bytes(b"a,b\n10,20\n", PointFormat::Csv, &named).unwrap();
        assert!(out.ends_with(b"10,20,G1,\"B,1\",G1~B\n"));
        let e =
            run_bytes(b"a,b\n10,20\n", PointFormat::Csv, &PointOptions::default()).unwrap_err().to_string();
        assert!(e.contains("--map lon=") && e.contains("a, b"), "{e}");
        assert!(run_bytes(b"", PointFormat::Csv, &named).unwrap_err().to_string().contains("empty"));
    }

    #[test]
    fn gzip_comes_out_as_gzip() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"lon,lat\n10,20\n").unwrap();
        let packed = packed.finish().unwrap();
        let (out, _) = run_bytes(&packed, PointFormat::CsvGz, &PointOptions::default()).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&out[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "lon,lat,grid,beat,piece\n10,20,G1,\"B,1\",G1~B\n");
        assert!(
            run_bytes(&packed[..packed.len() - 9], PointFormat::CsvGz, &PointOptions::default()).is_err()
        );
    }

    #[test]
    fn geojson_keeps_its_members() {
        let input = r#"{"type":"FeatureCollection","name":"x","features":[
          {"type":"Feature","id":1,"properties":{"BEAT":"7","n":1.50},"geometry":{"type":"Point","coordinates":[10,20]}},
          {"type":"Feature","properties":null,"geometry":null}],"bbox":[1,2,3,4]}"#;
        let (out, s) = run(input, PointFormat::GeoJson);
        let v: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((v["name"].as_str(), v["bbox"][3].as_i64()), (Some("x"), Some(4)));
        let p = &v["features"][0]["properties"];
        assert_eq!(
            (p["source_BEAT"].as_str(), p["grid"].as_str(), p["beat"].as_str()),
            (Some("7"), Some("G1"), Some("B,1"))
        );
        assert!(out.contains("1.50"), "numbers stay as written");
        assert_eq!(v["features"][0]["id"], 1);
        assert!(v["features"][1]["properties"]["grid"].is_null());
        assert_eq!((s.rows, s.without_position), (2, 1));
    }

    #[test]
    fn ndjson_and_single_objects() {
        let f = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[10,20]}}"#;
        let (out, s) = run(&format!("{f}\n{f}\n"), PointFormat::NdJson);
        assert_eq!((out.lines().count(), s.rows, s.in_grid), (2, 2, 2));
        for l in out.lines() {
            assert_eq!(serde_json::from_str::<serde_json::Value>(l).unwrap()["properties"]["grid"], "G1");
        }
        let (out, _) = run(r#"{"type":"Point","coordinates":[10,20]}"#, PointFormat::GeoJson);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["properties"]["grid"], "G1");
    }

    #[test]
    fn rows_on_lines_of_their_own() {
        let rows = "{\"id\":\"a\",\"Beat\":7,\"lon\":10,\"lat\":\"20\"}\n{\"id\":\"b\"}\n";
        let (out, s) = run(rows, PointFormat::NdJson);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines[0],
            r#"{"id":"a","source_Beat":7,"lon":10,"lat":"20","grid":"G1","beat":"B,1","piece":"G1~B"}"#
        );
        assert_eq!(lines[1], r#"{"id":"b","grid":null,"beat":null,"piece":null}"#);
        assert_eq!((s.rows, s.without_position), (2, 1));
        // Members that mean something in GeoJSON mean nothing in a row.
        for more in
            [r#""type":"Point""#, r#""type":"Feature""#, r#""features":["a"]"#, r#""crs":"EPSG:4326""#]
        {
            let (out, s) = run(&format!("{{{more},\"lon\":10,\"lat\":20}}"), PointFormat::NdJson);
            assert!(s.in_grid == 1 && out.starts_with(&format!("{{{more},")), "{out}");
        }
        let named = PointOptions { lon: Some("a".into()), lat: Some("b".into()), crs: None };
        let (out, _) = run_bytes(br#"{"a":10,"b":20}"#, PointFormat::NdJson, &named).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap().trim(),
            r#"{"a":10,"b":20,"grid":"G1","beat":"B,1","piece":"G1~B"}"#
        );
        let none =
            run_bytes(br#"{"a":10,"b":20}"#, PointFormat::NdJson, &PointOptions::default()).unwrap_err();
        assert!(none.to_string().contains("there are a, b"), "{none}");
    }

    #[test]
    fn the_crs_of_the_collection_counts() {
        let input = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4549"}},"features":[
          {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[515300.094,3349722.302]}}]}"#;
        let seen = std::cell::Cell::new(E7::default());
        let mut out = Vec::new();
        let note = |at| {
            seen.set(at);
            Codes::default()
        };
        annotate(input.as_bytes(), PointFormat::GeoJson, &PointOptions::default(), &note, &mut out).unwrap();
        assert_eq!(seen.get(), E7::new(1_201_590_000, 302_670_000));
    }

    #[test]
    fn broken_streams_are_errors() {
        for bad in [&b"{\"type\":\"FeatureCollection\",\"features\":[{"[..], b"[1]", b"{\"a\":1}", b"", b"{"]
        {
            assert!(run_bytes(bad, PointFormat::GeoJson, &PointOptions::default()).is_err(), "{bad:?}");
        }
        let deep = format!("{{\"features\":[{}", "[".repeat(1_000_000));
        assert!(run_bytes(deep.as_bytes(), PointFormat::GeoJson, &PointOptions::default()).is_err());
    }
}
