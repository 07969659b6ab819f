//! Who is on duty: for each grid a chief and workers, for each beat a chief and two officers.

use crate::{
    city::City,
    doors::some_place,
    incidents::NOW,
    mesh::Face,
    names::{person, phone},
    rng::Rng,
    text::{Moment, digits, padded, position},
    trace::around,
};
use gridbeat_onemap::{E7, MultiPolygon};

/// Appends a city's staff as CSV rows; gives their number.
pub fn write(city: &City, out: &mut Vec<u8>) -> u64 {
    let mut rng = Rng::of(&[city.seed, u64::from(city.plan.region), 10]);
    let r = &city.register;
    let mut in_grid: Vec<Vec<Face>> = vec![Vec::new(); r.grids.len()];
    let mut in_beat: Vec<Vec<Face>> = vec![Vec::new(); r.beats.len()];
    for (f, g) in city.done.ground.iter().enumerate() {
        if !g.water {
            in_grid[g.grid as usize].push(f as Face);
            in_beat[city.beats.of_face[f] as usize].push(f as Face);
        }
    }
    let mut n = 0;
    for &g in &r.grid_order {
        let workers = if r.premises[g as usize].is_some() { 1 } else { 1 + rng.below(3) };
        for k in 0..=workers {
            n += 1;
            let at = place(city, &in_grid[g as usize], None, &mut rng);
            row(
                city,
                out,
                Person {
                    side: 1,
                    n,
                    role: if k == 0 { "chief" } else { "worker" },
                    area: &r.grids[g as usize].code,
                    at,
                },
                &mut rng,
            );
        }
    }
    for &b in &r.beat_order {
        for k in 0..3 {
            n += 1;
            let at = place(city, &in_beat[b as usize], Some(&city.beat_ground[b as usize]), &mut rng);
            row(
                city,
                out,
                Person {
                    side: 2,
                    n,
                    role: if k == 0 { "chief" } else { "officer" },
                    area: &r.beats[b as usize].code,
                    at,
                },
                &mut rng,
            );
        }
    }
    u64::from(n)
}

struct Person<'a> {
    side: u64,
    n: u32,
    role: &'a str,
    area: &'a str,
    at: Option<E7>,
}

/// A place in one of the faces; where a ground is given, inside it (its border may cut a face).
fn place(city: &City, faces: &[Face], ground: Option<&MultiPolygon>, rng: &mut Rng) -> Option<E7> {
    if faces.is_empty() {
        return None;
    }
    for _ in 0..40 {
        let shape = city.done.mesh.shape(*rng.pick(faces));
        let at = city.done.mesh.frame.lattice(some_place(&shape, rng));
        if ground.is_none_or(|g| g.rings().filter(|r| around(r, at)).count() % 2 == 1) {
            return Some(at);
        }
    }
    None
}

fn row(city: &City, out: &mut Vec<u8>, who: Person<'_>, rng: &mut Rng) {
    // Chiefs answer nearly always; of the others one in eight is out at a time.
    let on_duty = rng.chance(if who.role == "chief" { 0.96 } else { 0.12 });
    let minutes = if on_duty { rng.below(14) } else { 600 + rng.below(900) };
    digits(out, u64::from(city.plan.region));
    digits(out, who.side);
    padded(out, u64::from(who.n), 7);
    for word in [
        who.role,
        if who.side == 1 { "grid" } else { "police" },
        who.area,
        if on_duty { "true" } else { "false" },
    ] {
        out.push(b',');
        out.extend_from_slice(word.as_bytes());
    }
    out.push(b',');
    Moment(NOW.0 - minutes as i64 * 60 - rng.below(60) as i64).rfc3339(out);
    out.push(b',');
    match who.at {
        Some(at) => position(out, at),
        None => out.push(b','),
    }
    out.push(b',');
    out.extend_from_slice(person(rng).as_bytes());
    out.push(b',');
    out.extend_from_slice(phone(who.n).as_bytes());
    out.push(b'\n');
}
