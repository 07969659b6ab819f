//! Writes a synthetic city: `write district|city|province SEED FOLDER`.

use gridbeat_synth::{Options, write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let mut next =
        |what: &str| words.next().ok_or_else(|| format!("expected {what}: write SCALE SEED FOLDER"));
    let options = Options {
        scale: next("a scale")?.parse()?,
        seed: next("a seed")?.parse()?,
        out: next("a folder")?.into(),
    };
    let start = Instant::now();
    let summary = write(&options, &|file, rows, of| eprint!("\r{file:<14}{rows:>12} of {of:<12}"))?;
    eprintln!("\r{:.1} s{:40}", start.elapsed().as_secs_f64(), "");
    print!("{}", summary.to_json());
    Ok(())
}
