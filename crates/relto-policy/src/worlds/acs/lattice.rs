//! ACS to a label and back.
//!
//! The label admits whom the rule of [`decide`](super::decide) admits to `DSPLY`, and of other organisations only those with whom the
//! object may be shared. Permissions that differ in more than one list become what they have in common; a denial is taken out of the
//! audience, and refused where only "everybody but" would say it. A label is written with a control set alone: displayed, shared no further.

use std::collections::BTreeSet;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, Value};

use super::super::ism::{CLASSIFICATIONS, Classification, USA, tokens};
use super::super::{Facets, KOSOVO, Reading, Refused, Site, from_code, to_code};
use super::decide::{are_related, is_community};
use super::form::{ALL, is_known_organisation};
use super::tables::{AUTHORITY, Demand, ENTITY, Field, SHAREABILITY, WORDS, Word};
use super::{AccessControl, ControlSet, Effect, Privilege, Scope};
use crate::nation;
use crate::policy::{ACS, ORGANISATIONS, RELEASABLE_TO, SCI_CONTROLS};

/// What an extension says of itself beside the label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// `identifier`.
    pub identifier: String,
    /// `create_date_time`, RFC 3339 in UTC.
    pub created: String,
    /// `responsible_entity_custodian`, the code of an organisation.
    pub custodian: String,
}

/// What is noted where a community is named beside an organisation that is denied.
const COMMUNITY_BESIDE_DENIAL: &str = "a community may hold one who is denied, so that organisations by name are left";

/// The lists of a scope, each with its policy and tag here.
const LISTS: [(&str, &str); 4] = [(USA, RELEASABLE_TO), (ACS, ORGANISATIONS), (ACS, SHAREABILITY), (ACS, ENTITY)];

impl Scope {
    fn lists(&self) -> [Option<&BTreeSet<String>>; 4] {
        let lists = [&self.permitted_nationalities, &self.permitted_organizations, &self.shareability, &self.entity];
        lists.map(|list| list.as_ref().filter(|list| !list.contains(ALL)))
    }
}

impl AccessControl {
    pub(super) fn label(&self, site: &Site<'_>) -> Result<Reading, Refused> {
        let mut notes = Vec::new();
        let mut facets = Facets::default();
        self.controls(&mut facets, site)?;
        self.access(&mut facets, &mut notes, site)?;
        self.sharing(&mut facets, &mut notes, site);
        Ok(Reading { label: facets.label("ACS")?, notes })
    }

    fn controls(&self, facets: &mut Facets, site: &Site<'_>) -> Result<(), Refused> {
        let set = &self.control_set;
        let level = CLASSIFICATIONS.iter().find(|(_, code, ..)| *code == set.classification);
        facets.level(USA, level.ok_or_else(|| Refused::new(&set.classification, "not a classification"))?.3);
        for name in set.sci_controls.iter().flatten() {
            let token = tokens::sci_control(name).ok_or_else(|| Refused::new(name, "no row of the table has this SCI control"))?;
            token.systems().for_each(|value| facets.hold(USA, SCI_CONTROLS, value));
        }
        let words = [&set.formal_determination, &set.caveat, &set.sensitivity].into_iter().flatten().flatten();
        for word in words {
            match WORDS.iter().find(|known| known.name == word).map(|known| known.demand) {
                Some(Demand::Hold(policy, tag, value)) => facets.hold(policy, tag, value),
                Some(Demand::Home) => facets.only(USA, RELEASABLE_TO, [Value::Nation(USA.to_owned())]),
                Some(Demand::Nothing) => {}
                None => return Err(Refused::new(word, "no row of the table has this word")),
            }
        }
        set.logical_authority_category.iter().flatten().for_each(|name| facets.hold(ACS, AUTHORITY, name));
        let scope = Scope {
            permitted_nationalities: set.permitted_nationalities.clone(),
            permitted_organizations: set.permitted_organizations.clone(),
            shareability: set.shareability.clone(),
            entity: set.entity.clone(),
        };
        admit(facets, &scope, site)
    }

