//! Where areas and pieces are drawn otherwise on one map than on an earlier one.
//!
//! Compared is what is drawn: whose ground is on the sides of each edge, and what is written of them. A tile is made of
//! the edges near it and of nothing else, in whatever order they come, and of the numbers of owners only their order
//! matters, which is that of their ids. So where no owner differs in ground or text, no tile does.
//!
//! At the first zooms vertices are left out, and whether one is depends on those nearby that were left out before it,
//! and so on. So there what is left is compared too, zoom by zoom. That is ready for zooms of which there are tiles of
//! the earlier map; for others no tile is known to be the same, and nobody has one.

use crate::{
    chain::{NOBODY, Owner},
    generalise::DETAIL_ZOOM,
    layer::TileLayer,
    levels,
    maker::TileMaker,
    matrix_set::MatrixSet,
    project::World,
    stage::{Stage, begins},
};
use gridbeat_onemap::{
    AreaId, Bounds, E7, Layer, MOST_PLACES, Piece, PieceId, Reader,
    coverage::Fault,
    record::{Fid, Level, Side},
};
use hashbrown::{HashMap, HashSet};
use std::{collections::BTreeMap, hash::Hash};

/// What is drawn otherwise of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anew {
    /// Places outside of which nothing is, at zooms at which every vertex is drawn.
    pub places: Vec<Bounds>,
    /// The same of each zoom before those, from 0 on; of none, if nothing differs at all.
    pub coarse: Vec<Coarse>,
}

/// What is drawn otherwise at a zoom at which vertices are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coarse {
    /// Places outside of which nothing is.
    pub places: Vec<Bounds>,
    /// Of which matrix sets any tile may be another: no tile of the earlier map was made at this zoom.
    pub whole: [bool; MatrixSet::ALL.len()],
}

/// What is drawn otherwise on one map than on another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redrawn {
    /// Of areas, by [`Side`]: their ground, their borders and their names.
    pub areas: [Anew; 2],
    /// Of pieces.
    pub pieces: Anew,
    /// Places outside of which no fault is, at any zoom.
    pub faults: Vec<Bounds>,
}

/// One side of an edge, from the edge's smaller end to its greater: twice the number of who has the ground there, and
/// one more on the right.
type Half<P> = (P, P, u32);

/// Numbers of owners that both maps have in common.
type Numbers<K> = HashMap<K, u32>;

fn number<K: Hash + Eq>(numbers: &mut Numbers<K>, owner: K) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(owner).or_insert(next)
}

/// A map and its maker.
type Made<'a> = (&'a Reader<'a>, &'a TileMaker);

impl Redrawn {
    /// Compares a map with an earlier one, each with its maker. `differs` says of which sides anything differs at all.
    /// Makes ready of the later map what is ready of the earlier one.
    pub fn between(earlier: Made<'_>, later: Made<'_>, differs: [bool; 2]) -> Self {
        let side = |side: Side| match differs[side as usize] {
            true => areas(side, earlier, later),
            false => Anew::default(),
        };
        let pieces = if differs == [false; 2] { Anew::default() } else { pieces(earlier, later) };
        let sides = Side::BOTH.into_iter().filter(|&side| differs[side as usize]);
        let faults = sides.flat_map(|side| faults(side, earlier, later)).collect();
        Self { areas: Side::BOTH.map(side), pieces, faults: gathered(faults) }
    }
}

