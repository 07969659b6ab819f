//! CQL2 text: characters → [`lexer`] → [`parser`], with geometries and times in [`literal`].

mod lexer;
mod literal;
mod parser;

pub use parser::parse_text;
