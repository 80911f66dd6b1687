//! Layers to labels and back. A label that is written is a distribution when one says it, else a sharing group of organisations by uuid.

use std::collections::BTreeSet;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Value};

use super::super::{Reading, Refused, Site, pap};
use super::{
    CHATHAM_HOUSE, Came, Community, Distribution, Layer, Member, NO_ATTRIBUTION, NewGroup, RESTRICTIVE, Server, SharingGroup, TLP_TAGS,
};
use crate::policy::{HANDLING, OBLIGATIONS, ORG, ORGANISATIONS, PAP, TLP, tlp};
use crate::text::tlp_label;

/// What a layer asks for; `None` when it is as what it stands in.
pub(super) fn layer(layer: &Layer, came: Came, community: &Community<'_>, site: &Site<'_>) -> Result<Option<Reading>, Refused> {
    let distribution = match came {
        Came::Here => layer.distribution,
        Came::FromServer => layer.distribution.arrived()?,
    };
    let mut notes = Vec::new();
    let mut labels = Vec::new();
    match (distribution, &layer.group) {
        (Distribution::Inherit, _) => {}
        (Distribution::AllCommunities, _) => labels.push(tlp_label(tlp::GREEN, site.context)),
        (Distribution::SharingGroup, Some(group)) => labels.push(only(members(group, community, site, &mut notes)?)),
        (Distribution::SharingGroup, None) => return Err(Refused::new("distribution 4", "the sharing group is not there")),
        (reach, _) => labels.push(only(within(reach, site))),
    }
    for tag in &layer.tags {
        labels.extend(of_tag(tag, site)?);
    }
    let label = labels.into_iter().reduce(|one, other| one.join(&other));
    Ok(label.map(|label| Reading { label, notes }))
}

fn only(values: BTreeSet<Value>) -> Label {
    Label::new(PolicyId::new(ORG), Facet::at_level(0).only(Clause::new(ORGANISATIONS, values)))
}

/// The organisation, the recipients of its collection, their clients: one more for each hop that is left.
fn within(reach: Distribution, site: &Site<'_>) -> BTreeSet<Value> {
    let collection = &site.context.collection;
    let own = Value::Organisation(site.context.owner.clone());
    let recipients = collection.clone().filter(|_| reach >= Distribution::ThisCommunity).map(Value::RecipientsOf);
    let clients = collection.clone().filter(|_| reach >= Distribution::ConnectedCommunities).map(Value::ClientsOf);
    [own].into_iter().chain(recipients).chain(clients).collect()
}

fn members(group: &SharingGroup, community: &Community<'_>, site: &Site<'_>, notes: &mut Vec<String>) -> Result<BTreeSet<Value>, Refused> {
    if !group.active {
        notes.push("the sharing group is not active: for nobody".to_owned());
        return Ok(BTreeSet::new());
    }
    let here = group.servers.iter().find(|server| community.url.is_some_and(|url| same_address(url, &server.url)));
    if here.is_none() && !group.roaming {
        return Err(Refused::new(&group.name, "the sharing group does not roam and does not name this node"));
    }
    let mut values = BTreeSet::new();
    for Member { uuid, .. } in &group.members {
        match community.directory.get(uuid) {
            Some(name) => drop(values.insert(Value::Organisation(name.clone()))),
            None => notes.push(format!("the organisation {uuid} is not known here and gets nothing")),
        }
    }
    if here.is_some_and(|server| server.all_orgs) {
        values.extend(site.context.collection.clone().map(Value::RecipientsOf));
    }
    if values.is_empty() {
        notes.push("the sharing group has no organisation of this node: for nobody".to_owned());
    }
    Ok(values)
}

