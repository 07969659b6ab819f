//! Answers by looking at every row, sharing no step with the code under test but where a piece lies
//! (which has tests of its own) and how far two positions are apart.

use crate::{
    ask::{Ask, Pieces, Shape},
    world::{STEP, World, at},
};
use geo::{Intersects, LineString, coord};
use gridbeat_onemap::{
    AreaId, E7, MultiPolygon, PieceId, Reader, Tally,
    department::Drawing,
    geodesic::distance_m,
    query::{Counts, IncidentFilter, StaffFilter, TimeRange},
    record::{AddressRow, Fid, IncidentRow, Side, StaffRow},
};
use jiff::Timestamp;

/// Whether a position lies on the ground that is asked for.
pub fn on_shape(shape: &Shape, p: E7) -> bool {
    match shape {
        Shape::All => true,
        Shape::Box(b) => (b.min.lon..=b.max.lon).contains(&p.lon) && (b.min.lat..=b.max.lat).contains(&p.lat),
        Shape::Polygon(ground) => on_polygon(ground, p),
        Shape::Circle(middle, radius) => distance_m(*middle, p) <= *radius,
    }
}

/// Even-odd along a ray to the north from the position moved east by ε and north by ε², with numbers
/// for ε: all coordinates are whole steps, a few hundred at most, so no slope or distance is as small
/// as 2⁻²⁰ steps, nor any product of such with ε as small as ε².
fn on_polygon(ground: &MultiPolygon, p: E7) -> bool {
    let steps = |q: E7| {
        let o = at(0, 0);
        (i128::from((q.lon - o.lon) / STEP) << 40, i128::from((q.lat - o.lat) / STEP) << 40)
    };
    let (x, y) = steps(p);
    let (x, y) = (x + (1 << 20), y + 1);
    let mut inside = false;
    for ring in ground.rings() {
        for (i, &a) in ring.iter().enumerate() {
            let (a, b) = (steps(a), steps(ring[(i + 1) % ring.len()]));
            if (a.0 < x) != (b.0 < x) {
                let (w, e) = if a.0 < b.0 { (a, b) } else { (b, a) };
                let side = (e.0 - w.0) * (y - w.1) - (e.1 - w.1) * (x - w.0);
                assert_ne!(side, 0, "an ε that is not small enough");
                inside ^= side < 0;
            }
        }
    }
    inside
}

/// Whether a row lies where it is asked for.
pub fn there(reader: &Reader<'_>, ask: &Ask, p: Option<E7>) -> bool {
    let shape = matches!(ask.shape, Shape::All) || p.is_some_and(|p| on_shape(&ask.shape, p));
    shape && in_pieces(reader, ask, p.and_then(|p| reader.locate(p).piece))
}

/// Whether a piece (`None`: the ground outside) is one of those that are asked for.
pub fn in_pieces(reader: &Reader<'_>, ask: &Ask, piece: Option<PieceId>) -> bool {
    match ask.pieces {
        Pieces::All => true,
        Pieces::Piece(n) => piece == Some(PieceId(n % reader.overlay().pieces().len() as u32)),
        Pieces::Area(side, n) => {
            let layer = reader.layer(side);
            let wanted = AreaId(n % layer.areas().len() as u32);
            let piece = piece.map(|piece| reader.overlay().piece(piece));
            let area = piece.and_then(|p| if side == Side::Grid { p.grid } else { p.beat });
            area.is_some_and(|a| a == wanted || layer.ancestors(a).any(|p| p == wanted))
        }
    }
}

/// Whether any part of a line or a square without holes lies on the ground that is asked for, by doubles, which hold
/// these numbers exactly.
pub fn meets(shape: &Shape, drawing: &Drawing) -> bool {
    let coord = |p: &E7| coord! { x: f64::from(p.lon), y: f64::from(p.lat) };
    let (line, area) = match drawing {
        Drawing::Lines(lines) => (LineString::from_iter(lines[0].iter().map(coord)), None),
        Drawing::Ground(ground) => {
            let ring = LineString::from_iter(ground.0[0].exterior.iter().map(coord));
            let area = geo::Polygon::new(ring, vec![]);
            (area.exterior().clone(), Some(area))
        }
        Drawing::Point(_) => unreachable!("a point is asked about by itself"),
    };
    match shape {
        Shape::All => true,
        Shape::Box(b) => {
            let ground = geo::Rect::new(coord(&b.min), coord(&b.max));
            line.intersects(&ground) || area.is_some_and(|area| area.intersects(&ground))
        }
        Shape::Polygon(ground) => {
            let mut edges = ground.rings().flat_map(|ring| {
                let next = ring.iter().cycle().skip(1);
                ring.iter().zip(next).map(|(a, b)| geo::Line::new(coord(a), coord(b)))
            });
            let mut around =
                ground.rings().flatten().filter(|p| area.as_ref().is_some_and(|a| a.intersects(&coord(p))));
            edges.any(|edge| line.intersects(&edge))
                || on_polygon(ground, start(drawing))
                || around.next().is_some()
        }
        Shape::Circle(middle, radius) => drawing.distance_m(*middle) <= *radius,
    }
}

