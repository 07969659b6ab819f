//! Which clone is being tested.

use std::path::PathBuf;

/// The repository's folder: the nearest one, upwards from where the test program runs, with a `Cargo.lock`
/// (cargo runs a test in its crate's folder).
///
/// Asked at run time: clones that share a target folder share what is compiled in it, and `env!` would name the
/// clone that compiled last.
///
/// # Panics
/// When the program runs outside a clone.
pub fn repository() -> PathBuf {
    let here = std::env::current_dir().expect("a test has a folder to run in");
    let found = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    found.unwrap_or_else(|| panic!("no Cargo.lock in or above {}", here.display())).to_owned()
}
