//! Where the borders of two areas meet otherwise than along shared edges: crossings, vertices that
//! only one of them has, stretches that run side by side. Each is gathered for the pair of areas.

use super::{
    Finding, FindingKind, Shape, Tolerance,
    alongside::{Stretch, alongside, crossing, vertices_on},
    faces::{Edge, Tag},
    near::near_pairs,
    plane::reach,
};
use crate::{Bounds, E7};
use std::collections::BTreeMap;

/// Two areas, the lower tag first.
pub(super) type Pair = (Tag, Tag);

/// What was met along the borders.
#[derive(Default)]
pub(super) struct Borders {
    crossings: BTreeMap<Pair, Vec<E7>>,
    vertices: BTreeMap<Pair, Vec<E7>>,
    stretches: BTreeMap<Pair, Vec<Stretch>>,
    /// Pairs of edges that may have unclaimed ground between them.
    pub facing: Vec<Facing>,
}

/// Two edges with a quadrangle around what lies between them.
pub(super) struct Facing {
    /// The four ends of the two edges.
    pub ends: [E7; 4],
    pub between: [E7; 4],
}

impl Borders {
    /// Compares all edges that come near each other. With each edge goes whether it is without a
    /// partner: only those are looked at for running side by side.
    pub fn new(edges: &[(Edge, bool)], tolerance: &Tolerance) -> Self {
        let mut borders = Self::default();
        let boxes: Vec<Bounds> = edges.iter().map(|(e, _)| Bounds::of([&e.a, &e.b])).collect();
        let all = boxes.iter().fold(Bounds::EMPTY, |b, o| b.join(*o));
        near_pairs(&boxes, reach(&all, tolerance.gap_m), |i, j| {
            let ((e, open), (f, also_open)) = (&edges[i], &edges[j]);
            if e.tag == f.tag || (e.a, e.b) == (f.a, f.b) {
                return;
            }
            let (e, f) = if e.tag < f.tag { (e, f) } else { (f, e) };
            borders.meet(e, f);
            if *open && *also_open {
                borders.run(e, f, tolerance);
            }
        });
        for places in borders.crossings.values_mut().chain(borders.vertices.values_mut()) {
            places.sort_unstable();
            places.dedup();
        }
        borders
    }

    fn meet(&mut self, e: &Edge, f: &Edge) {
        let pair = (e.tag, f.tag);
        let mut touched = false;
        for v in vertices_on(e, f) {
            self.vertices.entry(pair).or_default().push(v);
            touched = true;
        }
        if !touched && let Some(at) = crossing(e, f) {
            self.crossings.entry(pair).or_default().push(at);
        }
    }

    fn run(&mut self, e: &Edge, f: &Edge, tolerance: &Tolerance) {
        let Some(stretch) = alongside(e, f, tolerance.gap_m) else { return };
        let pair = (e.tag, f.tag);
        if let Some(between) = stretch.between {
            self.facing.push(Facing { ends: [e.a, e.b, f.a, f.b], between });
        }
        self.stretches.entry(pair).or_default().push(stretch);
    }

    /// One finding for each pair of areas and kind. `bad` says whether two areas overlap by more than
    /// rounding; else their crossings are notes.
    pub fn findings(
        self,
        tolerance: &Tolerance,
        bad: impl Fn(Pair) -> bool,
        mut report: impl FnMut(Finding, [Tag; 2]),
    ) {
        let middle = |places: &[E7]| places.get(places.len() / 2).copied();
        for (pair, places) in self.crossings {
            let mut finding = Finding::new(FindingKind::Crossing, Vec::new());
            if !bad(pair) {
                finding.severity = super::Severity::Note;
            }
            let (at, count) = (middle(&places), places.len());
            report(Finding { at, count, shape: Shape::Points(places), ..finding }, pair.into());
        }
        for (pair, places) in self.vertices {
            let finding = Finding::new(FindingKind::UnmatchedVertex, Vec::new());
            let (at, count) = (middle(&places), places.len());
            report(Finding { at, count, shape: Shape::Points(places), ..finding }, pair.into());
        }
        for (pair, mut stretches) in self.stretches {
            let length_m: f64 = stretches.iter().map(|s| s.length_m).sum();
            if length_m <= tolerance.gap_m {
                continue;
            }
            stretches.sort_by_key(|s| s.first);
            let longest = stretches.iter().max_by(|s, t| s.length_m.total_cmp(&t.length_m));
            let finding = Finding {
                at: longest.map(|s| Bounds::of(&s.first).center()),
                width_m: stretches.iter().map(|s| s.apart_m).fold(0.0, f64::max),
                length_m,
                count: stretches.len(),
                shape: Shape::Lines(stretches.iter().map(|s| s.first.to_vec()).collect()),
                ..Finding::new(FindingKind::UnmatchedEdge, Vec::new())
            };
            report(finding, pair.into());
        }
    }
}
