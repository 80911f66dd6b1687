//! Whole nodes in one process, under a seeded clock: the censored twin, checked on random worlds.
//!
//! A world is a list of acts. One node lives through all of it; its twin never holds what one principal, the *witness*, may not see.
//! Whatever the witness asks, both must answer alike to the byte. Who may see what is judged here by the slow evaluator over the raw
//! rows, never by the gate that is under test. Development only.

pub mod draw;
pub mod federation;
pub mod node;
pub mod partner;
pub mod site;
pub mod surfaces;
mod terms;
pub mod twin;
pub mod world;
