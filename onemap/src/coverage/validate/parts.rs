//! Areas in several parts, and areas or parts that are tiny or thin.

use super::{
    Drawing, Finding, FindingKind,
    edges::Edges,
    faces::{Tag, ground_by},
    plane::{Plane, is_sliver, measured, on_ground, size},
};
use crate::{Bounds, MultiPolygon, label_point};

/// Looks at every drawing by itself.
pub(super) fn parts(drawings: &[Drawing<'_>], edges: &Edges, findings: &mut Vec<Finding>) {
    for (tag, drawing) in (0..).zip(drawings) {
        match drawing.ground.0.as_slice() {
            [] => {}
            [polygon] => {
                // Measured on a plane first, which is all that most areas cost.
                let middle = Bounds::of(&polygon.exterior).center();
                let (area, border) = Plane::at(middle.lat).size(drawing.ground);
                if is_sliver(area, border) {
                    sliver(drawing, drawing.ground.clone(), findings);
                }
            }
            _ => several(tag, drawing, edges, findings),
        }
    }
}

/// Polygons of one area may lie side by side; what is connected is one part.
fn several(tag: Tag, drawing: &Drawing<'_>, edges: &Edges, findings: &mut Vec<Finding>) {
    let all = edges.of(tag).map(|(e, _)| e).collect();
    let Some(ground) = ground_by(all, |label| label.iter().any(|(_, w)| *w > 0).then_some(())).remove(&())
    else {
        return;
    };
    let parts: Vec<MultiPolygon> = ground.0.iter().map(|p| MultiPolygon(vec![p.clone()])).collect();
    for part in &parts {
        let (area, border) = size(part);
        if is_sliver(area, border) {
            sliver(drawing, part.clone(), findings);
        }
    }
    if parts.len() > 1 {
        // The smallest part is the one to look at.
        let at = parts.iter().min_by_key(|p| p.area2()).and_then(label_point::inside);
        let found = measured(FindingKind::MultiPart, ground, vec![drawing.id]);
        let severity = FindingKind::MultiPart.severity();
        findings.push(Finding { count: parts.len(), at, sliver: false, severity, ..found });
    }
}

fn sliver(drawing: &Drawing<'_>, ground: MultiPolygon, findings: &mut Vec<Finding>) {
    let found = on_ground(FindingKind::Sliver, ground, vec![drawing.id]);
    // However thin it is, rounding did not make it.
    findings.push(Finding { severity: FindingKind::Sliver.severity(), ..found });
}
