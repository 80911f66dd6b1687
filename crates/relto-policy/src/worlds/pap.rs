//! The Permissible Actions Protocol: what may be done with information, as levels of the policy `PAP`.
//!
//! A level restricts no reader but for RED, whose information must not touch a network: whoever reads it holds the value `RED` of
//! [`PERMISSIBLE_ACTIONS`], which is given to accounts on isolated systems alone. What readers do at the other levels no node can hold them to.

use relto_model::label::Restriction;
use relto_model::{Facet, Label, PolicyId};

use super::{Reading, Refused, Row};
use crate::policy::PAP;

/// Tag set of the one restrictive value.
pub const PERMISSIBLE_ACTIONS: &str = "Permissible Actions";
/// Of [`PERMISSIBLE_ACTIONS`]: nothing that can be noticed from outside.
pub const RED: &str = "RED";

/// The levels by their rank.
pub const LEVELS: [(u8, &str); 4] = [(1, "CLEAR"), (2, "GREEN"), (3, "AMBER"), (4, RED)];

/// Every word with its rank; where two have one, the first is written.
const WORDS: [(&str, u8); 5] = [("CLEAR", 1), ("WHITE", 1), ("GREEN", 2), ("AMBER", 3), (RED, 4)];

/// Reads `PAP:AMBER`, in any case.
///
/// # Errors
/// [`Refused`] for a word that no row has.
pub fn read(text: &str) -> Result<Reading, Refused> {
    let upper = text.trim().to_ascii_uppercase();
    let word = upper.strip_prefix("PAP:").ok_or_else(|| Refused::new(text, "a PAP marking begins with `PAP:`"))?;
    let found = WORDS.iter().find(|(known, _)| *known == word);
    let (_, rank) = found.ok_or_else(|| Refused::new(text, "PAP has CLEAR, GREEN, AMBER and RED"))?;
    let notes = if word == "WHITE" { vec!["written `WHITE`, read as PAP:CLEAR".to_owned()] } else { Vec::new() };
    Ok(Reading { label: Label::new(PolicyId::new(PAP), facet(*rank)), notes })
}

/// The facet of a level: its rank, and what RED asks for beside.
pub(crate) fn facet(rank: u8) -> Facet {
    let mut facet = Facet::at_level(rank);
    if WORDS.contains(&(RED, rank)) {
        facet.restrictive.insert(Restriction { tag: PERMISSIBLE_ACTIONS.to_owned(), value: RED.to_owned() });
    }
    facet
}

/// Writes a label of PAP alone. A label that asks for what RED asks for is RED.
///
/// # Errors
/// [`Refused`] when another policy, an audience or another value is in it.
pub fn write(label: &Label) -> Result<String, Refused> {
    let mut facets = label.facets();
    match (facets.next(), facets.next()) {
        (Some((policy, facet)), None) if policy.as_str() == PAP => write_facet(facet),
        _ => Err(Refused::new("PAP", "PAP says nothing of any other policy")),
    }
}

/// The marking of a facet of PAP.
///
/// # Errors
/// [`Refused`] when an audience or another value is in it.
pub fn write_facet(own: &Facet) -> Result<String, Refused> {
    let least = |(_, rank): &&(&str, u8)| {
        let written = facet(*rank);
        written.level >= own.level && own.permissive.is_empty() && own.restrictive.is_subset(&written.restrictive)
    };
    let word = WORDS.iter().find(least).filter(|_| own.level > 0);
    word.map(|(word, _)| format!("PAP:{word}")).ok_or_else(|| Refused::new("PAP", "PAP has four levels, no audience and no other value"))
}

/// The rows of this world.
#[must_use]
pub fn rows() -> Vec<Row> {
    let here = |rank: u8| match facet(rank).restrictive.first() {
        Some(Restriction { tag, value }) => format!("PAP level {rank}, `{tag}: {value}`"),
        None => format!("PAP level {rank}"),
    };
    WORDS.iter().map(|(word, rank)| Row::new(format!("PAP:{word}"), here(*rank), "MISP taxonomy PAP, version 3")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::dominates;
    use super::*;
    use relto_model::Clause;

    #[test]
    fn every_word_goes_both_ways() {
        for (word, rank) in WORDS {
            for text in [format!("PAP:{word}"), format!("pap:{}", word.to_lowercase())] {
                let reading = read(&text).unwrap();
                let (policy, facet) = reading.label.facets().next().unwrap();
                assert_eq!((policy.as_str(), facet.level, facet.restrictive.len()), (PAP, rank, usize::from(word == RED)));
                assert_eq!(write(&reading.label).unwrap(), format!("PAP:{}", if word == "WHITE" { "CLEAR" } else { word }));
            }
        }
        for text in ["", "PAP", "PAP:", "PAP:BLUE", "RED", "TLP:RED"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    /// Every facet there could be of these parts: what is written reads no lower.
    #[test]
    fn never_lower() {
        for level in 0..7 {
            for (value, clause) in [("", false), (RED, false), ("AMBER", false), ("", true)] {
                let mut facet = Facet::at_level(level);
                if !value.is_empty() {
                    facet.restrictive.insert(Restriction { tag: PERMISSIBLE_ACTIONS.to_owned(), value: value.to_owned() });
                }
                let facet = if clause { facet.only(Clause::new("Organisations", [])) } else { facet };
                let label = Label::new(PolicyId::new(PAP), facet);
                match write(&label) {
                    Ok(text) => assert!(dominates(&read(&text).unwrap().label, &label), "{text}"),
                    Err(_) => assert!(level == 0 || level > 4 || clause || value == "AMBER"),
                }
            }
        }
        let other = read("PAP:RED").unwrap().label.join(&Label::new(PolicyId::new("USA"), Facet::at_level(1)));
        assert!(write(&other).is_err());
    }
}
