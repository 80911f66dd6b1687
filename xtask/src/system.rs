//! System packages that tests and figures need: found, installed where we may, otherwise named with the exact command.

use crate::process;
use anyhow::{Result, bail};
use std::process::Command;

/// A program we need: how to see that it works, and the Debian package that brings it.
struct Need {
    program: &'static str,
    probe: &'static [&'static str],
    package: &'static str,
}

/// Python with its module for virtual environments: the real clients run in one.
const PYTHON: Need = Need { program: "python3", probe: &["-c", "import venv, ensurepip"], package: "python3-venv" };
/// The commands that the demo shows, and checks, use it.
const CURL: Need = Need { program: "curl", probe: &["--version"], package: "curl" };
/// The browser of the pages' tests.
const CHROMIUM: Need = Need { program: "chromium", probe: &["--version"], package: "chromium" };
/// What drives it.
const CHROMEDRIVER: Need = Need { program: "chromedriver", probe: &["--version"], package: "chromium-driver" };
/// What brings axe-core.
const NPM: Need = Need { program: "npm", probe: &["--version"], package: "npm" };
/// The bar for page reads.
const NGINX: Need = Need { program: "nginx", probe: &["-v"], package: "nginx-light" };
/// The bar for loads.
const SQLITE: Need = Need { program: "sqlite3", probe: &["--version"], package: "sqlite3" };

/// What `cargo xtask ci` needs beyond a Rust toolchain and a C compiler.
pub fn for_tests() -> Result<()> {
    provide(&[PYTHON, CURL])
}

/// What the browser tests need beyond that.
pub fn for_browser() -> Result<()> {
    provide(&[PYTHON, CHROMIUM, CHROMEDRIVER, NPM])
}

/// What `cargo xtask bench` needs beyond that.
pub fn for_bench() -> Result<()> {
    provide(&[PYTHON, NGINX, SQLITE])
}

fn provide(needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> = missing(needs);
    if missing.is_empty() {
        println!("all present");
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    let may = process::answers("apt-get", &["--version"]) && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if may {
        println!("installing: {}", missing.join(" "));
        let quiet = |arguments: &[&str]| Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
        quiet(&["update"])?;
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(&missing);
        quiet(&arguments)?;
    }
    let still = self::missing(needs);
    if !still.is_empty() {
        bail!("missing system packages: {}. Install them with: sudo {install}", still.join(" "));
    }
    Ok(())
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !process::answers(need.program, need.probe)).map(|need| need.package).collect()
}
