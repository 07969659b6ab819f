//! Reads and writes together: no answer is wrong while it goes on, and afterwards the map holds what was
//! acknowledged and nothing else.
//!
//! `GRIDBEAT_LOAD_SECONDS` says for how long (8 by default, some thousand writes); 500 writes a second are
//! asked for, and from two minutes on they must be done.

use gridbeat_e2e::{Gridbeat, Server, town};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

const ITEMS: &str = "/api/collections/incidents/items";
const WRITERS: u64 = 10;
const A_SECOND: u64 = 500;
/// From so many seconds on the rate counts: for that long no program of others is in the way, or it is no measurement.
const LONG: u64 = 120;
/// What is remembered of changes, whatever becomes of the rows.
const EVENTS: u64 = 16_384;
/// West, south, east, north of the town and of some ground that is nobody's.
const AROUND: [f64; 4] = [120.299, 31.499, 120.326, 31.521];

/// A sequence of numbers that another seed makes another (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// A place around the town, on the lattice.
    fn place(&mut self) -> [f64; 2] {
        let [w, s, e, n] = AROUND;
        let mut between =
            |a: f64, b: f64| ((a + (b - a) * self.below(10_000) as f64 / 1e4) * 1e7).round() / 1e7;
        [between(w, e), between(s, n)]
    }
}

/// What one writer's incidents are like: id → the Feature as it was answered last, and its ETag.
type Own = HashMap<u64, (Value, String)>;

/// How much was done, and how many incidents there are more than at first.
#[derive(Default)]
struct Done {
    writes: AtomicU64,
    rows: AtomicU64,
}

fn write(server: &Server, seed: u64, until: Instant, done: &Done) -> Own {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut own = Own::new();
    let step = Duration::from_secs(1) * WRITERS as u32 / A_SECOND as u32;
    let mut due = Instant::now();
    while Instant::now() < until {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        due += step;
        let some = own.keys().nth(dice.below(own.len().max(1) as u64) as usize).copied();
        match (dice.below(10), some) {
            (0..=5, _) | (_, None) => {
                let category = ["noise", "parking", "fire_hazard"][dice.below(3) as usize];
                let body = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": dice.place()},
                    "properties": {"category": category}});
                let reply = server.post(ITEMS, &body).is(201);
                own.insert(
                    reply.json()["id"].as_u64().unwrap(),
                    (reply.feature(), reply.header("etag").unwrap().to_owned()),
                );
                done.rows.fetch_add(1, Relaxed);
            }
            (6..=8, Some(id)) => {
                let body = match dice.below(2) {
                    0 => json!({"geometry": {"coordinates": dice.place()}}),
                    _ => {
                        let state = ["handling", "closed", "verified"][dice.below(3) as usize];
                        json!({"properties": {"state": state}})
                    }
                };
                let path = format!("{ITEMS}/{id}");
                let patch = server.request("PATCH", &path).header("if-match", &own[&id].1);
                let reply = patch.body("application/merge-patch+json", body.to_string()).send().is(200);
                own.insert(id, (reply.feature(), reply.header("etag").unwrap().to_owned()));
                // Whoever wrote reads what he wrote.
                assert_eq!(server.get(&path).is(200).feature(), own[&id].0);
            }
            (_, Some(id)) => {
                let path = format!("{ITEMS}/{id}");
                server.request("DELETE", &path).header("if-match", &own[&id].1).send().is(204);
                own.remove(&id);
                done.rows.fetch_sub(1, Relaxed);
                server.get(&path).is(404);
            }
        }
        done.writes.fetch_add(1, Relaxed);
    }
    own
}

