//! The drawings being cleaned: what each area looks like at this moment.

use super::{
    planar::Line,
    scale::{Scale, edges},
};
use crate::{
    E7, MultiPolygon, Polygon, Ring,
    record::{AreaRow, Fid},
    shape::ring_area2,
};
use std::borrow::Cow;

/// One area and its drawing, as given or as mended so far.
#[derive(Clone, Debug)]
pub(super) struct Drawing<'a> {
    pub fid: Fid,
    pub code: &'a str,
    pub given: &'a MultiPolygon,
    pub ground: Cow<'a, MultiPolygon>,
}

/// All drawings, by fid; an area's number is its place here.
#[derive(Clone)]
pub(super) struct Drawings<'a>(pub Vec<Drawing<'a>>);

impl<'a> Drawings<'a> {
    pub fn new(rows: impl IntoIterator<Item = &'a AreaRow>) -> Self {
        let mut drawings: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                let given = row.geometry.as_ref().filter(|g| !g.is_empty())?;
                Some(Drawing { fid: row.fid, code: &row.code, given, ground: Cow::Borrowed(given) })
            })
            .collect();
        drawings.sort_by_key(|d| d.fid);
        Self(drawings)
    }

    /// The same as if they had been given so.
    pub fn as_given(&self) -> Drawings<'_> {
        let given = self.0.iter().map(|d| Drawing {
            fid: d.fid,
            code: d.code,
            given: &d.ground,
            ground: Cow::Borrowed(&*d.ground),
        });
        Drawings(given.collect())
    }

    pub fn ground(&self, area: u32) -> &MultiPolygon {
        &self.0[area as usize].ground
    }

    pub fn code(&self, area: u32) -> &str {
        self.0[area as usize].code
    }

    /// Square metres of a drawing.
    pub fn area_m2(&self, area: u32) -> f64 {
        let ground = self.ground(area);
        let scale = Scale::of(&ground.bounds());
        ground.0.iter().map(|p| scale.area(p)).sum()
    }

    /// The edges of a drawing under a tag, its ground to the left of each.
    pub fn lines(&self, area: u32, tag: u32) -> impl Iterator<Item = Line> + '_ {
        self.ground(area).0.iter().flat_map(move |p| polygon_lines(p, tag))
    }
}

/// The edges of a polygon whose rings may run either way, its ground to the left of each.
pub(super) fn polygon_lines(polygon: &Polygon, tag: u32) -> impl Iterator<Item = Line> + '_ {
    polygon.rings().enumerate().flat_map(move |(k, ring)| {
        let right_way = (ring_area2(ring) > 0) == (k == 0);
        edges(ring).map(move |(p, q)| if right_way { Line::new(p, q, tag) } else { Line::new(q, p, tag) })
    })
}

/// A drawing in one fixed way of writing it: rings begin at their smallest vertex, exteriors run
/// counter-clockwise and holes clockwise, all in order, no vertex twice in a row.
pub(super) fn canonical(ground: &MultiPolygon) -> MultiPolygon {
    let ring = |ring: &[E7], counter_clockwise: bool| -> Ring {
        let mut ring = ring.to_vec();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if (ring_area2(&ring) > 0) != counter_clockwise {
            ring.reverse();
        }
        if let Some(k) = (0..ring.len()).min_by_key(|&k| ring[k]) {
            ring.rotate_left(k);
        }
        ring
    };
    let mut polygons: Vec<Polygon> = ground
        .0
        .iter()
        .map(|p| {
            let mut holes: Vec<Ring> = p.holes.iter().map(|h| ring(h, false)).collect();
            holes.sort_unstable();
            Polygon { exterior: ring(&p.exterior, true), holes }
        })
        .collect();
    polygons.sort_unstable_by(|p, q| p.rings().cmp(q.rings()));
    MultiPolygon(polygons)
}
