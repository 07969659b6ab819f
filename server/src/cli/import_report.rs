//! What an import says when it is through: for people on stderr, for programs on stdout.

use super::rejects::Rejects;
use crate::error::CliError;
use gridbeat_ingest::{Note, Report};
use gridbeat_onemap::{department::Column, record::LayerName};
use gridbeat_store::{Imported, Missing};
use serde_json::{Value, json};
use std::path::Path;

/// How many merged codes and repairs are listed for people.
const LISTED: usize = 10;

/// What an import did.
pub struct Outcome {
    /// The file's name.
    pub file: String,
    /// What was asked.
    pub done: Done,
    /// Guesses.
    pub notes: Vec<Note>,
    /// What the reader counted.
    pub report: Report,
    /// What the store did.
    pub imported: Imported,
}

/// What was asked of an import.
pub struct Done {
    /// The layer.
    pub layer: LayerName,
    /// Whether it swapped.
    pub replace: bool,
    /// Whether it kept nothing.
    pub dry_run: bool,
    /// The columns of a department's layer.
    pub columns: Option<Vec<Column>>,
}

impl Outcome {
    /// Whether rows were kept.
    pub fn kept(&self) -> bool {
        self.imported.rows > 0 && !self.done.dry_run
    }

    /// Rows that did not make it are no failure unless none made it.
    ///
    /// # Errors
    /// [`CliError::BadInput`] when nothing was taken.
    pub fn verdict(&self) -> Result<(), CliError> {
        if self.imported.rows > 0 {
            return Ok(());
        }
        let why = if self.report.read == 0 { "it holds no rows" } else { "none of its rows could be taken" };
        Err(CliError::BadInput(format!("{}: {why}; nothing was changed", self.file)))
    }

    /// For programs.
    pub fn json(&self, rejects: &Rejects) -> Value {
        let missing = |m: &Missing| json!({ "count": m.count, "sample": m.sample });
        let mut out = json!({
            "file": self.file,
            "layer": self.done.layer.as_str(),
            "dry_run": self.done.dry_run,
            "replace": self.done.replace,
            "read": self.report.read,
            "imported": self.imported.rows,
            "replaced": self.imported.replaced,
            "rejected": rejects.count,
            "rejects": rejects.first,
            "notes": self.notes,
            "merged": self.report.merged,
            "repaired_rows": self.report.repaired_rows,
            "repaired": self.report.repaired,
            "warnings": self.report.warnings,
            "date_order": self.report.date_order,
            "dropped_columns": self.report.dropped_columns,
            "missing_parents": missing(&self.imported.missing_parents),
            "unknown_addresses": missing(&self.imported.unknown_addresses),
            "change": self.imported.change.as_ref().map(|c| c.n),
        });
        if let Some(columns) = &self.done.columns {
            out["columns"] = json!(columns);
        }
        out
    }

    /// For people, on stderr.
    pub fn tell(&self, rejects: &Rejects, file: Option<&Path>) {
        let name = &self.file;
        let report = &self.report;
        if !report.dropped_columns.is_empty() {
            eprintln!(
                "{name}: not read, because they identify persons: {}",
                report.dropped_columns.join(", ")
            );
        }
        for merged in report.merged.iter().take(LISTED) {
            eprintln!(
                "{name}: code {} stood in {} rows and became one area of {} parts",
                merged.code, merged.rows, merged.parts
            );
        }
        more(name, report.merged.len() as u64, LISTED, "merged codes");
        for repair in report.repaired.iter().take(LISTED) {
            eprintln!("{name} row {}, {}: repaired: {}", repair.row, repair.code, repair.what);
        }
        more(name, report.repaired_rows, LISTED.min(report.repaired.len()), "repaired rows");
        for warning in &report.warnings {
            eprintln!("{name}: warning: {warning}");
        }
        tell_missing(name, &self.imported.missing_parents, "parents that are named are not in the layer");
        tell_missing(name, &self.imported.unknown_addresses, "addresses of residents are not in the store");
        for reject in &rejects.first {
            eprintln!("rejected: {reject}");
        }
        match file {
            Some(path) if rejects.count > 0 => {
                eprintln!("{name}: all rejected rows are in {}", path.display())
            }
            None if rejects.count > rejects.first.len() as u64 => eprintln!(
                "{name}: {} more rejected rows; --rejects FILE keeps them all",
                rejects.count - rejects.first.len() as u64
            ),
            _ => {}
        }
        for column in self.done.columns.iter().flatten() {
            let was =
                if column.title == column.name { String::new() } else { format!(" ← {}", column.title) };
            eprintln!("{name}: column {}: {}{was}", column.name, column.kind);
        }
        let verb =
            if self.done.dry_run { "would be imported (dry run, nothing was kept)" } else { "imported" };
        eprintln!("{name}: {}", self.done.layer.collection());
        line("read", report.read);
        line(verb, self.imported.rows);
        if self.done.replace {
            line("replaced or deleted", self.imported.replaced);
        }
        line("rejected", rejects.count);
    }
}

fn line(word: &str, n: u64) {
    eprintln!("  {n:>12}  {word}");
}

fn more(name: &str, all: u64, shown: usize, what: &str) {
    if all > shown as u64 {
        eprintln!("{name}: … {all} {what} in all");
    }
}

fn tell_missing(name: &str, missing: &Missing, what: &str) {
    if missing.count > 0 {
        let dots = if missing.count > missing.sample.len() as u64 { ", …" } else { "" };
        eprintln!("{name}: warning: {} {what}: {}{dots}", missing.count, missing.sample.join(", "));
    }
}
