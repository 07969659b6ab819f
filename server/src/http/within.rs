//! `POST /api/within`: what lies on the ground of a GeoJSON geometry: how many, and which.

use super::{
    answer, asked_rows,
    bounded::bounded,
    counted::{self, Counted},
    crosswalk::after,
    cursor::token,
    page::Query,
    params::{DEFAULT_LIMIT, MAX_LIMIT, Params, short},
    summary::{AREAS, PIECES, by, counted, named},
    write::json_body,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, department::Layer, many::collected, read::Item},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use geo_types::Geometry;
use gridbeat_filter::{FilterError, Place, parse_geometry};
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon, Reader, Ring,
    coverage::{join_parts, repair},
    index::Ground,
    query::{Budget, By, FeatureCounts, FeatureTally, IncidentFilter, Page, StaffFilter, Where},
    record::Fid,
};
use serde_json::{Map, Value, json};

/// Metres around a point at most.
const MOST_METRES: f64 = 100_000.0;

/// Counts, by area or piece if asked; or a page of a collection.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::BadBody`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn within(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let radius = params.number("radius");
    if radius.is_some_and(|r| !(0.0..=MOST_METRES).contains(&r)) {
        params.fault("radius", format!("lies outside 0 … {MOST_METRES} metres"));
    }
    let by = by(&mut params);
    let rows = params.text("collection").map(|name| {
        let snapshot = app.live.now();
        let found = Collection::find(&snapshot.map.read(app.live.scope()), &name);
        found.filter(|c| !c.has_neighbours()).unwrap_or_else(|| {
            let detail = format!(
                "“{}” is none of addresses, incidents, staff, and no layer of a department",
                short(&name)
            );
            params.fault("collection", detail);
            Collection::Addresses
        })
    });
    let sums = match (rows, by) {
        // Of a department's layer both have a meaning: counts of its features.
        (Some(Collection::Department(layer)), Some(_)) => counted::sums(&mut params, layer),
        (Some(_), Some(_)) => {
            params.fault("by", "stands beside collection; one of them was expected");
            Vec::new()
        }
        _ => Vec::new(),
    };
    let staff =
        if rows == Some(Collection::Staff) { asked_rows::staff(&mut params) } else { StaffFilter::default() };
    let filter = asked_rows::incidents(&mut params);
    let page = Page { after: after(&mut params).map(Fid), limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT) };
    params.json_or_html();
    params.finish("radius, by, level, collection, sum, datetime, category, state, risk, open, side, role, on_duty, limit, cursor, f")?;
    let body = json_body(&headers, body, &["application/geo+json", "application/json"]).await?;
    let ground = ground(&body, radius)?;
    bounded(&app, move |reader, budget| {
        let place = Where::on(ground);
        if let (Some(Collection::Department(layer)), Some(by)) = (rows, by) {
            let counted = Counted { layer, query: Query::default(), sums };
            return of_layer(reader, &counted, &place, by, budget);
        }
        if let Some(Collection::Department(layer)) = rows {
            return department(reader, layer, &place, page, budget);
        }
        match rows {
            Some(collection) => rows_of(reader, collection, &place, (&filter, &staff), page, budget),
            None => counts(reader, &place, by, &filter, budget),
        }
    })
    .await
}

/// The ground of a body: a polygon or several, or a point and metres around it; as a geometry or a feature.
fn ground(body: &Value, radius: Option<f64>) -> Result<Ground, ApiError> {
    let (value, at) = match body.get("type").and_then(Value::as_str) {
        Some("Feature") => (body.get("geometry").unwrap_or(&Value::Null), "/geometry"),
        _ => (body, ""),
    };
    let geometry = parse_geometry(value).map_err(|FilterError { place, what }| {
        let Place::Member(pointer) = place else { return ApiError::body("geometry", what) };
        let member = format!("{at}{pointer}");
        ApiError::body(if member.is_empty() { "geometry" } else { &member }, what)
    })?;
    let polygons = match (geometry, radius) {
        (Geometry::Point(p), Some(metres)) => {
            return Ok(Ground::circle(position(p.0)?, metres));
        }
        (Geometry::Point(_), None) => {
            return Err(ApiError::parameter("radius", "is missing; metres around the point"));
        }
        (_, Some(_)) => return Err(ApiError::parameter("radius", "belongs to a Point; the body is none")),
        (Geometry::Polygon(p), None) => vec![p],
        (Geometry::MultiPolygon(all), None) => all.0,
        _ => return Err(ApiError::body("type", "is none of Polygon, MultiPolygon, Point")),
    };
    let mut ground = MultiPolygon::default();
    for polygon in &polygons {
        let ring = |line: &geo_types::LineString| -> Result<Ring, ApiError> {
            // The last position repeats the first.
            let open = line.0.split_last().map_or(&[][..], |(_, open)| open);
            open.iter().map(|c| position(*c)).collect()
        };
        let holes: Result<Vec<Ring>, ApiError> = polygon.interiors().iter().map(ring).collect();
        let polygon = Polygon { exterior: ring(polygon.exterior())?, holes: holes? };
        let mended = repair(&polygon).map_err(|e| ApiError::body("coordinates", e.to_string()))?;
        ground.0.extend(mended.polygons.0);
    }
    // Ground that two parts cover is ground all the same.
    let joined = join_parts(&ground);
    Ok(Ground::polygon(joined.as_ref().unwrap_or(&ground)))
}

