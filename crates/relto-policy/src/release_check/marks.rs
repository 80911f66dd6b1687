//! Markings in text: portion marks (`(S//NF)`), banners (`NATO SECRET`, `VS-NfD`), `TLP:RED`; those that the label does not cover.
//!
//! What can be read as a label is compared as one. What is plainly a marking and cannot be read is listed, too: nobody knows that the label
//! covers it. Words that also mean something else (`SECRET`, `(C)`) count only where a marking stands: alone on a line, or at the
//! beginning of a paragraph.

mod table;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use relto_model::label::Clause;
use relto_model::{Facet, Label, PolicyId, Value};

use self::table::{BARE, COLOURS, Meaning, PHRASES, PORTIONS};
use super::{Check, Hit, What, covers};
use crate::policy::RELEASABLE_TO;
use crate::text::parse_label;

/// How much text after the first word can belong to a marking, in bytes.
const BANNER_BYTES_MAX: usize = 160;
/// How long a portion mark can be, in bytes.
const PORTION_BYTES_MAX: usize = 80;

/// `None` never happens for the shipped table; a test holds it, and without it every text would be listed.
static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let phrases = PHRASES.iter().map(|phrase| phrase.text);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(phrases).ok()
});

/// The markings in `text` that the label of `check` does not cover.
pub(super) fn find(text: &str, check: &Check<'_>) -> Vec<Hit> {
    let mut found = banners(text, check);
    for more in [portions(text, check), colours(text, check), lines(text)] {
        // Those of one kind are apart from each other.
        let ends: BTreeMap<usize, usize> = found.iter().map(|other| (other.span.start, other.span.end)).collect();
        let is_apart = |one: &Found| ends.range(..one.span.end).next_back().is_none_or(|(_, end)| *end <= one.span.start);
        found.extend(more.into_iter().filter(is_apart));
    }
    found.into_iter().filter_map(|found| found.above(check)).collect()
}

/// A marking in the text.
struct Found {
    span: Range<usize>,
    reading: Reading,
    citation: &'static str,
}

/// What a marking means.
enum Reading {
    Label(Label),
    /// A level whose policy is not said.
    Level(u8),
    Unread,
}

impl Found {
    fn above(self, check: &Check<'_>) -> Option<Hit> {
        let policies = &check.rules.policies;
        let is_cleared = |id: &PolicyId| policies.of(id).is_some_and(|policy| policy.open_up_to.is_none_or(|open| open < u8::MAX));
        let why = match &self.reading {
            Reading::Label(label) if covers(check.label, label, policies) => return None,
            Reading::Label(label) => format!("it reads `{}`, which the label does not cover", crate::text::display(label, policies)),
            Reading::Level(rank) if *rank <= 1 || check.label.facets().any(|(id, facet)| is_cleared(id) && facet.level >= *rank) => {
                return None;
            }
            Reading::Level(_) => "no policy of the label has a level as high as this mark".to_owned(),
            Reading::Unread => "a marking that cannot be read here, so that nothing covers it".to_owned(),
        };
        Some(Hit::new(self.span, What::Mark, why, self.citation))
    }
}

/// Words that only a marking has.
fn banners(text: &str, check: &Check<'_>) -> Vec<Found> {
    let Some(matcher) = MATCHER.as_ref() else { return vec![Found { span: 0..text.len(), reading: Reading::Unread, citation: "" }] };
    let mut found: Vec<Found> = Vec::new();
    for hit in matcher.find_iter(text) {
        let Some(phrase) = PHRASES.get(hit.pattern().as_usize()) else { continue };
        let is_whole = !joins_before(text, hit.start()) && (phrase.text.ends_with('/') || !joins_after(text, hit.end()));
        if !is_whole || found.last().is_some_and(|last| last.span.end > hit.start()) {
            continue;
        }
        let (span, reading) = match &phrase.meaning {
            Meaning::Written => written(text, hit.range(), check),
            Meaning::National(policy, rank) => (hit.range(), Reading::Label(Label::new(PolicyId::new(policy), Facet::at_level(*rank)))),
            Meaning::NotForeign => {
                let clause = Clause::new(RELEASABLE_TO, [Value::Nation("USA".to_owned())]);
                (hit.range(), Reading::Label(Label::new(PolicyId::new("USA"), Facet::at_level(1).only(clause))))
            }
            Meaning::Unread => (hit.range(), Reading::Unread),
        };
        found.push(Found { span, reading, citation: phrase.citation });
    }
    found
}

/// The longest label that the text at `start` writes, and where it ends.
fn written(text: &str, start: Range<usize>, check: &Check<'_>) -> (Range<usize>, Reading) {
    let rest = text.get(start.start..).unwrap_or_default();
    let is_of_marking = |c: char| (c.is_alphanumeric() && !c.is_lowercase()) || " /,-+:".contains(c);
    let length = rest.char_indices().take_while(|(at, c)| *at < BANNER_BYTES_MAX && is_of_marking(*c)).last();
    let length = length.map_or(0, |(at, c)| at + c.len_utf8());
    let mut candidate = rest.get(..length).unwrap_or_default();
    // A capital that begins the next word of a sentence is none of the marking's.
    if joins_after(text, start.start + length) {
        candidate = candidate.rsplit_once(' ').map_or(candidate, |(before, _)| before);
    }
    let longest = candidate.trim_end_matches([' ', ',', '-', ':', '/']);
    candidate = longest;
    while candidate.len() >= start.len().min(longest.len()) && !candidate.is_empty() {
        if let Ok(label) = parse_label(candidate, check.rules, check.context) {
            return (start.start..start.start + candidate.len(), Reading::Label(label));
        }
        let Some((before, _)) = candidate.rsplit_once(' ') else { break };
        candidate = before.trim_end_matches([' ', ',']);
    }
    (start.start..start.end.max(start.start + longest.len()), Reading::Unread)
}

