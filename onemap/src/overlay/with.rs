//! The overlay after some areas of its layers changed: only the chains and pieces that they touch are
//! done again, and the result is what overlaying anew would give, to the last bit.

use super::{
    Key, Overlay, Piece, PieceId, delta, key, key_of, numbers,
    piece::Measures,
    pieces::{InOrder, Kept},
};
use crate::{
    Bounds,
    arrangement::{Arrangement, Chain, ChainId, Change, Edge, nearby},
    coverage::{AreaId, Layer, LayerChange},
    record::Side,
};
use rustc_hash::FxHashSet;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{Arc as Shared, OnceLock},
};

/// A layer before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct Edited<'a> {
    /// As it was.
    pub before: &'a Layer,
    /// As it is.
    pub now: &'a Layer,
    /// What happened in between; `None` when nothing did, and both are the same.
    pub change: Option<&'a LayerChange>,
}

impl Edited<'_> {
    /// The number now of an area's number before.
    fn number(&self, before: AreaId) -> Option<AreaId> {
        self.now.area_of(self.before.id_of(before))
    }

    /// Whether areas have other numbers than before.
    fn renumbered(&self) -> bool {
        let stays = |c: &LayerChange| {
            c.was.len() == self.before.areas().len()
                && (0..).map(AreaId).zip(&c.was).all(|(i, w)| *w == Some(i))
        };
        !self.change.is_none_or(stays)
    }
}

impl Overlay {
    /// The overlay of both layers as they are now.
    #[must_use]
    pub fn with(&self, grids: Edited, beats: Edited) -> Self {
        let (arrangement, change) = redraw(&self.arrangement, [grids, beats]);
        let renumbered = grids.renumbered() || beats.renumbered();
        // Where the pieces of before stand now. Numbers follow fids, so what stays keeps its order.
        let stands = |i: usize| -> Option<Key> {
            let (grid, beat) = self.areas_of(PieceId(i as u32));
            let number = |edited: &Edited, area: Option<AreaId>| match area {
                Some(a) => edited.number(a).map(Some),
                None => Some(None),
            };
            if renumbered { Some((number(&grids, grid)?, number(&beats, beat)?)) } else { Some((grid, beat)) }
        };
        let new_key = |l| key(&arrangement, l, grids.now, beats.now);

        let mut goes: BTreeMap<PieceId, Vec<(ChainId, Chain, i128)>> = BTreeMap::new();
        for (id, chain) in change.removed.iter().chain(&change.relabelled) {
            let (left, right) = (self.piece_of[chain.left.0 as usize], self.piece_of[chain.right.0 as usize]);
            for (piece, sign) in [(left, 1), (right, -1)].into_iter().filter(|_| left != right) {
                if let Some(p) = piece {
                    goes.entry(p).or_default().push((*id, chain.clone(), sign));
                }
            }
        }
        let mut comes: BTreeMap<Key, Vec<(ChainId, Chain, i128)>> = BTreeMap::new();
        for id in change.added.iter().chain(change.relabelled.iter().map(|c| &c.0)) {
            let Some(chain) = arrangement.chain(*id) else { continue };
            let (left, right) = (new_key(chain.left), new_key(chain.right));
            for (key, sign) in [(left, 1), (right, -1)].into_iter().filter(|_| left != right) {
                if key != (None, None) {
                    comes.entry(key).or_default().push((*id, chain.clone(), sign));
                }
            }
        }
        let touched = self.touched([grids, beats]);

        let mut next = Next {
            pieces: self.pieces.next(),
            areas_of: Vec::with_capacity(self.pieces.len() + comes.len()),
        };
        let mut now: Vec<Option<PieceId>> = vec![None; self.pieces.len()];
        // The pieces where something happens; those between are taken over as they are.
        let stops: Vec<usize> = if renumbered {
            (0..self.pieces.len()).collect()
        } else {
            let place = |key: &Key| self.areas_of.partition_point(|a| key_of(*a) < *key);
            let old = goes.keys().chain(&touched).map(|p| p.0 as usize);
            let stops: BTreeSet<usize> = old.chain(comes.keys().map(place)).collect();
            stops.into_iter().filter(|i| *i < self.pieces.len()).collect()
        };
        let mut taken = 0;
        for i in stops {
            next.take_over(self, taken..i, &mut now);
            taken = i + 1;
            let went = goes.remove(&PieceId(i as u32)).unwrap_or_default();
            let Some(stands) = stands(i) else {
                next.pieces.free(&self.pieces, i);
                continue;
            };
            // New pieces that come before this one.
            while let Some(first) = comes.first_entry().filter(|e| *e.key() < stands) {
                let (key, came) = first.remove_entry();
                next.put(key, Measures::default().moved(&came, &[], &arrangement), grids.now, beats.now);
            }
            let came = comes.remove(&stands).unwrap_or_default();
            let is_touched = renumbered || touched.contains(&PieceId(i as u32));
            if went.is_empty() && came.is_empty() && !is_touched {
                next.take_over(self, i..i + 1, &mut now);
            } else {
                let measures = self.pieces.get(PieceId(i as u32)).measures.moved(&came, &went, &arrangement);
                next.pieces.free(&self.pieces, i);
                now[i] = next.put(stands, measures, grids.now, beats.now);
            }
        }
        next.take_over(self, taken..self.pieces.len(), &mut now);
        for (key, came) in comes {
            next.put(key, Measures::default().moved(&came, &[], &arrangement), grids.now, beats.now);
        }
        let Next { pieces, areas_of } = next;
        let find = |k: Key| areas_of.binary_search_by_key(&k, |a| key_of(*a)).ok().map(|i| PieceId(i as u32));
        let mut piece_of: Vec<Option<PieceId>> =
            self.piece_of.iter().map(|before| before.and_then(|p| now[p.0 as usize])).collect();
        piece_of.resize(arrangement.labels().len(), None);
        // Labels that nothing had before are on chains that came, or that have another label.
        for id in change.added.iter().chain(change.relabelled.iter().map(|c| &c.0)) {
            for label in arrangement.chain(*id).into_iter().flat_map(|c| [c.left, c.right]) {
                piece_of[label.0 as usize] = find(new_key(label));
            }
        }
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

    /// Pieces of before whose areas changed in size, code or otherwise.
    fn touched(&self, plies: [Edited; 2]) -> BTreeSet<PieceId> {
        let mut touched = BTreeSet::new();
        for (edited, side) in plies.into_iter().zip([Side::Grid, Side::Beat]) {
            let Some(change) = edited.change else { continue };
            for now in &change.areas {
                let before = change.was.get(now.0 as usize).copied().flatten();
                touched.extend(before.into_iter().flat_map(|a| self.pieces_of(side, a)).copied());
            }
        }
        touched
    }
}

/// The pieces to come, in order.
struct Next {
    pieces: InOrder,
    areas_of: Vec<[u32; 2]>,
}

impl Next {
    /// Takes over pieces as they are.
    fn take_over(&mut self, old: &Overlay, places: Range<usize>, now: &mut [Option<PieceId>]) {
        let first = self.areas_of.len() as u32;
        (first..).zip(&mut now[places.clone()]).for_each(|(i, now)| *now = Some(PieceId(i)));
        self.pieces.take_over(&old.pieces, places.clone());
        self.areas_of.extend_from_slice(&old.areas_of[places]);
    }

