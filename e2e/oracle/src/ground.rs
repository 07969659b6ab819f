//! Ground as it is sent: all coordinates in one row, and where each ring, polygon and area begins.

use gridbeat_onemap::{E7, MultiPolygon};

/// Some areas, one after the other, in coordinates that GEOS understands (doubles).
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// x, y, x, y, …; rings closed.
    pub(crate) coordinates: Vec<f64>,
    /// Number of vertices before each ring, and behind the last.
    pub(crate) rings: Vec<u32>,
    /// Number of rings before each polygon, and behind the last.
    pub(crate) polygons: Vec<u32>,
    /// Number of polygons before each area, and behind the last.
    pub(crate) areas: Vec<u32>,
}

impl Ground {
    /// The lattice units themselves: every `i32` is a double, so GEOS sees what we have, exactly.
    pub fn on_lattice<'a>(areas: impl IntoIterator<Item = &'a MultiPolygon>) -> Self {
        Self::of(areas, |p| [f64::from(p.lon), f64::from(p.lat)])
    }

    /// The degrees, as they are written to files.
    pub fn in_degrees<'a>(areas: impl IntoIterator<Item = &'a MultiPolygon>) -> Self {
        Self::of(areas, |p| [p.lon_degrees(), p.lat_degrees()])
    }

    fn of<'a>(areas: impl IntoIterator<Item = &'a MultiPolygon>, xy: impl Fn(E7) -> [f64; 2]) -> Self {
        let mut ground = Self { coordinates: vec![], rings: vec![0], polygons: vec![0], areas: vec![0] };
        for area in areas {
            for polygon in &area.0 {
                for ring in polygon.rings() {
                    ground.coordinates.extend(ring.iter().chain(ring.first()).flat_map(|&p| xy(p)));
                    ground.rings.push(ground.coordinates.len() as u32 / 2);
                }
                ground.polygons.push(ground.rings.len() as u32 - 1);
            }
            ground.areas.push(ground.polygons.len() as u32 - 1);
        }
        ground
    }

    /// The four arrays, as bytes in little-endian order.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let offsets = [&self.rings, &self.polygons, &self.areas];
        let mut bytes: Vec<u8> = self.coordinates.iter().flat_map(|c| c.to_le_bytes()).collect();
        bytes.extend(offsets.into_iter().flatten().flat_map(|n| n.to_le_bytes()));
        bytes
    }

    /// Their lengths.
    pub(crate) fn lengths(&self) -> [usize; 4] {
        [self.coordinates.len(), self.rings.len(), self.polygons.len(), self.areas.len()]
    }
}
