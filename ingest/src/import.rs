//! One import: from a path to a stream of records.
//!
//! Opening decides everything that concerns the whole file, in this order: format, encoding and columns
//! (`read`), which column is which field (`mapping`), then, from a survey of the rows, the coordinate
//! system (`crs::decide`) and how times are written (`time`). After that rows come one by one. Points are
//! streamed; areas are collected first, because several rows may be parts of one.

use crate::{
    Crs, IngestError, Note, Options, Problem, Progress, Reject, Report,
    crs::{Transformer, decide},
    fields::{Context, Fault, address, area::Areas, incident, resident, staff},
    mapping,
    read::{self, Geometry, Header, Input, RawRow, RowError, Rows},
    time::{Clock, Survey},
};
use gridbeat_onemap::record::{LayerKind, Row, Side};
use std::path::Path;

/// From so many rows the coordinate system is judged.
const SAMPLE_ROWS: u64 = 5_000;
/// Of so many positions.
const SAMPLE_POSITIONS: usize = 20_000;

/// A file that is being read: an iterator over its records.
///
/// Bad rows come as [`Problem::Reject`] and the next row follows; after [`Problem::Fatal`] nothing follows,
/// and what came before must not be kept.
pub struct Import {
    file: String,
    layer: LayerKind,
    notes: Vec<Note>,
    report: Report,
    context: Context,
    columns: Vec<String>,
    rows: Box<dyn Rows>,
    raw: RawRow,
    areas: Option<Areas>,
    collected: std::vec::IntoIter<gridbeat_onemap::record::AreaRow>,
    ended: bool,
}

/// Opens a file and decides its format, encoding, mapping, coordinate system and times.
///
/// # Errors
/// When the whole file is unusable: the message names the file, what is wrong, and what was expected.
pub fn open(path: &Path, options: Options) -> Result<Import, IngestError> {
    let file = crate::error::file_name(path);
    let (input, header) = read::open(path, options.source_layer.as_deref())?;
    let (mapping, mapping_notes) = mapping::resolve(&file, &header, options.layer, &options.map)?;
    let dropped_columns = mapping.dropped.clone();
    // The survey reads numbers and times as they stand; the context gets its real system and clock after it.
    let mut context = Context {
        mapping,
        transformer: Transformer::new(&Crs::Epsg(4326)).map_err(|e| IngestError::crs(&file, e))?,
        swapped: false,
        clock: Clock::default(),
        region: options.region,
    };
    let survey = survey(&*input, &context, &options)?;
    let mut notes = Vec::new();
    let mut report = Report { dropped_columns, ..Report::default() };
    if options.layer != LayerKind::Resident {
        let decision =
            decide::decide(&file, options.crs.as_ref(), header.declared.as_ref(), &survey.positions)?;
        context.transformer = decision.transformer;
        context.swapped = decision.swapped;
        notes.extend(decision.notes);
        notes.extend(gcj02_suspicion(&header, &options));
    }
    notes.splice(0..0, header.notes);
    notes.extend(mapping_notes);
    if let (Some(field), Some(times)) = (time_field(options.layer), survey.times) {
        let column = match context.mapping.get(field) {
            Some(mapping::From::Column(i)) => header.columns[i].as_str(),
            _ => field,
        };
        let (clock, told) =
            times.settle(column, options.tz.as_ref()).map_err(|e| IngestError::time(&file, e))?;
        notes.extend(told.as_ref().map(Note::info));
        report.date_order = told;
        context.clock = clock;
    }
    let side = match options.layer {
        LayerKind::Grid => Some(Side::Grid),
        LayerKind::Beat => Some(Side::Beat),
        _ => None,
    };
    Ok(Import {
        file,
        layer: options.layer,
        notes,
        report,
        context,
        columns: header.columns,
        rows: input.rows()?,
        raw: RawRow::default(),
        areas: side.map(Areas::new),
        collected: Vec::new().into_iter(),
        ended: false,
    })
}

fn time_field(layer: LayerKind) -> Option<&'static str> {
    match layer {
        LayerKind::Incident => Some("reported_at"),
        LayerKind::Staff => Some("seen_at"),
        _ => None,
    }
}

/// What a first reading of the rows shows.
struct Surveyed {
    positions: Vec<(f64, f64)>,
    times: Option<Survey>,
}

