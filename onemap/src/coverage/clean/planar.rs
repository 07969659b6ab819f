//! The only file here that speaks to the arrangement: lines in, arcs and what lies beside them out.
//!
//! Lines carry tags. For `n` areas, tag `i < n` is the drawing of the `i`-th of them; the tags above
//! are:
//!
//! - `n`: *all drawings of the layer together*, so its winding counts how many claim the ground,
//!   whether they are among the `n` or not. Only edges that are not shared by one area on each side
//!   change it, so these few suffice (see [`super::table`]);
//! - `n + 1`: a frame around everything, so that the ground outside is a face like others;
//! - from `n + 2` on: fillers, helper rings over ground that is to be closed (see [`super::lanes`]).

use crate::{Bounds, E7, Polygon, arrangement::Arrangement};

/// An edge of some ring: `delta` is by how much the winding of `tag` is greater to the left of
/// `a → b` than to its right; `a < b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub a: E7,
    pub b: E7,
    pub tag: u32,
    pub delta: i32,
}

impl Line {
    /// The edge `from → to` of a ring whose inside is to the left.
    pub fn new(from: E7, to: E7, tag: u32) -> Self {
        if from < to {
            Self { a: from, b: to, tag, delta: 1 }
        } else {
            Self { a: to, b: from, tag, delta: -1 }
        }
    }
}

/// Number of a set of windings in one [`Planar`].
pub(super) type Label = u32;

/// What a label means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Areas of the `n` that claim the ground, ascending.
    pub claims: Vec<u32>,
    /// How often the drawings of the `n` wind around it.
    pub drawn: i32,
    /// How often all drawings of the layer do.
    pub total: i32,
    /// Whether it lies inside the frame.
    pub framed: bool,
    /// Fillers over it, numbered from 0, ascending.
    pub fillers: Vec<u32>,
}

impl Meaning {
    /// Ground that nobody claims, outside included.
    pub fn is_void(&self) -> bool {
        self.framed && self.claims.is_empty() && (self.total <= 0 || self.drawn == self.total)
    }

    /// Ground that several of the `n` claim.
    pub fn is_overlap(&self) -> bool {
        self.claims.len() > 1
    }

    /// Whether an area that is not among the `n` claims ground together with others.
    pub fn lacks_a_claimant(&self) -> bool {
        self.total > 1 && self.drawn < self.total
    }
}

/// A line between two junctions, with the label to its left and to its right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc<'a> {
    pub points: &'a [E7],
    pub left: Label,
    pub right: Label,
}

/// A finished arrangement of lines.
pub(super) struct Planar {
    arrangement: Arrangement,
    /// By label.
    meanings: Vec<Meaning>,
    corner: E7,
}

impl Planar {
    /// Arranges lines of `areas` areas and a frame around them.
    pub fn new(areas: u32, mut lines: Vec<Line>) -> Self {
        let bounds = lines.iter().fold(Bounds::EMPTY, |b, l| b.with(l.a).with(l.b));
        lines.extend(frame(&bounds, areas + 1));
        let arrangement = Arrangement::of_edges(lines.into_iter().map(|l| (l.a, l.b, l.tag, l.delta)));
        let labels = arrangement.labels();
        let windings = labels.iter().map(|l| labels.windings(l, 0).collect::<Vec<_>>());
        let meanings = windings.map(|w| meaning(areas, &w)).collect();
        Self { arrangement, meanings, corner: corner(&bounds) }
    }

    /// All arcs.
    pub fn arcs(&self) -> impl Iterator<Item = Arc<'_>> {
        self.arrangement.chains().map(|(_, c)| Arc {
            points: c.path.points(),
            left: c.left.0,
            right: c.right.0,
        })
    }

    /// Whether a polygon is the ground outside everything: the frame is its exterior.
    pub fn is_outside(&self, ground: &Polygon) -> bool {
        ground.exterior.first() == Some(&self.corner)
    }

    /// What a label means.
    pub fn meaning(&self, label: Label) -> &Meaning {
        &self.meanings[label as usize]
    }
}

/// How far outside the frame runs, in units. Positions end at ±1.8·10⁹, so this never overflows.
const MARGIN: i32 = 1_000;

fn corner(bounds: &Bounds) -> E7 {
    E7::new(bounds.min.lon.saturating_sub(MARGIN), bounds.min.lat.saturating_sub(MARGIN))
}

fn frame(bounds: &Bounds, tag: u32) -> Vec<Line> {
    if bounds.is_empty() {
        return Vec::new();
    }
    let low = corner(bounds);
    let high = E7::new(bounds.max.lon.saturating_add(MARGIN), bounds.max.lat.saturating_add(MARGIN));
    let ring = [low, E7::new(high.lon, low.lat), high, E7::new(low.lon, high.lat)];
    super::scale::edges(&ring).map(|(p, q)| Line::new(p, q, tag)).collect()
}

fn meaning(areas: u32, windings: &[(u32, i32)]) -> Meaning {
    let mut meaning = Meaning::default();
    for &(tag, winding) in windings {
        if tag < areas {
            meaning.drawn += winding;
            if winding > 0 {
                meaning.claims.push(tag);
            }
        } else if tag == areas {
            meaning.total = winding;
        } else if tag == areas + 1 {
            meaning.framed = true;
        } else {
            meaning.fillers.push(tag - areas - 2);
        }
    }
    meaning
}
