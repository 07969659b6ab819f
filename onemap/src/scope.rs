//! Whose eyes: every read of the map takes a [`Scope`].

/// What a reader may see. There is no default and no way to read without one, so that a reader who
/// forgets it does not compile. Until accounts exist the only scope is [`Scope::all`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    // Private so that a scope is only made by the constructors below.
    class: u64,
}

impl Scope {
    /// Every jurisdiction and every published field. Used by the command line (whoever can open the
    /// store file can read it anyway) and, until accounts exist, by the loopback server.
    pub const fn all() -> Self {
        Self { class: 0 }
    }

    /// Readers of one class may share cached answers; part of a tile's cache key.
    pub const fn class(&self) -> u64 {
        self.class
    }
}
