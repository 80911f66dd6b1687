//! The questions that a rule may ask: a closed list, each answered from facts about the recipient, the value of the tag, the tables and the
//! time. What a rule makes of the answers is [`assess`](super::assess)'s.
//!
//! Every question is put so that *yes* lets in and not knowing is *no*.

use std::collections::BTreeSet;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use super::facts::{Held, Kind, RecipientFacts, same};
use super::tables::LawTables;
use super::value::Reading;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Condition {
    /// Nothing is asked.
    Always,
    /// Nobody meets it.
    Never,
    /// The organisation is established in a country that is now a member of this group.
    InGroup(String),
    /// Every country in question is known and on this list of those that let in.
    On {
        /// The list.
        list: String,
        /// The countries in question.
        of: BTreeSet<Scope>,
    },
    /// Every country in question is known and none is on this list of those that shut out, which exists.
    NotOn {
        /// The list.
        list: String,
        /// The countries in question.
        of: BTreeSet<Scope>,
    },
    /// A national or permanent resident of the country, in an organisation established there.
    PersonOf(String),
    /// A finding of adequacy under this law covers the organisation.
    Adequate(String),
    /// Party to an instrument that counts as this kind.
    Party(String),
    /// Party to the instrument that the tag names, and it counts as this kind.
    PartyToNamed(String),
    /// Party to the contract that the tag names.
    PartyToContract,
    /// Certified under this framework.
    Certified(String),
    /// Holds an authorisation under this law for the category in the tag, and the one that the tag names, if it names one.
    Authorised(String),
    /// Acts on a legal mandate for the basis that the tag names.
    Mandated,
    /// Is one of these sorts of bodies.
    Is(BTreeSet<Kind>),
    /// Is not on this list of denied parties, and was screened lately.
    NotDenied(String),
    /// Asks for a purpose in the list that the tag gives.
    PurposeAllowed,
    /// The date that the tag gives lies ahead.
    Before,
    /// The tag bears this mark.
    Marked(String),
    /// The tag does not bear this mark.
    Unmarked(String),
}

/// Which countries of a recipient are in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Where the organisation is established.
    Country,
    /// Where its ultimate parent has its headquarters.
    Headquarters,
    /// Every citizenship.
    Nations,
    /// Every country of permanent residence.
    Residence,
    /// The country of birth.
    Birth,
}

/// What a question takes from the tag by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Purposes, of which one is enough.
    Purposes(Vec<String>),
    /// A contract, a mandate or an authorisation.
    Ground(String),
}

/// What a question is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Case<'c> {
    /// What the tag says.
    pub reading: &'c Reading,
    /// The recipient.
    pub recipient: &'c RecipientFacts,
    /// The lists.
    pub tables: &'c LawTables,
    /// When.
    pub now: Stamp,
}

impl Scope {
    /// The countries; `None` when they are not known.
    fn countries(self, facts: &RecipientFacts) -> Option<Vec<&str>> {
        let one = |country: &'_ Option<String>| country.is_some();
        match self {
            Self::Country if one(&facts.country) => Some(facts.country.as_deref().into_iter().collect()),
            Self::Headquarters if one(&facts.headquarters) => Some(facts.headquarters.as_deref().into_iter().collect()),
            Self::Birth if one(&facts.birth) => Some(facts.birth.as_deref().into_iter().collect()),
            Self::Nations if !facts.nations.is_empty() => Some(facts.nations.iter().map(String::as_str).collect()),
            Self::Residence => facts.residence.as_ref().map(|residence| residence.iter().map(String::as_str).collect()),
            Self::Country | Self::Headquarters | Self::Birth | Self::Nations => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Country => "the organisation's country",
            Self::Headquarters => "the headquarters of its ultimate parent",
            Self::Nations => "every nationality",
            Self::Residence => "every permanent residence",
            Self::Birth => "the country of birth",
        }
    }
}

