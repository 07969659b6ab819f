//! A file's rings → polygons on the lattice, mended where there is only one way to mend them.
//!
//! Closing rings, dropping repeated vertices and rings without ground happens here, in the order of the
//! file; crossings are for the core's `repair`, which decides them on exact integers.

use crate::read::table::{RawPolygon, RawRing};
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon,
    coverage::{RepairKind, Unrepairable, join_parts, repair},
    shape::{Ring, ring_area2},
};

/// What is said of a ring with a vertex twice in a row.
pub(crate) const REPEATED: &str = "dropped repeated vertices";

/// Places a file's polygons by `place` and mends them.
///
/// Returns the ground and what was mended, each thing once.
///
/// # Errors
/// Why the row has no usable ground.
pub(crate) fn polygons(
    raw: &[RawPolygon],
    place: impl Fn(f64, f64) -> Result<E7, String>,
) -> Result<(MultiPolygon, Vec<String>), String> {
    let mut out = MultiPolygon::default();
    let mut done: Vec<String> = Vec::new();
    let mut tell = |what: &str| {
        if !done.iter().any(|d| d == what) {
            done.push(what.to_owned());
        }
    };
    for polygon in raw {
        let mut rings = Vec::with_capacity(polygon.len());
        for (i, r) in polygon.iter().enumerate() {
            let ring = ring(r, &place, &mut tell)?;
            if ring.len() >= 3 && (ring_area2(&ring) != 0 || crosses_itself_evenly(&ring)) {
                rings.push(ring);
            } else if i == 0 {
                tell("dropped a part without ground");
                rings.clear();
                break;
            } else {
                tell("dropped a hole without ground");
            }
        }
        let mut rings = rings.into_iter();
        let Some(exterior) = rings.next() else {
            continue;
        };
        let polygon = Polygon { exterior, holes: rings.collect() };
        match repair(&polygon) {
            Ok(fixed) if fixed.what.is_empty() => out.0.push(oriented(polygon)),
            Ok(fixed) => {
                for kind in &fixed.what {
                    tell(match kind {
                        RepairKind::SelfCrossing => "took a ring that crosses itself apart",
                        RepairKind::HoleOutside => "cut off what holes had outside their polygon",
                        RepairKind::Spike => "cut off a spike without width",
                    });
                }
                out.0.extend(fixed.polygons.0);
            }
            Err(Unrepairable::NoGround) => tell("dropped a part without ground"),
            Err(e @ Unrepairable::Ambiguous) => return Err(e.to_string()),
        }
    }
    if out.is_empty() {
        return Err(
            "encloses no ground; expected a ring of three or more corners that are not in line".into()
        );
    }
    if let Some(joined) = join_parts(&out) {
        tell("joined parts that lie over each other or share a border");
        out = joined;
    }
    Ok((out, done))
}

/// A symmetric bow-tie has a signed area of zero and yet encloses ground: only a ring all of whose
/// corners lie on one line encloses none.
fn crosses_itself_evenly(ring: &[E7]) -> bool {
    let (a, b) = (ring[0], ring[1]);
    ring.iter().any(|&c| gridbeat_onemap::e7::cross(a, b, c) != 0)
}

fn ring(
    raw: &RawRing,
    place: &impl Fn(f64, f64) -> Result<E7, String>,
    tell: &mut impl FnMut(&str),
) -> Result<Ring, String> {
    let mut out: Ring = Vec::with_capacity(raw.len());
    for (i, &(x, y)) in raw.iter().enumerate() {
        let p = place(x, y)?;
        if out.last() == Some(&p) {
            // Vertices that only meet on the lattice (1 cm) are no fault of the file.
            if i > 0 && raw[i - 1] == (x, y) {
                tell(REPEATED);
            }
            continue;
        }
        out.push(p);
    }
    if raw.len() > 2 && raw.first() != raw.last() {
        tell("closed an open ring");
    }
    while out.len() > 1 && out.first() == out.last() {
        out.pop();
    }
    Ok(out)
}

/// Exterior counter-clockwise, holes clockwise.
fn oriented(mut p: Polygon) -> Polygon {
    if ring_area2(&p.exterior) < 0 {
        p.exterior.reverse();
    }
    for h in &mut p.holes {
        if ring_area2(h) > 0 {
            h.reverse();
        }
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(rings: &[&[(f64, f64)]]) -> Result<(MultiPolygon, Vec<String>), String> {
        let raw: RawPolygon = rings.iter().map(|r| r.to_vec()).collect();
        polygons(&[raw], |x, y| E7::from_degrees(x, y).ok_or_else(|| "outside".to_owned()))
    }

    #[test]
    fn a_good_ring_is_turned_but_not_reported() {
        let (m, done) = fix(&[&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]]).unwrap();
        assert!(done.is_empty(), "{done:?}");
        assert!(ring_area2(&m.0[0].exterior) > 0);
        assert_eq!(m.0[0].exterior.len(), 4);
    }

    #[test]
    fn faults_are_mended_and_named() {
        let (m, done) = fix(&[&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]).unwrap();
        assert_eq!(done, ["dropped repeated vertices", "closed an open ring"]);
        assert_eq!(m.0[0].exterior.len(), 4);
        let square: &[(f64, f64)] = &[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let (m, done) = fix(&[square, &[(0.2, 0.2), (0.4, 0.4), (0.2, 0.2)]]).unwrap();
        assert_eq!(done, ["dropped a hole without ground"]);
        assert!(m.0[0].holes.is_empty());
        let (m, done) = fix(&[&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]]).unwrap();
        assert_eq!((m.0.len(), done.len()), (2, 1), "{done:?}");
    }

    #[test]
    fn parts_that_are_not_apart_are_joined_and_named() {
        let square = |x: f64| vec![vec![(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0), (x, 0.0)]];
        let both = |x: f64| {
            polygons(&[square(0.0), square(x)], |x, y| E7::from_degrees(x, y).ok_or_else(String::new))
                .unwrap()
        };
        let (m, done) = both(0.5);
        assert_eq!(
            (m.0.len(), done),
            (1, vec!["joined parts that lie over each other or share a border".to_owned()])
        );
        let (m, done) = both(1.5);
        assert_eq!((m.0.len(), done.len()), (2, 0));
    }

    #[test]
    fn no_ground_is_an_error() {
        assert!(fix(&[&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0)]]).unwrap_err().contains("no ground"));
        assert!(fix(&[&[(0.0, 0.0), (1.0, 1.0)]]).is_err());
        assert!(fix(&[&[]]).is_err());
        assert!(fix(&[&[(0.0, 0.0), (999.0, 1.0), (2.0, 2.0)]]).unwrap_err().contains("outside"));
    }
}
