//! `gridbeat tiles`: every tile of some layers and zooms, in one file.

use super::progress::Progress;
use crate::{
    archive::{About, Archive, ArchiveError, Kind},
    error::{Chain, CliError},
    http::{
        tilejson::{corners, fitting_zoom, vector_layers},
        tiles::of_names,
    },
    live::{load_ground, load_map},
};
use gridbeat_onemap::{Reader, Scope};
use gridbeat_store::{OpenMode, open};
use gridbeat_tiles::{MAX_ZOOM, TileId, TileLayer, TileMaker, gzip_small};
use rayon::prelude::*;
use std::{ops::RangeInclusive, path::PathBuf};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// The file to write: FILE.pmtiles or FILE.mbtiles; one that is there is replaced once the new one is whole
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The layers, with commas between them; all but incidents and staff when it is not said, because
    /// what is in a file does not follow them
    #[arg(long, value_delimiter = ',', value_name = "LAYERS")]
    layers: Vec<String>,
    /// First and last zoom, as in 6..15
    #[arg(long, value_name = "A..B", default_value = "0..15", value_parser = zooms)]
    zoom: RangeInclusive<u8>,
    /// What people call the map
    #[arg(long, default_value = "Gridbeat")]
    title: String,
}

/// Tiles made at one time: all cores have enough to do, and what waits to be written stays small.
const BATCH: usize = 256;

/// Writes the archive.
///
/// # Errors
/// When the suffix or a layer is unknown, the store cannot be read, or the file not be written.
pub fn run(args: &Args) -> Result<(), CliError> {
    let kind = Kind::of(&args.out).ok_or_else(|| {
        CliError::Usage(format!("--out {}: expected FILE.pmtiles or FILE.mbtiles", args.out.display()))
    })?;
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let scope = Scope::all();
    let map = if of_rows(&args.layers) { load_map(&*store, &scope)? } else { load_ground(&*store)? };
    let reader = map.read(&scope);
    let departments: Vec<_> = reader.departments().iter().map(|d| d.schema().name.as_str()).collect();
    let layers = layers(&args.layers, &departments)?;
    let zooms = drawn(&layers, &args.zoom)?;
    let written = write(&reader, args, kind, &layers, &zooms).map_err(|error| {
        CliError::Other(format!("{} could not be written: {}", args.out.display(), Chain(&error)))
    })?;
    eprintln!("{}: {} tiles, zoom {} to {}", args.out.display(), written, zooms.start(), zooms.end());
    Ok(())
}

/// Whether one of the layers shows addresses or incidents.
fn of_rows(names: &[String]) -> bool {
    let shown = [TileLayer::Address, TileLayer::ResidentDensity, TileLayer::Incident];
    names.is_empty() || names.iter().any(|name| shown.iter().any(|layer| layer.to_string() == name.trim()))
}

/// The zooms asked for at which one of the layers holds anything.
fn drawn(layers: &[TileLayer], asked: &RangeInclusive<u8>) -> Result<RangeInclusive<u8>, CliError> {
    let drawn = |z: &u8| layers.iter().any(|l| l.is_drawn_at(*z));
    let (first, last) = (asked.clone().find(drawn), asked.clone().rev().find(drawn));
    let (Some(first), Some(last)) = (first, last) else {
        let each: Vec<_> = layers.iter().map(|l| format!("{l} {}..{}", l.min_zoom(), l.max_zoom())).collect();
        return Err(CliError::Usage(format!(
            "--zoom {}..{}: none of the layers is drawn there; they are at {}",
            asked.start(),
            asked.end(),
            each.join(", ")
        )));
    };
    Ok(first..=last)
}

