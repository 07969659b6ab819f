//! What must be refused: each with a sentence that helps, none with a panic, none with a gigabyte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{import, options};
use gridbeat_ingest::IngestError;
use gridbeat_onemap::record::LayerKind;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

fn file(dir: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let p = dir.join(name);
    std::fs::write(&p, content).unwrap();
    p
}

fn refused(path: &Path, layer: LayerKind) -> String {
    match import(path, options(layer, &[])) {
        Ok(o) => panic!("{path:?} was taken: {} rows, {:?}", o.rows.len(), o.rejects),
        Err(e) => {
            assert!(!e.is_system(), "{e} is the input's fault");
            e.to_string()
        }
    }
}

#[test]
fn files_that_are_not_what_they_should_be() {
    let d = tempfile::tempdir().unwrap();
    let mut z = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    z.write_all("code,text,lon,lat\n1,a,120,31\n".repeat(5000).as_bytes()).unwrap();
    let gz = z.finish().unwrap();
    let f = |name: &str, content: &[u8]| file(d.path(), name, content);
    let cases: Vec<(PathBuf, LayerKind, &str)> = vec![
        (f("empty.csv", b""), LayerKind::Address, "is empty"),
        (f("blank.csv", b"\n\n"), LayerKind::Address, "is empty"),
        (f("empty.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[]}"), LayerKind::Grid, "no feature"),
        (f("a.shp", b"code,name\n"), LayerKind::Grid, "named .shp"),
        (f("a.gpkg", b"code,name\n"), LayerKind::Grid, "named .gpkg"),
        (f("a.fgb", b"code,name\n"), LayerKind::Grid, "named .fgb"),
        (f("a.zip", b"code,name\n"), LayerKind::Grid, "named .zip"),
        (f("a.csv.gz", b"code,name\n"), LayerKind::Grid, "named .gz"),
        (f("cut.csv.gz", &gz[..gz.len() / 2]), LayerKind::Address, "cut off"),
        (f("x.dbf", b"\x03abc"), LayerKind::Grid, "name its .shp"),
        (f("kml.geojson", b"<?xml version='1.0'?><kml/>"), LayerKind::Grid, "XML"),
        (f("utf16.csv", &[0xff, 0xfe, b'a', 0, b'b', 0]), LayerKind::Address, "UTF-16"),
        (f("bin.csv", b"code,lon,lat\n\0\0\0\0"), LayerKind::Address, "is not text"),
        (f("enc.csv", b"code,text,lon,lat\n1,\xff\xff,120,31\n"), LayerKind::Address, "byte 20, line 2"),
        (f("two.csv", b"code,text,lon,lat,text\n"), LayerKind::Address, "two columns"),
        (f("nocode.csv", b"a,lon,lat\n1,120,31\n"), LayerKind::Address, "--map code="),
        (f("nopos.csv", b"code,text\n1,a\n"), LayerKind::Address, "--map lon="),
        (f("half.csv", b"code,text,lon\n1,a,1\n"), LayerKind::Incident, "position"),
        (f("topo.json", b"{\"type\":\"Topology\",\"arcs\":[]}"), LayerKind::Grid, "TopoJSON"),
        (f("else.json", b"{\"a\":1}"), LayerKind::Grid, "not GeoJSON"),
        (f("array.json", b"[1,2]"), LayerKind::Grid, "a GeoJSON object"),
        (f("cut.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\""), LayerKind::Grid, "cut off"),
        (f("syntax.geojson", b"{\"features\":[{} {}]}"), LayerKind::Grid, "byte"),
        (f("crs.geojson", br#"{"crs":{"type":"name","properties":{"name":"urn:x:MARS"}},"features":[{"type":"Feature","properties":{"code":1},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}"#), LayerKind::Grid, "MARS"),
        (f("epsg.geojson", br#"{"crs":{"type":"name","properties":{"name":"EPSG:99999"}},"features":[{"type":"Feature","properties":{"code":1},"geometry":null}]}"#), LayerKind::Grid, "EPSG:99999"),
        (f("metres.csv", b"code,text,lon,lat\n1,a,40515300,3349722\n"), LayerKind::Address, "EPSG:4528"),
        (f("zone.csv", b"lon,lat,reported_at\n120,31,2026-07-01 08:00\n"), LayerKind::Incident, "--tz"),
        (f("bad.gpkg", b"SQLite format 3\0 and nothing else"), LayerKind::Grid, "no readable GeoPackage"),
        (f("bad.fgb", b"fgb\x03fgb\x00\xff\xff\xff\xff"), LayerKind::Grid, "at most"),
        (f("cut.wkt", b"MULTIPOLYGON(((120 31,121 31,121 32,120 31)),((1 2"), LayerKind::Grid, "ends at character"),
        (d.path().to_owned(), LayerKind::Grid, "is a folder"),
        (d.path().join("nothing.csv"), LayerKind::Grid, "nothing.csv"),
    ];
    for (path, layer, expected) in cases {
        let told = refused(&path, layer);
        assert!(told.contains(expected), "{path:?}: {told}");
        assert!(!told.contains(d.path().to_str().unwrap()), "no full path: {told}");
    }
}

#[test]
fn an_sqlite_file_is_no_geopackage() {
    let d = tempfile::tempdir().unwrap();
    let p = d.path().join("x.gpkg");
    rusqlite::Connection::open(&p).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    assert!(refused(&p, LayerKind::Grid).contains("gpkg_contents"));
    let whole = std::fs::read(&p).unwrap();
    let cut = file(d.path(), "cut.gpkg", &whole[..whole.len() / 2 + 10]);
    refused(&cut, LayerKind::Grid);
}

#[test]
fn nesting_without_end() {
    let d = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":"),
        ("b.geojson", "{\"a\":"),
    ] {
        let mut w = std::io::BufWriter::new(std::fs::File::create(d.path().join(name)).unwrap());
        w.write_all(start.as_bytes()).unwrap();
        let block = "[".repeat(1 << 20);
        for _ in 0..20 {
            w.write_all(block.as_bytes()).unwrap();
        }
        w.into_inner().unwrap();
        assert!(refused(&d.path().join(name), LayerKind::Grid).contains("nested deeper"));
    }
    let deep = format!("code,wkt\n1,{}\n", "GEOMETRYCOLLECTION(".repeat(100_000));
    let o = import(&file(d.path(), "deep.csv", deep), options(LayerKind::Grid, &[])).unwrap();
    assert!(o.rejects[0].reason.contains("deeper"));
    let deep = format!(
        "{{\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"code\":1}},\"geometry\":{}{}}}]}}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(40),
        "]}".repeat(40)
    );
    let o = import(&file(d.path(), "gc.geojson", deep), options(LayerKind::Grid, &[])).unwrap();
    assert!(o.rejects[0].reason.contains("deeper"), "{}", o.rejects[0]);
}

/// A lost quote swallows the rest of the file: it must not be held in memory.
#[test]
fn a_row_without_end() {
    let d = tempfile::tempdir().unwrap();
    let p = d.path().join("quote.csv");
    let mut w = std::io::BufWriter::new(std::fs::File::create(&p).unwrap());
    w.write_all(b"code,text,lon,lat\n1,\"lost,120,31\n").unwrap();
    let block = "2,b,120,31\n".repeat(100_000);
    for _ in 0..70 {
        w.write_all(block.as_bytes()).unwrap();
    }
    w.into_inner().unwrap();
    assert!(refused(&p, LayerKind::Address).contains("quote missing"));
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut w = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let o = zip::write::SimpleFileOptions::default();
    for (name, content) in entries {
        w.start_file(*name, o).unwrap();
        w.write_all(content).unwrap();
    }
    w.finish().unwrap().into_inner()
}

#[test]
fn archives_that_mean_harm() {
    let d = tempfile::tempdir().unwrap();
    let told =
        |name: &str, entries: &[(&str, &[u8])]| refused(&file(d.path(), name, zip(entries)), LayerKind::Grid);
    assert!(told("out.zip", &[("../../out.shp", b"x")]).contains("leads out"));
    assert!(!d.path().join("../../out.shp").exists());
    assert!(told("none.zip", &[("a.txt", b"x")]).contains("no shapefile"));
    assert!(told("two.zip", &[("a.shp", b"x"), ("b.shp", b"x")]).contains("--source-layer"));
    assert!(told("xlsx.zip", &[("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")]).contains("Office"));
    assert!(told("nodbf.zip", &[("a.shp", b"x")]).contains(".dbf"));
    // 200 MB of zeros in 200 kB.
    let zeros = vec![0u8; 200 << 20];
    assert!(told("bomb.zip", &[("a.shp", &zeros)]).contains("200 times"));
    let whole = zip(&[("a.shp", b"x")]);
    assert!(
        refused(&file(d.path(), "cut.zip", &whole[..whole.len() - 10]), LayerKind::Grid)
            .contains("no whole zip")
    );
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(b"code,text,lon,lat\n").unwrap();
    for _ in 0..100 {
        gz.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    let bomb = file(d.path(), "bomb.csv.gz", gz.finish().unwrap());
    assert!(matches!(import(&bomb, options(LayerKind::Address, &[])), Err(IngestError::Limit { .. })));
}

/// Bytes turned at random in good files: whatever comes, it comes as an answer.
#[test]
fn damaged_bytes_never_panic() {
    let d = tempfile::tempdir().unwrap();
    let Some(data) = common::shared() else { return };
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let shp = std::fs::read(data.join("chicago/police_districts_old_3435.shp")).unwrap();
    let dbf = std::fs::read(data.join("chicago/police_districts_old_3435.dbf")).unwrap();
    let gpkg = std::fs::read(data.join("topology/NY8_bna_utm18.gpkg")).unwrap();
    let zip = std::fs::read(data.join("providence/maup_districts.zip")).unwrap();
    let json = std::fs::read(data.join("topology/booleanop/hourglasses.geojson")).unwrap();
    for round in 0..60 {
        for (name, good) in
            [("a.shp", &shp), ("a.dbf", &dbf), ("g.gpkg", &gpkg), ("z.zip", &zip), ("j.geojson", &json)]
        {
            let mut bytes = good.clone();
            let near_head = if round % 2 == 0 { 400.min(bytes.len()) } else { bytes.len() };
            for _ in 0..1 + round % 8 {
                let at = random() as usize % near_head;
                bytes[at] = random() as u8;
            }
            file(d.path(), name, &bytes);
        }
        for name in ["a.shp", "g.gpkg", "z.zip", "j.geojson"] {
            let _ = import(&d.path().join(name), options(LayerKind::Grid, &[("code", "#")]));
        }
    }
}
