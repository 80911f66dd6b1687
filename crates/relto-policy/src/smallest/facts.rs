//! Facts that the law asks for and that somebody could enter: what the recipient can come to hold, and what is not known of it yet.
//!
//! A fact that is known and shuts out (a country, a listing) is no proposal: it is so.

use std::collections::BTreeSet;

use relto_model::Stamp;
use relto_model::label::Restriction;

use super::step::Step;
use super::{Change, all_of, nothing};
use crate::law::condition::{Case, Condition, Scope, kind_words};
use crate::law::rules::LegalRule;
use crate::law::tables::Adequacy;
use crate::law::{Authorisation, Held, Kind, RecipientFacts, Screening};
use crate::legal;
use crate::profile::Profile;
use crate::rules::Rules;

/// A fact about a recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The organisation is established in this country.
    Country(String),
    /// Its ultimate parent has its headquarters there.
    Headquarters(String),
    /// Nobody in it has a permanent residence beside the nationalities.
    NoOtherResidence,
    /// What sort of body it is.
    Kind(Kind),
    /// What it asks for the data for.
    Purpose(String),
    /// It is party to this instrument or contract.
    Party(String),
    /// It is certified under this framework.
    Certified(String),
    /// It acts on a legal mandate for this basis.
    Mandate(String),
    /// It holds an authorisation.
    Authorisation {
        /// The law that it is given under.
        law: String,
        /// What it covers.
        covers: String,
        /// Its number, where the object names one.
        number: Option<String>,
    },
    /// It was screened lately, and not found in a list of denied parties.
    Screened,
}

impl Fact {
    /// Writes the fact into `facts`.
    pub(super) fn enter(&self, facts: &mut RecipientFacts) {
        match self {
            Self::Country(country) => facts.country = Some(country.clone()),
            Self::Headquarters(country) => facts.headquarters = Some(country.clone()),
            Self::NoOtherResidence => facts.residence = Some(BTreeSet::new()),
            Self::Kind(kind) => facts.kind = Some(*kind),
            Self::Purpose(purpose) => facts.purpose = Some(purpose.clone()),
            Self::Screened => facts.screening = Some(Screening { is_listed: false, until: Stamp(i64::MAX) }),
            Self::Party(id) => facts.instruments.extend([Held::new(id)]),
            Self::Certified(id) => facts.frameworks.extend([Held::new(id)]),
            Self::Mandate(id) => facts.mandates.extend([Held::new(id)]),
            Self::Authorisation { law, covers, number } => {
                let held = Held::new(number.as_deref().unwrap_or_default());
                let covers = BTreeSet::from([covers.clone()]);
                facts.authorisations.extend([Authorisation { law: law.clone(), covers, held }]);
            }
        }
    }

    /// Takes the fact out of `facts`.
    pub(super) fn leave(&self, facts: &mut RecipientFacts) {
        let other = |id: &str| {
            let id = id.to_owned();
            move |held: &Held| held.id != id
        };
        match self {
            Self::Country(_) => facts.country = None,
            Self::Headquarters(_) => facts.headquarters = None,
            Self::NoOtherResidence => facts.residence = None,
            Self::Kind(_) => facts.kind = None,
            Self::Purpose(_) => facts.purpose = None,
            Self::Screened => facts.screening = None,
            Self::Party(id) => facts.instruments.retain(other(id)),
            Self::Certified(id) => facts.frameworks.retain(other(id)),
            Self::Mandate(id) => facts.mandates.retain(other(id)),
            Self::Authorisation { law, covers, number } => facts.authorisations.retain(|held| {
                held.law != *law || !held.covers.contains(covers) || number.as_ref().is_some_and(|number| held.held.id != *number)
            }),
        }
    }

