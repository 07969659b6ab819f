//! Rows of every layer, small enough to count by hand.

use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    e7::E7,
    record::{
        AddressRow, AreaRow, Fid, IncidentRow, LayerKind, Level, Placed, Region, ResidentRow, Risk, Row,
        Side, Source, StaffRow, State,
    },
    scope::Scope,
    shape::{MultiPolygon, Polygon},
};
use gridbeat_store::{AddressRef, Sink, Store};

/// Wuxi.
pub const WUXI: Region = Region(3202);
/// Xuzhou.
pub const XUZHOU: Region = Region(3203);

/// A square with a hole, and an island of odd coordinates: all that a multi-polygon can be.
pub fn ground(west: i32, south: i32) -> MultiPolygon {
    let square = |w: i32, s: i32, side: i32| {
        vec![E7::new(w, s), E7::new(w + side, s), E7::new(w + side, s + side), E7::new(w, s + side)]
    };
    let mut hole = square(west + 3_333, south + 7_777, 1_001);
    hole.reverse();
    MultiPolygon(vec![
        Polygon { exterior: square(west, south, 99_999), holes: vec![hole] },
        Polygon {
            exterior: vec![
                E7::new(west + 200_001, south),
                E7::new(west + 200_003, south),
                E7::new(west + 200_002, south + 1),
            ],
            holes: vec![],
        },
    ])
}

/// An area of the lowest level, drawn.
pub fn area(side: Side, region: Region, code: &str) -> Row {
    let n = code.bytes().map(i32::from).sum::<i32>();
    Row::Area(
        side,
        AreaRow {
            region,
            code: code.to_owned(),
            name: Some(format!("崇安寺第{n}网格")),
            level: None,
            parent: None,
            kind: Some("comprehensive".to_owned()),
            geometry: Some(ground(1_203_000_000 + n, 315_000_000 - n)),
            ..AreaRow::default()
        },
    )
}

/// An area above, not drawn.
pub fn parent(region: Region, code: &str, level: Level, above: Option<&str>) -> Row {
    Row::Area(
        level.side(),
        AreaRow {
            region,
            code: code.to_owned(),
            name: Some("崇安寺街道".to_owned()),
            level: Some(level),
            parent: above.map(str::to_owned),
            ..AreaRow::default()
        },
    )
}

/// The area below another.
pub fn under(row: Row, above: &str) -> Row {
    match row {
        Row::Area(side, r) => Row::Area(side, AreaRow { parent: Some(above.to_owned()), ..r }),
        other => other,
    }
}

/// An address.
pub fn address(region: Region, code: &str, text: &str, lon: i32, lat: i32) -> Row {
    Row::Address(AddressRow {
        region,
        code: code.to_owned(),
        text: text.to_owned(),
        at: E7::new(lon, lat),
        residents: 5,
        dwellings: 2,
        organisations: 1,
        ..AddressRow::default()
    })
}

/// A resident.
pub fn resident(region: Region, code: &str, address: &str) -> Row {
    Row::Resident(ResidentRow {
        region,
        code: code.to_owned(),
        address: address.to_owned(),
        household: Some("H1".to_owned()),
        age_band: Some("18-34".to_owned()),
        registration: None,
    })
}

/// An incident with every field set.
pub fn incident(region: Region, code: &str) -> IncidentRow {
    IncidentRow {
        fid: Fid(0),
        region,
        code: code.to_owned(),
        title: Some("占道经营 “早市”".to_owned()),
        category: Some("noise".to_owned()),
        state: State::Handling,
        risk: Some(Risk::Yellow),
        source: Some(Source::Hotline),
        reported_at: Some("2026-11-21T08:30:05.250Z".parse().unwrap()),
        address: Some("中山路1号".to_owned()),
        at: E7::new(1_203_012_345, 315_678_901),
        placed: Some(Placed { grid: Some("G1".to_owned()), beat: None }),
    }
}

/// An incident with nothing but a place.
pub fn bare_incident(region: Region) -> IncidentRow {
    IncidentRow {
        title: None,
        category: None,
        state: State::Reported,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        placed: None,
        ..incident(region, "")
    }
}

