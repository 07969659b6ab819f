//! From a geometry as it was read to where a feature is.

use crate::{
    read::{feature, table::Geometry},
    repair,
};
use gridbeat_onemap::{E7, Ring, department::Drawing};

/// Half the way round the globe, in units of the lattice.
const HALF: i64 = 1_800_000_000;

/// Places lines and polygons by `place`, and what was mended of these; `None` of anything else.
pub(super) fn of(
    geometry: &Geometry,
    place: impl Fn(f64, f64) -> Result<E7, String>,
) -> Option<Result<(Drawing, Vec<String>), String>> {
    match geometry {
        Geometry::Lines(raw) => Some(lines(raw, place).and_then(|lines| {
            lines.iter().try_for_each(|line| is_clear(line.windows(2).map(|w| (w[0], w[1]))))?;
            Ok((Drawing::Lines(lines), Vec::new()))
        })),
        Geometry::Polygons(raw) => Some(repair::polygons(raw, place).and_then(|(ground, mended)| {
            let next = |ring: &Ring| is_clear(ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)));
            ground.rings().try_for_each(next)?;
            Ok((Drawing::Ground(ground), mended))
        })),
        Geometry::None | Geometry::Point(..) | Geometry::Other(_) => None,
    }
}

/// Where a GeoJSON geometry is, `place` taking its coordinates in their order. Nothing is mended but vertices that
/// repeat: who sends one feature can send it right.
///
/// # Errors
/// What is wrong with it.
pub fn drawing_of_geojson(
    text: &str,
    place: impl Fn(f64, f64) -> Result<E7, String>,
) -> Result<Drawing, String> {
    let geometry = feature::geometry(text, 0)?;
    if let Geometry::Point(x, y) = geometry {
        return place(x, y).map(Drawing::Point);
    }
    let (drawing, mended) = match of(&geometry, place) {
        Some(placed) => placed?,
        None => return Err("holds no coordinates".to_owned()),
    };
    match mended.iter().find(|what| *what != repair::REPEATED) {
        Some(what) => Err(format!(
            "is not valid (mended by an import: {what}); expected closed rings that do not cross, of parts that are apart"
        )),
        None => Ok(drawing),
    }
}

/// Refuses an edge of half the way round the globe or more: the shortest way between its ends is another.
fn is_clear(mut edges: impl Iterator<Item = (E7, E7)>) -> Result<(), String> {
    if edges.any(|(a, b)| (i64::from(a.lon) - i64::from(b.lon)).abs() >= HALF) {
        return Err(
            "has an edge of 180 degrees of longitude or more; expected parts that end at the antimeridian \
                    (RFC 7946, 3.1.9), or more vertices"
                .into(),
        );
    }
    Ok(())
}

/// Places a file's lines; parts without length go.
fn lines(
    raw: &[Vec<(f64, f64)>],
    place: impl Fn(f64, f64) -> Result<E7, String>,
) -> Result<Vec<Vec<E7>>, String> {
    let mut out = Vec::with_capacity(raw.len());
    for part in raw {
        let mut line = part.iter().map(|&(x, y)| place(x, y)).collect::<Result<Vec<E7>, String>>()?;
        line.dedup();
        if line.len() > 1 {
            out.push(line);
        }
    }
    if out.is_empty() { Err("has no length; expected a line of two places or more".into()) } else { Ok(out) }
}
