//! One batch on its way into the store: rows first, then the labels that references within the batch raise.

mod settle;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use bytes::Bytes;
use relto_gate::{Arrival, LabelId};
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::law::Consent;
use relto_policy::legal::beside;
use relto_policy::text::received_by;
use relto_policy::{LabelContext, MarkingReading, Terms, read_markings};
use relto_store::{Bodies, CollectionKey, Held, NewRow, held};
use serde_json::Value as Json;

pub(crate) use settle::latest;

use super::definitions::{Carried, Definition, Definitions, carry};
use super::judge::{Standing, judge, open_to_write, same_content};
use super::parts::{Markings, Way};
use super::{Author, Eyes, Labelling, Outcome, Receipt, version_of};
use crate::addressees::{self, Addressees};
use crate::error::StoreError;
use crate::labels::{default_label, marking_ids, of_first_owner, one_content};
use crate::node::Writing;
use crate::partners::{has_recalls, has_statement, recalled_by};
use crate::records::CollectionRecord;

/// What the receipt of an object says that is here already under a label which does not cover the one it was given now.
const LABEL_STAYS: &str = "here already under another label, which stays: `relto label set` changes it";

/// What the receipt of an object says that is here already for other addressees than those named now.
const ADDRESSEES_STAY: &str = "here already for other addressees, who stay: `relto consent add --addressee` names more";

/// How many different sets of markings one post may bring: each can be a label of its own, which the node keeps for good.
const MARKING_SETS_MAX: usize = 1_000;

pub(super) struct IncomingBatch<'b, 'n> {
    pub(super) writing: &'b mut Writing<'n>,
    author: Author<'b>,
    /// Whether it can be that something of it was recalled by this node, and must be told so.
    may_be_recalled: bool,
    collection: &'b CollectionRecord,
    context: LabelContext,
    given: Option<Label>,
    delivered_to: Option<String>,
    accepts: Terms,
    /// To whom what asks for addressees goes.
    addressees: Rc<[Consent]>,
    default: Label,
    definitions: &'b Definitions,
    /// Which of them were, or will be, taken in.
    accepted: HashMap<ObjectId, bool>,
    /// Rows stored in this batch, by id.
    rows: HashMap<ObjectId, Vec<usize>>,
    stored: Vec<Stored>,
    /// For whom that is which the writer may see under an id outside the batch.
    outside: HashMap<ObjectId, Option<Effective>>,
    joins: HashMap<(LabelId, LabelId), LabelId>,
    own_labels: HashMap<Markings, Own>,
}

/// For whom something is: its label and, where that asks for them, its addressees.
#[derive(Clone, PartialEq)]
pub(super) struct Effective {
    label: LabelId,
    addressees: Addressees,
}

/// What follows from the markings of an object and from what it was given, without its references.
#[derive(Clone)]
struct Own {
    effective: Effective,
    notes: Vec<String>,
    ways: Rc<[Way]>,
    /// Whether some marking could not be understood.
    is_unreadable: bool,
}

/// A row of this batch, or one that was there already and is the same.
struct Stored {
    row: Option<Arrival>,
    effective: Effective,
    references: Box<[ObjectId]>,
    markings: Rc<[ObjectId]>,
    /// How it may be shown to whoever may not have all of it.
    ways: Rc<[Way]>,
}

impl<'b, 'n> IncomingBatch<'b, 'n> {
    pub(super) fn new(
        writing: &'b mut Writing<'n>,
        author: Author<'b>,
        collection: &'b CollectionRecord,
        labelling: &Labelling,
        definitions: &'b Definitions,
    ) -> Result<Self, StoreError> {
        let context = LabelContext {
            made: labelling.made.unwrap_or(writing.stamp),
            owner: author.organisation.clone(),
            collection: Some(collection.id.clone()),
        };
        let default = default_label(&writing.before, &*writing.transaction, &context)?;
        let is_custodian = matches!(author.eyes, Eyes::Custodian);
        let may_be_recalled = is_custodian && has_recalls(&*writing.transaction)?;
        Ok(Self {
            writing,
            author,
            may_be_recalled,
            collection,
            context,
            given: labelling.given.clone(),
            delivered_to: labelling.delivered_to.clone(),
            accepts: labelling.accepts.clone(),
            addressees: labelling.addressees.as_slice().into(),
            default,
            definitions,
            accepted: HashMap::new(),
            rows: HashMap::new(),
            stored: Vec::new(),
            outside: HashMap::new(),
            joins: HashMap::new(),
            own_labels: HashMap::new(),
        })
    }

