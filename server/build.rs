//! The binary embeds the map client and the styles: build again when they change.

fn main() {
    // The client may not have been built yet; then the folder is made, empty, so that it can be watched.
    let _ = std::fs::create_dir_all("../web/dist");
    println!("cargo::rerun-if-changed=../web/dist");
    println!("cargo::rerun-if-changed=../styles");
    println!("cargo::rerun-if-changed=build.rs");
}
