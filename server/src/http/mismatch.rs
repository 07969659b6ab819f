//! `GET /api/mismatch`: grids ranked by how badly beats cut them, and beats by grids.

use super::{
    bounded::bounded,
    crosswalk::{after, level},
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
    Reader,
    crosswalk::Within,
    mismatch::{Mismatch, Question, Rank, mismatch as ranked},
    record::{Level, Side},
};
use serde_json::Value;

/// The columns of the answer.
pub const COLUMNS: &[&str] = &[
    "rank",
    "code",
    "name",
    "level",
    "cut",
    "residents",
    "residents_cut",
    "addresses_cut",
    "incidents_open_cut",
    "area_m2",
    "area_m2_cut",
    "area_m2_uncovered",
    "counterparts",
    "slivers",
    "main",
    "main_name",
];

/// One page of the ranking.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn mismatch(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let query = parse(&uri, &headers)?;
    let here = format!("{}/api/mismatch", app.ours.base(&headers));
    bounded(&app, move |reader, budget| {
        let within = match &query.within {
            None => Some(Within::Anywhere),
            Some(code) => reader.layer(query.side).find(code).map(Within::Area),
        };
        // A code that nobody has: as with the filters of items, nothing matches.
        let found = match within {
            None => Vec::new(),
            Some(within) => {
                let Query { side, level, other_level, by, .. } = query;
                ranked(reader, &Question { side, level, other_level, within, by }, budget)?
            }
        };
        let all: Vec<(u64, Mismatch)> = (1..).zip(found).collect();
        let page = (query.after, query.limit);
        let row = |(rank, m): &(u64, Mismatch)| row(reader, query.side, *rank, m);
        Table::page(("areas", COLUMNS), &all, |(rank, _)| *rank, page, row).answer(query.format, &here, &uri)
    })
    .await
}

/// What one request asks for.
struct Query {
    side: Side,
    level: Option<Level>,
    other_level: Option<Level>,
    within: Option<String>,
    by: Rank,
    after: Option<u64>,
    limit: usize,
    format: Format,
}

fn parse(uri: &Uri, headers: &HeaderMap) -> Result<Query, ApiError> {
    let mut params = Params::of(uri);
    let side = match params.text("layer").as_deref() {
        None | Some("grid") => Side::Grid,
        Some("beat") => Side::Beat,
        Some(other) => {
            params.fault("layer", format!("“{}” is neither grid nor beat", short(other)));
            Side::Grid
        }
    };
    let by = match params.text("by").as_deref() {
        None | Some("share") => Rank::Share,
        Some("residents") => Rank::Residents,
        Some("area") => Rank::Area,
        Some(other) => {
            params.fault("by", format!("“{}” is none of share, residents, area", short(other)));
            Rank::Share
        }
    };
    let query = Query {
        side,
        level: level(&mut params, "level", side),
        other_level: level(&mut params, "other_level", side.other()),
        within: params.text("within"),
        by,
        after: after(&mut params),
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT),
        format: params.format(headers),
    };
    params.finish("layer, level, other_level, within, by, limit, cursor, f")?;
    Ok(query)
}

fn row(reader: &Reader<'_>, side: Side, rank: u64, m: &Mismatch) -> Vec<Value> {
    let area = reader.layer(side).area(m.area);
    let main = m.main.map(|id| reader.layer(side.other()).area(id));
    vec![
        Value::from(rank),
        text(Some(&area.code)),
        text(area.name.as_deref()),
        text(Some(area.level.as_str())),
        share(Some(m.cut)),
        Value::from(m.tally.residents),
        Value::from(m.cut_tally.residents),
        Value::from(m.cut_tally.addresses),
        Value::from(m.cut_tally.incidents_open),
        square_metres(m.area_m2),
        square_metres(m.cut_m2),
        square_metres(m.uncovered_m2),
        Value::from(m.counterparts),
        Value::from(m.slivers),
        text(main.map(|a| a.code.as_str())),
        text(main.and_then(|a| a.name.as_deref())),
    ]
}
