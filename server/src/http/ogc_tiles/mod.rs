//! OGC API – Tiles: matrix sets, the lists of tilesets, their metadata, and tiles by matrix, row and column.
//!
//! A tileset is some layers in one matrix set. There is one of each set for the whole map (`/api/tiles`) and for
//! every collection (`/api/collections/{id}/tiles`).

mod matrix_sets;
mod tile;
mod tilesets;

pub use matrix_sets::{list as matrix_sets, one as matrix_set};
pub use tile::{of_collection as collection_tile, of_map as map_tile};
pub use tilesets::{
    list_of_collection as collection_tilesets, list_of_map as map_tilesets,
    of_collection as collection_tileset, of_map as map_tileset,
};

use crate::{
    app::App,
    error::ApiError,
    feature::collection::Collection,
    http::params::{Params, short},
};
use gridbeat_tiles::{MatrixSet, TileLayer};

/// The matrix set of a path segment.
fn named(id: &str) -> Result<MatrixSet, ApiError> {
    MatrixSet::find(id).ok_or_else(|| {
        let all = MatrixSet::ALL.map(MatrixSet::as_str);
        ApiError::NotFound(format!(
            "there is no tile matrix set “{}”; there are {}",
            short(id),
            all.join(", ")
        ))
    })
}

/// The layers in a collection's tiles: its features, and what is drawn of them beside.
fn layers_of(collection: Collection) -> Vec<TileLayer> {
    use TileLayer as L;
    match collection {
        Collection::Grids => vec![L::Grid, L::GridLine, L::GridLabel],
        Collection::Beats => vec![L::Beat, L::BeatLine, L::BeatLabel],
        Collection::Pieces => vec![L::Piece],
        Collection::Addresses => vec![L::ResidentDensity, L::Address],
        Collection::Incidents => vec![L::Incident],
        Collection::Staff => vec![L::Staff],
        Collection::Department(_) => vec![L::department(collection.id())],
    }
}

/// `collections` of the map's tiles: a comma list, all when it is not there.
fn chosen(app: &App, params: &mut Params) -> Vec<Collection> {
    let snapshot = app.live.now();
    let reader = snapshot.map.read(app.live.scope());
    let Some(text) = params.text("collections") else { return Collection::all(&reader) };
    let mut chosen = Vec::new();
    for id in text.split(',').map(str::trim) {
        match Collection::find(&reader, id) {
            Some(collection) => chosen.push(collection),
            None => {
                let all: Vec<_> = Collection::all(&reader).into_iter().map(Collection::id).collect();
                params.fault(
                    "collections",
                    format!("there is no collection “{}”; there are {}", short(id), all.join(", ")),
                );
            }
        }
    }
    chosen
}

fn all_layers(collections: &[Collection]) -> Vec<TileLayer> {
    collections.iter().flat_map(|&c| layers_of(c)).collect()
}
