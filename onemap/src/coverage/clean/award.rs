//! Who gets a face at fault.
//!
//! A face is given as a whole, to one area, and only if that moves no border farther than the
//! tolerance. For each area whose ground changes (the one that gains a gap, those that lose an overlap)
//! the face's border has two parts: the *old* one, where the area ends now, and the *new* one, where it
//! would end. All of the new one must be within the tolerance of the old one, and all of the old one
//! within the tolerance of the new one. Of the second there is one exception, a spike: what hangs on a
//! mouth no wider than the tolerance is cut off, however long it is.
//!
//! ```text
//!      ┌── A ends here now (old)
//!  ════╧═══════════
//!    gap, to be A's
//!  ════╤═══════════
//!      └── A would end here (new)
//! ```

use super::{Options, Prefer, drawings::Drawings, faults::Faults, scale::Scale};
use crate::{Bounds, E7};

/// Gives faces of one arrangement to areas. Areas are numbered as in the arrangement.
pub(super) struct Award<'a> {
    pub faults: &'a Faults<'a>,
    drawings: &'a Drawings<'a>,
    /// The number in [`Drawings`] of each area.
    areas: &'a [u32],
    options: &'a Options,
    /// Who was given each fault.
    owners: Vec<Option<[u32; 1]>>,
    /// Square metres of each area's drawing, and what is left of them.
    given_m2: Vec<f64>,
    left_m2: Vec<f64>,
    lengths: Vec<f64>,
}

/// An area that may get a face, and metres of border that speak for it.
type Candidate = (u32, f64);

impl<'a> Award<'a> {
    pub fn new(
        faults: &'a Faults<'a>,
        drawings: &'a Drawings<'a>,
        areas: &'a [u32],
        options: &'a Options,
    ) -> Self {
        let given_m2: Vec<f64> = areas.iter().map(|&a| drawings.area_m2(a)).collect();
        let length = |points: &[E7]| Scale::of(&Bounds::of(points)).length(points);
        let at_fault = |i: usize| faults.beside[i].iter().any(Option::is_some);
        let lengths = (0..faults.arcs.len())
            .map(|i| if at_fault(i) { length(faults.arcs[i].points) } else { 0.0 })
            .collect();
        Self {
            faults,
            drawings,
            areas,
            options,
            owners: vec![None; faults.faults.len()],
            left_m2: given_m2.clone(),
            given_m2,
            lengths,
        }
    }

    /// Who claims the ground on one side of an arc (0 left, 1 right), gifts so far included.
    pub fn claims(&self, arc: usize, side: usize) -> &[u32] {
        if let Some(owner) = self.faults.beside[arc][side].and_then(|f| self.owners[f as usize].as_ref()) {
            return owner;
        }
        let arc = &self.faults.arcs[arc];
        &self.faults.planar.meaning([arc.left, arc.right][side]).claims
    }

    /// Who was given a fault.
    pub fn owner(&self, fault: u32) -> Option<u32> {
        self.owners[fault as usize].map(|[o]| o)
    }

    /// Square metres of a fault.
    pub fn area_m2(&self, fault: u32) -> f64 {
        let ground = &self.faults.faults[fault as usize].ground;
        Scale::of(&Bounds::of(&ground.exterior)).area(ground)
    }

    /// Gives a fault away, whatever it does to borders.
    pub fn give(&mut self, fault: u32, to: u32) {
        let area = self.area_m2(fault);
        for &c in &self.faults.meaning(fault).claims {
            if c != to {
                self.left_m2[c as usize] -= area;
            }
        }
        self.owners[fault as usize] = Some([to]);
    }

    /// Gives a fault to the first area, in the order of the rule, that may have it. `zone` are the
    /// faults among which it lies, itself included. Returns whether there was one.
    pub fn settle(&mut self, fault: u32, zone: &[u32]) -> bool {
        let found = self.ranked(&[fault]).into_iter().find(|&to| self.may_have(fault, to, zone));
        if let Some(to) = found {
            self.give(fault, to);
        }
        found.is_some()
    }

