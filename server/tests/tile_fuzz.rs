//! Any request for a tile is answered: with a tile, with nothing, or with what is wrong about it. Never with an
//! error of the server's own.
//!
//! `GRIDBEAT_FUZZ_MINUTES` makes it longer, as for the other fuzz tests.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    crowd::{Dice, crowd},
    encoded,
};
use std::time::{Duration, Instant};

/// Requests of a plain test run.
const FEW: usize = 1_500;

const SETS: [&str; 4] = ["WebMercatorQuad", "WorldCRS84Quad", "webmercatorquad", "%00"];
const LAYERS: [&str; 10] = [
    "grid",
    "beat_line,beat_label",
    "incident",
    "staff",
    "address,resident_density",
    "piece,grid,piece",
    "grids",
    "",
    "incident,,grid",
    "事件",
];
const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "12",
    "22",
    "23",
    "3416",
    "1669",
    "4294967295",
    "4294967296",
    "-1",
    "+3",
    "1e3",
    "",
    "99999999999999999999",
];
const VALUES: [&str; 16] = [
    "risk = 'red'",
    "on_duty = true",
    "residents > 2",
    "((((((",
    "S_INTERSECTS(geometry, BBOX(120.3, 31.5, 120.4, 31.6))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 0)))",
    "{\"op\":\"=\",\"args\":[1,1]}",
    "NOT NOT NOT 1 = 1",
    "code LIKE '%'",
    "../2026-06-15T00:00:00Z",
    "2026-06-15T00:00:00Z/2026-06-01T00:00:00Z",
    "..",
    "cql2-json",
    "\u{0}",
    "grids,incidents",
    "http://www.opengis.net/def/crs/EPSG/0/3857",
];
const NAMES: [&str; 9] =
    ["filter", "filter-lang", "filter-crs", "datetime", "collections", "f", "v", "FILTER", "limit"];

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_answered() {
    let minutes = std::env::var("GRIDBEAT_FUZZ_MINUTES").ok().and_then(|m| m.parse::<u64>().ok());
    let end = minutes.map(|m| Instant::now() + Duration::from_secs(60 * m));
    let seed = minutes.map_or(1, |_| std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_secs()));
    let town = crowd();
    let mut dice = Dice(seed);
    let (mut asked, mut served) = (0, 0);
    while end.map_or(asked < FEW, |end| Instant::now() < end) {
        let mut path = match dice.below(4) {
            0 => format!("/tiles/{}", encoded(dice.pick::<&str>(&LAYERS))),
            1 => format!("/api/tiles/{}", dice.pick(&SETS)),
            _ => format!(
                "/api/collections/{}/tiles/{}",
                dice.pick(&["incidents", "staff", "addresses", "grids", "none"]),
                dice.pick(&SETS)
            ),
        };
        // Half of them are tiles that there are: those around the sample, and the world.
        let numbers: [&str; 3] = match dice.below(4) {
            0 => ["0", "0", "0"],
            1 if path.starts_with("/tiles") => ["12", "3416", "1669"],
            1 => ["12", "1669", "3416"],
            _ => [(); 3].map(|()| *dice.pick(&NUMBERS)),
        };
        for number in numbers {
            path = format!("{path}/{number}");
        }
        if dice.below(5) == 0 {
            path.push_str(dice.pick::<&str>(&[".mvt", ".pbf", ".png", "/"]));
        }
        // Half of them ask for no more, since nearly all of what is said at random is wrong.
        for i in 0..dice.below(8).saturating_sub(4) {
            let (name, value) = (dice.pick(&NAMES), dice.pick(&VALUES));
            path = format!("{path}{}{name}={}", if i == 0 { "?" } else { "&" }, encoded(value));
        }
        let encoding = *dice.pick(&["", "gzip", "zstd", "*;q=0.5", "gzip;q=x", "identity;q=0"]);
        let reply =
            town.send("GET", &path, &[("accept-encoding", encoding), ("if-none-match", "W/\"")], "").await;
        let status = reply.status.as_u16();
        assert!(
            [200, 204, 400, 404, 405].contains(&status),
            "{status} for {path} (seed {seed}): {}",
            reply.text()
        );
        if status >= 400 {
            assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        }
        served += usize::from(status == 200);
        asked += 1;
    }
    assert!(served * 20 > asked, "only {served} of {asked} were served");
}
