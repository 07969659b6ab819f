//! Which hard cases a case holds. Found in its drawings and its layers, not taken from its maker's word.

use crate::cases::{Case, drawn};
use gridbeat_onemap::{E7, Layer, MultiPolygon, e7};
use std::collections::{BTreeMap, BTreeSet};

/// What is looked for, each with the number of cases that must have it.
pub const WANTED: [(Hard, usize); 14] = [
    (Hard::SharedEdge, 200),
    (Hard::TJunction, 200),
    (Hard::Hole, 200),
    (Hard::Island, 200),
    (Hard::AreaInArea, 200),
    (Hard::MultiPart, 200),
    (Hard::Components, 200),
    (Hard::NearCoincident, 200),
    (Hard::CollinearOverlap, 200),
    (Hard::VerticalRun, 200),
    (Hard::HorizontalRun, 200),
    (Hard::PointOnEdge, 200),
    (Hard::Disputed, 200),
    (Hard::LongRing, 5),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hard {
    /// Two areas of a layer have the same edge.
    SharedEdge,
    /// A vertex of one area lies inside an edge of another of the same layer.
    TJunction,
    /// An area has a hole in its drawing.
    Hole,
    /// Ground that hangs together and touches no other, as small as one area.
    Island,
    /// An area that borders on one other area only.
    AreaInArea,
    /// An area of several polygons.
    MultiPart,
    /// A layer of several components that do not touch.
    Components,
    /// A third of the second layer's vertices, or more, lie 1 to 3 units from one of the first's.
    NearCoincident,
    /// Edges of the two layers share a stretch, but not both ends.
    CollinearOverlap,
    /// Three vertices of a ring or more, one above the other.
    VerticalRun,
    /// Three vertices of a ring or more, one beside the other.
    HorizontalRun,
    /// A vertex of one layer lies inside an edge of the other.
    PointOnEdge,
    /// Ground that two areas of a layer claim.
    Disputed,
    /// A ring of 20,000 vertices or more.
    LongRing,
}

/// An edge of a drawing, from its western end (else its southern) to the other.
#[derive(Clone, Copy)]
struct Edge {
    a: E7,
    b: E7,
    layer: usize,
    area: usize,
}

/// What a case holds.
pub fn found(case: &Case, layers: [&Layer; 2]) -> BTreeSet<Hard> {
    let mut found = BTreeSet::new();
    let mut edges = Vec::new();
    for (layer, rows) in [&case.grids, &case.beats].into_iter().enumerate() {
        for (area, ground) in drawn(rows).enumerate() {
            in_drawing(ground, &mut found);
            edges.extend(edges_of(ground, layer, area));
        }
    }
    between_edges(edges, &mut found);
    if near_coincident(drawn(&case.grids), drawn(&case.beats)) {
        found.insert(Hard::NearCoincident);
    }
    for (layer, rows) in layers.into_iter().zip([&case.grids, &case.beats]) {
        in_layer(layer, &mut found);
        // A ring that crosses itself counts its lobes against each other here, so this never says too much.
        let claimed: i128 = drawn(rows).map(MultiPolygon::area2).sum();
        let owned: i128 = crate::judge::grounds(layer).iter().map(MultiPolygon::area2).sum();
        if claimed > owned {
            found.insert(Hard::Disputed);
        }
    }
    found
}

fn in_drawing(ground: &MultiPolygon, found: &mut BTreeSet<Hard>) {
    if ground.0.iter().any(|p| !p.holes.is_empty()) {
        found.insert(Hard::Hole);
    }
    for ring in ground.rings() {
        if ring.len() >= 20_000 {
            found.insert(Hard::LongRing);
        }
        for i in 0..ring.len() {
            let [a, b, c] = [0, 1, 2].map(|k| ring[(i + k) % ring.len()]);
            if a.lon == b.lon && b.lon == c.lon && (a.lat < b.lat) == (b.lat < c.lat) {
                found.insert(Hard::VerticalRun);
            }
            if a.lat == b.lat && b.lat == c.lat && (a.lon < b.lon) == (b.lon < c.lon) {
                found.insert(Hard::HorizontalRun);
            }
        }
    }
}

fn edges_of(ground: &MultiPolygon, layer: usize, area: usize) -> impl Iterator<Item = Edge> + '_ {
    ground.rings().flat_map(move |ring| {
        (0..ring.len()).map(move |i| {
            let (p, q) = (ring[i], ring[(i + 1) % ring.len()]);
            Edge { a: p.min(q), b: p.max(q), layer, area }
        })
    })
}

