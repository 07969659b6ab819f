//! `/api/search`: areas by name or code, addresses by a piece of their text, coordinates.

use super::{
    answer,
    bounded::bounded,
    params::{BoxFilter, Params},
};
use crate::{
    app::App,
    error::ApiError,
    live::{Live, event::degrees},
};
use axum::{extract::State, http::Uri, response::Response};
use gridbeat_onemap::{
    AreaId, E7, Reader,
    query::Budget,
    record::{Fid, Side},
    search::Sought,
};
use gridbeat_store::SHORTEST_SEARCH;
use serde_json::{Value, json};
use std::sync::Arc;

/// Results when the caller does not say, and at most.
const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;
/// What asking the store costs: enough that the budget looks whether anybody waits.
const STORE: u64 = 2048;
/// Characters of a question at most.
const LONGEST: usize = 200;

/// Finds places: coordinates first, then areas, best first, then addresses.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::TooCostly`], [`ApiError::Timeout`], [`ApiError::Unavailable`].
pub async fn search(State(app): State<App>, uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let asked = params.text("q").map(|q| q.trim().to_owned());
    match &asked {
        None => params.fault("q", "is missing; a name, code, address or “lon,lat” was expected"),
        Some(q) if q.is_empty() => params.fault("q", "is empty"),
        Some(q) if q.chars().count() > LONGEST => {
            params.fault("q", format!("is longer than {LONGEST} characters"))
        }
        Some(q) if q.contains('\0') => params.fault("q", "holds a NUL"),
        Some(_) => {}
    }
    let limit = params.limit(DEFAULT_LIMIT, MAX_LIMIT);
    let bbox = params.bbox();
    params.json_or_html();
    params.finish("q, limit, bbox, f")?;
    let q = asked.unwrap_or_default();
    let live = Arc::clone(&app.live);
    bounded(&app, move |reader, budget| {
        let mut results = Vec::new();
        if let Some(at) = coordinates(&q)
            && bbox.as_ref().is_none_or(|b| b.contains(at))
        {
            let text = format!("{}, {}", at.lon_degrees(), at.lat_degrees());
            results.push(json!({
                "kind": "coordinate", "text": text, "lon": at.lon_degrees(), "lat": at.lat_degrees(),
            }));
        }
        results.extend(areas(reader, &q, limit.saturating_sub(results.len()), bbox.as_ref(), budget)?);
        let left = limit.saturating_sub(results.len());
        if let Some(sought) = Sought::new(&q).filter(|_| left > 0) {
            results.extend(addresses(&live, reader, &sought, left, bbox.as_ref(), budget)?);
        }
        Ok(answer::json(&json!({ "results": results })))
    })
    .await
}

/// Addresses that hold a piece of text, best first: by the store's index, which is of the whole ground and of
/// pieces that are long enough, where that is quicker; else in memory.
fn addresses(
    live: &Live,
    reader: &Reader<'_>,
    sought: &Sought,
    limit: usize,
    bbox: Option<&BoxFilter>,
    budget: &Budget<'_>,
) -> Result<Vec<Value>, ApiError> {
    let all = reader.addresses();
    let by_index = bbox.is_none() && live.regions().are_all() && sought.is_plain();
    if by_index && all.has_rare_run(sought, SHORTEST_SEARCH) {
        // The index answers in milliseconds, but not those who have gone.
        budget.spend(STORE)?;
        let hits = live.store().search_addresses(live.scope(), sought.text(), limit)?;
        return Ok(hits.iter().map(|h| address(h.fid, &h.code, &h.text, h.at)).collect());
    }
    // Across the antimeridian each half is asked.
    let halves = bbox.map_or_else(|| vec![None], |b| b.0.iter().map(Some).collect());
    let mut found = Vec::new();
    for half in halves {
        found.extend(all.search(sought, limit, half, budget)?);
    }
    found.truncate(limit);
    Ok(found.into_iter().map(|i| all.get(i)).map(|a| address(a.fid, a.code, a.text, a.at)).collect())
}