    fn rules(&self, effect: Effect) -> impl Iterator<Item = &Scope> {
        let own = move |rule: &&Privilege| rule.rule_effect == effect && matches!(rule.privilege_action.as_str(), "DSPLY" | ALL);
        self.access_privilege.iter().flatten().filter(own).map(|rule| &rule.privilege_scope)
    }

    fn access(&self, facets: &mut Facets, notes: &mut Vec<String>, site: &Site<'_>) -> Result<(), Refused> {
        if self.defaults()?.0 == Effect::Deny {
            let permitted: Vec<&Scope> = self.rules(Effect::Permit).collect();
            match in_one(&permitted) {
                Some(scope) => admit(facets, &scope, site)?,
                None if permitted.is_empty() => {
                    notes.push("no rule permits DSPLY and the default denies it: for nobody".to_owned());
                    facets.only(ACS, ORGANISATIONS, []);
                }
                None => {
                    notes.push("permissions that one label cannot put side by side: for those in all of them".to_owned());
                    permitted.iter().try_for_each(|scope| admit(facets, scope, site))?;
                }
            }
        }
        self.rules(Effect::Deny).try_for_each(|scope| deny(facets, scope, notes))
    }

    fn sharing(&self, facets: &mut Facets, notes: &mut Vec<String>, site: &Site<'_>) {
        let rules = |effect: Effect| {
            let own = self.further_sharing.iter().flatten().filter(move |rule| rule.rule_effect == effect);
            own.flat_map(|rule| rule.sharing_scope.iter())
        };
        let denied: Vec<&String> = rules(Effect::Deny).collect();
        let default = self.defaults().map_or(Effect::Deny, |(_, share)| share);
        if default == Effect::Permit && denied.is_empty() {
            return;
        }
        let mut named = vec![Value::Organisation(site.context.owner.clone())];
        if default == Effect::Permit || denied.iter().any(|code| is_community(code)) {
            notes.push(format!("who must not share it is not known by name: for {} alone", site.context.owner));
        } else {
            let stays = |code: &&String| denied.is_empty() || !(is_community(code) || denied.iter().any(|other| are_related(code, other)));
            if !denied.is_empty() && rules(Effect::Permit).any(|code| is_community(code)) {
                notes.push(COMMUNITY_BESIDE_DENIAL.to_owned());
            }
            named.extend(rules(Effect::Permit).filter(stays).map(|code| organisation(code)));
        }
        facets.only(ACS, ORGANISATIONS, named);
    }

    pub(super) fn of_label(label: &Label, issue: &Issue, site: &Site<'_>) -> Result<Self, Refused> {
        let mut set = ControlSet::default();
        for (policy, facet) in label.facets() {
            if policy.as_str() == USA {
                let level = Classification::of_rank(facet.level).map(Classification::code);
                set.classification = level.ok_or_else(|| Refused::new("USA", "a rank that no classification has"))?.to_owned();
            } else if facet.level > 0 {
                return Err(Refused::new(policy.as_str(), "ACS has the classification of the US and no other level"));
            }
            facet.restrictive.iter().try_for_each(|restriction| set.take_value(policy.as_str(), restriction))?;
            set.take_audience(policy.as_str(), facet, site)?;
        }
        if set.classification.is_empty() {
            return Err(Refused::new("classification", "ACS asks for the classification of the US"));
        }
        let everybody = Scope { entity: Some(BTreeSet::from([ALL.to_owned()])), ..Scope::default() };
        let written = Self {
            extension_type: "property-extension".to_owned(),
            identifier: issue.identifier.clone(),
            name: None,
            create_date_time: issue.created.clone(),
            responsible_entity_custodian: issue.custodian.clone(),
            responsible_entity_originator: None,
            authority_reference: None,
            policy_reference: format!("{}privdefault=deny&sharedefault=deny", super::form::POLICY),
            original_classification: None,
            derivative_classification: None,
            declassification: None,
            resource_disposition: None,
            public_release: None,
            access_privilege: Some(vec![Privilege {
                privilege_action: "DSPLY".to_owned(),
                privilege_scope: everybody,
                rule_effect: Effect::Permit,
            }]),
            further_sharing: None,
            control_set: set,
        };
        written.check()?;
        Ok(written)
    }
}

