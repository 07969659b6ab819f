//! Chicago: police beats over three other carvings of the city, against areas computed by GEOS; and
//! 190,567 crimes placed in beats, against counts made elsewhere.

use flate2::read::GzDecoder;
use gridbeat_e2e::{Gridbeat, Run, pieces::Pieces, shared};
use std::{collections::BTreeMap, io::Read, path::Path};

/// Beats (275 codes in 277 rows: beat 3100 has three) and another layer as the grids.
fn beats_and(grids: &Path, code: &str) -> Option<Gridbeat> {
    let beats = shared::data("chicago/police_beats_2019.shp")?;
    let g = Gridbeat::new();
    g.import("beat", &beats, &["--map", "code=beat_num"])
        .ok()
        .says("3100");
    g.import("grid", grids, &["--map", &format!("code={code}")])
        .ok();
    Some(g)
}

/// Compares with a reference table, and the total with `km2` to one part in 10,000.
#[track_caller]
fn overlays_like(g: &Gridbeat, reference: &str, km2: f64) -> Pieces {
    let Some(reference) = shared::data(reference) else {
        unreachable!("the layers came from there")
    };
    let ours = g.overlay();
    ours.matches(&Pieces::reference(&reference));
    let total = ours.total() / 1e6;
    assert!(
        (total / km2 - 1.0).abs() < 1e-4,
        "total {total} km², reference {km2}"
    );
    ours
}

#[test]
fn beats_over_community_areas() {
    let Some(areas) = shared::data("chicago/community_areas_2019.shp") else {
        return;
    };
    let Some(g) = beats_and(&areas, "area_numbe") else {
        return;
    };
    overlays_like(&g, "chicago/ref_beats_x_ca_epsg26971.csv", 597.6899);
}

#[test]
fn beats_over_wards() {
    let Some(wards) = shared::data("chicago/wards_2015.shp") else {
        return;
    };
    let Some(g) = beats_and(&wards, "ward") else {
        return;
    };
    let ours = overlays_like(&g, "chicago/ref_beats_x_wards_epsg26971.csv", 597.6896);
    // Nothing may be dropped: the lake and O'Hare have beats but no ward.
    let (grid_only, beat_only) = ours.one_sided();
    assert!(
        (beat_only / 11.2107e6 - 1.0).abs() < 1e-3,
        "beats without wards: {beat_only} m²"
    );
    assert!(
        (grid_only / 0.4519e6 - 1.0).abs() < 1e-3,
        "wards without beats: {grid_only} m²"
    );
    // And the shares of each area add up to one.
    let mut shares = BTreeMap::<String, f64>::new();
    for row in g.run("overlay", &[]).ok().csv() {
        if !row["grid"].is_empty() {
            *shares.entry(row["grid"].clone()).or_default() +=
                row["share_of_grid"].parse::<f64>().unwrap();
        }
    }
    assert_eq!(shares.len(), 50);
    for (ward, share) in shares {
        assert!(
            (share - 1.0).abs() < 1e-6,
            "the pieces of ward {ward} make up {share} of it"
        );
    }
}

#[test]
fn beats_over_census_tracts() {
    let Some(tracts) = shared::data("chicago/census_tracts_2010.shp") else {
        return;
    };
    let Some(g) = beats_and(&tracts, "geoid10") else {
        return;
    };
    overlays_like(&g, "chicago/ref_beats_x_tracts_epsg26971.csv", 593.3426);
}

#[test]
fn the_layers_are_exact_coverages() {
    let Some(wards) = shared::data("chicago/wards_2015.shp") else {
        return;
    };
    let Some(g) = beats_and(&wards, "ward") else {
        return;
    };
    g.run("check", &[]).ok();
}

#[test]
fn the_sample_of_crimes_is_placed() {
    let Some(areas) = shared::data("chicago/community_areas_2019.shp") else {
        return;
    };
    let Some(g) = beats_and(&areas, "area_numbe") else {
        return;
    };
    let crimes = shared::data("chicago/chicago_crimes_sample25k_2017_2019.csv.gz").unwrap();

    let located = g.locate(&crimes, &[]).ok();
    let rows = rows_of(&located);
    assert_eq!(rows.len(), 25_000);
    assert_eq!(
        rows.iter().filter(|r| !r["beat"].is_empty()).count(),
        24_945
    );
    // The beat printed on the record is kept beside ours; it agrees in 91.5 % of the rows only.
    let printed = |row: &BTreeMap<String, String>| {
        row["source_beat"].parse::<f64>().map(|n| format!("{n:04}"))
    };
    let agreeing = rows
        .iter()
        .filter(|r| printed(r).is_ok_and(|p| p == r["beat"]))
        .count();
    assert_eq!(agreeing, 22_824);

    let imported = g
        .import(
            "incident",
            &crimes,
            &["--tz", "-06:00", "--map", "code=case_number"],
        )
        .ok();
    assert!(
        imported.said("25000") || imported.said("25,000"),
        "how many rows went in:\n{imported}"
    );
    incidents_in_beats(&g, 25_000, 24_945);
}

#[test]
fn the_crimes_of_2017_are_placed() {
    let Some(areas) = shared::data("chicago/community_areas_2019.shp") else {
        return;
    };
    let Some(g) = beats_and(&areas, "area_numbe") else {
        return;
    };
    let crimes = shared::data("chicago/chicago-crimes-2017-datelatlon.csv.gz").unwrap();

    let rows = rows_of(&g.locate(&crimes, &[]).ok());
    assert_eq!(rows.len(), 165_567);
    assert_eq!(
        rows.iter().filter(|r| !r["beat"].is_empty()).count(),
        165_153
    );

    g.import("incident", &crimes, &["--tz", "-06:00"]).ok();
    incidents_in_beats(&g, 165_567, 165_153);
}

/// The incidents that the store's map counts, over all and in a beat.
#[track_caller]
fn incidents_in_beats(g: &Gridbeat, all: u64, inside: u64) {
    let mut in_beats = 0;
    for row in g.run("overlay", &[]).ok().csv() {
        if !row["beat"].is_empty() {
            in_beats += row["incidents"].parse::<u64>().unwrap();
        }
    }
    assert_eq!(in_beats, inside, "incidents in a beat");
    let server = g.serve();
    let page = server
        .get("/api/collections/incidents/items?limit=1")
        .is(200)
        .json();
    assert_eq!(page["numberMatched"], all);
    server.stop();
}

/// The rows of a `locate` whose output is CSV, compressed as its input was or not.
fn rows_of(run: &Run) -> Vec<BTreeMap<String, String>> {
    let mut plain = Vec::new();
    if run.stdout.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(&run.stdout[..])
            .read_to_end(&mut plain)
            .unwrap();
    } else {
        plain.clone_from(&run.stdout);
    }
    let mut reader = csv::Reader::from_reader(&plain[..]);
    let headers = reader.headers().unwrap().clone();
    let last: Vec<&str> = headers.iter().skip(headers.len() - 3).collect();
    assert_eq!(
        last,
        ["grid", "beat", "piece"],
        "the columns that locate appends"
    );
    reader.deserialize().map(Result::unwrap).collect()
}
