//! Which level of areas can be read at a zoom, and which level a border bounds.

use gridbeat_onemap::{
    AreaId, Layer,
    record::{Level, Side},
};

/// The level a zoom asks for, before looking at what there is.
const fn wanted(side: Side, z: u8) -> Level {
    match (side, z) {
        (Side::Grid, ..9) => Level::County,
        (Side::Grid, 9..11) => Level::Town,
        (Side::Grid, 11..13) => Level::Community,
        (Side::Grid, 13..) => Level::Grid,
        (Side::Beat, ..9) => Level::Subbureau,
        (Side::Beat, 9..12) => Level::Station,
        (Side::Beat, 12..) => Level::Beat,
    }
}

/// The levels of a layer that have ground, coarse to fine.
pub(crate) fn present(layer: &Layer) -> Vec<Level> {
    let has_ground = |level: Level| layer.areas().iter().any(|a| a.level == level && !a.bounds.is_empty());
    layer.levels().iter().copied().filter(|&l| has_ground(l)).collect()
}

/// The level shown at a zoom: the wanted one, or else the next finer one that there is, or else the
/// finest.
pub(crate) fn shown(present: &[Level], side: Side, z: u8) -> Level {
    let want = wanted(side, z);
    let finer = present.iter().find(|&&l| l >= want);
    finer.or(present.last()).copied().unwrap_or(Level::default_of(side))
}

/// Who a drawn area is shown as at a level: its ancestor of that level, or itself when it has none.
pub(crate) fn shown_as(layer: &Layer, area: AreaId, level: Level) -> AreaId {
    layer.at_level(area, level).unwrap_or(area)
}

/// The level of the border between two areas: the coarsest at which they belong to different ones. A
/// border to nobody's ground is of the coarsest level there is.
pub(crate) fn border(layer: &Layer, present: &[Level], left: Option<AreaId>, right: Option<AreaId>) -> Level {
    let fallback = Level::default_of(layer.side());
    let (Some(left), Some(right)) = (left, right) else {
        return present.first().copied().unwrap_or(fallback);
    };
    let differ = |level: &&Level| layer.at_level(left, **level) != layer.at_level(right, **level);
    present.iter().find(differ).or(present.last()).copied().unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_finer_levels_then_to_the_finest() {
        let all = [Level::City, Level::County, Level::Town, Level::Community, Level::Grid];
        let at = |present: &[Level], z| shown(present, Side::Grid, z);
        assert_eq!([0, 8, 9, 10, 11, 12, 13, 22].map(|z| at(&all, z)), {
            use Level::*;
            [County, County, Town, Town, Community, Community, Grid, Grid]
        });
        assert_eq!(at(&[Level::Grid], 3), Level::Grid);
        assert_eq!(at(&[Level::County, Level::Grid], 9), Level::Grid);
        assert_eq!(at(&[Level::County], 15), Level::County);
        assert_eq!(at(&[], 15), Level::Grid);
        let police = [Level::Bureau, Level::Subbureau, Level::Station, Level::Beat];
        assert_eq!([8, 9, 11, 12].map(|z| shown(&police, Side::Beat, z)), {
            use Level::*;
            [Subbureau, Station, Station, Beat]
        });
    }
}
