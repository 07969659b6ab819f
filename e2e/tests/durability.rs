//! Nothing acknowledged is lost: the sync comes before the answer, kills and full disks leave what was there.
//!
//! `GRIDBEAT_KILL_ROUNDS` says how often a server is killed under load (4 by default).

use gridbeat_e2e::{Gridbeat, Server, gridbeat, postgres::Postgres, run, town, two_servers::TwoServers};
use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;

fn rounds() -> u64 {
    std::env::var("GRIDBEAT_KILL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4)
}

/// A number that is another one each time.
fn anything(below: u64) -> u64 {
    static STATE: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mixed = (now ^ STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 31)) % below
}

/// What was acknowledged: id → the feature as answered last, or that it was deleted.
type Acknowledged = Vec<(u64, Option<Value>)>;

/// Writers at a server until it is gone; what it acknowledged.
fn write_until_gone(server: &Server, gone: &AtomicBool, tag: &str) -> Acknowledged {
    let all = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for w in 0..8_u64 {
            let all = &all;
            s.spawn(move || {
                for i in 1_u64.. {
                    if gone.load(Relaxed) {
                        return;
                    }
                    let place = [120.3005 + 0.0001 * (i % 100) as f64, 31.5005 + 0.0001 * w as f64];
                    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": place},
                        "properties": {"category": "noise", "code": format!("{tag}-{w}-{i}")}});
                    let items = "/api/collections/incidents/items";
                    let Ok(made) = server.request("POST", items).geojson(&feature).try_send() else { return };
                    let (etag, made) = (made.header("etag").unwrap().to_owned(), made.is(201).feature());
                    let id = made["id"].as_u64().unwrap();
                    all.lock().unwrap().push((id, Some(made)));
                    let one = format!("{items}/{id}");
                    // Every third is changed, every fifth deleted: what was asked for and not answered may
                    // or may not be there, so it is not looked at afterwards.
                    let forget = || all.lock().unwrap().retain(|(known, _)| *known != id);
                    if i % 3 == 0 {
                        forget();
                        let body = json!({"properties": {"title": format!("changed {i}")}});
                        let patch = server.request("PATCH", &one).header("if-match", &etag);
                        let Ok(changed) =
                            patch.body("application/merge-patch+json", body.to_string()).try_send()
                        else {
                            return;
                        };
                        all.lock().unwrap().push((id, Some(changed.is(200).feature())));
                    } else if i % 5 == 0 {
                        forget();
                        let delete = server.request("DELETE", &one).header("if-match", &etag);
                        let Ok(deleted) = delete.try_send() else { return };
                        deleted.is(204);
                        all.lock().unwrap().push((id, None));
                    }
                }
            });
        }
    });
    all.into_inner().unwrap()
}

/// Kills servers under load, and looks for what they acknowledged.
fn kill_again_and_again(g: &Gridbeat, mut between: impl FnMut(u64)) {
    let mut acknowledged: Acknowledged = Vec::new();
    for round in 0..rounds() {
        let server = g.serve();
        let gone = AtomicBool::new(false);
        let after = Duration::from_millis(50 + anything(950));
        let pid = server.pid().to_string();
        std::thread::scope(|s| {
            let writing = s.spawn(|| write_until_gone(&server, &gone, &format!("R{round}")));
            std::thread::sleep(after);
            assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
            gone.store(true, Relaxed);
            acknowledged.extend(writing.join().unwrap());
        });
        server.kill();
        between(round);
        let server = g.serve();
        for (id, kept) in &acknowledged {
            let found = server.get(&format!("/api/collections/incidents/items/{id}"));
            match kept {
                Some(feature) => {
                    assert_eq!(found.is(200).feature(), *feature, "round {round}, after {after:?}")
                }
                None => drop(found.is(404)),
            }
        }
        server.stop();
        g.run("verify", &[]).ok();
        // Later rounds look at the latest only, or fifty rounds would look at everything fifty times.
        acknowledged.drain(..acknowledged.len().saturating_sub(500));
    }
    assert!(!acknowledged.is_empty(), "nothing was acknowledged at all");
}

