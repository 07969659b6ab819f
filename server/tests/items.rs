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
