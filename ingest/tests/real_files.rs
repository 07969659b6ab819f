//! Files that others made: Chicago, Seattle, Providence, Jiangsu, and the hard cases of topology.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{import, options, shared};
use gridbeat_ingest::{Crs, IngestError};
use gridbeat_onemap::{
    E7, MultiPolygon,
    record::{LayerKind, Row},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// Square kilometres of the ground, by the latitude of each vertex: good to 0.1 %.
fn km2(g: &MultiPolygon) -> f64 {
    let ring = |r: &[E7]| -> f64 {
        let m = |p: &E7| {
            let lat = p.lat_degrees().to_radians();
            let east = 111_412.84 * lat.cos() - 93.5 * (3.0 * lat).cos();
            (p.lon_degrees() * east, p.lat_degrees())
        };
        // ∮ x dy with dy in metres of the meridian, about the ring's middle.
        let mid = r.iter().map(E7::lat_degrees_of).sum::<f64>() / r.len() as f64;
        let lat = mid.to_radians();
        let north = 111_132.954 - 559.822 * (2.0 * lat).cos() + 1.175 * (4.0 * lat).cos();
        let (ox, _) = m(&r[0]);
        let mut sum = 0.0;
        for i in 0..r.len() {
            let (a, b) = (m(&r[i]), m(&r[(i + 1) % r.len()]));
            sum += (a.0 + b.0 - 2.0 * ox) / 2.0 * (b.1 - a.1) * north;
        }
        sum.abs()
    };
    g.0.iter().map(|p| ring(&p.exterior) - p.holes.iter().map(|h| ring(h)).sum::<f64>()).sum::<f64>() / 1e6
}

trait LatDegrees {
    fn lat_degrees_of(&self) -> f64;
}
impl LatDegrees for E7 {
    fn lat_degrees_of(&self) -> f64 {
        self.lat_degrees()
    }
}

fn metres(a: E7, b: E7) -> f64 {
    let east = (a.lon_degrees() - b.lon_degrees()) * 111_320.0 * a.lat_degrees().to_radians().cos();
    let north = (a.lat_degrees() - b.lat_degrees()) * 111_200.0;
    east.hypot(north)
}

fn total_km2(areas: &[&gridbeat_onemap::record::AreaRow]) -> f64 {
    areas.iter().filter_map(|a| a.geometry.as_ref()).map(km2).sum()
}

#[test]
fn chicago_boundaries_have_the_reference_areas() {
    let Some(data) = shared() else { return };
    // Every layer: file, what must be guessed, codes, km² of the reference.
    for (file, layer, map, codes, area) in [
        ("police_beats_2019.shp", LayerKind::Beat, &[][..], 275, 608.9003),
        ("community_areas_2019.shp", LayerKind::Grid, &[], 77, 598.1418),
        ("wards_2015.shp", LayerKind::Grid, &[], 50, 598.1415),
        ("census_tracts_2010.shp", LayerKind::Grid, &[], 801, 627.6510),
    ] {
        let o = import(&data.join("chicago").join(file), options(layer, map)).unwrap();
        assert!(o.rejects.is_empty(), "{file}: {:?}", o.rejects);
        let areas = o.areas();
        assert_eq!(areas.len(), codes, "{file}");
        let total = total_km2(&areas);
        assert!((total / area - 1.0).abs() < 2e-3, "{file}: {total} km²");
        assert!(o.notes.contains("EPSG:4326"), "{}", o.notes);
    }
    let beats = import(&data.join("chicago/police_beats_2019.shp"), options(LayerKind::Beat, &[])).unwrap();
    assert!(beats.notes.contains("code ← beat_num"), "{}", beats.notes);
    let merged: Vec<_> = beats.report.merged.iter().map(|m| (m.code.as_str(), m.rows)).collect();
    assert_eq!(merged, [("3100", 3)]);
    assert_eq!((beats.report.read, beats.report.accepted, beats.report.records), (277, 277, 275));
}

#[test]
fn the_trap_that_declares_4236_lands_on_the_others() {
    let Some(data) = shared() else { return };
    let good = import(
        &data.join("chicago/community_areas_2019.shp"),
        options(LayerKind::Grid, &[("code", "area_numbe")]),
    )
    .unwrap();
    // Its attributes are shifted by one column: the number stands under COMMUNITY.
    let trap = import(
        &data.join("chicago/community_areas.geojson"),
        options(LayerKind::Grid, &[("code", "COMMUNITY")]),
    )
    .unwrap();
    assert!(trap.notes.contains("EPSG:4236"), "{}", trap.notes);
    assert_eq!(trap.rows.len(), 77);
    let vertices: HashMap<&str, Vec<E7>> = good
        .areas()
        .iter()
        .map(|a| (a.code.as_str(), a.geometry.as_ref().unwrap().rings().flatten().copied().collect()))
        .collect();
    let (mut near, mut all) = (0, 0);
    for area in trap.areas() {
        let others = &vertices[area.code.as_str()];
        for v in area.geometry.as_ref().unwrap().rings().flatten().step_by(7) {
            let nearest = others.iter().map(|o| metres(*v, *o)).fold(f64::MAX, f64::min);
            all += 1;
            near += u32::from(nearest < 1.0);
        }
    }
    // The two editions differ in some streets; the vertices they share coincide.
    assert!(f64::from(near) > 0.9 * f64::from(all), "{near} of {all} vertices within 1 m");
}

#[test]
fn feet_land_on_degrees() {
    let Some(data) = shared() else { return };
    let districts =
        import(&data.join("chicago/police_districts_old_3435.shp"), options(LayerKind::Beat, &[])).unwrap();
    assert!(districts.rejects.is_empty());
    assert!(
        districts.notes.contains("NAD_1983_StatePlane_Illinois_East_FIPS_1201_Feet"),
        "{}",
        districts.notes
    );
    let total = total_km2(&districts.areas());
    assert!((500.0..760.0).contains(&total), "{total}");
    let beats = import(&data.join("chicago/police_beats_2019.shp"), options(LayerKind::Beat, &[])).unwrap();
    // The city's south-western tip is the same in both: the districts' box lies in the beats' box, but for the lake.
    let bounds = |o: &common::Outcome| {
        o.areas()
            .iter()
            .fold(gridbeat_onemap::Bounds::EMPTY, |b, a| b.join(a.geometry.as_ref().unwrap().bounds()))
    };
    let (d, b) = (bounds(&districts), bounds(&beats));
    assert!(metres(E7::new(d.min.lon, b.min.lat), b.min) < 60.0, "{d:?} {b:?}");
    assert!(metres(E7::new(b.min.lon, d.min.lat), b.min) < 60.0, "{d:?} {b:?}");
}

#[test]
fn crimes_are_counted_to_the_row() {
    let Some(data) = shared() else { return };
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-6));
    let mut o = options(LayerKind::Incident, &[]);
    let file = data.join("chicago/chicago_crimes_sample25k_2017_2019.csv.gz");
    let e = import(&file, o.clone()).err().expect("times have no zone").to_string();
    assert!(e.contains("--tz"), "{e}");
    o.tz = Some(zone);
    let sample = import(&file, o.clone()).unwrap();
    assert_eq!((sample.rows.len(), sample.rejects.len()), (25_000, 0), "{:?}", sample.rejects.first());
    assert!(sample.report.date_order.as_deref().unwrap().contains("month/day/year"));
    let Row::Incident(first) = &sample.rows[0] else { panic!() };
    assert_eq!(first.code, "11023904");
    assert_eq!(first.reported_at.unwrap().to_string(), "2017-07-19T19:45:00Z");
    assert_eq!(first.at, E7::new(-876_849_762, 417_683_084));
    assert_eq!(first.category.as_deref(), Some("WEAPONS VIOLATION"));
    let year = import(&data.join("chicago/chicago-crimes-2017-datelatlon.csv.gz"), o).unwrap();
    assert_eq!((year.rows.len(), year.rejects.len()), (165_567, 0), "{:?}", year.rejects.first());
}

