//! What a writer may see of the rows that are there already, and what follows for the write.

use std::sync::Arc;

use relto_gate::custody::{self, Purpose};
use relto_gate::{Arrival, LabelId, Principal, Sealed, clear};
use relto_model::kinds::Kinds;
use relto_model::object::{Class, Object};
use relto_model::time::sort_key;
use relto_store::{CollectionKey, Held};

use super::{Outcome, version_of};
use crate::facts::Account;
use crate::node::Writing;

/// With whose eyes a write is judged.
pub(crate) enum Eyes {
    /// Whoever holds the data directory sees everything.
    Custodian,
    /// An account sees what its release set admits.
    Account {
        /// The account.
        account: Arc<Account>,
        /// Its release set, with the labels known when it was made.
        principal: Option<Principal>,
        /// How many labels those were.
        known: LabelId,
    },
}

impl Eyes {
    pub(crate) fn of(account: Arc<Account>) -> Self {
        Self::Account { account, principal: None, known: LabelId(0) }
    }

    /// Makes sure that labels entered during this transaction are decided too.
    fn refresh(&mut self, writing: &Writing<'_>) {
        let Self::Account { account, principal, known } = self else { return };
        let next = writing.labels().next_id();
        if principal.is_none() || *known != next {
            let gate = writing.acting_gate();
            *principal = Some(gate.principal(account.name.clone(), account.profile.clone(), account.gained.clone()));
            *known = next;
        }
    }

    /// All rows, for whoever answers for them.
    pub(crate) fn open_as_custodian(rows: Vec<Sealed<Held>>) -> Vec<Held> {
        rows.into_iter().map(open_for_custodian).collect()
    }

    /// The rows among `rows` that may be seen, in the order in which they became visible to whoever looks: that of arrival could tell how
    /// long something was there before.
    pub(crate) fn open(&mut self, writing: &Writing<'_>, rows: Vec<Sealed<Held>>) -> Vec<Held> {
        self.refresh(writing);
        match self {
            Self::Custodian => Self::open_as_custodian(rows),
            Self::Account { account, principal, .. } => {
                let Some(principal) = principal else { return Vec::new() };
                let cleared = rows.into_iter().filter_map(|row| Some(clear(row, principal)?.get().clone()));
                let mut visible: Vec<Held> = cleared.filter(|row| reaches(writing, account, principal, row)).collect();
                visible.sort_by_key(|row| (became_visible(account, principal, row), row.arrival));
                visible
            }
        }
    }
}

/// When the account first could see the row: as it arrived, or by a later gain of its label or collection.
fn became_visible(account: &Account, principal: &Principal, row: &Held) -> Arrival {
    let gains = [principal.release().gained(row.label), account.gained_collections.get(&row.collection.0).copied()];
    gains.into_iter().flatten().map(|gained| gained.arrival).fold(row.arrival, Arrival::max)
}

/// Whether the row stands in a collection that the principal can see and read: what is in any other is absent for it.
fn reaches(writing: &Writing<'_>, account: &Account, principal: &Principal, row: &Held) -> bool {
    let collection = writing.before.directory.collection_of(row.collection);
    let is_here = collection.is_some_and(|record| record.can_read && account.reads(record) && principal.release().permits(record.label));
    is_here && !writing.before.directory.stays(account, &row.owner)
}

#[expect(clippy::disallowed_methods, reason = "the custodian loads, relabels and explains what the directory holds")]
fn open_for_custodian(row: Sealed<Held>) -> Held {
    custody::open(row, Purpose::Custodian)
}

#[expect(clippy::disallowed_methods, reason = "a row already stored under the same label is not stored again, whoever may see it")]
pub(crate) fn open_to_write(rows: Vec<Sealed<Held>>) -> Vec<Held> {
    rows.into_iter().map(|row| custody::open(row, Purpose::Persist)).collect()
}

/// What a writer may hold beside others' rows of the very same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// What is shared by its value, and nothing else.
    Anybody,
    /// What it has signed, beside copies that nobody signed: who passed it on so was first to bring it, not to write it, and may take it away again.
    Originator,
    /// Everything.
    Custodian,
}

/// Judges `object` on its way into `collection` against the `visible` rows of its id; `None` lets it in.
///
/// Whether it is there already, or something else in its place, is a question of the collection; whose the id is, and whether the object was
/// withdrawn, one of the node.
pub(crate) fn judge(
    object: &Object,
    organisation: &str,
    standing: Standing,
    collection: CollectionKey,
    visible: &[Held],
    kinds: &Kinds,
) -> Option<Outcome> {
    let version = sort_key(version_of(object));
    let shared_by_value = matches!(object.class(), Class::Sco);
    let never_changes = object.kind() == "marking-definition";
    // Under its own label, beside others' rows.
    let holds_its_own = shared_by_value || standing != Standing::Anybody;
    let here = visible.iter().filter(|row| row.collection == collection);
    let rivals: Vec<&Held> = here.filter(|row| never_changes || sort_key(&row.version) == version).collect();
    if rivals.iter().any(|row| (row.owner == organisation || !holds_its_own) && same_content(object, row, kinds)) {
        return Some(Outcome::Present);
    }
    if shared_by_value {
        return None;
    }
    if rivals.iter().any(|row| !same_content(object, row, kinds)) {
        return Some(Outcome::Refused(other_content(never_changes).to_owned()));
    }
    let is_beside_its_like = standing == Standing::Originator && !rivals.is_empty();
    if standing == Standing::Custodian || is_beside_its_like {
        return None;
    }
    if visible.first().is_some_and(|first| first.owner != organisation) {
        let why = "this id belongs to another organisation (STIX 2.1, section 3.6): make an object of your own with `derived-from`";
        return Some(Outcome::Refused(why.to_owned()));
    }
    let revoked =
        visible.iter().filter(|row| sort_key(&row.version) < version).any(|row| stored(row, kinds).is_some_and(|old| old.revoked()));
    revoked.then(|| Outcome::Refused("this object was revoked, and that is final (STIX 2.1, section 3.2)".to_owned()))
}

fn other_content(never_changes: bool) -> &'static str {
    if never_changes {
        "a marking-definition with this id but other content is here already, and it has no versions (STIX 2.1, section 3.6): give it an id of its own"
    } else {
        "an object with this id and version but other content is here already (STIX 2.1, section 3.6): give it a later `modified`"
    }
}

/// Whether `row` holds the same content as `object`, byte for byte or in canonical form.
pub(crate) fn same_content(object: &Object, row: &Held, kinds: &Kinds) -> bool {
    object.bytes() == &row.body || stored(row, kinds).is_some_and(|stored| stored.digest() == object.digest())
}

fn stored(row: &Held, kinds: &Kinds) -> Option<Object> {
    Object::parse(row.body.clone(), kinds).ok()
}
