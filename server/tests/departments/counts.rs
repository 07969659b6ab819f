//! How many features there are, by area, piece and cell, and over time: against counting all rows by hand.

use crate::{SCHOOLS, all, town};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many rows there are of each value of a property, and what `pupils` adds up to; null where nobody says.
fn by_hand<'a>(
    rows: impl IntoIterator<Item = &'a Value>,
    property: &str,
) -> BTreeMap<String, (u64, Option<i64>)> {
    let mut groups: BTreeMap<String, (u64, Option<i64>)> = BTreeMap::new();
    for row in rows {
        let group = groups.entry(row["properties"][property].to_string()).or_default();
        group.0 += 1;
        if let Some(n) = row["properties"]["pupils"].as_i64() {
            group.1 = Some(group.1.unwrap_or(0) + n);
        }
    }
    groups
}

/// The same of an answer, leaving out groups with nothing.
fn answered(groups: &Value, name: &str) -> BTreeMap<String, (u64, Option<i64>)> {
    let groups = groups.as_array().unwrap().iter().filter(|g| g["features"] != 0);
    groups
        .map(|g| (g[name].to_string(), (g["features"].as_u64().unwrap(), g["sum_pupils"].as_i64())))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn features_are_counted_by_area_and_piece() {
    let town = town();
    let rows = all(&town, "school").await;
    // `grid` is a column of the schools' own, so the ground's is told by the piece.
    for (by, name, property) in [("beat", "code", "beat"), ("piece", "piece", "piece")] {
        let path = format!("/api/summary?collection=school&sum=pupils&by={by}&limit=1000");
        let page = town.get(&path).await.is(200).json();
        assert_eq!(answered(&page["groups"], name), by_hand(&rows, property), "{by}");
        let open = town.get(&format!("{path}&filter=open%20=%20true")).await.is(200).json();
        let expected = by_hand(rows.iter().filter(|r| r["properties"]["open"] == true), property);
        assert_eq!(answered(&open["groups"], name), expected, "{by}");
        let csv = town.get(&format!("{path}&f=csv")).await.is(200).text();
        assert!(csv.lines().next().unwrap().ends_with("features,sum_pupils"), "{csv}");
    }
    let within = "/api/summary?collection=school&by=beat&within=320213501Q01";
    let page = town.get(within).await.is(200).json();
    let counted: u64 =
        page["groups"].as_array().unwrap().iter().map(|g| g["features"].as_u64().unwrap()).sum();
    let there = rows.iter().filter(|r| r["properties"]["beat"] == "320213501Q01").count();
    assert!(there > 0 && counted == there as u64, "{counted} and {there}");

    // Roads stand where their middle is, so each counts once, wherever it leads.
    let page = town.get("/api/summary?collection=road&by=piece").await.is(200).json();
    let counted: u64 =
        page["groups"].as_array().unwrap().iter().map(|g| g["features"].as_u64().unwrap()).sum();
    assert_eq!(counted, 2);
    let counted = async |area: &str| {
        let page =
            town.get(&format!("/api/summary?collection=road&by=grid&within={area}")).await.is(200).json();
        page["groups"].as_array().unwrap().iter().map(|g| g["features"].as_u64().unwrap()).sum::<u64>()
    };
    // The middle of the long one is far to the east of its first grid.
    assert_eq!((counted("320213001001001").await, counted("320213001001002").await), (1, 0));

    for (wrong, parameter) in [
        ("collection=nothing", "collection"),
        ("collection=school&sum=name", "sum"),
        ("collection=road&interval=day", "interval"),
        ("sum=pupils", "sum"),
        ("collection=school&state=closed", "state"),
    ] {
        let problem = town.get(&format!("/api/summary?{wrong}")).await.is(400).json();
        assert!(
            problem["errors"].as_array().unwrap().iter().any(|e| e["parameter"] == parameter),
            "{problem}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn features_are_counted_over_time_by_cell_and_on_ground() {
    let town = town();
    let rows = all(&town, "school").await;
    let path = "/api/summary?collection=school&by=beat&interval=day&limit=10000";
    let page = town.get(path).await.is(200).json();
    let mut days: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows.iter().filter(|r| !r["properties"]["founded"].is_null()) {
        let start = format!("{}T00:00:00+08:00", row["properties"]["founded"].as_str().unwrap());
        *days.entry(start).or_default() += 1;
    }
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for g in page["groups"].as_array().unwrap() {
        *found.entry(g["start"].as_str().unwrap().to_owned()).or_default() += g["features"].as_u64().unwrap();
    }
    assert!(days.len() > 20);
    assert_eq!(found, days);

    let cells = town
        .get("/api/raster/hexagon?size=300&collection=school&sum=pupils&limit=10000")
        .await
        .is(200)
        .json();
    let of = |name: &str| {
        cells["features"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|f| f["properties"][name].as_i64())
            .sum::<i64>()
    };
    assert_eq!(of("features"), SCHOOLS as i64);
    assert_eq!(of("sum_pupils"), rows.iter().filter_map(|r| r["properties"]["pupils"].as_i64()).sum::<i64>());
    let csv = town.get("/api/raster/square?collection=school&f=csv").await.is(200).text();
    assert_eq!(csv.lines().next(), Some("row,col,lon,lat,features"));

    let ground = json!({ "type": "Polygon", "coordinates":
        [[[120.3, 31.56], [120.33, 31.56], [120.33, 31.59], [120.3, 31.59], [120.3, 31.56]]] });
    let media = [("content-type", "application/geo+json")];
    let path = "/api/within?collection=school&by=piece&sum=pupils";
    let page = town.send("POST", path, &media, ground.to_string()).await.is(200).json();
    let inside = rows.iter().filter(|r| {
        let c = &r["geometry"]["coordinates"];
        let (x, y) = (c[0].as_f64().unwrap(), c[1].as_f64().unwrap());
        120.3 < x && x < 120.33 && 31.56 < y && y < 31.59
    });
    let expected = by_hand(inside, "piece");
    assert_eq!(answered(&page["groups"], "piece"), expected);
    assert_eq!(page["counts"]["features"], expected.values().map(|g| g.0).sum::<u64>());
    assert_eq!(page["counts"]["sum_pupils"], expected.values().filter_map(|g| g.1).sum::<i64>());
}
