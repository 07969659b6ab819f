//! A city of forty grids, small enough to look at every side and every row.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use gridbeat_onemap::{E7, MultiPolygon, e7, shape::ring_area2};
use gridbeat_synth::{
    Options, Scale, Summary,
    city::City,
    geom::touch,
    plan::Plan,
    trace::around,
    write::{FILES, MARKER, write_plan},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

fn city(seed: u64) -> City {
    City::new(&Plan::tiny().cities[0], None, seed)
}

fn made(seed: u64, dir: &Path) -> Summary {
    let options = Options { scale: Scale::District, seed, out: dir.to_owned() };
    write_plan(&Plan::tiny(), &options, &|_, _, _| {}).unwrap()
}

/// Rows of a CSV file without quotes, as maps from header to cell.
fn rows(dir: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(dir.join(file)).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{file}: {line}");
            header.iter().zip(cells).map(|(h, c)| ((*h).to_owned(), c.to_owned())).collect()
        })
        .collect()
}

fn position(row: &BTreeMap<String, String>) -> E7 {
    for axis in ["lon", "lat"] {
        assert_eq!(row[axis].split('.').nth(1).map(str::len), Some(7), "{}", row[axis]);
    }
    E7::from_degrees(row["lon"].parse().unwrap(), row["lat"].parse().unwrap()).unwrap()
}

/// The areas around a position; on a border there may be two.
fn holding(areas: &[MultiPolygon], at: E7) -> Vec<usize> {
    (0..areas.len()).filter(|&i| areas[i].rings().filter(|r| around(r, at)).count() % 2 == 1).collect()
}

fn check_coverage(areas: &[MultiPolygon]) {
    let mut sides: BTreeMap<(E7, E7), usize> = BTreeMap::new();
    for (i, area) in areas.iter().enumerate() {
        assert!(!area.is_empty(), "area {i} has no ground");
        for part in &area.0 {
            assert!(ring_area2(&part.exterior) > 0, "shell of {i} is not counter-clockwise");
            assert!(part.holes.iter().all(|h| ring_area2(h) < 0), "hole of {i} is not clockwise");
        }
        for ring in area.rings() {
            let distinct: BTreeSet<&E7> = ring.iter().collect();
            assert_eq!(distinct.len(), ring.len(), "a ring of {i} visits a vertex twice");
            for k in 0..ring.len() {
                let side = (ring[k], ring[(k + 1) % ring.len()]);
                // One area on the left of each directed side: its twin is the only neighbour.
                assert_eq!(sides.insert(side, i), None, "two areas on one side at {side:?}");
            }
        }
    }
    let all: Vec<(E7, E7)> = sides
        .keys()
        .map(|&(a, b)| if a < b { (a, b) } else { (b, a) })
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    for (k, &(a, b)) in all.iter().enumerate() {
        for &(c, d) in &all[..k] {
            if c.lon.max(d.lon) < a.lon {
                continue;
            }
            let common = a == c || a == d || b == c || b == d;
            if common {
                let (s, p, q) = if a == c {
                    (a, b, d)
                } else if a == d {
                    (a, b, c)
                } else if b == c {
                    (b, a, d)
                } else {
                    (b, a, c)
                };
                assert!(!e7::on_segment(s, p, q) && !e7::on_segment(s, q, p), "sides overlap at {s:?}");
            } else {
                assert!(!touch(a, b, c, d), "sides meet between vertices: {a:?} {b:?} {c:?} {d:?}");
            }
        }
    }
}

#[test]
fn both_layers_are_exact_coverages() {
    // In city 317 the outline comes in between the corners of a grid within a grid.
    for seed in [1, 2, 3, 4, 5, 317] {
        let city = city(seed);
        assert_eq!(city.grid_ground.len(), 40);
        assert_eq!(city.beat_ground.len(), 5);
        check_coverage(&city.grid_ground);
        check_coverage(&city.beat_ground);
    }
}

