//! A GeoPackage of one layer with its R-tree and nothing of Gridbeat's own: what an export makes.

use super::{blob, connect, rtree, rtree_table};
use crate::{columns::Time, error::StoreError};
use gridbeat_onemap::{
    e7::{Bounds, E7},
    shape::MultiPolygon,
};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, params, params_from_iter, types::Value as Sql};
use std::path::Path;

/// What makes a file a GeoPackage: the same as of a store.
const GEOPACKAGE: &str = include_str!("../../migrations/gpkg/2026-11-21-000001_geopackage/up.sql");

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names of GeoPackage's types.
pub enum ColumnKind {
    Text,
    Integer,
    Double,
    Boolean,
    DateTime,
}

/// What the places of a layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerShape {
    /// There are none: a table of attributes.
    None,
    /// Positions.
    Point,
    /// Lines.
    MultiLineString,
    /// Ground.
    MultiPolygon,
}

/// The value of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // The names of GeoPackage's types.
pub enum Value<'a> {
    Null,
    Text(&'a str),
    Integer(i64),
    Double(f64),
    Boolean(bool),
    Time(Timestamp),
}

/// The place of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Place<'a> {
    None,
    Point(E7),
    Lines(&'a [Vec<E7>]),
    Ground(&'a MultiPolygon),
}

/// A file under way: one transaction, committed by [`LayerFile::finish`].
pub struct LayerFile {
    conn: Connection,
    table: String,
    insert: String,
    shape: LayerShape,
    extent: Bounds,
}

impl LayerFile {
    /// Makes a file with an empty layer. A column called `fid` is its key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be made.
    pub fn create(
        path: &Path,
        name: &str,
        title: &str,
        columns: &[(&str, ColumnKind)],
        shape: LayerShape,
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        connect::register(&conn)?;
        // The file is thrown away if it is not finished, so nothing has to survive until then.
        conn.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536",
        )?;
        conn.execute_batch(GEOPACKAGE)?;
        conn.execute_batch("BEGIN")?;
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let mut definitions: Vec<String> = columns
            .iter()
            .map(|(name, kind)| match (*name, kind) {
                ("fid", _) => "\"fid\" INTEGER PRIMARY KEY NOT NULL".to_owned(),
                (_, ColumnKind::Text) => format!("{} TEXT", quoted(name)),
                (_, ColumnKind::Integer) => format!("{} INTEGER", quoted(name)),
                (_, ColumnKind::Double) => format!("{} DOUBLE", quoted(name)),
                (_, ColumnKind::Boolean) => format!("{} BOOLEAN", quoted(name)),
                (_, ColumnKind::DateTime) => format!("{} DATETIME", quoted(name)),
            })
            .collect();
        if !columns.iter().any(|(name, _)| *name == "fid") {
            definitions.insert(0, "\"fid\" INTEGER PRIMARY KEY NOT NULL".to_owned());
        }
        let kind = match shape {
            LayerShape::None => None,
            LayerShape::Point => Some("POINT"),
            LayerShape::MultiLineString => Some("MULTILINESTRING"),
            LayerShape::MultiPolygon => Some("MULTIPOLYGON"),
        };
        definitions.extend(kind.map(|kind| format!("\"geom\" {kind}")));
        let table = quoted(name);
        conn.execute_batch(&format!("CREATE TABLE {table} ({})", definitions.join(", ")))?;
        conn.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) \
             VALUES (?1, ?2, ?1, ?3, ?4)",
            params![name, if kind.is_some() { "features" } else { "attributes" }, title, kind.map(|_| 4490)],
        )?;
        if let Some(kind) = kind {
            conn.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4490, 0, 0)",
                params![name, kind],
            )?;
        }
        let mut names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
        names.extend(kind.map(|_| "geom".to_owned()));
        let marks = vec!["?"; names.len()].join(", ");
        let insert = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
        Ok(Self { conn, table: name.to_owned(), insert, shape, extent: Bounds::EMPTY })
    }

    /// Adds a row: a value for each column, and its place.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be written.
    pub fn row(&mut self, values: &[Value<'_>], place: Place<'_>) -> Result<(), StoreError> {
        let mut cells: Vec<Sql> = values
            .iter()
            .map(|value| match *value {
                Value::Null => Sql::Null,
                Value::Text(text) => Sql::Text(text.to_owned()),
                Value::Integer(n) => Sql::Integer(n),
                Value::Double(x) => Sql::Real(x),
                Value::Boolean(b) => Sql::Integer(b.into()),
                Value::Time(t) => Sql::Text(Time(t).text()),
            })
            .collect();
        if self.shape != LayerShape::None {
            let mut bytes = Vec::new();
            cells.push(match place {
                Place::None => Sql::Null,
                Place::Point(at) => {
                    self.extent = self.extent.with(at);
                    blob::put_point(&mut bytes, at);
                    Sql::Blob(bytes)
                }
                Place::Lines(lines) => {
                    self.extent = self.extent.join(Bounds::of(lines.iter().flatten()));
                    blob::put_lines(&mut bytes, lines);
                    Sql::Blob(bytes)
                }
                Place::Ground(ground) => {
                    self.extent = self.extent.join(ground.bounds());
                    blob::put_multi_polygon(&mut bytes, ground);
                    Sql::Blob(bytes)
                }
            });
        }
        self.conn.prepare_cached(&self.insert)?.execute(params_from_iter(cells))?;
        Ok(())
    }

    /// Makes the R-tree, commits, and syncs the file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be written.
    pub fn finish(self) -> Result<(), StoreError> {
        let (conn, table) = (&self.conn, &self.table);
        if self.shape != LayerShape::None {
            rtree_table::create(conn, table)?;
            rtree::pack(conn, table)?;
        }
        if !self.extent.is_empty() {
            let (min, max) = (self.extent.min, self.extent.max);
            conn.execute(
                "UPDATE gpkg_contents SET min_x = ?1, min_y = ?2, max_x = ?3, max_y = ?4",
                params![min.lon_degrees(), min.lat_degrees(), max.lon_degrees(), max.lat_degrees()],
            )?;
        }
        conn.execute_batch("COMMIT")?;
        let path = conn.path().map(std::path::PathBuf::from);
        self.conn.close().map_err(|(_, e)| StoreError::from(e))?;
        let synced = path.map_or(Ok(()), |p| std::fs::File::open(p).and_then(|f| f.sync_all()));
        synced.map_err(|e| StoreError::unavailable("the file cannot be synced", e))
    }
}
