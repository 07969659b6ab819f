//! Counts by piece, of which a change copies few.

use crate::overlay::PieceId;
use std::sync::Arc as Shared;

/// What is counted on some ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Tally {
    pub addresses: u64,
    pub residents: u64,
    pub dwellings: u64,
    pub organisations: u64,
    pub incidents: u64,
    /// Those on which somebody still has to act.
    pub incidents_open: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, o: Self) {
        self.addresses += o.addresses;
        self.residents += o.residents;
        self.dwellings += o.dwellings;
        self.organisations += o.organisations;
        self.incidents += o.incidents;
        self.incidents_open += o.incidents_open;
    }
}

/// Tallies that are copied together.
const CHUNK: usize = 64;

/// The tally of every piece. A clone shares all chunks; one that is written to is copied first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    chunks: Vec<Shared<[Tally]>>,
}

impl Tallies {
    /// By piece.
    pub fn new(all: &[Tally]) -> Self {
        Self { chunks: all.chunks(CHUNK).map(Shared::from).collect() }
    }

    /// One piece's.
    pub fn get(&self, piece: PieceId) -> Tally {
        let i = piece.0 as usize;
        self.chunks[i / CHUNK][i % CHUNK]
    }

    /// One piece's, to be changed.
    pub fn get_mut(&mut self, piece: PieceId) -> &mut Tally {
        let i = piece.0 as usize;
        &mut Shared::make_mut(&mut self.chunks[i / CHUNK])[i % CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_changes_leaves_the_other_alone() {
        let mut all = vec![Tally::default(); 200];
        all[130].incidents = 3;
        let before = Tallies::new(&all);
        let mut after = before.clone();
        after.get_mut(PieceId(130)).incidents += 1;
        assert_eq!((before.get(PieceId(130)).incidents, after.get(PieceId(130)).incidents), (3, 4));
        assert!(Shared::ptr_eq(&before.chunks[0], &after.chunks[0]), "what did not change is shared");
    }
}
