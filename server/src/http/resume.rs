//! What a reader of the stream hears who was away.

use super::{
    stream::{Gone, Teller, reset, tell},
    wanted::Wanted,
};
use crate::{app::App, live::event::Event};
use gridbeat_onemap::record::{Change, Fid, LayerKind, LayerName, Op};
use std::collections::HashSet;

/// How many changes are read from the log at once.
const BATCH: usize = 512;
/// How many changes are looked through for what became of a row; of more, nothing is known.
const LOOK_AHEAD: u64 = 1 << 16;

/// Sends what happened after `last`: from memory, where the rows are known, else from the log up to change `here`,
/// and from there on from memory; `reset` when the log does not reach back either. Returns the last change that was
/// sent or passed over.
///
/// The log keeps no rows. So of what is read from it
/// - a fence is told `reset` if any of it is of staff: nobody knows any more who crossed it;
/// - a filter holds for rows that came and are still as they came. Any other change of a row on the ground that
///   is asked for is sent, since the row may have been among what is wanted before, or have been so in between: who
///   is told of too much looks at a row in vain, who is told of too little keeps one that is no more.
pub async fn resume(
    app: &App,
    wanted: &Wanted,
    last: &str,
    here: u64,
    teller: &mut Teller<'_>,
) -> Result<u64, Gone> {
    let known = last.trim().parse::<u64>().ok().filter(|&n| n <= here);
    let Some(mut done) = known else {
        teller.say(reset(here)).await?;
        return Ok(here);
    };
    let mut rows = None;
    loop {
        if let Some(events) = app.live.feed().since(done) {
            for event in events {
                done = event.change.n;
                tell(app, wanted, &event, teller).await?;
            }
            return Ok(done);
        }
        if done >= here {
            return Ok(done);
        }
        let of_staff = |c: &Change| c.layer.built_in() == Some(LayerKind::Staff);
        let mut changes = log(app, done).await.unwrap_or_default();
        changes.retain(|c| c.n <= here);
        if changes.is_empty() || wanted.is_fence() && changes.iter().any(of_staff) {
            teller.say(reset(here)).await?;
            return Ok(here);
        }
        if rows.is_none() && wanted.has_filter() {
            rows = Some(Rows::after(app, done).await);
        }
        let snapshot = app.live.now();
        let reader = snapshot.map.read(app.live.scope());
        let departments: Vec<&str> = reader.departments().iter().map(|d| d.schema().name.as_str()).collect();
        for change in changes {
            done = change.n;
            let as_it_came = rows.as_ref().is_some_and(|rows| rows.as_it_came(&change));
            let event = Event::of_log(change, departments.iter().copied());
            if wanted.wants_logged(&reader, &event, as_it_came) {
                teller.say(event.frame()).await?;
            }
        }
    }
}

/// The next changes of the log; `None` when it does not go on there, or cannot be read.
async fn log(app: &App, done: u64) -> Option<Vec<Change>> {
    let changes = app.live.read(move |live, _| Ok(live.store().changes_since(done, BATCH)?)).await.ok()?;
    changes.first().is_some_and(|c| c.n == done + 1).then_some(changes)
}

/// What became of rows after some change.
struct Rows {
    /// Those that were changed or deleted; `None` when that is not known.
    touched: Option<HashSet<(LayerName, Fid)>>,
}

impl Rows {
    /// Reads the log up to what is on the map.
    async fn after(app: &App, mut done: u64) -> Self {
        let end = app.live.now().map.change();
        if end.saturating_sub(done) > LOOK_AHEAD {
            return Self { touched: None };
        }
        let mut touched = HashSet::new();
        while done < end {
            let Some(changes) = log(app, done).await else { return Self { touched: None } };
            done = changes.last().map_or(end, |c| c.n);
            let changed = changes.into_iter().filter(|c| c.op != Op::Insert);
            touched.extend(changed.filter_map(|c| Some((c.layer, c.fid?))));
        }
        Self { touched: Some(touched) }
    }

    /// Whether a change brought a row that was left alone since.
    fn as_it_came(&self, change: &Change) -> bool {
        let (Op::Insert, Some(fid)) = (change.op, change.fid) else { return false };
        self.touched.as_ref().is_some_and(|touched| !touched.contains(&(change.layer.clone(), fid)))
    }
}
