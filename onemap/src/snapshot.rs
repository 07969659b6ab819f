//! The map as one immutable value, and the reader through which all of it is seen.

mod differences;

pub use differences::{Differences, MOST_PLACES, Places};

use crate::{
    Bounds, E7, Scope,
    addresses::Addresses,
    coverage::{AreaId, Faults, Layer},
    department::{Department, FeatureRow, Schema, interned},
    live::{Incident, Incidents, Merged, StaffPosition, StaffPositions},
    overlay::{Overlay, PieceId},
    record::{AddressRow, AreaRow, Fid, IncidentRow, Placed, Side, StaffRow},
    tally::{Tallies, Tally},
};
use rayon::prelude::*;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc as Shared, OnceLock},
};

/// Who answers for a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// The piece; `None` outside both layers.
    pub piece: Option<PieceId>,
    /// The grid.
    pub grid: Option<AreaId>,
    /// The beat.
    pub beat: Option<AreaId>,
}

/// Collects rows, then builds the map.
#[derive(Debug, Default)]
pub struct MapBuilder {
    grids: Vec<AreaRow>,
    beats: Vec<AreaRow>,
    addresses: Addresses,
    incidents: Vec<IncidentRow>,
    staff: Vec<StaffRow>,
    departments: Vec<(Schema, Vec<FeatureRow>)>,
}

/// All addresses and incidents as an earlier map had them.
#[derive(Debug)]
pub struct PlacedRows {
    /// Addresses with their index.
    pub addresses: Addresses,
    /// Incidents, in any order.
    pub incidents: Vec<Shared<Incident>>,
    /// That map's [`OneMap::ground_mark`]: where it is the new map's too, nothing is looked up again.
    pub ground: u64,
}

impl MapBuilder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An area of a boundary layer.
    pub fn area(&mut self, side: Side, row: AreaRow) {
        match side {
            Side::Grid => self.grids.push(row),
            Side::Beat => self.beats.push(row),
        }
    }

    /// An address.
    pub fn address(&mut self, row: &AddressRow) {
        self.addresses.push(row);
    }

    /// An incident.
    pub fn incident(&mut self, row: IncidentRow) {
        self.incidents.push(row);
    }

    /// A member of staff; name and phone are let go at once.
    pub fn staff(&mut self, row: StaffRow) {
        self.staff.push(StaffRow { name: None, phone: None, ..row });
    }

    /// A layer of a department, whose features follow.
    pub fn department(&mut self, schema: Schema) {
        self.departments.push((schema, Vec::new()));
    }

    /// A feature of the department's layer that was told last; before any was, it belongs to none.
    pub fn feature(&mut self, row: FeatureRow) {
        if let Some((_, rows)) = self.departments.last_mut() {
            rows.push(row);
        }
    }

    /// Builds the map as of change `change`.
    pub fn finish(self, change: u64) -> OneMap {
        self.ground(change).finish()
    }

    /// Builds the boundaries first, so that the rest can be read meanwhile.
    pub fn ground(mut self, change: u64) -> Grounded {
        let (grids, beats) = (std::mem::take(&mut self.grids), std::mem::take(&mut self.beats));
        let (grids, beats) = rayon::join(|| Layer::new(Side::Grid, grids), || Layer::new(Side::Beat, beats));
        let overlay = Overlay::new(&grids, &beats);
        let map = OneMap {
            change,
            departments: Shared::default(),
            tallies: Tallies::default(),
            grids: Shared::new(grids),
            beats: Shared::new(beats),
            faults: Default::default(),
            overlay: Shared::new(overlay),
            addresses: Shared::default(),
            incidents: Incidents::new([]),
            staff: StaffPositions::new([]),
        };
        Grounded { map, on_it: self }
    }
}

/// A map of boundaries, and the rows that are to be put on it.
#[derive(Debug)]
pub struct Grounded {
    map: OneMap,
    on_it: MapBuilder,
}

impl Grounded {
    /// See [`OneMap::ground_mark`].
    pub fn ground_mark(&self) -> u64 {
        self.map.ground_mark()
    }

    /// A further incident.
    pub fn incident(&mut self, row: IncidentRow) {
        self.on_it.incidents.push(row);
    }

