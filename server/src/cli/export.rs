//! `gridbeat export`: one layer of a store as a file for other programs.

use super::progress::Progress;
use crate::{
    error::{Chain, CliError},
    export::{
        ExportError, Format, Writer,
        partition::Folder,
        place::Pending,
        table::{Shape, Table, TableRow},
    },
};
use gridbeat_onemap::record::LayerKind;
use gridbeat_store::{Kept, OpenMode, SourceFailed, open};
use std::path::{Path, PathBuf};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path or a postgres:// URL
    #[arg(long)]
    store: String,
    /// grid, beat, address, resident, incident or staff
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
    let layer = args.layer.parse::<LayerKind>().map_err(|e| CliError::Usage(format!("--layer: {e}")))?;
    let folder = args.partition.is_some() || args.out.as_os_str().as_encoded_bytes().ends_with(b"/");
    let format = format_of(&args.out, args.format, folder)?;
    let table = Table::of_layer(layer);
    if format == Format::Fgb && table.shape == Shape::None {
        let what = format!(
            "--out {}: {} have no places, and FlatGeobuf holds nothing else",
            args.out.display(),
            table.name
        );
        return Err(CliError::Usage(format!("{what}; use .csv, .parquet or .gpkg")));
    }
    let store = open(&args.store, OpenMode::Existing)?;
    let out = Pending::new(&args.out, args.overwrite && !folder)?;
    let expected = store.table_counts()?.iter().find(|(l, _)| *l == layer).map_or(0, |(_, n)| *n);
    let progress = Progress::rows(&table.name);
    let (mut rows, mut left_out) = (0, 0);
    store.read(&mut |cut| {
        let begun: Result<Box<dyn Writer>, ExportError> = if folder {
            Folder::begin(out.path(), format, &table).map(|f| Box::new(f) as Box<dyn Writer>)
        } else {
            format.begin(out.path(), &table)
        };
        let mut writer = begun.map_err(|e| failed(&args.out, &e))?;
        cut.rows(layer, &mut |kept| {
            let has_place = match &kept {
                Kept::Area(_, r) => r.geometry.is_some(),
                Kept::Staff(r) => r.at.is_some(),
                Kept::Address(_) | Kept::Incident(_) | Kept::Resident(..) => true,
            };
            left_out += u64::from(format == Format::Fgb && !has_place);
            rows += 1;
            if rows % 1024 == 0 {
                progress.at(rows, expected);
            }
            writer.row(&TableRow::of_kept(&kept)).map_err(|e| failed(&args.out, &e).into())
        })?;
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
