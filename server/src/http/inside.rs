//! `within` of items: what lies in an area of either side, and in those below it.

use crate::feature::read::Item;
use gridbeat_onemap::{AreaId, Bounds, PieceId, Reader, record::Side};
use std::iter::once;

/// An area as a place to look in: its present ground, as the counts of a summary have it.
pub struct Inside {
    /// The area of each side that has the code.
    areas: [Option<AreaId>; 2],
    /// Ascending.
    pub pieces: Vec<PieceId>,
    /// The box around it.
    pub bounds: Bounds,
}

impl Inside {
    /// The area of that code, or those that both sides call so: a district and its police; `None` when nobody has it.
    pub fn of(reader: &Reader<'_>, code: &str) -> Option<Self> {
        let areas = Side::BOTH.map(|side| reader.layer(side).find(code));
        let (mut pieces, mut bounds) = (Vec::new(), Bounds::EMPTY);
        for (side, area) in std::iter::zip(Side::BOTH, areas) {
            let Some(area) = area else { continue };
            let layer = reader.layer(side);
            let drawn = layer.drawn_below(area).iter();
            pieces.extend(drawn.flat_map(|&d| reader.overlay().pieces_of(side, d)).copied());
            bounds = bounds.join(layer.area(area).bounds);
        }
        pieces.sort_unstable();
        pieces.dedup();
        areas.iter().any(Option::is_some).then_some(Self { areas, pieces, bounds })
    }

    /// Whether an item lies there: a row by its place, a line or ground with any part of it; an area if it is the one
    /// or below it, one of the other side if it shares ground with it.
    pub fn holds(&self, reader: &Reader<'_>, item: &Item<'_>) -> bool {
        let piece = match item {
            Item::Area(side, id) => {
                let layer = reader.layer(*side);
                return match self.areas[*side as usize] {
                    Some(area) => once(*id).chain(layer.ancestors(*id)).any(|a| a == area),
                    None => {
                        let drawn = layer.drawn_below(*id).iter();
                        let mut pieces = drawn.flat_map(|&d| reader.overlay().pieces_of(*side, d));
                        pieces.any(|p| self.has_piece(Some(*p)))
                    }
                };
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
