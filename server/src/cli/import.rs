//! `gridbeat import`: one file into one layer, in one transaction.

use super::{
    import_department,
    import_report::{Done, Outcome},
    import_rows::{self, Rows},
    progress::Progress,
    rejects::Rejects,
};
use crate::error::CliError;
use gridbeat_ingest::{Crs, Note, Options, Reject};
use gridbeat_onemap::{
    MapBuilder, OneMap, Scope,
    record::{AreaRow, IncidentRow, LayerKind, LayerName, Region, Row, Side, StaffRow},
};
use gridbeat_store::{AddressRef, ImportPlan, OpenMode, Refused, Sink, SourceFailed, Store, open};
use jiff::tz::{Offset, TimeZone};
use std::{
    cell::RefCell,
    path::{Path, PathBuf},
};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .gpkg path (made when it is not there) or a postgres:// URL
    #[arg(long)]
    pub(super) store: String,
    /// grid, beat, address, resident, incident or staff; any other name makes a layer of your own
    #[arg(long)]
    pub(super) layer: String,
    /// The file
    pub(super) file: PathBuf,
    /// Which layer of a file that has several
    #[arg(long, value_name = "NAME")]
    pub(super) source_layer: Option<String>,
    /// Which column holds a field; guessed when not said
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub(super) map: Vec<String>,
    /// EPSG:n, GCJ-02 or BD-09: overrides what the file declares
    #[arg(long)]
    pub(super) crs: Option<String>,
    /// Zone of times that state none: +08:00
    #[arg(long, allow_hyphen_values = true)]
    pub(super) tz: Option<String>,
    /// City of all rows, four digits; else the codes say it
    #[arg(long, value_name = "CODE")]
    pub(super) region: Option<String>,
    /// Swap the layer in the regions of the file instead of adding to it
    #[arg(long)]
    pub(super) replace: bool,
    /// What people call a layer of your own
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Report all that would happen; keep nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Write the rows that were not taken to a CSV file
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Imports a file.
///
/// # Errors
/// When the file is unusable, nothing of it was taken, or the store failed; nothing was changed then.
pub fn run(args: &Args) -> Result<(), CliError> {
    super::start_log("warn")?;
    let layer = match args.layer.parse() {
        Ok(LayerName::BuiltIn(layer)) => layer,
        Ok(LayerName::Department(name)) => return import_department::run(args, name),
        Err(e) => return Err(CliError::Usage(format!("--layer {}: {e}", args.layer))),
    };
    let options = options(args, layer)?;
    let plan = ImportPlan { layer: options.layer, replace: args.replace, dry_run: args.dry_run };
    let mut rejects = Rejects::new(args.rejects.as_deref())?;
    let outcome = import_file(Target::Url(&args.store), &args.file, options, plan, &mut rejects, !args.json);
    rejects.finish()?;
    let outcome = outcome?;
    if args.json {
        println!("{}", outcome.json(&rejects));
    }
    outcome.tell(&rejects, args.rejects.as_deref());
    outcome.verdict()
}

/// Where to import to.
pub enum Target<'a> {
    /// A store that is opened (and made) once the file has turned out to be readable.
    Url(&'a str),
    /// One that is open.
    Open(&'a dyn Store),
}

/// Reads a file into a layer. With `notes`, guesses are printed as soon as they are made.
///
/// # Errors
/// As [`run`].
pub fn import_file(
    target: Target<'_>,
    path: &Path,
    options: Options,
    plan: ImportPlan,
    rejects: &mut Rejects,
    print_notes: bool,
) -> Result<Outcome, CliError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    std::thread::scope(|threads| {
        let open_file = |path: &Path| gridbeat_ingest::open(path, options);
        let ((), notes, rows) = import_rows::read(threads, path, open_file, rejects.are_kept())?;
        if print_notes {
            tell_notes(&name, &notes);
        }
        match target {
            Target::Open(store) => fill(store, &name, plan, notes, rows, rejects),
            Target::Url(url) => {
                let place = Place::find(url, plan.dry_run)?;
                let store = open(place.url(), OpenMode::Create)?;
                let done = fill(&*store, &name, plan, notes, rows, rejects);
                drop(store);
                if !done.as_ref().is_ok_and(Outcome::kept) {
                    place.undo();
                }
                done
            }
        }
    })
}

pub(super) fn tell_notes(name: &str, notes: &[Note]) {
    for note in notes {
        eprintln!("{name}: {note}");
    }
}

