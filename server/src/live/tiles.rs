//! The tile cache: bounded in bytes, each tile made once, and never older than what touched it.
//!
//! How a stale tile is kept out. The applier first swaps the snapshot, then notes what the change
//! touched, then drops the touched tiles. A maker takes the snapshot first and looks at the notes last:
//! if something newer than its snapshot touched its tile, the drop may have come before the tile
//! entered, so the tile goes and is made again. Once it has been found untouched, the drop finds it.
//!
//! Any filter makes a key of its own, so which tiles a change has to drop is looked up by place.

use super::{
    Live, Snapshot,
    rows::Rows,
    touched::{Layers, Notes, Seen, Shows},
};
use crate::{error::ApiError, metrics::Metrics};
use axum::http::HeaderValue;
use bytes::Bytes;
use foldhash::fast::RandomState;
use gridbeat_tiles::{Keep, MatrixSet, TileId, TileLayer, TileRequest};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// How a tile's bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Encoding {
    /// The value of `Content-Encoding`.
    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }
}

/// A made tile.
pub struct Tile {
    /// Encoded bytes; `None` where nothing is.
    pub body: Option<Bytes>,
    /// Strong validator of these very bytes.
    pub etag: HeaderValue,
    /// How the bytes are packed.
    pub encoding: Encoding,
    /// The last change in the snapshot that it was made from.
    change: u64,
    /// Tells it from others made under the same key.
    serial: u64,
    /// Whether it was found, after it entered the cache, that nothing had touched it until then: from there on
    /// it goes as soon as something does.
    settled: AtomicBool,
}

/// What is asked for.
#[derive(Clone)]
pub struct Wanted {
    /// Its layers.
    pub layers: Vec<TileLayer>,
    /// The square that it is a part of.
    pub set: MatrixSet,
    /// Which part.
    pub id: TileId,
    /// Packed how.
    pub encoding: Encoding,
    /// Which rows of point layers; all when it is none.
    pub rows: Option<Arc<Rows>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    layers: Layers,
    set: MatrixSet,
    id: TileId,
    encoding: Encoding,
    /// The load before which nothing holds.
    since: u64,
    /// Readers of one scope class share tiles.
    class: u64,
    /// What chose the rows, as text.
    rows: Option<Arc<str>>,
}

impl Key {
    fn of(live: &Live, wanted: &Wanted) -> Self {
        Self {
            layers: Layers::of(&wanted.layers),
            set: wanted.set,
            id: wanted.id,
            encoding: wanted.encoding,
            since: live.now.load().since,
            class: live.scope().class(),
            rows: wanted.rows.as_ref().map(|r| Arc::clone(r.text())),
        }
    }

    fn shows(&self) -> Shows<'_> {
        Shows { layers: &self.layers, chosen: self.rows.is_some(), set: self.set, id: self.id }
    }
}

/// Bookkeeping of an entry, in bytes, roughly.
const OVERHEAD: usize = 300;

/// Keys, and the serial of the tile under each, by where they are: what a change has to drop.
type Places = HashMap<(MatrixSet, TileId), HashMap<Key, u64>>;

/// The cache.
pub struct TileCache {
    tiles: Cache<Key, Arc<Tile>, RandomState>,
    places: Arc<Mutex<Places>>,
    notes: Mutex<Notes>,
    made: AtomicU64,
    metrics: Arc<Metrics>,
}

impl TileCache {
    /// How many tiles are kept, and the bytes they take, as of the cache's last housekeeping.
    pub fn size(&self) -> (u64, u64) {
        (self.tiles.entry_count(), self.tiles.weighted_size())
    }

