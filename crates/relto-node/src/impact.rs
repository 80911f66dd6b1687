//! What would change for whom if a file were put in force, before it is: objects newly released, and objects newly withheld.
//!
//! It is the activation itself, carried out in a transaction that is then dropped, so that the two cannot differ. For the custodian.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use relto_gate::LabelId;
use relto_policy::display;
use relto_store::{CollectionKey, each_held};
use serde::{Deserialize, Serialize};

use crate::activation::{ActivationError, NewFile, put_in_force};
use crate::error::StoreError;
use crate::facts::Facts;
use crate::ingest::Eyes;
use crate::node::{Node, Writing};

/// So many objects are named for one label.
pub const OBJECTS_NAMED_MAX: usize = 20;

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// What the file is, and what it describes.
    pub file: String,
    /// Every label that somebody would gain or lose, with the objects that carry it. Empty when nothing would change for anybody.
    pub changes: Vec<LabelImpact>,
    /// Whose list of visible collections would change.
    pub collections: Vec<CollectionImpact>,
}

/// A label that somebody would gain or lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelImpact {
    /// The label in words, as it is before.
    pub label: String,
    /// How many stored versions carry it.
    pub objects: u64,
    /// The first [`OBJECTS_NAMED_MAX`] of them, by id.
    pub named: Vec<String>,
    /// Accounts that would see them and do not now.
    pub released: Vec<String>,
    /// Accounts that see them now and would not.
    pub withheld: Vec<String>,
}

/// A collection that somebody would gain or lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionImpact {
    /// Its name.
    pub collection: String,
    /// Accounts that would see it and do not now.
    pub released: Vec<String>,
    /// Accounts that see it now and would not.
    pub withheld: Vec<String>,
}

/// Accounts that gain, and accounts that lose.
type Moves = (Vec<String>, Vec<String>);

impl Node {
    /// What [`Node::activate`] would change.
    ///
    /// # Errors
    /// [`ActivationError`] when it would be refused.
    pub fn impact(&self, file: &NewFile) -> Result<Impact, ActivationError> {
        let site = self.site_beforehand(file)?;
        self.rehearse(|writing| {
            writing.site = site;
            let file = put_in_force(writing, file)?;
            let after = writing.facts_then()?;
            let moves = moves(&writing.before, &after);
            let held = carriers(writing, &moves)?;
            let in_words = |label: LabelId| {
                let label = writing.before.gate.labels().get(label);
                label.map_or_else(String::new, |label| display(label, &writing.before.gate.rules().policies))
            };
            let collections = writing.before.directory.collections.values();
            let of_collections = collections.filter_map(|record| {
                let (released, withheld) = moves.get(&record.label)?.clone();
                Some(CollectionImpact { collection: record.name.clone(), released, withheld })
            });
            let collections = of_collections.collect();
            // What is for addressees has a number each: those that change alike are one change.
            let mut alike: BTreeMap<(String, &Moves), (u64, BTreeSet<String>)> = BTreeMap::new();
            for (label, moves) in &moves {
                let Some((objects, named)) = held.get(label) else { continue };
                let (count, all) = alike.entry((in_words(*label), moves)).or_default();
                *count += objects;
                all.extend(named.iter().take(OBJECTS_NAMED_MAX - all.len().min(OBJECTS_NAMED_MAX)).cloned());
            }
            let changes = alike.into_iter().map(|((label, (released, withheld)), (objects, named))| {
                let (released, withheld) = (released.clone(), withheld.clone());
                LabelImpact { label, objects, named: named.into_iter().collect(), released, withheld }
            });
            Ok(Impact { file: file.name, changes: changes.collect(), collections })
        })
    }
}

/// The labels that somebody gains or loses between two sets of facts.
fn moves(before: &Facts, after: &Facts) -> BTreeMap<LabelId, Moves> {
    let mut moves: BTreeMap<LabelId, Moves> = BTreeMap::new();
    for (name, account) in before.directory.accounts.iter().filter(|(_, account)| !account.record.disabled) {
        let sees = before.gate.release(name, &account.profile);
        let Some(then) = after.directory.accounts.get(name) else { continue };
        let will_see = after.gate.release(name, &then.profile);
        for (label, _) in before.gate.labels().iter() {
            match (sees.permits(label), will_see.permits(label)) {
                (false, true) => moves.entry(label).or_default().0.push(name.clone()),
                (true, false) => moves.entry(label).or_default().1.push(name.clone()),
                _ => {}
            }
        }
    }
    moves
}

/// How many rows carry each label of `moves`, and the ids of the first.
fn carriers(writing: &Writing<'_>, moves: &BTreeMap<LabelId, Moves>) -> Result<BTreeMap<LabelId, (u64, BTreeSet<String>)>, StoreError> {
    let labels: Vec<LabelId> = moves.keys().copied().collect();
    let mut held: BTreeMap<LabelId, (u64, BTreeSet<String>)> = BTreeMap::new();
    for record in writing.before.directory.collections.values() {
        each_held(&*writing.transaction, CollectionKey(record.key), &labels, &mut |row| {
            for row in Eyes::open_as_custodian(vec![row]) {
                let (count, named) = held.entry(row.label).or_default();
                *count += 1;
                if named.len() < OBJECTS_NAMED_MAX {
                    named.extend(id_of(&row.body));
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(held)
}

/// The id in the bytes of an object.
fn id_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    serde_json::from_slice::<Identified>(body).ok().map(|object| object.id)
}