    /// Areas that may get some faults, in the order of the rule. For ground that nobody claims they are
    /// those along its border, by metres of it; for ground that several claim they are its claimants, by
    /// metres of border with what they have without the others.
    pub fn ranked(&self, faults: &[u32]) -> Vec<u32> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut add = |area: u32, metres: f64| match candidates.iter_mut().find(|c| c.0 == area) {
            Some(c) => c.1 += metres,
            None => candidates.push((area, metres)),
        };
        for &fault in faults {
            let claims = &self.faults.meaning(fault).claims;
            claims.iter().for_each(|&c| add(c, 0.0));
            for &(arc, left) in &self.faults.faults[fault as usize].border {
                let beyond = self.claims(arc as usize, usize::from(left));
                let metres = self.lengths[arc as usize];
                if claims.is_empty() {
                    beyond.iter().for_each(|&c| add(c, metres));
                } else if !claims.iter().all(|c| beyond.contains(c)) {
                    claims.iter().filter(|c| beyond.contains(c)).for_each(|&c| add(c, metres));
                }
            }
        }
        let named = |area: u32| match &self.options.prefer {
            Prefer::Named(fids) => fids.contains(&self.drawings.0[self.areas[area as usize] as usize].fid),
            _ => false,
        };
        let size = |area: u32| match self.options.prefer {
            Prefer::LargerArea => self.given_m2[area as usize],
            _ => 0.0,
        };
        let code = |area: u32| self.drawings.code(self.areas[area as usize]);
        candidates.sort_by(|&(a, m), &(b, n)| {
            named(b)
                .cmp(&named(a))
                .then_with(|| size(b).total_cmp(&size(a)))
                .then_with(|| n.total_cmp(&m))
                .then_with(|| code(a).cmp(code(b)))
                .then(a.cmp(&b))
        });
        candidates.into_iter().map(|c| c.0).collect()
    }

    /// Whether an area may have a fault: see the module. Nobody may lose all ground either.
    fn may_have(&self, fault: u32, to: u32, zone: &[u32]) -> bool {
        let claims = &self.faults.meaning(fault).claims;
        let losers = claims.iter().copied().filter(|&c| c != to);
        let gains = (!claims.contains(&to)).then_some(to);
        let area = self.area_m2(fault);
        let survives = |c: u32| self.left_m2[c as usize] - area > SURVIVES * self.given_m2[c as usize];
        losers.clone().all(survives) && losers.chain(gains).all(|c| self.moves_little(fault, c, zone))
    }

    fn moves_little(&self, fault: u32, area: u32, zone: &[u32]) -> bool {
        let tolerance = self.options.tolerance_m;
        let border = &self.faults.faults[fault as usize].border;
        let ends_at = |arc: u32| {
            let claims = |side| self.claims(arc as usize, side).contains(&area);
            claims(0) != claims(1)
        };
        let (old, new): (Vec<u32>, Vec<u32>) = border.iter().map(|b| b.0).partition(|&a| ends_at(a));
        let mut around: Vec<u32> = zone
            .iter()
            .flat_map(|&z| &self.faults.faults[z as usize].border)
            .map(|b| b.0)
            .filter(|&a| ends_at(a))
            .collect();
        around.sort_unstable();
        around.dedup();
        if around.is_empty() {
            // All around is the area's: it gets a hole or a notch where another area lies in it, and no
            // border of its own moves.
            return true;
        }
        let is_spike = new.iter().map(|&a| self.lengths[a as usize]).sum::<f64>() <= tolerance;
        self.is_near(&new, &around, tolerance) && (is_spike || self.is_near(&old, &new, tolerance))
    }

    /// Whether all of some arcs is within a distance of some other arcs. Looked at every half distance.
    fn is_near(&self, arcs: &[u32], others: &[u32], metres: f64) -> bool {
        let segments = |arcs: &[u32]| -> Vec<(E7, E7)> {
            let points = |&a: &u32| self.faults.arcs[a as usize].points;
            arcs.iter().map(points).flat_map(|p| p.windows(2).map(|w| (w[0], w[1]))).collect()
        };
        let (segments, others) = (segments(arcs), segments(others));
        let Some(&(first, _)) = segments.first() else {
            return true;
        };
        let scale = Scale::at(first.lat);
        segments.iter().all(|&(a, b)| {
            // What is within a distance of a segment is convex: both ends near one, all near it.
            let near = |p: E7, (c, d): (E7, E7)| scale.segment_distance(p, c, d).0 <= metres;
            if others.iter().any(|&o| near(a, o) && near(b, o)) {
                return true;
            }
            let steps = (2.0 * scale.distance(a, b) / metres).ceil().clamp(1.0, MOST_STEPS);
            (0..=steps as u32).all(|k| {
                let t = f64::from(k) / steps;
                let at = |u: i32, v: i32| (f64::from(u) + t * (f64::from(v) - f64::from(u))).round() as i32;
                let p = E7::new(at(a.lon, b.lon), at(a.lat, b.lat));
                others.iter().any(|&o| near(p, o))
            })
        })
    }
}

/// An area keeps at least this share of its ground.
const SURVIVES: f64 = 1e-3;
/// However long an edge is, it is looked at in no more places than this.
const MOST_STEPS: f64 = 2_000.0;
