//! A section of a snapshot file: a column of values, its length before it and its hash behind it.
//!
//! ```text
//! bytes u64 · values, as they lie in memory · hash u64
//! ```

use bytemuck::{Pod, Zeroable};
use std::{
    hash::Hasher,
    io::{self, Read, Write},
};
use twox_hash::XxHash3_64;

/// Writes a section, value by value.
///
/// # Errors
/// When it cannot be written.
pub(super) fn put<const N: usize>(
    out: &mut impl Write,
    values: impl ExactSizeIterator<Item = [u8; N]>,
) -> io::Result<()> {
    const CHUNK: usize = 1 << 20;
    out.write_all(&((values.len() * N) as u64).to_ne_bytes())?;
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
    out.write_all(&hash.finish().to_ne_bytes())
}

/// Writes a section of bytes.
///
/// # Errors
/// When it cannot be written.
pub(super) fn put_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_ne_bytes())?;
    out.write_all(bytes)?;
    out.write_all(&XxHash3_64::oneshot(bytes).to_ne_bytes())
}

/// Sections that are read one after the other.
pub(super) struct Sections<R> {
    from: R,
    /// Bytes of the whole file: no section is longer.
    whole: u64,
}

impl<R: Read> Sections<R> {
    pub(super) fn new(from: R, whole: u64) -> Self {
        Self { from, whole }
    }

    /// The values of the next section, read to where they stay.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn take<T: Pod + Zeroable>(&mut self) -> io::Result<Vec<T>> {
        let bytes = self.number()?;
        // A length that is a lie must not take all memory.
        let size = size_of::<T>() as u64;
        if bytes > self.whole || !bytes.is_multiple_of(size) {
            return Err(damaged("a column is cut off"));
        }
        let mut values = vec![T::zeroed(); (bytes / size) as usize];
        let slice: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
        self.from.read_exact(slice)?;
        if XxHash3_64::oneshot(slice) == self.number()? {
            Ok(values)
        } else {
            Err(damaged("its checksum does not fit"))
        }
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.from.read_exact(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }
}

pub(super) fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
