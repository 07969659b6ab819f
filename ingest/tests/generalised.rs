//! Whole layers with fewer vertices, judged by GEOS: the synthetic district, and the beats of Chicago.
#![allow(clippy::unwrap_used)]

mod common;

use common::{import, options, shared};
use gridbeat_ingest::Options;
use gridbeat_onemap::{
    Layer, MultiPolygon,
    record::{AreaRow, Fid, LayerKind, Region, Side},
};
use gridbeat_oracle::assert_coverages;
use gridbeat_synth::{Scale, write};
use std::path::Path;

/// Metres: about what zooms 13, 10, 6 and 0 leave away, and everything that may go.
const TOLERANCES: [f64; 5] = [4.0, 30.0, 500.0, 30_000.0, 1e9];

fn layer(side: Side, path: &Path, options: Options) -> Layer {
    let read = import(path, options).unwrap();
    let rows = read.areas().into_iter().cloned().enumerate();
    let numbered = |(i, row)| AreaRow { fid: Fid::new(Region(1), i as u32 + 1), region: Region(1), ..row };
    Layer::new(side, rows.map(numbered).collect())
}

fn vertices(areas: &[MultiPolygon]) -> usize {
    areas.iter().flat_map(MultiPolygon::rings).map(Vec::len).sum()
}

/// At every tolerance a coverage, with every area; fewer vertices each time, in the end next to none.
fn stays_a_coverage(name: &str, layer: &Layer) {
    let areas = |t: f64| -> Vec<MultiPolygon> {
        let generalised = layer.generalised(t);
        layer.ids().map(|id| generalised.outline(id)).collect()
    };
    let whole = areas(0.0);
    let mut left = vertices(&whole);
    let all = left;
    for t in TOLERANCES {
        let thinned = areas(t);
        for (old, new) in whole.iter().zip(&thinned) {
            assert_eq!(
                (old.0.len(), old.rings().count()),
                (new.0.len(), new.rings().count()),
                "{name}, {t} m"
            );
            assert!(
                new.0.iter().all(|p| p.exterior.len() >= 3) && old.is_empty() == new.is_empty(),
                "{name}, {t} m"
            );
        }
        let now = vertices(&thinned);
        assert!(now < left || t > 1e6, "{name}, {t} m: {now} vertices, {left} before");
        left = now;
        assert_coverages([(format!("{name}, {t} m").as_str(), thinned.as_slice())]);
    }
    // What is left are junctions: each is a vertex of the three areas or so that meet there.
    assert!(left * 4 < all, "{name}: {left} of {all} vertices");
}

#[test]
fn the_synthetic_district() {
    let dir = tempfile::tempdir().unwrap();
    let city = gridbeat_synth::Options { scale: Scale::District, seed: 7, out: dir.path().to_owned() };
    write(&city, &|_, _, _| {}).unwrap();
    for (side, kind, file) in
        [(Side::Grid, LayerKind::Grid, "grid.geojson"), (Side::Beat, LayerKind::Beat, "beat.geojson")]
    {
        stays_a_coverage(file, &layer(side, &dir.path().join(file), Options::new(kind)));
    }
}

#[test]
fn the_beats_of_chicago() {
    let Some(data) = shared() else { return };
    let options = options(LayerKind::Beat, &[("code", "beat_num")]);
    let beats = layer(Side::Beat, &data.join("chicago/police_beats_2019.shp"), options);
    assert_eq!(beats.ids().count(), 275);
    stays_a_coverage("Chicago's beats", &beats);
}
