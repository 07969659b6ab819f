//! The living map: the present snapshot, who keeps it fresh, the tiles made of it, the feed about it.
//!
//! ```text
//! store ─ log ─→ applier ─┬→ snapshot' (swapped whole; readers never wait)
//!                         ├→ tile cache: exactly the touched tiles go
//!                         └→ feed: `tiles`, then `change`, to who listens
//! ```

mod applier;
pub mod event;
pub mod feed;
mod found;
mod keeper;
mod load;
mod merge;
pub mod moved;
pub mod regions;
pub mod rows;
mod shown;
pub mod snapshot_file;
pub mod tiles;
mod touched;
pub mod turns;
mod warm;
mod watcher;

pub use load::{load_ground, load_map, load_regions, load_with_snapshot};

use crate::{error::ApiError, metrics::Metrics};
use arc_swap::ArcSwap;
use feed::Feed;
use gridbeat_onemap::{Differences, OneMap, Reader, Scope};
use gridbeat_store::{Store, StoreError};
use gridbeat_tiles::TileMaker;
use regions::Regions;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    time::Duration,
};
use tiles::TileCache;
use tokio::sync::{Semaphore, watch};
use turns::Turns;
use watcher::Heard;

/// What all readers of one moment read: immutable.
pub struct Snapshot {
    /// The map.
    pub map: OneMap,
    /// The generalised boundaries of this map, made lazily, shared until the boundaries change.
    pub maker: Arc<TileMaker>,
    /// How many times the map was loaded as a whole.
    pub epoch: u64,
    /// The load before which nothing holds, not even the numbers of changes: tiles of what was there before are void.
    pub since: u64,
}

impl Snapshot {
    /// The first map, or one that has nothing to do with those before.
    fn anew(map: OneMap, scope: &Scope, epoch: u64) -> Self {
        let maker = Arc::new(TileMaker::new(&map.read(scope)));
        Self { map, maker, epoch, since: epoch }
    }

    /// A map of a later change that was loaded as a whole, and what differs.
    fn reloaded(&self, map: OneMap, scope: &Scope) -> (Self, Differences) {
        let (map, differences) = map.following(&self.map);
        let epoch = self.epoch + 1;
        // It holds for the boundaries and addresses that it was made of.
        let maker = if differences.are_of_live_rows() {
            Arc::clone(&self.maker)
        } else {
            let addresses = !differences.rows.addresses.is_empty();
            Arc::new(self.maker.following(&map.read(scope), differences.boundaries, addresses))
        };
        (Self { map, maker, epoch, since: self.since }, differences)
    }
}

/// How far the applier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Number of the last change that is in the snapshot and was announced.
    pub change: u64,
    /// Whether the last look at the store's log succeeded.
    pub healthy: bool,
}

/// The living map of one store.
pub struct Live {
    store: Arc<dyn Store>,
    scope: Scope,
    now: ArcSwap<Snapshot>,
    tiles: TileCache,
    feed: Feed,
    applied: watch::Sender<Applied>,
    /// Whether trees are being packed anew.
    merging: AtomicBool,
    wake: mpsc::SyncSender<()>,
    /// Bounds what works at one time, so that many slow requests do not starve each other.
    gate: Arc<Semaphore>,
    turns: Turns,
    /// The regions that this node serves.
    regions: Regions,
    heard: Heard,
    /// Whether the map has been as new as the log since the log could last be read.
    caught_up: AtomicBool,
}

/// How a living map is begun.
#[derive(Clone, Debug)]
pub struct Start {
    /// Bytes that made tiles may take.
    pub cache_bytes: u64,
    /// The regions that this node serves.
    pub regions: Regions,
    /// The snapshot file for fast starts, if there is to be one.
    pub snapshot: Option<PathBuf>,
}

/// How long a write waits for its change to be seen by readers.
const VISIBLE_WITHIN: Duration = Duration::from_secs(60);

impl Live {
    /// Loads the map and starts the applier (a thread that ends when the last `Arc` is gone).
    /// Blocks; must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the store cannot be read, or no thread can be started.
    pub fn start(
        store: Arc<dyn Store>,
        cache_bytes: u64,
        metrics: Arc<Metrics>,
    ) -> Result<Arc<Self>, StartError> {
        Self::start_with(store, Start { cache_bytes, regions: Regions::default(), snapshot: None }, metrics)
    }

