//! The pages in a real browser: Debian's Chromium without a screen, driven by `interop/browser`, with axe-core looking for what keeps somebody out.

use crate::{clients, process, system};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The accessibility checker, for the test alone: nothing of it ships.
const AXE: &str = "axe-core@4.14.1";

/// Runs the browser tests with this binary; a filter picks some of them by name. Pictures of every page stay in `target/browser`.
pub fn run(relto: &Path, filter: &[&str]) -> Result<()> {
    if !relto.exists() {
        bail!("{} is not built: cargo build --profile ci", relto.display());
    }
    system::for_browser()?;
    let folder = process::root().join("interop/browser");
    let python = clients::environment("venv-browser", &folder.join("requirements.txt"))?;
    let pictures = process::target().join("browser");
    let mut command = Command::new(python);
    command.args(["-m", "unittest", "discover", "-s"]).arg(&folder).args(["-t"]).arg(&folder).arg("-v");
    for word in filter {
        command.args(["-k", word]);
    }
    command.env("RELTO_BINARY", relto).env("RELTO_AXE", axe()?).env("RELTO_SCREENSHOTS", &pictures);
    process::check(command.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    println!("pictures of every page are in {}", pictures.display());
    Ok(())
}

/// The file of axe-core, fetched once.
fn axe() -> Result<PathBuf> {
    let folder = process::target().join("axe");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.exists() {
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut install = Command::new("npm");
        process::check(install.args(["install", "--silent", "--no-save", "--ignore-scripts", "--prefix"]).arg(&folder).arg(AXE))?;
    }
    Ok(file)
}
