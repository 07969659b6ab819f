//! Which encoding a text is in, and reading it as UTF-8.
//!
//! Field offices send UTF-8 or GBK; GB18030 holds all of GBK. Valid UTF-8 that is not plain ASCII is
//! hardly ever GBK by accident, so UTF-8 is tried first, over the whole file: a file whose first Chinese
//! name comes after a million rows is read right too.

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use std::io::{self, Read};

/// The outcome of looking at a whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    /// UTF-8 or GB18030.
    pub encoding: &'static Encoding,
    /// Where the first byte stands that is not UTF-8.
    pub not_utf8_at: Option<Place>,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bytes before it.
    pub byte: u64,
    /// Its line, from 1.
    pub line: u64,
}

/// Why a text cannot be read.
#[derive(Debug)]
pub(crate) enum TextError {
    Io(io::Error),
    File(crate::IngestError),
    Unreadable(String),
}

impl From<crate::IngestError> for TextError {
    fn from(e: crate::IngestError) -> Self {
        Self::File(e)
    }
}

impl From<io::Error> for TextError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// Looks at a whole text, opened anew by `open` for each attempt.
pub(crate) fn detect<R: Read>(open: impl Fn() -> Result<R, TextError>) -> Result<Detected, TextError> {
    let Some(utf8) = first_malformed(open()?, UTF_8)? else {
        return Ok(Detected { encoding: UTF_8, not_utf8_at: None });
    };
    let Some(gb) = first_malformed(open()?, GB18030)? else {
        return Ok(Detected { encoding: GB18030, not_utf8_at: Some(utf8) });
    };
    Err(TextError::Unreadable(format!(
        "is neither UTF-8 (wrong at byte {}, line {}) nor GB18030 (wrong at byte {}, line {}); save it as UTF-8",
        utf8.byte, utf8.line, gb.byte, gb.line
    )))
}

/// Refuses what no text begins with: a UTF-16 mark, a zero byte.
pub(crate) fn check_head(head: &[u8]) -> Result<(), String> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16; save it as UTF-8".into());
    }
    if let Some(at) = head.iter().position(|&b| b == 0) {
        return Err(format!("is not text: byte {at} is zero"));
    }
    Ok(())
}

fn first_malformed(mut input: impl Read, encoding: &'static Encoding) -> Result<Option<Place>, TextError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buf = vec![0u8; 1 << 16];
    // Room for a chunk and for the character that the chunk before it began.
    let longest = decoder.max_utf8_buffer_length_without_replacement(buf.len() + 4).unwrap_or(1 << 18);
    let mut out = vec![0u8; longest];
    let (mut byte, mut line) = (0u64, 1u64);
    loop {
        let n = input.read(&mut buf)?;
        let chunk = &buf[..n];
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(chunk, &mut out, n == 0);
        if let DecoderResult::Malformed(length, after) = result {
            let end = byte + read as u64 - u64::from(after);
            line += newlines(&chunk[..read]);
            return Ok(Some(Place { byte: end.saturating_sub(u64::from(length)), line }));
        }
        // The buffer is sized for the longest output, so the decoder always takes the whole chunk.
        line += newlines(chunk);
        byte += n as u64;
        if n == 0 {
            return Ok(None);
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// A text of some encoding, read as UTF-8, without its byte order mark.
pub(crate) struct Utf8<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    ended: bool,
    started: bool,
}

impl<R: Read> Utf8<R> {
    /// `encoding` is what [`detect`] found.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        Self { inner, decoder, raw: vec![0; 1 << 16], out: Vec::new(), at: 0, ended: false, started: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let n = self.inner.read(&mut self.raw)?;
        self.ended = n == 0;
        self.at = 0;
        self.out.clear();
        if let Some(decoder) = &mut self.decoder {
            self.out.resize(decoder.max_utf8_buffer_length(n).unwrap_or(n * 3 + 16), 0);
            let (_, _, written, _) = decoder.decode_to_utf8(&self.raw[..n], &mut self.out, n == 0);
            self.out.truncate(written);
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            if !self.started {
                self.started = true;
                // A mark of three bytes; a shorter file has none.
                let mut mark = Vec::with_capacity(3);
                (&mut self.inner).take(3).read_to_end(&mut mark)?;
                if mark != [0xef, 0xbb, 0xbf] {
                    self.out = mark;
                }
            }
            if self.at < self.out.len() {
                return Ok(self.drain(buf));
            }
            return self.inner.read(buf);
        }
        while self.at == self.out.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        Ok(self.drain(buf))
    }
}

impl<R> Utf8<R> {
    fn drain(&mut self, buf: &mut [u8]) -> usize {
        let n = buf.len().min(self.out.len() - self.at);
        buf[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect_bytes(b: &[u8]) -> Result<Detected, String> {
        detect(|| Ok(b)).map_err(|e| match e {
            TextError::Unreadable(s) => s,
            TextError::Io(e) => e.to_string(),
            TextError::File(e) => e.to_string(),
        })
    }

    fn text(b: &[u8], e: &'static Encoding) -> String {
        let mut s = String::new();
        Utf8::new(b, e).read_to_string(&mut s).unwrap();
        s
    }

    #[test]
    fn gbk_is_told_from_utf8() {
        let (gbk, _, _) = GB18030.encode("网格编码,名称\n1,梅园新村社区\n");
        let d = detect_bytes(&gbk).unwrap();
        assert_eq!(d.encoding, GB18030);
        assert_eq!(d.not_utf8_at, Some(Place { byte: 0, line: 1 }));
        assert_eq!(text(&gbk, GB18030), "网格编码,名称\n1,梅园新村社区\n");
        assert_eq!(detect_bytes("网格\n".as_bytes()).unwrap().encoding, UTF_8);
    }

    #[test]
    fn the_late_first_chinese_name_is_found() {
        let mut b = vec![b'a'; 300_000];
        b.push(b'\n');
        b.extend(GB18030.encode("警格").0.iter());
        let d = detect_bytes(&b).unwrap();
        assert_eq!(d.not_utf8_at, Some(Place { byte: 300_001, line: 2 }));
    }

    /// The reader takes 64 KiB at a time; a character may begin in one and end in the next.
    #[test]
    fn a_character_across_two_chunks_is_whole() {
        for before in 0..4 {
            let content = format!("{}{}\n", "a".repeat(before), "警格".repeat(60_000));
            assert_eq!(detect_bytes(content.as_bytes()).unwrap().encoding, UTF_8, "{before} bytes before");
            let (gbk, _, _) = GB18030.encode(&content);
            assert_eq!(detect_bytes(&gbk).unwrap().encoding, GB18030, "{before} bytes before");
            assert_eq!(text(&gbk, GB18030), content);
        }
    }

    #[test]
    fn neither_is_refused_with_the_place() {
        let e = detect_bytes(b"code,name\n1,\xff\xff\n").unwrap_err();
        assert!(e.contains("byte 12, line 2") && e.contains("GB18030"), "{e}");
        assert!(check_head(&[0xff, 0xfe, b'a', 0]).unwrap_err().contains("UTF-16"));
        assert!(check_head(b"ab\0").unwrap_err().contains("byte 2"));
    }

    #[test]
    fn the_mark_is_taken_off() {
        assert_eq!(text("\u{feff}a,b".as_bytes(), UTF_8), "a,b");
        assert_eq!(text(b"ab", UTF_8), "ab");
    }
}
