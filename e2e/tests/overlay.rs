//! The overlay of the town that can be checked by hand, and what `locate` says about it.

use gridbeat_e2e::{Gridbeat, town};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn every_piece_is_there_with_its_share() {
    let g = town::built();
    let pieces = g.overlay();
    let found: BTreeSet<(&str, &str)> = pieces.0.keys().map(|(g, b)| (g.as_str(), b.as_str())).collect();
    assert_eq!(found, BTreeSet::from(town::PIECES));

    for row in g.run("overlay", &[]).ok().csv() {
        let share = |name: &str| row[name].parse::<f64>().ok();
        let (of_grid, of_beat) = (share("share_of_grid"), share("share_of_beat"));
        match (row["grid"].as_str(), row["beat"].as_str()) {
            (grid, "B2") if grid == town::GRIDS[1] => {
                assert!((of_grid.unwrap() - 0.5).abs() < 1e-6, "{row:?}");
                assert_eq!((&*row["addresses"], &*row["residents"], &*row["incidents"]), ("1", "2", "1"));
                assert_eq!(row["piece"], format!("{grid}~B2"));
            }
            (grid, "") if grid == town::GRIDS[3] => {
                // A quarter, but for the meridians' drawing together northwards.
                assert!((of_grid.unwrap() - 0.25).abs() < 1e-4, "{row:?}");
                assert_eq!(of_beat, None);
                assert_eq!(row["piece"], format!("{grid}~"));
            }
            ("", "B2") => {
                assert!((of_beat.unwrap() - 0.5).abs() < 1e-4, "{row:?}");
                assert_eq!((of_grid, row["piece"].as_str()), (None, "~B2"));
                assert_eq!(row["incidents"], "1");
            }
            _ => {}
        }
        assert_ne!(row["sliver"], "true", "{row:?}");
    }
    // A hundredth of a degree each way at 31.505 N on WGS 84: 949.68 m × 1108.72 m.
    let of_grid: f64 = pieces.pairs().filter(|((g, _), _)| g == town::GRIDS[0]).map(|(_, a)| a).sum();
    assert!((of_grid / 1_052_930.0 - 1.0).abs() < 1e-3, "{of_grid} m²");
}

#[test]
fn a_boundary_point_belongs_to_the_east_then_the_north() {
    let g = town::built();
    let points = g.file(
        "points.csv",
        "id,lon,lat\n\
         east,120.31,31.505\n\
         north,120.305,31.51\n\
         corner,120.31,31.51\n\
         beat-border,120.315,31.505\n\
         west-edge,120.30,31.505\n\
         east-edge,120.325,31.505\n\
         out,120.40,31.505\n",
    );
    let rows = g.locate(&points, &[]).ok().csv();
    let answer = |id: &str| {
        let row = rows.iter().find(|r| r["id"] == id).unwrap();
        (row["grid"].clone(), row["beat"].clone(), row["piece"].clone())
    };
    let placed = |grid: &str, beat: &str| {
        let piece = if grid.is_empty() && beat.is_empty() { String::new() } else { format!("{grid}~{beat}") };
        (grid.to_owned(), beat.to_owned(), piece)
    };
    assert_eq!(answer("east"), placed(town::GRIDS[1], "B1"));
    assert_eq!(answer("north"), placed(town::GRIDS[2], "B1"));
    assert_eq!(answer("corner"), placed(town::GRIDS[3], "B1"));
    assert_eq!(answer("beat-border"), placed(town::GRIDS[1], "B2"));
    assert_eq!(answer("west-edge"), placed(town::GRIDS[0], "B1"));
    assert_eq!(answer("east-edge"), placed("", ""));
    assert_eq!(answer("out"), placed("", ""));
}

