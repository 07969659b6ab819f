//! A layer after some of its areas changed: only the arcs that they touch are done again, and the
//! result is what building it anew would give, to the last bit.

use super::{
    family::Family,
    layer::{Area, AreaId, Drawing, Ground, Ids, Layer, edges, owner},
    pages::Pages,
};
use crate::{
    Bounds,
    arrangement::{Chain, ChainId, Change, Edge, nearby},
    geodesic::square_metres,
    record::{AreaRow, Fid},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc as Shared, OnceLock},
};

/// What [`Layer::with`] did.
#[derive(Debug)]
pub struct LayerChange {
    /// Chains of the arrangement whose place or owners changed.
    pub(crate) chains: Change,
    /// The number of each area before, by its number now; `None` for a new one.
    pub(crate) was: Vec<Option<AreaId>>,
    /// Areas whose ground or properties changed, by their numbers now.
    pub areas: BTreeSet<AreaId>,
}

/// The areas to come, by number.
#[derive(Default)]
struct Plan {
    areas: Vec<Shared<Area>>,
    /// Of those that have a row of their own.
    drawings: BTreeMap<usize, Option<Shared<Drawing>>>,
    was: Vec<Option<AreaId>>,
}

impl Layer {
    /// This layer with some rows changed (the row of a fid is replaced), added, or removed (`None`).
    pub fn with(&self, changes: Vec<(Fid, Option<AreaRow>)>) -> (Self, LayerChange) {
        let changes: BTreeMap<Fid, Option<AreaRow>> = changes.into_iter().collect();
        let same_family = changes.iter().all(|(fid, row)| self.keeps_family(*fid, row.as_ref()));
        let Plan { mut areas, drawings: drawn, was } = self.plan(&changes);
        let (drawings, mut grounds) = self.in_place(drawn, &was);
        let family = if same_family {
            Shared::clone(&self.family)
        } else {
            Shared::new(Family::new(&mut areas, |i| drawings[i].is_some()))
        };
        let turns_drawn = |(i, w): (usize, &Option<AreaId>)| {
            let was_parent = w.is_some_and(|w| !self.area(w).drawn);
            (was_parent && areas[i].drawn).then_some(AreaId(i as u32))
        };
        let turned: Vec<AreaId> =
            if same_family { Vec::new() } else { was.iter().enumerate().filter_map(turns_drawn).collect() };
        // It had the sum of its children, and begins anew.
        turned.iter().for_each(|a| grounds.set(a.0 as usize, Ground::default()));
        let ids = if same_family { Shared::clone(&self.ids) } else { Shared::new(self.ids_after(&was)) };
        let mut layer = Self {
            side: self.side,
            grounds,
            areas,
            family,
            drawings,
            arrangement: self.arrangement.clone(),
            ids,
            owners: Vec::new(),
            boxes: OnceLock::new(),
        };
        let mut chains = layer.redraw(self, &was);
        let known = if same_family { &*self.owners } else { &[] };
        let answers = |l| owner(&layer.arrangement, l, &layer.ids, &layer.areas);
        layer.owners = known
            .iter()
            .copied()
            .chain(layer.arrangement.labels().iter().skip(known.len()).map(answers))
            .collect();
        let now = numbers_now(self.areas.len(), &was);
        layer.note_turned(self, &now, &mut chains);
        let mut areas = layer.remeasure(self, &now, &chains, same_family, turned);
        areas.extend(changes.keys().filter_map(|fid| layer.by_fid(*fid)));
        (layer, LayerChange { chains, was, areas })
    }

    /// Whether a change leaves codes, parents and what is drawn as they are.
    fn keeps_family(&self, fid: Fid, row: Option<&AreaRow>) -> bool {
        let (Some(id), Some(row)) = (self.by_fid(fid), row) else {
            return false;
        };
        let (old, new) = (self.area(id), Area::of(self.side, row));
        let key = |a: &Area| (a.code.clone(), a.parent_code.clone(), a.level, a.region);
        key(old) == key(&new)
            && self.drawing(id).is_some() == row.geometry.as_ref().is_some_and(|g| !g.is_empty())
    }

