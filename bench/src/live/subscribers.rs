//! 2,000 readers of the stream, 100 changes a second: from sending a report until each has heard of it.

use super::{listen::Listeners, p99, write::Reporter};
use crate::{
    case::{Measured, Unit},
    served::Served,
};
use gridbeat_synth::Scale;
use std::{
    collections::HashMap,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

const READERS: usize = 2000;
const A_SECOND: usize = 100;
const SECONDS: usize = 20;
/// So many write at a time, so that a slow answer does not hold up the next report.
const WRITERS: usize = 8;

pub fn run() -> Result<Measured, String> {
    let served = Served::demo(Scale::City)?;
    let reporters: Vec<Reporter<'_>> =
        (0..WRITERS).map(|_| Reporter::new(&served)).collect::<Result<_, _>>()?;
    let listeners = Listeners::open(served.address, READERS)?;
    let sent: Mutex<HashMap<u64, Instant>> = Mutex::default();
    let begin = Instant::now();
    thread::scope(|scope| {
        let write = |writer: usize, reporter: &Reporter<'_>| -> Result<(), String> {
            for i in (writer..A_SECOND * SECONDS).step_by(WRITERS) {
                let due = begin + Duration::from_secs(1) * i as u32 / A_SECOND as u32;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let start = Instant::now();
                let fid = reporter.report(i)?;
                sent.lock().map_err(|e| e.to_string())?.insert(fid, start);
            }
            Ok(())
        };
        let writers: Vec<_> =
            reporters.iter().enumerate().map(|(w, r)| scope.spawn(move || write(w, r))).collect();
        writers.into_iter().try_for_each(|w| w.join().map_err(|_| "a writer panicked".to_owned())?)
    })?;
    let took = begin.elapsed().as_secs_f64();
    if took > SECONDS as f64 * 1.2 {
        return Err(format!("{} changes took {took:.1} s instead of {SECONDS}", A_SECOND * SECONDS));
    }
    thread::sleep(Duration::from_secs(2));
    let heard = listeners.close()?;
    let sent = sent.into_inner().map_err(|e| e.to_string())?;
    let mut times = Vec::with_capacity(READERS * sent.len());
    for (i, heard) in heard.into_iter().enumerate() {
        if heard.len() != sent.len() {
            return Err(format!("reader {i} heard of {} changes out of {}", heard.len(), sent.len()));
        }
        for (fid, at) in heard {
            let start = sent.get(&fid).ok_or_else(|| format!("nobody reported incident {fid}"))?;
            times.push(at.duration_since(*start));
        }
    }
    Ok(Measured { ours: p99(times), peer: None, unit: Unit::Milliseconds })
}
