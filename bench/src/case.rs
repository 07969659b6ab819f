//! What a case is, how it is timed and printed.

use std::time::Instant;

/// A measurement of ours against a peer.
pub struct Case {
    /// `group/scale`.
    pub name: &'static str,
    /// Who we are measured against; empty without a peer.
    pub peer_name: &'static str,
    /// Checks that both answer alike, then measures; an error says how they differ.
    pub run: fn() -> Result<Measured, String>,
}

/// Two medians in the same unit.
pub struct Measured {
    pub ours: f64,
    /// `None` without a peer.
    pub peer: Option<f64>,
    pub unit: Unit,
}

/// What is measured; decides which way is better.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Less is better.
    Milliseconds,
    /// Less is better.
    Megabytes,
    /// Less is better: for each point.
    BytesEach,
    /// More is better.
    PerSecond,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Megabytes => "MB",
            Self::BytesEach => "B",
            Self::PerSecond => "1/s",
        }
    }
}

impl Case {
    /// One line for the result: JSON, or for people.
    pub fn line(&self, m: &Measured, json: bool) -> String {
        let ratio = m.peer.map(|peer| match m.unit {
            Unit::Milliseconds | Unit::Megabytes | Unit::BytesEach => peer / m.ours,
            Unit::PerSecond => m.ours / peer,
        });
        if json {
            return serde_json::json!({
                "case": self.name, "ours": m.ours, "peer": m.peer,
                "peer_name": m.peer.map(|_| self.peer_name), "unit": m.unit.as_str(), "ratio": ratio,
            })
            .to_string();
        }
        let ours = format!("{:<24} {:>14.1} {}", self.name, m.ours, m.unit.as_str());
        match (m.peer, ratio) {
            (Some(peer), Some(ratio)) => {
                format!("{ours} against {peer:>14.1} ({}): {ratio:.1}×", self.peer_name)
            }
            _ => ours,
        }
    }
}

/// Runs of each side.
const RUNS: usize = 5;

/// The median milliseconds of both sides, run in turn so that a noisy machine is noisy to both.
pub fn in_turn<A, B>(mut ours: impl FnMut() -> A, mut peer: impl FnMut() -> B) -> (f64, f64) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        times[0].push(milliseconds(&mut ours));
        times[1].push(milliseconds(&mut peer));
    }
    let [a, b] = times.map(median);
    (a, b)
}

/// The same where the peer times itself and may fail.
pub fn in_turn_timed<A>(
    mut ours: impl FnMut() -> A,
    mut peer: impl FnMut() -> Result<f64, String>,
) -> Result<(f64, f64), String> {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        times[0].push(milliseconds(&mut ours));
        times[1].push(peer()?);
    }
    let [a, b] = times.map(median);
    Ok((a, b))
}

/// The median milliseconds of one side.
pub fn alone<A>(mut ours: impl FnMut() -> A) -> f64 {
    median((0..RUNS).map(|_| milliseconds(&mut ours)).collect())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn milliseconds<T>(run: &mut impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(run());
    start.elapsed().as_secs_f64() * 1e3
}