    /// What is known of a recipient and could end.
    pub(super) fn all_of(facts: &RecipientFacts) -> Vec<Self> {
        let ids = |held: &BTreeSet<Held>, fact: fn(String) -> Self| held.iter().map(|held| fact(held.id.clone())).collect::<Vec<_>>();
        let of_authorisation = |held: &Authorisation| {
            let (law, number) = (held.law.clone(), Some(held.held.id.clone()).filter(|number| !number.is_empty()));
            let covers: Vec<String> = held.covers.iter().cloned().collect();
            covers.into_iter().map(move |covers| Self::Authorisation { law: law.clone(), covers, number: number.clone() })
        };
        let known = [
            facts.country.clone().map(Self::Country),
            facts.headquarters.clone().map(Self::Headquarters),
            facts.kind.map(Self::Kind),
            facts.purpose.clone().map(Self::Purpose),
            facts.screening.as_ref().map(|_| Self::Screened),
        ];
        let held = [ids(&facts.instruments, Self::Party), ids(&facts.frameworks, Self::Certified), ids(&facts.mandates, Self::Mandate)];
        known.into_iter().flatten().chain(held.concat()).chain(facts.authorisations.iter().flat_map(of_authorisation)).collect()
    }

    /// The fact as a clause.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Country(country) => format!("the reader's organisation is established in {country}"),
            Self::Headquarters(country) => format!("the headquarters of its ultimate parent are in {country}"),
            Self::NoOtherResidence => "there is no permanent residence beside the nationalities".to_owned(),
            Self::Kind(kind) => format!("the reader's organisation is of the kind {}", kind_words(kind)),
            Self::Purpose(purpose) => format!("the purpose is {purpose}"),
            Self::Party(id) => format!("the reader's organisation is party to {id}"),
            Self::Certified(id) => format!("it is certified under {id}"),
            Self::Mandate(id) => format!("it acts on a legal mandate for {id}"),
            Self::Authorisation { law, covers, number } => {
                let number = number.as_ref().map(|number| format!(" with the number {number}")).unwrap_or_default();
                format!("it holds an authorisation under {law} for {covers}{number}")
            }
            Self::Screened => "it was screened lately and is in no list of denied parties".to_owned(),
        }
    }
}

/// Facts after which the law may let `profile` have what bears `tag`.
pub(super) fn options(tag: &Restriction, profile: &Profile, rules: &Rules, now: Stamp) -> Vec<Change> {
    let recipient = legal::recipient(profile);
    let tables = &rules.law.tables;
    let in_force = rules.law.rules.rows().iter().filter(|row| row.counts_now(now));
    let readings: Vec<_> = in_force.filter_map(|row| Some((&row.fact, row.fact.read(tag)?))).collect();
    if readings.is_empty() {
        return Vec::new();
    }
    let of_rule = |(rule, reading): &(&LegalRule, _)| of_rule(rule, &Case { reading, recipient: &recipient, tables, now });
    all_of(readings.iter().map(of_rule))
}

/// What the rule requires, with what one of its grounds does.
fn of_rule(rule: &LegalRule, case: &Case<'_>) -> Vec<Change> {
    let grounds = rule.grounds.iter();
    grounds.flat_map(|ground| all_of(rule.requires.iter().chain(&ground.when).map(|condition| of_condition(condition, case)))).collect()
}

