//! The decision rule of ACS, read from its fields and applied to one requester: slow, obvious, and what the mapping is tested against.
//!
//! Access: every control of the control set is met, and then, of the rules for the action or for ALL, a matching denial denies, else a
//! matching permission permits, else `privdefault`. Sharing: the same with `further_sharing` and `sharedefault`. Where the meaning of a
//! list is open, the reading is the one that admits fewer: of several nationalities all must be permitted, and one suffices to be denied.

use std::collections::BTreeSet;

use super::form::ALL;
use super::tables::{COMMUNITIES, Demand, GOVERNMENTS, SHARING, WORDS};
use super::{AccessControl, Effect, Scope};
use crate::worlds::ism::{Classification, tokens};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requester {
    /// All nationalities, as GENC has them.
    pub nations: BTreeSet<String>,
    /// The code of the organisation.
    pub organisation: String,
    /// Communities, governments and sectors that the organisation is in.
    pub communities: BTreeSet<String>,
    /// Shareability values held.
    pub shareability: BTreeSet<String>,
    /// What the requester is: GOV, CTR.
    pub entity: BTreeSet<String>,
    /// The clearance.
    pub clearance: Classification,
    /// Restrictive values held: SCI controls, categories, caveats, sensitivities, determinations, by name.
    pub accesses: BTreeSet<String>,
}

impl AccessControl {
    /// Whether `requester` may take `action`. Anything that cannot be decided is denied.
    #[must_use]
    pub fn decide(&self, requester: &Requester, action: &str) -> Effect {
        if !self.meets_controls(requester) {
            return Effect::Deny;
        }
        let rules: Vec<_> =
            self.access_privilege.iter().flatten().filter(|rule| rule.privilege_action == action || rule.privilege_action == ALL).collect();
        if rules.iter().any(|rule| rule.rule_effect == Effect::Deny && is_touched(&rule.privilege_scope, requester)) {
            return Effect::Deny;
        }
        if rules.iter().any(|rule| rule.rule_effect == Effect::Permit && is_inside(&rule.privilege_scope, requester)) {
            return Effect::Permit;
        }
        self.defaults().map_or(Effect::Deny, |(access, _)| access)
    }

    /// Whether whoever has it may share it with the organisation of `requester`.
    #[must_use]
    pub fn may_share(&self, requester: &Requester) -> Effect {
        let rules = || self.further_sharing.iter().flatten();
        // One organisation may be part of another, or of a community that nobody listed: then a denial counts, and a permission does not.
        let is_denied = |scope: &BTreeSet<String>| scope.iter().any(|code| is_related(code, requester));
        let is_permitted = |scope: &BTreeSet<String>| scope.iter().any(|code| is_member(code, requester));
        if rules().any(|rule| rule.rule_effect == Effect::Deny && is_denied(&rule.sharing_scope)) {
            return Effect::Deny;
        }
        if rules().any(|rule| rule.rule_effect == Effect::Permit && is_permitted(&rule.sharing_scope)) {
            return Effect::Permit;
        }
        self.defaults().map_or(Effect::Deny, |(_, share)| share)
    }

    fn meets_controls(&self, requester: &Requester) -> bool {
        let set = &self.control_set;
        let cleared = match set.classification.as_str() {
            "U" => true,
            "C" => requester.clearance >= Classification::Confidential,
            "S" => requester.clearance >= Classification::Secret,
            "TS" => requester.clearance >= Classification::TopSecret,
            _ => false,
        };
        let words = [&set.formal_determination, &set.caveat, &set.sensitivity].into_iter().flatten().flatten();
        let met = |word: &String| match WORDS.iter().find(|known| known.name == word).map(|known| known.demand) {
            Some(Demand::Nothing) => true,
            Some(Demand::Home) => requester.nations.iter().eq(["USA"]),
            Some(Demand::Hold(_, _, value)) => requester.accesses.contains(value),
            None => false,
        };
        let held = [&set.sci_controls, &set.logical_authority_category].into_iter().flatten().flatten();
        let scope = Scope {
            permitted_nationalities: set.permitted_nationalities.clone(),
            permitted_organizations: set.permitted_organizations.clone(),
            shareability: set.shareability.clone(),
            entity: set.entity.clone(),
        };
        let code_of = |name: &String| {
            tokens::TOKENS.iter().find(|token| token.also.contains(&name.as_str())).map_or(name.clone(), |token| token.code.to_owned())
        };
        cleared
            && words.into_iter().all(met)
            && held.into_iter().all(|name| requester.accesses.contains(&code_of(name)))
            && is_inside(&scope, requester)
    }
}

fn is_all(list: &BTreeSet<String>) -> bool {
    list.contains(ALL)
}

/// Whether the requester is in the scope for sure.
fn is_inside(scope: &Scope, requester: &Requester) -> bool {
    let some =
        |list: &Option<BTreeSet<String>>, own: &BTreeSet<String>| list.as_ref().is_none_or(|list| is_all(list) || !list.is_disjoint(own));
    let nations = scope
        .permitted_nationalities
        .as_ref()
        .is_none_or(|list| is_all(list) || (!requester.nations.is_empty() && requester.nations.is_subset(list)));
    let organisations =
        scope.permitted_organizations.as_ref().is_none_or(|list| is_all(list) || list.iter().any(|code| is_member(code, requester)));
    nations && organisations && some(&scope.shareability, &requester.shareability) && some(&scope.entity, &requester.entity)
}

/// Whether the requester may be in the scope.
fn is_touched(scope: &Scope, requester: &Requester) -> bool {
    let some =
        |list: &Option<BTreeSet<String>>, own: &BTreeSet<String>| list.as_ref().is_none_or(|list| is_all(list) || !list.is_disjoint(own));
    let organisations =
        scope.permitted_organizations.as_ref().is_none_or(|list| is_all(list) || list.iter().any(|code| is_related(code, requester)));
    organisations
        && some(&scope.permitted_nationalities, &requester.nations)
        && some(&scope.shareability, &requester.shareability)
        && some(&scope.entity, &requester.entity)
}

/// Whether `code` names the organisation of the requester, or a community that it is in.
fn is_member(code: &str, requester: &Requester) -> bool {
    code == requester.organisation || requester.communities.contains(code)
}

/// Whether `code` names the organisation, a part of it, what it is a part of, or a community, which anybody could be in.
pub(super) fn is_related(code: &str, requester: &Requester) -> bool {
    is_community(code) || are_related(code, &requester.organisation)
}

/// Whether `code` is a community.
pub(super) fn is_community(code: &str) -> bool {
    COMMUNITIES.contains(&code) || GOVERNMENTS.contains(&code) || SHARING.contains(&code)
}

/// Whether one organisation is the other or a part of it, by their codes.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    let is_part = |part: &str, whole: &str| part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_part(one, other) || is_part(other, one)
}
