//! Chicago: police beats over three other carvings of the city, against areas computed by GEOS; and
//! 190,567 crimes placed in beats, against counts made elsewhere.

use flate2::read::GzDecoder;
use gridbeat_e2e::{Gridbeat, Run, oracle, pieces::Pieces, shared};
use std::{collections::BTreeMap, io::Read, path::Path};

/// Beats (275 codes in 277 rows: beat 3100 has three) and another layer as the grids.
fn beats_and(grids: &Path, code: &str) -> Option<Gridbeat> {
    let beats = shared::data("chicago/police_beats_2019.shp")?;
    let g = Gridbeat::new();
    g.import("beat", &beats, &["--map", "code=beat_num"]).ok().says("3100");
    g.import("grid", grids, &["--map", &format!("code={code}")]).ok();
    Some(g)
}

/// A layer that stands in for the grids, and what is known of its overlay with the beats.
struct Grids {
    file: &'static str,
    code: &'static str,
    reference: &'static str,
    /// Area of all pairs, km².
    km2: f64,
    /// Pairs that the lattice moves farther, see [`overlays_like`].
    slivers: &'static [(&'static str, &'static str)],
}

/// Every pair over 2 m², in the reference or here, agrees within 0.1 % + 1 m², and the total to one part in
/// 10,000.
///
/// A few pairs are slivers between two drawings of one street, hundreds of metres long and centimetres wide.
/// Coordinates are kept on a lattice of 1e-7 degree, so each of the two lines moves by up to half a unit
/// (5.6 mm), and the sliver changes by that times its outline. These pairs are named, and they agree as well
/// with what GEOS makes of the drawings rounded so.
#[track_caller]
fn overlays_like(g: &Gridbeat, grids: &Grids) -> Pieces {
    let path = |file| shared::data(file).expect("the layers came from there").to_str().unwrap().to_owned();
    let ours = g.overlay();
    let differences = ours.differences(&Pieces::reference(path(grids.reference).as_ref()));
    let total = ours.total() / 1e6;
    assert!((total / grids.km2 - 1.0).abs() < 1e-4, "total {total} km², reference {}", grids.km2);
    let pairs: Vec<_> = differences.iter().map(|d| (d.pair.0.as_str(), d.pair.1.as_str())).collect();
    assert_eq!(pairs, grids.slivers, "{differences:#?}");
    if !differences.is_empty() {
        let (grid_file, beat_file) = (path(grids.file), path("chicago/police_beats_2019.shp"));
        let names: Vec<String> = differences.iter().map(|d| format!("{}~{}", d.pair.0, d.pair.1)).collect();
        let mut args = vec![grid_file.as_str(), grids.code, &beat_file, "beat_num"];
        args.extend(names.iter().map(String::as_str));
        let measured = oracle::ask("pairs.py", &args);
        for (d, name) in differences.iter().zip(&names) {
            let rounded = measured[name].as_f64().unwrap();
            let apart = (d.ours - rounded).abs();
            assert!(apart <= rounded * 1e-3 + 1.0, "{d:?}, and {rounded} m² of rounded drawings");
        }
    }
    ours
}

#[test]
fn beats_over_community_areas() {
    let grids = Grids {
        file: "chicago/community_areas_2019.shp",
        code: "area_numbe",
        reference: "chicago/ref_beats_x_ca_epsg26971.csv",
        km2: 597.6899,
        slivers: &[],
    };
    let Some(path) = shared::data(grids.file) else { return };
    let Some(g) = beats_and(&path, grids.code) else { return };
    overlays_like(&g, &grids);
}

#[test]
fn beats_over_wards() {
    let grids = Grids {
        file: "chicago/wards_2015.shp",
        code: "ward",
        reference: "chicago/ref_beats_x_wards_epsg26971.csv",
        km2: 597.6896,
        slivers: &[("38", "3100")],
    };
    let Some(path) = shared::data(grids.file) else { return };
    let Some(g) = beats_and(&path, grids.code) else { return };
    let ours = overlays_like(&g, &grids);
    // Nothing may be dropped: the lake and O'Hare have beats but no ward.
    let (grid_only, beat_only) = ours.one_sided();
    assert!((beat_only / 11.2107e6 - 1.0).abs() < 1e-3, "beats without wards: {beat_only} m²");
    assert!((grid_only / 0.4519e6 - 1.0).abs() < 1e-3, "wards without beats: {grid_only} m²");
    // And the shares of each area add up to one.
    let mut shares = BTreeMap::<String, f64>::new();
    for row in g.run("overlay", &[]).ok().csv() {
        if !row["grid"].is_empty() {
            *shares.entry(row["grid"].clone()).or_default() += row["share_of_grid"].parse::<f64>().unwrap();
        }
    }
    assert_eq!(shares.len(), 50);
    for (ward, share) in shares {
        assert!((share - 1.0).abs() < 1e-6, "the pieces of ward {ward} make up {share} of it");
    }
}

