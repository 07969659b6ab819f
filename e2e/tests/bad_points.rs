//! Point files that must be refused: each with its own clear message, exit 1 or 2, and nothing changed.

mod fixtures;

use fixtures::{gzip, truncated};
use gridbeat_e2e::refused::{Case, SQUARE, case, polygon, refused, with};

fn points() -> Vec<Case> {
    let address = |row: &str| format!("code,text,lon,lat,dwellings\n{row}\n");
    let incident = |rows: &str| format!("code,category,state,reported_at,lon,lat\n{rows}");
    let many: String = (0..20_000).map(|i| format!("Z{i},street {i},120.3,31.5,1\n")).collect();
    vec![
        case("empty.csv", "address", "", &["empty"]),
        case("no-place.csv", "address", "code,text\nA9,somewhere\n", &["lon"]),
        case("nan.csv", "address", address("A9,x,NaN,31.5,1"), &["NaN", "lon"]),
        case("out.csv", "address", address("A9,x,120.3,95,1"), &["95|lat"]),
        case("zero.csv", "address", address("A9,x,0,0,1"), &["0"]),
        case("word.csv", "address", address("A9,x,east,31.5,1"), &["east", "lon"]),
        case("negative.csv", "address", address("A9,x,120.3,31.5,-5"), &["dwellings", "-5"]),
        with(&["--region", "3202"], 1, case("known.csv", "address", address("A1,x,120.3,31.5,5"), &["A1"])),
        case("cells.csv", "address", address("A9,x,120.3"), &["2|1", "cell|field|column"]),
        case(
            "columns.csv",
            "address",
            "code,code,text,lon,lat\nA9,A9,x,120.3,31.5\n",
            &["code", "twice|duplicate|two columns"],
        ),
        case(
            "encoding.csv",
            "address",
            [address("A9,").into_bytes(), vec![0xff, 0xff, 0x80, 0x0a]].concat(),
            &["UTF-8|encoding"],
        ),
        case(
            "truncated.csv.gz",
            "address",
            truncated(&gzip(&address(&many))),
            &["gzip|truncated|ends|corrupt"],
        ),
        case("no-gzip.csv.gz", "address", [0x1f, 0x8b, 0, 0, 0], &["gzip|truncated|ends|corrupt"]),
        case(
            "yesterday.csv",
            "incident",
            incident("N,noise,reported,yesterday,120.3,31.5\n"),
            &["yesterday", "reported_at"],
        ),
        case(
            "no-zone.csv",
            "incident",
            incident("N,noise,reported,2026-06-01 08:00,120.3,31.5\n"),
            &["--tz"],
        ),
        with(
            &["--tz", "+08:00"],
            1,
            case(
                "either.csv",
                "incident",
                incident("N,noise,reported,01/02/2026 08:00,120.3,31.5\n"),
                &["day|month|ambiguous"],
            ),
        ),
        with(
            &["--tz", "+08:00"],
            1,
            case(
                "both.csv",
                "incident",
                incident(
                    "N,noise,reported,13/02/2026 08:00,120.3,31.5\nM,noise,reported,02/13/2026 08:00,120.3,31.5\n",
                ),
                &["day|month"],
            ),
        ),
        with(
            &["--tz", "Mars"],
            2,
            case(
                "mars.csv",
                "incident",
                incident("N,noise,reported,2026-06-01 08:00,120.3,31.5\n"),
                &["Mars"],
            ),
        ),
        case(
            "state.csv",
            "incident",
            incident("N,noise,sleeping,2026-06-01T08:00:00+08:00,120.3,31.5\n"),
            &["sleeping", "reported"],
        ),
        case("areas.geojson", "incident", polygon(SQUARE), &["Point"]),
        case("side.csv", "staff", "code,role,side\nS9,chief,firemen\n", &["firemen", "side"]),
        with(
            &["--map", "name=姓名"],
            1,
            case("named.csv", "resident", "code,address,姓名\nR99,A1,某人\n", &["name|姓名"]),
        ),
        with(&["--map", "lon"], 2, case("map.csv", "address", address("A9,x,120.3,31.5,1"), &["="])),
    ]
}

#[test]
fn bad_points() {
    refused(points());
}
