//! What CI runs, in order, each stage timed.
//!
//! Cheap checks come first, so that a slip is told within seconds. Binary and tests are built once, in the profile `ci`,
//! and every later stage uses that build.

use crate::{browser, clients, layers, licences, process, system, tidy};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// Above this, on two cores from cold, CI is too slow for people to wait for.
const SLOW: Duration = Duration::from_secs(40 * 60);

type Stage = (&'static str, fn() -> Result<()>);

/// Every stage with its name.
pub fn stages() -> Vec<Stage> {
    vec![
        ("system packages", system::for_tests),
        ("format", format),
        ("tidy", || tidy::run(false)),
        ("layers", layers::run),
        ("licences", licences::run),
        ("clippy", clippy),
        ("build", build),
        ("tests", tests),
        ("demo --check", demo),
        ("real clients", || clients::run(&process::binary("ci"), &[])),
        ("browser", || browser::run(&process::binary("ci"), &[])),
    ]
}

/// Runs all stages until one fails; prints the time of each either way.
pub fn run() -> Result<()> {
    let start = Instant::now();
    let mut times = Vec::new();
    let mut outcome = Ok(());
    for (name, stage) in stages() {
        println!("\n== {name}");
        let begun = Instant::now();
        outcome = stage().with_context(|| format!("stage `{name}` failed"));
        times.push((name, begun.elapsed()));
        if outcome.is_err() {
            break;
        }
    }
    println!("\n{:<18} {:>9}", "stage", "seconds");
    for (name, time) in times {
        println!("{name:<18} {:>9.1}", time.as_secs_f64());
    }
    println!("{:<18} {:>9.1}", "all", start.elapsed().as_secs_f64());
    if start.elapsed() > SLOW {
        println!("warning: CI took longer than {} minutes", SLOW.as_secs() / 60);
    }
    outcome
}

fn format() -> Result<()> {
    if !process::answers("cargo", &["fmt", "--version"]) {
        println!("skipped: rustfmt is not installed (rustup component add rustfmt)");
        return absent_in_ci("rustfmt");
    }
    process::check(&mut process::cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    if !process::answers("cargo", &["clippy", "--version"]) {
        println!("skipped: clippy is not installed (rustup component add clippy)");
        return absent_in_ci("clippy");
    }
    process::check(&mut process::cargo(&["clippy", "--workspace", "--all-targets", "--profile", "ci", "--", "-D", "warnings"]))
}

/// All targets at once: features are then resolved as for the tests, so that the tests find everything built.
fn build() -> Result<()> {
    process::check(&mut process::cargo(&["build", "--workspace", "--all-targets", "--profile", "ci"]))
}

fn tests() -> Result<()> {
    process::check(&mut process::cargo(&["test", "--workspace", "--profile", "ci"]))
}

/// The demo runs the commands that it shows, the OASIS client among them.
fn demo() -> Result<()> {
    let mut command = std::process::Command::new(process::binary("ci"));
    process::check(command.args(["demo", "--check"]).env("RELTO_DEMO_PYTHON", clients::python()?).env("RUST_BACKTRACE", "1"))
}

fn absent_in_ci(what: &str) -> Result<()> {
    if std::env::var_os("CI").is_some() {
        bail!("{what} must be present in CI");
    }
    Ok(())
}
