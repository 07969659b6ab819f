//! Where a layer is no clean coverage, for the people who can mend it.

use super::{
    layer::{AreaId, Layer, polygon_edges},
    outlines,
};
use crate::{
    E7, MultiPolygon,
    arrangement::{Arrangement, Face, UNBOUNDED},
    geodesic, label_point,
};
use std::{borrow::Cow, collections::BTreeMap};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Several areas claim the same ground.
    Overlap,
    /// Ground enclosed by areas that none of them claims.
    Gap,
    /// A drawing of which nothing is left to its area (all of it is claimed by others).
    NoGround,
    /// A parent's drawing differs from the union of its children's.
    ParentDiffers,
    /// Parents that run in a circle.
    ParentCircle,
    /// A parent code that the layer does not have.
    ParentMissing,
    /// An area in several parts.
    MultiPart,
}

impl FindingKind {
    /// A word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Gap => "gap",
            Self::NoGround => "no_ground",
            Self::ParentDiffers => "parent_differs",
            Self::ParentCircle => "parent_circle",
            Self::ParentMissing => "parent_missing",
            Self::MultiPart => "multi_part",
        }
    }

    /// How bad it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Overlap | Self::NoGround | Self::ParentCircle => Severity::Error,
            Self::Gap | Self::ParentDiffers | Self::ParentMissing => Severity::Warning,
            Self::MultiPart => Severity::Note,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The layer is no coverage here: somebody gets a wrong or an arbitrary answer.
    Error,
    /// Probably a mistake of the drawing.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// A word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that [`validate`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// A place to look at.
    pub at: Option<E7>,
    /// Square metres concerned; 0 where it is not about ground.
    pub area_m2: f64,
    /// Mean width of that ground in metres (twice the area over the border's length).
    pub width_m: f64,
    /// Number of parts, for [`FindingKind::MultiPart`]; 1 else.
    pub parts: usize,
    /// The areas concerned.
    pub areas: Vec<AreaId>,
    /// The ground concerned.
    pub ground: Option<MultiPolygon>,
}

/// Ground smaller than this many square metres is not reported as a difference of a parent's drawing:
/// rounding to the lattice alone makes so much along a long border.
const PARENT_TOLERANCE_M2: f64 = 100.0;

/// Looks through a whole layer. Findings come by kind, then by size, largest first.
pub fn validate(layer: &Layer) -> Vec<Finding> {
    let mut findings = Vec::new();
    disputes(layer, &mut findings);
    gaps(layer, &mut findings);
    areas(layer, &mut findings);
    parents(layer, &mut findings);
    findings.sort_by(|a, b| {
        (a.kind.severity(), a.kind).cmp(&(b.kind.severity(), b.kind)).then(b.area_m2.total_cmp(&a.area_m2))
    });
    findings
}

/// Adjoining faces with the same claimants make one finding.
fn disputes(layer: &Layer, findings: &mut Vec<Finding>) {
    let mut claims: BTreeMap<Vec<AreaId>, u32> = BTreeMap::new();
    let mut group_of = Vec::new();
    for face in 0..layer.arrangement.faces() {
        let claimants: Vec<AreaId> = layer.claimants(face).collect();
        group_of.push((claimants.len() > 1).then(|| {
            let n = claims.len() as u32;
            *claims.entry(claimants).or_insert(n)
        }));
    }
    if claims.is_empty() {
        return;
    }
    let grounds = grounds(layer, |f| group_of[f as usize]);
    for (claimants, group) in claims {
        for part in grounds.get(&group).into_iter().flat_map(|g| &g.0) {
            findings.push(on_ground(
                FindingKind::Overlap,
                MultiPolygon(vec![part.clone()]),
                claimants.clone(),
            ));
        }
    }
}

fn gaps(layer: &Layer, findings: &mut Vec<Finding>) {
    let holes: Vec<Face> = layer.gaps().collect();
    if holes.is_empty() {
        return;
    }
    let grounds = grounds(layer, |f| holes.binary_search(&f).is_ok().then_some(f));
    let mut around: BTreeMap<Face, Vec<AreaId>> = BTreeMap::new();
    for chain in layer.arrangement.chains() {
        for (gap, other) in [(chain.left, chain.right), (chain.right, chain.left)] {
            if holes.binary_search(&gap).is_ok() {
                around.entry(gap).or_default().extend(layer.claimants(other));
            }
        }
    }
    for (face, ground) in grounds {
        let mut areas = around.remove(&face).unwrap_or_default();
        areas.sort_unstable();
        areas.dedup();
        findings.push(on_ground(FindingKind::Gap, ground, areas));
    }
}

fn areas(layer: &Layer, findings: &mut Vec<Finding>) {
    for id in layer.ids().filter(|&id| layer.area(id).drawn) {
        let ground = layer.outline(id);
        let parts = ground.0.len();
        if parts == 0 {
            findings.push(plain(FindingKind::NoGround, id));
        } else if parts > 1 {
            findings.push(Finding { parts, ..on_ground(FindingKind::MultiPart, ground, vec![id]) });
        }
    }
}

fn parents(layer: &Layer, findings: &mut Vec<Finding>) {
    for &id in layer.circular() {
        findings.push(plain(FindingKind::ParentCircle, id));
    }
    for id in layer.ids() {
        let area = layer.area(id);
        if area.parent.is_none() && area.parent_code.is_some() && !layer.circular().contains(&id) {
            findings.push(Finding { at: area.label, ..plain(FindingKind::ParentMissing, id) });
        }
    }
    for (&id, given) in layer.given() {
        let union = layer.outline(id);
        let tagged = [(given, 0), (&union, 1)];
        let edges = tagged.iter().flat_map(|(g, t)| g.0.iter().flat_map(|p| polygon_edges(p, *t))).collect();
        let both = Arrangement::build(edges);
        let differs = |f: Face| (both.label(f).len() == 1).then_some(());
        let chains =
            both.chains().iter().map(|c| (Cow::Borrowed(both.points(c)), differs(c.left), differs(c.right)));
        if let Some(ground) = outlines(chains).remove(&()) {
            let finding = on_ground(FindingKind::ParentDiffers, ground, vec![id]);
            if finding.area_m2 > PARENT_TOLERANCE_M2 {
                findings.push(finding);
            }
        }
    }
}

/// The ground of groups of faces.
fn grounds(layer: &Layer, group: impl Fn(Face) -> Option<u32>) -> BTreeMap<u32, MultiPolygon> {
    let group = |f: Face| if f == UNBOUNDED { None } else { group(f) };
    outlines(
        layer
            .arrangement
            .chains()
            .iter()
            .map(|c| (Cow::Borrowed(layer.arrangement.points(c)), group(c.left), group(c.right))),
    )
}

fn plain(kind: FindingKind, id: AreaId) -> Finding {
    Finding { kind, at: None, area_m2: 0.0, width_m: 0.0, parts: 1, areas: vec![id], ground: None }
}

fn on_ground(kind: FindingKind, ground: MultiPolygon, areas: Vec<AreaId>) -> Finding {
    let area_m2 = geodesic::area_m2(&ground);
    let border: f64 = ground
        .rings()
        .map(|r| {
            geodesic::length_m(r) + r.last().zip(r.first()).map_or(0.0, |(l, f)| geodesic::distance_m(*l, *f))
        })
        .sum();
    Finding {
        kind,
        at: label_point::inside(&ground),
        area_m2,
        width_m: if border > 0.0 { 2.0 * area_m2 / border } else { 0.0 },
        parts: 1,
        areas,
        ground: Some(ground),
    }
}
