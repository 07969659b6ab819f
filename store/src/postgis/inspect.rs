//! What is wrong with the tables as PostgreSQL has them.

use super::{Conn, later};
use crate::{error::StoreError, verify::Finding};
use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};
use gridbeat_onemap::record::LayerKind;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    layer: String,
    #[diesel(sql_type = Text)]
    name: String,
}

pub(super) fn inspect(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let tables: Vec<String> = LayerKind::ALL.iter().map(|l| format!("'{}'", l.collection())).collect();
    let tables = tables.join(", ");
    // Where tables are partitioned, the keys of what is here are those of the leaf `grids_home`.
    let broken: Vec<Named> = diesel::sql_query(format!(
        "SELECT t.relname::text AS layer, i.relname::text AS name FROM pg_index AS x \
         JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid \
         WHERE t.relnamespace = current_schema()::regnamespace AND (t.relname IN ({tables}) OR (t.relname LIKE '%_home' AND left(t.relname, -5) IN ({tables}))) \
         AND NOT (x.indisvalid AND x.indisready) ORDER BY 1, 2"
    ))
    .load(conn)?;
    for index in broken {
        let what = format!("the index {} is not valid: REINDEX it", index.name);
        found(Finding::new(&index.layer, "index", what));
    }
    // What keeps codes and fids from standing twice, and makes a box quick to look up.
    let missing: Vec<Named> = diesel::sql_query(format!(
        "SELECT t.layer, w.name FROM unnest(ARRAY[{tables}]) AS t(layer), \
         LATERAL (VALUES (t.layer || '_pkey'), (t.layer || '_region_code'), \
           (CASE WHEN t.layer <> 'residents' THEN t.layer || '_geom' END)) AS w(name) \
         WHERE w.name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_indexes AS i \
           WHERE i.schemaname = current_schema() AND i.tablename IN (t.layer, t.layer || '_home') AND i.indexname = w.name) ORDER BY 1, 2"
    ))
    .load(conn)?;
    for index in missing {
        found(Finding::new(&index.layer, "index", format!("the index {} is missing", index.name)));
    }
    for index in later::left(conn)? {
        let what = format!("the index {index} was not made after an import; opening the store tries again");
        found(Finding::new("gridbeat_meta", "index", what));
    }
    Ok(())
}
