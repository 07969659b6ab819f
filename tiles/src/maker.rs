//! From a map to the bytes of a tile.

use crate::{
    content::{address, area, density::Density, department, fault, incident, piece, staff},
    frame::Frame,
    layer::TileLayer,
    levels, mvt,
    quantise::Edge,
    stage::{Stage, Stages},
    tile_id::{MAX_ZOOM, TileId},
};
use gridbeat_onemap::{
    Reader,
    record::{Level, Side},
};
use std::{cell::OnceCell, sync::OnceLock};

/// Makes tiles of one state of boundaries and addresses. Cheap to make: outlines of a zoom are
/// prepared when its first tile is asked for, then kept. Share it by `Arc`; make a new one when
/// boundaries or addresses change, not when incidents or staff do.
#[derive(Default)]
pub struct TileMaker {
    /// Levels with ground of grids and beats, coarse to fine.
    present: [Vec<Level>; 2],
    areas: [Stages; 2],
    pieces: Stages,
    faults: [OnceLock<Stage>; 2],
    density: OnceLock<Density>,
}

impl TileMaker {
    /// A maker for the boundaries and addresses of a map.
    pub fn new(map: &Reader<'_>) -> Self {
        let present = Side::BOTH.map(|side| levels::present(map.layer(side)));
        Self { present, ..Self::default() }
    }

    /// The level of areas that a side's layers show at a zoom.
    pub fn level_at(&self, side: Side, z: u8) -> Level {
        levels::shown(&self.present[side as usize], side, z)
    }

    /// The tile as uncompressed MVT bytes, layers in the order given (a repeated one once); `None`
    /// where there is nothing. `map` must have the boundaries and addresses that the maker was made
    /// from; incidents and staff are read from it afresh.
    pub fn tile(&self, map: &Reader<'_>, layers: &[TileLayer], id: TileId) -> Option<Vec<u8>> {
        if id.z > MAX_ZOOM {
            return None;
        }
        let frame = Frame::new(id);
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
                    let (side, stage) = self.area_stage(map, layer, id);
                    let edges = borders[side as usize].get_or_init(|| stage.edges(&frame));
                    area::ground(&mut out, map.layer(side), stage, &frame, edges);
                }
                TileLayer::GridLine | TileLayer::BeatLine => {
                    let (side, stage) = self.area_stage(map, layer, id);
                    let edges = borders[side as usize].get_or_init(|| stage.edges(&frame));
                    area::lines(&mut out, map.layer(side), &self.present[side as usize], edges);
                }
                TileLayer::GridLabel | TileLayer::BeatLabel => {
                    let (side, stage) = self.area_stage(map, layer, id);
                    area::labels(&mut out, map.layer(side), stage, &frame);
                }
                TileLayer::Piece => {
                    let stage = self.pieces.at(id, |z| Stage::of_pieces(map.overlay(), z));
                    piece::pieces(&mut out, map, stage, &frame);
                }
                TileLayer::Fault => {
                    for side in Side::BOTH {
                        let faults = map.faults(side);
                        let stage = self.faults[side as usize].get_or_init(|| Stage::of_faults(faults));
                        fault::faults(&mut out, map.layer(side), faults, stage, &frame);
                    }
                }
                TileLayer::ResidentDensity => {
                    self.density.get_or_init(|| Density::new(map.addresses())).draw(&mut out, id);
                }
                TileLayer::Address => address::addresses(&mut out, map, id),
                TileLayer::Incident => incident::incidents(&mut out, map, id),
                TileLayer::Staff => staff::staff(&mut out, map, id),
                TileLayer::Department(name) => {
                    if let Some(layer) = map.department(name) {
                        department::features(&mut out, map, layer, id);
                    }
                }
            }
            out.finish(&mut tile);
        }
        (!tile.is_empty()).then_some(tile)
    }

    fn area_stage(&self, map: &Reader<'_>, layer: TileLayer, id: TileId) -> (Side, &Stage) {
        let side = layer.side().unwrap_or(Side::Grid);
        let make = |z| Stage::of_areas(map.layer(side), self.level_at(side, z), z);
        (side, self.areas[side as usize].at(id, make))
    }
}
