//! The command line: what can be said, who does it, and the exit code.
//!
//! Results go to stdout, progress and reports to stderr. Exit 0 done; 1 the input is bad, nothing changed
//! (for `check`: faults found); 2 wrong usage; 3 anything else.

mod backup;
mod check;
mod clean;
mod config;
mod demo;
mod export;
mod import;
mod import_department;
mod import_report;
mod import_rows;
pub mod listen;
mod locate;
mod overlay;
mod progress;
mod rejects;
mod serve;
mod synth;
mod tiles;
mod verify;

use crate::{config::LogFormat, error::CliError};
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// The joint map of community grids and police beats.
#[derive(Debug, Parser)]
#[command(name = "gridbeat", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads a file into a store, all or nothing
    Import(import::Args),
    /// Looks for overlaps, gaps and other faults of the boundary layers
    Check(check::Args),
    /// Mends a boundary layer whose drawings do not quite fit, within a tolerance
    Clean(clean::Args),
    /// Prints the pieces: all ground with one grid (or none) and one beat (or none)
    Overlay(overlay::Args),
    /// Adds grid, beat and piece to a file of points, on stdout
    Locate(locate::Args),
    /// Writes the files of a synthetic city
    Synth(synth::Args),
    /// Makes a synthetic city, imports it and serves it
    Demo(demo::Args),
    /// Serves the map, its tiles and its API
    Serve(serve::Args),
    /// Writes a layer as a file for other programs
    Export(export::Args),
    /// Writes everything in a store to one file, while it is in use
    Backup(backup::BackupArgs),
    /// Puts a backup back into a new store
    Restore(backup::RestoreArgs),
    /// Looks at the settings
    Config(config::Args),
    /// Writes every tile of some layers and zooms into one file
    Tiles(tiles::Args),
    /// Holds every row of a store to its invariants and prints its checksum
    Verify(verify::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    // Wrong usage ends here with 2, `--help` and `--version` with 0.
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Import(args) => import::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Clean(args) => clean::run(&args),
        Command::Overlay(args) => overlay::run(&args),
        Command::Locate(args) => locate::run(&args),
        Command::Synth(args) => synth::run(&args),
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Export(args) => export::run(&args),
        Command::Backup(args) => backup::run_backup(&args),
        Command::Restore(args) => backup::run_restore(&args),
        Command::Config(args) => config::run(&args),
        Command::Tiles(args) => tiles::run(&args),
        Command::Verify(args) => verify::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A reader of stdout that closed it early (`| head`) has what it wanted.
            if !error.to_string().is_empty() {
                eprintln!("gridbeat: {error}");
            }
            ExitCode::from(error.code())
        }
    }
}

/// Starts the log on stderr: `GRIDBEAT_LOG`, else what the command wants.
fn start_log(wanted: &str) -> Result<(), CliError> {
    let filter = std::env::var("GRIDBEAT_LOG").unwrap_or_else(|_| wanted.to_owned());
    start_log_as(&filter, LogFormat::Text)
}

/// Starts the log on stderr.
fn start_log_as(filter: &str, format: LogFormat) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|e| CliError::Usage(format!("the log filter “{filter}” is wrong: {e}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // Fails only when a log was started already.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// A closed pipe is no failure; anything else that keeps us from writing the result is.
fn written(result: std::io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(CliError::io("stdout", &e)),
        Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
