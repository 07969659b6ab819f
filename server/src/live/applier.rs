//! The one thread that follows the store's log and applies it, in the order of the changes.
//!
//! A change of an incident, a member of staff or a feature of a department makes a snapshot that shares everything
//! else with the one before; when many have come together, they are [merged](super::merge) beside this thread. An import
//! (ours or another process's) loads the map anew; readers go on with the old one meanwhile, writers'
//! answers wait.

use super::{
    Applied, Live, Snapshot,
    event::Event,
    feed::Message,
    found::Found,
    load::load_regions,
    merge,
    moved::{Moved, Single},
    shown::{differing, touched_layers},
    touched::Seen,
    warm,
};
use crate::error::Chain;
use gridbeat_onemap::{
    Bounds, OneMap, Reader,
    record::{Change, Fid, LayerKind, LayerName, Op},
};
use gridbeat_store::StoreError;
use gridbeat_tiles::Redrawn;
use std::{
    io,
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};
use tokio::runtime::Handle;

/// How often the log is looked at when nobody wakes us: what another process writes is seen by then.
const EVERY: Duration = Duration::from_millis(200);
/// How many changes are read at once.
const BATCH: usize = 512;

pub(super) fn spawn(live: &Arc<Live>, woken: Receiver<()>) -> io::Result<()> {
    let weak = Arc::downgrade(live);
    let runtime = Handle::current();
    std::thread::Builder::new().name("applier".to_owned()).spawn(move || follow(&weak, &woken, &runtime))?;
    Ok(())
}

fn follow(weak: &Weak<Live>, woken: &Receiver<()>, runtime: &Handle) {
    let mut found = Found::default();
    loop {
        match woken.recv_timeout(EVERY) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some(live) = weak.upgrade() else { return };
        let before = live.applied();
        let healthy = match catch_up(&live, before.change, &mut found, runtime) {
            Ok(()) => true,
            Err(error) => {
                if before.healthy {
                    tracing::error!(error = %Chain(&error), "cannot follow the store; trying on");
                }
                false
            }
        };
        if healthy && !before.healthy {
            tracing::info!("following the store again");
        }
        live.applied.send_if_modified(|a| std::mem::replace(&mut a.healthy, healthy) != healthy);
    }
}

/// Applies everything after change `done`.
fn catch_up(live: &Arc<Live>, mut done: u64, found: &mut Found, runtime: &Handle) -> Result<(), StoreError> {
    loop {
        let changes = live.store.changes_since(done, BATCH)?;
        let Some(first) = changes.first() else {
            // A log that ends before what we have seen is another log: the store was put back.
            if live.store.last_change()? < done {
                *found = Found::default();
                return start_over(live);
            }
            return Ok(());
        };
        if first.n != done + 1 {
            *found = Found::default();
            return start_over(live);
        }
        for change in changes {
            done = change.n;
            apply(live, change, found, runtime)?;
        }
    }
}

/// The log does not go on where we are: load everything, and tell who listens that it is void.
fn start_over(live: &Arc<Live>) -> Result<(), StoreError> {
    tracing::warn!("the store's log does not go on where it ended; loading the map anew");
    let map = load_regions(&*live.store, &live.scope, &live.regions)?;
    let change = map.change();
    let epoch = live.now.load().epoch + 1;
    live.now.store(Arc::new(Snapshot::anew(map, &live.scope, epoch)));
    live.tiles.forget_touches();
    warm(live);
    live.applied.send_modify(|a| *a = Applied { change, healthy: true });
    live.feed.tell(Message::Reset);
    Ok(())
}

/// Swaps in a map of everything in the store, and drops the tiles that show where it differs.
fn reload(live: &Arc<Live>, found: &mut Found, runtime: &Handle) -> Result<(), StoreError> {
    let map = load_regions(&*live.store, &live.scope, &live.regions)?;
    let change = map.change();
    let earlier = live.now();
    let (next, differences) = earlier.reloaded(map, &live.scope);
    let [old, new] = [&earlier.map, &next.map].map(|map| map.read(&live.scope));
    let redrawn = Redrawn::between((&old, &earlier.maker), (&new, &next.maker), differences.boundaries);
    let seen = differing(&differences, redrawn);
    live.now.store(Arc::new(next));
    found.add(change, seen.clone());
    runtime.block_on(live.tiles.touch(change, seen));
    warm(live);
    Ok(())
}

