//! Orders, selections and formats of items.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::crowd::{CROWD, crowd};
use serde_json::Value;
use std::cmp::Ordering;

const INCIDENTS: &str = "/api/collections/incidents/items";

/// Null counts as the greatest.
fn by(a: &Value, b: &Value) -> Ordering {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sorted_pages_lead_through_everything_once_in_order() {
    let town = crowd();
    for (sortby, order) in [
        (
            "title,-reported_at",
            (|a, b| by(&a["title"], &b["title"]).then(by(&b["reported_at"], &a["reported_at"])))
                as fn(&Value, &Value) -> Ordering,
        ),
        ("-risk", |a, b| by(&b["risk"], &a["risk"])),
        ("%2Bcode", |a, b| by(&a["code"], &b["code"])),
    ] {
        let mut path = format!("{INCIDENTS}?limit=317&sortby={sortby}&state=closed");
        let mut seen: Vec<Value> = Vec::new();
        let matched = loop {
            let page = town.get(&path).await.is(200).json();
            seen.extend(page["features"].as_array().unwrap().iter().cloned());
            let next = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next");
            match next {
                Some(next) => {
                    path = next["href"]
                        .as_str()
                        .unwrap()
                        .strip_prefix("http://localhost:8080")
                        .unwrap()
                        .to_owned()
                }
                None => break page["numberMatched"].as_u64().unwrap(),
            }
        };
        assert_eq!(seen.len() as u64, matched, "{sortby}");
        assert!(matched > 317);
        for pair in seen.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            let order =
                order(&a["properties"], &b["properties"]).then(a["id"].as_u64().cmp(&b["id"].as_u64()));
            assert_eq!(order, Ordering::Less, "{sortby}: {a}\n{b}");
        }
    }
    town.get(&format!("{INCIDENTS}?sortby=colour")).await.is(400);
    town.get(&format!("{INCIDENTS}?sortby=title,title")).await.is(400);
    town.get(&format!("{INCIDENTS}?sortby=title&cursor=a5")).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_wanted_properties_are_answered() {
    let town = crowd();
    let page = town.get(&format!("{INCIDENTS}?limit=1&properties=state,code")).await.is(200).json();
    let properties = page["features"][0]["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["code", "state"]);
    let csv = town.get(&format!("{INCIDENTS}?limit=1&properties=state&f=csv")).await.is(200).text();
    assert_eq!(csv.lines().next(), Some("fid,state,lon,lat"));
    let bare = town.get(&format!("{INCIDENTS}?limit=1&properties=")).await.is(200).json();
    assert!(bare["features"][0]["properties"].as_object().unwrap().is_empty());
    town.get(&format!("{INCIDENTS}?properties=colour")).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_is_all_that_there_is() {
    let town = crowd();
    let ids = |text: &str| -> Vec<u64> {
        assert!(text.is_empty() || (text.starts_with('\u{1e}') && text.ends_with('\n')));
        let records = text.split('\u{1e}').skip(1);
        records.map(|r| serde_json::from_str::<Value>(r).unwrap()["id"].as_u64().unwrap()).collect()
    };
    let reply = town.get(&format!("{INCIDENTS}?f=geojsonseq")).await.is(200);
    assert_eq!(reply.header("content-type"), "application/geo+json-seq");
    let all = ids(&reply.text());
    assert_eq!(all.len(), CROWD);
    assert!(all.is_sorted());
    // The limit of pages does not hold, one's own does.
    assert_eq!(ids(&town.get(&format!("{INCIDENTS}?f=geojsonseq&limit=12")).await.is(200).text()), all[..12]);
    let sorted = ids(&town.get(&format!("{INCIDENTS}?f=geojsonseq&sortby=-fid")).await.is(200).text());
    assert!(sorted.iter().rev().eq(&all));
    let closed = town.filtered("incidents", "state = 'closed'", "&f=geojsonseq").await.is(200).text();
    let counted = town.filtered("incidents", "state = 'closed'", "&limit=1").await.is(200).json();
    assert_eq!(counted["numberMatched"], ids(&closed).len());
    assert!(ids(&town.filtered("incidents", "FALSE", "&f=geojsonseq").await.is(200).text()).is_empty());
    let wanted = town.send("GET", INCIDENTS, &[("accept", "application/geo+json-seq")], "").await.is(200);
    assert_eq!(ids(&wanted.text()), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_in_another_system_name_their_axes() {
    let town = crowd();
    let zone = "crs=http://www.opengis.net/def/crs/EPSG/0/4549";
    let csv = town.get(&format!("{INCIDENTS}?limit=1&properties=&f=csv&{zone}")).await.is(200).text();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("fid,easting,northing"));
    let numbers: Vec<f64> = lines.next().unwrap().split(',').map(|n| n.parse().unwrap()).collect();
    assert!(numbers[1] < 600_000.0 && numbers[2] > 3_000_000.0, "{numbers:?}");
    let ground =
        town.get(&format!("/api/collections/grids/items?level=grid&limit=1&f=csv&{zone}")).await.is(200);
    assert!(ground.text().contains("MULTIPOLYGON (((349"), "{}", ground.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn within_an_area_is_what_lies_in_it_and_in_those_below() {
    let town = crowd();
    let mut areas: Vec<(&str, String, Option<String>)> = Vec::new();
    for side in ["grids", "beats"] {
        let all = town.get(&format!("/api/collections/{side}/items?limit=1000")).await.is(200).json();
        let text = |v: &Value| v.as_str().map(str::to_owned);
        areas.extend(
            all["features"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| (side, text(&f["properties"]["code"]).unwrap(), text(&f["properties"]["parent"]))),
        );
    }
    let of_grid: Vec<String> = areas.iter().filter(|a| a.0 == "grids").map(|a| a.1.clone()).collect();
    assert!(areas.iter().any(|a| a.0 == "beats" && of_grid.contains(&a.1)), "no code that both sides have");
    // By the codes alone: up the parents.
    let below = |side: &str, code: &Value, ancestor: &str| {
        let mut at = code.as_str().map(str::to_owned);
        while let Some(here) = at {
            if here == ancestor {
                return true;
            }
            at = areas.iter().find(|a| a.0 == side && a.1 == here).and_then(|a| a.2.clone());
        }
        false
    };
    let mut found = 0;
    for collection in ["addresses", "incidents", "pieces", "grids", "beats"] {
        let path = format!("/api/collections/{collection}/items?limit=10000");
        let all = town.get(&path).await.is(200).json();
        let ids = |page: &Value| -> Vec<Value> {
            page["features"].as_array().unwrap().iter().map(|f| f["id"].clone()).collect()
        };
        let of_rows = !["grids", "beats"].contains(&collection);
        let asked = areas.iter().filter(|a| of_rows || a.0 == collection);
        for (side, code, _) in asked {
            let rows = all["features"].as_array().unwrap().iter();
            // Rows lie in the area of either side that has the code, or in both.
            let of_side =
                |f: &Value, side: &str| below(side, &f["properties"][side.trim_end_matches('s')], code);
            let lies = |f: &&Value| match of_rows {
                true => of_side(f, "grids") || of_side(f, "beats"),
                false => below(side, &f["properties"]["code"], code),
            };
            let expected: Vec<Value> = rows.filter(lies).map(|f| f["id"].clone()).collect();
            let page = town.get(&format!("{path}&within={code}")).await.is(200).json();
            assert_eq!(ids(&page), expected, "{collection} within {code}");
            assert_eq!(page["numberMatched"], expected.len());
            found += expected.len();
        }
    }
    assert!(found > 2 * CROWD / 10, "{found}");
    // Of the other side, those that share ground; staff by where they are; the rest of a query holds too.
    let pieces = town.get("/api/collections/pieces/items?limit=1000").await.is(200).json();
    let both = |p: &&Value| p["properties"]["grid"].is_string() && p["properties"]["beat"].is_string();
    let piece = pieces["features"].as_array().unwrap().iter().find(both).unwrap();
    let grid = piece["properties"]["grid"].as_str().unwrap();
    let beats = town
        .get(&format!("/api/collections/beats/items?limit=1000&level=beat&within={grid}"))
        .await
        .is(200)
        .json();
    let mut codes: Vec<&str> = beats["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["properties"]["code"].as_str().unwrap())
        .collect();
    let mut expected: Vec<&str> = pieces["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["properties"]["grid"] == grid)
        .filter_map(|p| p["properties"]["beat"].as_str())
        .collect();
    expected.sort_unstable();
    expected.dedup();
    codes.sort_unstable();
    assert_eq!(codes, expected);
    let summary = town.get(&format!("/api/summary?by=grid&within={grid}")).await.is(200).json();
    for (collection, count) in [("staff", "staff"), ("incidents", "incidents")] {
        let page = town
            .get(&format!("/api/collections/{collection}/items?within={grid}&limit=1"))
            .await
            .is(200)
            .json();
        assert_eq!(page["numberMatched"], summary["groups"][0][count], "{collection}");
    }
    let noise = town
        .filtered("incidents", "category = 'noise'", &format!("&within={grid}&limit=10000"))
        .await
        .is(200)
        .json();
    assert!(
        noise["features"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["properties"]["category"] == "noise" && f["properties"]["grid"] == grid)
    );
    // As elsewhere, of a code that nobody has there is nothing.
    let none = town.get(&format!("{INCIDENTS}?within=nowhere")).await.is(200).json();
    assert_eq!(none["numberMatched"], 0);
    let sequence = town.get(&format!("{INCIDENTS}?f=geojsonseq&within={grid}")).await.is(200).text();
    assert_eq!(summary["groups"][0]["incidents"], sequence.matches('\u{1e}').count());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_brought_can_be_changed_as_it_was_read() {
    let town = crowd();
    // Rows of the crowd went past us into the store: nobody ever said who answers for them.
    let id = town.get(&format!("{INCIDENTS}?code=C00001")).await.is(200).json()["features"][0]["id"].clone();
    let path = format!("{INCIDENTS}/{id}");
    let read = town.get(&path).await.is(200);
    let tag = read.header("etag").to_owned();
    let merge = ("content-type", "application/merge-patch+json");
    let patch = r#"{"properties": {"title": "again"}}"#;
    let changed = town.send("PATCH", &path, &[merge, ("if-match", &tag)], patch).await.is(200).json();
    assert_eq!(changed["properties"]["title"], "again");
    for side in ["grid", "beat"] {
        assert_eq!(changed["properties"][side], read.json()["properties"][side]);
    }
    town.send("PATCH", &path, &[merge, ("if-match", &tag)], patch).await.is(412);
}