#[test]
fn a_geopackage_keeps_what_it_acknowledged_when_its_server_is_killed() {
    let g = town::built();
    kill_again_and_again(&g, |_| {});
}

#[test]
fn postgis_keeps_what_it_acknowledged_when_servers_are_killed() {
    let mut postgres = Postgres::start();
    let g = Gridbeat::at(&postgres.database("town"));
    town::import_into(&g);
    // Every other time PostgreSQL itself goes down without a checkpoint.
    kill_again_and_again(&g, |round| {
        if round % 2 == 1 {
            postgres.stop(true);
            postgres.start_again();
        }
    });
}

/// So do tables over two servers, of which now the one, now the other goes down besides.
#[test]
fn two_servers_keep_what_they_acknowledged_when_gridbeat_is_killed() {
    let TwoServers { mut home, mut further, url } = TwoServers::start();
    let g = Gridbeat::at(&url);
    town::import_into(&g);
    kill_again_and_again(&g, |round| {
        let down = match round % 3 {
            0 => return,
            1 => &mut home,
            _ => &mut further,
        };
        down.stop(true);
        down.start_again();
    });
}

#[test]
fn the_sync_comes_before_the_answer() {
    let g = town::built();
    let trace = g.dir().join("trace");
    let serve = g.serve_command();
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-y",
        "-s",
        "80",
        "-e",
        "trace=fsync,fdatasync,recvfrom,read,sendto,write,writev",
        "-o",
    ]);
    command.arg(&trace).args(&serve).args(["--listen", "127.0.0.1:0"]);
    let server = Server::start(command);
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    for _ in 0..5 {
        server.post("/api/collections/incidents/items", &feature).is(201);
    }
    // strace hands SIGTERM on to nobody; the server is told directly.
    let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.pid())).unwrap();
    assert!(Command::new("kill").arg("-TERM").args(children.split_whitespace()).status().unwrap().success());
    server.wait();
    let trace = std::fs::read_to_string(&trace).unwrap();
    let (mut asked, mut synced, mut answered) = (false, false, 0);
    for line in trace.lines() {
        let log_synced =
            line.contains("sync(") && line.contains("city.gpkg-wal") && !line.contains("unfinished");
        if line.contains("\"POST /api/collections") {
            (asked, synced) = (true, false);
        } else if asked && (log_synced || line.contains("sync resumed")) {
            synced = true;
        } else if asked && line.contains("HTTP/1.1 201") {
            assert!(synced, "answered before the sync:\n{trace}");
            (asked, answered) = (false, answered + 1);
        }
    }
    assert_eq!(answered, 5, "the answers were not all seen:\n{trace}");
}

#[test]
fn postgis_syncs_every_commit_even_if_the_database_says_otherwise() {
    let postgres = Postgres::start();
    let g = Gridbeat::at(&postgres.database("town"));
    postgres.psql("postgres", "ALTER DATABASE town SET synchronous_commit = off");
    town::import_into(&g);
    let server = g.serve();
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    // What each commit must have on the disk before its answer: the log as far as it was written.
    for _ in 0..5 {
        server.post("/api/collections/incidents/items", &feature).is(201);
        let behind = "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()";
        let behind: f64 = postgres.psql("town", behind).parse().unwrap();
        assert!(behind < 200.0, "{behind} bytes were not synced when the write was answered");
    }
    server.stop();
}

/// A file with so many addresses that importing them takes a while.
fn many_addresses(g: &Gridbeat) -> std::path::PathBuf {
    let mut csv = String::from("code,text,lon,lat\n");
    for i in 0..150_000 {
        csv.push_str(&format!(
            "M{i},示例区观山街道第{i}号,{:.5},{:.5}\n",
            120.3 + f64::from(i % 250) * 1e-4,
            31.5 + f64::from(i / 250) * 1e-4
        ));
    }
    g.file("many.csv", csv)
}