fn warm(live: &Arc<Live>) {
    warm::spawn(live).map_err(|e| tracing::info!(error = %e, "nothing is prepared")).ok();
}

fn apply(
    live: &Arc<Live>,
    mut change: Change,
    found: &mut Found,
    runtime: &Handle,
) -> Result<(), StoreError> {
    let snapshot = live.now.load_full();
    let n = change.n;
    let built_in = change.layer.built_in();
    let single = match (built_in, change.op, change.fid) {
        (
            None | Some(LayerKind::Incident | LayerKind::Staff),
            Op::Insert | Op::Update | Op::Delete,
            Some(fid),
        ) => Some(fid),
        _ => None,
    };
    let mut loaded = false;
    let moved = match single {
        // A map loaded after this change was made has it already.
        _ if n <= snapshot.map.change() => None,
        // Of another region: counted, and told to who listens, but not held.
        _ if !live.regions.concern(&change) => {
            swap(live, |map| map.with_change(n));
            Some(Moved { before: None, after: None })
        }
        Some(fid) => {
            let before = Single::find(&snapshot.map.read(&live.scope), &change.layer, fid);
            if apply_single(live, &change.layer, n, fid)? {
                let after = Single::find(&live.now.load().map.read(&live.scope), &change.layer, fid);
                Some(Moved { before, after })
            } else {
                reload(live, found, runtime)?;
                loaded = true;
                None
            }
        }
        None => {
            reload(live, found, runtime)?;
            loaded = true;
            None
        }
    };
    if built_in == Some(LayerKind::Staff)
        && let Some(moved) = &moved
    {
        place(&mut change, moved, &live.now.load().map.read(&live.scope));
    }
    let now = live.now.load_full();
    let departments = now.map.read(&live.scope);
    let departments = departments.departments().iter().map(|d| d.schema().name.as_str());
    let layers = touched_layers(&change.layer, departments);
    // What a load touched was dropped with it.
    let mut seen = found.tell(n, &layers, loaded);
    if let Some(moved) = &moved {
        let own = Seen::new(&layers, moved.places());
        runtime.block_on(live.tiles.touch(n, vec![own.clone()]));
        seen.push(own);
    }
    let event = Event::new(change, moved, &seen);
    // In this order: a stream that begins in between finds the change in the log, or on the map, or both.
    live.applied.send_modify(|a| *a = Applied { change: n, healthy: true });
    live.feed.tell(Message::Event(Arc::new(event)));
    merge::when_due(live);
    Ok(())
}

/// Puts the present row with an id on the map. It may be newer than the change; then the change that made it so comes
/// next. `false` when it does not fit the map, because an import gave its layer other columns since.
fn apply_single(live: &Live, layer: &LayerName, n: u64, fid: Fid) -> Result<bool, StoreError> {
    match layer {
        LayerName::BuiltIn(LayerKind::Staff) => {
            let row = live.store.staff(&live.scope, fid)?;
            swap(live, |map| map.with_staff(n, fid, row.clone()));
        }
        LayerName::BuiltIn(_) => {
            let row = live.store.incident(&live.scope, fid)?;
            swap(live, |map| map.with_incident(n, fid, row.clone()));
        }
        LayerName::Department(name) => {
            let now = live.now.load_full();
            let Some(layer) = now.map.read(&live.scope).department(name) else { return Ok(false) };
            let row = match live.store.feature(&live.scope, layer.schema(), fid) {
                Err(StoreError::LayerDiffers { .. }) => return Ok(false),
                row => row?,
            };
            swap(live, |map| map.with_feature(n, name, fid, row.clone()));
        }
    }
    Ok(true)
}

/// Puts another version of the same map in its place. A merge may put its own there at the same moment:
/// then once more, over that one.
pub(super) fn swap(live: &Live, next: impl Fn(&OneMap) -> OneMap) {
    live.now.rcu(|now| Snapshot {
        map: next(&now.map),
        maker: Arc::clone(&now.maker),
        epoch: now.epoch,
        since: now.since,
    });
}

/// What the log does not say of somebody who moved, since it keeps no trails: between which places, and
/// whose ground it is now.
fn place(change: &mut Change, moved: &Moved, reader: &Reader<'_>) {
    let places = moved.places();
    change.bbox = places.into_iter().reduce(Bounds::join);
    let now = moved.after.as_ref().and_then(Single::at).map(|at| reader.placed(at)).unwrap_or_default();
    (change.grid, change.beat) = (now.grid, now.beat);
}
