//! Looking on ground with a drawn border, exactly.
//!
//! Going down the tree, a node keeps those edges of the border that touch its box, and whether one of
//! its corners lies inside. Where a point below it lies then follows from those few edges alone: it
//! lies as the corner does, unless an odd number of them is crossed on the way from one to the other.

use super::{
    packed::{FANOUT, Group, Leaf},
    walk::{Relation, Target},
    window::Window,
};
use crate::{Bounds, E7, MultiPolygon, e7::orientation};
use std::{cmp::Ordering, sync::OnceLock};

/// An edge of the border from west to east, or from south to north.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: E7,
    to: E7,
}

/// Ground made ready for many tests. Even-odd, so rings may run either way. On the border a point
/// counts as a little further east and, by less, further north.
#[derive(Debug)]
pub(crate) struct Tester {
    bounds: Bounds,
    edges: Vec<Edge>,
    bands: OnceLock<Bands>,
}

impl Tester {
    pub fn new(ground: &MultiPolygon) -> Self {
        let edges = ground
            .rings()
            .flat_map(|r| r.iter().copied().zip(r.iter().copied().cycle().skip(1)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| Edge { from: a.min(b), to: a.max(b) })
            .collect();
        // Of all rings: a hole that reaches outside its exterior is ground by the even-odd rule.
        let bounds = Bounds::of(ground.rings().flatten());
        Self { bounds, edges, bands: OnceLock::new() }
    }

    /// Whether `p`, moved east by ε and north by ε², lies inside.
    pub fn contains(&self, p: E7) -> bool {
        if !self.bounds.contains(p) {
            return false;
        }
        let bands = self.bands();
        odd(bands.at(p).iter().map(|&i| lies_west(self.edges[i as usize], p)))
    }

    /// The edges whose box shares a position with another, some of them more than once.
    pub fn edges_near(&self, b: &Bounds) -> Vec<(E7, E7)> {
        if !self.bounds.intersects(b) {
            return Vec::new();
        }
        let south = b.min.lat.max(self.bounds.min.lat);
        let north = b.max.lat.min(self.bounds.max.lat);
        let near = self.bands().between(south, north).iter().map(|&i| self.edges[i as usize]);
        near.filter(|e| Bounds::of([&e.from, &e.to]).intersects(b)).map(|e| (e.from, e.to)).collect()
    }

    fn bands(&self) -> &Bands {
        self.bands.get_or_init(|| Bands::new(&self.bounds, &self.edges))
    }

    /// The box around it.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How many edges its border has.
    pub fn edges(&self) -> usize {
        self.edges.len()
    }

    /// Goes down a tree.
    pub fn target(&self) -> Descent<'_> {
        Descent { ground: self, edges: Vec::with_capacity(self.edges.len() * 2) }
    }
}

fn odd(flags: impl Iterator<Item = bool>) -> bool {
    flags.fold(false, |odd, f| odd ^ f)
}

/// Whether the edge is met going west from `p` moved by (ε, ε²).
#[inline]
fn lies_west(e: Edge, p: E7) -> bool {
    let rises = e.from.lat < e.to.lat;
    let (low, high) = if rises { (e.from.lat, e.to.lat) } else { (e.to.lat, e.from.lat) };
    if !(low <= p.lat && p.lat < high) || p.lon < e.from.lon {
        return false;
    }
    // Of a rising edge what is east of it lies to the right.
    p.lon >= e.to.lon
        || orientation(e.from, e.to, p) != if rises { Ordering::Greater } else { Ordering::Less }
}

/// Whether the edge is met going south from `p` moved by (ε, ε²): where the edge goes through `p`
/// itself, unless it rises to the east.
#[inline]
fn lies_south(e: Edge, p: E7) -> bool {
    if !(e.from.lon <= p.lon && p.lon < e.to.lon) {
        return false;
    }
    match orientation(e.from, e.to, p) {
        Ordering::Greater => true,
        Ordering::Equal => e.to.lat <= e.from.lat,
        Ordering::Less => false,
    }
}

/// Whether the edge is crossed going from `a` along its meridian, then along the parallel of `b`, all
/// moved by (ε, ε²).
#[inline]
fn crosses(e: Edge, a: E7, b: E7) -> bool {
    // Most edges of a neighbourhood reach neither the meridian nor the parallel.
    let on_meridian = (e.from.lon <= a.lon) & (a.lon < e.to.lon);
    let on_parallel = (e.from.lat.min(e.to.lat) <= b.lat) & (b.lat < e.from.lat.max(e.to.lat));
    if !(on_meridian | on_parallel) {
        return false;
    }
    let corner = E7::new(a.lon, b.lat);
    lies_south(e, a) ^ lies_south(e, corner) ^ lies_west(e, corner) ^ lies_west(e, b)
}

/// The state of a way down a tree.
pub(crate) struct Descent<'a> {
    ground: &'a Tester,
    /// Edges that touch the box of the node we are in, after those of the nodes above it.
    edges: Vec<Edge>,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    /// Its edges.
    start: usize,
    end: usize,
    /// A corner of its box, and whether that lies inside.
    corner: E7,
    inside: bool,
}

