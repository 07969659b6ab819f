//! Plane geometry in metres, and the frame that ties it to the integer lattice.
//!
//! Shapes are thought up in metres; every vertex is then rounded to the lattice once, and its position
//! in metres is read back from there, so that a decision never rests on a place that is not written.
//! Sine and cosine are our own: the system's differ in the last bit from machine to machine.

use gridbeat_onemap::{E7, e7};
use std::{
    cmp::Ordering,
    f64::consts::{FRAC_PI_2, PI},
    ops::{Add, Mul, Neg, Sub},
};

/// A place or a vector: metres east and north of the city's origin.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct P {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
}

/// `P { x, y }`.
pub const fn p(x: f64, y: f64) -> P {
    P { x, y }
}

impl Add for P {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        p(self.x + o.x, self.y + o.y)
    }
}
impl Sub for P {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        p(self.x - o.x, self.y - o.y)
    }
}
impl Mul<f64> for P {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        p(self.x * k, self.y * k)
    }
}
impl Neg for P {
    type Output = Self;
    fn neg(self) -> Self {
        p(-self.x, -self.y)
    }
}

impl P {
    /// Scalar product.
    pub fn dot(self, o: Self) -> f64 {
        self.x * o.x + self.y * o.y
    }
    /// Cross product: positive when `o` is to the left of `self`.
    pub fn cross(self, o: Self) -> f64 {
        self.x * o.y - self.y * o.x
    }
    /// Length.
    pub fn len(self) -> f64 {
        self.dot(self).sqrt()
    }
    /// The vector of length 1 with this direction (east for the zero vector).
    pub fn unit(self) -> Self {
        let l = self.len();
        if l > 0.0 { self * (1.0 / l) } else { p(1.0, 0.0) }
    }
    /// Turned a quarter to the left.
    pub fn left(self) -> Self {
        p(-self.y, self.x)
    }
    /// The direction of an angle in radians, counter-clockwise from east.
    pub fn of_angle(a: f64) -> Self {
        p(cos(a), sin(a))
    }
    /// The place a share `t` of the way to `o`.
    pub fn toward(self, o: Self, t: f64) -> Self {
        self + (o - self) * t
    }
}

/// Sine of an angle in radians; error below 1e-12, and the same bits everywhere.
pub fn sin(a: f64) -> f64 {
    let turns = (a / (2.0 * PI)).round();
    let mut x = a - turns * 2.0 * PI;
    if x > FRAC_PI_2 {
        x = PI - x;
    } else if x < -FRAC_PI_2 {
        x = -PI - x;
    }
    let q = x * x;
    // Taylor's series up to x^17: the next term is below 2e-14 on ±π/2.
    let mut s = 1.0;
    for n in [272.0, 210.0, 156.0, 110.0, 72.0, 42.0, 20.0, 6.0] {
        s = 1.0 - q / n * s;
    }
    x * s
}

/// Cosine of an angle in radians.
pub fn cos(a: f64) -> f64 {
    sin(a + FRAC_PI_2)
}

/// Where a city lies: its origin on the lattice and the size of a lattice unit there.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    origin: E7,
    east: f64,
}

/// Metres in one unit of latitude (mean Earth radius 6 371 008.8 m).
const NORTH: f64 = 6_371_008.8 * PI / 180.0 / e7::UNITS_PER_DEGREE;

impl Frame {
    /// The frame around `origin`.
    pub fn new(origin: E7) -> Self {
        Self { origin, east: NORTH * cos(origin.lat_degrees() * PI / 180.0) }
    }

    /// Metres from the origin.
    pub fn metres(&self, at: E7) -> P {
        p(
            (f64::from(at.lon) - f64::from(self.origin.lon)) * self.east,
            (f64::from(at.lat) - f64::from(self.origin.lat)) * NORTH,
        )
    }

    /// The lattice position nearest to a place.
    pub fn lattice(&self, at: P) -> E7 {
        E7::new(
            self.origin.lon + (at.x / self.east).round() as i32,
            self.origin.lat + (at.y / NORTH).round() as i32,
        )
    }
}

/// Whether `at` lies inside a ring (either orientation); on the border either answer is possible.
pub fn inside(ring: &[P], at: P) -> bool {
    let mut odd = false;
    let Some(&last) = ring.last() else {
        return false;
    };
    let mut a = last;
    for &b in ring {
        if (a.y > at.y) != (b.y > at.y) && (b - a).cross(at - a) * (b.y - a.y).signum() > 0.0 {
            odd = !odd;
        }
        a = b;
    }
    odd
}

