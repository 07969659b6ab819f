//! The HTTP API: a file for each resource, and [`pass`], through which every request goes to it.

mod answer;
mod asked_rows;
mod assets;
mod basemap;
mod bounded;
mod candidates;
mod collections;
mod conformance;
mod counted;
mod crosswalk;
mod cursor;
mod etag;
mod export;
mod feature_body;
mod features;
pub mod front;
pub mod guard;
mod health;
mod html;
mod incident_body;
mod incidents;
mod inside;
mod item;
mod items;
mod landing;
mod locate;
mod locate_bulk;
mod mismatch;
mod nearest;
pub use locate_bulk::codes;
mod narrow;
mod neighbours;
mod ogc_tiles;
mod openapi;
mod page;
pub mod params;
mod pass;
mod people;
pub mod problem;
mod raster;
mod resume;
mod schemas;
mod search;
mod sort;
mod staff;
mod stream;
pub mod styles;
mod summary;
mod table;
#[cfg(test)]
mod testing;
mod tile_rows;
pub mod tilejson;
pub mod tiles;
mod trace;
mod wanted;
mod within;
mod write;
mod write_body;

use crate::app::App;
use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};

/// Bytes of a request's body at most, but for bulk `locate`.
pub const BODY_LIMIT: usize = 1 << 20;

/// All routes of the server.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(conformance::conformance))
        .route("/openapi.json", get(openapi::document))
        .route("/openapi.html", get(openapi::page))
        .route("/collections", get(collections::list))
        .route("/collections/{id}", get(collections::one))
        .route("/collections/{id}/schema", get(schemas::schema))
        .route("/collections/{id}/queryables", get(schemas::queryables))
        .route("/collections/{id}/sortables", get(schemas::sortables))
        .route("/collections/{id}/items", get(items::items).post(write::create))
        .route("/collections/{id}/neighbours", get(neighbours::pairs))
        .route("/collections/{id}/items/{fid}/neighbours", get(neighbours::of_one))
        .route(
            "/collections/{id}/items/{fid}",
            get(item::item).put(write::replace).patch(write::update).delete(write::delete),
        )
        .route("/collections/{id}/tiles", get(ogc_tiles::collection_tilesets))
        .route("/collections/{id}/tiles/{set}", get(ogc_tiles::collection_tileset))
        .route("/collections/{id}/tiles/{set}/{matrix}/{row}/{column}", get(ogc_tiles::collection_tile))
        .route("/tiles", get(ogc_tiles::map_tilesets))
        .route("/tiles/{set}", get(ogc_tiles::map_tileset))
        .route("/tiles/{set}/{matrix}/{row}/{column}", get(ogc_tiles::map_tile))
        .route("/tileMatrixSets", get(ogc_tiles::matrix_sets))
        .route("/tileMatrixSets/{id}", get(ogc_tiles::matrix_set))
        .route("/locate", get(locate::locate).post(locate_bulk::locate_bulk))
        .route("/crosswalk", get(crosswalk::crosswalk))
        .route("/mismatch", get(mismatch::mismatch))
        .route("/nearest", get(nearest::nearest))
        .route("/summary", get(summary::summary))
        .route("/raster/{tiling}", get(raster::raster))
        .route("/within", post(within::within))
        .route("/search", get(search::search))
        .route("/stream", get(stream::stream));
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{*path}", get(assets::asset))
        .route("/styles/{name}", get(styles::style))
        .route("/sprites/{name}", get(styles::sprite))
        .route("/fonts/{stack}/{range}", get(styles::glyphs))
        .route("/tiles/{name}", get(tilejson::tilejson))
        .route(tiles::ROUTE, get(tiles::tile))
        .route("/basemap/{z}/{x}/{y}", get(basemap::tile))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .nest("/api", api)
        // The landing page as the OpenAPI document has it: the server's address and the path `/`.
        .route("/api/", get(landing::landing))
        .fallback(assets::file)
        .layer(from_fn_with_state(app.clone(), pass::pass))
        .with_state(app)
}
