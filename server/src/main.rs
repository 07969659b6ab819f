//! The binary `gridbeat`: see [`gridbeat_server::cli`].

use std::process::ExitCode;

/// A tile is made of thousands of small vectors: with the system's allocator they take a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    give_back_soon();
    gridbeat_server::cli::main()
}

/// Gives memory back to the system a tenth of a second after it was freed, and not a whole one: a delta that is merged
/// every second otherwise keeps as much again as the data. At once would be too soon: a tile then pays for getting
/// back what the one before gave, a fourteenth of its time. `MIMALLOC_PURGE_DELAY` in the environment wins over it.
fn give_back_soon() {
    /// `mi_option_purge_delay` of `mimalloc.h`, in milliseconds. The binding has no name for it.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: the function writes one of the allocator's own options, and any thread may call it at any time.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, 100) };
}
