//! A layer made ready for a zoom: projected, joined to the shown level, generalised and indexed once,
//! then shared by all tiles of that zoom.

use crate::{
    chain::{Chain, NOBODY, Owner, join},
    clip,
    frame::Frame,
    generalise::{DETAIL_ZOOM, generalise},
    levels,
    matrix_set::MatrixSet,
    packed_tree::{PackedTree, Rect},
    project::World,
    quantise::{Edge, quantise},
    select::LineWork,
};
use gridbeat_onemap::{AreaId, Bounds, E7, Layer, Overlay, Ring, coverage::Faults, record::Level};
use std::sync::OnceLock;

/// One layer for one zoom.
pub(crate) struct Stage {
    work: LineWork,
    marks: PackedTree<Mark>,
}

/// The box of an owner's ground, and the place that stands for it where it is drawn as a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub owner: Owner,
    bounds: Rect,
    /// `None` for an area, whose label point takes so long to find that only those wanted are looked for.
    at: Option<World>,
}

impl Mark {
    fn new(set: MatrixSet, owner: Owner, at: Option<E7>, bounds: &Bounds) -> Self {
        let (south_west, north_east) = (set.project(bounds.min), set.project(bounds.max));
        let bounds = Rect { min: [south_west.x, north_east.y], max: [north_east.x, south_west.y] };
        Self { owner, bounds, at: at.map(|at| set.project(at)) }
    }

    /// Width and height of the box in world units.
    pub fn size(&self) -> [u32; 2] {
        let Rect { min, max } = self.bounds;
        [max[0].saturating_sub(min[0]), max[1].saturating_sub(min[1])]
    }
}

impl Stage {
    /// Areas of one side as shown at `level`. Owners are `AreaId`s.
    pub fn of_areas(set: MatrixSet, layer: &Layer, level: Level, z: u8) -> Self {
        let mut groups: Vec<Owner> = layer.ids().map(|id| levels::shown_as(layer, id, level).0).collect();
        let owner = |id: Option<AreaId>| id.map_or(NOBODY, |id| groups[id.0 as usize]);
        let chains = layer.arcs().map(|arc| (arc.points, owner(arc.left), owner(arc.right)));
        let work = line_work(set, chains, z);
        groups = layer.ids().filter(|&id| layer.area(id).drawn).map(|id| groups[id.0 as usize]).collect();
        groups.sort_unstable();
        groups.dedup();
        let marks = groups.into_iter().map(|id| Mark::new(set, id, None, &layer.area(AreaId(id)).bounds));
        Self { work, marks: packed(marks) }
    }

    /// Pieces. Owners are `PieceId`s.
    pub fn of_pieces(set: MatrixSet, overlay: &Overlay, z: u8) -> Self {
        let chains = overlay
            .arcs()
            .map(|(points, l, r)| (points, l.map_or(NOBODY, |p| p.0), r.map_or(NOBODY, |p| p.0)));
        let work = line_work(set, chains, z);
        // A piece that falls together is marked where its border begins.
        let marks = overlay
            .ids()
            .zip(begins(overlay))
            .filter_map(|(id, begin)| Some(Mark::new(set, id.0, Some(begin?), &overlay.piece(id).bounds)));
        Self { work, marks: packed(marks) }
    }

    /// Faults of one side, for all zooms: they are small, so no vertex of them is one too many. Owners
    /// are places in [`Faults::all`].
    pub fn of_faults(set: MatrixSet, faults: &Faults) -> Self {
        let chains = (0..).zip(faults.all()).flat_map(|(owner, fault)| {
            // Rings run with their ground to the left.
            fault.ground.rings().map(move |ring: &Ring| {
                let closed: Vec<E7> = ring.iter().chain(ring.first()).copied().collect();
                Chain { points: set.project_line(&closed), left: owner, right: NOBODY }
            })
        });
        let work = LineWork::new(&chains.filter(|c| c.points.len() > 2).collect::<Vec<_>>());
        let marks = (0..)
            .zip(faults.all())
            .filter_map(|(owner, fault)| Some(Mark::new(set, owner, Some(fault.at?), &fault.bounds)));
        Self { work, marks: packed(marks) }
    }

