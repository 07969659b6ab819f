//! One import of a department's layer: from a path to a schema and a stream of features.
//!
//! The file is read twice: once as a whole for what its columns hold ([`survey`]), where it is and in which
//! coordinate system, then row by row ([`cells`], [`drawing`]). Nothing of it is held.

mod cells;
mod drawing;
mod survey;

use crate::{
    Crs, IngestError, Note, Problem, Progress, Reject, Repair, Report,
    crs::{Transformer, decide},
    fields::{Context, Fault},
    mapping,
    read::{self, Geometry, Header, Input, RawRow, RowError, Rows, table::Typing},
    time::Clock,
};
pub use drawing::drawing_of_geojson;

use cells::Reading;
use gridbeat_onemap::{
    department::{Column, Drawing, Drawn, FeatureRow, Schema, identifiers},
    record::{Fid, Region},
};
use std::path::Path;
use survey::Survey;

/// From so many rows the coordinate system is judged.
const SAMPLE_ROWS: u64 = 5_000;
/// Of so many positions.
const SAMPLE_POSITIONS: usize = 20_000;

/// How to read a file into a department's layer.
#[derive(Clone, Debug)]
pub struct DepartmentOptions {
    /// The layer's name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The layer as it is, where rows are added to it: its columns say what the file's must hold.
    pub there: Option<Schema>,
    /// Which layer of a file that has several.
    pub source_layer: Option<String>,
    /// `(field, column)` for `lon`, `lat` and `geometry`: overrides the guess.
    pub map: Vec<(String, String)>,
    /// Overrides the coordinate system that the file declares.
    pub crs: Option<Crs>,
    /// Zone of times that state none.
    pub tz: Option<jiff::tz::TimeZone>,
    /// Overrides the region of every row.
    pub region: Option<Region>,
}

/// A file that is being read: an iterator over its features. As with [`crate::Import`], bad rows come as
/// [`Problem::Reject`], and after [`Problem::Fatal`] nothing that came before must be kept.
pub struct DepartmentImport {
    file: String,
    schema: Schema,
    notes: Vec<Note>,
    report: Report,
    context: Context,
    columns: Vec<String>,
    readings: Vec<Reading>,
    /// The column whose first digits may say the city.
    code: Option<usize>,
    rows: Box<dyn Rows>,
    raw: RawRow,
    ended: bool,
}

/// Opens a file and decides its format, encoding, columns, coordinate system and times.
///
/// # Errors
/// When the whole file is unusable: the message names the file, what is wrong, and what was expected.
pub fn open_department(path: &Path, options: DepartmentOptions) -> Result<DepartmentImport, IngestError> {
    let file = crate::error::file_name(path);
    let (input, header) = read::open(path, options.source_layer.as_deref())?;
    let (mapping, held) = mapping::places(&file, &header, &options.map)?;
    // The survey reads positions as they stand; the context gets the real system after it.
    let mut context = Context {
        mapping,
        transformer: Transformer::new(&Crs::Epsg(4326)).map_err(|e| IngestError::crs(&file, e))?,
        swapped: false,
        clock: Clock::default(),
        region: options.region,
    };
    let kept: Vec<usize> = (0..header.columns.len())
        .filter(|i| !held.contains(i) && header.typing(*i) != Typing::Bytes)
        .collect();
    let seen = look(&*input, &header, &context, &kept)?;
    let drawn = match (&options.there, seen.drawn()) {
        (Some(there), Some(_)) => there.drawn,
        (None, Some(drawn)) => drawn,
        (_, None) => {
            return Err(IngestError::format(&file, "holds no row with a point, a line or a polygon"));
        }
    };
    let decision = decide::decide(&file, options.crs.as_ref(), header.declared.as_ref(), &seen.positions)?;
    context.transformer = decision.transformer;
    context.swapped = decision.swapped;
    let mut notes = header.notes.clone();
    notes.extend(decision.notes);
    notes.extend(left_out(&header, &held, &seen, drawn));
    let names = identifiers(kept.iter().map(|&i| header.columns[i].as_str()));
    let mut columns = Vec::with_capacity(kept.len());
    let mut readings = Vec::with_capacity(kept.len());
    for ((&i, name), survey) in kept.iter().zip(names).zip(seen.columns) {
        let title = header.columns[i].clone();
        let there = options.there.as_ref().and_then(|t| t.columns.iter().find(|c| c.name == name));
        let settled = survey
            .settle(&title, header.typing(i), there.map(|c| c.kind), options.tz.as_ref())
            .map_err(|e| e.into_error(&file))?;
        notes.extend(settled.note);
        columns.push(Column { name: name.clone(), title, kind: settled.kind });
        readings.push(Reading { column: i, name, kind: settled.kind, clock: settled.clock });
    }
    let geometry = header.geometry_name.clone().or_else(|| match held.as_slice() {
        [one] => Some(header.columns[*one].clone()),
        _ => None,
    });
    // Everybody calls it `geometry`; a column of the name would be another thing.
    let geometry = geometry.filter(|g| g != "geometry" && !columns.iter().any(|c| c.name == *g));
    let schema = Schema { name: options.name, title: options.title, drawn, geometry, columns };
    if let Some(there) = &options.there {
        there.agrees_with(&schema).map_err(|e| {
            IngestError::mapping(&file, format!("{e}; expected the same columns, or --replace"))
        })?;
    }
    Ok(DepartmentImport {
        code: mapping::code_column(&header.columns),
        file,
        schema,
        notes,
        report: Report::default(),
        context,
        columns: header.columns,
        readings,
        rows: input.rows()?,
        raw: RawRow::default(),
        ended: false,
    })
}

