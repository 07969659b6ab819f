//! From a map to the bytes of a tile.

use crate::{
    content::{
        address, area,
        density::{self, Density},
        department, fault, incident, piece, staff,
    },
    frame::{BUFFER, Frame},
    layer::TileLayer,
    levels,
    matrix_set::MatrixSet,
    mvt,
    quantise::Edge,
    stage::{Stage, Stages},
    tile_id::{MAX_ZOOM, TileId},
};
use gridbeat_onemap::{
    Reader,
    coverage::Faults,
    department::Department,
    live::{Incident, StaffPosition},
    record::{Level, Side},
};
use std::{
    cell::OnceCell,
    sync::{Arc, OnceLock},
};

/// Makes tiles of one state of boundaries and addresses. Cheap to make: outlines of a zoom are
/// prepared when its first tile is asked for, then kept. Share it by `Arc`; make a new one when
/// boundaries or addresses change, not when incidents or staff do.
#[derive(Default)]
pub struct TileMaker {
    /// Levels with ground of grids and beats, coarse to fine.
    present: [Vec<Level>; 2],
    /// What is prepared, for each matrix set.
    prepared: [Prepared; 2],
}

/// What one matrix set's tiles are made from, shared with makers for other maps that have the same of it.
#[derive(Clone, Default)]
struct Prepared {
    areas: [Arc<Stages>; 2],
    pieces: Arc<Stages>,
    faults: [Arc<OnceLock<Stage>>; 2],
    density: Arc<OnceLock<Density>>,
}

