//! Policies as files, and labels in XML: XML SPIF 2.1, STANAG 4774 labels and clearances, and what the one says of the other.
//!
//! A [`Spif`] is read from XML and checked; a [`ConfidentialityLabel`] is valid under it or not ([`valid`]), shows a marking
//! ([`display()`]), admits a [`ConfidentialityClearance`] or not ([`decide()`]) and has a counterpart in another policy or none
//! ([`translate()`]); [`assess()`] is all of it in one answer. Everything here is a function of its arguments, time included. What is not
//! known is refused: an element that is dropped could have been a rule.
//!
//! This is not yet the node's gate: that decides over `relto_model::Label`. Decision 0009 says how the two will meet.

pub mod assess;
pub mod check;
pub mod decide;
pub mod display;
pub mod label;
pub mod lattice;
pub mod model;
pub mod read;
pub mod resolve;
pub mod shipped;
pub mod time;
pub mod translate;
pub mod valid;
pub mod xml;

pub use assess::{Assessment, Question, assess};
pub use check::{Inconsistency, check};
pub use decide::{Decision, decide};
pub use display::display;
pub use label::{ConfidentialityClearance, ConfidentialityLabel};
pub use model::{Spif, TagType};
pub use translate::translate;
pub use valid::{Validity, validate};
pub use xml::{Place, XmlError};

#[cfg(test)]
#[path = "../../relto-model/testing/data.rs"]
pub(crate) mod data;
