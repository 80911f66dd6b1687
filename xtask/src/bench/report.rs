//! Where the tables go: between two marks of a text that people wrote.

use crate::process;
use anyhow::{Context, Result};
use std::path::Path;

const BEGIN: &str = "<!-- figures: written by `cargo xtask bench --write`, not by hand -->\n";
const END: &str = "<!-- end of figures -->";

/// The machine in one line: what a figure is worth depends on it, and on what else ran there.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let names: Vec<&str> = cpus
        .lines()
        .filter_map(|line| line.strip_prefix("model name"))
        .filter_map(|line| line.split_once(": "))
        .map(|(_, name)| name)
        .collect();
    let memory =
        read("/proc/meminfo").split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / f64::from(1 << 20);
    let load = read("/proc/loadavg").split_whitespace().next().unwrap_or("-").to_owned();
    let commit = process::output(std::process::Command::new("git").args(["describe", "--always", "--dirty"])).unwrap_or_default();
    let name = names.first().copied().unwrap_or("unknown processor");
    format!("{} x {name}, {memory:.0} GiB; load average before the run {load}; commit {}", names.len(), commit.trim())
}

/// Puts `tables` between the marks of the file at `path`.
pub fn write(path: &Path, tables: &str) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{} has no line `{}`", path.display(), BEGIN.trim()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{} has no line `{END}`", path.display()))?;
    Ok(std::fs::write(path, format!("{before}{BEGIN}\n{tables}\n{END}{after}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_replace_earlier_ones_and_nothing_else() {
        let path = std::env::temp_dir().join(format!("figures-{}.md", std::process::id()));
        std::fs::write(&path, format!("# Figures\n{BEGIN}old\n{END}\nWhat limits each.\n")).unwrap();
        write(&path, "new").unwrap();
        write(&path, "newer").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("# Figures\n{BEGIN}\nnewer\n{END}\nWhat limits each.\n"));
        std::fs::write(&path, "no marks").unwrap();
        assert!(write(&path, "new").is_err());
        drop(std::fs::remove_file(&path));
    }
}
