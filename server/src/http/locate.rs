//! `GET /api/locate`: who is responsible for a point.

use super::{answer, params::Params};
use crate::{app::App, error::ApiError};
use axum::{extract::State, http::Uri, response::Response};
use gridbeat_onemap::{
    AreaId, E7, Reader, Scope,
    record::{Region, Side, StaffRow},
};
use gridbeat_store::{Duty, Store, StoreError};
use serde_json::{Value, json};

/// One point: its piece, grid and beat, their parents, who is on duty, and counts.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::Unavailable`].
pub async fn locate(State(app): State<App>, uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let position = params.position();
    params.json_or_html();
    params.finish("lon, lat, f")?;
    let Some(at) = position else { return Err(ApiError::parameter("lon", "is missing")) };
    app.live
        .read(move |live, reader| {
            let place = reader.locate(at);
            let piece = place.piece.map(|id| (id, reader.overlay().piece(id)));
            let area = |side, id: Option<AreaId>| match id {
                Some(id) => describe(reader, &**live.store(), live.scope(), side, id, at),
                None => Ok(Value::Null),
            };
            let counts = place.piece.map(|id| {
                let tally = reader.tally(id);
                json!({
                    "addresses": tally.addresses,
                    "residents": tally.residents,
                    "incidents_open": tally.incidents_open,
                })
            });
            Ok(answer::json(&json!({
                "lon": at.lon_degrees(),
                "lat": at.lat_degrees(),
                "piece": piece.map(|(_, p)| p.id.as_str()),
                "grid": area(Side::Grid, place.grid)?,
                "beat": area(Side::Beat, place.beat)?,
                "share_of_grid": piece.and_then(|(_, p)| p.share_of_grid),
                "counts": counts,
            })))
        })
        .await
}

/// An area with its parents, nearest first, who is on duty for it, chiefs first, and, where several
/// areas claim the place, all of them: the one that answers is the first.
fn describe(
    reader: &Reader<'_>,
    store: &dyn Store,
    scope: &Scope,
    side: Side,
    id: AreaId,
    at: E7,
) -> Result<Value, ApiError> {
    let layer = reader.layer(side);
    let area = layer.area(id);
    let parents: Vec<_> = layer
        .ancestors(id)
        .map(|p| layer.area(p))
        .map(|p| json!({ "code": p.code, "name": p.name, "level": p.level.as_str() }))
        .collect();
    let mut duty = match store.on_duty(scope, side, &[(area.region, &area.code)]) {
        // Without the store there are no names and phones, but who is on duty is known.
        Err(StoreError::Busy | StoreError::Unavailable { .. }) => {
            on_map(reader, side, area.region, &area.code)
        }
        duty => duty?,
    };
    // Stable: of equal rank they stay in the store's order, by code.
    duty.sort_by_key(|d| !is_chief(d));
    let on_duty: Vec<_> =
        duty.iter().map(|d| json!({ "name": d.name, "role": d.role, "phone": d.phone })).collect();
    let disputed = reader
        .claimants(side, at)
        .map(|all| all.iter().map(|&claimant| layer.area(claimant).code.as_str()).collect::<Vec<_>>());
    Ok(json!({
        "fid": area.fid.0,
        "code": area.code,
        "name": area.name,
        "level": area.level.as_str(),
        "area_m2": area.area_m2,
        "parents": parents,
        "on_duty": on_duty,
        "disputed": disputed,
    }))
}

/// Who is on duty for an area by the map alone: roles, neither names nor phones.
fn on_map(reader: &Reader<'_>, side: Side, region: Region, code: &str) -> Vec<Duty> {
    let answers = |r: &StaffRow| {
        r.on_duty
            && r.side == side
            && r.area.as_deref() == Some(code)
            && (r.region == region || r.region == Region(0))
    };
    let mut duty: Vec<Duty> = reader
        .staff()
        .iter()
        .map(|s| &s.row)
        .filter(|r| answers(r))
        .map(|r| Duty {
            code: r.code.clone(),
            name: None,
            role: r.role.clone(),
            phone: None,
            area: code.to_owned(),
        })
        .collect();
    duty.sort_by(|a, b| a.code.cmp(&b.code));
    duty
}

/// Whether a role is that of a chief, in either language.
fn is_chief(duty: &Duty) -> bool {
    duty.role.as_deref().is_some_and(|r| r.contains("chief") || r.contains('长'))
}
