//! Delimited text, cell by cell as bytes: so that GBK goes through without being decoded.

use super::{ADDED, Codes, INPUT, Placer, PointOptions, io_error, own_name};
use crate::{
    IngestError, mapping,
    read::{Geometry, csv as reader, encoding, wkt},
};
use encoding_rs::{GB18030, UTF_8};
use std::io::{Read, Write};

const BOM: &[u8] = &[0xef, 0xbb, 0xbf];
/// So much is looked at for the delimiter and the line ends.
const HEAD: u64 = 1 << 16;

pub(super) fn annotate(
    mut input: impl Read,
    options: &PointOptions,
    placer: &mut Placer<'_>,
    out: &mut impl Write,
) -> Result<(), IngestError> {
    let mut head = Vec::new();
    (&mut input).take(HEAD).read_to_end(&mut head).map_err(io_error)?;
    encoding::check_head(&head).map_err(|e| IngestError::encoding(INPUT, e))?;
    if head.starts_with(BOM) {
        out.write_all(BOM).map_err(io_error)?;
    }
    let delimiter = reader::find_delimiter(&head);
    let line = memchr::memchr(b'\n', &head);
    let windows = line.is_some_and(|i| i > 0 && head[i - 1] == b'\r');
    let (limited, budget) = reader::Limited::new(head.chain(input));
    let mut rows = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(1 << 17)
        .from_reader(limited);
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .terminator(if windows { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') })
        .buffer_capacity(1 << 17)
        .from_writer(out);

    let mut row = ::csv::ByteRecord::new();
    if !rows.read_byte_record(&mut row).map_err(csv_error)? {
        return Err(IngestError::format(INPUT, "is empty; expected a header line and rows"));
    }
    let (columns, encoding) = header(&row)?;
    let place = Place::find(&columns, options)?;
    let width = columns.len();
    for name in &columns {
        let own = own_name(name, |n| columns.iter().any(|c| c == n));
        writer.write_field(encoding.encode(own.as_deref().unwrap_or(name)).0).map_err(csv_error)?;
    }
    writer.write_record(ADDED).map_err(csv_error)?;

    loop {
        budget.refill();
        if !rows.read_byte_record(&mut row).map_err(csv_error)? {
            break;
        }
        let codes = placer.place(place.position(&row));
        for cell in &row {
            writer.write_field(cell).map_err(csv_error)?;
        }
        // A short row is filled up, so that what is added stands in its columns.
        for _ in row.len()..width {
            writer.write_field("").map_err(csv_error)?;
        }
        let Codes { grid, beat, piece } = codes;
        let cells = [grid, beat, piece].map(Option::unwrap_or_default);
        writer.write_record(cells.iter().map(|c| encoding.encode(c).0)).map_err(csv_error)?;
    }
    writer.flush().map_err(io_error)
}

/// The header's names, and the encoding they are in.
fn header(row: &::csv::ByteRecord) -> Result<(Vec<String>, &'static encoding_rs::Encoding), IngestError> {
    for encoding in [UTF_8, GB18030] {
        let names: Option<Vec<String>> = row
            .iter()
            .map(|c| {
                encoding
                    .decode_without_bom_handling_and_without_replacement(c)
                    .map(std::borrow::Cow::into_owned)
            })
            .collect();
        if let Some(mut names) = names {
            if let Some(first) = names.first_mut() {
                *first = first.trim_start_matches('\u{feff}').to_owned();
            }
            return Ok((names, encoding));
        }
    }
    Err(IngestError::encoding(INPUT, "its header is neither UTF-8 nor GB18030"))
}

/// Where a row's position stands.
enum Place {
    Columns(usize, usize),
    Wkt(usize),
}

impl Place {
    fn find(columns: &[String], options: &PointOptions) -> Result<Self, IngestError> {
        let list = || columns.join(", ");
        let named = |field: &str, name: &Option<String>| -> Result<Option<usize>, IngestError> {
            let Some(name) = name else { return Ok(None) };
            let at = columns.iter().position(|c| c == name);
            let at = at.or_else(|| columns.iter().position(|c| c.eq_ignore_ascii_case(name)));
            at.map(Some).ok_or_else(|| {
                IngestError::mapping(
                    INPUT,
                    format!("--map {field}={name}: there is no column “{name}”; there are {}", list()),
                )
            })
        };
        let [lon, lat, geometry] = mapping::position_columns(columns);
        match (named("lon", &options.lon)?.or(lon), named("lat", &options.lat)?.or(lat), geometry) {
            (Some(x), Some(y), _) => Ok(Self::Columns(x, y)),
            (_, _, Some(g)) => Ok(Self::Wkt(g)),
            _ => Err(IngestError::mapping(
                INPUT,
                format!(
                    "no columns look like a position; pass --map lon=COLUMN --map lat=COLUMN; there are {}",
                    list()
                ),
            )),
        }
    }

    fn position(&self, row: &::csv::ByteRecord) -> Option<(f64, f64)> {
        let text = |i: usize| std::str::from_utf8(row.get(i)?).ok().map(str::trim);
        match *self {
            Self::Columns(x, y) => Some((text(x)?.parse().ok()?, text(y)?.parse().ok()?)),
            Self::Wkt(i) => match wkt::parse(text(i)?) {
                Ok(Geometry::Point(x, y)) => Some((x, y)),
                _ => None,
            },
        }
    }
}

fn csv_error(e: ::csv::Error) -> IngestError {
    match e.into_kind() {
        ::csv::ErrorKind::Io(e) => io_error(e),
        other => IngestError::format(INPUT, format!("is not delimited text: {other:?}")),
    }
}
