//! Writing the files: cities are made one after another on one thread and written by two others.
//!
//! Every file grows under a temporary name and is renamed when all are whole; `synth.json` is written
//! last and says what stands there. Nothing is held but one city's ground and a few buffers.

use crate::{
    addresses, areas,
    city::City,
    incidents,
    plan::{Plan, Scale},
    residents, staff,
};
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel, sync_channel},
    },
};

/// Version of what is made: a change to the city under the same seed changes it.
pub const VERSION: u32 = 1;

/// What to make and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// How large.
    pub scale: Scale,
    /// Everything follows from it.
    pub seed: u64,
    /// The folder; made when it is not there.
    pub out: PathBuf,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How large.
    pub scale: Scale,
    /// The seed.
    pub seed: u64,
    /// Rows of each file, without headers.
    pub rows: Vec<(&'static str, u64)>,
}

/// Why nothing complete was written.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The disk said no.
    #[error("{}: {source}", .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A thread of the writer ended before its work did.
    #[error("writing stopped before {file} was whole")]
    Stopped {
        /// The file.
        file: &'static str,
    },
}

/// The files, in the order in which they are best imported.
pub const FILES: [&str; 8] = [
    "division.csv",
    "grid.geojson",
    "station.csv",
    "beat.geojson",
    "address.csv",
    "resident.csv",
    "incident.csv",
    "staff.csv",
];

/// The file that says that all others are whole.
pub const MARKER: &str = "synth.json";

const BUFFER: usize = 1 << 20;
const COLLECTION: &str = "{\"type\":\"FeatureCollection\",\"features\":[\n";

