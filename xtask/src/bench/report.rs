//! Where the tables go: between two marks of a text that people wrote.

use crate::process;
use anyhow::{Context, Result};
use std::path::Path;

/// The part with the servers.
pub const FIGURES: &str = "figures";
/// The part with the exchange between nodes.
pub const EXCHANGE: &str = "exchange";
/// The part with the decisions.
pub const DECISIONS: &str = "decisions";

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

/// Puts `tables` between the marks of `part` in the file at `path`.
pub fn write(path: &Path, part: &str, tables: &str) -> Result<()> {
    let (begin, end) = marks(part);
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (before, rest) = text.split_once(&begin).with_context(|| format!("{} has no line `{}`", path.display(), begin.trim()))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("{} has no line `{end}`", path.display()))?;
    Ok(std::fs::write(path, format!("{before}{begin}\n{tables}\n{end}{after}"))?)
}

fn marks(part: &str) -> (String, String) {
    (format!("<!-- {part}: written by `cargo xtask bench --write`, not by hand -->\n"), format!("<!-- end of {part} -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_replace_earlier_ones_and_nothing_else() {
        let (begin, end) = marks(FIGURES);
        let path = std::env::temp_dir().join(format!("figures-{}.md", std::process::id()));
        std::fs::write(&path, format!("# Figures\n{begin}old\n{end}\nWhat limits each.\n")).unwrap();
        write(&path, FIGURES, "new").unwrap();
        write(&path, FIGURES, "newer").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("# Figures\n{begin}\nnewer\n{end}\nWhat limits each.\n"));
        std::fs::write(&path, "no marks").unwrap();
        assert!(write(&path, FIGURES, "new").is_err());
        drop(std::fs::remove_file(&path));
    }
}
