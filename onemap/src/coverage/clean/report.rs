//! What cleaning did: what moved and how far, who gained ground from whom, what was left.

use super::{
    Transfer,
    drawings::Drawings,
    faults::Faults,
    scale::{Scale, edges},
    width::is_narrow,
};
use crate::{E7, MultiPolygon, geodesic, record::Fid};
use std::collections::BTreeMap;

/// What cleaning did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How borders moved.
    pub moved: Moved,
    /// Ground that changed hands: one entry for each pair of old and new owner, largest first.
    pub transfers: Vec<Ground>,
    /// Overlaps that stay because they are wider than the tolerance somewhere.
    pub wide_overlaps: Left,
    /// Enclosed ground of nobody that stays for the same reason; a lake is one as well.
    pub wide_gaps: Left,
    /// Overlaps and gaps no wider than the tolerance that stay all the same, because every way to mend
    /// them would move a border farther than the tolerance or leave an area without ground.
    pub narrow: Left,
    /// Whether the mending came to rest. If not, nothing is changed.
    pub settled: bool,
}

/// How the borders of areas moved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Vertices of an area's old border that are off its new one, and of its new border that are off the
    /// old. One that several areas have counts for each of them.
    pub vertices: u64,
    /// How far off they are, in metres: at most, and on average.
    pub max_m: f64,
    /// See `max_m`; 0 when nothing moved.
    pub mean_m: f64,
    /// Vertices that were cut off with the spike that they made.
    pub dropped: u64,
}

/// Ground that went from one area to another, or from or to nobody.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// Whose it was: an area that lost an overlap or a spike; nobody for a gap.
    pub from: Option<Fid>,
    /// Whose it is now: the area that keeps an overlap to itself or got a gap; nobody for a spike.
    pub to: Option<Fid>,
    /// Square metres.
    pub area_m2: f64,
}

/// Faults that stay.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Left {
    /// How many.
    pub count: u64,
    /// Square metres.
    pub area_m2: f64,
}

impl Left {
    fn add(&mut self, ground: &MultiPolygon) {
        self.count += 1;
        self.area_m2 += geodesic::area_m2(ground);
    }
}

/// Notes the faults that stay; `faults` are those of the open edges.
pub(super) fn note_left(report: &mut Report, faults: &Faults<'_>, tolerance: f64) {
    let over = |f: u32| faults.meaning(f).total != 0;
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (f, &g) in faults.groups(|l, r| over(l) && over(r)).iter().enumerate() {
        groups.entry(g).or_default().push(f as u32);
    }
    for members in groups.values() {
        let ground = faults.union(members);
        if ground.0.iter().any(|p| faults.planar.is_outside(p)) {
            continue;
        }
        let left = if ground.0.iter().all(|p| is_narrow(p, tolerance)) {
            &mut report.narrow
        } else if over(members[0]) {
            &mut report.wide_overlaps
        } else {
            &mut report.wide_gaps
        };
        left.add(&ground);
    }
}

/// Adds up what went from whom to whom.
pub(super) fn add_up(transfers: &[Transfer], drawings: &Drawings<'_>) -> Vec<Ground> {
    let fid = |area: Option<u32>| area.map(|a| drawings.0[a as usize].fid);
    let mut sums: BTreeMap<(Option<Fid>, Option<Fid>), f64> = BTreeMap::new();
    for t in transfers {
        *sums.entry((fid(t.from), fid(t.to))).or_default() += t.area_m2;
    }
    let mut ground: Vec<Ground> =
        sums.into_iter().map(|((from, to), area_m2)| Ground { from, to, area_m2 }).collect();
    ground.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    ground
}

/// Measures how the border of each area moved between its first and its last drawing. Farther than the
/// tolerance is only what was cut off with a spike.
pub(super) fn measure<'a>(
    redrawn: impl Iterator<Item = (&'a MultiPolygon, &'a MultiPolygon)>,
    tolerance: f64,
) -> Moved {
    let (mut moved, mut sum) = (Moved::default(), 0.0);
    for (before, after) in redrawn {
        for metres in off(before, after).into_iter().chain(off(after, before)) {
            if metres > tolerance {
                moved.dropped += 1;
            } else {
                moved.vertices += 1;
                moved.max_m = moved.max_m.max(metres);
                sum += metres;
            }
        }
    }
    if moved.vertices > 0 {
        moved.mean_m = sum / moved.vertices as f64;
    }
    moved
}

/// How far the vertices of one drawing are from the border of another, where it is more than the unit
/// by which rounding bends a border.
fn off(drawing: &MultiPolygon, other: &MultiPolygon) -> Vec<f64> {
    let mut there: Vec<E7> = other.rings().flatten().copied().collect();
    there.sort_unstable();
    let border: Vec<(E7, E7)> = other.rings().flat_map(|r| edges(r)).collect();
    let away = |v: &E7| {
        let scale = Scale::at(v.lat);
        let metres =
            border.iter().map(|&(p, q)| scale.segment_distance(*v, p, q).0).fold(f64::INFINITY, f64::min);
        (metres > scale.y).then_some(metres)
    };
    drawing.rings().flatten().filter(|v| there.binary_search(v).is_err()).filter_map(away).collect()
}
