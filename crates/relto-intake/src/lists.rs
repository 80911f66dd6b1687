//! Lists that a site adds, as CSV: names with every form in which they stand, or laundered words with what they may stand for.
//!
//! | header | a line |
//! |---|---|
//! | `name,type,aliases` | a thing, its type, and its other names apart by a vertical bar |
//! | `word,candidates,remarks` | a word, what it may stand for apart by a vertical bar, and `inverted`, `telling`, both apart by a space, or nothing |
//!
//! The header says which of the two a list is. A list is taken whole or not at all: what is wrong in it is said by line and column.

use crate::gazetteer::{Named, kind};
use std::collections::BTreeSet;
use std::fmt;

const NAMES: [&str; 3] = ["name", "type", "aliases"];
const WORDS: [&str; 3] = ["word", "candidates", "remarks"];
const REMARKS: [&str; 2] = ["inverted", "telling"];
const TYPES: &str = "organisation, place, person, document, instrument, programme, event or capability";
/// So many faults of one list are named.
pub const FAULTS_MAX: usize = 20;
/// Characters of a name or word.
const CHARACTERS_MAX: usize = 500;

/// Which kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Things with their names.
    Names,
    /// Laundered words.
    Words,
}

/// A list, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Which kind it is.
    pub kind: ListKind,
    /// Its lines, in order.
    pub entries: Vec<Entry>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A thing with its other names.
    Name {
        /// The thing.
        named: Named,
        /// Its other names.
        aliases: BTreeSet<String>,
    },
    /// A laundered word.
    Word {
        /// The word, in simplified characters.
        word: String,
        /// What it may stand for, the likeliest first.
        candidates: Vec<String>,
        /// `inverted`, `telling`, both or neither.
        remarks: BTreeSet<String>,
    },
}

/// What is wrong at one place of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its line; the header is the first.
    pub line: u64,
    /// Its column, by name; none where all of the line is meant.
    pub column: Option<&'static str>,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        self.column.map_or(Ok(()), |column| write!(out, ", column {column}"))?;
        write!(out, ": {}", self.what)
    }
}

impl ListKind {
    /// The kind in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Words => "words",
        }
    }

    fn columns(self) -> [&'static str; 3] {
        match self {
            Self::Names => NAMES,
            Self::Words => WORDS,
        }
    }
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// Everything that is wrong with it, in order, up to [`FAULTS_MAX`].
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let (mut entries, mut faults, mut list_kind) = (Vec::new(), Vec::new(), None);
        for record in reader.records() {
            let read = record.map_err(|error| vec![not_csv(&error)]).and_then(|record| {
                let line = record.position().map_or(1, csv::Position::line);
                let fields: Vec<&str> = record.iter().map(str::trim).collect();
                match list_kind {
                    None => kind_of(&fields).map(|kind| list_kind = Some(kind)).map(|()| None),
                    Some(kind) => entry(kind, line, &fields).map(Some),
                }
            });
            match read {
                Ok(entry) => entries.extend(entry),
                Err(found) => faults.extend(found),
            }
            if faults.len() >= FAULTS_MAX || list_kind.is_none() {
                break;
            }
        }
        faults.truncate(FAULTS_MAX);
        if faults.is_empty() && entries.is_empty() {
            faults.push(Fault { line: 1, column: None, what: format!("the list is empty: {}", headers()) });
        }
        match list_kind {
            Some(kind) if faults.is_empty() => Ok(Self { kind, entries }),
            _ => Err(faults),
        }
    }
}

fn headers() -> String {
    format!("write the header `{}` or `{}`, and a line for each entry", NAMES.join(","), WORDS.join(","))
}

fn not_csv(error: &csv::Error) -> Fault {
    Fault { line: error.position().map_or(1, csv::Position::line), column: None, what: format!("is no CSV in UTF-8: {error}") }
}

fn kind_of(header: &[&str]) -> Result<ListKind, Vec<Fault>> {
    let found = [ListKind::Names, ListKind::Words].into_iter().find(|kind| kind.columns() == header);
    found.ok_or_else(|| vec![Fault { line: 1, column: None, what: format!("`{}` is no header: {}", header.join(","), headers()) }])
}

fn entry(kind: ListKind, line: u64, fields: &[&str]) -> Result<Entry, Vec<Fault>> {
    let columns = kind.columns();
    let [first, second, third] = fields else {
        let what = format!("has {} fields where the header has {}: quote a field that holds a comma", fields.len(), columns.len());
        return Err(vec![Fault { line, column: None, what }]);
    };
    let mut check = Check { line, faults: Vec::new() };
    let entry = match kind {
        ListKind::Names => name(&mut check, first, second, third),
        ListKind::Words => word(&mut check, first, second, third),
    };
    entry.filter(|_| check.faults.is_empty()).ok_or(check.faults)
}

