//! `gridbeat clean`: mends a boundary layer within a tolerance, in one transaction and one change.
//!
//! Only drawings change: codes, names, parents and fids stay, and so do the areas in force of incidents.
//! A server that runs on the same store sees the change in the log and loads the layer anew.

mod report;

use super::written;
use crate::error::CliError;
use gridbeat_onemap::{
    Layer, Scope,
    coverage::clean::{Options, Prefer, clean},
    record::{AreaRow, Fid, IncidentRow, Side, StaffRow},
};
use gridbeat_store::{AddressRef, OpenMode, Sink, Store, StoreError, open};
use report::Outcome;
use std::io::{self, Write};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// grid or beat
    #[arg(long, value_parser = parse_side)]
    layer: Side,
    /// What is wider or farther than this many metres is never touched
    #[arg(long, value_name = "METRES", value_parser = parse_metres)]
    tolerance: f64,
    /// Who gets ground that nobody or several areas claim: longest-border, larger-area, or the code of
    /// an area or of a parent, whose areas then come before all others; ties go to the longest border
    #[arg(long, value_name = "RULE", default_value = LONGEST_BORDER)]
    prefer: String,
    /// How many changes of ground to list, largest first; --json lists all
    #[arg(long, value_name = "N", default_value_t = 20)]
    list: usize,
    /// Report all that would happen; keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

const LONGEST_BORDER: &str = "longest-border";
const LARGER_AREA: &str = "larger-area";
/// Beyond this, whole streets would be taken for gaps.
const MOST_METRES: f64 = 100.0;

fn parse_side(text: &str) -> Result<Side, String> {
    Side::BOTH.into_iter().find(|s| s.layer() == text).ok_or_else(|| "expected grid or beat".to_owned())
}

fn parse_metres(text: &str) -> Result<f64, String> {
    let metres: f64 = text.parse().map_err(|_| "expected a number of metres".to_owned())?;
    if metres > 0.0 && metres <= MOST_METRES {
        Ok(metres)
    } else {
        Err(format!("expected more than 0 and at most {MOST_METRES} metres"))
    }
}

/// Cleans a layer.
///
/// # Errors
/// [`CliError::BadInput`] when there is nothing to clean, no area has the code that `--prefer` names, or
/// the drawings come to no rest; when the store cannot be read or written. Nothing was changed then.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let areas = Areas::load(&*store, args.layer)?;
    let layer = Layer::new(args.layer, areas.rows.clone());
    let is_drawn = |fid: Fid| layer.by_fid(fid).is_some_and(|id| layer.area(id).drawn);
    let drawn: Vec<&AreaRow> = areas.rows.iter().filter(|r| is_drawn(r.fid)).collect();
    if drawn.is_empty() {
        return Err(CliError::BadInput(format!(
            "the store holds no drawn areas of the layer {}; import some first",
            args.layer.layer()
        )));
    }
    let options = Options { tolerance_m: args.tolerance, prefer: prefer(&layer, &args.prefer)? };
    let cleaned = clean(drawn.iter().copied(), &options);
    if !cleaned.report.settled {
        return Err(CliError::BadInput(
            "the drawings come to no rest at this tolerance; nothing was changed, try a smaller one"
                .to_owned(),
        ));
    }
    let changed: Vec<Fid> = cleaned.changed.iter().map(|(fid, _)| *fid).collect();
    let change = if args.dry_run || changed.is_empty() {
        None
    } else {
        Some(store.redraw(args.layer, areas.seen, cleaned.changed)?)
    };
    let outcome = Outcome {
        layer: &layer,
        drawn: drawn.len(),
        tolerance_m: args.tolerance,
        prefer: &args.prefer,
        changed: &changed,
        report: &cleaned.report,
        dry_run: args.dry_run,
        change: change.map(|c| c.n),
    };
    let text = if args.json { outcome.json() } else { outcome.text(args.list) };
    written(writeln!(io::stdout().lock(), "{}", text.trim_end()))
}

fn prefer(layer: &Layer, rule: &str) -> Result<Prefer, CliError> {
    match rule {
        LONGEST_BORDER => Ok(Prefer::LongestBorder),
        LARGER_AREA => Ok(Prefer::LargerArea),
        code => {
            let named: Vec<_> = layer.ids().filter(|&id| layer.area(id).code == code).collect();
            let fids = named.iter().flat_map(|&id| layer.drawn_below(id)).map(|&d| layer.area(d).fid);
            let fids: std::collections::BTreeSet<Fid> = fids.collect();
            if fids.is_empty() {
                let side = layer.side().layer();
                return Err(CliError::BadInput(format!(
                    "--prefer: “{code}” is the code of no {side} area with ground: expected {LONGEST_BORDER}, \
                     {LARGER_AREA}, or the code of an area or a parent"
                )));
            }
            Ok(Prefer::Named(fids))
        }
    }
}

/// The areas of one side as the store has them.
struct Areas {
    side: Side,
    rows: Vec<AreaRow>,
    /// The last change in the cut.
    seen: u64,
}

impl Areas {
    fn load(store: &dyn Store, side: Side) -> Result<Self, StoreError> {
        let mut areas = Self { side, rows: Vec::new(), seen: 0 };
        areas.seen = store.load(&Scope::all(), &mut areas)?;
        Ok(areas)
    }
}

impl Sink for Areas {
    fn area(&mut self, side: Side, row: AreaRow) {
        if side == self.side {
            self.rows.push(row);
        }
    }
    fn address(&mut self, _: AddressRef<'_>) {}
    fn incident(&mut self, _: IncidentRow) {}
    fn staff(&mut self, _: StaffRow) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_a_sensible_number_of_metres() {
        assert_eq!(parse_metres("0.5"), Ok(0.5));
        for wrong in ["0", "-1", "101", "NaN", "inf", "1m", ""] {
            assert!(parse_metres(wrong).is_err(), "{wrong}");
        }
    }
}
