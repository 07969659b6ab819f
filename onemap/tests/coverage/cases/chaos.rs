//! Areas drawn without regard for each other: everything overlaps, some rings cross themselves.

use super::{Lattice, Random};
use gridbeat_onemap::{E7, MultiPolygon, Polygon};

/// So many areas; each of one or two polygons, of few vertices, some with a hole.
pub fn chaos(random: &mut Random, lattice: Lattice, areas: usize) -> Vec<MultiPolygon> {
    let w = lattice.width();
    let polygon = |random: &mut Random| {
        let (x, y, size) = (random.between(0, w), random.between(0, w), random.between(w / 12, w / 4));
        // Around a middle or anywhere: the second crosses itself as often as not.
        let anywhere = random.chance(30);
        let corners = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)];
        let mut exterior: Vec<E7> = Vec::new();
        for (cx, cy) in corners {
            if random.chance(60) || exterior.len() < 3 && cy == 1 {
                let at = lattice.at(x + cx * size / 2, y + cy * size / 2);
                let middle = lattice.at(x, y);
                exterior.push(if anywhere { random.near(middle, size) } else { random.near(at, size / 5) });
            }
        }
        while exterior.len() < 3 {
            exterior.push(random.near(lattice.at(x, y), size));
        }
        let mut holes = Vec::new();
        if random.chance(25) {
            let middle = lattice.at(x, y);
            holes.push((0..4).map(|_| random.near(middle, size / 4)).collect());
        }
        Polygon { exterior, holes }
    };
    (0..areas)
        .map(|_| MultiPolygon((0..1 + random.below(5) / 4).map(|_| polygon(random)).collect()))
        .collect()
}
