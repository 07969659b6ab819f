//! The binary `gridbeat`: see [`gridbeat_server::cli`].

use std::process::ExitCode;

/// A tile is made of thousands of small vectors: with the system's allocator they take a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    give_back_at_once();
    gridbeat_server::cli::main()
}

/// Gives memory back to the system when it is freed, and not a second later: a delta that is merged every second
/// otherwise keeps as much again as the data. `MIMALLOC_PURGE_DELAY` in the environment wins over it.
fn give_back_at_once() {
    /// `mi_option_purge_delay` of `mimalloc.h`, in milliseconds. The binding has no name for it.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: the function writes one of the allocator's own options, and any thread may call it at any time.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, 0) };
}
