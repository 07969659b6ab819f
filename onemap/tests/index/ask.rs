//! What may be asked: some ground, some filter.

use crate::world::{CATEGORIES, STATES, at, time};
use gridbeat_onemap::{
    Bounds, E7, MultiPolygon, PieceId, Polygon, Reader,
    index::Ground,
    query::{IncidentFilter, StaffFilter, TimeRange, Where},
    record::{Risk, Side},
};
use proptest::prelude::*;

/// Some ground, plainly.
#[derive(Clone, Debug)]
pub enum Shape {
    All,
    Box(Bounds),
    Polygon(MultiPolygon),
    Circle(E7, f64),
}

/// Some pieces, plainly; numbers are taken modulo how many there are.
#[derive(Clone, Debug)]
pub enum Pieces {
    All,
    Area(Side, u32),
    Piece(u32),
}

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    pub shape: Shape,
    pub pieces: Pieces,
    pub incidents: IncidentFilter,
    pub staff: StaffFilter,
    pub at: E7,
    pub k: usize,
}

impl Ask {
    /// As the core takes it.
    pub fn place(&self, reader: &Reader<'_>) -> Where {
        let ground = match &self.shape {
            Shape::All => Ground::all(),
            Shape::Box(b) => Ground::bounds(*b),
            Shape::Polygon(p) => Ground::polygon(p),
            Shape::Circle(at, radius) => Ground::circle(*at, *radius),
        };
        match self.pieces {
            Pieces::All => Where::on(ground),
            Pieces::Area(side, n) => {
                let ids: Vec<_> = reader.layer(side).ids().collect();
                Where::in_area(reader, side, ids[n as usize % ids.len()]).and_on(ground)
            }
            Pieces::Piece(n) => {
                Where::in_piece(PieceId(n % reader.overlay().pieces().len() as u32)).and_on(ground)
            }
        }
    }
}

pub fn ask() -> impl Strategy<Value = Ask> {
    let near = (-30..150_i32, -30..150_i32).prop_map(|(x, y)| at(x, y));
    (shape(), pieces(), incidents(), staff(), near, 1..25_usize)
        .prop_map(|(shape, pieces, incidents, staff, at, k)| Ask { shape, pieces, incidents, staff, at, k })
}

fn shape() -> impl Strategy<Value = Shape> {
    let corner = || (-30..150_i32, -30..150_i32);
    let bounds = (corner(), 0..120_i32, 0..120_i32)
        .prop_map(|((x, y), w, h)| Shape::Box(Bounds { min: at(x, y), max: at(x + w, y + h) }));
    let circle = (corner(), 0.0..800.0_f64).prop_map(|((x, y), r)| Shape::Circle(at(x, y), r));
    prop_oneof![1 => Just(Shape::All), 3 => bounds, 4 => polygons().prop_map(Shape::Polygon), 3 => circle]
}

/// Several parts with holes. Rings may cross themselves and each other: even-odd.
pub fn polygons() -> impl Strategy<Value = MultiPolygon> {
    let ring = |most: i32| {
        let vertices = prop::collection::vec((-most..=most, -most..=most), 3..8);
        (0..120_i32, 0..120_i32, vertices)
            .prop_map(|(x, y, ring)| ring.iter().map(|(dx, dy)| at(x + dx, y + dy)).collect::<Vec<_>>())
    };
    let polygon = (ring(80), prop::collection::vec(ring(30), 0..3));
    let polygon = polygon.prop_map(|(exterior, holes)| Polygon { exterior, holes });
    prop::collection::vec(polygon, 1..4).prop_map(MultiPolygon)
}

fn pieces() -> impl Strategy<Value = Pieces> {
    prop_oneof![
        3 => Just(Pieces::All),
        2 => (prop::sample::select(&Side::BOTH[..]), any::<u32>()).prop_map(|(s, n)| Pieces::Area(s, n)),
        1 => any::<u32>().prop_map(Pieces::Piece),
    ]
}

fn range() -> impl Strategy<Value = TimeRange> {
    let edge = || prop::option::of(time());
    prop_oneof![
        1 => Just(TimeRange::ANY),
        1 => (edge(), edge()).prop_map(|(from, to)| TimeRange { from, to }),
    ]
}

fn incidents() -> impl Strategy<Value = IncidentFilter> {
    let categories = prop::sample::subsequence(&CATEGORIES[..], 0..2);
    let states = prop::sample::subsequence(&STATES[..], 0..3);
    let risks = prop::sample::subsequence(Risk::ALL, 0..2);
    let some = (range(), categories, states, risks, prop::option::of(any::<bool>())).prop_map(
        |(time, categories, states, risks, open)| IncidentFilter {
            time,
            categories: categories.into_iter().map(str::to_owned).collect(),
            states,
            risks,
            open,
        },
    );
    prop_oneof![1 => Just(IncidentFilter::default()), 2 => some]
}

fn staff() -> impl Strategy<Value = StaffFilter> {
    let side = prop::option::of(prop::sample::select(&Side::BOTH[..]));
    let role = prop::option::of(Just("officer".to_owned()));
    let on_duty = prop::option::of(any::<bool>());
    (range(), side, on_duty, role).prop_map(|(seen, side, on_duty, role)| StaffFilter {
        seen,
        side,
        on_duty,
        role,
    })
}
