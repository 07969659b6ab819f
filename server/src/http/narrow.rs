//! The parameters of a query over items that need to know the collection: `filter`, `bbox` in other
//! reference systems, `properties`, `crs`.

use super::{
    page::Query,
    params::{BoxFilter, Params, box_numbers, degrees_box, short},
};
use crate::feature::{
    asked::{GEOMETRY, queryables},
    collection::{Collection, Field},
    frame::{CRS84, Frame},
};
use gridbeat_filter::{
    Filter, FilterError, Place, Schema,
    ast::{Expr, Node},
    parse_json_text, parse_text,
};

/// A reference system of ours by the name in a parameter; CRS84 when it is not there.
pub fn frame(params: &mut Params, name: &str) -> Frame {
    let Some(uri) = params.text(name) else { return Frame::CRS84 };
    Frame::find(&uri).unwrap_or_else(|| {
        params.fault(
            name,
            format!(
                "“{}” is not offered here; expected {CRS84} or another of those that the collection lists",
                short(&uri)
            ),
        );
        Frame::CRS84
    })
}

/// `filter` with `filter-lang` and `filter-crs`, compiled against the collection.
pub fn filter(params: &mut Params, collection: Collection) -> Option<Filter> {
    let language = params.text("filter-lang");
    let frame = frame(params, "filter-crs");
    let parse = match language.as_deref() {
        // The name of a draft of the standard, by which GDAL still asks.
        None | Some("cql2-text" | "cql-text") => parse_text,
        Some("cql2-json") => parse_json_text,
        Some(other) => {
            params.fault(
                "filter-lang",
                format!("“{}” is not understood here; expected cql2-text or cql2-json", short(other)),
            );
            // Known, though nobody can say what it means.
            let _ = params.text("filter");
            return None;
        }
    };
    let text = params.text("filter")?;
    match parse(&text).and_then(|node| compile(&node, collection, &frame)) {
        Ok(filter) => Some(filter),
        Err(error) => {
            params.fault("filter", error.to_string());
            None
        }
    }
}

fn compile(node: &Node, collection: Collection, frame: &Frame) -> Result<Filter, FilterError> {
    Filter::compile(node, &Schema { queryables: &queryables(collection), placing: frame })
}

/// What `bbox` selects.
pub enum Area {
    /// A box of longitudes and latitudes.
    Degrees(BoxFilter),
    /// A box whose sides are straight in some projection.
    Projected(Filter),
}

/// `bbox`, in the system of `bbox-crs`.
pub fn bbox(params: &mut Params, collection: Collection) -> Option<Area> {
    let frame = frame(params, "bbox-crs");
    let text = params.text("bbox")?;
    let read = box_numbers(&text).and_then(|numbers| {
        if frame.is_degrees() {
            return degrees_box(frame.sides(numbers)).map(Area::Degrees);
        }
        // The same as a filter would say, so the same code answers.
        let here = Place::Member(String::new());
        let node = |expr| Node { place: here.clone(), expr };
        let sides = vec![node(Expr::Property(GEOMETRY.to_owned())), node(Expr::Bbox(numbers))];
        let call = node(Expr::Call("s_intersects".to_owned(), sides));
        compile(&call, collection, &frame).map(Area::Projected).map_err(|error| error.what)
    });
    match read {
        Ok(area) => Some(area),
        Err(detail) => {
            params.fault("bbox", detail);
            None
        }
    }
}

/// `within`, `datetime`, `bbox` and `filter`: which features of a collection are meant.
pub fn query(params: &mut Params, collection: Collection) -> Query {
    let mut query = Query { within: params.text("within"), time: params.datetime(), ..Query::default() };
    match bbox(params, collection) {
        Some(Area::Degrees(bbox)) => query.bbox = Some(bbox),
        Some(Area::Projected(filter)) => query.filters.push(filter),
        None => {}
    }
    query.filters.extend(filter(params, collection));
    query
}

/// `properties`: names with commas between them; all fields when it is not there. They keep their order.
pub fn properties(params: &mut Params, collection: Collection) -> Vec<Field> {
    let fields = collection.fields();
    let Some(text) = params.text("properties") else { return fields.to_vec() };
    let wanted: Vec<&str> = text.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
    for name in &wanted {
        if collection.field(name).is_none() {
            let known: Vec<_> = fields.iter().map(|f| f.name).collect();
            params.fault(
                "properties",
                format!("there is no property “{}”; there are {}", short(name), known.join(", ")),
            );
        }
    }
    fields.iter().copied().filter(|f| wanted.contains(&f.name)).collect()
}
