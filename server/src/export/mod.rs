//! A layer of the store as a file for other programs: the same table in five formats.
//!
//! - [`table`]: what a layer's rows look like outside: columns with kinds, cells, a place.
//! - [`csv`], [`geojson`], [`flatgeobuf`], [`geopackage`], [`parquet`]: the table in a format, row by row.
//! - [`partition`]: one file for each region, in folders that Spark, Sedona and DuckDB read as one table.
//! - [`place`]: a file or folder that is at its place whole or not at all.

pub mod csv;
pub mod flatgeobuf;
pub mod geojson;
pub mod geopackage;
pub mod parquet;
pub mod partition;
pub mod place;
pub mod table;

use gridbeat_store::StoreError;
use std::{io, path::Path, str::FromStr};
use table::{Table, TableRow};

/// Takes a table row by row.
pub trait Writer {
    /// One row; its cells are those of the table's columns.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError>;

    /// Writes what is left, synced to the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// FlatGeobuf.
    #[error(transparent)]
    FlatGeobuf(#[from] crate::feature::flatgeobuf::FileError),
    /// GeoPackage.
    #[error(transparent)]
    GeoPackage(#[from] StoreError),
    /// Parquet.
    #[error(transparent)]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// GeoPackage.
    Gpkg,
    /// GeoJSON (RFC 7946).
    Geojson,
    /// FlatGeobuf.
    Fgb,
    /// GeoParquet 1.1.
    Parquet,
    /// CSV; points as `lon` and `lat`, ground as WKT.
    Csv,
}

impl Format {
    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Gpkg => "gpkg",
            Self::Geojson => "geojson",
            Self::Fgb => "fgb",
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(self, path: &Path, table: &Table) -> Result<Box<dyn Writer>, ExportError> {
        Ok(match self {
            Self::Gpkg => Box::new(geopackage::File::begin(path, table)?),
            Self::Geojson => Box::new(geojson::File::begin(path, table)?),
            Self::Fgb => Box::new(flatgeobuf::File::begin(path, table)?),
            Self::Parquet => Box::new(parquet::File::begin(path, table)?),
            Self::Csv => Box::new(csv::File::begin(path, table)?),
        })
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(extension: &str) -> Result<Self, ()> {
        match extension.to_ascii_lowercase().as_str() {
            "gpkg" => Ok(Self::Gpkg),
            "geojson" | "json" => Ok(Self::Geojson),
            "fgb" => Ok(Self::Fgb),
            "parquet" => Ok(Self::Parquet),
            "csv" => Ok(Self::Csv),
            _ => Err(()),
        }
    }
}
