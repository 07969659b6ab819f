//! What the store's tests share: the stores they run over, and rows to put in.

#![allow(dead_code)] // Each test binary uses a part.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

pub mod pg;
pub mod place;
pub mod rows;

use gridbeat_onemap::record::Row;
use gridbeat_store::{ImportPlan, Imported, Refused, SourceFailed, Store, StoreError};
use std::{
    sync::{Mutex, PoisonError},
    thread,
};

/// A test by its name.
pub type Named<P> = (&'static str, fn(&P));

/// Runs tests as one, each over a place of its own: where making what they share (two servers) costs more than
/// the tests themselves. A test that fails is named.
pub fn over_each<P>(tests: &[Named<P>], place: fn() -> P)
where
    P: 'static,
{
    const AT_ONCE: usize = 3;
    let left = Mutex::new(tests.iter());
    let failed = Mutex::new(Vec::new());
    thread::scope(|s| {
        for _ in 0..AT_ONCE {
            s.spawn(|| {
                loop {
                    let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(&(name, test)) = next else { break };
                    let run = thread::Builder::new().name(name.to_owned()).spawn(move || test(&place()));
                    if run.expect("a thread").join().is_err() {
                        failed.lock().unwrap_or_else(PoisonError::into_inner).push(name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(failed.is_empty(), "of {} tests these failed: {failed:?}", tests.len());
}

/// Imports rows; refusals beside the report.
pub fn import(store: &dyn Store, plan: &ImportPlan, rows: Vec<Row>) -> (Imported, Vec<Refused>) {
    let mut rows = rows.into_iter().map(Ok);
    let mut refused = Vec::new();
    let done =
        store.import(plan, &mut || rows.next(), &mut |r| refused.push(r)).expect("the import succeeds");
    assert_eq!(done.refused, refused.len() as u64);
    (done, refused)
}

/// Imports rows after which the source fails.
pub fn import_then_fail(store: &dyn Store, plan: &ImportPlan, rows: Vec<Row>) -> StoreError {
    let failure = || SourceFailed::from(Box::<dyn std::error::Error + Send + Sync>::from("line 7: cut off"));
    let mut rows = rows.into_iter().map(Ok).chain(std::iter::once_with(|| Err(failure())));
    store.import(plan, &mut || rows.next(), &mut |_| {}).expect_err("the source failed")
}
