//! The geometries of a shapefile: record after record, the index (`.shx`) is not needed.
//!
//! Read here rather than by a library so that a damaged record rejects one row, that no count in the file
//! is believed before the bytes are there, and that rings of any orientation come to the right polygon.

use super::{
    bytes::{Blob, Content},
    table::{Geometry, RawPolygon, RawRing, RowError},
};
use crate::IngestError;
use std::io::{BufReader, Read};

/// Larger records are refused.
const MAX_RECORD: u64 = 512 << 20;

/// A reader of shapes.
pub(crate) struct Shapes {
    name: String,
    input: BufReader<Content>,
    left: u64,
    buffer: Vec<u8>,
}

impl Shapes {
    /// Reads the header.
    pub fn open(blob: &Blob) -> Result<Self, IngestError> {
        let mut input = BufReader::with_capacity(1 << 16, blob.reader()?);
        let mut head = [0u8; 100];
        input.read_exact(&mut head).map_err(|e| blob.io(e))?;
        if be(&head, 0) != 9994 {
            return Err(IngestError::format(&blob.name, "is no shapefile: it does not begin with 9994"));
        }
        let length = u64::from(be(&head, 24)) * 2;
        if length < 100 {
            return Err(IngestError::format(
                &blob.name,
                "is damaged: its header states a length below 100 bytes",
            ));
        }
        if length > blob.size {
            return Err(IngestError::format(
                &blob.name,
                format!("is cut off: its header says {length} bytes, it has {}", blob.size),
            ));
        }
        Ok(Self { name: blob.name.clone(), input, left: length - 100, buffer: Vec::new() })
    }

    /// The next shape; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Geometry>, RowError> {
        if self.left < 8 {
            return Ok(None);
        }
        let fatal = |what: String| RowError::Fatal(IngestError::format(&self.name, what));
        let mut head = [0u8; 8];
        self.input.read_exact(&mut head).map_err(|e| super::bytes::read_error(&self.name, e))?;
        let length = u64::from(be(&head, 4)) * 2;
        self.left -= 8;
        if length > self.left {
            return Err(fatal(format!("is damaged: record {} is longer than the file", be(&head, 0))));
        }
        if length > MAX_RECORD {
            return Err(RowError::Fatal(IngestError::limit(
                &self.name,
                format!("record {} is larger than {} MB", be(&head, 0), MAX_RECORD >> 20),
            )));
        }
        self.left -= length;
        self.buffer.clear();
        let got = (&mut self.input).take(length).read_to_end(&mut self.buffer);
        let got = got.map_err(|e| super::bytes::read_error(&self.name, e))? as u64;
        if got < length {
            return Err(fatal("is cut off inside a record".into()));
        }
        shape(&self.buffer).map(Some).map_err(RowError::geometry)
    }
}

fn be(b: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]])
}

fn le(b: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(b.get(at..at + 4)?.try_into().ok()?))
}

fn position(b: &[u8], at: usize) -> Option<(f64, f64)> {
    let f = |i: usize| Some(f64::from_le_bytes(b.get(i..i + 8)?.try_into().ok()?));
    Some((f(at)?, f(at + 8)?))
}

/// One record. Kinds: 1 point, 3 line, 5 polygon, 8 points; 10 more with Z, 20 more with M.
fn shape(b: &[u8]) -> Result<Geometry, String> {
    const CUT: &str = "the shape is shorter than its counts say";
    let kind = le(b, 0).ok_or(CUT)?;
    match kind {
        0 => Ok(Geometry::None),
        1 | 11 | 21 => {
            let (x, y) = position(b, 4).ok_or(CUT)?;
            Ok(Geometry::Point(x, y))
        }
        8 | 18 | 28 => match le(b, 36).ok_or(CUT)? {
            0 => Ok(Geometry::None),
            1 => position(b, 40).map(|(x, y)| Geometry::Point(x, y)).ok_or_else(|| CUT.into()),
            _ => Ok(Geometry::Other("MultiPoint".into())),
        },
        3 | 13 | 23 | 5 | 15 | 25 => {
            let parts = le(b, 36).ok_or(CUT)? as usize;
            let points = le(b, 40).ok_or(CUT)? as usize;
            let start = 44 + parts.saturating_mul(4);
            if b.len() < start.saturating_add(points.saturating_mul(16)) {
                return Err(CUT.into());
            }
            let mut rings = Vec::with_capacity(parts);
            for i in 0..parts {
                let from = le(b, 44 + 4 * i).ok_or(CUT)? as usize;
                let to = if i + 1 < parts { le(b, 48 + 4 * i).ok_or(CUT)? as usize } else { points };
                if from > to || to > points {
                    return Err("the shape's parts are out of order".into());
                }
                let ring: Option<RawRing> = (from..to).map(|j| position(b, start + 16 * j)).collect();
                rings.push(ring.ok_or(CUT)?);
            }
            Ok(if matches!(kind, 3 | 13 | 23) {
                Geometry::lines(rings)
            } else {
                Geometry::polygons(assemble(rings))
            })
        }
        31 => Ok(Geometry::Other("MultiPatch".into())),
        n => Err(format!("the shape is of type {n}; expected a polygon (5), a line (3) or a point (1)")),
    }
}

