//! One run of a program: what it was, what it said, how it ended.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    io::Read,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long any one command may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(600);

/// A program that ended.
#[derive(Debug)]
pub struct Run {
    /// The command line, for messages.
    pub line: String,
    /// Exit code.
    pub code: i32,
    /// Standard output, as bytes (it may be compressed).
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// It exited 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    /// It exited with `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code of\n{self}");
        self
    }

    /// It said `text`, on either stream; letter case does not matter.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.said(text), "“{text}” was expected from\n{self}");
        self
    }

    /// Whether it said `text`, on either stream; letter case does not matter.
    pub fn said(&self, text: &str) -> bool {
        let all = format!("{}\n{}", self.stderr, self.text()).to_lowercase();
        all.contains(&text.to_lowercase())
    }

    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as CSV: one map from header to cell for each row.
    #[track_caller]
    pub fn csv(&self) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_reader(&self.stdout[..]);
        reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("CSV ({e}) from\n{self}"))).collect()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("JSON ({e}) from\n{self}"))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tail = |text: &str| -> String {
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(40)..].iter().map(|l| format!("  | {l}\n")).collect()
        };
        write!(f, "$ {}\nexit {}\n{}{}", self.line, self.code, tail(&self.stderr), tail(&self.text()))
    }
}

/// Runs a command to its end, both streams read; panics when it hangs, dies by a signal or shows a
/// Rust panic — whatever the test is about, these are never right.
#[track_caller]
pub fn run(mut command: Command) -> Run {
    let line = line_of(&command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("cannot run {line}: {e}"));
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let status = wait(&mut child, &line);
    let stdout = stdout.join().unwrap();
    let stderr = String::from_utf8_lossy(&stderr.join().unwrap()).into_owned();
    let Some(code) = status.code() else { panic!("{line}\nended by a signal: {status}\n{stderr}") };
    assert!(!stderr.contains("panicked at"), "a panic reached the user of\n{line}\n{stderr}");
    Run { line, code, stdout, stderr }
}

fn wait(child: &mut Child, line: &str) -> std::process::ExitStatus {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("still running after {PATIENCE:?}: {line}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    let mut stream = stream.expect("the stream was asked to be piped");
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

/// A command as a person would read it.
pub(crate) fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The built binary.
pub(crate) fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("GRIDBEAT_BIN") {
        return path.into();
    }
    // …/target/debug/deps/chicago-0123 → …/target/debug/gridbeat
    let this_test = std::env::current_exe().expect("a running program has a path");
    let profile =
        this_test.parent().and_then(|deps| deps.parent()).expect("tests run from target/PROFILE/deps");
    let binary = profile.join("gridbeat");
    assert!(
        binary.exists(),
        "no {}: build it (cargo build -p gridbeat-server) or name it in GRIDBEAT_BIN",
        binary.display()
    );
    binary
}
