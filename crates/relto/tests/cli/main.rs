//! The command line as a new user meets it: the real binary, real files, a real server.
//!
//! Commands stand here as people type them; `support` runs them through a shell. One file for each thing that people do with a node.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests: what is not as it must be ends them")]

mod acquire;
mod bad_input;
mod bind;
mod crash;
mod demo;
mod entity;
mod files;
mod forms;
mod inputs;
mod intake;
mod models;
mod partners;
mod people;
mod policies;
mod refusals;
mod requests;
mod search;
mod serving;
mod show;
mod site_policies;
mod smallest_changes;
mod support;
mod tearlines;
mod twin;
