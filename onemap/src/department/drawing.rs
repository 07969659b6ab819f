//! Where a feature is: a position, lines, or ground.

use super::Drawn;
use crate::{Bounds, E7, MultiPolygon, geodesic::distance_m, label_point};

/// The place of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// A position.
    Point(E7),
    /// Lines of two vertices or more, no two alike one after the other.
    Lines(Vec<Vec<E7>>),
    /// Ground.
    Ground(MultiPolygon),
}

impl Drawing {
    /// What it is.
    pub fn drawn(&self) -> Drawn {
        match self {
            Self::Point(_) => Drawn::Point,
            Self::Lines(_) => Drawn::Line,
            Self::Ground(_) => Drawn::Polygon,
        }
    }

    /// The box around it.
    pub fn bounds(&self) -> Bounds {
        match self {
            Self::Point(p) => Bounds { min: *p, max: *p },
            Self::Lines(lines) => lines.iter().fold(Bounds::EMPTY, |b, line| b.join(Bounds::of(line))),
            Self::Ground(ground) => ground.bounds(),
        }
    }

    /// What measuring it takes, in points: some vertices go in the time of one.
    pub(crate) fn cost(&self) -> u64 {
        let vertices = match self {
            Self::Point(_) => 0,
            Self::Lines(lines) => lines.iter().map(Vec::len).sum(),
            Self::Ground(ground) => ground.rings().map(Vec::len).sum(),
        };
        1 + vertices as u64 / 8
    }

    /// The position that stands for it: a point itself, the middle of the longest line, a point inside the
    /// largest polygon. `None` when there is no vertex.
    pub fn stands_at(&self) -> Option<E7> {
        match self {
            Self::Point(p) => Some(*p),
            Self::Lines(lines) => {
                let lengths: Vec<f64> = lines.iter().map(|line| length_m(line)).collect();
                let longest = (0..lines.len()).max_by(|&a, &b| lengths[a].total_cmp(&lengths[b]))?;
                middle(&lines[longest], lengths[longest])
            }
            Self::Ground(ground) => label_point::inside(ground),
        }
    }
}

/// The length of a line in metres.
pub(super) fn length_m(line: &[E7]) -> f64 {
    line.windows(2).map(|w| distance_m(w[0], w[1])).sum()
}

/// The lattice position next to the middle of a line of that length.
fn middle(line: &[E7], length: f64) -> Option<E7> {
    let mut left = length / 2.0;
    for w in line.windows(2) {
        let step = distance_m(w[0], w[1]);
        if step >= left && step > 0.0 {
            return Some(between(w[0], w[1], left / step));
        }
        left -= step;
    }
    line.last().copied()
}

/// The lattice position nearest to a place on a segment: `t` = 0 at `a`, 1 at `b`.
pub(super) fn between(a: E7, b: E7, t: f64) -> E7 {
    // Between two values of 32 bits there are only such.
    let at = |a: i32, b: i32| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as i32;
    E7::new(at(a.lon, b.lon), at(a.lat, b.lat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_in_the_middle_of_its_longest_part() {
        let e = |lon, lat| E7::new(1_203_000_000 + lon, 315_000_000 + lat);
        let short = vec![e(0, 0), e(0, 100)];
        let long = vec![e(0, 0), e(1_000, 0), e(1_000, 0), e(10_000, 0)];
        let at = Drawing::Lines(vec![short, long]).stands_at().unwrap();
        assert!((at.lon - e(5_000, 0).lon).abs() <= 1 && at.lat == e(0, 0).lat, "{at:?}");
        assert_eq!(Drawing::Lines(vec![]).stands_at(), None);
        assert_eq!(Drawing::Point(e(7, 7)).stands_at(), Some(e(7, 7)));
    }
}
