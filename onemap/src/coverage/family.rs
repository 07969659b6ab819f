//! Who is whose parent, and what is drawn: the areas of a layer without their ground.

use super::layer::{Area, AreaId};
use crate::{
    Bounds,
    record::{AreaRow, Level, Side},
};
use std::{collections::BTreeSet, sync::Arc as Shared};

/// The relations between the areas of a layer. Areas are numbered in order of their fids.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Family {
    /// By code, then by number.
    by_code: Vec<AreaId>,
    /// Levels that occur, coarse to fine.
    pub levels: Vec<Level>,
    /// `below[below_starts[a] .. below_starts[a + 1]]`: drawn areas under each area, itself if drawn.
    below: Vec<AreaId>,
    below_starts: Vec<u32>,
    /// Areas at which a circle of parents was cut.
    pub circular: Vec<AreaId>,
}

impl Family {
    /// Finds parents and decides what is drawn: sets `parent` and `drawn` of every area. `has_ground`
    /// says whether a drawing was given for the area of a number.
    pub fn new(areas: &mut [Shared<Area>], has_ground: impl Fn(usize) -> bool) -> Self {
        let mut by_code: Vec<AreaId> = (0..areas.len() as u32).map(AreaId).collect();
        by_code.sort_unstable_by(|a, b| {
            let code = |id: &AreaId| areas[id.0 as usize].code.as_str();
            code(a).cmp(code(b)).then(a.cmp(b))
        });
        let mut family = Self { by_code, ..Self::default() };
        family.find_parents(areas);
        family.descend(areas, has_ground);
        family.levels = areas.iter().map(|a| a.level).collect::<BTreeSet<_>>().into_iter().collect();
        family
    }

    /// The areas with a code, by number, so by region.
    pub fn with_code(&self, areas: &[Shared<Area>], code: &str) -> &[AreaId] {
        let of = |id: &AreaId| areas[id.0 as usize].code.as_str();
        let first = self.by_code.partition_point(|id| of(id) < code);
        let count = self.by_code[first..].partition_point(|id| of(id) == code);
        &self.by_code[first..first + count]
    }

    /// The drawn areas under an area, itself if it is drawn.
    pub fn drawn_below(&self, id: AreaId) -> &[AreaId] {
        let at = id.0 as usize;
        &self.below[self.below_starts[at] as usize..self.below_starts[at + 1] as usize]
    }

    /// Parents are looked for in the same region first, else in another (a city's province has a region
    /// of its own). A circle of parents is cut at the area where it would close.
    fn find_parents(&mut self, areas: &mut [Shared<Area>]) {
        let parents: Vec<Option<AreaId>> = areas
            .iter()
            .map(|area| {
                let same = self.with_code(areas, area.parent_code.as_ref()?);
                same.iter().find(|p| areas[p.0 as usize].region == area.region).or(same.first()).copied()
            })
            .collect();
        for (area, parent) in areas.iter_mut().zip(parents) {
            if area.parent != parent {
                Shared::make_mut(area).parent = parent;
            }
        }
        let mut checked = vec![false; areas.len()];
        for start in 0..areas.len() {
            let mut way = Vec::new();
            let mut at = Some(start);
            while let Some(i) = at.filter(|&i| !checked[i]) {
                checked[i] = true;
                way.push(i);
                at = areas[i].parent.map(|p| p.0 as usize);
                if let Some(p) = at
                    && way.contains(&p)
                {
                    Shared::make_mut(&mut areas[i]).parent = None;
                    self.circular.push(AreaId(i as u32));
                    break;
                }
            }
        }
    }

    /// Drawn is what has ground and nothing with ground below it.
    fn descend(&mut self, areas: &mut [Shared<Area>], has_ground: impl Fn(usize) -> bool) {
        let mut above = vec![false; areas.len()];
        let with_ground: Vec<usize> = (0..areas.len()).filter(|&i| has_ground(i)).collect();
        for &i in &with_ground {
            let mut at = areas[i].parent;
            while let Some(p) = at {
                above[p.0 as usize] = true;
                at = areas[p.0 as usize].parent;
            }
        }
        let mut pairs: Vec<(AreaId, AreaId)> = Vec::new();
        let mut drawn = vec![false; areas.len()];
        for i in with_ground.into_iter().filter(|&i| !above[i]) {
            drawn[i] = true;
            let mut at = Some(AreaId(i as u32));
            while let Some(a) = at {
                pairs.push((a, AreaId(i as u32)));
                at = areas[a.0 as usize].parent;
            }
        }
        for (area, drawn) in areas.iter_mut().zip(drawn) {
            if area.drawn != drawn {
                Shared::make_mut(area).drawn = drawn;
            }
        }
        pairs.sort_unstable();
        self.below = pairs.iter().map(|p| p.1).collect();
        self.below_starts =
            (0..=areas.len() as u32).map(|a| pairs.partition_point(|p| p.0.0 < a) as u32).collect();
    }
}

impl Area {
    /// An area as a row has it, its ground and relations not yet known.
    pub(super) fn of(side: Side, row: &AreaRow) -> Self {
        Self {
            fid: row.fid,
            region: row.region,
            code: row.code.clone(),
            name: row.name.clone(),
            level: row.level.unwrap_or(Level::default_of(side)),
            parent: None,
            parent_code: row.parent.clone(),
            kind: row.kind.clone(),
            area_m2: 0.0,
            bounds: Bounds::EMPTY,
            drawn: false,
        }
    }
}