    pub(super) fn new(bytes: u64, metrics: Arc<Metrics>) -> Self {
        let places: Arc<Mutex<Places>> = Arc::default();
        let left = Arc::clone(&places);
        let tiles = Cache::builder()
            .max_capacity(bytes)
            .weigher(|key: &Key, tile: &Arc<Tile>| {
                let rows = key.rows.as_ref().map_or(0, |r| r.len());
                let size = tile.body.as_ref().map_or(0, Bytes::len) + rows + OVERHEAD;
                u32::try_from(size).unwrap_or(u32::MAX)
            })
            .eviction_listener(move |key: Arc<Key>, tile: Arc<Tile>, _| forget(&left, &key, tile.serial))
            .build_with_hasher(RandomState::default());
        Self { tiles, places, notes: Mutex::default(), made: AtomicU64::new(0), metrics }
    }

    /// The tile, and whether it was in the cache.
    ///
    /// # Errors
    /// [`ApiError::TooCostly`] and [`ApiError::Timeout`] when choosing its rows is; [`ApiError::Internal`] when
    /// making it panicked.
    pub async fn get(&self, live: &Arc<Live>, wanted: &Wanted) -> Result<(Arc<Tile>, bool), ApiError> {
        let mut key = Key::of(live, wanted);
        let mut hit = true;
        // Changes that keep touching one tile while it is made are rare; three tries, then as it is.
        for _ in 0..3 {
            key.since = live.now.load().since;
            let tile = match self.tiles.get(&key).await {
                Some(tile) => tile,
                None => {
                    // In a box, so that whoever finds the tile need not move what makes one about.
                    let made =
                        self.tiles.entry_by_ref(&key).or_try_insert_with(self.enter(live, wanted, &key));
                    let entry = Box::pin(made).await.map_err(|e: Arc<ApiError>| e.again())?;
                    hit &= !entry.is_fresh();
                    entry.into_value()
                }
            };
            if tile.settled.load(Ordering::Acquire) || !self.touched_since(&key, tile.change) {
                tile.settled.store(true, Ordering::Release);
                self.metrics.tile(hit);
                return Ok((tile, hit));
            }
            self.tiles.invalidate(&key).await;
        }
        self.metrics.tile(false);
        Ok((Arc::new(Box::pin(self.make(live, wanted)).await?), false))
    }

    /// The tile if it is in the cache and nothing touched it.
    pub async fn cached(&self, live: &Live, wanted: &Wanted) -> Option<Arc<Tile>> {
        let tile = self.tiles.get(&Key::of(live, wanted)).await?;
        if !tile.settled.load(Ordering::Acquire) {
            return None;
        }
        self.metrics.tile(true);
        Some(tile)
    }

    /// Makes a tile that is about to enter the cache.
    async fn enter(&self, live: &Arc<Live>, wanted: &Wanted, key: &Key) -> Result<Arc<Tile>, ApiError> {
        let tile = self.make(live, wanted).await?;
        lock(&self.places).entry((key.set, key.id)).or_default().insert(key.clone(), tile.serial);
        Ok(Arc::new(tile))
    }

    /// Whether something newer than `change` touched the tile, or may have.
    fn touched_since(&self, key: &Key, change: u64) -> bool {
        lock(&self.notes).touched_since(change, key.shows())
    }

    /// Drops exactly the tiles that a change, or a load up to it, touched. The snapshot with the change is in place
    /// already.
    pub(super) async fn touch(&self, change: u64, seen: Vec<Seen>) {
        lock(&self.notes).add(change, seen.clone());
        // Only now: a tile that enters after this look finds the note.
        for key in self.keys(&seen) {
            self.tiles.invalidate(&key).await;
        }
    }

    /// Forgets what was touched. For when the changes' numbers begin elsewhere and the snapshot in place shares no tile
    /// with those before.
    pub(super) fn forget_touches(&self) {
        *lock(&self.notes) = Notes::default();
    }