    /// Puts the rows on it.
    pub fn finish(mut self) -> OneMap {
        let addresses = std::mem::take(&mut self.on_it.addresses).finish(|at| self.map.locate_all(at));
        self.put(addresses, Vec::new())
    }

    /// The same with addresses and incidents of an earlier map. Addresses that the builder was told are let go,
    /// incidents come to these.
    pub fn finish_with(self, placed: PlacedRows) -> OneMap {
        let PlacedRows { addresses, mut incidents, ground } = placed;
        let map = &self.map;
        let pieces = map.overlay.pieces().len();
        let known = ground == map.ground_mark();
        let addresses = if known && addresses.pieces_are_below(pieces) {
            addresses
        } else {
            addresses.relocated(|at| map.locate_all(at))
        };
        if !known || incidents.iter().any(|i| i.piece.is_some_and(|p| p.0 as usize >= pieces)) {
            incidents = incidents.into_par_iter().map(|i| Shared::new(map.place(i.row.clone()))).collect();
        }
        self.put(addresses, incidents)
    }

    fn put(self, addresses: Addresses, mut incidents: Vec<Shared<Incident>>) -> OneMap {
        let Self { mut map, on_it } = self;
        map.addresses = Shared::new(addresses);
        incidents.par_extend(on_it.incidents.into_par_iter().map(|row| Shared::new(map.place(row))));
        let mut departments: Vec<Shared<Department>> = on_it
            .departments
            .into_iter()
            .map(|(schema, rows)| Shared::new(Department::new(interned(schema), rows, &map.overlay)))
            .collect();
        departments.sort_by_key(|d| &d.schema().name);
        map.departments = departments.into();
        map.incidents = Incidents::shared(incidents);
        map.staff =
            StaffPositions::new(on_it.staff.into_iter().map(|row| map.station(row)).collect::<Vec<_>>());
        let mut tallies = vec![Tally::default(); map.overlay.pieces().len()];
        for i in 0..map.addresses.len() as u32 {
            if let Some(p) = map.addresses.piece(i) {
                let t = &mut tallies[p.0 as usize];
                let [residents, dwellings, organisations] = map.addresses.counts(i);
                t.addresses += 1;
                t.residents += residents;
                t.dwellings += dwellings;
                t.organisations += organisations;
            }
        }
        for incident in map.incidents.iter() {
            if let Some(p) = incident.piece {
                tallies[p.0 as usize] += tally(incident);
            }
        }
        map.tallies = Tallies::new(&tallies);
        map
    }
}

/// See [`OneMap::ground_mark`].
fn mark_of(overlay: &Overlay) -> u64 {
    let mut hasher = DefaultHasher::new();
    for p in overlay.pieces() {
        (&p.id, p.area_m2.to_bits(), p.bounds.min, p.bounds.max).hash(&mut hasher);
    }
    hasher.finish()
}

fn tally(incident: &Incident) -> Tally {
    Tally { incidents: 1, incidents_open: u64::from(incident.row.state.is_open()), ..Tally::default() }
}

/// Everything that is looked at, as of one change. Immutable and shared; see [`OneMap::read`].
#[derive(Clone, Debug)]
pub struct OneMap {
    change: u64,
    grids: Shared<Layer>,
    beats: Shared<Layer>,
    /// Where each layer gives no single answer; searched for when first asked.
    faults: [Shared<OnceLock<Faults>>; 2],
    overlay: Shared<Overlay>,
    addresses: Shared<Addresses>,
    incidents: Incidents,
    staff: StaffPositions,
    /// By name.
    departments: Shared<[Shared<Department>]>,
    /// By piece: counts on its present ground.
    tallies: Tallies,
}

impl OneMap {
    /// The number of the last change that is in it.
    pub fn change(&self) -> u64 {
        self.change
    }

    /// A number that stands for the pieces: maps with another one may number their pieces otherwise. It holds
    /// within one build of the program.
    pub fn ground_mark(&self) -> u64 {
        mark_of(&self.overlay)
    }

    /// Works out what else is worked out when it is first asked for: where the areas' names stand. For a city half
    /// a second, on one core only, since it is done beside the first readers.
    pub fn prepare(&self) {
        self.grids.prepare();
        self.beats.prepare();
    }

    /// The map as somebody may see it.
    pub fn read<'a>(&'a self, scope: &'a Scope) -> Reader<'a> {
        Reader { map: self, scope }
    }

