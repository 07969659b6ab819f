//! `…/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}`: a tile.

use super::{all_layers, chosen, layers_of, named};
use crate::{
    app::App,
    error::ApiError,
    http::{
        collections,
        params::{Params, short},
        tile_rows,
        tiles::{accepted, respond},
    },
    live::tiles::Wanted,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_tiles::{MatrixSet, TileId, TileLayer};

/// A tile of the map.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`], and those of making it.
pub async fn of_map(
    State(app): State<App>,
    Path((set, matrix, row, column)): Path<(String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let set = named(&set)?;
    let mut params = Params::of(&uri);
    let layers = all_layers(&chosen(&app, &mut params));
    let id = tile_of(set, &matrix, &row, &column)?;
    answer(&app, &headers, params, set, id, layers, "collections, ").await
}

/// A tile of a collection.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`], and those of making it.
pub async fn of_collection(
    State(app): State<App>,
    Path((collection, set, matrix, row, column)): Path<(String, String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = collections::named(&app, &collection)?;
    let set = named(&set)?;
    let id = tile_of(set, &matrix, &row, &column)?;
    answer(&app, &headers, Params::of(&uri), set, id, layers_of(collection), "").await
}

async fn answer(
    app: &App,
    headers: &HeaderMap,
    mut params: Params,
    set: MatrixSet,
    id: TileId,
    layers: Vec<TileLayer>,
    known: &str,
) -> Result<Response, ApiError> {
    if let Some(f) = params.text("f")
        && f != "mvt"
    {
        params.fault("f", format!("“{}” is not served here; expected mvt", short(&f)));
    }
    let rows = tile_rows::rows(app, &mut params, &layers);
    params.finish(&format!("f, {known}{}", tile_rows::NAMES))?;
    let encoding = accepted(headers);
    respond(app, headers, &Wanted { layers, set, id, encoding, rows }).await
}

/// The tile of a matrix, a row and a column. What the set does not have is not found (OGC 20-057, 7.1.5).
fn tile_of(set: MatrixSet, matrix: &str, row: &str, column: &str) -> Result<TileId, ApiError> {
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let level = number(matrix).and_then(|n| u8::try_from(n).ok()).filter(|&n| n <= set.max_level());
    let Some(level) = level else {
        return Err(ApiError::NotFound(format!(
            "{} has no tile matrix “{}”; there are 0 to {}",
            set.as_str(),
            short(matrix),
            set.max_level()
        )));
    };
    let id = number(row).zip(number(column)).and_then(|(row, column)| set.tile(level, column, row));
    id.ok_or_else(|| {
        let [columns, rows] = set.size(level);
        ApiError::NotFound(format!(
            "tile matrix {level} of {} has rows 0 to {} and columns 0 to {}, no tile {}/{}",
            set.as_str(),
            rows - 1,
            columns - 1,
            short(row),
            short(column)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_before_columns() {
        let web = MatrixSet::WebMercatorQuad;
        assert_eq!(tile_of(web, "3", "1", "7").unwrap(), TileId { z: 3, x: 7, y: 1 });
        let plate = MatrixSet::WorldCrs84Quad;
        assert_eq!(tile_of(plate, "3", "1", "15").unwrap(), TileId { z: 4, x: 15, y: 1 });
        for (set, matrix, row, column) in [
            (plate, "22", "0", "0"),
            (web, "23", "0", "0"),
            (web, "3", "8", "0"),
            (plate, "3", "8", "0"),
            (web, "x", "0", "0"),
            (web, "+3", "0", "0"),
            (web, "3", "-1", "0"),
            (web, "", "0", "0"),
            (web, "3", "99999999999", "0"),
        ] {
            let found = tile_of(set, matrix, row, column);
            assert!(matches!(found, Err(ApiError::NotFound(_))), "{matrix}/{row}/{column}");
        }
    }
}
