//! What may be among the items that a query asks for, before each is looked at.

use super::{
    inside::Inside,
    page::{Query, key},
};
use crate::feature::{asked::around, collection::Collection, read::Item};
use gridbeat_onemap::{Addresses, Bounds, PieceId, Reader, department::Department};

/// So many numbers of rows are held for a request; if more may match, all rows are gone through instead.
const MANY: usize = 1 << 18;

/// Items sorted by key. Of what there may be millions of, only numbers are held, and not too [many](MANY).
pub enum Candidates<'a> {
    /// All of them.
    All(Rows<'a>),
    /// Those with these numbers, which ascend.
    Some(Rows<'a>, Vec<u32>),
    /// Those themselves.
    List(Vec<Item<'a>>),
}

/// What is numbered in the order of its keys.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    /// Addresses.
    Addresses(&'a Addresses),
    /// Features of a department's layer.
    Department(&'a Department),
}

impl<'a> Rows<'a> {
    fn len(self) -> usize {
        match self {
            Self::Addresses(addresses) => addresses.len(),
            Self::Department(department) => department.len(),
        }
    }

    fn item(self, i: u32) -> Item<'a> {
        match self {
            Self::Addresses(_) => Item::Address(i),
            Self::Department(department) => Item::Department(department, i),
        }
    }

    fn in_box(self, bounds: &Bounds, f: impl FnMut(u32)) {
        match self {
            Self::Addresses(addresses) => addresses.in_box(bounds, f),
            Self::Department(department) => department.in_box(bounds, f),
        }
    }

    /// Those in some boxes.
    fn within(self, boxes: &[Bounds]) -> Candidates<'a> {
        let (mut numbers, mut too_many) = (Vec::new(), false);
        for b in boxes {
            self.in_box(b, |i| {
                too_many |= numbers.len() == MANY;
                if !too_many {
                    numbers.push(i);
                }
            });
        }
        if too_many {
            return Candidates::All(self);
        }
        numbers.sort_unstable();
        // What lies across the antimeridian is in both boxes.
        numbers.dedup();
        Candidates::Some(self, numbers)
    }
}

impl<'a> Candidates<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::All(rows) => rows.len(),
            Self::Some(_, numbers) => numbers.len(),
            Self::List(list) => list.len(),
        }
    }

    /// The one at a place.
    pub fn get(&self, i: usize) -> Item<'a> {
        match self {
            Self::All(rows) => rows.item(i as u32),
            Self::Some(rows, numbers) => rows.item(numbers[i]),
            Self::List(list) => list[i],
        }
    }

    /// Those from one place to before another.
    pub fn slice(&self, start: usize, end: usize) -> Vec<Item<'a>> {
        (start..end).map(|i| self.get(i)).collect()
    }

    /// The number of items before which the predicate holds.
    pub fn partition_point(&self, mut before: impl FnMut(&Item<'a>) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(&self.get(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl<'a> Candidates<'a> {
    /// A superset of what the query asks for, narrowed by an index where there is one.
    pub fn of(reader: &Reader<'a>, collection: Collection, query: &Query) -> Self {
        let code = query.equal.iter().find(|(f, _)| f.name == "code").and_then(|(_, v)| v.as_str());
        // The box of the query, else one that a filter needs.
        let needed: Vec<Bounds> =
            query.filters.iter().filter_map(|f| f.bounds()).take(1).map(around).collect();
        let needed = (!needed.is_empty()).then_some(needed.as_slice());
        let mut list = Vec::new();
        let within = match query.within.as_deref().map(|code| Inside::of(reader, code)) {
            Some(None) => return Candidates::List(list),
            Some(Some(area)) => Some([area.bounds]),
            None => None,
        };
        // An area without ground is below its parents all the same.
        let within = within.as_ref().filter(|_| collection.side().is_none()).map(<[Bounds; 1]>::as_slice);
        let boxes = query.bbox.as_ref().map(|b| b.0.as_slice()).or(needed).or(within);
        match collection {
            Collection::Grids | Collection::Beats => {
                let Some(side) = collection.side() else { return Candidates::List(list) };
                let layer = reader.layer(side);
                match boxes {
                    Some(boxes) => {
                        list.extend(boxes.iter().flat_map(|b| layer.in_box(b)).map(|a| Item::Area(side, a)))
                    }
                    None => list.extend(layer.ids().map(|a| Item::Area(side, a))),
                }
            }
            Collection::Pieces => {
                let overlay = reader.overlay();
                match boxes {
                    Some(boxes) => list.extend(boxes.iter().flat_map(|b| overlay.in_box(b)).map(Item::Piece)),
                    None => list.extend((0..overlay.pieces().len() as u32).map(|i| Item::Piece(PieceId(i)))),
                }
            }
            Collection::Addresses => {
                let addresses = reader.addresses();
                match (code, boxes) {
                    (Some(code), _) => list.extend(addresses.by_code(code).map(Item::Address)),
                    (None, Some(boxes)) => return Rows::Addresses(addresses).within(boxes),
                    (None, None) => return Candidates::All(Rows::Addresses(addresses)),
                }
            }
            Collection::Incidents => match boxes {
                Some(boxes) => {
                    boxes.iter().for_each(|b| reader.incidents().in_box(b, |i| list.push(Item::Incident(i))));
                }
                None => list.extend(reader.incidents().iter().map(Item::Incident)),
            },
            Collection::Staff => list.extend(reader.staff().iter().map(Item::Staff)),
            Collection::Department(layer) => {
                // One that went since the request began has no features.
                let Some(department) = reader.department(&layer.schema.name) else {
                    return Candidates::List(list);
                };
                let rows = Rows::Department(department);
                return boxes.map_or(Candidates::All(rows), |boxes| rows.within(boxes));
            }
        }
        list.sort_by_key(|i| key(reader, i));
        // Ground across the antimeridian lies in both boxes.
        list.dedup_by_key(|i| key(reader, i));
        Candidates::List(list)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::http::params::BoxFilter;
    use gridbeat_onemap::{
        E7, MapBuilder, Scope,
        record::{AddressRow, Fid, Region},
    };

    #[test]
    fn what_is_more_than_many_is_gone_through_as_a_whole() {
        let (first, rows) = (E7::new(1_203_000_000, 315_000_000), MANY as i32 + 1);
        let mut builder = MapBuilder::new();
        for i in 0..rows {
            builder.address(&AddressRow {
                fid: Fid::new(Region(3202), i as u32 + 1),
                region: Region(3202),
                // Westwards, so that the index has them in another order.
                at: E7::new(first.lon - i, first.lat),
                ..AddressRow::default()
            });
        }
        let (map, scope) = (builder.finish(1), Scope::all());
        let reader = map.read(&scope);
        let of = |n: i32| {
            let min = E7::new(first.lon - n + 1, first.lat);
            let bbox = Some(BoxFilter(vec![Bounds { min, max: first }; 2]));
            Candidates::of(&reader, Collection::Addresses, &Query { bbox, ..Query::default() })
        };
        let some = of(1_000);
        let fids: Vec<u64> = (0..some.len()).map(|i| key(&reader, &some.get(i))).collect();
        let expected: Vec<u64> = (1..=1_000).map(|i| Fid::new(Region(3202), i).0).collect();
        assert_eq!(fids, expected);
        assert!(matches!(of(MANY as i32), Candidates::All(_)), "the second box brings them again");
        assert!(matches!(of(MANY as i32 / 2), Candidates::Some(_, numbers) if numbers.len() == MANY / 2));
        assert_eq!(of(rows).len(), rows as usize);
    }
}
