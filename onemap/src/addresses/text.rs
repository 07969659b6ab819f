//! Addresses by a piece of their text, without an index over it: what an index of three characters cannot do (one or
//! two of them) and what it does badly (pieces of which every run is common). All texts lie one after the other, so a
//! city's are looked through in a hundredth of a second.

use super::Addresses;
use crate::{
    Bounds,
    index::Ground,
    query::{Budget, QueryError},
    search::{Best, Rank, Sought},
};
use memchr::memmem::Finder;
use std::ops::ControlFlow;

/// Addresses that are looked through before the budget is asked again.
const BLOCK: usize = 4096;
/// In a box with one of so many addresses, or fewer, these are looked up; else all are looked through.
const FEW: u64 = 16;

/// Places all over the addresses from which a sample is taken, and how many follow each other there.
const SAMPLES: usize = 64;
const SAMPLE: usize = 256;
/// The same where it only matters which of some letters is rarer.
const MARK_SAMPLE: usize = 32;
/// One of so many hold what is rare.
const RARE: usize = 2048;

impl Addresses {
    /// Whether an index of all runs of `length` characters soon finds a piece of text: one of the runs is rare in a
    /// sample. Where all are common, such as those of `2号楼1单元101`, an index goes through the long list of each, and
    /// looking through all texts is quicker; where there are few texts, it always is.
    pub fn has_rare_run(&self, sought: &Sought, length: usize) -> bool {
        let is_long = sought.text().chars().count() >= length;
        let Some(samples) = self.samples(SAMPLE).filter(|_| is_long) else { return false };
        let mut runs = sought.runs(length).peekable();
        // Of letters with cases the texts do not tell quickly; an index does not mind.
        runs.peek().is_none()
            || runs.any(|run| {
                let finder = Finder::new(&run);
                let found = samples.clone().flat_map(|words| finder.find_iter(words));
                found.take(SAMPLES * SAMPLE / RARE).count() < SAMPLES * SAMPLE / RARE
            })
    }

    /// Codes and texts of so many addresses from each of some places all over; `None` where there are few.
    fn samples(&self, each: usize) -> Option<impl Iterator<Item = &[u8]> + Clone> {
        let step = self.len() / SAMPLES;
        let sample = move |i: usize| {
            let first = i * step;
            let from = if first == 0 { 0 } else { self.ends[first - 1][1] };
            &self.words[from as usize..self.ends[first + each - 1][1] as usize]
        };
        (step > each).then(|| (0..SAMPLES).map(sample))
    }

    /// Numbers of addresses that hold a piece of text, best first: found early in a short text. Of many that hold
    /// it, the best of some. `bounds` keeps to a box.
    ///
    /// # Errors
    /// [`QueryError::TooCostly`] and what else the budget says; an address costs one.
    pub fn search(
        &self,
        sought: &Sought,
        limit: usize,
        bounds: Option<&Bounds>,
        budget: &Budget<'_>,
    ) -> Result<Vec<u32>, QueryError> {
        let mut best = Best::new(limit);
        match bounds {
            Some(bounds) if self.count_in_box(bounds) <= self.len() as u64 / FEW => {
                let mut offer = |i: u32| match sought.rank(self.text(i)) {
                    Some(rank) => best.offer(rank, u64::from(i), i),
                    None => true,
                };
                let done = self.on_until(&Ground::bounds(*bounds), |i| match budget.spend(1) {
                    Ok(()) if offer(i) => ControlFlow::Continue(()),
                    Ok(()) => ControlFlow::Break(None),
                    Err(error) => ControlFlow::Break(Some(error)),
                });
                if let ControlFlow::Break(Some(error)) = done {
                    return Err(error);
                }
            }
            _ => self.look_through(sought, budget, |i, rank| {
                bounds.is_some_and(|b| !b.contains(self.at[i as usize])) || best.offer(rank, u64::from(i), i)
            })?,
        }
        Ok(best.best())
    }

