//! What an object says of an entity: in words, as of when, and how it is said.
//!
//! Notes that `relto intake` writes say in their first line what a document dates, counts or claims, and how (`relto-intake/src/stix/says.rs`); they are told by
//! their provenance. Everything else is stated as it stands.

use relto_model::kinds::Kinds;

use super::gather::{Piece, is_revoked};

/// The property extension that says which bytes of a document an object rests on.
pub(super) const PROVENANCE: &str = "extension-definition--4b8c0ff8-f0ff-438c-a5ae-11151e1b5e6b";

/// Characters of what is quoted.
const QUOTE_CHARACTERS_MAX: usize = 400;
/// Characters of what stands for an object.
const WORDS_CHARACTERS_MAX: usize = 200;

/// How something is said that is just said.
pub(super) const STATED: &str = "stated";
/// How something is said not to be.
pub(super) const DENIED: &str = "denied";
/// How something is said that somebody else is said to have said.
pub(super) const ATTRIBUTED: &str = "attributed";

/// How a note of a document begins when it tells of a claim, and how the document makes it.
const CLAIMS: [(&str, &str); 8] = [
    ("The document says: ", STATED),
    ("The document says that it is not so: ", DENIED),
    ("The document says that it is planned: ", "planned"),
    ("The document says that somebody says: ", ATTRIBUTED),
    ("The document leaves open whether: ", "doubted"),
    ("The document says that under a condition: ", "conditional"),
    ("The document asks, or tells of a request: ", "asked"),
    ("Not asserted: ", "not-asserted"),
];
/// What a note adds to a date or a figure that is not stated.
const REMARKS: [(&str, &str); 6] = [
    (", denied", DENIED),
    (", planned", "planned"),
    (", as somebody says", ATTRIBUTED),
    (", in doubt", "doubted"),
    (", under a condition", "conditional"),
    (", as somebody asks", "asked"),
];

/// What an object says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub what: What,
    /// How it is said.
    pub status: String,
    /// The words it rests on.
    pub quote: Option<String>,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// That something is dated, by ISO 8601.
    Date(String),
    /// A figure.
    Figure {
        /// As read.
        value: String,
        /// What of.
        unit: String,
        /// What it measures.
        meaning: String,
    },
    /// That two things are related.
    Relation(String),
    /// Anything else.
    Words(String),
}

impl What {
    /// In words.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Date(date) => format!("dated {date}"),
            Self::Figure { value, unit, meaning } if meaning.is_empty() => format!("{value} {unit}").trim_end().to_owned(),
            Self::Figure { value, unit, meaning } => format!("{meaning}: {value} {unit}").trim_end().to_owned(),
            Self::Relation(words) | Self::Words(words) => words.clone(),
        }
    }
}

/// What `note` says.
pub(super) fn of_note(note: &Piece) -> Said {
    let content = note.text("content").unwrap_or_default();
    let summary = || note.text("abstract").unwrap_or_else(|| content.lines().next().unwrap_or_default());
    if note.object.pointer(&format!("/extensions/{PROVENANCE}")).is_none() {
        let words = What::Words(shortened(summary(), WORDS_CHARACTERS_MAX));
        return Said { what: words, status: status_of(note), quote: Some(shortened(content, QUOTE_CHARACTERS_MAX)) };
    }
    let (what, status) = of_line(content.lines().next().unwrap_or_default());
    let quote = content.rfind("The document: “").and_then(|at| content.get(at..)).and_then(|last| last.strip_prefix("The document: “"));
    let quote = quote.map(|quote| shortened(quote.strip_suffix('”').unwrap_or(quote), QUOTE_CHARACTERS_MAX));
    Said { what, status: if is_revoked(note) { status_of(note) } else { status.to_owned() }, quote }
}

/// What the first line of a note of a document says, and how.
fn of_line(line: &str) -> (What, &'static str) {
    for (begin, status) in CLAIMS {
        if let Some(claim) = line.strip_prefix(begin) {
            let claim = claim.split(". The claim rests on the word ").next().unwrap_or(claim);
            return (What::Relation(claim.to_owned()), status);
        }
    }
    let remarked = REMARKS.iter().find_map(|(remark, status)| Some((line.strip_suffix(remark)?, *status)));
    let (line, status) = remarked.unwrap_or((line, STATED));
    if let Some(date) = line.strip_prefix("Dated ") {
        return (What::Date(date.to_owned()), status);
    }
    match line.strip_prefix("Figure ").and_then(figure) {
        Some(figure) => (figure, status),
        None => (What::Words(shortened(line, WORDS_CHARACTERS_MAX)), status),
    }
}

/// `VALUE UNIT (MEANING)`, of which only the value is always there.
fn figure(text: &str) -> Option<What> {
    let (measured, meaning) = match text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        Some((measured, meaning)) => (measured, meaning),
        None => (text, ""),
    };
    let (value, unit) = measured.split_once(' ').unwrap_or((measured, ""));
    // What is just counted has its meaning for a unit.
    let unit = if unit == "count" { "" } else { unit };
    let owned = |text: &str| text.trim().to_owned();
    (!value.is_empty()).then(|| What::Figure { value: owned(value), unit: owned(unit), meaning: owned(meaning) })
}

