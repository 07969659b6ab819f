//! New incidents, many in one transaction: a handful of statements over all of them, however many.

use super::{
    Conn,
    as_columns::{Counter, insert_created},
    begin, partition, single,
};
use crate::{
    error::StoreError,
    rules,
    stored::{StoredIncident, change_in, change_of_incident},
};
use diesel::{
    QueryableByName,
    prelude::*,
    sql_types::{Array, BigInt, Integer, Text},
};
use gridbeat_onemap::record::{Change, Fid, IncidentRow, LayerKind, Region};
use std::collections::{BTreeMap, HashSet};

/// A row as kept, and its change.
pub(super) type Created = Result<(IncidentRow, Change), StoreError>;

/// Keeps incidents; each gets its own answer, in their order. One that is refused takes no number and
/// hinders no other.
pub(super) fn create_many(conn: &mut Conn, rows: Vec<IncidentRow>) -> Vec<Created> {
    if rows.len() == 1 {
        return rows.into_iter().map(|row| single::create(conn, row)).collect();
    }
    let mut answers: Vec<Option<Created>> = Vec::with_capacity(rows.len());
    let mut good = Vec::with_capacity(rows.len());
    for mut row in rows {
        match rules::incident(&mut row) {
            Ok(()) => {
                answers.push(None);
                good.push(row);
            }
            Err((field, reason)) => answers.push(Some(Err(StoreError::BadRow { field, reason }))),
        }
    }
    let created = match begin(conn, |conn| together(conn, good.clone())) {
        Ok(created) => created,
        // Somebody who does not take turns (another program) put one of the codes there this moment, or long
        // ago one that we make: one by one then, so that only that one is refused or named otherwise.
        Err(StoreError::DuplicateCode(_)) => good.into_iter().map(|row| single::create(conn, row)).collect(),
        Err(e) => good.iter().map(|_| Err(e.again())).collect(),
    };
    let mut created = created.into_iter();
    answers.into_iter().map(|a| a.or_else(|| created.next()).unwrap_or_else(lost)).collect()
}

/// The same, a transaction for each region: what one server does not take hinders none on another.
pub(super) fn create_by_region(conn: &mut Conn, rows: Vec<IncidentRow>) -> Vec<Created> {
    let mut answers: Vec<Option<Created>> = rows.iter().map(|_| None).collect();
    let mut regions: BTreeMap<Region, (Vec<usize>, Vec<IncidentRow>)> = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        let (places, rows) = regions.entry(row.region).or_default();
        places.push(place);
        rows.push(row);
    }
    for (places, rows) in regions.into_values() {
        for (place, created) in places.into_iter().zip(create_many(conn, rows)) {
            if let Some(answer) = answers.get_mut(place) {
                *answer = Some(created);
            }
        }
    }
    answers.into_iter().map(|a| a.unwrap_or_else(lost)).collect()
}

/// The answer to whoever got none, which should not be.
fn lost() -> Created {
    Err(StoreError::Unavailable { what: "the write was lost".to_owned(), source: None })
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Integer)]
    region: i32,
    #[diesel(sql_type = Text)]
    code: String,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Integer)]
    region: i32,
    #[diesel(sql_type = BigInt)]
    last: i64,
    #[diesel(sql_type = BigInt)]
    change: i64,
}

/// The last numbers given.
struct Numbers {
    change: i64,
    /// Sequence numbers of incidents.
    incidents: BTreeMap<Region, i64>,
}

