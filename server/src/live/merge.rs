//! Packing the trees of what changes anew, beside readers and writers.

use super::{Live, applier::swap};
use std::sync::{Arc, atomic::Ordering};

/// Begins a merge on a thread of its own when so much has changed that it is worth while; one at a time.
/// Changes that come meanwhile stay, on top of what was merged.
pub(super) fn when_due(live: &Arc<Live>) {
    if !live.now.load().map.wants_merge() || live.merging.swap(true, Ordering::AcqRel) {
        return;
    }
    let (weak, snapshot) = (Arc::downgrade(live), live.now.load_full());
    let begun = std::thread::Builder::new().name("merge".to_owned()).spawn(move || {
        let merged = snapshot.map.merged();
        drop(snapshot);
        if let Some(live) = weak.upgrade() {
            swap(&live, |map| map.with_merged(&merged));
            live.merging.store(false, Ordering::Release);
        }
    });
    if let Err(error) = begun {
        tracing::warn!(%error, "no thread to merge in; the map goes on as it is");
        live.merging.store(false, Ordering::Release);
    }
}
