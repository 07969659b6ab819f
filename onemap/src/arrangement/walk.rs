//! The rule on borders, as exact predicates.
//!
//! A point on a border belongs to the face just east of it; if that is still the border, just north.
//! That is the same as asking for the point moved by an ε to the east and a much smaller ε² to the
//! north, which lies on no border. So questions are asked along latitudes moved north by ε² and along
//! meridians moved west by ε, where no vertex lies and no segment is merely touched:
//!
//! ```text
//!            │   ╱          a segment counts on the latitude of p when its southern end is at or
//!  ──────────│──╱── p       below that latitude and its northern end above it; level ones never
//!            │ ╱            do. It counts on a meridian when its western end is west of it and
//!            │╱             its eastern end on it or east of it; upright ones never do.
//! ```

use super::meet::Segment;
use crate::e7::{E7, orientation};
use std::cmp::Ordering;

/// The segment from its southern to its northern end.
#[inline]
pub(super) fn northward((a, b): Segment) -> Segment {
    if a.lat <= b.lat { (a, b) } else { (b, a) }
}

/// Whether the segment counts on a latitude.
#[inline]
pub(super) fn on_latitude((a, b): Segment, lat: i32) -> bool {
    (a.lat <= lat) != (b.lat <= lat)
}

/// Whether a segment that counts on the latitude of `p` does so at or west of `p`.
#[inline]
pub(super) fn at_or_west(segment: Segment, p: E7) -> bool {
    if segment.1.lon <= p.lon {
        return true;
    }
    if segment.0.lon > p.lon {
        return false;
    }
    let (south, north) = northward(segment);
    orientation(south, north, p).is_le()
}

/// Where a segment that counts on a latitude crosses it: (longitude · height, height).
fn at_latitude(segment: Segment, lat: i32) -> (i128, i128) {
    let (south, north) = northward(segment);
    let d = |u: i32, v: i32| i128::from(v) - i128::from(u);
    let height = d(south.lat, north.lat);
    (i128::from(south.lon) * height + d(south.lon, north.lon) * d(south.lat, lat), height)
}

/// Whether a segment that counts on a latitude crosses it at or east of a longitude.
#[inline]
pub(super) fn at_or_east((a, b): Segment, lat: i32, lon: i64) -> bool {
    if i64::from(a.lon) >= lon {
        return true;
    }
    if i64::from(b.lon) < lon {
        return false;
    }
    // (longitude − lon) · height, which has the sign that is asked for.
    let (south, north) = northward((a, b));
    let (height, width) = (wide(north.lat) - wide(south.lat), wide(north.lon) - wide(south.lon));
    let (rise, off) = (wide(lat) - wide(south.lat), wide(south.lon) - lon);
    products(off, height, width, rise).is_ge()
}

#[inline]
fn wide(v: i32) -> i64 {
    i64::from(v)
}

/// Compares `a·b + c·d` with 0.
#[inline]
fn products(a: i64, b: i64, c: i64, d: i64) -> Ordering {
    const SMALL: i64 = 1 << 30;
    if (a.abs() | b.abs() | c.abs() | d.abs()) < SMALL {
        return (a * b + c * d).cmp(&0);
    }
    (i128::from(a) * i128::from(b) + i128::from(c) * i128::from(d)).cmp(&0)
}

/// Compares where two segments that count on a latitude cross it: `Greater` when `s` does so farther
/// east than `t`. Those that meet there are compared just north of it.
pub(super) fn compare_east(s: Segment, t: Segment, lat: i32) -> Ordering {
    if s.0.lon > t.1.lon {
        return Ordering::Greater;
    }
    if s.1.lon < t.0.lon {
        return Ordering::Less;
    }
    let ((sn, sd), (tn, td)) = (at_latitude(s, lat), at_latitude(t, lat));
    (sn * td).cmp(&(tn * sd)).then_with(|| {
        let slope = |u: Segment| {
            let (south, north) = northward(u);
            (i128::from(north.lon) - i128::from(south.lon), i128::from(north.lat) - i128::from(south.lat))
        };
        let ((sx, sy), (tx, ty)) = (slope(s), slope(t));
        (sx * ty).cmp(&(tx * sy))
    })
}

/// Whether the segment counts on a meridian.
#[inline]
pub(super) fn on_meridian((a, b): Segment, lon: i64) -> bool {
    i64::from(a.lon) < lon && lon <= i64::from(b.lon)
}

/// Where a segment that counts on a meridian crosses it: (latitude · width, width).
fn at_meridian((a, b): Segment, lon: i64) -> (i128, i128) {
    let width = i128::from(b.lon) - i128::from(a.lon);
    let rise = i128::from(b.lat) - i128::from(a.lat);
    (i128::from(a.lat) * width + rise * (i128::from(lon) - i128::from(a.lon)), width)
}

/// Whether a segment that counts on a meridian crosses it south of a latitude.
#[inline]
pub(super) fn south_of(segment: Segment, lon: i64, lat: i64) -> bool {
    let (a, b) = segment;
    if i64::from(a.lat.max(b.lat)) < lat {
        return true;
    }
    if i64::from(a.lat.min(b.lat)) > lat {
        return false;
    }
    let (width, rise) = (wide(b.lon) - wide(a.lon), wide(b.lat) - wide(a.lat));
    // A rising segment, which meets the latitude on the meridian, is south of it just to the west; and
    // a level one is south of what is moved north by ε².
    match products(wide(a.lat) - lat, width, rise, lon - wide(a.lon)) {
        Ordering::Less => true,
        Ordering::Equal => a.lat <= b.lat,
        Ordering::Greater => false,
    }
}

/// Compares where two segments that count on a meridian cross it: `Greater` when `s` does so farther
/// north than `t`.
pub(super) fn compare_north(s: Segment, t: Segment, lon: i64) -> Ordering {
    let ((sn, sd), (tn, td)) = (at_meridian(s, lon), at_meridian(t, lon));
    (sn * td).cmp(&(tn * sd)).then_with(|| {
        let slope =
            |(a, b): Segment| (i128::from(b.lat) - i128::from(a.lat), i128::from(b.lon) - i128::from(a.lon));
        // Just to the west the steeper one is lower.
        let ((sy, sx), (ty, tx)) = (slope(s), slope(t));
        (ty * sx).cmp(&(sy * tx))
    })
}
