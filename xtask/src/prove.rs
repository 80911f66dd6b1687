//! Tries to prove that site policies imply the floor: advisory, slow to build, and in no stage of CI.
//!
//! The prover is `tools/prove`, no member of the workspace: Cedar's symbolic compiler is in no lock file that anything ships from. It is built
//! on demand under `target/prove`. It asks cvc5, Debian's or the one that `CVC5` names.

use crate::process;
use anyhow::{Result, bail};

/// Builds the prover and hands it `file`, a path from the workspace's folder.
pub fn run(file: &str) -> Result<()> {
    let solver = std::env::var("CVC5").unwrap_or_else(|_| "cvc5".to_owned());
    if !process::answers(&solver, &["--version"]) {
        bail!("no solver: `{solver}` does not answer\nhelp: sudo apt-get install cvc5");
    }
    if !std::path::Path::new(file).is_file() {
        bail!("{file}: there is no such file under {}", process::root().display());
    }
    let folder = process::target().join("prove");
    let mut command = process::cargo(&["run", "--quiet", "--manifest-path", "tools/prove/Cargo.toml", "--target-dir"]);
    process::check(command.arg(folder).args(["--", file]))
}