fn of_condition(condition: &Condition, case: &Case<'_>) -> Vec<Change> {
    if condition.is_met(case) {
        return nothing();
    }
    let Case { reading, recipient, tables, now } = *case;
    let named = reading.tail.clone();
    let facts: Vec<Fact> = match condition {
        Condition::InGroup(_) | Condition::PersonOf(_) => countries(recipient),
        Condition::On { of, .. } | Condition::NotOn { of, .. } => return all_of(of.iter().map(|scope| of_scope(*scope, recipient))),
        Condition::Adequate(law) => return adequate(law, case),
        Condition::Party(kind) => {
            let counting = tables.instruments.counting(now).filter(|row| row.kind.eq_ignore_ascii_case(kind));
            counting.map(|row| Fact::Party(row.id.clone())).collect()
        }
        Condition::PartyToNamed(_) | Condition::PartyToContract => named.map(Fact::Party).into_iter().collect(),
        Condition::Certified(framework) => vec![Fact::Certified(framework.clone())],
        Condition::Authorised(law) => {
            vec![Fact::Authorisation { law: law.clone(), covers: reading.subject.clone(), number: named }]
        }
        Condition::Mandated => named.map(Fact::Mandate).into_iter().collect(),
        Condition::Is(kinds) => of_kinds(kinds, recipient),
        Condition::NotDenied(_) if recipient.screening.is_none_or(|screening| !screening.is_listed) => vec![Fact::Screened],
        Condition::PurposeAllowed if recipient.purpose.is_none() => {
            let allowed = named.unwrap_or_default();
            allowed.split(',').map(|one| Fact::Purpose(one.trim().to_owned())).collect()
        }
        Condition::NotDenied(_) | Condition::PurposeAllowed | Condition::Always | Condition::Never => Vec::new(),
        Condition::Before | Condition::Marked(_) | Condition::Unmarked(_) => Vec::new(),
    };
    singly(facts)
}

fn singly(facts: Vec<Fact>) -> Vec<Change> {
    facts.into_iter().map(|fact| Change(BTreeSet::from([Step::Fact(fact)]))).collect()
}

/// Where the organisation may be established, when nobody has said: in a country of the reader's.
fn countries(recipient: &RecipientFacts) -> Vec<Fact> {
    let unknown = recipient.country.is_none();
    recipient.nations.iter().filter(|_| unknown).cloned().map(Fact::Country).collect()
}

fn of_kinds(kinds: &BTreeSet<Kind>, recipient: &RecipientFacts) -> Vec<Fact> {
    kinds.iter().filter(|_| recipient.kind.is_none()).copied().map(Fact::Kind).collect()
}

/// What is not known of a scope; a scope that is known asks for nothing.
fn of_scope(scope: Scope, recipient: &RecipientFacts) -> Vec<Change> {
    let nations = recipient.nations.iter().cloned();
    match scope {
        Scope::Country if recipient.country.is_none() => singly(countries(recipient)),
        Scope::Headquarters if recipient.headquarters.is_none() => singly(nations.map(Fact::Headquarters).collect()),
        Scope::Residence if recipient.residence.is_none() => singly(vec![Fact::NoOtherResidence]),
        Scope::Nations if recipient.nations.is_empty() => Vec::new(),
        Scope::Birth if recipient.birth.is_none() => Vec::new(),
        Scope::Country | Scope::Headquarters | Scope::Residence | Scope::Nations | Scope::Birth => nothing(),
    }
}

/// By each finding of adequacy that can be about the organisation, what it asks for beside that.
fn adequate(law: &str, case: &Case<'_>) -> Vec<Change> {
    let Case { recipient, tables, now, .. } = *case;
    let rows = tables.adequacy.counting(now).filter(|row| row.law.eq_ignore_ascii_case(law));
    let of_row = |row: &Adequacy| {
        let country = match &row.country {
            Some(_) if recipient.country.is_none() => singly(
                countries(recipient)
                    .into_iter()
                    .filter(|fact| matches!(fact, Fact::Country(own) if row.country.as_ref() == Some(own)))
                    .collect(),
            ),
            Some(country) if recipient.country.as_ref() != Some(country) => Vec::new(),
            _ => nothing(),
        };
        let has_kind = recipient.kind.is_some_and(|kind| row.kinds.contains(&kind));
        let kind = if has_kind { nothing() } else { singly(of_kinds(&row.kinds, recipient)) };
        let framework = row.framework.as_ref().map_or_else(nothing, |framework| singly(vec![Fact::Certified(framework.clone())]));
        all_of([country, kind, framework])
    };
    rows.flat_map(of_row).collect()
}
