//! `GET /api/crosswalk`: what grids and beats have in common, at any level of either side.

use super::{
    bounded::bounded,
    cursor,
    params::{DEFAULT_LIMIT, Format, MAX_LIMIT, Params, short},
    table::Table,
};
use crate::{
    app::App,
    error::ApiError,
    feature::read::{share, square_metres, text},
};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{
    AreaId, Layer, Reader,
    crosswalk::{Asked, Pair, Within, crosswalk as pairs_of},
    record::{Level, Side},
};
use serde_json::Value;

/// The columns of the answer.
pub const COLUMNS: &[&str] = &[
    "grid",
    "grid_name",
    "beat",
    "beat_name",
    "piece",
    "area_m2",
    "share_of_grid",
    "share_of_beat",
    "addresses",
    "addresses_share_of_grid",
    "addresses_share_of_beat",
    "residents",
    "residents_share_of_grid",
    "residents_share_of_beat",
];

/// One page of pairs.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn crosswalk(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let query = parse(&uri, &headers)?;
    let here = format!("{}/api/crosswalk", app.ours.base(&headers));
    bounded(&app, move |reader, budget| {
        let sides = (reader.layer(Side::Grid), reader.layer(Side::Beat));
        let within = |code: &Option<String>, layer: &Layer| match code.as_deref() {
            None => Some(Within::Anywhere),
            Some("") => Some(Within::Nowhere),
            Some(code) => layer.find(code).map(Within::Area),
        };
        // A code that nobody has: as with the filters of items, nothing matches.
        let all = match (within(&query.grid, sides.0), within(&query.beat, sides.1)) {
            (Some(grids), Some(beats)) => pairs_of(
                reader,
                &Asked { grid_level: query.grid_level, beat_level: query.beat_level, grids, beats },
                budget,
            )?,
            _ => Vec::new(),
        };
        let page = (query.after, query.limit);
        Table::page(("pairs", COLUMNS), &all, key, page, |pair| row(reader, pair)).answer(
            query.format,
            &here,
            &uri,
        )
    })
    .await
}

/// What one request asks for.
struct Query {
    grid_level: Option<Level>,
    beat_level: Option<Level>,
    grid: Option<String>,
    beat: Option<String>,
    after: Option<u64>,
    limit: usize,
    format: Format,
}

fn parse(uri: &Uri, headers: &HeaderMap) -> Result<Query, ApiError> {
    let mut params = Params::of(uri);
    let query = Query {
        grid_level: level(&mut params, "level", Side::Grid),
        beat_level: level(&mut params, "beat_level", Side::Beat),
        grid: params.text("grid"),
        beat: params.text("beat"),
        after: after(&mut params),
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT),
        format: params.format(headers),
    };
    params.finish("level, beat_level, grid, beat, limit, cursor, f")?;
    Ok(query)
}

/// A level of a side.
pub fn level(params: &mut Params, name: &str, side: Side) -> Option<Level> {
    let word = params.text(name)?;
    let level = word.parse().ok().filter(|l: &Level| l.side() == side);
    if level.is_none() {
        let all: Vec<_> = Level::ALL.iter().filter(|l| l.side() == side).map(|l| l.as_str()).collect();
        let side = side.layer();
        params.fault(
            name,
            format!("“{}” is no level of the {side} side; expected one of {}", short(&word), all.join(", ")),
        );
    }
    level
}

/// The key in `cursor`.
pub fn after(params: &mut Params) -> Option<u64> {
    let token = params.text("cursor")?;
    let key = cursor::key(&token);
    if key.is_none() {
        params.fault("cursor", "is not one of ours; follow the link with rel=next");
    }
    key
}

/// Orders as the pairs are ordered: by grid, then beat, none first.
fn key(pair: &Pair) -> u64 {
    let part = |id: Option<AreaId>| id.map_or(0, |a| u64::from(a.0) + 1);
    part(pair.grid) << 32 | part(pair.beat)
}

fn row(reader: &Reader<'_>, pair: &Pair) -> Vec<Value> {
    let area = |side: Side, id: Option<AreaId>| id.map(|i| reader.layer(side).area(i));
    let (grid, beat) = (area(Side::Grid, pair.grid), area(Side::Beat, pair.beat));
    vec![
        text(grid.map(|a| a.code.as_str())),
        text(grid.and_then(|a| a.name.as_deref())),
        text(beat.map(|a| a.code.as_str())),
        text(beat.and_then(|a| a.name.as_deref())),
        text(pair.piece.map(|p| reader.overlay().piece(p).id.as_str())),
        square_metres(pair.area_m2),
        share(pair.of_grid.area),
        share(pair.of_beat.area),
        Value::from(pair.tally.addresses),
        share(pair.of_grid.addresses),
        share(pair.of_beat.addresses),
        Value::from(pair.tally.residents),
        share(pair.of_grid.residents),
        share(pair.of_beat.residents),
    ]
}