/// What stands in parentheses as US and NATO portions do.
fn portions(text: &str, check: &Check<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let rest = text.get(open + 1..).unwrap_or_default();
        let Some(close) = rest.bytes().take(PORTION_BYTES_MAX + 1).position(|byte| byte == b')').filter(|close| *close > 0) else {
            continue;
        };
        let inner = rest.get(..close).unwrap_or_default();
        if inner.chars().any(char::is_lowercase) {
            continue;
        }
        let span = open..open + close + 2;
        let reading = if inner.contains("//") { segmented(inner, check) } else { bare(text, &span, inner, check) };
        if let Some(reading) = reading {
            found.push(Found { span, reading, citation: table::PORTION_CITATION });
        }
    }
    found
}

/// `S//NF`, `TS//SI//REL TO USA, FVEY`, `//NS`; `None` when it is no marking.
fn segmented(inner: &str, check: &Check<'_>) -> Option<Reading> {
    let (first, rest) = inner.split_once("//")?;
    if first.trim().is_empty() {
        let label = PORTIONS
            .iter()
            .find(|(mark, _)| *mark == rest.trim())
            .and_then(|(_, words)| parse_label(words, check.rules, check.context).ok());
        return Some(label.map_or(Reading::Unread, Reading::Label));
    }
    let (_, class, _) = BARE.iter().find(|(mark, ..)| *mark == first.trim())?;
    let segments: Vec<&str> = rest.split("//").map(str::trim).filter(|segment| *segment != "REL").collect();
    let names_audience = segments.iter().any(|segment| matches!(*segment, "NF" | "NOFORN") || segment.starts_with("REL TO "));
    let audience = if names_audience { "" } else { "//NOFORN" };
    let joined: String = segments.iter().map(|segment| format!("//{segment}")).collect();
    let Ok(label) = parse_label(&format!("{class}{joined}{audience}"), check.rules, check.context) else { return Some(Reading::Unread) };
    Some(Reading::Label(if names_audience { label } else { without_audience(&label) }))
}

/// The level and what must be held, for whomever.
fn without_audience(label: &Label) -> Label {
    let facets = label.facets().map(|(id, facet)| {
        let open = Facet { permissive: std::collections::BTreeSet::new(), ..facet.clone() };
        Label::new(id.clone(), open)
    });
    facets.reduce(|one, other| one.join(&other)).unwrap_or_else(|| label.clone())
}

/// `(S)`, `(NS)` at the beginning of a paragraph.
fn bare(text: &str, span: &Range<usize>, inner: &str, check: &Check<'_>) -> Option<Reading> {
    let mut line = text.get(..span.start).unwrap_or_default().chars().rev().take_while(|c| !matches!(c, '\n' | '\r'));
    let begins = line.all(|c| c.is_whitespace() || c.is_ascii_digit() || ".-*#•".contains(c));
    let goes_on = text.get(span.end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
    if !begins || !goes_on {
        return None;
    }
    if let Some((.., rank)) = BARE.iter().find(|(mark, ..)| *mark == inner) {
        return Some(Reading::Level(*rank));
    }
    let (_, words) = PORTIONS.iter().find(|(mark, _)| *mark == inner)?;
    Some(parse_label(words, check.rules, check.context).map_or(Reading::Unread, Reading::Label))
}

/// `TLP:AMBER+STRICT`, `TLP: red`, `PAP:RED`.
fn colours(text: &str, check: &Check<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for scheme in ["TLP", "PAP"] {
        for (start, _) in text.match_indices(scheme).filter(|(start, _)| !joins_before(text, *start)) {
            let rest = text.get(start + scheme.len()..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start_matches([' ', ':', '-']).len();
            let (Some(colour), true) = (rest.get(gap..), (1..=3).contains(&gap)) else { continue };
            let loose = rest.get(..gap).is_some_and(|gap| gap.contains(':'));
            let named = |name: &&&str| {
                let written = colour.get(..name.len());
                written.is_some_and(|written| if loose { written.eq_ignore_ascii_case(name) } else { written == **name })
            };
            let Some(name) = COLOURS.iter().find(named) else { continue };
            let end = start + scheme.len() + gap + name.len();
            let is_open = scheme == "PAP" && matches!(*name, "CLEAR" | "WHITE");
            if !joins_after(text, end) && !is_open {
                let label = parse_label(&format!("{scheme}:{name}"), check.rules, check.context);
                let reading = label.map_or(Reading::Unread, Reading::Label);
                found.push(Found { span: start..end, reading, citation: table::COLOUR_CITATION });
            }
        }
    }
    found
}

/// Lines that are nothing but a level in capitals.
fn lines(text: &str) -> Vec<Found> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split('\n') {
        let word = line.trim();
        if let Some((.., rank)) = BARE.iter().find(|(_, level, _)| *level == word) {
            let start = at + line.find(word).unwrap_or_default();
            found.push(Found { span: start..start + word.len(), reading: Reading::Level(*rank), citation: table::LINE_CITATION });
        }
        at += line.len() + 1;
    }
    found
}

fn joins_before(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn joins_after(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|after| after.chars().next()).is_some_and(|c| c.is_alphanumeric() || c == '_')
}
