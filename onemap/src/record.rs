//! What a row is: the records that readers make of files, stores keep and the map is built from.
//!
//! Names of fields are those of the contract (`code`, `reported_at`, …).

use crate::{e7::E7, shape::MultiPolygon};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A city: the first four digits of its division code (3202 = Wuxi), or 0 when not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Region(pub u16);

impl Region {
    /// The region of an official code: its first four digits when it has at least twelve and is all
    /// digits (`320213025001001` → 3202), else 0.
    pub fn of_code(code: &str) -> Self {
        if code.len() >= 12 && code.bytes().all(|b| b.is_ascii_digit()) {
            return Self(code[..4].parse().unwrap_or(0));
        }
        Self(0)
    }
}

/// The feature id: `region · 2³² + sequence`, below 2⁵³, the primary key in every store, API and tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Fid(pub u64);

impl Fid {
    /// The id of the `sequence`-th row of a region (sequences start at 1).
    pub const fn new(region: Region, sequence: u32) -> Self {
        Self(((region.0 as u64) << 32) | sequence as u64)
    }

    /// The region part.
    pub const fn region(self) -> Region {
        Region((self.0 >> 32) as u16)
    }

    /// The sequence part.
    pub const fn sequence(self) -> u32 {
        self.0 as u32
    }
}

/// Which administration drew an area, or pays a member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Community governance (网格).
    Grid,
    /// Police (警格).
    #[serde(alias = "police")]
    Beat,
}

impl Side {
    /// Both sides, grids first.
    pub const BOTH: [Self; 2] = [Self::Grid, Self::Beat];

    /// `grid` or `beat`: the layer's name.
    pub const fn layer(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Beat => "beat",
        }
    }

    /// `grid` or `police`: the value of a staff member's `side`.
    pub const fn staff(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Beat => "police",
        }
    }

    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Grid => Self::Beat,
            Self::Beat => Self::Grid,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of the contract.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(s: &str) -> Result<Self, UnknownWord> {
                match s { $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { found: s.to_owned(), expected: &[$($word),+] }) }
            }
        }
    };
}

/// A word that is not in a closed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is not one of {}", .expected.join(", "))]
pub struct UnknownWord {
    /// What stood there.
    pub found: String,
    /// What may stand there.
    pub expected: &'static [&'static str],
}

words! {
    /// The level of an area; grid side from province down to microgrid, then police side from
    /// department down to beat.
    Level {
        /// 省
        Province = "province",
        /// 市
        City = "city",
        /// 县(市、区)
        County = "county",
        /// 乡镇(街道)
        Town = "town",
        /// 村(社区)
        Community = "community",
        /// 网格
        Grid = "grid",
        /// 微网格
        Microgrid = "microgrid",
        /// 厅
        Department = "department",
        /// 市局
        Bureau = "bureau",
        /// 分局
        Subbureau = "subbureau",
        /// 派出所
        Station = "station",
        /// 责任区
        Area = "area",
        /// 警格
        Beat = "beat",
    }
}

impl Level {
    /// The side that has this level.
    pub const fn side(self) -> Side {
        match self {
            Self::Province
            | Self::City
            | Self::County
            | Self::Town
            | Self::Community
            | Self::Grid
            | Self::Microgrid => Side::Grid,
            Self::Department | Self::Bureau | Self::Subbureau | Self::Station | Self::Area | Self::Beat => {
                Side::Beat
            }
        }
    }

    /// The level of an area that says none: `grid` or `beat`.
    pub const fn default_of(side: Side) -> Self {
        match side {
            Side::Grid => Self::Grid,
            Side::Beat => Self::Beat,
        }
    }
}

