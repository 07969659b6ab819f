//! What a finding is: the words, how bad each is, and what it carries.

use crate::{E7, MultiPolygon, coverage::AreaId};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Several areas claim the same ground.
    Overlap,
    /// Parts of one area lie over each other.
    SelfOverlap,
    /// The border of one area crosses that of another, inside an edge of each.
    Crossing,
    /// A drawing of which nothing is left to its area (all of it is claimed by others).
    NoGround,
    /// Ground enclosed by areas that none of them claims.
    Gap,
    /// Unclaimed ground between two areas that is open to the outside, but narrower than the tolerance:
    /// a slit between two rows of areas, or a wedge where two areas part.
    NarrowGap,
    /// The borders of two areas run within the tolerance of each other, but do not coincide.
    UnmatchedEdge,
    /// A vertex of one area on an edge of another that has no vertex there. No ground is lost by it,
    /// until one of the two is moved.
    UnmatchedVertex,
    /// An area, or a part of one, that is tiny or thin: see [`super::SLIVER_RULE`].
    Sliver,
    /// An area in several parts.
    MultiPart,
    /// Areas of one layer with the same code, in different regions.
    DuplicateCode,
    /// Ground of a child that its parent's own drawing leaves out.
    ChildOutside,
    /// Ground of a parent's own drawing that none of its children has.
    ParentDiffers,
    /// A parent code that the layer does not have.
    ParentMissing,
    /// Parents that run in a circle.
    ParentCircle,
}

impl FindingKind {
    /// Every kind, in the order in which findings are listed.
    pub const ALL: [Self; 15] = [
        Self::Overlap,
        Self::SelfOverlap,
        Self::Crossing,
        Self::NoGround,
        Self::Gap,
        Self::NarrowGap,
        Self::UnmatchedEdge,
        Self::UnmatchedVertex,
        Self::Sliver,
        Self::MultiPart,
        Self::DuplicateCode,
        Self::ChildOutside,
        Self::ParentDiffers,
        Self::ParentMissing,
        Self::ParentCircle,
    ];

    /// A word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::SelfOverlap => "self_overlap",
            Self::Crossing => "crossing",
            Self::NoGround => "no_ground",
            Self::Gap => "gap",
            Self::NarrowGap => "narrow_gap",
            Self::UnmatchedEdge => "unmatched_edge",
            Self::UnmatchedVertex => "unmatched_vertex",
            Self::Sliver => "sliver",
            Self::MultiPart => "multi_part",
            Self::DuplicateCode => "duplicate_code",
            Self::ChildOutside => "child_outside",
            Self::ParentDiffers => "parent_differs",
            Self::ParentMissing => "parent_missing",
            Self::ParentCircle => "parent_circle",
        }
    }

    /// How bad it is, unless it is so small that rounding made it (see [`Finding::severity`]).
    pub const fn severity(self) -> Severity {
        match self {
            Self::Overlap | Self::Crossing | Self::NoGround | Self::ParentCircle => Severity::Error,
            Self::UnmatchedVertex | Self::MultiPart => Severity::Note,
            _ => Severity::Warning,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The layer is no coverage here: somebody gets a wrong or an arbitrary answer.
    Error,
    /// Probably a mistake of the drawing.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// A word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Where a finding is, to be drawn on a map.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Shape {
    /// Nowhere in particular.
    #[default]
    None,
    /// Ground.
    Ground(MultiPolygon),
    /// Pieces of borders, each of two vertices or more.
    Lines(Vec<Vec<E7>>),
    /// Single places.
    Points(Vec<E7>),
}

/// One thing that [`super::validate`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// [`FindingKind::severity`], but [`Severity::Note`] for ground no wider than
    /// [`super::ROUNDING_M`]: the rounding of coordinates to the lattice alone makes such.
    pub severity: Severity,
    /// A place to look at.
    pub at: Option<E7>,
    /// Square metres concerned; 0 where it is not about ground.
    pub area_m2: f64,
    /// Metres. Of ground its mean width (twice the area over the border's length); of unmatched edges
    /// the farthest that the borders come apart; 0 for what has no width.
    pub width_m: f64,
    /// Metres of border concerned, for [`FindingKind::UnmatchedEdge`]; 0 else.
    pub length_m: f64,
    /// How many: parts of an area, crossings, vertices, edges, areas with one code; 1 else.
    pub count: usize,
    /// Whether the ground is tiny or thin: see [`super::SLIVER_RULE`].
    pub sliver: bool,
    /// The areas concerned, by id.
    pub areas: Vec<AreaId>,
    /// Where it is.
    pub shape: Shape,
}

impl Finding {
    /// A finding of no size, at no place yet.
    pub(super) fn new(kind: FindingKind, areas: Vec<AreaId>) -> Self {
        Self {
            kind,
            severity: kind.severity(),
            at: None,
            area_m2: 0.0,
            width_m: 0.0,
            length_m: 0.0,
            count: 1,
            sliver: false,
            areas,
            shape: Shape::None,
        }
    }

    /// The ground concerned, if it is about ground.
    pub fn ground(&self) -> Option<&MultiPolygon> {
        match &self.shape {
            Shape::Ground(ground) => Some(ground),
            _ => None,
        }
    }
}
