//! Step *encode*: Mapbox Vector Tile 2.1, written straight as protocol-buffer bytes.
//!
//! Field numbers are those of the specification's `vector_tile.proto`. A layer keeps each key and
//! each value once; features refer to them by number.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Units along one side of a tile.
pub const EXTENT: u32 = 4096;

/// One property of a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    String(&'a str),
    /// A number with a fraction.
    Double(f64),
    /// A whole number, compact when not negative.
    Int(i64),
    /// A whole number that is never negative.
    Uint(u64),
    /// A whole number, compact when small either way.
    Sint(i64),
    /// Yes or no.
    Bool(bool),
}

/// What a feature's geometry is; the numbers are the specification's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// The commands of one geometry, in tile coordinates (`y` southwards), as they are written into a feature.
#[derive(Clone, Debug)]
pub struct Geometry {
    kind: Kind,
    bytes: Vec<u8>,
    /// A point's commands: most features are points, and need no room of their own.
    point: [u8; 2 * LONGEST + 1],
    point_len: u8,
    cursor: (i32, i32),
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Bytes of a number of 32 bits at most.
const LONGEST: usize = 5;

impl Geometry {
    /// One point.
    pub fn point(x: i32, y: i32) -> Self {
        let mut geometry = Self::empty(Kind::Point);
        let mut end = put(&mut geometry.point, 0, MOVE_TO | 1 << 3);
        for v in [x, y] {
            end = put(&mut geometry.point, end, zigzag32(v));
        }
        geometry.point_len = end as u8;
        geometry
    }

    /// Lines, to be added with [`Geometry::add_line`].
    pub fn lines() -> Self {
        Self::empty(Kind::Line)
    }

    /// Polygons, to be added ring by ring with [`Geometry::add_ring`]: each exterior followed by its holes.
    pub fn polygons() -> Self {
        Self::empty(Kind::Polygon)
    }

    fn empty(kind: Kind) -> Self {
        Self { kind, bytes: Vec::new(), point: [0; 2 * LONGEST + 1], point_len: 0, cursor: (0, 0) }
    }

    fn packed(&self) -> &[u8] {
        match self.kind {
            Kind::Point => &self.point[..usize::from(self.point_len)],
            Kind::Line | Kind::Polygon => &self.bytes,
        }
    }

    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.packed().is_empty()
    }

    /// Adds a line; one without at least two different consecutive points adds nothing.
    pub fn add_line(&mut self, points: impl IntoIterator<Item = (i32, i32), IntoIter: ExactSizeIterator>) {
        self.path(points.into_iter(), false);
    }

    /// Adds a ring, in either direction and with or without its repeated last point: it is turned so that
    /// an exterior has a positive and a hole a negative area in tile coordinates (2.1, §4.3.3.3); one that
    /// comes the right way round is quicker. A ring without area adds nothing; the answer says whether it
    /// was added, so that the caller can leave out the holes of an exterior that was not.
    pub fn add_ring<I>(&mut self, points: I, exterior: bool) -> bool
    where
        I: IntoIterator<Item = (i32, i32), IntoIter: Clone + DoubleEndedIterator + ExactSizeIterator>,
    {
        let points = points.into_iter();
        let (from, cursor) = (self.bytes.len(), self.cursor);
        let area = self.path(points.clone(), true);
        if area != 0 && (area > 0) == exterior {
            return true;
        }
        self.bytes.truncate(from);
        self.cursor = cursor;
        area != 0 && self.path(points.rev(), true) != 0
    }

    /// Writes a path, and returns twice its area by the surveyor's formula, positive for exteriors in tile
    /// coordinates. Points that repeat the one before are left out; a path of one point adds nothing.
    fn path(&mut self, mut points: impl ExactSizeIterator<Item = (i32, i32)>, closed: bool) -> i64 {
        let (from, most) = (self.bytes.len(), points.len());
        let Some(first) = points.next() else { return 0 };
        // Room for the longest numbers there could be: then nothing has to grow in between.
        self.bytes.resize(from + (3 + 2 * most) * LONGEST, 0);
        let out = &mut self.bytes[from..];
        let mut end = put(out, 0, MOVE_TO | 1 << 3);
        end = put_step(out, end, self.cursor, first);
        // Here stands how many points follow: all of them, unless some repeat.
        let head = end;
        let line_to = |count: usize| LINE_TO | (count as u32) << 3;
        let width = varint_len(u64::from(line_to(most - 1)));
        end += width;
        let body = end;
        let (mut count, mut area) = (0, 0);
        // The last point, and what was before it.
        let (mut last, mut before) = (first, (first, end));
        for p in points {
            if p == last {
                continue;
            }
            before = (last, end);
            end = put_step(out, end, last, p);
            area += cross(last, p);
            last = p;
            count += 1;
        }
        if closed {
            if count > 0 && last == first {
                (last, end) = before;
                count -= 1;
            } else {
                area += cross(last, first);
            }
        }
        if count == 0 {
            self.bytes.truncate(from);
            return 0;
        }
        let found = varint_len(u64::from(line_to(count)));
        if found != width {
            out.copy_within(body..end, head + found);
            end = end - width + found;
        }
        put(out, head, line_to(count));
        if closed {
            end = put(out, end, CLOSE_PATH | 1 << 3);
        }
        self.bytes.truncate(from + end);
        self.cursor = last;
        area
    }
}

