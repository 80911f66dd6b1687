//! The catalogue: every text that people read, by its key, in one file for each language.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language that there is a catalogue for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English; what another catalogue lacks is said in it.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en.ftl"),
            Self::French => include_str!("../locales/fr.ftl"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::English));
        static FRENCH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::French));
        match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
        }
    }

    /// The text of `key`; the key itself where no catalogue has it, which a test rules out.
    #[must_use]
    pub fn say(self, key: &str) -> Cow<'static, str> {
        self.find(key, None).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The text of `key` about a number.
    #[must_use]
    pub fn say_count(self, key: &str, count: usize) -> Cow<'static, str> {
        self.say_with(key, "count", FluentValue::from(count))
    }

    /// The text of `key` about a name.
    #[must_use]
    pub fn say_name(self, key: &str, name: &str) -> Cow<'static, str> {
        self.say_with(key, "name", FluentValue::from(name.to_owned()))
    }

    fn say_with(self, key: &str, argument: &'static str, value: FluentValue<'static>) -> Cow<'static, str> {
        let mut arguments = FluentArgs::new();
        arguments.set(argument, value);
        self.find(key, Some(&arguments)).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The text of `key` if there is one: in this language, or else in English.
    pub(crate) fn find(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
        let within = |language: Self| {
            let bundle = language.bundle();
            let pattern = bundle.get_message(key)?.value()?;
            Some(bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned().into())
        };
        within(self).or_else(|| within(Self::English))
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
    // Marks around what is put in would be characters of the page; the templates isolate names themselves.
    bundle.set_use_isolating(false);
    // What of the file cannot be read is left out, and a test reads all of it.
    let resource = FluentResource::try_new(language.source().to_owned()).unwrap_or_else(|(rest, _)| rest);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The language that suits `accepted`, an `Accept-Language` header (RFC 9110): of those that there are, the one wanted most, in whichever country.
#[must_use]
pub fn language(accepted: &str) -> Language {
    let mut wanted: Vec<(u32, Language)> = accepted.split(',').filter_map(wanted).collect();
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.first().map(|(_, language)| *language).unwrap_or_default()
}

/// One entry of the header: its weight in thousandths, and the language; `None` when there is none for it, or it is not wanted.
fn wanted(entry: &str) -> Option<(u32, Language)> {
    let mut parts = entry.split(';').map(str::trim);
    let tag = parts.next()?.split('-').next()?;
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
    let weight = (1..=1_000).rev().find(|thousandths| weight * 1_000.0 >= *thousandths as f32)?;
    Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag)).map(|language| (weight, language))
}

#[cfg(test)]
mod tests;