/// Asks one question after the other; each answer must be true in itself.
fn read(server: &Server, seed: u64, stop: &AtomicBool) {
    let mut dice = Dice(seed);
    while !stop.load(Relaxed) {
        let [lon, lat] = dice.place();
        match dice.below(4) {
            0 => {
                let (e, n) = (lon + 0.003, lat + 0.003);
                let page = server.get(&format!("{ITEMS}?bbox={lon},{lat},{e},{n}&limit=500")).is(200).json();
                let found = page["features"].as_array().unwrap();
                assert!(found.len() as u64 == page["numberMatched"].as_u64().unwrap().min(500));
                for feature in found {
                    let at = &feature["geometry"]["coordinates"];
                    let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
                    assert!(x >= lon && x <= e && y >= lat && y <= n, "{feature} is not in the box");
                }
            }
            1 => {
                let page = server
                    .get(&format!("/api/nearest?lon={lon}&lat={lat}&k=20&collection=incidents"))
                    .is(200);
                let metres: Vec<f64> = page.json()["features"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|f| f["properties"]["distance_m"].as_f64().unwrap())
                    .collect();
                assert!(metres.is_sorted(), "{metres:?}");
            }
            2 => {
                // However they are grouped, they are the same incidents: counted on one snapshot each.
                let page = server.get("/api/summary?by=piece").is(200).json();
                for group in page["groups"].as_array().unwrap() {
                    assert!(group["incidents_open"].as_u64() <= group["incidents"].as_u64(), "{group}");
                }
            }
            _ => {
                let n = f64::from(1 << 14);
                let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
                let path =
                    format!("/tiles/incident/14/{}/{}.mvt", ((lon + 180.0) / 360.0 * n) as u32, y as u32);
                let status = server.get(&path).status;
                assert!(status == 200 || status == 204, "{path}: {status}");
            }
        }
    }
}

/// Kilobytes that the server has in memory.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// All incidents: id → Feature, as a sequence tells them.
fn all(server: &Server) -> HashMap<u64, Value> {
    let sequence = server.get(&format!("{ITEMS}?f=geojsonseq")).is(200).text();
    let features = sequence.split('\u{1e}').map(str::trim).filter(|l| !l.is_empty());
    features
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|f| (f["id"].as_u64().unwrap(), f))
        .collect()
}

#[test]
fn nothing_is_wrong_under_load() {
    let seconds = std::env::var("GRIDBEAT_LOAD_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(8);
    let g = Gridbeat::new();
    town::import_into(&g);
    let server = g.serve();
    let before = all(&server);
    let (stop, done) = (AtomicBool::new(false), Done::default());
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let (mut memories, mut expected) = (Vec::new(), before.clone());
    thread::scope(|scope| {
        let (server, done, stop) = (&server, &done, &stop);
        let writers: Vec<_> =
            (0..WRITERS).map(|w| scope.spawn(move || write(server, w + 1, until, done))).collect();
        for r in 0..2 {
            scope.spawn(move || read(server, 77 + r, stop));
        }
        // After the first quarter everything is there that stays: pools, caches, buffers.
        for quarter in 1..=4_u32 {
            thread::sleep(
                (begun + Duration::from_secs(seconds) * quarter / 4)
                    .saturating_duration_since(Instant::now()),
            );
            memories.push([done.writes.load(Relaxed), done.rows.load(Relaxed), memory(server)]);
        }
        for writer in writers {
            expected.extend(writer.join().unwrap().into_iter().map(|(id, (feature, _))| (id, feature)));
        }
        stop.store(true, Relaxed);
    });
    let (rows, writes) = (expected.len(), done.writes.load(Relaxed));
    println!(
        "{writes} writes in {:.1} s, {rows} incidents; writes, rows and kB by quarter: {memories:?}",
        begun.elapsed().as_secs_f64()
    );
    // Half a writer's round may be missing at the end.
    let least = if seconds >= LONG { A_SECOND * seconds * 99 / 100 } else { 100 };
    assert!(writes >= least, "{writes} writes; {least} at least were asked for");
    let [first, .., last] = memories.as_slice() else { panic!("{memories:?}") };
    // 2 kB for a row and its place in the trees, and for a change that is remembered with its row before and after;
    // the rest is what threads keep for themselves.
    let remembered = last[0].min(EVENTS) - first[0].min(EVENTS);
    let allowed = 16 * 1024 + 2 * (last[1].saturating_sub(first[1]) + remembered);
    assert!(last[2] < first[2] + allowed, "memory grows beyond the data: {memories:?}");

    let links = |mut f: Value| {
        f.as_object_mut().unwrap().remove("links");
        f
    };
    let expected: HashMap<u64, Value> = expected.into_iter().map(|(id, f)| (id, links(f))).collect();
    let now = all(&server);
    assert_eq!(now.len(), expected.len());
    assert_eq!(now, expected, "what was acknowledged is what is there");
    let counted = server.get("/api/summary?by=grid").is(200).json();
    let sum: u64 =
        counted["groups"].as_array().unwrap().iter().map(|g| g["incidents"].as_u64().unwrap()).sum();
    assert_eq!(sum, rows as u64, "each incident is counted once");
    server.stop();
    // The store holds the same: a map that is loaded from it answers alike.
    let again = g.serve();
    assert_eq!(all(&again), now);
    assert_eq!(again.get("/api/summary?by=grid").is(200).json()["groups"], counted["groups"]);
    again.stop();
}
