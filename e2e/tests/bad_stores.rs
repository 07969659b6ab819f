//! What is no file, no store, or no command.

use gridbeat_e2e::{
    Gridbeat,
    refused::{SQUARE, polygon},
    town,
};

#[test]
fn files_that_are_not_there_or_no_files() {
    let g = town::built();
    let before = g.checksum();
    let run = g.import("grid", &g.dir().join("absent.geojson"), &[]);
    assert!(run.code == 1 || run.code == 3, "{run}");
    run.says("absent.geojson");
    let folder = g.dir().join("folder.geojson");
    std::fs::create_dir(&folder).unwrap();
    let run = g.import("grid", &folder, &[]);
    assert!(run.code == 1 || run.code == 3, "{run}");
    run.says("folder.geojson");
    let good = g.file("good.geojson", polygon(SQUARE));
    g.import("Grid!", &good, &[]).exits(2).says("Grid!");
    g.run("import", &["--layer", "grid"]).exits(2).says("FILE");
    g.run("import", &["--layer", "grid", good.to_str().unwrap(), "--frobnicate"])
        .exits(2)
        .says("--frobnicate");
    Gridbeat::bare(["conquer"]).exits(2).says("conquer");
    assert_eq!(g.checksum(), before);
}

#[test]
fn what_is_no_store_stays_as_it_is() {
    let town = town::write();
    let g = Gridbeat::new();
    let notes = g.file("notes.gpkg", "my notes, not a database");
    let at = Gridbeat::at(notes.to_str().unwrap());
    for run in [
        at.import("grid", &town::file(&town, "grid.geojson"), &[]),
        at.run("overlay", &[]),
        at.run("check", &[]),
        at.run("serve", &["--listen", "127.0.0.1:0"]),
    ] {
        assert!(run.code == 1 || run.code == 3, "{run}");
        assert!(run.said("notes.gpkg"), "{run}");
    }
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), "my notes, not a database");
    let folder = Gridbeat::at("/no/such/folder/city.gpkg");
    let run = folder.import("grid", &town::file(&town, "grid.geojson"), &[]);
    assert!(run.code == 1 || run.code == 3, "{run}");
    let run = Gridbeat::at("city.txt").import("grid", &town::file(&town, "grid.geojson"), &[]);
    assert!(run.code == 1 || run.code == 2, "{run}");
    assert!(run.said("gpkg") && run.said("postgres"), "what a store may be:\n{run}");
}