    /// The map after one incident came, changed or (`None`) went. Shares all else with this one.
    #[must_use]
    pub fn with_incident(&self, change: u64, fid: Fid, row: Option<IncidentRow>) -> Self {
        let mut next = Self { change, ..self.clone() };
        let new = row.map(|r| self.place(r));
        if let Some((old, p)) = self.incidents.get(fid).and_then(|o| Some((o, o.piece?))) {
            let (t, o) = (next.tallies.get_mut(p), tally(old));
            t.incidents -= o.incidents;
            t.incidents_open -= o.incidents_open;
        }
        if let Some((new, p)) = new.as_ref().and_then(|n| Some((n, n.piece?))) {
            *next.tallies.get_mut(p) += tally(new);
        }
        next.incidents = self.incidents.with(fid, new);
        next
    }

    /// The map after one member of staff came, moved, changed or (`None`) went; name and phone are let
    /// go. Shares all else with this one.
    #[must_use]
    pub fn with_staff(&self, change: u64, fid: Fid, row: Option<StaffRow>) -> Self {
        let row = row.map(|r| self.station(StaffRow { name: None, phone: None, ..r }));
        Self { change, staff: self.staff.with(fid, row), ..self.clone() }
    }

    /// The map after one feature of a department's layer came, changed or (`None`) went. Shares all else with this
    /// one. A layer that is not there stays so.
    #[must_use]
    pub fn with_feature(&self, change: u64, layer: &str, fid: Fid, row: Option<FeatureRow>) -> Self {
        let mut row = Some(row);
        let next = |d: &Shared<Department>| match row.take_if(|_| d.schema().name == layer) {
            Some(row) => Shared::new(d.with(fid, row, &self.overlay)),
            None => Shared::clone(d),
        };
        Self { change, departments: self.departments.iter().map(next).collect(), ..self.clone() }
    }

    /// Whether so much has changed that [`OneMap::merged`] is worth while.
    pub fn wants_merge(&self) -> bool {
        self.incidents.wants_merge() || self.staff.wants_merge()
    }

    /// The trees over what changes, packed anew with all changes of this version in them: those that
    /// want it, or both if neither does. Takes a while (a second for some million rows), so it is
    /// called beside readers and writers, who go on; then [`OneMap::with_merged`] puts it under the
    /// newest version.
    #[must_use]
    pub fn merged(&self) -> MergedTrees {
        let (incidents, staff) = (&self.incidents, &self.staff);
        let both = !self.wants_merge();
        MergedTrees {
            incidents: (both || incidents.wants_merge()).then(|| incidents.merged()),
            staff: (both || staff.wants_merge()).then(|| staff.merged()),
        }
    }

    /// The same map over trees that were merged from an earlier version of it. Trees of a map that has
    /// been loaded anew since are left aside.
    #[must_use]
    pub fn with_merged(&self, merged: &MergedTrees) -> Self {
        let mut next = self.clone();
        if let Some(incidents) = &merged.incidents {
            next.incidents = self.incidents.with_merged(incidents);
        }
        if let Some(staff) = &merged.staff {
            next.staff = self.staff.with_merged(staff);
        }
        next
    }

    /// The map as of a later change that touched nothing in it.
    #[must_use]
    pub fn with_change(&self, change: u64) -> Self {
        Self { change, ..self.clone() }
    }

    fn locate_all(&self, at: &[E7]) -> Vec<Option<PieceId>> {
        at.par_iter().map(|&p| self.overlay.locate(p)).collect()
    }

    /// An incident on the present ground; one that was never placed is placed by it.
    fn place(&self, mut row: IncidentRow) -> Incident {
        let piece = self.overlay.locate(row.at);
        row.placed.get_or_insert_with(|| self.codes(piece));
        Incident { row, piece }
    }

    /// A member of staff on the present ground.
    fn station(&self, row: StaffRow) -> StaffPosition {
        StaffPosition { piece: row.at.and_then(|p| self.overlay.locate(p)), row }
    }

    fn codes(&self, piece: Option<PieceId>) -> Placed {
        let Some(p) = piece.map(|p| self.overlay.piece(p)) else {
            return Placed::default();
        };
        Placed {
            grid: p.grid.map(|g| self.grids.area(g).code.clone()),
            beat: p.beat.map(|b| self.beats.area(b).code.clone()),
        }
    }
}

