//! One point, one answer: a point on a border belongs to the face just east of it, and if that is still the
//! border, just north.

use super::{Built, drawn};
use crate::cases::Random;
use gridbeat_onemap::{AreaId, Bounds, E7, Layer, e7};

/// Edges from their southern end to the northern, each with the number of what it bounds.
type Edges = Vec<(E7, E7, u32)>;

pub fn check(name: &str, built: &Built) {
    let overlay = &built.overlay;
    let pieces: Edges = overlay
        .ids()
        .flat_map(|p| overlay.outline(p).rings().flat_map(|r| northward(r, p.0)).collect::<Vec<_>>())
        .collect();
    let mut random = Random::new(pieces.len() as u64);
    let on_borders = on_borders(&mut random, &pieces);
    let anywhere = anywhere(&mut random, overlay.bounds());
    for &p in on_borders.iter().chain(&anywhere) {
        let expected = owners(&pieces, p);
        let told: Vec<u32> = overlay.locate(p).map(|piece| piece.0).into_iter().collect();
        assert_eq!(told, expected, "{name}: the piece at {p:?}");
    }
    // Away from borders that the overlay may have bent, the piece names the areas whose ground it is.
    for (layer, of_piece) in [
        (&built.grids, built.overlay.pieces().iter().map(|p| p.grid).collect::<Vec<_>>()),
        (&built.beats, built.overlay.pieces().iter().map(|p| p.beat).collect::<Vec<_>>()),
    ] {
        let areas = edges_of(layer);
        for &p in &anywhere {
            let told: Vec<u32> = overlay
                .locate(p)
                .and_then(|piece| of_piece[piece.0 as usize])
                .map(|a| a.0)
                .into_iter()
                .collect();
            let expected = owners(&areas, p);
            if told != expected {
                let distance = areas.iter().map(|&(a, b, _)| distance(p, a, b)).fold(f64::INFINITY, f64::min);
                assert!(
                    distance < 1.0,
                    "{name}: {p:?} lies {distance} units inside {expected:?}, not {told:?}"
                );
            }
        }
    }
}

fn edges_of(layer: &Layer) -> Edges {
    let of = |id: AreaId| layer.outline(id).rings().flat_map(|r| northward(r, id.0)).collect::<Vec<_>>();
    drawn(layer).flat_map(of).collect()
}

fn northward(ring: &[E7], owner: u32) -> Vec<(E7, E7, u32)> {
    let edges = (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]));
    edges.map(|(a, b)| if a.lat <= b.lat { (a, b, owner) } else { (b, a, owner) }).collect()
}

/// Whose rings an odd number of times lie east of `p`, moved a little east and far less north.
fn owners(edges: &Edges, p: E7) -> Vec<u32> {
    let mut odd: Vec<u32> = Vec::new();
    for &(south, north, owner) in edges {
        if south.lat <= p.lat && p.lat < north.lat && e7::cross(south, north, p) > 0 {
            match odd.iter().position(|&o| o == owner) {
                Some(k) => drop(odd.swap_remove(k)),
                None => odd.push(owner),
            }
        }
    }
    odd
}

/// Vertices, lattice points on edges and beside them.
fn on_borders(random: &mut Random, edges: &Edges) -> Vec<E7> {
    let mut points = Vec::new();
    for _ in 0..40 {
        if edges.is_empty() {
            break;
        }
        let (a, b, _) = edges[random.below(edges.len())];
        let middle = Bounds::of([&a, &b]).center();
        points.extend([a, random.near(a, 1), middle, random.near(middle, 1)]);
    }
    points
}

/// Positions in a box and a little beside it.
fn anywhere(random: &mut Random, bounds: Bounds) -> Vec<E7> {
    if bounds.is_empty() {
        return vec![E7::new(0, 0)];
    }
    let mut between = |low: i32, high: i32| {
        let width = i64::from(high) - i64::from(low) + 11;
        (i64::from(low) - 5 + random.below(width as usize) as i64) as i32
    };
    (0..60)
        .map(|_| E7::new(between(bounds.min.lon, bounds.max.lon), between(bounds.min.lat, bounds.max.lat)))
        .collect()
}

/// From a point to a segment, in units.
pub fn distance(p: E7, a: E7, b: E7) -> f64 {
    let d = |u: E7, v: E7| (f64::from(v.lon) - f64::from(u.lon), f64::from(v.lat) - f64::from(u.lat));
    let ((ux, uy), (px, py)) = (d(a, b), d(a, p));
    let square = ux * ux + uy * uy;
    let along = if square == 0.0 { 0.0 } else { ((ux * px + uy * py) / square).clamp(0.0, 1.0) };
    (px - along * ux).hypot(py - along * uy)
}
