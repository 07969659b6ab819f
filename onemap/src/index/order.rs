//! Sorting by key on all cores, without comparing rows that lie far apart.

use rayon::prelude::*;

/// Keys are first told apart by so many of their upper bits.
const BITS: u32 = 12;
const BUCKETS: usize = 1 << BITS;
/// A bucket with more than this is sorted by several cores.
const LARGE: usize = 1 << 17;

/// The numbers 0 .. `n` by ascending key; numbers with the same key ascend.
pub(super) fn by_key(n: usize, key: impl Fn(usize) -> u32 + Sync) -> Vec<u32> {
    let each = n.div_ceil(rayon::current_num_threads() * 4).max(1 << 14);
    let chunks: Vec<Chunk> = (0..n.div_ceil(each))
        .into_par_iter()
        .map(|c| Chunk::new((c * each..((c + 1) * each).min(n)).map(|i| entry(key(i), i)).collect()))
        .collect();
    let mut sorted = vec![0_u64; n];
    let mut buckets: Vec<(usize, &mut [u64])> = Vec::with_capacity(BUCKETS);
    let mut rest = sorted.as_mut_slice();
    for b in 0..BUCKETS {
        let (bucket, more) = rest.split_at_mut(chunks.iter().map(|c| c.bucket(b).len()).sum());
        buckets.push((b, bucket));
        rest = more;
    }
    buckets.into_par_iter().for_each(|(b, bucket)| {
        let mut at = 0;
        for part in chunks.iter().map(|c| c.bucket(b)) {
            bucket[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        if bucket.len() > LARGE {
            bucket.par_sort_unstable();
        } else {
            bucket.sort_unstable();
        }
    });
    sorted.into_par_iter().map(|e| e as u32).collect()
}

/// Sorts by key, then by number.
fn entry(key: u32, i: usize) -> u64 {
    u64::from(key) << 32 | i as u64
}

/// Some of the entries, bucket by bucket.
struct Chunk {
    entries: Vec<u64>,
    /// Where each bucket begins, and the end.
    starts: Vec<u32>,
}

impl Chunk {
    fn new(entries: Vec<u64>) -> Self {
        let bucket = |e: u64| (e >> (64 - BITS)) as usize;
        let mut starts = vec![0_u32; BUCKETS + 1];
        for &e in &entries {
            starts[bucket(e) + 1] += 1;
        }
        for b in 0..BUCKETS {
            starts[b + 1] += starts[b];
        }
        let mut next = starts.clone();
        let mut told_apart = vec![0; entries.len()];
        for e in entries {
            let place = &mut next[bucket(e)];
            told_apart[*place as usize] = e;
            *place += 1;
        }
        Self { entries: told_apart, starts }
    }

    fn bucket(&self, b: usize) -> &[u64] {
        &self.entries[self.starts[b] as usize..self.starts[b + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order_and_others_ascend() {
        for n in [0, 1, 70_000, 400_000] {
            let key = |i: usize| match i % 3 {
                // Many alike, some near each other, some anywhere.
                0 => 7,
                1 => 0x8000_0000 + (i as u32 & 0xff),
                _ => (i as u32).wrapping_mul(0x9e37_79b9),
            };
            let mut expected: Vec<u32> = (0..n as u32).collect();
            expected.sort_by_key(|&i| key(i as usize));
            assert_eq!(by_key(n, key), expected);
        }
    }
}
