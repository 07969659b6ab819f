//! The regions that a node serves, and holds in memory; the others it only passes over.

use gridbeat_onemap::record::{AreaRow, Change, Fid, Region};

/// Some regions, or all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions(Vec<Region>);

impl Regions {
    /// These; none means all.
    pub fn new(mut regions: Vec<Region>) -> Self {
        regions.sort_unstable();
        regions.dedup();
        Self(regions)
    }

    /// Whether these are all there are.
    pub fn are_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a region is among them.
    pub fn hold(&self, region: Region) -> bool {
        self.are_all() || self.0.binary_search(&region).is_ok()
    }

    /// Whether a row is of one of them.
    pub fn hold_row(&self, fid: Fid) -> bool {
        self.hold(fid.region())
    }

    /// Whether an area is kept: those that are not drawn are parents, who may be of a wider region (the
    /// province of a city) and take no room.
    pub fn hold_area(&self, row: &AreaRow) -> bool {
        row.geometry.is_none() || self.hold(row.region)
    }

    /// Whether a change may touch what is kept; an import of several regions says none.
    pub fn concern(&self, change: &Change) -> bool {
        match change.fid {
            Some(fid) => self.hold_row(fid),
            None => change.region.0 == 0 || self.hold(change.region),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_means_all() {
        let all = Regions::default();
        let some = Regions::new(vec![Region(3206), Region(3202), Region(3202)]);
        for (region, held) in [(3202, true), (3206, true), (3203, false), (0, false)] {
            assert!(all.hold(Region(region)));
            assert_eq!(some.hold_row(Fid::new(Region(region), 1)), held, "{region}");
        }
        let parent = AreaRow { region: Region(3200), ..AreaRow::default() };
        assert!(some.hold_area(&parent));
    }
}
