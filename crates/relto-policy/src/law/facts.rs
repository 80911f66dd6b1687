//! What the law asks about a recipient: who it is, where it belongs, what it holds. Facts, no conclusions; every unknown is absent, and
//! what is absent meets nothing.

use std::collections::BTreeSet;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use crate::dated::{covers, written, written_or_none};

/// What sort of body the recipient is, or works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A body of the state without powers of its own in law enforcement, defence or intelligence.
    PublicAuthority,
    /// A competent authority in the sense of Directive (EU) 2016/680, Art. 3(7), or its like elsewhere.
    LawEnforcement,
    /// Armed forces and ministries of defence.
    Military,
    /// An intelligence or security service.
    Intelligence,
    /// A company, or anybody else under private law.
    Private,
    /// An organisation of states: of no country.
    InternationalOrganisation,
}

/// Something with a name that the recipient holds for a time: a contract, a certificate, a mandate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Its name; compared without regard to case.
    pub id: String,
    /// First instant; `None` is since ever.
    #[serde(default, with = "written_or_none")]
    pub from: Option<Stamp>,
    /// First instant after; `None` is open.
    #[serde(default, with = "written_or_none")]
    pub until: Option<Stamp>,
}

/// An export licence or agreement that covers the recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorisation {
    /// The law that it was given under, as in a tag: `ITAR`, `EAR`, `EUDU`.
    pub law: String,
    /// The categories or list numbers that it covers, with everything beneath: `VIII` covers `VIII(H)`, `5A002` covers `5A002.A`.
    pub covers: BTreeSet<String>,
    /// Number and validity.
    pub held: Held,
}

/// The result of looking the recipient and its owners up in the lists of denied parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// Whether it was found there.
    pub is_listed: bool,
    /// First instant at which the result is too old.
    #[serde(with = "written")]
    pub until: Stamp,
}

/// The facts about one recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecipientFacts {
    /// Every citizenship, ISO 3166-1 alpha-3; empty is unknown.
    pub nations: BTreeSet<String>,
    /// Countries of permanent residence beside those; `None` is unknown, empty is none.
    pub residence: Option<BTreeSet<String>>,
    /// Country of birth.
    pub birth: Option<String>,
    /// The organisation by name.
    pub organisation: Option<String>,
    /// The country in which the organisation is established. An international organisation has none.
    pub country: Option<String>,
    /// The country in which its ultimate parent has its headquarters; its own country when there is no parent.
    pub headquarters: Option<String>,
    /// What sort of body it is.
    pub kind: Option<Kind>,
    /// What the data is asked for.
    pub purpose: Option<String>,
    /// Contracts and agreements that it is party to.
    pub instruments: BTreeSet<Held>,
    /// Frameworks that it is certified under, such as `DPF`.
    pub frameworks: BTreeSet<Held>,
    /// Legal mandates that it acts on, by the basis that they give, such as `9(2)(G)`.
    pub mandates: BTreeSet<Held>,
    /// Export authorisations that cover it.
    pub authorisations: BTreeSet<Authorisation>,
    /// The last screening against lists of denied parties.
    pub screening: Option<Screening>,
}

impl Held {
    /// What is called `id`, without dates.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), from: None, until: None }
    }

    /// The same, until `until`.
    #[must_use]
    pub fn until(mut self, until: Stamp) -> Self {
        self.until = Some(until);
        self
    }

    /// Whether it is called `id` and held at `now`.
    #[must_use]
    pub fn is(&self, id: &str, now: Stamp) -> bool {
        same(&self.id, id) && covers(self.from, self.until, now)
    }
}

impl Authorisation {
    /// Whether it was given under `law`, covers `subject` at `now`, and bears the number `id` if one is asked for.
    #[must_use]
    pub fn covers(&self, law: &str, subject: &str, id: Option<&str>, now: Stamp) -> bool {
        let beneath = |cover: &String| {
            let (cover, subject) = (cover.to_uppercase(), subject.to_uppercase());
            subject.strip_prefix(&cover).is_some_and(|rest| !cover.is_empty() && (rest.is_empty() || rest.starts_with(['(', '.'])))
        };
        same(&self.law, law)
            && self.covers.iter().any(beneath)
            && covers(self.held.from, self.held.until, now)
            && id.is_none_or(|id| same(id, &self.held.id))
    }
}