#[test]
fn the_card_of_a_point() {
    let g = town::built();
    let server = g.serve();
    let card = server.get("/api/locate?lon=120.3005&lat=31.5005").is(200).json();
    assert_eq!(card["piece"], format!("{}~B1", town::GRIDS[0]));
    let grid = &card["grid"];
    assert_eq!((&grid["code"], &grid["name"]), (&json!(town::GRIDS[0]), &json!("观山一网格")));
    let levels = |side: &Value| -> Vec<String> {
        side["parents"].as_array().unwrap().iter().map(|p| p["level"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(levels(grid), ["community", "town", "county", "city"]);
    assert_eq!(grid["parents"][3]["name"], "示例市");
    assert_eq!(levels(&card["beat"]), ["station", "subbureau", "bureau"]);
    assert_eq!(grid["on_duty"], json!([{"name": "王示例", "role": "chief", "phone": "190-0000-0001"}]));
    assert_eq!(
        card["beat"]["on_duty"],
        json!([{"name": "陈示例", "role": "chief", "phone": "190-0000-0101"}])
    );
    assert_eq!(card["share_of_grid"], 1.0);
    assert_eq!(card["counts"], json!({"addresses": 2, "residents": 4, "incidents_open": 1}));

    let one_sided = server.get("/api/locate?lon=120.323&lat=31.505").is(200).json();
    assert_eq!((&one_sided["grid"], &one_sided["beat"]["code"]), (&Value::Null, &json!("B2")));
    let outside = server.get("/api/locate?lon=0&lat=0").is(200).json();
    assert_eq!(
        (&outside["piece"], &outside["grid"], &outside["beat"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    server.stop();
}

#[test]
fn one_file_or_one_request_give_the_same_answers() {
    let g = town::built();
    let points = "id,lon,lat,Beat\n1,120.3005,31.5005,old\n2,120.3175,31.5055,old\n3,120.33,31.6,old\n";
    let file = g.file("points.csv", points);
    let by_file = g.locate(&file, &[]).ok().text();
    assert_eq!(by_file.lines().next().unwrap(), "id,lon,lat,source_Beat,grid,beat,piece");
    let server = g.serve();
    let by_http = server.request("POST", "/api/locate").body("text/csv", points).send().is(200).text();
    assert_eq!(by_file, by_http);

    let line = |id: u32, at: [f64; 2]| json!({"type": "Feature", "properties": {"id": id}, "geometry": {"type": "Point", "coordinates": at}});
    let lines = format!("{}\n{}\n", line(1, [120.3005, 31.5005]), line(2, [120.3175, 31.5055]));
    let reply =
        server.request("POST", "/api/locate").body("application/x-ndjson", lines).send().is(200).text();
    let answers: Vec<Value> = reply.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(
        (&answers[1]["properties"]["grid"], &answers[1]["properties"]["beat"]),
        (&json!(town::GRIDS[1]), &json!("B2"))
    );

    let feature = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1},
        "geometry": {"type": "Point", "coordinates": [120.3005, 31.5005]}}]});
    let reply = server.request("POST", "/api/locate").geojson(&feature).send().is(200).json();
    assert_eq!(reply["features"][0]["properties"]["grid"], town::GRIDS[0]);
    server.stop();
}

#[test]
fn search_finds_areas_addresses_and_coordinates() {
    let g = town::built();
    let server = g.serve();
    let found = |q: &str| -> Vec<(String, String)> {
        let q: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
        let results = server.get(&format!("/api/search?q={q}")).is(200).json();
        let results = results["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|r| {
                (r["kind"].as_str().unwrap().to_owned(), r["code"].as_str().unwrap_or_default().to_owned())
            })
            .collect()
    };
    let has = |results: &[(String, String)], kind: &str, code: &str| {
        results.iter().any(|(k, c)| k == kind && c == code)
    };
    assert!(has(&found("观山二网格"), "grid", town::GRIDS[1]));
    assert!(has(&found(town::GRIDS[2]), "grid", town::GRIDS[2]));
    assert!(has(&found("湖东警格"), "beat", "B2"));
    assert!(has(&found("山北路"), "address", "A5"));
    assert!(has(&found("湖东"), "address", "A4"), "two characters are enough");
    assert!(found("120.3005,31.5005").iter().any(|(kind, _)| kind == "coordinate"));
    assert!(found("没有这个地方").is_empty());
    // Characters that mean something to a database mean nothing here.
    for q in ["%", "_", "'", "\"", "*", "观山' OR 1=1 --"] {
        assert!(found(q).iter().all(|(kind, _)| kind != "address"), "{q}");
    }
    server.stop();
}

