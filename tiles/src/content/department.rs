//! Features of a department's layer: points, lines or polygons with the columns of the layer and the codes of
//! the areas in which the position that stands for them lies.
//!
//! Unlike areas, features of such a layer may lie over each other. So each goes through the steps of a tile by
//! itself: lines and rings are generalised, snap-rounded and cut at the drawn box, which makes polygons valid;
//! a feature that falls together becomes a point (`collapsed`), and of those that fall on one spot the first
//! stands for all.

use super::{places, text};
use crate::{
    chain::{Chain, NOBODY},
    clip,
    faces::{add_line, faces, polygon_geometry},
    frame::{EAST, Fine, Frame, NORTH, Px, SOUTH, WEST, boxed},
    generalise::generalise,
    maker::{Keep, Row},
    mvt::{self, Geometry, Value},
    project::World,
    quantise::quantise,
    select::LineWork,
    tile_id::BUFFER_SHARE,
};
use gridbeat_onemap::{
    Bounds, E7, MultiPolygon, Reader,
    department::{Cell, Department, Drawing},
};
use std::collections::HashSet;

/// Before this zoom of points (and features that fell together) so near to each other that they cover each other
/// only the first is drawn.
const ALL_FROM: u8 = 14;
/// Units of a tile within which they do: a pixel where a tile is drawn 512 pixels wide.
const SPOT: i32 = 8;

/// The owner of what a feature encloses, while it is drawn alone.
const IT: u32 = 0;

/// Every feature that is seen in a tile, by fid.
pub(crate) fn features(
    out: &mut mvt::Layer,
    map: &Reader<'_>,
    layer: &Department,
    frame: &Frame,
    keep: Keep<'_>,
) {
    let id = frame.id;
    let mut near = Vec::new();
    layer.in_box(&id.bounds_with(frame.set, BUFFER_SHARE), |i| {
        if keep.keeps(Row::Department(layer, i)) {
            near.push(i);
        }
    });
    near.sort_unstable();
    let mut spots = HashSet::new();
    for i in near {
        let drawing = layer.drawing(i);
        let drawn = match drawing {
            Drawing::Point(_) => None,
            _ if is_tiny(&layer.bounds_of(i), frame) => None,
            Drawing::Lines(lines) => Some(line_geometry(lines, frame, id.z)),
            Drawing::Ground(ground) => Some(ground_geometry(ground, frame, id.z)),
        };
        let (geometry, collapsed) = match drawn {
            Some(geometry) if !geometry.is_empty() => (geometry, false),
            // A point, or what fell together; what only has its box in the tile has no point there either.
            _ => {
                let Some((x, y)) = drawing.stands_at().and_then(|at| frame.place(at)) else {
                    continue;
                };
                if id.z < ALL_FROM && !spots.insert((x / SPOT, y / SPOT)) {
                    continue;
                }
                (Geometry::point(x, y), !matches!(drawing, Drawing::Point(_)))
            }
        };
        add(out, map, layer, i, &geometry, collapsed);
    }
}

/// Whether a feature is smaller than a unit of the tile either way.
fn is_tiny(bounds: &Bounds, frame: &Frame) -> bool {
    let (south_west, north_east) = (frame.set.project(bounds.min), frame.set.project(bounds.max));
    let (wide, tall) = (north_east.x - south_west.x, south_west.y - north_east.y);
    frame.units(wide.max(tall)) < 1
}

fn line_geometry(lines: &[Vec<E7>], frame: &Frame, z: u8) -> Geometry {
    let chains =
        lines.iter().map(|line| Chain { points: frame.set.project_line(line), left: IT, right: NOBODY });
    let mut geometry = Geometry::lines();
    // Each line by itself: two that run along each other stay two.
    for chain in generalise(chains.filter(|c| c.points.len() > 1).collect(), z) {
        for part in clipped(&chain.points, frame) {
            add_line(&mut geometry, &Chain { points: part, left: IT, right: NOBODY });
        }
    }
    geometry
}

/// The parts of a line in the drawn box, on the lattice.
fn clipped(line: &[World], frame: &Frame) -> Vec<Vec<Px>> {
    let mut parts: Vec<Vec<Px>> = Vec::new();
    // Whether the line is in the box where the edge before ended.
    let mut open = false;
    for w in line.windows(2) {
        let (a, b) = (frame.fine(w[0]), frame.fine(w[1]));
        let Some((from, to)) = in_box(a, b, frame) else {
            open = false;
            continue;
        };
        let at = |t: f64| {
            let on = |a: i64, b: i64| a + ((b - a) as f64 * t).round() as i64;
            boxed(frame.round(on(a.x, b.x)), frame.round(on(a.y, b.y)))
        };
        let (Some(p), Some(q)) = (at(from), at(to)) else {
            open = false;
            continue;
        };
        match parts.last_mut().filter(|_| open) {
            Some(part) => part.push(q),
            None => parts.push(vec![p, q]),
        }
        open = to >= 1.0;
    }
    parts
}

