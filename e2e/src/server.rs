//! A serving binary: started on a free port, talked to, stopped as an operator would.

use crate::{Events, Reply, Request, command::line_of, gridbeat::gridbeat};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Warnings that tests provoke on purpose. Any other line at WARN or ERROR fails the test.
const EXPECTED_WARNINGS: &[&str] = &[];

/// A running `gridbeat serve` (or `demo`).
#[derive(Debug)]
pub struct Server {
    child: Child,
    base: String,
    log: Arc<Mutex<Vec<String>>>,
    /// Takes down the log, which comes by another pipe than the line that says where it listens: what a server
    /// said is only sure to be there once this has ended.
    clerk: Option<JoinHandle<()>>,
    stopped: bool,
    /// Warnings are expected.
    trouble: bool,
}

impl Server {
    /// Starts `command` and waits for its line `listening on http://HOST:PORT`.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        let line = line_of(&command);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("cannot run {line}: {e}"));
        let log = Arc::new(Mutex::new(Vec::new()));
        let stderr = child.stderr.take().expect("piped");
        let sink = Arc::clone(&log);
        let clerk = thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                sink.lock().unwrap().push(line);
            }
        });
        let (said, heard) = mpsc::channel();
        let stdout = child.stdout.take().expect("piped");
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        let deadline = Instant::now() + Duration::from_secs(300);
        loop {
            match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(base) = line.trim().strip_prefix("listening on ") {
                        let base = base.trim_end_matches('/').to_owned();
                        let clerk = Some(clerk);
                        return Self { child, base, log, clerk, stopped: false, trouble: false };
                    }
                }
                Err(why) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    panic!(
                        "{line}\nnever said where it listens ({why}); its log:\n{}",
                        log.lock().unwrap().join("\n")
                    )
                }
            }
        }
    }

    /// `gridbeat demo` in `dir`, on a free port.
    #[track_caller]
    pub fn demo(dir: &Path, scale: &str) -> Self {
        let dir = dir.to_str().expect("test folders have plain names");
        Self::start(gridbeat(["demo", "--scale", scale, "--dir", dir, "--listen", "127.0.0.1:0"]))
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request that can still be added to.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(method, &format!("{}{path}", self.base))
    }

    /// `GET path`.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.request("GET", path).send()
    }

    /// `POST path` with a GeoJSON body.
    #[track_caller]
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.request("POST", path).geojson(body).send()
    }

    /// Listens to `/api/stream`, from after the change `last` when one is given.
    #[track_caller]
    pub fn listen(&self, query: &str, last: Option<&str>) -> Events {
        Events::open(&format!("{}/api/stream{query}", self.base), last)
    }

    /// What the server has logged so far, as far as it has come through; all of it is told by [`Self::stop`].
    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// SIGTERM, then exit 0 within ten seconds and a log without surprises. Returns all that was logged.
    #[track_caller]
    pub fn stop(mut self) -> Vec<String> {
        self.terminate();
        self.log()
    }

    /// The same, whatever it logged: the test provoked it.
    #[track_caller]
    pub fn stop_after_trouble(mut self) {
        self.trouble = true;
        self.terminate();
    }

    /// SIGKILL, as the kernel or an operator in despair does it.
    pub fn kill(mut self) {
        self.stopped = true;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn wait(mut self) {
        self.stopped = true;
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.log().join("\n"));
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn terminate(&mut self) {
        self.stopped = true;
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("kill is everywhere");
        assert!(sent.success(), "the server was gone before it was told to stop:\n{}", self.log().join("\n"));
        let deadline = Instant::now() + Duration::from_secs(10);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                let _ = self.child.kill();
                let _ = self.child.wait();
                panic!("the server ignored SIGTERM for 10 s:\n{}", self.log().join("\n"));
            }
            thread::sleep(Duration::from_millis(10));
        };
        if let Some(clerk) = self.clerk.take() {
            clerk.join().expect("reading lines");
        }
        assert_eq!(status.code(), Some(0), "how it ended after SIGTERM; its log:\n{}", self.log().join("\n"));
        for line in self.log().into_iter().filter(|_| !self.trouble) {
            let bad = line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("panicked at");
            let known = EXPECTED_WARNINGS.iter().any(|w| line.contains(w));
            assert!(!bad || known, "unexpected in the log: {line}");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.stopped {
            return;
        }
        if thread::panicking() {
            // The test failed already; its message matters, not how the server takes its leave.
            let _ = self.child.kill();
            let _ = self.child.wait();
            eprintln!("the server's log:\n{}", self.log().join("\n"));
        } else {
            self.terminate();
        }
    }
}
