//! The coordinate reference systems of the API: which numbers, in which order, stand for a position.
//!
//! Inside, positions are whole numbers of 1e-7 degree; a [`Frame`] writes and reads them in one of the
//! systems that every collection offers, with the axes in the order in which its authority has them:
//! longitude first in CRS84, latitude first in EPSG:4326 and 4490, northing first in the Gauss-Krüger zones.

use geo_types::{Coord, Geometry, Line, MultiPolygon, Point, Polygon, Rect};
use gridbeat_filter::Placing;
use gridbeat_ingest::{
    Crs,
    crs::{Outside, Transformer},
};
use gridbeat_onemap::E7;

/// Longitude, latitude: what is meant where nothing is said.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// The system of the store, which is CRS84 with the axes turned round (CGCS2000).
pub const STORAGE: &str = "http://www.opengis.net/def/crs/EPSG/0/4490";
/// What comes before an EPSG code.
const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
/// Points on each side of a projected box when it is turned into degrees, where its sides are curves.
const SIDE: usize = 32;

/// One coordinate reference system.
pub struct Frame {
    epsg: u32,
    /// `None` for longitudes and latitudes.
    projection: Option<Transformer>,
    /// Whether north is the first axis.
    north_first: bool,
}

/// Codes of all systems but CRS84.
fn codes() -> impl Iterator<Item = u32> {
    [4326, 4490, 3857].into_iter().chain(4491..=4554)
}

/// The URIs of all systems, CRS84 first.
pub fn uris() -> Vec<String> {
    std::iter::once(CRS84.to_owned()).chain(codes().map(|c| format!("{EPSG}{c}"))).collect()
}

impl Frame {
    /// Longitude, latitude.
    pub const CRS84: Self = Self { epsg: 0, projection: None, north_first: false };

    /// The system of a URI, also in the safe form of a CURIE: `[EPSG:4490]`.
    pub fn find(uri: &str) -> Option<Self> {
        let short = uri.strip_prefix('[').and_then(|u| u.strip_suffix(']'));
        if uri == CRS84 || short == Some("OGC:CRS84") {
            return Some(Self::CRS84);
        }
        let digits = uri.strip_prefix(EPSG).or_else(|| short?.strip_prefix("EPSG:"))?;
        let epsg = codes().find(|c| c.to_string() == digits)?;
        let projection = match epsg {
            4326 | 4490 => None,
            // Every code above has a definition; a test makes them all.
            _ => Some(Transformer::new(&Crs::Epsg(epsg)).ok()?),
        };
        Some(Self { epsg, projection, north_first: epsg != 3857 })
    }

    /// Its URI.
    pub fn uri(&self) -> String {
        if self.epsg == 0 { CRS84.to_owned() } else { format!("{EPSG}{}", self.epsg) }
    }

    /// Its EPSG code; that of the same datum for CRS84.
    pub fn epsg(&self) -> u32 {
        if self.epsg == 0 { 4326 } else { self.epsg }
    }

    /// Whether its numbers are degrees.
    pub fn is_degrees(&self) -> bool {
        self.projection.is_none()
    }

    /// Whether north stands first.
    pub fn is_north_first(&self) -> bool {
        self.north_first
    }

    /// Easting (or longitude) and northing (or latitude), in this order whatever the system's is.
    ///
    /// # Errors
    /// When the position cannot be projected.
    pub fn east_north(&self, at: E7) -> Result<(f64, f64), Outside> {
        match &self.projection {
            None => Ok((at.lon_degrees(), at.lat_degrees())),
            Some(projection) => projection.inverse(at),
        }
    }

    /// The position of two numbers in the order of the axes.
    ///
    /// # Errors
    /// Why there is none.
    pub fn position(&self, first: f64, second: f64) -> Result<E7, String> {
        let (x, y) = if self.north_first { (second, first) } else { (first, second) };
        match &self.projection {
            Some(projection) => projection.forward(x, y).map_err(|e| e.to_string()),
            None => E7::from_degrees(x, y).ok_or_else(|| {
                format!("({x}, {y}) is not a longitude within ±180 and a latitude within ±90")
            }),
        }
    }

    /// Least east, least north, greatest east, greatest north of a box in the order of the axes.
    pub fn sides(&self, [a, b, c, d]: [f64; 4]) -> [f64; 4] {
        if self.north_first { [b, a, d, c] } else { [a, b, c, d] }
    }

    /// The outline of a box whose sides are straight in this projection.
    fn outline(&self, [west, south, east, north]: [f64; 4]) -> Result<Polygon<f64>, String> {
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        let mut ring = Vec::with_capacity(4 * SIDE);
        for (i, (x0, y0)) in corners.into_iter().enumerate() {
            let (x1, y1) = corners[(i + 1) % 4];
            for k in 0..SIDE {
                let t = k as f64 / SIDE as f64;
                let (x, y) = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
                let (first, second) = if self.north_first { (y, x) } else { (x, y) };
                let at = lattice(self.position(first, second)?);
                if ring.last() != Some(&at) {
                    ring.push(at);
                }
            }
        }
        Ok(Polygon::new(ring.into(), Vec::new()))
    }
}

/// A position of the lattice as the filters and their geometries have it: whole numbers of 1e-7 degree.
pub fn lattice(at: E7) -> Coord<f64> {
    Coord { x: f64::from(at.lon), y: f64::from(at.lat) }
}

