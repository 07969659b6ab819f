//! `gridbeat config check`: what holds, and why.

use crate::{
    config::{
        gather::{Flags, gather},
        report,
    },
    error::CliError,
};
use clap::Subcommand;
use std::path::PathBuf;

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reads the settings as `serve` would and prints what holds, and why; secrets are not shown
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Settings in TOML
    #[arg(long, value_name = "FILE", env = "GRIDBEAT_CONFIG")]
    config: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Checks the settings.
///
/// # Errors
/// [`CliError::BadInput`] when something is wrong with them.
pub fn run(args: &Args) -> Result<(), CliError> {
    let What::Check(args) = &args.what;
    let gathered = gather(args.config.as_deref(), &|name| std::env::var(name).ok(), &args.flags)
        .map_err(CliError::BadInput)?;
    // Whether it can be used is known only once it was opened.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::io("starting threads", &e))?;
    let basemap = runtime.block_on(gathered.config.basemap.clone().open());
    basemap.map_err(|e| CliError::BadInput(e.to_string()))?;
    if args.json {
        println!("{}", report::json(&gathered));
    } else {
        print!("{}", report::text(&gathered));
    }
    Ok(())
}
