//! The table of one run, and beside it what was promised. Text that reads the same in a terminal and in Markdown.

use super::measure::{Rate, median};
use std::fmt::Write as _;

/// The rows, in the order in which they print.
const ROWS: [&str; 20] = [
    OBJECTS,
    POST,
    LOAD,
    BASIC.walk[0],
    BASIC.walk[1],
    BASIC.page,
    PAGE_1000,
    PAGE_PARALLEL,
    BASIC.since[0],
    BASIC.since[1],
    BASIC.manifest[0],
    BASIC.manifest[1],
    BASIC.by_id,
    BEARER.walk[0],
    BEARER.page,
    BEARER.since[0],
    BEARER.manifest[0],
    BEARER.by_id,
    "start, s",
    "peak memory, MiB",
];
/// How much a server holds.
pub const OBJECTS: &str = "objects in the store";
/// Writing over the network.
pub const POST: &str = "POST by 100, objects/s";
/// Writing from a file.
pub const LOAD: &str = "load from file, objects/s";
/// One large page.
pub const PAGE_1000: &str = "page of 1000, req/s";
/// The same for many at once.
pub const PAGE_PARALLEL: &str = "the same, 8 connections";

/// The rows of everything that every server reads; of two, the first counts requests and the second what they brought.
pub struct Reads {
    /// All pages in turn.
    pub walk: &'static [&'static str],
    /// One page.
    pub page: &'static str,
    /// Filtered by date and type.
    pub since: &'static [&'static str],
    /// All of the manifest.
    pub manifest: &'static [&'static str],
    /// One object.
    pub by_id: &'static str,
}

/// Signed in with name and password, as the OASIS clients do.
pub const BASIC: Reads = Reads {
    walk: &["walk by 100, pages/s", "walk by 100, objects/s"],
    page: "page of 100, req/s",
    since: &["added_after + type, req/s", "added_after + type, objects/s"],
    manifest: &["manifest by 100, pages/s", "manifest by 100, entries/s"],
    by_id: "by id, req/s",
};

/// Signed in with a token, which no client of the OASIS library sends and medallion does not take.
pub const BEARER: Reads = Reads {
    walk: &["Bearer: walk by 100, pages/s"],
    page: "Bearer: page of 100, req/s",
    since: &["Bearer: added_after + type, req/s"],
    manifest: &["Bearer: manifest by 100, pages/s"],
    by_id: "Bearer: by id, req/s",
};

/// What Relto must reach: row, against whom, how many times as much.
const PROMISES: [(&str, &str, f64); 22] = [
    (BASIC.walk[0], "medallion", 100.0),
    (BASIC.walk[0], "OpenTAXII", 100.0),
    (BASIC.page, "medallion", 100.0),
    (BASIC.page, "OpenTAXII", 100.0),
    (PAGE_1000, "OpenTAXII", 100.0),
    (BASIC.since[0], "medallion", 100.0),
    (BASIC.since[0], "OpenTAXII", 100.0),
    (BASIC.manifest[0], "medallion", 100.0),
    (BASIC.manifest[0], "OpenTAXII", 100.0),
    (BASIC.by_id, "medallion", 100.0),
    (BASIC.by_id, "OpenTAXII", 100.0),
    (BEARER.walk[0], "OpenTAXII", 100.0),
    (BEARER.page, "OpenTAXII", 100.0),
    (BEARER.since[0], "OpenTAXII", 100.0),
    (BEARER.manifest[0], "OpenTAXII", 100.0),
    (BEARER.by_id, "OpenTAXII", 100.0),
    (POST, "OpenTAXII", 20.0),
    (POST, "medallion", 1.0),
    (BASIC.page, "nginx", 0.5),
    (PAGE_1000, "nginx", 0.5),
    (PAGE_PARALLEL, "nginx", 0.5),
    (LOAD, "sqlite3", 0.5),
];

/// One server's figures.
pub struct Column {
    name: &'static str,
    figures: Vec<(&'static str, f64)>,
}

impl Column {
    /// No figures yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, figures: Vec::new() }
    }

