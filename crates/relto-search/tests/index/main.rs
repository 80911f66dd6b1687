//! The index over stores in memory: what is found, by whom, and how it keeps up.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests: what is not as it must be ends them")]

mod catching_up;
mod finding;
mod support;
mod twin;
