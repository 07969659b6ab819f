//! What a layer's first rows go in without: the indexes that are not keys.

use super::import::Import;
use crate::error::StoreError;
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Array, Text},
};
use gridbeat_onemap::record::LayerKind;

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

impl Import<'_> {
    /// Whether the layer has no row yet, as far as its indexes go.
    pub(super) fn is_first(&mut self) -> Result<bool, StoreError> {
        let table = self.table;
        let any = |from: String| format!("SELECT count(*) AS n FROM (SELECT 1 FROM {from} LIMIT 1) AS t");
        Ok(if self.only.is_empty() {
            self.count(&any(table.to_owned()))? == 0
        } else {
            // Of several servers: the indexes that can be dropped are those at home.
            let at_home = "stage WHERE region NOT IN (SELECT region FROM gridbeat_regions)";
            self.count(&any(format!("{table}_home")))? == 0 && self.count(&any(at_home.to_owned()))? > 0
        })
    }

    /// A layer's first rows go in without the indexes that are not keys, which are then made in one go: many
    /// times quicker. So are those of addresses when the first residents change the count of each. Returns
    /// the statements that make them again. Later imports leave them alone, since readers would wait.
    pub(super) fn drop_costly_indexes(&mut self) -> Result<Vec<String>, StoreError> {
        let table = self.table;
        let indexed: &[&str] =
            if self.plan.layer == LayerKind::Resident { &["addresses", "residents"] } else { &[table] };
        let leaves = indexed.iter().map(|table| format!("{table}_home"));
        let indexed: Vec<String> = indexed.iter().copied().map(str::to_owned).chain(leaves).collect();
        let indexes: Vec<Index> = diesel::sql_query(
            "SELECT indexname::text AS name, indexdef AS definition FROM pg_indexes \
             WHERE schemaname = current_schema() AND tablename = ANY($1) AND indexdef LIKE 'CREATE INDEX %' ORDER BY 1",
        )
        .bind::<Array<Text>, _>(indexed)
        .load(self.conn)?;
        for index in &indexes {
            self.conn.batch_execute(&format!("DROP INDEX \"{}\"", index.name.replace('"', "\"\"")))?;
        }
        Ok(indexes.into_iter().map(|index| index.definition).collect())
    }
}
