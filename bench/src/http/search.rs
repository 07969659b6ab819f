//! Finding any of 2.9 million addresses by a piece of its text: from the request to the whole answer, p99.

use super::get;
use crate::{
    case::{Measured, Unit},
    live::p99,
    served::Served,
};
use gridbeat_synth::Scale;
use std::time::Instant;

/// Searches.
const SEARCHES: usize = 1_000;
/// Answers to each.
const LIMIT: usize = 10;
/// Characters of a piece at most.
const LONGEST: usize = 14;

pub fn run() -> Result<Measured, String> {
    let ours = Served::demo(Scale::City)?;
    let agent = ureq::agent();
    // From all over the city: sorted by what has nothing to do with the place.
    let page = get(&agent, &ours.url("/api/collections/addresses/items?limit=10000&sortby=-residents"))?;
    let features = page["features"].as_array().cloned().unwrap_or_default();
    let texts: Vec<&str> = features.iter().filter_map(|f| f["properties"]["text"].as_str()).collect();
    if texts.len() < SEARCHES {
        return Err(format!("{} addresses with a text", texts.len()));
    }
    let step = texts.len() / SEARCHES;
    let mut times = Vec::with_capacity(SEARCHES);
    for (i, text) in texts.iter().step_by(step).take(SEARCHES).enumerate() {
        let characters: Vec<char> = text.chars().collect();
        // One character after the other, from everywhere in the text.
        let length = (1 + i % LONGEST).min(characters.len());
        let from = (i * 7) % (characters.len() - length + 1);
        let piece: String = characters[from..from + length].iter().collect();
        let encoded: String = piece.bytes().map(|b| format!("%{b:02X}")).collect();
        let url = ours.url(&format!("/api/search?q={encoded}&limit={LIMIT}"));
        let start = Instant::now();
        let answer = get(&agent, &url)?;
        times.push(start.elapsed());
        let found = answer["results"].as_array().cloned().unwrap_or_default();
        let holds = |text: &str| text.to_lowercase().contains(&piece.to_lowercase());
        // Areas that are called so come first.
        let addresses = found.iter().filter(|r| r["kind"] == "address");
        if found.is_empty() || !addresses.map(|r| &r["text"]).all(|t| t.as_str().is_some_and(holds)) {
            return Err(format!("“{piece}” of “{text}” finds {found:?}"));
        }
    }
    Ok(Measured { ours: p99(times), peer: None, unit: Unit::Milliseconds })
}
