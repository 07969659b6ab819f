//! What grids and beats have in common, and who borders whom, over HTTP.

use gridbeat_e2e::{Gridbeat, Server, oracle, shared, town};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The sample that can be checked by hand: data/sample/README.md shows its squares.
fn sample() -> Gridbeat {
    let g = Gridbeat::new();
    town::import_from(&g, &gridbeat_oracle::repository().join("data/sample"));
    g
}

const COMMUNITY: &str = "320213001001";
const STATION: &str = "320213501000";

#[track_caller]
fn pairs(server: &Server, query: &str) -> BTreeMap<(String, String), Value> {
    let page = server.get(&format!("/api/crosswalk?{query}")).is(200).json();
    let rows = page["pairs"].as_array().unwrap();
    assert_eq!(page["numberReturned"], rows.len());
    let code = |row: &Value, side: &str| row[side].as_str().unwrap_or("").to_owned();
    rows.iter().map(|r| ((code(r, "grid"), code(r, "beat")), r.clone())).collect()
}

/// A share that follows from counted squares: they are alike to a few ten-thousandths.
#[track_caller]
fn is_share(found: &Value, wanted: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no share; {wanted} was expected"));
    assert!((found - wanted).abs() < 1e-3, "{found}, {wanted} expected");
}

#[test]
fn a_community_over_the_beats() {
    let g = sample();
    let server = g.serve();
    let found = pairs(&server, "level=community");
    // (beat, squares in the community, of the beat's squares, addresses, of the beat's, residents, of the beat's)
    let expected = [
        ("320213501Q01", 80.0, 80.0, 2, 2.0, 8, 8.0),
        ("320213501Q02", 176.0, 176.0, 5, 5.0, 9, 9.0),
        ("320213501Q03", 144.0, 180.0, 2, 3.0, 2, 3.0),
    ];
    assert_eq!(found.len(), expected.len() + 1);
    for (beat, squares, of, addresses, of_addresses, residents, of_residents) in expected {
        let row = &found[&(COMMUNITY.to_owned(), beat.to_owned())];
        assert_eq!((&row["addresses"], &row["residents"]), (&json!(addresses), &json!(residents)), "{row}");
        assert_eq!((&row["grid_name"], &row["piece"]), (&json!("示例社区"), &Value::Null));
        is_share(&row["share_of_grid"], squares / 400.0);
        is_share(&row["share_of_beat"], squares / of);
        is_share(&row["addresses_share_of_grid"], f64::from(addresses) / 9.0);
        is_share(&row["addresses_share_of_beat"], f64::from(addresses) / of_addresses);
        is_share(&row["residents_share_of_grid"], f64::from(residents) / 19.0);
        is_share(&row["residents_share_of_beat"], f64::from(residents) / of_residents);
    }
    let outside = &found[&(String::new(), "320213501Q03".to_owned())];
    assert_eq!((&outside["grid"], &outside["piece"]), (&Value::Null, &json!("~320213501Q03")));
    assert_eq!(
        (&outside["share_of_grid"], &outside["residents_share_of_grid"]),
        (&Value::Null, &Value::Null)
    );
    is_share(&outside["share_of_beat"], 0.2);
    is_share(&outside["residents_share_of_beat"], 1.0 / 3.0);

    let found = pairs(&server, "level=community&beat_level=station");
    assert_eq!(found.len(), 2);
    let row = &found[&(COMMUNITY.to_owned(), STATION.to_owned())];
    is_share(&row["share_of_grid"], 1.0);
    is_share(&row["share_of_beat"], 400.0 / 436.0);
    is_share(&row["addresses_share_of_beat"], 0.9);
    is_share(&row["residents_share_of_beat"], 0.95);
    server.stop();
}

