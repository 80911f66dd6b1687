//! Handling: what holds for an object whatever its classification. Originator control, the third-party rule, display only.
//!
//! Who must consent is in the label; that somebody did is not: consents are about one object and change, so they are kept beside it
//! (`law::consent`). As text: `HANDLING:ORCON ORGANISATION; THIRD PARTY ORGANISATION; DISPLAY ONLY`.

use relto_model::Facet;
use relto_model::label::Restriction;

use crate::Verdict;
use crate::law::{EXCHANGE_FULFILS, Obligation, Subject};
use crate::policy::{DISPLAY_ONLY, OBLIGATIONS, ORIGINATOR_CONTROL, THIRD_PARTY};
use crate::profile::Profile;
use crate::worlds::ism::CONCEALED_SOURCE;

/// What stands before the text form.
pub const PREFIX: &str = "HANDLING:";

/// Each tag with its word in the text form, and where its rule stands.
const TAGS: [(&str, &str, &str); 2] = [
    (ORIGINATOR_CONTROL, "ORCON", "NATO C-M(2002)49-REV1: the originator consents before release"),
    (THIRD_PARTY, "THIRD PARTY", "the third-party rule of security agreements"),
];

/// What `value` means for `profile`: whose own it is may read it, others once the organisation that it names consents.
#[must_use]
pub fn verdict(profile: &Profile, value: &Restriction) -> Verdict {
    match subject(value) {
        Some(Subject::Originator(name) | Subject::ThirdParty(name)) if name == profile.organisation => Verdict::Permit,
        Some(_) => Verdict::Pend,
        None if is_display_only(value) && fulfils_display_only() => Verdict::Permit,
        None => Verdict::Deny,
    }
}

/// Whose consent `value` asks for; `None` for what no consent opens.
#[must_use]
pub fn subject(value: &Restriction) -> Option<Subject> {
    match value.tag.as_str() {
        ORIGINATOR_CONTROL => Some(Subject::Originator(value.value.clone())),
        THIRD_PARTY => Some(Subject::ThirdParty(value.value.clone())),
        _ => None,
    }
}

/// The same, of somebody who can be asked: a source that is concealed cannot.
#[must_use]
pub fn asked(value: &Restriction) -> Option<Subject> {
    subject(value).filter(|_| value.value != CONCEALED_SOURCE)
}

/// Where the rule behind `value` stands.
#[must_use]
pub fn citation(value: &Restriction) -> Option<&'static str> {
    TAGS.iter().find(|(tag, _, _)| *tag == value.tag).map(|(_, _, citation)| *citation)
}

fn is_display_only(value: &Restriction) -> bool {
    value.tag == OBLIGATIONS && value.value == DISPLAY_ONLY
}

/// Whoever hands bytes over cannot see to it that they are only looked at.
fn fulfils_display_only() -> bool {
    EXCHANGE_FULFILS.contains(Obligation::DisplayOnly)
}

/// Whether the lattice knows the tag and value.
#[must_use]
pub fn is_known(value: &Restriction) -> bool {
    is_display_only(value) || (subject(value).is_some() && !value.value.trim().is_empty())
}

/// Reads the text form after its prefix; `owner` is the originator where none is named.
///
/// # Errors
/// The part that is not known.
pub fn parse(text: &str, owner: &str) -> Result<Facet, String> {
    let mut facet = Facet::at_level(0);
    for part in text.split(';').map(str::trim) {
        facet.restrictive.insert(parse_one(part, owner).ok_or_else(|| part.to_owned())?);
    }
    Ok(facet)
}

fn parse_one(part: &str, owner: &str) -> Option<Restriction> {
    if part.eq_ignore_ascii_case(DISPLAY_ONLY) {
        return Some(Restriction { tag: OBLIGATIONS.to_owned(), value: DISPLAY_ONLY.to_owned() });
    }
    TAGS.iter().find_map(|(tag, word, _)| {
        let named = part.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).and(part.get(word.len()..))?;
        let name = match named.trim() {
            "" if *tag == ORIGINATOR_CONTROL => owner,
            name if named.starts_with(' ') && !name.is_empty() => name,
            _ => return None,
        };
        Some(Restriction { tag: (*tag).to_owned(), value: name.to_owned() })
    })
}

/// The words of what controls `facet`, without whose consent it asks for: each once, in order.
#[must_use]
pub fn controls(facet: &Facet) -> Vec<&str> {
    let word = |value: &'_ Restriction| TAGS.iter().find(|(tag, _, _)| *tag == value.tag).map(|(_, word, _)| *word);
    let mut words: Vec<&str> = facet.restrictive.iter().map(|value| word(value).unwrap_or(&value.value)).collect();
    words.dedup();
    words
}

/// The text form of `facet`.
#[must_use]
pub fn display(facet: &Facet) -> String {
    let parts = facet.restrictive.iter().map(|value| {
        let word = TAGS.iter().find(|(tag, _, _)| *tag == value.tag).map(|(_, word, _)| *word);
        word.map_or_else(|| value.value.clone(), |word| format!("{word} {}", value.value))
    });
    format!("{PREFIX}{}", parts.collect::<Vec<_>>().join("; "))
}
