//! The areas of one side over one arrangement of their drawings.
//!
//! Only areas at the end of the parent tree are drawn; the ground of a parent is the union of what is
//! drawn below it. Drawings are kept as they come, overlaps and gaps included: ground that several
//! areas claim is *disputed* and goes, always the same way, to the claimant whose code comes first by
//! code point; ground that nobody claims is nobody's.

use super::{
    family::Family,
    outlines::{Side as Walk, outline},
    pages::Pages,
};
use crate::{
    Bounds, E7, MultiPolygon, Polygon,
    arrangement::{Arrangement, Chain, ChainId, Delta, DirectedRing, Edge, Id, Label},
    boxes::Boxes,
    geodesic::square_metres,
    label_point,
    record::{AreaRow, Fid, Level, Region, Side},
    shape::ring_area2,
};
use std::sync::{Arc as Shared, OnceLock};

/// An area's place in [`Layer::areas`]; valid within one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaId(pub u32);

/// One area, drawn or parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Key in store, API and tiles.
    pub fid: Fid,
    /// City.
    pub region: Region,
    /// Official code.
    pub code: String,
    /// Name.
    pub name: Option<String>,
    /// Level.
    pub level: Level,
    /// The area one level up, when the layer has it.
    pub parent: Option<AreaId>,
    /// Its code as the source gives it, whether the layer has it or not.
    pub parent_code: Option<String>,
    /// Free text of the source.
    pub kind: Option<String>,
    /// Square metres that it answers for: disputed ground counts for one claimant only.
    pub area_m2: f64,
    /// The box around its ground; [`Bounds::EMPTY`] when it has none.
    pub bounds: Bounds,
    /// Whether its own drawing makes up the coverage.
    pub drawn: bool,
}

/// A border: a chain of vertices and the drawn areas to its left and right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundaryArc<'a> {
    /// Two vertices or more; a closed arc repeats its first at the end.
    pub points: &'a [E7],
    /// Area to the left, seen along the points.
    pub left: Option<AreaId>,
    /// Area to the right.
    pub right: Option<AreaId>,
}

/// A drawing as it came.
#[derive(Debug, PartialEq)]
pub(super) struct Drawing {
    pub ground: MultiPolygon,
    pub bounds: Bounds,
}

impl Drawing {
    pub fn new(ground: MultiPolygon) -> Self {
        Self { bounds: ground.bounds(), ground }
    }
}

/// What an area has of the arrangement.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// Chains that bound it, ascending; of a parent none.
    pub chains: Shared<[ChainId]>,
    /// In mm².
    pub mm2: i128,
    /// A point inside, far from the border; worked out when it is first asked for.
    label: Shared<OnceLock<Option<E7>>>,
}

impl Ground {
    pub fn new(chains: Shared<[ChainId]>, mm2: i128) -> Self {
        Self { chains, mm2, label: Shared::default() }
    }
}

/// One side's boundary layer. Immutable; what an edit ([`Layer::with`]) does not change is shared.
#[derive(Debug)]
pub struct Layer {
    pub(super) side: Side,
    pub(super) areas: Vec<Shared<Area>>,
    pub(super) family: Shared<Family>,
    /// The drawing of each area as it came; those of parents are only compared with their children.
    pub(super) drawings: Pages<Option<Shared<Drawing>>>,
    pub(super) arrangement: Arrangement,
    /// The id in the arrangement of each area, and back: ids stay when areas come and go.
    pub(super) ids: Shared<Ids>,
    /// Who answers for a label.
    pub(super) owners: Vec<Option<AreaId>>,
    pub(super) grounds: Pages<Ground>,
    pub(super) boxes: OnceLock<Boxes>,
}

/// Ids of areas in the arrangement.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub of_area: Vec<Id>,
    pub area: Vec<Option<AreaId>>,
}

impl Layer {
    /// Builds the layer from its rows, in any order. Rows of the other side's levels are taken as
    /// they are; the reader refuses them.
    pub fn new(side: Side, mut rows: Vec<AreaRow>) -> Self {
        rows.sort_by_key(|r| r.fid);
        let mut areas: Vec<Shared<Area>> = rows.iter().map(|r| Shared::new(Area::of(side, r))).collect();
        let drawings: Vec<Option<Shared<Drawing>>> = rows
            .into_iter()
            .map(|r| r.geometry.filter(|g| !g.is_empty()).map(|g| Shared::new(Drawing::new(g))))
            .collect();
        let family = Family::new(&mut areas, |i| drawings[i].is_some());
        let rings: Vec<DirectedRing> = areas
            .iter()
            .zip(&drawings)
            .zip(0..)
            .filter(|((area, _), _)| area.drawn)
            .flat_map(|((_, drawing), id)| drawing.iter().flat_map(move |d| directed_rings(&d.ground, id)))
            .collect();
        let arrangement = Arrangement::of_rings(&rings);
        let all = 0..areas.len() as u32;
        let ids = Ids { of_area: all.clone().collect(), area: all.map(|i| Some(AreaId(i))).collect() };
        let owners = arrangement.labels().iter().map(|l| owner(&arrangement, l, &ids, &areas)).collect();
        Self {
            side,
            grounds: areas.iter().map(|_| Ground::default()).collect(),
            areas,
            family: Shared::new(family),
            drawings: drawings.into_iter().collect(),
            arrangement,
            ids: Shared::new(ids),
            owners,
            boxes: OnceLock::new(),
        }
        .measured()
    }