    /// Judges and stores one object under its own label.
    pub(super) fn add(&mut self, object: &Object) -> Result<Receipt, StoreError> {
        let key = CollectionKey(self.collection.key);
        let version = version_of(object);
        let Own { effective: own, notes, ways, .. } = match self.labelled(object)? {
            Ok(own) => own,
            Err(outcome) => return Ok(Receipt { id: object.id().clone(), version: version.to_owned(), outcome, notes: Vec::new() }),
        };
        let label = own.label;
        let there = held(&*self.writing.transaction, object.id(), None, Bodies::With)?;
        let (visible, all) = if there.is_empty() { (Vec::new(), Vec::new()) } else { self.look(object, there)? };
        let here: Vec<&Held> = all.iter().filter(|row| row.collection == key).collect();
        let verdict = self.judge(object, &visible)?;
        let kinds = self.writing.node.kinds();
        let receipt = |outcome| Receipt { id: object.id().clone(), version: version.to_owned(), outcome, notes };
        match verdict {
            Some(Outcome::Present) if !self.is_said_of_marking(object, label, &visible) => {
                let same = |row: &&Held| row.collection == key && same_content(object, row, kinds);
                let known = self.own_or_all(visible.iter().filter(same).collect());
                let known: Vec<Effective> = known.iter().map(|row| self.effective(row.label)).collect();
                let known = self.joined(known)?.unwrap_or_else(|| own.clone());
                let mut receipt = receipt(Outcome::Present);
                if !self.covers(known.label, label) {
                    receipt.notes.push(LABEL_STAYS.to_owned());
                } else if names_others(&own, &known) {
                    receipt.notes.push(ADDRESSEES_STAY.to_owned());
                }
                self.note(object, None, known, Rc::default());
                return Ok(receipt);
            }
            Some(Outcome::Present) | None => {}
            Some(refused) => return Ok(receipt(refused)),
        }
        // Its organisation's own row of the same content and label, which the writer may not see: stored once, answered as if it were new. One
        // that can be shown in part may be shown otherwise than this one.
        let again = |row: &&&Held| row.owner == self.author.organisation && row.label == label && row.version == version;
        if ways.is_empty() && here.iter().filter(again).any(|row| same_content(object, row, kinds)) {
            self.note(object, None, own, ways);
            return Ok(receipt(Outcome::Added));
        }
        for row in here.iter().filter(|row| !row.siblings) {
            self.writing.transaction.mark_siblings(key, row.arrival)?;
        }
        let row = NewRow {
            arrival: self.writing.draw(),
            collection: key,
            added: self.writing.stamp,
            label,
            id: object.id(),
            version,
            siblings: !here.is_empty(),
            owner: &self.author.organisation,
            body: object.bytes(),
        };
        self.writing.transaction.insert(&row)?;
        let arrival = row.arrival;
        self.note(object, Some(arrival), own, ways);
        Ok(receipt(Outcome::Added))
    }

    /// Whether it is a marking-definition that is here because something carries it, and its originator says now that it is released under `label` as
    /// well. What others wrote too is labelled by nobody's statement.
    fn is_said_of_marking(&self, object: &Object, label: LabelId, visible: &[Held]) -> bool {
        let is_theirs = |row: &Held| row.owner == self.author.organisation;
        let is_so = |row: &Held| row.collection.0 == self.collection.key && row.label == label;
        object.kind() == "marking-definition" && self.is_stated() && visible.iter().all(is_theirs) && !visible.iter().any(is_so)
    }

    /// The object's label without its references, or why it does not come in under any.
    fn labelled(&mut self, object: &Object) -> Result<Result<Own, Outcome>, StoreError> {
        if self.has_too_many_markings(object) {
            let why = format!("one post brings at most {MARKING_SETS_MAX} different sets of markings: post this by itself");
            return Ok(Err(Outcome::Refused(why)));
        }
        if let Some(why) = self.recalled(object)? {
            return Ok(Err(Outcome::Refused(why)));
        }
        let own = self.own_label(object)?;
        if own.is_unreadable && self.delivered_to.is_some() {
            return Ok(Err(Outcome::Refused(format!("its label cannot be read here: {}", own.notes.join("; ")))));
        }
        if !self.accepts.include(&self.collection.name) {
            return Ok(Err(Outcome::NotAgreed(format!("nothing is taken in into `{}`", self.collection.name))));
        }
        let label = self.writing.label(own.effective.label)?;
        let about = self.accepts.outside(&label, self.writing.before.gate.rules(), self.writing.stamp);
        Ok(about.map_or(Ok(own), |about| Err(Outcome::NotAgreed(format!("its label is outside what is taken in: {about}")))))
    }

