//! The GeoPackage geometry blob (OGC 12-128r19 §2.1.3): a header, then WKB.
//!
//! ```text
//! 'G' 'P'  version 0  flags  srs_id   envelope            WKB …
//!   2         1         1      4      0 or 32 or more
//! flags: bit 0 little-endian · bits 1–3 kind of envelope · bit 4 empty · bit 5 extended
//! ```

use crate::wkb;
use gridbeat_onemap::{
    department::Drawing,
    e7::{Bounds, E7},
    shape::MultiPolygon,
};

/// Reference system of every layer: CGCS2000, longitude and latitude.
const SRS: i32 = 4490;
const LITTLE_ENDIAN: u8 = 1;
const ENVELOPE_XY: u8 = 1 << 1;
const EMPTY: u8 = 1 << 4;

/// Writes a point into `out` (cleared first). Without an envelope: it would say the same again.
pub(crate) fn put_point(out: &mut Vec<u8>, at: E7) {
    put_head(out, 0);
    wkb::put_point(out, at, None);
}

/// Writes a multi-polygon into `out` (cleared first), with its envelope.
pub(crate) fn put_multi_polygon(out: &mut Vec<u8>, shape: &MultiPolygon) {
    put_envelope(out, &shape.bounds());
    wkb::put_multi_polygon(out, shape, None);
}

/// Writes where a feature is into `out` (cleared first): a point, a multi-line or a multi-polygon.
pub(super) fn put_drawing(out: &mut Vec<u8>, drawing: &Drawing) {
    match drawing {
        Drawing::Point(at) => put_point(out, *at),
        Drawing::Lines(lines) => put_lines(out, lines),
        Drawing::Ground(ground) => put_multi_polygon(out, ground),
    }
}

/// Writes lines over `out`.
pub(super) fn put_lines(out: &mut Vec<u8>, lines: &[Vec<E7>]) {
    put_envelope(out, &Bounds::of(lines.iter().flatten()));
    wkb::put_lines(out, lines, None);
}

fn put_envelope(out: &mut Vec<u8>, bounds: &Bounds) {
    if bounds.is_empty() {
        put_head(out, EMPTY);
        return;
    }
    put_head(out, ENVELOPE_XY);
    let (min, max) = (bounds.min, bounds.max);
    for v in [min.lon_degrees(), max.lon_degrees(), min.lat_degrees(), max.lat_degrees()] {
        out.extend(v.to_le_bytes());
    }
}

fn put_head(out: &mut Vec<u8>, flags: u8) {
    out.clear();
    out.extend([b'G', b'P', 0, flags | LITTLE_ENDIAN]);
    out.extend(SRS.to_le_bytes());
}

/// The WKB in a blob.
pub(super) fn wkb_of(blob: &[u8]) -> Result<&[u8], String> {
    let flags = match blob {
        [b'G', b'P', 0, flags, ..] => *flags,
        _ => return Err("expected a GeoPackage geometry (GP, version 0)".to_owned()),
    };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("envelope kind {other}, expected 0 to 4")),
    };
    blob.get(8 + envelope..).ok_or_else(|| "the geometry ends too early".to_owned())
}

/// Reads a point; `None` inside when it is empty.
pub(crate) fn read_point(blob: &[u8]) -> Result<Option<E7>, String> {
    wkb::read_point(wkb_of(blob)?)
}

/// Reads a polygon or multi-polygon.
pub(crate) fn read_multi_polygon(blob: &[u8]) -> Result<MultiPolygon, String> {
    wkb::read_multi_polygon(wkb_of(blob)?)
}

/// The box of a geometry in degrees, `[min_x, max_x, min_y, max_y]`: what `ST_MinX` and its sisters
/// answer. From the envelope where there is one. `None` for what is empty or cannot be read.
pub(super) fn envelope(blob: &[u8]) -> Option<[f64; 4]> {
    let flags = *blob.get(3)?;
    if flags & EMPTY != 0 {
        return None;
    }
    if (flags >> 1) & 7 != 0 {
        let double = |i: usize| -> Option<f64> {
            let bytes = blob.get(8 + 8 * i..16 + 8 * i)?.try_into().ok()?;
            Some(if flags & LITTLE_ENDIAN != 0 {
                f64::from_le_bytes(bytes)
            } else {
                f64::from_be_bytes(bytes)
            })
        };
        return Some([double(0)?, double(1)?, double(2)?, double(3)?]);
    }
    let bounds = match read_point(blob) {
        Ok(at) => Bounds::of(&at),
        Err(_) => match read_multi_polygon(blob) {
            Ok(shape) => shape.bounds(),
            // Other programs may write lines without an envelope.
            Err(_) => Drawing::Lines(wkb::read_lines(wkb_of(blob).ok()?).ok()?).bounds(),
        },
    };
    (!bounds.is_empty()).then(|| {
        let (min, max) = (bounds.min, bounds.max);
        [min.lon_degrees(), max.lon_degrees(), min.lat_degrees(), max.lat_degrees()]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::shape::Polygon;

    #[test]
    fn a_point_comes_back_and_knows_its_box() {
        let at = E7::new(1_203_011_234, -315_678_901);
        let mut blob = Vec::new();
        put_point(&mut blob, at);
        assert_eq!(blob.len(), 29);
        assert_eq!(read_point(&blob), Ok(Some(at)));
        assert_eq!(envelope(&blob), Some([120.301_123_4, 120.301_123_4, -31.567_890_1, -31.567_890_1]));
    }

    #[test]
    fn a_shape_carries_its_envelope() {
        let exterior = vec![E7::new(10_000_000, 0), E7::new(30_000_000, 0), E7::new(30_000_000, 20_000_000)];
        let shape = MultiPolygon(vec![Polygon { exterior, holes: Vec::new() }]);
        let mut blob = Vec::new();
        put_multi_polygon(&mut blob, &shape);
        assert_eq!(blob[..8], [b'G', b'P', 0, 0b11, 0x8a, 0x11, 0, 0]);
        assert_eq!(envelope(&blob), Some([1.0, 3.0, 0.0, 2.0]));
        assert_eq!(read_multi_polygon(&blob), Ok(shape));
    }

    #[test]
    fn an_empty_shape_says_so() {
        let mut blob = Vec::new();
        put_multi_polygon(&mut blob, &MultiPolygon::default());
        assert_eq!(blob[3], 0b1_0001);
        assert_eq!(envelope(&blob), None);
        assert_eq!(read_multi_polygon(&blob), Ok(MultiPolygon::default()));
    }

    #[test]
    fn damage_is_an_error() {
        assert!(read_point(b"").is_err());
        assert!(read_point(b"XP\0\x01aaaabbbb").is_err());
        assert!(read_point(b"GP\0\x03aaaabb").is_err());
        assert_eq!(envelope(b"GP"), None);
    }
}
