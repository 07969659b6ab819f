//! The attribute table of a shapefile (dBASE III), its text in whatever encoding the office used.
//!
//! Read here rather than by a library because the encoding is decided from the raw bytes of the whole
//! table: the `.cpg` beside it is often missing and sometimes wrong.

use super::{
    bytes::{Blob, Content, Meter},
    table::{Cells, Typing, check_columns, number_text},
};
use crate::{IngestError, Note};
use encoding_rs::{Encoding, GB18030, UTF_8};
use gridbeat_onemap::department::ColumnKind;
use std::io::{self, Read};

/// One column.
#[derive(Clone, Debug)]
struct Field {
    name: Vec<u8>,
    kind: u8,
    at: usize,
    len: usize,
    /// Digits behind the point.
    decimals: u8,
}

/// A table: where its rows begin, what they hold.
#[derive(Clone, Debug)]
pub(crate) struct Dbf {
    blob: Blob,
    fields: Vec<Field>,
    header_len: usize,
    record_len: usize,
    encoding: &'static Encoding,
    /// Rows, as the header says and the file's size allows.
    pub rows: u64,
    /// Column names.
    pub columns: Vec<String>,
}

impl Dbf {
    /// Reads the header and decides the encoding: what `cpg` (or the header's language byte) says if the
    /// text bears it out, else UTF-8, else GB18030.
    pub fn open(blob: Blob, cpg: Option<&str>) -> Result<(Self, Vec<Note>), IngestError> {
        let bad = |what: String| IngestError::format(&blob.name, what);
        let head = blob.head(32)?;
        if head.len() < 32 {
            return Err(bad("is cut off: shorter than the header of a dBASE table".into()));
        }
        let u16_at = |i: usize| usize::from(u16::from_le_bytes([head[i], head[i + 1]]));
        let claimed = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let (header_len, record_len) = (u16_at(8), u16_at(10));
        if header_len < 33 || record_len < 1 {
            return Err(bad("is no dBASE table: its header states impossible lengths".into()));
        }
        let all = blob.head(header_len)?;
        if all.len() < header_len {
            return Err(bad("is cut off inside its header".into()));
        }
        let mut fields = Vec::new();
        let mut at = 1; // the first byte of a row says whether it is deleted
        for d in all[32..].chunks_exact(32) {
            if d[0] == 0x0d || d[0] == 0 {
                break;
            }
            let name = d[..11].split(|&b| b == 0).next().unwrap_or_default().to_vec();
            let len = usize::from(d[16]);
            fields.push(Field { name, kind: d[11], at, len, decimals: d[17] });
            at += len;
        }
        if at > record_len {
            return Err(bad(format!(
                "is no dBASE table: its columns take {at} bytes, its rows have {record_len}"
            )));
        }
        let held = (blob.size.saturating_sub(header_len as u64)) / record_len as u64;
        if held < claimed {
            return Err(bad(format!("is cut off: its header says {claimed} rows, it holds {held}")));
        }
        let language = head[29];
        let mut dbf = Self {
            blob,
            fields,
            header_len,
            record_len,
            encoding: UTF_8,
            rows: claimed,
            columns: Vec::new(),
        };
        let notes = dbf.decide_encoding(cpg, language)?;
        let names = dbf.fields.iter().map(|f| decode(&f.name, dbf.encoding).unwrap_or_default()).collect();
        dbf.columns = check_columns(&dbf.blob.name, names)?;
        Ok((dbf, notes))
    }

    /// What the table states of its columns.
    pub fn typings(&self) -> Vec<Typing> {
        /// Digits that a whole number of 64 bits always holds, its sign among them.
        const WHOLE: usize = 18;
        let kind = |f: &Field| match f.kind {
            b'N' if f.decimals == 0 && f.len <= WHOLE => ColumnKind::Integer,
            b'I' => ColumnKind::Integer,
            b'N' | b'F' | b'O' | b'B' => ColumnKind::Number,
            b'D' => ColumnKind::Date,
            b'L' => ColumnKind::Boolean,
            _ => ColumnKind::Text,
        };
        self.fields.iter().map(|f| Typing::Stated(kind(f))).collect()
    }

