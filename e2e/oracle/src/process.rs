//! The Python process: started once, asked in turn, gone when the test program is.

use crate::{Ground, python, repository};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{LazyLock, Mutex, PoisonError},
};

/// What to do when the oracle does not answer.
const REMEDY: &str = "the tests need shapely 2.2 or newer over GEOS 3.14 or newer: `make test` provides it; by \
                      hand: export GRIDBEAT_PYTHON=$(scripts/oracle.sh)";

/// The process lives as long as this program: when its standard input closes, it ends.
struct Oracle {
    _child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

static ORACLE: LazyLock<Mutex<Oracle>> = LazyLock::new(|| Mutex::new(Oracle::start()));

/// One line of the answer.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer<T> {
    Ok(T),
    Error(String),
}

/// Asks one question about some ground: a line that says how much is coming, then its arrays. `width` is for the
/// question that has one.
///
/// # Panics
/// When Python, shapely or GEOS is missing or too old, or the question fails there.
pub(crate) fn ask<T: DeserializeOwned>(question: &str, width: f64, grounds: &[Ground]) -> T {
    // A test that failed while it held the lock says nothing about the process.
    let mut oracle = ORACLE.lock().unwrap_or_else(PoisonError::into_inner);
    let lengths: Vec<_> = grounds.iter().map(Ground::lengths).collect();
    let mut question = json!({"ask": question, "lengths": lengths, "width": width}).to_string().into_bytes();
    question.push(b'\n');
    for ground in grounds {
        question.extend(ground.bytes());
    }
    oracle.ask.write_all(&question).and_then(|()| oracle.ask.flush()).expect("the oracle reads");
    oracle.answer()
}

impl Oracle {
    fn start() -> Self {
        let script = repository().join("e2e/oracle/coverages.py");
        let python = python();
        let mut child = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("cannot run {} ({e}); {REMEDY}", python.display()));
        let ask = child.stdin.take().expect("it was asked to be piped");
        let answers = BufReader::new(child.stdout.take().expect("it was asked to be piped"));
        let mut oracle = Self { _child: child, ask, answers };
        let _ready: String = oracle.answer();
        oracle
    }

    fn answer<T: DeserializeOwned>(&mut self) -> T {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line).expect("the oracle writes text");
        assert!(read > 0, "the oracle ended without an answer (see above); {REMEDY}");
        match serde_json::from_str(&line).unwrap_or_else(|e| panic!("the oracle said {line:?}: {e}")) {
            Answer::Ok(value) => value,
            Answer::Error(what) => panic!("the oracle failed: {what}; {REMEDY}"),
        }
    }
}
