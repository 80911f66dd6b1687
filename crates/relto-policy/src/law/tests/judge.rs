//! The second judge: the laws written out one by one, slowly, over the raw rows of the tables.
//!
//! It shares with [`assess`](crate::law::assess) the facts, the names of obligations and the outcome, and nothing else: it does not read the
//! rules but says again what they should say. A change of the shipped rules must be made here too, by hand.

use std::collections::BTreeSet;

use relto_model::label::Restriction;

use super::worlds::{Raw, World};
use crate::law::Kind::{Intelligence, InternationalOrganisation, LawEnforcement, Military, Private, PublicAuthority};
use crate::law::Obligation::{
    CarryTags, DecrementLicence, DocumentTransfer, KeepFiveYears, Log, LogPurpose, NameContract, RecordDeclaration, RegisterUse,
    RetransferNotice, StaNotice, StateRetention,
};
use crate::law::Refusal::{Deny, Redact};
use crate::law::{Held, Kind, Obligation, ObligationSet, Outcome, RecipientFacts, Refusal};

/// A rule as this judge sees it: its row, what happens otherwise, whether its preconditions hold, and its grounds in order.
type Rule = (&'static str, Refusal, bool, Vec<(bool, Vec<Obligation>)>);

pub(super) fn judge(tag: &Restriction, who: &RecipientFacts, world: &World, now: i64, fulfils: ObligationSet) -> Outcome {
    let value = tag.value.to_uppercase();
    let words: Vec<&str> = value.split_whitespace().collect();
    let about = About { who, world, now };
    let rule = match tag.tag.to_uppercase().as_str() {
        "GDPR" => about.gdpr(&words),
        "LED" => about.led(&words),
        "NATSEC" => about.natsec(&words),
        "ITAR" => about.itar(&words),
        "EAR" => about.ear(&words),
        "EUDU" => about.eudu(&words),
        "PROP" => about.contract(&words, "prop", Redact),
        "NDA" => about.contract(&words, "nda", Deny),
        "PCII" => about.pcii(&words),
        "PURPOSE" => about.purpose(&words),
        "RETAIN" => about.retain(&words),
        _ => None,
    };
    let Some((id, refusal, required, grounds)) = rule else { return Outcome::Unmet(Deny) };
    let in_force = world.rules.iter().any(|row| row.text("id") == Some(id) && row.is_believed(now) && now < row.review);
    if !in_force {
        return Outcome::Unmet(Deny);
    }
    let met: Vec<ObligationSet> = grounds.iter().filter(|(holds, _)| *holds && required).map(|(_, asks)| ObligationSet::of(asks)).collect();
    match met.iter().find(|asks| asks.iter().all(|one| fulfils.contains(one))) {
        Some(asks) => Outcome::Met(*asks),
        None if met.is_empty() => Outcome::Unmet(refusal),
        None => Outcome::Unmet(Deny),
    }
}

struct About<'a> {
    who: &'a RecipientFacts,
    world: &'a World,
    now: i64,
}

