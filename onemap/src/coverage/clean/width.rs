//! How wide is some ground? As wide as the largest circle that fits into it.
//!
//! A sliver two metres wide at one place and a hand's breadth everywhere else is two metres wide, so
//! with a tolerance of one metre it stays. The answer errs on the side of "wide", by less than a
//! hundredth of the tolerance: what is called narrow is narrow.
//!
//! Where do the middles of all circles of one radius that fit lie? In parts of the ground that are
//! bounded by lines beside the edges, a radius away, and by arcs around corners that point inwards. So
//! a circle fits if one fits that touches an edge, or one that touches two such corners. Along the line
//! beside an edge, each other edge forbids one stretch; what is left, if anything, is where a circle fits.

use super::scale::{Scale, edges};
use crate::{Bounds, Polygon};

/// By how much smaller than the tolerance the circles are that must not fit.
const MARGIN: f64 = 1.0 / 256.0;

/// Whether no circle as wide as `tolerance` metres fits into the polygon.
pub(super) fn is_narrow(polygon: &Polygon, tolerance: f64) -> bool {
    let bounds = Bounds::of(&polygon.exterior);
    let scale = Scale::of(&bounds);
    let [wide, high] = scale.vector(bounds.min, bounds.max);
    if wide.min(high) <= tolerance {
        return true;
    }
    if surely_wide(polygon, &scale, tolerance) {
        return false;
    }
    let radius = tolerance / 2.0 * (1.0 - MARGIN);
    let plane = Plane::new(polygon, &scale);
    !plane.fits_at_an_edge(radius) && !plane.fits_between_corners(radius)
}

/// A circle as wide as the tolerance fits into whatever has more ground for its border than the
/// tolerance allows: each point is within the largest circle's radius r of the border, so there is no
/// more ground than r times the border.
pub(super) fn surely_wide(polygon: &Polygon, scale: &Scale, tolerance: f64) -> bool {
    let border: f64 = polygon.rings().flat_map(|r| edges(r)).map(|(p, q)| scale.distance(p, q)).sum();
    scale.area(polygon) > tolerance / 2.0 * border
}

/// A place in metres.
type P = [f64; 2];

fn minus(p: P, q: P) -> P {
    [p[0] - q[0], p[1] - q[1]]
}

fn plus(p: P, v: P, times: f64) -> P {
    [p[0] + times * v[0], p[1] + times * v[1]]
}

fn dot(u: P, v: P) -> f64 {
    u[0] * v[0] + u[1] * v[1]
}

/// One edge of the border, with the ground to its left.
#[derive(Clone, Copy, Debug)]
struct Side {
    from: P,
    to: P,
    /// Direction, of length 1.
    along: P,
    length: f64,
}

impl Side {
    /// To the left, of length 1.
    fn inward(&self) -> P {
        [-self.along[1], self.along[0]]
    }

    fn distance(&self, p: P) -> f64 {
        let t = dot(minus(p, self.from), self.along).clamp(0.0, self.length);
        let v = minus(p, plus(self.from, self.along, t));
        dot(v, v).sqrt()
    }
}

struct Plane {
    sides: Vec<Side>,
    /// For each side the one after it in its ring.
    next: Vec<u32>,
}

impl Plane {
    fn new(polygon: &Polygon, scale: &Scale) -> Self {
        let origin = Bounds::of(&polygon.exterior).min;
        let (mut sides, mut next) = (Vec::new(), Vec::new());
        for (k, ring) in polygon.rings().enumerate() {
            let left = (crate::shape::ring_area2(ring) > 0) == (k == 0);
            let first = sides.len() as u32;
            let mut side = |(p, q)| {
                let (from, to) = (scale.vector(origin, p), scale.vector(origin, q));
                let way = minus(to, from);
                let length = dot(way, way).sqrt();
                sides.push(Side { from, to, along: [way[0] / length, way[1] / length], length });
            };
            if left {
                edges(ring).for_each(&mut side);
            } else {
                let back: Vec<_> = ring.iter().rev().copied().collect();
                edges(&back).for_each(&mut side);
            }
            let end = sides.len() as u32;
            next.extend((first..end).map(|i| if i + 1 < end { i + 1 } else { first }));
        }
        Self { sides, next }
    }

    /// Whether a circle fits that touches an edge.
    fn fits_at_an_edge(&self, radius: f64) -> bool {
        let mut forbidden: Vec<[f64; 2]> = Vec::new();
        self.sides.iter().enumerate().any(|(i, side)| {
            let start = plus(side.from, side.inward(), radius);
            forbidden.clear();
            let others = self.sides.iter().enumerate().filter(|(j, _)| *j != i);
            forbidden.extend(others.filter_map(|(_, o)| stretch(start, side.along, o, radius)));
            forbidden.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
            let mut free_from = 0.0;
            for [low, high] in &forbidden {
                if *low >= free_from && *low > 0.0 {
                    return true;
                }
                free_from = high.max(free_from);
                if free_from > side.length {
                    return false;
                }
            }
            free_from <= side.length
        })
    }

