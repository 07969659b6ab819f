//! Bytes as two layers, whatever the bytes are; and how inputs are made from inputs.

use crate::cases::{Case, Random};
use gridbeat_onemap::{
    Bounds, E7, MultiPolygon, Polygon,
    record::{AreaRow, Fid, Region},
};

/// Inputs longer than this are cut.
const LONGEST: usize = 400;

/// A byte says what comes next; vertices come in twos of one, two or four bytes by the lattice that the first
/// byte chose.
pub fn decode(bytes: &[u8]) -> Case {
    let name = format!("input {}", hex(bytes));
    let mut bytes = bytes.iter().copied().take(LONGEST);
    let lattice = bytes.next().unwrap_or(0) % 4;
    let mut sides: [Vec<MultiPolygon>; 2] = [vec![], vec![]];
    let mut side = 0;
    while let Some(what) = bytes.next() {
        match what % 16 {
            0 | 1 => {
                side = usize::from(what % 16);
                sides[side].push(MultiPolygon(vec![Polygon::default()]));
            }
            _ => {}
        }
        let Some(area) = sides[side].last_mut() else { continue };
        match what % 16 {
            2 => area.0.push(Polygon::default()),
            3 => area.0.iter_mut().last().into_iter().for_each(|p| p.holes.push(vec![])),
            4.. => {
                let Some(vertex) = vertex(&mut bytes, lattice) else { break };
                if let Some(p) = area.0.last_mut() {
                    p.holes.last_mut().unwrap_or(&mut p.exterior).push(vertex);
                }
            }
            _ => {}
        }
    }
    let [grids, beats] = sides.map(rows);
    Case { name, grids, beats }
}

/// As [`super::FOUND`] lists them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn vertex(bytes: &mut impl Iterator<Item = u8>, lattice: u8) -> Option<E7> {
    let mut number = |n: usize| -> Option<i64> {
        let mut value = 0i64;
        for _ in 0..n {
            value = value << 8 | i64::from(bytes.next()?);
        }
        Some(value)
    };
    let p = match lattice {
        // So few places that everything meets.
        0 => E7::new((number(1)? % 16) as i32, (number(1)? % 16) as i32),
        1 => E7::new(number(1)? as i32, number(1)? as i32),
        2 => E7::new(1_200_000_000 + 9 * number(2)? as i32, 315_000_000 + 9 * number(2)? as i32),
        // To the ends of the world.
        _ => {
            let (w, h) = (Bounds::WORLD.max.lon, Bounds::WORLD.max.lat);
            let within = |v: i64, most: i32| (v % (2 * i64::from(most) + 1) - i64::from(most)) as i32;
            E7::new(within(number(4)?, w), within(number(4)?, h))
        }
    };
    Some(p)
}

/// Codes in the opposite order of the rows, so that the rule for disputes is not the order of drawing.
fn rows(areas: Vec<MultiPolygon>) -> Vec<AreaRow> {
    let n = areas.len();
    let row = |(i, geometry): (usize, MultiPolygon)| AreaRow {
        fid: Fid::new(Region(1), i as u32 + 1),
        region: Region(1),
        code: format!("{:04}", n - i),
        parent: Some(if i % 2 == 0 { "even" } else { "odd" }.into()),
        geometry: Some(geometry),
        ..AreaRow::default()
    };
    let mut rows: Vec<AreaRow> = areas.into_iter().enumerate().map(row).collect();
    for (i, code) in ["even", "odd"].into_iter().enumerate() {
        let fid = Fid::new(Region(1), (n + i) as u32 + 1);
        rows.push(AreaRow { fid, region: Region(1), code: code.into(), ..AreaRow::default() });
    }
    rows
}

/// A square of a grid over a triangle of a beat, to begin with.
pub fn sample(random: &mut Random) -> Vec<u8> {
    let mut bytes = vec![random.below(4) as u8, 0];
    for (x, y) in [(1, 1), (9, 1), (9, 9), (1, 9)] {
        bytes.extend([4, x, y]);
    }
    bytes.push(1);
    for (x, y) in [(3, 0), (12, 7), (2, 12)] {
        bytes.extend([4, x, y]);
    }
    bytes
}

/// A new input: fresh, or one of the corpus changed in a few places.
pub fn next(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = match random.below(8) {
        0 => fresh(random),
        _ => corpus[random.below(corpus.len())].clone(),
    };
    for _ in 0..1 + random.below(4) {
        let n = bytes.len();
        let at = random.below(n);
        match random.below(6) {
            0 => bytes[at] = random.next() as u8,
            1 => bytes[at] = bytes[at].wrapping_add([1, 255][random.below(2)]),
            2 => bytes.insert(at, random.next() as u8),
            3 if n > 4 => drop(bytes.remove(at)),
            4 => {
                // A stretch again, elsewhere: the same ring, or part of it.
                let piece: Vec<u8> = bytes[at..n.min(at + 1 + random.below(24))].to_vec();
                let to = random.below(n);
                bytes.splice(to..to, piece);
            }
            _ => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Some areas of random vertices.
fn fresh(random: &mut Random) -> Vec<u8> {
    let lattice = random.below(4) as u8;
    let width = [1, 1, 2, 4][usize::from(lattice)];
    let mut bytes = vec![lattice];
    for _ in 0..1 + random.below(6) {
        bytes.push(random.below(4) as u8);
        for _ in 0..3 + random.below(6) {
            bytes.push(4);
            bytes.extend((0..2 * width).map(|_| random.next() as u8));
        }
    }
    bytes
}