/// Reads the first rows for their positions, and all rows where there is a column of times.
fn survey(input: &dyn Input, context: &Context, options: &Options) -> Result<Surveyed, IngestError> {
    let time = time_field(options.layer).filter(|f| context.mapping.get(f).is_some());
    let mut out = Surveyed { positions: Vec::new(), times: time.map(|_| Survey::default()) };
    let mut rows = input.rows()?;
    let mut row = RawRow::default();
    let mut read = 0;
    let areas = matches!(options.layer, LayerKind::Grid | LayerKind::Beat);
    loop {
        let sampling = read < SAMPLE_ROWS && out.positions.len() < SAMPLE_POSITIONS;
        if !sampling && time.is_none() {
            return Ok(out);
        }
        read += 1;
        match rows.read(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(out),
            Err(RowError::Row { .. }) => continue,
            Err(RowError::Fatal(e)) => return Err(e),
        }
        if sampling {
            if areas {
                if let Ok(g) = context.geometry(&row)
                    && let Geometry::Polygons(polygons) = g.as_ref()
                {
                    let rings = polygons.iter().flatten().take(20);
                    out.positions.extend(rings.flat_map(|r| r.iter().step_by((r.len() / 3).max(1)).copied()));
                }
            } else if let Ok(Some(p)) = context.numbers(&row) {
                out.positions.push(p);
            }
        }
        if let (Some(field), Some(times)) = (time, &mut out.times)
            && let Some(text) = context.text(&row, field)
        {
            times.add(row.number, &text);
        }
    }
}

/// DataV's and AMap's boundary files are GCJ-02 and say nothing, or WGS 84. Their property names give them
/// away.
fn gcj02_suspicion(header: &Header, options: &Options) -> Option<Note> {
    let has = |c: &str| header.columns.iter().any(|h| h == c);
    let datav = has("adcode") && (has("acroutes") || has("subFeatureIndex") || has("childrenNum"));
    (datav && options.crs.is_none()).then(|| {
        Note::warning(
            "the columns are those of DataV.GeoAtlas, whose boundaries are in GCJ-02 (400 m off): pass --crs GCJ-02 if so",
        )
    })
}

impl Import {
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

    /// The row that was read last, as a JSON object of its columns as they stand in the file, empty ones
    /// left out. Empty for residents, whose rows may identify somebody in any column, and once areas,
    /// which may be made of several rows, are handed out.
    pub fn source(&self) -> String {
        if self.layer == LayerKind::Resident || self.ended {
            return String::new();
        }
        let cells =
            self.columns.iter().enumerate().filter_map(|(i, name)| {
                Some((name.clone(), serde_json::Value::from(self.raw.cells.get(i)?)))
            });
        serde_json::Value::Object(cells.collect()).to_string()
    }

    fn reject(&mut self, field: &str, reason: String) -> Problem {
        self.report.rejected += 1;
        Problem::Reject(Reject {
            file: self.file.clone(),
            row: self.raw.number,
            field: field.to_owned(),
            reason,
            source: self.source(),
        })
    }

    /// The record of the row that was just read; `None` when it waits among the areas.
    fn record(&mut self) -> Result<Option<Row>, Fault> {
        let (cx, row) = (&self.context, &self.raw);
        if let Some(areas) = &mut self.areas {
            return areas.add(cx, row, &mut self.report).map(|()| None);
        }
        Ok(Some(match self.layer {
            LayerKind::Address => Row::Address(address::read(cx, row)?),
            LayerKind::Resident => Row::Resident(resident::read(cx, row)?),
            LayerKind::Incident => Row::Incident(incident::read(cx, row)?),
            // The two boundary layers have `areas`.
            LayerKind::Staff | LayerKind::Grid | LayerKind::Beat => Row::Staff(staff::read(cx, row)?),
        }))
    }
}

impl Iterator for Import {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let side = if self.layer == LayerKind::Beat { Side::Beat } else { Side::Grid };
        loop {
            if self.ended {
                let area = self.collected.next()?;
                self.report.records += 1;
                return Some(Ok(Row::Area(side, area)));
            }
            match self.rows.read(&mut self.raw) {
                Ok(true) => {}
                Ok(false) => {
                    self.ended = true;
                    if let Some(areas) = self.areas.take() {
                        self.collected = areas.finish(&mut self.report).into_iter();
                    }
                    continue;
                }
                Err(RowError::Row { field, reason }) => {
                    self.report.read += 1;
                    return Some(Err(self.reject(field, reason)));
                }
                Err(RowError::Fatal(e)) => {
                    self.ended = true;
                    self.areas = None;
                    return Some(Err(Problem::Fatal(e)));
                }
            }
            self.report.read += 1;
            match self.record() {
                Ok(record) => {
                    self.report.accepted += 1;
                    if let Some(r) = record {
                        self.report.records += 1;
                        return Some(Ok(r));
                    }
                }
                Err((field, reason)) => return Some(Err(self.reject(field, reason))),
            }
        }
    }
}