impl Note {
    fn relation(&self) -> Relation {
        match (self.start < self.end, self.inside) {
            (true, _) => Relation::Across,
            (false, true) => Relation::Inside,
            (false, false) => Relation::Outside,
        }
    }
}

impl Target for Descent<'_> {
    type Note = Note;

    fn root(&mut self, bounds: &Bounds) -> (Relation, Note) {
        self.edges.clear();
        self.edges.extend(self.ground.edges.iter().filter(|e| touches(bounds, **e)));
        let corner = bounds.min;
        let inside = odd(self.ground.edges.iter().map(|&e| lies_west(e, corner)));
        let note = Note { start: 0, end: self.edges.len(), corner, inside };
        (note.relation(), note)
    }

    #[inline]
    fn look(&mut self, group: &Group) -> (u32, u32) {
        (Window(self.ground.bounds).look(group).0, 0)
    }

    #[inline]
    fn node(&mut self, above: Note, bounds: &Bounds) -> (Relation, Note) {
        let start = self.edges.len();
        let mut inside = above.inside;
        for i in above.start..above.end {
            let edge = self.edges[i];
            if touches(bounds, edge) {
                self.edges.push(edge);
            }
            // Both corners lie in the box above, and so does the way between them: only edges that
            // touch it can cross that.
            inside ^= crosses(edge, above.corner, bounds.min);
        }
        let note = Note { start, end: self.edges.len(), corner: bounds.min, inside };
        (note.relation(), note)
    }

    #[inline]
    fn points(&mut self, leaf: Note, points: &Leaf) -> u32 {
        let edges = &self.edges[leaf.start..leaf.end];
        let (mut bits, mut last) = (0, (leaf.corner, leaf.inside));
        for i in 0..FANOUT {
            let p = points.point(i);
            // Those who live in one house share its place.
            if p != last.0 {
                let crossed = odd(edges.iter().map(|&e| crosses(e, leaf.corner, p)));
                last = (p, leaf.inside ^ crossed);
            }
            bits |= u32::from(last.1) << i;
        }
        bits
    }

    fn leave(&mut self, node: Note) {
        self.edges.truncate(node.start);
    }
}

/// Whether a segment and a box have a position in common (not only lattice ones): their boxes have,
/// and the box does not lie on one side of the segment.
#[inline]
fn touches(b: &Bounds, Edge { from, to }: Edge) -> bool {
    if to.lon < b.min.lon
        || from.lon > b.max.lon
        || from.lat.max(to.lat) < b.min.lat
        || from.lat.min(to.lat) > b.max.lat
    {
        return false;
    }
    // Of the box's corners two are farthest to the left and to the right of the segment.
    let (left, right) = if from.lat <= to.lat {
        (E7::new(b.min.lon, b.max.lat), E7::new(b.max.lon, b.min.lat))
    } else {
        (b.max, b.min)
    };
    orientation(from, to, left) != Ordering::Less && orientation(from, to, right) != Ordering::Greater
}

/// Edges by bands of latitude, for points one by one.
#[derive(Debug)]
struct Bands {
    south: i64,
    /// Height of a band.
    height: i64,
    /// Edges that reach into band `i`: `edges[starts[i] .. starts[i + 1]]`.
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Bands {
    fn new(bounds: &Bounds, edges: &[Edge]) -> Self {
        let south = i64::from(bounds.min.lat);
        let rise = (i64::from(bounds.max.lat) - south + 1).max(1);
        let spans = |height: i64| {
            edges.iter().map(move |e| {
                let band = |v: i32| ((i64::from(v) - south) / height) as usize;
                band(e.from.lat.min(e.to.lat))..band(e.from.lat.max(e.to.lat)) + 1
            })
        };
        // As many bands as edges, but fewer where edges are so long that most bands would hold most.
        let mut height = (rise / edges.len().clamp(1, 1 << 16) as i64).max(1);
        while height < rise && spans(height).map(|s| s.len()).sum::<usize>() > edges.len() * 4 {
            height *= 2;
        }
        let mut starts = vec![0_u32; (rise / height) as usize + 2];
        for band in spans(height).flatten() {
            starts[band + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; starts.last().map_or(0, |n| *n as usize)];
        for (span, i) in spans(height).zip(0..) {
            for band in span {
                sorted[next[band] as usize] = i;
                next[band] += 1;
            }
        }
        Self { south, height, starts, edges: sorted }
    }

    /// Numbers of the edges that may reach the parallel of a point within the bounds.
    fn at(&self, p: E7) -> &[u32] {
        self.between(p.lat, p.lat)
    }

    /// The same for all parallels from one to another.
    fn between(&self, south: i32, north: i32) -> &[u32] {
        let band = |lat: i32| ((i64::from(lat) - self.south) / self.height) as usize;
        &self.edges[self.starts[band(south)] as usize..self.starts[band(north) + 1] as usize]
    }
}
