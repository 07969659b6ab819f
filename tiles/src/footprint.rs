//! Which tiles show something of many places, such as those where two maps differ.
//!
//! A tile shows a box that it touches, or that reaches into its buffer: a question to a tree of the boxes, asked from
//! the tile. All tiles of all zooms are too many to list, so [`Footprint::ranges`] says them as rectangles.

mod ranges;

use crate::{
    matrix_set::MatrixSet,
    packed_tree::{PackedTree, Rect},
    project::WORLD_SIDE,
    redrawn::Anew,
    tile_id::{MAX_ZOOM, TileId, TileRange, margin},
};
use gridbeat_onemap::Bounds;
use std::sync::OnceLock;

/// Some places, and which tiles show them.
#[derive(Default)]
pub struct Footprint {
    /// Of all zooms that have none of their own.
    fine: Spread,
    /// Of the first zooms, which show less.
    coarse: Vec<Spread>,
}

/// What tiles of one zoom, or of many, show.
#[derive(Default)]
struct Spread {
    /// None is empty.
    places: Vec<Bounds>,
    /// Of which matrix sets every tile shows some.
    whole: [bool; MatrixSet::ALL.len()],
    /// For each matrix set; made when it is first asked about.
    trees: [OnceLock<Trees>; MatrixSet::ALL.len()],
}

/// The places in one square. A point is shown by the tile that it belongs to, all else in buffers too.
struct Trees {
    points: PackedTree<()>,
    boxes: PackedTree<()>,
}

impl Footprint {
    /// Of some places; those that are empty are nowhere.
    pub fn new(places: Vec<Bounds>) -> Self {
        Self { fine: Spread::new(places, Default::default()), coarse: Vec::new() }
    }

    /// Of where areas or pieces are drawn otherwise.
    pub fn redrawn(anew: Anew) -> Self {
        let coarse = anew.coarse.into_iter().map(|c| Spread::new(c.places, c.whole)).collect();
        Self { coarse, ..Self::new(anew.places) }
    }

    /// Whether no tile shows any.
    pub fn is_empty(&self) -> bool {
        self.spreads().all(Spread::is_empty)
    }

    /// How many places there are; those that are shown at several of the first zooms count for each.
    pub fn count(&self) -> usize {
        self.spreads().map(|spread| spread.places.len()).sum()
    }

    fn spreads(&self) -> impl Iterator<Item = &Spread> {
        self.coarse.iter().chain([&self.fine])
    }

    fn at(&self, z: u8) -> &Spread {
        self.coarse.get(usize::from(z)).unwrap_or(&self.fine)
    }

    /// Whether a tile shows any of the places: whether [`TileRange::showing_in`] of one of them holds it.
    pub fn shows(&self, set: MatrixSet, id: TileId) -> bool {
        self.at(id.z).shows(set, id)
    }

    /// The tiles of all zooms that show any of the places, some perhaps more than once; `None` if they are more than
    /// `most`.
    pub fn tiles(&self, set: MatrixSet, most: usize) -> Option<Vec<TileId>> {
        let mut tiles = Vec::new();
        for range in (0..=MAX_ZOOM).flat_map(|z| self.at(z).near(set, z)) {
            if range.count() > (most - tiles.len()) as u64 {
                return None;
            }
            tiles.extend(range.iter());
        }
        Some(tiles)
    }
}

impl Spread {
    fn new(mut places: Vec<Bounds>, whole: [bool; MatrixSet::ALL.len()]) -> Self {
        places.retain(|place| !place.is_empty());
        Self { places, whole, trees: Default::default() }
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty() && !self.whole.contains(&true)
    }

    /// The tiles of a zoom that show each place.
    fn near(&self, set: MatrixSet, z: u8) -> impl Iterator<Item = TileRange> {
        let is_whole = self.whole[set as usize];
        let each = self.places.iter().filter(move |_| !is_whole);
        is_whole
            .then(|| TileRange::whole(z))
            .into_iter()
            .chain(each.filter_map(move |place| TileRange::showing_in(set, place, z)))
    }

