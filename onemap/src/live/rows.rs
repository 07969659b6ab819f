//! The rows that change: incidents and positions of staff.

use crate::{
    E7,
    overlay::PieceId,
    record::{Fid, IncidentRow, StaffRow},
};
use jiff::Timestamp;

/// A row that lies somewhere and can change.
pub trait Positioned {
    /// Its key.
    fn fid(&self) -> Fid;
    /// Where it is; `None` when not known.
    fn at(&self) -> Option<E7>;
    /// When: an incident was reported, a member of staff last seen; `None` when not known.
    fn time(&self) -> Option<Timestamp>;
    /// The piece of its place; `None` outside both layers or without a place.
    fn piece(&self) -> Option<PieceId>;
}

/// An incident on the present map.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The row, always with `placed` set.
    pub row: IncidentRow,
    /// The piece that its place lies in now; `None` outside both layers.
    pub piece: Option<PieceId>,
}

impl Incident {
    /// Code of the grid in force when it was reported.
    pub fn grid(&self) -> Option<&str> {
        self.row.placed.as_ref()?.grid.as_deref()
    }

    /// Code of the beat in force when it was reported.
    pub fn beat(&self) -> Option<&str> {
        self.row.placed.as_ref()?.beat.as_deref()
    }
}

impl Positioned for Incident {
    fn fid(&self) -> Fid {
        self.row.fid
    }
    fn at(&self) -> Option<E7> {
        Some(self.row.at)
    }
    fn time(&self) -> Option<Timestamp> {
        self.row.reported_at
    }
    fn piece(&self) -> Option<PieceId> {
        self.piece
    }
}

/// A member of staff at the last known position, without name and phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPosition {
    /// The row; `name` and `phone` are always `None`.
    pub row: StaffRow,
    /// The piece of the last position.
    pub piece: Option<PieceId>,
}

impl Positioned for StaffPosition {
    fn fid(&self) -> Fid {
        self.row.fid
    }
    fn at(&self) -> Option<E7> {
        self.row.at
    }
    fn time(&self) -> Option<Timestamp> {
        self.row.seen_at
    }
    fn piece(&self) -> Option<PieceId> {
        self.piece
    }
}
