//! Who borders whom: `GET /api/collections/{grids|beats|pieces}/items/{fid}/neighbours` for one,
//! `GET /api/collections/{grids|beats|pieces}/neighbours` for all pairs.

use super::{
    bounded::bounded,
    collections::named,
    crosswalk::{after, level},
    item::href,
    page::find,
    params::{DEFAULT_LIMIT, MAX_LIMIT, Params, short},
    table::Table,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, read::Item},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{AreaId, PieceId, Reader, record::Side};
use serde_json::Value;

/// Columns of the neighbours of an area.
pub const OF_AREA: &[&str] = &["fid", "code", "name", "level", "border_m"];
/// Columns of the neighbours of a piece.
pub const OF_PIECE: &[&str] = &["piece", "grid", "beat", "border_m"];
/// Columns of the pairs of areas.
pub const AREA_PAIRS: &[&str] = &["fid", "code", "neighbour_fid", "neighbour_code", "border_m"];
/// Columns of the pairs of pieces.
pub const PIECE_PAIRS: &[&str] = &["piece", "neighbour", "border_m"];

/// The neighbours of one area or piece, the longest common border first.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn of_one(
    State(app): State<App>,
    Path((id, fid)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = with_ground(&app, &id)?;
    let mut params = Params::of(&uri);
    let format = params.format(&headers);
    params.finish("f")?;
    let base = app.ours.base(&headers);
    bounded(&app, move |reader, budget| {
        let item = find(reader, collection, &fid)
            .ok_or_else(|| ApiError::NotFound(format!("there is no feature “{}” in {id}", short(&fid))))?;
        let here = format!("{}/neighbours", href(collection, &item.id(reader), &base));
        let (columns, rows, open_m): (_, Vec<Vec<Value>>, f64) = match item {
            Item::Area(side, area) => {
                let found = reader.layer(side).neighbours(area, budget)?;
                let rows = found.beside.into_iter().map(|(n, m)| area_row(reader, side, n, m)).collect();
                (OF_AREA, rows, found.open_m)
            }
            Item::Piece(piece) => {
                let found = reader.overlay().neighbours(piece, budget)?;
                let rows = found.beside.into_iter().map(|(n, m)| piece_row(reader, n, m)).collect();
                (OF_PIECE, rows, found.open_m)
            }
            // Collections of points were refused above.
            _ => (OF_AREA, Vec::new(), 0.0),
        };
        let matched = rows.len();
        let more = [("open_m".to_owned(), metres(open_m))].into_iter().collect();
        let table = Table { name: "neighbours", columns: columns.into(), rows, matched, next: None, more };
        table.answer(format, &here, &uri)
    })
    .await
}

/// Every pair of neighbours once.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn pairs(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = with_ground(&app, &id)?;
    let mut params = Params::of(&uri);
    let level = collection.side().and_then(|side| level(&mut params, "level", side));
    let page = (after(&mut params), params.limit(DEFAULT_LIMIT, MAX_LIMIT));
    let format = params.format(&headers);
    params.finish(if collection.side().is_some() {
        "level, limit, cursor, f"
    } else {
        "limit, cursor, f"
    })?;
    let here = format!("{}/api/collections/{id}/neighbours", app.ours.base(&headers));
    bounded(&app, move |reader, budget| {
        let table = match collection.side() {
            Some(side) => {
                let all: Vec<_> = reader.layer(side).adjacency(level, budget)?.pairs().collect();
                let key = |p: &(AreaId, AreaId, f64)| key(p.0.0, p.1.0);
                Table::page(("pairs", AREA_PAIRS), &all, key, page, |&(a, b, m)| {
                    let (a, b) = (reader.layer(side).area(a), reader.layer(side).area(b));
                    let ends = [a, b].map(|x| [Value::from(x.fid.0), Value::from(x.code.as_str())]);
                    ends.into_iter().flatten().chain([metres(m)]).collect()
                })
            }
            None => {
                let all: Vec<_> = reader.overlay().adjacency(budget)?.pairs().collect();
                let key = |p: &(PieceId, PieceId, f64)| key(p.0.0, p.1.0);
                Table::page(("pairs", PIECE_PAIRS), &all, key, page, |&(a, b, m)| {
                    let ends = [a, b].map(|x| Value::from(reader.overlay().piece(x).id.as_str()));
                    ends.into_iter().chain([metres(m)]).collect()
                })
            }
        };
        table.answer(format, &here, &uri)
    })
    .await
}

/// The collection, if its features have neighbours.
fn with_ground(app: &App, id: &str) -> Result<Collection, ApiError> {
    let collection = named(app, id)?;
    if collection.has_neighbours() {
        return Ok(collection);
    }
    Err(ApiError::NotFound(format!("{id} border nothing; grids, beats and pieces do")))
}

/// Pairs come in the order of both ids.
fn key(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

/// Metres, to the millimetre; 0 for those that touch in a point.
fn metres(value: f64) -> Value {
    Value::from((value * 1e3).round() / 1e3)
}

fn area_row(reader: &Reader<'_>, side: Side, id: AreaId, border_m: f64) -> Vec<Value> {
    let area = Item::Area(side, id);
    let mut row = vec![Value::from(area.fid(reader).0)];
    row.extend(["code", "name", "level"].map(|field| area.value(reader, field)));
    row.push(metres(border_m));
    row
}

fn piece_row(reader: &Reader<'_>, id: PieceId, border_m: f64) -> Vec<Value> {
    let mut row: Vec<Value> = ["piece", "grid", "beat"].map(|f| Item::Piece(id).value(reader, f)).into();
    row.push(metres(border_m));
    row
}