fn start(drawing: &Drawing) -> E7 {
    match drawing {
        Drawing::Point(p) => *p,
        Drawing::Lines(lines) => lines[0][0],
        Drawing::Ground(ground) => ground.0[0].exterior[0],
    }
}

fn in_time(range: &TimeRange, t: Option<Timestamp>) -> bool {
    let from = range.from.is_none_or(|from| t.is_some_and(|t| t >= from));
    let to = range.to.is_none_or(|to| t.is_some_and(|t| t <= to));
    from && to
}

pub fn wants(filter: &IncidentFilter, r: &IncidentRow) -> bool {
    in_time(&filter.time, r.reported_at)
        && (filter.categories.is_empty() || filter.categories.iter().any(|c| r.category.as_ref() == Some(c)))
        && (filter.states.is_empty() || filter.states.contains(&r.state))
        && (filter.risks.is_empty() || filter.risks.iter().any(|s| r.risk == Some(*s)))
        && filter.open.is_none_or(|open| open == r.state.is_open())
}

pub fn wants_person(filter: &StaffFilter, r: &StaffRow) -> bool {
    in_time(&filter.seen, r.seen_at)
        && filter.side.is_none_or(|s| r.side == s)
        && filter.on_duty.is_none_or(|d| r.on_duty == d)
        && filter.role.as_ref().is_none_or(|role| r.role.as_ref() == Some(role))
}

pub fn addresses<'w>(world: &'w World, reader: &Reader<'_>, ask: &Ask) -> Vec<&'w AddressRow> {
    world.addresses.iter().filter(|r| there(reader, ask, Some(r.at))).collect()
}

pub fn incidents<'w>(world: &'w World, reader: &Reader<'_>, ask: &Ask) -> Vec<&'w IncidentRow> {
    let rows = world.incidents.values();
    rows.filter(|r| wants(&ask.incidents, r) && there(reader, ask, Some(r.at))).collect()
}

/// Staff there: those that the filter wants, or all.
pub fn staff<'w>(
    world: &'w World,
    reader: &Reader<'_>,
    ask: &Ask,
    filter: Option<&StaffFilter>,
) -> Vec<&'w StaffRow> {
    let rows = world.staff.values();
    rows.filter(|r| filter.is_none_or(|f| wants_person(f, r)) && there(reader, ask, r.at)).collect()
}

/// Counts over some of the rows there.
pub fn counts(world: &World, reader: &Reader<'_>, ask: &Ask, meant: impl Fn(Option<E7>) -> bool) -> Counts {
    let mut counts = Counts::default();
    for r in addresses(world, reader, ask).into_iter().filter(|r| meant(Some(r.at))) {
        counts.tally += Tally {
            addresses: 1,
            residents: r.residents.into(),
            dwellings: r.dwellings.into(),
            organisations: r.organisations.into(),
            ..Tally::default()
        };
    }
    for r in incidents(world, reader, ask).into_iter().filter(|r| meant(Some(r.at))) {
        counts.tally.incidents += 1;
        counts.tally.incidents_open += u64::from(r.state.is_open());
    }
    for r in staff(world, reader, ask, None).into_iter().filter(|r| meant(r.at)) {
        counts.staff += 1;
        counts.on_duty += u64::from(r.on_duty);
    }
    counts
}

/// The nearest of some rows.
pub fn nearest(at: E7, k: usize, rows: impl Iterator<Item = (Fid, E7)>) -> Vec<(Fid, f64)> {
    let mut all: Vec<(Fid, f64)> = rows.map(|(fid, p)| (fid, distance_m(at, p))).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    all.truncate(k);
    all
}