fn position(c: geo_types::Coord) -> Result<E7, ApiError> {
    E7::from_degrees(c.x, c.y).ok_or_else(|| {
        ApiError::body("coordinates", format!("{}, {} is no longitude and latitude in degrees", c.x, c.y))
    })
}

fn counts(
    reader: &Reader<'_>,
    place: &Where,
    by: Option<By>,
    filter: &IncidentFilter,
    budget: &Budget<'_>,
) -> Result<Response, ApiError> {
    let counts = reader.count(place, filter, budget)?;
    let mut out = json!({ "counts": object(&AREAS[3..], counted(&counts)) });
    if let Some(by) = by {
        let columns = if by == By::Piece { PIECES } else { AREAS };
        let groups = reader.summary(by, place, filter, None, budget)?.groups;
        let some = groups.iter().filter(|g| g.counts != Default::default());
        let rows = some.map(|g| object(columns, [named(reader, by, g.key), counted(&g.counts)].concat()));
        out["groups"] = rows.map(Value::Object).collect();
    }
    Ok(answer::json(&out))
}

/// Counts of the features of a department's layer there, and by area or piece.
fn of_layer(
    reader: &Reader<'_>,
    counted: &Counted,
    place: &Where,
    by: By,
    budget: &Budget<'_>,
) -> Result<Response, ApiError> {
    let layer = counted::department(reader, counted.layer)?;
    let mut groups = FeatureTally::new(reader, layer, &counted.sums, by, None, budget)?;
    let mut all = FeatureCounts::none(&counted.sums);
    reader.each_feature(layer, place, budget, |i| {
        groups.add(i);
        all.add(layer, &counted.sums, i);
    })?;
    let lead = &if by == By::Piece { PIECES } else { AREAS }[..3];
    let (columns, of_all) = (counted.columns(lead), counted.columns(&[]));
    let some = groups.groups().into_iter().filter(|g| g.counts.features > 0);
    let rows = some.map(|g| {
        Value::Object(object(&columns, [named(reader, by, g.key), counted::values(&g.counts)].concat()))
    });
    let counts = object(&of_all, counted::values(&all));
    Ok(answer::json(&json!({ "counts": counts, "groups": rows.collect::<Vec<_>>() })))
}

fn object(columns: &[&str], values: Vec<Value>) -> Map<String, Value> {
    columns.iter().map(|c| (*c).to_owned()).zip(values).collect()
}

/// A page of the features of a department's layer on the ground: points, and lines and polygons with any part of them.
fn department(
    reader: &Reader<'_>,
    layer: &'static Layer,
    place: &Where,
    page: Page,
    budget: &Budget<'_>,
) -> Result<Response, ApiError> {
    let department = counted::department(reader, layer)?;
    let found = reader.find_features(department, place, page, budget)?;
    let cursor = found.next.map(|fid| token(fid.0));
    let rest =
        json!({ "numberMatched": found.matched, "numberReturned": found.items.len(), "cursor": cursor });
    let features =
        found.items.iter().map(|&i| Item::Department(department, i).feature(reader, &layer.fields));
    Ok(answer::ok(answer::GEOJSON, collected(features, &rest)))
}

fn rows_of(
    reader: &Reader<'_>,
    collection: Collection,
    place: &Where,
    (incidents, staff): (&IncidentFilter, &StaffFilter),
    page: Page,
    budget: &Budget<'_>,
) -> Result<Response, ApiError> {
    let (items, matched, next): (Vec<Item<'_>>, u64, Option<Fid>) = match collection {
        Collection::Incidents => {
            let found = reader.find_incidents(place, incidents, page, budget)?;
            (found.items.into_iter().map(Item::Incident).collect(), found.matched, found.next)
        }
        Collection::Staff => {
            let found = reader.find_staff(place, staff, page, budget)?;
            (found.items.into_iter().map(Item::Staff).collect(), found.matched, found.next)
        }
        _ => {
            let found = reader.find_addresses(place, page, budget)?;
            (found.items.into_iter().map(Item::Address).collect(), found.matched, found.next)
        }
    };
    let cursor = next.map(|fid| token(fid.0));
    let rest = json!({ "numberMatched": matched, "numberReturned": items.len(), "cursor": cursor });
    let features = items.iter().map(|item| item.feature(reader, collection.fields()));
    Ok(answer::ok(answer::GEOJSON, collected(features, &rest)))
}