#[test]
fn seattle_and_providence() {
    let Some(data) = shared() else { return };
    let name = &[("code", "name")][..];
    for (file, map, codes) in [
        ("seattle/spd-beats.geojson", name, 51),
        ("seattle/spd-mcpp-areas.geojson", &[("code", "NAME")], 61),
        ("seattle/census-tracts.geojson", &[], 136),
        ("seattle/city-council-districts.geojson", &[], 7),
        ("providence/maup_precincts.zip", &[], 59),
        ("providence/maup_new_precincts.zip", &[], 55),
        ("providence/maup_blocks.zip", &[], 3014),
        ("providence/maup_districts.zip", &[], 15),
    ] {
        let o = import(&data.join(file), options(LayerKind::Grid, map)).unwrap_or_else(|e| panic!("{e}"));
        assert!(o.rejects.is_empty(), "{file}: {:?}", o.rejects.first());
        assert_eq!(o.rows.len(), codes, "{file}: {}", o.notes);
    }
    let blocks = import(&data.join("providence/maup_blocks.zip"), options(LayerKind::Grid, &[])).unwrap();
    assert!(
        blocks.notes.contains("EPSG:4269") && blocks.notes.contains("code ← GEOID10"),
        "{}",
        blocks.notes
    );
    let b = blocks
        .areas()
        .iter()
        .fold(gridbeat_onemap::Bounds::EMPTY, |b, a| b.join(a.geometry.as_ref().unwrap().bounds()));
    assert_eq!((b.min, b.max), (E7::new(-714_726_670, 417_724_140), E7::new(-713_766_360, 418_615_710)));
}

