//! Where areas and pieces are drawn otherwise on one map than on an earlier one.
//!
//! Compared is what is drawn at zooms at which every vertex is: whose ground is on the sides of each edge, and what is
//! written of them. A tile there is made of the edges near it and of nothing else, in whatever order they
//! come, and of the numbers of owners only their order matters, which is that of their ids. So where no owner differs
//! in ground or text, no tile does. Before those zooms that cannot be told: whether a vertex is left out depends on
//! those nearby that were left out before it, and so on.

use crate::{generalise::DETAIL_ZOOM, levels, maker::TileMaker, stage::begins};
use gridbeat_onemap::{
    AreaId, Bounds, E7, Layer, MOST_PLACES, Piece, PieceId, Reader,
    record::{Fid, Level, Side},
};
use hashbrown::{HashMap, HashSet};
use std::hash::Hash;

/// What is drawn otherwise of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anew {
    /// Places outside of which nothing is, at zooms at which every vertex is drawn.
    pub places: Vec<Bounds>,
    /// Whether anything may be at zooms before those, anywhere. If nothing may, there is no place either.
    pub coarse: bool,
}

/// What is drawn otherwise on one map than on another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redrawn {
    /// Of areas, by [`Side`]: their ground, their borders and their names.
    pub areas: [Anew; 2],
    /// Of pieces.
    pub pieces: Anew,
}

/// One side of an edge, from the edge's smaller end to its greater: twice the number of who has the ground there, and
/// one more on the right.
type Half = (E7, E7, u32);

/// Numbers of owners that both maps have in common.
type Numbers<K> = HashMap<K, u32>;

fn number<K: Hash + Eq>(numbers: &mut Numbers<K>, owner: K) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(owner).or_insert(next)
}

impl Redrawn {
    /// Compares a map with an earlier one, each with its maker. `differs` says of which sides anything differs at all.
    pub fn between(
        (earlier, before): (&Reader<'_>, &TileMaker),
        (later, after): (&Reader<'_>, &TileMaker),
        differs: [bool; 2],
    ) -> Self {
        let side = |side: Side| {
            if !differs[side as usize] {
                return Anew::default();
            }
            let [old, new] = [(earlier, before), (later, after)].map(|(map, maker)| Drawn {
                layer: map.layer(side),
                present: maker.present(side),
                level: maker.level_at(side, DETAIL_ZOOM),
            });
            // Parents are shown there, too.
            Anew { places: areas(&old, &new), coarse: true }
        };
        let pieces = if differs == [false; 2] { Anew::default() } else { pieces(earlier, later) };
        Self { areas: Side::BOTH.map(side), pieces }
    }
}

/// A layer at the level that it is shown at.
struct Drawn<'a> {
    layer: &'a Layer,
    present: &'a [Level],
    level: Level,
}

impl Drawn<'_> {
    fn shown(&self, area: AreaId) -> AreaId {
        levels::shown_as(self.layer, area, self.level)
    }

    fn halves(&self, numbers: &mut Numbers<Fid>) -> Vec<Half> {
        let mut all = Vec::new();
        for arc in self.layer.arcs() {
            let owners = [arc.left, arc.right]
                .map(|area| area.map(|area| number(numbers, self.layer.area(self.shown(area)).fid)));
            add(&mut all, arc.points, owners);
        }
        all
    }

    /// What is written of an area, and whose part it is: on that depends of which level its borders are.
    fn text(&self, id: AreaId) -> impl PartialEq {
        let area = self.layer.area(id);
        let parents = self.layer.ancestors(id).map(|p| (self.layer.area(p).fid, self.layer.area(p).level));
        let parents: Vec<(Fid, Level)> = parents.collect();
        let parent = area.parent.map(|p| self.layer.area(p).code.as_str()).or(area.parent_code.as_deref());
        let texts = [Some(area.code.as_str()), area.name.as_deref(), parent, area.kind.as_deref()];
        (texts.map(|text| text.map(str::to_owned)), area.level, area.area_m2.to_bits(), parents)
    }
}

/// Boxes of the areas that are drawn otherwise, before and after.
fn areas(old: &Drawn<'_>, new: &Drawn<'_>) -> Vec<Bounds> {
    if old.present != new.present || old.level != new.level {
        return vec![Bounds::WORLD];
    }
    let mut numbers = Numbers::new();
    let owners = owners_of_differing(old.halves(&mut numbers), new.halves(&mut numbers));
    let mut places = Vec::new();
    for (fid, number) in numbers {
        let [before, after] = [old, new].map(|d| d.layer.by_fid(fid));
        let texts = (before.map(|id| old.text(id)), after.map(|id| new.text(id)));
        if texts.0 != texts.1 || owners.contains(&number) {
            places.extend(before.map(|id| old.layer.area(id).bounds));
            places.extend(after.map(|id| new.layer.area(id).bounds));
        }
    }
    gathered(places)
}

