//! Step *clip*: the drawn box as a frame around the edges, so that the ground of each owner is closed.
//!
//! Quantising has cut every edge where it meets the box, so nothing is left to intersect: edges are
//! either in the box or not. What is missing is the border of the box itself, piece by piece from node
//! to node, each piece with the owner of the ground just inside:
//!
//! ```text
//!   ┌──────x───────┐      Walking the border counter-clockwise the inside is to the left. Leaving the
//!   │  2  ╱        │      node x westwards, the first edge met turning left is x─y; the piece x─┐ is
//!   │    ╱    1    │      on that edge's right as seen from x, so its owner is 2.
//!   └───y──────────┘
//! ```

use crate::{
    chain::{Chain, NOBODY, Owner, join_edges},
    frame::{EAST, NORTH, Px, SOUTH, WEST},
    quantise::Edge,
};
use gridbeat_onemap::E7;

/// Closes the ground at the box's border and joins edges to chains. `whole` tells the owner of a box
/// whose border no edge touches.
pub(crate) fn clip(edges: &[Edge], whole: impl FnOnce() -> Owner) -> Vec<Chain<E7>> {
    let mut closed = within(edges);
    closed.extend(border(edges, whole).into_iter().filter(|piece| piece.left != NOBODY));
    join_edges(&closed)
}

/// The edges without the box's border, joined: what lines are drawn from.
pub(crate) fn lines(edges: &[Edge]) -> Vec<Chain<Px>> {
    join_edges(&within(edges))
}

/// The edges that do not run along the border.
fn within(edges: &[Edge]) -> Vec<Edge> {
    edges.iter().copied().filter(|e| side_of(e.a, e.b).is_none()).collect()
}

/// Which side of the box both positions lie on, if any.
fn side_of(a: Px, b: Px) -> Option<u8> {
    match () {
        () if a.y == SOUTH && b.y == SOUTH => Some(0),
        () if a.x == EAST && b.x == EAST => Some(1),
        () if a.y == NORTH && b.y == NORTH => Some(2),
        () if a.x == WEST && b.x == WEST => Some(3),
        () => None,
    }
}

/// How far along the border a position lies, counter-clockwise from the south-west corner.
fn along(p: Px) -> Option<i32> {
    const WIDTH: i32 = EAST - WEST;
    const HEIGHT: i32 = NORTH - SOUTH;
    match () {
        () if p.y == SOUTH => Some(p.x - WEST),
        () if p.x == EAST => Some(WIDTH + p.y - SOUTH),
        () if p.y == NORTH => Some(WIDTH + HEIGHT + EAST - p.x),
        () if p.x == WEST => Some(2 * WIDTH + HEIGHT + NORTH - p.y),
        () => None,
    }
}

/// An edge as seen from its end on the border.
struct Spoke {
    at: i32,
    to: Px,
    /// Owners as seen looking from the border along the edge.
    left: Owner,
    right: Owner,
}

/// The pieces of the border, counter-clockwise, each with the owner inside to its left.
fn border(edges: &[Edge], whole: impl FnOnce() -> Owner) -> Vec<Edge> {
    let mut spokes = Vec::new();
    let corners = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH)];
    let mut nodes: Vec<(i32, Px)> =
        corners.into_iter().map(|(x, y)| Px { x, y }).filter_map(|p| Some((along(p)?, p))).collect();
    for e in edges {
        if let Some(at) = along(e.a) {
            nodes.push((at, e.a));
            spokes.push(Spoke { at, to: e.b, left: e.left, right: e.right });
        }
        if let Some(at) = along(e.b) {
            nodes.push((at, e.b));
            spokes.push(Spoke { at, to: e.a, left: e.right, right: e.left });
        }
    }
    nodes.sort_unstable();
    nodes.dedup();
    spokes.sort_by_key(|s| s.at);
    let owners: Vec<Option<Owner>> = (0..nodes.len())
        .map(|i| {
            let (at, p) = nodes[i];
            let from = spokes.partition_point(|s| s.at < at);
            let to = spokes.partition_point(|s| s.at <= at);
            owner_after(p, nodes[(i + 1) % nodes.len()].1, &spokes[from..to])
        })
        .collect();
    // A node without a spoke into the box changes nothing: the owner is that of the piece before.
    let mut owner = match owners.iter().rev().flatten().next() {
        Some(&last) => last,
        None => whole(),
    };
    (0..nodes.len())
        .map(|i| {
            owner = owners[i].unwrap_or(owner);
            Edge { a: nodes[i].1, b: nodes[(i + 1) % nodes.len()].1, left: owner, right: NOBODY }
        })
        .collect()
}