/// Inside the transaction, whose turn it is.
fn together(conn: &mut Conn, rows: Vec<IncidentRow>) -> Result<Vec<Created>, StoreError> {
    let mut numbers = last_numbers(conn, &rows)?;
    let said = rows.iter().filter(|r| !r.code.is_empty()).map(|r| (r.region, r.code.clone()));
    let mut taken = taken(conn, said.collect())?;
    let mut answers = Vec::with_capacity(rows.len());
    for mut row in rows {
        if !row.code.is_empty() && taken.contains(&(row.region, row.code.clone())) {
            answers.push(Err(StoreError::DuplicateCode(row.code)));
            continue;
        }
        let last = numbers.incidents.entry(row.region).or_default();
        let Ok(sequence) = u32::try_from(*last + 1) else {
            answers.push(Err(rules::region_full(row.region)));
            continue;
        };
        *last += 1;
        row.fid = Fid::new(row.region, sequence);
        if row.code.is_empty() {
            let first = rules::made_code(row.fid, false);
            row.code = rules::made_code(row.fid, taken.contains(&(row.region, first)));
        }
        taken.insert((row.region, row.code.clone()));
        let mut change = change_of_incident(None, Some(&row)).ok_or(StoreError::NotFound)?;
        numbers.change += 1;
        change.n = numbers.change as u64;
        answers.push(Ok((row, change)));
    }
    keep(conn, &answers, &numbers)?;
    Ok(answers)
}

/// The last numbers given, for the regions of the rows.
fn last_numbers(conn: &mut Conn, rows: &[IncidentRow]) -> Result<Numbers, StoreError> {
    let mut regions: Vec<i32> = rows.iter().map(|r| i32::from(r.region.0)).collect();
    regions.sort_unstable();
    regions.dedup();
    let only = partition::only(rows.iter().map(|r| r.region));
    let found: Vec<Last> = diesel::sql_query(format!(
        "SELECT r.region, greatest( \
           coalesce((SELECT c.last FROM gridbeat_counters AS c WHERE c.name = 'incidents' AND c.region = r.region), 0), \
           coalesce((SELECT max(t.fid) & 4294967295 FROM incidents AS t WHERE t.region = r.region{only} \
             AND t.fid BETWEEN r.region::bigint << 32 AND (r.region::bigint << 32) + 4294967295), 0)) AS last, \
           (SELECT c.last FROM gridbeat_counters AS c WHERE c.name = 'change' AND c.region = 0) AS change \
         FROM unnest($1) AS r(region)",
    ))
    .bind::<Array<Integer>, _>(regions)
    .load(conn)?;
    let mut numbers = Numbers { change: 0, incidents: BTreeMap::new() };
    for l in found {
        numbers.change = l.change;
        numbers.incidents.insert(crate::stored::region_out(LayerKind::Incident, 0, l.region)?, l.last);
    }
    Ok(numbers)
}

/// Which of these codes are there, and perhaps others of them in another of these regions.
fn taken(conn: &mut Conn, codes: Vec<(Region, String)>) -> Result<HashSet<(Region, String)>, StoreError> {
    if codes.is_empty() {
        return Ok(HashSet::new());
    }
    let (regions, codes): (Vec<Region>, Vec<String>) = codes.into_iter().unzip();
    // No join: a list can be looked up on another server as well, in its index.
    let found: Vec<Taken> = diesel::sql_query(format!(
        "SELECT t.region, t.code::text AS code FROM incidents AS t WHERE t.code = ANY($1){}",
        partition::only(regions)
    ))
    .bind::<Array<Text>, _>(codes)
    .load(conn)?;
    found
        .into_iter()
        .map(|t| Ok((crate::stored::region_out(LayerKind::Incident, 0, t.region)?, t.code)))
        .collect()
}

/// Writes those that are kept, their changes and the numbers given.
fn keep(conn: &mut Conn, answers: &[Created], numbers: &Numbers) -> Result<(), StoreError> {
    let kept = || answers.iter().flatten();
    if kept().next().is_none() {
        return Ok(());
    }
    let rows: Vec<StoredIncident> = kept().map(|(row, _)| StoredIncident::from(row)).collect();
    let log: Vec<_> = kept().map(|(_, change)| change_in(change)).collect();
    let counter = |(region, &last): (&Region, _)| Counter {
        name: LayerKind::Incident.collection(),
        region: i32::from(region.0),
        last,
    };
    let mut counters: Vec<Counter> = numbers.incidents.iter().map(counter).collect();
    counters.push(Counter { name: single::CHANGE, region: 0, last: numbers.change });
    insert_created(conn, &rows, &log, &counters).map_err(|e| single::duplicate(e, ""))
}