    fn plan(&self, changes: &BTreeMap<Fid, Option<AreaRow>>) -> Plan {
        let mut plan = Plan::default();
        let mut changes = changes.iter().peekable();
        for (i, old) in self.areas.iter().enumerate() {
            while let Some((fid, row)) = changes.next_if(|(fid, _)| **fid < old.fid) {
                self.put(&mut plan, *fid, row.as_ref(), None);
            }
            if let Some((fid, row)) = changes.next_if(|(fid, _)| **fid == old.fid) {
                self.put(&mut plan, *fid, row.as_ref(), Some(AreaId(i as u32)));
            } else {
                plan.areas.push(Shared::clone(old));
                plan.was.push(Some(AreaId(i as u32)));
            }
        }
        for (fid, row) in changes {
            self.put(&mut plan, *fid, row.as_ref(), None);
        }
        plan
    }

    fn put(&self, plan: &mut Plan, fid: Fid, row: Option<&AreaRow>, was: Option<AreaId>) {
        let Some(row) = row else { return };
        let before = was.map(|w| self.area(w));
        let area = Area {
            fid,
            parent: before.and_then(|b| b.parent),
            drawn: before.is_some_and(|b| b.drawn),
            area_m2: before.map_or(0.0, |b| b.area_m2),
            bounds: before.map_or(Bounds::EMPTY, |b| b.bounds),
            ..Area::of(self.side, row)
        };
        let old = was.and_then(|w| self.drawings[w.0 as usize].as_ref());
        let drawing = match (old, row.geometry.as_ref().filter(|g| !g.is_empty())) {
            // The same drawing again is no change.
            (Some(old), Some(new)) if old.ground == *new => Some(Shared::clone(old)),
            (_, new) => new.map(|g| Shared::new(Drawing::new(g.clone()))),
        };
        plan.drawings.insert(plan.areas.len(), drawing);
        plan.areas.push(Shared::new(area));
        plan.was.push(was);
    }

    /// The drawings to come, and the grounds as they were, by the numbers to come.
    fn in_place(
        &self,
        mut drawn: BTreeMap<usize, Option<Shared<Drawing>>>,
        was: &[Option<AreaId>],
    ) -> (Pages<Option<Shared<Drawing>>>, Pages<Ground>) {
        let stays = |(i, w): (u32, &Option<AreaId>)| *w == Some(AreaId(i));
        if was.len() == self.areas.len() && (0..).zip(was).all(stays) {
            let mut drawings = self.drawings.clone();
            drawn.into_iter().for_each(|(i, drawing)| drawings.set(i, drawing));
            return (drawings, self.grounds.clone());
        }
        let before = |w: &Option<AreaId>| w.map(|w| w.0 as usize);
        let drawing = |(i, w)| match drawn.remove(&i) {
            Some(drawing) => drawing,
            None => before(w).and_then(|w| self.drawings[w].clone()),
        };
        let ground = |w| before(w).map_or_else(Ground::default, |w| self.grounds[w].clone());
        (was.iter().enumerate().map(drawing).collect(), was.iter().map(ground).collect())
    }

    /// Ids in the arrangement for areas some of which are new.
    fn ids_after(&self, was: &[Option<AreaId>]) -> Ids {
        let mut ids = Ids { of_area: Vec::with_capacity(was.len()), area: vec![None; self.ids.area.len()] };
        for (now, w) in (0..).map(AreaId).zip(was) {
            let id = match w {
                Some(w) => self.ids.of_area[w.0 as usize],
                None => {
                    ids.area.push(None);
                    ids.area.len() as u32 - 1
                }
            };
            ids.of_area.push(id);
            ids.area[id as usize] = Some(now);
        }
        ids
    }

