//! Group commit: who waits for the disk writes together.
//!
//! The first to come does the work of all who came while it was at work last: one transaction, one sync.
//! Each gets its own answer.
//!
//! ```text
//! a ──► begin · a · commit ─────────────► a's answer
//! b, c, d come meanwhile ──► b: begin · b · c · d · commit ──► answers of b, c and d
//! ```
//!
//! Writers who each wait for their answer before they come again come all at once, and the first of them would
//! go alone, every second time. So it waits a moment for as many as were done together last.

use std::{
    collections::HashMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Jobs done together at most, so that the first of many does not wait for all of them.
const MOST: usize = 256;

/// How long to wait for others at most; it is also no longer than a part of the last work.
const LONGEST_WAIT: Duration = Duration::from_millis(2);
/// Which part of the last work.
const PART: u32 = 4;

/// Jobs `J` that are done together, each with its answer `R`.
pub(crate) struct Group<J, R> {
    state: Mutex<State<J, R>>,
    /// Work has ended.
    done: Condvar,
    /// A job has come.
    came: Condvar,
}

struct State<J, R> {
    queue: Vec<(u64, J)>,
    /// Somebody is at work.
    busy: bool,
    next: u64,
    /// Answers not yet fetched; `None` when the work broke off.
    answers: HashMap<u64, Option<R>>,
    /// How many jobs were done together last, and how long that took.
    last: (usize, Duration),
}

impl<J, R> Group<J, R> {
    pub(crate) fn new() -> Self {
        let state = State {
            queue: Vec::new(),
            busy: false,
            next: 0,
            answers: HashMap::new(),
            last: (1, Duration::ZERO),
        };
        Self { state: Mutex::new(state), done: Condvar::new(), came: Condvar::new() }
    }

    /// Has a job done, by `work` with others or by somebody else's. `work` answers each job in its order.
    /// `None` when the work that had this job broke off by a panic.
    pub(crate) fn submit(&self, job: J, work: impl Fn(Vec<J>) -> Vec<R>) -> Option<R> {
        let mut state = self.state();
        let ticket = state.next;
        state.next += 1;
        state.queue.push((ticket, job));
        self.came.notify_one();
        loop {
            if let Some(answer) = state.answers.remove(&ticket) {
                return answer;
            }
            if state.busy {
                state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.busy = true;
            state = self.gather(state);
            let some = state.queue.len().min(MOST);
            let (tickets, jobs): (Vec<u64>, Vec<J>) = state.queue.drain(..some).unzip();
            drop(state);
            let mut turn = Turn { group: self, tickets, answers: Vec::new(), start: Instant::now() };
            turn.answers = work(jobs);
            drop(turn);
            state = self.state();
        }
    }

    /// Waits until as many have come as were done together last, or for a moment.
    fn gather<'a>(&'a self, state: MutexGuard<'a, State<J, R>>) -> MutexGuard<'a, State<J, R>> {
        let (last, took) = state.last;
        let wait = LONGEST_WAIT.min(took / PART);
        let waited = self.came.wait_timeout_while(state, wait, |state| state.queue.len() < last.min(MOST));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    // A panic elsewhere leaves the state whole: it is only ever changed in one step.
    fn state(&self) -> MutexGuard<'_, State<J, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever is at work; hands out the answers at its end, however that comes.
struct Turn<'a, J, R> {
    group: &'a Group<J, R>,
    tickets: Vec<u64>,
    answers: Vec<R>,
    start: Instant,
}

impl<J, R> Drop for Turn<'_, J, R> {
    fn drop(&mut self) {
        let mut state = self.group.state();
        state.last = (self.tickets.len(), self.start.elapsed());
        let answers = std::mem::take(&mut self.answers).into_iter().map(Some);
        state.answers.extend(self.tickets.drain(..).zip(answers.chain(std::iter::repeat_with(|| None))));
        state.busy = false;
        drop(state);
        self.group.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    #[test]
    fn who_waits_is_done_together_and_gets_its_own_answer() {
        let group = Group::new();
        let (runs, start) = (AtomicUsize::new(0), Barrier::new(64));
        std::thread::scope(|s| {
            for i in 0..64 {
                let (group, runs, start) = (&group, &runs, &start);
                s.spawn(move || {
                    start.wait();
                    for k in 0..20 {
                        let answer = group.submit((i, k), |jobs| {
                            runs.fetch_add(1, Ordering::Relaxed);
                            std::thread::sleep(Duration::from_millis(1));
                            jobs.into_iter().map(|(i, k)| i * 100 + k).collect()
                        });
                        assert_eq!(answer, Some(i * 100 + k));
                    }
                });
            }
        });
        let runs = runs.into_inner();
        // Twenty would be all at once each time; alone every second time, forty.
        assert!((20..=400).contains(&runs), "{runs} runs for 1,280 jobs");
        assert!(group.state().answers.is_empty() && group.state().queue.is_empty());
    }

    #[test]
    fn a_panic_is_told_and_others_go_on() {
        let group = Group::new();
        let broke = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            group.submit(1, |_: Vec<i32>| -> Vec<i32> { panic!("on purpose") })
        }));
        assert!(broke.is_err());
        assert_eq!(group.submit(2, |jobs| jobs), Some(2));
    }
}
