//! `gridbeat import --layer NAME`: one file into a layer of a department, in one transaction.

use super::{
    import::{Args, Offsets, Place, parse_crs, parse_map, parse_region, parse_zone, tell_notes},
    import_report::{Done, Outcome},
    import_rows::{self, Rows},
    progress::Progress,
    rejects::Rejects,
};
use crate::error::CliError;
use gridbeat_ingest::{DepartmentOptions, Note, Reject, open_department};
use gridbeat_onemap::{
    Scope,
    department::{FeatureRow, Schema},
    record::LayerName,
};
use gridbeat_store::{DepartmentPlan, OpenMode, Refused, SourceFailed, Store, StoreError, open};
use std::{cell::RefCell, path::Path};

/// Imports a file into the layer of that name, making it when it is not there.
///
/// # Errors
/// When the file is unusable or its columns are not those of the layer, when nothing of it was taken, or when
/// the store failed; nothing was changed then.
pub fn run(args: &Args, name: String) -> Result<(), CliError> {
    let map = parse_map(&args.map)?;
    let crs = parse_crs(args.crs.as_deref())?;
    let tz = args.tz.as_deref().map(parse_zone).transpose()?;
    let region = args.region.as_deref().map(parse_region).transpose()?;
    let there = if args.replace { None } else { layer_there(&args.store, &name)? };
    let options = DepartmentOptions {
        title: args.title.clone().unwrap_or_else(|| name.clone()),
        name,
        there,
        source_layer: args.source_layer.clone(),
        map,
        crs,
        tz,
        region,
    };
    let mut rejects = Rejects::new(args.rejects.as_deref())?;
    let outcome = import(args, options, &mut rejects);
    rejects.finish()?;
    let outcome = outcome?;
    if args.json {
        println!("{}", outcome.json(&rejects));
    }
    outcome.tell(&rejects, args.rejects.as_deref());
    outcome.verdict()
}

/// What the store knows of the layer; a store that is not there knows nothing.
fn layer_there(url: &str, name: &str) -> Result<Option<Schema>, CliError> {
    let store = match open(url, OpenMode::Existing) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let layers = store.departments(&Scope::all())?;
    Ok(layers.into_iter().map(|l| l.schema).find(|s| s.name == name))
}

fn import(args: &Args, options: DepartmentOptions, rejects: &mut Rejects) -> Result<Outcome, CliError> {
    let file = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    std::thread::scope(|threads| {
        let open_file = |path: &Path| open_department(path, options);
        let (schema, notes, rows) = import_rows::read(threads, &args.file, open_file, rejects.are_kept())?;
        if !args.json {
            tell_notes(&file, &notes);
        }
        let place = Place::find(&args.store, args.dry_run)?;
        let store = open(place.url(), OpenMode::Create)?;
        let plan = DepartmentPlan {
            schema,
            titled: args.title.is_some(),
            replace: args.replace,
            dry_run: args.dry_run,
        };
        let done = fill(&*store, &file, &plan, notes, rows, rejects);
        drop(store);
        if !done.as_ref().is_ok_and(Outcome::kept) {
            place.undo();
        }
        done
    })
}

/// Runs the transaction.
fn fill(
    store: &dyn Store,
    file: &str,
    plan: &DepartmentPlan,
    notes: Vec<Note>,
    rows: Rows<FeatureRow, Schema>,
    rejects: &mut Rejects,
) -> Result<Outcome, CliError> {
    let progress = Progress::bytes(file);
    let state = RefCell::new((rows, rejects));
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
        let (file, field) = (file.to_owned(), r.field.to_owned());
        state.borrow_mut().1.add(Reject { file, row, field, reason: r.reason, source });
    };
    let imported = store.import_department(plan, &mut next, &mut refused);
    progress.finish();
    let imported = imported?;
    let report = state.into_inner().0.report.unwrap_or_default();
    let done = Done {
        layer: LayerName::Department(plan.schema.name.clone()),
        replace: plan.replace,
        dry_run: plan.dry_run,
        columns: Some(plan.schema.columns.clone()),
    };
    Ok(Outcome { file: file.to_owned(), done, notes, report, imported })
}
