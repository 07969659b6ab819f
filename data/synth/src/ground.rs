//! From open ground to blocks: water carved first, then the ranks of `districts`, then grids within
//! grids and grids of several parts.

use crate::{
    cut::{Cut, Outline, through},
    districts::{Cutter, Districts, Ground, NONE},
    geom::{P, area, bounds, centroid, inside, p, to_border},
    mesh::{End, Face, Mesh, NO_STREET, Vertex, sides},
    plan::CityPlan,
    rng::Rng,
    terrain::Terrain,
};

const OPEN: Ground =
    Ground { water: false, county: NONE, town: NONE, community: NONE, grid: NONE, angle: 0.0, holds: 0 };

/// Cuts the ground of a city.
pub fn cut(plan: &CityPlan, terrain: &Terrain, seed: u64) -> Districts {
    let rng = Rng::of(&[seed, u64::from(plan.region), 2]);
    let mut mesh = Mesh::new(terrain.frame);
    mesh.add(&terrain.outline);
    let done =
        Districts { mesh, ground: vec![OPEN], streets: Vec::new(), counts: [0; 4], enclosed: Vec::new() };
    let mut cutter = Cutter { done, terrain, rng };
    for (line, width) in &terrain.waters {
        carve(&mut cutter, line, *width);
    }
    let islets = (plan.grids / 32).max(1);
    hand_out(&mut cutter, plan.grids - islets);
    let land: Vec<Face> =
        (0..cutter.done.ground.len() as Face).filter(|&f| !cutter.done.ground[f as usize].water).collect();
    cutter.cut_all(&land, plan.counties);
    enclose(&mut cutter, islets);
    cutter.cut_blocks();
    islands(&mut cutter);
    scatter(&mut cutter, plan.grids / 90);
    cutter.done
}

/// Carves a band of water along a line: first one bank, then the other, then chords across, so that the
/// water is made of cells that a beat can take one by one.
fn carve(cutter: &mut Cutter<'_>, line: &[P], width: f64) {
    let bank = |side: f64| -> Vec<P> {
        (0..line.len())
            .map(|i| {
                let flow = line[(i + 1).min(line.len() - 1)] - line[i.saturating_sub(1)];
                line[i] + flow.left().unit() * (side * width / 2.0)
            })
            .collect()
    };
    let (left, right) = (bank(1.0), bank(-1.0));
    let land = (0..cutter.done.mesh.ring.len() as Face).filter(|&f| !cutter.done.ground[f as usize].water);
    // The face that holds most of the line: a canal starts in the river and must not take the other bank.
    let Some(face) = land.max_by_key(|&f| {
        let shape = cutter.done.mesh.shape(f);
        line.iter().filter(|&&q| inside(&shape, q)).count()
    }) else {
        return;
    };
    let shape = cutter.done.mesh.shape(face);
    let held: Vec<usize> =
        (0..line.len()).filter(|&i| inside(&shape, left[i]) && inside(&shape, right[i])).collect();
    let Some(&middle) = held.get(held.len() / 2) else {
        return;
    };
    // The left bank is the left side of the cut along it: the face keeps the ground beyond it.
    let Some(first) = through(&cutter.done.mesh, face, &left, middle, 4.0) else {
        return;
    };
    let Some(rest) = split(cutter, face, &first) else {
        return;
    };
    let Some(second) = through(&cutter.done.mesh, rest, &right, middle, 4.0) else {
        return;
    };
    if split(cutter, rest, &second).is_none() {
        return;
    }
    cutter.done.ground[rest as usize].water = true;
    let bank: Vec<Vertex> = cutter.done.mesh.ring[face as usize]
        .iter()
        .copied()
        .filter(|&v| cutter.done.mesh.ring[rest as usize].contains(&v))
        .collect();
    let apart = 420.0;
    let mut last = None;
    for v in bank {
        let at = cutter.done.mesh.pos[v as usize];
        if last.is_some_and(|q: P| (q - at).len() < apart) {
            continue;
        }
        last = Some(at);
        let Some((water, outward)) = water_beside(cutter, v) else {
            continue;
        };
        cutter.cross_water(water, v, outward);
    }
}

