//! Characters → words, numbers, texts and symbols.

use crate::{FilterError, Place, error::short, limits};

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or keyword as written.
    Name(String),
    /// A name in double quotes: never a keyword.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    /// A number without point or exponent that an i64 holds.
    Integer(i64),
    /// Any other number; finite.
    Float(f64),
    /// `(`, `<=`, …
    Symbol(&'static str),
}

/// A word and the number of its first character, from 1.
pub type Placed = (Token, usize);

const SYMBOLS: [&str; 14] = ["<>", "<=", ">=", "(", ")", ",", "=", "<", ">", "+", "-", "*", "/", "%"];

/// Whether a name may begin so.
fn begins(c: char) -> bool {
    c == ':' || c == '_' || c.is_alphabetic()
}

/// Whether a name may go on so.
fn goes_on(c: char) -> bool {
    begins(c) || c == '.' || c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

/// All words of a text.
pub fn words(text: &str) -> Result<Vec<Placed>, FilterError> {
    if text.len() > limits::BYTES {
        let what = format!("the filter is longer than {} bytes", limits::BYTES);
        return Err(FilterError::new(&Place::Character(1), what));
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        let start = i;
        let fault = |what: String| FilterError::new(&Place::Character(start + 1), what);
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let token = if begins(c) {
            while chars.get(i).is_some_and(|&c| goes_on(c)) {
                i += 1;
            }
            Token::Name(chars[start..i].iter().collect())
        } else if c == '"' || c == '\'' {
            let (inner, end) = quoted(&chars, i).ok_or_else(|| fault(format!("the {c} is not closed")))?;
            i = end;
            if c == '"' { Token::Quoted(inner) } else { Token::Text(inner) }
        } else if c.is_ascii_digit() || (c == '.' && chars.get(i + 1).is_some_and(char::is_ascii_digit)) {
            i = number_end(&chars, i);
            let digits: String = chars[start..i].iter().collect();
            if chars.get(i).is_some_and(|&c| goes_on(c)) {
                return Err(fault(format!("“{digits}{}” is not a number", chars[i])));
            }
            number(&digits).ok_or_else(|| fault(format!("“{}” is not a finite number", short(&digits))))?
        } else if c == '^' {
            i += 1;
            Token::Symbol("^")
        } else {
            let found =
                SYMBOLS.iter().find(|s| s.chars().enumerate().all(|(k, s)| chars.get(i + k) == Some(&s)));
            let symbol = found.ok_or_else(|| fault(format!("“{c}” has no meaning here")))?;
            i += symbol.len();
            Token::Symbol(symbol)
        };
        out.push((token, start + 1));
    }
    Ok(out)
}

/// What stands between quotes, and the index behind them. A doubled quote, or `\'`, is a quote.
fn quoted(chars: &[char], start: usize) -> Option<(String, usize)> {
    let quote = chars[start];
    let mut inner = String::new();
    let mut i = start + 1;
    loop {
        let c = *chars.get(i)?;
        let next = chars.get(i + 1);
        if c == '\\' && quote == '\'' && next == Some(&'\'') {
            inner.push('\'');
            i += 2;
        } else if c != quote {
            inner.push(c);
            i += 1;
        } else if next == Some(&quote) {
            inner.push(quote);
            i += 2;
        } else {
            return Some((inner, i + 1));
        }
    }
}

fn number_end(chars: &[char], mut i: usize) -> usize {
    let digits = |mut i: usize| {
        while chars.get(i).is_some_and(char::is_ascii_digit) {
            i += 1;
        }
        i
    };
    i = digits(i);
    if chars.get(i) == Some(&'.') {
        i = digits(i + 1);
    }
    if matches!(chars.get(i), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(i + 1), Some('+' | '-')));
        if chars.get(i + 1 + sign).is_some_and(char::is_ascii_digit) {
            i = digits(i + 1 + sign);
        }
    }
    i
}

fn number(digits: &str) -> Option<Token> {
    if let Ok(n) = digits.parse() {
        return Some(Token::Integer(n));
    }
    digits.parse::<f64>().ok().filter(|n| n.is_finite()).map(Token::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        words(text).unwrap().into_iter().map(|(t, _)| t).collect()
    }

    #[test]
    fn names_numbers_and_texts() {
        assert_eq!(
            tokens("eo:cloud_cover<=.5e1"),
            [Token::Name("eo:cloud_cover".into()), Token::Symbol("<="), Token::Float(5.0)]
        );
        assert_eq!(tokens("'O''Neil' 'a\\'b'"), [Token::Text("O'Neil".into()), Token::Text("a'b".into())]);
        assert_eq!(tokens("\"a \"\"b\"\"\""), [Token::Quoted("a \"b\"".into())]);
        assert_eq!(tokens("网格-1.0"), [Token::Name("网格".into()), Token::Symbol("-"), Token::Float(1.0)]);
        assert_eq!(tokens("9223372036854775808"), [Token::Float(9_223_372_036_854_775_808.0)]);
    }

    #[test]
    fn faults_name_the_character() {
        for (text, place) in [("a = 'b", 5), ("网 = ?", 5), ("a = 1e999", 5), ("\"a", 1), ("a = 12x", 5)] {
            assert_eq!(words(text).unwrap_err().place, Place::Character(place), "{text}");
        }
        assert!(words(&"a".repeat(limits::BYTES + 1)).is_err());
    }
}
