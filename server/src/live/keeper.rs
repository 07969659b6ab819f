//! A thread that keeps the snapshot file: written once the map was loaded from rows, beside everything else.

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

/// Keeps the file at `path`. `kept` says that the map now is of that file.
pub(super) fn spawn(live: &Arc<Live>, path: PathBuf, kept: bool) -> io::Result<()> {
    let weak = Arc::downgrade(live);
    let epoch = if kept { live.now().epoch } else { 0 };
    thread::Builder::new().name("keeper".to_owned()).spawn(move || keep(&weak, &path, epoch))?;
    Ok(())
}

fn keep(weak: &Weak<Live>, path: &Path, mut epoch: u64) {
    loop {
        let Some(live) = weak.upgrade() else { return };
        let now = live.now();
        if now.epoch != epoch {
            epoch = now.epoch;
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
    let addresses = now.map.read(&live.scope).addresses();
    if addresses.is_empty() {
        return Ok(false);
    }
    let of = Origin::of(&*live.store, now.map.change(), &live.regions, now.map.ground_mark());
    let Some(origin) = of.map_err(io::Error::other)? else { return Ok(false) };
    snapshot_file::write(path, &origin, addresses)?;
    Ok(true)
}