/// The water face at a vertex of its border, and the direction into it.
fn water_beside(cutter: &Cutter<'_>, v: Vertex) -> Option<(Face, P)> {
    let mesh = &cutter.done.mesh;
    (0..mesh.ring.len() as Face).filter(|&f| cutter.done.ground[f as usize].water).find_map(|f| {
        let ring = &mesh.ring[f as usize];
        let i = ring.iter().position(|&q| q == v)?;
        let (a, b) = (ring[(i + ring.len() - 1) % ring.len()], ring[(i + 1) % ring.len()]);
        let along = (mesh.pos[b as usize] - mesh.pos[a as usize]).unit();
        Some((f, along.left()))
    })
}

fn split(cutter: &mut Cutter<'_>, face: Face, cut: &Cut) -> Option<Face> {
    let new = cutter.done.mesh.split(face, cut.from, &cut.via, cut.to, NO_STREET)?.new;
    let ground = cutter.done.ground[face as usize];
    cutter.done.ground.push(ground);
    Some(new)
}

/// Says how many grids each piece of land holds, by the people on it.
fn hand_out(cutter: &mut Cutter<'_>, grids: u32) {
    let shapes: Vec<(usize, Vec<P>)> = (0..cutter.done.ground.len())
        .filter(|&f| !cutter.done.ground[f].water)
        .map(|f| (f, cutter.done.mesh.shape(f as Face)))
        .collect();
    let (low, high) = bounds(&cutter.terrain.outline);
    let mut weight = vec![0.0; cutter.done.ground.len()];
    for _ in 0..20_000 {
        let at = p(cutter.rng.range(low.x, high.x), cutter.rng.range(low.y, high.y));
        if let Some((f, _)) = shapes.iter().find(|(_, s)| inside(s, at)) {
            weight[*f] += cutter.terrain.density(at);
        }
    }
    let total: f64 = weight.iter().sum();
    let mut left = grids;
    let mut largest = 0;
    for (f, _) in shapes {
        let holds = ((f64::from(grids) * weight[f] / total.max(1e-9)).round() as u32).clamp(1, left.max(1));
        left = left.saturating_sub(holds);
        cutter.done.ground[f].holds = holds;
        if holds > cutter.done.ground[largest].holds {
            largest = f;
        }
    }
    cutter.done.ground[largest].holds += left;
}

/// Makes some grids lie as a hole in another: a rectangle with walls, tied to the border by two cuts on
/// opposite sides that vanish when the blocks around it are joined to their grid.
fn enclose(cutter: &mut Cutter<'_>, wanted: u32) {
    let mut faces: Vec<Face> =
        (0..cutter.done.ground.len() as Face).filter(|&f| !cutter.done.ground[f as usize].water).collect();
    let mut made = 0;
    while made < wanted && !faces.is_empty() {
        let face = faces.swap_remove(cutter.rng.below(faces.len()));
        if let Some(inner) = enclose_one(cutter, face) {
            cutter.done.ground[inner as usize].grid = cutter.done.counts[3];
            cutter.done.enclosed.push(cutter.done.counts[3]);
            cutter.done.counts[3] += 1;
            made += 1;
        }
    }
}

