//! Legal tags as people write them: `LAW:GDPR PERSONAL; ITAR VIII`, a law and a value each, `;` between them; and back.
//!
//! [`parse`] refuses what the table of rules does not know: such a tag would be denied to everybody, which nobody means who writes it.

use std::collections::BTreeSet;

use relto_model::Facet;
use relto_model::label::Restriction;

use super::assess::gives_no_date;
use super::rules::{LawRules, LegalRule};
use super::value::normal;

/// What a text begins with.
pub const PREFIX: &str = "LAW:";

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LawTextError {
    /// Not `LAW:`, or nothing after it.
    #[error("`{0}` names no legal tag: write `LAW:GDPR PERSONAL`, several with `;` between them")]
    Empty(String),
    /// A law without a rule.
    #[error("no rule knows the law `{law}`: there are {known}")]
    Law {
        /// What was written.
        law: String,
        /// The laws that there are.
        known: String,
    },
    /// A value that no rule of the law speaks for.
    #[error("`{law} {value}` is in no form that the law's rules know: {forms}")]
    Value {
        /// The law.
        law: String,
        /// What was written.
        value: String,
        /// The forms that there are.
        forms: String,
    },
    /// A value that must end in a date and does not.
    #[error("`{value}` ends in no date: write it as `2027-06-30` or `2027-06-30T12:00:00Z`")]
    Date {
        /// What was written.
        value: String,
    },
    /// The word that joins two labels.
    #[error("`{0}` holds the word `AND`, which would read as the end of one label and the beginning of another")]
    And(String),
}

/// Reads the text form, with or without `LAW:`, into the facet of policy `LAW`: no level, no audience, one restrictive value a tag.
///
/// # Errors
/// [`LawTextError`] says what is wrong and what there is.
pub fn parse(text: &str, rules: &LawRules) -> Result<Facet, LawTextError> {
    let given = text.trim();
    let body = given.get(..PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(PREFIX)).and(given.get(PREFIX.len()..)).unwrap_or(given);
    let tags: BTreeSet<Restriction> = body.split(';').map(|tag| parse_tag(tag, rules)).collect::<Result<_, _>>()?;
    Ok(Facet { restrictive: tags, ..Facet::at_level(0) })
}

/// Reads one tag, such as `GDPR PERSONAL`.
///
/// # Errors
/// [`LawTextError`] says what is wrong and what there is.
pub fn parse_tag(text: &str, rules: &LawRules) -> Result<Restriction, LawTextError> {
    let words = normal(text);
    let (law, value) = words.split_once(' ').unwrap_or((&words, ""));
    if law.is_empty() {
        return Err(LawTextError::Empty(text.chars().take(80).collect()));
    }
    if words.split(' ').any(|word| word == "AND") {
        return Err(LawTextError::And(words.chars().take(80).collect()));
    }
    let of_law: Vec<&LegalRule> = rules.rows().iter().map(|row| &row.fact).filter(|rule| rule.law == law).collect();
    if of_law.is_empty() {
        return Err(LawTextError::Law { law: law.chars().take(80).collect(), known: rules.laws().join(", ") });
    }
    let tag = Restriction { tag: law.to_owned(), value: value.to_owned() };
    let readings: Vec<_> = of_law.iter().filter_map(|rule| Some((rule, rule.read(&tag)?))).collect();
    if readings.is_empty() {
        let forms = of_law.iter().flat_map(|rule| &rule.values).map(|form| format!("`{form}`")).collect::<Vec<_>>().join(", ");
        return Err(LawTextError::Value { law: tag.tag, value: tag.value.chars().take(80).collect(), forms });
    }
    if readings.iter().any(|(rule, reading)| gives_no_date(rule, reading)) {
        return Err(LawTextError::Date { value: words });
    }
    Ok(tag)
}

/// The text form of the legal tags of `facet`, in order; `None` when it has none, or has what no legal tag is.
#[must_use]
pub fn display(facet: &Facet) -> Option<String> {
    let tags: Vec<String> = facet.restrictive.iter().map(|tag| format!("{} {}", tag.tag, tag.value)).collect();
    let is_law = facet.level == 0 && facet.permissive.is_empty() && !tags.is_empty();
    is_law.then(|| format!("{PREFIX}{}", tags.join("; ")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::law::tests::TAGS;

    fn read(text: &str) -> Result<String, String> {
        let facet = parse(text, &LawRules::builtin().unwrap()).map_err(|error| error.to_string())?;
        Ok(display(&facet).unwrap())
    }

    #[test]
    fn what_people_write() {
        for (text, shown) in [
            ("LAW:GDPR PERSONAL; ITAR VIII", "LAW:GDPR PERSONAL; ITAR VIII"),
            ("law: itar  viii(h) 126.7 ;gdpr personal;GDPR Personal", "LAW:GDPR PERSONAL; ITAR VIII(H) 126.7"),
            ("GDPR NONE", "LAW:GDPR NONE"),
            ("LAW:PURPOSE cyber defence, crisis response", "LAW:PURPOSE CYBER DEFENCE, CRISIS RESPONSE"),
            ("LAW:RETAIN UNTIL 2027-06-30t12:00:00z", "LAW:RETAIN UNTIL 2027-06-30T12:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(shown), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, part) in [
            ("", "names no legal tag"),
            ("LAW:", "names no legal tag"),
            ("LAW:GDPR NONE;", "names no legal tag"),
            ("LAW:HIPAA YES", "no rule knows the law `HIPAA`: there are GDPR, LED, NATSEC, ITAR, EAR"),
            ("LAW:GDPR", "`GDPR ` is in no form that the law's rules know: `NONE`, `PERSONAL [BASIS ...]`"),
            ("LAW:GDPR ANONYMOUS", "`GDPR ANONYMOUS` is in no form"),
            ("LAW:EAR 3A090 STA", "is in no form"),
            ("LAW:RETAIN UNTIL TOMORROW", "ends in no date"),
            ("LAW:PURPOSE A AND B", "the word `AND`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn read_back_as_shown(picks in proptest::collection::vec(0..TAGS.len(), 1..5)) {
            let tags: Vec<&str> = picks.into_iter().map(|at| TAGS[at]).collect();
            let text = format!("LAW:{}", tags.join(";"));
            let rules = LawRules::builtin().unwrap();
            if let Ok(facet) = parse(&text, &rules) {
                prop_assert_eq!(parse(&display(&facet).unwrap(), &rules).unwrap(), facet);
            }
        }
    }
}
