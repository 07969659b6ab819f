//! `gridbeat check`: what is wrong with the boundary layers, each finding with its place and size.
//!
//! [`people`] prints it for reading, [`machine`] as JSON and GeoJSON.

mod machine;
mod people;

use super::written;
use crate::{error::CliError, live::load_map};
use gridbeat_onemap::{
    Layer, Scope,
    coverage::{Finding, Severity, Tolerance, validate},
    record::Side,
};
use gridbeat_store::{OpenMode, open};
use std::io::{self, IsTerminal, Write};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// Only this layer: grid or beat
    #[arg(long, value_parser = parse_side)]
    layer: Option<Side>,
    /// Borders of two areas that run this near to each other should be one; a gap this narrow counts
    /// even where it is open to the outside
    #[arg(long, value_name = "METRES", default_value_t = Tolerance::default().gap_m, value_parser = parse_metres)]
    tolerance: f64,
    /// How many of each kind to list, largest first; --json lists all
    #[arg(long, value_name = "N", default_value_t = 5)]
    worst: usize,
    /// Print JSON
    #[arg(long, conflicts_with = "geojson")]
    json: bool,
    /// Print the findings as a GeoJSON FeatureCollection
    #[arg(long)]
    geojson: bool,
}

fn parse_side(text: &str) -> Result<Side, String> {
    Side::BOTH.into_iter().find(|s| s.layer() == text).ok_or_else(|| "expected grid or beat".to_owned())
}

/// Beyond this a tolerance would compare borders across whole streets.
const MOST_METRES: f64 = 100.0;

fn parse_metres(text: &str) -> Result<f64, String> {
    let metres: f64 = text.parse().map_err(|_| "expected a number of metres".to_owned())?;
    if (0.0..=MOST_METRES).contains(&metres) {
        Ok(metres)
    } else {
        Err(format!("expected 0 to {MOST_METRES} metres"))
    }
}

/// A layer and what was found in it.
struct Checked<'a> {
    layer: &'a Layer,
    findings: Vec<Finding>,
}

impl Checked<'_> {
    /// How many findings are this bad.
    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// Codes of the areas that a finding is about.
    fn codes(&self, finding: &Finding) -> Vec<&str> {
        finding.areas.iter().map(|&a| self.layer.area(a).code.as_str()).collect()
    }
}

/// Prints the findings; exit code 1 when one of them is an error.
///
/// # Errors
/// [`CliError::BadInput`] when there are faults or nothing to check; when the store cannot be read.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let scope = Scope::all();
    let map = load_map(&*store, &scope)?;
    let reader = map.read(&scope);
    let tolerance = Tolerance { gap_m: args.tolerance };
    let wanted = Side::BOTH.into_iter().filter(|s| args.layer.is_none_or(|l| l == *s));
    let layers = wanted.map(|s| reader.layer(s)).filter(|l| !l.is_empty());
    let checked: Vec<Checked<'_>> =
        layers.map(|layer| Checked { layer, findings: validate(layer, &tolerance) }).collect();
    if checked.is_empty() {
        return Err(CliError::BadInput(
            "the store holds no areas of that layer; import some first".to_owned(),
        ));
    }
    let mut out = io::stdout().lock();
    let text = if args.geojson {
        machine::geojson(&checked)
    } else if args.json {
        machine::json(&checked, &tolerance)
    } else {
        people::report(&checked, args.worst, out.is_terminal() && std::env::var_os("NO_COLOR").is_none())
    };
    written(writeln!(out, "{}", text.trim_end()))?;
    match checked.iter().map(|c| c.count(Severity::Error)).sum() {
        0_usize => Ok(()),
        1 => Err(CliError::BadInput("1 fault".to_owned())),
        n => Err(CliError::BadInput(format!("{n} faults"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_a_sensible_number_of_metres() {
        assert_eq!(parse_metres("0.5"), Ok(0.5));
        assert_eq!(parse_metres("0"), Ok(0.0));
        for wrong in ["-1", "101", "NaN", "inf", "1m", ""] {
            assert!(parse_metres(wrong).unwrap_err().contains("metres"), "{wrong}");
        }
    }
}
