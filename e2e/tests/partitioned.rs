//! Two nodes on a store whose tables lie on two PostgreSQL servers, set up as `deploy/partitioned` says; the
//! town is on the further one. Either server crashes while it is written to.

use gridbeat_e2e::{Gridbeat, Server, postgres::Postgres, town, two_servers::TwoServers};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

const ITEMS: &str = "/api/collections/incidents/items";

fn incident(code: &str) -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise", "code": code}})
}

fn eventually(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(40);
    while !so() {
        assert!(Instant::now() < end, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn codes(server: &Server) -> BTreeSet<String> {
    let items = server.get(&format!("{ITEMS}?limit=10000")).is(200).json();
    let all = items["features"].as_array().unwrap().iter();
    all.map(|f| f["properties"]["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn nothing_acknowledged_is_lost_when_either_server_crashes() {
    let TwoServers { home: mut first, further: mut second, url } = TwoServers::start();
    let g = Gridbeat::at(&url);
    town::import_into(&g);
    let before = codes_in(&second);
    let (one, two) = (g.serve(), g.serve());
    one.post(ITEMS, &incident("FIRST")).is(201);
    eventually("the other node has it", || codes(&two).contains("FIRST"));

    let (stop, acknowledged) = (AtomicBool::new(false), Mutex::new(BTreeSet::from(["FIRST".to_owned()])));
    thread::scope(|s| {
        for (w, node) in [&one, &two, &one, &two].into_iter().enumerate() {
            let (stop, acknowledged) = (&stop, &acknowledged);
            s.spawn(move || {
                for i in 0.. {
                    if stop.load(Relaxed) {
                        break;
                    }
                    let code = format!("W{w}-{i}");
                    let reply = node.post(ITEMS, &incident(&code));
                    match reply.status {
                        201 => drop(acknowledged.lock().unwrap().insert(code)),
                        503 => {
                            assert!(reply.header("retry-after").is_some(), "{reply}");
                            thread::sleep(Duration::from_millis(30));
                        }
                        _ => panic!("{reply}"),
                    }
                }
            });
        }
        let ended = Ended(&stop);
        for round in 0..4 {
            thread::sleep(Duration::from_millis(150 + 90 * round));
            let crashed = if round % 2 == 0 { &mut second } else { &mut first };
            crashed.stop(true);
            // Reads are from memory.
            one.get("/tiles/grid,beat,piece/13/6833/3339").is(200);
            two.get(&format!("{ITEMS}?limit=5")).is(200);
            thread::sleep(Duration::from_millis(200));
            crashed.start_again();
            let so_far = acknowledged.lock().unwrap().len();
            eventually("writing again", || acknowledged.lock().unwrap().len() > so_far + 4);
        }
        drop(ended);
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    // One more, so that what broke off last is entered too.
    one.post(ITEMS, &incident("LAST")).is(201);
    let there = codes_in(&second);
    assert!(acknowledged.is_subset(&there), "lost: {:?}", acknowledged.difference(&there));
    let entered = first.psql("town", "SELECT count(*) FROM gridbeat_changes WHERE op = 'insert'");
    assert_eq!(entered, (there.len() - before.len()).to_string(), "each has its entry in the log, and one");
    let all = |node: &Server| codes(node) == there;
    eventually("both nodes show what is there", || all(&one) && all(&two));
    g.run("verify", &[]).ok();
    one.stop_after_trouble();
    two.stop_after_trouble();
}

fn codes_in(second: &Postgres) -> BTreeSet<String> {
    second.psql("south", "SELECT code FROM incidents").lines().map(str::to_owned).collect()
}

/// Ends the writers, however the test ends.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}
