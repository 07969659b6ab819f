//! A file beside the store with all addresses and incidents as they lie in memory, so that a start need not read
//! and index millions of rows.
//!
//! ```text
//! "GBSNAP" version u16 · length u32 · header (JSON) · hash u64 · sections of addresses, of incidents
//! header: what it was made of (change n, what that change was, regions, boundaries)
//! ```
//!
//! It holds no truth of its own. One that was made by another version, of another store or other regions, before
//! the last change to addresses or residents, or that was damaged, is passed over, and the rows are read. What the
//! log says of incidents after change n is read anew.

mod addresses;
mod incidents;
mod section;

use super::regions::Regions;
use gridbeat_onemap::{PlacedRows, Reader};
use gridbeat_store::{Store, StoreError};
use section::{Sections, damaged};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use twox_hash::XxHash3_64;

const MAGIC: &[u8; 6] = b"GBSNAP";
/// Numbers are as this machine lays them out: another would read another version.
const VERSION: u16 = 2;
/// Changes once the program lays things out differently; a new version of the program alone does not.
const LAYOUT: u32 = 3;
/// Nobody writes that long.
const OLD_DRAFT: Duration = Duration::from_secs(600);
/// A header is small; a length beyond this is damage.
const LONGEST_HEADER: u32 = 1 << 20;

/// What a snapshot was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    layout: u32,
    /// Number of the last change in it.
    pub change: u64,
    /// What that change was: of another store it would be another.
    fingerprint: u64,
    regions: String,
    /// The pieces that all was placed in: [`gridbeat_onemap::OneMap::ground_mark`].
    pub ground: u64,
}

impl Origin {
    /// Of a store as of change `n`; `None` when the log no longer has that change.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn of(store: &dyn Store, n: u64, regions: &Regions, ground: u64) -> Result<Option<Self>, StoreError> {
        let Some(before) = n.checked_sub(1) else { return Ok(None) };
        let Some(change) = store.changes_since(before, 1)?.into_iter().find(|c| c.n == n) else {
            return Ok(None);
        };
        let fingerprint = XxHash3_64::oneshot(format!("{change:?}").as_bytes());
        Ok(Some(Self { layout: LAYOUT, change: n, fingerprint, regions: format!("{regions:?}"), ground }))
    }
}

/// The file that belongs to a store; `None` where there is none to be.
pub fn path_of(store: &str, setting: &str) -> Option<PathBuf> {
    match setting {
        "off" => None,
        "" if store.contains("://") => None,
        "" => Some(PathBuf::from(format!("{store}.snapshot"))),
        path => Some(PathBuf::from(path)),
    }
}

/// Writes a snapshot in the place of the one that is there, in one step.
///
/// # Errors
/// When it cannot be written; the one that was there stays.
pub fn write(path: &Path, origin: &Origin, map: &Reader<'_>) -> io::Result<()> {
    let header = serde_json::to_vec(origin)?;
    drop_old_drafts(path);
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".part-{}", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = (|| {
        let mut out = BufWriter::new(fs::File::create(&draft)?);
        out.write_all(MAGIC)?;
        out.write_all(&VERSION.to_ne_bytes())?;
        out.write_all(&(header.len() as u32).to_ne_bytes())?;
        out.write_all(&header)?;
        out.write_all(&XxHash3_64::oneshot(&header).to_ne_bytes())?;
        addresses::write(&mut out, map.addresses())?;
        incidents::write(&mut out, map.incidents())?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&draft, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft); // What is not there need not go.
    }
    written
}

/// Removes what writers left that were killed.
fn drop_old_drafts(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let start = format!("{}.part-", name.to_string_lossy());
    let Ok(files) = fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }) else {
        return;
    };
    for file in files.flatten().filter(|f| f.file_name().to_string_lossy().starts_with(&start)) {
        let age = file.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        // A younger one may still be written.
        if age.is_some_and(|age| age > OLD_DRAFT) {
            let _ = fs::remove_file(file.path());
        }
    }
}

/// Reads a snapshot: what it was made of, and a promise of the rest.
///
/// # Errors
/// When there is none, or it is damaged.
pub fn open(path: &Path) -> io::Result<Pending> {
    let mut file = BufReader::with_capacity(1 << 20, fs::File::open(path)?);
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let [.., v0, v1, a, b, c, d] = head;
    let length = u32::from_ne_bytes([a, b, c, d]);
    if !head.starts_with(MAGIC) || u16::from_ne_bytes([v0, v1]) != VERSION || length > LONGEST_HEADER {
        return Err(damaged("it is no snapshot of this version"));
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header)?;
    let mut hash = [0; 8];
    file.read_exact(&mut hash)?;
    if XxHash3_64::oneshot(&header) != u64::from_ne_bytes(hash) {
        return Err(damaged("its header is damaged"));
    }
    Ok(Pending { file, origin: serde_json::from_slice(&header)? })
}

