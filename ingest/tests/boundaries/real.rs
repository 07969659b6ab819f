//! Every boundary file of the shared data: what is derived from it is a coverage, on the lattice and in the
//! degrees that files get, and so are the pieces of two layers together.

use crate::{
    common::shared,
    layers::{Read, grounds, read},
};
use gridbeat_ingest::Crs;
use gridbeat_onemap::{AreaId, E7, MultiPolygon, Overlay};
use gridbeat_oracle::assert_coverages;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Files and their columns of codes (`#`: none; the row's number), whose systems are in them or need no word.
const FILES: [(&str, &str); 19] = [
    ("chicago/police_beats_2019.shp", "beat_num"),
    ("chicago/community_areas_2019.shp", "area_numbe"),
    ("chicago/wards_2015.shp", "ward"),
    ("chicago/census_tracts_2010.shp", "geoid10"),
    ("chicago/police_districts_old_3435.shp", "#"),
    ("chicago/community_areas.geojson", "#"),
    ("chicago/police_beats_2012_simplified.geojson", "#"),
    ("seattle/spd-beats.geojson", "name"),
    ("seattle/spd-mcpp-areas.geojson", "NAME"),
    ("seattle/census-tracts.geojson", "geoid"),
    ("seattle/city-council-districts.geojson", "district"),
    ("providence/maup_blocks.zip", "GEOID10"),
    ("providence/maup_precincts.zip", "NAME"),
    ("providence/maup_new_precincts.zip", "GEOID20"),
    ("providence/maup_districts.zip", "id"),
    ("topology/NY8_utm18.shp", "#"),
    ("topology/NY8_bna_utm18.gpkg", "#"),
    ("topology/CO_bad_gap_region.zip", "PRECID"),
    ("jiangsu/shanghai_boundary_epsg4490.geojson", "#"),
];

/// Layers that are laid over each other.
const PAIRS: [(&str, &str); 7] = [
    ("chicago/community_areas_2019.shp", "chicago/police_beats_2019.shp"),
    ("chicago/wards_2015.shp", "chicago/police_beats_2019.shp"),
    ("chicago/census_tracts_2010.shp", "chicago/police_beats_2019.shp"),
    ("chicago/police_districts_old_3435.shp", "chicago/police_beats_2012_simplified.geojson"),
    ("seattle/spd-mcpp-areas.geojson", "seattle/spd-beats.geojson"),
    ("providence/maup_blocks.zip", "providence/maup_precincts.zip"),
    ("topology/NY8_utm18.shp", "topology/NY8_bna_utm18.gpkg"),
];

fn layer(data: &Path, file: &str) -> Read {
    let code = FILES.iter().find(|f| f.0 == file).map_or("#", |f| f.1);
    read(&data.join(file), code, None).unwrap_or_else(|e| panic!("{e}"))
}

/// A few coverages at a time: what is large is not held all at once.
fn hold(coverages: &[(&str, Vec<MultiPolygon>)]) {
    assert_coverages(coverages.iter().map(|(name, areas)| (*name, areas.as_slice())));
}

#[test]
fn every_layer_is_a_coverage() {
    let Some(data) = shared() else { return };
    for (file, _) in FILES {
        hold(&[(file, grounds(&layer(&data, file).layer))]);
    }
    for file in ["topology/nl/nl_zones.wkt", "topology/nl/nl_plots.wkt"] {
        hold(&[(file, grounds(&layer(&data, file).layer))]);
    }
}

#[test]
fn the_counties_of_jiangsu_are_coverages() {
    let Some(data) = shared() else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(data.join("jiangsu/counties")).unwrap().map(|f| f.unwrap().path()).collect();
    files.push(data.join("jiangsu/310000_datav.json"));
    assert_eq!(files.len(), 14);
    for path in files {
        let read = read(&path, "#", Some(Crs::Gcj02)).unwrap_or_else(|e| panic!("{e}"));
        hold(&[(&path.to_string_lossy(), grounds(&read.layer))]);
    }
}

#[test]
fn every_overlay_is_a_coverage() {
    let Some(data) = shared() else { return };
    let nl = ("topology/nl/nl_zones.wkt", "topology/nl/nl_plots.wkt");
    for (grids, beats) in PAIRS.into_iter().chain([nl]) {
        let overlay = Overlay::new(&layer(&data, grids).layer, &layer(&data, beats).layer);
        let pieces = overlay.ids().map(|p| overlay.outline(p)).collect();
        hold(&[(&format!("{grids} × {beats}"), pieces)]);
    }
}

/// The four layers of Chicago are exact coverages of a known size, and the neighbours of beats are known.
#[test]
fn chicago_is_as_its_makers_say() {
    let Some(data) = shared() else { return };
    for (file, km2) in [
        ("chicago/police_beats_2019.shp", 608.9003),
        ("chicago/wards_2015.shp", 598.1415),
        ("chicago/community_areas_2019.shp", 598.1418),
        ("chicago/census_tracts_2010.shp", 627.6510),
    ] {
        let layer = layer(&data, file).layer;
        let ours = layer.areas().iter().map(|a| a.area_m2).sum::<f64>() / 1e6;
        assert!((ours / km2 - 1.0).abs() < 1e-3, "{file}: {ours} km², its makers say {km2}");
    }
    // The reference counts 792: rows of the file that touch, if only in a point, beat 3100 being three of the
    // 277 rows. By code these are 790 pairs, 693 of them with a border (GEOS counts so too).
    let beats = layer(&data, "chicago/police_beats_2019.shp").layer;
    let mut bordering = BTreeSet::new();
    let mut around: BTreeMap<E7, BTreeSet<AreaId>> = BTreeMap::new();
    for arc in beats.arcs() {
        let both = [arc.left, arc.right];
        if let [Some(left), Some(right)] = both {
            bordering.insert((left.min(right), left.max(right)));
        }
        for end in [arc.points.first(), arc.points.last()].into_iter().flatten() {
            around.entry(*end).or_default().extend(both.into_iter().flatten());
        }
    }
    let pairs = |areas: &BTreeSet<AreaId>| {
        areas.iter().flat_map(|a| areas.range(a..).skip(1).map(|b| (*a, *b))).collect::<Vec<_>>()
    };
    let touching: BTreeSet<_> = around.values().flat_map(pairs).chain(bordering.iter().copied()).collect();
    assert_eq!((bordering.len(), touching.len()), (693, 790));
}
