//! `GET /api/raster`: counts in each cell of a raster of squares or hexagons, as features to draw.

use super::{
    answer, asked_rows,
    bounded::bounded,
    crosswalk::after,
    cursor::{token, with},
    params::{Format, MAX_LIMIT, Params, short},
    summary::{AREAS, counted},
    table::Table,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, Geometry, Id, frame::Frame, geojson::push_feature},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{
    Bounds, MultiPolygon, Polygon,
    query::{Cell, Counts, IncidentFilter, Raster, Tiling},
};
use serde_json::{Value, json};

/// The counts of a cell, as those of an area.
pub const COUNTS: &[&str] = AREAS.split_at(3).1;
/// The columns of the table.
const COLUMNS: &[&str] = &[
    "row",
    "col",
    "lon",
    "lat",
    "addresses",
    "residents",
    "dwellings",
    "organisations",
    "incidents",
    "incidents_open",
    "staff",
    "staff_on_duty",
];

/// What one request asks for.
struct Query {
    tiling: Tiling,
    size_m: f64,
    within: Option<String>,
    bbox: Option<Vec<Bounds>>,
    filter: IncidentFilter,
    after: Option<u64>,
    limit: usize,
    format: Format,
}

/// Cells that hold something, from south to north and west to east.
///
/// # Errors
/// [`ApiError::NotFound`] for another tiling, [`ApiError::BadParameters`], [`ApiError::TooCostly`],
/// [`ApiError::Timeout`].
pub async fn raster(
    State(app): State<App>,
    Path(tiling): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let query = parse(&tiling, &uri, &headers)?;
    let here = format!("{}/api/raster/{tiling}", app.ours.base(&headers));
    bounded(&app, move |reader, budget| {
        let ground = query.bbox.as_deref().map(asked_rows::ground);
        let middle = ground.as_ref().map_or_else(|| reader.bounds(), |g| g.around());
        let raster = Raster::new(query.tiling, query.size_m, middle.center())?;
        // A code that nobody has: nothing lies there.
        let cells: Vec<(Cell, Counts)> = match asked_rows::place(reader, query.within.as_deref(), ground) {
            Some(place) => {
                reader.count_by_cell(&place, &query.filter, &raster, budget)?.into_iter().collect()
            }
            None => Vec::new(),
        };
        let all: Vec<(u64, &(Cell, Counts))> = (1..).zip(&cells).collect();
        let page = (query.after, query.limit);
        if query.format == Format::Csv {
            let row = |(_, (cell, counts)): &(u64, &(Cell, Counts))| {
                let center = Bounds::of(&raster.outline(*cell)).center();
                let place = [cell.row.into(), cell.col.into()].into_iter();
                place
                    .chain([center.lon_degrees(), center.lat_degrees()].map(Value::from))
                    .chain(counted(counts))
                    .collect()
            };
            return Table::page(("cells", COLUMNS), &all, |(n, _)| *n, page, row).answer(
                query.format,
                &here,
                &uri,
            );
        }
        features(&raster, &all, page, &here, &uri)
    })
    .await
}

/// A page of cells as features.
fn features(
    raster: &Raster,
    all: &[(u64, &(Cell, Counts))],
    (after, limit): (Option<u64>, usize),
    here: &str,
    uri: &Uri,
) -> Result<Response, ApiError> {
    let start = after.map_or(0, |after| all.partition_point(|(n, _)| *n <= after));
    let end = (start + limit).min(all.len());
    let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (i, (_, (cell, counts))) in all[start..end].iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let ring = raster.outline(*cell);
        let ground = MultiPolygon(vec![Polygon { exterior: ring, holes: Vec::new() }]);
        let mut properties = vec![("row", Value::from(cell.row)), ("col", Value::from(cell.col))];
        properties.extend(COUNTS.iter().copied().zip(counted(counts)));
        let id = Id::Piece(format!("{},{}", cell.row, cell.col));
        let feature = Feature { id, geometry: Geometry::Ground(ground), properties };
        push_feature(&mut out, &feature, &Frame::CRS84).map_err(|_| ApiError::Internal)?;
    }
    let mut links = vec![
        ("self", with(here, uri, &[]), answer::GEOJSON),
        ("alternate", with(here, uri, &[("f", "csv")]), "text/csv"),
    ];
    if end < all.len() {
        links.push(("next", with(here, uri, &[("cursor", &token(all[end - 1].0))]), answer::GEOJSON));
    }
    let listed: Vec<_> =
        links.iter().map(|(rel, href, media)| json!({ "rel": rel, "href": href, "type": media })).collect();
    let matched = all.len();
    out.push_str(&format!(
        r#"],"numberMatched":{matched},"numberReturned":{},"links":{}}}"#,
        end - start,
        json!(listed)
    ));
    let mut response = answer::ok(answer::GEOJSON, out);
    answer::link(&mut response, &links);
    Ok(response)
}

fn parse(tiling: &str, uri: &Uri, headers: &HeaderMap) -> Result<Query, ApiError> {
    let tiling = match tiling {
        "square" => Tiling::Square,
        "hexagon" => Tiling::Hexagon,
        other => {
            let known = "expected /api/raster/square or /api/raster/hexagon";
            return Err(ApiError::NotFound(format!("there is no raster “{}”; {known}", short(other))));
        }
    };
    let mut params = Params::of(uri);
    let query = Query {
        tiling,
        size_m: params.number("size").unwrap_or(500.0),
        within: params.text("within"),
        bbox: params.bbox().map(|b| b.0),
        filter: asked_rows::incidents(&mut params),
        after: after(&mut params),
        limit: params.limit(1000, MAX_LIMIT),
        format: params.format_of(headers, &[Format::Json, Format::Csv]),
    };
    params.finish(&format!("size, within, bbox, {}, limit, cursor, f", asked_rows::INCIDENTS))?;
    Ok(query)
}
