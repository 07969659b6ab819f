//! Both layers in one arrangement, and the pieces (双格单元) it falls into.
//!
//! A piece is all ground with the same grid (or none) and the same beat (or none), possibly of several
//! faces. Pieces tile the arrangement's outline exactly: every face that either layer owns belongs to
//! exactly one piece, however thin it is; slivers are flagged, not dropped. Where the rounding of a
//! crossing bends a border, the arrangement decides who answers.
//!
//! - [`piece`]: one piece, its name, what makes it a sliver. [`pieces`]: all of them in order.
//! - [`with`](Overlay::with): the overlay after some areas changed.

mod near;
mod piece;
mod pieces;
mod with;

pub use piece::{Piece, PieceId, SLIVER_AREA_M2, SLIVER_WIDTH_M, name};
pub use pieces::Pieces;
pub use with::Edited;

use crate::{
    Bounds, E7, MultiPolygon,
    arrangement::{Arrangement, Chain, ChainId, Delta, Id, Label, Line},
    boxes::Boxes,
    coverage::{AreaId, Layer, Walk, outline},
    record::Side,
};
use piece::{Chains, Measures, Sums};
use pieces::{InOrder, Kept};
use rayon::prelude::*;
use std::sync::{Arc as Shared, OnceLock};

/// A grid or none, and a beat or none, by their numbers.
type Key = (Option<AreaId>, Option<AreaId>);

/// The overlay of two layers. Immutable; what an edit ([`Overlay::with`]) does not change is shared.
#[derive(Debug)]
pub struct Overlay {
    pieces: InOrder,
    arrangement: Arrangement,
    /// The piece of each label; `None` where neither layer has ground.
    piece_of: Vec<Option<PieceId>>,
    /// The numbers of each piece's grid and beat, or [`NONE`].
    areas_of: Vec<[u32; 2]>,
    /// Pieces of each grid and of each beat; made when they are first asked for, as what follows is.
    of_area: OnceLock<[OfArea; 2]>,
    boxes: OnceLock<Boxes>,
    /// In order of their ids.
    by_name: OnceLock<Vec<PieceId>>,
}

/// Pieces by area.
#[derive(Debug)]
struct OfArea {
    pieces: Vec<PieceId>,
    starts: Vec<u32>,
}

impl Overlay {
    /// Overlays two layers.
    pub fn new(grids: &Layer, beats: &Layer) -> Self {
        let arrangement = Arrangement::over(lines(grids, 0), lines(beats, 1));
        let keys: Vec<Key> =
            arrangement.labels().iter().map(|l| key(&arrangement, l, grids, beats)).collect();
        // The labels beside borders, in order of what they mean: each meaning is a piece.
        let beside = |chain: &Chain| [chain.left, chain.right].map(|l| keys[l.0 as usize]);
        let mut is_beside = vec![false; keys.len()];
        for (_, chain) in arrangement.chains() {
            let [left, right] = beside(chain);
            if left != right {
                (is_beside[chain.left.0 as usize], is_beside[chain.right.0 as usize]) = (true, true);
            }
        }
        let mut labels: Vec<(Key, usize)> = (0..keys.len())
            .filter(|&l| is_beside[l] && keys[l] != (None, None))
            .map(|l| (keys[l], l))
            .collect();
        labels.sort_unstable();
        let mut piece_of: Vec<Option<PieceId>> = vec![None; keys.len()];
        let mut found: Vec<Key> = Vec::with_capacity(labels.len());
        for (key, label) in labels {
            if found.last() != Some(&key) {
                found.push(key);
            }
            piece_of[label] = Some(PieceId(found.len() as u32 - 1));
        }
        // Labels that are beside no border of a piece may still mean one.
        for (of, key) in piece_of.iter_mut().zip(&keys).filter(|(of, _)| of.is_none()) {
            *of = found.binary_search(key).ok().map(|i| PieceId(i as u32));
        }
        // Each side of a border: the chain, the piece there, and 1 for left.
        let sides = || {
            arrangement.chains().flat_map(|(id, chain)| {
                let [left, right] = [chain.left, chain.right].map(|l| piece_of[l.0 as usize]);
                let both = [(left, 1), (right, -1)].map(|(p, sign)| Some((id, chain, p?, sign)));
                both.into_iter().flatten().filter(move |_| left != right)
            })
        };
        let mut counts = vec![0_u32; found.len()];
        sides().for_each(|(_, _, p, _)| counts[p.0 as usize] += 1);
        // Where the next chain of each piece goes among those of all.
        let mut total = 0;
        let begin = |count: &u32| {
            total += count;
            total - count
        };
        let mut next: Vec<u32> = counts.iter().map(begin).collect();
        let mut chains: Vec<ChainId> = vec![0; total as usize];
        let mut sums = vec![Sums::default(); found.len()];
        sides().for_each(|(id, chain, PieceId(p), sign)| {
            let next = &mut next[p as usize];
            chains[*next as usize] = id;
            *next += 1;
            sums[p as usize].add(chain, sign);
        });
        let kept = |((key, sums), chains): ((&Key, Sums), Chains)| {
            let piece = Shared::new(Piece::new(*key, &sums, grids, beats));
            Kept { piece, measures: Measures { chains, sums } }
        };
        let all = found.iter().zip(sums).zip(Chains::of_pieces(chains, counts));
        let pieces = InOrder::new(all.map(kept).collect());
        let areas_of: Vec<[u32; 2]> = found.into_iter().map(numbers).collect();
        Self {
            areas_of,
            pieces,
            piece_of,
            arrangement,
            of_area: OnceLock::new(),
            boxes: OnceLock::new(),
            by_name: OnceLock::new(),
        }
    }

