//! Incidents that many write at the same moment, the same for every backend.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{
    place::Place,
    rows::{WUXI, incident},
};
use gridbeat_onemap::{
    record::{Fid, IncidentRow, Op},
    scope::Scope,
};
use gridbeat_store::{Edit, StoreError};
use std::thread;

over_all![edits_of_one_row_are_not_lost, one_that_fails_hinders_no_other];

const WRITERS: usize = 8;
const EACH: usize = 12;

/// Everybody adds a stroke to the same title; in the end there are as many as were drawn, each in a change of its
/// own.
fn edits_of_one_row_are_not_lost(place: &Place) {
    let store = place.filled();
    let fid = store.create_incident(incident(WUXI, "")).unwrap().0.fid;
    let strokes = |row: &IncidentRow| row.title.as_deref().unwrap_or_default().matches('|').count();
    let before = store.last_change().unwrap();
    thread::scope(|s| {
        for _ in 0..WRITERS {
            s.spawn(|| {
                for _ in 0..EACH {
                    let mut seen = 0;
                    let edited = store.edit_incident(fid, &mut |row| {
                        seen = strokes(row);
                        let title = Some(format!("{}|", row.title.as_deref().unwrap_or_default()));
                        Edit::Replace(IncidentRow { title, ..row.clone() })
                    });
                    let (row, _) = edited.unwrap().unwrap();
                    // What was kept follows from what was seen last.
                    assert_eq!(strokes(&row.unwrap()), seen + 1);
                }
            });
        }
    });
    let row = store.incident(&Scope::all(), fid).unwrap().unwrap();
    assert_eq!(strokes(&row), WRITERS * EACH);
    let changes = store.changes_since(before, 1000).unwrap();
    assert_eq!(changes.len(), WRITERS * EACH);
    assert!(changes.iter().all(|c| c.op == Op::Update && c.fid == Some(fid)));
}

/// Good and bad edits, creations and deletions at one time: each has its own answer, and what was refused has left
/// nothing.
fn one_that_fails_hinders_no_other(place: &Place) {
    let store = place.filled();
    let row = store.create_incident(incident(WUXI, "")).unwrap().0;
    let before = store.last_change().unwrap();
    thread::scope(|s| {
        for w in 0..WRITERS {
            let (store, row) = (&store, &row);
            s.spawn(move || {
                for i in 0..EACH {
                    let new = IncidentRow { fid: Fid(0), code: format!("T{w}-{i}"), ..row.clone() };
                    let (made, _) = store.create_incident(new.clone()).unwrap();
                    assert!(matches!(store.create_incident(new), Err(StoreError::DuplicateCode(_))));
                    let taken = store.edit_incident(made.fid, &mut |seen| {
                        Edit::Replace(IncidentRow { code: row.code.clone(), ..seen.clone() })
                    });
                    assert!(matches!(taken, Err(StoreError::DuplicateCode(_))), "{taken:?}");
                    assert_eq!(store.edit_incident(made.fid, &mut |_| Edit::Keep).unwrap(), None);
                    assert_eq!(store.incident(&Scope::all(), made.fid).unwrap().as_ref(), Some(&made));
                    let (gone, _) = store.edit_incident(made.fid, &mut |_| Edit::Delete).unwrap().unwrap();
                    assert_eq!(gone, None);
                    let again = store.edit_incident(made.fid, &mut |_| Edit::Delete);
                    assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
                }
            });
        }
    });
    // One change for each creation and one for each deletion, in an unbroken row.
    let changes = store.changes_since(before, 1000).unwrap();
    let count = |op| changes.iter().filter(|c| c.op == op).count();
    assert_eq!((count(Op::Insert), count(Op::Delete)), (WRITERS * EACH, WRITERS * EACH));
    assert_eq!(changes.len(), 2 * WRITERS * EACH);
    assert!(changes.iter().zip(before + 1..).all(|(c, n)| c.n == n));
}
