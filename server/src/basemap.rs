//! The map under ours: none, a local PMTiles file, or tiles of somebody else by WMTS or XYZ template.
//!
//! ```toml
//! [basemap]                                       # a file of the machine: served from here
//! pmtiles = "/srv/city.pmtiles"                   # pictures; for vector tiles also:
//! layers = "/srv/city-layers.json"                # MapLibre layers over the source "basemap"
//!
//! [basemap]                                       # or Tianditu, with a key of one's own
//! urls = [
//!   "https://t{0-7}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk={key}",
//!   "https://t{0-7}.tianditu.gov.cn/cva_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=cva&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk={key}",
//! ]
//! key = "…"
//! attribution = "天地图"
//! ```
//!
//! A template is fetched by the browser, so its server sees who looks where; that is why there is none unless
//! it is asked for. Tianditu's `_w` layers are WebMercatorQuad; those of `_c` are WorldCRS84Quad with every level
//! one more, and MapLibre does not draw them.

mod archive;

pub use archive::Archive;

use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

/// `[basemap]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A PMTiles file.
    pub pmtiles: Option<PathBuf>,
    /// MapLibre layers for a file of vector tiles, as JSON.
    pub layers: Option<PathBuf>,
    /// Templates of tile addresses, the lowest first: `{z}`, `{x}`, `{y}` or `{TileMatrix}`, `{TileCol}`,
    /// `{TileRow}`; `{key}`; `{0-7}` or `{a-c}` for hosts that share the work.
    pub urls: Vec<String>,
    /// What stands for `{key}`.
    pub key: Option<String>,
    /// Who made it.
    pub attribution: Option<String>,
    /// Pixels along a tile's side.
    pub tile_size: u16,
    /// The last zoom there is.
    pub max_zoom: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pmtiles: None,
            layers: None,
            urls: Vec::new(),
            key: None,
            attribution: None,
            tile_size: 256,
            max_zoom: 18,
        }
    }
}

/// Why a basemap cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("[basemap] {0}")]
pub struct BasemapError(String);

/// A basemap that is ready.
pub struct Basemap {
    sources: Vec<(String, Value)>,
    layers: Vec<Value>,
    archive: Option<Arc<Archive>>,
    /// Where browsers fetch it from, if not from us: `https://host`, each once.
    origins: Vec<String>,
}

/// How much of it our ground lets through, where it would cover it.
const THROUGH: f64 = 0.3;

impl Settings {
    /// Opens what is set; `None` when nothing is.
    ///
    /// # Errors
    /// When settings contradict each other, or a file cannot be read.
    pub async fn open(self) -> Result<Option<Basemap>, BasemapError> {
        match (&self.pmtiles, self.urls.as_slice()) {
            (None, []) if self.layers.is_none() => Ok(None),
            (None, []) => Err(BasemapError("layers: goes with pmtiles".to_owned())),
            (Some(_), [_, ..]) => Err(BasemapError("pmtiles and urls: one of them was expected".to_owned())),
            (Some(path), []) => {
                let archive = Archive::open(path)
                    .await
                    .map_err(|e| BasemapError(format!("pmtiles: {} cannot be read: {e}", path.display())))?;
                self.of_archive(archive).map(Some)
            }
            (None, _) => self.of_templates().map(Some),
        }
    }

    fn of_archive(&self, archive: Archive) -> Result<Basemap, BasemapError> {
        let mut source = json!({
            "type": if archive.is_vector() { "vector" } else { "raster" },
            "tiles": [format!("{{origin}}/basemap/{{z}}/{{x}}/{{y}}?v={}", archive.version())],
            "minzoom": archive.zooms()[0],
            "maxzoom": archive.zooms()[1],
            "bounds": archive.bounds(),
        });
        self.attribute(&mut source);
        let layers = match (&self.layers, archive.is_vector()) {
            (Some(path), true) => read_layers(path)?,
            (None, true) => {
                return Err(BasemapError(
                    "layers: a file of vector tiles needs MapLibre layers that draw it".to_owned(),
                ));
            }
            (Some(_), false) => {
                return Err(BasemapError("layers: the file holds pictures, which need none".to_owned()));
            }
            (None, false) => {
                source["tileSize"] = self.tile_size.into();
                vec![picture(0)]
            }
        };
        let name = if archive.is_vector() { "basemap" } else { "basemap-0" };
        Ok(Basemap {
            sources: vec![(name.to_owned(), source)],
            layers,
            archive: Some(Arc::new(archive)),
            origins: Vec::new(),
        })
    }

