//! Every format, made here by other people's writers or by hand, read back row by row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{import, options};
use encoding_rs::GB18030;
use gridbeat_ingest::{Crs, open};
use gridbeat_onemap::{
    E7,
    record::{LayerKind, Level, Region, Risk, Row, Side, Source, State},
};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

fn file(dir: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let p = dir.join(name);
    std::fs::write(&p, content).unwrap();
    p
}

fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

/// Whether some corner lies within `units` of a place. (The south-west corner of the box is none of them:
/// a square of a projection stands a little askew on the globe.)
fn has_corner(area: &gridbeat_onemap::record::AreaRow, lon: i32, lat: i32, units: i32) -> bool {
    area.geometry
        .iter()
        .flat_map(|g| g.rings())
        .flatten()
        .any(|p| (p.lon - lon).abs() <= units && (p.lat - lat).abs() <= units)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut z = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    z.write_all(bytes).unwrap();
    z.finish().unwrap()
}

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn csv_with_wkt_in_gauss_krueger_and_gbk() {
    let d = temp();
    // A square of 100 m around the check point of domain knowledge: 120.159 E 30.267 N.
    let (e, n) = (515_300.094, 3_349_722.302);
    let ring = |x: f64, y: f64| {
        format!("POLYGON(({x} {y},{} {y},{} {},{x} {},{x} {y}))", x + 100.0, x + 100.0, y + 100.0, y + 100.0)
    };
    let straight =
        format!("网格编码,网格名称,上级编码,边界\n320213025001001,一格,320213025001,\"{}\"\n", ring(e, n));
    let swapped = straight.replace(&ring(e, n), &ring(n, e));
    for (text, swap) in [(&straight, false), (&swapped, true)] {
        let p = file(d.path(), "网格.csv", gbk(text));
        let mut o = options(LayerKind::Grid, &[]);
        o.crs = Some(Crs::Epsg(4549));
        let got = import(&p, o).unwrap();
        let a = got.areas()[0];
        assert_eq!(
            (a.code.as_str(), a.name.as_deref(), a.parent.as_deref()),
            ("320213025001001", Some("一格"), Some("320213025001"))
        );
        assert_eq!(a.region, Region(3202));
        assert!(has_corner(a, 1_201_590_000, 302_670_000, 2), "{:?}", a.geometry);
        assert!(got.notes.contains("GB18030"), "{}", got.notes);
        assert_eq!(got.notes.contains("axes are swapped"), swap, "{}", got.notes);
    }
    // Without --crs it is refused, and told what to pass.
    let p = file(d.path(), "grid.csv", &straight);
    let e = import(&p, options(LayerKind::Grid, &[])).err().unwrap().to_string();
    assert!(e.contains("--crs") && e.contains("EPSG:4549"), "{e}");
}

#[test]
fn polygoys_are_bd09_and_numbered() {
    let d = temp();
    let (bx, by) = gridbeat_ingest::crs::gcj02::bd09_from_wgs84(120.3, 31.5);
    let text = format!(
        r#"{{"polygoys":[{{"path":[{{"lng":{bx},"lat":{by}}},{{"lng":{},"lat":{by}}},{{"lng":{bx},"lat":{}}}]}}]}}"#,
        bx + 0.01,
        by + 0.01
    );
    let got = import(&file(d.path(), "x.json", text), options(LayerKind::Beat, &[])).unwrap();
    let a = got.areas()[0];
    assert_eq!(a.code, "1");
    assert!(has_corner(a, 1_203_000_000, 315_000_000, 1), "{:?}", a.geometry);
    assert!(got.notes.contains("BD-09") && got.notes.contains("number"), "{}", got.notes);
    assert!(got.report.repaired.is_empty(), "open rings are the format's habit");
}

