//! `gridbeat synth`: the files of a synthetic city.

use super::progress::Progress;
use crate::error::CliError;
use gridbeat_synth::{Options, Scale};
use std::{cell::RefCell, collections::BTreeMap, path::PathBuf};

/// The seed when none is given.
pub const SEED: u64 = 3202;

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How much of it: district, city or province
    #[arg(long, default_value = "district")]
    scale: Scale,
    /// The same seed makes the same city
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Where to write
    #[arg(long)]
    out: PathBuf,
}

/// Writes the files.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    write(args.scale, args.seed, args.out.clone())
}

/// Writes the files of one city, with progress on stderr.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(scale: Scale, seed: u64, out: PathBuf) -> Result<(), CliError> {
    let files: RefCell<BTreeMap<&'static str, (u64, u64)>> = RefCell::default();
    let progress = Progress::rows("synthetic city");
    let options = Options { scale, seed, out };
    let done = gridbeat_synth::write(&options, &|file, done, expected| {
        let mut files = files.borrow_mut();
        files.insert(file, (done, expected));
        let (done, expected) = files.values().fold((0, 0), |(d, e), f| (d + f.0, e + f.1));
        progress.say(done, expected, file);
    });
    progress.finish();
    done.map(|_| ()).map_err(|e| CliError::Other(e.to_string()))
}
