//! The store on SQLite: one file, one writer, and any number of readers who each see one consistent state.
//!
//! What is where:
//! - [`Sqlite`] opens the file and hands out snapshots and transactions; the connections they run on are in `pool`.
//! - `schema` is the tables, their format number and the way from earlier formats; [`check`] compares a file with it.
//! - `dictionary` numbers the kinds, owners and partitions. A *partition* is all rows of one collection, label and kind: since what somebody
//!   may see is a set of labels, what a reader wants is a set of partitions.
//! - `scan` finds the rows of a set of partitions in order of arrival; `row` reads one; `write` stores one.
//! - `checksum` guards every row that decides who sees what: a damaged row is an error, never another label.
//!
//! Who may see what is not decided here: a scan is told the labels, and `relto-gate` judges its rows again.

mod check;
mod checksum;
mod dictionary;
mod error;
mod pool;
mod reading;
mod row;
mod scan;
mod schema;
mod snapshot;
mod store;
mod write;

pub use check::check;
pub use schema::FORMAT;
pub use store::Sqlite;