#[test]
fn bare_wkt_is_numbered() {
    let d = temp();
    // One geometry a line, the second over two lines; a blank line is no row; a line and a wrong one are.
    let lines = "SRID=4490;POLYGON((120 31,121 31,121 32,120 31))\r\n\n\
                 MULTIPOLYGON(((122 31,123 31,123 32,122 31)),\n((124 31,125 31,125 32,124 31)))\n\
                 LINESTRING(120 31,121 31)\nPOLYGON((120 31,x 31))\n\
                 SRID=3857;POLYGON((120 31,121 31,121 32,120 31))\nPOLYGON((126 31,127 31,127 32,126 31))";
    let o = import(&file(d.path(), "lines.wkt", lines), options(LayerKind::Grid, &[])).unwrap();
    let codes: Vec<(&str, usize)> =
        o.areas().iter().map(|a| (a.code.as_str(), a.geometry.as_ref().unwrap().0.len())).collect();
    assert_eq!(codes, [("1", 1), ("2", 2), ("6", 1)]);
    let told: Vec<(u64, &str)> = o.rejects.iter().map(|r| (r.row, r.reason.as_str())).collect();
    assert_eq!(told.len(), 3);
    for ((row, reason), (expected, word)) in
        told.into_iter().zip([(3, "is a line; expected a polygon"), (4, "a number"), (5, "SRID=3857")])
    {
        assert!(row == expected && reason.contains(word), "{row}: {reason}");
    }
    assert!(o.notes.contains("4490") && o.notes.contains("number is taken for their code"), "{}", o.notes);

    // One collection is a layer of its members, plain or gzipped.
    let members = "MULTIPOLYGON (((120 31,121 31,121 32,120 31)),\n ((122 31,123 31,123 32,122 31)))\n";
    for (name, content) in
        [("one.wkt", members.as_bytes().to_vec()), ("one.wkt.gz", gzip(members.as_bytes()))]
    {
        let o = import(&file(d.path(), name, content), options(LayerKind::Beat, &[])).unwrap();
        assert_eq!(o.areas().iter().map(|a| a.code.as_str()).collect::<Vec<_>>(), ["1", "2"], "{name}");
        assert!(has_corner(o.areas()[1], 1_220_000_000, 310_000_000, 0), "{name}");
    }
}

#[test]
fn parents_walk_up() {
    let d = temp();
    let text = "code,name,level,parent\n3202,无锡市,city,\n320213,梁溪区,county,3202\n320213025,某街道,街道,320213\n320213025001,某社区,社区,320213025\n";
    let got = import(&file(d.path(), "division.csv", text), options(LayerKind::Grid, &[])).unwrap();
    let levels: Vec<_> = got.areas().iter().map(|a| a.level.unwrap()).collect();
    assert_eq!(levels, [Level::City, Level::County, Level::Town, Level::Community]);
    assert!(got.areas().iter().all(|a| a.geometry.is_none()));
    let bad = "code,name,level\nS1,所,station\nS1,所,station\nS2,所,社区\nS3,所,\n";
    let got = import(&file(d.path(), "station.csv", bad), options(LayerKind::Beat, &[])).unwrap();
    assert_eq!(got.rows.len(), 1);
    let fields: Vec<_> = got.rejects.iter().map(|r| (r.row, r.field.as_str())).collect();
    assert_eq!(fields, [(2, "code"), (3, "level"), (4, "level")]);
    assert!(got.rejects[1].reason.contains("department, bureau"), "{}", got.rejects[1]);
}

#[test]
fn rows_of_one_code_become_one_area() {
    let d = temp();
    let square = |x: i32| {
        format!(
            "{{\"type\":\"Polygon\",\"coordinates\":[[[{x},0],[{},0],[{},1],[{x},1],[{x},0]]]}}",
            x + 1,
            x + 1
        )
    };
    let f = |code: &str, name: &str, x| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":{code},\"name\":\"{name}\"}},\"geometry\":{}}}",
            square(x)
        )
    };
    let text = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{},{},{}]}}",
        f("3100.0", "a", 10),
        f("3100", "b", 20),
        f("\"3100\"", "a", 20),
        f("7", "c", 40)
    );
    let got = import(&file(d.path(), "g.geojson", text), options(LayerKind::Grid, &[])).unwrap();
    assert_eq!(got.areas().iter().map(|a| a.code.as_str()).collect::<Vec<_>>(), ["3100", "7"]);
    assert_eq!(got.areas()[0].geometry.as_ref().unwrap().0.len(), 2);
    let m = &got.report.merged;
    assert_eq!((m.len(), m[0].code.as_str(), m[0].rows, m[0].parts), (1, "3100", 3, 2));
    assert!(got.report.warnings.iter().any(|w| w.contains("name “b”")), "{:?}", got.report.warnings);
    assert!(got.report.warnings.iter().any(|w| w.contains("repeats a part")));
}

