//! Data that tests may read but the repository may not ship: the folder that `RELTO_TEST_DATA` names.
//!
//! Shared by the tests of all crates: `#[path = "../../relto-model/testing/data.rs"] mod data;`

use std::path::PathBuf;

/// The folder `name` in the test data. Without test data a note is printed and the test has nothing to do; where `CI=true`, that is a failure.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("RELTO_TEST_DATA") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "RELTO_TEST_DATA is not set, and with CI=true that is a failure");
        eprintln!("skipped: RELTO_TEST_DATA is not set, so there is no `{name}` to read");
        return None;
    };
    let folder = PathBuf::from(root).join(name);
    assert!(folder.is_dir(), "RELTO_TEST_DATA has no folder `{name}`");
    Some(folder)
}
