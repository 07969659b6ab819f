//! Boxes that never change, found by place: an R-tree packed once, level by level, into flat arrays.
//!
//! A tile asks once for each of its layers, so what counts is how little is touched on the way: sixteen boxes lie
//! side by side under each of the level above, and there are no pointers to follow. They are put in order as
//! Leutenegger, Edgington and Lopez do (STR, *Sort-Tile-Recursive*, 1997): in upright strips from west to east, and
//! in each from north to south.

/// Boxes under one of the level above.
const FANOUT: usize = 16;

/// A box in world units, limits included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rect {
    /// West, north.
    pub min: [u32; 2],
    /// East, south.
    pub max: [u32; 2],
}

impl Rect {
    /// The box around points, of which there is one at least.
    pub fn around(points: impl Iterator<Item = [u32; 2]>) -> Self {
        let mut all = Self { min: [u32::MAX; 2], max: [0; 2] };
        points.for_each(|p| all = all.join(Self { min: p, max: p }));
        all
    }

    /// The part of a box in wide numbers that lies in the world; `None` where there is none.
    pub fn within_world(min: [i64; 2], max: [i64; 2]) -> Option<Self> {
        let whole = 0..=i64::from(u32::MAX);
        let meets = |k: usize| min[k] <= *whole.end() && max[k] >= *whole.start() && min[k] <= max[k];
        let clamped = |v: i64| v.clamp(*whole.start(), *whole.end()) as u32;
        (meets(0) && meets(1)).then(|| Self { min: min.map(clamped), max: max.map(clamped) })
    }

    fn join(self, other: Self) -> Self {
        Self {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    /// Whether they have a point in common.
    pub fn meets(self, other: Self) -> bool {
        self.min[0] <= other.max[0]
            && other.min[0] <= self.max[0]
            && self.min[1] <= other.max[1]
            && other.min[1] <= self.max[1]
    }

    /// Twice the middle.
    fn middle2(self, k: usize) -> u64 {
        u64::from(self.min[k]) + u64::from(self.max[k])
    }
}

/// Items by their boxes.
pub(crate) struct PackedTree<T> {
    items: Vec<T>,
    /// The items' boxes, then those around sixteen of them each, and so on up to sixteen or fewer.
    levels: Vec<Vec<Rect>>,
}

impl<T> PackedTree<T> {
    /// Packs items with their boxes.
    pub fn new(mut all: Vec<(Rect, T)>) -> Self {
        let strip = all.len().div_ceil(FANOUT).isqrt().max(1) * FANOUT;
        all.sort_unstable_by_key(|(rect, _)| rect.middle2(0));
        all.chunks_mut(strip).for_each(|strip| strip.sort_unstable_by_key(|(rect, _)| rect.middle2(1)));
        let (boxes, items): (Vec<Rect>, Vec<T>) = all.into_iter().unzip();
        let mut levels = vec![boxes];
        while let Some(below) = levels.last().filter(|level| level.len() > FANOUT) {
            let around = |group: &[Rect]| group[1..].iter().fold(group[0], |all, rect| all.join(*rect));
            let level = below.chunks(FANOUT).map(around).collect();
            levels.push(level);
        }
        Self { items, levels }
    }

    /// The items in the order in which they lie in the tree: what is near is near.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }

    /// The same, to change them.
    pub fn items_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.iter_mut()
    }

    /// Shows every item whose box meets `rect`, until `see` says that it has seen enough.
    pub fn each_in<'a>(&'a self, rect: Rect, mut see: impl FnMut(&'a T) -> bool) {
        let top = self.levels.len() - 1;
        self.walk(top, 0..self.levels[top].len(), rect, &mut see);
    }

    /// Whether to go on.
    fn walk<'a>(
        &'a self,
        level: usize,
        group: std::ops::Range<usize>,
        rect: Rect,
        see: &mut impl FnMut(&'a T) -> bool,
    ) -> bool {
        let begin = group.start;
        for (i, found) in (begin..).zip(&self.levels[level][group]) {
            if !found.meets(rect) {
                continue;
            }
            let go_on = match level.checked_sub(1) {
                None => see(&self.items[i]),
                Some(below) => {
                    let end = ((i + 1) * FANOUT).min(self.levels[below].len());
                    self.walk(below, i * FANOUT..end, rect, see)
                }
            };
            if !go_on {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rect() -> impl Strategy<Value = Rect> {
        let side = || (0..1000_u32, 0..50_u32);
        (side(), side()).prop_map(|((x, w), (y, h))| Rect { min: [x, y], max: [x + w, y + h] })
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_through_all_finds(
            all in prop::collection::vec(rect(), 0..600), asked in rect(), enough in 1..20_usize,
        ) {
            let tree = PackedTree::new(all.iter().copied().zip(0..).collect());
            let mut found = Vec::new();
            tree.each_in(asked, |&i: &usize| { found.push(i); true });
            found.sort_unstable();
            let expected: Vec<usize> = (0..all.len()).filter(|&i| all[i].meets(asked)).collect();
            prop_assert_eq!(&found, &expected);
            let mut seen = 0;
            tree.each_in(asked, |_| { seen += 1; seen < enough });
            prop_assert_eq!(seen, expected.len().min(enough));
        }
    }

    #[test]
    fn a_box_is_cut_to_the_world() {
        let whole = Rect { min: [0; 2], max: [u32::MAX; 2] };
        assert_eq!(Rect::within_world([-5, -5], [1 << 40, 1 << 33]), Some(whole));
        assert_eq!(Rect::within_world([-5, 0], [-1, 10]), None);
        assert_eq!(Rect::within_world([0, 1 << 32], [10, 1 << 33]), None);
    }
}
