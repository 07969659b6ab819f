//! What changes touched: which layers, at which places; and the notes of it, by which a tile that was in the making
//! meanwhile is found to be out of date.

use gridbeat_onemap::{Bounds, MOST_PLACES};
use gridbeat_tiles::{Anew, Footprint, MatrixSet, TileId, TileLayer};
use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

/// How many touches are remembered: more than can happen while one tile is made.
const TOUCHES: usize = 1024;
/// How many places they may have together.
const PLACES: usize = 4 * MOST_PLACES;

/// Built-in layers as bits, in the order of [`TileLayer::ALL`]; the order in a request makes no difference.
type Mask = u32;

/// Names of layers of departments, each once, in order; `None` where there is none, as nearly always.
type Names = Option<Arc<[&'static str]>>;

/// Some layers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Layers {
    built_in: Mask,
    departments: Names,
}

impl Layers {
    pub fn of(layers: &[TileLayer]) -> Self {
        Self { built_in: mask(layers), departments: departments(layers) }
    }

    /// Whether some are among the others.
    pub fn meet(&self, others: &Self) -> bool {
        self.built_in & others.built_in != 0
            || self.departments.iter().flat_map(|d| d.iter()).any(|name| {
                others.departments.as_ref().is_some_and(|others| others.binary_search(name).is_ok())
            })
    }
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

/// Where something is seen, and in which layers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Seen {
    names: Arc<[TileLayer]>,
    layers: Layers,
    /// Whether only a filter can tell it.
    chosen: bool,
    places: Arc<Footprint>,
}

impl Seen {
    pub fn new(layers: &[TileLayer], places: Vec<Bounds>) -> Self {
        Self::within(layers, Footprint::new(places))
    }

    /// Where areas or pieces are drawn otherwise.
    pub fn redrawn(layers: &[TileLayer], anew: Anew) -> Self {
        Self::within(layers, Footprint::redrawn(anew))
    }

    /// Only where a filter chooses rows.
    pub fn of_chosen(layers: &[TileLayer], places: Vec<Bounds>) -> Self {
        Self { chosen: true, ..Self::new(layers, places) }
    }

    fn within(layers: &[TileLayer], places: Footprint) -> Self {
        Self { names: layers.into(), layers: Layers::of(layers), chosen: false, places: Arc::new(places) }
    }

    /// The layers by name.
    pub fn names(&self) -> &[TileLayer] {
        &self.names
    }

    /// The places.
    pub fn places(&self) -> &Footprint {
        &self.places
    }

    /// Whether it is seen in some of these layers.
    pub fn meets(&self, layers: &Layers) -> bool {
        self.layers.meet(layers)
    }

    /// Whether it is seen in tiles of what these layers show of all rows, or of those that a filter chooses.
    pub fn is_in(&self, layers: &Layers, chosen: bool) -> bool {
        self.meets(layers) && (chosen || !self.chosen)
    }
}

/// What a tile shows.
#[derive(Clone, Copy)]
pub(super) struct Shows<'a> {
    pub layers: &'a Layers,
    /// Whether a filter chose its rows.
    pub chosen: bool,
    pub set: MatrixSet,
    pub id: TileId,
}

/// The last touches.
#[derive(Default)]
pub(super) struct Notes {
    /// Each with the change up to which it goes, in order of these.
    touches: VecDeque<(u64, Vec<Seen>)>,
    /// How many places they have.
    places: usize,
    /// The last change that a forgotten one went up to.
    forgotten: u64,
}

impl Notes {
    /// Notes what a change, or a load up to it, touched.
    pub fn add(&mut self, change: u64, seen: Vec<Seen>) {
        self.places += count(&seen);
        self.touches.push_back((change, seen));
        while self.touches.len() > TOUCHES || self.touches.len() > 1 && self.places > PLACES {
            let Some((change, seen)) = self.touches.pop_front() else { break };
            self.places -= count(&seen);
            self.forgotten = change;
        }
    }

    /// Whether something newer than `change` touched a tile, or may have: what happened too long ago is not remembered.
    pub fn touched_since(&self, change: u64, tile: Shows<'_>) -> bool {
        let Shows { layers, chosen, set, id } = tile;
        let newer = self.touches.iter().rev().take_while(|(n, _)| *n > change);
        self.forgotten > change
            || newer.flat_map(|(_, seen)| seen).any(|s| s.is_in(layers, chosen) && s.places.shows(set, id))
    }
}

fn count(seen: &[Seen]) -> usize {
    seen.iter().map(|s| s.places.count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::E7;

    const WEB: MatrixSet = MatrixSet::WebMercatorQuad;

    fn point(lon: i32) -> Bounds {
        Bounds { min: E7::new(lon, 0), max: E7::new(lon, 0) }
    }

    fn touched(notes: &Notes, change: u64, layer: TileLayer, lon: i32) -> bool {
        let id = TileId::of(E7::new(lon, 0), 16);
        let layers = Layers::of(&[layer]);
        notes.touched_since(change, Shows { layers: &layers, chosen: false, set: WEB, id })
    }

    #[test]
    fn what_was_touched_is_noted_by_change_layer_and_place() {
        let mut notes = Notes::default();
        notes.add(4, vec![Seen::new(&[TileLayer::Incident], vec![point(0), point(1_000_000)])]);
        notes.add(7, vec![Seen::new(&[TileLayer::Staff], vec![point(0)])]);
        assert!(touched(&notes, 3, TileLayer::Incident, 1_000_000));
        assert!(!touched(&notes, 4, TileLayer::Incident, 1_000_000));
        assert!(!touched(&notes, 3, TileLayer::Incident, 2_000_000));
        assert!(!touched(&notes, 3, TileLayer::Staff, 1_000_000));
        assert!(touched(&notes, 6, TileLayer::Staff, 0));
    }

    #[test]
    fn what_is_forgotten_may_have_touched_anything() {
        let mut notes = Notes::default();
        for change in 1..=TOUCHES as u64 + 5 {
            notes.add(change, vec![Seen::new(&[TileLayer::Incident], vec![point(0)])]);
        }
        assert!(touched(&notes, 4, TileLayer::Staff, 0));
        assert!(!touched(&notes, 5, TileLayer::Staff, 0));
        // Long lists are forgotten sooner, but never the last.
        for change in 2001..2004 {
            let places = (0..PLACES as i32 - 1).map(point).collect();
            notes.add(change, vec![Seen::new(&[TileLayer::Incident], places)]);
        }
        assert!(touched(&notes, 2001, TileLayer::Staff, 0));
        assert!(!touched(&notes, 2002, TileLayer::Staff, 0));
    }
}
