//! A town small enough to check by hand: four grids, two beats, and points in them.
//!
//! ```text
//!   31.52 ┌───────────┬─────┬─────┐
//!         │           │     │ ~~~ │      ~~~  grid 004 without a beat
//!  31.515 │    003    │  004┌─────┼────┐
//!         │           │     │     │    │      B2 reaches over the eastern edge:
//!   31.51 ├───────────┼─────┤     │    │      ground without a grid
//!         │    001    │  002│ B2  │    │
//!         │        B1 │     │     │    │
//!   31.50 └───────────┴─────┴─────┴────┘
//!       120.30      120.31  │   120.32 │
//!                        120.315    120.325
//! ```
//! B1 is everything west of 120.315.

use crate::Gridbeat;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The grids' codes: south-west, south-east, north-west, north-east.
pub const GRIDS: [&str; 4] = ["320213025001001", "320213025001002", "320213025001003", "320213025001004"];

/// The beats' codes.
pub const BEATS: [&str; 2] = ["B1", "B2"];

/// The pieces, as (grid, beat); `""` is none.
pub const PIECES: [(&str, &str); 8] = [
    (GRIDS[0], "B1"),
    (GRIDS[1], "B1"),
    (GRIDS[1], "B2"),
    (GRIDS[2], "B1"),
    (GRIDS[3], "B1"),
    (GRIDS[3], "B2"),
    (GRIDS[3], ""),
    ("", "B2"),
];

/// A box as a GeoJSON polygon.
pub fn rectangle(w: f64, s: f64, e: f64, n: f64) -> Value {
    json!({"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]})
}

/// One feature with its code, name and parent.
fn area(code: &str, name: &str, parent: &str, geometry: &Value) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": {"code": code, "name": name, "parent": parent}})
}

/// A feature collection.
pub fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// `grid.geojson`.
pub fn grids() -> String {
    let community = "320213025001";
    collection(&[
        area(GRIDS[0], "观山一网格", community, &rectangle(120.30, 31.50, 120.31, 31.51)),
        // The shared edges carry the same vertices on both sides, as a careful office would draw them.
        area(GRIDS[1], "观山二网格", community, &rectangle(120.31, 31.50, 120.32, 31.51)),
        area(GRIDS[2], "观山三网格", community, &rectangle(120.30, 31.51, 120.31, 31.52)),
        area(GRIDS[3], "观山四网格", community, &rectangle(120.31, 31.51, 120.32, 31.52)),
    ])
}

/// `beat.geojson`.
pub fn beats() -> String {
    let b1 = json!({"type": "Polygon", "coordinates": [[[120.30, 31.50], [120.315, 31.50], [120.315, 31.515],
        [120.315, 31.52], [120.30, 31.52], [120.30, 31.50]]]});
    collection(&[
        area("B1", "观山警格", "WX0213000001", &b1),
        area("B2", "湖东警格", "WX0213000001", &rectangle(120.315, 31.50, 120.325, 31.515)),
    ])
}

const DIVISION: &str = "code,name,level,parent
320200000000,示例市,city,
320213000000,示例区,county,320200000000
320213025000,观山街道,town,320213000000
320213025001,观山社区,community,320213025000
";

const STATION: &str = "code,name,level,parent
WX0200000000,示例市公安局,bureau,
WX0213000000,示例分局,subbureau,WX0200000000
WX0213000001,观山派出所,station,WX0213000000
";

const ADDRESS: &str = "code,text,lon,lat,dwellings,organisations
A1,示例区观山街道观山路1号1幢1单元,120.3005,31.5005,10,0
A2,示例区观山街道观山路2号,120.3025,31.5025,2,1
A3,示例区观山街道湖东路3号,120.3125,31.5055,6,0
A4,示例区观山街道湖东路4号,120.3175,31.5055,4,2
A5,示例区观山街道山北路5号,120.3055,31.5155,8,0
A6,示例区观山街道山北路6号,120.3180,31.5180,1,0
";

const RESIDENT: &str = "code,address,household,age_band,registration
R1,A1,H1,18-34,registered
R2,A1,H1,18-34,registered
R3,A1,H1,0-17,registered
R4,A2,H2,60+,registered
R5,A3,H3,35-59,migrant
R6,A4,H4,35-59,registered
R7,A4,H4,18-34,migrant
R8,A5,H5,60+,registered
R9,A6,H6,60+,registered
";

const INCIDENT: &str = "code,title,category,state,risk,source,reported_at,address,lon,lat
I1,夜间施工噪音,noise,reported,blue,hotline,2026-06-01T23:10:00+08:00,观山路1号,120.3006,31.5006
I2,占道停车,parking,closed,blue,patrol,2026-06-02T09:00:00+08:00,观山路2号,120.3026,31.5026
I3,消防通道堵塞,fire_hazard,handling,red,resident,2026-06-03T10:30:00+08:00,湖东路4号,120.3176,31.5056
I4,邻里纠纷,dispute,closed,yellow,police,2026-06-04T20:00:00+08:00,山北路5号,120.3056,31.5156
I5,井盖缺失,manhole,dispatched,yellow,patrol,2026-06-05T07:45:00+08:00,湖边,120.3230,31.5050
";

const STAFF: &str = "code,role,side,area,on_duty,seen_at,lon,lat,name,phone
G1,chief,grid,320213025001001,true,2026-06-30T08:00:00+08:00,120.3010,31.5010,王示例,190-0000-0001
G2,chief,grid,320213025001002,true,2026-06-30T08:00:00+08:00,120.3130,31.5010,李示例,190-0000-0002
G3,worker,grid,320213025001002,false,,,,赵示例,190-0000-0003
P1,chief,police,B1,true,2026-06-30T08:00:00+08:00,120.3020,31.5020,陈示例,190-0000-0101
P2,chief,police,B2,true,2026-06-30T08:00:00+08:00,120.3180,31.5020,周示例,190-0000-0102
";

/// The files as `gridbeat synth` names them.
pub fn write() -> TempDir {
    let dir = TempDir::with_prefix("gridbeat-town-").unwrap();
    for (name, content) in [
        ("grid.geojson", grids().as_str()),
        ("beat.geojson", &beats()),
        ("division.csv", DIVISION),
        ("station.csv", STATION),
        ("address.csv", ADDRESS),
        ("resident.csv", RESIDENT),
        ("incident.csv", INCIDENT),
        ("staff.csv", STAFF),
    ] {
        std::fs::write(dir.path().join(name), content).unwrap();
    }
    dir
}

/// The file of a town that was written.
pub fn file(town: &TempDir, name: &str) -> PathBuf {
    town.path().join(name)
}

/// Imports the whole town into a store.
#[track_caller]
pub fn import_into(g: &Gridbeat) {
    let town = write();
    import_from(g, town.path());
}

/// Imports a folder of files named as `gridbeat synth` names them.
#[track_caller]
pub fn import_from(g: &Gridbeat, folder: &Path) {
    for (layer, name) in [
        ("grid", "division.csv"),
        ("grid", "grid.geojson"),
        ("beat", "station.csv"),
        ("beat", "beat.geojson"),
        ("address", "address.csv"),
        ("resident", "resident.csv"),
        ("incident", "incident.csv"),
        ("staff", "staff.csv"),
    ] {
        g.import(layer, &folder.join(name), &["--region", "3202"]).ok();
    }
}

/// A store with the whole town in it.
#[track_caller]
pub fn built() -> Gridbeat {
    let g = Gridbeat::new();
    import_into(&g);
    g
}
