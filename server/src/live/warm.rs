//! What a map that was just loaded is asked for sooner or later, worked out beside its first readers.

use super::Live;
use std::{io, sync::Arc, thread};

/// Prepares the present map, in a thread of its own.
pub(super) fn spawn(live: &Arc<Live>) -> io::Result<()> {
    let (now, scope) = (live.now(), live.scope.clone());
    let prepare = move || {
        now.map.prepare();
        now.maker.prepare(&now.map.read(&scope));
    };
    thread::Builder::new().name("warm".to_owned()).spawn(prepare)?;
    Ok(())
}
