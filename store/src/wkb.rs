//! Lattice shapes as well-known binary (ISO 19125, OGC 06-103r4 §8), the one way coordinates leave the
//! integers in a store: degrees as doubles. A double holds a multiple of 1e-7 degree to about 3e-14
//! degree, so rounding on the way back gives the same integer, always.

use gridbeat_onemap::{
    e7::E7,
    shape::{MultiPolygon, Polygon, Ring},
};

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;
/// PostGIS's mark in the type word that a reference system's number follows (EWKB).
const HAS_SRID: u32 = 0x2000_0000;

/// A point as well-known binary, little-endian, in degrees: longitude, latitude.
pub fn of_point(at: E7) -> Vec<u8> {
    let mut out = Vec::with_capacity(21);
    put_point(&mut out, at, None);
    out
}

/// Lines as one multi-line, as well-known binary, little-endian, in degrees.
pub fn of_lines(lines: &[Vec<E7>]) -> Vec<u8> {
    let mut out = Vec::new();
    put_lines(&mut out, lines, None);
    out
}

/// A multi-polygon as well-known binary, little-endian, in degrees; rings closed.
pub fn of_multi_polygon(shape: &MultiPolygon) -> Vec<u8> {
    let mut out = Vec::new();
    put_multi_polygon(&mut out, shape, None);
    out
}

/// Appends a point, little-endian; with `srid` as EWKB.
pub(crate) fn put_point(out: &mut Vec<u8>, at: E7, srid: Option<u32>) {
    put_head(out, POINT, srid);
    put_position(out, at);
}

/// Appends lines as one multi-line, little-endian; with `srid` as EWKB.
pub(crate) fn put_lines(out: &mut Vec<u8>, lines: &[Vec<E7>], srid: Option<u32>) {
    put_head(out, MULTI_LINE, srid);
    put_count(out, lines.len());
    for line in lines {
        put_head(out, LINE, None);
        put_count(out, line.len());
        line.iter().for_each(|&p| put_position(out, p));
    }
}

/// Appends a multi-polygon, little-endian; with `srid` as EWKB. Rings are closed by repeating the
/// first vertex, as the standard wants.
pub(crate) fn put_multi_polygon(out: &mut Vec<u8>, shape: &MultiPolygon, srid: Option<u32>) {
    put_head(out, MULTI_POLYGON, srid);
    put_count(out, shape.0.len());
    for polygon in &shape.0 {
        put_head(out, POLYGON, None);
        put_count(out, 1 + polygon.holes.len());
        for ring in polygon.rings() {
            put_count(out, ring.len() + usize::from(!ring.is_empty()));
            for &p in ring.iter().chain(ring.first()) {
                put_position(out, p);
            }
        }
    }
}

fn put_head(out: &mut Vec<u8>, kind: u32, srid: Option<u32>) {
    out.push(1);
    out.extend((kind | if srid.is_some() { HAS_SRID } else { 0 }).to_le_bytes());
    out.extend(srid.into_iter().flat_map(u32::to_le_bytes));
}

/// Counts of WKB are 32 bits wide; `rules` refuses a shape with more vertices than that.
fn put_count(out: &mut Vec<u8>, n: usize) {
    out.extend((n as u32).to_le_bytes());
}

fn put_position(out: &mut Vec<u8>, p: E7) {
    out.extend(p.lon_degrees().to_le_bytes());
    out.extend(p.lat_degrees().to_le_bytes());
}

/// Reads a point; `None` inside for the empty point (both coordinates NaN).
pub(crate) fn read_point(wkb: &[u8]) -> Result<Option<E7>, String> {
    let mut reader = Reader { rest: wkb, big: false };
    match reader.head()? {
        POINT => reader.position_or_empty(),
        other => Err(format!("expected a point, found geometry type {other}")),
    }
}

/// Reads a line or a multi-line.
pub(crate) fn read_lines(wkb: &[u8]) -> Result<Vec<Vec<E7>>, String> {
    let mut reader = Reader { rest: wkb, big: false };
    match reader.head()? {
        LINE => Ok(vec![reader.line()?]),
        MULTI_LINE => {
            let n = reader.count(9)?;
            let mut lines = Vec::with_capacity(n);
            for _ in 0..n {
                match reader.head()? {
                    LINE => lines.push(reader.line()?),
                    other => return Err(format!("expected a line as a part, found geometry type {other}")),
                }
            }
            Ok(lines)
        }
        other => Err(format!("expected a line, found geometry type {other}")),
    }
}

