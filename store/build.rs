//! The migrations are compiled in; cargo does not know that by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
