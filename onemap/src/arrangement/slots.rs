//! Numbered slots that share with an older copy all that did not change.
//!
//! A copy costs a counter for each page, not for each element; a write copies one page.

use std::sync::Arc as Shared;

/// Elements of a page.
const PAGE: usize = 64;

/// Elements by number; numbers of what was removed are used again.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    pages: Vec<Shared<[Option<T>; PAGE]>>,
    free: Vec<u32>,
    next: u32,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { pages: Vec::new(), free: Vec::new(), next: 0 }
    }
}

impl<T: Clone> Slots<T> {
    /// Numbers the elements from 0.
    pub fn new(all: impl IntoIterator<Item = T>) -> Self {
        let (mut all, mut pages, mut next) = (all.into_iter().fuse().peekable(), Vec::new(), 0);
        while all.peek().is_some() {
            let page = std::array::from_fn(|_| all.next().inspect(|_| next += 1));
            pages.push(Shared::new(page));
        }
        Self { pages, free: Vec::new(), next }
    }

    /// The element of a number.
    #[inline]
    pub fn get(&self, number: u32) -> Option<&T> {
        self.pages.get(number as usize / PAGE)?[number as usize % PAGE].as_ref()
    }

    /// All elements with their numbers, in order of these.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0_u32..).zip(self.pages.iter().flat_map(|p| p.iter())).filter_map(|(i, t)| Some((i, t.as_ref()?)))
    }

    /// Adds an element.
    pub fn insert(&mut self, element: T) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        *self.slot(number) = Some(element);
        number
    }

    /// Replaces an element.
    pub fn set(&mut self, number: u32, element: T) {
        *self.slot(number) = Some(element);
    }

    /// Takes an element away; its number stays taken until it is freed.
    pub fn take(&mut self, number: u32) -> Option<T> {
        self.slot(number).take()
    }

    /// Lets the number of what was taken away be used again.
    pub fn free(&mut self, number: u32) {
        self.free.push(number);
    }

    fn slot(&mut self, number: u32) -> &mut Option<T> {
        let (page, place) = (number as usize / PAGE, number as usize % PAGE);
        while self.pages.len() <= page {
            self.pages.push(Shared::new([const { None }; PAGE]));
        }
        &mut Shared::make_mut(&mut self.pages[page])[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_copy_does_not_see_what_changes() {
        let mut slots = Slots::new((0..200).collect::<Vec<u32>>());
        let old = slots.clone();
        slots.take(70);
        slots.free(70);
        assert_eq!((slots.get(70), old.get(70)), (None, Some(&70)));
        assert_eq!(slots.insert(7), 70, "a free number is used again");
        assert_eq!(slots.insert(8), 200);
        assert_eq!(slots.iter().count(), 201);
        assert_eq!(old.iter().count(), 200);
        assert!(Shared::ptr_eq(&old.pages[0], &slots.pages[0]), "pages that did not change are shared");
    }
}
