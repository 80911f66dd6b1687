//! The marking that people read, in a language: what XML SPIF 2.1 calls the display marking of a page.
//!
//! Policy name or the phrase that replaces it, the classification, then every tag of the label with its prefix, values and suffix, in the
//! order of the policy. A language that a policy does not have falls back to the phrase without language, then to the name. A marking is
//! for people: nothing is decided from it.

use super::model::{Category, MarkingCode, MarkingData, Markings, QualifierCode, TagType};
use super::resolve::{Resolved, TagValues};

/// The marking of `label` in `language` (`fr`, `fr-CA`; `None` is that of the policy). Empty when the policy shows nothing.
#[must_use]
pub fn display(label: &Resolved<'_>, language: Option<&str>) -> String {
    let language = language.map(str::to_lowercase);
    let shown = Shown { language: language.as_deref() };
    let whole = &label.spif.markings;
    let mut parts = vec![shown.policy(label), shown.class(label)];
    parts.extend(label.tags.iter().map(|own| shown.tag(own)));
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        return String::new();
    }
    let separator = shown.qualifier(whole, QualifierCode::Separator).unwrap_or(" ");
    shown.around(whole, &parts.join(separator))
}

struct Shown<'l> {
    language: Option<&'l str>,
}

impl Shown<'_> {
    /// The name of the policy; the classification's replacement comes before the categories', theirs before the policy's own.
    fn policy(&self, label: &Resolved<'_>) -> String {
        let replacement = |markings: &Markings| self.phrase(markings, |data| data.codes.contains(&MarkingCode::ReplacePolicy));
        if let Some(phrase) = replacement(&label.class.markings) {
            return phrase;
        }
        for own in &label.tags {
            let phrases: Vec<String> = own.values.iter().filter_map(|value| replacement(&value.markings)).collect();
            if !phrases.is_empty() {
                return phrases.join(self.separator(own));
            }
        }
        replacement(&label.spif.markings).unwrap_or_else(|| label.spif.policy.name.clone())
    }

    fn class(&self, label: &Resolved<'_>) -> String {
        let suppresses = |value: &&Category| has(&value.markings, MarkingCode::SuppressClassName);
        if label.tags.iter().flat_map(|own| &own.values).any(suppresses) {
            return String::new();
        }
        let class = label.class;
        self.text(&class.markings, &class.name).map(|text| self.around(&class.markings, &text)).unwrap_or_default()
    }

    /// A tag says what stands around its values; if it says nothing, its set does.
    fn tag(&self, own: &TagValues<'_>) -> String {
        let named = own.values.iter().filter_map(|value| self.text(&value.markings, &value.name));
        let texts: Vec<String> = named.chain(own.inputs.iter().cloned()).collect();
        let nobody = own.tag.kind == TagType::Permissive && own.values.is_empty();
        if nobody {
            return self.around(markings(own), "nobody");
        }
        if texts.is_empty() { String::new() } else { self.around(markings(own), &texts.join(self.separator(own))) }
    }

    fn separator<'m>(&self, own: &TagValues<'m>) -> &'m str {
        self.qualifier(markings(own), QualifierCode::Separator).unwrap_or(" ")
    }

    /// What is shown of something called `name`; `None` is nothing.
    fn text(&self, markings: &Markings, name: &str) -> Option<String> {
        let on_page = |data: &MarkingData| {
            let elsewhere = data.codes.contains(&MarkingCode::Elsewhere) && !data.codes.contains(&MarkingCode::Page);
            !elsewhere && !data.codes.contains(&MarkingCode::ReplacePolicy) && !data.codes.contains(&MarkingCode::NoMarking)
        };
        let phrase = self.phrase(markings, on_page).filter(|phrase| !phrase.is_empty());
        let name = (!has(markings, MarkingCode::NoName)).then(|| name.to_owned());
        phrase.or(name)
    }

    /// The phrase in the best language among those that are `wanted`.
    fn phrase(&self, markings: &Markings, wanted: impl Fn(&MarkingData) -> bool) -> Option<String> {
        let with_phrase = || markings.data.iter().filter(|data| wanted(data) && data.phrase.is_some());
        self.best(with_phrase().map(|data| (data.language.as_deref(), data.phrase.clone().unwrap_or_default())))
    }

    fn qualifier<'m>(&self, markings: &'m Markings, code: QualifierCode) -> Option<&'m str> {
        let of_code = markings.qualifiers.iter().filter(|qualifier| qualifier.code == code);
        self.best(of_code.map(|qualifier| (qualifier.language.as_deref(), qualifier.text.as_str())))
    }

    fn around(&self, markings: &Markings, text: &str) -> String {
        let end = |code| self.qualifier(markings, code).unwrap_or_default();
        format!("{}{text}{}", end(QualifierCode::Prefix), end(QualifierCode::Suffix))
    }

    /// Of texts with their languages: the one asked for, its main language, the one without.
    fn best<'m, T>(&self, texts: impl Iterator<Item = (Option<&'m str>, T)>) -> Option<T> {
        let main = self.language.and_then(|language| language.split('-').next());
        let rank = |language: Option<&str>| match language {
            None => Some(2),
            own if own == self.language => Some(0),
            own if own == main => Some(1),
            Some(_) => None,
        };
        texts.filter_map(|(language, text)| Some((rank(language)?, text))).min_by_key(|(rank, _)| *rank).map(|(_, text)| text)
    }
}

fn markings<'m>(own: &TagValues<'m>) -> &'m Markings {
    if own.tag.markings.qualifiers.is_empty() { &own.set.markings } else { &own.tag.markings }
}

fn has(markings: &Markings, code: MarkingCode) -> bool {
    markings.data.iter().any(|data| data.codes.contains(&code))
}

#[cfg(test)]
mod tests;
