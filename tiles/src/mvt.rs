//! Step *encode*: Mapbox Vector Tile 2.1, written straight as protocol-buffer bytes.
//!
//! Field numbers are those of the specification's `vector_tile.proto`. A layer keeps each key and
//! each value once; features refer to them by number.

mod geometry;
mod values;
mod varint;

pub use geometry::Geometry;

use values::Values;

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

/// One layer in the making.
pub struct Layer {
    /// The message: version and name, then features as they come.
    body: Vec<u8>,
    count: usize,
    keys: Vec<&'static str>,
    values: Values,
    tags: Vec<u8>,
}

impl Layer {
    /// An empty layer of extent 4096.
    pub fn new(name: &'static str) -> Self {
        let mut body = vec![0x78, 2, 0x0A];
        text(&mut body, name);
        Self { body, count: 0, keys: Vec::new(), values: Values::default(), tags: Vec::new() }
    }

    /// Makes room for about so many features, each with a value of its own or two.
    pub fn reserve(&mut self, features: usize) {
        self.body.reserve(features * 48);
        self.values.reserve(features * 2);
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
            let value = self.values.number(value);
            varint::push(&mut self.tags, u64::from(key));
            varint::push(&mut self.tags, u64::from(value));
        }
        let packed = geometry.packed();
        // id, tags, type, geometry: each a key of one byte and what follows.
        let size = id.map_or(0, |id| 1 + varint::len(id))
            + if self.tags.is_empty() {
                0
            } else {
                1 + varint::len(self.tags.len() as u64) + self.tags.len()
            }
            + 2
            + 1
            + varint::len(packed.len() as u64)
            + packed.len();
        let out = &mut self.body;
        out.push(0x12);
        varint::push(out, size as u64);
        if let Some(id) = id {
            out.push(0x08);
            varint::push(out, id);
        }
        if !self.tags.is_empty() {
            out.push(0x12);
            varint::push(out, self.tags.len() as u64);
            out.extend_from_slice(&self.tags);
        }
        out.extend([0x18, geometry.kind as u8, 0x22]);
        varint::push(out, packed.len() as u64);
        out.extend_from_slice(packed);
        self.count += 1;
    }

    fn key(&mut self, key: &'static str) -> u32 {
        // A layer has a dozen keys: looking through them is quicker than hashing, and mostly it is the same word.
        let same = |k: &&'static str| std::ptr::eq(*k, key) || *k == key;
        let at = self.keys.iter().position(same).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        at as u32
    }

    /// Appends the layer to a tile; an empty layer adds nothing.
    pub fn finish(self, tile: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        let mut body = self.body;
        for key in &self.keys {
            body.push(0x1A);
            text(&mut body, key);
        }
        body.extend_from_slice(self.values.bytes());
        body.push(0x28);
        varint::push(&mut body, u64::from(EXTENT));
        let mut head = vec![0x1A];
        varint::push(&mut head, body.len() as u64);
        if tile.is_empty() {
            // The first one makes room for itself, and nothing is kept twice.
            body.splice(0..0, head);
            *tile = body;
        } else {
            tile.extend_from_slice(&head);
            tile.extend_from_slice(&body);
        }
    }
}

fn text(out: &mut Vec<u8>, s: &str) {
    varint::push(out, s.len() as u64);
    out.extend_from_slice(s.as_bytes());
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
    fn texts_of_any_length_are_read() {
        let texts: Vec<String> = [0, 1, 125, 126, 127, 128, 20_000].map(|n| "x".repeat(n)).into();
        let mut layer = Layer::new("address");
        for text in &texts {
            layer.add(None, &Geometry::point(1, 1), [("text", Some(Value::String(text)))]);
        }
        let mut tile = Vec::new();
        layer.finish(&mut tile);
        let reader = MvtReaderRef::new(&tile).unwrap();
        let layer = reader.layers().next().unwrap();
        let features = layer.features();
        let read: Vec<_> =
            features.flat_map(|f| f.properties().map(|p| p.unwrap().1).collect::<Vec<_>>()).collect();
        assert_eq!(read, texts.iter().map(|t| MvtValueRef::String(t)).collect::<Vec<_>>());
    }
}
