//! What lies over some ground, and what changes where a line is crossed.
//!
//! An arrangement carries two *plies*, such as the grids' drawing (0) and the beats' (1). On either
//! ply any number of rings may wind around some ground: once, twice, backwards. Nearly always it is one
//! ring once, so a ply's windings are packed into one number, a [`Code`]:
//!
//! ```text
//! 0            nothing winds here
//! id + 1       the rings of `id` wind around it once, and nothing else does
//! MANY | i     anything else: `many[i]` lists (id, windings)
//! ```
//!
//! A [`Label`] is a number for the codes of both plies, so that whoever asks can keep a plain table by
//! label. Numbers are given as they are needed and stay for good.

use rustc_hash::FxHashMap;
use std::sync::Arc as Shared;

/// Number of the thing that a ring belongs to, on one ply; the caller decides what it means.
pub(crate) type Id = u32;

/// The windings of one ply, packed.
type Code = u32;

/// The codes of both plies.
pub(super) type Codes = [Code; 2];

const MANY: Code = 1 << 31;

/// Number of a set of windings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Label(pub u32);

impl Label {
    /// Nothing: the label of the ground outside everything.
    pub const NONE: Self = Self(0);
}

/// By how much windings are greater to the left of a line than to its right: what is only to the left
/// less what is only to the right. Never the same thing on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Delta {
    left: Codes,
    right: Codes,
}

impl Delta {
    /// One more winding of `left` and one less of `right`, on a ply.
    pub fn new(ply: usize, left: Option<Id>, right: Option<Id>) -> Self {
        let mut delta = Self::default();
        if left != right {
            delta.left[ply] = left.map_or(0, |id| id + 1);
            delta.right[ply] = right.map_or(0, |id| id + 1);
        }
        delta
    }

    /// Whether nothing changes.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Seen from the line's other end.
    pub fn reversed(self) -> Self {
        Self { left: self.right, right: self.left }
    }
}

/// (id, windings ≠ 0), by id.
type Windings = Vec<(Id, i32)>;

/// All labels that were needed so far. Copies share what was [settled](Labels::settle).
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
    shared: Shared<Numbered>,
    /// Numbered on from those.
    own: Numbered,
}

/// Labels by number and by what they stand for.
#[derive(Clone, Debug, Default)]
struct Numbered {
    codes: Vec<Codes>,
    numbers: FxHashMap<Codes, Label>,
    many: Vec<Shared<[(Id, i32)]>>,
    many_numbers: FxHashMap<Shared<[(Id, i32)]>, u32>,
}

/// A copy has this many labels of its own, or a part of all, before it is worth to put them with the others.
const OWN: usize = 256;
const PART: usize = 8;

impl Labels {
    /// No labels but that of nothing.
    pub fn new() -> Self {
        let mut labels = Self::default();
        labels.number([0, 0]);
        labels
    }

    /// How many labels there are; they are numbered from 0.
    pub fn len(&self) -> usize {
        self.shared.codes.len() + self.own.codes.len()
    }

    /// Lets copies share what is here. If few are new, they are copied each time instead.
    pub fn settle(&mut self) {
        let known = self.shared.codes.len();
        if known > 0 && self.own.codes.len() < OWN.max(known / PART) {
            return;
        }
        let own = std::mem::take(&mut self.own);
        let shared = Shared::make_mut(&mut self.shared);
        if known == 0 {
            return *shared = own;
        }
        shared.codes.extend(own.codes);
        shared.numbers.extend(own.numbers);
        shared.many.extend(own.many);
        shared.many_numbers.extend(own.many_numbers);
    }

    /// All labels.
    pub fn iter(&self) -> impl Iterator<Item = Label> + use<> {
        (0..self.len() as u32).map(Label)
    }