    /// Adds a figure; of several for one row the median stands in the table.
    pub fn add(&mut self, row: &'static str, figure: f64) {
        assert!(ROWS.contains(&row), "no row `{row}`");
        eprintln!("  {}: {row}: {}", self.name, number(figure));
        self.figures.push((row, figure));
    }

    /// Adds a rate: requests to the first of the rows, what they brought to the second, where there is one.
    pub fn add_rate(&mut self, rows: &[&'static str], rate: Rate) {
        rows.iter().zip([rate.per_second(), rate.items_per_second()]).for_each(|(row, figure)| self.add(row, figure));
    }

    fn get(&self, row: &str) -> Option<f64> {
        let figures: Vec<f64> = self.figures.iter().filter(|(known, _)| *known == row).map(|(_, figure)| *figure).collect();
        (!figures.is_empty()).then(|| median(figures))
    }
}

/// All figures, a column for each server.
pub fn figures(columns: &[Column]) -> String {
    let mut head = vec!["one run, one client, loopback"];
    head.extend(columns.iter().map(|column| column.name));
    let rows = ROWS.iter().map(|row| {
        let mut cells = vec![(*row).to_owned()];
        cells.extend(columns.iter().map(|column| column.get(row).map_or("-".to_owned(), number)));
        cells
    });
    table(&head, rows.filter(|cells| cells.iter().skip(1).any(|cell| cell != "-")).collect())
}

/// What was promised, and whether it is so.
pub fn promises(columns: &[Column]) -> String {
    let mut rows = Vec::new();
    for (row, peer, wanted) in PROMISES {
        let figure = |name: &str| columns.iter().find(|column| column.name == name).and_then(|column| column.get(row));
        let (Some(ours), Some(theirs)) = (figure("Relto"), figure(peer)) else { continue };
        let word = if ours / theirs >= wanted { "met" } else { "not met" };
        rows.push(vec![
            row.to_owned(),
            peer.to_owned(),
            format!("{}x", number(ours / theirs)),
            format!("{}x", number(wanted)),
            word.to_owned(),
        ]);
    }
    table(&["Relto", "against", "is", "wanted", ""], rows)
}

/// A table: the first column to the left, all others to the right.
pub fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(String::len).chain(head.get(at).map(|cell| cell.len())).max();
    let widths: Vec<usize> = (0..head.len()).map(|at| width(at).unwrap_or(0).max(3)).collect();
    let mut text = String::new();
    let mut line = |cells: &[&str]| {
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let written = if at == 0 { write!(text, "| {cell:<width$} ") } else { write!(text, "| {cell:>width$} ") };
            let _ = written;
        }
        text.push_str("|\n");
    };
    line(head);
    let rule: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(at, width)| if at == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) })
        .collect();
    line(&rule.iter().map(String::as_str).collect::<Vec<_>>());
    rows.iter().for_each(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    text
}

/// About three digits.
pub fn number(figure: f64) -> String {
    match figure {
        _ if figure.is_nan() => "-".to_owned(),
        _ if figure >= 100.0 => format!("{figure:.0}"),
        _ if figure >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_promise_has_a_row() {
        assert!(PROMISES.iter().all(|(row, _, _)| ROWS.contains(row)));
    }

    #[test]
    fn numbers_keep_about_three_digits() {
        assert_eq!([0.123, 12.34, 1234.5].map(number), ["0.12", "12.3", "1234"]);
    }

    #[test]
    fn a_promise_is_judged_by_medians() {
        let column = |name, figures: [f64; 3]| {
            let mut column = Column::new(name);
            figures.into_iter().for_each(|figure| column.add(BASIC.page, figure));
            column
        };
        let columns = [column("Relto", [40.0, 60.0, 10_000.0]), column("nginx", [120.0, 1.0, 119.0])];
        assert!(promises(&columns).contains("0.50x |  0.50x | met |"), "{}", promises(&columns));
        assert_eq!(figures(&columns).lines().count(), 3);
    }
}
