//! Labels without a table: what winds around all that hangs together is what winds around its smallest vertex.
//!
//! ```text
//!   │        ╱b      Nothing of it lies west of its smallest vertex v, nor straight south. So what lies just west
//!   │← – –  v──a     of v is what lies around all of it: left of the steepest way out, v b; and it is what lies
//!   │        ╲c      east of the nearest border on the way west. If there is none, it is nothing.
//! ```
//!
//! What that border belongs to reaches farther west, so from the west everything gets its labels in one go: a border
//! from outside, and all that hang together with it around their junctions ([`turn`](super::turn)).

use super::{
    labels::{Label, Labels},
    split::Strand,
    table::{ChainId, Entry, entries},
    turn::Junctions,
    walk::{at_or_west, compare_east, on_latitude},
};
use crate::e7::{E7, orientation};
use std::cmp::Ordering;

/// Of so many that hang together each by itself the surroundings are looked for like this: for more, such as
/// thousands of islands, a table is quicker.
const MOST: usize = 512;

/// Labels all strands, which are numbered from 0. Says no if that takes a table.
pub(super) fn label(strands: &[(ChainId, Strand)], junctions: &mut Junctions, labels: &mut Labels) -> bool {
    let Some(first) = steepest(strands, 0..strands.len() as u32) else { return true };
    junctions.label(first.strand, first.forward, labels.codes(Label::NONE), labels);
    if junctions.are_all_known() {
        return true;
    }
    let groups = junctions.groups();
    if groups.len() > MOST {
        return false;
    }
    let mut ways: Vec<Way> = groups.into_iter().filter_map(|group| steepest(strands, group)).collect();
    ways.sort_unstable_by_key(|way| way.from);
    for (way, beside) in ways.iter().zip(nearest(strands, &ways)) {
        let Some(around) = beside.map_or(Some(Label::NONE), |e| junctions.east_of(&e)) else {
            return false;
        };
        junctions.label(way.strand, way.forward, labels.codes(around), labels);
    }
    true
}

/// The first step from a vertex along a strand.
#[derive(Clone, Copy)]
struct Way {
    from: E7,
    to: E7,
    strand: u32,
    /// Whether the strand runs like this; else it comes from there.
    forward: bool,
}

/// Of the ways out of the smallest vertex of some strands the one farthest counter-clockwise: all of them lead
/// east, or straight north.
fn steepest(strands: &[(ChainId, Strand)], some: impl IntoIterator<Item = u32>) -> Option<Way> {
    let mut best: Option<Way> = None;
    for strand in some {
        let path = &strands[strand as usize].1.path;
        if best.is_some_and(|b| b.from.lon < path.bounds.min.lon) {
            continue;
        }
        for w in path.points.windows(2) {
            for (from, to, forward) in [(w[0], w[1], true), (w[1], w[0], false)] {
                let is_better = best.is_none_or(|b| match from.cmp(&b.from) {
                    Ordering::Less => true,
                    Ordering::Equal => orientation(from, b.to, to).is_gt(),
                    Ordering::Greater => false,
                });
                if is_better {
                    best = Some(Way { from, to, strand, forward });
                }
            }
        }
    }
    best
}

/// Of the segments that lie straight west of where each way begins the nearest.
fn nearest(strands: &[(ChainId, Strand)], ways: &[Way]) -> Vec<Option<Entry>> {
    let mut by_latitude: Vec<(i32, usize)> = ways.iter().map(|w| w.from.lat).zip(0..).collect();
    by_latitude.sort_unstable();
    let mut nearest: Vec<Option<Entry>> = vec![None; ways.len()];
    for (id, strand) in strands {
        let bounds = strand.path.bounds;
        let south = by_latitude.partition_point(|(lat, _)| *lat < bounds.min.lat);
        for &(lat, k) in by_latitude[south..].iter().take_while(|(lat, _)| *lat <= bounds.max.lat) {
            let (v, nearest) = (ways[k].from, &mut nearest[k]);
            if bounds.min.lon > v.lon || nearest.is_some_and(|n| n.ends.0.lon > bounds.max.lon) {
                continue;
            }
            for e in entries(&strand.path, *id).filter(|e| on_latitude(e.ends, lat)) {
                // What comes to the vertex hangs together with it.
                let is_other = e.ends.0 != v && e.ends.1 != v;
                if is_other
                    && at_or_west(e.ends, v)
                    && nearest.is_none_or(|n| compare_east(e.ends, n.ends, lat).is_gt())
                {
                    *nearest = Some(e);
                }
            }
        }
    }
    nearest
}
