//! `GET /api/raster`: counts in each cell of a raster of squares or hexagons, as features to draw; with `collection`
//! of a department's layer.

use super::{
    answer, asked_rows,
    bounded::bounded,
    counted::{self, Counted},
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
    Bounds, MultiPolygon, Polygon, Reader,
    query::{Budget, Cell, CellTally, IncidentFilter, Raster, Tiling},
};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::BTreeMap};

/// The counts of a cell, as those of an area.
pub const COUNTS: &[&str] = AREAS.split_at(3).1;
/// The columns of the table that say which cell it is.
const PLACE: &[&str] = &["row", "col", "lon", "lat"];

/// What one request asks for.
struct Query {
    tiling: Tiling,
    size_m: f64,
    what: What,
    after: Option<u64>,
    limit: usize,
    format: Format,
}

/// What is counted.
enum What {
    /// Addresses, incidents that a filter wants, and staff.
    BuiltIn { within: Option<String>, bbox: Option<Vec<Bounds>>, filter: IncidentFilter },
    /// Features of a department's layer.
    Features(Counted),
}

/// Cells with their counts, and what these are called.
struct Counts {
    raster: Raster,
    columns: Cow<'static, [&'static str]>,
    cells: Vec<(Cell, Vec<Value>)>,
}

impl Query {
    fn count(&self, reader: &Reader<'_>, budget: &Budget<'_>) -> Result<Counts, ApiError> {
        let raster_at = |middle| Raster::new(self.tiling, self.size_m, middle);
        match &self.what {
            What::BuiltIn { within, bbox, filter } => {
                let ground = bbox.as_deref().map(asked_rows::ground);
                let middle = ground.as_ref().map_or_else(|| reader.bounds(), |g| g.around());
                let raster = raster_at(middle.center())?;
                // A code that nobody has: nothing lies there.
                let cells = match asked_rows::place(reader, within.as_deref(), ground) {
                    Some(place) => reader.count_by_cell(&place, filter, &raster, budget)?,
                    None => BTreeMap::new(),
                };
                let cells = cells.iter().map(|(cell, counts)| (*cell, counted(counts))).collect();
                Ok(Counts { raster, columns: COUNTS.into(), cells })
            }
            What::Features(asked) => {
                let middle = asked.query.bbox.as_ref().and_then(|b| b.0.first().copied());
                let raster = raster_at(middle.unwrap_or_else(|| reader.bounds()).center())?;
                let mut tally =
                    CellTally::new(counted::department(reader, asked.layer)?, &asked.sums, &raster);
                asked.each(reader, budget, |i| tally.add(i))?;
                let cells =
                    tally.cells().iter().map(|(cell, counts)| (*cell, counted::values(counts))).collect();
                Ok(Counts { raster, columns: asked.columns(&[]), cells })
            }
        }
    }
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
    let query = parse(&app, &tiling, &uri, &headers)?;
    let here = format!("{}/api/raster/{tiling}", app.ours.base(&headers));
    bounded(&app, move |reader, budget| {
        let counts = query.count(reader, budget)?;
        let all: Vec<(u64, &(Cell, Vec<Value>))> = (1..).zip(&counts.cells).collect();
        let page = (query.after, query.limit);
        if query.format == Format::Csv {
            let row = |(_, (cell, values)): &(u64, &(Cell, Vec<Value>))| {
                let center = Bounds::of(&counts.raster.outline(*cell)).center();
                let place = [cell.row.into(), cell.col.into()].into_iter();
                place
                    .chain([center.lon_degrees(), center.lat_degrees()].map(Value::from))
                    .chain(values.iter().cloned())
                    .collect()
            };
            let columns = [PLACE, &counts.columns].concat();
            return Table::page(("cells", columns), &all, |(n, _)| *n, page, row).answer(
                query.format,
                &here,
                &uri,
            );
        }
        features(&counts, &all, page, &here, &uri)
    })
    .await
}

/// A page of cells as features.
fn features(
    counts: &Counts,
    all: &[(u64, &(Cell, Vec<Value>))],
    (after, limit): (Option<u64>, usize),
    here: &str,
    uri: &Uri,
) -> Result<Response, ApiError> {
    let start = after.map_or(0, |after| all.partition_point(|(n, _)| *n <= after));
    let end = (start + limit).min(all.len());
    let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (i, (_, (cell, values))) in all[start..end].iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let ring = counts.raster.outline(*cell);
        let ground = MultiPolygon(vec![Polygon { exterior: ring, holes: Vec::new() }]);
        let mut properties = vec![("row", Value::from(cell.row)), ("col", Value::from(cell.col))];
        properties.extend(counts.columns.iter().copied().zip(values.iter().cloned()));
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

fn parse(app: &App, tiling: &str, uri: &Uri, headers: &HeaderMap) -> Result<Query, ApiError> {
    let tiling = match tiling {
        "square" => Tiling::Square,
        "hexagon" => Tiling::Hexagon,
        other => {
            let known = "expected /api/raster/square or /api/raster/hexagon";
            return Err(ApiError::NotFound(format!("there is no raster “{}”; {known}", short(other))));
        }
    };
    let mut params = Params::of(uri);
    let (what, known) = match Counted::parse(app, &mut params) {
        Some(counted) => (What::Features(counted), counted::PARAMETERS.to_owned()),
        None => {
            let within = params.text("within");
            let bbox = params.bbox().map(|b| b.0);
            let filter = asked_rows::incidents(&mut params);
            let known = format!("collection, within, bbox, {}", asked_rows::INCIDENTS);
            (What::BuiltIn { within, bbox, filter }, known)
        }
    };
    let query = Query {
        tiling,
        size_m: params.number("size").unwrap_or(500.0),
        what,
        after: after(&mut params),
        limit: params.limit(1000, MAX_LIMIT),
        format: params.format_of(headers, &[Format::Json, Format::Csv]),
    };
    params.finish(&format!("size, {known}, limit, cursor, f"))?;
    Ok(query)
}
