//! A file beside the store with all addresses as they lie in memory, so that a start need not read and index
//! millions of rows.
//!
//! ```text
//! "GBSNAP" version u16 · length u32 · header (JSON) · hash u64 · sections, each with its hash behind it
//! header: what it was made of (change n, what that change was, regions, boundaries), each section's length
//! ```
//!
//! It holds no truth of its own. One that was made by another version, of another store or other regions, before
//! the last change to addresses or residents, or that was damaged, is passed over, and the rows are read.

use super::regions::Regions;
use gridbeat_onemap::{AddressColumns, AddressSlices, Addresses, E7, record::Fid};
use gridbeat_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    hash::Hasher,
    io,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};
use twox_hash::XxHash3_64;

const MAGIC: &[u8; 8] = b"GBSNAP\x00\x01";
/// Changes once the program lays things out differently; a new version of the program alone does not.
const LAYOUT: u32 = 1;
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
    /// The pieces that addresses were placed in: [`gridbeat_onemap::OneMap::ground_mark`].
    pub ground: u64,
}

#[derive(Serialize, Deserialize)]
struct Header {
    origin: Origin,
    /// Bytes of each section.
    lengths: Vec<u64>,
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
pub fn write(path: &Path, origin: &Origin, addresses: &Addresses) -> io::Result<()> {
    let columns = addresses.columns();
    let header = serde_json::to_vec(&Header { origin: origin.clone(), lengths: lengths(&columns) })?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".part-{}", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = (|| {
        let mut out = BufWriter::new(fs::File::create(&draft)?);
        out.write_all(MAGIC)?;
        out.write_all(&(header.len() as u32).to_le_bytes())?;
        out.write_all(&header)?;
        out.write_all(&XxHash3_64::oneshot(&header).to_le_bytes())?;
        put_sections(&mut out, &columns)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&draft, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft); // What is not there need not go.
    }
    written
}

/// Reads a snapshot: what it was made of, and a promise of the rest.
///
/// # Errors
/// When there is none, or it is damaged.
pub fn open(path: &Path) -> io::Result<Pending> {
    let mut file = BufReader::with_capacity(1 << 20, fs::File::open(path)?);
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let (magic, length) = head.split_at(8);
    let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
    if magic != MAGIC || length > LONGEST_HEADER {
        return Err(damaged("it is no snapshot of this version"));
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header)?;
    let mut hash = [0; 8];
    file.read_exact(&mut hash)?;
    if XxHash3_64::oneshot(&header) != u64::from_le_bytes(hash) {
        return Err(damaged("its header is damaged"));
    }
    let header: Header = serde_json::from_slice(&header)?;
    Ok(Pending { file, header })
}

/// A snapshot whose header was read.
pub struct Pending {
    file: BufReader<fs::File>,
    header: Header,
}

impl Pending {
    /// What it was made of.
    pub fn origin(&self) -> &Origin {
        &self.header.origin
    }

    /// Reads and checks the rest.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(mut self) -> io::Result<Addresses> {
        let whole = self.file.get_ref().metadata()?.len();
        let Header { lengths, .. } = &self.header;
        // A length that is a lie must not take all memory.
        if lengths.len() != SECTIONS || lengths.iter().any(|&l| l > whole) {
            return Err(damaged("it ends too early"));
        }
        let mut next = lengths.iter();
        let mut section = || -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; next.next().map_or(0, |&l| l as usize)];
            self.file.read_exact(&mut bytes)?;
            let mut hash = [0; 8];
            self.file.read_exact(&mut hash)?;
            if XxHash3_64::oneshot(&bytes) != u64::from_le_bytes(hash) {
                return Err(damaged("its checksum does not fit"));
            }
            Ok(bytes)
        };
        // In the order of `put_sections`.
        let fids = longs(&section()?)?.into_iter().map(Fid).collect();
        let (lon, lat) = (ints(&section()?)?, ints(&section()?)?);
        if lon.len() != lat.len() {
            return Err(damaged("there are not as many latitudes as longitudes"));
        }
        let at = lon.iter().zip(&lat).map(|(&x, &y)| E7::new(x.cast_signed(), y.cast_signed())).collect();
        drop((lon, lat));
        let counts = [ints(&section()?)?, ints(&section()?)?, ints(&section()?)?];
        let pieces = ints(&section()?)?;
        let ends = longs(&section()?)?;
        let ends = ends.as_chunks::<2>().0.to_vec();
        let words = String::from_utf8(section()?).map_err(|_| damaged("its texts are none"))?;
        let order = ints(&section()?)?;
        let columns = AddressColumns { fids, at, counts, pieces, ends, words, order };
        Addresses::from_columns(columns).map_err(damaged)
    }
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// How many sections there are.
const SECTIONS: usize = 10;