#[test]
fn an_import_can_be_tried_first() {
    let town = town::write();
    let g = town::built();
    let before = g.checksum();
    g.import("grid", &town::file(&town, "grid.geojson"), &["--dry-run", "--replace", "--region", "3202"])
        .ok();
    assert_eq!(g.checksum(), before, "a dry run changed the store");
    // Replacing with the same keeps every row; the log goes on.
    g.import("grid", &town::file(&town, "grid.geojson"), &["--replace", "--region", "3202"]).ok();
    assert_eq!(g.overlay().0.len(), 8);
}

#[test]
fn rejects_are_kept_row_by_row() {
    let g = town::built();
    let mixed = g.file(
        "mixed.csv",
        "code,title,category,state,reported_at,lon,lat\n\
         N1,ok,noise,reported,2026-06-01T08:00:00+08:00,120.301,31.501\n\
         N2,no place,noise,reported,2026-06-01T08:00:00+08:00,,\n\
         N3,no such state,noise,sleeping,2026-06-01T08:00:00+08:00,120.301,31.501\n\
         I1,code exists,noise,reported,2026-06-01T08:00:00+08:00,120.301,31.501\n",
    );
    let rejects = g.dir().join("rejects.csv");
    let run =
        g.import("incident", &mixed, &["--region", "3202", "--rejects", rejects.to_str().unwrap()]).ok();
    for said in ["mixed.csv", "state", "sleeping", "I1"] {
        assert!(run.said(said), "“{said}” was expected in\n{run}");
    }
    let kept = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(kept.lines().count(), 4, "a header and three rows:\n{kept}");
    for row in ["no place", "no such state", "code exists"] {
        assert!(kept.contains(&format!("\"\"title\"\":\"\"{row}\"\"")), "“{row}” itself is kept:\n{kept}");
    }
    let server = g.serve();
    assert_eq!(server.get("/api/collections/incidents/items").json()["numberMatched"], 6);
    server.stop();
}

#[test]
fn residents_lose_what_identifies_them() {
    let g = Gridbeat::new();
    let town = town::write();
    g.import("address", &town::file(&town, "address.csv"), &["--region", "3202"]).ok();
    let residents = g.file(
        "resident.csv",
        "code,address,姓名,身份证号,手机号,age_band\nR1,A1,秘密人,320213199001011234,19000000000,18-34\n\
         R2,,秘密人,320213199001011234,19000000000,18-34\n",
    );
    let rejects = g.dir().join("rejects.csv");
    let keep = ["--region", "3202", "--rejects", rejects.to_str().unwrap()];
    let run = g.import("resident", &residents, &keep).ok();
    let kept = std::fs::read_to_string(&rejects).unwrap();
    assert!(kept.lines().count() == 2 && !kept.contains("秘密人") && !kept.contains("1990"), "{kept}");
    for column in ["姓名", "身份证号", "手机号"] {
        assert!(run.said(column), "the drop of {column} was not reported by\n{run}");
    }
    let bytes = std::fs::read(g.store()).unwrap();
    for secret in ["秘密人", "320213199001011234", "19000000000"] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} is in the file");
    }
    for tail in ["-wal", "-journal"] {
        if let Ok(bytes) = std::fs::read(format!("{}{tail}", g.store())) {
            assert!(!bytes.windows("秘密人".len()).any(|w| w == "秘密人".as_bytes()), "it is in {tail}");
        }
    }
}