/// A member of staff, on duty.
pub fn staff(region: Region, code: &str, side: Side, area: Option<&str>) -> StaffRow {
    StaffRow {
        fid: Fid(0),
        region,
        code: code.to_owned(),
        role: Some("chief".to_owned()),
        side,
        area: area.map(str::to_owned),
        on_duty: true,
        seen_at: Some("2026-11-21T08:29:00Z".parse().unwrap()),
        at: Some(E7::new(-1_800_000_000, -900_000_000)),
        name: Some("测试甲".to_owned()),
        phone: Some("000-0001".to_owned()),
    }
}

/// One import for each layer, all fields in use, two regions.
pub fn everything() -> Vec<(LayerKind, Vec<Row>)> {
    vec![
        (
            LayerKind::Grid,
            vec![
                parent(WUXI, "320213000000", Level::County, None),
                under(area(Side::Grid, WUXI, "G1"), "320213000000"),
                under(area(Side::Grid, WUXI, "G2"), "320213000000"),
                area(Side::Grid, XUZHOU, "G1"),
            ],
        ),
        (LayerKind::Beat, vec![area(Side::Beat, WUXI, "B1"), parent(WUXI, "S1", Level::Station, None)]),
        (
            LayerKind::Address,
            vec![
                address(WUXI, "A1", "无锡市梁溪区中山路1号", 1_203_012_345, 315_678_901),
                address(WUXI, "A2", "无锡市梁溪区人民路2号101室", 1_203_012_346, 315_678_902),
                address(XUZHOU, "A1", "徐州市鼓楼区中山北路3号", 1_171_234_567, 342_345_678),
            ],
        ),
        (
            LayerKind::Resident,
            vec![resident(WUXI, "R1", "A1"), resident(WUXI, "R2", "A1"), resident(WUXI, "R3", "A9")],
        ),
        (
            LayerKind::Incident,
            vec![
                Row::Incident(incident(WUXI, "I-1")),
                Row::Incident(bare_incident(WUXI)),
                Row::Incident(incident(XUZHOU, "I-1")),
            ],
        ),
        (
            LayerKind::Staff,
            vec![
                Row::Staff(staff(WUXI, "P1", Side::Beat, Some("B1"))),
                Row::Staff(StaffRow {
                    at: None,
                    seen_at: None,
                    name: None,
                    on_duty: false,
                    ..staff(WUXI, "P2", Side::Grid, None)
                }),
            ],
        ),
    ]
}

/// What a map is given by `load`.
#[derive(Default, Debug, PartialEq)]
pub struct Loaded {
    pub areas: Vec<(Side, AreaRow)>,
    pub addresses: Vec<AddressRow>,
    pub incidents: Vec<IncidentRow>,
    pub staff: Vec<StaffRow>,
    pub departments: Vec<(Schema, Vec<FeatureRow>)>,
    pub last: u64,
}

impl Loaded {
    /// Loads a store.
    pub fn from(store: &dyn Store) -> Self {
        let mut loaded = Self::default();
        loaded.last = store.load(&Scope::all(), &mut loaded).expect("the store loads");
        loaded
    }

    /// Codes and fids of one side.
    pub fn fids(&self, side: Side) -> Vec<(String, u64)> {
        let of_side = self.areas.iter().filter(|(s, _)| *s == side);
        of_side.map(|(_, r)| (r.code.clone(), r.fid.0)).collect()
    }
}

impl Sink for Loaded {
    fn area(&mut self, side: Side, row: AreaRow) {
        self.areas.push((side, row));
    }

    fn address(&mut self, row: AddressRef<'_>) {
        self.addresses.push(row.to_row());
    }

    fn incident(&mut self, row: IncidentRow) {
        self.incidents.push(row);
    }

    fn staff(&mut self, row: StaffRow) {
        self.staff.push(row);
    }

    fn department(&mut self, schema: Schema) {
        self.departments.push((schema, Vec::new()));
    }

    fn feature(&mut self, row: FeatureRow) {
        self.departments.last_mut().expect("a layer before its features").1.push(row);
    }
}