/// Bytes of each section, in the order of [`put_sections`].
fn lengths(c: &AddressSlices<'_>) -> Vec<u64> {
    let n = c.fids.len() as u64;
    vec![8 * n, 4 * n, 4 * n, 4 * n, 4 * n, 4 * n, 4 * n, 16 * n, c.words.len() as u64, 4 * n]
}

/// The columns as bytes; numbers little-endian.
fn put_sections(out: &mut impl Write, c: &AddressSlices<'_>) -> io::Result<()> {
    put(out, c.fids.iter().map(|f| f.0.to_le_bytes()))?;
    put(out, c.at.iter().map(|p| p.lon.to_le_bytes()))?;
    put(out, c.at.iter().map(|p| p.lat.to_le_bytes()))?;
    for column in c.counts.iter().chain([&c.pieces]) {
        put(out, column.iter().map(|v| v.to_le_bytes()))?;
    }
    put(out, c.ends.iter().flatten().map(|v| v.to_le_bytes()))?;
    put(out, c.words.bytes().map(|b| [b]))?;
    put(out, c.order.iter().map(|v| v.to_le_bytes()))
}

/// A section and its hash.
fn put<const N: usize>(out: &mut impl Write, values: impl Iterator<Item = [u8; N]>) -> io::Result<()> {
    const CHUNK: usize = 1 << 20;
    let mut hash = XxHash3_64::new();
    let mut chunk = Vec::with_capacity(CHUNK + N);
    for value in values {
        chunk.extend(value);
        if chunk.len() >= CHUNK {
            hash.write(&chunk);
            out.write_all(&chunk)?;
            chunk.clear();
        }
    }
    hash.write(&chunk);
    out.write_all(&chunk)?;
    out.write_all(&hash.finish().to_le_bytes())
}

fn longs(bytes: &[u8]) -> io::Result<Vec<u64>> {
    match bytes.as_chunks::<8>() {
        (all, []) => Ok(all.iter().map(|&b| u64::from_le_bytes(b)).collect()),
        _ => Err(damaged("a column is cut off")),
    }
}

fn ints(bytes: &[u8]) -> io::Result<Vec<u32>> {
    match bytes.as_chunks::<4>() {
        (all, []) => Ok(all.iter().map(|&b| u32::from_le_bytes(b)).collect()),
        _ => Err(damaged("a column is cut off")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::{MapBuilder, Scope, record::AddressRow};

    fn some() -> gridbeat_onemap::OneMap {
        let mut builder = MapBuilder::new();
        for i in 0..3000_u32 {
            builder.address(&AddressRow {
                fid: Fid(u64::from(i) + 1),
                code: format!("A{i}"),
                text: format!("中山路{i}号"),
                at: E7::new(
                    1_203_000_000 + (i as i32 * 7919) % 10_007,
                    315_000_000 + (i as i32 * 4729) % 10_009,
                ),
                residents: i % 7,
                ..AddressRow::default()
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
        let addresses = map.read(&scope).addresses();
        write(&path, &origin(), addresses).unwrap();
        write(&path, &origin(), addresses).unwrap();
        let pending = open(&path).unwrap();
        assert_eq!(*pending.origin(), origin());
        let again = pending.read().unwrap();
        assert_eq!(again.columns().to_columns(), addresses.columns().to_columns());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn whatever_byte_is_damaged_it_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.snapshot");
        let (map, scope) = (some(), Scope::all());
        write(&path, &origin(), map.read(&scope).addresses()).unwrap();
        let good = fs::read(&path).unwrap();
        let is_whole = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            open(&path).and_then(Pending::read).is_ok()
        };
        assert!(is_whole(&good));
        for at in (0..good.len()).step_by(997).chain(0..200) {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            assert!(!is_whole(&bad), "byte {at}");
        }
        for length in [0, 7, 11, 100, good.len() / 2, good.len() - 1] {
            assert!(!is_whole(&good[..length]), "{length} bytes");
        }
    }
}