impl Placing for Frame {
    fn position(&self, x: f64, y: f64) -> Result<(f64, f64), String> {
        Self::position(self, x, y).map(|at| lattice(at).x_y())
    }

    fn boxed(&self, bbox: [f64; 4]) -> Result<Geometry<f64>, String> {
        let [west, south, east, north] = self.sides(bbox);
        if south > north {
            return Err("the south of the box lies above its north".to_owned());
        }
        if self.projection.is_some() {
            if west > east {
                return Err("the west of the box lies east of its east".to_owned());
            }
            if west == east || south == north {
                return Err("the box has no extent".to_owned());
            }
            return self.outline([west, south, east, north]).map(Geometry::Polygon);
        }
        let corner = |lon, lat| {
            E7::from_degrees(lon, lat)
                .map(lattice)
                .ok_or_else(|| format!("({lon}, {lat}) lies outside ±180 and ±90"))
        };
        let (a, mut b) = (corner(west, south)?, corner(east, north)?);
        if west > east {
            let edge = 1_800_000_000.0;
            let part = |x0, x1| Rect::new(Coord { x: x0, y: a.y }, Coord { x: x1, y: b.y }).to_polygon();
            // One that begins or ends where the globe is cut has nothing on the other side.
            let parts = [(a.x, edge), (-edge, b.x)].into_iter().filter(|(x0, x1)| x0 < x1);
            let parts: Vec<_> = parts.map(|(x0, x1)| part(x0, x1)).collect();
            if !parts.is_empty() {
                return Ok(Geometry::MultiPolygon(MultiPolygon(parts)));
            }
            b.x = a.x; // From 180 to -180 is nowhere but there.
        }
        Ok(match (a.x == b.x, a.y == b.y) {
            (true, true) => Geometry::Point(Point(a)),
            (false, false) => Geometry::Polygon(Rect::new(a, b).to_polygon()),
            _ => Geometry::LineString(vec![Line::new(a, b).start, b].into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_is_there_and_comes_back() {
        let at = E7::from_degrees(120.159, 30.267).unwrap();
        for uri in uris() {
            let frame = Frame::find(&uri).unwrap_or_else(|| panic!("{uri}"));
            assert_eq!(frame.uri(), uri);
            // Zones far from the place are not asked: a projection means nothing there.
            if !(4491..=4554).contains(&frame.epsg()) || [4498, 4509, 4528, 4549].contains(&frame.epsg()) {
                let (east, north) = frame.east_north(at).unwrap();
                let (first, second) = if frame.is_north_first() { (north, east) } else { (east, north) };
                let back = frame.position(first, second).unwrap();
                assert!((back.lon - at.lon).abs() <= 1 && (back.lat - at.lat).abs() <= 1, "{uri}: {back:?}");
            }
        }
        for foreign in ["EPSG:4490", "http://www.opengis.net/def/crs/EPSG/0/2056", "", "[EPSG:4555]"] {
            assert!(Frame::find(foreign).is_none(), "{foreign}");
        }
        assert_eq!(Frame::find("[EPSG:4549]").unwrap().epsg(), 4549);
    }

    #[test]
    fn north_stands_first_where_the_authority_says_so() {
        let at = |code: u32, a, b| Frame::find(&format!("{EPSG}{code}")).unwrap().position(a, b).unwrap();
        assert_eq!(at(4326, 31.5, 120.3), E7::new(1_203_000_000, 315_000_000));
        assert_eq!(Frame::CRS84.position(120.3, 31.5).unwrap(), E7::new(1_203_000_000, 315_000_000));
        // The published check of EPSG:4549, northing first.
        assert_eq!(at(4549, 3_349_722.302, 515_300.094), E7::new(1_201_590_000, 302_670_000));
        assert_eq!(at(3857, 13_358_338.895_192_8, 3_503_549.843_504_38).lon, 1_200_000_000);
    }

    #[test]
    fn boxes_wrap_bend_and_shrink_to_points() {
        assert!(matches!(Frame::CRS84.boxed([170.0, 0.0, -170.0, 10.0]).unwrap(), Geometry::MultiPolygon(_)));
        for (box_, parts) in [([180.0, 0.0, -170.0, 10.0], 1), ([170.0, 0.0, -180.0, 10.0], 1)] {
            let Geometry::MultiPolygon(found) = Frame::CRS84.boxed(box_).unwrap() else { panic!("{box_:?}") };
            assert_eq!(found.0.len(), parts, "{box_:?}");
        }
        assert!(matches!(Frame::CRS84.boxed([180.0, 0.0, -180.0, 10.0]).unwrap(), Geometry::LineString(_)));
        assert!(matches!(Frame::CRS84.boxed([1.0, 2.0, 1.0, 2.0]).unwrap(), Geometry::Point(_)));
        assert!(Frame::CRS84.boxed([0.0, 5.0, 1.0, 4.0]).is_err());
        let zone = Frame::find("[EPSG:4549]").unwrap();
        let Geometry::Polygon(ground) = zone.boxed([3_300_000.0, 400_000.0, 3_400_000.0, 500_000.0]).unwrap()
        else {
            panic!("not a polygon");
        };
        assert_eq!(ground.exterior().0.len(), 4 * SIDE + 1);
        assert!(zone.boxed([0.0, 500_000.0, 1.0, 400_000.0]).is_err());
    }
}
