//! No vertex moves: ground that is a coverage already comes back edge for edge, from a layer, from a union of
//! areas, and from the pieces of an overlay.

use super::{Built, drawn};
use crate::edges::edges;
use gridbeat_onemap::{
    Layer, MultiPolygon,
    record::{AreaRow, Fid, Region, Side},
};

pub fn check(name: &str, built: &Built) {
    for layer in built.layers() {
        unions(name, layer);
        again(name, layer.side(), super::grounds(layer));
    }
    again(name, Side::Grid, built.pieces());
}

/// A drawing that GEOS calls a valid coverage comes back as it is.
pub fn check_drawing(name: &str, layer: &Layer, rows: &[AreaRow]) {
    for row in rows {
        if let Some(ground) = &row.geometry {
            let id = layer.by_fid(row.fid).expect("every row is an area");
            assert_eq!(
                edges([ground]),
                edges([&layer.outline(id)]),
                "{name}: {} came back with other edges",
                row.code
            );
        }
    }
}

/// A parent has its children's edges, but for those between two of them.
fn unions(name: &str, layer: &Layer) {
    for parent in layer.ids().filter(|&id| !layer.area(id).drawn) {
        let children: Vec<MultiPolygon> =
            layer.drawn_below(parent).iter().map(|&c| layer.outline(c)).collect();
        let union = layer.outline(parent);
        assert_eq!(edges(&children), edges([&union]), "{name}: the union {}", layer.area(parent).code);
        let sum: i128 = children.iter().map(MultiPolygon::area2).sum();
        assert_eq!(sum, union.area2(), "{name}: the union {}", layer.area(parent).code);
    }
}

/// Derived polygons, taken as drawings, give the same polygons.
fn again(name: &str, side: Side, grounds: Vec<MultiPolygon>) {
    let row = |(i, g): (usize, &MultiPolygon)| AreaRow {
        fid: Fid::new(Region(1), i as u32 + 1),
        region: Region(1),
        code: format!("A{i:05}"),
        geometry: Some(g.clone()),
        ..AreaRow::default()
    };
    let kept: Vec<&MultiPolygon> = grounds.iter().filter(|g| !g.is_empty()).collect();
    let layer = Layer::new(side, kept.iter().copied().enumerate().map(row).collect());
    for (ground, id) in kept.into_iter().zip(drawn(&layer)) {
        assert_eq!(ground, &layer.outline(id), "{name}: built again, {} has changed", layer.area(id).code);
    }
}