/// What is drawn otherwise at those zooms before every vertex is shown at which anything is. `all` are the places where what is shown at a zoom
/// differs even so; `stages` are both maps' stages of a zoom, if they are there; `number` is that of an owner on either
/// map, `boxes` where the owners with these numbers are, before and after.
fn coarse<'a>(
    is_drawn: impl Fn(u8) -> bool,
    all: impl Fn(u8) -> Vec<Bounds>,
    stages: &impl Fn(MatrixSet, u8) -> Option<[&'a Stage; 2]>,
    number: impl Fn(usize, Owner) -> u32,
    boxes: impl Fn(HashSet<u32>) -> Vec<Bounds>,
) -> Vec<Coarse> {
    let zoom = |z| {
        let (mut places, mut whole) = (all(z), [false; MatrixSet::ALL.len()]);
        for set in MatrixSet::ALL {
            let Some(stages) = stages(set, z) else {
                whole[set as usize] = true;
                continue;
            };
            let [old, new] = [0, 1].map(|map| {
                let mut halves: Vec<Half<World>> = Vec::new();
                stages[map].each_edge(|a, b, left, right| {
                    let owners = [left, right].map(|o| (o != NOBODY).then(|| number(map, o)));
                    add(&mut halves, &[a, b], owners);
                });
                halves
            });
            places.extend(boxes(owners_of_differing(old, new)));
        }
        Coarse { places: gathered(places), whole }
    };
    (0..DETAIL_ZOOM).map(|z| if is_drawn(z) { zoom(z) } else { Coarse::default() }).collect()
}

