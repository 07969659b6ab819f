//! Which tiles of a layer an import drops, and which the stream names: those that show a row that differs.

use super::{bring, bring_features, common::Town, listen};
use gridbeat_onemap::{Bounds, E7, record::LayerKind};
use gridbeat_tiles::{MatrixSet, TileId, TileRange};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Zooms that are looked at, of the square of each set.
const ZOOMS: [u8; 6] = [0, 9, 12, 14, 16, 17];

/// A layer and where its tiles lie in either set.
pub struct Shown {
    /// The tile layer.
    pub layer: &'static str,
    /// Its collection.
    pub collection: &'static str,
}

pub const INCIDENTS: Shown = Shown { layer: "incident", collection: "incidents" };
pub const STAFF: Shown = Shown { layer: "staff", collection: "staff" };
pub const SCHOOLS: Shown = Shown { layer: "school", collection: "school" };

/// The ground of the sample, and a little around it.
const GROUND: Bounds =
    Bounds { min: E7::new(1_202_980_000, 315_580_000), max: E7::new(1_203_240_000, 315_820_000) };

fn path(shown: &Shown, set: MatrixSet, TileId { z, x, y }: TileId) -> String {
    match set {
        MatrixSet::WebMercatorQuad => format!("/tiles/{}/{z}/{x}/{y}", shown.layer),
        MatrixSet::WorldCrs84Quad => {
            format!("/api/collections/{}/tiles/WorldCRS84Quad/{}/{y}/{x}", shown.collection, z - 1)
        }
    }
}

/// Status, validator, bytes and whether it was in the cache, of every tile over a ground.
type Tiles = BTreeMap<(MatrixSet, TileId), (u16, String, Vec<u8>, bool)>;

async fn look(town: &Town, shown: &Shown, ground: &Bounds) -> Tiles {
    let mut seen = Tiles::new();
    for set in MatrixSet::ALL {
        for z in ZOOMS.into_iter().filter(|z| set.level(*z).is_some()) {
            for id in TileRange::covering_in(set, ground, z).unwrap().iter() {
                let reply = town.get(&path(shown, set, id)).await;
                let (etag, hit) = (reply.header("etag").to_owned(), reply.header("x-cache") == "HIT");
                seen.insert((set, id), (reply.status.as_u16(), etag, reply.body, hit));
            }
        }
    }
    seen
}

/// The ranges that a stream names for a layer.
pub fn ranges(told: &[Value], layer: &str) -> Vec<TileRange> {
    let of_it = told.iter().filter(|t| t["layers"].as_array().unwrap().contains(&json!(layer)));
    let ranges = of_it.flat_map(|t| t["ranges"].as_array().unwrap().clone());
    let range = |r: Value| {
        let [z, x0, y0, x1, y1] = serde_json::from_value::<[u32; 5]>(r).unwrap();
        TileRange { z: z as u8, x0, y0, x1, y1 }
    };
    ranges.map(range).collect()
}

/// Has somebody import something that makes a layer differ in some places alone. Returns what the stream named.
async fn touches(
    town: &Town,
    shown: &Shown,
    ground: &Bounds,
    places: &[Bounds],
    bring: impl FnOnce(),
) -> Vec<TileRange> {
    look(town, shown, ground).await;
    let before = look(town, shown, ground).await;
    assert!(before.values().all(|(.., hit)| *hit));
    let stream = town.stream("").await;
    bring();
    let told = listen(stream, town.store.last_change().unwrap()).await;
    let named = ranges(&told, shown.layer);
    let after = look(town, shown, ground).await;
    let mut changed = 0;
    for (at, (status, etag, body, hit)) in &after {
        let (set, id) = at;
        let shows = |place| TileRange::showing_in(*set, place, id.z).unwrap().contains(*id);
        let touched = places.iter().any(shows);
        assert_eq!(*hit, !touched, "{} {set:?} {id} is dropped as it shows a place or not", shown.layer);
        let old = &before[at];
        let same = (status, etag, body) == (&old.0, &old.1, &old.2);
        assert!(same || touched, "{set:?} {id} changed");
        changed += u32::from(!same);
        if *set == MatrixSet::WebMercatorQuad && touched {
            assert!(named.iter().any(|r| r.contains(*id)), "{id} is not named");
        }
    }
    assert!(changed > 0);
    assert!(look(town, shown, ground).await.values().all(|(.., hit)| *hit));
    for (at, made) in look(&town.another(), shown, ground).await {
        assert_eq!((after[&at].0, &after[&at].2), (made.0, &made.2), "{at:?} of a fresh server");
    }
    named
}

/// Whether the tiles that are named are just those that show a place.
fn exact(named: &[TileRange], ground: &Bounds, places: &[Bounds]) {
    let set = MatrixSet::WebMercatorQuad;
    for z in ZOOMS {
        for id in TileRange::covering_in(set, ground, z).unwrap().iter() {
            let shows = |place| TileRange::showing_in(set, place, z).unwrap().contains(id);
            assert_eq!(named.iter().any(|r| r.contains(id)), places.iter().any(shows), "{id}");
        }
    }
}

fn point(lon: i32, lat: i32) -> Bounds {
    Bounds { min: E7::new(lon, lat), max: E7::new(lon, lat) }
}