    fn decide_encoding(&mut self, cpg: Option<&str>, language: u8) -> Result<Vec<Note>, IngestError> {
        let stated = match cpg {
            Some(label) => label_encoding(label),
            // The two language bytes of GBK; others are too often wrong.
            None if matches!(language, 0x4d | 0x7a) => Some(GB18030),
            None => None,
        };
        let mut candidates: Vec<&'static Encoding> = stated.into_iter().chain([UTF_8, GB18030]).collect();
        candidates.dedup();
        let mut first_bad: Vec<Option<u64>> = vec![None; candidates.len()];
        let mut ascii = true;
        let mut rows = self.reader()?;
        let mut number = 0;
        let names = self.fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
        let mut check = |bytes: &[u8], number: u64, first_bad: &mut Vec<Option<u64>>| {
            if !bytes.is_ascii() {
                ascii = false;
                for (bad, e) in first_bad.iter_mut().zip(&candidates) {
                    if bad.is_none() && decode(bytes, e).is_none() {
                        *bad = Some(number);
                    }
                }
            }
        };
        for n in &names {
            check(n, 0, &mut first_bad);
        }
        while rows.next()? {
            number += 1;
            for f in self.fields.iter().filter(|f| f.kind == b'C') {
                check(&rows.record[f.at..f.at + f.len], number, &mut first_bad);
            }
        }
        if ascii {
            return Ok(Vec::new());
        }
        let Some(chosen) = first_bad.iter().position(Option::is_none) else {
            let row = first_bad.iter().flatten().max().copied().unwrap_or(0);
            return Err(IngestError::encoding(
                &self.blob.name,
                format!(
                    "its text is neither UTF-8 nor GB18030 (row {row}); put its encoding into a .cpg file"
                ),
            ));
        };
        self.encoding = candidates[chosen];
        let name = self.encoding.name();
        let mut notes = vec![Note::info(format!("text of the attribute table is {name}"))];
        if let (Some(s), Some(label)) = (stated, cpg)
            && s != self.encoding
        {
            notes.push(Note::warning(format!("the .cpg says {}, but the text is {name}", label.trim())));
        }
        Ok(notes)
    }

    /// A reader at the first row.
    pub fn reader(&self) -> Result<DbfRows, IngestError> {
        let mut input = self.blob.reader()?;
        let meter = input.meter();
        io::copy(&mut (&mut input).take(self.header_len as u64), &mut io::sink())
            .map_err(|e| self.blob.io(e))?;
        Ok(DbfRows {
            input: io::BufReader::with_capacity(1 << 16, input),
            record: vec![0; self.record_len],
            left: self.rows,
            meter,
            dbf: self.clone(),
        })
    }
}

/// The encoding that a `.cpg` file names, if it is a known one.
fn label_encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_start_matches('\u{feff}');
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "65001" => return Some(UTF_8),
        "936" | "54936" => return Some(GB18030),
        "88591" => return Some(encoding_rs::WINDOWS_1252),
        _ => {}
    }
    Encoding::for_label(label.as_bytes()).map(|e| if e == encoding_rs::GBK { GB18030 } else { e })
}

/// Text of a fixed-width field: padding off; a character cut in two by the width is dropped.
fn decode(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let end = bytes.iter().rposition(|&b| b != b' ' && b != 0).map_or(0, |i| i + 1);
    let bytes = &bytes[..end];
    (0..=3.min(bytes.len())).find_map(|cut| {
        encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[..bytes.len() - cut])
            .map(std::borrow::Cow::into_owned)
    })
}