    /// Calls `f` with the ends of each edge, and with who has the ground to its left and to its right.
    pub fn each_edge(&self, f: impl FnMut(World, World, Owner, Owner)) {
        self.work.each_edge(f);
    }

    /// Whether few borders lie in a tile.
    pub fn has_few(&self, frame: &Frame) -> bool {
        let (min, max) = frame.world_box();
        self.work.has_few(min, max)
    }

    /// The borders in a tile, on its lattice.
    pub fn edges(&self, frame: &Frame) -> Vec<Edge> {
        let (min, max) = frame.world_box();
        quantise(frame, &self.work.select(min, max), || self.work.whole(frame))
    }

    /// The closed ground of every owner in a tile.
    pub fn ground(&self, frame: &Frame, edges: &[Edge]) -> Vec<Chain<E7>> {
        clip::clip(edges, || self.work.whole(frame))
    }

    /// The wanted owners whose mark belongs to a tile, ascending, each with the place of its mark in the tile.
    /// `place` tells the mark of an owner that the stage has none of.
    pub fn marks_in(
        &self,
        frame: &Frame,
        wanted: impl Fn(&Mark) -> bool,
        place: impl Fn(Owner) -> Option<E7>,
    ) -> Vec<(Owner, (i32, i32))> {
        let (min, max) = frame.world_box();
        let place_of = |mark: &Mark| {
            let at = mark.at.or_else(|| place(mark.owner).map(|at| frame.set.project(at)))?;
            Some((mark.owner, frame.point(at)?))
        };
        let mut marks = Vec::new();
        if let Some(near) = Rect::within_world(min, max) {
            self.marks.each_in(near, |mark| {
                marks.extend(Some(mark).filter(|mark| wanted(mark)).and_then(place_of));
                true
            });
        }
        marks.sort_unstable_by_key(|&(owner, _)| owner);
        marks
    }
}

/// Where the border of each piece begins.
pub(crate) fn begins(overlay: &Overlay) -> Vec<Option<E7>> {
    let mut begins: Vec<Option<E7>> = vec![None; overlay.pieces().len()];
    for (points, left, right) in overlay.arcs() {
        for id in [left, right].into_iter().flatten() {
            let begin = &mut begins[id.0 as usize];
            *begin = (*begin).or(points.first().copied());
        }
    }
    begins
}

fn packed(marks: impl Iterator<Item = Mark>) -> PackedTree<Mark> {
    PackedTree::new(marks.map(|mark| (mark.bounds, mark)).collect())
}

fn line_work<'a>(set: MatrixSet, chains: impl Iterator<Item = (&'a [E7], Owner, Owner)>, z: u8) -> LineWork {
    let chains = chains
        .filter(|(_, left, right)| left != right)
        .map(|(points, left, right)| Chain { points: set.project_line(points), left, right })
        .filter(|c| c.points.len() > 1)
        .collect();
    LineWork::new(&generalise(join(chains), z))
}

/// The stages of one layer, each made when first asked for.
#[derive(Default)]
pub(crate) struct Stages([OnceLock<Stage>; DETAIL_ZOOM as usize + 1]);

impl Stages {
    /// The stage of a zoom; all zooms with every vertex share one. `make` gets the zoom to make it for.
    pub fn at(&self, z: u8, make: impl FnOnce(u8) -> Stage) -> &Stage {
        let z = z.min(DETAIL_ZOOM);
        self.0[usize::from(z)].get_or_init(|| make(z))
    }

    /// The stage of a zoom, if it was made.
    pub fn if_there(&self, z: u8) -> Option<&Stage> {
        self.0[usize::from(z.min(DETAIL_ZOOM))].get()
    }
}
