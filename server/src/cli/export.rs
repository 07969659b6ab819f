//! `gridbeat export`: one layer of a store, built-in or a department's, as a file for other programs.

use super::progress::Progress;
use crate::{
    error::{Chain, CliError},
    export::{
        ExportError, Format, Writer,
        partition::Folder,
        place::Pending,
        table::{Shape, Table, TableRow},
    },
    feature::Geometry,
};
use gridbeat_onemap::{
    department::Schema,
    record::{LayerKind, LayerName},
    scope::Scope,
};
use gridbeat_store::{OpenMode, SourceFailed, Store, StoreError, open};
use std::path::{Path, PathBuf};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// grid, beat, address, resident, incident, staff, or the name of a department's layer
    #[arg(long)]
    layer: String,
    /// The file, whose ending says its format: .gpkg, .geojson, .fgb, .parquet or .csv; or a folder (with --partition,
    /// or when it ends in /)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// One file for each region, in folders region=N
    #[arg(long, value_enum)]
    partition: Option<Partition>,
    /// Format of a folder's files
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Replace a file that is there
    #[arg(long)]
    overwrite: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Partition {
    /// By city
    Region,
}

/// Exports a layer.
///
/// # Errors
/// When there is something at `--out`, the store cannot be read, or the file not be written; nothing is at
/// `--out` then that was not there before.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let name = args.layer.parse::<LayerName>().map_err(|e| CliError::Usage(format!("--layer: {e}")))?;
    let folder = args.partition.is_some() || args.out.as_os_str().as_encoded_bytes().ends_with(b"/");
    let format = format_of(&args.out, args.format, folder)?;
    let store = open(&args.store, OpenMode::Existing)?;
    let (layer, table, expected) = find(&*store, &name)?;
    if format == Format::Fgb && table.shape == Shape::None {
        let what = format!(
            "--out {}: {} have no places, and FlatGeobuf holds nothing else",
            args.out.display(),
            table.name
        );
        return Err(CliError::Usage(format!("{what}; use .csv, .parquet or .gpkg")));
    }
    let out = Pending::new(&args.out, args.overwrite && !folder)?;
    let progress = Progress::rows(&table.name);
    let (mut rows, mut left_out) = (0, 0);
    store.read(&mut |cut| {
        let begun: Result<Box<dyn Writer>, ExportError> = if folder {
            Folder::begin(out.path(), format, &table).map(|f| Box::new(f) as Box<dyn Writer>)
        } else {
            format.begin(out.path(), &table)
        };
        let mut writer = begun.map_err(|e| failed(&args.out, &e))?;
        let mut write = |row: &TableRow| -> Result<(), StoreError> {
            left_out += u64::from(format == Format::Fgb && row.place == Geometry::None);
            rows += 1;
            if rows % 1024 == 0 {
                progress.at(rows, expected);
            }
            writer.row(row).map_err(|e| failed(&args.out, &e).into())
        };
        match &layer {
            Layer::BuiltIn(layer) => cut.rows(*layer, &mut |kept| write(&TableRow::of_kept(&kept)))?,
            Layer::Department(schema) => {
                cut.features(schema, &mut |row| write(&TableRow::of_department(row)))?;
            }
        }
        Ok(writer.finish().map_err(|e| failed(&args.out, &e))?)
    })?;
    progress.finish();
    out.keep()?;
    eprintln!("{} rows of {} written to {}", rows - left_out, table.name, args.out.display());
    if left_out > 0 {
        eprintln!("{left_out} rows without a place were left out, since FlatGeobuf has none");
    }
    Ok(())
}

/// What is read.
enum Layer {
    BuiltIn(LayerKind),
    Department(Schema),
}

/// A layer of the store, its table, and about how many rows it has.
fn find(store: &dyn Store, name: &LayerName) -> Result<(Layer, Table, u64), CliError> {
    match name {
        LayerName::BuiltIn(layer) => {
            let rows = store.table_counts()?.iter().find(|(l, _)| l == layer).map_or(0, |(_, n)| *n);
            Ok((Layer::BuiltIn(*layer), Table::of_layer(*layer), rows))
        }
        LayerName::Department(name) => {
            let there = store.departments(&Scope::all())?;
            let names: Vec<_> = there.iter().map(|l| l.schema.name.clone()).collect();
            let Some(found) = there.into_iter().find(|l| l.schema.name == *name) else {
                let of_departments = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(CliError::Usage(format!(
                    "--layer: the store has no layer “{name}”; layers of departments in it: {of_departments}"
                )));
            };
            let table = Table::of_department(&found.schema);
            Ok((Layer::Department(found.schema), table, found.rows))
        }
    }
}

fn failed(out: &Path, error: &ExportError) -> SourceFailed {
    SourceFailed(format!("{}: {}", out.display(), Chain(error)).into())
}

fn format_of(out: &Path, asked: Option<Format>, folder: bool) -> Result<Format, CliError> {
    if folder {
        return Ok(asked.unwrap_or(Format::Parquet));
    }
    let named = out.extension().and_then(|e| e.to_str()).and_then(|e| e.parse::<Format>().ok());
    match (named, asked) {
        (Some(named), Some(asked)) if named != asked => Err(CliError::Usage(format!(
            "--out {}: the ending says another format than --format",
            out.display()
        ))),
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => Err(CliError::Usage(format!(
            "--out {}: expected a name that ends in .gpkg, .geojson, .fgb, .parquet or .csv",
            out.display()
        ))),
    }
}
