//! Counts by area or piece, and over time.

use super::{Budget, Counts, IncidentFilter, Interval, QueryError, StaffFilter, Where, rows};
use crate::{
    AreaId, Reader, Tally,
    overlay::PieceId,
    record::{Level, Side},
};
use jiff::{Timestamp, tz::Offset};
use std::collections::BTreeMap;

/// What to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Areas of a side: of a level, or (`None`) those that are drawn.
    Area(Side, Option<Level>),
    /// Pieces.
    Piece,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Key {
    Area(AreaId),
    Piece(PieceId),
}

/// One area or piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which; `None` for what lies in none of them.
    pub key: Option<Key>,
    /// What there is.
    pub counts: Counts,
    /// Incidents by the start of their hour, day or week, those with none left out.
    pub series: Vec<(Timestamp, u64)>,
}

/// All groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// By key, also those with nothing; last what lies in none of them.
    pub groups: Vec<Group>,
}

impl Reader<'_> {
    /// Counts what is there by area or piece of its present ground; of the incidents those that the
    /// filter wants, also over time if an interval and the clocks it goes by are given.
    ///
    /// # Errors
    /// When the budget is spent; a group costs a unit, and an entry of a series another.
    pub fn summary(
        &self,
        by: By,
        place: &Where,
        filter: &IncidentFilter,
        interval: Option<(Interval, Offset)>,
        budget: &Budget<'_>,
    ) -> Result<Summary, QueryError> {
        let (keys, of_piece) = self.groups(by);
        budget.spend(keys.len() as u64)?;
        let outside = keys.len();
        let group = |piece: Option<PieceId>| piece.map_or(outside, |p| of_piece[p.0 as usize] as usize);
        let mut counts = vec![Counts::default(); outside + 1];
        if place.is_everywhere() {
            budget.spend(of_piece.len() as u64)?;
            let mut rest = self.addresses().sum_on(place.ground());
            for piece in self.overlay().ids() {
                let Tally { addresses, residents, dwellings, organisations, .. } = self.tally(piece);
                let sums = [residents, dwellings, organisations];
                counts[group(Some(piece))].add_addresses(addresses, sums);
                rest = (rest.0 - addresses, std::array::from_fn(|i| rest.1[i] - sums[i]));
            }
            counts[outside].add_addresses(rest.0, rest.1);
        } else {
            let addresses = self.addresses();
            rows::addresses(self, place, budget, |i| {
                counts[group(addresses.piece(i))].add_addresses(1, addresses.counts(i));
            })?;
        }
        let mut series: BTreeMap<(usize, i64), u64> = BTreeMap::new();
        rows::live(self.incidents(), place, filter, budget, |incident| {
            let group = group(incident.piece);
            counts[group].add_incident(incident);
            if let Some((interval, zone)) = interval
                && let Some(at) = incident.row.reported_at
            {
                *series.entry((group, interval.bucket(at, zone))).or_default() += 1;
            }
        })?;
        rows::live(self.staff(), place, &StaffFilter::default(), budget, |person| {
            counts[group(person.piece)].add_staff(person);
        })?;
        budget.spend(series.len() as u64)?;
        let mut groups: Vec<Group> = keys
            .into_iter()
            .map(Some)
            .chain([None])
            .zip(counts)
            .map(|(key, counts)| Group { key, counts, series: Vec::new() })
            .collect();
        if let Some((interval, zone)) = interval {
            for ((group, bucket), n) in series {
                groups[group].series.push((interval.start(bucket, zone), n));
            }
        }
        Ok(Summary { groups })
    }

    /// All groups in order, and for each piece the number of its group, or one more than the last.
    pub(super) fn groups(&self, by: By) -> (Vec<Key>, Vec<u32>) {
        let overlay = self.overlay();
        let By::Area(side, level) = by else {
            return (overlay.ids().map(Key::Piece).collect(), (0..overlay.pieces().len() as u32).collect());
        };
        let layer = self.layer(side);
        let areas: Vec<AreaId> = layer
            .ids()
            .filter(|&id| level.map_or(layer.area(id).drawn, |level| layer.area(id).level == level))
            .collect();
        let number = |drawn: AreaId| {
            let area = level.map_or(Some(drawn), |level| layer.at_level(drawn, level))?;
            areas.binary_search(&area).ok()
        };
        let of_piece = overlay.pieces().iter().map(|piece| {
            let drawn = match side {
                Side::Grid => piece.grid,
                Side::Beat => piece.beat,
            };
            drawn.and_then(number).unwrap_or(areas.len()) as u32
        });
        let of_piece = of_piece.collect();
        (areas.into_iter().map(Key::Area).collect(), of_piece)
    }
}
