//! The marking-definitions of a batch: what each means, and how they go along with what carries them.

use std::collections::{BTreeSet, HashMap};

use relto_gate::LabelId;
use relto_model::ObjectId;
use relto_model::object::Object;
use relto_store::{Bodies, CollectionKey, NewRow, held};

use super::judge::open_to_write;
use crate::error::StoreError;
use crate::node::Writing;

/// What a batch says of one marking.
#[derive(Debug)]
pub(crate) enum Definition {
    /// This.
    One(Object),
    /// Two things: it cannot be said which holds.
    Differing,
}

/// The marking-definitions of a batch.
pub(crate) type Definitions = HashMap<ObjectId, Definition>;

/// The marking-definitions among `objects`.
pub(crate) fn definitions<'o>(objects: impl Iterator<Item = &'o Object>) -> Definitions {
    let mut definitions = Definitions::new();
    for object in objects.filter(|object| object.kind() == "marking-definition") {
        let one = definitions.entry(object.id().clone()).or_insert_with(|| Definition::One(object.clone()));
        if matches!(one, Definition::One(known) if known.value() != object.value()) {
            *one = Definition::Differing;
        }
    }
    definitions
}

/// A marking-definition that goes with what carries it.
pub(crate) struct Carried<'c> {
    pub id: &'c ObjectId,
    pub version: &'c str,
    /// Whose it is, whoever makes it go along.
    pub owner: &'c str,
    pub body: &'c [u8],
}

/// Gives `definition` a row in `collection` under each of `labels` where it has none.
pub(crate) fn carry(
    writing: &mut Writing<'_>,
    collection: CollectionKey,
    definition: &Carried<'_>,
    labels: BTreeSet<LabelId>,
) -> Result<(), StoreError> {
    let here = open_to_write(held(&*writing.transaction, definition.id, Some(collection), Bodies::With)?);
    // What a stranger wrote under the same id and label does not stand for it.
    let has = |label: LabelId| here.iter().any(|row| row.label == label && row.body == definition.body);
    let missing: Vec<LabelId> = labels.into_iter().filter(|label| !has(*label)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for row in here.iter().filter(|row| !row.siblings) {
        writing.transaction.mark_siblings(collection, row.arrival)?;
    }
    let siblings = here.len() + missing.len() > 1;
    for label in missing {
        let Carried { id, version, owner, body } = *definition;
        let row = NewRow { arrival: writing.draw(), collection, added: writing.stamp, label, id, version, siblings, owner, body };
        writing.transaction.insert(&row)?;
    }
    Ok(())
}