/// What is drawn otherwise of the areas of a side.
fn areas(side: Side, earlier: Made<'_>, later: Made<'_>) -> Anew {
    let at = |z| {
        [earlier, later].map(|(map, maker)| Drawn {
            layer: map.layer(side),
            present: maker.present(side),
            level: maker.level_at(side, z),
        })
    };
    // Several zooms show the same level.
    let mut by_level: BTreeMap<[Level; 2], Vec<Bounds>> = BTreeMap::new();
    for z in 0..=DETAIL_ZOOM {
        let [old, new] = at(z);
        by_level.entry([old.level, new.level]).or_insert_with(|| places(&old, &new));
    }
    let all = |z| at(z).map(|drawn| drawn.level);
    let stages = |set, z| {
        let old = earlier.1.area_stage_if_there(set, side, z)?;
        Some([old, later.1.area_stage(later.0, set, side, z)])
    };
    let layers = [earlier, later].map(|(map, _)| map.layer(side));
    // An id is a number as good as any; of both maps' areas the same one.
    let mut numbers = Numbers::new();
    let mut fids: Vec<Fid> = Vec::new();
    for layer in layers {
        for id in layer.ids() {
            let fid = layer.area(id).fid;
            if number(&mut numbers, fid) as usize == fids.len() {
                fids.push(fid);
            }
        }
    }
    let boxes = |owners: HashSet<u32>| {
        let of = |layer: &Layer, n: u32| layer.by_fid(fids[n as usize]).map(|id| layer.area(id).bounds);
        let both = |n: u32| layers.map(|layer| of(layer, n));
        owners.into_iter().flat_map(both).flatten().collect()
    };
    let number = |map: usize, owner: Owner| numbers[&layers[map].area(AreaId(owner)).fid];
    let coarse = coarse(|_| true, |z| by_level[&all(z)].clone(), &stages, number, boxes);
    Anew { places: by_level.remove(&all(DETAIL_ZOOM)).unwrap_or_default(), coarse }
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

    fn halves(&self, numbers: &mut Numbers<Fid>) -> Vec<Half<E7>> {
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

/// Boxes of the areas that are drawn otherwise with every vertex, before and after.
fn places(old: &Drawn<'_>, new: &Drawn<'_>) -> Vec<Bounds> {
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

/// What is drawn otherwise of pieces.
fn pieces(earlier: Made<'_>, later: Made<'_>) -> Anew {
    let (old, new) = (earlier.0, later.0);
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
    let owners = owners_of_differing(old_halves, new_halves);
    // By number.
    let place = |numbers: &[u32]| {
        let ids = numbers.iter().copied().zip((0..).map(PieceId));
        ids.collect::<HashMap<u32, PieceId>>()
    };
    let (old_ids, new_ids) = (place(&old_numbers), place(&new_numbers));
    let both = |number| {
        [(old, &old_ids), (new, &new_ids)]
            .map(|(map, ids)| ids.get(&number).map(|&id| map.overlay().piece(id)))
    };
    let mut places = Vec::new();
    for number in numbers.into_values() {
        let pieces = both(number);
        let [a, b] = pieces.map(|piece| piece.map(text));
        if a != b || owners.contains(&number) {
            places.extend(pieces.into_iter().flatten().map(|piece| piece.bounds));
            continue;
        }
        // Where it is marked if nothing of it can be drawn.
        let [a, b] = [(&old_ids, &old_begins), (&new_ids, &new_begins)]
            .map(|(ids, begins)| ids.get(&number).and_then(|id| begins[id.0 as usize]));
        if a != b {
            places.extend([a, b].into_iter().flatten().map(|at| Bounds { min: at, max: at }));
        }
    }
    let stages =
        |set, z| Some([earlier.1.piece_stage_if_there(set, z)?, later.1.piece_stage(later.0, set, z)]);
    let boxes = |owners: HashSet<u32>| {
        let of = |number| both(number).into_iter().flatten().map(|piece| piece.bounds).collect::<Vec<_>>();
        owners.into_iter().flat_map(of).collect()
    };
    let number = |map: usize, owner: Owner| [&old_numbers, &new_numbers][map][owner as usize];
    let coarse = coarse(|z| TileLayer::Piece.is_drawn_at(z), |_| places.clone(), &stages, number, boxes);
    Anew { places: gathered(places), coarse }
}

/// Where the faults of a side are drawn otherwise. They have no names, so what is the same on both maps is known by
/// all that there is of it.
fn faults(side: Side, earlier: Made<'_>, later: Made<'_>) -> Vec<Bounds> {
    if !earlier.1.has_faults(side) {
        // No tile of the earlier map shows them.
        return vec![Bounds::WORLD];
    }
    later.1.prepare_faults(later.0, side, earlier.1);
    let [old, new] = [earlier, later].map(|(map, _)| (map.layer(side), map.faults(side).all()));
    let mut at: HashMap<(E7, E7), Vec<usize>> = HashMap::new();
    for (i, fault) in old.1.iter().enumerate() {
        at.entry((fault.bounds.min, fault.bounds.max)).or_default().push(i);
    }
    let mut is_same = vec![false; old.1.len()];
    let (mut places, mut last) = (Vec::new(), None);
    for fault in new.1 {
        let known = at.get(&(fault.bounds.min, fault.bounds.max)).into_iter().flatten();
        let same = known.copied().find(|&i| !is_same[i] && is_one((old.0, &old.1[i]), (new.0, fault)));
        match same {
            // A tile has them in this order.
            Some(i) if last > Some(i) => return vec![Bounds::WORLD],
            Some(i) => (is_same[i], last) = (true, Some(i)),
            None => places.push(fault.bounds),
        }
    }
    places.extend(old.1.iter().zip(is_same).filter(|(_, same)| !same).map(|(fault, _)| fault.bounds));
    places
}

fn is_one((a_layer, a): (&Layer, &Fault), (b_layer, b): (&Layer, &Fault)) -> bool {
    fn codes<'a>(layer: &'a Layer, fault: &'a Fault) -> impl Iterator<Item = &'a str> {
        fault.areas.iter().map(|&id| layer.area(id).code.as_str())
    }
    let numbers = |f: &Fault| (f.area_m2.to_bits(), f.width_m.to_bits(), f.sliver);
    (a.kind, a.severity, a.at, numbers(a)) == (b.kind, b.severity, b.at, numbers(b))
        && codes(a_layer, a).eq(codes(b_layer, b))
        && a.ground == b.ground
}

/// What is written of a piece.
fn text(piece: &Piece) -> impl PartialEq {
    let numbers = [Some(piece.area_m2), piece.share_of_grid, piece.share_of_beat];
    (piece.id.clone(), numbers.map(|number| number.map(f64::to_bits)), piece.sliver)
}

/// Adds both sides of the edges of an arc, if it is a border.
fn add<P: Copy + Ord>(all: &mut Vec<Half<P>>, points: &[P], [left, right]: [Option<u32>; 2]) {
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
fn owners_of_differing<P: Ord>(mut old: Vec<Half<P>>, mut new: Vec<Half<P>>) -> HashSet<u32> {
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
