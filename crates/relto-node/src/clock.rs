//! Time and randomness, from outside: the binary's are real, a test's are seeded.

use relto_model::Stamp;

/// Where the node reads the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Stamp;

    /// Lets about `micros` pass.
    fn pause(&self, micros: u64);
}

/// Where the node draws randomness for secrets and ids.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
