//! What goes and what stays. (Random coverages are in `onemap/tests/map/generalised.rs`.)

use super::*;
use crate::E7;
use proptest::prelude::*;

fn line(points: &[(i32, i32)]) -> Chain<E7, u32> {
    Chain { points: points.iter().map(|&(x, y)| E7::new(x, y)).collect(), left: 1, right: 2 }
}

#[test]
fn drops_what_cannot_be_seen_and_keeps_what_can() {
    let chain = line(&[(0, 0), (500, 1), (1000, 0), (1500, 600), (2000, 0)]);
    let thinned = generalise(vec![chain.clone()], 40);
    assert_eq!(thinned, [line(&[(0, 0), (1000, 0), (1500, 600), (2000, 0)])]);
    assert_eq!(generalise(vec![chain.clone()], 0), [chain]);
}

#[test]
fn the_limit_is_half_a_square() {
    // Twice the area of the triangle is 20 · 5 = 100.
    let bend = line(&[(0, 0), (10, 5), (20, 0)]);
    assert_eq!(generalise(vec![bend.clone()], 10)[0], bend);
    assert_eq!(generalise(vec![bend], 11), [line(&[(0, 0), (20, 0)])]);
}

#[test]
fn does_not_jump_over_an_island() {
    let bump = line(&[(0, 0), (500, 100), (1000, 0)]);
    let island = line(&[(500, 50), (510, 50), (500, 60), (500, 50)]);
    assert_eq!(generalise(vec![bump.clone()], 1000)[0].points.len(), 2);
    assert_eq!(generalise(vec![bump.clone(), island.clone()], 1000), [bump, island]);
}

#[test]
fn does_not_run_onto_a_vertex() {
    // The island's corner lies on the straight line itself.
    let bump = line(&[(0, 0), (500, 100), (1000, 0)]);
    let island = line(&[(500, 0), (510, -50), (500, -60), (500, 0)]);
    assert_eq!(generalise(vec![bump.clone(), island.clone()], 1000), [bump, island]);
}

#[test]
fn an_area_between_two_chains_keeps_some_ground() {
    // A lens: whichever chain is thinned first becomes the straight line, the other keeps a corner.
    let north = line(&[(0, 0), (300, 40), (700, 30), (1000, 0)]);
    let south = line(&[(0, 0), (400, -20), (600, -50), (1000, 0)]);
    let thinned = generalise(vec![north.clone(), south.clone()], 10_000);
    assert_eq!(thinned, [line(&[(0, 0), (1000, 0)]), line(&[(0, 0), (600, -50), (1000, 0)])]);
    let turned = Chain { points: south.points.iter().rev().copied().collect(), ..south };
    assert_eq!(generalise(vec![turned, north], 10_000)[1].points.len(), 3, "either way round");
    // One that is straight from the beginning counts too.
    let straight = line(&[(0, 0), (1000, 0)]);
    let bend = line(&[(1000, 0), (500, 10), (0, 0)]);
    assert_eq!(generalise(vec![bend.clone(), straight], 10_000)[0], bend);
}

#[test]
fn a_ring_stays_a_ring() {
    let ring = line(&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10), (0, 0)]);
    let coarse = generalise(vec![ring], 1_000_000).remove(0);
    assert_eq!(coarse.points.len(), 4);
    assert!(coarse.is_closed());
    assert_ne!(cross(coarse.points[0].xy(), coarse.points[1].xy(), coarse.points[2].xy()), 0);
}

#[test]
fn lines_that_cannot_be_thinned_stay_as_they_are() {
    let odd = [line(&[]), line(&[(1, 1)]), line(&[(1, 1), (2, 2)]), line(&[(3, 3), (4, 4), (3, 3)])];
    assert_eq!(generalise(odd.to_vec(), 1000), odd);
}

/// Whether two edges share more than a common end.
fn meets(e: &[E7], f: &[E7]) -> bool {
    let side = |p: &[E7], q: E7| cross(p[0].xy(), p[1].xy(), q.xy()).signum();
    let on = |p: &[E7], q: E7| q != p[0] && q != p[1] && crate::e7::on_segment(p[0], p[1], q);
    let crossing = side(e, f[0]) * side(e, f[1]) < 0 && side(f, e[0]) * side(f, e[1]) < 0;
    let same = (e[0], e[1]) == (f[0], f[1]) || (e[0], e[1]) == (f[1], f[0]);
    crossing || same || f.iter().any(|p| on(e, *p)) || e.iter().any(|p| on(f, *p))
}

proptest! {
    /// Wavy lines one above the other, close enough to touch each other's triangles, some of them held
    /// together at both ends.
    #[test]
    fn nothing_meets_that_did_not(
        waves in prop::collection::vec(prop::collection::vec(0..60_i32, 20), 2..8), tolerance in 1..2000_u32,
        held in any::<bool>(),
    ) {
        let chains: Vec<_> = waves.iter().enumerate().map(|(row, wave)| {
            let mut points: Vec<_> = wave.iter().enumerate()
                .map(|(i, h)| (i as i32 * 37, 64 * row as i32 + h)).collect();
            if held {
                points.insert(0, (-500, 200));
                points.push((1500, 200));
            }
            line(&points)
        }).collect();
        let count = chains.len();
        let thinned = generalise(chains.clone(), tolerance);
        prop_assert_eq!(thinned.len(), count);
        for (old, new) in chains.iter().zip(&thinned) {
            prop_assert_eq!((old.points.first(), old.points.last()), (new.points.first(), new.points.last()));
            let mut rest = old.points.iter();
            prop_assert!(new.points.iter().all(|p| rest.any(|q| q == p)), "a vertex was invented");
        }
        let edges: Vec<_> = thinned.iter().flat_map(|c| c.points.windows(2)).collect();
        for (i, e) in edges.iter().enumerate() {
            for f in &edges[..i] {
                prop_assert!(!meets(e, f), "{:?} {:?}", e, f);
            }
        }
    }
}
