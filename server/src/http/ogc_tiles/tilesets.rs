//! `…/tiles` and `…/tiles/{tileMatrixSet}`: which tilesets there are, and what each holds.

use super::{
    all_layers, chosen, layers_of,
    matrix_sets::{crs, scale, uri as definition},
    named,
};
use crate::{
    app::App,
    error::ApiError,
    feature::collection::Collection,
    http::{
        answer, collections,
        params::Params,
        tilejson::{corners, fields, zooms},
        tiles::MVT,
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{Reader, department::Drawn};
use gridbeat_tiles::{MatrixSet, TileLayer, TileRange};
use serde_json::{Map, Value, json};

/// What some tilesets are of.
struct Of {
    /// Path of the list of tilesets.
    path: String,
    title: String,
    layers: Vec<TileLayer>,
    /// What has to follow a link to it.
    query: String,
}

impl Of {
    fn map(app: &App, params: &mut Params) -> Self {
        let asked = params.peek("collections").map(str::to_owned);
        let layers = all_layers(&chosen(app, params));
        // Only names of collections are let through, so nothing has to be encoded.
        let query = asked.map_or_else(String::new, |list| format!("?collections={list}"));
        Self { path: "/api/tiles".to_owned(), title: app.title.clone(), layers, query }
    }

    fn collection(collection: Collection) -> Self {
        Self {
            path: format!("/api/collections/{}/tiles", collection.id()),
            title: collection.title().to_owned(),
            layers: layers_of(collection),
            query: String::new(),
        }
    }

    /// The tilesets, one of each matrix set.
    fn list(&self, base: &str) -> Value {
        let here = format!("{base}{}", self.path);
        let tilesets = MatrixSet::ALL.map(|set| {
            json!({
                "title": format!("{} ({})", self.title, set.as_str()),
                "dataType": "vector",
                "crs": crs(set),
                "tileMatrixSetURI": definition(set),
                "links": self.links(base, set),
            })
        });
        json!({
            "links": [{ "rel": "self", "href": format!("{here}{}", self.query), "type": answer::JSON }],
            "tilesets": tilesets,
        })
    }

    fn links(&self, base: &str, set: MatrixSet) -> Value {
        let Self { path, query, .. } = self;
        let here = format!("{base}{path}/{}", set.as_str());
        json!([
            { "rel": "self", "href": format!("{here}{query}"), "type": answer::JSON, "title": "This tileset" },
            {
                "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
                "href": format!("{base}/api/tileMatrixSets/{}", set.as_str()),
                "type": answer::JSON, "title": "The tile matrix set",
            },
            {
                "rel": "item",
                "href": format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}"),
                "type": MVT, "templated": true, "title": "A tile",
            },
        ])
    }

    /// What is told of one tileset.
    fn tileset(&self, base: &str, set: MatrixSet, map: &Reader<'_>) -> Value {
        let (first, last) = zooms(&self.layers);
        // Zooms are those of the square; a level is what the set calls them.
        let last = last.min(set.max_level() + set.first_zoom());
        let levels = (first.max(set.first_zoom())..=last).filter_map(|z| set.level(z));
        let ([west, south, east, north], [lon, lat]) = corners(map);
        let limits: Vec<Value> = levels
            .filter_map(|level| {
                let range = TileRange::covering_in(set, &map.bounds(), level + set.first_zoom())?;
                Some(json!({
                    "tileMatrix": level.to_string(),
                    "minTileRow": range.y0, "maxTileRow": range.y1,
                    "minTileCol": range.x0, "maxTileCol": range.x1,
                }))
            })
            .collect();
        let mut out = json!({
            "title": format!("{} ({})", self.title, set.as_str()),
            "dataType": "vector",
            "crs": crs(set),
            "tileMatrixSetURI": definition(set),
            "mediaTypes": [MVT],
            "boundingBox": {
                "lowerLeft": [west, south], "upperRight": [east, north],
                "crs": crs(MatrixSet::WorldCrs84Quad), "orderedAxes": ["Lon", "Lat"],
            },
            "centerPoint": { "coordinates": [lon, lat], "crs": crs(MatrixSet::WorldCrs84Quad) },
            "layers": self.layers.iter().filter_map(|&l| layer(map, l, set)).collect::<Vec<_>>(),
            "links": self.links(base, set),
        });
        // Where nothing is there are no limits.
        if !limits.is_empty() {
            out["tileMatrixSetLimits"] = limits.into();
        }
        out
    }
}

/// A layer with its fields and levels.
fn layer(map: &Reader<'_>, layer: TileLayer, set: MatrixSet) -> Option<Value> {
    use TileLayer as L;
    let dimension = match layer {
        L::Grid | L::Beat | L::Piece | L::Fault => 2,
        L::GridLine | L::BeatLine => 1,
        L::GridLabel | L::BeatLabel | L::ResidentDensity | L::Address | L::Incident | L::Staff => 0,
        L::Department(name) => match map.department(name)?.schema().drawn {
            Drawn::Polygon => 2,
            Drawn::Line => 1,
            Drawn::Point => 0,
        },
    };
    let first = set.level(layer.min_zoom().max(set.first_zoom()))?;
    let last = set.level(layer.max_zoom())?;
    let fields: Map<_, _> = fields(map, layer)
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), json!({ "type": kind.to_lowercase() })))
        .collect();
    Some(json!({
        "id": layer.as_str(),
        "dataType": "vector",
        "geometryDimension": dimension,
        "minTileMatrix": first.to_string(),
        "maxTileMatrix": last.to_string(),
        "minScaleDenominator": scale(set, last),
        "maxScaleDenominator": scale(set, first),
        "propertiesSchema": { "type": "object", "properties": fields },
    }))
}

fn finished(mut params: Params, known: &str) -> Result<(), ApiError> {
    params.json_or_html();
    params.finish(known)
}

/// The tilesets of the map.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn list_of_map(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let of = Of::map(&app, &mut params);
    finished(params, "f, collections")?;
    Ok(answer::json(&of.list(&app.ours.base(&headers))))
}

/// The tilesets of a collection.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn list_of_collection(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let of = Of::collection(collections::named(&app, &id)?);
    finished(Params::of(&uri), "f")?;
    Ok(answer::json(&of.list(&app.ours.base(&headers))))
}

/// A tileset of the map.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn of_map(
    State(app): State<App>,
    Path(set): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let set = named(&set)?;
    let mut params = Params::of(&uri);
    let of = Of::map(&app, &mut params);
    finished(params, "f, collections")?;
    let base = app.ours.base(&headers);
    app.live.read(move |_, map| Ok(answer::json(&of.tileset(&base, set, map)))).await
}

/// A tileset of a collection.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn of_collection(
    State(app): State<App>,
    Path((id, set)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let of = Of::collection(collections::named(&app, &id)?);
    let set = named(&set)?;
    finished(Params::of(&uri), "f")?;
    let base = app.ours.base(&headers);
    app.live.read(move |_, map| Ok(answer::json(&of.tileset(&base, set, map)))).await
}