/// What a first reading of the whole file shows.
struct Seen {
    positions: Vec<(f64, f64)>,
    /// Rows that are points, lines, polygons.
    drawn: [u64; 3],
    columns: Vec<Survey>,
}

impl Seen {
    /// What most rows are; `None` when none has a place.
    fn drawn(&self) -> Option<Drawn> {
        let most = (0..3).rev().max_by_key(|&i| self.drawn[i])?;
        (self.drawn[most] > 0).then_some(Drawn::ALL[most])
    }
}

fn look(input: &dyn Input, header: &Header, context: &Context, kept: &[usize]) -> Result<Seen, IngestError> {
    let columns = kept.iter().map(|_| Survey::default()).collect();
    let mut seen = Seen { positions: Vec::new(), drawn: [0; 3], columns };
    let mut rows = input.rows()?;
    let mut row = RawRow::default();
    loop {
        match rows.read(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(seen),
            Err(RowError::Row { .. }) => continue,
            Err(RowError::Fatal(e)) => return Err(e),
        }
        for (&i, survey) in kept.iter().zip(&mut seen.columns) {
            if let Some(text) = row.cells.raw(i) {
                survey.add(row.number, text, row.cells.is_text(i), header.blank_fits_all);
            }
        }
        let sampling = row.number <= SAMPLE_ROWS && seen.positions.len() < SAMPLE_POSITIONS;
        let (kind, positions) = place(context, &row);
        if let Some(kind) = kind {
            seen.drawn[kind as usize] += 1;
        }
        if sampling {
            seen.positions.extend(positions);
        }
    }
}

/// What a row is, and some of its positions as they stand in the file.
fn place(context: &Context, row: &RawRow) -> (Option<Drawn>, Vec<(f64, f64)>) {
    let some = |parts: &mut dyn Iterator<Item = &Vec<(f64, f64)>>| -> Vec<(f64, f64)> {
        parts.take(20).flat_map(|r| r.iter().step_by((r.len() / 3).max(1)).copied()).collect()
    };
    let Ok(geometry) = context.geometry(row) else { return (None, Vec::new()) };
    match geometry.as_ref() {
        Geometry::Lines(lines) => (Some(Drawn::Line), some(&mut lines.iter())),
        Geometry::Polygons(polygons) => (Some(Drawn::Polygon), some(&mut polygons.iter().flatten())),
        Geometry::Other(_) => (None, Vec::new()),
        Geometry::Point(..) | Geometry::None => match context.numbers(row) {
            Ok(Some(p)) => (Some(Drawn::Point), vec![p]),
            _ => (None, Vec::new()),
        },
    }
}

