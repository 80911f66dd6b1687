//! Names that users own: lists of things with their type and every name they go by, in any script.
//!
//! A list is CSV with a header: `name,type,aliases`, aliases apart by `|`. Han names are looked up in simplified characters;
//! names of spaced scripts word by word, with the endings that German, Russian and Ukrainian give them. A name of two things
//! is found as both: which one is meant is for people to decide.

mod spaced;
mod states;

pub(crate) use spaced::is_bent;

pub(crate) use spaced::{spaced_words, without_ending};

use crate::chinese::Chinese;
use crate::chinese::script::is_han;
use crate::span::TextSpan;
use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityType {
    /// A body, company, alliance or agency.
    Organisation,
    /// A country, region or town.
    Place,
    /// A person.
    Person,
    /// A text that was written or agreed: a law, treaty, strategy or report.
    Document,
    /// A means by which policy acts: a list, fund or control arrangement.
    Instrument,
    /// A programme or project.
    Programme,
    /// A summit, exercise or crisis.
    Event,
    /// A system or weapon.
    Capability,
}

impl EntityType {
    /// Every type, with its name in lists.
    pub const ALL: [(&'static str, Self); 8] = [
        ("organisation", Self::Organisation),
        ("place", Self::Place),
        ("person", Self::Person),
        ("document", Self::Document),
        ("instrument", Self::Instrument),
        ("programme", Self::Programme),
        ("event", Self::Event),
        ("capability", Self::Capability),
    ];

    /// Its name in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// A thing with its main name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Named {
    /// The main name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
}

/// Codes in CLDR's list that are no countries but bodies, currencies' areas and test values.
const NO_COUNTRIES: [&str; 7] = ["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"];

/// Which entries a name may mean; more than one is ambiguous.
pub type Meanings = BTreeSet<usize>;

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// Not CSV of this form.
    #[error("the list of names is not CSV with `name,type,aliases`")]
    Csv(#[from] csv::Error),
    /// A type that we do not know.
    #[error("`{kind}` of `{name}` is no type of entity")]
    Kind {
        /// The type as given.
        kind: String,
        /// The name it was given for.
        name: String,
    },
    /// More names than an automaton holds.
    #[error("the list of names is too long")]
    TooLong(#[from] aho_corasick::BuildError),
}

/// Lists put together, before they are made ready to search.
#[derive(Clone, Debug, Default)]
pub struct Names {
    entries: Vec<Named>,
    aliases: BTreeMap<String, Meanings>,
    capitals: BTreeMap<String, Named>,
    nationalities: BTreeSet<String>,
}

/// Ready to search.
#[derive(Debug)]
pub struct Gazetteer {
    entries: Vec<Named>,
    han: AhoCorasick,
    han_meanings: Vec<Meanings>,
    han_names: BTreeMap<usize, Vec<String>>,
    spaced: spaced::Spaced,
    capitals: BTreeMap<String, Named>,
    nationalities: BTreeSet<String>,
}

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where.
    pub span: TextSpan,
    /// What it may mean.
    pub meanings: Meanings,
}

impl Names {
    /// Adds a list.
    ///
    /// # Errors
    /// [`GazetteerError`] when it is not of the form; then part of it may have been added.
    pub fn add_csv(&mut self, list: &str) -> Result<(), GazetteerError> {
        for record in csv::Reader::from_reader(list.as_bytes()).records() {
            let record = record?;
            let field = |at: usize| record.get(at).unwrap_or_default();
            let kind = kind(field(1)).ok_or_else(|| GazetteerError::Kind { kind: field(1).to_owned(), name: field(0).to_owned() })?;
            self.add(Named { name: field(0).to_owned(), kind }, field(2).split('|'));
        }
        Ok(())
    }

    /// Adds countries: lines of territory, tab, locale, tab, name, as CLDR has them; and more names by territory as CSV.
    ///
    /// # Errors
    /// [`GazetteerError`] when `more` is not CSV.
    pub fn add_territories(&mut self, cldr: &str, more: &str) -> Result<(), GazetteerError> {
        let mut by_territory: BTreeMap<&str, (Option<&str>, Vec<&str>)> = BTreeMap::new();
        for line in cldr.lines().skip(1) {
            let mut fields = line.split('\t');
            let (Some(territory), Some(locale), Some(name)) = (fields.next(), fields.next(), fields.next()) else { continue };
            let (main, names) = by_territory.entry(territory.split('-').next().unwrap_or(territory)).or_default();
            if locale == "en" && main.is_none() {
                *main = Some(name);
            }
            names.push(name);
        }
        let mut extra: BTreeMap<String, String> = BTreeMap::new();
        for record in csv::Reader::from_reader(more.as_bytes()).records() {
            let record = record?;
            extra.insert(record.get(0).unwrap_or_default().to_owned(), record.get(1).unwrap_or_default().to_owned());
        }
        for (territory, (main, names)) in by_territory {
            let Some(main) = main.filter(|_| territory.len() == 2 && !NO_COUNTRIES.contains(&territory)) else { continue };
            let more = extra.get(territory).map(String::as_str).unwrap_or_default().split('|');
            self.add(Named { name: main.to_owned(), kind: EntityType::Place }, names.into_iter().chain(more));
        }
        Ok(())
    }

