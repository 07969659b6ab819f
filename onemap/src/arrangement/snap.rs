//! Snap rounding in full, for segments that bending one by one does not settle: each is drawn through
//! every vertex and rounded crossing within half a unit of it, which provably leaves no crossing (Hobby,
//! "Practical segment intersection with finite precision output", 1999).

use super::{
    frame::Bins,
    meet::{Segment, along, interact, meet, passes_pixel},
    node::{Noder, grown},
};
use crate::e7::E7;
use rustc_hash::FxHashSet;

/// Draws the given segments anew, and all that interact with them.
pub(super) fn snap_round(noder: &mut Noder, seeds: Vec<u32>) {
    let mut members: FxHashSet<u32> = seeds.iter().copied().collect();
    let mut todo = seeds;
    while let Some(i) = todo.pop() {
        let s = noder.segment(i);
        let (a, b) = grown(s);
        noder.bins.near_box(a, b, |j| {
            if !members.contains(&j) && interact(s, noder.segment(j)) {
                members.insert(j);
                todo.push(j);
            }
        });
    }
    let mut members: Vec<u32> = members.into_iter().collect();
    members.sort_unstable();
    let ends: Vec<Segment> = members.iter().map(|&i| noder.segment(i)).collect();
    let bins = Bins::new((0..).zip(&ends).map(|(k, s)| (k, s.0, s.1)), 0);
    let mut hot: Vec<E7> = ends.iter().flat_map(|&(a, b)| [a, b]).collect();
    for (k, &s) in (0..).zip(&ends) {
        bins.near(s.0, s.1, |j| {
            if j > k {
                meet(s, ends[j as usize], false, |c| hot.push(c.at));
            }
        });
    }
    hot.sort_unstable();
    hot.dedup();
    let mut courses: Vec<Vec<E7>> = vec![Vec::new(); ends.len()];
    for &p in &hot {
        // A pixel reaches half a unit out.
        let (a, b) = grown((p, p));
        bins.near_box(a, b, |k| {
            let (a, b) = ends[k as usize];
            if p != a && p != b && passes_pixel(a, b, p) {
                courses[k as usize].push(p);
            }
        });
    }
    for ((&i, &(a, b)), mut course) in members.iter().zip(&ends).zip(courses) {
        course.sort_unstable_by_key(|p| along(a, b, *p));
        course.dedup();
        course.insert(0, a);
        course.push(b);
        noder.redraw(i, &course);
    }
}