fn write(
    reader: &Reader<'_>,
    args: &Args,
    kind: Kind,
    layers: &[TileLayer],
    zooms: &RangeInclusive<u8>,
) -> Result<u64, ArchiveError> {
    let maker = TileMaker::new(reader);
    let mut archive = Archive::begin(kind, &args.out, &about(reader, args, layers, zooms))?;
    let progress = Progress::rows("tiles");
    // Counting first what may be there makes the bar an honest one; it costs a hundredth of making it.
    let mut total = 0;
    for z in zooms.clone() {
        total += maker.along_hilbert(reader, layers, z).count() as u64;
    }
    let (mut done, mut written) = (0, 0);
    for z in zooms.clone() {
        let mut ids = maker.along_hilbert(reader, layers, z);
        loop {
            let batch: Vec<TileId> = ids.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let made: Vec<Option<Vec<u8>>> = batch
                .par_iter()
                .with_max_len(1)
                .map(|&id| maker.tile(reader, layers, id).map(|raw| gzip_small(&raw)))
                .collect();
            for (&id, tile) in batch.iter().zip(&made) {
                if let Some(tile) = tile {
                    archive.add(id, tile)?;
                    written += 1;
                }
            }
            done += batch.len() as u64;
            progress.say(done, total, &format!("zoom {z}"));
        }
    }
    archive.finish()?;
    progress.finish();
    Ok(written)
}

fn about(reader: &Reader<'_>, args: &Args, layers: &[TileLayer], zooms: &RangeInclusive<u8>) -> About {
    let (bounds, center) = corners(reader);
    let zoom = fitting_zoom(bounds).clamp(*zooms.start(), *zooms.end());
    About {
        name: args.title.clone(),
        description: "网格与警格一张图: grids, beats and what lies in them".to_owned(),
        zooms: [*zooms.start(), *zooms.end()],
        bounds,
        center: (center[0], center[1], zoom),
        vector_layers: vector_layers(reader, layers, *zooms.start(), *zooms.end()).into(),
    }
}

fn layers(names: &[String], departments: &[&str]) -> Result<Vec<TileLayer>, CliError> {
    if names.is_empty() {
        let built_in = TileLayer::ALL.into_iter().filter(|l| !l.is_live());
        return Ok(built_in.chain(departments.iter().map(|name| TileLayer::department(name))).collect());
    }
    let names: Vec<&str> = names.iter().map(|n| n.trim()).collect();
    of_names(&names.join(","), departments).map_err(|e| CliError::Usage(format!("--layers: {e}")))
}

/// `A..B`, both of them included, or one zoom.
fn zooms(text: &str) -> Result<RangeInclusive<u8>, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let number = |t: &str| t.parse::<u8>().ok().filter(|z| *z <= MAX_ZOOM);
    match (number(first), number(last.trim_start_matches('='))) {
        (Some(a), Some(b)) if a <= b => Ok(a..=b),
        _ => Err(format!("expected A..B, both from 0 to {MAX_ZOOM} and A not above B")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_where_they_are_shown() {
        let of = |names: &[&str]| of_rows(&names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>());
        assert!(of(&[]) && of(&["grid", " address"]) && of(&["incident"]) && of(&["resident_density"]));
        assert!(!of(&["grid", "beat_line", "piece", "staff", "school"]));
    }

    #[test]
    fn zooms_are_read() {
        assert_eq!(zooms("6..15"), Ok(6..=15));
        assert_eq!(zooms("6..=15"), Ok(6..=15));
        assert_eq!(zooms("7"), Ok(7..=7));
        for bad in ["", "..", "9..8", "0..23", "a..b", "-1..3", "1..2..3"] {
            assert!(zooms(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn zooms_without_any_layer_are_left_out() {
        use TileLayer::{Address, Piece, ResidentDensity};
        assert_eq!(drawn(&[Piece], &(0..=12)).unwrap(), 11..=12);
        assert_eq!(drawn(&[ResidentDensity], &(10..=18)).unwrap(), 10..=14);
        assert!(drawn(&[Address], &(0..=14)).is_err_and(|e| e.to_string().contains("address 15..18")));
    }

    #[test]
    fn without_a_word_a_file_holds_what_does_not_move() {
        let all = layers(&[], &["camera"]).unwrap();
        assert!(
            all.contains(&TileLayer::Grid)
                && all.contains(&TileLayer::department("camera"))
                && !all.contains(&TileLayer::Incident)
        );
        assert!(layers(&["grid".to_owned(), "grids".to_owned()], &[]).is_err_and(|e| e.code() == 2));
    }
}