    fn of_templates(&self) -> Result<Basemap, BasemapError> {
        let (mut sources, mut origins) = (Vec::new(), BTreeSet::new());
        for (i, url) in self.urls.iter().enumerate() {
            let addresses = self.addresses(url)?;
            for address in &addresses {
                let origin = origin_of(address);
                origins.insert(origin.ok_or_else(|| BasemapError(format!("urls: “{url}” names no host")))?);
            }
            let mut source = json!({
                "type": "raster",
                "tiles": addresses,
                "tileSize": self.tile_size,
                "maxzoom": self.max_zoom,
            });
            self.attribute(&mut source);
            sources.push((format!("basemap-{i}"), source));
        }
        let layers = (0..sources.len()).map(picture).collect();
        Ok(Basemap { sources, layers, archive: None, origins: origins.into_iter().collect() })
    }

    /// A template as MapLibre wants it, once for each host.
    fn addresses(&self, url: &str) -> Result<Vec<String>, BasemapError> {
        let bad = |what: &str| BasemapError(format!("urls: “{url}” {what}"));
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(bad("is not of the form https://host/…"));
        }
        let mut text =
            url.replace("{TileMatrix}", "{z}").replace("{TileCol}", "{x}").replace("{TileRow}", "{y}");
        for place in ["{z}", "{x}", "{y}"] {
            if !text.contains(place) {
                return Err(bad(&format!("has no {place}")));
            }
        }
        if text.contains("{key}") {
            let key = self.key.as_deref().ok_or_else(|| bad("needs key = …"))?;
            let key = percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC);
            text = text.replace("{key}", &key.to_string());
        }
        let hosts = text.find('{').and_then(|open| {
            let inner = text[open + 1..].split_once('}')?.0;
            let (first, last) = inner.split_once('-')?;
            let (first, last) = (first.parse::<char>().ok()?, last.parse::<char>().ok()?);
            let kind = |c: char| (c.is_ascii_digit(), c.is_ascii_lowercase());
            let known = first.is_ascii_alphanumeric() && kind(first) == kind(last) && first <= last;
            known.then(|| (format!("{{{inner}}}"), first..=last))
        });
        let all = match hosts {
            Some((place, hosts)) => hosts.map(|host| text.replace(&place, &host.to_string())).collect(),
            None => vec![text],
        };
        let mut left = all[0].clone();
        for place in ["{z}", "{x}", "{y}"] {
            left = left.replace(place, "");
        }
        if left.contains('{') {
            return Err(bad(
                "has a {…} that is not known; known: {z} {x} {y} {TileMatrix} {TileCol} {TileRow} {key} {0-7}",
            ));
        }
        Ok(all)
    }

    fn attribute(&self, source: &mut Value) {
        if let Some(text) = &self.attribution {
            source["attribution"] = text.as_str().into();
        }
    }
}

/// `https://host:port` of an address; `None` where that is not what stands there.
fn origin_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    // What could end a word of the header that it goes into is in no name of a host.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]_".contains(c);
    (!authority.is_empty() && authority.chars().all(is_plain)).then(|| format!("{scheme}://{authority}"))
}

fn picture(i: usize) -> Value {
    json!({
        "id": format!("basemap-{i}"), "type": "raster", "source": format!("basemap-{i}"),
        "metadata": { "gridbeat:layer": "base" },
    })
}