    /// With the ground of all areas.
    fn measured(mut self) -> Self {
        let mut chains: Vec<Vec<ChainId>> = vec![Vec::new(); self.areas.len()];
        let (mut mm2, mut bounds) = (vec![0_i128; self.areas.len()], vec![Bounds::EMPTY; self.areas.len()]);
        for (id, chain) in self.arrangement.chains() {
            let (left, right) = self.owners_of(chain);
            if left == right {
                continue;
            }
            for (owner, sign) in [(left, 1), (right, -1)] {
                if let Some(AreaId(a)) = owner {
                    chains[a as usize].push(id);
                    mm2[a as usize] += sign * chain.path.measure.left_mm2;
                    bounds[a as usize] = bounds[a as usize].join(chain.path.bounds);
                }
            }
        }
        let mut grounds = Vec::with_capacity(self.areas.len());
        for (i, (area, chains)) in self.areas.iter_mut().zip(chains).enumerate() {
            let (mut sum, mut around) = (0, Bounds::EMPTY);
            for d in self.family.drawn_below(AreaId(i as u32)) {
                sum += mm2[d.0 as usize];
                around = around.join(bounds[d.0 as usize]);
            }
            grounds.push(Ground::new(chains.into(), sum));
            // Nobody else has it yet, so this copies nothing.
            let area = Shared::make_mut(area);
            (area.area_m2, area.bounds) = (square_metres(sum), around);
        }
        self.grounds = grounds.into_iter().collect();
        self
    }

    /// Whose layer this is.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether it was built of the same rows, and so has the same areas under the same numbers on the same ground.
    pub fn has_rows_of(&self, other: &Self) -> bool {
        self.areas == other.areas && self.drawings == other.drawings
    }

    /// Whether there is no area.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// All areas by [`AreaId`], which is by fid.
    pub fn areas(&self) -> &[Shared<Area>] {
        &self.areas
    }

    /// One area.
    pub fn area(&self, id: AreaId) -> &Area {
        &self.areas[id.0 as usize]
    }

    /// All ids in order.
    pub fn ids(&self) -> impl Iterator<Item = AreaId> + use<> {
        (0..self.areas.len() as u32).map(AreaId)
    }

    /// The area with this code; the one of the lowest region where cities share a code.
    pub fn find(&self, code: &str) -> Option<AreaId> {
        self.family.with_code(&self.areas, code).first().copied()
    }

    /// The area with this fid.
    pub fn by_fid(&self, fid: Fid) -> Option<AreaId> {
        self.areas.binary_search_by_key(&fid, |a| a.fid).ok().map(|i| AreaId(i as u32))
    }

