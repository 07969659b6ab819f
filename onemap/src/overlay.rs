//! Both layers in one arrangement, and the pieces (双格单元) it falls into.
//!
//! A piece is all ground with the same grid (or none) and the same beat (or none), possibly of several
//! faces. Pieces tile the arrangement's outline exactly: every face that either layer owns belongs to
//! exactly one piece, however thin it is; slivers are flagged, not dropped. Where the rounding of a
//! crossing bends a border, the arrangement decides who answers.

use crate::{
    Bounds, E7, MultiPolygon,
    arrangement::{Arrangement, Edge, Face, Locator},
    boxes::Boxes,
    coverage::{AreaId, Layer, outlines},
    geodesic,
    record::Side,
};
use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

/// A piece's place in [`Overlay::pieces`]; valid within one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub u32);

/// All ground with the same grid and the same beat.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// `GRID~BEAT`, codes percent-encoded, empty for none.
    pub id: String,
    /// The grid, if there is one.
    pub grid: Option<AreaId>,
    /// The beat, if there is one.
    pub beat: Option<AreaId>,
    /// Square metres.
    pub area_m2: f64,
    /// Share of the grid's ground, 0–1; `None` without a grid.
    pub share_of_grid: Option<f64>,
    /// Share of the beat's ground, 0–1; `None` without a beat.
    pub share_of_beat: Option<f64>,
    /// Thin or tiny: see [`SLIVER_AREA_M2`] and [`SLIVER_WIDTH_M`].
    pub sliver: bool,
    /// The box around it.
    pub bounds: Bounds,
}

/// A piece smaller than this many square metres is a sliver …
pub const SLIVER_AREA_M2: f64 = 10.0;
/// … and so is one whose mean width, twice the area over the border's length, is less than this many
/// metres: two drawings of one border, not ground that somebody meant to give to the other side.
pub const SLIVER_WIDTH_M: f64 = 2.0;

/// The overlay of two layers. Immutable.
#[derive(Debug)]
pub struct Overlay {
    pieces: Vec<Piece>,
    arrangement: Arrangement,
    locator: Locator,
    /// The piece of each face; `None` where neither layer has ground.
    piece_of: Vec<Option<PieceId>>,
    chains_of: Vec<Vec<u32>>,
    /// Pieces of each grid and of each beat, by area.
    of_area: [Vec<Vec<PieceId>>; 2],
    boxes: Boxes,
    /// In order of their ids.
    by_name: Vec<PieceId>,
}

impl Overlay {
    /// Overlays two layers.
    pub fn new(grids: &Layer, beats: &Layer) -> Self {
        let mut edges = Vec::new();
        for (layer, bit) in [(grids, 0), (beats, 1)] {
            for arc in layer.arcs() {
                for w in arc.points.windows(2) {
                    // Two entries an edge: its left area begins here, its right area ends.
                    edges.extend(arc.left.map(|id| Edge::new(w[0], w[1], id.0 << 1 | bit)));
                    edges.extend(arc.right.map(|id| Edge::new(w[1], w[0], id.0 << 1 | bit)));
                }
            }
        }
        let (arrangement, locator) = Arrangement::build_with_locator(edges);
        let keys: Vec<Key> = (0..arrangement.faces()).map(|f| key(&arrangement, f)).collect();
        let chains: Vec<_> =
            arrangement.chains().iter().map(|c| (arrangement.points(c), c.left, c.right)).collect();
        let face_areas = geodesic::face_areas_m2(keys.len(), chains);

        let mut ids: BTreeMap<Key, PieceId> =
            keys.iter().filter(|k| **k != (None, None)).map(|k| (*k, PieceId(0))).collect();
        let mut pieces = Vec::with_capacity(ids.len());
        for (i, (&(grid, beat), id)) in ids.iter_mut().enumerate() {
            *id = PieceId(i as u32);
            pieces.push(Piece {
                id: name(
                    grid.map(|g| grids.area(g).code.as_str()),
                    beat.map(|b| beats.area(b).code.as_str()),
                ),
                grid,
                beat,
                area_m2: 0.0,
                share_of_grid: None,
                share_of_beat: None,
                sliver: false,
                bounds: Bounds::EMPTY,
            });
        }
        let piece_of: Vec<Option<PieceId>> = keys.iter().map(|k| ids.get(k).copied()).collect();
        for (face, piece) in piece_of.iter().enumerate() {
            if let Some(p) = piece {
                pieces[p.0 as usize].area_m2 += face_areas[face];
            }
        }
        let mut chains_of = vec![Vec::new(); pieces.len()];
        let mut border_m = vec![0.0; pieces.len()];
        for (i, chain) in arrangement.chains().iter().enumerate() {
            let (l, r) = (piece_of[chain.left as usize], piece_of[chain.right as usize]);
            if l == r {
                continue;
            }
            let points = arrangement.points(chain);
            let (bounds, length) = (Bounds::of(points), geodesic::length_m(points));
            for p in [l, r].into_iter().flatten() {
                let p = p.0 as usize;
                chains_of[p].push(i as u32);
                pieces[p].bounds = pieces[p].bounds.join(bounds);
                border_m[p] += length;
            }
        }
        let mut of_area = [vec![Vec::new(); grids.areas().len()], vec![Vec::new(); beats.areas().len()]];
        for (i, piece) in pieces.iter_mut().enumerate() {
            let share = |ground: f64| (ground > 0.0).then(|| (piece.area_m2 / ground).clamp(0.0, 1.0));
            piece.share_of_grid = piece.grid.and_then(|g| share(grids.area(g).area_m2));
            piece.share_of_beat = piece.beat.and_then(|b| share(beats.area(b).area_m2));
            piece.sliver =
                piece.area_m2 < SLIVER_AREA_M2 || 2.0 * piece.area_m2 < SLIVER_WIDTH_M * border_m[i];
            for (side, area) in [(0, piece.grid), (1, piece.beat)] {
                if let Some(a) = area {
                    of_area[side][a.0 as usize].push(PieceId(i as u32));
                }
            }
        }
        let boxes = Boxes::new(pieces.iter().map(|p| p.bounds));
        let mut by_name: Vec<PieceId> = (0..pieces.len() as u32).map(PieceId).collect();
        by_name.sort_by(|a, b| pieces[a.0 as usize].id.cmp(&pieces[b.0 as usize].id));
        Self { pieces, arrangement, locator, piece_of, chains_of, of_area, boxes, by_name }
    }

