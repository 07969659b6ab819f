//! The areas of one side over one arrangement of their drawings.
//!
//! Only areas at the end of the parent tree are drawn; the ground of a parent is the union of what is
//! drawn below it. Drawings are kept as they come, overlaps and gaps included: ground that several
//! areas claim is *disputed* and goes, always the same way, to the claimant whose code comes first by
//! code point; ground that nobody claims is nobody's.

use super::outlines;
use crate::{
    Bounds, E7, MultiPolygon, Polygon,
    arrangement::{Arrangement, Face, ring_edges},
    boxes::Boxes,
    geodesic, label_point,
    record::{AreaRow, Fid, Level, Region, Side},
    shape::ring_area2,
};
use rayon::prelude::*;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

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
    /// A point inside, far from the border; `None` without ground.
    pub label: Option<E7>,
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

/// One side's boundary layer. Immutable.
#[derive(Debug)]
pub struct Layer {
    side: Side,
    areas: Vec<Area>,
    by_code: HashMap<String, Vec<AreaId>>,
    levels: Vec<Level>,
    /// Drawn areas under each area, itself if drawn.
    drawn_below: Vec<Vec<AreaId>>,
    /// Drawings of parents, only to be compared with their children's union.
    given: BTreeMap<AreaId, MultiPolygon>,
    /// Of drawn areas, what they were drawn as; empty for the others.
    drawings: Vec<MultiPolygon>,
    /// Areas whose parents run in a circle; the circle is cut.
    circular: Vec<AreaId>,
    pub(super) arrangement: Arrangement,
    /// Who answers for each face.
    owners: Vec<Option<AreaId>>,
    /// Chains that bound each drawn area.
    chains_of: Vec<Vec<u32>>,
    boxes: Boxes,
}

impl Layer {
    /// Builds the layer from its rows, in any order. Rows of the other side's levels are taken as
    /// they are; the reader refuses them.
    pub fn new(side: Side, mut rows: Vec<AreaRow>) -> Self {
        rows.sort_by_key(|r| r.fid);
        let by_code = index_codes(&rows);
        let (mut areas, circular) = family(side, &rows, &by_code);
        let mut drawn_below = descend(&mut areas, &rows);
        let (arrangement, owners) = arrange(&areas, &rows);
        let chains: Vec<_> =
            arrangement.chains().iter().map(|c| (arrangement.points(c), c.left, c.right)).collect();
        let face_areas_m2 = geodesic::face_areas_m2(owners.len(), chains);
        let mut chains_of = vec![Vec::new(); areas.len()];
        for (i, chain) in arrangement.chains().iter().enumerate() {
            let (l, r) = (owners[chain.left as usize], owners[chain.right as usize]);
            if l == r {
                continue;
            }
            let bounds = Bounds::of(arrangement.points(chain));
            for id in [l, r].into_iter().flatten() {
                chains_of[id.0 as usize].push(i as u32);
                let area = &mut areas[id.0 as usize];
                area.bounds = area.bounds.join(bounds);
            }
        }
        for (face, owner) in owners.iter().enumerate() {
            if let Some(id) = owner {
                areas[id.0 as usize].area_m2 += face_areas_m2[face];
            }
        }
        for (i, below) in drawn_below.iter_mut().enumerate().filter(|(_, b)| !b.is_empty()) {
            if !areas[i].drawn {
                areas[i].bounds = below.iter().fold(Bounds::EMPTY, |b, d| b.join(areas[d.0 as usize].bounds));
                areas[i].area_m2 = below.iter().map(|d| areas[d.0 as usize].area_m2).sum();
            }
        }
        let given = rows
            .iter_mut()
            .enumerate()
            .filter(|(i, _)| !areas[*i].drawn)
            .filter_map(|(i, r)| Some((AreaId(i as u32), r.geometry.take()?)))
            .collect();
        let drawings = rows.into_iter().map(|r| r.geometry.unwrap_or_default()).collect();
        let levels = areas.iter().map(|a| a.level).collect::<BTreeSet<_>>().into_iter().collect();
        let boxes = Boxes::new(areas.iter().map(|a| a.bounds));
        let mut layer = Self {
            side,
            areas,
            by_code,
            levels,
            drawn_below,
            given,
            drawings,
            circular,
            arrangement,
            owners,
            chains_of,
            boxes,
        };
        layer.place_labels();
        layer
    }

    fn place_labels(&mut self) {
        let labels: Vec<Option<E7>> = self
            .ids()
            .collect::<Vec<_>>()
            .par_iter()
            .map(|&id| label_point::inside(&self.outline(id)))
            .collect();
        for (area, label) in self.areas.iter_mut().zip(labels) {
            area.label = label;
        }
    }

    /// Whose layer this is.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether there is no area.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// All areas by [`AreaId`], which is by fid.
    pub fn areas(&self) -> &[Area] {
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
        self.by_code.get(code)?.first().copied()
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
        &self.drawn_below[id.0 as usize]
    }

    /// Levels that occur, coarse to fine.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The ground of an area; of a parent, the union of its children's.
    pub fn outline(&self, id: AreaId) -> MultiPolygon {
        let below = self.drawn_below(id);
        let inside: BTreeSet<AreaId> = below.iter().copied().collect();
        let mut chains: Vec<u32> =
            below.iter().flat_map(|d| &self.chains_of[d.0 as usize]).copied().collect();
        chains.sort_unstable();
        chains.dedup();
        let group = |face: Face| self.owners[face as usize].filter(|o| inside.contains(o)).map(|_| ());
        let arcs = chains.iter().map(|&c| {
            let chain = &self.arrangement.chains()[c as usize];
            (Cow::Borrowed(self.arrangement.points(chain)), group(chain.left), group(chain.right))
        });
        outlines(arcs).remove(&()).unwrap_or_default()
    }

