//! `gridbeat check`: what is wrong with the boundary layers, each finding with its place and size.

use super::written;
use crate::{
    error::CliError,
    feature::{Geometry, geojson::push_geometry},
    live::load_map,
};
use gridbeat_onemap::{
    Layer, Scope,
    coverage::{Finding, Severity, validate},
    record::Side,
};
use gridbeat_store::{OpenMode, open};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// Only this layer: grid or beat
    #[arg(long, value_parser = parse_side)]
    layer: Option<Side>,
    /// Print JSON
    #[arg(long, conflicts_with = "geojson")]
    json: bool,
    /// Print the findings as a GeoJSON FeatureCollection
    #[arg(long)]
    geojson: bool,
}

fn parse_side(text: &str) -> Result<Side, String> {
    Side::BOTH.into_iter().find(|s| s.layer() == text).ok_or_else(|| "expected grid or beat".to_owned())
}

/// Prints the findings; exit code 1 when one of them is an error.
///
/// # Errors
/// [`CliError::BadInput`] when there are faults or nothing to check; when the store cannot be read.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let scope = Scope::all();
    let map = load_map(&*store, &scope)?;
    let reader = map.read(&scope);
    let sides: Vec<Side> = Side::BOTH.into_iter().filter(|s| args.layer.is_none_or(|l| l == *s)).collect();
    let layers: Vec<&Layer> = sides.iter().map(|&s| reader.layer(s)).filter(|l| !l.is_empty()).collect();
    let found: Vec<(&Layer, Vec<Finding>)> = layers.into_iter().map(|l| (l, validate(l))).collect();
    if found.is_empty() {
        return Err(CliError::BadInput(
            "the store holds no areas of that layer; import some first".to_owned(),
        ));
    }
    let text = if args.geojson {
        geojson(&found)
    } else if args.json {
        as_json(&found).to_string()
    } else {
        people(&found)
    };
    let mut out = io::stdout().lock();
    written(writeln!(out, "{}", text.trim_end()))?;
    let faults = found.iter().flat_map(|(_, f)| f).filter(|f| f.kind.severity() == Severity::Error).count();
    match faults {
        0 => Ok(()),
        1 => Err(CliError::BadInput("1 fault".to_owned())),
        n => Err(CliError::BadInput(format!("{n} faults"))),
    }
}

fn codes<'a>(layer: &'a Layer, finding: &Finding) -> Vec<&'a str> {
    finding.areas.iter().map(|&a| layer.area(a).code.as_str()).collect()
}

fn people(found: &[(&Layer, Vec<Finding>)]) -> String {
    let mut out = String::new();
    for (layer, findings) in found {
        let drawn = layer.areas().iter().filter(|a| a.drawn).count();
        let parents = layer.areas().len() - drawn;
        out += &format!("{}: {drawn} drawn areas, {parents} parents\n", layer.side().layer());
        if findings.is_empty() {
            out += "  nothing found\n";
        }
        for f in findings {
            let place =
                f.at.map(|p| format!(" at {},{}", p.lon_degrees(), p.lat_degrees())).unwrap_or_default();
            let size = if f.area_m2 > 0.0 {
                format!(", {:.1} m², {:.2} m wide", f.area_m2, f.width_m)
            } else {
                String::new()
            };
            let parts = if f.parts > 1 { format!(", {} parts", f.parts) } else { String::new() };
            let (severity, kind) = (f.kind.severity().as_str(), f.kind.as_str());
            out +=
                &format!("  {severity:<8} {kind:<15} {}{size}{parts}{place}\n", codes(layer, f).join(", "));
        }
    }
    out
}

fn properties(layer: &Layer, f: &Finding) -> Map<String, Value> {
    let value = json!({
        "layer": layer.side().layer(),
        "kind": f.kind.as_str(),
        "severity": f.kind.severity().as_str(),
        "areas": codes(layer, f),
        "area_m2": f.area_m2,
        "width_m": f.width_m,
        "parts": f.parts,
        "lon": f.at.map(|p| p.lon_degrees()),
        "lat": f.at.map(|p| p.lat_degrees()),
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn as_json(found: &[(&Layer, Vec<Finding>)]) -> Value {
    let all: Vec<_> = found.iter().flat_map(|(l, fs)| fs.iter().map(|f| properties(l, f))).collect();
    let errors = found.iter().flat_map(|(_, f)| f).filter(|f| f.kind.severity() == Severity::Error).count();
    json!({ "errors": errors, "findings": all })
}

fn geojson(found: &[(&Layer, Vec<Finding>)]) -> String {
    let mut features = Vec::new();
    for (layer, findings) in found {
        for f in findings {
            let geometry = match (&f.ground, f.at) {
                (Some(ground), _) => Geometry::Ground(ground.clone()),
                (None, Some(at)) => Geometry::Point(at),
                (None, None) => Geometry::None,
            };
            let mut text = String::from(r#"{"type":"Feature","geometry":"#);
            push_geometry(&mut text, &geometry);
            text += &format!(r#","properties":{}}}"#, Value::Object(properties(layer, f)));
            features.push(text);
        }
    }
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}