    /// Every name that `named` goes by.
    pub(crate) fn names_of(&self, named: &Named) -> impl Iterator<Item = &str> {
        let id = self.entries.iter().position(|known| known == named);
        let is_its = move |meanings: &Meanings| id.is_some_and(|id| meanings.contains(&id));
        self.aliases.iter().filter(move |(_, meanings)| is_its(meanings)).map(|(alias, _)| alias.as_str())
    }

    /// Adds a thing with the names that it goes by beside its main name.
    pub(crate) fn add<'a>(&mut self, named: Named, aliases: impl Iterator<Item = &'a str>) {
        let main = named.name.clone();
        let id = self.entries.iter().position(|known| *known == named).unwrap_or(self.entries.len());
        let all = std::iter::once(main).chain(aliases.map(|alias| alias.trim().to_owned()));
        for alias in all.filter(|alias| alias.chars().count() > 1) {
            self.aliases.entry(alias).or_default().insert(id);
        }
        if id == self.entries.len() {
            self.entries.push(named);
        }
    }

    /// Makes the lists ready to search.
    ///
    /// # Errors
    /// [`GazetteerError::TooLong`].
    pub fn build(self, chinese: &Chinese) -> Result<Gazetteer, GazetteerError> {
        let simple = |alias: &str| -> String { alias.chars().map(|c| chinese.script.simplify(c)).collect() };
        let mut han: BTreeMap<String, Meanings> = BTreeMap::new();
        let mut spaced = spaced::Spaced::default();
        for (alias, meanings) in self.aliases {
            if alias.chars().any(is_han) {
                han.entry(simple(&alias)).or_default().extend(meanings);
            } else {
                spaced.add(&alias, meanings);
            }
        }
        let mut han_names: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (name, meanings) in &han {
            meanings.iter().for_each(|id| han_names.entry(*id).or_default().push(name.clone()));
        }
        let (patterns, han_meanings): (Vec<String>, Vec<Meanings>) = han.into_iter().unzip();
        let han = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns)?;
        let (capitals, nationalities) = (self.capitals, self.nationalities);
        Ok(Gazetteer { entries: self.entries, han, han_meanings, han_names, spaced, capitals, nationalities })
    }
}

impl Gazetteer {
    /// The thing with this number.
    #[must_use]
    pub fn entry(&self, id: usize) -> Option<&Named> {
        self.entries.get(id)
    }

    /// The government that sits in the town with this main name, if it is a capital.
    #[must_use]
    pub fn government(&self, town: &str) -> Option<&Named> {
        self.capitals.get(town)
    }

    /// Whether `word` is an adjective or noun of a nation, English or French.
    #[must_use]
    pub fn is_nationality(&self, word: &str) -> bool {
        self.nationalities.contains(word)
    }

    /// The names of a thing in Han characters, simplified.
    #[must_use]
    pub fn han_names(&self, id: usize) -> &[String] {
        self.han_names.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What `name` alone may mean.
    #[must_use]
    pub fn meanings(&self, name: &str) -> Meanings {
        self.mentions(name)
            .into_iter()
            .find(|mention| mention.span.to - mention.span.from == name.len())
            .map(|mention| mention.meanings)
            .unwrap_or_default()
    }

    /// Every name in `text` (in simplified characters), in order; of two that overlap, the longer one.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        let han = self.han.find_iter(text).filter_map(|found| {
            let meanings = self.han_meanings.get(found.pattern().as_usize())?.clone();
            Some(Mention { span: TextSpan::new(found.start(), found.end()), meanings })
        });
        let mut mentions: Vec<Mention> = han.chain(self.spaced.mentions(text)).collect();
        mentions.sort_by_key(|mention| (mention.span.from, std::cmp::Reverse(mention.span.to)));
        let mut end = 0;
        mentions.retain(|mention| {
            let free = mention.span.from >= end;
            if free {
                end = mention.span.to;
            }
            free
        });
        mentions
    }
}

/// The type of this name in lists.
#[must_use]
pub fn kind(name: &str) -> Option<EntityType> {
    EntityType::ALL.iter().find(|(known, _)| *known == name.trim()).map(|(_, kind)| *kind)
}