    /// Puts the drawings that changed into the arrangement.
    fn redraw(&mut self, old: &Layer, was: &[Option<AreaId>]) -> Change {
        let (mut less, mut more) = (Vec::new(), Vec::new());
        let mut stays = Vec::new();
        let mut gone = vec![true; old.areas.len()];
        let is_same = |i: usize, w: Option<AreaId>| {
            w.is_some_and(|w| Shared::ptr_eq(&self.areas[i], &old.areas[w.0 as usize]))
        };
        for (i, w) in was.iter().enumerate() {
            let id = self.ids.of_area[i];
            if let Some(AreaId(w)) = w {
                gone[*w as usize] = false;
            }
            let (now, before) =
                (self.drawings[i].as_ref(), w.and_then(|w| old.drawings[w.0 as usize].as_ref()));
            let is_drawn = || self.areas[i].drawn;
            let was_drawn = || w.is_some_and(|w| old.area(w).drawn);
            match (before, now) {
                // Most areas are the very same: of them no more is asked before it is known that they are near.
                (Some(b), Some(n)) if Shared::ptr_eq(b, n) && is_same(i, *w) => stays.push((id, i, n)),
                (Some(b), Some(n)) if Shared::ptr_eq(b, n) && is_drawn() && was_drawn() => {
                    stays.push((id, i, n))
                }
                (before, now) => {
                    less.extend(before.filter(|_| was_drawn()).iter().flat_map(|d| edges(&d.ground, id)));
                    more.extend(now.filter(|_| is_drawn()).iter().flat_map(|d| edges(&d.ground, id)));
                }
            }
        }
        for (w, _) in gone.iter().enumerate().filter(|(_, g)| **g) {
            if let Some(drawing) = old.drawings[w].as_ref().filter(|_| old.areas[w].drawn) {
                less.extend(edges(&drawing.ground, old.ids.of_area[w]));
            }
        }
        let near = nearby(&less, &more, |bounds, out| {
            let is_near = |&&(_, i, d): &&(_, usize, &Shared<Drawing>)| {
                d.bounds.intersects(bounds) && self.areas[i].drawn
            };
            for (id, _, drawing) in stays.iter().filter(is_near) {
                let meets = |e: &Edge| Bounds::of([&e.from, &e.to]).intersects(bounds);
                out.extend(edges(&drawing.ground, *id).filter(meets));
            }
        });
        let (arrangement, change) = self.arrangement.edit(&less, &more, near);
        self.arrangement = arrangement;
        change
    }

    /// Chains that lie where they did but belong to others: disputed ground goes to the first code, so
    /// another code can turn it over.
    fn note_turned(&self, old: &Layer, now: &[Option<AreaId>], chains: &mut Change) {
        let turned = |l: usize| old.owners[l].map(|o| now[o.0 as usize]) != self.owners[l].map(Some);
        if Shared::ptr_eq(&self.family, &old.family) || !(0..old.owners.len()).any(turned) {
            return;
        }
        let done: BTreeSet<ChainId> =
            chains.added.iter().copied().chain(chains.relabelled.iter().map(|c| c.0)).collect();
        let is_turned = |l: crate::arrangement::Label| turned(l.0 as usize);
        for (id, chain) in self.arrangement.chains().filter(|(id, _)| !done.contains(id)) {
            if is_turned(chain.left) || is_turned(chain.right) {
                chains.relabelled.push((id, chain.clone()));
            }
        }
    }

