//! Parents that are missing, run in a circle, or are drawn otherwise than their children.

use super::{
    Finding, FindingKind, Tolerance,
    faces::{Edge, Tag, ground_by, ring_edges},
    plane::{on_ground, size},
};
use crate::{
    MultiPolygon,
    coverage::{AreaId, Layer},
    shape::ring_area2,
};

/// Ground smaller than this many square metres is not reported as a difference of a parent's drawing:
/// rounding to the lattice alone makes so much along a long border.
const LEAST_M2: f64 = 100.0;

/// Looks at every area's parent, and at every drawing given for a parent.
pub(super) fn parents(layer: &Layer, tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    for &id in layer.circular() {
        findings.push(Finding::new(FindingKind::ParentCircle, vec![id]));
    }
    for id in layer.ids() {
        let area = layer.area(id);
        if area.parent.is_none() && area.parent_code.is_some() && !layer.circular().contains(&id) {
            let at = layer.label(id);
            findings.push(Finding { at, ..Finding::new(FindingKind::ParentMissing, vec![id]) });
        }
    }
    for id in layer.ids().filter(|&id| !layer.area(id).drawn) {
        if let Some(given) = layer.drawing(id) {
            drawings(layer, id, given, tolerance, findings);
        }
    }
}

/// Compares the drawing given for a parent with the ground of its children.
fn drawings(
    layer: &Layer,
    parent: AreaId,
    given: &MultiPolygon,
    tolerance: &Tolerance,
    findings: &mut Vec<Finding>,
) {
    let children: Vec<AreaId> = layer.ids().filter(|&id| layer.area(id).parent == Some(parent)).collect();
    let grounds: Vec<MultiPolygon> = children.iter().map(|&id| layer.outline(id)).collect();
    let tagged = std::iter::once(given).chain(&grounds).zip(0..);
    let edges = tagged.flat_map(|(g, tag)| ground_edges(g, tag)).collect();
    // Tag 0 is the parent, tag i + 1 its child i; grounds of children do not overlap.
    let differences = ground_by(edges, |label| match label {
        [(0, w)] if *w > 0 => Some(0),
        [(child, w), ..] if *child > 0 && *w > 0 => Some(*child),
        _ => None,
    });
    for (tag, ground) in differences {
        let parts = ground.0.into_iter().map(|p| MultiPolygon(vec![p]));
        let wide = parts.filter(|p| {
            let (area, border) = size(p);
            2.0 * area >= tolerance.gap_m * border
        });
        let ground = MultiPolygon(wide.flat_map(|p| p.0).collect());
        if ground.is_empty() {
            continue;
        }
        let found = match child(&children, tag) {
            Some(child) => on_ground(FindingKind::ChildOutside, ground, vec![child, parent]),
            None => on_ground(FindingKind::ParentDiffers, ground, vec![parent]),
        };
        if found.area_m2 > LEAST_M2 {
            findings.push(found);
        }
    }
}

/// The edges of some ground whose rings may run either way: the ground to the left of each.
fn ground_edges(ground: &MultiPolygon, tag: Tag) -> impl Iterator<Item = Edge> + '_ {
    let rings = ground.0.iter().flat_map(|p| p.rings().enumerate());
    rings.flat_map(move |(k, ring)| {
        let right_way = (ring_area2(ring) > 0) == (k == 0);
        ring_edges(ring, tag).map(move |e| Edge { delta: if right_way { e.delta } else { -e.delta }, ..e })
    })
}

fn child(children: &[AreaId], tag: Tag) -> Option<AreaId> {
    children.get((tag as usize).checked_sub(1)?).copied()
}