fn read_layers(path: &std::path::Path) -> Result<Vec<Value>, BasemapError> {
    let bad = |what: String| BasemapError(format!("layers: {}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| bad(e.to_string()))?;
    let mut layers: Vec<Value> = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
    for (i, layer) in layers.iter_mut().enumerate() {
        let background = layer["type"] == "background";
        if !layer.is_object() || !layer["id"].is_string() || (layer["source"] != "basemap" && !background) {
            return Err(bad(format!("layer {i} was expected to have an id and the source “basemap”")));
        }
        layer["metadata"] = json!({ "gridbeat:layer": "base" });
    }
    Ok(layers)
}

impl Basemap {
    /// The file that its tiles come from, if they come from one.
    pub fn archive(&self) -> Option<&Arc<Archive>> {
        self.archive.as_ref()
    }

    /// Where browsers fetch it from, if not from us: `https://host`.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// A style of ours over this map: right above the background, and our ground lets it through.
    pub fn under(&self, style: &str) -> String {
        // The styles are ours and tested; one that is no JSON is handed on as it is.
        let Ok(mut style) = serde_json::from_str::<Value>(style) else { return style.to_owned() };
        for (name, source) in &self.sources {
            style["sources"][name] = source.clone();
        }
        if let Some(layers) = style["layers"].as_array_mut() {
            for layer in layers.iter_mut() {
                if layer["metadata"]["gridbeat:layer"] == "base" && layer["type"] == "fill" {
                    layer["paint"]["fill-opacity"] = THROUGH.into();
                }
            }
            let above = layers.iter().position(|l| l["type"] != "background").unwrap_or(layers.len());
            layers.splice(above..above, self.layers.iter().cloned());
        }
        style.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(urls: &[&str], key: Option<&str>) -> Settings {
        let urls = urls.iter().map(|u| (*u).to_owned()).collect();
        Settings { urls, key: key.map(str::to_owned), ..Settings::default() }
    }

    #[test]
    fn templates_become_addresses() {
        let tianditu = "https://t{0-7}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk={key}";
        let all = settings(&[], Some("a&b")).addresses(tianditu).unwrap();
        assert_eq!(all.len(), 8);
        assert_eq!(
            all[7],
            "https://t7.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=a%26b"
        );
        assert_eq!(
            settings(&[], None).addresses("http://a/{z}/{x}/{y}.png").unwrap(),
            ["http://a/{z}/{x}/{y}.png"]
        );
        for (url, word) in [
            ("a/{z}/{x}/{y}", "https://"),
            ("http://a/{z}/{x}", "{y}"),
            ("http://a/{z}/{x}/{y}?tk={key}", "key"),
            ("http://a/{z}/{x}/{y}?{style}", "not known"),
            ("http://{c-a}/{z}/{x}/{y}", "not known"),
        ] {
            let error = settings(&[], None).addresses(url).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[tokio::test]
    async fn settings_that_contradict_are_refused() {
        assert!(Settings::default().open().await.unwrap().is_none());
        let both = Settings { pmtiles: Some("a".into()), ..settings(&["http://a/{z}/{x}/{y}"], None) };
        assert!(both.open().await.is_err_and(|e| e.to_string().contains("one of them")));
        let missing = Settings { pmtiles: Some("/no/such.pmtiles".into()), ..Settings::default() };
        assert!(missing.open().await.is_err_and(|e| e.to_string().contains("/no/such.pmtiles")));
    }

    #[tokio::test]
    async fn it_lies_between_the_background_and_us() {
        let urls = ["http://a/{z}/{x}/{y}", "http://b/{z}/{x}/{y}"];
        let basemap = Settings { attribution: Some("天地图".into()), ..settings(&urls, None) };
        let basemap = basemap.open().await.unwrap().unwrap();
        for name in crate::http::styles::STYLES {
            let style = std::fs::read_to_string(format!("../styles/{name}.json")).unwrap();
            let over: Value = serde_json::from_str(&basemap.under(&style)).unwrap();
            let ids: Vec<_> = over["layers"]
                .as_array()
                .unwrap()
                .iter()
                .take(4)
                .map(|l| l["id"].as_str().unwrap())
                .collect();
            assert_eq!(ids, ["background", "basemap-0", "basemap-1", "land-beat"]);
            assert_eq!(over["layers"][3]["paint"]["fill-opacity"], THROUGH);
            assert_eq!(over["sources"]["basemap-1"]["attribution"], "天地图");
        }
    }

    #[tokio::test]
    async fn browsers_may_load_it_from_where_it_is() {
        let urls = ["https://t{0-1}.example:444/{z}/{x}/{y}?tk=a;b", "https://t0.example:444/b/{z}/{x}/{y}"];
        let basemap = settings(&urls, None).open().await.unwrap().unwrap();
        assert_eq!(basemap.origins(), ["https://t0.example:444", "https://t1.example:444"]);
        let odd = settings(&["https://a; script-src */{z}/{x}/{y}"], None).open().await;
        assert!(odd.is_err_and(|e| e.to_string().contains("names no host")));
    }
}