impl Condition {
    /// Whether the answer is yes.
    #[must_use]
    pub fn is_met(&self, case: &Case<'_>) -> bool {
        let Case { reading, recipient, tables, now } = *case;
        let held = |all: &BTreeSet<Held>, id: &str| all.iter().any(|held| held.is(id, now));
        let named = reading.tail.as_deref();
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::InGroup(group) => {
                recipient.country.as_ref().is_some_and(|country| tables.memberships.counts(country, &group.to_uppercase(), now, now))
            }
            Self::On { list, of } => all_countries(recipient, of, |country| {
                tables.lists.counting(now).any(|row| same(&row.list, list) && row.countries.contains(country))
            }),
            Self::NotOn { list, of } => {
                let is_known = tables.embargoes.rows().iter().any(|row| same(&row.fact.list, list));
                let is_on =
                    |country: &str| tables.embargoes.counting(now).any(|row| same(&row.list, list) && row.countries.contains(country));
                is_known && all_countries(recipient, of, |country| !is_on(country))
            }
            Self::PersonOf(nation) => {
                let resides = recipient.residence.as_ref().is_some_and(|residence| residence.contains(nation));
                recipient.country.as_ref() == Some(nation) && (recipient.nations.contains(nation) || resides)
            }
            Self::Adequate(law) => is_adequate(law, case),
            Self::Party(kind) => tables
                .instruments
                .counting(now)
                .any(|instrument| same(&instrument.kind, kind) && held(&recipient.instruments, &instrument.id)),
            Self::PartyToNamed(kind) => named.is_some_and(|id| {
                let counts = tables.instruments.counting(now).any(|row| same(&row.kind, kind) && same(&row.id, id));
                counts && held(&recipient.instruments, id)
            }),
            Self::PartyToContract => named.is_some_and(|id| held(&recipient.instruments, id)),
            Self::Certified(framework) => held(&recipient.frameworks, framework),
            Self::Authorised(law) => {
                recipient.authorisations.iter().any(|authorisation| authorisation.covers(law, &reading.subject, named, now))
            }
            Self::Mandated => named.is_some_and(|basis| held(&recipient.mandates, basis)),
            Self::Is(kinds) => recipient.kind.is_some_and(|kind| kinds.contains(&kind)),
            Self::NotDenied(list) => is_clear(list, case),
            Self::PurposeAllowed => named
                .zip(recipient.purpose.as_deref())
                .is_some_and(|(allowed, purpose)| !purpose.trim().is_empty() && allowed.split(',').any(|one| same(one, purpose))),
            Self::Before => date(reading).is_some_and(|date| now < date),
            Self::Marked(mark) => reading.marks.contains(&mark.to_uppercase()),
            Self::Unmarked(mark) => !reading.marks.contains(&mark.to_uppercase()),
        }
    }

    /// What it asks about by the name that `reading` gives, if it does.
    #[must_use]
    pub fn named(&self, reading: &Reading) -> Option<Named> {
        let name = reading.tail.as_deref()?;
        match self {
            Self::PurposeAllowed => Some(Named::Purposes(name.split(',').map(|one| one.trim().to_owned()).collect())),
            Self::PartyToNamed(_) | Self::PartyToContract | Self::Authorised(_) | Self::Mandated => Some(Named::Ground(name.to_owned())),
            _ => None,
        }
    }

    /// The question as a statement that holds when it is met, for people.
    #[must_use]
    pub fn words(&self) -> String {
        let scopes = |of: &BTreeSet<Scope>| of.iter().map(|scope| scope.words()).collect::<Vec<_>>().join(", ");
        match self {
            Self::Always => "nothing is asked".to_owned(),
            Self::Never => "no recipient meets it".to_owned(),
            Self::InGroup(group) => format!("the organisation is established in a member of {group}"),
            Self::On { list, of } => format!("{}: known, and all on list {list}", scopes(of)),
            Self::NotOn { list, of } => format!("{}: known, and none on list {list}", scopes(of)),
            Self::PersonOf(nation) => format!("a national or permanent resident of {nation}, in an organisation established there"),
            Self::Adequate(law) => format!("a decision of adequacy under {law} covers the organisation"),
            Self::Party(kind) => format!("party to an instrument that counts as {kind}"),
            Self::PartyToNamed(kind) => format!("party to the instrument that the tag names, which counts as {kind}"),
            Self::PartyToContract => "party to the contract that the tag names".to_owned(),
            Self::Certified(framework) => format!("certified under {framework}"),
            Self::Authorised(law) => {
                format!("holds an authorisation under {law} for the category, the one that the tag names if it names one")
            }
            Self::Mandated => "acts on a legal mandate for the basis that the tag names".to_owned(),
            Self::Is(kinds) => format!("is one of: {}", kinds.iter().map(kind_words).collect::<Vec<_>>().join(", ")),
            Self::NotDenied(list) => format!("screened lately, and not on {list}"),
            Self::PurposeAllowed => "declares one of the purposes in the tag".to_owned(),
            Self::Before => "the date in the tag lies ahead".to_owned(),
            Self::Marked(mark) => format!("the tag is marked {mark}"),
            Self::Unmarked(mark) => format!("the tag is not marked {mark}"),
        }
    }
}

/// A kind of body as tables write it.
pub(crate) fn kind_words(kind: &Kind) -> &'static str {
    match kind {
        Kind::PublicAuthority => "public authority",
        Kind::LawEnforcement => "law enforcement",
        Kind::Military => "military",
        Kind::Intelligence => "intelligence",
        Kind::Private => "private",
        Kind::InternationalOrganisation => "international organisation",
    }
}

fn all_countries(facts: &RecipientFacts, of: &BTreeSet<Scope>, is_fine: impl Fn(&str) -> bool) -> bool {
    !of.is_empty() && of.iter().all(|scope| scope.countries(facts).is_some_and(|all| all.into_iter().all(&is_fine)))
}

fn is_adequate(law: &str, case: &Case<'_>) -> bool {
    let Case { recipient, tables, now, .. } = *case;
    let is_of =
        |own: &Option<String>, theirs: &Option<String>| own.as_ref().zip(theirs.as_ref()).is_some_and(|(own, theirs)| same(own, theirs));
    tables.adequacy.counting(now).any(|row| {
        let whose = is_of(&row.country, &recipient.country) || is_of(&row.organisation, &recipient.organisation);
        let certified = row.framework.as_ref().is_none_or(|framework| recipient.frameworks.iter().any(|held| held.is(framework, now)));
        same(&row.law, law) && whose && recipient.kind.is_some_and(|kind| row.kinds.contains(&kind)) && certified
    })
}

/// A name that is found in the list denies; one that is not found proves little, so that a screening is asked for as well.
fn is_clear(list: &str, case: &Case<'_>) -> bool {
    let Case { recipient, tables, now, .. } = *case;
    let is_known = tables.entities.rows().iter().any(|row| same(&row.fact.list, list));
    let is_screened = recipient.screening.is_some_and(|screening| !screening.is_listed && now < screening.until);
    let is_found = |name: &str| tables.entities.counting(now).any(|row| same(&row.list, list) && same(&row.name, name));
    is_known && is_screened && recipient.organisation.as_ref().is_some_and(|name| !is_found(name))
}

/// The date in the tail of a tag.
pub(super) fn date(reading: &Reading) -> Option<Stamp> {
    reading.tail.as_deref().and_then(|text| Stamp::parse(text).ok())
}
