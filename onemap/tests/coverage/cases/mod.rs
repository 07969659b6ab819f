//! Where random cases come from. A case is two layers, drawn by a family from a seed.

mod chaos;
mod cuts;
mod families;
mod random;
mod rings;
mod rows;
mod second;
mod sheet;
mod warp;

pub use families::{Case, FAMILIES, Family, all};
pub use random::Random;
pub use rows::drawn;

use gridbeat_onemap::E7;

/// Where a case lies on the lattice and how large its ground is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lattice {
    /// From (0, 0) to about (200, 200): every crossing is rounded, hard.
    Tiny,
    /// A city in Jiangsu, tens of kilometres wide.
    Real,
}

impl Lattice {
    /// Its south-west corner.
    pub fn origin(self) -> E7 {
        match self {
            Self::Tiny => E7::new(0, 0),
            Self::Real => E7::new(1_200_000_000, 315_000_000),
        }
    }

    /// How many units each way, about.
    pub fn width(self) -> i32 {
        match self {
            Self::Tiny => 200,
            Self::Real => 4_000_000,
        }
    }

    /// A position counted from the corner.
    pub fn at(self, x: i32, y: i32) -> E7 {
        let o = self.origin();
        E7::new(o.lon + x, o.lat + y)
    }
}