/// Compares every two edges whose boxes meet, by a sweep from west to east.
fn between_edges(mut edges: Vec<Edge>, found: &mut BTreeSet<Hard>) {
    edges.retain(|e| e.a != e.b);
    edges.sort_unstable_by_key(|e| (e.a, e.b));
    for (i, e) in edges.iter().enumerate() {
        for f in edges[i + 1..].iter().take_while(|f| f.a.lon <= e.b.lon) {
            let (south, north) = (e.a.lat.min(e.b.lat), e.a.lat.max(e.b.lat));
            if f.a.lat.max(f.b.lat) >= south && f.a.lat.min(f.b.lat) <= north {
                compare(e, f, found);
            }
        }
    }
}

fn compare(e: &Edge, f: &Edge, found: &mut BTreeSet<Hard>) {
    let same_layer = e.layer == f.layer;
    if same_layer && e.area == f.area {
        return;
    }
    if (e.a, e.b) == (f.a, f.b) {
        if same_layer {
            found.insert(Hard::SharedEdge);
        }
        return;
    }
    let inside = |e: &Edge, p: E7| p != e.a && p != e.b && e7::on_segment(e.a, e.b, p);
    if inside(e, f.a) || inside(e, f.b) || inside(f, e.a) || inside(f, e.b) {
        found.insert(if same_layer { Hard::TJunction } else { Hard::PointOnEdge });
        let straight = e7::cross(e.a, e.b, f.a) == 0 && e7::cross(e.a, e.b, f.b) == 0;
        // Both lie on one line, and one begins before the other ends.
        if !same_layer && straight && e.a.max(f.a) < e.b.min(f.b) {
            found.insert(Hard::CollinearOverlap);
        }
    }
}

fn near_coincident<'a>(
    first: impl Iterator<Item = &'a MultiPolygon>,
    second: impl Iterator<Item = &'a MultiPolygon>,
) -> bool {
    let vertices: BTreeSet<E7> = first.flat_map(MultiPolygon::rings).flatten().copied().collect();
    let others: BTreeSet<E7> = second.flat_map(MultiPolygon::rings).flatten().copied().collect();
    let close = |p: &&E7| {
        !vertices.contains(*p)
            && (-3..=3).any(|d| {
                let column = |lat| E7::new(p.lon + d, lat);
                vertices.range(column(p.lat - 3)..=column(p.lat + 3)).next().is_some()
            })
    };
    others.iter().filter(close).count() * 3 >= others.len()
}

fn in_layer(layer: &Layer, found: &mut BTreeSet<Hard>) {
    let mut beside: BTreeMap<u32, BTreeSet<Option<u32>>> = BTreeMap::new();
    let mut leader: Vec<usize> = (0..layer.areas().len()).collect();
    for arc in layer.arcs() {
        let (l, r) = (arc.left.map(|a| a.0), arc.right.map(|a| a.0));
        for (one, other) in [(l, r), (r, l)] {
            if let Some(a) = one {
                beside.entry(a).or_default().insert(other);
            }
        }
        if let (Some(l), Some(r)) = (l, r) {
            let (l, r) = (lead(&leader, l as usize), lead(&leader, r as usize));
            leader[l] = r;
        }
    }
    let components: BTreeSet<usize> = beside.keys().map(|&a| lead(&leader, a as usize)).collect();
    if components.len() > 1 {
        found.insert(Hard::Components);
    }
    for (area, beside) in &beside {
        match beside.iter().collect::<Vec<_>>()[..] {
            [None] => {
                found.insert(Hard::Island);
            }
            [Some(_)] => {
                found.insert(Hard::AreaInArea);
            }
            _ => {}
        }
        if layer.outline(gridbeat_onemap::AreaId(*area)).0.len() > 1 {
            found.insert(Hard::MultiPart);
        }
    }
}

fn lead(leader: &[usize], mut area: usize) -> usize {
    while leader[area] != area {
        area = leader[area];
    }
    area
}
