//! Looking on ground with a drawn border, exactly.
//!
//! Going down the tree, a node keeps those edges of the border that touch its box, and whether one of
//! its corners lies inside. Where a point below it lies then follows from those few edges alone: it
//! lies as the corner does, unless an odd number of them is crossed on the way from one to the other.

use super::{
    packed::{FANOUT, Leaf},
    walk::{Relation, Target},
};
use crate::{Bounds, E7, MultiPolygon, e7::cross};
use std::sync::OnceLock;

/// An edge of the border, either way.
type Edge = (E7, E7);

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
        let bands = self.bands.get_or_init(|| Bands::new(&self.bounds, &self.edges));
        odd(bands.at(p).iter().map(|&i| lies_west(self.edges[i as usize], p)))
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
fn lies_west((a, b): Edge, p: E7) -> bool {
    let (s, n) = if a.lat < b.lat { (a, b) } else { (b, a) };
    s.lat <= p.lat && p.lat < n.lat && cross(s, n, p) <= 0
}

/// Whether the edge is met going south from `p` moved by (ε, ε²): where the edge goes through `p`
/// itself, unless it rises to the east.
#[inline]
fn lies_south((a, b): Edge, p: E7) -> bool {
    let (w, e) = if a.lon < b.lon { (a, b) } else { (b, a) };
    if !(w.lon <= p.lon && p.lon < e.lon) {
        return false;
    }
    let side = cross(w, e, p);
    side > 0 || side == 0 && e.lat <= w.lat
}

/// Whether an odd number of the edges is crossed from `a` along its meridian, then along the parallel
/// of `b`, both moved by (ε, ε²).
#[inline]
fn crossed(edges: &[Edge], a: E7, b: E7) -> bool {
    let corner = E7::new(a.lon, b.lat);
    odd(edges
        .iter()
        .map(|&e| (lies_south(e, a) ^ lies_south(e, corner)) ^ (lies_west(e, corner) ^ lies_west(e, b))))
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
    fn node(&mut self, above: Note, bounds: &Bounds) -> (Relation, Note) {
        let start = self.edges.len();
        for i in above.start..above.end {
            let edge = self.edges[i];
            if touches(bounds, edge) {
                self.edges.push(edge);
            }
        }
        // Both corners lie in the box above, and so does the way between them: only edges that touch
        // it can cross that.
        let turned = crossed(&self.edges[above.start..above.end], above.corner, bounds.min);
        let inside = above.inside ^ turned;
        let note = Note { start, end: self.edges.len(), corner: bounds.min, inside };
        (note.relation(), note)
    }

    #[inline]
    fn points(&mut self, leaf: Note, points: &Leaf) -> u32 {
        let edges = &self.edges[leaf.start..leaf.end];
        let mut bits = 0;
        for i in 0..FANOUT {
            bits |= u32::from(leaf.inside ^ crossed(edges, leaf.corner, points.point(i))) << i;
        }
        bits
    }

    fn leave(&mut self, node: Note) {
        self.edges.truncate(node.start);
    }
}

/// Whether a segment and a box have a position in common (not only lattice ones): their boxes have,
/// and the box's corners are not all on one side.
#[inline]
fn touches(b: &Bounds, (p, q): Edge) -> bool {
    if p.lon.max(q.lon) < b.min.lon
        || p.lon.min(q.lon) > b.max.lon
        || p.lat.max(q.lat) < b.min.lat
        || p.lat.min(q.lat) > b.max.lat
    {
        return false;
    }
    let corners = [b.min, E7::new(b.max.lon, b.min.lat), b.max, E7::new(b.min.lon, b.max.lat)];
    let sides = corners.map(|c| cross(p, q, c).signum());
    !(sides.iter().all(|&s| s > 0) || sides.iter().all(|&s| s < 0))
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
            edges.iter().map(move |(a, b)| {
                let band = |v: i32| ((i64::from(v) - south) / height) as usize;
                band(a.lat.min(b.lat))..band(a.lat.max(b.lat)) + 1
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
        let band = ((i64::from(p.lat) - self.south) / self.height) as usize;
        &self.edges[self.starts[band] as usize..self.starts[band + 1] as usize]
    }
}
