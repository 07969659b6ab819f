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
}

impl Found {
    /// Takes down what a load up to a change found.
    pub fn add(&mut self, until: u64, seen: Vec<Seen>) {
        self.0.extend(seen.into_iter().map(|seen| Finding { seen, until }));
    }

    /// What change `n`, of something that these layers show, is to tell: of the load that was made for it (if it was)
    /// all; of others what is seen in its layers, unless a change of such layers told it already.
    pub fn tell(&mut self, n: u64, layers: &[TileLayer], loaded: bool) -> Vec<Seen> {
        let own = Layers::of(layers);
        let mut told = Vec::new();
        self.0.retain(|finding| {
            let of_it = finding.seen.meets(&own);
            if of_it || loaded && finding.until >= n {
                told.push(finding.seen.clone());
            }
            !of_it
        });
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
        // Once is enough, however many changes were loaded together.
        assert_eq!(names(&found.tell(7, &[Incident], false)), []);
        assert_eq!(names(&found.tell(9, &[Staff], true)), [Staff]);
        assert_eq!(names(&found.tell(10, &[Staff], false)), []);
    }
}