fn enclose_one(cutter: &mut Cutter<'_>, face: Face) -> Option<Face> {
    let outline = Outline::of(&cutter.done.mesh, face);
    let middle = centroid(&outline.shape);
    let along = P::of_angle(cutter.done.ground[face as usize].angle);
    let size = area(&outline.shape).sqrt();
    let (w, h) = (size * cutter.rng.range(0.19, 0.27), size * cutter.rng.range(0.19, 0.27));
    let skew = [0; 4].map(|_| (cutter.rng.range(0.72, 1.15), cutter.rng.range(0.72, 1.15)));
    let mut nth = skew.iter();
    let mut corner = |i: f64, j: f64| {
        let (p, q) = nth.next().copied().unwrap_or((1.0, 1.0));
        middle + along * (i * w * p) + along.left() * (j * h * q)
    };
    let c = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
    if w.min(h) < 28.0 || w.max(h) > 320.0 {
        return None;
    }
    let clear = |q: P| inside(&outline.shape, q) && to_border(&outline.shape, q) > 18.0;
    if !c.iter().chain(&[c[0].toward(c[1], 0.5), c[1].toward(c[2], 0.5)]).all(|&q| clear(q)) {
        return None;
    }
    // From the border to corner 0, round by corner 1 to corner 2, and on to the border.
    let line = [c[0] + (c[0] - c[2]) * 20.0, c[0], c[1], c[2], c[2] + (c[2] - c[0]) * 20.0];
    let first = through(&cutter.done.mesh, face, &line, 2, 8.0)?;
    if first.via.len() != 3 {
        return None;
    }
    let other = split(cutter, face, &first)?;
    let rest = if inside(&cutter.done.mesh.shape(face), c[3]) { face } else { other };
    let vertex = |q: P| {
        let at = cutter.done.mesh.frame.lattice(q);
        cutter.done.mesh.ring[rest as usize].iter().copied().find(|&v| cutter.done.mesh.at[v as usize] == at)
    };
    let close =
        Cut { from: End::Corner(vertex(c[2])?), via: vec![c[3]], to: End::Corner(vertex(c[0])?), cost: 0.0 };
    // The border may come in between two corners. The first cut can stay: both its faces are of one grid.
    if !Outline::of(&cutter.done.mesh, rest).fits(&cutter.done.mesh, &close, 3.0) {
        return None;
    }
    // Corner 2 → 3 → 0 is counter-clockwise round the rectangle: it lies left of the path, so `rest` keeps it.
    split(cutter, rest, &close)?;
    Some(rest)
}

/// Gives the islands in the lake to the grid whose shore is nearest: grids of several parts.
fn islands(cutter: &mut Cutter<'_>) {
    for shape in &cutter.terrain.islands {
        let middle = centroid(shape);
        let near = (0..cutter.done.ground.len())
            .filter(|&f| !cutter.done.ground[f].water)
            .map(|f| ((cutter.done.mesh.pos[cutter.done.mesh.ring[f][0] as usize] - middle).len(), f))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, f)) = near {
            let ground = cutter.done.ground[f];
            cutter.done.mesh.add(shape);
            cutter.done.ground.push(ground);
        }
    }
}

/// Gives single blocks to a grid of the same community that does not touch them (飞地).
fn scatter(cutter: &mut Cutter<'_>, wanted: u32) {
    let done = &mut cutter.done;
    let mut blocks_of = vec![0u32; done.counts[3] as usize];
    for g in done.ground.iter().filter(|g| !g.water) {
        blocks_of[g.grid as usize] += 1;
    }
    let mut made = 0;
    for _ in 0..wanted * 60 {
        if made == wanted {
            break;
        }
        let block = cutter.rng.below(done.ground.len());
        let ground = done.ground[block];
        if ground.water || blocks_of[ground.grid as usize] < 4 || done.enclosed.contains(&ground.grid) {
            continue;
        }
        let beside: Vec<Face> =
            sides(&done.mesh.ring[block]).filter_map(|(u, v)| done.mesh.left_of(v, u)).collect();
        // It must lie on the grid's own edge, so that the grid does not get a hole.
        if beside.iter().all(|&f| done.ground[f as usize].grid == ground.grid) {
            continue;
        }
        let from = block.saturating_sub(4_000);
        let other = (from..(block + 4_000).min(done.ground.len())).find(|&f| {
            let g = done.ground[f];
            !g.water
                && g.community == ground.community
                && g.grid != ground.grid
                && !done.enclosed.contains(&g.grid)
                && beside.iter().all(|&b| done.ground[b as usize].grid != g.grid)
        });
        if let Some(other) = other {
            let grid = done.ground[other].grid;
            blocks_of[ground.grid as usize] -= 1;
            blocks_of[grid as usize] += 1;
            done.ground[block].grid = grid;
            made += 1;
        }
    }
}
