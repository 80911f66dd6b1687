//! Real TAXII clients, which nobody here wrote, against a real node: makes their environment, then runs `interop/`.

use crate::process;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the client tests with this binary; a filter picks some of them by name.
pub fn run(relto: &Path, filter: &[&str]) -> Result<()> {
    if !relto.exists() {
        bail!("{} is not built: cargo build --profile ci", relto.display());
    }
    let mut command = Command::new(python()?);
    command.args(["-m", "unittest", "discover", "-s", "interop", "-t", "interop", "-v"]);
    for word in filter {
        command.args(["-k", word]);
    }
    // A machine's own bundle of authorities would override the certificate that a test trusts.
    command.env_remove("REQUESTS_CA_BUNDLE").env_remove("CURL_CA_BUNDLE");
    process::check(command.env("RELTO_BINARY", relto).env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// The Python that has the clients.
pub fn python() -> Result<PathBuf> {
    environment("venv-clients", &process::root().join("interop/requirements.txt"))
}

/// The Python of a virtual environment that has exactly these requirements; made again when they change.
pub fn environment(name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = process::target().join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.txt");
    let wanted = std::fs::read_to_string(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) && python.exists() {
        return Ok(python);
    }
    println!("making {}", folder.display());
    process::check(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::check(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(requirements))?;
    std::fs::write(&stamp, wanted)?;
    Ok(python)
}