/// A snapshot whose header was read.
pub struct Pending {
    file: BufReader<fs::File>,
    origin: Origin,
}

impl Pending {
    /// What it was made of.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Reads and checks the rest.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(self) -> io::Result<PlacedRows> {
        let whole = self.file.get_ref().metadata()?.len();
        let mut sections = Sections::new(self.file, whole);
        let addresses = addresses::read(&mut sections)?;
        let incidents = incidents::read(&mut sections)?;
        Ok(PlacedRows { addresses, incidents, ground: self.origin.ground })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::{
        E7, MapBuilder, OneMap, Scope,
        record::{AddressRow, Fid, IncidentRow, Placed, Region, Risk, Source, State},
    };

    fn some() -> OneMap {
        let mut builder = MapBuilder::new();
        let place = |i: u32| {
            E7::new(1_203_000_000 + (i as i32 * 7919) % 10_007, 315_000_000 + (i as i32 * 4729) % 10_009)
        };
        for i in 0..3000_u32 {
            builder.address(&AddressRow {
                fid: Fid(u64::from(i) + 1),
                code: format!("A{i}"),
                text: format!("中山路{i}号"),
                at: place(i),
                residents: i % 7,
                ..AddressRow::default()
            });
        }
        for i in 0..500_u32 {
            let some = |k: u32, text: &str| (i % k != 0).then(|| format!("{text}{i}"));
            builder.incident(IncidentRow {
                fid: Fid::new(Region(3202), i + 1),
                region: Region(3202),
                code: format!("I{i}"),
                title: some(2, "夜间施工噪音"),
                category: (i % 11 != 0).then(String::new),
                state: State::ALL[i as usize % State::ALL.len()],
                risk: Risk::ALL.get(i as usize % 4).copied(),
                source: Source::ALL.get(i as usize % 9).copied(),
                reported_at: (i % 3 != 0)
                    .then(|| jiff::Timestamp::from_millisecond(1_700_000_000_123 + i64::from(i)).unwrap()),
                address: some(5, "中山路"),
                at: place(i),
                placed: (i % 6 != 0).then(|| Placed { grid: some(4, "G"), beat: some(7, "B") }),
            });
        }
        builder.finish(9)
    }

    fn origin() -> Origin {
        Origin { layout: LAYOUT, change: 9, fingerprint: 77, regions: "all".into(), ground: 5 }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.snapshot");
        let (map, scope) = (some(), Scope::all());
        let map = map.read(&scope);
        write(&path, &origin(), &map).unwrap();
        write(&path, &origin(), &map).unwrap();
        let pending = open(&path).unwrap();
        assert_eq!(*pending.origin(), origin());
        let again = pending.read().unwrap();
        assert_eq!(again.addresses.columns().to_columns(), map.addresses().columns().to_columns());
        assert!(again.incidents.iter().map(|i| &**i).eq(map.incidents().iter()));
        assert_eq!(again.ground, 5);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
        // Nor that of somebody who was killed, if it is old.
        let [old, young] = ["s.snapshot.part-1", "s.snapshot.part-2"].map(|name| folder.path().join(name));
        for draft in [&old, &young] {
            fs::write(draft, "a part").unwrap();
        }
        let then = std::time::SystemTime::now() - 2 * OLD_DRAFT;
        fs::File::options().write(true).open(&old).unwrap().set_modified(then).unwrap();
        write(&path, &origin(), &map).unwrap();
        assert!(!old.exists() && young.exists());
    }

    #[test]
    fn whatever_byte_is_damaged_it_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.snapshot");
        let (map, scope) = (some(), Scope::all());
        write(&path, &origin(), &map.read(&scope)).unwrap();
        let good = fs::read(&path).unwrap();
        let is_whole = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            open(&path).and_then(Pending::read).is_ok()
        };
        assert!(is_whole(&good));
        for at in (0..good.len()).step_by(997).chain(0..200).chain(good.len() - 200..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            assert!(!is_whole(&bad), "byte {at}");
        }
        for length in [0, 7, 11, 100, good.len() / 2, good.len() - 1] {
            assert!(!is_whole(&good[..length]), "{length} bytes");
        }
    }
}
