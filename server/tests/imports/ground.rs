//! What an import of boundaries or addresses does to the tiles of everything: those far from what differs stay.

use super::{
    bring, bring_features,
    common::{Town, encoded, town_of},
    listen,
    places::ranges,
};
use gridbeat_onemap::{Bounds, E7, record::LayerKind};
use gridbeat_store::Store;
use gridbeat_tiles::{MatrixSet, TileId, TileRange};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Zooms that are looked at, of the square of each set: at the last two every vertex is drawn.
const ZOOMS: [u8; 5] = [0, 12, 13, 14, 16];
/// Cells along a side of the ground, and how large one is.
const CELLS: usize = 9;
const SIDE: i32 = 40_000;
const CORNER: (i32, i32) = (1_203_000_000, 315_000_000);

/// A corner of a cell, or with `k` above 0 a vertex on the way to the next one; no line is straight.
fn vertex(i: usize, j: usize, k: usize, upwards: bool) -> [f64; 2] {
    let bend = |seed: usize| (seed.wrapping_mul(2_654_435_761) >> 7 & 0xFFF) as i32 - 2048;
    let along = SIDE / 8 * k as i32;
    let seed = i * 1009 + j * 9176 + k * 77 + usize::from(upwards && k > 0) * 31;
    let (dx, dy) = if upwards { (0, along) } else { (along, 0) };
    let lon = CORNER.0 + i as i32 * SIDE + dx + bend(seed);
    let lat = CORNER.1 + j as i32 * SIDE + dy + bend(seed + 5);
    [f64::from(lon) / 1e7, f64::from(lat) / 1e7]
}

/// The ground of the cells from one corner to another.
fn ring([i, j]: [usize; 2], [u, v]: [usize; 2]) -> Vec<[f64; 2]> {
    let mut ring = Vec::new();
    let east = |j: usize| (i..u).flat_map(move |x| (0..8).map(move |k| vertex(x, j, k, false)));
    let north = |i: usize| (j..v).flat_map(move |y| (0..8).map(move |k| vertex(i, y, k, true)));
    ring.extend(east(j));
    ring.extend(north(u));
    ring.extend(east(v).chain([vertex(u, v, 0, false)]).skip(1).collect::<Vec<_>>().into_iter().rev());
    ring.extend(north(i).chain([vertex(i, v, 0, true)]).skip(1).collect::<Vec<_>>().into_iter().rev());
    ring.push(vertex(i, j, 0, false));
    ring
}

/// An area by its code: name, kind and ring.
type Areas = BTreeMap<String, (String, Vec<[f64; 2]>)>;

fn grids() -> Areas {
    let cells = (0..CELLS * CELLS).map(|n| (n % CELLS, n / CELLS));
    cells.map(|(i, j)| (format!("G{i}{j}"), (String::new(), ring([i, j], [i + 1, j + 1])))).collect()
}

fn beats() -> Areas {
    let cells = (0..9).map(|n| (n % 3 * 3, n / 3 * 3));
    cells.map(|(i, j)| (format!("B{i}{j}"), (String::new(), ring([i, j], [i + 3, j + 3])))).collect()
}

fn bring_areas(store: &dyn Store, layer: LayerKind, areas: &Areas) {
    let feature = |(code, (name, ring)): (&String, &(String, Vec<[f64; 2]>))| {
        json!({ "type": "Feature", "properties": { "code": code, "name": name },
            "geometry": { "type": "Polygon", "coordinates": [ring] } })
    };
    let all: Vec<Value> = areas.iter().map(feature).collect();
    let content = json!({ "type": "FeatureCollection", "features": all }).to_string();
    bring(store, layer, "areas.geojson", &content, true);
}

/// A place well inside a cell.
fn inside(i: usize, j: usize, n: i32) -> E7 {
    let at = |v: usize, d: i32| v as i32 * SIDE + SIDE / 2 + d;
    E7::new(CORNER.0 + at(i, n * 700 % 9000), CORNER.1 + at(j, n * 1100 % 9000))
}

