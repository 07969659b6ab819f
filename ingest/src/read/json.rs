//! A scanner that walks through JSON of any size and hands out one value at a time.
//!
//! It knows only structure: brackets, strings, what stands between. It keeps a counter, not a stack, so
//! that a hundred megabytes of `[` cost an error message and no memory. Each value it hands out is then
//! parsed by serde_json.

use std::io::{self, Read};

/// Deeper values are refused (serde_json stops at 128 of its own; geometry needs 6).
pub(crate) const MAX_DEPTH: usize = 100;
/// Larger values are refused.
pub(crate) const MAX_VALUE: usize = 256 << 20;

/// Why scanning stopped.
#[derive(Debug)]
pub(crate) enum ScanError {
    Io(io::Error),
    /// Not JSON, from this byte on.
    Syntax {
        byte: u64,
        what: String,
    },
    /// The text ends inside a value.
    CutOff {
        byte: u64,
    },
    /// Deeper or longer than is read.
    Limit(String),
}

impl From<io::Error> for ScanError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// A reader of JSON values.
pub(crate) struct Scanner<R> {
    input: R,
    buf: Vec<u8>,
    at: usize,
    len: usize,
    before: u64,
}

impl<R: Read> Scanner<R> {
    pub fn new(input: R) -> Self {
        Self { input, buf: vec![0; 1 << 16], at: 0, len: 0, before: 0 }
    }

    /// Bytes read so far.
    pub fn byte(&self) -> u64 {
        self.before + self.at as u64
    }

    fn fill(&mut self) -> Result<bool, ScanError> {
        if self.at < self.len {
            return Ok(true);
        }
        self.before += self.len as u64;
        self.at = 0;
        self.len = self.input.read(&mut self.buf)?;
        Ok(self.len > 0)
    }

    /// The next byte that is not blank, left in place; `None` at the end. The record separators of JSON
    /// text sequences count as blanks.
    pub fn peek(&mut self) -> Result<Option<u8>, ScanError> {
        while self.fill()? {
            match self.buf[self.at] {
                b' ' | b'\t' | b'\n' | b'\r' | 0x1e => self.at += 1,
                b => return Ok(Some(b)),
            }
        }
        Ok(None)
    }

    /// The next byte that is not blank, which must be there.
    pub fn need(&mut self) -> Result<u8, ScanError> {
        self.peek()?.ok_or(ScanError::CutOff { byte: self.byte() })
    }

    /// Steps over a byte that [`Scanner::peek`] returned.
    pub fn step(&mut self) {
        self.at += 1;
    }

    /// Steps over `b`, which must come next.
    pub fn expect(&mut self, b: u8) -> Result<(), ScanError> {
        let found = self.need()?;
        if found != b {
            return Err(self.syntax(&format!("“{}”", b as char)));
        }
        self.step();
        Ok(())
    }

    /// An error at the present byte.
    pub fn syntax(&self, expected: &str) -> ScanError {
        let found = self.buf.get(self.at).copied().filter(|_| self.at < self.len);
        let found = found.map_or_else(|| "the end".to_owned(), |b| format!("“{}”", b.escape_ascii()));
        ScanError::Syntax { byte: self.byte(), what: format!("found {found}, expected {expected}") }
    }

    /// Copies one whole value to the end of `out`.
    pub fn value(&mut self, out: &mut Vec<u8>) -> Result<(), ScanError> {
        let start = out.len();
        self.walk(|bytes| {
            out.extend_from_slice(bytes);
            out.len() - start <= MAX_VALUE
        })
    }

