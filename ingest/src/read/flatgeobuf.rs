//! FlatGeobuf: a header, an index that is passed over, features one after the other.
//!
//! The tables are the library's, verified before they are touched; the walk is ours, because the
//! library's takes a cut-off file for a finished one and believes the sizes it reads.

use super::{
    bytes::{Blob, Content, Meter, read_error},
    table::{
        Cells, Geometry, Header, Input, RawPolygon, RawRing, RawRow, RowError, Rows, Typing, check_columns,
    },
};
use crate::{IngestError, Progress, crs::declared::Declared};
use flatgeobuf::{
    ColumnType, Geometry as FgbGeometry, GeometryType, size_prefixed_root_as_feature,
    size_prefixed_root_as_header,
};
use gridbeat_onemap::department::ColumnKind;
use std::io::{self, BufReader, Read};

pub(crate) const MAGIC: [u8; 3] = *b"fgb";
const MAX_HEADER: usize = 16 << 20;
const MAX_FEATURE: usize = 256 << 20;
const NODE: u64 = 40; // bytes of an index node: a box and an offset

#[derive(Clone)]
pub(crate) struct FlatGeobufInput {
    blob: Blob,
    columns: Vec<(String, ColumnType)>,
    geometry: GeometryType,
    /// Bytes before the first feature.
    start: u64,
    /// Features, 0 when the header does not say.
    count: u64,
}

/// Looks at a FlatGeobuf file.
pub(crate) fn open(blob: Blob) -> Result<(FlatGeobufInput, Header), IngestError> {
    let bad = |what: String| IngestError::format(&blob.name, what);
    let mut input = BufReader::new(blob.reader()?);
    let mut magic = [0u8; 8];
    input.read_exact(&mut magic).map_err(|e| blob.io(e))?;
    if magic[..3] != MAGIC || magic[4..7] != MAGIC || magic[3] > 3 {
        return Err(bad("is no FlatGeobuf file of version 3 or lower".into()));
    }
    let buffer = prefixed(&mut input, MAX_HEADER).map_err(|e| read_error(&blob.name, e))?;
    let Some(buffer) = buffer else {
        return Err(bad("is cut off before its header".into()));
    };
    let header =
        size_prefixed_root_as_header(&buffer).map_err(|e| bad(format!("its header is damaged: {e}")))?;
    let mut columns = Vec::new();
    for c in header.columns().iter().flatten() {
        columns.push((c.name().to_owned(), c.type_()));
    }
    let names = check_columns(&blob.name, columns.iter().map(|c| c.0.clone()).collect())?;
    let declared = header.crs().and_then(|c| {
        let text = c.wkt().filter(|w| !w.is_empty());
        match (c.code(), text) {
            (n, _) if n > 0 => Some(Declared::code("its header", c.org().unwrap_or("EPSG"), &n.to_string())),
            (_, Some(w)) => Some(Declared::wkt("its header", w)),
            _ => None,
        }
    });
    let index = index_size(header.features_count(), header.index_node_size())
        .ok_or_else(|| bad("its header states an impossible index".into()))?;
    let start = 8 + buffer.len() as u64 + index;
    if start > blob.size {
        return Err(bad("is cut off inside its index".into()));
    }
    let typings = columns.iter().map(|c| typing(c.1)).collect();
    let (geometry, count) = (header.geometry_type(), header.features_count());
    Ok((
        FlatGeobufInput { columns, geometry, start, count, blob },
        Header { columns: names, has_geometry: true, declared, typings, ..Header::default() },
    ))
}

/// The bytes of the packed tree over `n` features; 0 without one. `None` when the numbers overflow.
fn index_size(n: u64, node_size: u16) -> Option<u64> {
    if n == 0 || node_size == 0 {
        return Some(0);
    }
    if node_size < 2 {
        return None;
    }
    let (mut level, mut nodes) = (n, n);
    while level > 1 {
        level = level.div_ceil(u64::from(node_size));
        nodes = nodes.checked_add(level)?;
    }
    nodes.checked_mul(NODE)
}

