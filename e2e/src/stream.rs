//! Server-sent events, read as they come.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its `id:`, when it has one.
    pub id: Option<String>,
    /// Its name (`message` when it has none).
    pub name: String,
    /// Its `data:` as JSON; null when it is none.
    pub data: Value,
}

/// An open stream. Reading goes on in the background until the server ends it or the test does.
#[derive(Debug)]
pub struct Events {
    events: Receiver<Event>,
}

impl Events {
    #[track_caller]
    pub(crate) fn open(url: &str, last: Option<&str>) -> Self {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = agent.get(url).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.call().unwrap_or_else(|e| panic!("GET {url}: {e}"));
        assert_eq!(answer.status().as_u16(), 200, "GET {url}");
        let kind = answer.headers().get("content-type").map(|v| v.to_str().unwrap_or_default().to_owned());
        assert!(
            kind.as_deref().is_some_and(|k| k.starts_with("text/event-stream")),
            "type of {url}: {kind:?}"
        );
        let (tell, events) = mpsc::channel();
        thread::spawn(move || {
            let reader = BufReader::new(answer.into_body().into_reader());
            let (mut id, mut name, mut data) = (None, String::new(), String::new());
            for line in reader.lines().map_while(Result::ok) {
                if let Some(value) = line.strip_prefix("id:") {
                    id = Some(value.trim().to_owned());
                } else if let Some(value) = line.strip_prefix("event:") {
                    value.trim().clone_into(&mut name);
                } else if let Some(value) = line.strip_prefix("data:") {
                    data.push_str(value.strip_prefix(' ').unwrap_or(value));
                } else if line.is_empty() && !(name.is_empty() && data.is_empty()) {
                    let name = if name.is_empty() { "message".to_owned() } else { std::mem::take(&mut name) };
                    let event = Event {
                        id: id.take(),
                        name,
                        data: serde_json::from_str(&data).unwrap_or(Value::Null),
                    };
                    data.clear();
                    if tell.send(event).is_err() {
                        return;
                    }
                }
            }
        });
        Self { events }
    }

    /// The next event that `wanted` accepts; panics when none came within `patience`.
    #[track_caller]
    pub fn expect(&self, patience: Duration, wanted: impl Fn(&Event) -> bool) -> Event {
        let deadline = Instant::now() + patience;
        let mut others = Vec::new();
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(event) if wanted(&event) => return event,
                Ok(event) => others.push(event),
                Err(why) => {
                    panic!("the awaited event did not come within {patience:?} ({why}); others: {others:?}")
                }
            }
        }
    }

    /// The next change to a collection.
    #[track_caller]
    pub fn expect_change(&self, collection: &str, op: &str) -> Event {
        self.expect(Duration::from_secs(2), |e| {
            e.name == "change" && e.data["collection"] == collection && e.data["op"] == op
        })
    }

    /// Whether the server ended the stream within `patience`.
    pub fn ended(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return true,
                Err(mpsc::RecvTimeoutError::Timeout) => return false,
            }
        }
    }
}