/// Writes how to get from one point to another.
#[inline]
fn put_step(out: &mut [u8], at: usize, a: (i32, i32), b: (i32, i32)) -> usize {
    let at = put(out, at, zigzag32(b.0.wrapping_sub(a.0)));
    put(out, at, zigzag32(b.1.wrapping_sub(a.1)))
}

#[inline]
fn cross(a: (i32, i32), b: (i32, i32)) -> i64 {
    i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
}

/// Writes a number at a place where there is room for it; returns where it ends.
#[inline]
fn put(out: &mut [u8], mut at: usize, mut v: u32) -> usize {
    while v >= 0x80 {
        out[at] = v as u8 | 0x80;
        v >>= 7;
        at += 1;
    }
    out[at] = v as u8;
    at + 1
}

fn zigzag32(v: i32) -> u32 {
    ((v << 1) ^ (v >> 31)) as u32
}

/// One layer in the making.
pub struct Layer {
    name: &'static str,
    features: Vec<u8>,
    count: usize,
    keys: Vec<&'static str>,
    /// Encoded `Value` messages one after the other, and where each ends.
    values: Vec<u8>,
    value_ends: Vec<u32>,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    scratch: Vec<u8>,
    tags: Vec<u8>,
}

impl Layer {
    /// An empty layer of extent 4096.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            features: Vec::new(),
            count: 0,
            keys: Vec::new(),
            values: Vec::new(),
            value_ends: Vec::new(),
            known: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            scratch: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// Makes room for about so many features, each with a value of its own or two.
    pub fn reserve(&mut self, features: usize) {
        self.features.reserve(features * 48);
        self.values.reserve(features * 32);
        self.value_ends.reserve(features * 2);
        let (ends, values, hasher) = (&self.value_ends, &self.values, &self.hasher);
        self.known.reserve(features * 2, |&i| hasher.hash_one(value_at(values, ends, i)));
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a feature. An empty geometry is left out; a property whose value is `None` is not written.
    pub fn add<'v>(
        &mut self,
        id: Option<u64>,
        geometry: &Geometry,
        properties: impl IntoIterator<Item = (&'static str, Option<Value<'v>>)>,
    ) {
        if geometry.is_empty() {
            return;
        }
        self.tags.clear();
        for (key, value) in properties {
            let Some(value) = value else { continue };
            let key = self.key(key);
            let value = self.value(value);
            varint(&mut self.tags, u64::from(key));
            varint(&mut self.tags, u64::from(value));
        }
        let packed = geometry.packed();
        // id, tags, type, geometry: each a key of one byte and what follows.
        let size = id.map_or(0, |id| 1 + varint_len(id))
            + if self.tags.is_empty() { 0 } else { 1 + varint_len(self.tags.len() as u64) + self.tags.len() }
            + 2
            + 1
            + varint_len(packed.len() as u64)
            + packed.len();
        let out = &mut self.features;
        out.push(0x12);
        varint(out, size as u64);
        if let Some(id) = id {
            out.push(0x08);
            varint(out, id);
        }
        if !self.tags.is_empty() {
            out.push(0x12);
            varint(out, self.tags.len() as u64);
            out.extend_from_slice(&self.tags);
        }
        out.extend([0x18, geometry.kind as u8, 0x22]);
        varint(out, packed.len() as u64);
        out.extend_from_slice(packed);
        self.count += 1;
    }

    fn key(&mut self, key: &'static str) -> u32 {
        // A layer has a dozen keys: looking through them is quicker than hashing.
        let at = self.keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        at as u32
    }

