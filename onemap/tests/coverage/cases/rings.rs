//! The outline of some cells of a raster, as rings of corners.
//!
//! An independent second way to what `onemap`'s outlines do: over whole cells, where it is easy to see.

use std::collections::BTreeMap;

/// A corner of the raster: (column, row).
pub type Corner = (usize, usize);

/// The polygons of some cells (by column and row): one for each set of cells that hang together by their
/// sides; the exterior first and counter-clockwise, then the holes, clockwise. No ring comes through a corner
/// twice.
pub fn polygons(cells: &[(usize, usize)]) -> Vec<Vec<Vec<Corner>>> {
    let mut part: BTreeMap<(usize, usize), usize> = cells.iter().map(|&c| (c, usize::MAX)).collect();
    let mut polygons = Vec::new();
    for &start in cells {
        if part[&start] == usize::MAX {
            let members = flood(&mut part, start, polygons.len());
            polygons.push(outline(&members));
        }
    }
    polygons
}

/// Marks all cells that hang together with `start` and returns them.
fn flood(part: &mut BTreeMap<(usize, usize), usize>, start: (usize, usize), n: usize) -> Vec<(usize, usize)> {
    let mut members = vec![start];
    part.insert(start, n);
    let mut i = 0;
    while let Some(&(x, y)) = members.get(i) {
        i += 1;
        for next in [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))] {
            if part.get(&next) == Some(&usize::MAX) {
                part.insert(next, n);
                members.push(next);
            }
        }
    }
    members
}

fn outline(cells: &[(usize, usize)]) -> Vec<Vec<Corner>> {
    let mut out: BTreeMap<Corner, Vec<Corner>> = BTreeMap::new();
    let inside: std::collections::BTreeSet<_> = cells.iter().copied().collect();
    for &(x, y) in cells {
        let sides = [
            ((x, y.wrapping_sub(1)), (x, y), (x + 1, y)),
            ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
            ((x.wrapping_sub(1), y), (x, y + 1), (x, y)),
        ];
        for (beyond, from, to) in sides {
            if !inside.contains(&beyond) {
                out.entry(from).or_default().push(to);
            }
        }
    }
    let mut rings = Vec::new();
    while let Some((&start, _)) = out.first_key_value() {
        let mut walk = vec![start];
        let mut from = take(&mut out, start, None);
        while from.1 != start {
            walk.push(from.1);
            from = take(&mut out, from.1, Some(from));
        }
        split(walk, &mut rings);
    }
    // One of them runs counter-clockwise, the exterior.
    rings.sort_by_key(|r| std::cmp::Reverse(area2(r)));
    rings
}

/// Takes the edge that leaves `at`; where two do, the one that turns left, which stays at the same cell.
fn take(
    out: &mut BTreeMap<Corner, Vec<Corner>>,
    at: Corner,
    before: Option<(Corner, Corner)>,
) -> (Corner, Corner) {
    let leaving = out.get_mut(&at).expect("as many edges leave a corner as arrive");
    let left = |to: &Corner| before.is_some_and(|(from, via)| area2(&[from, via, *to]) > 0);
    let which = leaving.iter().position(left).unwrap_or(0);
    let to = leaving.swap_remove(which);
    if leaving.is_empty() {
        out.remove(&at);
    }
    (at, to)
}

/// Cuts a walk at corners that it visits twice.
fn split(walk: Vec<Corner>, rings: &mut Vec<Vec<Corner>>) {
    let mut line: Vec<Corner> = Vec::new();
    for p in walk {
        if let Some(k) = line.iter().position(|&q| q == p) {
            rings.push(line.drain(k..).collect());
        }
        line.push(p);
    }
    rings.push(line);
}

fn area2(ring: &[Corner]) -> i64 {
    let turn = |i: usize| {
        let ((x, y), (u, v)) = (ring[i], ring[(i + 1) % ring.len()]);
        x as i64 * v as i64 - u as i64 * y as i64
    };
    (0..ring.len()).map(turn).sum()
}
