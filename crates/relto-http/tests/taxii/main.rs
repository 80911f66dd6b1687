//! TAXII 2.1 over HTTP, and pages for people, through the real router and, where a connection matters, a real socket.
//!
//! Each test is named for what it holds; `docs/leaks.md` and the list of what servers get wrong refer to them by name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected fails"
)]

mod bodies;
mod certificates;
mod changes;
mod concurrency;
mod connection;
mod errors;
mod filters;
mod harness;
mod hidden;
mod lists;
mod logs;
mod looking;
mod making_labels;
mod negotiation;
mod pages;
mod people;
mod posting;
mod release;
mod resources;
mod signing_in;
mod sources;
