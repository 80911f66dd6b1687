//! What every backend owes, as one suite: `check(&|| fresh store)`.
//!
//! Each part drives a fresh store and holds it against [`Content`], a model that does everything the slow, obvious way. The parts on
//! single promises are here; `scans` plays random histories, and `faults` lets every call fail once.

mod content;
mod faults;
mod promises;
mod scans;

use crate::backend::{Backend, BackendError};

pub use content::{Content, Row};

type Part = fn(&dyn Backend) -> Result<(), BackendError>;

/// The parts that need nothing but a fresh store.
const PARTS: &[(&str, Part)] = &[
    ("an empty store is empty", promises::empty),
    ("stamps and events order batches", promises::batches),
    ("labels come back as they were", promises::labels),
    ("records are kept by key", promises::records),
    ("the journal keeps its order", promises::journal),
    ("rows come back as they were", promises::rows),
    ("rows are marked, relabelled and removed", promises::changes),
    ("large bodies are kept", promises::large_bodies),
    ("rows of an id are found across collections", promises::found_by_id),
    ("kinds without end are told apart", promises::many_kinds),
    ("a snapshot does not move", promises::isolation),
    ("a dropped transaction leaves no trace", promises::dropped),
    ("readers are many and see whole batches", promises::concurrency),
    ("ten thousand rows are paged", scans::paging),
];

/// Runs the suite on stores that `fresh` makes. Panics at the first promise that is not kept.
pub fn check(fresh: &dyn Fn() -> Box<dyn Backend>) {
    for (promise, part) in PARTS {
        let result = part(&*fresh());
        assert!(result.is_ok(), "{promise}: {result:?}");
    }
    scans::random(fresh);
    faults::every_call(fresh);
}
