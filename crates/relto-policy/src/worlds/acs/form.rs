//! The extension held to its schema, and to what the schema leaves out: the items of `further_sharing`, codes of nations, contradictions.

use std::collections::BTreeSet;

use relto_model::Timestamp;
use serde_json::Value as Json;

use super::super::Refused;
use super::tables::{ACTIONS, COMMUNITIES, ENTITIES, Field, SHAREABILITIES, SHARING, WORDS};
use super::{AccessControl, Effect, Scope};
use crate::nation;

/// Before the defaults in `policy_reference`.
pub(super) const POLICY: &str = "urn:isa:policy:acs:ns:v3.0?";
/// Stands alone in a list and means everybody.
pub(super) const ALL: &str = "ALL";
/// More rules or words in one list than this are refused.
const ITEMS_MAX: usize = 512;

type List = Option<BTreeSet<String>>;

impl AccessControl {
    /// Reads and checks the whole extension.
    ///
    /// # Errors
    /// [`Refused`] names the property.
    pub fn parse(extension: &Json) -> Result<Self, Refused> {
        let read: Self = serde::Deserialize::deserialize(extension).map_err(|error| Refused::new("ACS", short(&error.to_string())))?;
        read.check()?;
        Ok(read)
    }

    pub(super) fn check(&self) -> Result<(), Refused> {
        if self.extension_type != "property-extension" {
            return Err(Refused::new("extension_type", "not `property-extension`"));
        }
        self.defaults()?;
        self.check_dates()?;
        let custodian = &self.responsible_entity_custodian;
        if !is_organisation(custodian) {
            return Err(Refused::new(custodian, "not the code of an organisation"));
        }
        if let Some(originator) = self.responsible_entity_originator.as_ref().filter(|code| !is_known_organisation(code)) {
            return Err(Refused::new(originator, "not the code of an organisation"));
        }
        let authority = |urn: &String| {
            let word = urn.strip_prefix("urn:isa:authority:");
            word.is_some_and(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        };
        if self.authority_reference.as_ref().is_some_and(|urns| urns.is_empty() || !urns.iter().all(authority)) {
            return Err(Refused::new("authority_reference", "not a list of `urn:isa:authority:` with a word"));
        }
        self.check_controls()?;
        self.check_rules()
    }

    /// `privdefault` and `sharedefault`.
    pub(super) fn defaults(&self) -> Result<(Effect, Effect), Refused> {
        let wrong = || Refused::new(&self.policy_reference, "not one `urn:isa:policy:acs:ns:v3.0` with both defaults");
        let rest = self.policy_reference.trim_end().strip_prefix(POLICY).ok_or_else(wrong)?;
        let (access, share) = rest.strip_prefix("privdefault=").and_then(|rest| rest.split_once("&sharedefault=")).ok_or_else(wrong)?;
        let effect = |word: &str| match word {
            "permit" => Ok(Effect::Permit),
            "deny" => Ok(Effect::Deny),
            _ => Err(wrong()),
        };
        Ok((effect(access)?, effect(share)?))
    }

    fn check_dates(&self) -> Result<(), Refused> {
        let dates = [
            Some(&self.create_date_time),
            self.original_classification.as_ref().and_then(|block| block.classified_on.as_ref()),
            self.derivative_classification.as_ref().and_then(|block| block.classified_on.as_ref()),
            self.declassification.as_ref().and_then(|block| block.declass_date.as_ref()),
            self.resource_disposition.as_ref().map(|block| &block.disposition_date),
            self.public_release.as_ref().and_then(|block| block.released_on.as_ref()),
        ];
        match dates.into_iter().flatten().find(|date| Timestamp::parse(date).is_err()) {
            Some(date) => Err(Refused::new(date, "not a time stamp")),
            None => Ok(()),
        }
    }

    fn check_controls(&self) -> Result<(), Refused> {
        let set = &self.control_set;
        if !matches!(set.classification.as_str(), "U" | "C" | "S" | "TS") {
            return Err(Refused::new(&set.classification, "not U, C, S or TS"));
        }
        let of = |field: Field| move |name: &str| WORDS.iter().any(|word| word.field == field && word.name == name);
        check_list("formal_determination", &set.formal_determination, of(Field::FormalDetermination))?;
        check_list("caveat", &set.caveat, of(Field::Caveat))?;
        check_list("sensitivity", &set.sensitivity, of(Field::Sensitivity))?;
        check_list("sci_controls", &set.sci_controls, |name| !name.is_empty())?;
        check_list("logical_authority_category", &set.logical_authority_category, |name| !name.is_empty())?;
        check_list("shareability", &set.shareability, |name| SHAREABILITIES.contains(&name))?;
        check_list("entity", &set.entity, |name| ENTITIES.contains(&name))?;
        check_list("permitted_nationalities", &set.permitted_nationalities, is_nation)?;
        check_list("permitted_organizations", &set.permitted_organizations, is_known_organisation)?;
        let says = |list: &List, name: &str| list.as_ref().is_some_and(|list| list.contains(name));
        let determined = |name: &str| says(&set.formal_determination, name);
        if determined("PUBREL") && (set.classification != "U" || determined("NF") || determined("FOUO")) {
            return Err(Refused::new("PUBREL", "released to the public, and kept from it"));
        }
        let personal =
            says(&set.sensitivity, "PII") || says(&set.caveat, "POSSIBLEPII") || determined("PII-NECESSARY-TO-UNDERSTAND-THREAT");
        if determined("NO-PII-PRESENT") && personal {
            return Err(Refused::new("NO-PII-PRESENT", "no personal information, and some"));
        }
        Ok(())
    }

    fn check_rules(&self) -> Result<(), Refused> {
        let bounded = |length: Option<usize>| length.is_none_or(|length| (1..=ITEMS_MAX).contains(&length));
        if !bounded(self.access_privilege.as_ref().map(Vec::len)) || !bounded(self.further_sharing.as_ref().map(Vec::len)) {
            return Err(Refused::new("access_privilege", "a list of rules that is empty or too long"));
        }
        for rule in self.access_privilege.iter().flatten() {
            if !ACTIONS.contains(&rule.privilege_action.as_str()) {
                return Err(Refused::new(&rule.privilege_action, "not an action"));
            }
            check_scope(&rule.privilege_scope)?;
        }
        let is_scope = |name: &str| is_known_organisation(name) || SHARING.contains(&name);
        let scopes = self.further_sharing.iter().flatten().map(|rule| Some(rule.sharing_scope.clone()));
        scopes.into_iter().try_for_each(|scope| check_list("sharing_scope", &scope, is_scope))
    }
}

fn check_scope(scope: &Scope) -> Result<(), Refused> {
    if *scope == Scope::default() {
        return Err(Refused::new("privilege_scope", "it names nothing"));
    }
    let or_all = |list: &List, name: &str| name == ALL && list.as_ref().is_some_and(|list| list.len() == 1);
    let lists = [
        ("permitted_nationalities", &scope.permitted_nationalities, &is_nation as &dyn Fn(&str) -> bool),
        ("permitted_organizations", &scope.permitted_organizations, &is_known_organisation),
        ("shareability", &scope.shareability, &|name: &str| SHAREABILITIES.contains(&name)),
        ("entity", &scope.entity, &|name: &str| ENTITIES.contains(&name)),
    ];
    lists.into_iter().try_for_each(|(name, list, known)| check_list(name, list, |word| known(word) || or_all(list, word)))
}

fn check_list(name: &str, list: &List, known: impl Fn(&str) -> bool) -> Result<(), Refused> {
    let Some(list) = list else { return Ok(()) };
    if list.is_empty() || list.len() > ITEMS_MAX {
        return Err(Refused::new(name, "a list that is empty or too long"));
    }
    match list.iter().find(|word| !known(word)) {
        Some(word) => Err(Refused::new(word, format!("not a value of `{name}`"))),
        None => Ok(()),
    }
}

/// A nation of ISO 3166-1, or Kosovo as GENC has it.
pub(super) fn is_nation(code: &str) -> bool {
    nation::index(code).is_some_and(|_| code != super::super::KOSOVO.0) || code == super::super::KOSOVO.1
}

/// `AAA.BBB` or `AAA.BBB.C-C`.
pub(super) fn is_organisation(code: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let dashed = |part: &str| plain(&part.replace('-', "")) && !part.starts_with('-');
    let parts: Vec<&str> = code.split('.').collect();
    match parts.as_slice() {
        [one, two] => plain(one) && plain(two),
        [one, two, three] => plain(one) && plain(two) && dashed(three) && three.len() > 1,
        _ => false,
    }
}

pub(super) fn is_known_organisation(code: &str) -> bool {
    is_organisation(code) || COMMUNITIES.contains(&code)
}

/// The reader's message of an unknown or missing property, without the values that it may quote.
fn short(message: &str) -> String {
    message.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
