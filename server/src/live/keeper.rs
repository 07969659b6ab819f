//! A thread that keeps the snapshot file: written once the map was loaded from rows, and again when much has
//! changed, beside everything else.

use super::{Live, Snapshot, snapshot_file, snapshot_file::Origin};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    thread,
    time::{Duration, Instant},
};

/// How often it is looked whether the map was loaded anew.
const EVERY: Duration = Duration::from_secs(2);
/// Changes until it is written again. Writing hundreds of megabytes takes the disk from who waits for it, and a start
/// from a file that is older reads all incidents as rows, for a city in a second.
const CHANGES: u64 = 200_000;

/// Keeps the file at `path`. `kept` says that the map now is of that file.
pub(super) fn spawn(live: &Arc<Live>, path: PathBuf, kept: bool) -> io::Result<()> {
    let weak = Arc::downgrade(live);
    let now = live.now();
    let written = kept.then(|| (now.epoch, now.map.change()));
    thread::Builder::new().name("keeper".to_owned()).spawn(move || keep(&weak, &path, written))?;
    Ok(())
}

/// `written`: epoch and change of the map that was written last.
fn keep(weak: &Weak<Live>, path: &Path, mut written: Option<(u64, u64)>) {
    loop {
        let Some(live) = weak.upgrade() else { return };
        let now = live.now();
        let change = now.map.change();
        let is_stale = |(epoch, n)| epoch != now.epoch || change.saturating_sub(n) > CHANGES;
        if written.is_none_or(is_stale) {
            written = Some((now.epoch, change));
            let begun = Instant::now();
            match write(&live, &now, path) {
                Ok(true) => {
                    let seconds = begun.elapsed().as_secs_f32();
                    tracing::info!(path = %path.display(), seconds, "wrote a snapshot for fast starts");
                }
                Ok(false) => {}
                // Nothing is lost but the next start's time.
                Err(error) => tracing::info!(%error, path = %path.display(), "no snapshot could be written"),
            }
        }
        drop((now, live));
        thread::sleep(EVERY);
    }
}

fn write(live: &Live, now: &Snapshot, path: &Path) -> io::Result<bool> {
    let map = now.map.read(&live.scope);
    if map.addresses().is_empty() {
        return Ok(false);
    }
    let of = Origin::of(&*live.store, now.map.change(), &live.regions, now.map.ground_mark());
    let Some(origin) = of.map_err(io::Error::other)? else { return Ok(false) };
    snapshot_file::write(path, &origin, &map)?;
    Ok(true)
}