impl RecipientFacts {
    /// An organisation called `name`, of `country`, whose parents are of that country as well, and whose people are its nationals and reside
    /// nowhere else. What differs is set afterwards.
    #[must_use]
    pub fn organisation(name: &str, country: &str, kind: Kind) -> Self {
        Self {
            nations: [country.to_owned()].into(),
            residence: Some(BTreeSet::new()),
            organisation: Some(name.to_owned()),
            country: Some(country.to_owned()),
            headquarters: Some(country.to_owned()),
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// The same with these citizenships.
    #[must_use]
    pub fn of_nations(mut self, nations: &[&str]) -> Self {
        self.nations = nations.iter().map(|nation| (*nation).to_owned()).collect();
        self
    }

    /// The same with an ultimate parent in `country`.
    #[must_use]
    pub fn owned_from(mut self, country: &str) -> Self {
        self.headquarters = Some(country.to_owned());
        self
    }

    /// The same for `purpose`.
    #[must_use]
    pub fn asking_for(mut self, purpose: &str) -> Self {
        self.purpose = Some(purpose.to_owned());
        self
    }

    /// The same as a party to `instrument`.
    #[must_use]
    pub fn party_to(mut self, instrument: Held) -> Self {
        self.instruments.insert(instrument);
        self
    }

    /// The same certified under `framework`.
    #[must_use]
    pub fn certified(mut self, framework: Held) -> Self {
        self.frameworks.insert(framework);
        self
    }

    /// The same with a legal mandate.
    #[must_use]
    pub fn mandated(mut self, mandate: Held) -> Self {
        self.mandates.insert(mandate);
        self
    }

    /// The same with an export authorisation under `law` for `covers`.
    #[must_use]
    pub fn authorised(mut self, law: &str, covers: &[&str], held: Held) -> Self {
        let covers = covers.iter().map(|cover| (*cover).to_owned()).collect();
        self.authorisations.insert(Authorisation { law: law.to_owned(), covers, held });
        self
    }

    /// The same, not found in any list of denied parties, which counts until `until`.
    #[must_use]
    pub fn screened_until(mut self, until: Stamp) -> Self {
        self.screening = Some(Screening { is_listed: false, until });
        self
    }

    /// The next instant after `now` when one of these facts begins or ends.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        let held = self.instruments.iter().chain(&self.frameworks).chain(&self.mandates);
        let held = held.chain(self.authorisations.iter().map(|authorisation| &authorisation.held));
        let dates = held.flat_map(|held| [held.from, held.until]).flatten();
        dates.chain(self.screening.map(|screening| screening.until)).filter(|change| *change > now).min()
    }
}

/// Names compare without regard to case and to space around them.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_uppercase() == other.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorisation_covers_what_is_beneath_and_nothing_beside() {
        let facts = RecipientFacts::default().authorised("itar", &["VIII", "XI(a)"], Held::new("TA-1"));
        let only = facts.authorisations.first().unwrap();
        for (subject, covered) in
            [("VIII", true), ("viii(h)(12)", true), ("VIIII", false), ("VII", false), ("XI", false), ("XI(A)(3)", true), ("XI(B)", false)]
        {
            assert_eq!(only.covers("ITAR", subject, None, Stamp(0)), covered, "{subject}");
        }
        assert!(only.covers("ITAR", "VIII", Some("ta-1"), Stamp(0)) && !only.covers("ITAR", "VIII", Some("TA-2"), Stamp(0)));
        assert!(!only.covers("EAR", "VIII", None, Stamp(0)));
    }

    #[test]
    fn facts_are_read_as_written_and_unknown_fields_refused() {
        let until = Stamp::parse("2027-01-01").unwrap();
        let facts = RecipientFacts::organisation("ANSSI", "FRA", Kind::PublicAuthority)
            .party_to(Held::new("X").until(until))
            .authorised("EAR", &["5A002"], Held::new("D1"))
            .screened_until(until);
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<RecipientFacts>(&text).unwrap(), facts);
        assert!(serde_json::from_str::<RecipientFacts>(r#"{"nation":"FRA"}"#).is_err());
        assert_eq!(facts.next_change(Stamp(0)), Some(until));
    }
}
