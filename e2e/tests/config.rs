//! Settings: a file, the environment, flags.

use gridbeat_e2e::{Gridbeat, town};

#[test]
fn what_holds_is_shown_with_its_reason_and_without_secrets() {
    let g = Gridbeat::new();
    let file = g.file(
        "gridbeat.toml",
        "store = 'postgres://map:hush@db.internal/city?password=hush'\ntile_cache_mb = 64\nlog = 'warn'\n",
    );
    let run = Gridbeat::bare(["config", "check", "--config", file.to_str().unwrap(), "--log", "debug"]).ok();
    assert!(!run.said("hush"), "{run}");
    let run =
        run.says("postgres://map:***@db.internal/city").says("tile_cache_mb = 64").says("gridbeat.toml");
    let run = run.says("# --log").says("listen = \"127.0.0.1:8080\"").says("# default");
    assert!(run.text().lines().filter(|l| l.starts_with("log = \"debug\"")).count() == 1, "{run}");
    let json = Gridbeat::bare(["config", "check", "--config", file.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!(json["tile_cache_mb"]["value"], "64");
    assert_eq!(json["title"]["from"], "default");

    let wrong = g.file("wrong.toml", "lissten = '127.0.0.1:0'\n");
    Gridbeat::bare(["config", "check", "--config", wrong.to_str().unwrap()])
        .exits(1)
        .says("did you mean “listen”?");
    g.run("serve", &["--config", wrong.to_str().unwrap()]).exits(2).says("did you mean “listen”?");
    let nothing = g.file("basemap.toml", "[basemap]\npmtiles = '/no/such.pmtiles'\n");
    Gridbeat::bare(["config", "check", "--config", nothing.to_str().unwrap()])
        .exits(1)
        .says("/no/such.pmtiles");
    Gridbeat::bare(["config", "check", "--listen", "0.0.0.0:80"]).exits(1).says("loopback");
    Gridbeat::bare(["config", "check", "--tile-cache-mb", "much"]).exits(1).says("--tile-cache-mb");
    Gridbeat::bare(["config", "check", "--config", "/no/such.toml"]).exits(1).says("/no/such.toml");
}

#[test]
fn the_log_can_be_read_by_programs() {
    let g = town::built();
    let server = g.serve_with(&["--log-format", "json", "--title", "示例市"]);
    server.get("/healthz").is(200);
    let log = server.stop();
    assert!(!log.is_empty());
    for line in log {
        let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(entry["level"].is_string() && entry["timestamp"].is_string(), "{line}");
    }
}
