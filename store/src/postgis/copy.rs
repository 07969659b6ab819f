//! Rows as the binary format of PostgreSQL's COPY (its manual, "COPY", binary format): a header, then
//! for each row the number of fields and each field with its length, −1 for NULL; all big-endian.

use crate::{
    columns::{SRID, Time},
    rules, wkb,
};
use gridbeat_onemap::{
    department::{Cell, Drawing, FeatureRow},
    e7::E7,
    record::{Region, Row},
};
use jiff::Timestamp;
use std::borrow::Cow;

/// Signature, no flags, no header extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// A field count of −1 ends it.
pub(super) const TRAILER: &[u8] = &[0xff, 0xff];

/// Appends one row of the stage, see `stage::columns`.
pub(super) fn put_row(out: &mut Vec<u8>, ord: u64, row: &Row) {
    let mut f = Fields::begin(out);
    f.long(ord as i64);
    let Region(region) = rules::region_of(row);
    f.field(|out| out.extend(i32::from(region).to_be_bytes()));
    f.text(rules::code_of(row));
    match row {
        Row::Area(_, r) => {
            f.maybe(r.name.as_deref(), Fields::text);
            f.maybe(r.level, |f, l| f.text(l.as_str()));
            f.maybe(r.parent.as_deref(), Fields::text);
            f.maybe(r.kind.as_deref(), Fields::text);
            f.maybe(r.geometry.as_ref(), |f, g| f.field(|out| wkb::put_multi_polygon(out, g, Some(SRID))));
        }
        Row::Address(r) => {
            f.text(&r.text);
            f.long(r.residents.into());
            f.long(r.dwellings.into());
            f.long(r.organisations.into());
            f.place(r.at);
        }
        Row::Resident(r) => {
            f.text(&r.address);
            f.maybe(r.household.as_deref(), Fields::text);
            f.maybe(r.age_band.as_deref(), Fields::text);
            f.maybe(r.registration.as_deref(), Fields::text);
        }
        Row::Incident(r) => {
            f.maybe(r.title.as_deref(), Fields::text);
            f.maybe(r.category.as_deref(), Fields::text);
            f.text(r.state.as_str());
            f.maybe(r.risk, |f, w| f.text(w.as_str()));
            f.maybe(r.source, |f, w| f.text(w.as_str()));
            f.maybe(r.reported_at, Fields::time);
            f.maybe(r.address.as_deref(), Fields::text);
            f.flag(r.placed.is_some());
            f.maybe(r.placed.as_ref().and_then(|p| p.grid.as_deref()), Fields::text);
            f.maybe(r.placed.as_ref().and_then(|p| p.beat.as_deref()), Fields::text);
            f.place(r.at);
        }
        Row::Staff(r) => {
            f.maybe(r.role.as_deref(), Fields::text);
            f.text(r.side.staff());
            f.maybe(r.area.as_deref(), Fields::text);
            f.flag(r.on_duty);
            f.maybe(r.seen_at, Fields::time);
            f.maybe(r.name.as_deref(), Fields::text);
            f.maybe(r.phone.as_deref(), Fields::text);
            f.maybe(r.at, Fields::place);
        }
    }
    f.end();
}

/// Appends one feature of a department's layer, see `stage::FEATURES`: its cells in the order of the layer's
/// columns.
pub(super) fn put_feature(out: &mut Vec<u8>, ord: u64, row: &FeatureRow) {
    let mut f = Fields::begin(out);
    f.long(ord as i64);
    f.field(|out| out.extend(i32::from(row.region.0).to_be_bytes()));
    f.text("");
    f.field(|out| put_texts(out, row.cells.iter().map(cell_text)));
    f.field(|out| put_drawing(out, &row.drawing));
    f.end();
}

/// Appends where a feature is, with its reference system.
pub(super) fn put_drawing(out: &mut Vec<u8>, drawing: &Drawing) {
    match drawing {
        Drawing::Point(at) => wkb::put_point(out, *at, Some(SRID)),
        Drawing::Lines(lines) => wkb::put_lines(out, lines, Some(SRID)),
        Drawing::Ground(ground) => wkb::put_multi_polygon(out, ground, Some(SRID)),
    }
}

/// A cell as PostgreSQL reads it from text: Rust writes the shortest digits that give the same number again.
pub(super) fn cell_text(cell: &Cell) -> Option<Cow<'_, str>> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Text(text) => Cow::Borrowed(&**text),
        Cell::Integer(n) => n.to_string().into(),
        Cell::Number(n) => n.to_string().into(),
        Cell::Boolean(b) => b.to_string().into(),
        Cell::Date(d) => d.to_string().into(),
        Cell::Timestamp(t) => t.to_string().into(),
    })
}

/// An array of texts as `array_recv` takes it: dimensions, whether there are nulls, the type of its elements,
/// length and lower bound of the dimension, the elements.
fn put_texts<'a>(out: &mut Vec<u8>, texts: impl ExactSizeIterator<Item = Option<Cow<'a, str>>>) {
    /// `text` in `pg_type`.
    const TEXT: i32 = 25;
    let n = texts.len() as i32; // Columns are at most a thousand.
    for word in [i32::from(n > 0), 1, TEXT] {
        out.extend(word.to_be_bytes());
    }
    if n > 0 {
        out.extend(n.to_be_bytes());
        out.extend(1i32.to_be_bytes());
    }
    for text in texts {
        match text {
            Some(text) => {
                out.extend((text.len() as i32).to_be_bytes());
                out.extend(text.bytes());
            }
            None => out.extend((-1i32).to_be_bytes()),
        }
    }
}

/// The fields of one row; their number is filled in at the end.
struct Fields<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    count: u16,
}

impl<'a> Fields<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        out.extend([0, 0]);
        Self { out, start, count: 0 }
    }

    fn end(self) {
        self.out[self.start..self.start + 2].copy_from_slice(&self.count.to_be_bytes());
    }

    fn field(&mut self, put: impl FnOnce(&mut Vec<u8>)) {
        self.count += 1;
        let at = self.out.len();
        self.out.extend([0; 4]);
        put(self.out);
        let length = (self.out.len() - at - 4) as i32;
        self.out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }

    fn maybe<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => put(self, value),
            None => {
                self.count += 1;
                self.out.extend((-1i32).to_be_bytes());
            }
        }
    }

    fn text(&mut self, s: &str) {
        self.field(|out| out.extend(s.bytes()));
    }

    fn long(&mut self, n: i64) {
        self.field(|out| out.extend(n.to_be_bytes()));
    }

    fn flag(&mut self, b: bool) {
        self.field(|out| out.push(u8::from(b)));
    }

    fn time(&mut self, t: Timestamp) {
        self.long(Time(t).pg());
    }

    fn place(&mut self, at: E7) {
        self.field(|out| wkb::put_point(out, at, Some(SRID)));
    }
}