    fn value(&mut self, value: Value<'_>) -> u32 {
        self.scratch.clear();
        encode_value(&mut self.scratch, value);
        let (ends, values, hasher) = (&self.value_ends, &self.values, &self.hasher);
        let bytes = |i: u32| value_at(values, ends, i);
        let hash = hasher.hash_one(self.scratch.as_slice());
        if let Some(&i) = self.known.find(hash, |&i| bytes(i) == self.scratch.as_slice()) {
            return i;
        }
        let i = ends.len() as u32;
        self.known.insert_unique(hash, i, |&i| hasher.hash_one(bytes(i)));
        self.values.extend_from_slice(&self.scratch);
        self.value_ends.push(self.values.len() as u32);
        i
    }

    /// Appends the layer to a tile; an empty layer adds nothing.
    pub fn finish(self, tile: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        let mut tail = Vec::with_capacity(self.values.len() + self.value_ends.len() * 2 + 256);
        for key in &self.keys {
            tail.push(0x1A);
            text(&mut tail, key);
        }
        let mut start = 0;
        for &end in &self.value_ends {
            let value = &self.values[start..end as usize];
            tail.push(0x22);
            varint(&mut tail, value.len() as u64);
            tail.extend_from_slice(value);
            start = end as usize;
        }
        tail.push(0x28);
        varint(&mut tail, u64::from(EXTENT));
        let mut head = vec![0x78, 2, 0x0A];
        text(&mut head, self.name);
        tile.push(0x1A);
        varint(tile, (head.len() + self.features.len() + tail.len()) as u64);
        tile.extend_from_slice(&head);
        tile.extend_from_slice(&self.features);
        tile.extend_from_slice(&tail);
    }
}

/// An encoded value by its number.
#[inline]
fn value_at<'a>(values: &'a [u8], ends: &[u32], i: u32) -> &'a [u8] {
    let i = i as usize;
    let start = i.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &values[start..ends[i] as usize]
}

fn encode_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::String(s) => {
            out.push(0x0A);
            text(out, s);
        }
        Value::Double(v) => {
            out.push(0x19);
            out.extend_from_slice(&v.to_le_bytes());
        }
        Value::Int(v) => {
            out.push(0x20);
            varint(out, v as u64);
        }
        Value::Uint(v) => {
            out.push(0x28);
            varint(out, v);
        }
        Value::Sint(v) => {
            out.push(0x30);
            varint(out, ((v << 1) ^ (v >> 63)) as u64);
        }
        Value::Bool(v) => out.extend([0x38, u8::from(v)]),
    }
}

fn text(out: &mut Vec<u8>, s: &str) {
    varint(out, s.len() as u64);
    out.extend_from_slice(s.as_bytes());
}