fn points(head: &str, row: impl Fn(usize, &str) -> String) -> String {
    let cells = (0..CELLS * CELLS).map(|n| (n, inside(n % CELLS, n / CELLS, n as i32)));
    let rows = cells.map(|(n, at)| row(n, &format!("{:.7},{:.7}", at.lon_degrees(), at.lat_degrees())));
    head.to_owned() + &rows.collect::<String>()
}

fn addresses() -> String {
    points("code,text,lon,lat\n", |n, at| format!("A{n},number {n},{at}\n"))
}

/// A town in which everything is everywhere.
fn everything() -> Town {
    town_of(|store| {
        bring_areas(store, LayerKind::Grid, &grids());
        bring_areas(store, LayerKind::Beat, &beats());
        bring(store, LayerKind::Address, "address.csv", &addresses(), true);
        let incidents = points("code,lon,lat\n", |n, at| format!("I{n},{at}\n"));
        bring(store, LayerKind::Incident, "incident.csv", &incidents, true);
        let school = |n: usize| {
            let at = inside(n % CELLS, n / CELLS, 3);
            json!({ "type": "Feature", "properties": { "pupils": n },
                "geometry": { "type": "Point", "coordinates": [at.lon_degrees(), at.lat_degrees()] } })
        };
        bring_features(store, &(0..CELLS * CELLS).map(school).collect::<Vec<_>>(), true);
    })
}

/// Layers, collections that show them, and what of them is asked for.
const ASKED: [(&str, &str, &str); 14] = [
    ("grid", "grids", ""),
    ("grid_line", "", ""),
    ("grid_label", "", ""),
    ("beat", "beats", ""),
    ("beat_line", "", ""),
    ("beat_label", "", ""),
    ("piece", "pieces", ""),
    ("fault", "", ""),
    ("resident_density", "", ""),
    ("resident_density", "addresses", "beat = 'B33' OR grid LIKE 'G%'"),
    ("address", "", ""),
    ("incident", "incidents", ""),
    ("incident", "", "piece LIKE '%B33'"),
    ("school", "school", ""),
];

/// What is asked for, by its place in [`ASKED`], and the tile.
type Tiles = BTreeMap<(usize, MatrixSet, TileId), (u16, Vec<u8>, bool)>;

async fn look(town: &Town) -> Tiles {
    let ground = Bounds {
        min: E7::new(CORNER.0 - SIDE, CORNER.1 - SIDE),
        max: E7::new(CORNER.0 + 10 * SIDE, CORNER.1 + 10 * SIDE),
    };
    let mut seen = Tiles::new();
    for (n, (layer, collection, filter)) in ASKED.into_iter().enumerate() {
        for set in MatrixSet::ALL {
            for z in ZOOMS.into_iter().filter(|z| set.level(*z).is_some()) {
                for id in TileRange::covering_in(set, &ground, z).unwrap().iter() {
                    let TileId { z, x, y } = id;
                    let mut path = match set {
                        MatrixSet::WebMercatorQuad => format!("/tiles/{layer}/{z}/{x}/{y}"),
                        _ if collection.is_empty() => continue,
                        _ => format!("/api/collections/{collection}/tiles/WorldCRS84Quad/{}/{y}/{x}", z - 1),
                    };
                    if !filter.is_empty() {
                        path += &format!("?filter={}", encoded(filter));
                    }
                    let reply = town.get(&path).await;
                    let hit = reply.header("x-cache") == "HIT";
                    assert!([200, 204].contains(&reply.status.as_u16()), "{path}: {}", reply.text());
                    seen.insert((n, set, id), (reply.status.as_u16(), reply.body, hit));
                }
            }
        }
    }
    seen
}

/// The layers of which some tile was dropped, and those of which one changed.
#[derive(Debug, PartialEq, Eq)]
struct Effect {
    dropped: BTreeSet<&'static str>,
    changed: BTreeSet<&'static str>,
}