words! {
    /// Where an incident stands (domain: the unified state).
    State {
        /// 上报
        Reported = "reported",
        /// 核实
        Verified = "verified",
        /// 立案
        Filed = "filed",
        /// 派遣
        Dispatched = "dispatched",
        /// 处置
        Handling = "handling",
        /// 反馈
        Feedback = "feedback",
        /// 核查
        Checking = "checking",
        /// 结案
        Closed = "closed",
        /// 评价
        Evaluated = "evaluated",
        /// 不予受理
        Rejected = "rejected",
        /// 退回
        Returned = "returned",
        /// 挂起
        Suspended = "suspended",
        /// 延期
        Extended = "extended",
        /// 作废
        Void = "void",
        /// 撤回
        Withdrawn = "withdrawn",
        /// 移交
        Transferred = "transferred",
        /// 联合处置
        Joint = "joint",
    }
}

impl State {
    /// Whether somebody still has to act (everything but closed, evaluated, rejected, void, withdrawn).
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Evaluated | Self::Rejected | Self::Void | Self::Withdrawn)
    }
}

words! {
    /// How urgent an incident is.
    Risk {
        /// Highest.
        Red = "red",
        /// Middle.
        Yellow = "yellow",
        /// Lowest.
        Blue = "blue",
    }
}

words! {
    /// Who an incident was heard from.
    Source {
        /// 巡查
        Patrol = "patrol",
        /// 居民
        Resident = "resident",
        /// 12345 热线
        Hotline = "hotline",
        /// 报警
        Police = "police",
        /// 感知设备
        Sensor = "sensor",
        /// 上级交办
        Superior = "superior",
    }
}

/// One area of a boundary layer: a grid, a beat, or a parent of some.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AreaRow {
    /// Assigned by the store; `Fid(0)` before that.
    pub fid: Fid,
    /// City, see [`Region`].
    pub region: Region,
    /// Official code, unique per layer and region. Opaque text.
    pub code: String,
    /// What people call it.
    pub name: Option<String>,
    /// Level; the layer's own (`grid`, `beat`) when the source says none.
    pub level: Option<Level>,
    /// Code of the area one level up.
    pub parent: Option<String>,
    /// Free text of the source: `comprehensive`, `exclusive`, …
    pub kind: Option<String>,
    /// The drawing; `None` for a parent, whose ground is the union of its children's.
    pub geometry: Option<MultiPolygon>,
}

/// A standard address.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AddressRow {
    /// Assigned by the store.
    pub fid: Fid,
    /// City.
    pub region: Region,
    /// Official code, unique per region.
    pub code: String,
    /// The address as written.
    pub text: String,
    /// Where.
    pub at: E7,
    /// Number of residents: from resident rows where there are any, else as the file gives it.
    pub residents: u32,
    /// Number of dwellings.
    pub dwellings: u32,
    /// Number of organisations.
    pub organisations: u32,
}

/// A resident, without anything that identifies: counted per address, never served.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ResidentRow {
    /// City.
    pub region: Region,
    /// Row code, opaque, unique per region.
    pub code: String,
    /// Code of the address.
    pub address: String,
    /// Household code.
    pub household: Option<String>,
    /// `0-17`, `18-34`, …
    pub age_band: Option<String>,
    /// `registered`, `migrant`, …
    pub registration: Option<String>,
}

/// An incident.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentRow {
    /// Assigned by the store.
    pub fid: Fid,
    /// City.
    pub region: Region,
    /// Unique per region; made by the store (`I` + fid) when the source has none (empty here).
    pub code: String,
    /// Short text.
    pub title: Option<String>,
    /// Free word: `noise`, `fire_hazard`, …
    pub category: Option<String>,
    /// See [`State`].
    pub state: State,
    /// See [`Risk`].
    pub risk: Option<Risk>,
    /// See [`Source`].
    pub source: Option<Source>,
    /// When it was reported.
    pub reported_at: Option<Timestamp>,
    /// Address as written.
    pub address: Option<String>,
    /// Where.
    pub at: E7,
    /// The responsibility in force when it was reported; `None` until it was placed (then the map
    /// places it by the present boundaries).
    pub placed: Option<Placed>,
}

