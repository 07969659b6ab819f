//! Answers over HTTP, against servers of others where there are any.

mod items;
mod search;

use crate::case::Case;
use serde_json::Value;

pub const CASES: &[Case] = &[
    Case { name: "http/items", peer_name: "tipg on PostGIS", run: items::run },
    Case { name: "http/search", peer_name: "", run: search::run },
];

/// The JSON of an answer.
fn get(agent: &ureq::Agent, url: &str) -> Result<Value, String> {
    let mut answer = agent.get(url).call().map_err(|e| format!("{url}: {e}"))?;
    let body =
        answer.body_mut().with_config().limit(1 << 28).read_to_vec().map_err(|e| format!("{url}: {e}"))?;
    serde_json::from_slice(&body).map_err(|e| format!("{url}: {e}"))
}
