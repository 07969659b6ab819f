//! How fast a file is read, and in how much memory.
//!
//! `cargo run --release -p gridbeat-ingest --example rows_per_second -- address city/address.csv [ZONE HOURS]`

use gridbeat_ingest::{Options, Problem, open};
use gridbeat_onemap::record::LayerKind;
use std::{error::Error, path::PathBuf, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(layer), Some(file)) = (args.next(), args.next()) else {
        return Err("usage: rows_per_second LAYER FILE [ZONE HOURS]".into());
    };
    let mut options = Options::new(layer.parse::<LayerKind>()?);
    if let Some(hours) = args.next() {
        options.tz = Some(jiff::tz::TimeZone::fixed(jiff::tz::offset(hours.parse()?)));
    }
    let start = Instant::now();
    let mut import = open(&PathBuf::from(file), options)?;
    let opened = start.elapsed();
    for note in import.notes() {
        println!("{note}");
    }
    let mut shown = 0;
    for item in import.by_ref() {
        match item {
            Ok(_) => {}
            Err(Problem::Reject(r)) => {
                shown += 1;
                if shown <= 5 {
                    println!("rejected: {r}");
                }
            }
            Err(Problem::Fatal(e)) => return Err(e.into()),
        }
    }
    let (report, all) = (import.report(), start.elapsed());
    println!(
        "{} rows, {} rejected, in {:.2} s ({:.2} s of it to open): {:.0} rows/s; {}",
        report.read,
        report.rejected,
        all.as_secs_f64(),
        opened.as_secs_f64(),
        report.read as f64 / all.as_secs_f64(),
        peak_memory().unwrap_or_default()
    );
    Ok(())
}

/// The most memory the process held, as Linux tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    Some(line.split_whitespace().collect::<Vec<_>>().join(" "))
}
