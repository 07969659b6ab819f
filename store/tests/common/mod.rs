//! What the store's tests share: the stores they run over, and rows to put in.

#![allow(dead_code)] // Each test binary uses a part.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

pub mod pg;
pub mod rows;

use gridbeat_onemap::record::Row;
use gridbeat_store::{ImportPlan, Imported, Refused, SourceFailed, Store, StoreError};

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
