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
    split::{NOWHERE, Strand},
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
    let Some(first) = steepest(strands) else { return true };
    junctions.label(first.strand, first.forward, labels.codes(Label::NONE), labels);
    if junctions.are_all_known() {
        return true;
    }
    let Some(mut ways) = steepest_of_each(strands, junctions) else { return false };
    ways.sort_unstable_by_key(|way| way.from);
    for (way, beside) in ways.iter().zip(nearest(strands, &ways)) {
        let Some(around) = beside.map_or(Some(Label::NONE), |e| junctions.east_of(&e)) else {
            return false;
        };
        junctions.label(way.strand, way.forward, labels.codes(around), labels);
    }
    true
}

/// The [`steepest`] way of all that hang together and have no labels yet; `None` if there are more than [`MOST`].
fn steepest_of_each(strands: &[(ChainId, Strand)], junctions: &Junctions) -> Option<Vec<Way>> {
    let unknown = || (0..strands.len() as u32).filter(|&i| !junctions.is_known(i));
    let mut groups = Groups::new(junctions.count());
    for i in unknown() {
        let [begin, end] = strands[i as usize].1.nodes;
        if begin != NOWHERE {
            groups.join(begin, end);
        }
    }
    let (mut ways, mut way_of): (Vec<Way>, Vec<u32>) = (Vec::new(), vec![NOWHERE; junctions.count()]);
    for i in unknown() {
        // What is closed and has no junction hangs together with nothing.
        let begin = strands[i as usize].1.nodes[0];
        let way = (begin != NOWHERE).then(|| &mut way_of[groups.of(begin) as usize]);
        let known = way.as_ref().and_then(|way| ways.get(**way as usize)).copied();
        let Some(better) = steeper(known, strands, i) else { continue };
        match way {
            Some(way) if known.is_some() => ways[*way as usize] = better,
            way => {
                way.into_iter().for_each(|way| *way = ways.len() as u32);
                ways.push(better);
                if ways.len() > MOST {
                    return None;
                }
            }
        }
    }
    Some(ways)
}

/// Junctions that hang together: a forest in which each points to another of its tree, and one to itself (Galler
/// and Fischer, "An improved equivalence algorithm", 1964).
struct Groups {
    next: Vec<u32>,
}

impl Groups {
    fn new(junctions: usize) -> Self {
        Self { next: (0..junctions as u32).collect() }
    }

    /// The junction that stands for all that hang together with one.
    #[inline]
    fn of(&mut self, mut junction: u32) -> u32 {
        loop {
            let next = self.next[junction as usize];
            if next == junction {
                return junction;
            }
            // The way is halved for whoever comes after.
            let after = self.next[next as usize];
            self.next[junction as usize] = after;
            junction = after;
        }
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.of(a), self.of(b));
        self.next[a.max(b) as usize] = a.min(b);
    }
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
fn steepest(strands: &[(ChainId, Strand)]) -> Option<Way> {
    (0..strands.len() as u32).fold(None, |best, i| steeper(best, strands, i).or(best))
}

/// The steepest way out of the smallest vertex of a strand, if it is better than what is known of others.
#[inline]
fn steeper(known: Option<Way>, strands: &[(ChainId, Strand)], strand: u32) -> Option<Way> {
    let path = &strands[strand as usize].1.path;
    if known.is_some_and(|k| k.from.lon < path.bounds.min.lon) {
        return None;
    }
    let mut better = None;
    for w in path.points().windows(2) {
        for (from, to, forward) in [(w[0], w[1], true), (w[1], w[0], false)] {
            let is_better = better.or(known).is_none_or(|b: Way| match from.cmp(&b.from) {
                Ordering::Less => true,
                Ordering::Equal => orientation(from, b.to, to).is_gt(),
                Ordering::Greater => false,
            });
            if is_better {
                better = Some(Way { from, to, strand, forward });
            }
        }
    }
    better
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
