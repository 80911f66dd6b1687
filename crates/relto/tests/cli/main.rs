//! The command line as a new user meets it: the real binary, real files, a real server.
//!
//! Commands stand here as people type them; `support` runs them through a shell. One file for each thing that people do with a node.

mod bad_input;
mod crash;
mod demo;
mod forms;
mod people;
mod serving;
mod support;
