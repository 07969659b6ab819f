//! The tile cache: bounded in bytes, each tile made once, and never older than what touched it.
//!
//! How a stale tile is kept out. The applier first swaps the snapshot, then notes what the change
//! touched, then drops the touched tiles. A maker takes the snapshot first and looks at the notes last:
//! if something newer than its snapshot touched its tile, the drop may have come before the tile
//! entered, so the tile goes and is made again.

use super::{Live, event::Event};
use crate::{error::ApiError, metrics::Metrics};
use axum::http::HeaderValue;
use bytes::Bytes;
use gridbeat_onemap::Bounds;
use gridbeat_tiles::{MAX_ZOOM, TileId, TileLayer, TileRange};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
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
    const ALL: [Self; 3] = [Self::Identity, Self::Gzip, Self::Zstd];

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
}

/// Built-in layers as bits, in the order of [`TileLayer::ALL`]; the order in a request makes no difference.
type Mask = u32;

/// Names of layers of departments, each once, in order; `None` where there is none, as nearly always.
type Names = Option<Arc<[&'static str]>>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    layers: Mask,
    /// Layers of departments besides. They only change with imports, which void every tile.
    departments: Names,
    id: TileId,
    encoding: Encoding,
    /// Of the snapshot: everything loaded anew voids every tile.
    epoch: u64,
    /// Readers of one scope class share tiles.
    class: u64,
}

/// What a change touched.
struct Touch {
    change: u64,
    layers: Mask,
    places: Vec<Bounds>,
}

/// How many touches are remembered: more than can happen while one tile is made.
const TOUCHES: usize = 1024;
/// Bookkeeping of an entry, in bytes, roughly.
const OVERHEAD: usize = 200;

/// The cache.
pub struct TileCache {
    tiles: Cache<Key, Arc<Tile>>,
    /// Combinations of layers asked for that hold a live layer: what a change has to drop.
    combinations: Mutex<HashSet<(Mask, Names, u64)>>,
    touches: Mutex<VecDeque<Touch>>,
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
        let tiles = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &Key, tile: &Arc<Tile>| {
                let size = tile.body.as_ref().map_or(0, Bytes::len) + OVERHEAD;
                u32::try_from(size).unwrap_or(u32::MAX)
            })
            .build();
        Self { tiles, combinations: Mutex::default(), touches: Mutex::default(), metrics }
    }

    /// The tile, and whether it was in the cache.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when making it panicked.
    pub async fn get(
        &self,
        live: &Arc<Live>,
        layers: &[TileLayer],
        id: TileId,
        encoding: Encoding,
    ) -> Result<(Arc<Tile>, bool), ApiError> {
        let class = live.scope().class();
        let layers_mask = mask(layers);
        let departments = departments(layers);
        if layers.iter().any(|l| l.is_live()) {
            lock(&self.combinations).insert((layers_mask, departments.clone(), class));
        }
        let mut hit = true;
        // Changes that keep touching one tile while it is made are rare; three tries, then as it is.
        for _ in 0..3 {
            let epoch = live.now().epoch;
            let key =
                Key { layers: layers_mask, departments: departments.clone(), id, encoding, epoch, class };
            let entry =
                self.tiles.entry(key.clone()).or_try_insert_with(make(live, layers, id, encoding)).await;
            let entry = entry.map_err(|_| ApiError::Internal)?;
            hit &= !entry.is_fresh();
            if !self.touched_since(layers_mask, id, entry.value().change) {
                self.metrics.tile(hit);
                return Ok((entry.into_value(), hit));
            }
            self.tiles.invalidate(&key).await;
        }
        self.metrics.tile(false);
        Ok((make(live, layers, id, encoding).await?, false))
    }

    fn touched_since(&self, layers: Mask, id: TileId, change: u64) -> bool {
        lock(&self.touches).iter().rev().take_while(|t| t.change > change).any(|t| {
            t.layers & layers != 0
                && t.places.iter().any(|p| TileRange::covering(p, id.z).is_some_and(|r| r.contains(id)))
        })
    }

    /// Drops exactly the tiles that a change touched. The snapshot with the change is in place already.
    pub(super) async fn touch(&self, event: &Event, epoch: u64) {
        let touched = mask(&event.layers);
        {
            let mut touches = lock(&self.touches);
            if touches.len() == TOUCHES {
                touches.pop_front();
            }
            touches.push_back(Touch {
                change: event.change.n,
                layers: touched,
                places: event.places.clone(),
            });
        }
        let combinations: Vec<_> =
            lock(&self.combinations).iter().filter(|(layers, ..)| layers & touched != 0).cloned().collect();
        for (layers, departments, class) in combinations {
            for z in 0..=MAX_ZOOM {
                for range in event.places.iter().filter_map(|p| TileRange::covering(p, z)) {
                    for id in range.iter() {
                        for encoding in Encoding::ALL {
                            let departments = departments.clone();
                            self.tiles
                                .invalidate(&Key { layers, departments, id, encoding, epoch, class })
                                .await;
                        }
                    }
                }
            }
        }
    }
}

/// Makes a tile from the present snapshot.
async fn make(
    live: &Arc<Live>,
    layers: &[TileLayer],
    id: TileId,
    encoding: Encoding,
) -> Result<Arc<Tile>, ApiError> {
    let layers = layers.to_vec();
    live.read(move |live, _| {
        // The reader's snapshot and its maker belong together.
        let snapshot = live.now();
        let raw = snapshot.maker.tile(&snapshot.map.read(live.scope()), &layers, id);
        let body = raw.map(|raw| match encoding {
            Encoding::Identity => raw,
            Encoding::Gzip => gridbeat_tiles::gzip(&raw),
            Encoding::Zstd => gridbeat_tiles::zstd(&raw),
        });
        let etag = etag(body.as_deref().unwrap_or_default());
        Ok(Arc::new(Tile { body: body.map(Bytes::from), etag, encoding, change: snapshot.map.change() }))
    })
    .await
}

/// A strong validator: the first half of the SHA-256 of the bytes.
pub fn etag(bytes: &[u8]) -> HeaderValue {
    let hex: String = Sha256::digest(bytes).iter().take(16).map(|b| format!("{b:02x}")).collect();
    // Quotes and hexadecimal digits are always a header value.
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// What these locks guard is whole after every step, so a panic elsewhere leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