/// The owner inside the piece `p q` of the border, as far as the edges at `p` tell.
fn owner_after(p: Px, q: Px, spokes: &[Spoke]) -> Option<Owner> {
    // An edge that runs along the piece knows it best.
    if let Some(s) = spokes.iter().find(|s| s.to == q) {
        return Some(s.left);
    }
    let way = |to: Px| (i64::from(to.x - p.x), i64::from(to.y - p.y));
    let mut first: Option<&Spoke> = None;
    for s in spokes.iter().filter(|s| side_of(p, s.to).is_none()) {
        let clockwise_of_best = first.is_none_or(|best| {
            let (u, v) = (way(s.to), way(best.to));
            u.0 * v.1 - u.1 * v.0 > 0
        });
        if clockwise_of_best {
            first = Some(s);
        }
    }
    first.map(|s| s.right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn px(x: i32, y: i32) -> Px {
        Px { x, y }
    }

    fn edge(a: Px, b: Px, left: Owner, right: Owner) -> Edge {
        if a < b { Edge { a, b, left, right } } else { Edge { a: b, b: a, left: right, right: left } }
    }

    /// Twice the area that the chains enclose for one owner.
    fn area2(chains: &[Chain<E7>], owner: Owner) -> i64 {
        let mut sum = 0;
        for chain in chains {
            for w in chain.points.windows(2) {
                let [a, b] = [w[0], w[1]].map(|p| (i64::from(p.lon), i64::from(p.lat)));
                let cross = a.0 * b.1 - b.0 * a.1;
                sum += if chain.left == owner { cross } else { 0 }
                    - if chain.right == owner { cross } else { 0 };
            }
        }
        sum
    }

    const SIDE: i64 = (EAST - WEST) as i64;

    #[test]
    fn a_box_without_edges_is_one_owners() {
        let chains = clip(&[], || 7);
        assert_eq!((chains.len(), area2(&chains, 7)), (1, 2 * SIDE * SIDE));
        assert!(clip(&[], || NOBODY).is_empty());
    }

    #[test]
    fn a_line_through_splits_the_box() {
        // From south to north at x = 1000: 1 in the west, 2 in the east.
        let chains = clip(&[edge(px(1000, SOUTH), px(1000, NORTH), 1, 2)], || unreachable!());
        assert_eq!(area2(&chains, 1), 2 * 1064 * SIDE);
        assert_eq!(area2(&chains, 2), 2 * (SIDE - 1064) * SIDE);
    }

    #[test]
    fn two_lines_that_meet_on_the_border() {
        let x = px(1000, NORTH);
        let edges = [edge(px(0, SOUTH), x, 1, 2), edge(px(2000, SOUTH), x, 2, 3)];
        let chains = clip(&edges, || unreachable!());
        assert_eq!(area2(&chains, 2), 2000 * SIDE);
        assert_eq!([1, 2, 3].map(|o| area2(&chains, o)).iter().sum::<i64>(), 2 * SIDE * SIDE);
    }

    #[test]
    fn an_edge_along_the_border() {
        // 1 lies in the box but for a step at its west side that ends just on the border.
        let edges = [edge(px(WEST, -100), px(WEST, -200), 1, 2), edge(px(WEST, -300), px(WEST, -200), 2, 1)];
        let chains = clip(&edges, || unreachable!());
        assert_eq!(area2(&chains, 1), 2 * SIDE * SIDE);
        assert_eq!(area2(&chains, 2), 0);
        assert!(lines(&edges).is_empty());
    }

    #[test]
    fn a_corner_cut_off() {
        let chains = clip(&[edge(px(WEST, 0), px(0, NORTH), 5, NOBODY)], || unreachable!());
        assert_eq!(area2(&chains, 5), 64 * 64);
    }
}