/// Has somebody import something, of which nothing is seen outside of a place.
async fn touches(town: &Town, place: Bounds, bring: impl FnOnce(&dyn Store)) -> Effect {
    look(town).await;
    let before = look(town).await;
    assert!(before.values().all(|(.., hit)| *hit));
    let stream = town.stream("").await;
    bring(&*town.store);
    let told = listen(stream, town.store.last_change().unwrap()).await;
    let after = look(town).await;
    let fresh = look(&town.another()).await;
    let mut effect = Effect { dropped: BTreeSet::new(), changed: BTreeSet::new() };
    for (at, (status, body, hit)) in &after {
        let &(n, set, id) = at;
        let layer = ASKED[n].0;
        let same = (status, body) == (&before[at].0, &before[at].1);
        assert!(
            (status, body) == (&fresh[at].0, &fresh[at].1),
            "{layer} {set:?} {id} is not as a fresh server's"
        );
        assert!(same || !hit, "{layer} {set:?} {id}");
        if *hit {
            continue;
        }
        if set == MatrixSet::WebMercatorQuad {
            // Those of a collection show others of its layers too.
            effect.dropped.insert(layer);
            effect.changed.extend(Some(layer).filter(|_| !same));
            let named = ranges(&told, layer);
            assert!(named.iter().any(|r| r.contains(id)), "{layer} {id} was dropped and not named");
        }
        let near = TileRange::showing_in(set, &place, id.z).unwrap().contains(id);
        assert!(near, "{layer} {set:?} {id} is far from {place:?}");
    }
    effect
}

