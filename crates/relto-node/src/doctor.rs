//! Examining a node: what its custodian should know of the objects, references, labels and clock, without changing anything.
//!
//! One pass over every row, for the custodian, who sees everything. What a directory, a database file or a certificate can suffer from is
//! for the binary to look at.

mod consents;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use relto_gate::custody::{self, Purpose};
use relto_gate::{LabelId, Sealed};
use relto_model::object::Object;
use relto_model::time::sort_key;
use relto_model::{ObjectId, Stamp};
use relto_policy::LabelContext;
use relto_policy::dated::Due;
use relto_policy::law::{Consent, Subject};
use relto_policy::pending::subjects;
use relto_store::{CollectionKey, Held, RecordKind, Snapshot, each_held, part_key};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

pub use self::consents::{ConsentExamination, Ending};
use crate::error::StoreError;
use crate::facts::Facts;
use crate::labels::{marking_ids, read_label, reading_of};
use crate::node::Node;
use crate::records::PartsRecord;

/// From so many labels on, deciding for everybody takes long enough to be looked into.
pub const LABELS_ALARM: usize = 10_000;
/// A row whose review date is nearer than so many days is named.
pub const REVIEW_DAYS: u32 = 90;
/// How many objects are named for one ailment.
pub const NAMED_MAX: usize = 5;

/// Objects with one ailment: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ailments {
    /// How many.
    pub count: u64,
    /// The first [`NAMED_MAX`] of them.
    pub named: Vec<String>,
}

impl Ailments {
    fn add(&mut self, id: &str) {
        self.count += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(id.to_owned());
        }
    }
}

/// How a node stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    /// Stored versions.
    pub rows: u64,
    /// Distinct label numbers.
    pub labels: usize,
    /// The clock's time.
    pub now: Stamp,
    /// The last stamp given to a change.
    pub last: Option<Stamp>,
    /// The default label, as written, with why it cannot be read, if it cannot.
    pub default_label: Option<(String, Option<String>)>,
    /// Rows whose bytes are no longer an object.
    pub damaged: Ailments,
    /// Objects with a marking that cannot be read: withheld from all but their owner.
    pub unreadable_markings: Ailments,
    /// Objects with marked parts of which what is recorded cannot be read, or speaks of labels that are not there: whole or withheld.
    pub unreadable_parts: Ailments,
    /// Objects that refer to something which not everybody who sees them may see.
    pub references_above: Ailments,
    /// Versions of one id that differ in content: the newer is not told from the older.
    pub conflicts: Ailments,
    /// Rows of memberships and law whose review is due within [`REVIEW_DAYS`] or has passed, the earliest first.
    pub due: Vec<Due>,
    /// What was consented to.
    pub consents: ConsentExamination,
}

impl Node {
    /// Examines everything that is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn examine(&self) -> Result<Examination, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let labels: Vec<LabelId> = facts.gate.labels().iter().map(|(id, _)| id).collect();
        let mut examining =
            Examining { node: self, facts: &facts, snapshot: &*snapshot, state: State::default(), readable: HashMap::new() };
        for collection in facts.directory.collections.values() {
            let mut failed = None;
            each_held(&*snapshot, CollectionKey(collection.key), &labels, &mut |row| match examining.row(&open(row)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            })?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        let state = examining.state;
        let references_above = references_above(&facts, &state);
        let consents = consents::examine(&facts, &*snapshot, self.now(), &|label| state.under(label))?;
        let law = &facts.gate.rules().law;
        let mut due = [law.tables.due(self.now(), REVIEW_DAYS), law.rules.due(self.now(), REVIEW_DAYS)].concat();
        due.sort();
        Ok(Examination {
            labels: labels.len(),
            now: self.now(),
            last: snapshot.last_stamp()?,
            default_label: self.examine_default_label(&facts, &*snapshot)?,
            references_above,
            due,
            consents,
            ..state.found
        })
    }

    fn examine_default_label(&self, facts: &Facts, snapshot: &dyn Snapshot) -> Result<Option<(String, Option<String>)>, StoreError> {
        let Some(text) = facts.directory.node.default_label.clone() else { return Ok(None) };
        let context = LabelContext { made: self.now(), owner: facts.directory.node.organisation.clone(), collection: None };
        let why = read_label(facts, snapshot, &text, &context)?.err().map(|error| error.to_string());
        Ok(Some((text, why)))
    }
}

#[expect(clippy::disallowed_methods, reason = "the custodian examines what the directory holds")]
fn open(row: Sealed<Held>) -> Held {
    custody::open(row, Purpose::Custodian)
}

/// What one pass gathers.
#[derive(Default)]
struct State {
    found: Examination,
    numbers: HashMap<ObjectId, u32>,
    /// The labels under which each id is held.
    held: HashMap<u32, BTreeSet<LabelId>>,
    /// Which label refers to which id, and the first object that does.
    references: BTreeMap<(LabelId, u32), ObjectId>,
    /// The content of each version of each id.
    versions: HashMap<[u8; 16], [u8; 16]>,
    conflicting: HashSet<ObjectId>,
}

