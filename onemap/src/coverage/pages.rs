//! A row of things that shares with an older copy all that did not change.
//!
//! A copy costs a counter for each page, not for each thing; whoever changes one copies its page.

use std::{ops::Index, sync::Arc as Shared};

/// Things of a page.
const PAGE: usize = 64;

/// Things by number, from 0. There are never more or less of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pages<T>(Vec<Shared<[T]>>);

impl<T: Clone> Pages<T> {
    pub fn set(&mut self, number: usize, thing: T) {
        Shared::make_mut(&mut self.0[number / PAGE])[number % PAGE] = thing;
    }
}

impl<T> Index<usize> for Pages<T> {
    type Output = T;

    #[inline]
    fn index(&self, number: usize) -> &T {
        &self.0[number / PAGE][number % PAGE]
    }
}

impl<T> FromIterator<T> for Pages<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let (mut all, mut pages) = (all.into_iter().peekable(), Vec::new());
        while all.peek().is_some() {
            pages.push(all.by_ref().take(PAGE).collect());
        }
        Self(pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_copy_does_not_see_what_changes() {
        let old: Pages<usize> = (0..200).collect();
        let mut new = old.clone();
        new.set(70, 7);
        assert_eq!((new[70], old[70], new[69], new[199]), (7, 70, 69, 199));
        let shared: Vec<bool> = old.0.iter().zip(&new.0).map(|(a, b)| Shared::ptr_eq(a, b)).collect();
        assert_eq!(shared, [true, false, true, true]);
        assert_ne!(old, new);
        new.set(70, 70);
        assert_eq!(old, new);
    }
}
