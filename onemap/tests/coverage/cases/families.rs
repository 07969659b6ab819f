//! The families of cases, and how many of each are judged.

use super::{
    Lattice, Random, chaos,
    cuts::{self, Ends},
    rows::rows_of,
    second::{self, Copied},
    sheet::Sheet,
    warp::{Between, Warp},
};
use gridbeat_onemap::{
    MultiPolygon,
    record::{AreaRow, Side},
};

/// Two layers over the same ground.
pub struct Case {
    /// Family and seed, to make it again.
    pub name: String,
    pub grids: Vec<AreaRow>,
    pub beats: Vec<AreaRow>,
}

/// Draws the ground of two layers.
type Draw = fn(&mut Random, Lattice) -> [Vec<MultiPolygon>; 2];

/// A way to draw, and how many cases of it are judged; every second one on the tiny lattice.
pub struct Family {
    pub name: &'static str,
    pub cases: u64,
    draw: Draw,
}

/// All of them; together 2,000 cases and more of at least 50 grids each.
pub const FAMILIES: [Family; 8] = [
    Family { name: "rasters", cases: 260, draw: rasters },
    Family { name: "near-coincident", cases: 340, draw: near_coincident },
    Family { name: "unmatched", cases: 300, draw: unmatched },
    Family { name: "coarser", cases: 280, draw: coarser },
    Family { name: "cuts", cases: 340, draw: cut },
    Family { name: "rounded-cuts", cases: 260, draw: rounded_cuts },
    Family { name: "chaos", cases: 220, draw: chaotic },
    Family { name: "long-rings", cases: 8, draw: long_rings },
];

impl Family {
    /// The case of a seed.
    pub fn case(&self, seed: u64) -> Case {
        let lattice =
            if seed.is_multiple_of(2) && self.name != "long-rings" { Lattice::Tiny } else { Lattice::Real };
        let mut random = Random::new(seed);
        let [grids, beats] = (self.draw)(&mut random, lattice);
        Case {
            name: format!("{} {seed} ({lattice:?})", self.name),
            grids: rows_of(&mut random, Side::Grid, grids),
            beats: rows_of(&mut random, Side::Beat, beats),
        }
    }
}

/// Every case that is judged.
pub fn all() -> impl Iterator<Item = (&'static Family, u64)> {
    FAMILIES.iter().flat_map(|f| (0..f.cases).map(move |seed| (f, seed)))
}

/// A sheet with something of everything.
fn sheet(random: &mut Random, cells: usize, areas: usize) -> Sheet {
    let mut sheet = Sheet::grown(random, cells, cells, areas);
    for filled in [true, false] {
        sheet.hole(random, filled);
    }
    for _ in 0..3 {
        sheet.part(random);
    }
    if random.chance(50) {
        sheet.strip(random);
    }
    sheet
}

/// Borders along the lattice, a vertex at every cell: over a raster of other cells.
fn rasters(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let mut raster = |cells: usize, areas: usize| {
        let sheet = sheet(random, cells, areas);
        Warp::new(random, lattice, &sheet, 0, &[Between::Nothing, Between::OnTheEdge], 2).areas(&sheet)
    };
    [raster(16, 75), raster(12, 40)]
}

/// A bent sheet over another office's copy of it, each vertex 0 to 3 units off.
fn near_coincident(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let sheet = sheet(random, 12, 72);
    let most = if lattice == Lattice::Tiny { 2 } else { 4 };
    let areas =
        Warp::new(random, lattice, &sheet, 20, &[Between::Bent, Between::Nothing], most).areas(&sheet);
    let how = if random.chance(60) { Copied::Together } else { Copied::OneByOne };
    let copy = second::copied(random, &areas, how);
    [areas, copy]
}

/// Shared edges with different vertices on each side, over a sheet of the same kind.
fn unmatched(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let mut drawn = |cells: usize, areas: usize, bend: i32| {
        let sheet = sheet(random, cells, areas);
        let kinds = [Between::OneSided, Between::OnTheEdge, Between::Nothing];
        Warp::new(random, lattice, &sheet, bend, &kinds, 3).areas(&sheet)
    };
    [drawn(12, 72, 25), drawn(10, 45, 0)]
}

/// A sheet over the same lines with fewer areas, straight vertices left out.
fn coarser(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let fine = sheet(random, 13, 75);
    let bend = if random.chance(50) { 0 } else { 15 };
    let warp = Warp::new(random, lattice, &fine, bend, &[Between::OnTheEdge, Between::Nothing], 3);
    let coarse = fine.coarser(random, 3);
    [warp.areas(&fine), warp.areas_without_straight_vertices(&coarse)]
}

/// Slanted cuts that their neighbours know of, over cuts that end on lattice points only.
fn cut(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    [cuts::cut(random, lattice, 60, Ends::Shared), cuts::cut(random, lattice, 35, Ends::Exact)]
}

/// Slanted cuts whose ends are rounded off their neighbours' edges, over a bent sheet.
fn rounded_cuts(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let sheet = sheet(random, 9, 40);
    let beats = Warp::new(random, lattice, &sheet, 25, &[Between::Bent], 3).areas(&sheet);
    [cuts::cut(random, lattice, 60, Ends::Rounded), beats]
}

/// No coverage at all, over a bent sheet.
fn chaotic(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let sheet = sheet(random, 8, 30);
    let beats = Warp::new(random, lattice, &sheet, 25, &[Between::Bent, Between::Nothing], 2).areas(&sheet);
    [chaos::chaos(random, lattice, 55), beats]
}

/// One area with more than 20,000 vertices in its ring, over another office's copy.
fn long_rings(random: &mut Random, lattice: Lattice) -> [Vec<MultiPolygon>; 2] {
    let mut sheet = sheet(random, 11, 72);
    sheet.hole(random, true);
    let longest = sheet.areas().into_values().flatten().max_by_key(|p| p[0].len()).unwrap_or_default();
    let ring = &longest[0];
    let edges: Vec<_> = (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])).collect();
    let mut warp = Warp::new(random, lattice, &sheet, 20, &[Between::Bent], 4);
    warp.densify(random, &edges, 22_000 / edges.len());
    let areas = warp.areas(&sheet);
    let copy = second::copied(random, &areas, Copied::Together);
    [areas, copy]
}
