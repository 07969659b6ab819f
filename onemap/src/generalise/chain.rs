//! Chains: border lines that know whose ground is on either side; and joining them end to end.

/// A line of at least two points with the same owner all along its left, and all along its right.
/// (Left as one walks along it on the ground, north up.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain<P, K> {
    /// A closed chain repeats its first point at the end.
    pub points: Vec<P>,
    /// Whose ground is to the left.
    pub left: K,
    /// Whose is to the right.
    pub right: K,
}

impl<P: PartialEq, K> Chain<P, K> {
    /// Whether it ends where it begins.
    pub fn is_closed(&self) -> bool {
        self.points.first() == self.points.last()
    }
}

/// Joins chains wherever exactly two ends meet and the owners on both sides go on:
///
/// ```text
///        1                              1
///   J───────B───────J   becomes   J─────────────J     (J: three or more ends meet)
///        2      2                       2
/// ```
///
/// Closed chains stay as they are. The result depends only on the order of the input.
pub fn join<P: Copy + Ord, K: Copy + PartialEq>(chains: Vec<Chain<P, K>>) -> Vec<Chain<P, K>> {
    let partner = partners(&chains);
    let mut used = vec![false; chains.len()];
    let mut out = Vec::new();
    // First those with a loose end, then what is left: closed strings of chains.
    for closed in [false, true] {
        for i in 0..chains.len() {
            for end in [0, 1] {
                if used[i] || (!closed && partner[2 * i + end].is_some()) {
                    continue;
                }
                out.push(string(&chains, &partner, &mut used, 2 * i + end));
            }
        }
    }
    out
}

/// For each end (`2i` is the start of chain `i`, `2i + 1` its end) the end that it is joined to.
fn partners<P: Copy + Ord, K: Copy + PartialEq>(chains: &[Chain<P, K>]) -> Vec<Option<usize>> {
    let mut ends: Vec<(P, usize)> = Vec::with_capacity(chains.len() * 2);
    for (i, chain) in chains.iter().enumerate() {
        if let (Some(&first), Some(&last)) = (chain.points.first(), chain.points.last()) {
            ends.push((first, 2 * i));
            ends.push((last, 2 * i + 1));
        }
    }
    ends.sort_unstable();
    let mut partner = vec![None; chains.len() * 2];
    for run in ends.chunk_by(|a, b| a.0 == b.0) {
        if let &[(_, a), (_, b)] = run
            && a / 2 != b / 2
            && leaving(chains, a ^ 1) == leaving(chains, b)
        {
            partner[a] = Some(b);
            partner[b] = Some(a);
        }
    }
    partner
}

/// Owners (left, right) as seen by who walks away from an end along its chain.
fn leaving<P, K: Copy>(chains: &[Chain<P, K>], end: usize) -> (K, K) {
    let chain = &chains[end / 2];
    if end.is_multiple_of(2) { (chain.left, chain.right) } else { (chain.right, chain.left) }
}

/// Walks from an end over all chains joined to it.
fn string<P: Copy, K: Copy>(
    chains: &[Chain<P, K>],
    partner: &[Option<usize>],
    used: &mut [bool],
    start: usize,
) -> Chain<P, K> {
    let (left, right) = leaving(chains, start);
    let mut points: Vec<P> = Vec::new();
    let mut end = start;
    loop {
        let i = end / 2;
        used[i] = true;
        let skip = usize::from(!points.is_empty());
        if end.is_multiple_of(2) {
            points.extend(chains[i].points.iter().skip(skip));
        } else {
            points.extend(chains[i].points.iter().rev().skip(skip));
        }
        match partner[end ^ 1] {
            Some(next) if !used[next / 2] => end = next,
            _ => break,
        }
    }
    Chain { points, left, right }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(points: &[i32], left: u32, right: u32) -> Chain<i32, u32> {
        Chain { points: points.to_vec(), left, right }
    }

    #[test]
    fn joins_through_plain_nodes_and_stops_at_junctions() {
        let joined = join(vec![
            chain(&[1, 2, 3], 1, 2),
            chain(&[5, 4, 3], 2, 1), // runs the other way
            chain(&[5, 9], 1, 7),
            chain(&[5, 8], 7, 2),
        ]);
        assert_eq!(joined, [chain(&[1, 2, 3, 4, 5], 1, 2), chain(&[5, 9], 1, 7), chain(&[5, 8], 7, 2)]);
    }

    #[test]
    fn closes_rings_and_leaves_closed_chains() {
        let joined = join(vec![chain(&[1, 2, 3], 4, 5), chain(&[3, 6, 1], 4, 5), chain(&[7, 8, 9, 7], 1, 2)]);
        assert_eq!(joined, [chain(&[7, 8, 9, 7], 1, 2), chain(&[1, 2, 3, 6, 1], 4, 5)]);
        assert!(joined.iter().all(Chain::is_closed));
    }

    #[test]
    fn does_not_join_different_owners() {
        let apart = vec![chain(&[1, 2], 1, 2), chain(&[2, 3], 1, 3)];
        assert_eq!(join(apart.clone()), apart);
    }
}
