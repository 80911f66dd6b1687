//! Every test that `docs/leaks.md` names exists: a promise whose test was renamed away would look held and be none.

const LEAKS: &str = "docs/leaks.md";

/// Tests named in the last column of the tables that no source defines.
pub fn missing(read: &dyn Fn(&str) -> Option<String>, sources: &[(&str, &str)]) -> Vec<String> {
    let Some(text) = read(LEAKS) else { return vec![format!("{LEAKS} is missing: it says how such systems have disclosed")] };
    let defined = |name: &str| {
        let function = format!("fn {name}(");
        sources.iter().any(|(_, source)| source.contains(&function))
    };
    let named = text.lines().enumerate().flat_map(|(index, line)| tests_of(line).into_iter().map(move |name| (index + 1, name)));
    named.filter(|(_, name)| !defined(name)).map(|(line, name)| format!("{LEAKS}:{line}: there is no test `{name}`")).collect()
}

/// The names in backticks in the last cell of a row.
fn tests_of(line: &str) -> Vec<&str> {
    let Some(cell) = line.strip_prefix('|').and_then(|row| row.trim_end().strip_suffix('|')).and_then(|row| row.rsplit('|').next()) else {
        return Vec::new();
    };
    let is_name = |word: &&str| word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    cell.split('`').skip(1).step_by(2).filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_test_that_is_gone() {
        let text = "| a | b | `here_it_is`, `gone_it_is` |\n| `not_a_test` | b | c |\n`prose_is_free`\n";
        let read = |path: &str| (path == LEAKS).then(|| text.to_owned());
        let sources = [("a.rs", "fn here_it_is() {}")];
        assert_eq!(missing(&read, &sources), ["docs/leaks.md:1: there is no test `gone_it_is`"]);
    }
}
