//! `gridbeat verify`: every row is read and held to the store's invariants; then the logical checksum.

use crate::error::CliError;
use gridbeat_onemap::Scope;
use gridbeat_store::{Finding, OpenMode, open, verify};
use serde_json::{Map, Value, json};

/// Findings that are printed; the rest are counted.
const PRINTED: usize = 100;

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

/// Prints the checksum, the number of rows of each layer, and what is wrong.
///
/// # Errors
/// [`CliError::BadInput`] when the store breaks an invariant; others when it cannot be read.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let mut findings: Vec<Finding> = Vec::new();
    let (mut faults, mut all) = (0_u64, 0_u64);
    let seen = verify(&*store, &mut |finding| {
        all += 1;
        faults += u64::from(finding.fault);
        if findings.len() < PRINTED {
            findings.push(finding);
        }
    })?;
    let mut counts: Vec<(String, u64)> =
        seen.rows.iter().map(|(layer, n)| (layer.collection().to_owned(), *n)).collect();
    counts.extend(store.departments(&Scope::all())?.into_iter().map(|l| (l.schema.name, l.rows)));
    if args.json {
        let rows: Map<_, _> = counts.iter().map(|(layer, n)| (layer.clone(), Value::from(*n))).collect();
        let findings: Vec<Value> = findings
            .iter()
            .map(|f| {
                json!({ "place": f.place, "fid": f.fid, "about": f.about, "detail": f.what, "fault": f.fault })
            })
            .collect();
        println!(
            "{}",
            json!({ "checksum": seen.checksum, "last_change": seen.last_change, "rows": rows, "faults": faults,
                "findings": findings })
        );
    } else {
        println!("checksum     {}", seen.checksum.as_deref().unwrap_or("none: not every row can be read"));
        println!("last change  {}", seen.last_change);
        for (layer, n) in &counts {
            println!("{layer:<12} {n}");
        }
        for finding in &findings {
            println!("{} {finding}", if finding.fault { "fault:" } else { "note: " });
        }
        if all > findings.len() as u64 {
            println!("and {} more", all - findings.len() as u64);
        }
    }
    match faults {
        0 => Ok(()),
        1 => Err(CliError::BadInput("the store has 1 fault".to_owned())),
        n => Err(CliError::BadInput(format!("the store has {n} faults"))),
    }
}
