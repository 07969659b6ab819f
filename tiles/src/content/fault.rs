//! Ground for which a side's drawings give no single answer: claimed by several areas, or left between
//! them.

use super::text;
use crate::{
    faces::{faces, polygon_geometry},
    frame::Frame,
    mvt::{self, Geometry, Value},
    stage::Stage,
};
use gridbeat_onemap::{
    Layer,
    coverage::{Fault, Faults},
};

/// Codes in one text, of claimants the one that answers first (a tile holds no lists).
fn codes(layer: &Layer, fault: &Fault) -> String {
    let codes: Vec<&str> = fault.areas.iter().map(|&a| layer.area(a).code.as_str()).collect();
    codes.join(",")
}

/// The ground of every fault of one side, and a point for each that fell together at this zoom.
pub(crate) fn faults(out: &mut mvt::Layer, layer: &Layer, faults: &Faults, stage: &Stage, frame: &Frame) {
    let drawn = faces(&stage.ground(frame, &stage.edges(frame)));
    let mut add = |owner: u32, geometry: &Geometry, collapsed: bool| {
        let fault = &faults.all()[owner as usize];
        let areas = codes(layer, fault);
        let properties = [
            ("side", text(Some(layer.side().layer()))),
            ("kind", text(Some(fault.kind.as_str()))),
            ("severity", text(Some(fault.severity.as_str()))),
            ("areas", text(Some(&areas))),
            ("area_m2", Some(Value::Double(fault.area_m2))),
            ("width_m", Some(Value::Double(fault.width_m))),
            ("sliver", Some(Value::Bool(fault.sliver))),
            ("collapsed", collapsed.then_some(Value::Bool(true))),
        ];
        // A fault has no lasting name, so no id either.
        out.add(None, geometry, properties);
    };
    for (&owner, ground) in &drawn {
        add(owner, &polygon_geometry(ground), false);
    }
    for (owner, (x, y)) in stage.marks_in(frame, |mark| !drawn.contains_key(&mark.owner), |_| None) {
        add(owner, &Geometry::point(x, y), true);
    }
}
