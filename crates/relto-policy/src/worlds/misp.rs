//! MISP: distribution, sharing groups and the tags `tlp:` and `PAP:` of an event, its objects and its attributes.
//!
//! Distribution is a hop counter and a list of organisations; it knows no clearance, nationality or originator control. [`read`] joins the
//! layers that an item stands in (event AND object AND attribute), [`arrived`](Distribution::arrived) takes the hop, [`write`] says a label
//! in MISP's words and reads it again before it lets it out. An empty sharing group is nobody, and none is ever written. Organisations are
//! known by uuid: a name that another server sends is no proof, so a [`Directory`] says which uuid is which organisation here.

mod group;
mod lattice;
mod layer;
mod marking;

use std::collections::BTreeMap;

use relto_model::Label;

pub use group::{Member, Server, SharingGroup};
pub use layer::Layer;
pub use marking::{MISP_EXTENSION, read_marking, restricts};

use super::{Reading, Refused, Row, Site};
use crate::policy::tlp;

/// Uuids of MISP organisations, lower case, with the names of the organisations that they are here.
pub type Directory = BTreeMap<String, String>;

/// How far an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distribution {
    /// 0.
    OrganisationOnly,
    /// 1.
    ThisCommunity,
    /// 2.
    ConnectedCommunities,
    /// 3.
    AllCommunities,
    /// 4.
    SharingGroup,
    /// 5: as what it stands in.
    Inherit,
}

/// Every distribution with its number and what it is here.
const DISTRIBUTIONS: [(Distribution, u8, &str); 6] = [
    (Distribution::OrganisationOnly, 0, "ORG: the object's organisation"),
    (Distribution::ThisCommunity, 1, "ORG: the object's organisation and the recipients of the collection"),
    (Distribution::ConnectedCommunities, 2, "ORG: those of 1 and the clients of the recipients"),
    (Distribution::AllCommunities, 3, "TLP:GREEN, all accounts and partners and not the public"),
    (Distribution::SharingGroup, 4, "ORG: the organisations of the group that the directory knows; of an empty group nobody"),
    (Distribution::Inherit, 5, "nothing beside what it stands in; refused of an event"),
];

impl Distribution {
    /// The distribution of a number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        DISTRIBUTIONS.iter().find(|(_, own, _)| *own == number).map(|(own, ..)| *own)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        DISTRIBUTIONS.iter().find(|(own, ..)| *own == self).map_or(0, |(_, number, _)| *number)
    }

    /// What it is after one hop between servers: 2 arrives as 1 and 1 as 0.
    ///
    /// # Errors
    /// [`Refused`] for 0, which was not to leave its organisation.
    pub fn arrived(self) -> Result<Self, Refused> {
        match self {
            Self::OrganisationOnly => Err(Refused::new("distribution 0", "it was not to leave its organisation")),
            Self::ThisCommunity => Ok(Self::OrganisationOnly),
            Self::ConnectedCommunities => Ok(Self::ThisCommunity),
            kept => Ok(kept),
        }
    }
}

/// How what is read came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It was made here, or the hop has been taken already.
    Here,
    /// Another server's words, as they stood there.
    FromServer,
}

/// The MISP side of a node.
#[derive(Debug, Clone, Copy)]
pub struct Community<'a> {
    /// Which organisation a uuid is.
    pub directory: &'a Directory,
    /// The address by which sharing groups name this node; `None` when none does.
    pub url: Option<&'a str>,
}

/// What a sharing group that is written is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Its uuid.
    pub uuid: String,
    /// Its name.
    pub name: String,
}

/// Reads what an item stands in, the event first: all layers must let a reader in.
///
/// # Errors
/// [`Refused`] for a layer that cannot be read, and when no layer says anything.
pub fn read(layers: &[Layer], came: Came, community: &Community<'_>, site: &Site<'_>) -> Result<Reading, Refused> {
    if layers.first().is_none_or(|event| event.distribution == Distribution::Inherit) {
        return Err(Refused::new("distribution", "an event has nothing to inherit from"));
    }
    let mut notes = Vec::new();
    let mut joined: Option<Label> = None;
    for layer in layers {
        if let Some(Reading { label, notes: own }) = lattice::layer(layer, came, community, site)? {
            notes.extend(own);
            joined = Some(joined.map_or(label.clone(), |joined| joined.join(&label)));
        }
    }
    let label = joined.ok_or_else(|| Refused::new("distribution", "nothing is said of who may read"))?;
    Ok(Reading { label, notes })
}

