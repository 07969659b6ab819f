//! Some features as one GeoJSON feature collection.

use super::{Feature, frame::Frame, geojson::push_feature};
use serde_json::Value;

/// `rest` is an object: the members behind `features`.
pub fn collected(features: impl Iterator<Item = Feature>, rest: &Value) -> String {
    let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (i, feature) in features.enumerate() {
        if i > 0 {
            out.push(',');
        }
        // Degrees hold every position.
        let _ = push_feature(&mut out, &feature, &Frame::CRS84);
    }
    let rest = rest.to_string();
    out.push(']');
    if let Some(members) = rest.strip_prefix('{').filter(|m| *m != "}") {
        out.push(',');
        out.push_str(members);
    } else {
        out.push('}');
    }
    out
}
