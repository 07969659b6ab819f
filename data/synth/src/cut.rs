//! A street through a face: where it may run, and how it is drawn.
//!
//! A cut is a chord of the face, bent a little. It looks for junctions that are already on the border
//! and joins them, so that a street goes on across the next one instead of ending a house beside it.
//! No cut is taken that touches the border in between or passes closer to a corner than `gap`.

use crate::{
    geom::{P, inside, p, sin, to_segment, touch},
    mesh::{End, Face, Mesh, NO_STREET, Street, Vertex},
    rng::Rng,
};

/// How streets of one rank are drawn (lengths in metres).
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Bend of the whole, as a share of its length.
    pub bow: f64,
    /// Irregular wandering, as a share of its length.
    pub wander: f64,
    /// Distance between vertices.
    pub step: f64,
    /// An end this near to a junction joins it.
    pub snap: f64,
    /// Nothing comes closer to another corner than this.
    pub gap: f64,
}

/// One possible cut.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Where it starts.
    pub from: End,
    /// Vertices between.
    pub via: Vec<P>,
    /// Where it ends.
    pub to: End,
    /// How unwelcome it is; for comparing cuts of one face.
    pub cost: f64,
}

/// A face as the cutter sees it, read from the mesh once.
pub struct Outline {
    /// Its vertices.
    pub ring: Vec<Vertex>,
    /// Their places.
    pub shape: Vec<P>,
    junction: Vec<bool>,
}

impl Outline {
    /// Reads a face.
    pub fn of(mesh: &Mesh, face: Face) -> Self {
        let ring = mesh.ring[face as usize].clone();
        let shape = ring.iter().map(|&v| mesh.pos[v as usize]).collect();
        let junction = ring.iter().map(|&v| mesh.degree[v as usize] > 2).collect();
        Self { ring, shape, junction }
    }

    fn next(&self, i: usize) -> usize {
        (i + 1) % self.ring.len()
    }

    /// The straight cut along the longest chord on the line through `through` with direction `along`.
    pub fn chord(&self, through: P, along: P, style: &Style) -> Option<Cut> {
        let n = self.ring.len();
        let mut hits: Vec<(f64, usize)> = Vec::new();
        for i in 0..n {
            let (a, b) = (self.shape[i] - through, self.shape[self.next(i)] - through);
            let (sa, sb) = (along.cross(a), along.cross(b));
            if (sa > 0.0) != (sb > 0.0) {
                let t = sa / (sa - sb);
                hits.push((along.dot(a.toward(b, t)), i));
            }
        }
        hits.sort_by(|a, b| a.0.total_cmp(&b.0));
        let longest = hits.chunks_exact(2).max_by(|a, b| (a[1].0 - a[0].0).total_cmp(&(b[1].0 - b[0].0)))?;
        let (start, end) = (longest[0], longest[1]);
        let size = end.0 - start.0;
        if size < 4.0 * style.gap {
            return None;
        }
        let (from, from_joins) = self.settle(start.1, through + along * start.0, style);
        let (to, to_joins) = self.settle(end.1, through + along * end.0, style);
        let cost = self.lean(from, along) + self.lean(to, along)
            - 0.35 * f64::from(u8::from(from_joins) + u8::from(to_joins));
        Some(Cut { from, via: Vec::new(), to, cost })
    }

    /// Joins an end to a junction or corner nearby.
    fn settle(&self, side: usize, at: P, style: &Style) -> (End, bool) {
        let near = |i: usize| (self.shape[i] - at).len();
        let junction = (0..self.ring.len())
            .filter(|&i| self.junction[i] && near(i) < style.snap)
            .min_by(|&a, &b| near(a).total_cmp(&near(b)));
        if let Some(i) = junction {
            return (End::Corner(self.ring[i]), true);
        }
        let (i, j) = (side, self.next(side));
        let corner = if near(i) < near(j) { i } else { j };
        if near(corner) < 2.0 * style.gap {
            return (End::Corner(self.ring[corner]), false);
        }
        (End::Side(self.ring[i], self.ring[j], at), false)
    }

    /// 0 where the cut meets the border squarely, 1 where it runs along it.
    fn lean(&self, end: End, along: P) -> f64 {
        let find = |v: Vertex| self.ring.iter().position(|&q| q == v).unwrap_or(0);
        let slant = |i: usize| {
            let c = (self.shape[self.next(i)] - self.shape[i]).unit().dot(along);
            c * c
        };
        match end {
            End::Side(u, _, _) => slant(find(u)),
            End::Corner(v) => {
                let i = find(v);
                slant(i).max(slant((i + self.ring.len() - 1) % self.ring.len()))
            }
        }
    }

    fn place(&self, end: End) -> P {
        match end {
            End::Side(_, _, q) => q,
            End::Corner(v) => self.ring.iter().position(|&q| q == v).map_or(P::default(), |i| self.shape[i]),
        }
    }

    /// Whether the border's side `i` starts or ends at, or holds, this end.
    fn belongs(&self, i: usize, end: End) -> bool {
        let (u, v) = (self.ring[i], self.ring[self.next(i)]);
        match end {
            End::Corner(c) => c == u || c == v,
            End::Side(a, _, _) => a == u,
        }
    }

