//! The index over stores in memory: what is found, by whom, and how it keeps up.

mod catching_up;
mod finding;
mod support;
mod twin;
