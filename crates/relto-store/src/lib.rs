//! Where objects and facts are kept, behind traits that every backend implements and one suite holds them to.
//!
//! A [`Backend`] gives consistent [`Snapshot`]s and one [`Transaction`] at a time. What it hands over are [`Entry`]s that only this crate can
//! look into; readers get [`page`]s of `Sealed` rows chosen by a release set. How a principal's order of objects, versions and pages come
//! about is written here once, in [`page`], for all backends. Rules and use cases are elsewhere (`relto-policy`, `relto-node`).

mod backend;
#[cfg(feature = "conformance")]
pub mod conformance;
mod entry;
pub mod fault;
mod lineage;
pub mod memory;
mod page;
mod record;
mod row;
mod text;
mod writing;

pub use backend::{Backend, BackendError, Batch, Journal, NewRow, Order, Scan, Snapshot, StoredLabel, Transaction, Visit};
pub use entry::{CollectionKey, Entry, EntryFields};
pub use page::{Audience, Bodies, CollectionAccess, Filter, Page, Position, Query, VersionFilter, exists, page, page_back, row_at};
pub use record::RecordKind;
pub use row::Row;
pub use text::{Candidate, Excerpt, Finder, Found, IndexProgress, Scope, Telling, TextError, TextIndex};
pub use writing::{Held, HeldWithParts, each_held, each_row, held, held_with_parts, part_key, rows_of_owner};