    /// Calls `f` with the number of every address that holds the piece, and where, until it wants no more.
    fn look_through(
        &self,
        sought: &Sought,
        budget: &Budget<'_>,
        mut f: impl FnMut(u32, Rank) -> bool,
    ) -> Result<(), QueryError> {
        let samples = self.samples(MARK_SAMPLE).into_iter().flatten();
        let mark = sought.rarest(samples);
        for first in (0..self.len()).step_by(BLOCK) {
            let last = (first + BLOCK).min(self.len());
            budget.spend((last - first) as u64)?;
            let start = if first == 0 { 0 } else { self.ends[first - 1][1] as usize };
            let (mut row, mut next) = (first, start);
            for at in mark.places(&self.words[start..self.ends[last - 1][1] as usize]) {
                let at = start + at;
                if at < next {
                    // The address was found, or this is its code.
                    continue;
                }
                row += self.ends[row..last].partition_point(|ends| ends[1] as usize <= at);
                let Some([code, end]) = self.ends.get(row).map(|ends| ends.map(|e| e as usize)) else {
                    break;
                };
                if at < code {
                    next = code;
                    continue;
                }
                if let Some(rank) = sought.rank_at(self.text(row as u32), at - code, mark) {
                    if !f(row as u32, rank) {
                        return Ok(());
                    }
                    next = end;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{E7, record::AddressRow, record::Fid, record::Region};
    use proptest::prelude::*;

    fn addresses(texts: &[String]) -> Addresses {
        let mut all = Addresses::default();
        for (i, text) in (0_u32..).zip(texts) {
            all.push(&AddressRow {
                fid: Fid::new(Region(3202), i + 1),
                region: Region(3202),
                // Codes hold what is looked for as well.
                code: format!("a1{i}"),
                text: text.clone(),
                at: E7::new(i as i32 % 10, i as i32 / 10),
                residents: 0,
                dwellings: 0,
                organisations: 0,
            });
        }
        all.finish(|at| vec![None; at.len()])
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_holds_the_piece(
            texts in proptest::collection::vec("[aAbB1中座éÉσΣς]{0,6}", 1..300),
            piece in "[aAbB1中座éÉσΣς]{1,3}",
            sides in proptest::option::of((0..10, 0..10, 0..30, 0..30)),
            limit in 1_usize..50,
        ) {
            let all = addresses(&texts);
            let sought = Sought::new(&piece).unwrap();
            let bounds = sides.map(|(a, b, c, d)| Bounds::of(&[E7::new(a, c), E7::new(b, d)]));
            let found = all.search(&sought, limit, bounds.as_ref(), &Budget::unlimited()).unwrap();
            let mut expected: Vec<_> = (0..all.len() as u32)
                .filter(|&i| bounds.is_none_or(|b| b.contains(all.get(i).at)))
                .filter_map(|i| {
                    let small = |text: &str| text.to_lowercase().replace('ς', "σ");
                    let text = small(&texts[i as usize]);
                    let at = text.find(&small(&piece))?;
                    Some((text[..at].chars().count(), text.chars().count(), i))
                })
                .collect();
            expected.sort_unstable();
            let expected: Vec<u32> = expected.into_iter().take(limit).map(|e| e.2).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_run_is_rare_where_few_hold_it() {
        let many = (SAMPLES * SAMPLE * 2) as u32;
        let texts: Vec<String> = (0..many)
            .map(|i| format!("{}路{}号", if i % 10_000 == 7 { "梁溪" } else { "中山" }, i % 8))
            .collect();
        let all = addresses(&texts);
        let is_rare = |piece: &str| all.has_rare_run(&Sought::new(piece).unwrap(), 3);
        assert!(is_rare("梁溪路3") && is_rare("路9号") && is_rare("山路3号楼"));
        assert!(!is_rare("中山路3号") && !is_rare("山路") && !is_rare("路3号"));
        // Few are always looked through.
        let few = addresses(&texts[..1000]);
        assert!(!few.has_rare_run(&Sought::new("梁溪路").unwrap(), 3));
    }

    #[test]
    fn it_ends_with_its_budget() {
        let all = addresses(&vec!["中山路".to_owned(); 5000]);
        let sought = Sought::new("湖").unwrap();
        let found = all.search(&sought, 10, None, &Budget::new(4500));
        assert_eq!(found, Err(QueryError::TooCostly { budget: 4500 }));
    }
}
