//! Step *compress*: a tile's bytes for the wire. Speed counts more than the last per cent of size,
//! because compression is what a cold tile costs most.

use libdeflater::{CompressionLvl, Compressor};
use std::cell::RefCell;

/// Deflate's fastest level that compresses at all (libdeflate's level 0 only stores).
const DEFLATE_LEVEL: CompressionLvl = match CompressionLvl::new(1) {
    Ok(level) => level,
    Err(_) => CompressionLvl::best(),
};

/// For what is written once and read often.
const SMALL_LEVEL: CompressionLvl = match CompressionLvl::new(6) {
    Ok(level) => level,
    Err(_) => CompressionLvl::best(),
};

/// zstd's fastest ordinary level; 1 already beats gzip 6 on tiles.
const ZSTD_LEVEL: i32 = 1;

thread_local! {
    // Their tables are large, so each thread keeps one.
    static GZIP: RefCell<Compressor> = RefCell::new(Compressor::new(DEFLATE_LEVEL));
    static SMALL: RefCell<Compressor> = RefCell::new(Compressor::new(SMALL_LEVEL));
    static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> =
        RefCell::new(zstd::bulk::Compressor::new(ZSTD_LEVEL).ok());
    // Where they write: room for the worst case, of which a tile needs a part. What is kept is a copy of that size.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The bytes as a gzip member (RFC 1952), deflate level 1. The header carries no time, so equal
/// input gives equal output.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    GZIP.with_borrow_mut(|compressor| packed(compressor, bytes))
}

/// [`gzip`] with deflate level 6: smaller and slower, for archives.
pub fn gzip_small(bytes: &[u8]) -> Vec<u8> {
    SMALL.with_borrow_mut(|compressor| packed(compressor, bytes))
}

fn packed(compressor: &mut Compressor, bytes: &[u8]) -> Vec<u8> {
    in_room(compressor.gzip_compress_bound(bytes.len()), |room| {
        // Fails only when there is less room than the bound, which there is not.
        compressor.gzip_compress(bytes, room).unwrap_or(0)
    })
}

/// The bytes as a zstd frame (RFC 8878), level 1.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let packed = ZSTD.with_borrow_mut(|compressor| {
        let compressor = compressor.as_mut()?;
        let packed = in_room(zstd::zstd_safe::compress_bound(bytes.len()), |room| {
            compressor.compress_to_buffer(bytes, room).unwrap_or(0)
        });
        (!packed.is_empty()).then_some(packed)
    });
    // In-memory compression at a valid level fails only for want of memory, where Rust aborts anyway;
    // an empty answer would be an invalid frame, so fall back to an uncompressed one.
    packed.unwrap_or_else(|| stored_frame(bytes))
}

/// The bytes that `write` puts at the beginning of so much room; it returns how many.
fn in_room(most: usize, write: impl FnOnce(&mut [u8]) -> usize) -> Vec<u8> {
    ROOM.with_borrow_mut(|room| {
        if room.len() < most {
            room.resize(most, 0);
        }
        let written = write(&mut room[..most]);
        room[..written].to_vec()
    })
}

/// A zstd frame of raw blocks: magic, header with a 8-byte content size, blocks of at most 128 KiB.
fn stored_frame(bytes: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 128 * 1024;
    let mut out = vec![0x28, 0xB5, 0x2F, 0xFD, 0xE0];
    out.extend((bytes.len() as u64).to_le_bytes());
    let blocks = bytes.len().div_ceil(BLOCK).max(1);
    for i in 0..blocks {
        let block = &bytes[i * BLOCK..bytes.len().min((i + 1) * BLOCK)];
        let header = (block.len() as u32) << 3 | u32::from(i + 1 == blocks);
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(block);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<Vec<u8>> {
        vec![vec![], vec![7], (0..300_000_u32).map(|i| (i % 251) as u8).collect()]
    }

    #[test]
    fn gzip_is_reversible_and_stable() {
        for sample in samples() {
            let packed = gzip(&sample);
            assert_eq!(&packed[..2], [0x1F, 0x8B]);
            let mut out = vec![0; sample.len()];
            let n = libdeflater::Decompressor::new().gzip_decompress(&packed, &mut out).unwrap();
            assert_eq!((n, out), (sample.len(), sample.clone()));
            assert_eq!(gzip(&sample), packed);
            assert!(packed.len() < sample.len() / 10 + 64, "nothing was compressed");
        }
    }

    #[test]
    fn zstd_is_reversible() {
        for sample in samples() {
            assert!(zstd(&sample).len() < sample.len() / 10 + 64, "nothing was compressed");
            assert_eq!(zstd::bulk::decompress(&zstd(&sample), sample.len()).unwrap(), sample);
            assert_eq!(zstd::bulk::decompress(&stored_frame(&sample), sample.len()).unwrap(), sample);
        }
    }
}
