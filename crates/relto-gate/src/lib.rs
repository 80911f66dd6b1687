//! The one place that opens seals.
//!
//! What a store returns is [`Sealed`]; what a reply may carry is [`Cleared`]; between them stands [`clear`], which asks the release set
//! of the [`Principal`] who reads; a display may get what is left of an object without some parts, by [`clear_parts`]. A release set is
//! decided once per (profile, label) by a [`Gate`], a snapshot of all facts for one span of time, and is worthless after it. Storage alone
//! passes by, through [`custody`], by name and with a reason.
//!
//! Rules are `relto-policy`'s; where objects and facts are kept is `relto-store`'s and `relto-node`'s.

pub mod custody;
mod epoch;
mod labels;
mod narrowing;
mod principal;
mod release;
mod seal;
mod site;

pub use epoch::Gate;
pub use labels::{LabelId, LabelTable};
pub use narrowing::{Narrowed, Narrowing, Prepared};
pub use principal::Principal;
pub use release::{Arrival, Gained, ReleaseSet};
pub use seal::{Cleared, PartLabels, Sealed, clear, clear_parts};
pub use site::{SiteEngine, SiteRules};