    /// Parent, grandparent, … up to the root.
    pub fn ancestors(&self, id: AreaId) -> impl Iterator<Item = AreaId> + '_ {
        std::iter::successors(self.area(id).parent, |&p| self.area(p).parent)
    }

    /// The area itself or its ancestor of some level.
    pub fn at_level(&self, id: AreaId, level: Level) -> Option<AreaId> {
        std::iter::once(id).chain(self.ancestors(id)).find(|&a| self.area(a).level == level)
    }

    /// The drawn areas whose union is this one's ground; itself if it is drawn.
    pub fn drawn_below(&self, id: AreaId) -> &[AreaId] {
        self.family.drawn_below(id)
    }

    /// Levels that occur, coarse to fine.
    pub fn levels(&self) -> &[Level] {
        &self.family.levels
    }

    /// The drawing that came with an area, whether it makes up the coverage or not.
    pub fn drawing(&self, id: AreaId) -> Option<&MultiPolygon> {
        self.drawings[id.0 as usize].as_ref().map(|d| &d.ground)
    }

    /// The ground of an area; of a parent, the union of its children's.
    pub fn outline(&self, id: AreaId) -> MultiPolygon {
        let below = self.drawn_below(id);
        let inside = |o: Option<AreaId>| o.is_some_and(|o| below.binary_search(&o).is_ok());
        let mut chains: Vec<ChainId> =
            below.iter().flat_map(|d| self.grounds[d.0 as usize].chains.iter().copied()).collect();
        if below.len() > 1 {
            chains.sort_unstable();
            chains.dedup();
        }
        let walks = chains.iter().filter_map(|&c| {
            let chain = self.arrangement.chain(c)?;
            let (left, right) = self.owners_of(chain);
            let points = chain.path.points();
            (inside(left) != inside(right)).then(|| Walk { points, reversed: !inside(left) })
        });
        outline(walks)
    }

    /// A point inside the area, far from its border; `None` without ground. Worked out once.
    pub fn label(&self, id: AreaId) -> Option<E7> {
        *self.grounds[id.0 as usize].label.get_or_init(|| label_point::inside(&self.outline(id)))
    }

    /// Works out what is else worked out when it is first asked for.
    pub fn prepare(&self) {
        for id in self.ids() {
            self.label(id);
        }
        self.boxes();
    }

    /// Every border once. Arcs inside one area's ground (where a dispute begins) are left out.
    pub fn arcs(&self) -> impl Iterator<Item = BoundaryArc<'_>> {
        self.arrangement.chains().filter_map(|(_, c)| {
            let (left, right) = self.owners_of(c);
            (left != right).then(|| BoundaryArc { points: c.path.points(), left, right })
        })
    }

    /// The drawn area that answers for a position; on a border the one just east of it, and if that is
    /// still the border, just north.
    pub fn locate(&self, at: E7) -> Option<AreaId> {
        self.owners[self.arrangement.label(at).0 as usize]
    }

    /// Areas of any level whose box meets `bounds`, in order of id.
    pub fn in_box(&self, bounds: &Bounds) -> Vec<AreaId> {
        self.boxes().meeting(bounds).into_iter().map(AreaId).collect()
    }

    fn boxes(&self) -> &Boxes {
        self.boxes.get_or_init(|| Boxes::new(self.areas.iter().map(|a| a.bounds)))
    }

    /// The box around all ground.
    pub fn bounds(&self) -> Bounds {
        self.areas.iter().fold(Bounds::EMPTY, |b, a| b.join(a.bounds))
    }

    /// Who answers to the left and to the right of a chain.
    pub(crate) fn owners_of(&self, chain: &Chain) -> (Option<AreaId>, Option<AreaId>) {
        (self.owners[chain.left.0 as usize], self.owners[chain.right.0 as usize])
    }

    /// The arrangement of the drawings.
    pub(crate) fn arrangement(&self) -> &Arrangement {
        &self.arrangement
    }

    /// The id of an area in the arrangement.
    pub(crate) fn id_of(&self, area: AreaId) -> Id {
        self.ids.of_area[area.0 as usize]
    }

    /// The area of an id in the arrangement.
    pub(crate) fn area_of(&self, id: Id) -> Option<AreaId> {
        self.ids.area.get(id as usize).copied().flatten()
    }

    /// Areas at which a circle of parents was cut.
    pub(super) fn circular(&self) -> &[AreaId] {
        &self.family.circular
    }
}

/// Who claims the ground of a label, lowest id first. Nobody outside everything and in gaps.
fn claimants(arrangement: &Arrangement, label: Label, ids: &Ids) -> Vec<AreaId> {
    let area = |id: Id| ids.area.get(id as usize).copied().flatten();
    let positive = arrangement.labels().windings(label, 0).filter(|(_, w)| *w > 0);
    let mut areas: Vec<AreaId> = positive.filter_map(|(id, _)| area(id)).collect();
    areas.sort_unstable();
    areas
}

/// Who answers for a label: of several claimants the one whose code comes first.
pub(super) fn owner(
    arrangement: &Arrangement,
    label: Label,
    ids: &Ids,
    areas: &[Shared<Area>],
) -> Option<AreaId> {
    let code = |id: &AreaId| areas[id.0 as usize].code.as_str();
    claimants(arrangement, label, ids).into_iter().min_by(|a, b| code(a).cmp(code(b)).then(a.cmp(b)))
}

/// The rings of some ground, which may run either way, with its inside on ply 0.
pub(crate) fn directed_rings(ground: &MultiPolygon, id: Id) -> impl Iterator<Item = DirectedRing<'_>> {
    ground.0.iter().flat_map(move |polygon: &Polygon| {
        polygon.rings().enumerate().map(move |(k, points)| {
            let right_way = (ring_area2(points) > 0) == (k == 0);
            let delta = Delta::new(0, Some(id), None);
            DirectedRing { points, delta: if right_way { delta } else { delta.reversed() } }
        })
    })
}

/// The edges of some ground.
pub(super) fn edges(ground: &MultiPolygon, id: Id) -> impl Iterator<Item = Edge> + '_ {
    directed_rings(ground, id).flat_map(|ring| {
        let points = ring.points;
        (0..points.len()).map(move |i| {
            let to = points[if i + 1 == points.len() { 0 } else { i + 1 }];
            Edge { from: points[i], to, delta: ring.delta }
        })
    })
}
