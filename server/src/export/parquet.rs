//! The table as GeoParquet 1.1 (geoparquet.org/releases/v1.1.0): columns in groups of rows, places as WKB,
//! and beside each place its box, by which readers leave out groups that they need not look at.
//!
//! Coordinates are longitude and latitude, whatever the order of EPSG:4490's axes is: the format wants it.

use super::{
    ExportError, Writer,
    table::{Cell, Column, Shape, Table, TableRow},
};
use crate::feature::{Geometry, collection::Kind};
use gridbeat_onemap::e7::Bounds;
use gridbeat_store::{lines_wkb, multi_polygon_wkb, point_wkb};
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::Result as ParquetResult,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{Type, TypePtr},
};
use serde_json::{Value, json};
use std::{fs, io::Write, mem, path::Path, sync::Arc};

/// Rows of a group, which is what is held at once.
const GROUP: usize = 1 << 16;
/// Bytes of places held at once: drawings can be large.
const GROUP_BYTES: usize = 64 << 20;
/// Name of the column of places.
const GEOMETRY: &str = "geometry";
/// Name of the column of boxes where no other has it, and its members: west, south, east, north.
const BBOX: &str = "bbox";
const SIDES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// A file on disk under way.
pub struct File(Stream<fs::File>);

impl File {
    /// Makes the file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        Ok(Self(Stream::begin(fs::File::create(path)?, table)?))
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        self.0.row(row)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.finish()?.sync_all()?)
    }
}

/// A table under way to anything that can be written to.
pub struct Stream<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    shape: Shape,
    /// Name of the column of boxes.
    boxes: String,
    rows: Vec<TableRow>,
    /// About as many bytes as the places held take.
    bytes: usize,
    seen: Seen,
}

/// What the metadata says of all places.
struct Seen {
    /// West, south, east, north.
    sides: Option<[f64; 4]>,
}

impl<W: Write + Send> Stream<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn begin(out: W, table: &Table) -> Result<Self, ExportError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(format!("gridbeat {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = SerializedFileWriter::new(out, schema(table)?, Arc::new(properties))?;
        Ok(Self {
            writer,
            columns: table.columns.clone(),
            shape: table.shape,
            boxes: table.free(BBOX),
            rows: Vec::new(),
            bytes: 0,
            seen: Seen { sides: None },
        })
    }

    /// One row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let vertices = match &row.place {
            Geometry::None | Geometry::Point(_) => 0,
            Geometry::Lines(lines) => lines.iter().map(Vec::len).sum(),
            Geometry::Ground(ground) => ground.rings().map(|r| r.len()).sum(),
        };
        self.bytes += vertices * 16;
        self.rows.push(row.clone());
        if self.rows.len() >= GROUP || self.bytes >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what is left and the metadata; returns what was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W, ExportError> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        if self.shape != Shape::None {
            let geo = geo_metadata(self.shape, &self.boxes, self.seen.sides).to_string();
            self.writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
        }
        Ok(self.writer.into_inner()?)
    }

    fn write_group(&mut self) -> Result<(), ExportError> {
        let rows = mem::take(&mut self.rows);
        self.bytes = 0;
        let mut group = self.writer.next_row_group()?;
        for (i, column) in self.columns.iter().enumerate() {
            let cells = rows.iter().map(|r| r.cells.get(i).unwrap_or(&Cell::Null));
            match column.kind {
                Kind::Text | Kind::Date | Kind::Shares => put::<ByteArrayType>(
                    &mut group,
                    cells.map(|c| match c {
                        Cell::Text(text) => Some(ByteArray::from(text.as_str())),
                        _ => None,
                    }),
                ),
                Kind::Integer => put::<Int64Type>(
                    &mut group,
                    cells.map(|c| match c {
                        Cell::Integer(n) => Some(*n),
                        _ => None,
                    }),
                ),
                Kind::Number => put::<DoubleType>(
                    &mut group,
                    cells.map(|c| match c {
                        Cell::Number(x) => Some(*x),
                        _ => None,
                    }),
                ),
                Kind::Boolean => put::<BoolType>(
                    &mut group,
                    cells.map(|c| match c {
                        Cell::Boolean(b) => Some(*b),
                        _ => None,
                    }),
                ),
                Kind::Time => put::<Int64Type>(
                    &mut group,
                    cells.map(|c| match c {
                        Cell::Time(t) => Some(t.as_millisecond()),
                        _ => None,
                    }),
                ),
            }?;
        }
        if self.shape != Shape::None {
            put::<ByteArrayType>(&mut group, rows.iter().map(|r| wkb(&r.place).map(ByteArray::from)))?;
            let boxes: Vec<Option<[f64; 4]>> = rows.iter().map(|r| sides(&r.place)).collect();
            for i in 0..SIDES.len() {
                put::<DoubleType>(&mut group, boxes.iter().map(|b| b.map(|b| b[i])))?;
            }
            for b in boxes.into_iter().flatten() {
                let s = self.seen.sides.get_or_insert(b);
                *s = [s[0].min(b[0]), s[1].min(b[1]), s[2].max(b[2]), s[3].max(b[3])];
            }
        }
        group.close()?;
        Ok(())
    }
}

