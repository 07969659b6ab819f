//! What loads found to differ, until it has been told.
//!
//! A load brings everything that is in the store, so perhaps more than the change for which it was made: changes that
//! come after that in the log, and rows of which the log does not yet know. Who reads the stream must hear of each place
//! with some change, and who reads changes of one collection only, with one of that collection.

use super::touched::{Layers, Seen};
use gridbeat_tiles::TileLayer;

/// Findings that are still to be told.
#[derive(Default)]
pub(super) struct Found(Vec<Finding>);

struct Finding {
    seen: Seen,
    /// The last change that is in the load.
    until: u64,
    /// Whether a change of such layers told it.
    told: bool,
}

impl Found {
    /// Takes down what a load up to a change found.
    pub fn add(&mut self, until: u64, seen: Vec<Seen>) {
        self.0.extend(seen.into_iter().map(|seen| Finding { seen, until, told: false }));
    }

    /// What change `n`, of something that these layers show, is to tell: of the load that was made for it (if it was)
    /// all; of that load, when it is among those that came with it, what is seen in its layers; and so of earlier ones
    /// of which no change told that.
    pub fn tell(&mut self, n: u64, layers: &[TileLayer], loaded: bool) -> Vec<Seen> {
        let own = Layers::of(layers);
        let mut told = Vec::new();
        for finding in &mut self.0 {
            let of_it = finding.seen.meets(&own);
            finding.told |= of_it;
            if of_it || loaded && finding.until >= n {
                told.push(finding.seen.clone());
            }
        }
        self.0.retain(|finding| !finding.told || finding.until > n);
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::Bounds;

    fn names(told: &[Seen]) -> Vec<TileLayer> {
        told.iter().flat_map(|seen| seen.names().iter().copied()).collect()
    }

    #[test]
    fn each_finding_is_told_with_a_change_of_its_own() {
        use TileLayer::{Incident, Staff};
        let seen = |layer| Seen::new(&[layer], vec![Bounds::WORLD]);
        let mut found = Found::default();
        // Change 5 had the map loaded up to 7; the log will know of staff only with 9.
        found.add(7, vec![seen(Incident), seen(Staff)]);
        assert_eq!(names(&found.tell(5, &[Incident], true)), [Incident, Staff]);
        assert_eq!(names(&found.tell(6, &[TileLayer::Address], false)), []);
        assert_eq!(names(&found.tell(7, &[Incident], false)), [Incident]);
        assert_eq!(names(&found.tell(8, &[Incident], false)), []);
        assert_eq!(names(&found.tell(9, &[Staff], true)), [Staff]);
        assert_eq!(names(&found.tell(10, &[Staff], false)), []);
    }
}
