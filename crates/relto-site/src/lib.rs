//! Site policies: what a site writes in Cedar to withhold more than the release rules do. They narrow, and never widen.
//!
//! A file is parsed and strictly validated against [`SCHEMA`] ([`SitePolicies::parse`]), then asked once per (profile, label), never per
//! object. It holds `forbid`s only; our frame adds the one `permit`, and whoever asks ANDs the answer with the release rules. What errs
//! withholds. This crate quarantines `cedar-policy`: none of its types is in the interface. No runtime, no files, no clock.
//!
//! The release rules are `relto-policy`'s, the caller is `relto-gate` through [`relto_gate::Narrowing`]; files and their activation
//! belong to the node. Start at [`SitePolicies`]; why it is so stands in `docs/decisions/0014`.

mod error;
mod facts;
mod guard;
mod judge;
mod narrowing;
mod parse;
mod schema;
mod source;

pub use error::{Finding, SiteError, SiteEvaluationError};
pub use judge::{PreparedLabel, PreparedProfile};
pub use narrowing::CedarEngine;
pub use parse::{PolicySummary, SitePolicies};
pub use schema::SCHEMA;
pub use source::{NESTING_MAX, OPERATORS_MAX, POLICIES_MAX, TEXT_BYTES_MAX};

#[cfg(test)]
mod tests;
