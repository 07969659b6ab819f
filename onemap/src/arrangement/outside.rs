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
    line::SharedPath,
    split::NOWHERE,
    table::{Entry, entries},
    turn::Junctions,
    walk::{at_or_west, compare_east, on_latitude},
};
use crate::e7::{E7, orientation};
use std::cmp::Ordering;

/// Of so many that hang together each by itself the surroundings are looked for like this: for more, such as
/// thousands of islands, a table is quicker.
const MOST: usize = 512;

/// Labels all strands, which are numbered from 0. Says no if that takes a table.
pub(super) fn label(paths: &[SharedPath], junctions: &mut Junctions, labels: &mut Labels) -> bool {
    let Some(first) = steepest(paths) else { return true };
    junctions.label(first.strand, first.forward, labels.codes(Label::NONE), labels);
    if junctions.are_all_known() {
        return true;
    }
    let Some(mut ways) = steepest_of_each(paths, junctions) else { return false };
    ways.sort_unstable_by_key(|way| way.from);
    for (way, beside) in ways.iter().zip(nearest(paths, &ways)) {
        let Some(around) = beside.map_or(Some(Label::NONE), |e| junctions.east_of(&e)) else {
            return false;
        };
        junctions.label(way.strand, way.forward, labels.codes(around), labels);
    }
    true
}

/// The [`steepest`] way of all that hang together and have no labels yet; `None` if there are more than [`MOST`].
fn steepest_of_each(paths: &[SharedPath], junctions: &Junctions) -> Option<Vec<Way>> {
    let unknown = || (0..paths.len() as u32).filter(|&i| !junctions.is_known(i));
    let mut groups = Groups::new(junctions.count());
    for i in unknown() {
        let [begin, end] = junctions.nodes(i);
        if begin != NOWHERE {
            groups.join(begin, end);
        }
    }
    let (mut ways, mut way_of): (Vec<Way>, Vec<u32>) = (Vec::new(), vec![NOWHERE; junctions.count()]);
    for i in unknown() {
        // What is closed and has no junction hangs together with nothing.
        let begin = junctions.nodes(i)[0];
        let way = (begin != NOWHERE).then(|| &mut way_of[groups.of(begin) as usize]);
        let known = way.as_ref().and_then(|way| ways.get(**way as usize)).copied();
        let Some(better) = steeper(known, paths, i) else { continue };
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
fn steepest(paths: &[SharedPath]) -> Option<Way> {
    (0..paths.len() as u32).fold(None, |best, i| steeper(best, paths, i).or(best))
}

/// The steepest way out of the smallest vertex of a strand, if it is better than what is known of others.
#[inline]
fn steeper(known: Option<Way>, paths: &[SharedPath], strand: u32) -> Option<Way> {
    let path = &paths[strand as usize];
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
fn nearest(paths: &[SharedPath], ways: &[Way]) -> Vec<Option<Entry>> {
    let by_latitude = ByLatitude::new(ways.iter().map(|w| w.from.lat));
    let mut nearest: Vec<Option<Entry>> = vec![None; ways.len()];
    for (id, path) in (0..).zip(paths) {
        let bounds = path.bounds;
        for &(lat, k) in by_latitude.within(bounds.min.lat, bounds.max.lat) {
            let (v, nearest) = (ways[k].from, &mut nearest[k]);
            if bounds.min.lon > v.lon || nearest.is_some_and(|n| n.ends.0.lon > bounds.max.lon) {
                continue;
            }
            for e in entries(path, id).filter(|e| on_latitude(e.ends, lat)) {
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

/// A few latitudes, which very many paths ask for: most of them for a stretch with none.
struct ByLatitude {
    /// Ascending, each with its place among those given.
    all: Vec<(i32, usize)>,
    /// The latitude where the first row begins, and how high rows are, as a power of two.
    south: i32,
    shift: u32,
    /// Of each row the first of `all` that lies in it or north of it.
    rows: Vec<u32>,
}

/// Rows for each latitude.
const ROWS: u64 = 8;

impl ByLatitude {
    fn new(latitudes: impl Iterator<Item = i32>) -> Self {
        let mut all: Vec<(i32, usize)> = latitudes.zip(0..).collect();
        all.sort_unstable();
        let (south, north) = (all.first().map_or(0, |a| a.0), all.last().map_or(0, |a| a.0));
        let height = u64::from(north.abs_diff(south));
        let most = ROWS * all.len().max(1) as u64;
        let shift = (0..u32::BITS).find(|s| height >> s < most).unwrap_or(u32::BITS);
        let row = |latitude: i32| (u64::from(latitude.abs_diff(south)) >> shift) as usize;
        let mut rows = Vec::with_capacity((height >> shift) as usize + 1);
        for (place, &(latitude, _)) in (0..).zip(&all) {
            rows.resize(rows.len().max(row(latitude) + 1), place);
        }
        Self { all, south, shift, rows }
    }

    /// Those from one latitude to another, both included.
    #[inline]
    fn within(&self, from: i32, to: i32) -> impl Iterator<Item = &(i32, usize)> {
        let row = (u64::from(from.max(self.south).abs_diff(self.south)) >> self.shift) as usize;
        let first = self.rows.get(row).map_or(self.all.len(), |place| *place as usize);
        self.all[first..].iter().skip_while(move |a| a.0 < from).take_while(move |a| a.0 <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitudes_are_found_from_any_to_any() {
        let latitudes = [-1_800_000_000, -7, 5, 5, 6, 400, 1_000_000, 1_800_000_000];
        for few in [&latitudes[..], &latitudes[1..6], &latitudes[2..4], &[]] {
            let by_latitude = ByLatitude::new(few.iter().rev().copied());
            let ends = || latitudes.iter().flat_map(|l| [l - 1, *l, l + 1]);
            for (from, to) in ends().flat_map(|from| ends().map(move |to| (from, to))) {
                let found: Vec<i32> =
                    by_latitude.within(from, to).map(|(_, place)| few[few.len() - 1 - place]).collect();
                let expected: Vec<i32> = few.iter().copied().filter(|l| (from..=to).contains(l)).collect();
                assert_eq!(found, expected, "{few:?} from {from} to {to}");
            }
        }
    }
}