/// Boxes of the pieces that are drawn otherwise, before and after.
fn pieces(old: &Reader<'_>, new: &Reader<'_>) -> Anew {
    let mut numbers: Numbers<[Option<Fid>; 2]> = Numbers::new();
    let maps = [old, new].map(|map| {
        let fid = |side, id: Option<AreaId>| id.map(|id| map.layer(side).area(id).fid);
        let mut number_of =
            |piece: &Piece| number(&mut numbers, [fid(Side::Grid, piece.grid), fid(Side::Beat, piece.beat)]);
        let overlay = map.overlay();
        let of_piece: Vec<u32> = overlay.pieces().iter().map(|piece| number_of(piece)).collect();
        let mut halves = Vec::new();
        for (points, left, right) in overlay.arcs() {
            let owners = [left, right].map(|id| id.map(|id| of_piece[id.0 as usize]));
            add(&mut halves, points, owners);
        }
        (of_piece, halves, begins(overlay))
    });
    let [(old_numbers, old_halves, old_begins), (new_numbers, new_halves, new_begins)] = maps;
    // Vertices are left out border by border, each the way it runs.
    let mut coarse = old_halves != new_halves;
    let owners = owners_of_differing(old_halves, new_halves);
    // By number.
    let place = |numbers: Vec<u32>| {
        let ids = numbers.into_iter().zip((0..).map(PieceId));
        ids.collect::<HashMap<u32, PieceId>>()
    };
    let (old_ids, new_ids) = (place(old_numbers), place(new_numbers));
    let mut places = Vec::new();
    for number in numbers.into_values() {
        let (before, after) = (old_ids.get(&number), new_ids.get(&number));
        let pieces = [before.map(|&id| old.overlay().piece(id)), after.map(|&id| new.overlay().piece(id))];
        let [a, b] = pieces.map(|piece| piece.map(text));
        if a != b || owners.contains(&number) {
            places.extend(pieces.into_iter().flatten().map(|piece| piece.bounds));
            continue;
        }
        // Where it is marked if nothing of it can be drawn.
        let [a, b] = [(before, &old_begins), (after, &new_begins)]
            .map(|(id, begins)| id.and_then(|id| begins[id.0 as usize]));
        if a != b {
            places.extend([a, b].into_iter().flatten().map(|at| Bounds { min: at, max: at }));
        }
    }
    coarse |= !places.is_empty();
    Anew { places: gathered(places), coarse }
}

/// What is written of a piece.
fn text(piece: &Piece) -> impl PartialEq {
    let numbers = [Some(piece.area_m2), piece.share_of_grid, piece.share_of_beat];
    (piece.id.clone(), numbers.map(|number| number.map(f64::to_bits)), piece.sliver)
}

/// Adds both sides of the edges of an arc, if it is a border.
fn add(all: &mut Vec<Half>, points: &[E7], [left, right]: [Option<u32>; 2]) {
    if left == right {
        return;
    }
    for pair in points.windows(2) {
        let forwards = pair[0] < pair[1];
        let (a, b) = if forwards { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        let half = |owner: Option<u32>, on_right: bool| Some((a, b, owner? * 2 + u32::from(on_right)));
        all.extend([half(left, !forwards), half(right, forwards)].into_iter().flatten());
    }
}

/// Whose ground has an edge around it on one map only.
fn owners_of_differing(mut old: Vec<Half>, mut new: Vec<Half>) -> HashSet<u32> {
    old.sort_unstable();
    new.sort_unstable();
    let mut owners = HashSet::new();
    let (mut i, mut j) = (0, 0);
    loop {
        let half = match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                (i, j) = (i + 1, j + 1);
                continue;
            }
            (Some(a), b) if b.is_none_or(|b| a < b) => {
                i += 1;
                a
            }
            (_, Some(b)) => {
                j += 1;
                b
            }
            _ => return owners,
        };
        owners.insert(half.2 / 2);
    }
}

/// Places in which something is, each once; too many are the box around them.
fn gathered(mut places: Vec<Bounds>) -> Vec<Bounds> {
    places.retain(|place| !place.is_empty());
    places.sort_unstable_by_key(|b| (b.min, b.max));
    places.dedup();
    if places.len() > MOST_PLACES {
        places = vec![places.into_iter().fold(Bounds::EMPTY, Bounds::join)];
    }
    places
}
