//! GEOS and we find the same layers at fault.
//!
//! Nine squares by the equator, where the lattice is as good as a plane, with up to two faults drawn into
//! them. Distances keep away from the tolerance and from what counts as rounding.

use crate::draw::{METRE, check, kinds, layer};
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon, Ring,
    coverage::{Finding, FindingKind},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Side of a square: 20 m.
const SIDE: i32 = 20 * METRE;
const LAYERS: usize = 600;

/// What is done to one of the squares.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// A vertex moves along one axis.
    Vertex { square: usize, vertex: usize, by: (i32, i32) },
    /// All of it moves.
    Slip { square: usize, by: (i32, i32) },
    /// A vertex in the middle of a side that the neighbour's side does not have.
    Extra { square: usize, side: usize },
    /// It is not there.
    Missing { square: usize },
    /// It is there twice.
    Twice { square: usize },
}

fn distance() -> impl Strategy<Value = (i32, i32)> {
    // Up to 40 cm, or more than 2 m: two of the first kind together stay under the tolerance of a metre.
    let length = prop_oneof![5..40_i32, 200..600_i32];
    (length, any::<bool>(), any::<bool>()).prop_map(|(d, back, up)| {
        let d = if back { -d } else { d };
        if up { (0, d) } else { (d, 0) }
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => (0..9_usize, 0..4_usize, distance()).prop_map(|(square, vertex, by)| Fault::Vertex { square, vertex, by }),
        2 => (0..9_usize, distance()).prop_map(|(square, by)| Fault::Slip { square, by }),
        2 => (0..9_usize, 0..4_usize).prop_map(|(square, side)| Fault::Extra { square, side }),
        2 => (0..9_usize).prop_map(|square| Fault::Missing { square }),
        1 => (0..9_usize).prop_map(|square| Fault::Twice { square }),
    ]
}

fn draw(faults: &[Fault]) -> Vec<MultiPolygon> {
    let mut squares: Vec<Ring> = (0..9)
        .map(|i| {
            let (x, y) = (i % 3 * SIDE, i / 3 * SIDE);
            [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)].map(|(u, v)| E7::new(x + u, y + v)).to_vec()
        })
        .collect();
    let moved = |p: E7, by: (i32, i32)| E7::new(p.lon + by.0, p.lat + by.1);
    for &fault in faults {
        match fault {
            Fault::Vertex { square, vertex, by } => {
                if let Some(p) = squares[square].get_mut(vertex) {
                    *p = moved(*p, by);
                }
            }
            Fault::Slip { square, by } => squares[square].iter_mut().for_each(|p| *p = moved(*p, by)),
            Fault::Extra { square, side } => {
                let ring = &mut squares[square];
                if ring.len() == 4 {
                    let (p, q) = (ring[side], ring[(side + 1) % 4]);
                    ring.insert(side + 1, E7::new((p.lon + q.lon) / 2, (p.lat + q.lat) / 2));
                }
            }
            Fault::Missing { square } => squares[square].clear(),
            Fault::Twice { square } => squares.push(squares[square].clone()),
        }
    }
    squares.retain(|r| !r.is_empty());
    squares.into_iter().map(|r| MultiPolygon(vec![Polygon { exterior: r, holes: vec![] }])).collect()
}

/// Asks about all layers at once.
fn geos(layers: &[Vec<MultiPolygon>]) -> Vec<bool> {
    let ring = |r: &Ring| r.iter().map(|p| [p.lon, p.lat]).collect::<Vec<_>>();
    let area = |g: &MultiPolygon| g.0.iter().map(|p| ring(&p.exterior)).collect::<Vec<_>>();
    let layers: Vec<Vec<_>> = layers.iter().map(|l| l.iter().map(area).collect()).collect();
    let script = gridbeat_oracle::repository().join("e2e/oracle/valid.py");
    let mut child = Command::new(gridbeat_oracle::python())
        .arg(script)
        .arg(METRE.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python with shapely: export GRIDBEAT_PYTHON=$(scripts/oracle.sh)");
    // Lists of whole numbers are written the same way in JSON.
    child.stdin.take().unwrap().write_all(format!("{layers:?}").as_bytes()).unwrap();
    let answer = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    answer.lines().map(|l| l == "valid").collect()
}

/// The kinds that GEOS knows; a wide hole, an area in parts and a sliver are none of its business.
fn known_to_geos(finding: &Finding) -> bool {
    use FindingKind::*;
    matches!(finding.kind, Overlap | Crossing | UnmatchedEdge | UnmatchedVertex | NarrowGap)
}

#[test]
fn geos_and_we_agree_which_layers_are_at_fault() {
    let mut runner = TestRunner::deterministic();
    let some = prop::collection::vec(fault(), 0..3);
    let faults: Vec<Vec<Fault>> =
        (0..LAYERS).map(|_| some.new_tree(&mut runner).unwrap().current()).collect();
    let layers: Vec<Vec<MultiPolygon>> = faults.iter().map(|f| draw(f)).collect();
    let valid = geos(&layers);
    assert_eq!(valid.len(), LAYERS);
    for ((drawn, faults), valid) in layers.into_iter().zip(&faults).zip(&valid) {
        let found = check(&layer(drawn));
        assert_eq!(
            found.iter().any(known_to_geos),
            !valid,
            "GEOS says {} of {faults:?}, we found {:?}",
            if *valid { "valid" } else { "invalid" },
            kinds(&found)
        );
    }
    let clean = valid.iter().filter(|v| **v).count();
    assert!((LAYERS / 10..LAYERS * 9 / 10).contains(&clean), "{clean} of {LAYERS} are valid");
}
