//! The same house on PostgreSQL with PostGIS.

use gridbeat_e2e::{Gridbeat, postgres::Postgres, town};
use serde_json::json;

#[test]
fn postgis_answers_as_a_geopackage_does() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let g = town::built();

    let (by_postgis, by_geopackage) = (p.run("overlay", &[]).ok(), g.run("overlay", &[]).ok());
    assert_eq!(by_postgis.text(), by_geopackage.text());
    let points = g.file("points.csv", "lon,lat\n120.3005,31.5005\n120.3175,31.5055\n");
    assert_eq!(p.locate(&points, &[]).ok().text(), g.locate(&points, &[]).ok().text());

    let (on_p, on_g) = (p.serve(), g.serve());
    for path in [
        "/api/locate?lon=120.3005&lat=31.5005",
        "/api/search?q=%E6%B9%96%E4%B8%9C",
        "/api/search?q=%E5%B1%B1%E5%8C%97%E8%B7%AF",
    ] {
        assert_eq!(on_p.get(path).is(200).json(), on_g.get(path).is(200).json(), "{path}");
    }
    for collection in ["grids", "beats", "pieces", "addresses", "incidents", "staff"] {
        let path = format!("/api/collections/{collection}/items");
        let (a, b) = (on_p.get(&path).is(200).json(), on_g.get(&path).is(200).json());
        assert_eq!(a["features"], b["features"], "{path}");
    }
    for tile in ["/tiles/grid,beat,piece/13/6833/3339", "/tiles/address,incident/14/13667/6680"] {
        assert_eq!(on_p.get(tile).content(), on_g.get(tile).content(), "{tile}");
    }
    on_p.stop();
    on_g.stop();

    // And PostGIS itself finds nothing to say against what is stored.
    let invalid = "SELECT count(*) FROM grids WHERE NOT ST_IsValid(geom)";
    assert_eq!(postgres.psql("town", invalid), "0");
}

#[test]
fn an_incident_survives_a_restart_and_reaches_another_node() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);

    let (one, two) = (p.serve(), p.serve());
    let told = two.listen("", None);
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise", "code": "N1"}});
    let made = one.post("/api/collections/incidents/items", &feature).is(201).feature();
    let change = told.expect_change("incidents", "insert");
    assert_eq!(change.data["fid"], made["id"]);
    let path = format!("/api/collections/incidents/items/{}", made["id"]);
    assert_eq!(two.get(&path).is(200).feature(), made, "the other node has it");
    two.post("/api/collections/incidents/items", &feature).problem(409, "N1");
    one.stop();
    two.stop();

    let again = p.serve();
    assert_eq!(again.get(&path).is(200).feature(), made);
    again.stop();
}

#[test]
fn a_failed_import_leaves_postgis_as_it_was() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let before = p.checksum();
    let broken = p.file("broken.geojson", &town::grids()[..town::grids().len() / 2]);
    p.import("grid", &broken, &["--replace", "--region", "3202"]).exits(1).says("broken.geojson");
    assert_eq!(p.checksum(), before);
}

#[test]
fn a_server_that_is_not_there_is_said() {
    let g = Gridbeat::at("postgres://nobody@127.0.0.1:1/none");
    let run = g.run("overlay", &[]).exits(3);
    assert!(run.said("database") || run.said("connect") || run.said("postgres"), "{run}");
}
