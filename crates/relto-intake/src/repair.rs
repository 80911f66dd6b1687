//! x
pub mod gap;
pub mod notes;
pub mod shift;
