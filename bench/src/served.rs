//! A serving `gridbeat` in a process of its own: this program under another name, so that what is measured
//! was built with what measures.

use gridbeat_synth::Scale;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
};

/// What this program is called when it serves.
const NAME: &str = "gridbeat";

/// Serves, or does another command of `gridbeat`, when the program was started under its name.
pub fn as_gridbeat() -> Option<ExitCode> {
    let name = std::env::args_os().next()?;
    (Path::new(&name) == Path::new(NAME)).then(gridbeat_server::cli::main)
}

/// `gridbeat` with some arguments.
pub fn gridbeat(args: &[&str]) -> Result<Command, String> {
    let program = std::env::current_exe().map_err(|e| format!("this program is not found: {e}"))?;
    let mut command = Command::new(program);
    command.arg0(NAME).args(args).stdin(Stdio::null());
    Ok(command)
}

/// Where the demo of a scale is kept between runs, so that it is made once.
pub fn demo_dir() -> PathBuf {
    std::env::temp_dir().join("gridbeat-bench-demo")
}

/// A server; it ends when this goes.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Served {
    /// Serves the synthetic city of a scale; the first time it is made.
    pub fn demo(scale: Scale) -> Result<Self, String> {
        let (dir, scale) = (demo_dir(), scale.to_string());
        let dir = dir.to_string_lossy();
        Self::start(gridbeat(&["demo", "--scale", &scale, "--dir", &dir, "--listen", "127.0.0.1:0"])?)
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