/// A file that grows under a temporary name.
struct Growing {
    name: &'static str,
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    rows: u64,
    progress: Sender<(&'static str, u64)>,
}

impl Growing {
    fn new(
        dir: &Path,
        name: &'static str,
        header: &str,
        progress: &Sender<(&'static str, u64)>,
    ) -> Result<Self, SynthError> {
        let path = dir.join(format!("{name}.part"));
        let file = File::create(&path).map_err(|source| SynthError::File { path: path.clone(), source })?;
        let mut buffer = Vec::with_capacity(BUFFER + BUFFER / 4);
        buffer.extend_from_slice(header.as_bytes());
        Ok(Self { name, path, file, buffer, rows: 0, progress: progress.clone() })
    }

    /// Notes rows that were appended, and writes the buffer out when it is full.
    fn added(&mut self, rows: u64) -> Result<(), SynthError> {
        self.rows += rows;
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        let failed = |source| SynthError::File { path: self.path.clone(), source };
        self.file.write_all(&self.buffer).map_err(failed)?;
        self.buffer.clear();
        // Nobody listening is no reason to stop writing.
        let _ = self.progress.send((self.name, self.rows));
        Ok(())
    }

    /// Writes the rest; gives the rows.
    fn finish(mut self, tail: &str) -> Result<(&'static str, u64), SynthError> {
        self.buffer.extend_from_slice(tail.as_bytes());
        self.flush()?;
        Ok((self.name, self.rows))
    }
}

/// Makes a synthetic city (or province) and writes its files into a folder.
///
/// `progress` is told, from the calling thread, the file, its rows so far and about how many it will have.
///
/// # Errors
/// When a file cannot be written. Files of an earlier run stay as they were then, but without the marker.
pub fn write(options: &Options, progress: &dyn Fn(&'static str, u64, u64)) -> Result<Summary, SynthError> {
    write_plan(&Plan::of(options.scale), options, progress)
}

/// [`write`] for a plan of one's own; `options.scale` is only noted.
#[doc(hidden)]
pub fn write_plan(
    plan: &Plan,
    options: &Options,
    progress: &dyn Fn(&'static str, u64, u64),
) -> Result<Summary, SynthError> {
    let dir = options.out.as_path();
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SynthError::File { path, source }
    };
    std::fs::create_dir_all(dir).map_err(failed(dir))?;
    let marker = dir.join(MARKER);
    if marker.exists() {
        std::fs::remove_file(&marker).map_err(failed(&marker))?;
    }
    let (tell, told) = channel();
    let done = std::thread::scope(|scope| {
        // One city waits while one is written: the ground of two is in memory at most.
        let (to_places, places) = sync_channel::<Arc<City>>(1);
        let (to_people, people) = sync_channel::<Arc<City>>(1);
        let builder = scope.spawn(move || {
            for city in &plan.cities {
                let made = Arc::new(City::new(city, plan.province, options.seed));
                // A writer that has failed hangs up, and says why itself.
                if to_places.send(Arc::clone(&made)).is_err() || to_people.send(made).is_err() {
                    break;
                }
            }
        });
        let tell_people = tell.clone();
        let places = scope.spawn(move || write_places(dir, plan, &places, &tell));
        let people = scope.spawn(move || write_people(dir, plan, &people, &tell_people));
        for (file, rows) in told {
            progress(file, rows, expected(plan, file));
        }
        let stopped = |file| move |_| SynthError::Stopped { file };
        let places = places.join().map_err(stopped("address.csv")).flatten();
        let people = people.join().map_err(stopped("resident.csv")).flatten();
        // Had it ended early, a writer would have said that it was left without its cities.
        let _ = builder.join();
        let mut rows = match (places, people) {
            (Ok(places), Ok(people)) => [places, people].concat(),
            // When one fails the other stops too: the reason is the one that did not just stop.
            (Err(SynthError::Stopped { .. }), Err(e)) | (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        rows.sort_by_key(|r| FILES.iter().position(|f| *f == r.0));
        Ok(rows)
    });
    let rows: Rows = done?;
    for (name, _) in &rows {
        let path = dir.join(name);
        std::fs::rename(dir.join(format!("{name}.part")), &path).map_err(failed(&path))?;
    }
    let summary = Summary { scale: options.scale, seed: options.seed, rows };
    let part = dir.join(format!("{MARKER}.part"));
    std::fs::write(&part, summary.to_json()).map_err(failed(&part))?;
    std::fs::rename(&part, &marker).map_err(failed(&marker))?;
    Ok(summary)
}

impl Summary {
    /// The text of the marker file.
    pub fn to_json(&self) -> String {
        let rows: Vec<String> = self.rows.iter().map(|(file, n)| format!("    \"{file}\": {n}")).collect();
        format!(
            "{{\n  \"scale\": \"{}\",\n  \"seed\": {},\n  \"version\": {VERSION},\n  \"rows\": {{\n{}\n  }}\n}}\n",
            self.scale,
            self.seed,
            rows.join(",\n")
        )
    }
}

/// About how many rows a file will have.
fn expected(plan: &Plan, file: &str) -> u64 {
    plan.cities
        .iter()
        .map(|c| {
            u64::from(match file {
                "grid.geojson" => c.grids,
                "beat.geojson" => c.beats,
                "division.csv" => c.grids / 7,
                "station.csv" => c.beats / 9 + 1,
                "address.csv" => c.addresses,
                "resident.csv" => c.residents,
                "incident.csv" => c.incidents,
                _ => c.grids * 3 + c.beats * 3,
            })
        })
        .sum()
}

type Rows = Vec<(&'static str, u64)>;
type Tell = Sender<(&'static str, u64)>;

/// Boundaries, registers, incidents, staff and addresses.
fn write_places(
    dir: &Path,
    plan: &Plan,
    cities: &Receiver<Arc<City>>,
    tell: &Tell,
) -> Result<Rows, SynthError> {
    let register = "code,name,level,parent\n";
    let mut division = Growing::new(dir, "division.csv", register, tell)?;
    let mut station = Growing::new(dir, "station.csv", register, tell)?;
    let mut grid = Growing::new(dir, "grid.geojson", COLLECTION, tell)?;
    let mut beat = Growing::new(dir, "beat.geojson", COLLECTION, tell)?;
    let incident_header = "code,title,category,state,risk,source,reported_at,address,lon,lat\n";
    let mut incident = Growing::new(dir, "incident.csv", incident_header, tell)?;
    let staff_header = "code,role,side,area,on_duty,seen_at,lon,lat,name,phone\n";
    let mut people = Growing::new(dir, "staff.csv", staff_header, tell)?;
    let address_header = "code,text,lon,lat,residents,dwellings,organisations\n";
    let mut address = Growing::new(dir, "address.csv", address_header, tell)?;
    if let (Some(name), Some(city)) = (plan.province, plan.cities.first()) {
        let code = format!("{}0000000000", city.region / 100);
        let unit = crate::register::Unit { code, name: name.to_owned(), ..Default::default() };
        areas::parent(&mut division.buffer, &unit, "province");
        division.added(1)?;
    }
    let mut written = 0;
    for city in cities {
        written += 1;
        let r = &city.register;
        let n = areas::divisions(&mut division.buffer, &city);
        division.added(n)?;
        let n = areas::stations(&mut station.buffer, &city);
        station.added(n)?;
        let first = grid.rows == 0;
        let n = areas::features(&mut grid.buffer, &r.grids, &city.grid_ground, &r.grid_order, "grid", first);
        grid.added(n)?;
        let n = areas::features(&mut beat.buffer, &r.beats, &city.beat_ground, &r.beat_order, "beat", first);
        beat.added(n)?;
        let n = incidents::write(&city, &mut incident.buffer);
        incident.added(n)?;
        let n = staff::write(&city, &mut people.buffer);
        people.added(n)?;
        for block in &city.blocks.list {
            let n = addresses::write(&city, block, &mut address.buffer);
            address.added(n)?;
        }
    }
    if written < plan.cities.len() {
        return Err(SynthError::Stopped { file: "address.csv" });
    }
    Ok(vec![
        division.finish("")?,
        station.finish("")?,
        grid.finish("\n]}\n")?,
        beat.finish("\n]}\n")?,
        incident.finish("")?,
        people.finish("")?,
        address.finish("")?,
    ])
}

/// Residents: the longest file, on its own.
fn write_people(
    dir: &Path,
    plan: &Plan,
    cities: &Receiver<Arc<City>>,
    tell: &Tell,
) -> Result<Rows, SynthError> {
    let header = "code,address,household,age_band,registration\n";
    let mut resident = Growing::new(dir, "resident.csv", header, tell)?;
    let mut written = 0;
    for city in cities {
        let occupied = residents::occupied(&city);
        for nth in 0..city.blocks.list.len() {
            let n = residents::write(&city, nth, occupied, &mut resident.buffer);
            resident.added(n)?;
        }
        written += 1;
    }
    if written < plan.cities.len() {
        return Err(SynthError::Stopped { file: "resident.csv" });
    }
    Ok(vec![resident.finish("")?])
}