/// From where to where, between 0 at `a` and 1 at `b`, an edge runs in the drawn box (Liang and Barsky, "A new
/// concept and method for line clipping", 1984).
fn in_box(a: Fine, b: Fine, frame: &Frame) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let sides = [
        (b.x - a.x, a.x, frame.at(WEST), frame.at(EAST)),
        (b.y - a.y, a.y, frame.at(SOUTH), frame.at(NORTH)),
    ];
    for (d, start, least, most) in sides {
        if d == 0 {
            if start < least || start > most {
                return None;
            }
            continue;
        }
        let (enter, leave) = if d > 0 { (least, most) } else { (most, least) };
        from = from.max((enter - start) as f64 / d as f64);
        to = to.min((leave - start) as f64 / d as f64);
    }
    (from <= to).then_some((from, to))
}

fn ground_geometry(ground: &MultiPolygon, frame: &Frame, z: u8) -> Geometry {
    // Rings run with their ground to the left: exteriors counter-clockwise, holes clockwise.
    let chains = ground.rings().map(|ring| {
        let closed: Vec<E7> = ring.iter().chain(ring.first()).copied().collect();
        Chain { points: frame.set.project_line(&closed), left: IT, right: NOBODY }
    });
    let chains = generalise(chains.filter(|c| c.points.len() > 2).collect(), z);
    let work = LineWork::new(&chains);
    let (min, max) = frame.world_box();
    let edges = quantise(frame, &work.select(min, max), || work.whole(frame));
    let closed = clip::clip(&edges, || work.whole(frame));
    faces(&closed).get(&IT).map_or_else(Geometry::polygons, polygon_geometry)
}

fn add(
    out: &mut mvt::Layer,
    map: &Reader<'_>,
    layer: &Department,
    i: u32,
    geometry: &Geometry,
    collapsed: bool,
) {
    let columns = &layer.schema().columns;
    // Days and times are written out; the texts live as long as the feature is added.
    let written: Vec<Option<String>> = (0..columns.len())
        .map(|c| match layer.cell(i, c) {
            Cell::Date(day) => Some(day.to_string()),
            Cell::Timestamp(at) => Some(at.to_string()),
            _ => None,
        })
        .collect();
    let cells = columns.iter().enumerate().map(|(c, column)| {
        let value = match layer.cell(i, c) {
            Cell::Null => None,
            Cell::Text(text) => Some(Value::String(text)),
            Cell::Integer(n) => Some(Value::Sint(*n)),
            Cell::Number(n) => Some(Value::Double(*n)),
            Cell::Boolean(b) => Some(Value::Bool(*b)),
            Cell::Date(_) | Cell::Timestamp(_) => written[c].as_deref().map(Value::String),
        };
        (column.name.as_str(), value)
    });
    let [grid, beat, piece] = places(map, layer.piece(i));
    let own = [("grid", text(grid)), ("beat", text(beat)), ("piece", text(piece))];
    let mark = collapsed.then_some(("collapsed", Some(Value::Bool(true))));
    out.add(Some(layer.fid(i).0), geometry, cells.chain(own).chain(mark));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matrix_set::MatrixSet, tile_id::TileId};

    #[test]
    fn a_line_that_leaves_and_comes_back_is_two() {
        let id = TileId::new(0, 0, 0).unwrap();
        let frame = Frame::new(MatrixSet::WebMercatorQuad, id);
        let w = |x: u32, y: u32| World { x, y };
        let side = |n: u32| n << 20; // units of zoom 0
        let inside = [
            w(side(100), side(100)),
            w(side(200), side(100)),
            w(side(200), side(100)),
            w(side(200), side(50)),
        ];
        let parts = clipped(&inside, &frame);
        assert_eq!(
            parts,
            [vec![
                Px { x: 100, y: -100 },
                Px { x: 200, y: -100 },
                Px { x: 200, y: -100 },
                Px { x: 200, y: -50 }
            ]]
        );
        // At zoom 1 the western tile's box ends 64 units beyond its east side.
        let west = Frame::new(MatrixSet::WebMercatorQuad, TileId::new(1, 0, 0).unwrap());
        let out_and_back = [
            w(side(1900), side(100)),
            w(side(2300), side(100)),
            w(side(2300), side(200)),
            w(side(1900), side(200)),
        ];
        let parts = clipped(&out_and_back, &west);
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0][1], parts[1][0]), (Px { x: EAST, y: -200 }, Px { x: EAST, y: -400 }));
        assert!(clipped(&[w(side(2300), 0), w(side(2300), side(4000))], &west).is_empty());
    }
}
