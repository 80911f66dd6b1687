//! House rules as tests: what a reviewer would otherwise have to notice every time.
//!
//! Counts that may fall but not rise stand in `xtask/tidy-budget.txt`. The rule that every surface is in the twin test is in
//! [`surfaces`], the rule that `docs/leaks.md` names tests that exist in [`leaks`].

mod leaks;
mod surfaces;

use crate::{process, source};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::process::Command;

/// A function longer than this is hard to hold in one's head.
const FUNCTION_LINES: usize = 60;
/// A file longer than this is probably two ideas.
const FILE_LINES: usize = 400;
const BUDGET: &str = "xtask/tidy-budget.txt";

/// A tracked text file.
struct File {
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Applies every rule; with `update`, lower counts become the new budget.
pub fn run(update: bool) -> Result<()> {
    let files = tracked()?;
    let mut wrong = Vec::new();
    for file in &files {
        wrong.extend(module_docs(file));
        wrong.extend(leftovers(file));
        wrong.extend(places(file));
    }
    wrong.extend(reasons(&files));
    let read = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.clone());
    wrong.extend(surfaces::missing(&read, &rust_under(&files)));
    wrong.extend(leaks::missing(&read, &rust_under(&files)));
    wrong.extend(budget(&files, update)?);
    if !wrong.is_empty() {
        bail!("{} slips:\n  {}", wrong.len(), wrong.join("\n  "));
    }
    println!("{} files are tidy", files.len());
    Ok(())
}

fn rust_under(files: &[File]) -> Vec<(&str, &str)> {
    files.iter().filter(|file| file.is_rust()).map(|file| (file.path.as_str(), file.text.as_str())).collect()
}

/// Tracked and new files that are text and that people wrote.
fn tracked() -> Result<Vec<File>> {
    let list = process::output(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut files = Vec::new();
    for path in list.lines().filter(|path| *path != "Cargo.lock") {
        let Ok(bytes) = std::fs::read(process::root().join(path)) else { continue };
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}

/// Compile-fail cases are input of tests, not modules.
fn module_docs(file: &File) -> Option<String> {
    let is_case = file.path.contains("/tests/") && file.path.matches("/tests/").count() == 1 && file.path.contains("fail/");
    let missing = file.is_rust() && !is_case && !file.text.starts_with("//!");
    missing.then(|| format!("{}:1: a source file opens with `//!`: what it is, what it is not, where next", file.path))
}

/// Words that say "unfinished". Spelled in two halves so that this list does not find itself. Three crosses count in
/// comments only: elsewhere they are the code of no nation.
fn leftovers(file: &File) -> Vec<String> {
    const WORDS: [&str; 7] = [
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("XX", "X"),
        concat!("#[ign", "ore"),
        concat!("db", "g!("),
        concat!("todo", "!("),
        concat!("unimpl", "emented!("),
    ];
    if !(file.is_rust() || file.path.ends_with(".toml") || file.path.ends_with(".py") || file.path.ends_with(".md")) {
        return Vec::new();
    }
    let slip = |(index, line): (usize, &str)| {
        let comment = line.strip_prefix(source::code(line)).unwrap_or_default();
        let part = |word: &str| if word == concat!("XX", "X") { comment } else { line };
        WORDS.iter().find(|word| has_word(part(word), word)).map(|word| format!("{}:{}: leftover `{word}`", file.path, index + 1))
    };
    file.text.lines().enumerate().filter_map(slip).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open = |c: Option<char>| !c.is_some_and(joins);
        let starts = !word.starts_with(joins) || open(before);
        let ends = !word.ends_with(joins) || open(after);
        starts && ends
    })
}

/// Nothing in the repository depends on one machine, or says where packages come from.
fn places(file: &File) -> Vec<String> {
    const FOLDERS: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/fa", "rm/")];
    const HOSTS: [&str; 6] = [
        concat!("py", "pi.org"),
        concat!("pythonho", "sted.org"),
        concat!("static.cra", "tes.io"),
        concat!("index.cra", "tes.io"),
        concat!("registry.np", "mjs.org"),
        concat!("deb.deb", "ian.org"),
    ];
    let absolute = |line: &str, folder: &str| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_ascii_alphanumeric() || "._-/{}%".contains(c))
        })
    };
    let mut wrong = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        if let Some(folder) = FOLDERS.iter().find(|folder| absolute(line, folder)) {
            wrong.push(format!("{}:{}: path of one machine (`{folder}`)", file.path, index + 1));
        }
        if let Some(host) = HOSTS.iter().find(|host| line.contains(*host)) {
            wrong.push(format!("{}:{}: host of a package registry (`{host}`)", file.path, index + 1));
        }
    }
    wrong
}