/// Runs the transaction.
fn fill(
    store: &dyn Store,
    name: &str,
    plan: ImportPlan,
    notes: Vec<Note>,
    rows: Rows<Row>,
    rejects: &mut Rejects,
) -> Result<Outcome, CliError> {
    let scope = Scope::all();
    let boundaries = match plan.layer {
        LayerKind::Incident => boundaries(store, &scope)?,
        _ => None,
    };
    let progress = Progress::bytes(name);
    let state = RefCell::new((rows, rejects));
    // Where each row that was handed out stood; kept as the few places where the distance changes.
    let offsets = RefCell::new(Offsets::default());
    // The row handed out last, for the store to refuse.
    let last = RefCell::new((0_u64, String::new()));
    let mut handed = 0_u64;
    let mut next = || loop {
        let (rows, rejects) = &mut *state.borrow_mut();
        match rows.next()? {
            Ok(Ok(mut numbered)) => {
                handed += 1;
                offsets.borrow_mut().note(handed, numbered.number);
                *last.borrow_mut() = (handed, std::mem::take(&mut numbered.source));
                if let (Some(map), Row::Incident(incident)) = (&boundaries, &mut numbered.row)
                    && incident.placed.is_none()
                {
                    incident.placed = Some(map.read(&scope).placed(incident.at));
                }
                if handed.is_multiple_of(1024) {
                    progress.at(rows.progress.done, rows.progress.total);
                }
                return Some(Ok(numbered.row));
            }
            Ok(Err(reject)) => rejects.add(reject),
            Err(error) => return Some(Err(SourceFailed(Box::new(error)))),
        }
    };
    let mut refused = |r: Refused| {
        let row = offsets.borrow().row_of(r.row);
        let source = Some(last.borrow()).filter(|l| l.0 == r.row).map_or_else(String::new, |l| l.1.clone());
        let reject =
            Reject { file: name.to_owned(), row, field: r.field.to_owned(), reason: r.reason, source };
        state.borrow_mut().1.add(reject);
    };
    let imported = store.import(&plan, &mut next, &mut refused);
    progress.finish();
    let imported = imported?;
    let report = state.into_inner().0.report.unwrap_or_default();
    let done = Done { layer: plan.layer.into(), replace: plan.replace, dry_run: plan.dry_run, columns: None };
    Ok(Outcome { file: name.to_owned(), done, notes, report, imported })
}

/// From the number of a row as it was handed out to its number in the file.
#[derive(Default)]
pub(super) struct Offsets(Vec<(u64, i64)>);

impl Offsets {
    pub(super) fn note(&mut self, handed: u64, row: u64) {
        let offset = row.cast_signed() - handed.cast_signed();
        if self.0.last().is_none_or(|&(_, last)| last != offset) {
            self.0.push((handed, offset));
        }
    }

    pub(super) fn row_of(&self, handed: u64) -> u64 {
        let after = self.0.partition_point(|&(start, _)| start <= handed);
        let offset = after.checked_sub(1).map_or(0, |i| self.0[i].1);
        handed.saturating_add_signed(offset)
    }
}