/// Rings → polygons. A shapefile tells holes by their direction only: outer rings run clockwise. A hole
/// goes to the smallest outer ring around it; one that no ring surrounds was an outer ring written the
/// wrong way round.
fn assemble(rings: Vec<RawRing>) -> Vec<RawPolygon> {
    let (holes, outers): (Vec<_>, Vec<_>) =
        rings.into_iter().filter(|r| !r.is_empty()).partition(|r| signed_area(r) > 0.0);
    let mut polygons: Vec<RawPolygon> = outers.into_iter().map(|o| vec![o]).collect();
    let measures: Vec<_> = polygons.iter().map(|p| (bounds(&p[0]), signed_area(&p[0]).abs())).collect();
    let mut strays = Vec::new();
    for hole in holes {
        let hb = bounds(&hole);
        let home = (0..measures.len())
            .filter(|&i| {
                let b = measures[i].0;
                b.0 <= hb.0
                    && b.1 <= hb.1
                    && b.2 >= hb.2
                    && b.3 >= hb.3
                    && mostly_inside(&hole, &polygons[i][0])
            })
            .min_by(|&i, &j| measures[i].1.total_cmp(&measures[j].1));
        match home {
            Some(i) => polygons[i].push(hole),
            None => strays.push(vec![hole]),
        }
    }
    polygons.extend(strays);
    polygons
}

fn signed_area(ring: &RawRing) -> f64 {
    let Some(&(ox, oy)) = ring.first() else {
        return 0.0;
    };
    ring.windows(2).map(|w| (w[0].0 - ox) * (w[1].1 - oy) - (w[1].0 - ox) * (w[0].1 - oy)).sum::<f64>() / 2.0
}

fn bounds(ring: &RawRing) -> (f64, f64, f64, f64) {
    ring.iter().fold((f64::MAX, f64::MAX, f64::MIN, f64::MIN), |b, p| {
        (b.0.min(p.0), b.1.min(p.1), b.2.max(p.0), b.3.max(p.1))
    })
}

/// Whether most of some vertices of `hole` lie in `ring` (single ones may touch its line).
fn mostly_inside(hole: &RawRing, ring: &RawRing) -> bool {
    let step = (hole.len() / 15).max(1);
    let sample: Vec<_> = hole.iter().step_by(step).collect();
    let inside = sample.iter().filter(|p| contains(ring, p.0, p.1)).count();
    inside * 2 > sample.len()
}

fn contains(ring: &RawRing, x: f64, y: f64) -> bool {
    let mut odd = false;
    for w in ring.windows(2) {
        let (a, b) = (w[0], w[1]);
        if (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0 {
            odd = !odd;
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> RawRing {
        let mut r = vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)];
        if !clockwise {
            r.reverse();
        }
        r
    }

    #[test]
    fn holes_find_their_polygon() {
        let p = assemble(vec![
            square(0.0, 0.0, 10.0, true),
            square(20.0, 0.0, 10.0, true),
            square(22.0, 2.0, 2.0, false),
            square(2.0, 2.0, 6.0, false),
            square(3.0, 3.0, 2.0, true), // an island in the hole
        ]);
        assert_eq!(p.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    }

    #[test]
    fn an_outer_ring_the_wrong_way_round_is_still_one() {
        assert_eq!(assemble(vec![square(0.0, 0.0, 1.0, false)]).len(), 1);
    }

    #[test]
    fn counts_are_not_believed() {
        let mut b = vec![0u8; 44];
        b[0] = 5;
        b[36..40].copy_from_slice(&u32::MAX.to_le_bytes());
        b[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(shape(&b).unwrap_err().contains("shorter"));
        assert!(shape(&[5, 0, 0, 0]).is_err());
        assert!(shape(&[]).is_err());
        let mut line = vec![0u8; 44 + 4 + 32];
        (line[0], line[36], line[40]) = (3, 1, 2);
        line[64..72].copy_from_slice(&1.0f64.to_le_bytes());
        assert_eq!(shape(&line), Ok(Geometry::Lines(vec![vec![(0.0, 0.0), (1.0, 0.0)]])));
        assert!(shape(&line[..79]).unwrap_err().contains("shorter"));
        assert!(shape(&[99, 0, 0, 0]).unwrap_err().contains("type 99"));
    }
}