/// A row that a point, or a feature of a department, is drawn of.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// An address, by its place in [`gridbeat_onemap::addresses::Addresses`].
    Address(u32),
    /// An incident.
    Incident(&'a Incident),
    /// A member of staff.
    Staff(&'a StaffPosition),
    /// A feature of a department's layer, by its number.
    Department(&'a Department, u32),
}

/// Which rows of point layers and departments' layers are drawn and counted: all of them, or those that a predicate holds of.
#[derive(Clone, Copy, Default)]
pub struct Keep<'a>(Option<&'a dyn Fn(Row<'_>) -> bool>);

impl<'a> Keep<'a> {
    /// Every row.
    pub const ALL: Self = Self(None);

    /// The rows that a predicate holds of.
    pub const fn only(predicate: &'a dyn Fn(Row<'_>) -> bool) -> Self {
        Self(Some(predicate))
    }

    /// Whether there is a predicate at all.
    pub(crate) const fn chooses(self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn keeps(self, row: Row<'_>) -> bool {
        self.0.is_none_or(|predicate| predicate(row))
    }
}

/// What tile is asked for.
#[derive(Clone, Copy)]
pub struct TileRequest<'a> {
    /// The square that it is a part of.
    pub set: MatrixSet,
    /// Which part.
    pub id: TileId,
    /// What it is to hold, in this order (a repeated layer once).
    pub layers: &'a [TileLayer],
    /// Which rows of the point layers and departments' layers.
    pub keep: Keep<'a>,
}

impl TileMaker {
    /// A maker for the boundaries and addresses of a map.
    pub fn new(map: &Reader<'_>) -> Self {
        let present = Side::BOTH.map(|side| levels::present(map.layer(side)));
        Self { present, ..Self::default() }
    }

    /// A maker for a map that came after the one of this maker, with all that is prepared of what is the same: of the
    /// sides that do not differ, and of addresses if they do not.
    #[must_use]
    pub fn following(&self, map: &Reader<'_>, sides_differ: [bool; 2], addresses_differ: bool) -> Self {
        let mut next = Self::new(map);
        for (next, earlier) in next.prepared.iter_mut().zip(&self.prepared) {
            for side in Side::BOTH.map(|side| side as usize).into_iter().filter(|&side| !sides_differ[side]) {
                next.areas[side] = Arc::clone(&earlier.areas[side]);
                next.faults[side] = Arc::clone(&earlier.faults[side]);
            }
            if sides_differ == [false; 2] {
                next.pieces = Arc::clone(&earlier.pieces);
            }
            if !addresses_differ {
                next.density = Arc::clone(&earlier.density);
            }
        }
        next
    }

    /// Levels of a side with ground, coarse to fine.
    pub(crate) fn present(&self, side: Side) -> &[Level] {
        &self.present[side as usize]
    }

    /// The level of areas that a side's layers show at a zoom.
    pub fn level_at(&self, side: Side, z: u8) -> Level {
        levels::shown(&self.present[side as usize], side, z)
    }

    /// A tile of Web Mercator with every row, see [`TileMaker::make`].
    pub fn tile(&self, map: &Reader<'_>, layers: &[TileLayer], id: TileId) -> Option<Vec<u8>> {
        self.make(map, &TileRequest { set: MatrixSet::WebMercatorQuad, id, layers, keep: Keep::ALL })
    }

    /// The tile as uncompressed MVT bytes, `None` where there is nothing. `map` must have the boundaries
    /// and addresses that the maker was made from; incidents and staff are read from it afresh.
    pub fn make(&self, map: &Reader<'_>, asked: &TileRequest<'_>) -> Option<Vec<u8>> {
        let &TileRequest { set, id, layers, keep } = asked;
        if id.z > MAX_ZOOM {
            return None;
        }
        let prepared = &self.prepared[set as usize];
        let frame = Frame::new(set, id);
        // A side's borders are worked out once for its ground and its lines.
        let borders: [OnceCell<Vec<Edge>>; 2] = Default::default();
        let mut tile = Vec::new();
        for (i, &layer) in layers.iter().enumerate() {
            if layers[..i].contains(&layer) || !layer.is_drawn_at(id.z) {
                continue;
            }
            let mut out = mvt::Layer::new(layer.as_str());
            match layer {
                TileLayer::Grid | TileLayer::Beat => {
                    let (side, stage) = self.stage_of(map, layer, &frame);
                    let edges = borders[side as usize].get_or_init(|| stage.edges(&frame));
                    area::ground(&mut out, map.layer(side), stage, &frame, edges);
                }
                TileLayer::GridLine | TileLayer::BeatLine => {
                    let (side, stage) = self.stage_of(map, layer, &frame);
                    let edges = borders[side as usize].get_or_init(|| stage.edges(&frame));
                    area::lines(&mut out, map.layer(side), &self.present[side as usize], edges);
                }
                TileLayer::GridLabel | TileLayer::BeatLabel => {
                    let (side, stage) = self.stage_of(map, layer, &frame);
                    area::labels(&mut out, map.layer(side), stage, &frame);
                }
                TileLayer::Piece => {
                    let stage = self.piece_stage(map, set, id.z);
                    piece::pieces(&mut out, map, stage, &frame);
                }
                TileLayer::Fault => {
                    for side in Side::BOTH {
                        let (faults, stage) = self.faults(map, set, side);
                        fault::faults(&mut out, map.layer(side), faults, stage, &frame);
                    }
                }
                TileLayer::ResidentDensity => match prepared.density.get() {
                    // Until all are counted, a tile with few is counted by itself.
                    _ if keep.chooses() => density::chosen(&mut out, map, &frame, keep),
                    None if density::is_near(id) => density::chosen(&mut out, map, &frame, keep),
                    _ => self.density(map, set).draw(&mut out, id),
                },
                TileLayer::Address => address::addresses(&mut out, map, &frame, keep),
                TileLayer::Incident => incident::incidents(&mut out, map, &frame, keep),
                TileLayer::Staff => staff::staff(&mut out, map, &frame, keep),
                TileLayer::Department(name) => {
                    if let Some(layer) = map.department(name) {
                        department::features(&mut out, map, layer, &frame, keep);
                    }
                }
            }
            out.finish(&mut tile);
        }
        (!tile.is_empty()).then_some(tile)
    }

    /// Whether a tile is made in a fraction of a millisecond: it shows boundaries alone, few of them lie in it, and they
    /// are prepared.
    pub fn is_quick(&self, asked: &TileRequest<'_>) -> bool {
        let &TileRequest { set, id, layers, keep } = asked;
        let prepared = &self.prepared[set as usize];
        let stage = |layer: &TileLayer| match layer {
            TileLayer::Grid | TileLayer::GridLine => prepared.areas[Side::Grid as usize].if_there(id.z),
            TileLayer::Beat | TileLayer::BeatLine => prepared.areas[Side::Beat as usize].if_there(id.z),
            TileLayer::Piece => prepared.pieces.if_there(id.z),
            _ => None,
        };
        let frame = Frame::new(set, id);
        !keep.chooses() && layers.iter().all(|layer| stage(layer).is_some_and(|stage| stage.has_few(&frame)))
    }

    /// Whether a tile, or any tile below it, could hold something: what is quick to tell from boxes, and
    /// never a no too many.
    pub fn may_hold(&self, map: &Reader<'_>, set: MatrixSet, layers: &[TileLayer], id: TileId) -> bool {
        // The drawn box, a unit of rounding included.
        let margin = f64::from(BUFFER + 1) / f64::from(mvt::EXTENT);
        let seen = id.bounds_with(set, margin);
        layers.iter().any(|&layer| match layer {
            TileLayer::Piece => !map.overlay().in_box(&seen).is_empty(),
            TileLayer::Fault => {
                Side::BOTH.iter().any(|&s| map.faults(s).all().iter().any(|f| f.bounds.intersects(&seen)))
            }
            TileLayer::ResidentDensity | TileLayer::Address => map.addresses().count_in_box(&seen) > 0,
            TileLayer::Incident => any(|f| map.incidents().in_box(&seen, |_| f())),
            TileLayer::Staff => any(|f| map.staff().in_box(&seen, |_| f())),
            TileLayer::Department(name) => {
                map.department(name).is_some_and(|d| any(|f| d.in_box(&seen, |_| f())))
            }
            TileLayer::Grid
            | TileLayer::GridLine
            | TileLayer::GridLabel
            | TileLayer::Beat
            | TileLayer::BeatLine
            | TileLayer::BeatLabel => layer.side().is_some_and(|s| !map.layer(s).in_box(&seen).is_empty()),
        })
    }

    /// Prepares what the first tile of a kind would wait for longest: the counts of residents by cell, for a city
    /// two thirds of a second.
    pub fn prepare(&self, map: &Reader<'_>) {
        self.density(map, MatrixSet::WebMercatorQuad);
    }

    fn density(&self, map: &Reader<'_>, set: MatrixSet) -> &Density {
        self.prepared[set as usize].density.get_or_init(|| Density::new(set, map.addresses()))
    }

    fn stage_of(&self, map: &Reader<'_>, layer: TileLayer, frame: &Frame) -> (Side, &Stage) {
        let side = layer.side().unwrap_or(Side::Grid);
        (side, self.area_stage(map, frame.set, side, frame.id.z))
    }

    /// The stage of a side's areas at a zoom.
    pub(crate) fn area_stage(&self, map: &Reader<'_>, set: MatrixSet, side: Side, z: u8) -> &Stage {
        let make = |z| Stage::of_areas(set, map.layer(side), self.level_at(side, z), z);
        self.prepared[set as usize].areas[side as usize].at(z, make)
    }

    /// The same, if it was made.
    pub(crate) fn area_stage_if_there(&self, set: MatrixSet, side: Side, z: u8) -> Option<&Stage> {
        self.prepared[set as usize].areas[side as usize].if_there(z)
    }

    fn faults<'a>(&self, map: &Reader<'a>, set: MatrixSet, side: Side) -> (&'a Faults, &Stage) {
        let faults = map.faults(side);
        let stage = &self.prepared[set as usize].faults[side as usize];
        (faults, stage.get_or_init(|| Stage::of_faults(set, faults)))
    }

    /// Whether a side's faults are prepared in any matrix set: else there is no tile that shows them.
    pub(crate) fn has_faults(&self, side: Side) -> bool {
        self.prepared.iter().any(|prepared| prepared.faults[side as usize].get().is_some())
    }

    /// Prepares a side's faults in the matrix sets in which another maker has.
    pub(crate) fn prepare_faults(&self, map: &Reader<'_>, side: Side, as_in: &Self) {
        let sets = MatrixSet::ALL.into_iter();
        let prepared = |set: &MatrixSet| as_in.prepared[*set as usize].faults[side as usize].get().is_some();
        for set in sets.filter(prepared) {
            self.faults(map, set, side);
        }
    }

    /// The stage of pieces at a zoom.
    pub(crate) fn piece_stage(&self, map: &Reader<'_>, set: MatrixSet, z: u8) -> &Stage {
        self.prepared[set as usize].pieces.at(z, |z| Stage::of_pieces(set, map.overlay(), z))
    }

    /// The same, if it was made.
    pub(crate) fn piece_stage_if_there(&self, set: MatrixSet, z: u8) -> Option<&Stage> {
        self.prepared[set as usize].pieces.if_there(z)
    }
}

/// Whether a scan calls back at all.
fn any(scan: impl FnOnce(&mut dyn FnMut())) -> bool {
    let mut found = false;
    scan(&mut || found = true);
    found
}