    /// Adds a piece, if it has ground.
    fn put(&mut self, key: Key, measures: Measures, grids: &Layer, beats: &Layer) -> Option<PieceId> {
        if measures.chains.is_empty() {
            return None;
        }
        let piece = Shared::new(Piece::new(key, &measures.sums, grids, beats));
        self.pieces.push(Kept { piece, measures });
        self.areas_of.push(numbers(key));
        Some(PieceId(self.areas_of.len() as u32 - 1))
    }
}

/// Takes the chains that changed out of the arrangement and puts the new ones in.
fn redraw(arrangement: &Arrangement, plies: [Edited; 2]) -> (Arrangement, Change) {
    let (mut less, mut more) = (Vec::new(), Vec::new());
    let mut moved: [FxHashSet<ChainId>; 2] = Default::default();
    for (ply, edited) in plies.iter().enumerate() {
        let Some(change) = edited.change else { continue };
        let chains = &change.chains;
        for (id, chain) in chains.removed.iter().chain(&chains.relabelled) {
            moved[ply].insert(*id);
            less.extend(edges(edited.before, chain, ply));
        }
        for id in chains.added.iter().chain(chains.relabelled.iter().map(|c| &c.0)) {
            moved[ply].insert(*id);
            let chain = edited.now.arrangement().chain(*id);
            more.extend(chain.into_iter().flat_map(|c| edges(edited.now, c, ply)));
        }
    }
    let near = nearby(&less, &more, |bounds: &Bounds, out: &mut Vec<Edge>| {
        for (ply, edited) in plies.iter().enumerate() {
            let drawn = edited.now.arrangement();
            for id in drawn.chains_near(bounds).into_iter().filter(|id| !moved[ply].contains(id)) {
                let meets = |e: &Edge| Bounds::of([&e.from, &e.to]).intersects(bounds);
                let chain = drawn.chain(id);
                out.extend(chain.into_iter().flat_map(|c| edges(edited.now, c, ply)).filter(meets));
            }
        }
    });
    arrangement.edit(&less, &more, near)
}

/// The edges of a border of a layer; none where nothing changes hands.
fn edges<'a>(layer: &Layer, chain: &'a Chain, ply: usize) -> impl Iterator<Item = Edge> + use<'a> {
    let delta = delta(layer, chain, ply);
    let points = chain.path.points();
    delta
        .into_iter()
        .flat_map(move |delta| points.windows(2).map(move |w| Edge { from: w[0], to: w[1], delta }))
}
