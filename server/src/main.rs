//! The binary `gridbeat`: see [`gridbeat_server::cli`].

use std::process::ExitCode;

/// A tile is made of thousands of small vectors: with the system's allocator they take a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gridbeat_server::cli::main()
}
