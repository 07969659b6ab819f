//! Paths of writing departments' layers: each layer has its own, since its columns say what a body holds.

use super::{
    content,
    features::{GEOJSON, body, common, created, filters, one, pages},
    operation, schema, shared,
};
use crate::{
    feature::{
        collection::Collection,
        department::{Layer, kind},
    },
    http::schemas::kind_schema,
};
use gridbeat_onemap::department::Drawn;
use serde_json::{Map, Value, json};

pub fn paths(departments: &[Collection]) -> Value {
    let mut paths = Map::new();
    for collection in departments {
        let Collection::Department(layer) = collection else { continue };
        let (name, items) = (&layer.schema.name, format!("/api/collections/{}/items", layer.schema.name));
        paths.insert(format!("{items}/{{featureId}}"), feature(name));
        let mut parameters = common();
        parameters.extend(filters(&[*collection]));
        paths.insert(
            items,
            json!({
                "get": operation(&format!("items_{name}"), "Features, page by page", &parameters, None, pages()),
                "post": operation(
                    &format!("create_{name}"), "Keeps a feature", &[shared("contentCrs")],
                    Some(body(GEOJSON, &schema(&format!("Department_{name}")))),
                    created("departmentFeature", &format!("_{name}")),
                ),
            }),
        );
    }
    Value::Object(paths)
}

/// Reading and changing one.
fn feature(name: &str) -> Value {
    let known = [shared("fid"), shared("ifMatch"), shared("contentCrs")];
    let now = || json!({ "200": content("The feature as it is now", GEOJSON, &schema("departmentFeature")) });
    json!({
        "get": operation(
            &format!("get_{name}"), "One feature, with the ETag that changing it needs",
            &[shared("fid"), shared("fItem"), shared("crs")], None, one("departmentFeature"),
        ),
        "put": operation(
            &format!("replace_{name}"), "Puts another feature in the place of this one", &known,
            Some(body(GEOJSON, &schema(&format!("Department_{name}")))), now(),
        ),
        "patch": operation(
            &format!("update_{name}"), "Changes some members (RFC 7396)", &known,
            Some(body("application/merge-patch+json", &json!({ "type": "object" }))), now(),
        ),
        "delete": operation(
            &format!("delete_{name}"), "Deletes it", &known[..2], None,
            json!({ "204": { "description": "It is gone" } }),
        ),
    })
}

/// What a body of each layer holds.
pub fn schemas(departments: &[Collection]) -> impl Iterator<Item = (String, Value)> {
    departments.iter().filter_map(|collection| match collection {
        Collection::Department(layer) => Some((format!("Department_{}", layer.schema.name), whole(layer))),
        _ => None,
    })
}

fn whole(layer: &Layer) -> Value {
    let columns: Map<String, Value> =
        layer.schema.columns.iter().map(|c| (c.name.clone(), kind_schema(kind(c.kind)))).collect();
    let places: &[&str] = match layer.schema.drawn {
        Drawn::Point => &["Point"],
        Drawn::Line => &["LineString", "MultiLineString"],
        Drawn::Polygon => &["Polygon", "MultiPolygon"],
    };
    let places: Vec<Value> = places.iter().map(|name| schema(name)).collect();
    json!({
        "type": "object", "required": ["type", "geometry", "properties"],
        "description": "A feature of this layer. The server sets fid, grid, beat, piece and shares; columns that are not named are null.",
        "properties": {
            "type": { "const": "Feature" },
            "geometry": { "oneOf": places },
            "properties": { "type": "object", "properties": columns },
        },
    })
}