    /// All pieces by [`PieceId`]: by grid, then by beat, none first.
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces(&self.pieces)
    }

    /// One piece.
    pub fn piece(&self, id: PieceId) -> &Piece {
        &self.pieces.get(id).piece
    }

    /// All ids in order.
    pub fn ids(&self) -> impl Iterator<Item = PieceId> + use<> {
        (0..self.pieces.len() as u32).map(PieceId)
    }

    /// The piece with this id (`GRID~BEAT`).
    pub fn find(&self, id: &str) -> Option<PieceId> {
        let by_name = self.by_name.get_or_init(|| {
            let mut all: Vec<PieceId> = self.ids().collect();
            all.sort_by(|a, b| self.piece(*a).id.cmp(&self.piece(*b).id));
            all
        });
        let i = by_name.binary_search_by(|p| self.piece(*p).id.as_str().cmp(id)).ok()?;
        Some(by_name[i])
    }

    /// The piece of a grid (or none) and a beat (or none), if there is such ground.
    pub fn of(&self, grid: Option<AreaId>, beat: Option<AreaId>) -> Option<PieceId> {
        let i = self.areas_of.binary_search_by_key(&(grid, beat), |a| key_of(*a)).ok()?;
        Some(PieceId(i as u32))
    }

    /// The pieces that make up a drawn area, in order.
    pub fn pieces_of(&self, side: Side, drawn: AreaId) -> &[PieceId] {
        let [of_grids, of_beats] =
            self.of_area.get_or_init(|| [0, 1].map(|ply| OfArea::new(&self.areas_of, ply)));
        match side {
            Side::Grid => of_grids.of(drawn),
            Side::Beat => of_beats.of(drawn),
        }
    }

    /// The ground of a piece.
    pub fn outline(&self, id: PieceId) -> MultiPolygon {
        let walks = self.pieces.get(id).measures.chains.iter().filter_map(|&c| {
            let chain = self.arrangement.chain(c)?;
            let reversed = self.piece_of[chain.left.0 as usize] != Some(id);
            Some(Walk { points: chain.path.points(), reversed })
        });
        outline(walks)
    }

    /// Every border between pieces once: its vertices, the piece to its left, the piece to its right.
    pub fn arcs(&self) -> impl Iterator<Item = (&[E7], Option<PieceId>, Option<PieceId>)> {
        self.arrangement.chains().filter_map(|(_, c)| {
            let (l, r) = (self.piece_of[c.left.0 as usize], self.piece_of[c.right.0 as usize]);
            (l != r).then_some((c.path.points(), l, r))
        })
    }

    /// Pieces whose box meets `bounds`, in order of id.
    pub fn in_box(&self, bounds: &Bounds) -> Vec<PieceId> {
        self.boxes().meeting(bounds).into_iter().map(PieceId).collect()
    }

    fn boxes(&self) -> &Boxes {
        self.boxes.get_or_init(|| Boxes::new(self.pieces().iter().map(|p| p.bounds)))
    }

    /// The box around all pieces.
    pub fn bounds(&self) -> Bounds {
        self.pieces().iter().fold(Bounds::EMPTY, |b, p| b.join(p.bounds))
    }

    /// The piece at a position; on a border the one just east of it, and if that is still the border,
    /// just north.
    #[inline]
    pub fn locate(&self, at: E7) -> Option<PieceId> {
        self.piece_of[self.arrangement.label(at).0 as usize]
    }

    /// The piece at each of many positions, in order: several times as fast as [`locate`](Self::locate),
    /// most so for positions that lie near those before. The first call prepares what it needs, row of
    /// cells by row.
    pub fn locate_each(&self, positions: &[E7], mut answer: impl FnMut(Option<PieceId>)) {
        self.arrangement.label_each(positions, |label| answer(self.piece_of[label.0 as usize]));
    }

    /// The same for all at once, on all cores.
    pub fn locate_all(&self, positions: &[E7]) -> Vec<Option<PieceId>> {
        const RUN: usize = 1 << 15;
        let mut all = vec![None; positions.len()];
        all.par_chunks_mut(RUN).zip(positions.par_chunks(RUN)).for_each(|(answers, positions)| {
            let mut next = answers.iter_mut();
            self.locate_each(positions, |piece| {
                if let Some(answer) = next.next() {
                    *answer = piece;
                }
            });
        });
        all
    }

    /// The grid and the beat of a piece: what [`piece`](Self::piece) says too, in less memory.
    #[inline]
    pub fn areas_of(&self, id: PieceId) -> (Option<AreaId>, Option<AreaId>) {
        key_of(self.areas_of[id.0 as usize])
    }
}

