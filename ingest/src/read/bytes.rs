//! A file as a stream of bytes: counted for the progress bar, gunzipped when it is gzipped, and guarded
//! against what inflates without end.

use crate::IngestError;
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Inflating to more than this many times the packed size is taken for an attack, beyond [`FREE`] bytes.
/// Text packs 5 to 20 times; a table of blanks may reach a hundred.
pub(crate) const MAX_RATIO: u64 = 200;
/// Up to here any ratio is harmless.
pub(crate) const FREE: u64 = 64 << 20;
/// The largest inflated size of a zip's members together.
pub(crate) const MAX_INFLATED: u64 = 4 << 30;

/// A file that can be opened again and again: one on disk, or one unpacked into an unnamed temporary.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    /// What messages call it.
    pub name: String,
    origin: Origin,
    /// Size in bytes as stored.
    pub size: u64,
    /// Whether it is gzipped.
    pub gzipped: bool,
}

#[derive(Clone, Debug)]
enum Origin {
    Path(PathBuf),
    /// Reads of several readers must not share one position, so each keeps its own.
    Temporary(Arc<File>),
}

impl Blob {
    /// A file on disk.
    pub fn of_path(path: &Path) -> Result<Self, IngestError> {
        let name = crate::error::file_name(path);
        let meta = std::fs::metadata(path).map_err(|e| IngestError::io(&name, e))?;
        if meta.is_dir() {
            return Err(IngestError::format(&name, "is a folder; expected a file"));
        }
        let mut blob = Self { name, origin: Origin::Path(path.to_owned()), size: meta.len(), gzipped: false };
        blob.gzipped = blob.head(2)?.starts_with(&[0x1f, 0x8b]);
        Ok(blob)
    }

    /// An unnamed temporary that holds `size` bytes.
    pub fn of_temporary(name: String, file: File, size: u64) -> Self {
        Self { name, origin: Origin::Temporary(Arc::new(file)), size, gzipped: false }
    }

    /// The path, when it is a file on disk.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(p) => Some(p),
            Origin::Temporary(_) => None,
        }
    }

    /// The first `n` bytes as stored (fewer when the file is shorter).
    pub fn head(&self, n: usize) -> Result<Vec<u8>, IngestError> {
        let mut out = Vec::new();
        self.raw()?.take(n as u64).read_to_end(&mut out).map_err(|e| self.io(e))?;
        Ok(out)
    }

    /// The first `n` bytes of the content, gunzipped.
    pub fn content_head(&self, n: usize) -> Result<Vec<u8>, IngestError> {
        let mut out = Vec::new();
        self.reader()?.take(n as u64).read_to_end(&mut out).map_err(|e| self.io(e))?;
        Ok(out)
    }

    /// The stored bytes, seekable.
    pub fn raw(&self) -> Result<RawFile, IngestError> {
        match &self.origin {
            Origin::Path(p) => {
                File::open(p).map(|f| RawFile { file: Arc::new(f), at: 0 }).map_err(|e| self.io(e))
            }
            Origin::Temporary(f) => Ok(RawFile { file: Arc::clone(f), at: 0 }),
        }
    }

    /// The content from the start: buffered, counted, gunzipped, guarded.
    pub fn reader(&self) -> Result<Content, IngestError> {
        let read = Arc::new(AtomicU64::new(0));
        let counted =
            Counted { inner: BufReader::with_capacity(1 << 18, self.raw()?), read: Arc::clone(&read) };
        let inner: Box<dyn Read + Send> = if self.gzipped {
            Box::new(Guarded {
                inner: flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, counted)),
                packed: Arc::clone(&read),
                out: 0,
            })
        } else {
            Box::new(counted)
        };
        Ok(Content { inner, read, total: self.size })
    }

    /// Turns a failure of reading into the right error: a damaged archive is the file's fault, a failing
    /// disk is not.
    pub fn io(&self, e: io::Error) -> IngestError {
        read_error(&self.name, e)
    }
}

/// Turns a failure of reading into the right error.
pub(crate) fn read_error(name: &str, e: io::Error) -> IngestError {
    match e.kind() {
        io::ErrorKind::UnexpectedEof => IngestError::format(name, "is cut off: the data ends too early"),
        io::ErrorKind::FileTooLarge => IngestError::limit(name, e),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            IngestError::format(name, format!("is damaged: {e}"))
        }
        _ => IngestError::io(name, e),
    }
}

/// A file with a position of its own.
pub(crate) struct RawFile {
    file: Arc<File>,
    at: u64,
}

impl Read for RawFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = read_at(&self.file, buf, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for RawFile {
    fn seek(&mut self, pos: SeekFrom) -> io::Result<u64> {
        let at = match pos {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::Current(d) => self.at.checked_add_signed(d),
            SeekFrom::End(d) => self.file.metadata()?.len().checked_add_signed(d),
        };
        self.at =
            at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a position before the start"))?;
        Ok(self.at)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buf: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, at)
}

#[cfg(windows)]
fn read_at(file: &File, buf: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, at)
}

/// The content of a file.
pub(crate) struct Content {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
    total: u64,
}

impl Content {
    /// A counter of the stored bytes read, and how many there are.
    pub fn meter(&self) -> Meter {
        Meter { read: Arc::clone(&self.read), total: self.total }
    }
}

impl Read for Content {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf)
    }
}

/// How much of a file has been read.
#[derive(Clone)]
pub(crate) struct Meter {
    read: Arc<AtomicU64>,
    total: u64,
}

impl Meter {
    pub fn progress(&self) -> crate::Progress {
        crate::Progress { done: self.read.load(Ordering::Relaxed), total: self.total }
    }
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Stops a stream that inflates beyond reason.
struct Guarded<R> {
    inner: R,
    packed: Arc<AtomicU64>,
    out: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.out += n as u64;
        if self.out > FREE && self.out / MAX_RATIO > self.packed.load(Ordering::Relaxed) {
            return Err(too_much(format!("inflates to more than {MAX_RATIO} times its packed size")));
        }
        Ok(n)
    }
}

/// The content of a gzipped stream, guarded like a file's.
pub(crate) fn gunzip(input: impl Read) -> impl Read {
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: input, read: Arc::clone(&read) };
    let packed = BufReader::with_capacity(1 << 16, counted);
    Guarded { inner: flate2::read::MultiGzDecoder::new(packed), packed: read, out: 0 }
}

/// The error of a limit.
pub(crate) fn too_much(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}
