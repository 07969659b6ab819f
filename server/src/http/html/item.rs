//! `/api/collections/{id}/items/{fid}`: one feature.

use super::{
    drawing::svg,
    escaped,
    page::{Language, Page},
    shown,
};
use crate::{
    feature::{Feature, Geometry, collection::Collection, geojson::push_degrees},
    http::item::href,
};

/// The feature with all its properties.
pub fn item(language: Language, collection: Collection, feature: &Feature, base: &str) -> String {
    let here = href(collection, &feature.id, base);
    let mut body = svg(std::slice::from_ref(feature));
    body.push_str("<dl>\n");
    for (name, value) in &feature.properties {
        body.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escaped(name), shown(value)));
    }
    if let Geometry::Point(at) = feature.geometry {
        let mut text = String::new();
        push_degrees(&mut text, at.lon);
        text.push_str(", ");
        push_degrees(&mut text, at.lat);
        body.push_str(&format!(
            "<dt>{}</dt><dd>{text}</dd>\n",
            language.pick("经度、纬度", "longitude, latitude")
        ));
    }
    body.push_str("</dl>\n");
    if collection.has_neighbours() {
        let neighbours = escaped(&format!("{here}/neighbours"));
        body.push_str(&format!(
            "<p><a href=\"{neighbours}\">{}</a></p>\n",
            language.pick("相邻区域", "Neighbours")
        ));
    }
    // What people call it, where it has such a name.
    let named = |wanted: &str| {
        let found = feature.properties.iter().find(|(name, _)| *name == wanted);
        found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
    };
    let title = ["name", "title", "text", "code"].into_iter().find_map(named);
    let id = feature.id.to_string();
    let folder = format!("{base}/api/collections/{}", collection.id());
    let page = Page {
        language,
        title: title.as_deref().unwrap_or(&id),
        way: &[
            ("API", format!("{base}/api")),
            (language.pick("数据集", "Collections"), format!("{base}/api/collections")),
            (collection.title(), folder.clone()),
            (language.pick("数据", "Features"), format!("{folder}/items?f=html")),
        ],
        formats: &[
            ("GeoJSON", "?f=json".to_owned()),
            ("CSV", "?f=csv".to_owned()),
            ("FlatGeobuf", "?f=fgb".to_owned()),
        ],
    };
    page.with(&body)
}
