//! `LIKE`: `%` is any run of characters, `_` is one, `\` takes the next as it is.

/// One step of a pattern.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Run,
    One,
    Exactly(char),
}

/// Whether the whole text follows the pattern.
pub fn matches(text: &str, pattern: &str) -> bool {
    let mut steps = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        steps.push(match c {
            '%' => Step::Run,
            '_' => Step::One,
            // A backslash at the very end means itself.
            '\\' => Step::Exactly(chars.next().unwrap_or('\\')),
            c => Step::Exactly(c),
        });
    }
    // Greedy, going back to the last run only: what an earlier run could take, the last can as well.
    let (mut rest, mut step) = (text, 0);
    let mut back: Option<(&str, usize)> = None;
    loop {
        let head = rest.chars().next();
        match (steps.get(step), head) {
            (Some(Step::Run), _) => {
                step += 1;
                back = Some((rest, step));
                continue;
            }
            (Some(Step::One), Some(c)) => rest = &rest[c.len_utf8()..],
            (Some(Step::Exactly(want)), Some(c)) if *want == c => rest = &rest[c.len_utf8()..],
            (None, None) => return true,
            _ => {
                let Some((from, after)) = back else { return false };
                let Some(c) = from.chars().next() else { return false };
                rest = &from[c.len_utf8()..];
                back = Some((rest, after));
                step = after;
                continue;
            }
        }
        step += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (text, pattern, yes) in [
            ("", "", true),
            ("", "%", true),
            ("a", "", false),
            ("foobar", "foo%", true),
            ("foobar", "%bar", true),
            ("foobar", "%ob%", true),
            ("foobar", "foo", false),
            ("网格一", "网_一", true),
            ("网格", "_", false),
            ("100%", "100\\%", true),
            ("1000", "100\\%", false),
            ("a_b", "a\\_b", true),
            ("axb", "a\\_b", false),
            ("a\\", "a\\", true),
            ("aaab", "%a%ab", true),
            ("abcabd", "%abd", true),
            ("x", "%%x%%", true),
        ] {
            assert_eq!(matches(text, pattern), yes, "{text} LIKE {pattern}");
        }
    }

    #[test]
    fn a_wicked_pattern_ends() {
        assert!(!matches(&"a".repeat(5_000), &format!("{}b", "%a".repeat(2_000))));
    }
}
