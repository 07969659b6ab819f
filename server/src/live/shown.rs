//! Which tile layers show something of which rows: of a change in the log, and of what differs between two maps.

use super::touched::Seen;
use gridbeat_onemap::{
    Bounds, Differences,
    record::{LayerKind, LayerName, Side},
};
use gridbeat_tiles::{Redrawn, TileLayer};

/// The tile layers that show something of a layer of the store, of all rows or of those that a filter chooses.
/// `departments` are the layers of departments that there are.
pub(super) fn touched_layers<'a>(
    layer: &LayerName,
    departments: impl IntoIterator<Item = &'a str>,
) -> Vec<TileLayer> {
    let side = match layer {
        // Tiles know columns of the map's own schema; here the name is all that matters.
        LayerName::Department(name) => return vec![TileLayer::department(name)],
        LayerName::BuiltIn(LayerKind::Address | LayerKind::Resident) => {
            return vec![TileLayer::ResidentDensity, TileLayer::Address];
        }
        LayerName::BuiltIn(LayerKind::Incident) => return vec![TileLayer::Incident],
        LayerName::BuiltIn(LayerKind::Staff) => return vec![TileLayer::Staff],
        LayerName::BuiltIn(LayerKind::Grid) => Side::Grid,
        LayerName::BuiltIn(LayerKind::Beat) => Side::Beat,
    };
    let of_both = [TileLayer::Piece, TileLayer::Fault];
    // They say in whose ground they lie; counts of addresses do not, but a filter may ask for it.
    let on_ground = [TileLayer::ResidentDensity, TileLayer::Address, TileLayer::Incident];
    let departments = departments.into_iter().map(TileLayer::department);
    areas(side).into_iter().chain(of_both).chain(on_ground).chain(departments).collect()
}

/// The layers of one side's areas.
const fn areas(side: Side) -> [TileLayer; 3] {
    match side {
        Side::Grid => [TileLayer::Grid, TileLayer::GridLine, TileLayer::GridLabel],
        Side::Beat => [TileLayer::Beat, TileLayer::BeatLine, TileLayer::BeatLabel],
    }
}

/// Where what differs between two maps is seen.
pub(super) fn differing(differences: &Differences, redrawn: Redrawn) -> Vec<Seen> {
    let Differences { rows, pieces, .. } = differences;
    let both = |a: &[Bounds], b: &[Bounds]| [a, b].concat();
    let [grids, beats] = redrawn.areas;
    let mut all = vec![
        Seen::redrawn(&areas(Side::Grid), grids),
        Seen::redrawn(&areas(Side::Beat), beats),
        Seen::redrawn(&[TileLayer::Piece], redrawn.pieces),
        Seen::new(&[TileLayer::Fault], redrawn.faults),
        Seen::new(&[TileLayer::ResidentDensity, TileLayer::Address], rows.addresses.clone()),
        Seen::new(&[TileLayer::Address], pieces.addresses.clone()),
        Seen::of_chosen(&[TileLayer::ResidentDensity], pieces.addresses.clone()),
        Seen::new(&[TileLayer::Incident], both(&rows.incidents, &pieces.incidents)),
        Seen::new(&[TileLayer::Staff], rows.staff.clone()),
    ];
    let departments = rows.departments.iter().chain(&pieces.departments);
    all.extend(departments.map(|(name, at)| Seen::new(&[TileLayer::Department(name)], at.clone())));
    all.retain(|seen| !seen.places().is_empty());
    all
}