/// Reads a table with its length before it; `None` when the stream ends cleanly before it.
fn prefixed(input: &mut impl Read, max: usize) -> io::Result<Option<Vec<u8>>> {
    let mut size = Vec::with_capacity(4);
    input.take(4).read_to_end(&mut size)?;
    if size.is_empty() {
        return Ok(None);
    }
    let Ok(bytes) = <[u8; 4]>::try_from(size.as_slice()) else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let n = u32::from_le_bytes(bytes) as usize;
    if n > max {
        return Err(super::bytes::too_much(format!("has a table of {n} bytes; at most {max} are read")));
    }
    if n < 8 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a table of less than eight bytes"));
    }
    let mut out = size;
    // Grows with what is there, not with what is claimed.
    if input.take(n as u64).read_to_end(&mut out)? < n {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(out))
}

impl Input for FlatGeobufInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        let content = self.blob.reader()?;
        let meter = content.meter();
        let mut input = BufReader::with_capacity(1 << 16, content);
        io::copy(&mut (&mut input).take(self.start), &mut io::sink()).map_err(|e| self.blob.io(e))?;
        Ok(Box::new(FlatGeobufRows { of: self.clone(), input, meter, number: 0 }))
    }
}

struct FlatGeobufRows {
    of: FlatGeobufInput,
    input: BufReader<Content>,
    meter: Meter,
    number: u64,
}

impl Rows for FlatGeobufRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        let buffer = prefixed(&mut self.input, MAX_FEATURE).map_err(|e| read_error(&self.of.blob.name, e))?;
        let Some(buffer) = buffer else {
            if self.number < self.of.count {
                return Err(RowError::Fatal(IngestError::format(
                    &self.of.blob.name,
                    format!(
                        "is cut off: its header says {} features, it holds {}",
                        self.of.count, self.number
                    ),
                )));
            }
            return Ok(false);
        };
        self.number += 1;
        row.number = self.number;
        row.geometry = Geometry::None;
        row.cells.reset(self.of.columns.len());
        let feature =
            size_prefixed_root_as_feature(&buffer).map_err(|e| RowError::row(format!("is damaged: {e}")))?;
        if let Some(p) = feature.properties() {
            properties(p.bytes(), &self.of.columns, &mut row.cells).map_err(RowError::row)?;
        }
        if let Some(g) = feature.geometry() {
            row.geometry = geometry(&g, self.of.geometry).map_err(RowError::geometry)?;
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        self.meter.progress()
    }
}

