//! `gridbeat locate`: a file of points in, the same with `grid`, `beat` and `piece` out on stdout.

use crate::{error::CliError, http::codes, live::load_map};
use gridbeat_ingest::{IngestError, PointFormat, PointOptions, annotate};
use gridbeat_onemap::Scope;
use gridbeat_store::{OpenMode, open};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// CSV (also gzipped), GeoJSON, or one Feature a line
    file: PathBuf,
    /// Which column holds lon, which lat
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// EPSG:n, GCJ-02 or BD-09, when it is not longitude and latitude
    #[arg(long)]
    crs: Option<String>,
}

/// Writes the file with three more columns.
///
/// # Errors
/// When the file is bad, the store cannot be read, or stdout not be written.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let mut options =
        PointOptions { crs: super::import::parse_crs(args.crs.as_deref())?, ..PointOptions::default() };
    for (field, column) in super::import::parse_map(&args.map)? {
        match field.as_str() {
            "lon" => options.lon = Some(column),
            "lat" => options.lat = Some(column),
            other => return Err(CliError::Usage(format!("--map {other}=…: locate knows lon and lat"))),
        }
    }
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = File::open(&args.file).map_err(|e| bad_file(&name, &e))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(CliError::BadInput(format!("{name}: is a folder; a file was expected")));
    }
    let mut input = BufReader::with_capacity(1 << 20, file);
    let format = format_of(&args.file, input.fill_buf().map_err(|e| bad_file(&name, &e))?);
    let store = open(&args.store, OpenMode::Existing)?;
    let scope = Scope::all();
    let map = load_map(&*store, &scope)?;
    let reader = map.read(&scope);
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let summary = match annotate(input, format, &options, &|at| codes(&reader, at), &mut out) {
        Ok(summary) => summary,
        Err(IngestError::Io { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    super::written(out.flush())?;
    eprintln!(
        "{name}: {} points: {} in a grid, {} in a beat, {} in neither, {} without a usable position",
        summary.rows, summary.in_grid, summary.in_beat, summary.outside, summary.without_position
    );
    Ok(())
}

fn bad_file(name: &str, error: &io::Error) -> CliError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => {
            CliError::BadInput(format!("{name}: {error}"))
        }
        _ => CliError::Other(format!("{name}: {error}")),
    }
}

/// The format by the first bytes, then by the name.
fn format_of(path: &Path, head: &[u8]) -> PointFormat {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if head.starts_with(&[0x1f, 0x8b]) {
        return PointFormat::CsvGz;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"{") {
        return PointFormat::Csv;
    }
    // One Feature a line has a line that ends with its brace; a collection goes on.
    let lines = [".ndjson", ".jsonl", ".geojsonl", ".geojsons", ".geojsonseq"];
    if lines.iter().any(|end| name.ends_with(end)) { PointFormat::NdJson } else { PointFormat::GeoJson }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        let of = |name: &str, head: &[u8]| format_of(Path::new(name), head);
        assert_eq!(of("a.csv", b"lon,lat\n"), PointFormat::Csv);
        assert_eq!(of("a.csv", b"\x1f\x8b\x08"), PointFormat::CsvGz);
        assert_eq!(of("a.csv", b"\xef\xbb\xbf {\"type\""), PointFormat::GeoJson);
        assert_eq!(of("a.ndjson", b"{\"type\""), PointFormat::NdJson);
        assert_eq!(of("a.geojson", b""), PointFormat::Csv);
    }
}
