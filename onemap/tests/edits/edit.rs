//! What a planner does to a layer.

use crate::city::Town;
use gridbeat_onemap::{
    Area, AreaId, Bounds, E7, Layer, MultiPolygon, Polygon, Ring,
    record::{AreaRow, Fid},
};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Move,
    Swap,
    Split,
    Merge,
}

/// A fixed sequence (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn within(&mut self, most: i32) -> i32 {
        self.below(2 * most as usize + 1) as i32 - most
    }
}

type Changes = Vec<(Fid, Option<AreaRow>)>;

/// A random edit of a layer.
pub fn any(dice: &mut Dice, layer: &Layer, town: &Town) -> (Kind, Changes) {
    loop {
        let id = AreaId(dice.below(layer.areas().len()) as u32);
        if !layer.area(id).drawn {
            continue;
        }
        let (kind, changes) = match dice.below(8) {
            0 => (Kind::Swap, swap(dice, layer, town, id)),
            1 => (Kind::Split, split(dice, layer, id)),
            2 => (Kind::Merge, merge(dice, layer, town, id)),
            _ => (Kind::Move, move_vertex(dice, layer, town, id)),
        };
        if let Some(changes) = changes {
            return (kind, changes);
        }
    }
}

fn row(layer: &Layer, id: AreaId, geometry: Option<MultiPolygon>) -> (Fid, Option<AreaRow>) {
    let Area { fid, region, code, name, level, parent_code, kind, .. } = layer.area(id).clone();
    let level = Some(level);
    (fid, Some(AreaRow { fid, region, code, name, level, parent: parent_code, kind, geometry }))
}

fn rings(ground: &mut MultiPolygon) -> impl Iterator<Item = &mut Ring> {
    ground.0.iter_mut().flat_map(|p| std::iter::once(&mut p.exterior).chain(&mut p.holes))
}

/// A vertex moves, by a hair or by up to ten metres, in all areas that have it: now and then across
/// another border, as happens.
fn move_vertex(dice: &mut Dice, layer: &Layer, town: &Town, id: AreaId) -> Option<Changes> {
    let ground = layer.drawing(id)?;
    let ring = &ground.0.get(dice.below(ground.0.len()))?.exterior;
    let from = *ring.get(dice.below(ring.len()))?;
    let most = [3, 50, 1000][dice.below(3)];
    let to = E7::new(from.lon + dice.within(most), from.lat + dice.within(most));
    let mut changes = Changes::new();
    let here = Bounds { min: from, max: from };
    for other in town.drawn_near(layer.side(), &here).filter_map(|fid| layer.by_fid(fid)) {
        let mut drawn = layer.drawing(other)?.clone();
        let mut moved = false;
        for p in rings(&mut drawn).flatten().filter(|p| **p == from) {
            *p = to;
            moved = true;
        }
        if moved {
            changes.push(row(layer, other, Some(drawn)));
        }
    }
    Some(changes)
}

/// A drawn area that shares a border with another.
fn neighbour(dice: &mut Dice, layer: &Layer, town: &Town, id: AreaId) -> Option<AreaId> {
    let ring = &layer.drawing(id)?.0.first()?.exterior;
    let touches = |d: &MultiPolygon| d.rings().flatten().filter(|p| ring.contains(p)).count() > 1;
    let near: Vec<AreaId> = town
        .drawn_near(layer.side(), &layer.area(id).bounds)
        .filter_map(|fid| layer.by_fid(fid))
        .filter(|&n| n != id && layer.area(n).drawn && layer.drawing(n).is_some_and(touches))
        .collect();
    near.get(dice.below(near.len().max(1))).copied()
}

/// Two neighbours exchange their ground.
fn swap(dice: &mut Dice, layer: &Layer, town: &Town, id: AreaId) -> Option<Changes> {
    let other = neighbour(dice, layer, town, id)?;
    let ground = |of: AreaId| layer.drawing(of).cloned();
    Some(vec![row(layer, id, ground(other)), row(layer, other, ground(id))])
}

/// One polygon is cut from one vertex to another; the part beyond becomes an area of its own.
fn split(dice: &mut Dice, layer: &Layer, id: AreaId) -> Option<Changes> {
    let mut ground = layer.drawing(id)?.clone();
    let ring = ground.0.first()?.exterior.clone();
    if ring.len() < 4 {
        return None;
    }
    let first = dice.below(ring.len() - 2);
    let last = first + 2 + dice.below(ring.len() - first - 2);
    let part = ring[first..=last].to_vec();
    let rest: Ring = ring[..=first].iter().chain(&ring[last..]).copied().collect();
    if rest.len() < 3 {
        return None;
    }
    ground.0[0].exterior = rest;
    let area = layer.area(id);
    let free = (1..200_000).rev().map(|n| Fid::new(area.region, n)).find(|f| layer.by_fid(*f).is_none())?;
    let new = AreaRow {
        fid: free,
        region: area.region,
        code: format!("{}.{}", area.code, free.sequence()),
        level: Some(area.level),
        parent: area.parent_code.clone(),
        geometry: Some(MultiPolygon(vec![Polygon { exterior: part, holes: Vec::new() }])),
        ..AreaRow::default()
    };
    Some(vec![row(layer, id, Some(ground)), (free, Some(new))])
}

/// An area takes the ground of its neighbour, which ends.
fn merge(dice: &mut Dice, layer: &Layer, town: &Town, id: AreaId) -> Option<Changes> {
    let other = neighbour(dice, layer, town, id)?;
    let mut ground = layer.drawing(id)?.clone();
    ground.0.extend(layer.drawing(other)?.0.iter().cloned());
    // A ring of the same ground twice would be claimed twice by one area; let boxes of huge areas be.
    let small = |b: &Bounds| i64::from(b.max.lon) - i64::from(b.min.lon) < 2_000_000;
    small(&ground.bounds()).then(|| vec![row(layer, id, Some(ground)), (layer.area(other).fid, None)])
}
