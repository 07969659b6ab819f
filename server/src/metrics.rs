//! A few true counters, in the text format of Prometheus.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// Counted since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the first digit of their status, 1xx to 5xx.
    by_class: [AtomicU64; 5],
    tile_hits: AtomicU64,
    tile_misses: AtomicU64,
}

impl Metrics {
    /// An answer was given.
    pub fn answered(&self, status: u16) {
        if let Some(counter) = self.by_class.get(usize::from(status / 100).wrapping_sub(1)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// A tile was taken from the cache, or made.
    pub fn tile(&self, hit: bool) {
        if hit { &self.tile_hits } else { &self.tile_misses }.fetch_add(1, Relaxed);
    }

    /// The page at `/metrics`. `change` is the number of the last change applied, `streams` the number
    /// of open streams, `healthy` whether the store is being followed.
    pub fn page(&self, change: u64, streams: usize, healthy: bool) -> String {
        let mut out = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, values: &[(String, u64)]| {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n"); // To memory: cannot fail.
            for (labels, value) in values {
                let _ = writeln!(out, "{name}{labels} {value}");
            }
        };
        let classes: Vec<_> = self
            .by_class
            .iter()
            .enumerate()
            .map(|(i, c)| (format!("{{class=\"{}xx\"}}", i + 1), c.load(Relaxed)))
            .collect();
        metric("gridbeat_http_responses_total", "counter", "Answers by class of status.", &classes);
        let tiles = [
            ("{cache=\"hit\"}".to_owned(), self.tile_hits.load(Relaxed)),
            ("{cache=\"miss\"}".to_owned(), self.tile_misses.load(Relaxed)),
        ];
        metric("gridbeat_tiles_total", "counter", "Tiles answered, from the cache or made.", &tiles);
        let plain = |value| [(String::new(), value)];
        metric("gridbeat_change_applied", "gauge", "Number of the last change on the map.", &plain(change));
        metric("gridbeat_streams", "gauge", "Open event streams.", &plain(streams as u64));
        metric(
            "gridbeat_store_followed",
            "gauge",
            "1 while the store's log can be read.",
            &plain(healthy.into()),
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_what_was_counted() {
        let metrics = Metrics::default();
        metrics.answered(204);
        metrics.answered(404);
        metrics.answered(200);
        metrics.tile(true);
        metrics.answered(999);
        let page = metrics.page(7, 2, true);
        for line in [
            "gridbeat_http_responses_total{class=\"2xx\"} 2",
            "gridbeat_http_responses_total{class=\"4xx\"} 1",
            "gridbeat_tiles_total{cache=\"hit\"} 1",
            "gridbeat_change_applied 7",
            "gridbeat_streams 2",
            "gridbeat_store_followed 1",
        ] {
            assert!(page.lines().any(|l| l == line), "{line}\n{page}");
        }
    }
}