/// Writes one column of a group; every column may have nulls.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: impl Iterator<Item = Option<T::T>>,
) -> ParquetResult<()> {
    let mut there = Vec::new();
    let levels: Vec<i16> = values
        .map(|value| {
            let level = i16::from(value.is_some());
            there.extend(value);
            level
        })
        .collect();
    // The schema has a column for each call; `None` would say that it has fewer.
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(&there, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}

fn schema(table: &Table) -> ParquetResult<TypePtr> {
    let leaf = |name: &str, physical: Physical, logical: Option<LogicalType>, repetition: Repetition| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_converted_type(ConvertedType::NONE)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let mut fields = Vec::new();
    for column in &table.columns {
        let (physical, logical) = match column.kind {
            Kind::Text | Kind::Date | Kind::Shares => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Boolean => (Physical::BOOLEAN, None),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        };
        fields.push(leaf(&column.name, physical, logical, Repetition::OPTIONAL)?);
    }
    if table.shape != Shape::None {
        fields.push(leaf(GEOMETRY, Physical::BYTE_ARRAY, None, Repetition::OPTIONAL)?);
        let sides = SIDES.map(|s| leaf(s, Physical::DOUBLE, None, Repetition::REQUIRED));
        let sides = sides.into_iter().collect::<ParquetResult<Vec<_>>>()?;
        let bbox = Type::group_type_builder(&table.free(BBOX))
            .with_repetition(Repetition::OPTIONAL)
            .with_fields(sides)
            .build()?;
        fields.push(Arc::new(bbox));
    }
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

fn wkb(place: &Geometry) -> Option<Vec<u8>> {
    match place {
        Geometry::None => None,
        Geometry::Point(at) => Some(point_wkb(*at)),
        Geometry::Lines(lines) => Some(lines_wkb(lines)),
        Geometry::Ground(ground) => Some(multi_polygon_wkb(ground)),
    }
}

/// West, south, east, north.
fn sides(place: &Geometry) -> Option<[f64; 4]> {
    let Bounds { min, max } = match place {
        Geometry::None => return None,
        Geometry::Point(at) => Bounds { min: *at, max: *at },
        Geometry::Lines(lines) => Bounds::of(lines.iter().flatten()),
        Geometry::Ground(ground) => ground.bounds(),
    };
    Some([min.lon_degrees(), min.lat_degrees(), max.lon_degrees(), max.lat_degrees()])
}

/// The value of the key `geo`.
fn geo_metadata(shape: Shape, boxes: &str, seen: Option<[f64; 4]>) -> Value {
    let kinds = match shape {
        Shape::None => json!([]),
        Shape::Point => json!(["Point"]),
        Shape::MultiLineString => json!(["MultiLineString"]),
        Shape::MultiPolygon => json!(["MultiPolygon"]),
    };
    let covering: serde_json::Map<_, _> =
        SIDES.iter().map(|side| ((*side).to_owned(), json!([boxes, side]))).collect();
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": cgcs2000(),
        "edges": "planar",
        "covering": { BBOX: covering },
    });
    if let Some(sides) = seen {
        column[BBOX] = json!(sides);
    }
    json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } })
}

/// EPSG:4490 as PROJJSON.
fn cgcs2000() -> Value {
    let axis = |name: &str, short: &str, direction: &str| json!({ "name": name, "abbreviation": short, "direction": direction, "unit": "degree" });
    json!({
        "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
        "type": "GeographicCRS",
        "name": "China Geodetic Coordinate System 2000",
        "datum": {
            "type": "GeodeticReferenceFrame",
            "name": "China 2000",
            "ellipsoid": {
                "name": "CGCS2000",
                "semi_major_axis": 6_378_137,
                "inverse_flattening": 298.257222101
            }
        },
        "coordinate_system": {
            "subtype": "ellipsoidal",
            "axis": [axis("Geodetic latitude", "Lat", "north"), axis("Geodetic longitude", "Lon", "east")]
        },
        "id": { "authority": "EPSG", "code": 4490 }
    })
}
