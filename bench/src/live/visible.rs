//! From sending a report until a question finds it and a reader of the stream has heard of it.

use super::{listen::Listeners, p99, write::Reporter};
use crate::{
    case::{Measured, Unit},
    served::Served,
};
use gridbeat_synth::Scale;
use std::{
    collections::HashMap,
    thread,
    time::{Duration, Instant},
};

/// Reports.
const REPORTS: usize = 500;

pub fn run() -> Result<Measured, String> {
    let served = Served::demo(Scale::City)?;
    let reporter = Reporter::new(&served)?;
    let listeners = Listeners::open(served.address, 1)?;
    let mut sent = HashMap::new();
    for i in 0..REPORTS {
        let start = Instant::now();
        let fid = reporter.report(i)?;
        if !reporter.finds(i, fid)? {
            return Err(format!("incident {fid} was answered, and a question does not find it"));
        }
        sent.insert(fid, (start, start.elapsed()));
    }
    thread::sleep(Duration::from_millis(500));
    let heard: HashMap<u64, Instant> = listeners.close()?.into_iter().flatten().collect();
    let mut times = Vec::new();
    for (fid, (start, found)) in sent {
        let heard = heard.get(&fid).ok_or_else(|| format!("the stream did not tell of incident {fid}"))?;
        times.push(found.max(heard.duration_since(start)));
    }
    Ok(Measured { ours: p99(times), peer: None, unit: Unit::Milliseconds })
}