    /// Brings the ground of areas up to date, of those that `turned` from parents into drawn ones in any case; returns
    /// those where something changed.
    fn remeasure(
        &mut self,
        old: &Layer,
        now: &[Option<AreaId>],
        change: &Change,
        same_family: bool,
        turned: Vec<AreaId>,
    ) -> BTreeSet<AreaId> {
        let mut moves: BTreeMap<AreaId, Move> = turned.into_iter().map(|a| (a, Move::default())).collect();
        // Parents whose outline a chain bounds: they are over one of its sides only.
        let mut parents: BTreeSet<AreaId> = BTreeSet::new();
        let mut note =
            |layer: &Layer, number: &dyn Fn(AreaId) -> Option<AreaId>, id: ChainId, c: &Chain, sign: i128| {
                let (left, right) = layer.owners_of(c);
                if left == right {
                    return;
                }
                for (owner, side) in [(left, sign), (right, -sign)] {
                    if let Some(a) = owner.and_then(number) {
                        let m = moves.entry(a).or_default();
                        m.mm2 += side * c.path.measure.left_mm2;
                        if sign > 0 {
                            m.comes.insert(id)
                        } else {
                            m.goes.insert(id)
                        };
                    }
                }
                let over = |a: Option<AreaId>| -> BTreeSet<AreaId> {
                    a.map(|a| layer.ancestors(a).collect()).unwrap_or_default()
                };
                parents.extend(over(left).symmetric_difference(&over(right)).filter_map(|p| number(*p)));
            };
        let before = |a: AreaId| now[a.0 as usize];
        for (id, c) in change.removed.iter().chain(&change.relabelled) {
            note(old, &before, *id, c, -1);
        }
        let added = change.added.iter().chain(change.relabelled.iter().map(|c| &c.0));
        for id in added {
            if let Some(c) = self.arrangement.chain(*id) {
                note(self, &Some, *id, c, 1);
            }
        }
        let mut touched: BTreeSet<AreaId> = moves.keys().copied().collect();
        for (a, m) in moves {
            let kept = self.grounds[a.0 as usize].chains.iter().filter(|c| !m.goes.contains(c)).copied();
            let chains: BTreeSet<ChainId> = kept.chain(m.comes).collect();
            let bounds = chains
                .iter()
                .filter_map(|c| self.arrangement.chain(*c))
                .fold(Bounds::EMPTY, |b, c| b.join(c.path.bounds));
            let mm2 = self.grounds[a.0 as usize].mm2 + m.mm2;
            self.set_ground(a, Ground::new(chains.into_iter().collect(), mm2), bounds);
        }
        if !same_family {
            parents = self.ids().collect();
        }
        parents.retain(|p| !self.area(*p).drawn);
        for p in parents {
            let (mut mm2, mut bounds) = (0, Bounds::EMPTY);
            for d in self.family.drawn_below(p) {
                mm2 += self.grounds[d.0 as usize].mm2;
                bounds = bounds.join(self.area(*d).bounds);
            }
            self.set_ground(p, Ground::new(Shared::default(), mm2), bounds);
            touched.insert(p);
        }
        touched
    }

    fn set_ground(&mut self, id: AreaId, ground: Ground, bounds: Bounds) {
        let area_m2 = square_metres(ground.mm2);
        self.grounds.set(id.0 as usize, ground);
        let area = &mut self.areas[id.0 as usize];
        if (area.area_m2, area.bounds) != (area_m2, bounds) {
            let area = Shared::make_mut(area);
            (area.area_m2, area.bounds) = (area_m2, bounds);
        }
    }
}

/// What an area's ground gains and loses.
#[derive(Default)]
struct Move {
    comes: BTreeSet<ChainId>,
    goes: BTreeSet<ChainId>,
    mm2: i128,
}

/// The number of each area now, by its number before; `None` for one that is gone.
fn numbers_now(before: usize, was: &[Option<AreaId>]) -> Vec<Option<AreaId>> {
    let mut now = vec![None; before];
    for (i, w) in (0..).map(AreaId).zip(was) {
        if let Some(w) = w {
            now[w.0 as usize] = Some(i);
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        E7, MultiPolygon, Polygon,
        record::{Level, Region, Side},
    };

    fn row(n: u32, level: Level, parent: Option<&str>, from: i32, to: i32) -> (Fid, AreaRow) {
        let corners = [(from, from), (to, from), (to, to), (from, to)];
        let exterior = corners.map(|(x, y)| E7::new(1_200_000_000 + x, 310_000_000 + y)).to_vec();
        let fid = Fid::new(Region(3202), n);
        let row = AreaRow {
            fid,
            region: Region(3202),
            code: format!("A{n}"),
            level: Some(level),
            parent: parent.map(str::to_owned),
            geometry: Some(MultiPolygon(vec![Polygon { exterior, holes: Vec::new() }])),
            ..AreaRow::default()
        };
        (fid, row)
    }

    #[test]
    fn a_parent_that_loses_its_last_child_is_measured_by_its_own_drawing() {
        let (parent, child) =
            (row(1, Level::Community, None, 0, 90_000), row(2, Level::Grid, Some("A1"), 0, 40_000));
        let both = Layer::new(Side::Grid, vec![parent.1.clone(), child.1.clone()]);
        let alone = Layer::new(Side::Grid, vec![parent.1]);
        assert!(alone.area(AreaId(0)).area_m2 > 2.0 * both.area(AreaId(0)).area_m2);
        let (without, change) = both.with(vec![(child.0, None)]);
        assert_eq!(without.areas(), alone.areas());
        assert!(change.areas.contains(&AreaId(0)));
        let (again, _) = without.with(vec![(child.0, Some(child.1))]);
        assert_eq!(again.areas(), both.areas());
    }
}
