//! Schemas that live as long as the process.
//!
//! Names of built-in layers and columns are constants of the program, and tiles and the API hand them about as
//! such. Names of departments' layers come while it runs. Each schema that ever was is kept once and for all, so
//! that its names can be handed about in the same way: some kilobytes for each layer, and as much again only
//! when an import gives it other columns or another title.

use super::Schema;
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// The one copy of a schema.
pub fn interned(schema: Schema) -> &'static Schema {
    static ALL: Mutex<Option<HashSet<&'static Schema>>> = Mutex::new(None);
    // The set is whole after every step, so a panic elsewhere leaves nothing half done.
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_with(HashSet::new);
    if let Some(known) = all.get(&schema) {
        return known;
    }
    let kept: &'static Schema = Box::leak(Box::new(schema));
    all.insert(kept);
    kept
}

/// The one copy of a layer's name.
pub fn interned_name(name: &str) -> &'static str {
    static ALL: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_with(HashSet::new);
    if let Some(known) = all.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    all.insert(kept);
    kept
}
