//! Whose ground is whose, where edges crossed that should not have, or slivers turned over.
//!
//! Projecting moves a corner by a hair's breadth, and where an area is no wider than that, over an edge:
//!
//! ```text
//!        │                     │
//!      1 │  7            1   ──┼─ .
//!     ───┘                   7?│1?       the ground between corner and edge is 7's by one edge,
//!        7                     │         and 1's by another
//! ```
//!
//! Rounding has made a vertex of the crossing, and a face of that ground. Here each face gets one owner: whom most
//! of its edges name. A face of any size has far more true edges than others; of those as small as a crossing
//! nobody can tell, and all tiles that see one tell the same.

use super::Edge;
use crate::{
    chain::Owner,
    frame::{EAST, NORTH, Px, SOUTH, WEST},
};
use std::collections::HashMap;

/// An edge seen from one of its ends, with the owner to its left.
#[derive(Clone, Copy)]
struct Half {
    from: Px,
    to: Px,
    left: Owner,
}

/// Edges that agree on the owner of every face; those between two faces of one owner are gone.
pub(super) fn agree(edges: Vec<Edge>) -> Vec<Edge> {
    // Two halves an edge, one after the other: the other one of `h` is `h ^ 1`.
    let mut halves: Vec<Half> = edges
        .iter()
        .flat_map(|e| [Half { from: e.a, to: e.b, left: e.left }, Half { from: e.b, to: e.a, left: e.right }])
        .collect();
    let next = next(&halves);
    // Where a chain of halves begins; in a ring anywhere.
    let mut has_previous = vec![false; halves.len()];
    next.iter().flatten().for_each(|&n| has_previous[n] = true);
    let begins = (0..halves.len()).filter(|&h| !has_previous[h]).chain(0..halves.len());
    let mut seen = vec![false; halves.len()];
    for begin in begins {
        let mut side = Vec::new();
        let mut at = Some(begin);
        while let Some(h) = at.filter(|&h| !seen[h]) {
            seen[h] = true;
            side.push(h);
            at = next[h];
        }
        if side.iter().any(|&h| halves[h].left != halves[side[0]].left) {
            let owner = most(side.iter().map(|&h| halves[h].left));
            side.iter().for_each(|&h| halves[h].left = owner);
        }
    }
    let sides = halves.as_chunks::<2>().0;
    let agreed = edges.iter().zip(sides).map(|(e, [a, b])| Edge { left: a.left, right: b.left, ..*e });
    agreed.filter(|e| e.left != e.right).collect()
}

/// For each half the next along the face to its left; none at the border of the drawn box, where faces go on.
fn next(halves: &[Half]) -> Vec<Option<usize>> {
    let mut around: Vec<usize> = (0..halves.len()).collect();
    around.sort_unstable_by(|&g, &h| {
        let (g, h) = (&halves[g], &halves[h]);
        g.from.cmp(&h.from).then_with(|| by_angle(way(g), way(h)))
    });
    let mut next = vec![None; halves.len()];
    for spokes in around.chunk_by(|&g, &h| halves[g].from == halves[h].from) {
        let Px { x, y } = halves[spokes[0]].from;
        if x == WEST || x == EAST || y == SOUTH || y == NORTH {
            continue;
        }
        for (i, &spoke) in spokes.iter().enumerate() {
            // Who comes in along this spoke goes out along the one clockwise of it.
            next[spoke ^ 1] = Some(spokes[(i + spokes.len() - 1) % spokes.len()]);
        }
    }
    next
}

fn way(h: &Half) -> (i64, i64) {
    (i64::from(h.to.x - h.from.x), i64::from(h.to.y - h.from.y))
}

/// Counter-clockwise from east.
fn by_angle(u: (i64, i64), v: (i64, i64)) -> std::cmp::Ordering {
    let is_lower = |w: (i64, i64)| w.1 < 0 || (w.1 == 0 && w.0 < 0);
    is_lower(u).cmp(&is_lower(v)).then_with(|| 0.cmp(&(u.0 * v.1 - u.1 * v.0)))
}

/// Who is named most often; of equals the smallest.
fn most(owners: impl Iterator<Item = Owner>) -> Owner {
    let mut times: HashMap<Owner, usize> = HashMap::new();
    owners.for_each(|owner| *times.entry(owner).or_default() += 1);
    let best = times.into_iter().max_by_key(|&(owner, times)| (times, std::cmp::Reverse(owner)));
    best.map_or(crate::chain::NOBODY, |(owner, _)| owner)
}
