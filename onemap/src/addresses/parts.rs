//! The columns of all addresses as they lie in memory, to be kept and taken up again without building
//! anything but the boxes of the index.

use super::{Addresses, NO_PIECE};
use crate::{
    E7,
    index::{Columns, PackedIndex},
    record::Fid,
};

/// The columns, by ascending fid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressColumns {
    /// Ids.
    pub fids: Vec<Fid>,
    /// Places.
    pub at: Vec<E7>,
    /// Residents, dwellings, organisations: three columns.
    pub counts: [Vec<u32>; 3],
    /// Numbers of pieces; `u32::MAX` outside both layers. They hold for the boundaries they were made with.
    pub pieces: Vec<u32>,
    /// Where the code and the text of each end in `words`.
    pub ends: Vec<[u64; 2]>,
    /// Codes and texts one after the other, in UTF-8.
    pub words: Vec<u8>,
    /// The order of the index: numbers of addresses along its curve.
    pub order: Vec<u32>,
}

/// The same, borrowed.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // The fields are those of AddressColumns.
pub struct AddressSlices<'a> {
    pub fids: &'a [Fid],
    pub at: &'a [E7],
    pub counts: [&'a [u32]; 3],
    pub pieces: &'a [u32],
    pub ends: &'a [[u64; 2]],
    pub words: &'a [u8],
    pub order: &'a [u32],
}

impl AddressSlices<'_> {
    /// A copy.
    pub fn to_columns(&self) -> AddressColumns {
        AddressColumns {
            fids: self.fids.to_vec(),
            at: self.at.to_vec(),
            counts: self.counts.map(<[u32]>::to_vec),
            pieces: self.pieces.to_vec(),
            ends: self.ends.to_vec(),
            words: self.words.to_vec(),
            order: self.order.to_vec(),
        }
    }
}

impl Addresses {
    /// The columns.
    pub fn columns(&self) -> AddressSlices<'_> {
        AddressSlices {
            fids: &self.fids,
            at: &self.at,
            counts: [&self.residents, &self.dwellings, &self.organisations],
            pieces: &self.pieces,
            ends: &self.ends,
            words: &self.words,
            order: self.index.order(),
        }
    }

    /// Takes columns up again. What does not fit together is refused; whether they are true is for the caller
    /// to know.
    ///
    /// # Errors
    /// What does not fit.
    pub fn from_columns(columns: AddressColumns) -> Result<Self, &'static str> {
        let AddressColumns {
            fids,
            at,
            counts: [residents, dwellings, organisations],
            pieces,
            ends,
            words,
            order,
        } = columns;
        let n = fids.len();
        let lengths = [
            at.len(),
            residents.len(),
            dwellings.len(),
            organisations.len(),
            pieces.len(),
            ends.len(),
            order.len(),
        ];
        if lengths.iter().any(|&l| l != n) {
            return Err("the columns are not of one length");
        }
        if !fids.is_sorted_by(|a, b| a < b) {
            return Err("the ids are not in order");
        }
        // Not a byte inside a character: those are 10xxxxxx.
        let is_start = |i: u64| words.get(i as usize).is_none_or(|b| b & 0xC0 != 0x80);
        let mut before = 0;
        for &[code, text] in &ends {
            let fits = before <= code && code <= text && text <= words.len() as u64;
            if !(fits && is_start(code) && is_start(text)) {
                return Err("codes and texts do not end where they should");
            }
            before = text;
        }
        let mut seen = vec![false; n];
        for &i in &order {
            match seen.get_mut(i as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err("the index does not hold each address once"),
            }
        }
        let index = PackedIndex::from_order(&at, order);
        let mut all = Self {
            fids,
            at,
            residents,
            dwellings,
            organisations,
            pieces,
            words,
            ends,
            index,
            ..Self::default()
        };
        all.columns = Columns::new(&all.index, |i| all.counts(i));
        Ok(all)
    }

    /// Whether every piece's number is below `count`.
    pub(crate) fn pieces_are_below(&self, count: usize) -> bool {
        self.pieces.iter().all(|&p| p == NO_PIECE || (p as usize) < count)
    }

    /// Asks again for the piece of each.
    pub(crate) fn relocated(
        mut self,
        locate: impl FnOnce(&[E7]) -> Vec<Option<crate::overlay::PieceId>>,
    ) -> Self {
        self.pieces = locate(&self.at).into_iter().map(|p| p.map_or(NO_PIECE, |p| p.0)).collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bounds, record::AddressRow};

    fn some() -> Addresses {
        let mut all = Addresses::default();
        for i in 0..1000_u32 {
            all.push(&AddressRow {
                fid: Fid(u64::from(i) + 5),
                code: format!("A{i}"),
                text: format!("中山路{i}号"),
                at: E7::new((i as i32 * 7919) % 10_007, (i as i32 * 104_729) % 10_009),
                residents: i % 7,
                dwellings: 1,
                organisations: i % 2,
                ..AddressRow::default()
            });
        }
        all.finish(|at| at.iter().map(|p| (p.lon % 2 == 0).then_some(crate::overlay::PieceId(3))).collect())
    }

    #[test]
    fn columns_make_the_same_addresses() {
        let all = some();
        let again = Addresses::from_columns(all.columns().to_columns()).unwrap();
        assert_eq!(again.columns().to_columns(), all.columns().to_columns());
        for i in 0..1000 {
            assert_eq!(again.get(i), all.get(i));
        }
        let window = Bounds { min: E7::new(1000, 2000), max: E7::new(6000, 9000) };
        assert_eq!(again.count_in_box(&window), all.count_in_box(&window));
        assert_eq!(again.nearest(E7::new(5000, 5000), 9), all.nearest(E7::new(5000, 5000), 9));
        assert_eq!(again.by_code("A17"), Some(17));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let good = some().columns().to_columns();
        let bad: [fn(&mut AddressColumns); 7] = [
            |c| {
                c.at.pop();
            },
            |c| c.fids.swap(3, 4),
            |c| c.order[0] = c.order[1],
            |c| c.order[0] = 1000,
            // Into the middle of a character, and beyond the next one's end.
            |c| c.ends[7][0] += 1,
            |c| c.ends.swap(7, 8),
            |c| {
                c.words.pop();
            },
        ];
        for (i, spoil) in bad.into_iter().enumerate() {
            let mut columns = good.clone();
            spoil(&mut columns);
            assert!(Addresses::from_columns(columns).is_err(), "{i}");
        }
    }
}
