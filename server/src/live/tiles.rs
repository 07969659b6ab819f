//! The tile cache: bounded in bytes, each tile made once, and never older than what touched it.
//!
//! How a stale tile is kept out. The applier first swaps the snapshot, then notes what the change
//! touched, then drops the touched tiles. A maker takes the snapshot first and looks at the notes last:
//! if something newer than its snapshot touched its tile, the drop may have come before the tile
//! entered, so the tile goes and is made again. Once it has been found untouched, the drop finds it.
//!
//! Any filter makes a key of its own, so which tiles a change has to drop is looked up by place. What only a load of the
//! whole map changes is in the key instead: the last load that changed any of it.

use super::{Live, Snapshot, rows::Rows};
use crate::{error::ApiError, metrics::Metrics};
use axum::http::HeaderValue;
use bytes::Bytes;
use foldhash::fast::RandomState;
use gridbeat_onemap::Bounds;
use gridbeat_tiles::{Keep, MAX_ZOOM, MatrixSet, TileId, TileLayer, TileRange, TileRequest};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
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

impl Wanted {
    /// The last load that changed what it shows, for all that is not looked up by place.
    fn load(&self, live: &Live) -> u64 {
        live.now.load().loads.of(&self.layers, self.rows.is_some())
    }
}

/// Built-in layers as bits, in the order of [`TileLayer::ALL`]; the order in a request makes no difference.
type Mask = u32;

/// Names of layers of departments, each once, in order; `None` where there is none, as nearly always.
type Names = Option<Arc<[&'static str]>>;

/// Some layers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Layers {
    built_in: Mask,
    departments: Names,
}

impl Layers {
    fn of(layers: &[TileLayer]) -> Self {
        Self { built_in: mask(layers), departments: departments(layers) }
    }

    /// Whether some are among the others.
    fn meet(&self, others: &Self) -> bool {
        self.built_in & others.built_in != 0
            || self.departments.iter().flat_map(|d| d.iter()).any(|name| {
                others.departments.as_ref().is_some_and(|others| others.binary_search(name).is_ok())
            })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    layers: Layers,
    set: MatrixSet,
    id: TileId,
    encoding: Encoding,
    /// The last load that changed boundaries or addresses which the tile shows: tiles of what was before are void.
    load: u64,
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
            load: wanted.load(live),
            class: live.scope().class(),
            rows: wanted.rows.as_ref().map(|r| Arc::clone(r.text())),
        }
    }
}

/// What a change, or a load, touched.
struct Touch {
    change: u64,
    seen: Vec<Seen>,
}

/// Where something is seen, and in which layers.
#[derive(Clone)]
pub(super) struct Seen {
    layers: Layers,
    places: Vec<Bounds>,
}

impl Seen {
    pub(super) fn new(layers: &[TileLayer], places: Vec<Bounds>) -> Self {
        Self { layers: Layers::of(layers), places }
    }

    fn is_in(&self, key: &Key) -> bool {
        self.layers.meet(&key.layers)
            && self.places.iter().any(|p| {
                TileRange::showing_in(key.set, p, key.id.z).is_some_and(|range| range.contains(key.id))
            })
    }
}

/// How many touches are remembered: more than can happen while one tile is made.
const TOUCHES: usize = 1024;
/// Bookkeeping of an entry, in bytes, roughly.
const OVERHEAD: usize = 300;

/// Keys with a live layer, and the serial of the tile under each, by where they are: what a change has to drop.
type Places = HashMap<(MatrixSet, TileId), HashMap<Key, u64>>;

/// The cache.
pub struct TileCache {
    tiles: Cache<Key, Arc<Tile>, RandomState>,
    places: Arc<Mutex<Places>>,
    touches: Mutex<VecDeque<Touch>>,
    made: AtomicU64,
    metrics: Arc<Metrics>,
}

fn mask(layers: &[TileLayer]) -> Mask {
    TileLayer::ALL.iter().enumerate().filter(|(_, l)| layers.contains(l)).fold(0, |m, (i, _)| m | 1 << i)
}

fn departments(layers: &[TileLayer]) -> Names {
    let names = layers.iter().filter_map(|l| match l {
        TileLayer::Department(name) => Some(*name),
        _ => None,
    });
    let names: BTreeSet<&'static str> = names.collect();
    (!names.is_empty()).then(|| names.into_iter().collect())
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
        Self { tiles, places, touches: Mutex::default(), made: AtomicU64::new(0), metrics }
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
            key.load = wanted.load(live);
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
        if wanted.layers.iter().any(|l| l.is_live()) {
            lock(&self.places).entry((key.set, key.id)).or_default().insert(key.clone(), tile.serial);
        }
        Ok(Arc::new(tile))
    }

    /// Whether something newer than `change` touched the tile, or may have: what happened too long ago is not
    /// remembered.
    fn touched_since(&self, key: &Key, change: u64) -> bool {
        let touches = lock(&self.touches);
        let forgotten =
            touches.len() == TOUCHES && touches.front().is_some_and(|oldest| oldest.change > change + 1);
        forgotten
            || touches
                .iter()
                .rev()
                .take_while(|t| t.change > change)
                .any(|t| t.seen.iter().any(|s| s.is_in(key)))
    }

    /// Drops exactly the tiles that a change, or a load up to it, touched. The snapshot with the change is in place
    /// already.
    pub(super) async fn touch(&self, change: u64, seen: Vec<Seen>) {
        {
            let mut touches = lock(&self.touches);
            if touches.len() == TOUCHES {
                touches.pop_front();
            }
            touches.push_back(Touch { change, seen: seen.clone() });
        }
        // Only now: a tile that enters after this look finds the note.
        for seen in &seen {
            for key in self.keys(&seen.layers, &seen.places) {
                self.tiles.invalidate(&key).await;
            }
        }
    }

    /// Forgets what was touched. For when the changes' numbers begin elsewhere and the snapshot in place shares no tile
    /// with those before.
    pub(super) fn forget_touches(&self) {
        lock(&self.touches).clear();
    }

    /// The keys of tiles in which a change is seen.
    fn keys(&self, touched: &Layers, changed: &[Bounds]) -> Vec<Key> {
        let places = lock(&self.places);
        let mut seen = Vec::new();
        for set in MatrixSet::ALL {
            for z in 0..=MAX_ZOOM {
                for range in changed.iter().filter_map(|p| TileRange::showing_in(set, p, z)) {
                    if range.count() > places.len() as u64 {
                        // More tiles than there are.
                        let here = places.iter().filter(|((s, id), _)| *s == set && range.contains(*id));
                        seen.extend(here.flat_map(|(_, keys)| keys.keys().cloned()));
                    } else {
                        let here = range.iter().filter_map(|id| places.get(&(set, id)));
                        seen.extend(here.flat_map(|keys| keys.keys().cloned()));
                    }
                }
            }
        }
        seen.retain(|key| touched.meet(&key.layers));
        seen
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
