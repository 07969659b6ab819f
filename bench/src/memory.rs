//! How much memory something holds, to the byte: the system's allocator, counted while somebody asks. Otherwise a
//! server in this program would count as well, which the one we ship does not.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

struct Counted;

static COUNTING: AtomicBool = AtomicBool::new(false);
/// Bytes, wrapping: what is freed while we count may have been allocated before.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// What `work` gives, and the bytes that it allocated and did not free. What the allocator needs for itself does
/// not count. One at a time.
pub fn held_by<T>(work: impl FnOnce() -> T) -> (T, usize) {
    COUNTING.store(true, Ordering::Relaxed);
    let before = HELD.load(Ordering::Relaxed);
    let made = work();
    let held = HELD.load(Ordering::Relaxed).wrapping_sub(before);
    COUNTING.store(false, Ordering::Relaxed);
    (made, held)
}

/// Notes that memory grew from `old` to `new` bytes.
fn note(old: usize, new: usize) {
    if COUNTING.load(Ordering::Relaxed) {
        HELD.fetch_add(new.wrapping_sub(old), Ordering::Relaxed);
    }
}

#[global_allocator]
static COUNTED: Counted = Counted;

// SAFETY: everything is done by `System`, with what we were given; counting allocates nothing.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(layout.size(), size);
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}