impl State {
    fn number(&mut self, id: &ObjectId) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(id.clone()).or_insert(next)
    }

    /// An object that stands under `label`; not a marking that goes along with it.
    fn under(&self, label: LabelId) -> Option<ObjectId> {
        let stands = |number: &u32| self.held.get(number).is_some_and(|labels| labels.contains(&label));
        let mut all = self.numbers.iter().filter(|(id, number)| id.kind() != "marking-definition" && stands(number));
        all.next().map(|(id, _)| id.clone())
    }
}

struct Examining<'e> {
    node: &'e Node,
    facts: &'e Facts,
    snapshot: &'e dyn Snapshot,
    state: State,
    /// Whether a set of markings can be read, by the collection it is in and the owner who applied it.
    readable: HashMap<(BTreeSet<ObjectId>, CollectionKey, Arc<str>), bool>,
}

impl Examining<'_> {
    fn row(&mut self, row: &Held) -> Result<(), StoreError> {
        self.state.found.rows += 1;
        let Ok(object) = Object::parse(row.body.clone(), self.node.kinds()) else {
            self.state.found.damaged.add(&claimed_id(row));
            return Ok(());
        };
        let id = object.id();
        if !self.markings_readable(&object, row)? {
            self.state.found.unreadable_markings.add(id.as_str());
        }
        let ways = if object.granular_markings().is_empty() { Some(Vec::new()) } else { self.ways(row)? };
        if ways.is_none() {
            self.state.found.unreadable_parts.add(id.as_str());
        }
        let number = self.state.number(id);
        self.state.held.entry(number).or_default().insert(row.label);
        // Who sees it on a display alone sees its references there.
        for label in std::iter::once(row.label).chain(ways.unwrap_or_default()) {
            for reference in object.references() {
                let other = self.state.number(&reference.id);
                self.state.references.entry((label, other)).or_insert_with(|| id.clone());
            }
        }
        let version = cut(Sha256::digest([id.as_str(), " ", sort_key(&row.version)].concat()).into());
        let content = cut(object.digest());
        if *self.state.versions.entry(version).or_insert(content) != content && self.state.conflicting.insert(id.clone()) {
            self.state.found.conflicts.add(id.as_str());
        }
        Ok(())
    }

    /// The labels under which the row is shown in part; `None` when what is recorded of that cannot be read.
    fn ways(&self, row: &Held) -> Result<Option<Vec<LabelId>>, StoreError> {
        let Some(bytes) = self.snapshot.record(RecordKind::Part, &part_key(row.arrival))? else { return Ok(Some(Vec::new())) };
        let is_there = |label: &LabelId| self.facts.gate.labels().get(*label).is_some();
        let record: Option<PartsRecord> = serde_json::from_slice(&bytes).ok();
        let labels = record.map(|record| (record.whole, record.ways.into_iter().map(|way| way.label).collect::<Vec<_>>()));
        Ok(labels.filter(|(whole, ways)| is_there(whole) && ways.iter().all(is_there)).map(|(_, ways)| ways))
    }

    fn markings_readable(&mut self, object: &Object, row: &Held) -> Result<bool, StoreError> {
        let markings = marking_ids(object);
        if markings.is_empty() {
            return Ok(true);
        }
        let key = (markings, row.collection, Arc::from(row.owner.as_str()));
        if let Some(known) = self.readable.get(&key) {
            return Ok(*known);
        }
        let readable = !reading_of(object, row, self.facts, self.snapshot)?.withheld;
        self.readable.insert(key, readable);
        Ok(readable)
    }
}

/// The id that a damaged object claims, or where it stands.
fn claimed_id(row: &Held) -> String {
    let value: Option<Json> = serde_json::from_slice(&row.body).ok();
    let id = value.as_ref().and_then(|value| value.get("id")?.as_str());
    id.map_or_else(|| format!("row {} of {}", row.arrival.0, row.version), str::to_owned)
}

fn cut(digest: [u8; 32]) -> [u8; 16] {
    let [head @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
    head
}

/// Objects whose label does not hold that of anything they refer to, or that somebody has consented to who has not to that. Of something
/// held under several labels, one that is held suffices.
fn references_above(facts: &Facts, state: &State) -> Ailments {
    let mut holds: HashMap<(LabelId, LabelId), bool> = HashMap::new();
    let mut found = Ailments::default();
    for ((label, other), id) in &state.references {
        let Some(theirs) = state.held.get(other) else { continue };
        let covered = theirs.iter().any(|their| {
            *holds.entry((*label, *their)).or_insert_with(|| {
                let find = |id: LabelId| facts.gate.labels().get(id);
                let covers = find(*label).zip(find(*their)).is_some_and(|(own, their)| own.as_ref().clone().join(their) == **own);
                covers && opens_no_more(facts, *label, *their)
            })
        });
        if !covered {
            found.add(id.as_str());
        }
    }
    found
}

/// Whether all that was consented to for `own` was for `other` too, as far as that asks for it.
fn opens_no_more(facts: &Facts, own: LabelId, other: LabelId) -> bool {
    let labels = facts.gate.labels();
    let asked: Vec<Subject> = labels.get(other).into_iter().flat_map(|label| subjects(label)).collect();
    let given = |consent: &Consent| {
        let is_it = |other: &Consent| other.subject == consent.subject && other.recipient == consent.recipient;
        labels.consents(other).unwrap_or_default().iter().any(is_it)
    };
    labels.consents(own).unwrap_or_default().iter().all(|consent| !asked.contains(&consent.subject) || given(consent))
}
