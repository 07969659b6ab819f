//! `within` of items: what lies in an area of either side, and in those below it.

use crate::feature::read::Item;
use gridbeat_onemap::{AreaId, Bounds, PieceId, Reader, record::Side};
use std::iter::once;

/// An area as a place to look in: its present ground, as the counts of a summary have it.
pub struct Inside {
    side: Side,
    area: AreaId,
    /// Ascending.
    pieces: Vec<PieceId>,
    /// The box around it.
    pub bounds: Bounds,
}

impl Inside {
    /// The area of that code; `None` when nobody has it.
    pub fn of(reader: &Reader<'_>, code: &str) -> Option<Self> {
        let (side, area) = Side::BOTH.into_iter().find_map(|s| Some((s, reader.layer(s).find(code)?)))?;
        let layer = reader.layer(side);
        let drawn = layer.drawn_below(area).iter();
        let mut pieces: Vec<PieceId> =
            drawn.flat_map(|&d| reader.overlay().pieces_of(side, d)).copied().collect();
        pieces.sort_unstable();
        Some(Self { side, area, pieces, bounds: layer.area(area).bounds })
    }

    /// Whether an item lies there: a row by its place, a line or ground with any part of it; an area if it is the one
    /// or below it, one of the other side if it shares ground with it.
    pub fn holds(&self, reader: &Reader<'_>, item: &Item<'_>) -> bool {
        let piece = match item {
            Item::Area(side, id) if *side == self.side => {
                return once(*id).chain(reader.layer(*side).ancestors(*id)).any(|a| a == self.area);
            }
            Item::Area(side, id) => {
                let drawn = reader.layer(*side).drawn_below(*id).iter();
                return drawn
                    .flat_map(|&d| reader.overlay().pieces_of(*side, d))
                    .any(|p| self.has_piece(Some(*p)));
            }
            Item::Piece(id) => Some(*id),
            Item::Address(i) => reader.addresses().piece(*i),
            Item::Incident(incident) => incident.piece,
            Item::Staff(member) => member.piece,
            Item::Department(layer, i) => return reader.lies_in(layer, *i, &self.pieces),
        };
        self.has_piece(piece)
    }

    /// Whether a piece is part of it; `None`, the ground outside, is not.
    pub fn has_piece(&self, piece: Option<PieceId>) -> bool {
        piece.is_some_and(|piece| self.pieces.binary_search(&piece).is_ok())
    }
}
