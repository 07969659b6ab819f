//! Standard addresses in columns: what a city has by the million, in as little memory as it takes.

mod parts;
mod text;

pub use parts::{AddressColumns, AddressSlices};

use crate::{
    Bounds, E7, MultiPolygon,
    index::{Columns, Ground, PackedIndex},
    overlay::PieceId,
    record::{AddressRow, Fid},
};
use rayon::prelude::*;
use std::{ops::ControlFlow, sync::OnceLock};

/// All addresses by fid. Number `i` of an address is its place in that order.
#[derive(Debug, Default)]
pub struct Addresses {
    fids: Vec<Fid>,
    at: Vec<E7>,
    residents: Vec<u32>,
    dwellings: Vec<u32>,
    organisations: Vec<u32>,
    /// The piece of each; [`NO_PIECE`] outside both layers.
    pieces: Vec<u32>,
    /// Codes and texts one after the other, in UTF-8.
    words: Vec<u8>,
    /// Where the code and the text of each end in `words`.
    ends: Vec<[u64; 2]>,
    index: PackedIndex,
    /// Residents, dwellings and organisations of the indexed points.
    columns: Columns<3>,
    by_code: OnceLock<Vec<u32>>,
    /// Numbers by piece, those outside both layers last.
    by_piece: OnceLock<Vec<u32>>,
}

const NO_PIECE: u32 = u32::MAX;

/// One address as a reader sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Address<'a> {
    pub fid: Fid,
    pub code: &'a str,
    pub text: &'a str,
    pub at: E7,
    pub residents: u32,
    pub dwellings: u32,
    pub organisations: u32,
    /// `None` outside both layers.
    pub piece: Option<PieceId>,
}

impl Addresses {
    /// From rows in any order, placed later by [`Addresses::place`].
    pub(crate) fn push(&mut self, row: &AddressRow) {
        self.fids.push(row.fid);
        self.at.push(row.at);
        self.residents.push(row.residents);
        self.dwellings.push(row.dwellings);
        self.organisations.push(row.organisations);
        self.words.extend_from_slice(row.code.as_bytes());
        let code = self.words.len() as u64;
        self.words.extend_from_slice(row.text.as_bytes());
        self.ends.push([code, self.words.len() as u64]);
    }

    /// Puts the rows in order of fid, asks for their pieces, and builds the index.
    pub(crate) fn finish(mut self, locate: impl FnOnce(&[E7]) -> Vec<Option<PieceId>>) -> Self {
        if !self.fids.is_sorted() {
            self = self.sorted();
        }
        self.pieces = locate(&self.at).into_iter().map(|p| p.map_or(NO_PIECE, |p| p.0)).collect();
        self.index = PackedIndex::build(&self.at);
        self.columns = Columns::new(&self.index, |i| self.counts(i));
        self.words.shrink_to_fit();
        self
    }

    fn sorted(&self) -> Self {
        let mut order: Vec<usize> = (0..self.fids.len()).collect();
        order.sort_by_key(|&i| self.fids[i]);
        let mut sorted = Self::default();
        for i in order {
            sorted.push(&AddressRow {
                fid: self.fids[i],
                region: self.fids[i].region(),
                code: self.code(i as u32).to_owned(),
                text: self.text(i as u32).to_owned(),
                at: self.at[i],
                residents: self.residents[i],
                dwellings: self.dwellings[i],
                organisations: self.organisations[i],
            });
        }
        sorted
    }

    /// Whether the rows are the same. Their pieces may be others'.
    pub fn has_rows_of(&self, other: &Self) -> bool {
        self.fids == other.fids
            && self.at == other.at
            && self.residents == other.residents
            && self.dwellings == other.dwellings
            && self.organisations == other.organisations
            && self.ends == other.ends
            && self.words == other.words
    }

    /// The bytes of a code, and those of a text.
    fn words_of(&self, i: usize) -> [&[u8]; 2] {
        let start = if i == 0 { 0 } else { self.ends[i - 1][1] } as usize;
        let [code, text] = self.ends[i].map(|e| e as usize);
        [&self.words[start..code], &self.words[code..text]]
    }

    /// The code of the `i`-th address. Bytes are looked at when they are read and not as a whole, which for a city
    /// takes a quarter of a second; only a file that was tampered with holds what is no text, and that reads as empty.
    pub fn code(&self, i: u32) -> &str {
        std::str::from_utf8(self.words_of(i as usize)[0]).unwrap_or_default()
    }

    /// The text of the `i`-th address.
    pub fn text(&self, i: u32) -> &str {
        std::str::from_utf8(self.words_of(i as usize)[1]).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.fids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fids.is_empty()
    }