#[test]
fn drawn_areas_are_the_pieces() {
    let g = sample();
    let server = g.serve();
    let found = pairs(&server, "");
    let pieces = g.run("overlay", &[]).ok().csv();
    assert_eq!(found.len(), pieces.len());
    for piece in pieces {
        let row = &found[&(piece["grid"].clone(), piece["beat"].clone())];
        assert_eq!(row["piece"], piece["piece"]);
        for column in ["area_m2", "share_of_grid", "share_of_beat", "addresses", "residents"] {
            assert_eq!(row[column].as_f64(), piece[column].parse().ok(), "{column} of {row}");
        }
    }
    // A campus without residents: no share of them, rather than a wrong one.
    let campus = &found[&("320213001001004".to_owned(), "320213501Q03".to_owned())];
    assert_eq!(
        (&campus["residents_share_of_grid"], &campus["addresses_share_of_grid"]),
        (&Value::Null, &json!(1.0))
    );
    server.stop();
}

#[test]
fn mismatches_are_ranked() {
    let g = sample();
    let server = g.serve();
    let areas = |query: &str| {
        let page = server.get(&format!("/api/mismatch?{query}")).is(200).json();
        page["areas"].as_array().unwrap().clone()
    };
    let codes =
        |rows: &[Value]| rows.iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    // Grid 3 lies in three beats. Five of its nine residents live in the first, which has 40 of its 185 squares;
    // grid 1 lies in two, and three of its five residents in the first; 2 and 4 are not cut.
    let by_area = areas("by=area");
    let grid = |n: u32| format!("320213001001{n:03}");
    assert_eq!(codes(&by_area)[..2], [grid(3), grid(1)]);
    let (third, first) = (&by_area[0], &by_area[1]);
    assert_eq!((&third["counterparts"], &third["main"]), (&json!(3), &json!("320213501Q01")));
    assert_eq!((&third["residents"], &third["residents_cut"]), (&json!(9), &json!(4)));
    is_share(&third["cut"], 4.0 / 9.0);
    let of = |row: &Value, part: &str| json!(row[part].as_f64().unwrap() / row["area_m2"].as_f64().unwrap());
    is_share(&of(third, "area_m2_cut"), 145.0 / 185.0);
    assert_eq!((&first["counterparts"], &first["main"]), (&json!(2), &json!("320213501Q01")));
    is_share(&first["cut"], 2.0 / 5.0);
    assert_eq!(codes(&areas("")), codes(&by_area));
    for row in &by_area[2..] {
        assert_eq!(
            (&row["cut"], &row["counterparts"], &row["area_m2_cut"]),
            (&json!(0.0), &json!(1), &json!(0.0))
        );
    }
    // A fifth of the third beat is in no grid.
    let beats = areas("layer=beat&by=area");
    let third = beats.iter().find(|b| b["code"] == "320213501Q03").unwrap();
    is_share(&of(third, "area_m2_uncovered"), 0.2);
    assert_eq!(third["main"], json!(grid(3)));
    // At the level of community and station, and pages.
    let row = &areas("level=community&other_level=station")[0];
    assert_eq!((&row["code"], &row["main"], &row["cut"]), (&json!(COMMUNITY), &json!(STATION), &json!(0.0)));
    assert_eq!(codes(&areas(&format!("by=area&within={COMMUNITY}&limit=2"))).len(), 2);
    assert_eq!(areas("within=nobody"), Vec::<Value>::new());
    server.get("/api/mismatch?layer=street").is(400);
    server.get("/api/mismatch?layer=beat&level=community").is(400);
    let csv = server.get("/api/mismatch?by=area&f=csv").is(200).text();
    assert!(csv.starts_with("rank,code,name,level,cut,"), "{csv}");
    server.stop();
}