fn varint(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

fn varint_len(v: u64) -> usize {
    (64 - (v | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValueRef};

    #[test]
    fn an_independent_reader_reads_it() {
        let mut layer = Layer::new("grid");
        let mut square = Geometry::polygons();
        assert!(square.add_ring([(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)], true));
        assert!(square.add_ring([(2, 2), (4, 2), (4, 4), (2, 4)], false));
        assert!(!square.add_ring([(1, 1), (1, 1), (5, 5)], true));
        let values = [
            Value::String("网格"),
            Value::Double(-0.5),
            Value::Int(-3),
            Value::Uint(u64::MAX),
            Value::Sint(i64::MIN),
            Value::Bool(true),
        ];
        let keys = ["a", "b", "c", "d", "e", "f"];
        let id = (3202_u64 << 32) | 7;
        layer.add(Some(id), &square, keys.into_iter().zip(values.map(Some)));
        layer.add(None, &Geometry::point(-64, 4160), [("a", Some(Value::String("网格"))), ("b", None)]);
        let mut line = Geometry::lines();
        line.add_line([(1, 1), (1, 1), (2, 2)]);
        line.add_line([(9, 9), (9, 9)]);
        layer.add(None, &line, []);
        layer.add(None, &Geometry::lines(), []);
        let mut tile = Vec::new();
        layer.finish(&mut tile);
        Layer::new("empty").finish(&mut tile);

        let reader = MvtReaderRef::new(&tile).unwrap();
        assert_eq!(reader.layer_count(), 1);
        let layer = reader.layers().next().unwrap();
        assert_eq!((layer.name(), layer.version(), layer.extent()), ("grid", 2, 4096));
        assert_eq!((layer.feature_count(), layer.keys().len(), layer.values().count()), (3, 6, 6));
        let features: Vec<_> = layer.features().collect();
        assert_eq!(features[0].id(), Some(id));
        let read: Vec<_> = features[0].properties().map(|p| p.unwrap().1).collect();
        assert_eq!(
            read,
            [
                MvtValueRef::String("网格"),
                MvtValueRef::Double(-0.5),
                MvtValueRef::Int(-3),
                MvtValueRef::UInt(u64::MAX),
                MvtValueRef::SInt(i64::MIN),
                MvtValueRef::Bool(true)
            ]
        );
        let MvtGeometry::Polygon(polygon) = features[0].geometry().unwrap() else { panic!("not a polygon") };
        assert_eq!((polygon.exterior().0.len(), polygon.interiors().len()), (5, 1));
        assert!(
            matches!(features[1].geometry().unwrap(), MvtGeometry::Point(p) if p.x() == -64 && p.y() == 4160)
        );
        assert!(matches!(features[2].geometry().unwrap(), MvtGeometry::LineString(l) if l.0.len() == 2));
    }

    #[test]
    fn exteriors_are_positive_and_holes_negative_whatever_comes_in() {
        for reverse in [false, true] {
            let mut ring = vec![(0, 0), (10, 0), (10, 10), (0, 10)];
            if reverse {
                ring.reverse();
            }
            for exterior in [false, true] {
                let mut geometry = Geometry::polygons();
                geometry.add_ring(ring.clone(), exterior);
                let (mut x, mut y, mut drawn) = (0, 0, Vec::new());
                // One byte each: 9 = MoveTo × 1, 26 = LineTo × 3, 15 = ClosePath.
                let commands = geometry.packed();
                assert_eq!((commands.len(), commands[0], commands[3], commands[10]), (11, 9, 26, 15));
                for pair in [&commands[1..3], &commands[4..10]].concat().chunks(2) {
                    let unzig = |v: u8| i32::from(v >> 1) ^ -i32::from(v & 1);
                    (x, y) = (x + unzig(pair[0]), y + unzig(pair[1]));
                    drawn.push((x, y));
                }
                let around = drawn.iter().zip(drawn.iter().cycle().skip(1));
                let area: i64 = around.map(|(&a, &b)| cross(a, b)).sum();
                assert_eq!(area, if exterior { 200 } else { -200 });
            }
        }
    }

    #[test]
    fn points_that_repeat_are_left_out() {
        // With and without repeated points, and around where the count takes a byte more.
        for corners in [3, 14, 15, 16, 17, 40] {
            let ring: Vec<(i32, i32)> = (0..corners).map(|i| (100 * i, i * i)).collect();
            let mut plain = Geometry::polygons();
            assert!(plain.add_ring(ring.clone(), true));
            let twice: Vec<_> = ring.iter().flat_map(|&p| [p, p]).chain([ring[0], ring[0]]).collect();
            let mut repeated = Geometry::polygons();
            assert!(repeated.add_ring(twice.clone(), true));
            // The other way round it begins elsewhere, but is as long and ends up as an exterior too.
            let mut turned = Geometry::polygons();
            assert!(turned.add_ring(ring.iter().rev().copied().collect::<Vec<_>>(), true));
            assert_eq!(plain.packed(), repeated.packed(), "{corners}");
            assert_eq!(plain.packed(), turned.packed(), "{corners}");
            let (mut line, mut same) = (Geometry::lines(), Geometry::lines());
            line.add_line(ring.clone());
            same.add_line(ring.iter().flat_map(|&p| [p, p]).collect::<Vec<_>>());
            assert_eq!((line.packed(), line.cursor), (same.packed(), same.cursor), "{corners}");
        }
        // Nothing is left of what was not added, also for what follows.
        let mut geometry = Geometry::polygons();
        for bad in [
            vec![],
            vec![(5, 5)],
            vec![(5, 5), (5, 5)],
            vec![(0, 0), (9, 9), (0, 0)],
            vec![(1, 1), (2, 2), (3, 3)],
        ] {
            assert!(!geometry.add_ring(bad, true));
        }
        assert!(geometry.is_empty());
        geometry.add_ring([(0, 0), (10, 0), (10, 10)], true);
        let mut alone = Geometry::polygons();
        alone.add_ring([(0, 0), (10, 0), (10, 10)], true);
        assert_eq!(geometry.packed(), alone.packed());
    }

    #[test]
    fn varints_know_their_length() {
        for v in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, v);
            assert_eq!(out.len(), varint_len(v));
        }
    }
}