    /// The `i`-th address; numbers come from the other methods. Who needs a part of it asks for that: its texts are
    /// looked at byte by byte.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn get(&self, i: u32) -> Address<'_> {
        let k = i as usize;
        Address {
            fid: self.fids[k],
            code: self.code(i),
            text: self.text(i),
            at: self.at[k],
            residents: self.residents[k],
            dwellings: self.dwellings[k],
            organisations: self.organisations[k],
            piece: self.piece(i),
        }
    }

    /// The fid of the `i`-th address.
    pub fn fid(&self, i: u32) -> Fid {
        self.fids[i as usize]
    }

    /// Where the `i`-th address lies.
    pub fn at(&self, i: u32) -> E7 {
        self.at[i as usize]
    }

    /// The piece of the `i`-th address.
    pub fn piece(&self, i: u32) -> Option<PieceId> {
        Some(self.pieces[i as usize]).filter(|&p| p != NO_PIECE).map(PieceId)
    }

    /// Where the `i`-th address lies, and how many residents it has.
    pub fn place_and_residents(&self, i: u32) -> (E7, u32) {
        (self.at[i as usize], self.residents[i as usize])
    }

    /// Residents, dwellings and organisations of the `i`-th address.
    pub fn counts(&self, i: u32) -> [u64; 3] {
        let i = i as usize;
        [self.residents[i], self.dwellings[i], self.organisations[i]].map(u64::from)
    }

    /// The number of the address with this fid.
    pub fn by_fid(&self, fid: Fid) -> Option<u32> {
        self.fids.binary_search(&fid).ok().map(|i| i as u32)
    }

    /// The number of the address with this code (of the lowest region that has it). The first call
    /// sorts all codes.
    pub fn by_code(&self, code: &str) -> Option<u32> {
        let order = self.by_code.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.len() as u32).collect();
            // Stable, so that equal codes stay in order of fid.
            order.sort_by(|&a, &b| self.words_of(a as usize)[0].cmp(self.words_of(b as usize)[0]));
            order
        });
        let k = order.partition_point(|&i| self.words_of(i as usize)[0] < code.as_bytes());
        order.get(k).copied().filter(|&i| self.words_of(i as usize)[0] == code.as_bytes())
    }

    /// Calls `f` with the number of every address in the box, in no particular order.
    pub fn in_box(&self, bounds: &Bounds, f: impl FnMut(u32)) {
        self.index.in_box(bounds, f);
    }

    /// How many addresses lie in the box.
    pub fn count_in_box(&self, bounds: &Bounds) -> u64 {
        self.index.count_in_box(bounds)
    }

    /// Calls `f` with the number of every address on some ground.
    pub fn in_polygon(&self, ground: &MultiPolygon, f: impl FnMut(u32)) {
        self.index.in_polygon(ground, f);
    }

    /// Calls `f` with the number of every address on some ground until it breaks, in no particular order.
    pub fn on_until<B>(&self, ground: &Ground, f: impl FnMut(u32) -> ControlFlow<B>) -> ControlFlow<B> {
        self.index.on_until(ground, f)
    }

    /// How many addresses lie on some ground, and how many residents, dwellings and organisations they
    /// have. Costs the border of the ground.
    pub fn sum_on(&self, ground: &Ground) -> (u64, [u64; 3]) {
        self.index.sum_on(ground, &self.columns, |i| self.counts(i))
    }

    /// Numbers of the addresses in a piece, ascending. The first call sorts all addresses by piece.
    pub fn in_piece(&self, piece: PieceId) -> &[u32] {
        let order = self.by_piece.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.len() as u32).collect();
            order.par_sort_unstable_by_key(|&i| (self.pieces[i as usize], i));
            order
        });
        let of = |i: &u32| self.pieces[*i as usize];
        let start = order.partition_point(|i| of(i) < piece.0);
        let count = order[start..].partition_point(|i| of(i) == piece.0);
        &order[start..start + count]
    }

    /// The tree over their places.
    pub(crate) fn index(&self) -> (&PackedIndex, &Columns<3>) {
        (&self.index, &self.columns)
    }

    /// The `k` nearest addresses with their distance in metres, nearest first.
    pub fn nearest(&self, at: E7, k: usize) -> Vec<(u32, f64)> {
        self.index.nearest(at, k, |_| true)
    }

    /// The same until `keep` breaks, of the addresses that it accepts.
    pub fn nearest_until<B>(
        &self,
        at: E7,
        k: usize,
        keep: impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(u32, f64)>> {
        self.index.nearest_until(at, k, keep)
    }

    /// The number of the first address with a higher fid than this.
    pub fn number_after(&self, fid: Fid) -> u32 {
        self.fids.partition_point(|&f| f <= fid) as u32
    }

    /// The box around all addresses.
    pub fn bounds(&self) -> Bounds {
        self.index.bounds()
    }
}
