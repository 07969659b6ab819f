//! One file for each region: `OUT/region=3202/part-0.parquet`, the layout that Hive made usual. Spark,
//! Sedona and DuckDB read the folder as one table and leave out regions that nobody asks for.

use super::{
    ExportError, Format, Writer,
    table::{Cell, Column, Table, TableRow},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A folder under way. Rows come by ascending fid, so region by region: one file is open at a time.
pub struct Folder {
    path: PathBuf,
    format: Format,
    /// The table without the column that the folders' names say.
    table: Table,
    /// Which column that was, and its name.
    region: usize,
    name: String,
    open: Option<(i64, Box<dyn Writer>)>,
}

impl Folder {
    /// Makes the folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(path: &Path, format: Format, table: &Table) -> Result<Self, ExportError> {
        fs::create_dir(path)?;
        // Ours comes first; a department's layer may have a column of that name too.
        let is_region = |c: &Column| matches!(c.name.as_str(), "region" | "gridbeat_region");
        let region = table.columns.iter().position(is_region).unwrap_or(table.columns.len());
        let mut table = table.clone();
        let name = if region < table.columns.len() {
            table.columns.remove(region).name
        } else {
            "region".to_owned()
        };
        Ok(Self { path: path.to_owned(), format, table, region, name, open: None })
    }

    fn close(&mut self) -> Result<(), ExportError> {
        self.open.take().map_or(Ok(()), |(_, writer)| writer.finish())
    }
}

impl Writer for Folder {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let mut row = row.clone();
        let region = match (self.region < row.cells.len()).then(|| row.cells.remove(self.region)) {
            Some(Cell::Integer(region)) => region,
            _ => 0,
        };
        if self.open.as_ref().is_none_or(|(of, _)| *of != region) {
            self.close()?;
            let folder = self.path.join(format!("{}={region}", self.name));
            fs::create_dir(&folder)?;
            let file = folder.join(format!("part-0.{}", self.format.extension()));
            self.open = Some((region, self.format.begin(&file, &self.table)?));
        }
        match &mut self.open {
            Some((_, writer)) => writer.row(&row),
            None => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.close()?;
        Ok(fs::File::open(&self.path)?.sync_all()?)
    }
}