/// Reads a polygon or a multi-polygon.
pub(crate) fn read_multi_polygon(wkb: &[u8]) -> Result<MultiPolygon, String> {
    let mut reader = Reader { rest: wkb, big: false };
    match reader.head()? {
        POLYGON => Ok(MultiPolygon(reader.polygon()?.into_iter().collect())),
        MULTI_POLYGON => {
            let n = reader.count(9)?;
            let mut shape = MultiPolygon(Vec::with_capacity(n));
            for _ in 0..n {
                match reader.head()? {
                    POLYGON => shape.0.extend(reader.polygon()?),
                    other => {
                        return Err(format!("expected a polygon as a part, found geometry type {other}"));
                    }
                }
            }
            Ok(shape)
        }
        other => Err(format!("expected a polygon, found geometry type {other}")),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    big: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or("the geometry ends too early")?;
        self.rest = rest;
        Ok(*head)
    }

    fn word(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// The number of things that follow, each at least `size` bytes long: never more than there is room
    /// for, so that a damaged count cannot ask for the whole memory.
    fn count(&mut self, size: usize) -> Result<usize, String> {
        let n = self.word()? as usize;
        if n > self.rest.len() / size { Err("the geometry ends too early".to_owned()) } else { Ok(n) }
    }

    /// Byte order and type; a reference system's number is read over.
    fn head(&mut self) -> Result<u32, String> {
        self.big = match self.take::<1>()? {
            [0] => true,
            [1] => false,
            [other] => return Err(format!("byte order {other}, expected 0 or 1")),
        };
        let kind = self.word()?;
        if kind & HAS_SRID != 0 {
            self.word()?;
        }
        Ok(kind & !HAS_SRID)
    }

    fn double(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.big { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) })
    }

    fn position_or_empty(&mut self) -> Result<Option<E7>, String> {
        let (lon, lat) = (self.double()?, self.double()?);
        if lon.is_nan() && lat.is_nan() {
            return Ok(None);
        }
        E7::from_degrees(lon, lat)
            .map(Some)
            .ok_or_else(|| format!("({lon}, {lat}) is no longitude and latitude in degrees"))
    }

    fn line(&mut self) -> Result<Vec<E7>, String> {
        let n = self.count(16)?;
        let mut line = Vec::with_capacity(n);
        for _ in 0..n {
            line.push(self.position_or_empty()?.ok_or("a vertex is not a number")?);
        }
        Ok(line)
    }

    fn ring(&mut self) -> Result<Ring, String> {
        let mut ring = self.line()?;
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        Ok(ring)
    }

    fn polygon(&mut self) -> Result<Option<Polygon>, String> {
        let n = self.count(4)?;
        let mut rings = (0..n).map(|_| self.ring()).collect::<Result<Vec<_>, _>>()?.into_iter();
        Ok(rings.next().map(|exterior| Polygon { exterior, holes: rings.collect() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = E7> {
        (-1_800_000_000..=1_800_000_000, -900_000_000..=900_000_000).prop_map(|(lon, lat)| E7::new(lon, lat))
    }

    fn ring() -> impl Strategy<Value = Ring> {
        // Neighbouring vertices differ, as in every ring the core makes: a last vertex equal to the
        // first would be taken for the closing one.
        proptest::collection::vec(position(), 3..20).prop_filter("closed twice", |r| r.first() != r.last())
    }

    proptest! {
        #[test]
        fn points_come_back_bit_for_bit(at in position()) {
            for srid in [None, Some(4490)] {
                let mut wkb = Vec::new();
                put_point(&mut wkb, at, srid);
                prop_assert_eq!(read_point(&wkb), Ok(Some(at)));
            }
        }

        #[test]
        fn shapes_come_back_bit_for_bit(
            polygons in proptest::collection::vec((ring(), proptest::collection::vec(ring(), 0..3)), 0..4)
        ) {
            let shape = MultiPolygon(
                polygons.into_iter().map(|(exterior, holes)| Polygon { exterior, holes }).collect(),
            );
            for srid in [None, Some(4490)] {
                let mut wkb = Vec::new();
                put_multi_polygon(&mut wkb, &shape, srid);
                prop_assert_eq!(read_multi_polygon(&wkb), Ok(shape.clone()));
            }
        }

        #[test]
        fn lines_come_back_bit_for_bit(
            lines in proptest::collection::vec(proptest::collection::vec(position(), 2..20), 0..4)
        ) {
            for srid in [None, Some(4490)] {
                let mut wkb = Vec::new();
                put_lines(&mut wkb, &lines, srid);
                prop_assert_eq!(read_lines(&wkb), Ok(lines.clone()));
            }
        }

        #[test]
        fn damage_is_an_error_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read_point(&bytes);
            let _ = read_multi_polygon(&bytes);
            let _ = read_lines(&bytes);
        }
    }

    #[test]
    fn a_ring_is_written_closed() {
        let ring = vec![E7::new(0, 0), E7::new(10, 0), E7::new(0, 10)];
        let mut wkb = Vec::new();
        let polygon = Polygon { exterior: ring, holes: Vec::new() };
        put_multi_polygon(&mut wkb, &MultiPolygon(vec![polygon]), None);
        // 9 bytes of multi-polygon, 9 of polygon, then the ring: its count, and four positions.
        assert_eq!(wkb[18..22], 4u32.to_le_bytes());
        assert_eq!(wkb.len(), 22 + 4 * 16);
    }

    #[test]
    fn a_count_beyond_the_end_is_refused() {
        let wkb = [1, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        assert!(read_multi_polygon(&wkb).is_err());
    }
}
