//! What concerns a store as a whole, the same for every backend: cuts, backups, checks, writers in groups.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{place::Place, rows::*};
use gridbeat_onemap::record::*;
use gridbeat_store::{OpenMode, StoreError, backup, open, restore, verify};
use std::sync::Barrier;

over_all![
    a_backup_holds_everything_and_goes_back_into_either,
    a_restore_needs_an_empty_store,
    a_cut_stays_as_it_was,
    a_sound_store_has_no_faults,
    sixty_four_writers_and_those_that_fail,
    numbers_go_on_after_a_restore,
];

fn a_backup_holds_everything_and_goes_back_into_either(place: &Place) {
    let store = place.filled();
    store.create_incident(bare_incident(WUXI)).unwrap();
    let sum = store.checksum().unwrap();
    let file = place.file("a.backup");
    let done = backup(&*store, &file).unwrap();
    assert_eq!((done.checksum.as_str(), done.last_change), (sum.as_str(), 7));
    for target in [Place::geopackage(), Place::postgis()] {
        assert_eq!(restore(&file, &target.url).unwrap(), done);
        let again = open(&target.url, OpenMode::Existing).unwrap();
        assert_eq!(again.checksum().unwrap(), sum);
        assert_eq!(Loaded::from(&*again), Loaded::from(&*store));
        assert_eq!(again.changes_since(0, 100).unwrap(), store.changes_since(0, 100).unwrap());
        let mut faults = Vec::new();
        verify(&*again, &mut |f| faults.extend(f.fault.then_some(f))).unwrap();
        assert_eq!(faults, []);
    }
    // The backup was only read, and nothing is left beside it.
    assert!(matches!(backup(&*store, &file), Err(StoreError::Exists { .. })));
    let names: Vec<_> = std::fs::read_dir(place.folder()).unwrap().map(|e| e.unwrap().file_name()).collect();
    let drafts: Vec<_> = names.iter().filter(|n| n.to_string_lossy().contains("draft")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

fn a_restore_needs_an_empty_store(place: &Place) {
    let store = place.filled();
    let sum = store.checksum().unwrap();
    let file = place.file("a.backup");
    backup(&*store, &file).unwrap();
    assert!(matches!(restore(&file, &place.url), Err(StoreError::NotEmpty)));
    let other = Place::geopackage().filled();
    let refused = other.read(&mut |cut| store.restore(cut));
    assert!(matches!(refused, Err(StoreError::NotEmpty)), "{refused:?}");
    assert_eq!(store.checksum().unwrap(), sum);
}

fn a_cut_stays_as_it_was(place: &Place) {
    let store = place.filled();
    store
        .read(&mut |cut| {
            assert_eq!(cut.last_change().unwrap(), 6);
            // Somebody else writes meanwhile, and need not wait.
            store.create_incident(bare_incident(WUXI)).unwrap();
            let (mut rows, mut log) = (0, 0);
            cut.rows(LayerKind::Incident, &mut |_| {
                rows += 1;
                Ok(())
            })?;
            cut.changes(&mut |_| {
                log += 1;
                Ok(())
            })?;
            assert_eq!((rows, log, cut.last_change().unwrap()), (3, 6, 6));
            Ok(())
        })
        .unwrap();
    assert_eq!(store.last_change().unwrap(), 7);
}

fn a_sound_store_has_no_faults(place: &Place) {
    let store = place.filled();
    let mut found = Vec::new();
    let seen = verify(&*store, &mut |f| found.push(f)).unwrap();
    assert_eq!(found, []);
    assert_eq!(seen.checksum, Some(store.checksum().unwrap()));
    assert_eq!(seen.rows, store.table_counts().unwrap());
    assert_eq!(seen.last_change, 6);
}

fn sixty_four_writers_and_those_that_fail(place: &Place) {
    const WRITERS: usize = 64;
    let store = place.open();
    let start = Barrier::new(WRITERS);
    let outcomes: Vec<_> = std::thread::scope(|s| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|i| {
                let (store, start) = (&store, &start);
                s.spawn(move || {
                    start.wait();
                    // Every fourth uses one code, every fifth brings what no store can keep, the rest none.
                    let row = match i {
                        _ if i % 4 == 0 => incident(WUXI, "SAME"),
                        _ if i % 5 == 0 => IncidentRow { title: Some("\0".into()), ..bare_incident(XUZHOU) },
                        _ => bare_incident(if i % 2 == 0 { WUXI } else { XUZHOU }),
                    };
                    store.create_incident(row)
                })
            })
            .collect();
        writers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    let mut kept = Vec::new();
    let (mut same, mut doubled, mut bad) = (0, 0, 0);
    for (i, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok((row, change)) => {
                assert_eq!((change.fid, change.op, change.rows), (Some(row.fid), Op::Insert, 1));
                same += usize::from(row.code == "SAME");
                assert!(row.code == "SAME" || row.code == format!("I{}", row.fid.0), "{}", row.code);
                kept.push((change.n, row));
            }
            Err(StoreError::DuplicateCode(code)) => {
                assert_eq!((code.as_str(), i % 4), ("SAME", 0));
                doubled += 1;
            }
            Err(StoreError::BadRow { field: "title", .. }) => bad += 1,
            Err(other) => panic!("writer {i}: {other:?}"),
        }
    }
    assert_eq!((same, doubled, bad, kept.len()), (1, 15, 9, WRITERS - 15 - 9));
    // Numbers without a gap, of changes and of rows, and all of it is there.
    kept.sort_by_key(|(n, _)| *n);
    assert!(kept.iter().map(|(n, _)| *n).eq(1..=kept.len() as u64));
    for region in [WUXI, XUZHOU] {
        let mut sequences: Vec<u32> =
            kept.iter().filter(|(_, r)| r.region == region).map(|(_, r)| r.fid.sequence()).collect();
        sequences.sort_unstable();
        assert!(sequences.iter().copied().eq(1..=sequences.len() as u32), "{region:?}: {sequences:?}");
    }
    let mut rows: Vec<IncidentRow> = kept.into_iter().map(|(_, row)| row).collect();
    rows.sort_by_key(|r| r.fid);
    assert_eq!(Loaded::from(&*store).incidents, rows);
    assert_eq!(store.changes_since(0, 1000).unwrap().len(), rows.len());
}

fn numbers_go_on_after_a_restore(place: &Place) {
    let store = place.open();
    for _ in 0..3 {
        store.create_incident(bare_incident(WUXI)).unwrap();
    }
    let last = Fid::new(WUXI, 3);
    store.edit_incident(last, &mut |_| gridbeat_store::Edit::Delete).unwrap();
    let file = place.file("a.backup");
    backup(&*store, &file).unwrap();
    for target in [Place::geopackage(), Place::postgis()] {
        restore(&file, &target.url).unwrap();
        let again = open(&target.url, OpenMode::Existing).unwrap();
        let (row, change) = again.create_incident(bare_incident(WUXI)).unwrap();
        assert_eq!((row.fid, change.n), (Fid::new(WUXI, 4), 5), "a number that was given is not given again");
    }
}
