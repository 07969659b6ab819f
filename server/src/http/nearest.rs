//! `GET /api/nearest`: the nearest addresses, incidents, staff on duty, or features of a department's layer.

use super::{
    answer, asked_rows,
    bounded::bounded,
    params::{MAX_LIMIT, Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, department::Layer, many::collected, read::Item},
};
use axum::{extract::State, http::Uri, response::Response};
use gridbeat_onemap::{
    E7, Reader,
    query::{Budget, IncidentFilter, StaffFilter},
};
use serde_json::{Value, json};

/// How many when the caller does not say.
const FEW: usize = 10;

/// The nearest of a collection, each with `distance_m`.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`].
pub async fn nearest(State(app): State<App>, uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let at = params.position();
    let k = params.count("k", FEW, MAX_LIMIT);
    let name = params.text("collection");
    let asked = match name.as_deref() {
        None if params.has("side") => Asked::Staff(asked_rows::staff(&mut params)),
        None | Some("addresses") => Asked::Addresses,
        Some("incidents") => Asked::Incidents(asked_rows::incidents(&mut params)),
        Some("staff") => Asked::Staff(asked_rows::staff(&mut params)),
        Some(other) => match department(&app, other) {
            Some(layer) => Asked::Department(layer),
            None => {
                let detail = "is none of addresses, incidents, staff, and no layer of a department";
                params.fault("collection", format!("“{}” {detail}", short(other)));
                Asked::Addresses
            }
        },
    };
    params.json_or_html();
    params.finish(match asked {
        Asked::Addresses | Asked::Department(_) => "lon, lat, k, collection, f",
        Asked::Incidents(_) => "lon, lat, k, collection, datetime, category, state, risk, open, f",
        Asked::Staff(_) => "lon, lat, k, collection, side, role, on_duty, f",
    })?;
    let Some(at) = at else { return Err(ApiError::parameter("lon", "is missing")) };
    bounded(&app, move |reader, budget| {
        let found = asked.find(reader, at, k, budget)?;
        let features = found.iter().map(|(item, metres)| {
            let mut feature = item.feature(reader, asked.collection().fields());
            // To the centimetre, as finely as places are known.
            feature.properties.push(("distance_m", Value::from((metres * 100.0).round() / 100.0)));
            feature
        });
        Ok(answer::ok(answer::GEOJSON, collected(features, &json!({ "numberReturned": found.len() }))))
    })
    .await
}

/// The department's layer of that name.
fn department(app: &App, name: &str) -> Option<&'static Layer> {
    let snapshot = app.live.now();
    match Collection::find(&snapshot.map.read(app.live.scope()), name)? {
        Collection::Department(layer) => Some(layer),
        _ => None,
    }
}

/// What is looked for.
enum Asked {
    Addresses,
    Department(&'static Layer),
    Incidents(IncidentFilter),
    Staff(StaffFilter),
}

impl Asked {
    fn collection(&self) -> Collection {
        match self {
            Self::Addresses => Collection::Addresses,
            Self::Department(layer) => Collection::Department(layer),
            Self::Incidents(_) => Collection::Incidents,
            Self::Staff(_) => Collection::Staff,
        }
    }

    /// The nearest with their metres, nearest first.
    fn find<'a>(
        &self,
        reader: &Reader<'a>,
        at: E7,
        k: usize,
        budget: &Budget<'_>,
    ) -> Result<Vec<(Item<'a>, f64)>, ApiError> {
        Ok(match self {
            Self::Addresses => {
                let found = reader.nearest_addresses(at, k, budget)?;
                found.into_iter().map(|(i, m)| (Item::Address(i), m)).collect()
            }
            Self::Department(layer) => match reader.department(&layer.schema.name) {
                Some(department) => {
                    let found = reader.nearest_features(department, at, k, budget)?;
                    found.into_iter().map(|(i, m)| (Item::Department(department, i), m)).collect()
                }
                None => Vec::new(),
            },
            Self::Incidents(filter) => {
                let found = reader.nearest_incidents(at, k, filter, budget)?;
                found.into_iter().map(|(i, m)| (Item::Incident(i), m)).collect()
            }
            Self::Staff(filter) => {
                let found = reader.nearest_staff(at, k, filter, budget)?;
                found.into_iter().map(|(p, m)| (Item::Staff(p), m)).collect()
            }
        })
    }
}
