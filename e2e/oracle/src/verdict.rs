//! The questions, and what is made of the answers.

use crate::{Ground, process::ask};
use gridbeat_onemap::MultiPolygon;
use serde::Deserialize;

/// What GEOS says of some areas.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Verdict {
    /// `coverage_is_valid`: no two areas overlap, and where they meet they have the same vertices.
    pub coverage: bool,
    /// GEOS said so only when holes that touch their exterior were led through it as one ring: its validator
    /// takes such a hole for an overlap where a third area shares the vertex (`e2e/oracle/pinched.py`).
    pub touching: bool,
    /// Areas that are no valid OGC geometry.
    pub invalid: usize,
    /// Rings that run against RFC 7946: exteriors clockwise, holes counter-clockwise.
    pub against_rfc7946: usize,
    /// Sum of all areas, in square units of the coordinates sent.
    pub sum: f64,
    /// Area of their union; what they claim twice counts once.
    pub union: f64,
    /// The first invalid edges and the reasons, for people; empty when all is well.
    pub complaint: String,
}

impl Verdict {
    /// Whether nothing is wrong: a valid coverage of valid polygons that run as RFC 7946 asks.
    pub fn is_good(&self) -> bool {
        self.coverage && self.invalid == 0 && self.against_rfc7946 == 0
    }

    /// Nothing is wrong.
    #[track_caller]
    pub fn assert_coverage(&self, what: &str) {
        assert!(self.is_good(), "{what}: GEOS finds no valid coverage: {self:#?}");
        // What GEOS adds up in doubles may differ in the last digits.
        let apart = (self.sum - self.union).abs();
        assert!(
            apart <= 1e-9 * self.sum.abs(),
            "{what}: the areas sum to {}, their union to {}",
            self.sum,
            self.union
        );
    }
}

/// Judges each of some grounds as a coverage of its own.
///
/// # Panics
/// When the oracle cannot be asked.
pub fn judge(grounds: &[Ground]) -> Vec<Verdict> {
    let verdicts: Vec<Verdict> = ask("coverages", 0.0, grounds);
    assert_eq!(verdicts.len(), grounds.len());
    verdicts
}

/// What GEOS makes of drawings that may claim the same ground.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Faces {
    /// Area of their union, in square units.
    pub union: f64,
    /// Connected stretches of ground that the same two areas or more claim.
    pub overlaps: usize,
    /// Connected stretches of ground that are enclosed and claimed by none.
    pub gaps: usize,
}

/// Cuts each of some grounds, valid areas that may overlap, into faces. Overlaps and gaps whose mean width
/// (twice the area over the outline) is less than `width` are not counted.
///
/// # Panics
/// When the oracle cannot be asked.
pub fn faces(grounds: &[Ground], width: f64) -> Vec<Faces> {
    let faces: Vec<Faces> = ask("faces", width, grounds);
    assert_eq!(faces.len(), grounds.len());
    faces
}

/// Holds coverages to be valid, on the lattice and in the degrees that files get; each comes with a name.
#[track_caller]
pub fn assert_coverages<'a>(coverages: impl IntoIterator<Item = (&'a str, &'a [MultiPolygon])>) {
    let (mut names, mut grounds) = (Vec::new(), Vec::new());
    for (name, areas) in coverages {
        names.extend([format!("{name}, on the lattice"), format!("{name}, in degrees")]);
        grounds.extend([Ground::on_lattice(areas), Ground::in_degrees(areas)]);
    }
    for (name, verdict) in names.iter().zip(judge(&grounds)) {
        verdict.assert_coverage(name);
    }
}

/// The common ground of two layers: (number in the first, number in the second, area in square units) of
/// every two areas that meet, for each pair of layers; the areas must be valid.
///
/// # Panics
/// When the oracle cannot be asked.
pub fn intersections(layers: &[[Ground; 2]]) -> Vec<Vec<(usize, usize, f64)>> {
    let pairs: Vec<Vec<(usize, usize, f64)>> = ask("intersections", 0.0, layers.as_flattened());
    assert_eq!(pairs.len(), layers.len());
    pairs
}
