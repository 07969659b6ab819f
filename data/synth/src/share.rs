//! Sharing a whole number out by weight.

/// Shares `whole` out by weight, at least 1 each (and so at least one for each weight).
pub fn share_out(whole: u32, weights: &[f64]) -> Vec<u32> {
    let total: f64 = weights.iter().sum::<f64>().max(1e-9);
    let mut out: Vec<u32> = weights.iter().map(|w| ((f64::from(whole) * w / total) as u32).max(1)).collect();
    let rest = |out: &[u32], i: usize| f64::from(whole) * weights[i] / total - f64::from(out[i]);
    while out.iter().sum::<u32>() < whole {
        let i = (0..out.len()).max_by(|&a, &b| rest(&out, a).total_cmp(&rest(&out, b))).unwrap_or(0);
        out[i] += 1;
    }
    while out.iter().sum::<u32>() > whole && out.iter().any(|&n| n > 1) {
        let most = (0..out.len()).filter(|&i| out[i] > 1);
        let i = most.min_by(|&a, &b| rest(&out, a).total_cmp(&rest(&out, b))).unwrap_or(0);
        out[i] -= 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(share_out(10, &[1.0, 1.0, 2.0]).iter().sum::<u32>(), 10);
        assert_eq!(share_out(5, &[0.0, 0.0, 9.0]), [1, 1, 3]);
        assert_eq!(share_out(4, &[100.0, 1.0, 1.0, 1.0]), [1, 1, 1, 1]);
    }
}
