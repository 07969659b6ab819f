//! Progress on stderr: a bar on a terminal, a plain line every few seconds elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    cell::Cell,
    io::IsTerminal,
    time::{Duration, Instant},
};

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(5);

/// One thing under way.
pub struct Progress {
    name: String,
    bar: Option<ProgressBar>,
    told: Cell<Instant>,
    bytes: bool,
}

impl Progress {
    /// Counted in bytes of a file.
    pub fn bytes(name: &str) -> Self {
        Self::new(name, true)
    }

    /// Counted in rows.
    pub fn rows(name: &str) -> Self {
        Self::new(name, false)
    }

    fn new(name: &str, bytes: bool) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let count = if bytes { "{bytes}/{total_bytes}" } else { "{human_pos}/{human_len}" };
            let template = format!("{{prefix}} [{{bar:30}}] {{percent:>3}} % {count} {{msg}}");
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(name.to_owned());
            bar
        });
        Self { name: name.to_owned(), bar, told: Cell::new(Instant::now()), bytes }
    }

    /// So much is done; a `total` of 0 is one that is not known.
    pub fn at(&self, done: u64, total: u64) {
        self.say(done, total, "");
    }

    /// So much is done, and a word about it.
    pub fn say(&self, done: u64, total: u64, word: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(total.max(done));
            bar.set_position(done);
            bar.set_message(word.to_owned());
            return;
        }
        if self.told.get().elapsed() < EVERY {
            return;
        }
        self.told.set(Instant::now());
        let unit = if self.bytes { "bytes" } else { "rows" };
        match (done * 100).checked_div(total) {
            Some(percent) => eprintln!("{}: {percent} % {word}", self.name),
            None => eprintln!("{}: {done} {unit} {word}", self.name),
        }
    }

    /// It is over; the bar goes.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
