//! Areas of one side: their ground, their borders and their names.

use super::text;
use crate::{
    chain::{Chain, NOBODY, Owner, join},
    clip,
    faces::{add_line, faces, polygon_geometry},
    frame::{Frame, Px},
    levels,
    mvt::{self, Geometry, Value},
    quantise::Edge,
    stage::{Mark, Stage},
};
use gridbeat_onemap::{Area, AreaId, Layer, record::Level};

fn properties<'a>(layer: &'a Layer, area: &'a Area) -> [(&'static str, Option<Value<'a>>); 6] {
    let parent = area.parent.map(|p| layer.area(p).code.as_str()).or(area.parent_code.as_deref());
    [
        ("code", Some(Value::String(&area.code))),
        ("name", text(area.name.as_deref())),
        ("level", Some(Value::String(area.level.as_str()))),
        ("parent", text(parent)),
        ("kind", text(area.kind.as_deref())),
        ("area_m2", Some(Value::Double(area.area_m2))),
    ]
}

/// The ground of every area, and a point for each whose ground fell together at this zoom.
pub(crate) fn ground(out: &mut mvt::Layer, layer: &Layer, stage: &Stage, frame: &Frame, edges: &[Edge]) {
    let drawn = faces(&stage.ground(frame, edges));
    out.reserve(drawn.len());
    for (&owner, ground) in &drawn {
        let area = layer.area(AreaId(owner));
        out.add(Some(area.fid.0), &polygon_geometry(ground), properties(layer, area));
    }
    let is_missing = |mark: &Mark| !drawn.contains_key(&mark.owner);
    for (owner, (x, y)) in stage.marks_in(frame, is_missing, |owner| layer.label(AreaId(owner))) {
        let area = layer.area(AreaId(owner));
        let collapsed = [("collapsed", Some(Value::Bool(true)))];
        let properties = properties(layer, area).into_iter().chain(collapsed);
        out.add(Some(area.fid.0), &Geometry::point(x, y), properties);
    }
}

/// The borders, each once, one feature for each level.
pub(crate) fn lines(out: &mut mvt::Layer, layer: &Layer, present: &[Level], edges: &[Edge]) {
    let known = |owner: Owner| (owner != NOBODY).then_some(AreaId(owner));
    let mut by_level: Vec<(Level, Chain<Px>)> = clip::lines(edges)
        .into_iter()
        .map(|c| (levels::border(layer, present, known(c.left), known(c.right)), c))
        .collect();
    by_level.sort_by_key(|(level, _)| *level);
    for run in by_level.chunk_by(|a, b| a.0 == b.0) {
        // Along one level the line goes on whoever the neighbours are.
        let plain = run.iter().map(|(_, c)| Chain { points: c.points.clone(), left: 0, right: 0 });
        let mut geometry = Geometry::lines();
        for chain in join(plain.collect()) {
            add_line(&mut geometry, &chain);
        }
        out.add(None, &geometry, [("level", Some(Value::String(run[0].0.as_str())))]);
    }
}

/// An area is named when its box is at least this large: 24 × 24 screen pixels where a tile is drawn
/// 512 pixels wide.
const READABLE: u64 = 24 * 8 * 24 * 8;

/// The names, each in the one tile that its label point belongs to.
pub(crate) fn labels(out: &mut mvt::Layer, layer: &Layer, stage: &Stage, frame: &Frame) {
    let is_readable = |mark: &Mark| {
        let [width, height] = mark.size().map(|s| frame.units(s));
        width.saturating_mul(height) >= READABLE
    };
    for (owner, (x, y)) in stage.marks_in(frame, is_readable, |owner| layer.label(AreaId(owner))) {
        let area = layer.area(AreaId(owner));
        let [code, name, level, ..] = properties(layer, area);
        out.add(Some(area.fid.0), &Geometry::point(x, y), [code, name, level]);
    }
}
