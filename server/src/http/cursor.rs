//! Pages that follow each other: the token of a page, and links that keep the rest of the query.

use axum::http::Uri;

/// An opaque token for “go on after this key”. The letter is its version.
pub fn token(key: u64) -> String {
    format!("a{key:x}")
}

/// The key in a token of ours.
pub fn key(token: &str) -> Option<u64> {
    let hex = token.strip_prefix('a')?;
    if hex.is_empty() || hex.starts_with('+') {
        return None;
    }
    u64::from_str_radix(hex, 16).ok()
}

/// The request's own URL with some parameters set.
pub fn with(base: &str, uri: &Uri, set: &[(&str, &str)]) -> String {
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty() && !set.iter().any(|(n, _)| p.split('=').next() == Some(n)))
        .map(str::to_owned);
    let query: Vec<_> = kept.chain(set.iter().map(|(n, v)| format!("{n}={v}"))).collect();
    if query.is_empty() { base.to_owned() } else { format!("{base}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_and_foreign_ones_are_refused() {
        for k in [0, 1, 3202 << 32 | 7, u64::MAX] {
            assert_eq!(key(&token(k)), Some(k));
        }
        for bad in ["", "a", "b1", "a-1", "a+1", "axyz", "affffffffffffffffff"] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_link_keeps_everything_but_the_cursor() {
        let uri: Uri = "/x?limit=5&cursor=a1&bbox=1,2,3,4".parse().unwrap();
        assert_eq!(with("/x", &uri, &[("cursor", "a2")]), "/x?limit=5&bbox=1,2,3,4&cursor=a2");
        assert_eq!(with("/x", &"/x".parse().unwrap(), &[]), "/x");
    }
}
