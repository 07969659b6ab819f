//! `gridbeat demo`: a synthetic city, imported and served. What is there already is used again.

use super::{
    import::{Target, import_file},
    listen,
    rejects::Rejects,
    serve::{Settings, serve},
    synth,
};
use crate::{config::Config, error::CliError};
use gridbeat_ingest::Options;
use gridbeat_onemap::record::LayerKind;
use gridbeat_store::{ImportPlan, OpenMode, open};
use gridbeat_synth::Scale;
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How much of a city: district, city or province
    #[arg(long, default_value = "district")]
    scale: Scale,
    /// HOST:PORT (loopback only, port 0 takes a free one) or unix:PATH
    #[arg(long, default_value = listen::DEFAULT)]
    listen: String,
    /// Where the files and the store are kept
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Open a browser
    #[arg(long)]
    open: bool,
}

/// The files, in the order in which they are imported: parents before children, boundaries before what
/// lies in them, addresses before who lives there.
const FILES: [(&str, LayerKind); 8] = [
    ("division.csv", LayerKind::Grid),
    ("grid.geojson", LayerKind::Grid),
    ("station.csv", LayerKind::Beat),
    ("beat.geojson", LayerKind::Beat),
    ("address.csv", LayerKind::Address),
    ("resident.csv", LayerKind::Resident),
    ("incident.csv", LayerKind::Incident),
    ("staff.csv", LayerKind::Staff),
];

/// Makes what is missing, then serves.
///
/// # Errors
/// When the folder cannot be written, or as [`serve`].
pub fn run(args: Args) -> Result<(), CliError> {
    super::start_log("info")?;
    let listen = args.listen.parse()?;
    let dir = args.dir.map_or_else(default_dir, Ok)?.join(args.scale.to_string());
    fs::create_dir_all(&dir).map_err(|e| CliError::io(dir.display(), &e))?;
    let store = dir.join("demo.gpkg");
    if store.exists() && finished(&dir, args.scale) {
        eprintln!("using the demo in {}", dir.display());
    } else {
        make(&dir, &store, args.scale)?;
    }
    let config = Config::default();
    let then = args.open.then_some(browse as fn(&str));
    serve(Settings { store: store.to_string_lossy().into_owned(), listen, config, then })
}

/// Whether the folder holds a demo that was made to its end, of this scale and seed.
fn finished(dir: &Path, scale: Scale) -> bool {
    fs::read_to_string(mark(dir)).is_ok_and(|text| text == stamp(scale))
}

fn mark(dir: &Path) -> PathBuf {
    dir.join("demo.done")
}

/// What the demo was made of; the version, because another may make another city.
fn stamp(scale: Scale) -> String {
    format!("{scale} {} {}\n", synth::SEED, env!("CARGO_PKG_VERSION"))
}

fn make(dir: &Path, store: &Path, scale: Scale) -> Result<(), CliError> {
    let begun = Instant::now();
    let cannot = |e: io::Error| CliError::io(dir.display(), &e);
    let _ = fs::remove_file(mark(dir));
    let files = dir.join("files");
    eprintln!("making a synthetic {scale} in {}", files.display());
    synth::write(scale, synth::SEED, files.clone())?;
    // A store that was not finished is made anew, under another name until it is whole.
    let half = dir.join("half.gpkg");
    remove_store(&half)?;
    remove_store(store)?;
    import_all(&files, &half)?;
    // Closing it has put everything into the one file; were there a log, it would belong to the name.
    if with_end(&half, "-wal").metadata().is_ok_and(|m| m.len() > 0) {
        return Err(CliError::Other(format!("{}: was not closed", half.display())));
    }
    fs::rename(&half, store).map_err(cannot)?;
    fs::write(mark(dir), stamp(scale)).map_err(cannot)?;
    eprintln!("the demo is ready after {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn import_all(files: &Path, path: &Path) -> Result<(), CliError> {
    let store = open(&path.to_string_lossy(), OpenMode::Create)?;
    for (file, layer) in FILES {
        let mut rejects = Rejects::new(None)?;
        let options = Options::new(layer);
        let begun = Instant::now();
        let outcome = import_file(
            Target::Open(&*store),
            &files.join(file),
            options,
            ImportPlan::add(layer),
            &mut rejects,
            false,
        )?;
        outcome.verdict()?;
        if let Some(reject) = rejects.first.first() {
            // The files are our own: a row that is not taken is a fault of ours.
            return Err(CliError::Other(format!("{} rows were rejected: {reject}", rejects.count)));
        }
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!("{:>12} rows from {file} in {seconds:.1} s", outcome.imported.rows);
    }
    Ok(())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut file = path.as_os_str().to_owned();
    file.push(end);
    PathBuf::from(file)
}

/// A SQLite file with its companions.
fn remove_store(path: &Path) -> Result<(), CliError> {
    for end in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(with_end(path, end)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(CliError::io(path.display(), &e)),
            _ => {}
        }
    }
    Ok(())
}

/// `$XDG_DATA_HOME/gridbeat/demo`, else `~/.local/share/gridbeat/demo`.
fn default_dir() -> Result<PathBuf, CliError> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".local/share"));
    data.or_else(home)
        .map(|d| d.join("gridbeat").join("demo"))
        .ok_or_else(|| CliError::Usage("--dir is missing, and HOME is not set".to_owned()))
}

/// Opens a browser where there is one; else says the address.
fn browse(address: &str) {
    let quiet = |name: &str| {
        Command::new(name)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    };
    if quiet("xdg-open").or_else(|_| quiet("open")).is_err() {
        eprintln!("no browser could be opened; the map is at {address}");
    }
}
