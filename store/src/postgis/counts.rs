//! What an import says of other rows than its own: codes that nothing has, and the residents of addresses.

use super::import::Import;
use crate::{error::StoreError, plan::Missing, rules};
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{BigInt, Text},
};
use gridbeat_onemap::record::LayerKind;

#[derive(QueryableByName)]
struct Absent {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Text)]
    code: String,
}

impl Import<'_> {
    pub(super) fn missing_parents(&mut self) -> Result<Missing, StoreError> {
        if rules::side_of(self.plan.layer).is_none() {
            return Ok(Missing::default());
        }
        // A parent may be of another region: the province of a city is.
        self.missing(&format!(
            "SELECT DISTINCT s.parent AS code FROM stage AS s \
             WHERE s.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {} AS t WHERE t.code = s.parent)",
            self.table
        ))
    }

    pub(super) fn unknown_addresses(&mut self) -> Result<Missing, StoreError> {
        self.missing(&format!(
            "SELECT DISTINCT s.region, s.address AS code FROM {} AS s WHERE NOT EXISTS \
             (SELECT 1 FROM addresses AS t WHERE t.region = s.region AND t.code = s.address{})",
            self.from, self.only
        ))
    }

    fn missing(&mut self, codes: &str) -> Result<Missing, StoreError> {
        let sql = format!(
            "SELECT count(*) OVER () AS n, code FROM ({codes}) AS c ORDER BY {} LIMIT {}",
            if self.plan.layer == LayerKind::Resident { "region, code" } else { "code" },
            Missing::SAMPLE
        );
        let absent: Vec<Absent> = diesel::sql_query(sql).load(self.conn)?;
        Ok(Missing {
            count: absent.first().map_or(0, |a| a.n as u64),
            sample: absent.into_iter().map(|a| a.code).collect(),
        })
    }

    /// Counts the residents at the addresses that `touched` names.
    pub(super) fn count_residents(&mut self, touched: &str) -> Result<(), StoreError> {
        let only = &self.only;
        let counts = format!(
            "SELECT w.region, w.address, count(t.code) AS n FROM ({touched}) AS w \
             LEFT JOIN residents AS t ON t.region = w.region AND t.address = w.address{only} GROUP BY 1, 2"
        );
        self.put_residents(&counts)
    }

    /// Counts the residents of an import that brought all there are. Returns of how many that changed what stood at
    /// their address.
    pub(super) fn put_first_residents(&mut self) -> Result<u64, StoreError> {
        let from = self.from;
        let put_all =
            put(&format!("SELECT region, address, count(*) AS n FROM {from} GROUP BY 1, 2"), "true", "");
        let counted =
            format!("WITH put AS ({put_all} RETURNING c.n) SELECT coalesce(sum(n), 0)::bigint AS n FROM put");
        // Registers mostly list people by address. Then both tables are read along their indexes, side by side, and
        // nothing is held in memory; the planner would rather hash what it takes for a third of it. Otherwise it
        // may choose: what matters most is that addresses are changed in the order in which they lie.
        if self.from == "stage"
            || !self.is_in_order("residents", "address")?
            || !self.is_in_order("addresses", "code")?
        {
            return self.count(&counted);
        }
        let hashed = ["enable_hashagg", "enable_hashjoin", "enable_sort"];
        let set = |to: &str| hashed.map(|name| format!("SET LOCAL {name} {to}")).join("; ");
        self.conn.batch_execute(&set("= off"))?;
        let counted = self.count(&counted)?;
        self.conn.batch_execute(&set("TO DEFAULT"))?;
        Ok(counted)
    }

    /// Whether a table's rows lie in the order of a column, as far as is known.
    fn is_in_order(&mut self, table: &str, column: &str) -> Result<bool, StoreError> {
        let known = self.count(&format!(
            "SELECT count(*) AS n FROM pg_stats WHERE schemaname = current_schema() AND tablename = '{table}' \
             AND attname = '{column}' AND correlation > 0.9"
        ))?;
        Ok(known == 1)
    }

    /// Puts counts of residents to their addresses; an address without any resident row keeps what its file said,
    /// unless it had some before.
    fn put_residents(&mut self, counts: &str) -> Result<(), StoreError> {
        let gone = if self.plan.layer == LayerKind::Resident { "true" } else { "c.n > 0" };
        self.conn.batch_execute(&put(counts, gone, &self.only))?;
        Ok(())
    }
}

/// The statement that puts counts to addresses.
fn put(counts: &str, gone: &str, only: &str) -> String {
    format!(
        "UPDATE addresses AS t SET residents = c.n FROM ({counts}) AS c \
         WHERE t.region = c.region AND t.code = c.address AND t.residents <> c.n AND {gone}{only}"
    )
}