/// The boundaries of the store alone, to place incidents by; `None` when there are none yet.
fn boundaries(store: &dyn Store, scope: &Scope) -> Result<Option<OneMap>, CliError> {
    struct AreasOnly(MapBuilder);
    impl Sink for AreasOnly {
        fn area(&mut self, side: Side, row: AreaRow) {
            self.0.area(side, row);
        }
        fn address(&mut self, _: AddressRef<'_>) {}
        fn incident(&mut self, _: IncidentRow) {}
        fn staff(&mut self, _: StaffRow) {}
    }
    if !store.has_layer(Side::Grid)? && !store.has_layer(Side::Beat)? {
        return Ok(None);
    }
    let mut sink = AreasOnly(MapBuilder::new());
    let change = store.load(scope, &mut sink)?;
    Ok(Some(sink.0.finish(change)))
}

/// Where the store of a URL is, and what is to be done when the import fails.
pub(super) struct Place {
    url: String,
    /// A file that was not there before.
    made: Option<PathBuf>,
    /// A dry run on a store that is not there happens in a folder that goes away.
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    pub(super) fn find(url: &str, dry_run: bool) -> Result<Self, CliError> {
        let path = Path::new(url);
        let file = url.ends_with(".gpkg") && !url.contains("://");
        if !file || path.exists() {
            return Ok(Self { url: url.to_owned(), made: None, _folder: None });
        }
        if dry_run {
            let folder = tempfile::tempdir().map_err(|e| CliError::io("the folder for a dry run", &e))?;
            let url = folder.path().join("dry-run.gpkg").to_string_lossy().into_owned();
            return Ok(Self { url, made: None, _folder: Some(folder) });
        }
        Ok(Self { url: url.to_owned(), made: Some(path.to_owned()), _folder: None })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Takes away a store that was made for an import that then failed.
    pub(super) fn undo(&self) {
        let Some(path) = &self.made else { return };
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut file = path.clone().into_os_string();
            file.push(end);
            // What is not there need not go.
            let _ = std::fs::remove_file(file);
        }
    }
}

fn options(args: &Args, layer: LayerKind) -> Result<Options, CliError> {
    if args.title.is_some() {
        return Err(CliError::Usage(format!("--title names a layer of your own; {layer} has its name")));
    }
    Ok(Options {
        layer,
        source_layer: args.source_layer.clone(),
        map: parse_map(&args.map)?,
        crs: parse_crs(args.crs.as_deref())?,
        tz: args.tz.as_deref().map(parse_zone).transpose()?,
        region: args.region.as_deref().map(parse_region).transpose()?,
    })
}

/// `field=column`, each.
///
/// # Errors
/// [`CliError::Usage`] when there is no `=`, or a field stands twice.
pub fn parse_map(entries: &[String]) -> Result<Vec<(String, String)>, CliError> {
    let mut out: Vec<(String, String)> = Vec::new();
    for entry in entries {
        match entry.split_once('=') {
            Some((field, column)) if !field.is_empty() && !column.is_empty() => {
                if out.iter().any(|(f, _)| f == field) {
                    return Err(CliError::Usage(format!("--map {field}=…: stands twice")));
                }
                out.push((field.to_owned(), column.to_owned()));
            }
            _ => {
                return Err(CliError::Usage(format!(
                    "--map {entry}: expected field=column, such as code=beat_num"
                )));
            }
        }
    }
    Ok(out)
}

/// `EPSG:n`, `GCJ-02`, `BD-09`.
///
/// # Errors
/// [`CliError::Usage`].
pub fn parse_crs(text: Option<&str>) -> Result<Option<Crs>, CliError> {
    text.map(|t| t.parse::<Crs>().map_err(|e| CliError::Usage(format!("--crs {t}: {e}")))).transpose()
}

/// `+08:00`, `-05:30`, `Z`.
pub(super) fn parse_zone(text: &str) -> Result<TimeZone, CliError> {
    let bad = || CliError::Usage(format!("--tz {text}: expected an offset such as +08:00"));
    if text.eq_ignore_ascii_case("z") {
        return Ok(TimeZone::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(bad()),
    };
    let (hours, minutes) = rest.split_once(':').ok_or_else(bad)?;
    let number = |t: &str, most: i32| match t.parse::<i32>() {
        Ok(n) if t.len() == 2 && (0..=most).contains(&n) => Ok(n),
        _ => Err(bad()),
    };
    let seconds = sign * (number(hours, 14)? * 3600 + number(minutes, 59)? * 60);
    Offset::from_seconds(seconds).map(TimeZone::fixed).map_err(|_| bad())
}

pub(super) fn parse_region(text: &str) -> Result<Region, CliError> {
    match text.parse::<u16>() {
        Ok(n) if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(Region(n)),
        _ => {
            Err(CliError::Usage(format!("--region {text}: expected the four digits of a city, such as 3202")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_regions_and_maps_are_checked() {
        assert_eq!(parse_zone("+08:00").unwrap(), TimeZone::fixed(jiff::tz::offset(8)));
        assert_eq!(parse_zone("-05:30").unwrap().to_fixed_offset().unwrap().seconds(), -19_800);
        for bad in ["8", "+8:00", "+08", "+0800", "Asia/Shanghai", "", "+99:00", "＋08:00"] {
            assert_eq!(parse_zone(bad).unwrap_err().code(), 2, "{bad}");
        }
        assert_eq!(parse_region("3202").unwrap(), Region(3202));
        for bad in ["32", "320213", "abcd", "+320"] {
            assert!(parse_region(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_map(&["code=a=b".into()]).unwrap(), [("code".to_owned(), "a=b".to_owned())]);
        assert!(parse_map(&["code".into()]).is_err());
        assert!(parse_map(&["code=a".into(), "code=b".into()]).is_err());
    }

    #[test]
    fn refused_rows_are_found_again_in_the_file() {
        let mut offsets = Offsets::default();
        for (handed, row) in [(1, 1), (2, 2), (3, 5), (4, 6), (5, 9)] {
            offsets.note(handed, row);
        }
        assert_eq!([1, 2, 3, 4, 5].map(|h| offsets.row_of(h)), [1, 2, 5, 6, 9]);
    }
}