/// Writes `label` as the layer of an event of this node.
///
/// # Errors
/// [`Refused`] when MISP cannot restrict as much: another policy, a clearance, persons, nobody, or organisations that the directory lacks.
pub fn write(label: &Label, group: &NewGroup, community: &Community<'_>, site: &Site<'_>) -> Result<Layer, Refused> {
    let written = lattice::of_label(label, group, community, site)?;
    let back = read(std::slice::from_ref(&written), Came::Here, community, site)?.label;
    if back.clone().join(label) == back {
        return Ok(written);
    }
    Err(Refused::new("label", "MISP would let in more than the label does"))
}

/// Tags that restrict, and what they are here; `None` is refused.
const TLP_TAGS: [(&str, Option<u8>); 7] = [
    ("clear", Some(tlp::CLEAR)),
    ("white", Some(tlp::CLEAR)),
    ("green", Some(tlp::GREEN)),
    ("amber", Some(tlp::AMBER)),
    ("amber+strict", Some(tlp::AMBER_STRICT)),
    ("red", Some(tlp::RED)),
    ("unclear", None),
];
/// Of TLP: who said it must not be disclosed.
const CHATHAM_HOUSE: &str = "ex:chr";
/// The value under which it is held.
const NO_ATTRIBUTION: &str = "NO ATTRIBUTION";
/// Taxonomies whose tags say who may read or what law holds, and that no table maps: an item with one is refused.
const RESTRICTIVE: [&str; 14] = [
    "acs-marking",
    "ais-marking",
    "cssa",
    "de-vs",
    "dni-ism",
    "euci",
    "fr-classif",
    "gdpr",
    "iep",
    "iep2-policy",
    "iep2-reference",
    "nato",
    "pfc",
    "thales_group",
];

/// The rows of this world.
#[must_use]
pub fn rows() -> Vec<Row> {
    const CORE: &str = "MISP core format, distribution";
    const GROUP: &str = "MISP core format, sharing groups";
    let level = |level: &Option<u8>| level.map_or("refused".to_owned(), |level| format!("TLP level {level}, for whom TLP says"));
    let distributions = DISTRIBUTIONS.iter().map(|(_, number, here)| Row::new(format!("distribution {number}"), *here, CORE));
    let hops = DISTRIBUTIONS.iter().map(|(own, number, _)| {
        let after = own.arrived().map_or("refused".to_owned(), |after| format!("distribution {}", after.number()));
        Row::new(format!("distribution {number} of another server"), after, "MISP, synchronisation")
    });
    let groups = [
        ("SharingGroupOrg", "the organisation of that uuid; `extend` is about the group and says nothing of readers"),
        ("SharingGroupOrg, none", "nobody"),
        ("active false", "nobody"),
        ("SharingGroupServer with all_orgs, of this node", "the recipients of the collection as well"),
        ("SharingGroupServer with all_orgs, of others", "nobody here"),
        ("roaming false, this node not among the servers", "refused"),
        ("releasability", "free text for people"),
    ];
    let groups = groups.into_iter().map(|(there, here)| Row::new(there, here, GROUP));
    let tags = TLP_TAGS.iter().map(|(word, own)| Row::new(format!("tag tlp:{word}"), level(own), "MISP taxonomy tlp, version 10"));
    let chatham =
        Row::new(format!("tag tlp:{CHATHAM_HOUSE}"), format!("HANDLING `Obligations: {NO_ATTRIBUTION}`"), "MISP taxonomy tlp, version 10");
    let others = RESTRICTIVE.iter().map(|name| Row::new(format!("tag {name}:"), "refused", "MISP taxonomies"));
    distributions.chain(hops).chain(groups).chain(tags).chain([chatham]).chain(others).collect()
}

#[cfg(test)]
mod tests;