#[test]
fn filters_pages_and_csv() {
    let g = sample();
    let server = g.serve();
    let codes = |query: &str| pairs(&server, query).into_keys().collect::<Vec<_>>();
    let key = |grid: &str, beat: &str| (grid.to_owned(), beat.to_owned());
    let grid_1 = "320213001001001";
    assert_eq!(codes(&format!("grid={grid_1}")), [key(grid_1, "320213501Q01"), key(grid_1, "320213501Q02")]);
    assert_eq!(codes("grid="), [key("", "320213501Q03")]);
    assert_eq!(codes("grid=&beat=320213501Q01"), []);
    assert_eq!(codes("beat=nobody"), []);
    assert_eq!(codes(&format!("grid={COMMUNITY}")).len(), 7, "a parent stands for all below it");
    assert_eq!(codes(&format!("beat={STATION}&level=community")).len(), 4);

    // Three at a time, following the links.
    let mut path = "/api/crosswalk?limit=3".to_owned();
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = server.get(&path).is(200).json();
        assert_eq!(page["numberMatched"], 8);
        seen.extend(page["pairs"].as_array().unwrap().clone());
        pages += 1;
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|l| l["rel"] == "next") else { break };
        let next = next["href"].as_str().unwrap();
        path = next[next.find("/api/").unwrap()..].to_owned();
    }
    assert_eq!((pages, seen.len()), (3, 8));
    let whole = server.get("/api/crosswalk").is(200).json();
    assert_eq!(json!(seen), whole["pairs"]);

    let csv = server.get("/api/crosswalk?level=community&f=csv").is(200);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = csv.text();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "grid,grid_name,beat,beat_name,piece,area_m2,share_of_grid,share_of_beat,addresses,addresses_share_of_grid,\
         addresses_share_of_beat,residents,residents_share_of_grid,residents_share_of_beat"
    );
    assert!(
        lines.next().unwrap().starts_with(",,320213501Q03,示例第三警格,~320213501Q03,"),
        "none first:\n{text}"
    );
    assert_eq!(lines.count(), 3);
    let by_accept =
        server.request("GET", "/api/crosswalk?level=community").header("accept", "text/csv").send();
    assert_eq!(by_accept.is(200).text(), text);
    server.stop();
}

/// The fid of an area.
#[track_caller]
fn fid(server: &Server, collection: &str, code: &str) -> u64 {
    let page = server.get(&format!("/api/collections/{collection}/items?code={code}")).is(200).json();
    page["features"][0]["id"].as_u64().unwrap_or_else(|| panic!("{collection} have no {code}: {page}"))
}

/// Codes of the neighbours with the metres of the border, and the metres that are open.
#[track_caller]
fn beside(server: &Server, collection: &str, code: &str) -> (Vec<(String, f64)>, f64) {
    let path = format!("/api/collections/{collection}/items/{}/neighbours", fid(server, collection, code));
    let found = server.get(&path).is(200).json();
    let rows = found["neighbours"].as_array().unwrap().iter();
    let rows = rows.map(|r| (r["code"].as_str().unwrap().to_owned(), r["border_m"].as_f64().unwrap()));
    (rows.collect(), found["open_m"].as_f64().unwrap())
}

/// A hundredth of a degree at 31.505 N on WGS 84.
const EAST: f64 = 949.68;
const NORTH: f64 = 1108.72;

#[track_caller]
fn is_length(found: f64, wanted: f64) {
    assert!((found / wanted - 1.0).abs() < 1e-3, "{found} m, {wanted} m expected");
}