/// The codes in force at a place; `None` inside where that side has no area there.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Placed {
    /// Code of the grid.
    pub grid: Option<String>,
    /// Code of the beat.
    pub beat: Option<String>,
}

/// A member of staff. Name and phone never leave the store but through `locate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// Assigned by the store.
    pub fid: Fid,
    /// City.
    pub region: Region,
    /// Staff id, unique per region.
    pub code: String,
    /// Free word: `chief`, `worker`, `officer`, …
    pub role: Option<String>,
    /// Grid side or police.
    pub side: Side,
    /// Code of the area (of any level of that side) this person answers for.
    pub area: Option<String>,
    /// Whether on duty now.
    pub on_duty: bool,
    /// Time of the last position.
    pub seen_at: Option<Timestamp>,
    /// Last position.
    pub at: Option<E7>,
    /// Name: store only.
    pub name: Option<String>,
    /// Duty phone: store only.
    pub phone: Option<String>,
}

/// One row of any built-in layer.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Row {
    Area(Side, AreaRow),
    Address(AddressRow),
    Resident(ResidentRow),
    Incident(IncidentRow),
    Staff(StaffRow),
}

words! {
    /// The built-in layers, by the word `--layer` takes.
    LayerKind {
        /// Grids and their parents.
        Grid = "grid",
        /// Beats and their parents.
        Beat = "beat",
        /// Standard addresses.
        Address = "address",
        /// Residents (counted).
        Resident = "resident",
        /// Incidents.
        Incident = "incident",
        /// Staff.
        Staff = "staff",
    }
}

impl LayerKind {
    /// The collection's name in the API, the table's name in the store.
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Grid => "grids",
            Self::Beat => "beats",
            Self::Address => "addresses",
            Self::Resident => "residents",
            Self::Incident => "incidents",
            Self::Staff => "staff",
        }
    }
}

/// Which layer a change is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerName {
    /// A built-in one.
    BuiltIn(LayerKind),
    /// One of a department, by its name.
    Department(String),
}

impl LayerName {
    /// The word that `--layer` takes.
    pub fn as_str(&self) -> &str {
        match self {
            Self::BuiltIn(kind) => kind.as_str(),
            Self::Department(name) => name,
        }
    }

    /// The collection's name in the API, the table's name in the store.
    pub fn collection(&self) -> &str {
        match self {
            Self::BuiltIn(kind) => kind.collection(),
            Self::Department(name) => name,
        }
    }

    /// The layer, where it is a built-in one.
    pub const fn built_in(&self) -> Option<LayerKind> {
        match self {
            Self::BuiltIn(kind) => Some(*kind),
            Self::Department(_) => None,
        }
    }
}

impl From<LayerKind> for LayerName {
    fn from(kind: LayerKind) -> Self {
        Self::BuiltIn(kind)
    }
}

impl FromStr for LayerName {
    type Err = crate::department::NotAName;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.parse() {
            Ok(kind) => Ok(Self::BuiltIn(kind)),
            Err(_) => crate::department::check_name(s).map(|()| Self::Department(s.to_owned())),
        }
    }
}

words! {
    /// What a change did.
    Op {
        /// A row came.
        Insert = "insert",
        /// A row changed.
        Update = "update",
        /// A row went.
        Delete = "delete",
        /// Many rows came at once.
        Import = "import",
    }
}

/// One entry of the change log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Number: 1, 2, 3, … in the order of commits.
    pub n: u64,
    /// City; 0 for an import that touched several.
    pub region: Region,
    /// Which layer.
    pub layer: LayerName,
    /// What happened.
    pub op: Op,
    /// The row; `None` for an import.
    pub fid: Option<Fid>,
    /// Grid in force at the place.
    pub grid: Option<String>,
    /// Beat in force at the place.
    pub beat: Option<String>,
    /// The box of what was touched: old and new place together.
    pub bbox: Option<crate::e7::Bounds>,
    /// When.
    pub at: Timestamp,
    /// Rows of an import; 1 otherwise.
    pub rows: u64,
}
