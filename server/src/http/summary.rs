//! `GET /api/summary`: counts by grid, beat or piece, or incidents over time in each; with `collection` the same of a
//! department's layer.

use super::{
    asked_rows,
    bounded::bounded,
    counted::{self, Counted},
    crosswalk::{after, level},
    params::{DEFAULT_LIMIT, Format, MAX_LIMIT, Params, short},
    table::Table,
};
use crate::{app::App, error::ApiError, feature::read::text};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{
    Reader,
    query::{By, Counts, FeatureGroup, FeatureTally, Group, IncidentFilter, Interval, Key, ZONE},
    record::Side,
};
use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

/// The columns of counts by area.
pub const AREAS: &[&str] = &[
    "code",
    "name",
    "level",
    "addresses",
    "residents",
    "dwellings",
    "organisations",
    "incidents",
    "incidents_open",
    "staff",
    "staff_on_duty",
];
/// The columns of counts by piece.
pub const PIECES: &[&str] = &[
    "piece",
    "grid",
    "beat",
    "addresses",
    "residents",
    "dwellings",
    "organisations",
    "incidents",
    "incidents_open",
    "staff",
    "staff_on_duty",
];
/// The columns of areas over time.
pub const AREAS_OVER_TIME: &[&str] = &["code", "name", "level", "start", "incidents"];
/// The columns of pieces over time.
pub const PIECES_OVER_TIME: &[&str] = &["piece", "grid", "beat", "start", "incidents"];

/// One page of groups; with `interval` of groups and hours, days or weeks.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn summary(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let here = format!("{}/api/summary", app.ours.base(&headers));
    let mut params = Params::of(&uri);
    if let Some(counted) = Counted::parse(&app, &mut params) {
        return of_layer(&app, counted, params, &uri, &headers, here).await;
    }
    let query = parse(params, &headers)?;
    bounded(&app, move |reader, budget| {
        // A code that nobody has: as with the filters of items, nothing matches.
        let groups = match asked_rows::place(
            reader,
            query.within.as_deref(),
            query.bbox.as_deref().map(asked_rows::ground),
        ) {
            Some(place) => reader.summary(query.by, &place, &query.filter, query.interval, budget)?.groups,
            None => Vec::new(),
        };
        let page = (query.after, query.limit);
        let Some((_, zone)) = query.interval else {
            let all: Vec<(u64, &Group)> = (1..).zip(&groups).collect();
            let columns = if query.by == By::Piece { PIECES } else { AREAS };
            let row = |(_, g): &(u64, &Group)| [named(reader, query.by, g.key), counted(&g.counts)].concat();
            return Table::page(("groups", columns), &all, |(n, _)| *n, page, row).answer(
                query.format,
                &here,
                &uri,
            );
        };
        let buckets = groups.iter().flat_map(|g| g.series.iter().map(move |b| (g.key, b)));
        let all: Vec<(u64, Bucket<'_>)> = (1..).zip(buckets).collect();
        let columns = if query.by == By::Piece { PIECES_OVER_TIME } else { AREAS_OVER_TIME };
        Table::page(
            ("groups", columns),
            &all,
            |(n, _)| *n,
            page,
            |(_, (key, (start, incidents)))| {
                let start = start.display_with_offset(zone).to_string();
                [named(reader, query.by, *key), vec![Value::from(start), Value::from(*incidents)]].concat()
            },
        )
        .answer(query.format, &here, &uri)
    })
    .await
}

/// Whose, when it begins, and incidents in it.
type Bucket<'a> = (Option<Key>, &'a (Timestamp, u64));

/// What one request asks for.
struct Query {
    by: By,
    within: Option<String>,
    bbox: Option<Vec<gridbeat_onemap::Bounds>>,
    filter: IncidentFilter,
    interval: Option<(Interval, Offset)>,
    after: Option<u64>,
    limit: usize,
    format: Format,
}

