//! Where a layer is no clean coverage, for the people who can mend it.
//!
//! One file for each family of findings:
//!
//! - [`overlaps`]: ground that is claimed more than once, with all claimants.
//! - [`gaps`]: ground between areas that is none's, enclosed or a slit that is open to the outside.
//! - [`borders`]: crossings, vertices that one neighbour lacks, borders that run side by side.
//! - [`parts`]: areas in several parts, slivers.
//! - [`codes`]: codes that stand twice. [`parents`]: the tree above the areas.
//!
//! and what they stand on: [`edges`] matches the edges of all drawings, which leaves the outer border
//! and what is wrong; [`faces`] lays edges over each other; [`near`] and [`alongside`] compare those
//! that come near each other; [`plane`] measures; [`finding`] holds the words.
//!
//! A clean layer costs the matching and one look along its outer border. All else is done where
//! something was found.

mod alongside;
mod borders;
mod codes;
mod edges;
mod faces;
mod finding;
mod gaps;
mod near;
mod overlaps;
mod parents;
mod parts;
mod plane;

pub use finding::{Finding, FindingKind, Severity, Shape};

use super::layer::{AreaId, Layer};
use crate::MultiPolygon;
use borders::{Borders, Pair};
use edges::Edges;
use faces::{Edge, Tag};
use plane::on_ground;
use std::collections::BTreeSet;

/// When ground is a sliver: the rule of the overlay's pieces.
pub const SLIVER_RULE: &str = "under 10 m², or a mean width (twice the area over the border) under 2 m";

/// Ground no wider than this many metres, two units of the lattice, is what rounding coordinates to
/// the lattice makes of borders that met before; it is reported as a note.
pub const ROUNDING_M: f64 = 0.02;

/// How near is too near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Metres. Borders of two areas that run this near to each other should be one; ground between
    /// them is a narrow gap even if it is open to the outside. A parent's drawing may differ from its
    /// children's by as much.
    pub gap_m: f64,
}

impl Default for Tolerance {
    /// One metre.
    fn default() -> Self {
        Self { gap_m: 1.0 }
    }
}

/// One area's drawing.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// Whose.
    pub id: AreaId,
    /// As it was imported: valid polygons, rings in either direction.
    pub ground: &'a MultiPolygon,
}

/// Looks through a whole layer. Findings come by severity, worst first, then by kind, then by size,
/// largest first.
pub fn validate(layer: &Layer, tolerance: &Tolerance) -> Vec<Finding> {
    let drawn = layer.ids().filter(|&id| layer.area(id).drawn);
    let drawings: Vec<_> = drawn.filter_map(|id| Some(Drawing { id, ground: layer.drawing(id)? })).collect();
    let mut findings = look(&drawings, tolerance);
    for Drawing { id, .. } in drawings {
        if layer.area(id).bounds.is_empty() {
            findings.push(Finding::new(FindingKind::NoGround, vec![id]));
        }
    }
    codes::duplicates(layer, &mut findings);
    parents::parents(layer, tolerance, &mut findings);
    sorted(findings)
}

/// Looks through drawings alone, before any layer is built of them: all findings but those on codes
/// and parents, and on areas that lose all their ground. Same order as [`validate`]'s.
pub fn validate_drawings(drawings: &[Drawing<'_>], tolerance: &Tolerance) -> Vec<Finding> {
    sorted(look(drawings, tolerance))
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        (a.severity, a.kind)
            .cmp(&(b.severity, b.kind))
            .then(b.area_m2.total_cmp(&a.area_m2))
            .then(b.length_m.total_cmp(&a.length_m))
            .then(b.count.cmp(&a.count))
            .then_with(|| (&a.areas, a.at).cmp(&(&b.areas, b.at)))
    });
    findings
}

/// How often ground is claimed that edges enclose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claimed {
    Never,
    Once,
    Twice,
}

fn look(drawings: &[Drawing<'_>], tolerance: &Tolerance) -> Vec<Finding> {
    let edges = Edges::new(drawings);
    let mut grounds = faces::ground_by(edges.steps(), |label| match label {
        [] => Some(Claimed::Never),
        [(_, 1)] => Some(Claimed::Once),
        [(_, 2..)] => Some(Claimed::Twice),
        _ => None,
    });
    let mut take = |claimed| grounds.remove(&claimed).unwrap_or_default();
    let (enclosed, once, twice) = (take(Claimed::Never), take(Claimed::Once), take(Claimed::Twice));
    let ids = |tags: &[Tag]| tags.iter().map(|&t| drawings[t as usize].id).collect::<Vec<AreaId>>();
    let mut findings = Vec::new();

    let concerned = overlaps::concerned(drawings, &twice);
    let mut bad: BTreeSet<Pair> = BTreeSet::new();
    for (claimants, ground) in overlaps::overlaps(&edges, &concerned) {
        let kind = if claimants.len() > 1 { FindingKind::Overlap } else { FindingKind::SelfOverlap };
        let finding = on_ground(kind, MultiPolygon(vec![ground]), ids(&claimants));
        if finding.severity == Severity::Error {
            bad.extend(pairs(&claimants));
        }
        findings.push(finding);
    }

    let unmatched = edges.unmatched();
    let borders = Borders::new(&to_compare(&edges, &unmatched, &concerned), tolerance);
    let narrow = gaps::narrow(once.0.iter().chain(&twice.0), &enclosed.0, &borders.facing);
    let gaps = enclosed.0.into_iter().map(|p| (FindingKind::Gap, MultiPolygon(vec![p])));
    let narrow = narrow.into_iter().map(|g| (FindingKind::NarrowGap, g));
    let (kinds, gaps): (Vec<FindingKind>, Vec<MultiPolygon>) = gaps.chain(narrow).unzip();
    let neighbours = gaps::around(&gaps, &unmatched);
    for ((kind, ground), tags) in kinds.into_iter().zip(gaps).zip(neighbours) {
        let finding = on_ground(kind, ground, ids(&tags));
        // A slit's length is its area over its width.
        if kind == FindingKind::Gap || finding.area_m2 > tolerance.gap_m * finding.width_m {
            findings.push(finding);
        }
    }
    borders.findings(
        tolerance,
        |pair| bad.contains(&pair),
        |finding, tags| {
            findings.push(Finding { areas: ids(&tags), ..finding });
        },
    );
    parts::parts(drawings, &edges, &mut findings);
    findings
}

/// Any two of some tags, the lower first.
fn pairs(tags: &[Tag]) -> impl Iterator<Item = Pair> + '_ {
    tags.iter().enumerate().flat_map(|(i, &a)| tags[i + 1..].iter().map(move |&b| (a, b)))
}

/// Edges to compare with each other: those without a partner, and in drawings that come near disputed
/// ground the others too, since what lies over an inner border crosses it.
fn to_compare(edges: &Edges, unmatched: &[Edge], concerned: &[Tag]) -> Vec<(Edge, bool)> {
    let matched = concerned.iter().flat_map(|&tag| edges.of(tag)).filter(|(_, open)| !open);
    unmatched.iter().map(|&e| (e, true)).chain(matched).collect()
}