/// Trees packed anew: see [`OneMap::merged`].
#[derive(Debug)]
pub struct MergedTrees {
    incidents: Option<Merged<Incident>>,
    staff: Option<Merged<StaffPosition>>,
}

/// The map through somebody's eyes: every query hangs here, so none can be asked without a scope.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    map: &'a OneMap,
    scope: &'a Scope,
}

impl<'a> Reader<'a> {
    /// Whose eyes.
    pub fn scope(&self) -> &'a Scope {
        self.scope
    }

    /// The number of the last change.
    pub fn change(&self) -> u64 {
        self.map.change
    }

    /// One side's layer.
    pub fn layer(&self, side: Side) -> &'a Layer {
        match side {
            Side::Grid => &self.map.grids,
            Side::Beat => &self.map.beats,
        }
    }

    /// Where a side's drawings give no single answer. The first call for a layer searches it.
    pub fn faults(&self, side: Side) -> &'a Faults {
        self.map.faults[side as usize].get_or_init(|| Faults::of(self.layer(side)))
    }

    /// All areas that claim a position, if there are several: first the one that answers for it.
    pub fn claimants(&self, side: Side, at: E7) -> Option<&'a [AreaId]> {
        let fault = self.faults(side).at(at).filter(|f| f.is_disputed())?;
        let place = self.locate(at);
        let answers = match side {
            Side::Grid => place.grid,
            Side::Beat => place.beat,
        };
        // Where rounding bent a border the two may differ by a centimetre.
        (fault.areas.first().copied() == answers).then_some(&fault.areas)
    }

    /// Both layers over each other.
    pub fn overlay(&self) -> &'a Overlay {
        &self.map.overlay
    }

    /// Who answers for a position.
    pub fn locate(&self, at: E7) -> Place {
        self.place_of(self.map.overlay.locate(at))
    }

    /// The grid and the beat of a piece.
    pub fn place_of(&self, piece: Option<PieceId>) -> Place {
        let Some(id) = piece else {
            return Place::default();
        };
        let p = self.map.overlay.piece(id);
        Place { piece, grid: p.grid, beat: p.beat }
    }

    /// Who answers for many positions, in their order; in parallel.
    pub fn locate_many(&self, at: &[E7]) -> Vec<Place> {
        at.par_iter().with_min_len(1024).map(|&p| self.locate(p)).collect()
    }

    /// The codes that a new incident at this position keeps.
    pub fn placed(&self, at: E7) -> Placed {
        self.map.codes(self.map.overlay.locate(at))
    }

    /// Counts on a piece.
    pub fn tally(&self, piece: PieceId) -> Tally {
        self.map.tallies.get(piece)
    }

    /// Counts on an area; on a parent, on all that is drawn below it.
    pub fn tally_of(&self, side: Side, area: AreaId) -> Tally {
        let mut sum = Tally::default();
        for &drawn in self.layer(side).drawn_below(area) {
            for &piece in self.map.overlay.pieces_of(side, drawn) {
                sum += self.tally(piece);
            }
        }
        sum
    }

    /// All addresses.
    pub fn addresses(&self) -> &'a Addresses {
        &self.map.addresses
    }

    /// All incidents.
    pub fn incidents(&self) -> &'a Incidents {
        &self.map.incidents
    }

    /// All positions of staff.
    pub fn staff(&self) -> &'a StaffPositions {
        &self.map.staff
    }

    /// All layers of departments, by name.
    pub fn departments(&self) -> &'a [Shared<Department>] {
        &self.map.departments
    }

    /// The layer of a department with this name.
    pub fn department(&self, name: &str) -> Option<&'a Department> {
        let all = self.departments();
        let i = all.binary_search_by(|d| d.schema().name.as_str().cmp(name)).ok()?;
        Some(&all[i])
    }

    /// The box around everything.
    pub fn bounds(&self) -> Bounds {
        let departments = self.departments().iter().fold(Bounds::EMPTY, |b, d| b.join(d.bounds()));
        self.map
            .overlay
            .bounds()
            .join(departments)
            .join(self.map.addresses.bounds())
            .join(self.map.incidents.bounds())
            .join(self.map.staff.bounds())
    }
}
