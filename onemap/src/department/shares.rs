//! How a line or some ground is divided among pieces: lengths and areas by the borders of the overlay.
//!
//! *Ground* is laid over the outlines of the pieces near it in an arrangement of its own, so what each piece
//! has is decided on integers, as the pieces themselves are. *Lines* are cut where borders cross them, and the
//! piece of each part is the one at its middle; a part that runs along a border belongs, as a point there
//! would, to the piece just east of it, or north where the border runs from west to east.

use super::{
    Drawing,
    drawing::{between, length_m},
};
use crate::{
    Bounds, E7, MultiPolygon, Overlay, PieceId,
    arrangement::{Arrangement, Delta, DirectedRing},
    e7::cross,
    geodesic::square_metres,
};
use std::collections::BTreeMap;

/// A part of a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The piece that it lies in; `None` outside both layers.
    pub piece: Option<PieceId>,
    /// How much of the feature it is, 0–1.
    pub share: f64,
    /// Metres of a line, square metres of ground.
    pub size: f64,
}

/// The parts of a feature, the largest first, of equals by piece. Nothing for a point, or what has no length and
/// no ground.
pub(super) fn of(overlay: &Overlay, drawing: &Drawing) -> Vec<Share> {
    let sizes = match drawing {
        Drawing::Point(_) => return Vec::new(),
        Drawing::Lines(lines) => of_lines(overlay, lines),
        Drawing::Ground(ground) => of_ground(overlay, ground),
    };
    let whole: f64 = sizes.values().filter(|s| **s > 0.0).sum();
    let mut shares: Vec<Share> = sizes
        .into_iter()
        .filter(|(_, size)| *size > 0.0)
        .map(|(piece, size)| Share { piece, share: size / whole, size })
        .collect();
    shares.sort_by(|a, b| b.size.total_cmp(&a.size).then(a.piece.cmp(&b.piece)));
    shares
}

/// Sizes by piece.
type Sizes = BTreeMap<Option<PieceId>, f64>;

/// One edge of a border between pieces.
struct Border {
    a: E7,
    b: E7,
    left: Option<PieceId>,
    right: Option<PieceId>,
}

impl Border {
    /// The piece that answers on it: east of it, or north where it runs along a parallel.
    fn answers(&self) -> Option<PieceId> {
        let right = match self.a.lat.cmp(&self.b.lat) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => self.a.lon > self.b.lon,
        };
        if right { self.right } else { self.left }
    }
}

/// The edges of borders whose boxes meet a box.
fn borders(overlay: &Overlay, bounds: &Bounds) -> Vec<Border> {
    let mut found = Vec::new();
    overlay.borders_near(bounds, |points, left, right| {
        let edges = points.windows(2).filter(|w| Bounds::of(*w).intersects(bounds));
        found.extend(edges.map(|w| Border { a: w[0], b: w[1], left, right }));
    });
    found
}

fn of_lines(overlay: &Overlay, lines: &[Vec<E7>]) -> Sizes {
    let mut sizes = Sizes::new();
    let around = lines.iter().fold(Bounds::EMPTY, |b, line| b.join(Bounds::of(line)));
    let borders = borders(overlay, &around);
    for w in lines.iter().flat_map(|line| line.windows(2)) {
        let (p, q) = (w[0], w[1]);
        let bounds = Bounds::of(w);
        let near: Vec<&Border> =
            borders.iter().filter(|e| Bounds::of([&e.a, &e.b]).intersects(&bounds)).collect();
        let mut cuts = vec![0.0, 1.0];
        // Where this edge runs along a border: from where to where, and whose it is there.
        let mut along: Vec<(f64, f64, Option<PieceId>)> = Vec::new();
        for e in near {
            let (c, d) = (cross(p, q, e.a), cross(p, q, e.b));
            if c == 0 && d == 0 {
                let (from, to) = (at(p, q, e.a), at(p, q, e.b));
                let (from, to) = (from.min(to).max(0.0), from.max(to).min(1.0));
                if from < to {
                    cuts.extend([from, to]);
                    along.push((from, to, e.answers()));
                }
            } else if (c <= 0 && d >= 0) || (c >= 0 && d <= 0) {
                let (u, v) = (cross(e.a, e.b, p), cross(e.a, e.b, q));
                if u != v {
                    let t = u as f64 / (u - v) as f64;
                    cuts.extend((0.0..=1.0).contains(&t).then_some(t));
                }
            }
        }
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        let length = length_m(w);
        for part in cuts.windows(2) {
            let middle = f64::midpoint(part[0], part[1]);
            let on = along.iter().find(|(from, to, _)| *from <= middle && middle <= *to);
            let piece = on.map_or_else(|| overlay.locate(between(p, q, middle)), |(.., piece)| *piece);
            *sizes.entry(piece).or_default() += length * (part[1] - part[0]);
        }
    }
    sizes
}

/// How far along `p q` a position on its line lies: 0 at `p`, 1 at `q`.
fn at(p: E7, q: E7, on: E7) -> f64 {
    let by = |p: i32, q: i32, on: i32| (f64::from(on) - f64::from(p)) / (f64::from(q) - f64::from(p));
    let (wide, tall) =
        ((i64::from(q.lon) - i64::from(p.lon)).abs(), (i64::from(q.lat) - i64::from(p.lat)).abs());
    if wide >= tall { by(p.lon, q.lon, on.lon) } else { by(p.lat, q.lat, on.lat) }
}

/// The ply of the pieces in the arrangement, and that of the feature.
const PIECES: usize = 0;
const FEATURE: usize = 1;

fn of_ground(overlay: &Overlay, ground: &MultiPolygon) -> Sizes {
    let bounds = ground.bounds();
    let mut sizes = Sizes::new();
    if bounds.is_empty() {
        return sizes;
    }
    if borders(overlay, &bounds).is_empty() {
        // No border comes near: all of it lies in one piece, or in none.
        let piece = ground.rings().flatten().next().and_then(|&p| overlay.locate(p));
        sizes.insert(piece, crate::geodesic::area_m2(ground));
        return sizes;
    }
    let near: Vec<(PieceId, MultiPolygon)> =
        overlay.in_box(&bounds).into_iter().map(|id| (id, overlay.outline(id))).collect();
    let ring = |points, ply, id| DirectedRing { points, delta: Delta::new(ply, Some(id), None) };
    let mut rings: Vec<DirectedRing> = Vec::new();
    for (id, outline) in &near {
        rings.extend(outline.rings().map(|points| ring(points, PIECES, id.0)));
    }
    rings.extend(ground.rings().map(|points| ring(points, FEATURE, 0)));
    let arrangement = Arrangement::of_rings(&rings);
    let labels = arrangement.labels();
    let mut areas: BTreeMap<Option<PieceId>, i128> = BTreeMap::new();
    for (_, chain) in arrangement.chains() {
        let part = |label| {
            // Parts of one feature that lie over each other count once.
            let ours = labels.windings(label, FEATURE).any(|(_, w)| w > 0);
            let piece =
                labels.windings(label, PIECES).filter(|(_, w)| *w > 0).map(|(id, _)| PieceId(id)).min();
            ours.then_some(piece)
        };
        let (left, right) = (part(chain.left), part(chain.right));
        if left != right {
            for (part, sign) in [(left, 1), (right, -1)] {
                if let Some(piece) = part {
                    *areas.entry(piece).or_default() += sign * chain.path.measure.left_mm2;
                }
            }
        }
    }
    sizes.extend(areas.into_iter().map(|(piece, mm2)| (piece, square_metres(mm2))));
    sizes
}
