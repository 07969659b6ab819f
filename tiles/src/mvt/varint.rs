//! Numbers of seven bits a byte, the least first, as protocol buffers write them: 300 is `AC 02`.

/// Bytes of the longest number.
pub(super) const LONGEST: usize = 10;

/// Appends a number.
pub(super) fn push(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

/// Writes a number at a place where there is room for it; returns where it ends.
#[inline]
pub(super) fn put(out: &mut [u8], mut at: usize, v: impl Into<u64>) -> usize {
    let mut v = v.into();
    while v >= 0x80 {
        out[at] = v as u8 | 0x80;
        v >>= 7;
        at += 1;
    }
    out[at] = v as u8;
    at + 1
}

/// Reads the number that begins at a place; returns where it ends, too.
pub(super) fn read(bytes: &[u8], mut at: usize) -> (u64, usize) {
    let (mut v, mut shift) = (0, 0);
    loop {
        let byte = bytes[at];
        v |= u64::from(byte & 0x7F) << shift;
        at += 1;
        shift += 7;
        if byte < 0x80 {
            return (v, at);
        }
    }
}

/// Bytes that a number takes.
#[inline]
pub(super) fn len(v: u64) -> usize {
    (64 - (v | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_know_their_length() {
        for v in [0, 1, 127, 128, 300, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            push(&mut out, v);
            assert_eq!(out.len(), len(v));
            let mut room = [0; LONGEST];
            assert_eq!(put(&mut room, 0, v), out.len());
            assert_eq!(room[..out.len()], out);
            assert_eq!(read(&out, 0), (v, out.len()));
        }
        assert_eq!(read(&[0xFF, 0xAC, 0x02], 1), (300, 3));
    }
}
