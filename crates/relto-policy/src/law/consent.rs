//! Consents: what an originator, a third-party owner or somebody who names addressees has allowed for one object.
//!
//! They are not in the label, since they change and a label does not: they are kept beside the object, and consulted after the release set
//! and only where a decision is pending. Which object a consent is about, who may give it and where it is kept is the node's business.

use std::fmt;
use std::str::FromStr;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use super::facts::{RecipientFacts, same};
use crate::dated::{covers, written, written_or_none};
use crate::nation;

/// On whose behalf a consent is given: what in the label it answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The originator, under originator control.
    Originator(String),
    /// An owner of part of the content, under the third-party rule.
    ThirdParty(String),
    /// Whoever names the addressees of an object that is for addressees alone.
    Addressees,
}

impl Subject {
    /// The organisation that consents; whoever names addressees is none.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        match self {
            Self::Originator(name) | Self::ThirdParty(name) => Some(name),
            Self::Addressees => None,
        }
    }
}

/// To whom it may go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentedTo {
    /// An organisation by name.
    Organisation(String),
    /// A person by the name of the account.
    Person(String),
    /// Recipients whose every nationality this is, in organisations established there.
    Nation(String),
}

/// One consent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// What it answers.
    pub subject: Subject,
    /// To whom the object may go.
    pub recipient: ConsentedTo,
    /// What for; `None` is for any purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// First instant at which it holds.
    #[serde(with = "written")]
    pub from: Stamp,
    /// First instant at which it no longer holds; `None` is until it is revoked.
    #[serde(default, with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
    /// Who gave it.
    pub by: String,
    /// Where it is recorded.
    pub reference: String,
}

/// What is asked of the consents of an object.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// What in the label asks for consent.
    pub subject: &'r Subject,
    /// The recipient; its organisation, nations and purpose are looked at.
    pub recipient: &'r RecipientFacts,
    /// The name of the recipient's account.
    pub person: Option<&'r str>,
}

impl Consent {
    /// Whether this consent answers `request` at `now`. What the request does not say is not covered.
    #[must_use]
    pub fn covers(&self, request: &Request<'_>, now: Stamp) -> bool {
        // Names of organisations compare exactly, as in labels.
        self.subject == *request.subject
            && self.recipient.includes(request)
            && self.purpose.as_ref().is_none_or(|purpose| request.recipient.purpose.as_ref().is_some_and(|asked| same(asked, purpose)))
            && self.holds(now)
    }

    /// Whether it has begun and not ended at `now`.
    #[must_use]
    pub fn holds(&self, now: Stamp) -> bool {
        covers(Some(self.from), self.until, now)
    }

    /// The next instant after `now` when the consent begins or ends.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        [Some(self.from), self.until].into_iter().flatten().filter(|change| *change > now).min()
    }
}

/// What stands before the name of an account, and before the code of a nation; an organisation is written by its name alone.
const WRITTEN: [&str; 2] = ["user:", "nation:"];

/// What does not say to whom an object may go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no recipient of a consent: there are ORGANISATION, user:NAME and nation:FRA")]
pub struct UnknownRecipient(String);

impl FromStr for ConsentedTo {
    type Err = UnknownRecipient;
    fn from_str(text: &str) -> Result<Self, UnknownRecipient> {
        let [user, nation] = WRITTEN.map(|before| text.trim().strip_prefix(before).map(str::trim));
        match (user, nation) {
            (Some(name), _) if !name.is_empty() => Ok(Self::Person(name.to_owned())),
            (_, Some(code)) if nation::index(code).is_some() => Ok(Self::Nation(code.to_owned())),
            (None, None) if !text.trim().is_empty() => Ok(Self::Organisation(text.trim().to_owned())),
            _ => Err(UnknownRecipient(text.to_owned())),
        }
    }
}

/// As it is written.
impl fmt::Display for ConsentedTo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [user, nation] = WRITTEN;
        match self {
            Self::Organisation(name) => out.write_str(name),
            Self::Person(name) => write!(out, "{user}{name}"),
            Self::Nation(code) => write!(out, "{nation}{code}"),
        }
    }
}

/// Who must consent, and as what.
impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Originator(name) => write!(out, "{name} as originator"),
            Self::ThirdParty(name) => write!(out, "{name} as third party"),
            Self::Addressees => out.write_str("whoever names the addressees"),
        }
    }
}

impl ConsentedTo {
    fn includes(&self, request: &Request<'_>) -> bool {
        let facts = request.recipient;
        match self {
            Self::Organisation(name) => facts.organisation.as_ref() == Some(name),
            Self::Person(name) => request.person == Some(name.as_str()),
            Self::Nation(code) => {
                facts.country.as_ref() == Some(code) && !facts.nations.is_empty() && facts.nations.iter().all(|nation| nation == code)
            }
        }
    }
}

