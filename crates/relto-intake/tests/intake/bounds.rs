//! Texts that repeat themselves without end: reading them takes a time that grows with their length, and not with its square.
//!
//! Nothing is timed. Each text is so long that a reader which looks at all of it for each of its words would not end in minutes.

use super::KNOWLEDGE;
use relto_intake::analyse;

/// Bytes of each text.
const TEXT_BYTES: usize = 400_000;
/// As long as a name may be.
const NAME_BYTES_MAX: usize = 400;

/// What is repeated, and what stands before it once.
const NASTY: [(&str, &str); 34] = [
    ("\"", "A "),
    ("\"", "a "),
    ("\"description\": \"", "A"),
    ("", "a"),
    ("", "a."),
    ("", "A!"),
    ("", "A;"),
    ("", "A'"),
    ("", "a\u{301}"),
    ("", "Aa "),
    ("", "Aa, "),
    ("", "Aa and "),
    ("", "Аб "),
    ("«", "Аб "),
    ("", "«A "),
    ("", "(a "),
    ("", "("),
    ("", "中(a"),
    ("", "中（"),
    ("", "中?"),
    ("", "中国"),
    ("", "1 "),
    ("", "1,"),
    ("", "?"),
    ("", "Aa (AB) "),
    ("", "\"A\" "),
    ("", "Aa - "),
    ("", "Ministry of "),
    ("", "the Agency "),
    ("der die das und ", "Aa von "),
    ("", "5 km "),
    ("", "http://"),
    ("", "<div>Paris</div>"),
    ("", "he said "),
];

#[test]
fn what_repeats_itself_is_read_in_a_time_that_grows_with_its_length() {
    for (before, unit) in NASTY {
        let text = format!("{before}{}", unit.repeat(TEXT_BYTES / unit.len()));
        let length = text.len();
        let read = analyse(text.into_bytes(), &KNOWLEDGE).unwrap_or_else(|error| panic!("{unit}: {error}"));
        for entity in &read.entities {
            assert!(entity.name.len() <= NAME_BYTES_MAX, "{unit}: a name of {} bytes", entity.name.len());
            assert!(entity.mentions.iter().all(|mention| mention.span.to <= length), "{unit}");
        }
    }
}

#[test]
fn a_word_without_end_hides_no_name_beside_it() {
    let text = format!("{}\n\nFrance signed the Chips Declaration with Germany.\n\n\"{}", "A".repeat(100_000), "B ".repeat(50_000));
    let read = analyse(text.into_bytes(), &KNOWLEDGE).unwrap();
    for name in ["France", "Germany"] {
        assert!(read.entities.iter().any(|entity| entity.name == name), "{name}");
    }
    assert!(read.relations.iter().any(|relation| relation.subject == "France" && relation.predicate == "signed"));
}