/// Every dependency says beside its line why it is there.
fn reasons(files: &[File]) -> Vec<String> {
    let Some(manifest) = files.iter().find(|file| file.path == "Cargo.toml") else { return vec!["no root Cargo.toml".to_owned()] };
    let mut section = "";
    let mut wrong = Vec::new();
    for (index, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim();
        }
        let declares = section == "[workspace.dependencies]" && line.contains(" = ") && !line.contains("path = ") && !line.starts_with('#');
        if declares && !line.contains('#') {
            wrong.push(format!("Cargo.toml:{}: a dependency states its reason beside its line", index + 1));
        }
    }
    wrong
}

/// Counts that may fall but not rise.
fn counts(files: &[File]) -> BTreeMap<&'static str, Vec<String>> {
    let mut counts: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for key in ["custody-open-calls", "long-functions", "long-files"] {
        counts.insert(key, Vec::new());
    }
    let mut add = |key, place: String| counts.entry(key).or_default().push(place);
    for file in files.iter().filter(|file| file.is_rust()) {
        for (index, line) in file.text.lines().enumerate() {
            if source::code(line).contains(concat!("custody::op", "en(")) {
                add("custody-open-calls", format!("{}:{}", file.path, index + 1));
            }
        }
        let tables_of_cases = file.path.ends_with("tests.rs") || file.path.contains("/tests/");
        for function in source::functions(&file.text).into_iter().filter(|function| function.length > FUNCTION_LINES && !tables_of_cases) {
            add("long-functions", format!("{}:{} {} ({} lines)", file.path, function.line, function.name, function.length));
        }
        let length = file.text.lines().count();
        if length > FILE_LINES && !tables_of_cases {
            add("long-files", format!("{} ({length} lines)", file.path));
        }
    }
    counts
}

fn budget(files: &[File], update: bool) -> Result<Vec<String>> {
    let path = process::root().join(BUDGET);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {BUDGET}"))?;
    let allowed: BTreeMap<&str, usize> =
        text.lines().filter_map(|line| line.split_once(' ')).filter_map(|(key, number)| Some((key, number.trim().parse().ok()?))).collect();
    let counts = counts(files);
    let mut wrong = Vec::new();
    for (key, places) in &counts {
        let limit = allowed.get(key).copied().unwrap_or(0);
        if places.len() > limit {
            wrong.push(format!("{key}: {} now, {limit} allowed by {BUDGET}:\n    {}", places.len(), places.join("\n    ")));
        } else if places.len() < limit && !update {
            println!("{key}: {} now, {limit} allowed: `cargo xtask tidy --update` keeps the gain", places.len());
        }
    }
    if update && wrong.is_empty() {
        let lines: Vec<String> = counts.iter().map(|(key, places)| format!("{key} {}\n", places.len())).collect();
        std::fs::write(&path, lines.concat())?;
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn finds_what_is_unfinished() {
        let text = format!("//! Doc\n// {}: later\nlet a = \"{}s\";\n", concat!("TO", "DO"), concat!("FIX", "ME"));
        assert_eq!(leftovers(&file("a.rs", &text)).len(), 1);
    }

    #[test]
    fn finds_places_of_one_machine() {
        let text =
            format!("open(\"{}a\")\nsee example.org{}b\n{}\n", concat!("/wo", "rk/"), concat!("/wo", "rk/"), concat!("py", "pi.org"));
        assert_eq!(places(&file("a.md", &text)).len(), 2);
    }

    #[test]
    fn asks_for_a_reason_per_dependency() {
        let text = "[workspace.dependencies]\n# Heading\na = \"1\"\nb = \"1\" # because\nc = { path = \"c\" }\n[profile.dev]\nd = \"1\"\n";
        assert_eq!(reasons(&[file("Cargo.toml", text)]).len(), 1);
    }

    #[test]
    fn asks_for_module_docs() {
        assert!(module_docs(&file("crates/a/src/b.rs", "use c;\n")).is_some());
        assert!(module_docs(&file("crates/a/src/b.rs", "//! B.\n")).is_none());
        assert!(module_docs(&file("crates/a/tests/compile_fail/b.rs", "fn main() {}\n")).is_none());
    }
}
