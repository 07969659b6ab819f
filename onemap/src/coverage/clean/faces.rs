//! Closes narrow gaps and resolves narrow overlaps, face by face.
//!
//! Only the drawings that may be at fault are arranged. Overlaps that hang together are judged
//! together: if one of them is too wide, so is all of it, and it stays.

use super::{
    Change, Options, Transfer,
    award::Award,
    drawings::Drawings,
    faults::Faults,
    planar::{Line, Planar},
    promise::Spared,
    redraw::redraw,
    scale::edges,
    table::{Open, Table, find},
    width::{is_narrow, surely_wide},
};
use crate::{Bounds, boxes::Boxes};
use std::collections::BTreeSet;

/// The areas whose drawings must be looked at: those that draw an edge which something cuts or which
/// borders on a fault, unless that is surely wide. `faults` are those of the open edges.
pub(super) fn suspects(table: &Table, open: &[Open], faults: &Faults<'_>, tolerance: f64) -> BTreeSet<u32> {
    let mut suspects: BTreeSet<u32> = table.doubled().collect();
    let mut whole: Vec<(crate::E7, crate::E7)> = faults
        .arcs
        .iter()
        .flat_map(|arc| arc.points.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1]))))
        .collect();
    whole.sort_unstable();
    for o in open {
        if whole.binary_search(&(o.a, o.b)).is_err() {
            suspects.extend(table.owners(o));
        }
    }
    for (i, fault) in faults.faults.iter().enumerate() {
        let void = faults.meaning(i as u32).total == 0;
        let scale = super::scale::Scale::of(&Bounds::of(&fault.ground.exterior));
        if void && (faults.planar.is_outside(&fault.ground) || surely_wide(&fault.ground, &scale, tolerance))
        {
            continue;
        }
        for (p, q) in fault.ground.rings().flat_map(|r| edges(r)) {
            suspects.extend(find(open, p, q).into_iter().flat_map(|o| table.owners(o)));
        }
    }
    suspects
}

/// See the module.
pub(super) fn mend(
    drawings: &Drawings<'_>,
    open: &[Open],
    mut suspects: BTreeSet<u32>,
    options: &Options,
    spared: &Spared,
    heal: bool,
) -> Change {
    let mut boxes = None;
    loop {
        let areas: Vec<u32> = suspects.iter().copied().collect();
        let planar = arrange(drawings, open, &areas, std::iter::empty());
        let faults = Faults::new(&planar, |m| m.is_void() || m.is_overlap() || m.lacks_a_claimant());
        let before = suspects.len();
        for fault in &faults.faults {
            if planar.meaning(fault.label).lacks_a_claimant() {
                let boxes =
                    boxes.get_or_insert_with(|| Boxes::new(drawings.0.iter().map(|d| d.ground.bounds())));
                suspects.extend(boxes.meeting(&Bounds::of(&fault.ground.exterior)));
            }
        }
        if suspects.len() == before {
            return settle(drawings, &areas, &faults, options, spared, heal);
        }
    }
}

/// Arranges some drawings, and fillers by number.
pub(super) fn arrange(
    drawings: &Drawings<'_>,
    open: &[Open],
    areas: &[u32],
    fillers: impl Iterator<Item = Line>,
) -> Planar {
    let n = areas.len() as u32;
    let mut lines: Vec<Line> = Vec::new();
    for (i, &area) in areas.iter().enumerate() {
        lines.extend(drawings.lines(area, i as u32));
    }
    lines.extend(open.iter().map(|o| Line { a: o.a, b: o.b, tag: n, delta: o.delta }));
    lines.extend(fillers.map(|l| Line { tag: n + 2 + l.tag, ..l }));
    Planar::new(n, lines)
}

fn settle(
    drawings: &Drawings<'_>,
    areas: &[u32],
    faults: &Faults<'_>,
    options: &Options,
    spared: &Spared,
    heal: bool,
) -> Change {
    let overlaps = |f: u32| faults.meaning(f).is_overlap();
    let groups = faults.groups(|l, r| overlaps(l) && overlaps(r));
    let mut zones: Vec<Vec<u32>> = vec![Vec::new(); faults.faults.len()];
    for (f, &g) in groups.iter().enumerate() {
        zones[g as usize].push(f as u32);
    }
    let mut todo: Vec<u32> = Vec::new();
    for zone in zones.iter().filter(|z| !z.is_empty()) {
        let first = faults.meaning(zone[0]);
        let outside = faults.planar.is_outside(&faults.faults[zone[0] as usize].ground);
        let mendable = !outside && (first.is_void() || first.is_overlap());
        if !mendable {
            continue;
        }
        let ground = faults.union(zone);
        let border = ground.rings().flat_map(|r| edges(r));
        if ground.0.iter().all(|p| is_narrow(p, options.tolerance_m)) && !spared.meets(border) {
            todo.extend(zone);
        }
    }
    // In an order that does not depend on how faces are numbered.
    todo.sort_by(|&f, &g| {
        let ground = |f: u32| &faults.faults[f as usize].ground.exterior;
        ground(f).cmp(ground(g))
    });
    let mut award = Award::new(faults, drawings, areas, options);
    let mut transfers = Vec::new();
    loop {
        let before = todo.len();
        todo.retain(|&fault| {
            let settled = award.settle(fault, &zones[groups[fault as usize] as usize]);
            if settled {
                transfers.extend(Transfer::of(&award, fault, areas));
            }
            !settled
        });
        // A gift may be what another face waited for.
        if todo.is_empty() || todo.len() == before {
            break;
        }
    }
    Change { redrawn: redraw(&award, drawings, areas, heal), transfers }
}
