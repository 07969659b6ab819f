//! A serving `gridbeat` in a process of its own: the very binary that is shipped, built anew where the code changed.

use gridbeat_synth::Scale;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

/// Another binary to measure than the one of this code.
const OTHER: &str = "GRIDBEAT_BIN";

/// `gridbeat` with some arguments.
pub fn gridbeat(args: &[&str]) -> Result<Command, String> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let mut command = Command::new(BINARY.get_or_init(binary).as_ref()?);
    command.args(args).stdin(Stdio::null());
    Ok(command)
}

/// The binary, which lies beside this program.
fn binary() -> Result<PathBuf, String> {
    if let Some(other) = std::env::var_os(OTHER) {
        return Ok(other.into());
    }
    // With this package, so that both are built from the same libraries.
    let build = ["build", "--release", "--locked", "-p", "gridbeat-server", "-p", "gridbeat-bench"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(build).current_dir(env!("CARGO_MANIFEST_DIR")).status();
    if !built.map_err(|e| format!("cargo does not start: {e}"))?.success() {
        return Err(format!("gridbeat was not built; {OTHER} names another"));
    }
    let this = std::env::current_exe().map_err(|e| format!("this program is not found: {e}"))?;
    Ok(this.parent().unwrap_or(Path::new(".")).join("gridbeat"))
}

/// Where the demo of a scale is kept between runs, so that it is made once.
pub fn demo_dir() -> PathBuf {
    std::env::temp_dir().join("gridbeat-bench-demo")
}

/// The synthetic city of a scale, made where it is not there, and served.
fn demo(scale: Scale) -> Result<Command, String> {
    let (dir, scale) = (demo_dir(), scale.to_string());
    gridbeat(&["demo", "--scale", &scale, "--dir", &dir.to_string_lossy(), "--listen", "127.0.0.1:0"])
}

/// A server; it ends when this goes.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Served {
    /// Serves the synthetic city of a scale; the first time it is made. What a server prepares beside its first
    /// answers is done then.
    pub fn demo(scale: Scale) -> Result<Self, String> {
        Ok(Self::start(demo(scale)?)?.rested())
    }

    /// The same on one core from the start, as who has no more: with as many threads as that is worth.
    pub fn demo_on_core(scale: Scale, core: &str) -> Result<Self, String> {
        let demo = demo(scale)?;
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", core]).arg(demo.get_program()).args(demo.get_args()).stdin(Stdio::null());
        Ok(Self::start(pinned)?.rested())
    }

    /// Waits until the process does nothing, half a minute at most.
    fn rested(self) -> Self {
        let ticks = || -> Option<u64> {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).ok()?;
            // Behind the name, which may hold blanks: user and system time are the 12th and 13th word.
            let words: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
            Some(words.get(11)?.parse::<u64>().ok()? + words.get(12)?.parse::<u64>().ok()?)
        };
        for _ in 0..100 {
            let before = ticks();
            std::thread::sleep(Duration::from_millis(300));
            // A tick is a hundredth of a second.
            if before.zip(ticks()).is_none_or(|(before, after)| after - before < 2) {
                break;
            }
        }
        self
    }

    /// Starts a command that says where it listens.
    pub fn start(mut command: Command) -> Result<Self, String> {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|e| format!("gridbeat does not start: {e}"))?;
        let stdout = child.stdout.take().ok_or("gridbeat has no standard output")?;
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let Some(address) = line.strip_prefix("listening on http://") else { continue };
            let address = address.trim_end_matches('/').parse();
            return address.map(|address| Self { child, address }).map_err(|e| format!("{line}: {e}"));
        }
        let _ = child.wait();
        Err("gridbeat ended before it listened".to_owned())
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Megabytes that a line of its status says, such as `VmRSS` (held now) or `VmHWM` (the most ever held).
    pub fn held(&self, line: &str) -> Result<f64, String> {
        let path = format!("/proc/{}/status", self.id());
        let status = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        let held = status.lines().find_map(|l| {
            l.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB")?.parse::<f64>().ok()
        });
        held.map(|kib| kib * 1024.0 / 1e6)
            .ok_or("the system does not say how much memory a process has".to_owned())
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