/// No area, among numbers of areas.
const NONE: u32 = u32::MAX;

/// A piece's grid and beat as numbers.
fn numbers((grid, beat): Key) -> [u32; 2] {
    [grid, beat].map(|a| a.map_or(NONE, |a| a.0))
}

/// The same back.
#[inline]
fn key_of(numbers: [u32; 2]) -> Key {
    let [grid, beat] = numbers.map(|number| (number != NONE).then_some(AreaId(number)));
    (grid, beat)
}

impl OfArea {
    /// Of grids (ply 0) or of beats.
    fn new(areas_of: &[[u32; 2]], ply: usize) -> Self {
        let with_area = || areas_of.iter().map(|a| a[ply]).zip(0..).filter(|(a, _)| *a != NONE);
        let areas = with_area().map(|(a, _)| a as usize + 1).max().unwrap_or(0);
        let with_area = || with_area().map(|(a, piece)| (a as usize, piece));
        let mut starts = vec![0_u32; areas + 1];
        with_area().for_each(|(a, _)| starts[a + 1] += 1);
        for a in 1..starts.len() {
            starts[a] += starts[a - 1];
        }
        let mut next = starts.clone();
        let mut pieces = vec![PieceId(0); starts[areas] as usize];
        for (a, piece) in with_area() {
            pieces[next[a] as usize] = PieceId(piece);
            next[a] += 1;
        }
        Self { pieces, starts }
    }

    fn of(&self, area: AreaId) -> &[PieceId] {
        match self.starts.get(area.0 as usize..area.0 as usize + 2) {
            Some(w) => &self.pieces[w[0] as usize..w[1] as usize],
            None => &[],
        }
    }
}

/// The borders of a layer as lines on a ply. Only what changes hands is a border: where a dispute begins
/// inside one area's ground there is none.
fn lines(layer: &Layer, ply: usize) -> Vec<Line<'_>> {
    let chains = layer.arrangement().chains();
    chains
        .filter_map(|(_, chain)| {
            let delta = delta(layer, chain, ply)?;
            Some(Line { points: chain.path.points(), path: Some(&chain.path), delta })
        })
        .collect()
}

/// What changes across a chain of a layer; `None` when nothing does.
fn delta(layer: &Layer, chain: &Chain, ply: usize) -> Option<Delta> {
    let (left, right) = layer.owners_of(chain);
    let id = |owner: Option<AreaId>| -> Option<Id> { owner.map(|o| layer.id_of(o)) };
    (left != right).then(|| Delta::new(ply, id(left), id(right)))
}

/// Who answers for a label. Each layer owns ground once, so a label holds at most one winding of each;
/// should rounding fold a face narrower than a unit over itself, the lowest area answers.
fn key(arrangement: &Arrangement, label: Label, grids: &Layer, beats: &Layer) -> Key {
    let owner = |ply: usize, layer: &Layer| {
        let windings = arrangement.labels().windings(label, ply).filter(|(_, w)| *w > 0);
        windings.filter_map(|(id, _)| layer.area_of(id)).min()
    };
    (owner(0, grids), owner(1, beats))
}
