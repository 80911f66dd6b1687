//! Mutates the corpora of `fuzz/` for a while. The corpora also replay as ordinary tests, so CI needs none of this.

use crate::process;
use anyhow::Result;

/// Hands all arguments to the harness, built with assertions and overflow checks on.
pub fn run(arguments: &[&str]) -> Result<()> {
    let mut words = vec!["run", "--quiet", "--profile", "ci", "--package", "relto-fuzz", "--"];
    words.extend(arguments);
    process::check(&mut process::cargo(&words))
}