impl ControlSet {
    fn take_value(&mut self, policy: &str, Restriction { tag, value }: &Restriction) -> Result<(), Refused> {
        let fill = |list: &mut Option<BTreeSet<String>>| {
            list.get_or_insert_default().insert(value.clone());
        };
        if policy == USA && tag == SCI_CONTROLS && tokens::sci_control(value).is_some() {
            fill(&mut self.sci_controls);
            return Ok(());
        }
        if policy == ACS && tag == AUTHORITY {
            fill(&mut self.logical_authority_category);
            return Ok(());
        }
        let asks = |word: &&Word| match word.demand {
            Demand::Hold(own, own_tag, own_value) => (own, own_tag, own_value) == (policy, tag.as_str(), value.as_str()),
            Demand::Home | Demand::Nothing => false,
        };
        match WORDS.iter().find(asks).map(|word| word.field) {
            Some(Field::FormalDetermination) => fill(&mut self.formal_determination),
            Some(Field::Caveat) => fill(&mut self.caveat),
            Some(Field::Sensitivity) => fill(&mut self.sensitivity),
            None => return Err(Refused::new(value, format!("ACS does not say {policy} `{tag}: {value}`"))),
        }
        Ok(())
    }

    fn take_audience(&mut self, policy: &str, facet: &Facet, site: &Site<'_>) -> Result<(), Refused> {
        for Clause { tag, values } in &facet.permissive {
            let own = LISTS.contains(&(policy, tag.as_str()));
            let known = |value: &Value| if own { word_of(tag, value, site) } else { None };
            // What ACS cannot name is left out, which is stricter; when nobody is left, it says nothing of the clause.
            let words: BTreeSet<String> = values.iter().filter_map(known).collect();
            if words.is_empty() {
                return Err(Refused::new(tag, "ACS can name nobody of this audience"));
            }
            let list = match tag.as_str() {
                RELEASABLE_TO => &mut self.permitted_nationalities,
                ORGANISATIONS => &mut self.permitted_organizations,
                SHAREABILITY => &mut self.shareability,
                _ => &mut self.entity,
            };
            let common = list.take().map_or(words.clone(), |own| own.intersection(&words).cloned().collect());
            if common.is_empty() {
                return Err(Refused::new(tag, "two audiences that have nobody in common by name"));
            }
            *list = Some(common);
        }
        Ok(())
    }
}

/// The scope that says all of `scopes` side by side: they differ in one list at most. Of nationalities one list must hold the others, since
/// somebody with two could have each from another rule, and no rule that permits both.
fn in_one(scopes: &[&Scope]) -> Option<Scope> {
    let (first, rest) = scopes.split_first()?;
    rest.iter().try_fold((*first).clone(), |one, other| {
        let differs = one.lists().iter().zip(other.lists()).filter(|(own, other)| **own != *other).count();
        let nations = side_by_side(&one.permitted_nationalities, &other.permitted_nationalities);
        let own = [&one, *other].map(|scope| scope.permitted_nationalities.as_ref());
        let is_split = nations.is_some() && !own.contains(&nations.as_ref());
        (differs < 2 && !is_split).then(|| Scope {
            permitted_nationalities: nations,
            permitted_organizations: side_by_side(&one.permitted_organizations, &other.permitted_organizations),
            shareability: side_by_side(&one.shareability, &other.shareability),
            entity: side_by_side(&one.entity, &other.entity),
        })
    })
}