#[test]
fn grids_have_holes_and_several_parts() {
    let some = |f: &dyn Fn(&MultiPolygon) -> bool| (1..4).any(|s| city(s).grid_ground.iter().any(f));
    assert!(some(&|g| g.0.iter().any(|p| !p.holes.is_empty())));
    assert!(some(&|g| g.0.len() > 1));
}

#[test]
fn beats_follow_grid_edges_here_and_cut_across_there() {
    let city = city(1);
    let sides = |areas: &[MultiPolygon]| -> BTreeSet<(E7, E7)> {
        areas
            .iter()
            .flat_map(MultiPolygon::rings)
            .flat_map(|r| (0..r.len()).map(|k| (r[k], r[(k + 1) % r.len()])).collect::<Vec<_>>())
            .collect()
    };
    let (grids, beats) = (sides(&city.grid_ground), sides(&city.beat_ground));
    assert!(
        beats.intersection(&grids).count() > 20,
        "some beat borders run along grid borders, vertex for vertex"
    );
    assert!(beats.difference(&grids).count() > 20, "others do not");
}

#[test]
fn rows_fit_together() {
    let dir = tempfile::tempdir().unwrap();
    let summary = made(1, dir.path());
    let city = city(1);
    let count = |file: &str| summary.rows.iter().find(|r| r.0 == file).unwrap().1;
    for (file, wanted) in [
        ("grid.geojson", 40),
        ("beat.geojson", 5),
        ("address.csv", 4_000),
        ("resident.csv", 8_700),
        ("incident.csv", 600),
    ] {
        let got = count(file);
        assert!(got.abs_diff(wanted) * 20 <= wanted, "{file}: {got} rows, {wanted} wanted");
    }
    for (file, rows_said) in &summary.rows {
        if file.ends_with(".csv") {
            assert_eq!(rows(dir.path(), file).len() as u64, *rows_said, "{file}");
        }
    }

    // Parents, from the grid up to the city and from the beat up to the bureau.
    let parents = |file: &str| -> BTreeMap<String, (String, String)> {
        let all = rows(dir.path(), file);
        let map: BTreeMap<_, _> =
            all.iter().map(|r| (r["code"].clone(), (r["level"].clone(), r["parent"].clone()))).collect();
        assert_eq!(map.len(), all.len(), "a code of {file} stands twice");
        map
    };
    let (division, station) = (parents("division.csv"), parents("station.csv"));
    let levels = |of: &BTreeMap<String, (String, String)>, mut code: String| {
        let mut out = Vec::new();
        while let Some((level, up)) = of.get(&code) {
            out.push(level.clone());
            code = up.clone();
        }
        out
    };
    for g in &city.register.grids {
        assert_eq!(levels(&division, g.parent.clone()), ["community", "town", "county", "city"]);
        assert_eq!(g.code.len(), 15);
        assert!(g.code.starts_with("3202") && g.code.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(g.code[..12], g.parent);
        assert!(g.code[..9].starts_with(division[&g.parent].1.trim_end_matches("000")));
    }
    for b in &city.register.beats {
        assert_eq!(levels(&station, b.parent.clone()), ["station", "subbureau", "bureau"]);
        assert_eq!(b.code.len(), 12);
        assert!(b.code.bytes().any(|c| c.is_ascii_uppercase()));
    }

    // Addresses lie in a grid, residents at an address.
    let addresses = rows(dir.path(), "address.csv");
    let codes: BTreeSet<&String> = addresses.iter().map(|a| &a["code"]).collect();
    assert_eq!(codes.len(), addresses.len());
    let mut beats_of = vec![BTreeSet::new(); city.grid_ground.len()];
    for a in &addresses {
        let at = position(a);
        let (grid, beat) = (holding(&city.grid_ground, at), holding(&city.beat_ground, at));
        assert_eq!(grid.len(), 1, "{} lies in {} grids", a["code"], grid.len());
        beats_of[grid[0]].extend(beat);
    }
    assert!(beats_of.iter().any(|b| b.len() == 1), "some grids lie in one beat");
    assert!(beats_of.iter().any(|b| b.len() > 1), "some grids lie in several");
    for r in rows(dir.path(), "resident.csv") {
        assert!(codes.contains(&r["address"]));
        assert!(["0-17", "18-34", "35-59", "60+"].contains(&r["age_band"].as_str()));
    }

    // Incidents: closed words, most closed, in order of time.
    let incidents = rows(dir.path(), "incident.csv");
    let mut open = 0;
    for i in &incidents {
        let state: gridbeat_onemap::record::State = i["state"].parse().unwrap();
        i["risk"].parse::<gridbeat_onemap::record::Risk>().unwrap();
        i["source"].parse::<gridbeat_onemap::record::Source>().unwrap();
        open += usize::from(state.is_open());
        assert_eq!(holding(&city.grid_ground, position(i)).len(), 1);
        assert!(i["reported_at"].ends_with("+08:00") && i["reported_at"].len() == 25);
    }
    assert!((5..60).contains(&open), "{open} of {} open", incidents.len());
    assert!(incidents.is_sorted_by_key(|i| i["reported_at"].clone()));

    // Staff: everybody in the own area, one chief for each.
    let units: Vec<(&String, &MultiPolygon)> = city
        .register
        .grids
        .iter()
        .zip(&city.grid_ground)
        .chain(city.register.beats.iter().zip(&city.beat_ground))
        .map(|(u, g)| (&u.code, g))
        .collect();
    let staff = rows(dir.path(), "staff.csv");
    for (code, ground) in units {
        let own: Vec<_> = staff.iter().filter(|s| &s["area"] == code).collect();
        assert_eq!(own.iter().filter(|s| s["role"] == "chief").count(), 1, "{code}");
        for s in own {
            assert_eq!(
                holding(std::slice::from_ref(ground), position(s)).len(),
                1,
                "{} is not in {code}",
                s["code"]
            );
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let dirs = [1, 1, 2].map(|seed| {
        let dir = tempfile::tempdir().unwrap();
        made(seed, dir.path());
        dir
    });
    let read = |i: usize, file: &str| std::fs::read(dirs[i].path().join(file)).unwrap();
    for file in FILES {
        assert!(read(0, file) == read(1, file), "{file} differs between two runs");
        if file != "station.csv" {
            assert!(read(0, file) != read(2, file), "{file} does not depend on the seed");
        }
    }
    assert!(String::from_utf8(read(0, MARKER)).unwrap().contains("\"seed\": 1"));
    let left: Vec<_> = std::fs::read_dir(dirs[0].path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), FILES.len() + 1, "{left:?}");
}

/// FNV-1a, 64 bits.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[test]
fn the_bytes_are_those_of_every_other_machine() {
    // Made on x86-64 Linux. A change on purpose: raise `write::VERSION` and note the new digest here. A
    // change without a change in the code: something in the city depends on the machine.
    let dir = tempfile::tempdir().unwrap();
    made(1, dir.path());
    let all: Vec<u8> = FILES.iter().flat_map(|f| std::fs::read(dir.path().join(f)).unwrap()).collect();
    assert_eq!(format!("{:016x}", digest(&all)), DIGEST);
}

const DIGEST: &str = "20bcea7812789fd2";

#[test]
fn a_run_that_fails_leaves_no_marker() {
    let dir = tempfile::tempdir().unwrap();
    made(1, dir.path());
    // A folder stands where the temporary file should grow. The other writer, left waiting for its cities,
    // must not hide that.
    std::fs::create_dir(dir.path().join("resident.csv.part")).unwrap();
    let options = Options { scale: Scale::District, seed: 1, out: dir.path().to_owned() };
    let mut plan = Plan::tiny();
    for region in 3203..3206 {
        plan.cities.push(gridbeat_synth::plan::CityPlan { region, ..plan.cities[0].clone() });
    }
    let failed = write_plan(&plan, &options, &|_, _, _| {}).unwrap_err();
    assert!(failed.to_string().contains("resident.csv.part"), "{failed}");
    assert!(!dir.path().join(MARKER).exists());
}
