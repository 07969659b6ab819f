//! The command line over one store.

use crate::{Run, Server, command, pieces::Pieces, run};
use std::{ffi::OsStr, path::Path, process::Command};
use tempfile::TempDir;

/// The command line of Gridbeat, with a store of its own.
#[derive(Debug)]
pub struct Gridbeat {
    store: String,
    dir: TempDir,
}

impl Default for Gridbeat {
    fn default() -> Self {
        Self::new()
    }
}

impl Gridbeat {
    /// A GeoPackage that does not exist yet, in a folder that goes when this goes.
    pub fn new() -> Self {
        let dir = TempDir::with_prefix("gridbeat-e2e-").unwrap();
        let store =
            dir.path().join("city.gpkg").to_str().expect("temporary folders have plain names").to_owned();
        Self { store, dir }
    }

    /// A store elsewhere: a `postgres://` URL.
    pub fn at(store: &str) -> Self {
        Self { store: store.to_owned(), dir: TempDir::with_prefix("gridbeat-e2e-").unwrap() }
    }

    /// What stands after `--store`.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// A folder for files of the test.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file for the test and names it.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = self.dir().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// `gridbeat ARGS…`, without a store.
    #[track_caller]
    pub fn bare<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Run {
        run(gridbeat(args))
    }

    /// `gridbeat COMMAND --store STORE ARGS…`
    #[track_caller]
    pub fn run(&self, command: &str, args: &[&str]) -> Run {
        run(gridbeat([command, "--store", &self.store].iter().chain(args)))
    }

    /// `gridbeat import --store STORE --layer LAYER FILE ARGS…`
    #[track_caller]
    pub fn import(&self, layer: &str, file: &Path, args: &[&str]) -> Run {
        let file = file.to_str().expect("test files have plain names");
        self.run("import", &[&["--layer", layer, file], args].concat())
    }

    /// `gridbeat overlay`, read.
    #[track_caller]
    pub fn overlay(&self) -> Pieces {
        Pieces::read(&self.run("overlay", &[]).ok())
    }

    /// `gridbeat locate FILE ARGS…`
    #[track_caller]
    pub fn locate(&self, file: &Path, args: &[&str]) -> Run {
        let file = file.to_str().expect("test files have plain names");
        self.run("locate", &[&[file], args].concat())
    }

    /// The store's logical checksum: equal as long as no row, of any table, has changed.
    #[track_caller]
    pub fn checksum(&self) -> String {
        let report = self.run("verify", &["--json"]).ok().json();
        report["checksum"].as_str().unwrap_or_else(|| panic!("no checksum in {report}")).to_owned()
    }

    /// The words of `gridbeat serve`, for another program to run; `--listen` is left to it.
    pub fn serve_command(&self) -> Vec<String> {
        let binary = command::binary().to_str().expect("the binary has a plain path").to_owned();
        vec![binary, "serve".into(), "--store".into(), self.store.clone()]
    }

    /// `gridbeat serve` on a free port.
    #[track_caller]
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same with more flags.
    #[track_caller]
    pub fn serve_with(&self, args: &[&str]) -> Server {
        let serve = ["serve", "--store", &self.store, "--listen", "127.0.0.1:0"];
        Server::start(gridbeat(serve.iter().chain(args)))
    }
}

/// The binary with arguments, free of the caller's own settings.
pub fn gridbeat<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(command::binary());
    command.args(args).env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
    for (name, _) in std::env::vars_os() {
        let own = name.to_str().is_some_and(|n| n.starts_with("GRIDBEAT_"));
        if own {
            command.env_remove(name);
        }
    }
    command
}
