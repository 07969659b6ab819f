//! What a question counts of a department's layer: which features, and the sums of which columns.

use super::{
    inside::Inside,
    narrow,
    page::{Query, stream},
    params::{Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, department::Layer, read::Item},
};
use gridbeat_onemap::{
    Reader,
    department::Department,
    query::{Budget, FeatureCounts, Sum},
};
use serde_json::Value;
use std::{borrow::Cow, ops::ControlFlow};

/// Names of the parameters that [`Counted::parse`] takes.
pub const PARAMETERS: &str =
    "collection, sum, within, bbox, bbox-crs, datetime, filter, filter-lang, filter-crs";

/// Features of a layer, as those of its items.
pub struct Counted {
    /// The layer.
    pub layer: &'static Layer,
    /// Which of its features.
    pub query: Query,
    /// The columns that are added up.
    pub sums: Vec<usize>,
}

impl Counted {
    /// What the parameters ask for; `None` without `collection`, when what is counted is built in.
    pub fn parse(app: &App, params: &mut Params) -> Option<Self> {
        let name = params.text("collection")?;
        let snapshot = app.live.now();
        let found = Collection::find(&snapshot.map.read(app.live.scope()), &name);
        let Some(Collection::Department(layer)) = found else {
            params.fault("collection", format!("“{}” is no layer of a department", short(&name)));
            return None;
        };
        let query = narrow::query(params, Collection::Department(layer));
        Some(Self { layer, query, sums: sums(params, layer) })
    }

    /// Hands the number of every feature that is counted to `f`, until that fails.
    ///
    /// # Errors
    /// When the budget is spent, or what `f` returns.
    pub fn each<E: Into<ApiError>>(
        &self,
        reader: &Reader<'_>,
        budget: &Budget<'_>,
        mut f: impl FnMut(u32) -> Result<(), E>,
    ) -> Result<(), ApiError> {
        let mut failed = None;
        // Parts of a line may lie in many areas; where it is counted, it stands.
        let area = self.query.within.as_deref().and_then(|code| Inside::of(reader, code));
        let stands = |layer: &Department, i| area.as_ref().is_none_or(|area| area.has_piece(layer.piece(i)));
        stream(reader, Collection::Department(self.layer), &self.query, budget, |item| {
            if let Item::Department(layer, i) = item
                && stands(layer, i)
                && let Err(error) = f(i)
            {
                failed = Some(error.into());
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// Names of columns: those that lead, `features`, and the sums.
    pub fn columns(&self, lead: &[&'static str]) -> Cow<'static, [&'static str]> {
        let sums = self.sums.iter().filter_map(|&column| self.layer.sum_name(column));
        lead.iter().copied().chain(["features"]).chain(sums).collect::<Vec<_>>().into()
    }
}

/// A layer in the map that is read.
///
/// # Errors
/// [`ApiError::NotFound`] when it went since the request began.
pub fn department<'a>(reader: &Reader<'a>, layer: &Layer) -> Result<&'a Department, ApiError> {
    let name = &layer.schema.name;
    reader
        .department(name)
        .ok_or_else(|| ApiError::NotFound(format!("there is no collection “{name}” any more")))
}

/// What stands in `features` and in the sums; null where no feature has a number.
pub fn values(counts: &FeatureCounts) -> Vec<Value> {
    let sum = |sum: &Option<Sum>| match *sum {
        None => Value::Null,
        Some(Sum::Integer(n)) => i64::try_from(n).map_or_else(|_| Value::from(n as f64), Value::from),
        Some(Sum::Number(n)) => Value::from(n),
    };
    [Value::from(counts.features)].into_iter().chain(counts.sums.iter().map(sum)).collect()
}

/// `sum`: names of columns with commas between them.
pub fn sums(params: &mut Params, layer: &'static Layer) -> Vec<usize> {
    let Some(text) = params.text("sum") else { return Vec::new() };
    let mut columns = Vec::new();
    for name in text.split(',').map(str::trim) {
        match layer.schema.column(name).filter(|&column| layer.sum_name(column).is_some()) {
            Some(column) if columns.contains(&column) => {}
            Some(column) => columns.push(column),
            None => {
                let known: Vec<&str> = layer.summed().collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                params.fault("sum", format!("“{}” is no column of numbers; there are {known}", short(name)));
            }
        }
    }
    columns
}