    /// Whether a circle fits that touches two corners which point into the ground.
    fn fits_between_corners(&self, radius: f64) -> bool {
        let turns_right = |i: usize| {
            let (u, v) = (self.sides[i].along, self.sides[self.next[i] as usize].along);
            u[0] * v[1] - u[1] * v[0] < 0.0
        };
        let corners: Vec<P> =
            (0..self.sides.len()).filter(|&i| turns_right(i)).map(|i| self.sides[i].to).collect();
        corners.iter().enumerate().any(|(i, &p)| {
            corners[i + 1..].iter().any(|&q| {
                let way = minus(q, p);
                let square = dot(way, way);
                if square > 4.0 * radius * radius || square == 0.0 {
                    return false;
                }
                let middle = plus(p, way, 0.5);
                let aside = (radius * radius / square - 0.25).max(0.0).sqrt();
                [aside, -aside].into_iter().any(|k| {
                    let centre = plus(middle, [-way[1], way[0]], k);
                    let free = self.sides.iter().all(|s| s.distance(centre) >= radius * (1.0 - 1e-9));
                    free && self.holds(centre)
                })
            })
        })
    }

    /// Whether a place lies inside; which side of the border does not matter.
    fn holds(&self, p: P) -> bool {
        self.sides.iter().fold(false, |inside, s| {
            let ([ax, ay], [bx, by]) = (s.from, s.to);
            let crosses = (ay > p[1]) != (by > p[1]);
            inside ^ (crosses && p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax)
        })
    }
}

/// The stretch of the line from `start` along `way` that is nearer than `radius` to a side. What is
/// nearer is a rectangle with a half disc at either end, which a line enters and leaves once.
fn stretch(start: P, way: P, side: &Side, radius: f64) -> Option<[f64; 2]> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for centre in [side.from, side.to] {
        let to = minus(centre, start);
        let middle = dot(to, way);
        let square = radius * radius - dot(to, to) + middle * middle;
        if square > 0.0 {
            low = low.min(middle - square.sqrt());
            high = high.max(middle + square.sqrt());
        }
    }
    let from = minus(start, side.from);
    let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
    for (axis, least, most) in [(side.along, 0.0, side.length), (side.inward(), -radius, radius)] {
        let (at, step) = (dot(from, axis), dot(way, axis));
        if step.abs() < 1e-12 {
            if at <= least || at >= most {
                enter = f64::INFINITY;
            }
            continue;
        }
        let (one, two) = ((least - at) / step, (most - at) / step);
        enter = enter.max(one.min(two));
        leave = leave.min(one.max(two));
    }
    if enter < leave {
        low = low.min(enter);
        high = high.max(leave);
    }
    (low < high).then_some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::E7;

    /// On the equator 100 units are 1.113 m east and 1.106 m north.
    fn polygon(points: &[(i32, i32)]) -> Polygon {
        Polygon { exterior: points.iter().map(|&(x, y)| E7::new(x, y)).collect(), holes: vec![] }
    }

    #[test]
    fn a_slanting_strip_is_as_wide_as_across() {
        // 1 km long from south-west to north-east, 100 units (about 1.1 m) wide across.
        let strip = polygon(&[(0, 0), (63_640, 63_640), (63_570, 63_710), (-70, 70)]);
        assert!(is_narrow(&strip, 1.13));
        assert!(!is_narrow(&strip, 1.05));
    }

    #[test]
    fn one_wide_place_makes_it_wide() {
        // A slanting hair, 5 units wide, with a square room of 100 units in its middle.
        let hair = polygon(&[(0, 0), (1_000, 1_000), (1_000, 1_005), (0, 5)]);
        assert!(is_narrow(&hair, 0.2));
        let room = polygon(&[
            (0, 0),
            (500, 500),
            (600, 500),
            (600, 595),
            (1_000, 995),
            (1_000, 1_000),
            (595, 600),
            (500, 600),
            (500, 505),
            (0, 5),
        ]);
        assert!(!is_narrow(&room, 0.9));
        assert!(is_narrow(&room, 1.3));
    }

    #[test]
    fn a_hole_makes_ground_narrow() {
        let mut frame = polygon(&[(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000)]);
        assert!(!is_narrow(&frame, 5.0));
        frame.holes.push(polygon(&[(50, 50), (50, 950), (950, 950), (950, 50)]).exterior);
        assert!(is_narrow(&frame, 1.0));
        assert!(!is_narrow(&frame, 0.5));
    }

    #[test]
    fn a_circle_between_three_corners_is_found() {
        // Three wedges point at a room in the middle, whose own border is far: a star of three thin arms.
        let arm = |k: usize, far: f64, half: f64| {
            let turn = k as f64 * std::f64::consts::TAU / 3.0;
            let (s, c) = turn.sin_cos();
            let at = |x: f64, y: f64| ((x * c - y * s) as i32, (x * s + y * c) as i32);
            [at(-half, far), at(half, far)]
        };
        // Each arm is 40 units wide and 900 long; at the middle they meet in a triangle with sides of 40.
        let mut star = Vec::new();
        for k in 0..3 {
            let [left, right] = arm(k, 900.0, 20.0);
            star.extend([right, left]);
            let turn = (k as f64 + 0.5) * std::f64::consts::TAU / 3.0;
            let inner = 40.0 / 3f64.sqrt();
            star.push(((-turn.sin() * inner) as i32, (turn.cos() * inner) as i32));
        }
        let star = polygon(&star);
        // The circle through the three corners is 2 · 40/√3 = 46 units wide, 0.51 m; the arms are 0.44 m.
        assert!(is_narrow(&star, 0.53));
        assert!(!is_narrow(&star, 0.49));
    }
}