/// How an object says what it says: withdrawn, as its kind has it (`event_status`), or stated.
pub(super) fn status_of(piece: &Piece) -> String {
    if is_revoked(piece) {
        return "revoked".to_owned();
    }
    let own = piece.text(&format!("{}_status", piece.kind));
    own.unwrap_or(STATED).to_owned()
}

/// How the object was read from its document, where it was not just read: `repaired`, `lexicon-read`, `inferred`.
pub(super) fn reading_of(piece: &Piece) -> Option<String> {
    let read = piece.object.pointer(&format!("/extensions/{PROVENANCE}/status"))?.as_str()?;
    (read != STATED).then(|| read.to_owned())
}

/// A text of the object that says what it is about; of a report that was made from a document none, since it tells how that was read.
pub(super) fn quote_of(piece: &Piece) -> Option<String> {
    if piece.kind == "report" && piece.object.pointer(&format!("/extensions/{PROVENANCE}")).is_some() {
        return None;
    }
    let own = ["description", "explanation", "content", "abstract", "summary", "outcome"].iter().find_map(|name| piece.text(name))?;
    Some(shortened(own, QUOTE_CHARACTERS_MAX))
}

/// Properties of the standard's kinds that say from when to when something was so.
const SPANS: [(&str, &[&str]); 5] = [
    ("first_seen", &["last_seen"]),
    ("valid_from", &["valid_until"]),
    ("start_time", &["stop_time", "end_time"]),
    ("first_observed", &["last_observed"]),
    ("published", &[]),
];

/// A span of time that an object states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spell {
    /// The properties that state it.
    pub properties: String,
    pub from: Option<String>,
    pub until: Option<String>,
}

/// The spans of time that `piece` states, as its kind or the standard has them; else when it was made.
pub(super) fn spells_of(piece: &Piece, kinds: &Kinds) -> Vec<Spell> {
    let own = kinds.get(&piece.kind).map(|kind| kind.display.timeline.as_slice()).unwrap_or_default();
    let mut spells: Vec<Spell> = match own {
        [] => SPANS.iter().filter_map(|(from, until)| spell(piece, from, until)).collect(),
        own => own.iter().filter_map(|span| spell(piece, &span.from, &span.until.as_deref().into_iter().collect::<Vec<_>>())).collect(),
    };
    if spells.is_empty() {
        spells.extend(spell(piece, "created", &[]));
    }
    spells
}

fn spell(piece: &Piece, from: &str, until: &[&str]) -> Option<Spell> {
    let at = |name: &str| piece.text(name).map(|at| (name.to_owned(), at.to_owned()));
    let (begin, end) = (at(from), until.iter().find_map(|name| at(name)));
    let properties: Vec<&str> = begin.iter().chain(&end).map(|(name, _)| name.as_str()).collect();
    let properties = properties.join(", ");
    (!properties.is_empty()).then(|| Spell { properties, from: begin.map(|(_, at)| at), until: end.map(|(_, at)| at) })
}

/// The begin and the end of an interval as ISO 8601 writes it: `2023-05`, `2022/2023`, `2022/..`.
pub(super) fn ends_of(date: &str) -> (Option<String>, Option<String>) {
    let known = |text: &str| (!text.is_empty() && text != "..").then(|| text.to_owned());
    date.split_once('/').map_or_else(|| (known(date), None), |(from, until)| (known(from), known(until)))
}

/// The first `characters` of `text`, without what is only space around it.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    relto_model::text::shortened(text.trim(), characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_note_says_what_and_how() {
        for (line, what, status) in [
            ("Dated 2023-05-17", "dated 2023-05-17", "stated"),
            ("Dated 2022/.., planned", "dated 2022/..", "planned"),
            ("Figure 12 tanks (delivered tanks), denied", "delivered tanks: 12 tanks", "denied"),
            ("Figure 7.5 %", "7.5 %", "stated"),
            ("Figure 3", "3", "stated"),
            ("Figure 100 count (tanks (new))", "tanks (new): 100", "stated"),
            ("The document says: France cooperates-with Germany", "France cooperates-with Germany", "stated"),
            ("The document says that it is not so: A funds B", "A funds B", "denied"),
            ("The document leaves open whether: A funds B", "A funds B", "doubted"),
            ("Not asserted: A 合作 B. The claim rests on the word 合作", "A 合作 B", "not-asserted"),
            ("Undecided: X may mean Y or Z", "Undecided: X may mean Y or Z", "stated"),
        ] {
            let (read, how) = of_line(line);
            assert_eq!((read.in_words().as_str(), how), (what, status), "{line}");
        }
    }

    #[test]
    fn intervals_have_ends_that_may_be_open() {
        let text = |text: &str| Some(text.to_owned());
        for (date, expected) in [
            ("2023-05", (text("2023-05"), None)),
            ("2022/2023-01", (text("2022"), text("2023-01"))),
            ("2022/..", (text("2022"), None)),
            ("../2024", (None, text("2024"))),
        ] {
            assert_eq!(ends_of(date), expected, "{date}");
        }
    }
}