#[test]
fn beats_over_census_tracts() {
    let grids = Grids {
        file: "chicago/census_tracts_2010.shp",
        code: "geoid10",
        reference: "chicago/ref_beats_x_tracts_epsg26971.csv",
        km2: 593.3426,
        slivers: &[
            ("17031020500", "2413"),
            ("17031050600", "1912"),
            ("17031070101", "1814"),
            ("17031170100", "3100"),
            ("17031190800", "2522"),
            ("17031460500", "0423"),
            ("17031838800", "0431"),
        ],
    };
    let Some(path) = shared::data(grids.file) else { return };
    let Some(g) = beats_and(&path, grids.code) else { return };
    overlays_like(&g, &grids);
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
    let rows = located_like_geos(&g, &located, ("longitude", "latitude"), 25_000);
    assert_eq!(rows.iter().filter(|r| !r["beat"].is_empty()).count(), 24_945);
    // The beat printed on the record is kept beside ours; it agrees in 91.5 % of the rows only.
    let printed =
        |row: &BTreeMap<String, String>| row["source_beat"].parse::<f64>().map(|n| format!("{n:04}"));
    let agreeing = rows.iter().filter(|r| printed(r).is_ok_and(|p| p == r["beat"])).count();
    assert!((22_800..22_850).contains(&agreeing), "{agreeing} agree with what is printed");

    let imported = g.import("incident", &crimes, &["--tz", "-06:00", "--map", "code=case_number"]).ok();
    assert!(imported.said("25000") || imported.said("25,000"), "how many rows went in:\n{imported}");
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

    let rows = located_like_geos(&g, &g.locate(&crimes, &[]).ok(), ("Longitude", "Latitude"), 165_567);
    let inside = rows.iter().filter(|r| !r["beat"].is_empty()).count();
    // GEOS counts 165,153 on unrounded coordinates. A few rows stand within a centimetre of the city's outline,
    // where the lattice decides; it decides always the same.
    assert_eq!(inside, 165_157);

    g.import("incident", &crimes, &["--tz", "-06:00"]).ok();
    incidents_in_beats(&g, 165_567, inside as u64);
}

/// The rows of a `locate`, after GEOS has confirmed every one of them that is not within the lattice's
/// rounding of a boundary.
#[track_caller]
fn located_like_geos(
    g: &Gridbeat,
    run: &Run,
    (lon, lat): (&str, &str),
    expected: u64,
) -> Vec<BTreeMap<String, String>> {
    let plain = plain(run);
    let file = g.file("located.csv", &plain);
    let beats = shared::data("chicago/police_beats_2019.shp").expect("the layers came from there");
    let told =
        oracle::ask("beats_of.py", &[beats.to_str().unwrap(), "beat_num", file.to_str().unwrap(), lon, lat]);
    assert_eq!(told["rows"], expected);
    // Half a unit for the point, half a unit for the line: 8 mm each along the diagonal.
    assert!(told["farthest_m"].as_f64().unwrap() < 0.016, "{told}");
    rows_of(&plain)
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
    let page = server.get("/api/collections/incidents/items?limit=1").is(200).json();
    assert_eq!(page["numberMatched"], all);
    server.stop();
}

/// What `locate` printed, without the compression that its input had.
fn plain(run: &Run) -> Vec<u8> {
    let mut plain = Vec::new();
    if run.stdout.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(&run.stdout[..]).read_to_end(&mut plain).unwrap();
    } else {
        plain.clone_from(&run.stdout);
    }
    plain
}

fn rows_of(plain: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(plain);
    let headers = reader.headers().unwrap().clone();
    let last: Vec<&str> = headers.iter().skip(headers.len() - 3).collect();
    assert_eq!(last, ["grid", "beat", "piece"], "the columns that locate appends");
    reader.deserialize().map(Result::unwrap).collect()
}
