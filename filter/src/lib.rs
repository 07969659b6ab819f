//! CQL2 (OGC 21-065r2): a filter as text or JSON becomes a typed predicate over the columns of a row.
//!
//! ```text
//! text ─┐
//!       ├→ ast ─ compile (against a schema) → Filter ─ matcher → matches(row)
//! JSON ─┘
//! ```
//!
//! - [`parse_text`], [`parse_json`]: both notations give the same [`ast`].
//! - [`Schema`]: what a collection can be asked about. [`Filter::compile`] refuses, with the place of the fault,
//!   what the schema does not have and what compares things of different kinds.
//! - [`Row`]: what is asked. [`Matcher::matches`] evaluates with the three-valued logic of the standard: a
//!   comparison with null is neither true nor false, and only what is true matches.
//!
//! Whatever is given, nothing here panics, and [`limits`] bound what it costs.

pub mod ast;
mod compile;
mod error;
mod eval;
mod json;
pub mod limits;
mod schema;
mod text;
pub mod value;

pub use compile::Filter;
pub use error::{FilterError, Place};
pub use eval::{Matcher, Row};
pub use json::{parse_geometry, parse_json, parse_json_text};
pub use schema::{Placing, Queryable, Schema, Type};
pub use text::parse_text;
pub use value::Value;