fn address(fid: Fid, code: &str, text: &str, at: E7) -> Value {
    json!({
        "kind": "address", "fid": fid.0, "code": code, "text": text,
        "lon": at.lon_degrees(), "lat": at.lat_degrees(),
    })
}

/// `120.3,31.5` (a comma, of either width, or space between): longitude, then latitude; the other way
/// round when only that can be.
fn coordinates(q: &str) -> Option<E7> {
    let parts: Vec<&str> =
        q.split([',', '，', ' ', ';', '\t']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let [first, second] = parts[..] else { return None };
    let (a, b): (f64, f64) = (first.parse().ok()?, second.parse().ok()?);
    E7::from_degrees(a, b).or_else(|| E7::from_degrees(b, a))
}

/// How well an area answers: smaller is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Code,
    Name,
    NameStart,
    CodeStart,
    NamePart,
    CodePart,
}

fn rank(q: &str, code: &str, name: &str) -> Option<Rank> {
    if code == q {
        Some(Rank::Code)
    } else if name == q {
        Some(Rank::Name)
    } else if name.starts_with(q) {
        Some(Rank::NameStart)
    } else if code.starts_with(q) {
        Some(Rank::CodeStart)
    } else if name.contains(q) {
        Some(Rank::NamePart)
    } else if code.contains(q) {
        Some(Rank::CodePart)
    } else {
        None
    }
}

/// Areas by name or code: better matches first, then the larger area, then the shorter name.
fn areas(
    reader: &Reader<'_>,
    q: &str,
    limit: usize,
    bbox: Option<&BoxFilter>,
    budget: &Budget<'_>,
) -> Result<Vec<Value>, ApiError> {
    let wanted = q.to_lowercase();
    let mut found: Vec<(Rank, usize, usize, Side, AreaId)> = Vec::new();
    for side in Side::BOTH {
        let layer = reader.layer(side);
        for id in layer.ids() {
            budget.spend(1)?;
            let area = layer.area(id);
            if bbox.is_some_and(|b| area.bounds.is_empty() || !b.intersects(&area.bounds)) {
                continue;
            }
            let name = area.name.as_deref().unwrap_or_default().to_lowercase();
            if let Some(rank) = rank(&wanted, &area.code.to_lowercase(), &name) {
                let depth = layer.ancestors(id).count();
                found.push((rank, depth, name.chars().count(), side, id));
            }
        }
    }
    found.sort_by(|a, b| (&a.0, a.1, a.2, a.3, a.4.0).cmp(&(&b.0, b.1, b.2, b.3, b.4.0)));
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, _, _, side, id)| result(reader, side, id)).collect())
}

fn result(reader: &Reader<'_>, side: Side, id: AreaId) -> Value {
    let layer = reader.layer(side);
    let area = layer.area(id);
    let ground = (!area.bounds.is_empty()).then_some(area.bounds);
    let at = layer.label(id).or_else(|| ground.map(|b| b.center()));
    json!({
        "kind": side.layer(),
        "side": side.staff(),
        "fid": area.fid.0,
        "code": area.code,
        "name": area.name,
        "level": area.level.as_str(),
        "lon": at.map(E7::lon_degrees),
        "lat": at.map(E7::lat_degrees),
        "bbox": ground.map(degrees),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_either_way_round() {
        let at = E7::new(1_203_000_000, 315_000_000);
        for q in ["120.3,31.5", "120.3, 31.5", "120.3 31.5", "31.5,120.3", "120.3，31.5"] {
            assert_eq!(coordinates(q), Some(at), "{q}");
        }
        for q in ["120.3", "a,b", "1,2,3", "200,300", "NaN,1", "太湖"] {
            assert_eq!(coordinates(q), None, "{q}");
        }
    }

    #[test]
    fn an_exact_code_beats_a_name_that_begins_so() {
        assert!(rank("b1", "b1", "x") < rank("b1", "z", "b1 north"));
        assert!(rank("太湖", "1", "太湖街道") < rank("太湖", "2", "云湖区太湖街道"));
        assert_eq!(rank("q", "a", "b"), None);
    }
}