fn same_address(one: &str, other: &str) -> bool {
    !one.is_empty() && one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// What a tag asks for; a tag of a taxonomy that only describes asks for nothing.
fn of_tag(tag: &str, site: &Site<'_>) -> Result<Option<Label>, Refused> {
    let lower = tag.trim().to_ascii_lowercase();
    let (namespace, word) = lower.split_once(':').unwrap_or((&lower, ""));
    match namespace.trim() {
        "tlp" if word == CHATHAM_HOUSE => {
            let mut facet = Facet::at_level(0);
            facet.restrictive.insert(Restriction { tag: OBLIGATIONS.to_owned(), value: NO_ATTRIBUTION.to_owned() });
            Ok(Some(Label::new(PolicyId::new(HANDLING), facet)))
        }
        "tlp" => match TLP_TAGS.iter().find(|(known, _)| *known == word) {
            Some((_, Some(level))) => Ok(Some(tlp_label(*level, site.context))),
            _ => Err(Refused::new(tag, "no colour of TLP")),
        },
        "pap" => pap::read(&lower).map(|reading| Some(reading.label)),
        other if RESTRICTIVE.contains(&other) => Err(Refused::new(tag, "a taxonomy that restricts, and that no table maps")),
        _ => Ok(None),
    }
}

/// The layer that says `label` as far as MISP can; the caller reads it again.
pub(super) fn of_label(label: &Label, group: &NewGroup, community: &Community<'_>, site: &Site<'_>) -> Result<Layer, Refused> {
    let mut tags = Vec::new();
    let mut audience: Option<BTreeSet<&Value>> = None;
    for (policy, facet) in label.facets() {
        match policy.as_str() {
            ORG => {}
            TLP => {
                let word = TLP_TAGS.iter().find(|(_, level)| *level == Some(facet.level));
                tags.push(format!("tlp:{}", word.ok_or_else(|| Refused::new(TLP, "no colour of this rank"))?.0));
            }
            PAP => tags.push(pap::write_facet(facet)?),
            HANDLING => tags.push(format!("tlp:{CHATHAM_HOUSE}")),
            other => return Err(Refused::new(other, "MISP says nothing of this policy")),
        }
        for clause in facet.permissive.iter().filter(|clause| clause.tag == ORGANISATIONS) {
            let named: BTreeSet<&Value> = clause.values.iter().collect();
            audience = Some(audience.map_or(named.clone(), |common| common.intersection(&named).copied().collect()));
        }
    }
    let Some(audience) = audience else { return Ok(Layer { distribution: Distribution::AllCommunities, group: None, tags }) };
    let reaches = [Distribution::ConnectedCommunities, Distribution::ThisCommunity, Distribution::OrganisationOnly];
    let fits = |reach: &&Distribution| within(**reach, site).iter().all(|value| audience.contains(value));
    // Without a collection all three reach no further than the organisation, and the least of them says so.
    let same = |reach: &&Distribution| within(**reach, site).len() > usize::from(**reach != Distribution::OrganisationOnly);
    let reach = reaches.iter().filter(same).find(fits).copied();
    let named = named_members(&audience, community);
    // A distribution is for a reader beside those it names; a group names more where there are more.
    if let Some(reach) = reach.filter(|reach| *reach > Distribution::OrganisationOnly || named.len() < 2) {
        return Ok(Layer { distribution: reach, group: None, tags });
    }
    let url = community.url.ok_or_else(|| Refused::new("SharingGroup", "this node has no address that a group could name"))?;
    if named.is_empty() {
        return Err(Refused::new("SharingGroup", "an empty group is nobody here, and everybody at servers that read it wrongly"));
    }
    let written = SharingGroup {
        uuid: group.uuid.clone(),
        name: group.name.clone(),
        releasability: String::new(),
        active: true,
        roaming: false,
        members: named,
        servers: vec![Server { url: url.to_owned(), all_orgs: false }],
    };
    Ok(Layer { distribution: Distribution::SharingGroup, group: Some(written), tags })
}

/// The organisations of an audience that have a uuid, each once.
fn named_members(audience: &BTreeSet<&Value>, community: &Community<'_>) -> Vec<Member> {
    let uuid_of = |name: &str| community.directory.iter().find(|(_, own)| *own == name).map(|(uuid, _)| uuid.clone());
    let one = |value: &&Value| match value {
        Value::Organisation(name) => uuid_of(name).map(|uuid| Member { uuid, name: name.clone(), extend: false }),
        _ => None,
    };
    audience.iter().filter_map(one).collect()
}
