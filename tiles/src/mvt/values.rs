//! The values of a layer: each stands in it once, and features refer to it by its number.

use super::{Value, varint};
use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};
use std::hash::{BuildHasher, Hasher};

/// Values in the order in which they came, as they stand in the layer.
#[derive(Default)]
pub(super) struct Values {
    /// One after the other, each with its frame: field 4, how many bytes follow, the field of its kind.
    bytes: Vec<u8>,
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
}

/// A value that is there.
struct Known {
    /// Where it begins.
    start: u32,
    number: u32,
}

/// Bytes of the longest frame: field 4, a length, the field of a text, a length.
const LONGEST_FRAME: usize = 2 * (1 + varint::LONGEST);

/// The field of a value in its layer.
const VALUE: u8 = 0x22;

/// The field of a text: the only kind that says its length once more.
const TEXT: u8 = 0x0A;

impl Values {
    /// Makes room for about so many.
    pub(super) fn reserve(&mut self, values: usize) {
        self.bytes.reserve(values * 16);
        let (bytes, hasher) = (&self.bytes, &self.hasher);
        self.known.reserve(values, |k| hash(hasher, held_at(bytes, k.start)));
    }

    /// All of them as they stand in the layer.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The number of a value, which is added if it is new.
    pub(super) fn number(&mut self, value: Value<'_>) -> u32 {
        match value {
            Value::String(s) => self.find_or_add(TEXT, s.as_bytes()),
            Value::Double(v) => self.find_or_add(0x19, &v.to_le_bytes()),
            Value::Int(v) => self.find_or_add_varint(0x20, v as u64),
            Value::Uint(v) => self.find_or_add_varint(0x28, v),
            Value::Sint(v) => self.find_or_add_varint(0x30, ((v << 1) ^ (v >> 63)) as u64),
            Value::Bool(v) => self.find_or_add(0x38, &[u8::from(v)]),
        }
    }

    fn find_or_add_varint(&mut self, field: u8, v: u64) -> u32 {
        let mut room = [0; varint::LONGEST];
        let length = varint::put(&mut room, 0, v);
        self.find_or_add(field, &room[..length])
    }

    /// `held` is what the field holds, without its frame.
    #[inline]
    fn find_or_add(&mut self, field: u8, held: &[u8]) -> u32 {
        let mut room = [0; LONGEST_FRAME];
        let length = put_frame(&mut room, field, held.len());
        let frame = &room[..length];
        let (bytes, hasher) = (&self.bytes, &self.hasher);
        // Frames say how long a value is, so that one is not taken for another that goes on.
        let same = |k: &Known| {
            let there = &bytes[k.start as usize..];
            there.starts_with(frame) && there[length..].starts_with(held)
        };
        let number = self.known.len() as u32;
        match self.known.entry(hash(hasher, held), same, |k| hash(hasher, held_at(bytes, k.start))) {
            Entry::Occupied(known) => known.get().number,
            Entry::Vacant(place) => {
                place.insert(Known { start: bytes.len() as u32, number });
                self.bytes.extend_from_slice(frame);
                self.bytes.extend_from_slice(held);
                number
            }
        }
    }
}

/// Of what a field holds alone: few values of different kinds hold the same.
#[inline]
fn hash(hasher: &DefaultHashBuilder, held: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(held);
    hasher.finish()
}

/// Writes the frame of so many bytes; returns where it ends.
#[inline]
fn put_frame(out: &mut [u8; LONGEST_FRAME], field: u8, held: usize) -> usize {
    let inner = if field == TEXT { varint::len(held as u64) } else { 0 };
    out[0] = VALUE;
    let end = varint::put(out, 1, (1 + inner + held) as u64);
    out[end] = field;
    if field == TEXT { varint::put(out, end + 1, held as u64) } else { end + 1 }
}

/// What the value that begins here holds, without its frame.
fn held_at(bytes: &[u8], start: u32) -> &[u8] {
    let (length, field) = varint::read(bytes, start as usize + 1);
    let from = if bytes[field] == TEXT { varint::read(bytes, field + 1).1 } else { field + 1 };
    &bytes[from..field + length as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_there_once() {
        let long = "路".repeat(6_000);
        let (half, bits) = (&long[..9_000], f64::from_le_bytes(*b"12345678"));
        let values = [
            Value::String(""),
            Value::String("1"),
            Value::String("12345678"),
            Value::String(half),
            Value::String(&long),
            Value::Double(bits),
            Value::Double(0.0),
            Value::Double(-0.0),
            Value::Int(1),
            Value::Uint(1),
            Value::Sint(-1),
            Value::Bool(true),
            Value::Bool(false),
        ];
        let mut known = Values::default();
        // The table grows, and grows again, between the first and the last time.
        let numbers: Vec<u32> = values.iter().map(|&v| known.number(v)).collect();
        let more: Vec<u32> = (0..10_000).map(|i| known.number(Value::Int(1_000 + i))).collect();
        let end = known.bytes().len();
        assert_eq!(numbers, (0..values.len() as u32).collect::<Vec<_>>());
        assert_eq!(more, (13..10_013).collect::<Vec<_>>());
        assert_eq!(values.iter().map(|&v| known.number(v)).collect::<Vec<_>>(), numbers);
        assert_eq!((0..10_000).map(|i| known.number(Value::Int(1_000 + i))).collect::<Vec<_>>(), more);
        assert_eq!(known.bytes().len(), end);
    }
}
