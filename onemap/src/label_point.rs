//! Where to write a name: a point inside an area, far from its border (the pole of inaccessibility).
//!
//! Found by halving squares, the most promising first (the method of mapbox/polylabel), on a local
//! plane where a degree of longitude is shortened by the cosine of the latitude.

use crate::{E7, MultiPolygon, Polygon};
use std::{cmp::Ordering, collections::BinaryHeap};

/// How near to the best possible distance is near enough, as a share of the area's size.
const PRECISION: f64 = 0.02;

/// A point inside the largest polygon; `None` when there is none.
pub(crate) fn inside(ground: &MultiPolygon) -> Option<E7> {
    let largest = ground.0.iter().max_by_key(|p| crate::shape::ring_area2(&p.exterior).abs())?;
    let plane = Plane::new(largest)?;
    Some(plane.pole())
}

struct Square {
    x: f64,
    y: f64,
    half: f64,
    distance: f64,
    /// No point of the square is farther from the border than this.
    most: f64,
}

impl PartialEq for Square {
    fn eq(&self, o: &Self) -> bool {
        self.cmp(o).is_eq()
    }
}
impl Eq for Square {}
impl PartialOrd for Square {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}
impl Ord for Square {
    fn cmp(&self, o: &Self) -> Ordering {
        self.most.total_cmp(&o.most)
    }
}

struct Plane {
    origin: E7,
    shrink: f64,
    segments: Vec<[f64; 4]>,
    size: [f64; 2],
}

impl Plane {
    fn new(polygon: &Polygon) -> Option<Self> {
        let bounds = crate::Bounds::of(&polygon.exterior);
        let origin = bounds.min;
        if bounds.is_empty() {
            return None;
        }
        let shrink = bounds.center().lat_degrees().to_radians().cos().max(1e-6);
        let local = |p: &E7| {
            [(f64::from(p.lon) - f64::from(origin.lon)) * shrink, f64::from(p.lat) - f64::from(origin.lat)]
        };
        let segments = polygon
            .rings()
            .flat_map(|r| r.iter().zip(r.iter().cycle().skip(1)))
            .map(|(p, q)| {
                let ([a, b], [c, d]) = (local(p), local(q));
                [a, b, c, d]
            })
            .collect();
        Some(Self { origin, shrink, segments, size: local(&bounds.max) })
    }

    fn pole(&self) -> E7 {
        let [w, h] = self.size;
        let step = w.min(h).max(1.0);
        let precision = (w.max(h) * PRECISION).max(1.0);
        let mut heap = BinaryHeap::new();
        let (columns, rows) = ((w / step).ceil().min(64.0) as u32, (h / step).ceil().min(64.0) as u32);
        let step = (w / f64::from(columns.max(1))).max(h / f64::from(rows.max(1))).max(1.0);
        for i in 0..columns.max(1) {
            for j in 0..rows.max(1) {
                heap.push(self.square((f64::from(i) + 0.5) * step, (f64::from(j) + 0.5) * step, step / 2.0));
            }
        }
        let mut best = self.scan_line();
        while let Some(s) = heap.pop() {
            if s.most - best.distance <= precision {
                break;
            }
            if s.distance > best.distance {
                best = Square { half: 0.0, most: s.distance, ..s };
            }
            let half = s.half / 2.0;
            for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                heap.push(self.square(s.x + dx, s.y + dy, half));
            }
        }
        let back =
            |v: f64, o: i32| (v.round() as i64 + i64::from(o)).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        E7::new(back(best.x / self.shrink, self.origin.lon), back(best.y, self.origin.lat))
    }

    /// The middle of the longest stretch inside along the middle latitude: always inside.
    fn scan_line(&self) -> Square {
        // Half a unit off the lattice, so that no vertex lies on the line.
        let y = (self.size[1] / 2.0).floor() + 0.5;
        let mut xs: Vec<f64> = self
            .segments
            .iter()
            .filter(|[_, b, _, d]| (*b > y) != (*d > y))
            .map(|[a, b, c, d]| a + (c - a) * (y - b) / (d - b))
            .collect();
        xs.sort_by(f64::total_cmp);
        let widest = xs.chunks_exact(2).max_by(|p, q| (p[1] - p[0]).total_cmp(&(q[1] - q[0])));
        widest.map_or_else(|| self.square(0.0, 0.0, 0.0), |p| self.square((p[0] + p[1]) / 2.0, y, 0.0))
    }

    fn square(&self, x: f64, y: f64, half: f64) -> Square {
        let distance = self.distance(x, y);
        Square { x, y, half, distance, most: distance + half * std::f64::consts::SQRT_2 }
    }

    /// Distance to the border, negative outside.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let (mut inside, mut least) = (false, f64::INFINITY);
        for &[a, b, c, d] in &self.segments {
            if (b > y) != (d > y) && x < (c - a) * (y - b) / (d - b) + a {
                inside = !inside;
            }
            let (ux, uy) = (c - a, d - b);
            let l2 = ux * ux + uy * uy;
            let t = if l2 > 0.0 { (((x - a) * ux + (y - b) * uy) / l2).clamp(0.0, 1.0) } else { 0.0 };
            let (ex, ey) = (x - a - t * ux, y - b - t * uy);
            least = least.min(ex * ex + ey * ey);
        }
        if inside { least.sqrt() } else { -least.sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_avoids_the_hole_and_the_narrow_end() {
        let r = |v: &[(i32, i32)]| v.iter().map(|&(x, y)| E7::new(x, y)).collect::<Vec<_>>();
        // A keyhole: a wide head to the west, a narrow tail to the east, a hole in the head's corner.
        let p = Polygon {
            exterior: r(&[
                (0, 0),
                (1000, 0),
                (1000, 450),
                (3000, 450),
                (3000, 550),
                (1000, 550),
                (1000, 1000),
                (0, 1000),
            ]),
            holes: vec![r(&[(600, 600), (600, 900), (900, 900), (900, 600)])],
        };
        let at = inside(&MultiPolygon(vec![p])).unwrap();
        assert!((250..650).contains(&at.lon) && (250..650).contains(&at.lat), "{at:?}");
    }

    #[test]
    fn a_sliver_has_its_label_inside() {
        let p =
            Polygon { exterior: vec![E7::new(0, 0), E7::new(10_000, 0), E7::new(10_000, 3)], holes: vec![] };
        let at = inside(&MultiPolygon(vec![p])).unwrap();
        assert!((0..=10_000).contains(&at.lon) && (0..=3).contains(&at.lat), "{at:?}");
    }
}
