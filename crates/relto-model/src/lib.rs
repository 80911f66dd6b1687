//! STIX 2.1 as Relto needs it: objects kept as the bytes that arrived, ids, time stamps, markings, labels.
//!
//! Pure: no files, sockets, ambient clock or randomness. What a label *permits* is not decided here but in `relto-policy`;
//! who reads is `relto-gate`'s business. Start at [`object`] for objects and at [`label`] for labels.

pub mod bundle;
pub mod id;
pub mod json;
pub mod kinds;
pub mod label;
pub mod object;
pub mod observable_id;
pub mod pattern;
pub mod reduce;
mod rules;
mod schema;
pub mod stix20;
pub mod text;
pub mod time;
mod validate;

pub use id::{IdError, ObjectId};
pub use label::{Clause, Facet, Label, PolicyId, Value};
pub use time::{Stamp, TimeError, Timestamp};

#[cfg(test)]
#[path = "../testing/data.rs"]
mod data;
