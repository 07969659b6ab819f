//! What cleaning promises of every border, seen to after every round.
//!
//! Each step looks at the borders as they are when it begins. A border that moved in one round may move again
//! in the next, away from where it was given; and what is cut and rounded may touch itself. Where that
//! happens, the drawings are begun anew and the place is *spared*: what is at fault there stays, and the
//! report counts it among what could not be mended.

use super::{
    scale::{Scale, edges},
    width::is_narrow,
};
use crate::{Bounds, E7, MultiPolygon, Polygon, Ring, boxes::Boxes, coverage::repair, shape::ring_area2};

/// Places where nothing may change.
#[derive(Default)]
pub(super) struct Spared {
    places: Vec<Bounds>,
    boxes: Option<Boxes>,
}

impl Spared {
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Spares more places and `metres` around them.
    pub fn add(&mut self, places: &[Bounds], metres: f64) {
        self.places.extend(places.iter().map(|p| Scale::of(p).grown(p, metres)));
        self.boxes = Some(Boxes::new(self.places.iter().copied()));
    }

    /// Whether one of some edges comes near a spared place.
    pub fn meets(&self, mut edges: impl Iterator<Item = (E7, E7)>) -> bool {
        let Some(boxes) = &self.boxes else {
            return false;
        };
        edges.any(|(p, q)| !boxes.meeting(&Bounds::of([&p, &q])).is_empty())
    }
}

/// By how many units rounding may put a vertex off the border that it was cut from: one for each of the few
/// rounds that cut it.
const HAIR: f64 = 3.0;

/// Where a new drawing breaks the promise: where its border, as far as the drawing before had none there, is
/// farther from the given one than the tolerance; and, if its rings cross themselves or are turned over, wherever it changed. A
/// narrow hole, for an area that was drawn over it, may be anywhere: no border of its own moves for that.
pub(super) fn broken(
    given: &MultiPolygon,
    before: &MultiPolygon,
    after: &MultiPolygon,
    tolerance: f64,
) -> Vec<Bounds> {
    let known = Edges::of(before);
    let border: Vec<(E7, E7)> = given.rings().flat_map(|r| edges(r)).collect();
    let hole = |h: &Ring| Polygon { exterior: h.clone(), holes: Vec::new() };
    let wide = |h: &&Ring| !is_narrow(&hole(h), tolerance);
    let rings = after.0.iter().flat_map(|p| std::iter::once(&p.exterior).chain(p.holes.iter().filter(wide)));
    let mut places: Vec<Bounds> = rings
        .flat_map(|r| edges(r))
        .filter(|&e| !known.has(e) && !is_near(e, &border, tolerance))
        .map(|(p, q)| Bounds::of([&p, &q]))
        .collect();
    if !after.0.iter().filter(|p| !before.0.contains(p)).all(is_simple) {
        places.extend(changes(before, after));
    }
    places
}

/// Where a drawing has edges that another has not, either way.
pub(super) fn changes<'a>(
    before: &'a MultiPolygon,
    after: &'a MultiPolygon,
) -> impl Iterator<Item = Bounds> + use<'a> {
    let (old, new) = (Edges::of(before), Edges::of(after));
    let all = |g: &'a MultiPolygon| g.rings().flat_map(|r| edges(r));
    let gone = all(before).filter(move |&e| !new.has(e));
    let come = all(after).filter(move |&e| !old.has(e));
    gone.chain(come).map(|(p, q)| Bounds::of([&p, &q]))
}

/// The edges of a drawing, to look up.
struct Edges(Vec<(E7, E7)>);

impl Edges {
    fn of(ground: &MultiPolygon) -> Self {
        let mut edges: Vec<_> =
            ground.rings().flat_map(|r| edges(r)).map(|(p, q)| (p.min(q), p.max(q))).collect();
        edges.sort_unstable();
        Self(edges)
    }

    fn has(&self, (p, q): (E7, E7)) -> bool {
        self.0.binary_search(&(p.min(q), p.max(q))).is_ok()
    }
}

/// Whether all of an edge is within the tolerance of some others; looked at every half tolerance.
fn is_near((a, b): (E7, E7), others: &[(E7, E7)], tolerance: f64) -> bool {
    let scale = Scale::at(a.lat);
    let limit = tolerance + HAIR * scale.x.max(scale.y);
    let reach = scale.grown(&Bounds::of([&a, &b]), limit);
    let others: Vec<(E7, E7)> =
        others.iter().filter(|(c, d)| reach.intersects(&Bounds::of([c, d]))).copied().collect();
    let near = |p: E7, (c, d): (E7, E7)| scale.segment_distance(p, c, d).0 <= limit;
    // What is within a distance of a segment is convex: both ends near one, all near it.
    if others.iter().any(|&o| near(a, o) && near(b, o)) {
        return true;
    }
    let steps = (2.0 * scale.distance(a, b) / tolerance).ceil().clamp(1.0, MOST_STEPS);
    (0..=steps as u32).all(|k| {
        let t = f64::from(k) / steps;
        let at = |u: i32, v: i32| (f64::from(u) + t * (f64::from(v) - f64::from(u))).round() as i32;
        let p = E7::new(at(a.lon, b.lon), at(a.lat, b.lat));
        others.iter().any(|&o| near(p, o))
    })
}

/// However long an edge is, it is looked at in no more places than this.
const MOST_STEPS: f64 = 2_000.0;

/// Whether a polygon is valid as it stands, and none of its rings was turned over.
fn is_simple(polygon: &Polygon) -> bool {
    ring_area2(&polygon.exterior) > 0
        && polygon.holes.iter().all(|hole| ring_area2(hole) < 0)
        && repair(polygon).is_ok_and(|repaired| repaired.what.is_empty())
}