    /// What a drawn area was drawn as, vertex for vertex, disputed ground included; of an area that is
    /// not drawn, nothing.
    pub fn drawing(&self, id: AreaId) -> &MultiPolygon {
        &self.drawings[id.0 as usize]
    }

    /// Every border once. Arcs inside one area's ground (where a dispute begins) are left out.
    pub fn arcs(&self) -> impl Iterator<Item = BoundaryArc<'_>> {
        self.arrangement.chains().iter().filter_map(|c| {
            let (left, right) = (self.owners[c.left as usize], self.owners[c.right as usize]);
            (left != right).then(|| BoundaryArc { points: self.arrangement.points(c), left, right })
        })
    }

    /// Areas of any level whose box meets `bounds`, in order of id.
    pub fn in_box(&self, bounds: &Bounds) -> Vec<AreaId> {
        self.boxes.meeting(bounds).into_iter().map(AreaId).collect()
    }

    /// The box around all ground.
    pub fn bounds(&self) -> Bounds {
        self.areas.iter().fold(Bounds::EMPTY, |b, a| b.join(a.bounds))
    }

    /// Drawings given for parents.
    pub(super) fn given(&self) -> &BTreeMap<AreaId, MultiPolygon> {
        &self.given
    }

    /// Areas at which a circle of parents was cut.
    pub(super) fn circular(&self) -> &[AreaId] {
        &self.circular
    }
}

fn index_codes(rows: &[AreaRow]) -> HashMap<String, Vec<AreaId>> {
    let mut by_code: HashMap<String, Vec<AreaId>> = HashMap::with_capacity(rows.len());
    // Rows are in order of fid, so of region.
    for (i, row) in rows.iter().enumerate() {
        by_code.entry(row.code.clone()).or_default().push(AreaId(i as u32));
    }
    by_code
}

/// Areas with their parents found: in the same region first, else in another (a city's province has
/// a region of its own). A circle of parents is cut at the area where it would close.
fn family(side: Side, rows: &[AreaRow], by_code: &HashMap<String, Vec<AreaId>>) -> (Vec<Area>, Vec<AreaId>) {
    let find = |row: &AreaRow| {
        let same = by_code.get(row.parent.as_ref()?)?;
        same.iter().find(|p| rows[p.0 as usize].region == row.region).or(same.first()).copied()
    };
    let mut areas: Vec<Area> = rows
        .iter()
        .map(|row| Area {
            fid: row.fid,
            region: row.region,
            code: row.code.clone(),
            name: row.name.clone(),
            level: row.level.unwrap_or(Level::default_of(side)),
            parent: find(row),
            parent_code: row.parent.clone(),
            kind: row.kind.clone(),
            area_m2: 0.0,
            bounds: Bounds::EMPTY,
            drawn: false,
            label: None,
        })
        .collect();
    let mut circular = Vec::new();
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
                areas[i].parent = None;
                circular.push(AreaId(i as u32));
                break;
            }
        }
    }
    (areas, circular)
}

/// Decides which areas are drawn, and lists for each the drawn ones below it.
fn descend(areas: &mut [Area], rows: &[AreaRow]) -> Vec<Vec<AreaId>> {
    let ancestors = |areas: &[Area], i: usize| {
        std::iter::successors(areas[i].parent, |p| areas[p.0 as usize].parent).collect::<Vec<_>>()
    };
    let has_ground = |i: usize| rows[i].geometry.as_ref().is_some_and(|g| !g.is_empty());
    let mut above = vec![false; areas.len()];
    for i in (0..areas.len()).filter(|&i| has_ground(i)) {
        for p in ancestors(areas, i) {
            above[p.0 as usize] = true;
        }
    }
    let mut below = vec![Vec::new(); areas.len()];
    for i in (0..areas.len()).filter(|&i| has_ground(i) && !above[i]) {
        areas[i].drawn = true;
        below[i].push(AreaId(i as u32));
        for p in ancestors(areas, i) {
            below[p.0 as usize].push(AreaId(i as u32));
        }
    }
    below
}

/// The arrangement of all drawings, and who answers for each face.
fn arrange(areas: &[Area], rows: &[AreaRow]) -> (Arrangement, Vec<Option<AreaId>>) {
    let mut edges = Vec::new();
    for (i, row) in rows.iter().enumerate().filter(|(i, _)| areas[*i].drawn) {
        for polygon in row.geometry.iter().flat_map(|g| &g.0) {
            edges.extend(polygon_edges(polygon, i as u32));
        }
    }
    let arrangement = Arrangement::build(edges);
    let owners = (0..arrangement.faces())
        .map(|f| {
            let claimants = arrangement.label(f).iter().filter(|(_, w)| *w > 0).map(|(t, _)| AreaId(*t));
            claimants.min_by(|a, b| {
                let key = |id: &AreaId| (&areas[id.0 as usize].code, *id);
                key(a).cmp(&key(b))
            })
        })
        .collect();
    (arrangement, owners)
}

/// The edges of a polygon whose rings may run either way: its ground to the left of each.
pub(crate) fn polygon_edges(
    polygon: &Polygon,
    tag: u32,
) -> impl Iterator<Item = crate::arrangement::Edge> + '_ {
    polygon.rings().enumerate().flat_map(move |(k, ring)| {
        let right_way = (ring_area2(ring) > 0) == (k == 0);
        ring_edges(ring, tag).map(move |mut e| {
            e.delta = if right_way { e.delta } else { -e.delta };
            e
        })
    })
}
