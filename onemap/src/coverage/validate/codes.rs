//! Codes that stand twice in a layer. Within a region the import refuses the second row; regions are
//! imported one by one, so two may bring the same code, and whoever asks by code gets the first.

use super::{Finding, FindingKind, Shape};
use crate::{
    E7,
    coverage::{AreaId, Layer},
};
use std::collections::BTreeMap;

/// One finding for each code that several areas have.
pub(super) fn duplicates(layer: &Layer, findings: &mut Vec<Finding>) {
    let mut by_code: BTreeMap<&str, Vec<AreaId>> = BTreeMap::new();
    for id in layer.ids() {
        by_code.entry(&layer.area(id).code).or_default().push(id);
    }
    for areas in by_code.into_values().filter(|a| a.len() > 1) {
        let places: Vec<E7> = areas.iter().filter_map(|&id| layer.label(id)).collect();
        findings.push(Finding {
            count: areas.len(),
            at: places.first().copied(),
            shape: if places.is_empty() { Shape::None } else { Shape::Points(places) },
            ..Finding::new(FindingKind::DuplicateCode, areas)
        });
    }
}
