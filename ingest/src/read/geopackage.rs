//! A GeoPackage table, read-only, page by page.

use super::{
    bytes::Blob,
    table::{Geometry, Header, Input, RawRow, RowError, Rows, Typing, check_columns, number_text},
    wkb,
};
use crate::{IngestError, Progress, crs::declared::Declared};
use gridbeat_onemap::department::ColumnKind;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use std::{collections::VecDeque, path::PathBuf};

/// Rows fetched at once; memory is one page.
const PAGE: i64 = 512;

#[derive(Clone)]
pub(crate) struct GeoPackageInput {
    name: String,
    path: PathBuf,
    table: String,
    columns: Vec<String>,
    geometry: Option<String>,
    /// Tables are paged by row id, views by offset.
    by_rowid: bool,
    total: u64,
}

/// Looks at a GeoPackage: which table, which columns, which reference system.
pub(crate) fn open(blob: &Blob, layer: Option<&str>) -> Result<(GeoPackageInput, Header), IngestError> {
    let name = blob.name.clone();
    let Some(path) = blob.path().map(PathBuf::from) else {
        return Err(IngestError::format(&name, "a GeoPackage must lie on disk by itself; unpack it"));
    };
    let db = connect(&name, &path)?;
    let e = |e: rusqlite::Error| sql_error(&name, &e);
    let has_contents: bool = db
        .query_row("SELECT count(*) > 0 FROM sqlite_master WHERE name = 'gpkg_contents'", [], |r| r.get(0))
        .map_err(e)?;
    if !has_contents {
        return Err(IngestError::format(
            &name,
            "is an SQLite file but no GeoPackage (it has no gpkg_contents)",
        ));
    }
    let table = choose_table(&db, &name, layer)?;
    let geometry: Option<(String, i64)> = optional(db.query_row(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)",
        [&table],
        |r| Ok((r.get(0)?, r.get(1)?)),
    ))
    .map_err(e)?;
    let (mut columns, mut typings) = (Vec::new(), Vec::new());
    let mut info = db.prepare(&format!("PRAGMA table_info({})", quoted(&table))).map_err(e)?;
    let mut rows = info.query([]).map_err(e)?;
    while let Some(r) = rows.next().map_err(e)? {
        let c: String = r.get(1).map_err(e)?;
        if geometry.as_ref().is_none_or(|g| !g.0.eq_ignore_ascii_case(&c)) {
            columns.push(c);
            typings.push(typing(&r.get::<_, String>(2).unwrap_or_default()));
        }
    }
    drop(rows);
    drop(info);
    if columns.is_empty() && geometry.is_none() {
        return Err(IngestError::format(&name, format!("lists a table “{table}” that it does not have")));
    }
    let columns = check_columns(&name, columns)?;
    let declared = match &geometry {
        Some((_, srs)) => declared(&db, &name, *srs)?,
        None => None,
    };
    let total: i64 =
        db.query_row(&format!("SELECT count(*) FROM {}", quoted(&table)), [], |r| r.get(0)).map_err(e)?;
    let by_rowid = db.prepare(&format!("SELECT rowid FROM {} LIMIT 1", quoted(&table))).is_ok() && {
        let kind: String = db
            .query_row("SELECT type FROM sqlite_master WHERE lower(name) = lower(?1)", [&table], |r| r.get(0))
            .map_err(e)?;
        kind == "table"
    };
    let geometry = geometry.map(|g| g.0);
    let header = Header {
        columns: columns.clone(),
        has_geometry: geometry.is_some(),
        declared,
        typings,
        geometry_name: geometry.clone(),
        ..Header::default()
    };
    Ok((
        GeoPackageInput { name, path, table, columns, geometry, by_rowid, total: total.max(0) as u64 },
        header,
    ))
}

fn connect(name: &str, path: &PathBuf) -> Result<Connection, IngestError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|e| sql_error(name, &e))?;
    // The file is a stranger's: its schema may call no function with side effects.
    db.pragma_update(None, "trusted_schema", false).map_err(|e| sql_error(name, &e))?;
    db.pragma_update(None, "query_only", true).map_err(|e| sql_error(name, &e))?;
    Ok(db)
}