#[test]
fn jiangsu_is_moved_from_gcj02() {
    let Some(data) = shared() else { return };
    let datav = data.join("jiangsu/310000_datav.json");
    let as_labelled = import(&datav, options(LayerKind::Grid, &[])).unwrap();
    assert!(as_labelled.notes.contains("--crs GCJ-02"), "{}", as_labelled.notes);
    let mut o = options(LayerKind::Grid, &[]);
    o.crs = Some(Crs::Gcj02);
    let moved = import(&datav, o.clone()).unwrap();
    let find = |o: &common::Outcome, code: &str| {
        o.areas().iter().find(|a| a.code == code).unwrap().geometry.as_ref().unwrap().bounds()
    };
    // GCJ-02 lies 380–496 m east and 200–299 m south of CGCS2000 there.
    for code in ["310101", "310115", "310151"] {
        let (before, after) = (find(&as_labelled, code).min, find(&moved, code).min);
        let east = metres(before, E7::new(after.lon, before.lat));
        let south = f64::from(after.lat - before.lat) * 0.0111;
        assert!((380.0..500.0).contains(&east) && before.lon > after.lon, "{code}: {east} m");
        assert!((195.0..305.0).contains(&south), "{code}: {south} m");
    }
    // Huangpu's middle in the CGCS2000 file and in the moved one.
    let true_file =
        import(&data.join("jiangsu/shanghai_boundary_epsg4490.geojson"), options(LayerKind::Grid, &[]))
            .unwrap();
    assert!(
        true_file.notes.contains("EPSG:4490") && true_file.notes.contains("code ← 县代码"),
        "{}",
        true_file.notes
    );
    let (a, b) = (find(&true_file, "310107").center(), find(&moved, "310107").center());
    assert!(metres(a, b) < 120.0, "{} m", metres(a, b));
    for entry in std::fs::read_dir(data.join("jiangsu/counties")).unwrap() {
        let path = entry.unwrap().path();
        let c = import(&path, o.clone()).unwrap_or_else(|e| panic!("{e}"));
        assert!(c.rejects.is_empty() && !c.rows.is_empty(), "{path:?}: {:?}", c.rejects);
    }
    for (file, level) in [("streets_32.csv", "town"), ("villages_320100_320200_320600.csv", "community")] {
        let c = import(&data.join("jiangsu/codes").join(file), options(LayerKind::Grid, &[])).unwrap();
        assert!(c.rejects.is_empty(), "{:?}", c.rejects.first());
        assert!(c.rows.len() > 1000);
        assert!(c.areas().iter().all(|a| a.level.map(|l| l.as_str()) == Some(level) && a.parent.is_some()));
    }
}

/// Every file of the topology folder imports or is refused with a sentence; none panics.
#[test]
fn hard_topology_never_panics() {
    let Some(data) = shared() else { return };
    let mut files = Vec::new();
    walk(&data.join("topology"), &mut files);
    files.sort();
    assert!(files.len() > 60);
    let (mut imported, mut refused) = (0, 0);
    for f in files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| !matches!(e.to_str(), Some("dbf" | "prj" | "shx"))))
    {
        match import(f, options(LayerKind::Grid, &[("code", "#")])) {
            Ok(o) => {
                imported += 1;
                for a in o.areas() {
                    assert!(a.geometry.as_ref().is_none_or(|g| !g.is_empty()), "{f:?} {}", a.code);
                }
            }
            Err(e) => {
                refused += 1;
                let told = e.to_string();
                println!("{told}");
                assert!(told.len() > 20 && !matches!(e, IngestError::Io { .. }), "{f:?}: {told}");
            }
        }
    }
    println!("{imported} imported, {refused} refused");
    assert!(imported >= 50, "{imported} imported, {refused} refused");
}

fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in std::fs::read_dir(dir).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() { walk(&p, out) } else { out.push(p) }
    }
}

#[test]
fn invalid_tracts_are_mended_or_named() {
    let Some(data) = shared() else { return };
    let o = import(&data.join("topology/NY8_utm18.shp"), options(LayerKind::Grid, &[("code", "AREAKEY")]))
        .unwrap();
    assert_eq!(o.rows.len() + o.rejects.len(), 281, "{:?}", o.report.merged);
    assert!(o.report.repaired_rows >= 1 || !o.rejects.is_empty(), "five tracts are invalid");
    let twin =
        import(&data.join("topology/NY8_bna_utm18.gpkg"), options(LayerKind::Grid, &[("code", "AREAKEY")]))
            .unwrap();
    assert_eq!(twin.rows.len() + twin.rejects.len(), 281);
    let feet =
        import(&data.join("topology/CO_bad_gap_region.zip"), options(LayerKind::Grid, &[("code", "PRECID")]))
            .unwrap();
    assert_eq!(feet.rows.len(), 15, "{:?}", feet.rejects);
    let at = feet.areas()[0].geometry.as_ref().unwrap().bounds().center();
    assert!(
        (-107.0..-103.0).contains(&at.lon_degrees()) && (38.0..41.5).contains(&at.lat_degrees()),
        "{at:?}"
    );
}
