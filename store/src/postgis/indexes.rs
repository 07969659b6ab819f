//! What a layer's first rows go in without: its indexes, and where there are millions its keys.

use super::import::Import;
use crate::error::StoreError;
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Array, Text},
};
use gridbeat_onemap::record::LayerKind;

/// Something that costs with every row.
#[derive(QueryableByName)]
pub(super) struct Costly {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    gone: String,
    #[diesel(sql_type = Text)]
    pub(super) made: String,
}

/// What was dropped, in the order in which it is made again.
pub(super) struct Dropped {
    /// Keys, where rows may be written without them.
    pub(super) keys: Vec<Costly>,
    /// Indexes that are none.
    pub(super) indexes: Vec<Costly>,
}

/// Indexes that are no keys.
const INDEXES: &str = "SELECT indexname::text AS name, format('DROP INDEX %I', indexname) AS gone, indexdef AS made \
     FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY($1) AND indexdef LIKE 'CREATE INDEX %' \
     ORDER BY indexname";
/// Keys.
const KEYS: &str = "SELECT conname::text AS name, \
     format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS gone, \
     format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) AS made \
     FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid \
     WHERE t.relnamespace = current_schema()::regnamespace AND t.relname = ANY($1) AND c.contype IN ('p', 'u') ORDER BY conname";
/// Half of each page stays free: then the counts of residents, which change all addresses, are written beside the old
/// ones, and no index learns of it (heap-only tuples).
const ROOM_FOR_COUNTS: &str = "DO $$ BEGIN IF to_regclass('addresses_home') IS NULL THEN \
     ALTER TABLE addresses SET (fillfactor = 50); ELSE ALTER TABLE addresses_home SET (fillfactor = 50); END IF; END $$";

impl Import<'_> {
    /// Whether the layer has no row yet, as far as its indexes go.
    pub(super) fn is_first(&mut self) -> Result<bool, StoreError> {
        let table = self.table;
        Ok(if self.only.is_empty() {
            self.is_empty(table)?
        } else {
            // Of several servers: the indexes that can be dropped are those at home.
            let at_home = "stage WHERE region NOT IN (SELECT region FROM gridbeat_regions)";
            self.is_empty(&format!("{table}_home"))? && !self.is_empty(at_home)?
        })
    }

    /// Whether there is no such row.
    pub(super) fn is_empty(&mut self, from: &str) -> Result<bool, StoreError> {
        Ok(self.count(&format!("SELECT count(*) AS n FROM (SELECT FROM {from} LIMIT 1) AS t"))? == 0)
    }

    /// A layer's first rows go in without indexes, which are then made in one go: many times quicker. Of addresses and
    /// residents the keys are among them; all else asks for its keys while it is written. Returns the statements that
    /// make them again. Later imports leave them alone, since readers would wait.
    pub(super) fn drop_costly(&mut self) -> Result<Dropped, StoreError> {
        let tables = [self.table.to_owned(), format!("{}_home", self.table)];
        let mut keys: Vec<Costly> = Vec::new();
        if matches!(self.plan.layer, LayerKind::Address | LayerKind::Resident) {
            keys = diesel::sql_query(KEYS).bind::<Array<Text>, _>(&tables[..]).load(self.conn)?;
        }
        let indexes: Vec<Costly> =
            diesel::sql_query(INDEXES).bind::<Array<Text>, _>(&tables[..]).load(self.conn)?;
        for one in keys.iter().chain(&indexes) {
            self.conn.batch_execute(&one.gone)?;
        }
        if self.plan.layer == LayerKind::Address {
            self.conn.batch_execute(ROOM_FOR_COUNTS)?;
        }
        Ok(Dropped { keys, indexes })
    }

    /// Makes again what was dropped.
    pub(super) fn make_all(&mut self, dropped: Dropped) -> Result<(), StoreError> {
        let all = dropped.keys.iter().chain(&dropped.indexes);
        all.map(|one| &one.made).try_for_each(|made| Ok(self.conn.batch_execute(made)?))
    }

    /// Makes indexes again, or notes that they are to be made once the rows are safe (`later`), which is said then.
    pub(super) fn make_indexes(&mut self, dropped: Dropped, later: bool) -> Result<bool, StoreError> {
        if self.plan.dry_run {
            // They would go again at once.
            return Ok(false);
        }
        for one in &dropped.indexes {
            if later {
                super::later::note(self.conn, &one.name, &one.made)?;
            } else {
                self.conn.batch_execute(&one.made)?;
            }
        }
        Ok(later && !dropped.indexes.is_empty())
    }
}