/// Pairs of column number and value, packed.
fn properties(mut b: &[u8], columns: &[(String, ColumnType)], cells: &mut Cells) -> Result<(), String> {
    fn take<const N: usize>(b: &mut &[u8]) -> Result<[u8; N], String> {
        let (head, rest) = b.split_at_checked(N).ok_or("its properties are cut off")?;
        *b = rest;
        head.try_into().map_err(|_| "its properties are cut off".into())
    }
    while b.len() >= 2 {
        let i = usize::from(u16::from_le_bytes(take(&mut b)?));
        let Some((name, kind)) = columns.get(i) else {
            return Err(format!("its properties name column {i}; the header has {}", columns.len()));
        };
        match *kind {
            ColumnType::Byte => cells.set(i, &i8::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::UByte => cells.set(i, &take::<1>(&mut b)?[0].to_string()),
            ColumnType::Bool => cells.set(i, if take::<1>(&mut b)?[0] == 0 { "false" } else { "true" }),
            ColumnType::Short => cells.set(i, &i16::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::UShort => cells.set(i, &u16::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::Int => cells.set(i, &i32::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::UInt => cells.set(i, &u32::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::Long => cells.set(i, &i64::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::ULong => cells.set(i, &u64::from_le_bytes(take(&mut b)?).to_string()),
            ColumnType::Float => cells.set_number(i, f64::from(f32::from_le_bytes(take(&mut b)?))),
            ColumnType::Double => cells.set_number(i, f64::from_le_bytes(take(&mut b)?)),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
                let n = u32::from_le_bytes(take(&mut b)?) as usize;
                let (value, rest) = b.split_at_checked(n).ok_or("its properties are cut off")?;
                b = rest;
                if *kind != ColumnType::Binary {
                    let text = std::str::from_utf8(value);
                    cells.set(i, text.map_err(|_| format!("the text in column “{name}” is not UTF-8"))?);
                }
            }
            _ => return Err(format!("column “{name}” is of a type not known here")),
        }
    }
    Ok(())
}

fn geometry(g: &FgbGeometry<'_>, of_file: GeometryType) -> Result<Geometry, String> {
    let kind = if of_file == GeometryType::Unknown { g.type_() } else { of_file };
    part(g, kind, 0)
}

fn part(g: &FgbGeometry<'_>, kind: GeometryType, depth: usize) -> Result<Geometry, String> {
    if depth > 8 {
        return Err("the geometry nests collections deeper than 8".into());
    }
    let positions = || -> RawRing {
        g.xy()
            .map(|xy| (0..xy.len() / 2).map(|i| (xy.get(2 * i), xy.get(2 * i + 1))).collect())
            .unwrap_or_default()
    };
    match kind {
        GeometryType::Point => Ok(positions().first().map_or(Geometry::None, |p| Geometry::Point(p.0, p.1))),
        GeometryType::MultiPoint => Ok(match positions().as_slice() {
            [] => Geometry::None,
            [p] => Geometry::Point(p.0, p.1),
            _ => Geometry::Other("MultiPoint".into()),
        }),
        GeometryType::Polygon => {
            let rings: RawPolygon = split(positions(), g)?;
            Ok(if rings.is_empty() { Geometry::None } else { Geometry::Polygons(vec![rings]) })
        }
        GeometryType::LineString => {
            Ok(Geometry::lines(Some(positions()).filter(|l| !l.is_empty()).into_iter().collect()))
        }
        GeometryType::MultiLineString => split(positions(), g).map(Geometry::lines),
        GeometryType::MultiPolygon | GeometryType::GeometryCollection => {
            let mut out = Geometry::None;
            for p in g.parts().iter().flatten() {
                let inner =
                    if kind == GeometryType::MultiPolygon { GeometryType::Polygon } else { p.type_() };
                out = out.join(part(&p, inner, depth + 1)?);
            }
            Ok(out)
        }
        other => Ok(Geometry::Other(other.variant_name().unwrap_or("unknown").to_owned())),
    }
}

/// The rings or lines of a geometry, whose positions stand one after the other.
fn split(all: RawRing, g: &FgbGeometry<'_>) -> Result<Vec<RawRing>, String> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ends: Vec<usize> = g
        .ends()
        .map(|e| e.iter().map(|n| n as usize).collect())
        .filter(|e: &Vec<_>| !e.is_empty())
        .unwrap_or(vec![all.len()]);
    let mut parts = Vec::with_capacity(ends.len());
    let mut from = 0;
    for to in ends {
        let part = all.get(from..to).ok_or("the geometry's parts are out of order")?;
        parts.push(part.to_vec());
        from = to;
    }
    Ok(parts)
}

/// The kind of a column's values.
fn typing(kind: ColumnType) -> Typing {
    match kind {
        ColumnType::Bool => Typing::Stated(ColumnKind::Boolean),
        ColumnType::Byte
        | ColumnType::UByte
        | ColumnType::Short
        | ColumnType::UShort
        | ColumnType::Int
        | ColumnType::UInt
        | ColumnType::Long
        | ColumnType::ULong => Typing::Stated(ColumnKind::Integer),
        ColumnType::Float | ColumnType::Double => Typing::Stated(ColumnKind::Number),
        ColumnType::DateTime => Typing::Stated(ColumnKind::Timestamp),
        ColumnType::Binary => Typing::Bytes,
        _ => Typing::Stated(ColumnKind::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_has_the_size_of_the_specification() {
        assert_eq!(index_size(0, 16), Some(0));
        assert_eq!(index_size(5, 0), Some(0));
        assert_eq!(index_size(1, 16), Some(40));
        assert_eq!(index_size(17, 16), Some((17 + 2 + 1) * 40));
        assert_eq!(index_size(5, 1), None);
        assert_eq!(index_size(u64::MAX, 2), None);
    }

    #[test]
    fn properties_are_checked() {
        let columns = vec![("code".to_owned(), ColumnType::String), ("n".to_owned(), ColumnType::Int)];
        let mut c = Cells::default();
        c.reset(2);
        let good = [0, 0, 2, 0, 0, 0, b'B', b'1', 1, 0, 7, 0, 0, 0];
        properties(&good, &columns, &mut c).unwrap();
        assert_eq!((c.get(0), c.get(1)), (Some("B1"), Some("7")));
        for n in [3, 7, 9, 12] {
            c.reset(2);
            assert!(properties(&good[..n], &columns, &mut c).is_err() || n == 9, "{n}");
        }
        assert!(properties(&[9, 0, 1], &columns, &mut c).unwrap_err().contains("column 9"));
    }
}