    /// All pieces by [`PieceId`]: by grid, then by beat, none first.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// One piece.
    pub fn piece(&self, id: PieceId) -> &Piece {
        &self.pieces[id.0 as usize]
    }

    /// All ids in order.
    pub fn ids(&self) -> impl Iterator<Item = PieceId> + use<> {
        (0..self.pieces.len() as u32).map(PieceId)
    }

    /// The piece with this id (`GRID~BEAT`).
    pub fn find(&self, id: &str) -> Option<PieceId> {
        let i = self.by_name.binary_search_by(|p| self.piece(*p).id.as_str().cmp(id)).ok()?;
        Some(self.by_name[i])
    }

    /// The piece of a grid (or none) and a beat (or none), if there is such ground.
    pub fn of(&self, grid: Option<AreaId>, beat: Option<AreaId>) -> Option<PieceId> {
        let i = self.pieces.binary_search_by_key(&(grid, beat), |p| (p.grid, p.beat)).ok()?;
        Some(PieceId(i as u32))
    }

    /// The pieces that make up a drawn area.
    pub fn pieces_of(&self, side: Side, drawn: AreaId) -> &[PieceId] {
        let by_area = match side {
            Side::Grid => &self.of_area[0],
            Side::Beat => &self.of_area[1],
        };
        by_area.get(drawn.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The ground of a piece.
    pub fn outline(&self, id: PieceId) -> MultiPolygon {
        let group = |f: Face| self.piece_of[f as usize].filter(|p| *p == id);
        let arcs = self.chains_of[id.0 as usize].iter().map(|&c| {
            let chain = &self.arrangement.chains()[c as usize];
            (Cow::Borrowed(self.arrangement.points(chain)), group(chain.left), group(chain.right))
        });
        outlines(arcs).remove(&id).unwrap_or_default()
    }

    /// Every border between pieces once: its vertices, the piece to its left, the piece to its right.
    pub fn arcs(&self) -> impl Iterator<Item = (&[E7], Option<PieceId>, Option<PieceId>)> {
        self.arrangement.chains().iter().filter_map(|c| {
            let (l, r) = (self.piece_of[c.left as usize], self.piece_of[c.right as usize]);
            (l != r).then(|| (self.arrangement.points(c), l, r))
        })
    }

    /// Pieces whose box meets `bounds`, in order of id.
    pub fn in_box(&self, bounds: &Bounds) -> Vec<PieceId> {
        self.boxes.meeting(bounds).into_iter().map(PieceId).collect()
    }

    /// The box around all pieces.
    pub fn bounds(&self) -> Bounds {
        self.pieces.iter().fold(Bounds::EMPTY, |b, p| b.join(p.bounds))
    }

    /// The piece at a position; on a border the one just east of it, and if that is still the border,
    /// just north.
    pub fn locate(&self, at: E7) -> Option<PieceId> {
        self.piece_of.get(self.locator.face(at) as usize).copied().flatten()
    }
}

type Key = (Option<AreaId>, Option<AreaId>);

/// Who answers for a face. Each layer owns ground once, so a label holds at most one winding of each;
/// should rounding fold a face narrower than a unit over itself, the lowest area answers.
fn key(arrangement: &Arrangement, face: Face) -> Key {
    let owner = |bit: u32| {
        arrangement.label(face).iter().find(|(t, w)| t & 1 == bit && *w > 0).map(|(t, _)| AreaId(t >> 1))
    };
    (owner(0), owner(1))
}

/// The id of a piece: `GRID~BEAT` with both codes percent-encoded (RFC 3986 unreserved characters
/// but `~` stand for themselves).
pub fn name(grid: Option<&str>, beat: Option<&str>) -> String {
    let mut id = String::new();
    encode(grid.unwrap_or(""), &mut id);
    id.push('~');
    encode(beat.unwrap_or(""), &mut id);
    id
}

fn encode(code: &str, id: &mut String) {
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            id.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(id, "%{byte:02X}");
        }
    }
}
