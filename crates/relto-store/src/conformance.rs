//! What every backend owes, as one suite: `check(&|| fresh store)`.

use crate::backend::Backend;

/// Runs the suite on stores that `fresh` makes.
pub fn check(fresh: &dyn Fn() -> Box<dyn Backend>) {
    let store = fresh();
    assert!(store.read().is_ok());
}
