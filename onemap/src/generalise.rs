//! Fewer vertices for coarser zooms.

use crate::E7;

/// Douglas–Peucker: keeps the ends and every vertex that lies farther than `tolerance_units` (lattice
/// units, in the plane of degrees) from the line of what is kept. Generalising chains, not polygons,
/// keeps neighbours together. A closed chain (first = last) keeps at least four points, so that it
/// stays a ring; one that has no more is returned as it is.
pub fn simplify(points: &[E7], tolerance_units: f64) -> Vec<E7> {
    let n = points.len();
    let closed = n > 2 && points.first() == points.last();
    if n <= if closed { 4 } else { 2 } || tolerance_units <= 0.0 {
        return points.to_vec();
    }
    let mut keep = vec![false; n];
    keep[0] = true;
    keep[n - 1] = true;
    if closed {
        // A ring has no base line: split it at the vertex farthest from its end, and again at the one
        // farthest from that line, which leaves a triangle at least.
        let far = farthest(points, 0, n - 1).map_or(n / 2, |(i, _)| i);
        keep[far] = true;
        let third = [farthest(points, 0, far), farthest(points, far, n - 1)]
            .into_iter()
            .flatten()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(1, |(i, _)| i);
        keep[third] = true;
    }
    let mut fixed: Vec<usize> = (0..n).filter(|&i| keep[i]).collect();
    let mut todo: Vec<(usize, usize)> = fixed.windows(2).map(|w| (w[0], w[1])).collect();
    fixed.clear();
    while let Some((from, to)) = todo.pop() {
        if let Some((i, d)) = farthest(points, from, to)
            && d > tolerance_units * tolerance_units
        {
            keep[i] = true;
            todo.push((from, i));
            todo.push((i, to));
        }
    }
    points.iter().zip(keep).filter(|(_, k)| *k).map(|(p, _)| *p).collect()
}

/// The vertex between two others that is farthest from the segment between them, and its squared
/// distance.
fn farthest(points: &[E7], from: usize, to: usize) -> Option<(usize, f64)> {
    let (a, b) = (points[from], points[to]);
    let (dx, dy) = (f64::from(b.lon) - f64::from(a.lon), f64::from(b.lat) - f64::from(a.lat));
    let l2 = dx * dx + dy * dy;
    (from + 1..to)
        .map(|i| {
            let (px, py) =
                (f64::from(points[i].lon) - f64::from(a.lon), f64::from(points[i].lat) - f64::from(a.lat));
            let t = if l2 > 0.0 { ((px * dx + py * dy) / l2).clamp(0.0, 1.0) } else { 0.0 };
            let (ex, ey) = (px - t * dx, py - t * dy);
            (i, ex * ex + ey * ey)
        })
        .max_by(|p, q| p.1.total_cmp(&q.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(v: &[(i32, i32)]) -> Vec<E7> {
        v.iter().map(|&(x, y)| E7::new(x, y)).collect()
    }

    #[test]
    fn keeps_what_stands_out() {
        let p = line(&[(0, 0), (10, 1), (20, -1), (30, 40), (40, 0)]);
        assert_eq!(simplify(&p, 5.0), line(&[(0, 0), (20, -1), (30, 40), (40, 0)]));
        assert_eq!(simplify(&p, 0.5), p);
    }

    #[test]
    fn a_ring_stays_a_ring() {
        let ring = line(&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10), (0, 0)]);
        let coarse = simplify(&ring, 1000.0);
        assert!(coarse.len() >= 4 && coarse.first() == coarse.last(), "{coarse:?}");
    }
}