/// A reader of rows.
pub(crate) struct DbfRows {
    input: io::BufReader<Content>,
    record: Vec<u8>,
    left: u64,
    pub meter: Meter,
    dbf: Dbf,
}

impl DbfRows {
    /// Reads the next row; `false` at the end.
    pub fn next(&mut self) -> Result<bool, IngestError> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        self.input.read_exact(&mut self.record).map_err(|e| self.dbf.blob.io(e))?;
        Ok(true)
    }

    /// Whether the row is marked as deleted.
    pub fn deleted(&self) -> bool {
        self.record[0] == b'*'
    }

    /// Writes the row's cells.
    pub fn cells(&self, cells: &mut Cells) {
        cells.reset(self.dbf.fields.len());
        for (i, f) in self.dbf.fields.iter().enumerate() {
            let raw = &self.record[f.at..f.at + f.len];
            match f.kind {
                b'N' | b'F' => number(i, raw, cells),
                b'D' => {
                    if let Ok(s) = std::str::from_utf8(raw)
                        && s.len() == 8
                        && s.bytes().all(|b| b.is_ascii_digit())
                    {
                        cells.set(i, &format!("{}-{}-{}", &s[..4], &s[4..6], &s[6..]));
                    }
                }
                b'I' => {
                    if let Ok(b) = <[u8; 4]>::try_from(raw) {
                        cells.set(i, &i32::from_le_bytes(b).to_string());
                    }
                }
                b'O' | b'B' => {
                    if let Ok(b) = <[u8; 8]>::try_from(raw) {
                        cells.set_number(i, f64::from_le_bytes(b));
                    }
                }
                b'L' => match raw.first() {
                    Some(b'T' | b't' | b'Y' | b'y') => cells.set(i, "true"),
                    Some(b'F' | b'f' | b'N' | b'n') => cells.set(i, "false"),
                    _ => {} // A question mark or a blank: not known.
                },
                b'C' => {
                    // The format has no other way to say that nothing is known.
                    if let Some(s) = decode(raw, self.dbf.encoding).filter(|s| !s.trim().is_empty()) {
                        cells.set(i, &s);
                    }
                }
                _ => {}
            }
        }
    }
}

/// `     1011.000` is 1011; stars mean that the number did not fit.
fn number(column: usize, raw: &[u8], cells: &mut Cells) {
    let Ok(s) = std::str::from_utf8(raw) else {
        return;
    };
    let s = s.trim_matches(['\0', ' ']);
    match s.parse::<f64>() {
        Ok(n) if s.contains(['.', 'e', 'E']) => cells.set(column, &number_text(n)),
        Ok(_) => cells.set(column, s),
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_cpg_files() {
        assert_eq!(label_encoding("UTF-8\n"), Some(UTF_8));
        for l in ["GBK", "GB2312", "CP936", "936", "gb18030", "ANSI 936"] {
            assert_eq!(label_encoding(l), Some(GB18030), "{l}");
        }
        assert_eq!(label_encoding("ISO-8859-1"), Some(encoding_rs::WINDOWS_1252));
        assert_eq!(label_encoding("klingon"), None);
    }

    #[test]
    fn a_character_cut_by_the_width_is_dropped() {
        let bytes = "网格".as_bytes();
        assert_eq!(decode(&bytes[..5], UTF_8).as_deref(), Some("网"));
        let (gbk, _, _) = GB18030.encode("网格");
        assert_eq!(decode(&gbk[..3], GB18030).as_deref(), Some("网"));
        assert_eq!(decode(b"ab   ", UTF_8).as_deref(), Some("ab"));
    }

    #[test]
    fn numbers_lose_their_fraction_when_whole() {
        let mut c = Cells::default();
        c.reset(3);
        number(0, b"   1011.000", &mut c);
        number(1, b"  0.5", &mut c);
        number(2, b"*****", &mut c);
        assert_eq!((c.get(0), c.get(1), c.get(2)), (Some("1011"), Some("0.5"), None));
    }
}