    /// Walks through one value, handing out its bytes in pieces; `take` answers whether it wants more.
    fn walk(&mut self, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), ScanError> {
        let first = self.need()?;
        if !matches!(first, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'N' | b'I') {
            return Err(self.syntax("a value"));
        }
        let scalar = !matches!(first, b'{' | b'[' | b'"');
        let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
        loop {
            if !self.fill()? {
                return if scalar { Ok(()) } else { Err(ScanError::CutOff { byte: self.byte() }) };
            }
            let chunk = &self.buf[self.at..self.len];
            let mut used = chunk.len();
            let mut done = false;
            let mut i = 0;
            while i < chunk.len() {
                let b = chunk[i];
                if quoted {
                    if escaped {
                        escaped = false;
                    } else if b == b'\\' {
                        escaped = true;
                    } else if b == b'"' {
                        quoted = false;
                        done = depth == 0;
                    } else if let Some(next) = memchr::memchr2(b'"', b'\\', &chunk[i..]) {
                        i += next;
                        continue;
                    } else {
                        break;
                    }
                } else {
                    match b {
                        b'"' => quoted = true,
                        b'{' | b'[' => {
                            depth += 1;
                            if depth > MAX_DEPTH {
                                return Err(ScanError::Limit(format!(
                                    "is nested deeper than {MAX_DEPTH} levels"
                                )));
                            }
                        }
                        b'}' | b']' if depth > 0 => {
                            depth -= 1;
                            done = depth == 0;
                        }
                        // A bare number or word ends before whatever is none of it.
                        b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\r' | b'\t' if scalar => {
                            used = i;
                            done = true;
                        }
                        _ => {}
                    }
                }
                if done {
                    used = if scalar { i } else { i + 1 };
                    break;
                }
                i += 1;
            }
            let wanted = take(&chunk[..used]);
            self.at += used;
            if !wanted {
                return Err(ScanError::Limit(format!("has a value of more than {} MB", MAX_VALUE >> 20)));
            }
            if done {
                return Ok(());
            }
        }
    }
}

/// What [`Items`] hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    /// A member of `features`.
    Feature,
    /// A member of `polygoys`.
    Polygoy,
    /// An object at the top of the text: a Feature, a geometry, or something else.
    Top,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Top,
    Inside(ItemKind),
}

/// Walks a GeoJSON text (one collection, one object, or one object on each line) and hands out its items.
pub(crate) struct Items<R> {
    scanner: Scanner<R>,
    state: State,
    first: bool,
    /// The `crs` member of the collection, once it has been passed.
    pub crs: Option<Vec<u8>>,
    /// The `type` member of the collection, once it has been passed.
    pub kind: Option<Vec<u8>>,
}

impl<R: Read> Items<R> {
    pub fn new(input: R) -> Self {
        Self { scanner: Scanner::new(input), state: State::Top, first: true, crs: None, kind: None }
    }

