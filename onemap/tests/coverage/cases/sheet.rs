//! A sheet of cells, each with the number of its area or none: the skeleton that most families bend.
//!
//! The areas come out with islands, holes, areas in areas, several parts, gaps, and, where a strip is left
//! empty, in components that do not touch.

use super::{Random, rings};
use std::collections::BTreeMap;

/// Cells by row, from the south-west.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub columns: usize,
    pub rows: usize,
    pub cells: Vec<Option<u16>>,
}

impl Sheet {
    /// Areas grown from seeds until all is full, then made harder; at least `areas` of them.
    pub fn grown(random: &mut Random, columns: usize, rows: usize, areas: usize) -> Self {
        let mut sheet = Self { columns, rows, cells: vec![None; columns * rows] };
        let mut open: Vec<usize> = Vec::new();
        // Seeds: the first cells of a shuffled deck.
        let mut deck: Vec<usize> = (0..columns * rows).collect();
        for (n, i) in (0..areas).enumerate() {
            let k = i + random.below(deck.len() - i);
            deck.swap(i, k);
            sheet.cells[deck[i]] = Some(n as u16);
            open.push(deck[i]);
        }
        while !open.is_empty() {
            let k = random.below(open.len());
            let free: Vec<usize> = sheet.beside(open[k]).filter(|&c| sheet.cells[c].is_none()).collect();
            if free.is_empty() {
                open.swap_remove(k);
            } else {
                let next = free[random.below(free.len())];
                sheet.cells[next] = sheet.cells[open[k]];
                open.push(next);
            }
        }
        sheet
    }

    /// The cells on the four sides of one.
    fn beside(&self, cell: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y, columns, rows) = (cell % self.columns, cell / self.columns, self.columns, self.rows);
        [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))]
            .into_iter()
            .filter(move |&(x, y)| x < columns && y < rows)
            .map(move |(x, y)| y * columns + x)
    }

    fn fresh(&self) -> u16 {
        self.cells.iter().flatten().max().map_or(0, |n| n + 1)
    }

    /// An area with a hole, and in the hole one new area, or nothing.
    pub fn hole(&mut self, random: &mut Random, filled: bool) {
        let (x, y) = (1 + random.below(self.columns - 2), 1 + random.below(self.rows - 2));
        let around = self.fresh();
        for dy in 0..3 {
            for dx in 0..3 {
                self.cells[(y + dy - 1) * self.columns + x + dx - 1] = Some(around);
            }
        }
        self.cells[y * self.columns + x] = filled.then_some(around + 1);
    }

    /// Gives a cell somewhere to an area elsewhere: one more part.
    pub fn part(&mut self, random: &mut Random) {
        let (from, to) = (random.below(self.cells.len()), random.below(self.cells.len()));
        self.cells[to] = self.cells[from];
    }

    /// Empties a column, so that the sheet falls into two components.
    pub fn strip(&mut self, random: &mut Random) {
        let x = 1 + random.below(self.columns - 2);
        for y in 0..self.rows {
            self.cells[y * self.columns + x] = None;
        }
    }

    /// Each area merged into one of fewer: the parents' drawing, so to say.
    pub fn coarser(&self, random: &mut Random, by: usize) -> Self {
        let fewer = (self.fresh() as usize / by).max(1);
        let to: Vec<u16> = (0..self.fresh()).map(|_| random.below(fewer) as u16).collect();
        let cells = self.cells.iter().map(|c| c.map(|n| to[n as usize])).collect();
        Self { cells, ..*self }
    }

    /// The outline of every area, by its number.
    pub fn areas(&self) -> BTreeMap<u16, Vec<Vec<Vec<rings::Corner>>>> {
        let mut cells: BTreeMap<u16, Vec<(usize, usize)>> = BTreeMap::new();
        for (i, area) in self.cells.iter().enumerate() {
            if let Some(a) = area {
                cells.entry(*a).or_default().push((i % self.columns, i / self.columns));
            }
        }
        cells.into_iter().map(|(a, cells)| (a, rings::polygons(&cells))).collect()
    }
}
