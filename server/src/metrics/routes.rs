//! Answers by method, route and class of status, with how long they took.

use axum::http::Method;
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Upper bounds of the buckets, in seconds; the last is without end.
const BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// Of a route: the histogram of a method and a class of status, such as `GET` and `2`.
type Answers = (&'static str, u8, Arc<Histogram>);

/// Methods that are told apart; anybody may invent others, which would each need room.
static METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// A histogram for each route, method and class of status.
#[derive(Debug, Default)]
pub struct Routes(RwLock<BTreeMap<String, Vec<Answers>>>);

#[derive(Debug, Default)]
struct Histogram {
    /// Answers up to each bound, and above all.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Routes {
    /// An answer was begun after `took`. `route` is the pattern (`/tiles/{layers}/{z}/{x}/{y}`), so that there
    /// are as many labels as there are routes.
    pub fn took(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let class = (status / 100) as u8;
        let method = METHODS.iter().find(|m| *m == method).map_or("other", Method::as_str);
        let of = |all: &[Answers]| {
            all.iter().find(|(m, c, _)| *m == method && *c == class).map(|(.., h)| Arc::clone(h))
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(route).and_then(|all| of(all));
        let histogram = known.unwrap_or_else(|| {
            let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let all = routes.entry(route.to_owned()).or_default();
            of(all).unwrap_or_else(|| {
                all.push((method, class, Arc::default()));
                Arc::clone(&all[all.len() - 1].2)
            })
        });
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|&b| seconds <= b).unwrap_or(BOUNDS.len());
        histogram.buckets[bucket].fetch_add(1, Relaxed);
        histogram.micros.fetch_add(took.as_micros() as u64, Relaxed);
    }

    /// As Prometheus reads a histogram.
    pub(super) fn write(&self, out: &mut String) {
        const NAME: &str = "gridbeat_http_request_duration_seconds";
        // Writing to a String cannot fail.
        let _ = write!(out, "# HELP {NAME} How long answers took to begin.\n# TYPE {NAME} histogram\n");
        let routes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for (route, (method, class, h)) in routes.iter().flat_map(|(r, all)| all.iter().map(move |h| (r, h)))
        {
            let labels = format!("method=\"{method}\",route=\"{}\",class=\"{class}xx\"", escaped(route));
            let mut count = 0;
            for (i, bucket) in h.buckets.iter().enumerate() {
                count += bucket.load(Relaxed);
                let bound = BOUNDS.get(i).map_or_else(|| "+Inf".to_owned(), ToString::to_string);
                let _ = writeln!(out, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "{NAME}_sum{{{labels}}} {}", h.micros.load(Relaxed) as f64 / 1e6);
            let _ = writeln!(out, "{NAME}_count{{{labels}}} {count}");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let routes = Routes::default();
        for millis in [1, 3, 3, 700, 9000] {
            routes.took(&Method::GET, "/tiles/{x}", 200, Duration::from_millis(millis));
        }
        routes.took(&Method::GET, "/tiles/{x}", 503, Duration::ZERO);
        for name in ["BREW", "WHEN"] {
            routes.took(&name.parse().unwrap(), "/tiles/{x}", 405, Duration::ZERO);
        }
        let mut page = String::new();
        routes.write(&mut page);
        let labels = "method=\"GET\",route=\"/tiles/{x}\",class=\"2xx\"";
        for line in [
            format!("gridbeat_http_request_duration_seconds_bucket{{{labels},le=\"0.001\"}} 1"),
            format!("gridbeat_http_request_duration_seconds_bucket{{{labels},le=\"0.005\"}} 3"),
            format!("gridbeat_http_request_duration_seconds_bucket{{{labels},le=\"1\"}} 4"),
            format!("gridbeat_http_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} 5"),
            format!("gridbeat_http_request_duration_seconds_count{{{labels}}} 5"),
            format!("gridbeat_http_request_duration_seconds_sum{{{labels}}} 9.707"),
            "gridbeat_http_request_duration_seconds_count{method=\"other\",route=\"/tiles/{x}\",class=\"4xx\"} 2".to_owned(),
        ] {
            assert!(page.lines().any(|l| l == line), "{line}\n{page}");
        }
    }
}
