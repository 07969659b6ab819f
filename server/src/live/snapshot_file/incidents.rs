//! The sections of all incidents.
//!
//! ```text
//! fids u64 · places [i32; 2] · pieces u32 · words of closed lists [u8; 4] · times i64 · lengths [u32; 6] · texts
//! ```
//!
//! An incident has six texts (code, title, category, address, grid, beat), one after the other; the length of one
//! that it has not is [`NONE`].

use super::section::{Sections, damaged, put, put_bytes};
use gridbeat_onemap::{
    E7, PieceId,
    live::{Incident, Incidents},
    record::{Fid, IncidentRow, Placed, Risk, Source, State},
};
use jiff::Timestamp;
use rayon::prelude::*;
use std::{
    io::{self, Read, Write},
    sync::Arc,
};

/// Length of a text that is not there, number of a piece that is none.
const NONE: u32 = u32::MAX;
/// A time that is not known.
const NO_TIME: i64 = i64::MIN;

/// Writes them.
///
/// # Errors
/// When they cannot be written.
pub(super) fn write(out: &mut impl Write, incidents: &Incidents) -> io::Result<()> {
    let all: Vec<&Incident> = incidents.iter().collect();
    let rows = || all.iter().map(|i| &i.row);
    put(out, rows().map(|r| r.fid.0.to_ne_bytes()))?;
    put(out, rows().map(|r| bytemuck::cast::<[i32; 2], [u8; 8]>([r.at.lon, r.at.lat])))?;
    put(out, all.iter().map(|i| i.piece.map_or(NONE, |p| p.0).to_ne_bytes()))?;
    put(out, rows().map(marks))?;
    put(out, rows().map(|r| r.reported_at.map_or(NO_TIME, Timestamp::as_millisecond).to_ne_bytes()))?;
    let length = |text: Option<&str>| text.map_or(NONE, |t| t.len() as u32);
    put(out, rows().map(|r| bytemuck::cast::<[u32; 6], [u8; 24]>(texts(r).map(length))))?;
    let words: Vec<u8> = rows().flat_map(texts).flatten().flat_map(str::bytes).collect();
    put_bytes(out, &words)
}

/// Reads them.
///
/// # Errors
/// When they are damaged.
pub(super) fn read(from: &mut Sections<impl Read>) -> io::Result<Vec<Arc<Incident>>> {
    let (fids, places, pieces): (Vec<u64>, Vec<[i32; 2]>, Vec<u32>) =
        (from.take()?, from.take()?, from.take()?);
    let (marks, times, lengths): (Vec<[u8; 4]>, Vec<i64>, Vec<[u32; 6]>) =
        (from.take()?, from.take()?, from.take()?);
    let words: Vec<u8> = from.take()?;
    let n = fids.len();
    if [places.len(), pieces.len(), marks.len(), times.len(), lengths.len()].iter().any(|&l| l != n) {
        return Err(damaged("the columns of incidents are not of one length"));
    }
    // Where the texts of each begin.
    let mut begin = 0_usize;
    let begins = lengths.iter().map(|six| {
        let this = begin;
        begin += six.iter().filter(|l| **l != NONE).map(|l| *l as usize).sum::<usize>();
        this
    });
    let begins: Vec<usize> = begins.collect();
    let one = |i: usize| {
        let fid = Fid(fids[i]);
        let [code, title, category, address, grid, beat] = six(words.get(begins[i]..)?, lengths[i])?;
        let [state, risk, source, placed] = marks[i].map(usize::from);
        let row = IncidentRow {
            fid,
            region: fid.region(),
            code: code?,
            title,
            category,
            state: *State::ALL.get(state)?,
            risk: maybe(Risk::ALL, risk)?,
            source: maybe(Source::ALL, source)?,
            reported_at: match times[i] {
                NO_TIME => None,
                time => Some(Timestamp::from_millisecond(time).ok()?),
            },
            address,
            at: E7::new(places[i][0], places[i][1]),
            placed: (placed == 1).then_some(Placed { grid, beat }),
        };
        Some(Arc::new(Incident { row, piece: Some(pieces[i]).filter(|&p| p != NONE).map(PieceId) }))
    };
    let incidents: Option<Vec<_>> = (0..n).into_par_iter().with_min_len(4096).map(one).collect();
    incidents.ok_or_else(|| damaged("a word or a text of an incident is none"))
}

fn texts(row: &IncidentRow) -> [Option<&str>; 6] {
    let placed = row.placed.as_ref();
    [
        Some(&row.code),
        row.title.as_deref(),
        row.category.as_deref(),
        row.address.as_deref(),
        placed.and_then(|p| p.grid.as_deref()),
        placed.and_then(|p| p.beat.as_deref()),
    ]
}

/// Places in their lists of state, risk and source (from one where it may be missing), and whether it was placed.
fn marks(row: &IncidentRow) -> [u8; 4] {
    let place = |at: Option<usize>| at.map_or(0, |i| i as u8 + 1);
    [
        row.state as u8,
        place(row.risk.map(|w| w as usize)),
        place(row.source.map(|w| w as usize)),
        u8::from(row.placed.is_some()),
    ]
}

/// The word at a place counted from one, none at zero.
fn maybe<T: Copy>(all: &[T], place: usize) -> Option<Option<T>> {
    match place {
        0 => Some(None),
        i => all.get(i - 1).copied().map(Some),
    }
}

/// Six texts that stand one after the other at the beginning of `words`.
fn six(mut words: &[u8], lengths: [u32; 6]) -> Option<[Option<String>; 6]> {
    let mut six = [const { None }; 6];
    for (text, length) in six.iter_mut().zip(lengths).filter(|(_, length)| *length != NONE) {
        let (this, rest) = words.split_at_checked(length as usize)?;
        (*text, words) = (Some(std::str::from_utf8(this).ok()?.to_owned()), rest);
    }
    Some(six)
}