fn choose_table(db: &Connection, name: &str, layer: Option<&str>) -> Result<String, IngestError> {
    let e = |e: rusqlite::Error| sql_error(name, &e);
    let mut q = db
        .prepare("SELECT table_name, data_type FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY data_type DESC, table_name")
        .map_err(e)?;
    let tables: Vec<(String, String)> =
        q.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(e)?.collect::<Result<_, _>>().map_err(e)?;
    let names = tables.iter().map(|t| t.0.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(l) = layer {
        return tables
            .into_iter()
            .map(|t| t.0)
            .find(|t| t == l)
            .ok_or_else(|| IngestError::mapping(name, format!("holds no layer “{l}”; it has {names}")));
    }
    let features: Vec<&String> = tables.iter().filter(|t| t.1 == "features").map(|t| &t.0).collect();
    match (features.as_slice(), tables.as_slice()) {
        ([one], _) => Ok((*one).clone()),
        ([], [one]) => Ok(one.0.clone()),
        (_, []) => Err(IngestError::format(name, "is a GeoPackage without a table of features")),
        _ => Err(IngestError::mapping(
            name,
            format!("holds several layers ({names}); pass --source-layer with one of them"),
        )),
    }
}

/// What the type of a column says (OGC 12-128r19, table 1); other programs also write those of SQL.
fn typing(stated: &str) -> Typing {
    let stated = stated.to_ascii_uppercase();
    let word = stated.split('(').next().unwrap_or_default().trim();
    match word {
        "BOOLEAN" | "BOOL" => Typing::Stated(ColumnKind::Boolean),
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => {
            Typing::Stated(ColumnKind::Integer)
        }
        "FLOAT" | "DOUBLE" | "REAL" | "NUMERIC" | "DECIMAL" | "DOUBLE PRECISION" => {
            Typing::Stated(ColumnKind::Number)
        }
        "DATE" => Typing::Stated(ColumnKind::Date),
        "DATETIME" | "TIMESTAMP" => Typing::Stated(ColumnKind::Timestamp),
        "BLOB" => Typing::Bytes,
        _ => Typing::Stated(ColumnKind::Text),
    }
}

/// The reference system of `srs_id`; −1 and 0 are the undefined ones.
fn declared(db: &Connection, name: &str, srs: i64) -> Result<Option<Declared>, IngestError> {
    if srs <= 0 {
        return Ok(None);
    }
    let row: Option<(String, i64, String)> = optional(db.query_row(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
        [srs],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    ))
    .map_err(|e| sql_error(name, &e))?;
    let Some((organization, code, definition)) = row else {
        return Ok(Some(Declared::code("its reference system", "EPSG", &srs.to_string())));
    };
    if organization.eq_ignore_ascii_case("EPSG") {
        return Ok(Some(Declared::code("its reference system", "EPSG", &code.to_string())));
    }
    Ok(Some(Declared::wkt("its reference system", &definition)))
}

fn optional<T>(r: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(e) => Err(e),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn sql_error(name: &str, e: &rusqlite::Error) -> IngestError {
    use rusqlite::ErrorCode as C;
    match e.sqlite_error_code() {
        Some(
            C::CannotOpen
            | C::SystemIoFailure
            | C::PermissionDenied
            | C::DatabaseBusy
            | C::DatabaseLocked
            | C::OutOfMemory,
        ) => IngestError::io(name, std::io::Error::other(e.to_string())),
        _ => IngestError::format(name, format!("is no readable GeoPackage: {e}")),
    }
}

impl Input for GeoPackageInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        let db = connect(&self.name, &self.path)?;
        Ok(Box::new(GeoPackageRows {
            input: self.clone(),
            db,
            page: VecDeque::new(),
            last: i64::MIN,
            taken: 0,
            ended: false,
        }))
    }
}

/// A fetched row: cells as text, then the geometry's blob.
type Fetched = Result<(Vec<Option<String>>, Option<Vec<u8>>), String>;

struct GeoPackageRows {
    input: GeoPackageInput,
    db: Connection,
    page: VecDeque<Fetched>,
    last: i64,
    taken: u64,
    ended: bool,
}

impl GeoPackageRows {
    fn fetch(&mut self) -> Result<(), IngestError> {
        let i = &self.input;
        let e = |e: rusqlite::Error| sql_error(&i.name, &e);
        let mut select: Vec<String> = i.columns.iter().map(|c| quoted(c)).collect();
        select.push(i.geometry.as_deref().map_or("NULL".into(), quoted));
        let (key, filter) = if i.by_rowid {
            ("rowid", "WHERE rowid > ?1 ORDER BY rowid LIMIT ?2")
        } else {
            ("0", "LIMIT ?2 OFFSET ?1")
        };
        let sql = format!("SELECT {key}, {} FROM {} {filter}", select.join(", "), quoted(&i.table));
        let mut statement = self.db.prepare(&sql).map_err(e)?;
        let from = if i.by_rowid { self.last } else { self.taken as i64 };
        let mut rows = statement.query([from, PAGE]).map_err(e)?;
        let mut n = 0;
        while let Some(r) = rows.next().map_err(e)? {
            n += 1;
            self.last = r.get(0).map_err(e)?;
            let mut cells = Vec::with_capacity(i.columns.len());
            let mut bad = None;
            for (c, column) in i.columns.iter().enumerate() {
                cells.push(match r.get_ref(c + 1).map_err(e)? {
                    ValueRef::Null | ValueRef::Blob(_) => None,
                    ValueRef::Integer(v) => Some(v.to_string()),
                    ValueRef::Real(v) => Some(number_text(v)),
                    ValueRef::Text(t) => match std::str::from_utf8(t) {
                        Ok(s) => Some(s.to_owned()),
                        Err(_) => {
                            bad = Some(format!("the text in column “{column}” is not UTF-8"));
                            None
                        }
                    },
                });
            }
            let blob = match r.get_ref(i.columns.len() + 1).map_err(e)? {
                ValueRef::Blob(b) => Some(b.to_vec()),
                _ => None,
            };
            self.page.push_back(match bad {
                Some(b) => Err(b),
                None => Ok((cells, blob)),
            });
        }
        self.ended = n < PAGE;
        Ok(())
    }
}

impl Rows for GeoPackageRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        if self.page.is_empty() && !self.ended {
            self.fetch()?;
        }
        let Some(fetched) = self.page.pop_front() else {
            return Ok(false);
        };
        self.taken += 1;
        row.number = self.taken;
        row.geometry = Geometry::None;
        row.cells.reset(self.input.columns.len());
        let (cells, blob) = fetched.map_err(RowError::row)?;
        for (i, cell) in cells.iter().enumerate() {
            if let Some(c) = cell {
                row.cells.set(i, c);
            }
        }
        if let Some(b) = blob {
            row.geometry = wkb::parse_geopackage(&b).map_err(RowError::geometry)?;
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        Progress { done: self.taken, total: self.input.total }
    }
}
