//! A layer with fewer vertices, as a coverage: every area is still there, and neighbours share every
//! edge.

use super::{AreaId, BoundaryArc, Layer, outlines};
use crate::{
    E7, MultiPolygon,
    generalise::{Chain, generalise, join},
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// A layer's borders, thinned once for all areas and levels; see [`Layer::generalised`].
#[derive(Debug)]
pub struct Generalised<'a> {
    layer: &'a Layer,
    chains: Vec<Chain<E7, Option<AreaId>>>,
    /// Chains that bound each drawn area.
    chains_of: Vec<Vec<u32>>,
}

/// Metres in a unit of latitude (WGS 84, mean of the meridian).
const METRES_PER_UNIT: f64 = 0.011_119;

impl Layer {
    /// The layer without the vertices that do not show at a scale: those whose triangle with their
    /// neighbours is smaller than half a square of `tolerance_m` metres' side (see
    /// [`generalise`](fn@generalise)). Junctions stay, and so does every area, a hole and an island too,
    /// however small. 0 (or anything that is not positive) keeps every vertex.
    pub fn generalised(&self, tolerance_m: f64) -> Generalised<'_> {
        let chains = self
            .arcs()
            .map(|arc| Chain { points: arc.points.to_vec(), left: arc.left, right: arc.right })
            .collect();
        // A unit of longitude is shorter by the cosine of the latitude; areas shrink by as much.
        let shrink = self.bounds().center().lat_degrees().to_radians().cos().max(1e-3);
        let tolerance = tolerance_m / METRES_PER_UNIT / shrink.sqrt();
        // A cast saturates: not a number and negatives are 0.
        let chains = generalise(join(chains), tolerance.round() as u32);
        let mut chains_of = vec![Vec::new(); self.areas().len()];
        for (i, chain) in chains.iter().enumerate() {
            for id in [chain.left, chain.right].into_iter().flatten() {
                chains_of[id.0 as usize].push(i as u32);
            }
        }
        Generalised { layer: self, chains, chains_of }
    }
}

impl Generalised<'_> {
    /// Every border once.
    pub fn arcs(&self) -> impl Iterator<Item = BoundaryArc<'_>> {
        self.chains.iter().map(|c| BoundaryArc { points: &c.points, left: c.left, right: c.right })
    }

    /// The ground of an area; of a parent, the union of its children's.
    pub fn outline(&self, id: AreaId) -> MultiPolygon {
        let inside: BTreeSet<AreaId> = self.layer.drawn_below(id).iter().copied().collect();
        let chains: BTreeSet<u32> =
            inside.iter().flat_map(|d| &self.chains_of[d.0 as usize]).copied().collect();
        let group = |area: Option<AreaId>| area.filter(|a| inside.contains(a)).map(|_| ());
        let borders = chains.iter().map(|&c| {
            let chain = &self.chains[c as usize];
            (Cow::Borrowed(&chain.points[..]), group(chain.left), group(chain.right))
        });
        outlines(borders).remove(&()).unwrap_or_default()
    }

    /// The ground of every drawn area, in one pass.
    pub fn outlines(&self) -> BTreeMap<AreaId, MultiPolygon> {
        outlines(self.chains.iter().map(|c| (Cow::Borrowed(&c.points[..]), c.left, c.right)))
    }
}
