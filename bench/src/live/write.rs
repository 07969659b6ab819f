//! Reports of incidents.

use crate::served::Served;
use serde_json::{Value, json};

/// Where the city is: its middle.
pub struct Reporter<'a> {
    agent: ureq::Agent,
    served: &'a Served,
    middle: (f64, f64),
}

impl<'a> Reporter<'a> {
    /// Finds the middle of the city.
    pub fn new(served: &'a Served) -> Result<Self, String> {
        let agent = ureq::agent();
        let url = served.url("/tiles/grid.json");
        let mut answer = agent.get(&url).call().map_err(|e| format!("{url}: {e}"))?;
        let text = answer.body_mut().read_to_string().map_err(|e| format!("{url}: {e}"))?;
        let tiles: Value = serde_json::from_str(&text).map_err(|e| format!("{url}: {e}"))?;
        let [Some(lon), Some(lat)] = [0, 1].map(|i| tiles["center"][i].as_f64()) else {
            return Err(format!("{url} has no center"));
        };
        Ok(Self { agent, served, middle: (lon, lat) })
    }

    /// The place of the `i`-th incident, within two kilometres of the middle.
    pub fn place(&self, i: usize) -> (f64, f64) {
        // Steps that do not repeat for long (the golden section of a square).
        let share = |step: f64| (i as f64 * step).fract() - 0.5;
        let round = |v: f64| (v * 1e7).round() / 1e7;
        (
            round(self.middle.0 + 0.04 * share(0.754_877_666)),
            round(self.middle.1 + 0.04 * share(0.569_840_290)),
        )
    }

    /// Reports it: its fid.
    pub fn report(&self, i: usize) -> Result<u64, String> {
        let (lon, lat) = self.place(i);
        let feature = json!({
            "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lat] },
            "properties": { "category": "bench" },
        });
        let url = self.served.url("/api/collections/incidents/items");
        let sent =
            self.agent.post(&url).header("content-type", "application/geo+json").send(feature.to_string());
        let text = sent.and_then(|mut a| a.body_mut().read_to_string()).map_err(|e| format!("{url}: {e}"))?;
        let made: Value = serde_json::from_str(&text).map_err(|e| format!("{url}: {e}"))?;
        made["id"].as_u64().ok_or_else(|| format!("{url}: no id in {text}"))
    }

    /// Whether a question about its place finds it.
    pub fn finds(&self, i: usize, fid: u64) -> Result<bool, String> {
        let (lon, lat) = self.place(i);
        let url = self.served.url(&format!("/api/collections/incidents/items?bbox={lon},{lat},{lon},{lat}"));
        let sent = self.agent.get(&url).call();
        let text = sent.and_then(|mut a| a.body_mut().read_to_string()).map_err(|e| format!("{url}: {e}"))?;
        let page: Value = serde_json::from_str(&text).map_err(|e| format!("{url}: {e}"))?;
        Ok(page["features"].as_array().is_some_and(|f| f.iter().any(|f| f["id"] == fid)))
    }
}