    /// Whether a cut keeps clear of the border everywhere but at its ends.
    pub fn fits(&self, mesh: &Mesh, cut: &Cut, gap: f64) -> bool {
        let mut path = vec![self.place(cut.from)];
        path.extend(&cut.via);
        path.push(self.place(cut.to));
        if !inside(&self.shape, path[0].toward(path[1], 0.5)) {
            return false;
        }
        let fine: Vec<_> = path.iter().map(|&q| mesh.frame.lattice(q)).collect();
        let last = path.len() - 2;
        for i in 0..self.ring.len() {
            let (u, v) = (self.ring[i], self.ring[self.next(i)]);
            let (a, b) = (mesh.at[u as usize], mesh.at[v as usize]);
            let (from_here, to_here) = (self.belongs(i, cut.from), self.belongs(i, cut.to));
            let is_end = [cut.from, cut.to].iter().any(|e| matches!(e, End::Corner(c) if *c == u));
            for k in 0..=last {
                let own = (k == 0 && from_here) || (k == last && to_here);
                if !own && touch(fine[k], fine[k + 1], a, b) {
                    return false;
                }
                if !is_end && to_segment(self.shape[i], path[k], path[k + 1]) < gap {
                    return false;
                }
                if k > 0 && to_segment(path[k], self.shape[i], self.shape[self.next(i)]) < gap {
                    return false;
                }
            }
        }
        true
    }

    /// The cut bent as the style says, or straight, whichever fits; `None` when neither does.
    pub fn draw(&self, mesh: &Mesh, cut: &Cut, style: &Style, rng: &mut Rng) -> Option<Cut> {
        let (a, b) = (self.place(cut.from), self.place(cut.to));
        let size = (b - a).len();
        let steps = (size / style.step) as usize;
        let bow = style.bow * rng.range(-1.0, 1.0);
        let waves = [0.5, 0.3, 0.2].map(|w| (w * style.wander, rng.range(1.0, 7.0), rng.unit()));
        for strength in [1.0, 0.4] {
            let mut bent = cut.clone();
            for i in 1..steps {
                let t = i as f64 / steps as f64;
                let calm = (4.0 * t).min(4.0 * (1.0 - t)).min(1.0);
                let wave: f64 =
                    waves.iter().map(|&(w, f, at)| w * sin(std::f64::consts::TAU * (f * t + at))).sum();
                let off = strength * size * (bow * 4.0 * t * (1.0 - t) + wave * calm);
                bent.via.push(a.toward(b, t) + (b - a).left().unit() * off);
            }
            if self.fits(mesh, &bent, style.gap) {
                return Some(bent);
            }
        }
        self.fits(mesh, cut, style.gap).then(|| cut.clone())
    }
}

/// A street that a cut would carry on: one that ends at either of its ends in nearly the same direction.
pub fn carries_on(mesh: &Mesh, outline: &Outline, cut: &Cut) -> Option<Street> {
    let along = (outline.place(cut.to) - outline.place(cut.from)).unit();
    [(cut.from, along), (cut.to, -along)].into_iter().find_map(|(end, leaves)| match end {
        End::Corner(v) => mesh.ending[v as usize]
            .filter(|&(street, arrives)| street != NO_STREET && arrives.dot(leaves) > 0.8)
            .map(|(street, _)| street),
        End::Side(..) => None,
    })
}

/// The part of a line that runs through a face: from the vertex `middle`, which is inside, out to the
/// border both ways, as a cut.
pub fn through(mesh: &Mesh, face: Face, line: &[P], middle: usize, gap: f64) -> Option<Cut> {
    let outline = Outline::of(mesh, face);
    if !inside(&outline.shape, line[middle]) {
        return None;
    }
    let style = Style { bow: 0.0, wander: 0.0, step: 1e9, snap: 0.0, gap };
    let exit = |steps: &mut dyn Iterator<Item = usize>| {
        let mut seen = Vec::new();
        let mut here = line[middle];
        for k in steps {
            let there = line[k];
            let hit = (0..outline.ring.len())
                .filter_map(|i| {
                    let (a, b) = (outline.shape[i], outline.shape[outline.next(i)]);
                    let (d, e) = (there - here, b - a);
                    let den = d.cross(e);
                    if den == 0.0 {
                        return None;
                    }
                    let (t, s) = ((a - here).cross(e) / den, (a - here).cross(d) / den);
                    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&s)).then_some((t, i))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((t, side)) = hit {
                let at = here.toward(there, t);
                // A vertex right at the border would make a sliver with it.
                while seen.last().is_some_and(|&q: &P| (q - at).len() < 2.0 * gap) {
                    seen.pop();
                }
                return Some((outline.settle(side, at, &style).0, seen));
            }
            seen.push(there);
            here = there;
        }
        None
    };
    let (from, mut back) = exit(&mut (0..middle).rev())?;
    let (to, ahead) = exit(&mut (middle + 1..line.len()))?;
    back.reverse();
    back.push(line[middle]);
    back.extend(ahead);
    let cut = Cut { from, via: back, to, cost: 0.0 };
    outline.fits(mesh, &cut, gap.min(3.0)).then_some(cut)
}

/// The direction in which some places are spread most (their principal axis).
pub fn long_axis(places: &[P]) -> P {
    let n = places.len().max(1) as f64;
    let mid = places.iter().fold(P::default(), |s, &q| s + q) * (1.0 / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &q in places {
        let d = q - mid;
        xx += d.x * d.x;
        xy += d.x * d.y;
        yy += d.y * d.y;
    }
    let half = (xx - yy) / 2.0;
    let largest = (xx + yy) / 2.0 + (half * half + xy * xy).sqrt();
    if xy.abs() > 1e-9 * largest {
        p(xy, largest - xx).unit()
    } else if xx >= yy {
        p(1.0, 0.0)
    } else {
        p(0.0, 1.0)
    }
}