fn set(layers: &[&'static str]) -> BTreeSet<&'static str> {
    layers.iter().copied().collect()
}

/// The box around some cells, with what bends out of them.
fn cells([i, j]: [i32; 2], [u, v]: [i32; 2]) -> Bounds {
    let at = |x: i32, y: i32, d: i32| E7::new(CORNER.0 + x * SIDE + d, CORNER.1 + y * SIDE + d);
    Bounds { min: at(i, j, -2100), max: at(u, v, 2100) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_among_many_drops_the_tiles_that_show_it() {
    let town = everything();
    let mut all = grids();
    // A name: only that grid's tiles.
    all.get_mut("G42").unwrap().0 = "other".to_owned();
    let effect = touches(&town, cells([4, 2], [5, 3]), |s| bring_areas(s, LayerKind::Grid, &all)).await;
    let drawn = ["grid", "grid_line", "grid_label"];
    assert_eq!(effect.dropped, set(&drawn));
    assert_eq!(effect.changed, set(&["grid", "grid_label"]));
    // A border between two, in the first row: both, and the pieces there. No point lies between old and new.
    let shift = |ring: &mut Vec<[f64; 2]>| {
        for at in ring.iter_mut().filter(|at| **at == vertex(3, 0, 4, true)) {
            at[0] += 0.0003;
        }
    };
    shift(&mut all.get_mut("G20").unwrap().1);
    shift(&mut all.get_mut("G30").unwrap().1);
    let effect = touches(&town, cells([0, 0], [6, 3]), |s| bring_areas(s, LayerKind::Grid, &all)).await;
    assert_eq!(effect.dropped, set(&[&drawn[..], &["piece"]].concat()));
    assert!(effect.changed.is_superset(&set(&["grid", "grid_line", "piece"])), "{effect:?}");
    // Another code: all that names it.
    let area = all.remove("G00").unwrap();
    all.insert("H99".to_owned(), area);
    let on_ground = ["piece", "resident_density", "address", "incident", "school"];
    let effect = touches(&town, cells([0, 0], [3, 3]), |s| bring_areas(s, LayerKind::Grid, &all)).await;
    assert_eq!(effect.dropped, set(&[&drawn[..], &on_ground].concat()));
    assert!(
        effect.changed.is_superset(&set(&["grid", "grid_label", "piece", "address", "school"])),
        "{effect:?}"
    );
    // One less, so that all others have other numbers.
    all.remove("G10");
    let effect = touches(&town, cells([0, 0], [3, 3]), |s| bring_areas(s, LayerKind::Grid, &all)).await;
    assert!(
        effect.changed.is_superset(&set(&["grid", "grid_line", "piece", "address", "school"])),
        "{effect:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beat_that_reaches_over_its_neighbour_drops_the_tiles_of_both() {
    let town = everything();
    let mut all = beats();
    all.get_mut("B00").unwrap().1 = ring([0, 0], [4, 3]);
    all.get_mut("B30").unwrap().1 = ring([4, 0], [6, 3]);
    let effect = touches(&town, cells([0, 0], [6, 3]), |s| bring_areas(s, LayerKind::Beat, &all)).await;
    let drawn = ["beat", "beat_line", "beat_label", "piece"];
    let on_ground = ["resident_density", "address", "incident", "school"];
    assert_eq!(effect.dropped, set(&[&drawn[..], &on_ground].concat()));
    // Overlapping ground is in dispute; then whose it is comes by the code.
    all.get_mut("B66").unwrap().1 = ring([5, 6], [9, 9]);
    let effect = touches(&town, cells([3, 6], [9, 9]), |s| bring_areas(s, LayerKind::Beat, &all)).await;
    assert!(effect.changed.contains("fault"), "{effect:?}");
}

/// An incident keeps the codes under which it was reported, but lies in the piece that there is now.
#[tokio::test(flavor = "multi_thread")]
async fn an_incident_that_was_reported_is_dropped_where_its_piece_has_another_name() {
    let town = town_of(|store| {
        bring_areas(store, LayerKind::Grid, &grids());
        bring_areas(store, LayerKind::Beat, &beats());
        super::bring_school(store, 300);
    });
    let at = inside(5, 5, 0);
    town.post(at.lon_degrees(), at.lat_degrees(), json!({ "category": "noise" })).await.is(201);
    let mut all = grids();
    let area = all.remove("G55").unwrap();
    all.insert("H55".to_owned(), area);
    let effect = touches(&town, cells([3, 3], [6, 6]), |s| bring_areas(s, LayerKind::Grid, &all)).await;
    assert!(effect.changed.contains("incident"), "{effect:?}");
}

/// Whatever comes in whatever order, no tile is older than its map.
#[tokio::test(flavor = "multi_thread")]
async fn many_changes_one_after_the_other_leave_no_tile_behind() {
    let town = everything();
    let (mut grids, mut beats, mut random) = (grids(), beats(), 7_usize);
    for round in 0..6 {
        let mut next = |n: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % n
        };
        let (layer, all) =
            if next(3) > 0 { (LayerKind::Grid, &mut grids) } else { (LayerKind::Beat, &mut beats) };
        for _ in 0..3 {
            let code = all.keys().nth(next(all.len())).unwrap().clone();
            match next(4) {
                0 => drop(all.remove(&code)),
                1 => all.get_mut(&code).unwrap().0 = format!("name {round}"),
                2 => {
                    let area = all.remove(&code).unwrap();
                    all.insert(format!("{}{round}", ["A", "Z"][next(2)]), area);
                }
                _ => {
                    let (i, j) = (next(CELLS), next(CELLS));
                    let to = [(i + 1 + next(3)).min(CELLS), (j + 1 + next(3)).min(CELLS)];
                    all.get_mut(&code).unwrap().1 = ring([i, j], to);
                }
            }
        }
        let anywhere = Bounds::WORLD;
        touches(&town, anywhere, |s| bring_areas(s, layer, all)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_drops_the_tiles_that_show_or_count_it() {
    let town = everything();
    let at = inside(7, 7, 70);
    let effect = touches(&town, Bounds { min: at, max: at }, |s| {
        let other = addresses().replace("A70,number 70,", "A70,number 70a,");
        bring(s, LayerKind::Address, "address.csv", &other, true);
    })
    .await;
    assert_eq!(effect, Effect { dropped: set(&["address", "resident_density"]), changed: set(&["address"]) });
    let at = inside(2, 3, 29);
    let effect = touches(&town, Bounds { min: at, max: at }, |s| {
        bring(s, LayerKind::Resident, "resident.csv", "code,address\nR1,A29\n", false);
    })
    .await;
    assert_eq!(effect.changed, set(&["address", "resident_density"]));
}