#[test]
fn a_geopackage_by_the_specification() {
    let d = temp();
    let p = d.path().join("g.gpkg");
    let db = rusqlite::Connection::open(&p).unwrap();
    db.execute_batch(
        "CREATE TABLE gpkg_contents(table_name TEXT, data_type TEXT);
         CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INT);
         CREATE TABLE gpkg_spatial_ref_sys(srs_id INT, organization TEXT, organization_coordsys_id INT, definition TEXT);
         INSERT INTO gpkg_contents VALUES('beat \"x\"','features'),('other','features');
         INSERT INTO gpkg_geometry_columns VALUES('beat \"x\"','geom','POLYGON',4549),('other','geom','POINT',4490);
         INSERT INTO gpkg_spatial_ref_sys VALUES(4549,'EPSG',4549,'x'),(4490,'EPSG',4490,'x');
         CREATE TABLE \"beat \"\"x\"\"\"(fid INTEGER PRIMARY KEY, geom BLOB, 警格编码 REAL, name TEXT);
         CREATE TABLE other(fid INTEGER PRIMARY KEY, geom BLOB);
         BEGIN;",
    )
    .unwrap();
    for i in 0..1500u32 {
        let mut b = b"GP\0\x01\0\0\0\0".to_vec();
        b.extend([1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0]);
        let x = 515_300.0 + f64::from(i) * 10.0;
        for v in [x, 3_349_722.0, x + 10.0, 3_349_722.0, x + 10.0, 3_349_732.0, x, 3_349_722.0] {
            b.extend(v.to_le_bytes());
        }
        db.execute("INSERT INTO \"beat \"\"x\"\"\" VALUES(?1, ?2, ?3, 'n')", (i * 3, b, f64::from(i)))
            .unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
    drop(db);
    let e = import(&p, options(LayerKind::Beat, &[])).err().unwrap().to_string();
    assert!(e.contains("--source-layer") && e.contains("other"), "{e}");
    let mut o = options(LayerKind::Beat, &[]);
    o.source_layer = Some("beat \"x\"".into());
    let got = import(&p, o).unwrap();
    assert_eq!((got.rows.len(), got.rejects.len()), (1500, 0), "{:?}", got.rejects.first());
    assert_eq!(got.areas()[1499].code, "1499");
    assert!(got.notes.contains("EPSG:4549"));
    let mut o = options(LayerKind::Beat, &[]);
    o.source_layer = Some("nix".into());
    assert!(import(&p, o).err().unwrap().to_string().contains("no layer “nix”"));
}

#[test]
fn a_flatgeobuf_by_the_reference_writer() {
    use flatgeobuf::geozero::{ColumnValue, PropertyProcessor, geojson::GeoJson};
    use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
    let d = temp();
    let p = d.path().join("a.fgb");
    let crs = FgbCrs { code: 4490, ..FgbCrs::default() };
    let opts = FgbWriterOptions { crs, ..FgbWriterOptions::default() };
    let mut w = FgbWriter::create_with_options("a", GeometryType::Point, opts).unwrap();
    w.add_column("code", ColumnType::Long, |_, _| {});
    w.add_column("地址", ColumnType::String, |_, _| {});
    for i in 0..40i64 {
        let g = format!("{{\"type\":\"Point\",\"coordinates\":[{},31.5]}}", 120.0 + i as f64 / 100.0);
        w.add_feature_geom(GeoJson(&g), |f| {
            f.property(0, "code", &ColumnValue::Long(320_213_025_001_000 + i)).unwrap();
            f.property(1, "地址", &ColumnValue::String("梅园路1号")).unwrap();
        })
        .unwrap();
    }
    w.write(std::fs::File::create(&p).unwrap()).unwrap();
    let got = import(&p, options(LayerKind::Address, &[])).unwrap();
    assert_eq!(got.rows.len(), 40);
    assert!(got.notes.contains("EPSG:4490"), "{}", got.notes);
    let Row::Address(a) = &got.rows[0] else { panic!() };
    assert_eq!((a.text.as_str(), a.region, a.at.lat), ("梅园路1号", Region(3202), 315_000_000));
    // Cut off anywhere, it is an error and no panic.
    let whole = std::fs::read(&p).unwrap();
    for cut in [4, 9, 40, 200, whole.len() - 300, whole.len() - 1] {
        let c = file(d.path(), "cut.fgb", &whole[..cut]);
        assert!(import(&c, options(LayerKind::Address, &[])).is_err(), "cut at {cut}");
    }
}