/// What is told of columns and rows that do not become part of the layer.
fn left_out(header: &Header, held: &[usize], seen: &Seen, drawn: Drawn) -> Vec<Note> {
    let mut notes = Vec::new();
    let names = |of: &dyn Fn(usize) -> bool| {
        let names = header.columns.iter().enumerate().filter(|(i, _)| of(*i)).map(|(_, c)| c.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    if !held.is_empty() {
        notes.push(Note::info(format!("the place is in: {}", names(&|i| held.contains(&i)))));
    }
    let bytes = names(&|i| header.typing(i) == Typing::Bytes);
    if !bytes.is_empty() {
        notes.push(Note::warning(format!("not read, because they hold bytes: {bytes}")));
    }
    for (&kind, &n) in Drawn::ALL.iter().zip(&seen.drawn) {
        if kind != drawn && n > 0 {
            notes.push(Note::warning(format!(
                "{n} rows are {kind}s; the layer is of {drawn}s, so they are rejected"
            )));
        }
    }
    notes
}

impl DepartmentImport {
    /// What the layer is by this file.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Guesses and decisions to print before the rows come.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How far the reader is.
    pub fn progress(&self) -> Progress {
        self.rows.progress()
    }

    /// Sums so far; complete once the iterator has ended.
    pub fn report(&self) -> Report {
        self.report.clone()
    }

    /// The row that was read last, as a JSON object of its columns as they stand in the file, empty ones left
    /// out.
    pub fn source(&self) -> String {
        let cells =
            self.columns.iter().enumerate().filter_map(|(i, name)| {
                Some((name.clone(), serde_json::Value::from(self.raw.cells.get(i)?)))
            });
        serde_json::Value::Object(cells.collect()).to_string()
    }

    fn reject(&mut self, field: String, reason: String) -> Problem {
        self.report.rejected += 1;
        let (file, row, source) = (self.file.clone(), self.raw.number, self.source());
        Problem::Reject(Reject { file, row, field, reason, source })
    }

    /// The feature of the row that was just read.
    fn feature(&mut self) -> Result<FeatureRow, (String, String)> {
        let named = |(field, reason): Fault| (field.to_owned(), reason);
        let drawing = self.drawing().map_err(named)?;
        let mut cells = Vec::with_capacity(self.readings.len());
        for reading in &self.readings {
            cells.push(reading.cell(&self.raw).map_err(|reason| (reading.name.clone(), reason))?);
        }
        let code = self.code.and_then(|i| self.raw.cells.get(i));
        Ok(FeatureRow { fid: Fid::default(), region: self.context.region([code, None]), cells, drawing })
    }

    fn drawing(&mut self) -> Result<Drawing, Fault> {
        let (cx, row) = (&self.context, &self.raw);
        let bad = |reason: String| ("geometry", reason);
        let drawn = self.schema.drawn;
        let geometry = cx.geometry(row)?;
        let found = match geometry.as_ref() {
            Geometry::None if drawn != Drawn::Point => return Err(bad("the row has no geometry".into())),
            Geometry::None | Geometry::Point(..) => Drawn::Point,
            Geometry::Lines(_) => Drawn::Line,
            Geometry::Polygons(_) => Drawn::Polygon,
            Geometry::Other(kind) => return Err(bad(format!("is a {kind}; expected a {drawn}"))),
        };
        if found != drawn {
            return Err(bad(format!("is a {found}; expected a {drawn}, as most rows are")));
        }
        match drawing::of(geometry.as_ref(), |x, y| cx.place(x, y)) {
            Some(placed) => {
                let (drawing, mended) = placed.map_err(bad)?;
                if !mended.is_empty() {
                    self.report.repaired_rows += 1;
                    if self.report.repaired.len() < Report::LIST {
                        let (what, code) = (mended.join("; "), self.schema.name.clone());
                        self.report.repaired.push(Repair { row: row.number, code, what });
                    }
                }
                Ok(drawing)
            }
            None => cx.needed_position(row).map(Drawing::Point),
        }
    }
}

impl Iterator for DepartmentImport {
    type Item = Result<FeatureRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.rows.read(&mut self.raw) {
            Ok(true) => {}
            Ok(false) => {
                self.ended = true;
                return None;
            }
            Err(RowError::Row { field, reason }) => {
                self.report.read += 1;
                return Some(Err(self.reject(field.to_owned(), reason)));
            }
            Err(RowError::Fatal(e)) => {
                self.ended = true;
                return Some(Err(Problem::Fatal(e)));
            }
        }
        self.report.read += 1;
        match self.feature() {
            Ok(feature) => {
                self.report.accepted += 1;
                self.report.records += 1;
                Some(Ok(feature))
            }
            Err((field, reason)) => Some(Err(self.reject(field, reason))),
        }
    }
}
