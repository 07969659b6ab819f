//! The page at `/metrics`.

use super::Metrics;
use crate::live::Live;
use std::{fmt::Write, sync::atomic::Ordering::Relaxed};

/// What is known of the map and the store as the page is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The number of the last change applied.
    pub change: u64,
    /// Changes in the log that are not on the map yet.
    pub behind: u64,
    /// Open streams.
    pub streams: usize,
    /// Sequences of features that are being read.
    pub sequences: usize,
    /// Whether the log can be read.
    pub followed: bool,
    /// Whether the node is ready.
    pub ready: bool,
    /// Rows on the map, by collection.
    pub rows: Vec<(&'static str, u64)>,
    /// Tiles kept, and their bytes.
    pub tiles: (u64, u64),
    /// Name, most, used and idle connections of each pool.
    pub pools: Vec<(&'static str, usize, usize, usize)>,
    /// Bytes of memory that the process takes; `None` where that is not told.
    pub memory: Option<u64>,
}

impl State {
    /// As it is now.
    pub fn of(live: &Live) -> Self {
        let applied = live.applied();
        let snapshot = live.now();
        let reader = snapshot.map.read(live.scope());
        let sides = gridbeat_onemap::record::Side::BOTH;
        let [grids, beats] = sides.map(|side| reader.layer(side).areas().len() as u64);
        Self {
            change: applied.change,
            behind: live.behind(),
            streams: live.feed().listeners(),
            sequences: live.turns().open(),
            followed: applied.healthy,
            ready: live.is_ready(),
            rows: vec![
                ("grids", grids),
                ("beats", beats),
                ("pieces", reader.overlay().pieces().len() as u64),
                ("addresses", reader.addresses().len() as u64),
                ("incidents", reader.incidents().len() as u64),
                ("staff", reader.staff().len() as u64),
            ],
            tiles: live.tiles().size(),
            pools: live.store().pools().into_iter().map(|p| (p.name, p.most, p.used, p.idle)).collect(),
            memory: resident_bytes(),
        }
    }
}

/// The resident set of this process (proc(5): `statm` counts pages, of 4 KiB on what we run on).
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    statm.split(' ').nth(1)?.parse::<u64>().ok().map(|pages| pages * 4096)
}

/// One metric: name, kind, help, and its values with their labels.
type Metric<'a> = (&'a str, &'a str, &'a str, Vec<(String, u64)>);

impl Metrics {
    /// The page.
    pub fn page(&self, state: &State) -> String {
        let plain = |value: u64| vec![(String::new(), value)];
        let classes = self.by_class.iter().enumerate();
        let tiles = [("hit", &self.tile_hits), ("miss", &self.tile_misses)];
        let pool = |pick: fn(&(&str, usize, usize, usize)) -> usize| {
            state.pools.iter().map(|p| (format!("{{pool=\"{}\"}}", p.0), pick(p) as u64)).collect()
        };
        let metrics: Vec<Metric<'_>> = vec![
            (
                "gridbeat_http_responses_total",
                "counter",
                "Answers by class of status.",
                classes.map(|(i, c)| (format!("{{class=\"{}xx\"}}", i + 1), c.load(Relaxed))).collect(),
            ),
            (
                "gridbeat_http_requests_in_flight",
                "gauge",
                "Requests that are being answered.",
                plain(self.in_flight.load(Relaxed)),
            ),
            (
                "gridbeat_tiles_total",
                "counter",
                "Tiles answered, from the cache or made.",
                tiles.map(|(word, c)| (format!("{{cache=\"{word}\"}}"), c.load(Relaxed))).to_vec(),
            ),
            ("gridbeat_tile_cache_tiles", "gauge", "Tiles kept.", plain(state.tiles.0)),
            ("gridbeat_tile_cache_bytes", "gauge", "Bytes that the tiles kept take.", plain(state.tiles.1)),
            (
                "gridbeat_change_applied",
                "gauge",
                "Number of the last change on the map.",
                plain(state.change),
            ),
            (
                "gridbeat_change_lag",
                "gauge",
                "Changes in the log that are not on the map yet.",
                plain(state.behind),
            ),
            (
                "gridbeat_rows",
                "gauge",
                "Rows on the map.",
                state.rows.iter().map(|(c, n)| (format!("{{collection=\"{c}\"}}"), *n)).collect(),
            ),
            ("gridbeat_streams", "gauge", "Open event streams.", plain(state.streams as u64)),
            (
                "gridbeat_sequences",
                "gauge",
                "Sequences of features that are being read.",
                plain(state.sequences as u64),
            ),
            (
                "gridbeat_sequences_left_total",
                "counter",
                "Sequences whose reader went away before their end.",
                plain(self.readers_left.load(Relaxed)),
            ),
            (
                "gridbeat_store_followed",
                "gauge",
                "1 while the store's log can be read.",
                plain(state.followed.into()),
            ),
            ("gridbeat_ready", "gauge", "1 while /readyz says so.", plain(state.ready.into())),
            ("gridbeat_store_connections_max", "gauge", "Connections there may be.", pool(|p| p.1)),
            ("gridbeat_store_connections_used", "gauge", "Connections in use.", pool(|p| p.2)),
            ("gridbeat_store_connections_idle", "gauge", "Connections that lie ready.", pool(|p| p.3)),
            (
                "process_resident_memory_bytes",
                "gauge",
                "Memory of the process.",
                state.memory.map(plain).unwrap_or_default(),
            ),
        ];
        let mut out = String::new();
        for (name, kind, help, values) in metrics {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n"); // To memory: cannot fail.
            for (labels, value) in values {
                let _ = writeln!(out, "{name}{labels} {value}");
            }
        }
        self.routes.write(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_what_was_counted() {
        let metrics = Metrics::default();
        for status in [204, 404, 200, 999] {
            metrics.answered(status);
        }
        metrics.tile(true);
        metrics.reader_left();
        let begun = metrics.begun();
        let state = State {
            change: 7,
            behind: 3,
            streams: 2,
            sequences: 4,
            followed: true,
            rows: vec![("grids", 5)],
            pools: vec![("writer", 1, 1, 0)],
            ..State::default()
        };
        let page = metrics.page(&state);
        drop(begun);
        for line in [
            "gridbeat_http_responses_total{class=\"2xx\"} 2",
            "gridbeat_http_responses_total{class=\"4xx\"} 1",
            "gridbeat_http_requests_in_flight 1",
            "gridbeat_tiles_total{cache=\"hit\"} 1",
            "gridbeat_change_applied 7",
            "gridbeat_change_lag 3",
            "gridbeat_rows{collection=\"grids\"} 5",
            "gridbeat_streams 2",
            "gridbeat_sequences 4",
            "gridbeat_sequences_left_total 1",
            "gridbeat_store_followed 1",
            "gridbeat_ready 0",
            "gridbeat_store_connections_used{pool=\"writer\"} 1",
        ] {
            assert!(page.lines().any(|l| l == line), "{line}\n{page}");
        }
        assert!(metrics.page(&State::default()).contains("requests_in_flight 0"));
    }
}
