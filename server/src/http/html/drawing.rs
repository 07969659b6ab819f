//! A little map without a background: the shapes of a page, north up.

use crate::feature::{Feature, Geometry};
use gridbeat_onemap::{Bounds, E7};
use std::fmt::Write;

/// Width and height in which the shapes are laid.
const SIZE: (f64, f64) = (960.0, 420.0);
/// Room around them.
const MARGIN: f64 = 14.0;
/// Positions that are drawn at most: a page is for reading, not for downloading a city.
const POSITIONS: usize = 100_000;

/// The features as SVG; empty when none has a place.
pub fn svg(features: &[Feature]) -> String {
    let bounds = features.iter().fold(Bounds::EMPTY, |b, f| match &f.geometry {
        Geometry::None => b,
        Geometry::Point(p) => b.with(*p),
        Geometry::Lines(lines) => lines.iter().flatten().fold(b, |b, &p| b.with(p)),
        Geometry::Ground(ground) => b.join(ground.bounds()),
    });
    if bounds.is_empty() {
        return String::new();
    }
    let place = fit(&bounds);
    let mut out = format!("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-hidden=\"true\">\n", SIZE.0, SIZE.1);
    let mut left = POSITIONS;
    for feature in features {
        // Writing to a String cannot fail.
        let _ = match &feature.geometry {
            Geometry::None => Ok(()),
            Geometry::Point(p) => {
                let (x, y) = place(*p);
                writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>")
            }
            Geometry::Lines(lines) => match course(lines.iter(), false, &mut left, &place) {
                Some(d) => writeln!(out, "<path fill=\"none\" d=\"{d}\"/>"),
                None => Ok(()),
            },
            Geometry::Ground(ground) => match course(ground.rings(), true, &mut left, &place) {
                Some(d) => writeln!(out, "<path d=\"{d}\"/>"),
                None => Ok(()),
            },
        };
    }
    out.push_str("</svg>\n");
    out
}

/// The commands of a path along lines or rings; `None` when that many positions are not left to draw.
fn course<'a>(
    lines: impl Iterator<Item = &'a Vec<E7>> + Clone,
    closed: bool,
    left: &mut usize,
    place: &impl Fn(E7) -> (f64, f64),
) -> Option<String> {
    let positions: usize = lines.clone().map(Vec::len).sum();
    *left = left.checked_sub(positions)?;
    let mut d = String::new();
    for line in lines {
        for (i, &p) in line.iter().enumerate() {
            let (x, y) = place(p);
            let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" }); // To a String: cannot fail.
        }
        if closed {
            d.push('Z');
        }
    }
    Some(d)
}

/// The way from a position to the picture: degrees of longitude are narrowed as they are in the middle.
fn fit(bounds: &Bounds) -> impl Fn(E7) -> (f64, f64) + use<> {
    let narrow = bounds.center().lat_degrees().to_radians().cos().max(0.01);
    let (west, north) = (f64::from(bounds.min.lon), f64::from(bounds.max.lat));
    let width = (f64::from(bounds.max.lon) - west) * narrow;
    let height = north - f64::from(bounds.min.lat);
    let room = (SIZE.0 - 2.0 * MARGIN, SIZE.1 - 2.0 * MARGIN);
    // A single point has no extent; it stands in the middle.
    let scale = (room.0 / width.max(1.0)).min(room.1 / height.max(1.0));
    let (left, top) = ((SIZE.0 - width * scale) / 2.0, (SIZE.1 - height * scale) / 2.0);
    move |p| {
        let x = (f64::from(p.lon) - west) * narrow * scale + left;
        (x, (north - f64::from(p.lat)) * scale + top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Id;

    fn at(p: E7) -> Feature {
        Feature { id: Id::Fid(1), geometry: Geometry::Point(p), properties: Vec::new() }
    }

    #[test]
    fn north_is_up_and_a_lone_point_in_the_middle() {
        assert!(svg(&[]).is_empty());
        assert!(svg(&[at(E7::new(5, 5))]).contains("cx=\"480.0\" cy=\"210.0\""));
        let place = fit(&Bounds { min: E7::new(0, 0), max: E7::new(1000, 1000) });
        let (south_west, north_east) = (place(E7::new(0, 0)), place(E7::new(1000, 1000)));
        assert!(south_west.0 < north_east.0 && south_west.1 > north_east.1);
        assert!((south_west.1 - (SIZE.1 - MARGIN)).abs() < 1e-6 && (north_east.1 - MARGIN).abs() < 1e-6);
    }
}