#[test]
fn neighbours_along_a_line_and_in_a_point() {
    let g = town::built();
    let server = g.serve();
    let (found, open) = beside(&server, "grids", town::GRIDS[0]);
    let codes: Vec<_> = found.iter().map(|n| n.0.as_str()).collect();
    assert_eq!(codes, [town::GRIDS[1], town::GRIDS[2], town::GRIDS[3]], "the longest border first");
    is_length(found[0].1, NORTH);
    is_length(found[1].1, EAST);
    assert_eq!(found[2].1, 0.0, "across the crossroads");
    is_length(open, NORTH + EAST);

    // A community has neighbours among communities: here it is the only one.
    let (found, open) = beside(&server, "grids", "320213025001");
    assert_eq!(found, []);
    is_length(open, 4.0 * (NORTH + EAST));

    // The piece of grid 002 and beat B1, between 001 and B2.
    let piece = format!("{}~B1", town::GRIDS[1]);
    let path = format!("/api/collections/pieces/items/{}/neighbours", piece.replace('~', "%7E"));
    let found = server.get(&path).is(200).json();
    let rows: Vec<(&str, f64)> = found["neighbours"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["piece"].as_str().unwrap(), r["border_m"].as_f64().unwrap()))
        .collect();
    let border = |grid: &str, beat: &str| rows.iter().find(|r| r.0 == format!("{grid}~{beat}")).unwrap().1;
    assert_eq!(rows.len(), 5, "{rows:?}");
    is_length(border(town::GRIDS[0], "B1"), NORTH);
    is_length(border(town::GRIDS[1], "B2"), NORTH);
    is_length(border(town::GRIDS[3], "B1"), EAST / 2.0);
    assert_eq!((border(town::GRIDS[2], "B1"), border(town::GRIDS[3], "B2")), (0.0, 0.0));

    // The item leads there.
    let item = server.get(&format!("/api/collections/grids/items/{}", fid(&server, "grids", town::GRIDS[0])));
    let links = item.is(200).json()["links"].clone();
    let there = links.as_array().unwrap().iter().find(|l| l["rel"] == "related").unwrap().clone();
    assert!(there["href"].as_str().unwrap().ends_with("/neighbours"), "{there}");
    server.stop();
}

#[test]
fn all_pairs_at_once() {
    let g = sample();
    let server = g.serve();
    let page = server.get("/api/collections/grids/neighbours").is(200).json();
    let found: Vec<(&str, &str)> = page["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["code"].as_str().unwrap(), r["neighbour_code"].as_str().unwrap()))
        .map(|(a, b)| (&a[12..], &b[12..]))
        .collect();
    assert_eq!(found, [("001", "002"), ("001", "003"), ("002", "003"), ("003", "004")]);
    assert_eq!(server.get("/api/collections/grids/neighbours?level=community").json()["numberMatched"], 0);
    assert_eq!(server.get("/api/collections/beats/neighbours").json()["numberMatched"], 3);
    let csv = server.get("/api/collections/pieces/neighbours?f=csv&limit=2").is(200).text();
    assert_eq!(csv.lines().next(), Some("piece,neighbour,border_m"));
    assert_eq!(csv.lines().count(), 3);
    server.stop();
}

/// The reference of 792 neighbouring pairs counts the 277 rows of the file, and those that touch in a point.
/// Here the three rows of beat 3100 are one area: 790 pairs, 97 of them in a point.
#[test]
fn the_beats_of_chicago() {
    let Some(beats) = shared::data("chicago/police_beats_2019.shp") else { return };
    let told = oracle::ask("neighbours.py", &[beats.to_str().unwrap(), "beat_num"]);
    assert_eq!(told["rows"], 792);
    let g = Gridbeat::new();
    g.import("beat", &beats, &["--map", "code=beat_num"]).ok();
    let server = g.serve();
    let page = server.get("/api/collections/beats/neighbours?limit=10000").is(200).json();
    assert_eq!(page["numberMatched"], 790);
    let mut ours: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in page["pairs"].as_array().unwrap() {
        let [a, b] = ["code", "neighbour_code"].map(|c| row[c].as_str().unwrap().to_owned());
        ours.insert(if a < b { (a, b) } else { (b, a) }, row["border_m"].as_f64().unwrap());
    }
    let theirs = told["pairs"].as_array().unwrap();
    assert_eq!(theirs.len(), ours.len());
    for pair in theirs {
        let [a, b] = [0, 1].map(|k| pair[k].as_str().unwrap().to_owned());
        let (wanted, found) = (pair[2].as_f64().unwrap(), ours.get(&(a, b)).copied());
        // The lattice moves a vertex by up to 8 mm.
        assert!(found.is_some_and(|m| (m - wanted).abs() <= wanted * 1e-3 + 0.02), "{pair}: {found:?} here");
        assert_eq!(found == Some(0.0), wanted == 0.0, "{pair}: {found:?} here");
    }
    assert_eq!(ours.values().filter(|m| **m == 0.0).count(), 97);
    server.stop();
}
