//! Boundary files and archives that must be refused: each with its own clear message, exit 1 or 2, and
//! nothing changed.

mod fixtures;

use fixtures::{bomb, gzip, shapefile, truncated, zip_of};
use gridbeat_e2e::{
    Gridbeat,
    refused::{Case, SQUARE, case, polygon, refused, with},
    town,
};

fn boundaries() -> Vec<Case> {
    let grids = town::grids();
    let metres = "code,wkt\nX,\"POLYGON((515300 3349722,515400 3349722,515400 3349822,515300 3349722))\"\n";
    let with_crs = polygon(SQUARE).replacen(
        '{',
        r#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::999999"}},"#,
        1,
    );
    vec![
        case("empty.geojson", "grid", "", &["empty"]),
        case("blank.geojson", "grid", "  \n\n", &["empty|no GeoJSON|expected|format"]),
        case(
            "truncated.geojson",
            "grid",
            truncated(grids.as_bytes()),
            &["truncated|ends|end of|EOF|incomplete"],
        ),
        case("nonsense.geojson", "grid", "{nonsense", &["JSON|format"]),
        case("numbers.geojson", "grid", "[1,2,3]", &["FeatureCollection|GeoJSON|format|array"]),
        case("other.geojson", "grid", r#"{"type":"Banana"}"#, &["GeoJSON", "FeatureCollection"]),
        case("deep.geojson", "grid", "[".repeat(100 << 20), &["nest|deep|depth|format"]),
        case(
            "deep-properties.geojson",
            "grid",
            polygon(SQUARE).replacen(
                r#""code":"X""#,
                &format!(r#""code":"X","p":{}"#, "[".repeat(1 << 20)),
                1,
            ),
            &["nest|deep|depth"],
        ),
        case(
            "points.geojson",
            "grid",
            polygon(SQUARE).replace("Polygon", "Point").replace(SQUARE, "[120.4,31.4]"),
            &["Polygon", "Point"],
        ),
        case(
            "strings.geojson",
            "grid",
            polygon(r#"[[["a","b"],["c","d"],["e","f"],["a","b"]]]"#),
            &["coordinate|number|position"],
        ),
        case(
            "infinite.geojson",
            "grid",
            polygon("[[[1e999,31.4],[120.41,31.4],[120.41,31.41],[1e999,31.4]]]"),
            &["finite|range|number|coordinate"],
        ),
        case(
            "far.geojson",
            "grid",
            polygon("[[[220.4,31.4],[220.41,31.4],[220.41,31.41],[220.4,31.4]]]"),
            &["--crs|outside|range"],
        ),
        case(
            "line.geojson",
            "grid",
            polygon("[[[120.4,31.4],[120.41,31.4]]]"),
            &["ring|vertices|points|positions"],
        ),
        case(
            "flat.geojson",
            "grid",
            polygon("[[[120.4,31.4],[120.41,31.4],[120.42,31.4],[120.4,31.4]]]"),
            &["area|ring|vanish|degenerate"],
        ),
        case("no-code.geojson", "grid", polygon(SQUARE).replace("code", "foo"), &["--map", "foo"]),
        case("empty-code.geojson", "grid", polygon(SQUARE).replace("\"X\"", "\"\""), &["code"]),
        case("crs.geojson", "grid", with_crs, &["999999"]),
        with(&["--crs", "EPSG:999999"], 1, case("unknown-crs.geojson", "grid", polygon(SQUARE), &["999999"])),
        with(&["--crs", "the usual"], 2, case("no-crs.geojson", "grid", polygon(SQUARE), &["EPSG:"])),
        with(&["--map", "code=nope"], 1, case("no-column.geojson", "grid", polygon(SQUARE), &["nope"])),
        with(&["--map", "colour=code"], 1, case("no-field.geojson", "grid", polygon(SQUARE), &["colour"])),
        with(&["--map", "code"], 2, case("no-equals.geojson", "grid", polygon(SQUARE), &["field=column|="])),
        with(&["--region", "Wuxi"], 2, case("region.geojson", "grid", polygon(SQUARE), &["Wuxi", "region"])),
        with(&["--source-layer", "attic"], 1, case("layers.gpkg", "grid", geopackage(), &["attic"])),
        with(&["--region", "3202"], 1, case("known.geojson", "grid", grids, &["already", town::GRIDS[0]])),
        case("metres.csv", "grid", metres, &["--crs"]),
        case("broken-wkt.csv", "grid", "code,wkt\nX,\"POLYGON((0 0,\"\n", &["wkt", "X|row 1|row 2|line 2"]),
        case("planet.csv", "grid", "code,name,level,parent\nX,x,planet,\n", &["planet", "level"]),
        case(
            "unclosed.json",
            "beat",
            r#"{"polygoys":[{"path":[{"lng":120.3,"lat":31.5},"#,
            &["truncated|ends|end of|EOF|JSON"],
        ),
        case(
            "binary.geojson",
            "grid",
            (0..=255).cycle().take(5000).collect::<Vec<u8>>(),
            &["format|encoding|JSON|recogni"],
        ),
        case("text.gpkg", "grid", "this is no database", &["gpkg", "begin|GeoPackage"]),
        case("half.gpkg", "grid", truncated(&geopackage()), &["GeoPackage|malformed|damaged|truncated"]),
        case(
            "half.fgb",
            "grid",
            b"fgb\x03fgb\x01\xff\xff\xff\x7f".to_vec(),
            &["FlatGeobuf|truncated|header|bytes"],
        ),
    ]
}

fn archives() -> Vec<Case> {
    let [shp, shx, dbf] = shapefile();
    let pair = |stem: &str| -> Vec<(String, Vec<u8>)> {
        vec![
            (format!("{stem}.shp"), shp.clone()),
            (format!("{stem}.shx"), shx.clone()),
            (format!("{stem}.dbf"), dbf.clone()),
        ]
    };
    vec![
        case("truncated.zip", "grid", truncated(&zip_of(&pair("a"))), &["zip|archive"]),
        case(
            "notes.zip",
            "grid",
            zip_of(&[("notes.txt".into(), b"hello".to_vec())]),
            &["shp|shapefile|layer"],
        ),
        case(
            "two.zip",
            "grid",
            zip_of(&[pair("east"), pair("west")].concat()),
            &["east", "west", "--source-layer"],
        ),
        case("escape.zip", "grid", zip_of(&pair("../../escaped")), &["escaped|path"]),
        case("absolute.zip", "grid", zip_of(&pair("/tmp/escaped")), &["escaped|path"]),
        case("no-table.zip", "grid", zip_of(&pair("a")[..2]), &["dbf"]),
        case("bomb.zip", "grid", bomb(), &["ratio|times|bomb|large|inflate|expand"]),
        case(
            "bomb.csv.gz",
            "address",
            gzip(&format!("code,text,lon,lat\n{}", "A".repeat(400 << 20))),
            &["ratio|times|bomb|large|inflate|expand|long|line|record|cell"],
        ),
        case("half.shp", "grid", truncated(&shp), &["dbf|shp|truncated"]),
    ]
}

/// A GeoPackage that another program could have made: a store of ours.
fn geopackage() -> Vec<u8> {
    let g = town::built();
    g.checksum(); // a read folds the write-ahead log in, or leaves it: either way the file is one
    std::fs::read(g.store()).unwrap()
}

#[test]
fn bad_boundaries() {
    refused(boundaries());
}

#[test]
fn bad_archives() {
    refused(archives());
    for escaped in ["/tmp/escaped.shp", "/tmp/escaped.dbf"] {
        assert!(!std::path::Path::new(escaped).exists(), "{escaped} came out of an archive");
    }
}

#[test]
fn a_self_crossing_ring_is_repaired_and_reported_or_refused() {
    let g = Gridbeat::new();
    let bow_tie = polygon("[[[120.40,31.40],[120.42,31.42],[120.42,31.40],[120.40,31.42],[120.40,31.40]]]");
    let run = g.import("grid", &g.file("bow-tie.geojson", bow_tie), &[]);
    match run.code {
        0 => {
            let run = run.says("X").says("repair");
            let area = g.run("overlay", &[]).ok().csv()[0]["area_m2"].parse::<f64>().unwrap();
            // Two triangles of a quarter each: half of 1898.6 m × 2217.4 m… times one half.
            assert!((area / 2_107_500.0 - 1.0).abs() < 0.01, "{area} m² after\n{run}");
        }
        1 => {
            run.says("bow-tie.geojson").says("cross");
        }
        _ => panic!("{run}"),
    }
}
