//! Which events a reader of the stream wants, and who crosses the border of what is wanted: a geofence.

use super::{
    narrow,
    params::{BoxFilter, Params},
};
use crate::{
    app::App,
    feature::{
        asked::{Asked, queryables},
        collection::Collection,
    },
    live::{event::Event, moved::Single},
};
use gridbeat_filter::{Filter, Queryable};
use gridbeat_onemap::{
    AreaId, Bounds, E7, Reader,
    record::{Op, Side},
};

/// What a reader asked for.
pub struct Wanted {
    collection: Option<Collection>,
    area: Option<String>,
    bbox: Option<BoxFilter>,
    filter: Option<Filter>,
    queryables: Vec<Queryable>,
}

/// Whether a change led across the border of what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// It did not, or nobody can say.
    None,
    /// A member of staff came to be among what is wanted …
    Enter,
    /// … or is so no more.
    Exit,
}

impl Wanted {
    /// What the parameters say; faults are noted there.
    pub fn of(params: &mut Params, app: &App) -> Self {
        let mut wanted =
            Self { collection: None, area: None, bbox: params.bbox(), filter: None, queryables: Vec::new() };
        if let Some(name) = params.text("collection") {
            let snapshot = app.live.now();
            wanted.collection = Collection::find(&snapshot.map.read(app.live.scope()), &name);
            if wanted.collection.is_none() {
                params.fault("collection", "is none of the collections");
            }
        }
        match wanted.collection {
            Some(collection) => {
                wanted.filter = narrow::filter(params, collection);
                wanted.queryables = queryables(collection);
            }
            None if params.has("filter") => {
                params.text("filter");
                params.fault("filter", "needs “collection”: what can be asked about depends on it");
            }
            None => {}
        }
        if let Some(code) = params.text("area") {
            let snapshot = app.live.now();
            let reader = snapshot.map.read(app.live.scope());
            if Side::BOTH.iter().all(|&s| reader.layer(s).find(&code).is_none()) {
                params.fault("area", "is the code of no area");
            }
            wanted.area = Some(code);
        }
        wanted
    }

    /// Whether it matters where members of staff were before.
    pub fn is_fence(&self) -> bool {
        self.collection == Some(Collection::Staff)
            && (self.area.is_some() || self.bbox.is_some() || self.filter.is_some())
    }

    /// Whether the values of rows matter.
    pub fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// `None` when the reader does not want the event. A row that was among what is wanted, and is not any
    /// more, is an event too. Where the rows are not known, whatever may be wanted is.
    pub fn wants(&self, app: &App, event: &Event) -> Option<Crossing> {
        if let Some(all_or_none) = self.by_collection(event) {
            return all_or_none.then_some(Crossing::None);
        }
        let snapshot = app.live.now();
        let reader = snapshot.map.read(app.live.scope());
        let Some(moved) = &event.moved else {
            return self.may_want(&reader, event).then_some(Crossing::None);
        };
        let updated = event.change.op == Op::Update && self.is_fence();
        match (self.holds(&reader, &moved.before), self.holds(&reader, &moved.after)) {
            (false, false) => None,
            (false, true) if updated => Some(Crossing::Enter),
            (true, false) if updated => Some(Crossing::Exit),
            _ => Some(Crossing::None),
        }
    }

    /// Whether a reader who was away may want a change that was read from the log, which keeps no rows.
    /// `as_it_came`: whether it brought a row that is still on the map as it came, and so can be asked.
    pub fn wants_logged(&self, reader: &Reader<'_>, event: &Event, as_it_came: bool) -> bool {
        if let Some(all_or_none) = self.by_collection(event) {
            return all_or_none;
        }
        let change = &event.change;
        match change.fid {
            Some(fid) if as_it_came => self.holds(reader, &Single::find(reader, &change.layer, fid)),
            _ => self.may_want(reader, event),
        }
    }

    /// Whether every event of a collection is wanted, or none; `None` when its rows decide.
    fn by_collection(&self, event: &Event) -> Option<bool> {
        if self.collection.is_some_and(|c| c.id() != event.change.layer.collection()) {
            return Some(false);
        }
        (self.area.is_none() && self.bbox.is_none() && self.filter.is_none()).then_some(true)
    }

    /// Whether a row is among what is wanted.
    fn holds(&self, reader: &Reader<'_>, row: &Option<Single>) -> bool {
        let Some(row) = row else { return false };
        let inside = |b: &BoxFilter| row.bounds().is_some_and(|bounds| b.intersects(&bounds));
        if !self.bbox.as_ref().is_none_or(inside) {
            return false;
        }
        let item = row.item();
        if !self.area.as_deref().is_none_or(|code| row_lies_in(reader, code, row)) {
            return false;
        }
        self.filter.as_ref().is_none_or(|filter| {
            filter.matcher().matches(&Asked { reader, queryables: &self.queryables, item })
        })
    }

    /// The same by what the log keeps.
    fn may_want(&self, reader: &Reader<'_>, event: &Event) -> bool {
        let change = &event.change;
        if let (Some(wanted), Some(bbox)) = (&self.bbox, change.bbox)
            && !wanted.intersects(&bbox)
        {
            return false;
        }
        let Some(code) = &self.area else { return true };
        // An import may have touched any area; where somebody went is not in the log.
        let Some(bbox) = change.bbox.filter(|_| change.op != Op::Import) else { return true };
        if by_code(reader, code, change.grid.as_deref(), change.beat.as_deref()) {
            return true;
        }
        if bbox.min == bbox.max {
            return by_place(reader, code, bbox.min);
        }
        // Of one that moved the codes are those of the new place; the old one lies in the box.
        is_near(reader, code, &bbox)
    }
}

/// An incident lies in an area by the codes in force when it was reported, or by where it is; a member
/// of staff by where he or she is; a feature of a department with any part of it.
fn row_lies_in(reader: &Reader<'_>, code: &str, row: &Single) -> bool {
    match row {
        Single::Feature(feature) => feature.lies_in(code),
        Single::Incident(incident) if by_code(reader, code, incident.grid(), incident.beat()) => true,
        _ => row.at().is_some_and(|at| by_place(reader, code, at)),
    }
}

/// Whether the box around an area meets another.
fn is_near(reader: &Reader<'_>, code: &str, bounds: &Bounds) -> bool {
    Side::BOTH.into_iter().any(|side| {
        let layer = reader.layer(side);
        layer.find(code).is_some_and(|area| layer.area(area).bounds.intersects(bounds))
    })
}

fn by_code(reader: &Reader<'_>, code: &str, grid: Option<&str>, beat: Option<&str>) -> bool {
    let found = |side: Side, found: Option<&str>| {
        found.is_some_and(|f| f == code || below(reader, code, side, reader.layer(side).find(f)))
    };
    found(Side::Grid, grid) || found(Side::Beat, beat)
}

fn by_place(reader: &Reader<'_>, code: &str, at: E7) -> bool {
    let place = reader.locate(at);
    below(reader, code, Side::Grid, place.grid) || below(reader, code, Side::Beat, place.beat)
}

/// Whether the area is the one of that code, or below it.
fn below(reader: &Reader<'_>, code: &str, side: Side, area: Option<AreaId>) -> bool {
    let layer = reader.layer(side);
    area.is_some_and(|id| std::iter::once(id).chain(layer.ancestors(id)).any(|a| layer.area(a).code == code))
}