/// The faults of one line.
struct Check {
    line: u64,
    faults: Vec<Fault>,
}

impl Check {
    fn fault(&mut self, column: &'static str, what: String) {
        self.faults.push(Fault { line: self.line, column: Some(column), what });
    }

    /// A name or word that can be looked for.
    fn text(&mut self, column: &'static str, text: &str, characters_min: usize) {
        let count = text.chars().count();
        if count < characters_min {
            self.fault(column, format!("`{text}` is too short: give at least {characters_min} characters"));
        } else if count > CHARACTERS_MAX {
            self.fault(column, format!("has {count} characters: give at most {CHARACTERS_MAX}"));
        } else if text.chars().any(char::is_control) || !text.chars().any(char::is_alphanumeric) {
            self.fault(column, format!("`{}` is no text to look for: give letters, without line breaks", text.escape_debug()));
        }
    }
}

fn name(check: &mut Check, name: &str, type_word: &str, aliases: &str) -> Option<Entry> {
    check.text("name", name, 2);
    let found = kind(type_word);
    if found.is_none() {
        check.fault("type", format!("`{type_word}` is no type: write {TYPES}"));
    }
    let aliases: BTreeSet<String> = aliases.split('|').map(str::trim).filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
    aliases.iter().for_each(|alias| check.text("aliases", alias, 2));
    Some(Entry::Name { named: Named { name: name.to_owned(), kind: found? }, aliases })
}

fn word(check: &mut Check, word: &str, candidates: &str, remarks: &str) -> Option<Entry> {
    check.text("word", word, 1);
    let candidates: Vec<String> = candidates.split('|').map(|candidate| candidate.trim().to_owned()).collect();
    candidates.iter().for_each(|candidate| check.text("candidates", candidate, 1));
    let remarks: BTreeSet<String> = remarks.split_whitespace().map(str::to_owned).collect();
    for remark in remarks.iter().filter(|remark| !REMARKS.contains(&remark.as_str())) {
        check.fault("remarks", format!("`{remark}` is no remark: write `{}`, or nothing", REMARKS.join("`, `")));
    }
    Some(Entry::Word { word: word.to_owned(), candidates, remarks })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        List::parse(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_says_by_its_header_what_it_is() {
        let names =
            List::parse("\u{feff}name,type,aliases\r\nProject Nightjar,programme,夜鹰计划 | PN\n\"Ministry, of Tests\",organisation,\n")
                .unwrap();
        assert_eq!((names.kind, names.entries.len()), (ListKind::Names, 2));
        let Some(Entry::Name { named, aliases }) = names.entries.first() else { panic!("a name") };
        assert_eq!((named.name.as_str(), aliases.len()), ("Project Nightjar", 2));
        let words = List::parse("word,candidates,remarks\n合做,合作,telling\n劣势,优势|劣势,inverted telling\n").unwrap();
        assert_eq!((words.kind, words.entries.len()), (ListKind::Words, 2));
    }

    #[test]
    fn what_is_wrong_is_said_by_line_and_column() {
        let cases: [(&str, &[&str]); 9] = [
            ("", &["line 1: the list is empty"]),
            ("name,type,aliases\n", &["line 1: the list is empty"]),
            ("name;type;aliases\nA B;place;\n", &["line 1: `name;type;aliases` is no header"]),
            ("name,type,aliases\nParis,town,\n", &["line 2, column type: `town` is no type"]),
            ("name,type,aliases\nP,place,Q|Pa\n", &["line 2, column name: `P` is too short", "line 2, column aliases: `Q` is too short"]),
            ("name,type,aliases\nParis,place\n", &["line 2: has 2 fields where the header has 3"]),
            ("name,type,aliases\nParis,place,\n--,place,\n", &["line 3, column name: `--` is no text to look for"]),
            ("word,candidates,remarks\n合做,,\n", &["line 2, column candidates: `` is too short"]),
            ("word,candidates,remarks\n合做,合作,often\n", &["line 2, column remarks: `often` is no remark"]),
        ];
        for (text, wanted) in cases {
            let found = faults(text);
            assert_eq!(found.len(), wanted.len(), "{text:?}: {found:?}");
            found.iter().zip(wanted).for_each(|(found, wanted)| assert!(found.starts_with(wanted), "{found}"));
        }
        let many = format!("name,type,aliases\n{}", "x,y,\n".repeat(100));
        assert_eq!(faults(&many).len(), FAULTS_MAX);
    }
}