    /// When this node has recalled the object: then its custodian does not put it back, since whoever has obeyed takes it in no more. Persons are not
    /// told, who may not know that it ever was here.
    fn recalled(&self, object: &Object) -> Result<Option<String>, StoreError> {
        if !self.may_be_recalled {
            return Ok(None);
        }
        let own = self.writing.before.directory.node.organisation.as_str();
        let recalled = recalled_by(&*self.writing.transaction, object.id(), &[own])?;
        Ok(recalled.map(|recalled| format!("{recalled}: leave it out, or give it another id")))
    }

    fn has_too_many_markings(&self, object: &Object) -> bool {
        let is_custodian = matches!(self.author.eyes, Eyes::Custodian);
        let is_known = || self.own_labels.contains_key(&Markings::of(object));
        !is_custodian && self.own_labels.len() >= MARKING_SETS_MAX && !is_known()
    }

    /// Whether whoever may read `one` may read `other`, as far as the labels alone say.
    fn covers(&self, one: LabelId, other: LabelId) -> bool {
        let labels = self.writing.labels();
        let (Some(one), Some(other)) = (labels.get(one), labels.get(other)) else { return false };
        self.writing.before.gate.rules().policies.is_for_everybody(other) || one.as_ref().clone().join(other) == **one
    }

    fn judge(&self, object: &Object, visible: &[Held]) -> Result<Option<Outcome>, StoreError> {
        let standing = match &self.author.eyes {
            Eyes::Custodian => Standing::Custodian,
            Eyes::Account { .. } if self.is_signed_alone(visible)? => Standing::Originator,
            Eyes::Account { .. } => Standing::Anybody,
        };
        let (collection, kinds) = (CollectionKey(self.collection.key), self.writing.node.kinds());
        Ok(judge(object, &self.author.organisation, standing, collection, visible, kinds))
    }