impl About<'_> {
    fn gdpr(&self, words: &[&str]) -> Option<Rule> {
        let transfer = |asks: &[Obligation]| self.transfer(asks);
        match words {
            ["NONE"] => Some(("gdpr-none", Deny, true, vec![(true, vec![])])),
            ["PERSONAL"] | ["PERSONAL", "BASIS", _, ..] => Some(("gdpr-personal", Redact, true, transfer(&[Log, CarryTags]))),
            ["SPECIAL" | "CRIMINAL"] => Some(("gdpr-no-basis", Deny, true, vec![])),
            ["SPECIAL", "BASIS", basis @ ..] if !basis.is_empty() => {
                let state = self.is(&[PublicAuthority, LawEnforcement, Military, Intelligence]);
                let required = state && self.holds(&self.who.mandates, &basis.join(" "));
                Some(("gdpr-special", Deny, required, transfer(&[Log, LogPurpose, CarryTags])))
            }
            ["CRIMINAL", "BASIS", basis @ ..] if !basis.is_empty() => {
                let required = self.is(&[PublicAuthority, LawEnforcement]) && self.holds(&self.who.mandates, &basis.join(" "));
                Some(("gdpr-criminal", Deny, required, transfer(&[Log, LogPurpose, CarryTags])))
            }
            _ => None,
        }
    }

    /// Chapter V: within the EEA, an adequate country or organisation, or safeguards. All ask for the same.
    fn transfer(&self, asks: &[Obligation]) -> Vec<(bool, Vec<Obligation>)> {
        [self.in_group("EEA"), self.adequate("GDPR"), self.party("GDPR 46")].map(|holds| (holds, asks.to_vec())).into()
    }

    fn led(&self, words: &[&str]) -> Option<Rule> {
        let grounds = vec![
            (self.in_group("EU"), vec![Log]),
            (self.adequate("LED"), vec![Log, CarryTags]),
            (self.party("LED 37"), vec![Log, DocumentTransfer, CarryTags]),
        ];
        (words == ["PERSONAL"]).then(|| ("led", Deny, self.is(&[LawEnforcement]), grounds))
    }

    fn natsec(&self, words: &[&str]) -> Option<Rule> {
        match words {
            ["UNDECLARED"] => Some(("natsec-undeclared", Redact, true, self.transfer(&[Log, CarryTags]))),
            ["UNDER", id @ ..] if !id.is_empty() => {
                let id = id.join(" ");
                let mut rows = self.world.instruments.iter().filter(|row| row.is_relied_on(self.now));
                let declared = rows.any(|row| row.is("kind", "NATSEC") && row.is("id", &id));
                let mut grounds = vec![(declared && self.holds(&self.who.instruments, &id), vec![RecordDeclaration, Log])];
                grounds.extend(self.transfer(&[Log, CarryTags]));
                Some(("natsec", Redact, true, grounds))
            }
            _ => None,
        }
    }

    fn itar(&self, words: &[&str]) -> Option<Rule> {
        let (subject, marks, licence) = split(words, &["126.7"])?;
        let who = self.who;
        let residence = who.residence.as_ref();
        let clean = |country: &String| !self.barred("ITAR 126.1", country);
        let clean_owner = who.headquarters.as_ref().is_some_and(clean);
        let clean_homes = residence.is_some_and(|all| all.iter().all(clean));
        let clean_people = !who.nations.is_empty() && who.nations.iter().all(clean);
        let clean_all = who.country.as_ref().is_some_and(clean) && clean_owner && clean_homes && clean_people;
        let aukus = self.listed("ITAR 126.7", who.country.as_ref()) && self.all_listed("ITAR 126.7");
        let user = marks.contains("126.7") && aukus && self.holds(&who.frameworks, "ITAR 126.7") && clean_owner && clean_homes;
        let grounds = vec![
            (self.is_us_person(), vec![]),
            (self.licensed("ITAR", &subject, licence) && clean_all, vec![DecrementLicence, RetransferNotice, KeepFiveYears]),
            (user, vec![RetransferNotice, KeepFiveYears]),
        ];
        Some(("itar", Deny, true, grounds))
    }

    fn ear(&self, words: &[&str]) -> Option<Rule> {
        let first = *words.first()?;
        let us = (self.is_us_person(), vec![]);
        let embargoed = |country: &String| ["E:1", "E:2", "EAR 746"].iter().any(|list| self.barred(list, country));
        let general = self.everywhere(|country| !embargoed(country)) && self.is_clear();
        if words == ["EAR99"] {
            let civil = self.is(&[PublicAuthority, Private, InternationalOrganisation]);
            let armed = self.is(&[Military, LawEnforcement, Intelligence])
                && self.who.country.as_ref().is_some_and(|country| !self.barred("EAR 744.21", country));
            return Some(("ear99", Deny, true, vec![us, (general && civil, vec![KeepFiveYears]), (general && armed, vec![KeepFiveYears])]));
        }
        let advanced = first.starts_with("3A090") || first.starts_with("4A090");
        let related = first.ends_with(".Z") || first.starts_with("4D090");
        let without_mark: Vec<&str> = words.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, word)| *word).collect();
        let (row, (subject, marks, number)) = if advanced {
            ("ear-advanced-computing", split(words, &[])?)
        } else if words.get(1) == Some(&"FOR-090") {
            ("ear-advanced-related", split(&without_mark, &[])?)
        } else if related {
            ("ear-advanced-related", split(words, &[])?)
        } else if first == "EAR99" {
            return None;
        } else {
            ("ear-controlled", split(words, &["STA", "STA-A6"])?)
        };
        let licensed = (self.licensed("EAR", &subject, number) && self.is_clear(), vec![DecrementLicence, KeepFiveYears]);
        let grounds = match row {
            "ear-advanced-computing" => {
                let far = |country: &String| !["D:1", "D:4", "D:5"].iter().any(|list| self.barred(list, country));
                let owner = self.who.headquarters.as_ref().is_some_and(|country| !self.barred("D:5", country));
                vec![us, licensed, (general && self.everywhere(far) && owner, vec![KeepFiveYears])]
            }
            "ear-advanced-related" => vec![us, licensed],
            _ => vec![us, licensed, self.sta(marks.contains("STA"), "A:5"), self.sta(marks.contains("STA-A6"), "A:6")],
        };
        Some((row, Deny, true, grounds))
    }

    fn sta(&self, eligible: bool, list: &str) -> (bool, Vec<Obligation>) {
        let who = self.who;
        let places = self.listed(list, who.country.as_ref()) && self.listed(list, who.headquarters.as_ref()) && self.all_listed(list);
        let is_there = self.world.embargoes.iter().any(|row| row.is("list", "D:5"));
        let homes = is_there && who.residence.as_ref().is_some_and(|all| all.iter().all(|country| !self.barred("D:5", country)));
        (eligible && places && homes && self.is_clear() && self.party("STA 740.20(D)"), vec![StaNotice, KeepFiveYears])
    }

    fn eudu(&self, words: &[&str]) -> Option<Rule> {
        let (subject, marks, licence) = split(words, &["ANNEX-IV", "EU001"])?;
        let is_free = !marks.contains("ANNEX-IV");
        let grounds = vec![
            (is_free && self.in_group("EU"), vec![Log, CarryTags]),
            (is_free && marks.contains("EU001") && self.listed("EU001", self.who.country.as_ref()), vec![RegisterUse, KeepFiveYears]),
            (self.licensed("EUDU", &subject, licence), vec![DecrementLicence, KeepFiveYears]),
        ];
        Some(("eudu", Deny, true, grounds))
    }

    fn contract(&self, words: &[&str], id: &'static str, refusal: Refusal) -> Option<Rule> {
        let name = words.strip_prefix(&["UNDER"]).filter(|name| !name.is_empty())?.join(" ");
        Some((id, refusal, true, vec![(self.holds(&self.who.instruments, &name), vec![NameContract, Log])]))
    }

    fn pcii(&self, words: &[&str]) -> Option<Rule> {
        let state = self.is(&[PublicAuthority, LawEnforcement, Military, Intelligence]);
        let user = state && self.is_us_person() && self.holds(&self.who.frameworks, "PCII AUTHORIZED USER");
        (words == ["PROTECTED"]).then(|| ("pcii", Deny, true, vec![(user, vec![CarryTags, Log])]))
    }

    fn purpose(&self, words: &[&str]) -> Option<Rule> {
        let list = words.join(" ");
        let asked = self.who.purpose.as_ref().map(|purpose| purpose.to_uppercase()).filter(|purpose| !purpose.is_empty());
        let allowed = asked.is_some_and(|asked| list.split(',').any(|one| one.trim() == asked));
        (!words.is_empty()).then(|| ("purpose", Deny, true, vec![(allowed, vec![LogPurpose])]))
    }

    fn retain(&self, words: &[&str]) -> Option<Rule> {
        let date = words.strip_prefix(&["UNTIL"]).filter(|date| !date.is_empty())?.join(" ");
        let ahead = relto_model::Stamp::parse(&date).is_ok_and(|date| self.now < date.0);
        Some(("retain", Deny, true, vec![(ahead, vec![StateRetention])]))
    }

    fn is(&self, kinds: &[Kind]) -> bool {
        self.who.kind.is_some_and(|kind| kinds.contains(&kind))
    }

    fn holds(&self, all: &BTreeSet<Held>, id: &str) -> bool {
        all.iter().any(|held| {
            let begun = held.from.is_none_or(|from| from.0 <= self.now);
            let ended = held.until.is_some_and(|until| until.0 <= self.now);
            held.id.to_uppercase() == id.to_uppercase() && begun && !ended
        })
    }

    fn in_group(&self, group: &str) -> bool {
        let mut rows = self.world.members.iter().filter(|row| row.is_relied_on(self.now));
        self.who.country.as_ref().is_some_and(|country| rows.any(|row| row.is("group", group) && row.is("member", country)))
    }

    fn adequate(&self, law: &str) -> bool {
        let who = self.who;
        let Some(kind) = who.kind.and_then(|kind| serde_json::to_value(kind).ok()) else { return false };
        self.world.adequacy.iter().filter(|row| row.is_relied_on(self.now) && row.is("law", law)).any(|row| {
            let country = who.country.as_ref().is_some_and(|country| row.is("country", country));
            let body = who.organisation.as_ref().is_some_and(|name| row.is("organisation", name));
            let framework = row.text("framework").is_none_or(|framework| self.holds(&who.frameworks, framework));
            (country || body) && framework && row.list("kinds").contains(&kind)
        })
    }

    fn party(&self, kind: &str) -> bool {
        let rows = self.world.instruments.iter().filter(|row| row.is_relied_on(self.now) && row.is("kind", kind));
        rows.filter_map(|row| row.text("id")).any(|id| self.holds(&self.who.instruments, id))
    }

    fn listed(&self, list: &str, country: Option<&String>) -> bool {
        let mut rows = self.world.lists.iter().filter(|row| row.is_relied_on(self.now) && row.is("list", list));
        country.is_some_and(|country| rows.any(|row| row.names(country)))
    }

    fn all_listed(&self, list: &str) -> bool {
        !self.who.nations.is_empty() && self.who.nations.iter().all(|nation| self.listed(list, Some(nation)))
    }

    /// On a list that shuts out, or the list is gone: a prohibition does not lapse by itself.
    fn barred(&self, list: &str, country: &str) -> bool {
        let rows: Vec<&Raw> = self.world.embargoes.iter().filter(|row| row.is("list", list)).collect();
        rows.is_empty() || rows.iter().any(|row| row.is_believed(self.now) && row.names(country))
    }

    /// Destination, every nationality and every residence: known, and fine.
    fn everywhere(&self, is_fine: impl Fn(&String) -> bool) -> bool {
        let who = self.who;
        let (Some(country), Some(residence)) = (&who.country, &who.residence) else { return false };
        is_fine(country) && !who.nations.is_empty() && who.nations.iter().all(&is_fine) && residence.iter().all(&is_fine)
    }

    fn is_us_person(&self) -> bool {
        let usa = "USA".to_owned();
        let resides = self.who.residence.as_ref().is_some_and(|residence| residence.contains(&usa));
        self.who.country.as_ref() == Some(&usa) && (resides || self.who.nations.contains(&usa))
    }

    fn is_clear(&self) -> bool {
        let (Some(name), Some(screening)) = (&self.who.organisation, self.who.screening) else { return false };
        let denied = self.world.entities.iter().any(|row| row.is_believed(self.now) && row.is("name", name));
        !self.world.entities.is_empty() && !screening.is_listed && self.now < screening.until.0 && !denied
    }

    fn licensed(&self, law: &str, subject: &str, number: Option<String>) -> bool {
        self.who.authorisations.iter().any(|licence| {
            let one = BTreeSet::from([licence.held.clone()]);
            let numbered = number.as_ref().is_none_or(|number| *number == licence.held.id.to_uppercase());
            let beneath =
                |cover: &String| subject == cover || subject.starts_with(&format!("{cover}.")) || subject.starts_with(&format!("{cover}("));
            licence.law == law && numbered && self.holds(&one, &licence.held.id) && licence.covers.iter().any(beneath)
        })
    }
}

/// Subject, marks in their order, and what stands after `UNDER`; `None` when something else is there.
fn split(words: &[&str], marks: &[&'static str]) -> Option<(String, BTreeSet<&'static str>, Option<String>)> {
    let (subject, mut rest) = words.split_first()?;
    let mut found = BTreeSet::new();
    for mark in marks {
        if rest.first() == Some(mark) {
            found.insert(*mark);
            rest = &rest[1..];
        }
    }
    match rest {
        [] => Some(((*subject).to_owned(), found, None)),
        ["UNDER", number @ ..] if !number.is_empty() => Some(((*subject).to_owned(), found, Some(number.join(" ")))),
        _ => None,
    }
}
