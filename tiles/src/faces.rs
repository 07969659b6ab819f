//! Polygons of a tile: from closed chains on the lattice to geometry commands.

use crate::{
    chain::{Chain, NOBODY, Owner},
    frame::Px,
    mvt::Geometry,
};
use gridbeat_onemap::{E7, MultiPolygon, coverage::outlines};
use std::{borrow::Cow, collections::BTreeMap};

/// The ground of every owner in the drawn box, in lattice coordinates (`y` northwards, held in the
/// core's type). Owners without ground are absent.
pub(crate) fn faces(chains: &[Chain<E7>]) -> BTreeMap<Owner, MultiPolygon> {
    let known = |owner: Owner| (owner != NOBODY).then_some(owner);
    outlines(chains.iter().map(|c| (Cow::Borrowed(c.points.as_slice()), known(c.left), known(c.right))))
}

/// The geometry of a tile polygon.
pub(crate) fn polygon_geometry(ground: &MultiPolygon) -> Geometry {
    let mut geometry = Geometry::polygons();
    for polygon in &ground.0 {
        if geometry.add_ring(in_tile(&polygon.exterior), true) {
            for hole in &polygon.holes {
                geometry.add_ring(in_tile(hole), false);
            }
        }
    }
    geometry
}

/// A ring of the core in tile coordinates: upside down, so the other way round.
fn in_tile(ring: &[E7]) -> impl DoubleEndedIterator<Item = (i32, i32)> + ExactSizeIterator + Clone + '_ {
    ring.iter().rev().map(|p| (p.lon, -p.lat))
}

/// Adds a chain as a line.
pub(crate) fn add_line(geometry: &mut Geometry, chain: &Chain<Px>) {
    geometry.add_line(chain.points.iter().map(|p| (p.x, -p.y)));
}