    /// Whether the originator of what a partner brings has signed its label, and whatever others have under the id came from partners unsigned. What
    /// somebody else wrote here or has signed, nobody labels anew by signing a copy.
    fn is_signed_alone(&self, visible: &[Held]) -> Result<bool, StoreError> {
        if self.delivered_to.is_none() || self.given.is_none() {
            return Ok(false);
        }
        for row in visible.iter().filter(|row| row.owner != self.author.organisation) {
            let is_theirs = self.writing.before.directory.is_partners(&row.owner);
            if !is_theirs || has_statement(self.writing, row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rows that the writer may see, and all of them for keeping house.
    fn look(&mut self, object: &Object, there: Vec<relto_gate::Sealed<Held>>) -> Result<(Vec<Held>, Vec<Held>), StoreError> {
        let visible = self.author.eyes.open(self.writing, there);
        let all = held(&*self.writing.transaction, object.id(), None, Bodies::With)?;
        Ok((visible, open_to_write(all)))
    }

    fn note(&mut self, object: &Object, row: Option<Arrival>, effective: Effective, ways: Rc<[Way]>) {
        let references: Box<[ObjectId]> = object.references().iter().map(|reference| reference.id.clone()).collect();
        let stored = Stored { row, effective, references, markings: marking_ids(object).into_iter().collect(), ways };
        self.rows.entry(object.id().clone()).or_default().push(self.stored.len());
        self.stored.push(stored);
    }

    /// The label from the object's markings and the one it is given, without references.
    fn own_label(&mut self, object: &Object) -> Result<Own, StoreError> {
        let markings = Markings::of(object);
        if let Some(known) = self.own_labels.get(&markings) {
            return Ok(known.clone());
        }
        let MarkingReading { label, notes, withheld: is_unreadable } =
            self.meaning(markings.of_whole.iter().chain(markings.of_parts.iter()))?;
        let label = self.with_given(label);
        let addressees = addressees::asks(&label).then(|| self.addressees.clone());
        let effective = Effective { label: self.writing.intern(&label)?, addressees };
        let own = Own { effective, notes, ways: self.ways(&markings)?, is_unreadable };
        self.own_labels.insert(markings, own.clone());
        Ok(own)
    }

    /// What the markings `ids` mean.
    pub(super) fn meaning<'i>(&mut self, ids: impl Iterator<Item = &'i ObjectId> + Clone) -> Result<MarkingReading, StoreError> {
        let mut found: BTreeMap<ObjectId, Option<Json>> = BTreeMap::new();
        for id in ids.clone() {
            found.insert(id.clone(), self.definition(id)?);
        }
        let rules = self.writing.before.gate.rules().clone();
        let mut reading = read_markings(ids, &|id| found.get(id).cloned().flatten(), &rules, &self.context);
        if let Some(organisation) = &self.delivered_to {
            reading.label = reading.label.map(|label| received_by(label, organisation));
        }
        Ok(reading)
    }

    /// `own`, the label of an object's markings, with what the object was given; with neither, what comes with no marking at all.
    pub(super) fn with_given(&self, own: Option<Label>) -> Label {
        match (own, &self.given) {
            (Some(own), Some(given)) => own.clone().join(&beside(given, Some(&own))),
            (Some(own), None) => own,
            (None, given) => beside(given.as_ref().unwrap_or(&self.default), None),
        }
    }

    /// The marking-definition `id` as far as the writer may see it. Its organisation's own holds, then the node's; of several that differ, none.
    fn definition(&mut self, id: &ObjectId) -> Result<Option<Json>, StoreError> {
        let definitions = self.definitions;
        match definitions.get(id) {
            Some(Definition::Differing) => Ok(None),
            Some(Definition::One(object)) if self.is_accepted(object)? => Ok(Some(object.value().clone())),
            _ => {
                let node = self.writing.before.directory.node.organisation.clone();
                let own = self.author.organisation.clone();
                Ok(one_content(self.visible(id)?, &[&own, &node]))
            }
        }
    }

    fn visible(&mut self, id: &ObjectId) -> Result<Vec<Held>, StoreError> {
        let rows = held(&*self.writing.transaction, id, None, Bodies::With)?;
        Ok(self.author.eyes.open(self.writing, rows))
    }

    /// Whether the marking-definition is taken in with this batch, or is here already. One that is refused means nothing.
    fn is_accepted(&mut self, definition: &Object) -> Result<bool, StoreError> {
        if let Some(known) = self.accepted.get(definition.id()) {
            return Ok(*known);
        }
        let visible = self.visible(definition.id())?;
        let accepted = matches!(self.judge(definition, &visible)?, None | Some(Outcome::Present));
        self.accepted.insert(definition.id().clone(), accepted);
        Ok(accepted)
    }

    /// The version, owner and bytes of the marking-definition that gave `id` its meaning here.
    fn carried(&mut self, id: &ObjectId) -> Result<Option<(String, String, Bytes)>, StoreError> {
        let (definitions, visible) = (self.definitions, self.visible(id)?);
        let parts = |row: Held| (row.version, row.owner, row.body);
        if let Some(Definition::One(object)) = definitions.get(id)
            && self.is_accepted(object)?
        {
            let kinds = self.writing.node.kinds();
            let own = || (version_of(object).to_owned(), self.author.organisation.clone(), object.bytes().clone());
            return Ok(Some(visible.into_iter().find(|row| same_content(object, row, kinds)).map_or_else(own, parts)));
        }
        let node = &self.writing.before.directory.node.organisation;
        Ok(of_first_owner(visible, &[&self.author.organisation, node]).into_iter().next().map(parts))
    }

    /// Makes each marking-definition visible to whoever may see something that carries it: a row under that very label.
    pub(super) fn carry_definitions(&mut self) -> Result<(), StoreError> {
        let mut carried: BTreeMap<ObjectId, BTreeSet<LabelId>> = BTreeMap::new();
        for stored in self.stored.iter().filter(|stored| stored.row.is_some()) {
            for id in stored.markings.iter() {
                carried.entry(id.clone()).or_default().insert(stored.effective.label);
            }
        }
        for (id, labels) in carried {
            if let Some((version, owner, body)) = self.carried(&id)? {
                let definition = Carried { id: &id, version: &version, owner: &owner, body: &body };
                carry(self.writing, CollectionKey(self.collection.key), &definition, labels)?;
            }
        }
        Ok(())
    }
}

/// Whether `one` is for addressees for whom `other` is not.
fn names_others(one: &Effective, other: &Effective) -> bool {
    let all = |of: &Effective| of.addressees.iter().flat_map(|all| all.iter().map(|consent| consent.recipient.clone())).collect::<Vec<_>>();
    let there = all(other);
    all(one).iter().any(|recipient| !there.contains(recipient))
}