/// Whether every one of `subjects` has consented, at `now`, to `recipient` (whose account is `person`), by one of `consents`.
/// Of no subjects: nobody was asked, and the answer is no.
#[must_use]
pub fn all_consent(subjects: &[Subject], consents: &[Consent], recipient: &RecipientFacts, person: Option<&str>, now: Stamp) -> bool {
    let has_one = |subject: &Subject| consents.iter().any(|consent| consent.covers(&Request { subject, recipient, person }, now));
    !subjects.is_empty() && subjects.iter().all(has_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Kind;

    fn consent(recipient: ConsentedTo, purpose: Option<&str>) -> Consent {
        Consent {
            subject: Subject::Originator("ANSSI".to_owned()),
            recipient,
            purpose: purpose.map(str::to_owned),
            from: Stamp(10),
            until: Some(Stamp(20)),
            by: "anna".to_owned(),
            reference: "2026/7".to_owned(),
        }
    }

    #[test]
    fn covers_what_it_says_and_nothing_else() {
        let bsi = RecipientFacts::organisation("BSI", "DEU", Kind::PublicAuthority).asking_for("Cyber Defence");
        let dual = bsi.clone().of_nations(&["DEU", "TUR"]);
        let (anssi, bnd) = (Subject::Originator("ANSSI".to_owned()), Subject::Originator("BND".to_owned()));
        let third = Subject::ThirdParty("ANSSI".to_owned());
        let to = |name: &str| consent(ConsentedTo::Organisation(name.to_owned()), None);
        let nation = || consent(ConsentedTo::Nation("DEU".to_owned()), None);
        let max = || consent(ConsentedTo::Person("max".to_owned()), None);
        for (given, subject, facts, person, now, expected) in [
            (to("BSI"), &anssi, &bsi, None, 10, true),
            (to("BSI"), &anssi, &bsi, None, 9, false),
            (to("BSI"), &anssi, &bsi, None, 20, false),
            (to("BSI"), &bnd, &bsi, None, 10, false),
            (to("BSI"), &third, &bsi, None, 10, false),
            (to("BKA"), &anssi, &bsi, None, 10, false),
            (nation(), &anssi, &bsi, None, 10, true),
            (nation(), &anssi, &dual, None, 10, false),
            (nation(), &anssi, &RecipientFacts::default(), None, 10, false),
            (max(), &anssi, &bsi, Some("max"), 10, true),
            (max(), &anssi, &bsi, None, 10, false),
            (consent(ConsentedTo::Organisation("BSI".to_owned()), Some("cyber defence")), &anssi, &bsi, None, 10, true),
            (consent(ConsentedTo::Organisation("BSI".to_owned()), Some("sales")), &anssi, &bsi, None, 10, false),
        ] {
            let request = Request { subject, recipient: facts, person };
            assert_eq!(given.covers(&request, Stamp(now)), expected, "{given:?} for {request:?} at {now}");
        }
    }

    #[test]
    fn every_owner_is_asked_and_nobody_is_no_consent() {
        let bsi = RecipientFacts::organisation("BSI", "DEU", Kind::PublicAuthority);
        let given = [consent(ConsentedTo::Organisation("BSI".to_owned()), None)];
        let (anssi, other) = (Subject::Originator("ANSSI".to_owned()), Subject::ThirdParty("NCSC".to_owned()));
        let ask = |subjects: &[Subject]| all_consent(subjects, &given, &bsi, None, Stamp(15));
        assert!(ask(std::slice::from_ref(&anssi)) && !ask(&[anssi, other]) && !ask(&[]));
        assert_eq!(given[0].next_change(Stamp(10)), Some(Stamp(20)));
    }

    #[test]
    fn recipients_as_people_write_them() {
        for text in ["BSI", "user:max", "nation:DEU", "Org: North"] {
            assert_eq!(text.parse::<ConsentedTo>().unwrap().to_string(), text);
        }
        for text in ["", " ", "user:", "nation:", "nation:ZZZ", "nation:deu"] {
            assert!(text.parse::<ConsentedTo>().is_err(), "{text}");
        }
    }

    #[test]
    fn read_as_written() {
        let text = r#"{"subject":{"originator":"ANSSI"},"recipient":{"nation":"DEU"},"from":"2026-01-01","by":"anna","reference":"7"}"#;
        let read: Consent = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<Consent>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        assert!(serde_json::from_str::<Consent>(&text.replace("\"by\"", "\"from_whom\"")).is_err());
    }
}
