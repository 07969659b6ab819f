//! `gridbeat verify`: every row is read, and the store's logical checksum printed.

use crate::error::CliError;
use gridbeat_onemap::Scope;
use gridbeat_store::{OpenMode, open};
use serde_json::{Map, Value, json};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the checksum and the number of rows of each layer.
///
/// # Errors
/// When the store cannot be read, or a value in it cannot.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let checksum = store.checksum()?;
    let mut counts: Vec<(String, u64)> =
        store.table_counts()?.into_iter().map(|(layer, n)| (layer.collection().to_owned(), n)).collect();
    counts.extend(store.departments(&Scope::all())?.into_iter().map(|l| (l.schema.name, l.rows)));
    let last = store.last_change()?;
    if args.json {
        let rows: Map<_, _> = counts.iter().map(|(layer, n)| (layer.clone(), Value::from(*n))).collect();
        println!("{}", json!({ "checksum": checksum, "last_change": last, "rows": rows }));
        return Ok(());
    }
    println!("checksum     {checksum}");
    println!("last change  {last}");
    for (layer, n) in counts {
        println!("{layer:<12} {n}");
    }
    Ok(())
}