    /// Copies the next item into `out` (which is emptied first); `None` at the end.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Result<Option<ItemKind>, ScanError> {
        loop {
            out.clear();
            match self.state {
                State::Top => match self.scanner.peek()? {
                    None => return Ok(None),
                    Some(b'{') => {
                        self.scanner.step();
                        out.push(b'{');
                        if self.members(out)? {
                            return Ok(Some(ItemKind::Top));
                        }
                    }
                    Some(_) => return Err(self.scanner.syntax("a GeoJSON object")),
                },
                State::Inside(kind) => {
                    let mut b = self.scanner.need()?;
                    if b == b',' && !self.first {
                        self.scanner.step();
                        b = self.scanner.need()?;
                    } else if b != b']' && !self.first {
                        return Err(self.scanner.syntax("“,” or “]” behind a feature"));
                    }
                    if b == b']' {
                        self.scanner.step();
                        if self.scanner.need()? == b',' {
                            self.scanner.step();
                            // What follows the features is looked through for a crs, and dropped.
                            self.members(out)?;
                        } else {
                            self.scanner.expect(b'}')?;
                            self.state = State::Top;
                        }
                        continue;
                    }
                    self.first = false;
                    self.scanner.value(out)?;
                    return Ok(Some(kind));
                }
            }
        }
    }

    /// Reads an object's members up to its end (`true`: `out` holds all of it, unless it was the rest of a
    /// collection) or up to the start of its features (`false`).
    fn members(&mut self, out: &mut Vec<u8>) -> Result<bool, ScanError> {
        let whole = self.state == State::Top;
        loop {
            if self.scanner.need()? == b'}' {
                self.scanner.step();
                out.push(b'}');
                self.state = State::Top;
                return Ok(whole);
            }
            let key_at = out.len();
            if self.scanner.need()? != b'"' {
                return Err(self.scanner.syntax("a member's name in quotes"));
            }
            self.scanner.value(out)?;
            self.scanner.expect(b':')?;
            let key = out[key_at..].to_vec();
            let list = self.scanner.need()? == b'[';
            let kind = match key.as_slice() {
                b"\"features\"" if list => Some(ItemKind::Feature),
                b"\"polygoys\"" | b"\"polygons\"" if list => Some(ItemKind::Polygoy),
                _ => None,
            };
            if let Some(kind) = kind {
                self.scanner.step();
                self.state = State::Inside(kind);
                self.first = true;
                return Ok(false);
            }
            out.push(b':');
            let value_at = out.len();
            self.scanner.value(out)?;
            match key.as_slice() {
                b"\"crs\"" => self.crs = Some(out[value_at..].to_vec()),
                b"\"type\"" => self.kind = Some(out[value_at..].to_vec()),
                _ => {}
            }
            match self.scanner.need()? {
                b',' => {
                    self.scanner.step();
                    out.push(b',');
                }
                b'}' => {}
                _ => return Err(self.scanner.syntax("“,” or “}” behind a member")),
            }
            if !whole {
                out.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Result<Vec<(ItemKind, String)>, ScanError> {
        let mut items = Items::new(text.as_bytes());
        let mut out = Vec::new();
        let mut all = Vec::new();
        while let Some(kind) = items.next(&mut out)? {
            all.push((kind, String::from_utf8(out.clone()).unwrap()));
        }
        Ok(all)
    }

    #[test]
    fn a_collection_gives_its_features() {
        let t = r#" {"type":"FeatureCollection","x":[{"features":1}],"features":[ {"a":"]}\""} , {"b":[1]}],"crs":{"k":2}} "#;
        let got = items(t).unwrap();
        assert_eq!(
            got,
            [(ItemKind::Feature, r#"{"a":"]}\""}"#.into()), (ItemKind::Feature, r#"{"b":[1]}"#.into())]
        );
        let mut i = Items::new(t.as_bytes());
        let mut out = Vec::new();
        while i.next(&mut out).unwrap().is_some() {}
        assert_eq!(i.crs.as_deref(), Some(&br#"{"k":2}"#[..]));
    }

    #[test]
    fn lines_and_single_objects() {
        let got = items("{\"type\":\"Feature\",\"n\": 1 }\n\u{1e}{\"type\":\"Point\"}\n").unwrap();
        assert_eq!(got.len(), 2);
        assert_eq!(got[0], (ItemKind::Top, r#"{"type":"Feature","n":1}"#.into()));
        assert!(items("").unwrap().is_empty());
        assert!(items(r#"{"features":[]}"#).unwrap().is_empty());
        assert_eq!(items(r#"{"polygoys":[{"path":[]}]}"#).unwrap()[0].0, ItemKind::Polygoy);
    }

    #[test]
    fn damage_is_told_apart() {
        assert!(matches!(items(r#"{"features":[{"a":1"#), Err(ScanError::CutOff { .. })));
        assert!(matches!(items(r#"{"features":[{"a":1}"#), Err(ScanError::CutOff { .. })));
        assert!(matches!(items(r#"{"features":[{"a":1} {"b":1}]}"#), Err(ScanError::Syntax { .. })));
        assert!(matches!(items("[1,2]"), Err(ScanError::Syntax { byte: 0, .. })));
        assert!(matches!(items("{nonsense"), Err(ScanError::Syntax { .. })));
        let deep = format!("{{\"features\":[{}", "[".repeat(1_000_000));
        assert!(matches!(items(&deep), Err(ScanError::Limit(_))));
        let deep = format!("{{\"a\":{}", "{\"a\":".repeat(1_000_000));
        assert!(matches!(items(&deep), Err(ScanError::Limit(_))));
    }
}
