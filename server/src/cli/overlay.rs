//! `gridbeat overlay`: the pieces, as CSV, GeoJSON or GeoParquet on stdout.

use super::written;
use crate::{
    error::CliError,
    export::{
        ExportError,
        parquet::Stream,
        table::{Table, TableRow},
    },
    feature::{collection::Collection, csv, geojson, read::Item},
    live::load_map,
};
use gridbeat_onemap::{Reader, Scope};
use gridbeat_store::{OpenMode, open};
use std::io::{self, BufWriter, Write};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// How to write them
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Csv,
    Geojson,
    Parquet,
}

/// Prints every piece.
///
/// # Errors
/// When the store cannot be read or stdout not be written.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let store = open(&args.store, OpenMode::Existing)?;
    let scope = Scope::all();
    let map = load_map(&*store, &scope)?;
    let reader = map.read(&scope);
    if matches!(args.format, Format::Parquet) {
        return written(write_parquet(&reader));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    written(match args.format {
        Format::Geojson => write_geojson(&reader, &mut out),
        Format::Csv | Format::Parquet => write_csv(&reader, &mut out),
    })?;
    written(out.flush())
}

fn write_csv(reader: &Reader<'_>, out: &mut impl Write) -> io::Result<()> {
    let fields = Collection::Pieces.fields();
    let mut lines = csv::Lines::new(out);
    lines.names(fields.iter().map(|f| f.name))?;
    for id in reader.overlay().ids() {
        let item = Item::Piece(id);
        fields.iter().for_each(|f| lines.value(&item.value(reader, f.name)));
        lines.end()?;
    }
    lines.into_inner().flush()
}

fn write_parquet(reader: &Reader<'_>) -> io::Result<()> {
    let whole = |e: ExportError| match e {
        ExportError::Io(e) => e,
        other => io::Error::other(other),
    };
    let table = Table::of_collection(Collection::Pieces);
    let mut writer = Stream::begin(io::stdout(), &table).map_err(whole)?;
    for id in reader.overlay().ids() {
        let feature = Item::Piece(id).feature(reader, Collection::Pieces.fields());
        writer.row(&TableRow::of_feature(Collection::Pieces, feature)).map_err(whole)?;
    }
    writer.finish().map_err(whole)?.flush()
}

fn write_geojson(reader: &Reader<'_>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (i, id) in reader.overlay().ids().enumerate() {
        let feature = Item::Piece(id).feature(reader, Collection::Pieces.fields());
        write!(out, "{}\n{}", if i > 0 { "," } else { "" }, geojson::feature(&feature))?;
    }
    out.write_all(b"\n]}\n")
}
