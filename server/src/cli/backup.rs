//! `gridbeat backup` and `gridbeat restore`.

use crate::error::CliError;
use gridbeat_store::{Backup, OpenMode, backup, open, restore};
use std::path::PathBuf;

/// What can be said to `backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// The file to write; it may not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What can be said to `restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A .gpkg path or a postgres:// URL: nothing may be there, or an empty store
    #[arg(long)]
    store: String,
    /// The backup
    file: PathBuf,
}

/// Writes a backup; the store goes on being read and written meanwhile.
///
/// # Errors
/// When the store cannot be read or the file not be written; there is no file then.
pub fn run_backup(args: &BackupArgs) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    tell(&backup(&*store, &args.out)?);
    Ok(())
}

/// Puts a backup back.
///
/// # Errors
/// When the backup is not whole, or the store is not empty; nothing was changed then.
pub fn run_restore(args: &RestoreArgs) -> Result<(), CliError> {
    super::start_log("warn")?;
    tell(&restore(&args.file, &args.store)?);
    Ok(())
}

fn tell(done: &Backup) {
    println!("checksum     {}", done.checksum);
    println!("last change  {}", done.last_change);
}