    /// The keys of tiles in which something is seen. Which tiles those are is found out without holding up who makes
    /// tiles meanwhile.
    fn keys(&self, seen: &[Seen]) -> Vec<Key> {
        let known = lock(&self.places).len();
        let few = |seen: &Seen| {
            let tiles = |set| Some((set, seen.places().tiles(set, known)?));
            MatrixSet::ALL.into_iter().map(tiles).collect::<Option<Vec<_>>>()
        };
        let few: Vec<_> = seen.iter().map(few).collect();
        let mut all: Vec<(MatrixSet, TileId)> = Vec::new();
        if few.contains(&None) {
            all.extend(lock(&self.places).keys());
        }
        let mut keys = Vec::new();
        for (seen, few) in seen.iter().zip(few) {
            let here: Vec<_> = match few {
                Some(sets) => {
                    sets.into_iter().flat_map(|(set, ids)| ids.into_iter().map(move |id| (set, id))).collect()
                }
                // There are more tiles than are kept.
                None => all.iter().copied().filter(|&(set, id)| seen.places().shows(set, id)).collect(),
            };
            let places = lock(&self.places);
            let found = here.iter().filter_map(|at| places.get(at)).flat_map(HashMap::keys);
            keys.extend(found.filter(|key| seen.is_in(&key.layers, key.rows.is_some())).cloned());
        }
        keys
    }

    /// Makes a tile from the present snapshot.
    async fn make(&self, live: &Arc<Live>, wanted: &Wanted) -> Result<Tile, ApiError> {
        let serial = self.made.fetch_add(1, Ordering::Relaxed);
        if let Some(made) = draw_quick(live, wanted, serial) {
            return made;
        }
        let wanted = wanted.clone();
        // The reader's snapshot and its maker belong together.
        live.read(move |live, _| draw(&live.now(), live, &wanted, serial)).await
    }
}

/// Makes a tile on this thread, if it is quick: handing it to another one and back would take as long.
fn draw_quick(live: &Live, wanted: &Wanted, serial: u64) -> Option<Result<Tile, ApiError>> {
    let snapshot = live.now();
    let &Wanted { ref layers, set, id, .. } = wanted;
    let asked = TileRequest { set, id, layers, keep: Keep::ALL };
    if wanted.rows.is_some() || !snapshot.maker.is_quick(&asked) {
        return None;
    }
    let made = std::panic::catch_unwind(AssertUnwindSafe(|| draw(&snapshot, live, wanted, serial)));
    Some(made.unwrap_or_else(|_| {
        tracing::error!(?id, "making a tile panicked");
        Err(ApiError::Internal)
    }))
}

fn draw(snapshot: &Snapshot, live: &Live, wanted: &Wanted, serial: u64) -> Result<Tile, ApiError> {
    let map = snapshot.map.read(live.scope());
    let &Wanted { ref layers, set, id, encoding, ref rows } = wanted;
    let make = |keep: Keep<'_>| snapshot.maker.make(&map, &TileRequest { set, id, layers, keep });
    let raw = match rows {
        None => make(Keep::ALL),
        Some(rows) => rows.choose(&map, make)?,
    };
    let body = raw.map(|raw| match encoding {
        Encoding::Identity => raw,
        Encoding::Gzip => gridbeat_tiles::gzip(&raw),
        Encoding::Zstd => gridbeat_tiles::zstd(&raw),
    });
    let etag = etag(body.as_deref().unwrap_or_default());
    let (body, change) = (body.map(Bytes::from), snapshot.map.change());
    Ok(Tile { body, etag, encoding, change, serial, settled: AtomicBool::new(false) })
}

/// A tile left the cache; one that came after it under the same key stays known.
fn forget(places: &Mutex<Places>, key: &Key, serial: u64) {
    let mut places = lock(places);
    let Some(keys) = places.get_mut(&(key.set, key.id)) else { return };
    if keys.get(key) == Some(&serial) {
        keys.remove(key);
    }
    if keys.is_empty() {
        places.remove(&(key.set, key.id));
    }
}

/// A strong validator: the first half of the SHA-256 of the bytes.
pub fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let half = digest.first_chunk::<16>().map_or(0, |half| u128::from_be_bytes(*half));
    // Quotes and hexadecimal digits are always a header value.
    HeaderValue::from_str(&format!("\"{half:032x}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// What these locks guard is whole after every step, so a panic elsewhere leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
