//! Group commit: who waits for the disk writes together.
//!
//! The first to come does the work of all who came while it was at work last: one transaction, one sync.
//! Each gets its own answer.
//!
//! ```text
//! a ──► begin · a · commit ─────────────► a's answer
//! b, c, d come meanwhile ──► b: begin · b · c · d · commit ──► answers of b, c and d
//! ```

use std::{
    collections::HashMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Jobs done together at most, so that the first of many does not wait for all of them.
const MOST: usize = 256;

/// Jobs `J` that are done together, each with its answer `R`.
pub(crate) struct Group<J, R> {
    state: Mutex<State<J, R>>,
    done: Condvar,
}

struct State<J, R> {
    queue: Vec<(u64, J)>,
    /// Somebody is at work.
    busy: bool,
    next: u64,
    /// Answers not yet fetched; `None` when the work broke off.
    answers: HashMap<u64, Option<R>>,
}

impl<J, R> Group<J, R> {
    pub(crate) fn new() -> Self {
        let state = State { queue: Vec::new(), busy: false, next: 0, answers: HashMap::new() };
        Self { state: Mutex::new(state), done: Condvar::new() }
    }

    /// Has a job done, by `work` with others or by somebody else's. `work` answers each job in its order.
    /// `None` when the work that had this job broke off by a panic.
    pub(crate) fn submit(&self, job: J, work: impl Fn(Vec<J>) -> Vec<R>) -> Option<R> {
        let mut state = self.state();
        let ticket = state.next;
        state.next += 1;
        state.queue.push((ticket, job));
        loop {
            if let Some(answer) = state.answers.remove(&ticket) {
                return answer;
            }
            if state.busy {
                state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.busy = true;
            let some = state.queue.len().min(MOST);
            let (tickets, jobs): (Vec<u64>, Vec<J>) = state.queue.drain(..some).unzip();
            drop(state);
            let mut turn = Turn { group: self, tickets, answers: Vec::new() };
            turn.answers = work(jobs);
            drop(turn);
            state = self.state();
        }
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
}

impl<J, R> Drop for Turn<'_, J, R> {
    fn drop(&mut self) {
        let mut state = self.group.state();
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
        assert!((5..=400).contains(&runs), "{runs} runs for 1,280 jobs");
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
