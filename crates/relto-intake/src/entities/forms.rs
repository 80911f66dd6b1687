//! Forms of one name in a text get one meaning and one type.

use super::{Found, Meaning};
use crate::gazetteer::{EntityType, is_bent};
use crate::span::TextSpan;
use std::collections::BTreeMap;

/// So many names that begin alike are compared with each other.
const FORMS_MAX: usize = 200;

/// Forms of one Slavic name (`«Ледокол»`, `«Ледокола»`) get one meaning: that of the first, or of one that is known otherwise.
pub(super) fn unify(text: &str, taken: &[Found], found: &mut [Found]) {
    let mut known: BTreeMap<String, Vec<(Vec<String>, Meaning)>> = BTreeMap::new();
    let words = |span: TextSpan| -> Vec<String> { text.get(span.range()).unwrap_or_default().split(' ').map(str::to_lowercase).collect() };
    let key = |words: &[String]| -> String { words.iter().flat_map(|word| word.chars().take(3)).collect() };
    let is_slavic = |words: &[String]| words.iter().all(|word| word.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}' | '«')));
    for other in taken {
        let words = words(other.span);
        if is_slavic(&words) && matches!(other.meaning, Meaning::One(_)) {
            known.entry(key(&words)).or_default().push((words, other.meaning.clone()));
        }
    }
    found.sort_by_key(|found| found.span);
    for name in found {
        let words = words(name.span);
        if !is_slavic(&words) {
            continue;
        }
        let forms = known.entry(key(&words)).or_default();
        let is_form = |other: &[String]| {
            other.len() == words.len() && other.iter().zip(&words).all(|(a, b)| a == b || is_bent(a, b) || is_bent(b, a))
        };
        match forms.iter().find(|(other, _)| is_form(other)) {
            Some((_, meaning)) => {
                let shown = kind_of(&name.meaning);
                name.meaning = meaning.clone();
                // The type that one of them shows holds for all, once `agree` has seen it.
                if let (Meaning::One(named), Some(kind)) = (&mut name.meaning, shown.filter(|kind| *kind != EntityType::Organisation))
                    && named.kind == EntityType::Organisation
                {
                    named.kind = kind;
                }
            }
            None if forms.len() >= FORMS_MAX => {}
            None => forms.push((words, name.meaning.clone())),
        }
    }
}

fn kind_of(meaning: &Meaning) -> Option<EntityType> {
    if let Meaning::One(named) = meaning { Some(named.kind) } else { None }
}

/// Gives every mention of a name the type that one of them shows; an organisation is what nothing is shown for.
pub(super) fn agree(found: &mut [Found]) {
    let shown: BTreeMap<String, EntityType> = found
        .iter()
        .filter_map(|found| if let Meaning::One(named) = &found.meaning { Some((named.name.clone(), named.kind)) } else { None })
        .filter(|(_, kind)| *kind != EntityType::Organisation)
        .collect();
    for found in found {
        if let Meaning::One(named) = &mut found.meaning
            && let Some(kind) = shown.get(&named.name)
        {
            named.kind = *kind;
        }
    }
}