#[test]
fn addresses_residents_incidents_staff() {
    let d = temp();
    let text = "地址编码,标准地址,经度,纬度,人口数,户数\n320213025001A00001,梅园路1号,120.3,31.5,12,4\n320213025001000000002,梅园路2号,120.3,NaN,1,1\n3,x,0,0,1,1\n4,x,200,31,1,1\n5,,120,31,1,1\n6,x,120,31,-1,1\n";
    let got = import(&file(d.path(), "a.csv", gbk(text)), options(LayerKind::Address, &[])).unwrap();
    let Row::Address(a) = &got.rows[0] else { panic!() };
    assert_eq!(
        (a.at, a.region, a.residents, a.dwellings),
        (E7::new(1_203_000_000, 315_000_000), Region(3202), 12, 4)
    );
    let why: Vec<_> = got.rejects.iter().map(|r| (r.row, r.field.as_str())).collect();
    assert_eq!(why, [(2, "geometry"), (3, "geometry"), (4, "geometry"), (5, "text"), (6, "residents")]);

    let text = "code,姓名,身份证号,address,household,age_band\nR1,张某,11010519491231002X,320213025001A00001,H1,18-34\n11010519491231002X,李某,1,A,,\n";
    let got = import(&file(d.path(), "r.csv", text), options(LayerKind::Resident, &[])).unwrap();
    assert_eq!(got.report.dropped_columns, ["姓名", "身份证号"]);
    let Row::Resident(r) = &got.rows[0] else { panic!() };
    assert_eq!((r.region, r.age_band.as_deref()), (Region(3202), Some("18-34")));
    assert_eq!(got.rejects.len(), 1);
    assert!(!got.rejects[0].reason.contains("1101"), "a refusal repeats no identity number");

    let text = "lon,lat,category,state,risk,source,reported_at\n120.3,31.5,noise,,red,12345,2026-07-01T08:00:00+08:00\n120.3,31.5,,已办结,,巡查,\n120.3,31.5,,gone,,,\n120.3,31.5,,,,,soon\n,,,,,,\n";
    let got = import(&file(d.path(), "i.csv", text), options(LayerKind::Incident, &[])).unwrap();
    let Row::Incident(i) = &got.rows[0] else { panic!() };
    assert_eq!(
        (i.code.as_str(), i.state, i.risk, i.source),
        ("", State::Reported, Some(Risk::Red), Some(Source::Hotline))
    );
    let Row::Incident(i) = &got.rows[1] else { panic!() };
    assert_eq!((i.state, i.source, i.reported_at), (State::Closed, Some(Source::Patrol), None));
    assert_eq!(
        got.rejects.iter().map(|r| r.field.as_str()).collect::<Vec<_>>(),
        ["state", "reported_at", "geometry"]
    );

    let text = "工号,角色,side,网格编码,在岗,姓名,手机\nW1,chief,grid,320213025001001,是,王某,13800000000\nP1,officer,police,B1,false,,\nX,a,b,c,d,,\n";
    let got = import(&file(d.path(), "s.csv", text), options(LayerKind::Staff, &[])).unwrap();
    let Row::Staff(s) = &got.rows[0] else { panic!() };
    assert_eq!(
        (s.side, s.on_duty, s.at, s.phone.as_deref(), s.region),
        (Side::Grid, true, None, Some("13800000000"), Region(3202))
    );
    assert_eq!((got.rows.len(), got.rejects.len()), (2, 1));
}

