//! Incidents: clusters on a raster when far, one by one when near.
//!
//! A cluster is all incidents of one of 8 × 8 cells of a tile. Cells nest in tiles, so each incident
//! is counted in one tile of a zoom, and the counts of a zoom add up to all of them. How many are in a state stands
//! under the name of the state.

use super::{places, text};
use crate::{
    frame::Frame,
    maker::{Keep, Row},
    mvt::{self, EXTENT, Geometry, Value},
};
use gridbeat_onemap::{
    Reader,
    live::Incident,
    record::{Fid, Risk, State},
};

/// From this zoom on every incident stands for itself.
const SINGLE_ZOOM: u8 = 14;

/// Cells along a tile's side.
const CELLS: i32 = 8;

/// What is counted of a cell.
#[derive(Clone, Default)]
struct Cluster {
    count: u64,
    open: u64,
    /// Open ones by risk: red, yellow, blue.
    risks: [u64; 3],
    /// By state, in the order of [`State::ALL`].
    states: [u64; State::ALL.len()],
    /// Sums of tile coordinates.
    sum: (i64, i64),
    /// One of them; the only one when `count` is 1.
    any: Fid,
}

impl Cluster {
    fn add(&mut self, incident: &Incident, (x, y): (i32, i32)) {
        let open = incident.row.state.is_open();
        self.count += 1;
        self.open += u64::from(open);
        self.states[incident.row.state as usize] += 1;
        if let (true, Some(risk)) = (open, incident.row.risk) {
            self.risks[match risk {
                Risk::Red => 0,
                Risk::Yellow => 1,
                Risk::Blue => 2,
            }] += 1;
        }
        self.sum.0 += i64::from(x);
        self.sum.1 += i64::from(y);
        self.any = incident.row.fid;
    }

    /// The mean place, which lies in the cell because all members do.
    fn middle(&self) -> (i32, i32) {
        let n = self.count.max(1) as i64;
        ((self.sum.0 / n) as i32, (self.sum.1 / n) as i32)
    }
}

/// The tile's incidents.
pub(crate) fn incidents(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    if frame.id.z < SINGLE_ZOOM {
        clusters(out, map, frame, keep);
    } else {
        singles(out, map, frame, keep);
    }
}

fn clusters(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    let size = EXTENT as i32 / CELLS;
    let mut cells = vec![Cluster::default(); (CELLS * CELLS) as usize];
    map.incidents().in_box(&frame.bounds(), |incident| {
        if let Some((x, y)) = frame.place(incident.row.at)
            && keep.keeps(Row::Incident(incident))
        {
            cells[((y / size) * CELLS + x / size) as usize].add(incident, (x, y));
        }
    });
    for cluster in cells.iter().filter(|c| c.count > 0) {
        if cluster.count == 1
            && let Some(incident) = map.incidents().get(cluster.any)
        {
            single(out, map, frame, incident);
            continue;
        }
        let (x, y) = cluster.middle();
        let [red, yellow, blue] = cluster.risks;
        let counts = [
            ("count", cluster.count),
            ("open", cluster.open),
            ("red", red),
            ("yellow", yellow),
            ("blue", blue),
        ];
        // Of the states those that there are; most cells have few.
        let states = State::ALL.iter().zip(cluster.states).map(|(state, n)| (state.as_str(), n));
        let counts = counts.into_iter().chain(states.filter(|(_, n)| *n > 0));
        out.add(None, &Geometry::point(x, y), counts.map(|(key, n)| (key, Some(Value::Uint(n)))));
    }
}

fn singles(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    let mut near = Vec::new();
    map.incidents().in_box(&frame.bounds(), |incident| {
        if keep.keeps(Row::Incident(incident)) {
            near.push(incident.row.fid);
        }
    });
    near.sort_unstable();
    out.reserve(near.len());
    for incident in near.into_iter().filter_map(|fid| map.incidents().get(fid)) {
        single(out, map, frame, incident);
    }
}

fn single(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, incident: &Incident) {
    let row = &incident.row;
    let Some((x, y)) = frame.place(row.at) else {
        return;
    };
    let reported_at = row.reported_at.map(|t| t.to_string());
    let placed = row.placed.as_ref();
    let [.., piece] = places(map, incident.piece);
    let properties = [
        ("code", text(Some(&row.code))),
        ("title", text(row.title.as_deref())),
        ("category", text(row.category.as_deref())),
        ("state", text(Some(row.state.as_str()))),
        ("risk", text(row.risk.map(Risk::as_str))),
        ("source", text(row.source.map(|s| s.as_str()))),
        ("reported_at", text(reported_at.as_deref())),
        ("address", text(row.address.as_deref())),
        ("grid", text(placed.and_then(|p| p.grid.as_deref()))),
        ("beat", text(placed.and_then(|p| p.beat.as_deref()))),
        ("piece", text(piece)),
    ];
    out.add(Some(row.fid.0), &Geometry::point(x, y), properties);
}