    /// The same with more said about how.
    ///
    /// # Errors
    /// As [`Live::start`].
    pub fn start_with(
        store: Arc<dyn Store>,
        start: Start,
        metrics: Arc<Metrics>,
    ) -> Result<Arc<Self>, StartError> {
        let Start { cache_bytes, regions, snapshot } = start;
        let scope = Scope::all();
        let kept = match &snapshot {
            Some(path) => load_with_snapshot(&*store, &scope, &regions, path)?,
            None => None,
        };
        let of_file = kept.is_some();
        let map = match kept {
            Some(map) => map,
            None => load_regions(&*store, &scope, &regions)?,
        };
        let applied = Applied { change: map.change(), healthy: true };
        let (wake, woken) = mpsc::sync_channel(1);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let live = Arc::new(Self {
            now: ArcSwap::from_pointee(Snapshot::anew(map, &scope, 1)),
            store,
            scope,
            tiles: TileCache::new(cache_bytes, metrics),
            feed: Feed::new(),
            applied: watch::Sender::new(applied),
            merging: AtomicBool::new(false),
            wake,
            gate: Arc::new(Semaphore::new(cores * 4)),
            turns: Turns::new(cores),
            regions,
            heard: Heard::default(),
            caught_up: AtomicBool::new(false),
        });
        applier::spawn(&live, woken)?;
        watcher::spawn(&live)?;
        warm::spawn(&live)?;
        if let Some(path) = snapshot {
            keeper::spawn(&live, path, of_file)?;
        }
        Ok(live)
    }

    /// The present snapshot.
    pub fn now(&self) -> Arc<Snapshot> {
        self.now.load_full()
    }

    /// Whose eyes: until accounts exist everybody sees all.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The store, for what is not in the map.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The tile cache.
    pub fn tiles(&self) -> &TileCache {
        &self.tiles
    }

    /// The feed of changes.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// How far the applier is.
    pub fn applied(&self) -> Applied {
        *self.applied.borrow()
    }

    /// Turns for answers that go on for as long as their reader likes.
    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// The regions that this node serves.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// How many changes of the log are not yet on the map, as far as is known.
    pub fn behind(&self) -> u64 {
        self.heard.last().saturating_sub(self.applied().change)
    }

    /// Whether the map follows the store, and was as new as the log at some time since it began to.
    pub fn is_ready(&self) -> bool {
        let healthy = self.applied().healthy;
        if !healthy {
            self.caught_up.store(false, Relaxed);
        } else if self.behind() == 0 {
            self.caught_up.store(true, Relaxed);
        }
        healthy && self.caught_up.load(Relaxed)
    }

    /// Returns when change `n` is in the snapshot, so that a writer reads its own write.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when that takes over a minute. The write itself is durable.
    pub async fn visible(&self, n: u64) -> Result<(), ApiError> {
        // A full channel means that the applier is about to look anyway.
        let _ = self.wake.try_send(());
        let mut applied = self.applied.subscribe();
        match tokio::time::timeout(VISIBLE_WITHIN, applied.wait_for(|a| a.change >= n)).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(ApiError::Unavailable("the change is kept, but not yet on the map".to_owned())),
        }
    }

    /// Does something that takes the processor or the disk, off the threads that serve connections,
    /// over the present snapshot.
    ///
    /// # Errors
    /// What `work` returns; [`ApiError::Internal`] when it panics.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Live, &Reader<'_>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let live = Arc::clone(self);
        let permit = Arc::clone(&self.gate).acquire_owned().await.map_err(|_| ApiError::Internal)?;
        // What goes wrong in there is logged with the request's id.
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let (_permit, _in) = (permit, span.entered());
            let snapshot = live.now();
            work(&live, &snapshot.map.read(&live.scope))
        });
        done.await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "a reader panicked");
            Err(ApiError::Internal)
        })
    }
}

/// Why the map could not be brought to life.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system.
    #[error("cannot start the thread that follows the store: {0}")]
    Thread(#[from] std::io::Error),
}