/// A table of incidents: code, title, place.
fn table(rows: &[(u32, &str, i32, i32)]) -> String {
    let row = |(n, title, lon, lat): &(u32, &str, i32, i32)| {
        format!("I{n},{title},{:.7},{:.7}\n", f64::from(*lon) / 1e7, f64::from(*lat) / 1e7)
    };
    "code,title,lon,lat\n".to_owned() + &rows.iter().map(row).collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn incidents_far_apart_drop_the_tiles_that_show_them() {
    let town = super::common::town();
    let at = |n: i32| (1_202_990_000 + n % 8 * 31_000, 315_590_000 + n / 8 * 29_000);
    let mut rows: Vec<_> = (0..64).map(|n| (n as u32, "", at(n).0, at(n).1)).collect();
    bring(&*town.store, LayerKind::Incident, "incident.csv", &table(&rows), false);
    town.live.visible(town.store.last_change().unwrap()).await.unwrap();
    // One moves, one is called otherwise, one goes; and one comes.
    let place = |n: usize| point(at(n as i32).0, at(n as i32).1);
    let new = point(1_203_100_001, 315_700_001);
    (rows[9].2, rows[9].3) = (1_203_050_000, 315_811_000);
    let mut places = vec![place(9), point(rows[9].2, rows[9].3), place(38), place(63), new];
    rows[38].1 = "noise";
    rows.pop();
    rows.push((99, "", new.min.lon, new.min.lat));
    let named = touches(&town, &INCIDENTS, &GROUND, &places, || {
        bring(&*town.store, LayerKind::Incident, "incident.csv", &table(&rows), true);
    })
    .await;
    exact(&named, &GROUND, &places);
    // And the same again by what an import adds.
    places = vec![point(1_203_000_000, 315_800_000), point(1_203_200_000, 315_600_000)];
    let more = places.iter().zip(200..).map(|(p, n)| (n, "", p.min.lon, p.min.lat)).collect::<Vec<_>>();
    let named = touches(&town, &INCIDENTS, &GROUND, &places, || {
        bring(&*town.store, LayerKind::Incident, "more.csv", &table(&more), false);
    })
    .await;
    exact(&named, &GROUND, &places);
}

/// So many places that the stream names more than there are; no more is dropped all the same.
#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_rows_no_tile_too_many_is_dropped() {
    let town = super::common::town();
    let at = |n: i32| (1_190_000_000 + n * 7919 % 20_000_000, 310_000_000 + n * 104_729 % 10_000_000);
    let mut rows: Vec<_> = (0..6000).map(|n| (n as u32, "", at(n).0, at(n).1)).collect();
    let mut places: Vec<_> = rows.iter().map(|r| point(r.2, r.3)).collect();
    rows.push((6000, "", 1_203_100_000, 315_700_000));
    places.push(point(1_203_100_000, 315_700_000));
    let named = touches(&town, &INCIDENTS, &GROUND, &places, || {
        bring(&*town.store, LayerKind::Incident, "incident.csv", &table(&rows), false);
    })
    .await;
    assert!(named.len() <= 2048, "{}", named.len());
    for z in 0..=22 {
        let shown = |p: &Bounds| {
            let id = TileId::of(p.min, z);
            named.iter().any(|r| r.contains(id))
        };
        assert!(places.iter().all(shown), "zoom {z}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moved_drops_tiles_here_and_there() {
    let town = super::common::town();
    let places = [point(1_203_050_000, 315_740_000), point(1_203_125_000, 315_745_000)];
    let named = touches(&town, &STAFF, &GROUND, &places, || {
        let moved = super::sample("staff.csv").replace("120.3050000,31.5740000", "120.3125000,31.5745000");
        bring(&*town.store, LayerKind::Staff, "staff.csv", &moved, true);
    })
    .await;
    exact(&named, &GROUND, &places);
}

#[tokio::test(flavor = "multi_thread")]
async fn ground_that_changed_is_dropped_with_its_neighbours_buffers() {
    let square = |lon: i32, lat: i32, pupils: u32| {
        let at = |dx: i32, dy: i32| [f64::from(lon + dx) / 1e7, f64::from(lat + dy) / 1e7];
        let ring = [at(0, 0), at(9000, 0), at(9000, 8000), at(0, 8000), at(0, 0)];
        json!({ "type": "Feature", "properties": { "pupils": pupils },
            "geometry": { "type": "Polygon", "coordinates": [ring] } })
    };
    let at = |n: i32| (1_203_000_000 + n % 5 * 50_000, 315_600_000 + n / 5 * 50_000);
    let squares: Vec<Value> = (0..20).map(|n| square(at(n).0, at(n).1, 300)).collect();
    let town = super::common::town_with(|store| bring_features(store, &squares, true));
    let new = [(1_203_021_000, 315_621_000), (1_203_121_000, 315_771_000)];
    let around = |(lon, lat)| Bounds { min: E7::new(lon, lat), max: E7::new(lon + 9000, lat + 8000) };
    let places = new.map(around);
    let named = touches(&town, &SCHOOLS, &GROUND, &places, || {
        bring_features(&*town.store, &new.map(|at| square(at.0, at.1, 301)), false);
    })
    .await;
    exact(&named, &GROUND, &places);
}

/// What nobody can see is named by no range, so that nothing is fetched for it.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_what_was_there_names_nothing() {
    let town = super::common::town();
    let stream = town.stream("").await;
    bring(&*town.store, LayerKind::Staff, "staff.csv", &super::sample("staff.csv"), true);
    let n = town.store.last_change().unwrap();
    assert_eq!(listen(stream, n).await, [json!({ "n": n, "layers": [], "ranges": [] })]);
}
