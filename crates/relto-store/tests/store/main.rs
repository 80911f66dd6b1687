//! The in-memory store keeps every promise, and pages over it are what a plain sort gives.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

mod pages;

use relto_store::conformance;
use relto_store::memory::Memory;

#[test]
fn memory_conforms() {
    conformance::check(&|| Box::<Memory>::default());
}
