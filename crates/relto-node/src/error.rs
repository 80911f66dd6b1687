//! What can go wrong under every use case: the store and the clock.

use relto_model::Stamp;
use relto_store::BackendError;

/// The store cannot be used. Whoever asked over the network learns only that the node is not available.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The backend failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// There is no node in the store.
    #[error("this is not the data directory of a node: make one with `relto init`")]
    NotANode,
    /// A record is not what this release writes.
    #[error("the {kind} record `{key}` cannot be read")]
    Record {
        /// The kind of record.
        kind: &'static str,
        /// Its key.
        key: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A file that was put in force cannot be used by this release.
    #[error("the file `{name}`, which is in force, cannot be used: {why}")]
    File {
        /// What it describes.
        name: String,
        /// Why.
        why: String,
    },
    /// The clock is behind what is stored.
    #[error("the clock says {now}, but the last change is of {last}: nothing is written until the clock is right again")]
    ClockBehind {
        /// The clock's time.
        now: Stamp,
        /// The last stamp given.
        last: Stamp,
    },
    /// The shipped tables are damaged.
    #[error("a shipped table cannot be read")]
    Tables(#[from] relto_policy::ShippedError),
    /// Another process keeps changing the store.
    #[error("the store changes faster than its facts can be read: try again")]
    Unsettled,
}