/// Signed area in m², positive when counter-clockwise.
pub fn area(ring: &[P]) -> f64 {
    let Some(&o) = ring.first() else { return 0.0 };
    ring.windows(2).map(|w| (w[0] - o).cross(w[1] - o)).sum::<f64>() / 2.0
}

/// Centre of gravity of a ring with area.
pub fn centroid(ring: &[P]) -> P {
    let Some(&o) = ring.first() else {
        return P::default();
    };
    let (mut sum, mut c) = (0.0, P::default());
    for w in ring.windows(2) {
        let k = (w[0] - o).cross(w[1] - o);
        sum += k;
        c = c + ((w[0] - o) + (w[1] - o)) * k;
    }
    if sum == 0.0 { o } else { o + c * (1.0 / (3.0 * sum)) }
}

/// Metres from `at` to the segment `a b`.
pub fn to_segment(at: P, a: P, b: P) -> f64 {
    let d = b - a;
    let t = ((at - a).dot(d) / d.dot(d).max(1e-9)).clamp(0.0, 1.0);
    (at - a - d * t).len()
}

/// Metres from `at` to the nearest side of a ring.
pub fn to_border(ring: &[P], at: P) -> f64 {
    let mut best = f64::MAX;
    for i in 0..ring.len() {
        best = best.min(to_segment(at, ring[i], ring[(i + 1) % ring.len()]));
    }
    best
}

/// South-west and north-east corner of the box around some places.
pub fn bounds(ring: &[P]) -> (P, P) {
    ring.iter().fold((p(f64::MAX, f64::MAX), p(f64::MIN, f64::MIN)), |(a, b), q| {
        (p(a.x.min(q.x), a.y.min(q.y)), p(b.x.max(q.x), b.y.max(q.y)))
    })
}

/// Whether two closed segments have a point in common; exact.
pub fn touch(a: E7, b: E7, c: E7, d: E7) -> bool {
    let (o1, o2) = (e7::orientation(a, b, c), e7::orientation(a, b, d));
    let (o3, o4) = (e7::orientation(c, d, a), e7::orientation(c, d, b));
    if o1 != o2 && o3 != o4 && ![o1, o2, o3, o4].contains(&Ordering::Equal) {
        return true;
    }
    e7::on_segment(a, b, c) || e7::on_segment(a, b, d) || e7::on_segment(c, d, a) || e7::on_segment(c, d, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_is_a_sine() {
        for i in -2000..2000 {
            let a = f64::from(i) * 0.01;
            assert!((sin(a) - a.sin()).abs() < 1e-12, "{a}");
            assert!((cos(a) - a.cos()).abs() < 1e-12, "{a}");
        }
    }

    #[test]
    fn frame_goes_there_and_back() {
        let f = Frame::new(E7::new(1_203_000_000, 315_700_000));
        let at = E7::new(1_203_123_456, 315_654_321);
        assert_eq!(f.lattice(f.metres(at)), at);
        // One degree of latitude is about 111.2 km, of longitude there 94.7 km.
        assert!((f.metres(E7::new(1_203_000_000, 325_700_000)).y - 111_195.0).abs() < 1.0);
        assert!((f.metres(E7::new(1_213_000_000, 315_700_000)).x - 94_736.0).abs() < 5.0);
    }

    #[test]
    fn polygons_are_measured() {
        let l = [p(0.0, 0.0), p(4.0, 0.0), p(4.0, 2.0), p(2.0, 2.0), p(2.0, 4.0), p(0.0, 4.0)];
        assert!((area(&l) - 12.0).abs() < 1e-9);
        assert!(inside(&l, p(1.0, 3.0)) && !inside(&l, p(3.0, 3.0)));
        assert!((to_border(&l, p(1.0, 1.0)) - 1.0).abs() < 1e-9);
        let c = centroid(&l);
        assert!((c.x - 5.0 / 3.0).abs() < 1e-9 && (c.y - 5.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn touching_is_exact() {
        let e = E7::new;
        assert!(touch(e(0, 0), e(4, 4), e(0, 4), e(4, 0)));
        assert!(touch(e(0, 0), e(4, 0), e(2, 0), e(2, 5)));
        assert!(!touch(e(0, 0), e(4, 0), e(0, 1), e(4, 1)));
        assert!(!touch(e(0, 0), e(2, 0), e(3, 0), e(4, 0)));
    }
}
