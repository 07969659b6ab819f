//! Pairs of boxes that come near each other, found by strips of latitude.
//!
//! Every box is entered into the strips that it meets; within a strip boxes are sorted by their west
//! side, and each is compared with those that begin before it ends:
//!
//! ```text
//!  strip 2  ├──a──┤  ├b┤          a–c are compared, b begins beyond both
//!  strip 1     ├──c──┤
//! ```

use crate::Bounds;

/// Calls `f(i, j)` once, `i ≠ j` in either order, for any two boxes no farther apart than `grow` units
/// of longitude and latitude.
pub(super) fn near_pairs(boxes: &[Bounds], grow: [i32; 2], mut f: impl FnMut(usize, usize)) {
    let all = boxes.iter().fold(Bounds::EMPTY, |b, o| b.join(*o));
    if boxes.len() < 2 || all.is_empty() {
        return;
    }
    let grow = grow.map(i64::from);
    let south = i64::from(all.min.lat);
    let tall: i64 = boxes.iter().map(|b| i64::from(b.max.lat) - i64::from(b.min.lat) + grow[1]).sum();
    let height = (2 * tall / boxes.len() as i64).max((i64::from(all.max.lat) - south) >> 20) + 1;
    // A box reaches north as far as another may be away, so that near boxes share a strip.
    let strips = |b: &Bounds| {
        let row = |lat: i64| ((lat - south) / height) as u32;
        (row(b.min.lat.into()), row(i64::from(b.max.lat) + grow[1]))
    };
    let mut entries: Vec<(u32, i32, u32)> = Vec::with_capacity(2 * boxes.len());
    for (i, b) in boxes.iter().enumerate() {
        let (first, last) = strips(b);
        entries.extend((first..=last).map(|s| (s, b.min.lon, i as u32)));
    }
    entries.sort_unstable();
    for strip in entries.chunk_by(|p, q| p.0 == q.0) {
        for (k, &(row, _, i)) in strip.iter().enumerate() {
            let p = &boxes[i as usize];
            let east = i64::from(p.max.lon) + grow[0];
            for &(_, west, j) in strip[k + 1..].iter().take_while(|e| i64::from(e.1) <= east) {
                let q = &boxes[j as usize];
                debug_assert!(i64::from(west) <= east);
                let apart = i64::from(p.min.lat.max(q.min.lat)) - i64::from(p.max.lat.min(q.max.lat));
                // In the first strip that both meet, so that a pair is met once.
                if apart <= grow[1] && row == strips(p).0.max(strips(q).0) {
                    f(i as usize, j as usize);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::E7;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_comparing_all_with_all_finds(
            boxes in prop::collection::vec((0..300_i32, 0..300_i32, 0..90_i32, 0..90_i32), 0..40),
            grow in (0..20_i32, 0..20_i32),
        ) {
            let boxes: Vec<Bounds> = boxes.into_iter()
                .map(|(x, y, w, h)| Bounds { min: E7::new(x, y), max: E7::new(x + w, y + h) }).collect();
            let mut found = Vec::new();
            near_pairs(&boxes, [grow.0, grow.1], |i, j| found.push((i.min(j), i.max(j))));
            found.sort_unstable();
            let mut expected = Vec::new();
            for i in 0..boxes.len() {
                for j in i + 1..boxes.len() {
                    let (p, q) = (boxes[i], boxes[j]);
                    let apart = |a: i32, b: i32, c: i32, d: i32| a.max(c) - b.min(d);
                    if apart(p.min.lon, p.max.lon, q.min.lon, q.max.lon) <= grow.0
                        && apart(p.min.lat, p.max.lat, q.min.lat, q.max.lat) <= grow.1 {
                        expected.push((i, j));
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
