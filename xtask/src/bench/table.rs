//! The table of one run, and beside it what was promised.

/// The rows, in the order in which they print.
const ROWS: [&str; 15] = [
    "objects in the store",
    "POST, objects/s",
    "load from file, objects/s",
    "walk by 100, pages/s",
    "walk by 100, objects/s",
    "first page of 100, req/s",
    "first page of 100 with Basic",
    "first page of 1000, req/s",
    "the same, 8 connections",
    "added_after + type, req/s",
    "added_after + type, objects/s",
    "manifest by 100, pages/s",
    "manifest by 100, entries/s",
    "by id, req/s",
    "start, s",
];
const MEMORY: &str = "peak memory, MiB";

/// What Relto must reach: row, against whom, how many times as much.
const PROMISES: [(&str, &str, f64); 12] = [
    ("POST, objects/s", "OpenTAXII", 20.0),
    ("POST, objects/s", "medallion", 1.0),
    ("walk by 100, pages/s", "medallion", 100.0),
    ("walk by 100, pages/s", "OpenTAXII", 100.0),
    ("first page of 100, req/s", "OpenTAXII", 100.0),
    ("first page of 100 with Basic", "OpenTAXII", 100.0),
    ("added_after + type, req/s", "OpenTAXII", 100.0),
    ("manifest by 100, pages/s", "OpenTAXII", 100.0),
    ("by id, req/s", "OpenTAXII", 100.0),
    ("first page of 100, req/s", "nginx", 0.5),
    ("first page of 1000, req/s", "nginx", 0.5),
    ("load from file, objects/s", "sqlite3", 0.5),
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

    /// Sets a row's figure.
    pub fn set(&mut self, row: &'static str, figure: f64) {
        assert!(ROWS.contains(&row) || row == MEMORY, "no row `{row}`");
        eprintln!("  {}: {row}: {}", self.name, number(figure));
        self.figures.push((row, figure));
    }

    fn get(&self, row: &str) -> Option<f64> {
        self.figures.iter().find(|(known, _)| *known == row).map(|(_, figure)| *figure)
    }
}

/// All columns of a run.
pub struct Table(Vec<Column>);

impl Table {
    /// In the order given.
    pub fn new(columns: Vec<Column>) -> Self {
        Self(columns)
    }

    /// Prints rows and promises.
    pub fn print(&self) {
        print!("{:<32}", "one run, one client, loopback");
        self.0.iter().for_each(|column| print!(" {:>11}", column.name));
        println!();
        for row in ROWS.iter().copied().chain([MEMORY]) {
            print!("{row:<32}");
            self.0.iter().for_each(|column| print!(" {:>11}", column.get(row).map_or("-".to_owned(), number)));
            println!();
        }
        println!("\n{:<32} {:>11} {:>9} {:>9}", "Relto against", "", "is", "wanted");
        for (row, peer, wanted) in PROMISES {
            let figure = |name: &str| self.0.iter().find(|column| column.name == name).and_then(|column| column.get(row));
            let (Some(ours), Some(theirs)) = (figure("Relto"), figure(peer)) else { continue };
            let ratio = ours / theirs;
            let word = if ratio >= wanted { "" } else { "  short" };
            println!("{row:<32} {peer:>11} {:>8}x {:>8}x{word}", number(ratio), number(wanted));
        }
    }
}

fn number(figure: f64) -> String {
    match figure {
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
}