    /// (id, windings ≠ 0) of one ply, by id.
    pub fn windings(&self, label: Label, ply: usize) -> impl Iterator<Item = (Id, i32)> + '_ {
        let code = self.codes(label)[ply];
        let one = (code != 0 && code & MANY == 0).then(|| (code - 1, 1));
        let many = if code & MANY == 0 { &[] } else { self.many(code) };
        one.into_iter().chain(many.iter().copied())
    }

    /// What a label stands for: on a walk across many lines only the last label needs a number.
    #[inline]
    pub(super) fn codes(&self, label: Label) -> Codes {
        let (i, shared) = (label.0 as usize, &self.shared.codes);
        if i < shared.len() { shared[i] } else { self.own.codes[i - shared.len()] }
    }

    /// The windings that a code with [`MANY`] stands for.
    fn many(&self, code: Code) -> &[(Id, i32)] {
        let (i, shared) = ((code & !MANY) as usize, &self.shared.many);
        if i < shared.len() { &shared[i] } else { &self.own.many[i - shared.len()] }
    }

    /// The codes to the left of a line, from those to its right.
    #[inline]
    pub(super) fn step(&mut self, right: Codes, delta: &Delta) -> Codes {
        [0, 1].map(|ply| self.sum(right[ply], delta.left[ply], delta.right[ply]))
    }

    /// So many more windings of something on a ply; fewer if negative.
    pub fn times(&mut self, ply: usize, id: Id, windings: i32) -> Delta {
        let once = Delta::new(ply, Some(id), None);
        let mut sum = Delta::default();
        for _ in 0..windings.unsigned_abs() {
            sum = self.add(&sum, &once);
        }
        if windings < 0 { sum.reversed() } else { sum }
    }

    /// What changes between two labels.
    pub fn delta(&mut self, left: Label, right: Label) -> Delta {
        let (l, r) = (self.codes(left), self.codes(right));
        let mut delta = Delta::default();
        for ply in 0..2 {
            if l[ply] == r[ply] {
                continue;
            }
            (delta.left[ply], delta.right[ply]) = if (l[ply] | r[ply]) & MANY == 0 {
                (l[ply], r[ply])
            } else {
                let difference = sum_of([(self.unpack(l[ply]), 1), (self.unpack(r[ply]), -1)]);
                self.split(&difference)
            };
        }
        delta
    }

    /// Two lines that run together.
    pub fn add(&mut self, a: &Delta, b: &Delta) -> Delta {
        let mut sum = Delta::default();
        for ply in 0..2 {
            let part = |d: &Delta| (d.left[ply], d.right[ply]);
            (sum.left[ply], sum.right[ply]) = match (part(a), part(b)) {
                ((0, 0), other) | (other, (0, 0)) => other,
                ((al, ar), (bl, br)) => {
                    let parts = [(al, 1), (bl, 1), (ar, -1), (br, -1)];
                    let total = sum_of(parts.map(|(code, sign)| (self.unpack(code), sign)));
                    self.split(&total)
                }
            };
        }
        sum
    }

    /// `code` with `plus` added and `minus` taken away.
    #[inline]
    fn sum(&mut self, code: Code, plus: Code, minus: Code) -> Code {
        if plus == minus {
            return code;
        }
        // The usual case: from one area into the next.
        if code == minus {
            return plus;
        }
        self.sum_of_many(code, plus, minus)
    }

    #[cold]
    fn sum_of_many(&mut self, code: Code, plus: Code, minus: Code) -> Code {
        let total = sum_of([(code, 1), (plus, 1), (minus, -1)].map(|(c, sign)| (self.unpack(c), sign)));
        self.pack(&total)
    }

    fn split(&mut self, difference: &[(Id, i32)]) -> (Code, Code) {
        let side = |sign: i32| -> Windings {
            difference.iter().filter(|(_, w)| w * sign > 0).map(|(id, w)| (*id, w * sign)).collect()
        };
        let (left, right) = (side(1), side(-1));
        (self.pack(&left), self.pack(&right))
    }

    fn unpack(&self, code: Code) -> Windings {
        match code {
            0 => Vec::new(),
            c if c & MANY == 0 => vec![(c - 1, 1)],
            c => self.many(c).to_vec(),
        }
    }

    fn pack(&mut self, windings: &[(Id, i32)]) -> Code {
        match windings {
            [] => 0,
            [(id, 1)] => id + 1,
            _ => {
                let set: Shared<[(Id, i32)]> = windings.into();
                if let Some(i) = self.shared.many_numbers.get(&set) {
                    return MANY | i;
                }
                let next = (self.shared.many.len() + self.own.many.len()) as u32;
                let i = *self.own.many_numbers.entry(Shared::clone(&set)).or_insert(next);
                if i == next {
                    self.own.many.push(set);
                }
                MANY | i
            }
        }
    }

    /// The number of some codes.
    pub(super) fn number(&mut self, codes: Codes) -> Label {
        if let Some(label) = self.shared.numbers.get(&codes) {
            return *label;
        }
        let next = Label(self.len() as u32);
        let label = *self.own.numbers.entry(codes).or_insert(next);
        if label == next {
            self.own.codes.push(codes);
        }
        label
    }
}

/// A signed sum of windings.
fn sum_of<const N: usize>(parts: [(Windings, i32); N]) -> Windings {
    let mut all: Windings =
        parts.into_iter().flat_map(|(w, sign)| w.into_iter().map(move |(id, n)| (id, n * sign))).collect();
    all.sort_unstable_by_key(|w| w.0);
    let mut sum: Windings = Vec::with_capacity(all.len());
    for (id, n) in all {
        match sum.last_mut() {
            Some(last) if last.0 == id => last.1 += n,
            _ => sum.push((id, n)),
        }
    }
    sum.retain(|w| w.1 != 0);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The label to the left of a line, from the one to its right.
    fn cross(labels: &mut Labels, right: Label, delta: &Delta) -> Label {
        let left = labels.step(labels.codes(right), delta);
        labels.number(left)
    }

    fn of(labels: &Labels, label: Label) -> Vec<(Id, i32)> {
        labels.windings(label, 0).collect()
    }

    #[test]
    fn crossing_a_border_leads_from_one_area_into_the_next() {
        let mut labels = Labels::new();
        let (enter, border) = (Delta::new(0, Some(7), None), Delta::new(0, Some(9), Some(7)));
        let seven = cross(&mut labels, Label::NONE, &enter);
        let nine = cross(&mut labels, seven, &border);
        assert_eq!((of(&labels, seven), of(&labels, nine)), (vec![(7, 1)], vec![(9, 1)]));
        assert_eq!(cross(&mut labels, nine, &border.reversed()), seven);
        assert_eq!(labels.delta(nine, seven), border);
    }

    #[test]
    fn ground_that_two_claim_keeps_both() {
        let mut labels = Labels::new();
        let (a, b) = (Delta::new(0, Some(1), None), Delta::new(0, Some(2), None));
        let first = cross(&mut labels, Label::NONE, &a);
        let both = cross(&mut labels, first, &b);
        let (together, twice) = (labels.add(&a, &b), labels.add(&a, &a));
        assert_eq!(cross(&mut labels, Label::NONE, &together), both);
        assert_eq!(of(&labels, both), [(1, 1), (2, 1)]);
        let inside = cross(&mut labels, Label::NONE, &twice);
        assert_eq!(of(&labels, inside), [(1, 2)]);
        assert_eq!(labels.delta(Label::NONE, both).reversed(), together);
        assert!(labels.add(&a, &a.reversed()).is_none());
    }
}
