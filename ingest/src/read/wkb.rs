//! Well-known binary, as GeoPackage holds it (with its own header) and as PostGIS writes it (EWKB).
//!
//! Counts in the data are not believed: a list of a billion vertices in forty bytes is found out before
//! anything of that size is made.

use super::table::{Geometry, RawPolygon, RawRing};

const MAX_DEPTH: usize = 16;

/// Reads a GeoPackage geometry blob: `GP`, version, flags, reference system, envelope, WKB.
pub(crate) fn parse_geopackage(blob: &[u8]) -> Result<Geometry, String> {
    let header = blob.get(..8).ok_or("the geometry is shorter than its header")?;
    if &header[..2] != b"GP" {
        return Err("the geometry does not begin with GP, as GeoPackage wants".into());
    }
    let flags = header[3];
    if flags & 0b0001_0000 != 0 {
        return Ok(Geometry::None); // the flag for an empty geometry
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        n => {
            return Err(format!("the geometry's envelope is of kind {n}; expected 0 to 4"));
        }
    };
    parse(blob.get(8 + envelope..).ok_or("the geometry ends inside its envelope")?)
}

/// Reads WKB or EWKB.
pub(crate) fn parse(wkb: &[u8]) -> Result<Geometry, String> {
    let mut r = Reader { bytes: wkb, at: 0, little: true };
    r.geometry(0)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let end = self.at.checked_add(N);
        let slice = end.and_then(|e| self.bytes.get(self.at..e)).ok_or("the geometry is cut off")?;
        self.at += N;
        slice.try_into().map_err(|_| "the geometry is cut off".into())
    }

    fn u32(&mut self) -> Result<u32, String> {
        let b = self.take::<4>()?;
        Ok(if self.little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    }

    fn f64(&mut self) -> Result<f64, String> {
        let b = self.take::<8>()?;
        Ok(if self.little { f64::from_le_bytes(b) } else { f64::from_be_bytes(b) })
    }

    /// A count of things of at least `size` bytes each; refused when the rest cannot hold them.
    fn count(&mut self, size: usize) -> Result<usize, String> {
        let n = self.u32()? as usize;
        if n.saturating_mul(size) > self.bytes.len() - self.at {
            return Err(format!("the geometry claims {n} parts, more than it has bytes for"));
        }
        Ok(n)
    }

    /// A geometry's byte order and type: (base type, numbers per position).
    fn head(&mut self) -> Result<(u32, usize), String> {
        self.little = match self.take::<1>()?[0] {
            0 => false,
            1 => true,
            n => return Err(format!("the geometry's byte order is {n}; expected 0 or 1")),
        };
        let kind = self.u32()?;
        // ISO adds 1000 for Z, 2000 for M, 3000 for both; EWKB sets high bits.
        let (z, m, srid) = (kind & 0x8000_0000 != 0, kind & 0x4000_0000 != 0, kind & 0x2000_0000 != 0);
        if srid {
            self.u32()?;
        }
        let low = kind & 0x0fff_ffff;
        let iso = low / 1000;
        let extra = usize::from(z)
            + usize::from(m)
            + match iso {
                0 => 0,
                1 | 2 => 1,
                _ => 2,
            };
        Ok((low % 1000, 2 + extra))
    }

    fn position(&mut self, dims: usize) -> Result<(f64, f64), String> {
        let (x, y) = (self.f64()?, self.f64()?);
        for _ in 2..dims {
            self.f64()?;
        }
        Ok((x, y))
    }

    fn polygon(&mut self, dims: usize) -> Result<RawPolygon, String> {
        let rings = self.count(4)?;
        let mut out = Vec::with_capacity(rings);
        for _ in 0..rings {
            out.push(self.line(dims)?);
        }
        Ok(out)
    }

    fn line(&mut self, dims: usize) -> Result<RawRing, String> {
        let n = self.count(8 * dims)?;
        let mut line = Vec::with_capacity(n);
        for _ in 0..n {
            line.push(self.position(dims)?);
        }
        Ok(line)
    }

    fn geometry(&mut self, depth: usize) -> Result<Geometry, String> {
        if depth > MAX_DEPTH {
            return Err(format!("the geometry nests collections deeper than {MAX_DEPTH}"));
        }
        let (kind, dims) = self.head()?;
        match kind {
            1 => {
                let (x, y) = self.position(dims)?;
                // An empty point is written as NaN NaN.
                Ok(if x.is_nan() && y.is_nan() { Geometry::None } else { Geometry::Point(x, y) })
            }
            3 => {
                let p = self.polygon(dims)?;
                Ok(if p.is_empty() { Geometry::None } else { Geometry::Polygons(vec![p]) })
            }
            2 => Ok(Geometry::lines(Some(self.line(dims)?).filter(|l| !l.is_empty()).into_iter().collect())),
            4..=7 => {
                let n = self.count(5)?;
                let mut out = Geometry::None;
                for _ in 0..n {
                    out = out.join(self.geometry(depth + 1)?);
                }
                Ok(out)
            }
            8..=12 => Ok(Geometry::Other("curve".into())),
            n => Err(format!("the geometry is of type {n}, which is not known here")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<u8> {
        let mut b = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
        for v in [0.0f64, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0] {
            b.extend(v.to_le_bytes());
        }
        b
    }

    #[test]
    fn a_polygon_with_the_header_of_geopackage() {
        let mut blob = b"GP\0\x03\xe6\x10\0\0".to_vec();
        blob.extend([0u8; 32]);
        blob.extend(square());
        let expected = Geometry::Polygons(vec![vec![vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]]]);
        assert_eq!(parse_geopackage(&blob), Ok(expected));
        assert_eq!(parse_geopackage(b"GP\0\x11\0\0\0\0"), Ok(Geometry::None));
        assert!(parse_geopackage(b"XX\0\x01\0\0\0\0").is_err());
    }

    #[test]
    fn lines_alone_and_together() {
        let mut line = vec![1, 2, 0, 0, 0, 2, 0, 0, 0];
        for v in [0.0f64, 0.0, 1.0, 2.0] {
            line.extend(v.to_le_bytes());
        }
        let expected = vec![(0.0, 0.0), (1.0, 2.0)];
        assert_eq!(parse(&line), Ok(Geometry::Lines(vec![expected.clone()])));
        let many = [&[1, 5, 0, 0, 0, 2, 0, 0, 0], &line[..], &line[..]].concat();
        assert_eq!(parse(&many), Ok(Geometry::Lines(vec![expected.clone(), expected])));
    }

    #[test]
    fn every_cut_is_an_error_not_a_panic() {
        let whole = square();
        for n in 0..whole.len() {
            assert!(parse(&whole[..n]).is_err(), "cut at {n}");
        }
    }

    #[test]
    fn claims_are_checked() {
        let b = [1, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        assert!(parse(&b).unwrap_err().contains("claims"));
        let mut deep = Vec::new();
        for _ in 0..100 {
            deep.extend([1, 7, 0, 0, 0, 1, 0, 0, 0]);
        }
        assert!(parse(&deep).unwrap_err().contains("deeper"));
    }
}