#[test]
fn a_gbk_shapefile_with_a_wrong_cpg() {
    let d = temp();
    // Two squares; the table in GBK, the .cpg says UTF-8.
    let mut shp = Vec::new();
    let mut record = |n: u32, x: f64| {
        let (y0, y1) = (31.0f64, 31.1f64);
        let mut b = 5u32.to_le_bytes().to_vec();
        for v in [x, 31.0, x + 0.1, 31.1] {
            b.extend(v.to_le_bytes());
        }
        b.extend(1u32.to_le_bytes());
        b.extend(5u32.to_le_bytes());
        b.extend(0u32.to_le_bytes());
        for (x, y) in [(x, y0), (x, y1), (x + 0.1, y1), (x + 0.1, y0), (x, y0)] {
            b.extend(x.to_le_bytes());
            b.extend(y.to_le_bytes());
        }
        shp.extend(n.to_be_bytes());
        shp.extend((b.len() as u32 / 2).to_be_bytes());
        shp.extend(b);
    };
    record(1, 120.0);
    record(2, 120.1);
    let mut head = vec![0u8; 100];
    head[..4].copy_from_slice(&9994u32.to_be_bytes());
    head[24..28].copy_from_slice(&((100 + shp.len()) as u32 / 2).to_be_bytes());
    head[28..32].copy_from_slice(&1000u32.to_le_bytes());
    head[32..36].copy_from_slice(&5u32.to_le_bytes());
    head.extend(shp);
    let p = file(d.path(), "网格.shp", &head);
    let mut dbf = vec![3, 126, 1, 1, 2, 0, 0, 0, 97, 0, 41, 0];
    dbf.resize(32, 0);
    for (name, kind, len) in [("网格编码", b'N', 20u8), ("网格名称", b'C', 20)] {
        let mut f = gbk(name);
        f.resize(11, 0);
        f.push(kind);
        f.resize(16, 0);
        f.push(len);
        f.resize(32, 0);
        dbf.extend(f);
    }
    dbf.push(0x0d);
    for (code, name) in [("320213025001001.000", "梅园一格"), ("320213025001002.000", "梅园二格")] {
        dbf.push(b' ');
        dbf.extend(format!("{code:>20}").bytes());
        let mut n = gbk(name);
        n.resize(20, b' ');
        dbf.extend(n);
    }
    let table = file(d.path(), "网格.dbf", &dbf);
    file(d.path(), "网格.cpg", "UTF-8");
    let got = import(&p, options(LayerKind::Grid, &[])).unwrap();
    let a: Vec<_> = got.areas().iter().map(|a| (a.code.clone(), a.name.clone().unwrap())).collect();
    assert_eq!(a[1], ("320213025001002".to_owned(), "梅园二格".to_owned()));
    assert!(got.notes.contains("the .cpg says UTF-8, but the text is gb18030"), "{}", got.notes);

    // Its parts cut off or missing.
    for (cut, whole) in [(50, &head), (120, &head), (head.len() - 8, &head)] {
        file(d.path(), "网格.shp", &whole[..cut]);
        let e = import(&p, options(LayerKind::Grid, &[])).err().unwrap().to_string();
        assert!(e.contains("cut off"), "{e}");
    }
    file(d.path(), "网格.shp", &head);
    for cut in [0, 20, 60, dbf.len() - 1] {
        file(d.path(), "网格.dbf", &dbf[..cut]);
        assert!(import(&p, options(LayerKind::Grid, &[])).is_err(), "dbf cut at {cut}");
    }
    std::fs::remove_file(table).unwrap();
    assert!(import(&p, options(LayerKind::Grid, &[])).err().unwrap().to_string().contains(".dbf"));
}

#[test]
fn gzipped_text_and_progress() {
    let d = temp();
    let mut z = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    z.write_all(b"code,text,lon,lat\n").unwrap();
    for i in 0..50_000 {
        writeln!(z, "{i},address {i},{},31.5", 120.0 + f64::from(i) / 1e6).unwrap();
    }
    let p = file(d.path(), "a.csv.gz", z.finish().unwrap());
    let mut import = open(&p, options(LayerKind::Address, &[])).unwrap();
    assert!(import.next().unwrap().is_ok());
    assert!(import.progress().total > 0 && import.progress().done < import.progress().total);
    assert_eq!(import.by_ref().filter(Result::is_ok).count(), 49_999);
    assert_eq!(import.progress().done, import.progress().total);
}
