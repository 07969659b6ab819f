//! The tiers: what is shared, what is merged and when.

use super::{FRESH, Live, PATIENCE, Positioned, RECENT};
use crate::{Bounds, E7, index::Ground, overlay::PieceId, record::Fid};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc as Shared};

#[derive(Clone, Debug, PartialEq)]
struct Row(u64, E7);

impl Positioned for Row {
    fn fid(&self) -> Fid {
        Fid(self.0)
    }
    fn at(&self) -> Option<E7> {
        Some(self.1)
    }
    fn time(&self) -> Option<Timestamp> {
        None
    }
    fn piece(&self) -> Option<PieceId> {
        None
    }
}

fn row(fid: u64, x: i32) -> Row {
    Row(fid, E7::new(x, x % 7))
}

fn all(live: &Live<Row>) -> Vec<Row> {
    live.iter().cloned().collect()
}

#[test]
fn a_change_shares_the_bulk_and_leaves_the_version_before_alone() {
    let before = Live::new((0..1000).map(|i| row(i, 3)));
    let after = before.with(Fid(5), None).with(Fid(6), Some(row(6, 9)));
    assert!(Shared::ptr_eq(&before.bulk, &after.bulk) && Shared::ptr_eq(&before.recent, &after.recent));
    assert_eq!((before.len(), after.len()), (1000, 999));
    assert_eq!((before.get(Fid(5)), after.get(Fid(5))), (Some(&row(5, 3)), None));
    assert_eq!(after.get(Fid(6)), Some(&row(6, 9)));
}

#[test]
fn a_merge_takes_in_what_was_there_and_keeps_what_came_since() {
    let mut live = Live::new((0..1000).map(|i| row(i, 3)));
    for i in 0..300 {
        live = live.with(Fid(i * 5), (i % 2 == 0).then(|| row(i * 5, 50)));
    }
    live = live.with(Fid(5000), Some(row(5000, 4)));
    let merged = live.merged();
    // Meanwhile: one row comes back, two go (one of them came since the last merge), one moves, one
    // comes and goes.
    live = live.with(Fid(5), Some(row(5, 8))).with(Fid(10), None).with(Fid(11), Some(row(11, 1)));
    live = live.with(Fid(9999), Some(row(9999, 2))).with(Fid(9999), None).with(Fid(5000), None);
    // So many changes that what is fresh is folded in.
    for i in 0..=FRESH as u64 {
        live = live.with(Fid(10_000 + i), None);
    }
    let next = live.with_merged(&merged);
    assert_eq!(all(&next), all(&live));
    assert_eq!(next.len(), live.len());
    assert!(Shared::ptr_eq(&next.bulk, &merged.bulk));
    assert_eq!(next.recent.rows.len(), 4, "only what changed since is left over");
    // A bulk that was begun before the last one is left aside.
    assert!(Shared::ptr_eq(&next.with_merged(&merged).recent, &next.recent));
}

#[test]
fn who_never_merges_is_merged_in_the_end() {
    let mut live = Live::new([]);
    let mut rows = BTreeMap::new();
    let patience = PATIENCE * RECENT;
    for i in 0..(patience + 2 * FRESH) as u64 {
        rows.insert(i, row(i, i as i32 % 1000));
        live = live.with(Fid(i), Some(row(i, i as i32 % 1000)));
        assert_eq!(live.wants_merge(), live.recent.rows.len() > RECENT.max(live.bulk.rows.len() / 64));
    }
    assert!(live.bulk.rows.len() >= patience);
    assert_eq!(all(&live), rows.values().cloned().collect::<Vec<_>>());
    let ground = Ground::bounds(Bounds { min: E7::new(100, 0), max: E7::new(200, 3) });
    let expected = rows.values().filter(|r| ground.contains(r.1)).count() as u64;
    assert_eq!(live.count_on(&ground), expected);
}
