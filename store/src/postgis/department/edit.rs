//! One feature, one transaction.

use super::{
    super::{Conn, begin, copy, single},
    import::columns,
    read,
};
use crate::{
    department::{change_of_feature, check_same, quoted, ready_alone},
    error::StoreError,
    rules,
    store::FeatureEdit,
    stored::fid_in,
};
use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, Text},
};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::{Change, Fid, Placed},
};

/// Keeps a new feature; see [`crate::Store::create_feature`].
pub(in super::super) fn create(
    conn: &mut Conn,
    schema: &Schema,
    mut row: FeatureRow,
    placed: Placed,
) -> Result<(FeatureRow, Change), StoreError> {
    begin(conn, |conn| {
        check_same(read::schema(conn, &schema.name)?.as_ref(), schema)?;
        ready_alone(schema, &mut row)?;
        row.fid = next_fid(conn, schema, &row)?;
        put(conn, schema, &row)?;
        let change = log(conn, schema, None, Some(&row), placed)?;
        Ok((row, change))
    })
}

/// Changes or deletes one; see [`crate::Store::edit_feature`].
pub(in super::super) fn edit(
    conn: &mut Conn,
    schema: &Schema,
    fid: Fid,
    decide: &mut dyn FnMut(&FeatureRow) -> FeatureEdit,
) -> Result<Option<(Option<FeatureRow>, Change)>, StoreError> {
    begin(conn, |conn| {
        check_same(read::schema(conn, &schema.name)?.as_ref(), schema)?;
        let old = read::feature(conn, schema, fid)?.ok_or(StoreError::NotFound)?;
        let (new, placed) = match decide(&old) {
            FeatureEdit::Keep => return Ok(None),
            FeatureEdit::Delete(placed) => (None, placed),
            FeatureEdit::Replace(row, placed) => {
                let mut row = FeatureRow { fid: old.fid, region: old.region, ..row };
                ready_alone(schema, &mut row)?;
                (Some(row), placed)
            }
        };
        // The row goes and comes again, so that what it is made of stands in one place: `put`.
        diesel::sql_query(format!(
            "DELETE FROM {} WHERE gridbeat_region = $1 AND fid = $2",
            quoted(&schema.name)
        ))
        .bind::<Integer, _>(i32::from(old.region.0))
        .bind::<BigInt, _>(fid_in(fid))
        .execute(conn)?;
        if let Some(row) = &new {
            put(conn, schema, row)?;
        }
        let change = log(conn, schema, Some(&old), new.as_ref(), placed)?;
        Ok(Some((new, change)))
    })
}

/// Puts a row into its table: its cells come as texts, as those of an import do.
fn put(conn: &mut Conn, schema: &Schema, row: &FeatureRow) -> Result<(), StoreError> {
    let order: Vec<usize> = (0..schema.columns.len()).collect();
    let (names, values) = columns(schema, &order);
    let mut geom = Vec::new();
    copy::put_drawing(&mut geom, &row.drawing);
    diesel::sql_query(format!(
        "INSERT INTO {} (fid, gridbeat_region, {names}geom) SELECT $1, $2, {values}ST_GeomFromEWKB($4) \
         FROM (SELECT $3 AS cells) AS s",
        quoted(&schema.name)
    ))
    .bind::<BigInt, _>(fid_in(row.fid))
    .bind::<Integer, _>(i32::from(row.region.0))
    .bind::<Array<Nullable<Text>>, _>(row.cells.iter().map(copy::cell_text).collect::<Vec<_>>())
    .bind::<Binary, _>(geom)
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// A fid for a row: after the last one given, and after the highest that another program may have put there.
fn next_fid(conn: &mut Conn, schema: &Schema, row: &FeatureRow) -> Result<Fid, StoreError> {
    let given = diesel::sql_query(format!(
        "INSERT INTO gridbeat_counters AS c SELECT $1, $2, greatest(1, \
           (SELECT max(fid) & 4294967295 FROM {} WHERE gridbeat_region = $2) + 1) \
         ON CONFLICT (name, region) DO UPDATE SET last = greatest(c.last + 1, excluded.last) RETURNING last",
        quoted(&schema.name)
    ))
    .bind::<Text, _>(&schema.name)
    .bind::<Integer, _>(i32::from(row.region.0))
    .get_result::<Last>(conn)?;
    let sequence = u32::try_from(given.last).map_err(|_| rules::region_full(row.region))?;
    Ok(Fid::new(row.region, sequence))
}

fn log(
    conn: &mut Conn,
    schema: &Schema,
    old: Option<&FeatureRow>,
    new: Option<&FeatureRow>,
    placed: Placed,
) -> Result<Change, StoreError> {
    let mut change = change_of_feature(&schema.name, old, new, placed).ok_or(StoreError::NotFound)?;
    single::append_change(conn, &mut change)?;
    Ok(change)
}