/// The same of a department's layer: features, and the sums of columns.
async fn of_layer(
    app: &App,
    counted: Counted,
    mut params: Params,
    uri: &Uri,
    headers: &HeaderMap,
    here: String,
) -> Result<Response, ApiError> {
    let by = by(&mut params).unwrap_or(By::Area(Side::Grid, None));
    let interval = interval(&mut params);
    if interval.is_some() && counted.layer.schema.time_column().is_none() {
        params.fault("interval", "needs one column of days or times; the layer has none, or more than one");
    }
    let page = (after(&mut params), params.limit(DEFAULT_LIMIT, MAX_LIMIT));
    let format = params.format(headers);
    params.finish(&format!("by, level, {}, interval, tz, limit, cursor, f", counted::PARAMETERS))?;
    let uri = uri.clone();
    bounded(app, move |reader, budget| {
        let layer = counted::department(reader, counted.layer)?;
        let mut tally = FeatureTally::new(reader, layer, &counted.sums, by, interval, budget)?;
        counted.each(reader, budget, |i| {
            tally.add(i);
            Ok::<_, ApiError>(())
        })?;
        let groups = tally.groups();
        let lead = &if by == By::Piece { PIECES } else { AREAS }[..3];
        let table = if let Some((_, zone)) = interval {
            let buckets = groups.iter().flat_map(|g| g.series.iter().map(move |b| (g.key, b)));
            let all: Vec<(u64, Bucket<'_>)> = (1..).zip(buckets).collect();
            let columns = [lead, &["start", "features"]].concat();
            Table::page(
                ("groups", columns),
                &all,
                |(n, _)| *n,
                page,
                |&(_, (key, (start, n)))| {
                    let start = start.display_with_offset(zone).to_string();
                    [named(reader, by, key), vec![Value::from(start), Value::from(*n)]].concat()
                },
            )
        } else {
            let all: Vec<(u64, &FeatureGroup)> = (1..).zip(&groups).collect();
            Table::page(
                ("groups", counted.columns(lead)),
                &all,
                |(n, _)| *n,
                page,
                |(_, g)| [named(reader, by, g.key), counted::values(&g.counts)].concat(),
            )
        };
        table.answer(format, &here, &uri)
    })
    .await
}

/// `interval`, and `tz`: by whose clocks it goes.
fn interval(params: &mut Params) -> Option<(Interval, Offset)> {
    let zone = zone(params);
    let word = params.text("interval")?;
    let found = [Interval::Hour, Interval::Day, Interval::Week].into_iter().find(|i| i.as_str() == word);
    if found.is_none() {
        params.fault("interval", format!("“{}” is none of hour, day, week", short(&word)));
    }
    Some((found?, zone))
}

fn parse(mut params: Params, headers: &HeaderMap) -> Result<Query, ApiError> {
    let by = by(&mut params).unwrap_or(By::Area(Side::Grid, None));
    let interval = interval(&mut params);
    let query = Query {
        by,
        within: params.text("within"),
        bbox: params.bbox().map(|b| b.0),
        filter: asked_rows::incidents(&mut params),
        interval,
        after: after(&mut params),
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT),
        format: params.format(headers),
    };
    params.finish(&format!(
        "by, level, collection, within, bbox, {}, interval, tz, limit, cursor, f",
        asked_rows::INCIDENTS
    ))?;
    Ok(query)
}

/// `by` with `level`; `None` when `by` is not there.
pub fn by(params: &mut Params) -> Option<By> {
    let word = params.text("by")?;
    match word.as_str() {
        "grid" => Some(By::Area(Side::Grid, level(params, "level", Side::Grid))),
        "beat" => Some(By::Area(Side::Beat, level(params, "level", Side::Beat))),
        "piece" => Some(By::Piece),
        other => {
            params.fault("by", format!("“{}” is none of grid, beat, piece", short(other)));
            None
        }
    }
}

/// `tz`, by whose clocks hours, days and weeks begin.
fn zone(params: &mut Params) -> Offset {
    let Some(word) = params.text("tz") else { return ZONE };
    // A form decoder makes a space of the plus.
    let mended = word.replace(' ', "+");
    let zone = format!("2000-01-01T00:00:00{mended}[{mended}]").parse::<jiff::Zoned>().map(|z| z.offset());
    zone.unwrap_or_else(|_| {
        params.fault("tz", format!("“{}” is not an offset such as +08:00", short(&word)));
        ZONE
    })
}

/// Code, name and level of an area; id, grid and beat of a piece; nulls for what lies in none.
pub fn named(reader: &Reader<'_>, by: By, key: Option<Key>) -> Vec<Value> {
    match (key, by) {
        (Some(Key::Area(id)), By::Area(side, _)) => {
            let area = reader.layer(side).area(id);
            vec![text(Some(&area.code)), text(area.name.as_deref()), text(Some(area.level.as_str()))]
        }
        (Some(Key::Piece(id)), _) => {
            let piece = reader.overlay().piece(id);
            let code = |side, id: Option<_>| text(id.map(|i| reader.layer(side).area(i).code.as_str()));
            vec![text(Some(&piece.id)), code(Side::Grid, piece.grid), code(Side::Beat, piece.beat)]
        }
        _ => vec![Value::Null; 3],
    }
}

/// In the order of the columns.
pub fn counted(counts: &Counts) -> Vec<Value> {
    let t = &counts.tally;
    [
        t.addresses,
        t.residents,
        t.dwellings,
        t.organisations,
        t.incidents,
        t.incidents_open,
        counts.staff,
        counts.on_duty,
    ]
    .map(Value::from)
    .into()
}
