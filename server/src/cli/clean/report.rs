//! What cleaning did, for people and for programs.

use gridbeat_onemap::{
    Layer,
    coverage::clean::{Ground, Left, Report},
    record::Fid,
};
use serde_json::{Value, json};
use std::fmt::Write;

/// Everything there is to say.
pub(super) struct Outcome<'a> {
    pub layer: &'a Layer,
    pub drawn: usize,
    pub tolerance_m: f64,
    pub prefer: &'a str,
    pub changed: &'a [Fid],
    pub report: &'a Report,
    pub dry_run: bool,
    /// The entry in the change log.
    pub change: Option<u64>,
}

impl Outcome<'_> {
    fn code(&self, fid: Fid) -> &str {
        self.layer.by_fid(fid).map_or("?", |id| self.layer.area(id).code.as_str())
    }

    /// For programs: `from` and `to` are codes, null for nobody.
    pub fn json(&self) -> String {
        let report = self.report;
        let code = |fid: Option<Fid>| fid.map(|f| self.code(f));
        let transfers: Vec<Value> = report
            .transfers
            .iter()
            .map(|g| json!({"from": code(g.from), "to": code(g.to), "area_m2": g.area_m2}))
            .collect();
        let left = |l: &Left| json!({"count": l.count, "area_m2": l.area_m2});
        let value = json!({
            "layer": self.layer.side().layer(),
            "tolerance_m": self.tolerance_m,
            "prefer": self.prefer,
            "areas": self.drawn,
            "changed": self.changed.iter().map(|&f| self.code(f)).collect::<Vec<_>>(),
            "moved": {
                "vertices": report.moved.vertices,
                "max_m": report.moved.max_m,
                "mean_m": report.moved.mean_m,
                "dropped": report.moved.dropped,
            },
            "transfers": transfers,
            "left": {
                "wide_overlaps": left(&report.wide_overlaps),
                "wide_gaps": left(&report.wide_gaps),
                "narrow": left(&report.narrow),
            },
            "dry_run": self.dry_run,
            "change": self.change,
        });
        value.to_string()
    }

    /// For people: the `most` largest changes of ground.
    pub fn text(&self, most: usize) -> String {
        let mut out = format!(
            "{}: {} within {} m, {} redrawn\n",
            self.layer.side().layer(),
            plural(self.drawn as u64, "area"),
            self.tolerance_m,
            self.changed.len()
        );
        if !self.changed.is_empty() {
            out += &self.moved();
            out += &self.ground(most);
        }
        out += &self.left();
        out += match (self.change, self.dry_run, self.changed.is_empty()) {
            (_, _, true) => "  nothing to mend: the layer stays as it is\n",
            (_, true, _) => "  dry run: nothing was kept\n",
            _ => "",
        };
        if let Some(n) = self.change {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  kept as change {n}");
        }
        out
    }

    fn moved(&self) -> String {
        let moved = &self.report.moved;
        let mut out = match moved.vertices {
            0 => "  no vertex moved".to_owned(),
            n => format!(
                "  {} moved, {} m at most, {} m on average",
                plural(n, "vertex"),
                metres(moved.max_m),
                metres(moved.mean_m)
            ),
        };
        if moved.dropped > 0 {
            let _ = write!(out, "; {} cut off with spikes", moved.dropped);
        }
        out + "\n"
    }

    fn ground(&self, most: usize) -> String {
        let transfers = &self.report.transfers;
        let name = |fid: Option<Fid>| fid.map_or("nobody", |f| self.code(f));
        let shown = &transfers[..most.min(transfers.len())];
        let lines: Vec<[&str; 2]> = shown.iter().map(|g| [name(g.from), name(g.to)]).collect();
        let width = |k: usize| lines.iter().map(|l| l[k].chars().count()).max().unwrap_or(0);
        let (from, to) = (width(0), width(1));
        let mut out = String::new();
        for (g, [a, b]) in shown.iter().zip(&lines) {
            let _ = writeln!(out, "  {a:>from$} → {b:<to$}  {:>12} m²", square_metres(g.area_m2));
        }
        let rest: &[Ground] = &transfers[shown.len()..];
        if !rest.is_empty() {
            let sum: f64 = rest.iter().map(|g| g.area_m2).sum();
            let _ = writeln!(out, "  and {} more, {} m²; --json lists all", rest.len(), square_metres(sum));
        }
        out
    }

    fn left(&self) -> String {
        let report = self.report;
        let mut out = String::new();
        for (left, what, why) in [
            (&report.wide_overlaps, "overlap", "wider than that"),
            (&report.wide_gaps, "enclosed gap", "wider than that"),
            (&report.narrow, "fault", "as narrow, but not to be mended without moving a border farther"),
        ] {
            if left.count > 0 {
                let (n, area) = (plural(left.count, what), square_metres(left.area_m2));
                let _ = writeln!(out, "  left as drawn: {n} {why}, {area} m²");
            }
        }
        out
    }
}

fn plural(n: u64, what: &str) -> String {
    match (n, what) {
        (1, _) => format!("1 {what}"),
        (_, "vertex") => format!("{n} vertices"),
        _ => format!("{n} {what}s"),
    }
}

/// To the millimetre.
fn metres(m: f64) -> String {
    format!("{m:.3}")
}

/// To the square centimetre where it is little, else to the square metre.
fn square_metres(m2: f64) -> String {
    if m2 < 100.0 { format!("{m2:.4}") } else { format!("{m2:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::{
        coverage::clean::Moved,
        record::{AreaRow, Side},
    };

    #[test]
    fn the_report_says_who_got_what() {
        let row = |n, code: &str| AreaRow { fid: Fid(n), code: code.to_owned(), ..AreaRow::default() };
        let layer = Layer::new(Side::Grid, vec![row(1, "A"), row(2, "BB")]);
        let report = Report {
            moved: Moved { vertices: 3, max_m: 0.5, mean_m: 0.25, dropped: 1 },
            transfers: vec![
                Ground { from: None, to: Some(Fid(2)), area_m2: 1234.5 },
                Ground { from: Some(Fid(2)), to: Some(Fid(1)), area_m2: 0.5 },
            ],
            wide_gaps: Left { count: 1, area_m2: 99.0 },
            settled: true,
            ..Report::default()
        };
        let outcome = Outcome {
            layer: &layer,
            drawn: 2,
            tolerance_m: 1.0,
            prefer: "longest-border",
            changed: &[Fid(1), Fid(2)],
            report: &report,
            dry_run: false,
            change: Some(7),
        };
        assert_eq!(
            outcome.text(1),
            "grid: 2 areas within 1 m, 2 redrawn\n  \
             3 vertices moved, 0.500 m at most, 0.250 m on average; 1 cut off with spikes\n  \
             nobody → BB          1234 m²\n  \
             and 1 more, 0.5000 m²; --json lists all\n  \
             left as drawn: 1 enclosed gap wider than that, 99.0000 m²\n  \
             kept as change 7\n"
        );
        let value: Value = serde_json::from_str(&outcome.json()).unwrap();
        assert_eq!(value["transfers"][0], json!({"from": null, "to": "BB", "area_m2": 1234.5}));
        assert_eq!(value["changed"], json!(["A", "BB"]));
        assert_eq!(value["left"]["wide_gaps"]["count"], 1);
    }
}
