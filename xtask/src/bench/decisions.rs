//! What decisions cost: the benchmarks of the gate, of site policies and of activation, each figure beside what is wanted.
//!
//! The benchmarks measure and compare with the slow way; here their lines become a table.

use super::table::{number, table};
use crate::process;
use anyhow::{Context, Result};

/// Builds and runs the benchmarks; returns their table.
pub fn run() -> Result<String> {
    eprintln!("measuring decisions");
    let bench = |of: &[&str; 2]| process::output(&mut process::cargo(&["bench", "--quiet", "--package", of[0], "--bench", of[1]]));
    let benches = [["relto-gate", "decisions"], ["relto-site", "decisions"], ["relto-sim", "activation"]];
    let lines = benches.iter().map(bench).collect::<Result<Vec<_>>>()?;
    tabulate(&lines.concat())
}

fn tabulate(lines: &str) -> Result<String> {
    let rows = lines.lines().filter(|line| line.contains('\t')).map(row).collect::<Result<Vec<_>>>()?;
    rows.first().context("the benchmark of decisions said nothing")?;
    Ok(table(&["decisions, one core", "is", "wanted", ""], rows))
}

/// `name`, figure and bound, parted by tabs; the bound is `at least N`, `at most N`, or nothing.
pub(super) fn row(line: &str) -> Result<Vec<String>> {
    let mut words = line.split('\t');
    let mut next = || words.next().with_context(|| format!("`{line}` is not a figure"));
    let (name, figure, wanted) = (next()?, next()?.parse::<f64>()?, next()?);
    let bound = wanted.rsplit(' ').next().and_then(|word| word.parse::<f64>().ok());
    let is_met = bound.map(|bound| if wanted.starts_with("at least") { figure >= bound } else { figure <= bound });
    let word = is_met.map_or("", |met| if met { "met" } else { "not met" });
    Ok(vec![name.to_owned(), number(figure), wanted.to_owned(), word.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_met_on_the_right_side_of_its_bound() {
        for (line, word) in [
            ("a\t60\tat least 50", "met"),
            ("a\t40\tat least 50", "not met"),
            ("a\t9\tat most 10", "met"),
            ("a\t11\tat most 10", "not met"),
            ("a\t1\t", ""),
        ] {
            assert_eq!(row(line).unwrap()[3], word, "{line}");
        }
        assert!(row("a\tb\tc").is_err() && tabulate("nothing").is_err());
    }
}
