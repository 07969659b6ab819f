//! Sorting by numbers of few bits: positions in a tile have 26.

/// Bits of a digit: twice 13, the bits of a column or row, are three of them.
const DIGIT: u32 = 9;
/// Below so many, comparing is quicker than counting.
const FEW: usize = 64;

/// Sorts by a key of `bits` bits and leaves equal ones in their order: digit by digit, the lowest first, counting how
/// often each value comes (Knuth, *The Art of Computer Programming* 3, 5.2.5).
pub(crate) fn sort_by_bits<T: Copy>(items: &mut Vec<T>, bits: u32, key: impl Fn(&T) -> u64) {
    if items.len() < FEW {
        return items.sort_by_key(key);
    }
    let mut sorted = items.clone();
    for shift in (0..bits).step_by(DIGIT as usize) {
        let digit = |item: &T| (key(item) >> shift) as usize & ((1 << DIGIT) - 1);
        let mut places = [0_u32; 1 << DIGIT];
        for item in items.iter() {
            places[digit(item)] += 1;
        }
        // From how often each comes to where its first belongs.
        let mut place = 0;
        for n in &mut places {
            (place, *n) = (place + *n, place);
        }
        for item in items.iter() {
            let place = &mut places[digit(item)];
            sorted[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_comparing_does(keys in prop::collection::vec(0..1_u64 << 52, 0..300), few in 0..52_u32) {
            // Fewer bits, so that some are equal; the second number tells them apart.
            let mut items: Vec<(u64, usize)> = keys.iter().map(|k| k >> few).zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_by_bits(&mut items, 52 - few, |item| item.0);
            prop_assert_eq!(items, expected);
        }
    }
}