/// What either list names; `None` when one names everybody.
fn side_by_side(own: &Option<BTreeSet<String>>, other: &Option<BTreeSet<String>>) -> Option<BTreeSet<String>> {
    let (own, other) = (own.as_ref()?, other.as_ref()?);
    (!own.contains(ALL) && !other.contains(ALL)).then(|| own.union(other).cloned().collect())
}

/// One clause for each list of `scope` that does not name everybody.
fn admit(facets: &mut Facets, scope: &Scope, site: &Site<'_>) -> Result<(), Refused> {
    for ((policy, tag), list) in LISTS.into_iter().zip(scope.lists()) {
        let Some(list) = list else { continue };
        let values = list.iter().map(|word| match tag {
            RELEASABLE_TO => from_code(word, site),
            ORGANISATIONS => Ok(organisation(word)),
            _ => Ok(Value::Category(word.clone())),
        });
        facets.only(policy, tag, values.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(())
}

/// Takes `scope` out of the audience; where it names several lists, out by one of them, which takes out more.
fn deny(facets: &mut Facets, scope: &Scope, notes: &mut Vec<String>) -> Result<(), Refused> {
    let [nations, organisations, shareability, entity] = scope.lists();
    let several = scope.lists().iter().flatten().count() > 1;
    if let Some(nations) = nations {
        let others = nation::codes().filter(|code| {
            let code = if *code == KOSOVO.0 { KOSOVO.1 } else { code };
            !nations.contains(code)
        });
        facets.only(USA, RELEASABLE_TO, others.map(|code| Value::Nation(code.to_owned())));
    } else if let Some(organisations) = organisations {
        remove(facets, organisations, notes)?;
    } else if shareability.or(entity).is_some() {
        return Err(Refused::new("rule_effect", "a denial by what a reader is, of which a label cannot say the contrary"));
    } else {
        notes.push("DSPLY is denied to everybody".to_owned());
        facets.only(ACS, ORGANISATIONS, []);
    }
    if several {
        notes.push("a denial by several lists is held to for everybody in the first".to_owned());
    }
    Ok(())
}

fn remove(facets: &mut Facets, denied: &BTreeSet<String>, notes: &mut Vec<String>) -> Result<(), Refused> {
    let cannot =
        || Refused::new("rule_effect", "a denial to organisations where it is not said who may, so that a label cannot leave them out");
    if denied.iter().any(|code| is_community(code)) {
        return Err(cannot());
    }
    let named = facets.clauses(ACS, ORGANISATIONS);
    let stays = |value: &Value| matches!(value, Value::Organisation(code) if !denied.iter().any(|other| are_related(code, other)));
    let clause = named.first().ok_or_else(cannot)?;
    let left: Vec<Value> = clause.values.iter().filter(|value| stays(value)).cloned().collect();
    if clause.values.iter().any(|value| matches!(value, Value::Category(_))) {
        notes.push(COMMUNITY_BESIDE_DENIAL.to_owned());
    }
    facets.only(ACS, ORGANISATIONS, left);
    Ok(())
}

fn organisation(code: &str) -> Value {
    if is_community(code) { Value::Category(code.to_owned()) } else { Value::Organisation(code.to_owned()) }
}

/// The word of a list for `value`, if ACS has one that reads as the same value.
fn word_of(tag: &str, value: &Value, site: &Site<'_>) -> Option<String> {
    match (tag, value) {
        (RELEASABLE_TO, Value::Nation(_)) => to_code(value, site).ok(),
        (ORGANISATIONS, Value::Organisation(name)) => (is_known_organisation(name) && !is_community(name)).then(|| name.clone()),
        (ORGANISATIONS, Value::Category(name)) => (is_known_organisation(name) && is_community(name)).then(|| name.clone()),
        (SHAREABILITY, Value::Category(name)) => super::tables::SHAREABILITIES.contains(&name.as_str()).then(|| name.clone()),
        (ENTITY, Value::Category(name)) => super::tables::ENTITIES.contains(&name.as_str()).then(|| name.clone()),
        _ => None,
    }
}
