//! The way to the rows that a query is about: the shortest of several.

use super::{Budget, QueryError, Where, budget::outcome, filter::Filter};
use crate::{
    Reader,
    live::{Live, Positioned},
};
use std::ops::ControlFlow;

/// Calls `f` with the number of every address there, in no particular order.
pub(super) fn addresses(
    reader: &Reader<'_>,
    place: &Where,
    budget: &Budget<'_>,
    mut f: impl FnMut(u32),
) -> Result<(), QueryError> {
    let all = reader.addresses();
    let ground = place.ground();
    budget.spend(ground.edges() as u64)?;
    let by_pieces = place.pieces().filter(|pieces| {
        let in_pieces: u64 = pieces.iter().map(|&p| reader.tally(p).addresses).sum();
        ground.is_all() || in_pieces < all.sum_on(ground).0
    });
    if let Some(pieces) = by_pieces {
        for &piece in pieces {
            for &i in all.in_piece(piece) {
                budget.spend(1)?;
                if ground.is_all() || ground.contains(all.place_and_residents(i).0) {
                    f(i);
                }
            }
        }
        return Ok(());
    }
    outcome(all.on_until(ground, |i| {
        budget.step(1)?;
        if place.pieces().is_none_or(|p| all.piece(i).is_some_and(|of| p.binary_search(&of).is_ok())) {
            f(i);
        }
        ControlFlow::Continue(())
    }))
}

/// Calls `f` with every row there that the filter wants, in no particular order.
pub(super) fn live<'a, T: Positioned>(
    rows: &'a Live<T>,
    place: &Where,
    filter: &impl Filter<T>,
    budget: &Budget<'_>,
    mut f: impl FnMut(&'a T),
) -> Result<(), QueryError> {
    let ground = place.ground();
    budget.spend(ground.edges() as u64)?;
    let mut look = |row: &'a T| {
        budget.step(1)?;
        if place.contains(row.at(), row.piece()) && filter.wants(row) {
            f(row);
        }
        ControlFlow::Continue(())
    };
    // By time, if that leaves fewer than the ground does.
    let range = filter.time().range();
    let there = || if ground.is_all() { rows.len() } else { rows.count_on(ground) as usize };
    outcome(if !filter.time().is_any() && rows.estimate_in_time(&range) < there() {
        rows.in_time_until(&range, look)
    } else if let Some(pieces) = place.pieces() {
        rows.in_pieces_until(pieces, look)
    } else if ground.is_all() {
        rows.iter().try_for_each(&mut look)
    } else {
        rows.on_until(ground, look)
    })
}