    fn shows(&self, set: MatrixSet, id: TileId) -> bool {
        if self.whole[set as usize] {
            return true;
        }
        let trees = self.trees[set as usize].get_or_init(|| Trees::new(set, &self.places));
        let (x, y) = id.origin();
        let last = (WORLD_SIDE >> id.z) - 1;
        let holds = |tree: &PackedTree<()>, margin: i64| {
            let grown = Rect::within_world([x - margin, y - margin], [x + last + margin, y + last + margin]);
            let mut found = false;
            if let Some(grown) = grown {
                tree.each_in(grown, |()| {
                    found = true;
                    false
                });
            }
            found
        };
        holds(&trees.points, 0) || holds(&trees.boxes, i64::from(margin(id.z)))
    }
}

impl Trees {
    fn new(set: MatrixSet, places: &[Bounds]) -> Self {
        let packed = |points: bool| {
            let some = places.iter().filter(|place| (place.min == place.max) == points);
            PackedTree::new(some.map(|place| (projected(set, place), ())).collect())
        };
        Self { points: packed(true), boxes: packed(false) }
    }
}

/// The box in world units: rows go southwards.
fn projected(set: MatrixSet, place: &Bounds) -> Rect {
    let (south_west, north_east) = (set.project(place.min), set.project(place.max));
    Rect { min: [south_west.x, north_east.y], max: [north_east.x, south_west.y] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::E7;
    use proptest::prelude::*;

    fn place() -> impl Strategy<Value = Bounds> {
        let side = || prop_oneof![Just(0), 0..400_000_i32];
        let point = (1_203_000_000..1_204_000_000_i32, 315_000_000..316_000_000_i32);
        (point, side(), side())
            .prop_map(|((lon, lat), w, h)| Bounds { min: E7::new(lon, lat), max: E7::new(lon + w, lat + h) })
    }

    proptest! {
        #[test]
        fn a_tile_shows_what_its_range_says(places in prop::collection::vec(place(), 0..20), z in 0..=16_u8) {
            let footprint = Footprint::new(places.clone());
            for set in MatrixSet::ALL {
                let ranges: Vec<_> =
                    places.iter().filter_map(|p| TileRange::showing_in(set, p, z)).collect();
                // All tiles around the places, those beside them included.
                let Some(all) = ranges.iter().copied().reduce(|a, b| TileRange {
                    z,
                    x0: a.x0.min(b.x0),
                    y0: a.y0.min(b.y0),
                    x1: a.x1.max(b.x1),
                    y1: a.y1.max(b.y1),
                }) else { continue };
                let last = (1_u32 << z) - 1;
                let grown = TileRange {
                    z,
                    x0: all.x0.saturating_sub(1),
                    y0: all.y0.saturating_sub(1),
                    x1: (all.x1 + 1).min(last),
                    y1: (all.y1 + 1).min(last),
                };
                for id in grown.iter() {
                    prop_assert_eq!(footprint.shows(set, id), ranges.iter().any(|r| r.contains(id)), "{}", id);
                }
            }
        }
    }

    #[test]
    fn few_tiles_are_listed_and_many_are_not() {
        let point =
            Bounds { min: E7::new(1_203_000_000, 315_000_000), max: E7::new(1_203_000_000, 315_000_000) };
        let footprint = Footprint::new(vec![point, Bounds::EMPTY]);
        let zooms = usize::from(MAX_ZOOM) + 1;
        for set in MatrixSet::ALL {
            let tiles = footprint.tiles(set, zooms).unwrap();
            assert_eq!(tiles.len(), zooms);
            assert!(tiles.iter().all(|&id| footprint.shows(set, id)));
            assert_eq!(footprint.tiles(set, zooms - 1), None);
        }
        assert_eq!(Footprint::new(vec![Bounds::WORLD]).tiles(MatrixSet::WebMercatorQuad, 1 << 20), None);
    }
}