fn kill_imports(g: &Gridbeat) {
    let many = many_addresses(g);
    let before = g.checksum();
    for round in 0..rounds() {
        let args = ["import", "--store", g.store(), "--layer", "address", "--region", "3202"];
        let mut import = gridbeat(args);
        let mut child = import.arg(&many).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + anything(400)));
        assert!(
            child.try_wait().unwrap().is_none(),
            "the import is too quick to be killed: give it more rows"
        );
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(g.checksum(), before, "round {round}: an import that was killed left something");
    }
    g.run("verify", &[]).ok();
    g.import("address", &many, &["--region", "3202"]).ok();
}

#[test]
fn nothing_is_there_of_an_import_that_was_killed() {
    kill_imports(&town::built());
}

#[test]
fn nor_in_postgis() {
    let postgres = Postgres::start();
    let g = Gridbeat::at(&postgres.database("town"));
    town::import_into(&g);
    kill_imports(&g);
}

#[test]
fn a_full_disk_is_said_and_leaves_the_store_as_it_was() {
    let g = town::built();
    let many = many_addresses(&g);
    let before = g.checksum();
    let size = std::fs::metadata(g.store()).unwrap().len() / 1024 + 200;
    // No file may grow beyond so many KiB: what a full disk, or a quota, looks like to the process.
    let import = gridbeat(["import", "--store", g.store(), "--layer", "address", "--region", "3202"]);
    let words: Vec<String> = std::iter::once(import.get_program())
        .chain(import.get_args())
        .map(|w| format!("'{}'", w.to_str().unwrap()))
        .collect();
    let script =
        format!("trap '' XFSZ; ulimit -f {}; exec {} '{}'", size * 2, words.join(" "), many.display());
    let mut sh = Command::new("sh");
    sh.args(["-c", &script]);
    let failed = run(sh).exits(3);
    assert!(failed.said("disk"), "{failed}");
    assert_eq!(g.checksum(), before);
    g.run("verify", &[]).ok();
    g.import("address", &many, &["--region", "3202"]).ok();
}

#[test]
fn a_server_on_a_full_disk_refuses_writes_and_goes_on_reading() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("skipped: a small disk can only be mounted as root");
        return;
    };
    let built = town::built();
    let store = disk.path().join("city.gpkg");
    std::fs::copy(built.store(), &store).unwrap();
    let g = Gridbeat::at(store.to_str().unwrap());
    let server = g.serve();
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise", "title": "x".repeat(1900)}});
    let post = || server.post("/api/collections/incidents/items", &feature);
    let mut kept = vec![post().is(201).feature()];
    // Somebody else's file takes the room that was left.
    let _ = std::fs::write(disk.path().join("filler"), vec![0; 64 << 20]);
    let refused = loop {
        let reply = post();
        match reply.status {
            201 => kept.push(reply.feature()),
            _ => break reply,
        }
        assert!(kept.len() < 10_000, "the disk never was full");
    };
    let refused = refused.problem(503, "disk is full");
    assert!(refused.header("retry-after").is_some());
    server.get("/api/locate?lon=120.3005&lat=31.5005").is(200);
    std::fs::remove_file(disk.path().join("filler")).unwrap();
    kept.push(post().is(201).feature());
    server.stop_after_trouble();
    g.run("verify", &[]).ok();
    let server = g.serve();
    for feature in kept {
        let path = format!("/api/collections/incidents/items/{}", feature["id"]);
        assert_eq!(server.get(&path).is(200).feature(), feature);
    }
    server.stop();
}

/// A file system of a few megabytes, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let dir = TempDir::with_prefix("gridbeat-disk-").unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(dir.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|s| s.success()).then(|| Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}
