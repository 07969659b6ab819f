//! Backups, and what `verify` finds.

use gridbeat_e2e::{Gridbeat, oracle, postgres::Postgres, town};
use serde_json::json;
use std::path::Path;

fn backup(g: &Gridbeat, name: &str) -> std::path::PathBuf {
    let out = g.dir().join(name);
    g.run("backup", &["--out", out.to_str().unwrap()]).ok();
    out
}

fn restore(into: &Gridbeat, file: &Path) -> gridbeat_e2e::Run {
    into.run("restore", &[file.to_str().unwrap()])
}

#[test]
fn a_backup_goes_back_into_either_backend() {
    let postgres = Postgres::start();
    let (g, p) = (town::built(), Gridbeat::at(&postgres.database("town")));
    let file = backup(&g, "town.backup");
    restore(&p, &file).ok().says(&g.checksum());
    assert_eq!(p.checksum(), g.checksum());
    // And what PostGIS backs up comes back as a file, with everything that was written meanwhile.
    let server = p.serve();
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    server.post("/api/collections/incidents/items", &feature).is(201);
    let file = backup(&p, "later.backup");
    let made = server.post("/api/collections/incidents/items", &feature).is(201).feature();
    server.stop();
    let again = Gridbeat::new();
    restore(&again, &file).ok();
    assert_ne!(again.checksum(), p.checksum(), "the last incident came after the backup");
    // The store goes on where the backup ended: the same number again, since nothing here ever had it.
    let server = again.serve();
    let next = server.post("/api/collections/incidents/items", &feature).is(201).feature();
    assert_eq!(next["id"], made["id"]);
    server.stop();
    assert_eq!(again.checksum().len(), 64);
}

#[test]
fn a_backup_while_the_store_is_written_to_is_one_moment_of_it() {
    let g = town::built();
    let server = g.serve();
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    std::thread::scope(|s| {
        let writer = s.spawn(|| {
            for _ in 0..40 {
                server.post("/api/collections/incidents/items", &feature).is(201);
            }
        });
        for i in 0..3 {
            let file = backup(&g, &format!("{i}.backup"));
            let again = Gridbeat::new();
            restore(&again, &file).ok();
            again.run("verify", &[]).ok();
        }
        writer.join().unwrap();
    });
    server.stop();
}

#[test]
fn only_a_whole_backup_into_an_empty_store() {
    let g = town::built();
    let before = g.checksum();
    let file = backup(&g, "town.backup");
    g.run("backup", &["--out", file.to_str().unwrap()]).exits(1).says("is there already");
    restore(&g, &file).exits(1).says("not empty");
    let again = Gridbeat::new();
    restore(&again, Path::new(g.store())).exits(1).says("no checksum");
    restore(&again, &g.file("notes.txt", "my notes")).exits(1).says("not a whole backup");

    // A cell that changed without SQLite noticing.
    let broken = g.dir().join("broken.backup");
    std::fs::copy(&file, &broken).unwrap();
    oracle::ask("sql.py", &[broken.to_str().unwrap(), "UPDATE beats SET name = 'X' WHERE code = 'B1'"]);
    restore(&again, &broken).exits(1).says("checksum");
    // Bytes that were lost on the way.
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0);
    std::fs::write(&broken, &bytes).unwrap();
    restore(&again, &broken).exits(1).says("not a whole backup");
    bytes.truncate(middle);
    std::fs::write(&broken, &bytes).unwrap();
    restore(&again, &broken).exits(1).says("not a whole backup");

    assert!(!Path::new(again.store()).exists(), "nothing was made");
    let left: Vec<_> = std::fs::read_dir(again.dir()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(g.checksum(), before);
}

#[test]
fn verify_names_what_is_wrong() {
    let g = town::built();
    g.run("verify", &[]).ok().says("last change");
    for (sql, word) in [
        ("UPDATE grids SET region = 3203 WHERE code = '320213025001001'", "region"),
        ("DELETE FROM rtree_addresses_geom_rowid", "r-tree"),
        ("DROP TRIGGER rtree_grids_geom_insert", "rtree_grids_geom_insert"),
        ("UPDATE addresses SET residents = 7 WHERE code = 'A1'", "3 rows of residents"),
        ("DELETE FROM gridbeat_changes WHERE n = 3", "change 4 follows 2"),
        ("UPDATE gridbeat_counters SET last = 99 WHERE name = 'change'", "99 were counted"),
        ("UPDATE incidents SET state = 'asleep' WHERE code = 'I1'", "asleep"),
        ("UPDATE beats SET parent = 'B1' WHERE code = 'B1'", "above itself"),
        ("UPDATE addresses SET geom = x'00' WHERE code = 'A2'", "cannot be read"),
    ] {
        let copy = g.dir().join("copy.gpkg");
        std::fs::copy(g.store(), &copy).unwrap();
        oracle::ask("sql.py", &[copy.to_str().unwrap(), sql]);
        let c = Gridbeat::at(copy.to_str().unwrap());
        c.run("verify", &[]).exits(1).says(word);
        assert!(c.run("verify", &["--json"]).exits(1).json()["faults"].as_u64() > Some(0), "{sql}");
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
    }
}
