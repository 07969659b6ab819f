//! All pieces in order, on pages that an edited overlay shares with the one before.
//!
//! A piece that comes or goes moves all those after it one place on. So places are kept apart from the
//! pieces: a place is the number of a slot, and slots do not move. A copy costs a counter for each page and
//! four bytes for each piece.

use super::piece::{Measures, Piece, PieceId};
use std::{fmt, ops::Range, slice, sync::Arc as Shared};

/// Slots of a page.
const PAGE: usize = 64;

/// A piece, and its chains and sums.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub piece: Shared<Piece>,
    pub measures: Measures,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct InOrder {
    /// The slot of each piece, by [`PieceId`].
    slots: Vec<u32>,
    /// Every slot that there ever was is filled.
    pages: Vec<Shared<Vec<Kept>>>,
    /// Slots of pieces that are gone; they are filled again.
    free: Vec<u32>,
}

impl InOrder {
    /// Of all pieces.
    pub fn new(all: Vec<Kept>) -> Self {
        let slots = (0..all.len() as u32).collect();
        let mut pages = Vec::with_capacity(all.len().div_ceil(PAGE));
        let mut all = all.into_iter().peekable();
        while all.peek().is_some() {
            pages.push(Shared::new(all.by_ref().take(PAGE).collect()));
        }
        Self { slots, pages, free: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    #[inline]
    pub fn get(&self, id: PieceId) -> &Kept {
        self.in_slot(self.slots[id.0 as usize])
    }

    #[inline]
    fn in_slot(&self, slot: u32) -> &Kept {
        &self.pages[slot as usize / PAGE][slot as usize % PAGE]
    }

    /// Begins the pieces that come after these: with none of them in order, but all in their slots.
    pub fn next(&self) -> Self {
        Self {
            slots: Vec::with_capacity(self.slots.len() + PAGE),
            pages: self.pages.clone(),
            free: self.free.clone(),
        }
    }

    /// Puts pieces from before at the end as they are.
    pub fn take_over(&mut self, before: &Self, places: Range<usize>) {
        self.slots.extend_from_slice(&before.slots[places]);
    }

    /// Puts a piece at the end.
    pub fn push(&mut self, kept: Kept) {
        match self.free.pop() {
            Some(slot) => {
                Shared::make_mut(&mut self.pages[slot as usize / PAGE])[slot as usize % PAGE] = kept;
                self.slots.push(slot);
            }
            None => {
                let last = self.pages.last().map_or(PAGE, |p| p.len());
                if last == PAGE {
                    self.pages.push(Shared::default());
                }
                let page = self.pages.len() - 1;
                let of_page = Shared::make_mut(&mut self.pages[page]);
                self.slots.push((page * PAGE + of_page.len()) as u32);
                of_page.push(kept);
            }
        }
    }

    /// Lets the slot of a piece from before that is not taken over be filled again.
    pub fn free(&mut self, before: &Self, place: usize) {
        self.free.push(before.slots[place]);
    }
}

/// All pieces of an overlay by [`PieceId`]: by grid, then by beat, none first.
#[derive(Clone, Copy)]
pub struct Pieces<'a>(pub(super) &'a InOrder);

impl<'a> Pieces<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.slots.is_empty()
    }

    /// Each in order.
    pub fn iter(self) -> Iter<'a> {
        Iter { slots: self.0.slots.iter(), pieces: self.0 }
    }
}

impl<'a> IntoIterator for Pieces<'a> {
    type Item = &'a Shared<Piece>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl PartialEq for Pieces<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Pieces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// See [`Pieces::iter`].
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    slots: slice::Iter<'a, u32>,
    pieces: &'a InOrder,
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Shared<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(&self.pieces.in_slot(*self.slots.next()?).piece)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slots.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}
