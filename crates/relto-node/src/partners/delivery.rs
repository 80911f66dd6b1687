//! What a partner delivers: fetched from it, sent by it, or brought on media. One transaction takes it in together with how far that is.

mod arrived;
mod outcome;
mod parsed;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{Label, Stamp};
use relto_policy::LabelContext;
use relto_policy::dsse::PinnedKeys;
use relto_policy::pending::subjects;
use relto_policy::text::received_by;
use relto_store::{Bodies, CollectionKey, Held, RecordKind, held};

use super::admin::{find, progress_key, progress_of};
use super::card::Card;
use super::consent;
use super::quarantine::{self, QUARANTINE_MAX, Quarantined, claimed};
use super::recall::{has_recalled_since, taken_back, was_told_since};
use super::record::{PartnerRecord, Progress};
use super::relabelling::known_issue;
use super::relay;
use super::statement::keeping::{self, Believed, statement_key};
use super::statement::{Claim, pinned};
use crate::error::StoreError;
use crate::ingest::{Author, Definitions, Eyes, Labelling, Outcome, PostError, Receipt, Told, take_in, version_of};
use crate::node::{Node, Writing};
use crate::records::CollectionRecord;

use arrived::Arrived;
pub use outcome::{DeliveryError, Taken};
use parsed::{Arriving, Parsed};

/// Objects that came from a partner, read. No store is needed for that, so that it is done while what came before is stored.
pub struct Delivered(Parsed);

/// What a partner delivered.
pub struct Delivery {
    /// The partner, by its name here.
    pub partner: String,
    /// The collection, by its name here.
    pub collection: String,
    /// The objects, label statements among them.
    pub objects: Delivered,
    /// How far fetching has come with them, if they were fetched.
    pub progress: Option<Come>,
}

/// How far fetching has come.
#[derive(Debug, Clone)]
pub struct Come {
    /// What was added after it is asked for next, as the partner dates it.
    pub added_after: Option<String>,
    /// Where the next page begins, in the partner's words.
    pub next: Option<String>,
    /// As of which beginning: [`PartnerRecord::begun`].
    pub begun: Stamp,
    /// When it was asked for, by this node's clock: what the partner has recalled since is not taken in.
    pub asked: Stamp,
}

/// Objects whose owner and label, beyond their own markings, are the same.
struct Group {
    owner: String,
    given: Option<Label>,
    /// Each with the statement on it, if it came with one.
    objects: Vec<(Object, Option<Box<Believed>>)>,
}

impl Node {
    /// Reads objects as they came, label statements among them.
    #[must_use]
    pub fn read_delivered(&self, objects: &[Bytes]) -> Delivered {
        Delivered(Parsed::read(objects, self.kinds()))
    }

    /// Takes in what a partner delivered, and how far that is, in one transaction. What cannot be taken in is put into quarantine.
    ///
    /// # Errors
    /// [`DeliveryError`]; then nothing has changed.
    pub fn take_delivery(&self, delivery: Delivery) -> Result<Taken, DeliveryError> {
        self.take_again(delivery, &[])
    }

    /// As [`Node::take_delivery`], of what waited in quarantine.
    pub(crate) fn take_again(&self, delivery: Delivery, waited: &[Quarantined]) -> Result<Taken, DeliveryError> {
        let Delivered(parsed) = delivery.objects;
        self.write(|writing| {
            let partner = find(writing, &delivery.partner).ok().filter(|partner| partner.flows_at(writing.stamp));
            let partner = partner.ok_or_else(|| DeliveryError::NotFlowing(delivery.partner.clone()))?;
            let come = delivery.progress.as_ref();
            if come.is_some_and(|come| come.begun != partner.begun) {
                return Err(DeliveryError::BegunAnew(delivery.partner.clone()));
            }
            let overtaken = match come.map(|come| come.asked) {
                Some(asked) if has_recalled_since(writing, asked)? => Some(asked),
                _ => None,
            };
            let agreed = partner.agreement.collections.contains_key(&delivery.collection);
            let collection = writing.before.directory.collection(&delivery.collection).filter(|_| agreed).cloned();
            let collection = collection
                .ok_or_else(|| DeliveryError::NotAgreed { partner: delivery.partner.clone(), collection: delivery.collection.clone() })?;
            quarantine::release(writing, waited)?;
            let mut taking = Taking { overtaken, ..Taking::new(partner, collection) };
            taking.run(writing, parsed)?;
            taking.finish(writing, delivery.progress)
        })
    }
}

/// Takes in what a partner has posted. Every object that is valid is received, whatever becomes of it: the answer tells nothing of what is here.
pub(crate) fn take_posted(
    writing: &mut Writing<'_>,
    partner: &PartnerRecord,
    collection: Arc<CollectionRecord>,
    objects: Vec<Object>,
) -> Result<Vec<Receipt>, PostError> {
    let received = |object: &Object| Receipt {
        id: object.id().clone(),
        version: version_of(object).to_owned(),
        outcome: Outcome::Added,
        notes: Vec::new(),
    };
    let receipts = objects.iter().map(received).collect();
    let mut taking = Taking::new(partner.clone(), collection);
    taking.run(writing, Parsed::of(objects))?;
    match taking.finish(writing, None) {
        Ok(_) => Ok(receipts),
        Err(DeliveryError::Store(error)) => Err(error.into()),
        Err(DeliveryError::NotFlowing(_) | DeliveryError::BegunAnew(_) | DeliveryError::NotAgreed { .. }) => Err(PostError::Absent),
        Err(DeliveryError::QuarantineFull(_)) => Err(PostError::Full),
    }
}

/// A delivery on its way in.
struct Taking {
    partner: PartnerRecord,
    collection: Arc<CollectionRecord>,
    /// When it was asked for, if something was recalled since.
    overtaken: Option<Stamp>,
    taken: Taken,
    waiting: Vec<Quarantined>,
    /// What has come whose label asks for a consent, and consents.
    fresh: consent::Fresh,
}

impl Taking {
    fn new(partner: PartnerRecord, collection: Arc<CollectionRecord>) -> Self {
        Self { partner, collection, overtaken: None, taken: Taken::default(), waiting: Vec::new(), fresh: consent::Fresh::default() }
    }

    fn run(&mut self, writing: &mut Writing<'_>, parsed: Parsed) -> Result<(), StoreError> {
        for (claimed, why, bytes) in &parsed.broken {
            self.wait(writing, claimed.clone(), why, &[bytes]);
        }
        let pinned = pinned(&writing.before);
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<(String, Option<[u8; 32]>), usize> = HashMap::new();
        for claim in parsed.alone {
            self.keep_alone(writing, &claim, &pinned)?;
        }
        for Arriving { object, claim } in parsed.arriving {
            let claim = match claim {
                None => self.kept_claim(writing, &object)?,
                claim => claim,
            };
            let is_spoiled = claim.is_none() && parsed.spoiled.contains(object.id().as_str());
            let place = match is_spoiled {
                true => Place::Refused("its label statement cannot be read".to_owned()),
                false => self.place(writing, &object, claim.as_ref(), &pinned)?,
            };
            match place {
                Place::Own => self.taken.own += 1,
                Place::Old => self.taken.present += 1,
                // It has no label of its own, and goes along with what carries it.
                Place::Of { .. } if claim.is_none() && self.is_beside(&object) => {}
                Place::Refused(why) => {
                    let bytes: Vec<&Bytes> = std::iter::once(object.bytes()).chain(claim.as_ref().map(|claim| &claim.bytes)).collect();
                    self.wait(writing, claimed(&object), &why, &bytes);
                }
                Place::Of { owner, given, believed } => {
                    let key = (owner.clone(), claim.map(|claim| claim.digest()));
                    let at = *places.entry(key).or_insert(groups.len());
                    if at == groups.len() {
                        groups.push(Group { owner, given, objects: Vec::new() });
                    }
                    if let Some(group) = groups.get_mut(at) {
                        group.objects.push((object, believed));
                    }
                }
            }
        }
        groups.into_iter().try_for_each(|group| self.take(writing, group, &parsed.definitions))?;
        for (object, claim) in parsed.consents {
            if let Err(why) = consent::keep(writing, self.partner.name(), &claim, &pinned, &mut self.fresh)? {
                self.wait(writing, claimed(&object), &why, &[object.bytes()]);
            }
        }
        consent::settle(writing, std::mem::take(&mut self.fresh))
    }

    /// Keeps a statement for an object that is still to come: a server that is no Relto node can give the two on different pages.
    fn keep_alone(&self, writing: &mut Writing<'_>, claim: &Claim, pinned: &PinnedKeys) -> Result<(), StoreError> {
        let Some(digest) = claim.subject(pinned).filter(|_| self.is_server()) else { return Ok(()) };
        let key = self.key_alone(&digest);
        let known = known_issue(writing, &key, pinned)?;
        if known.is_none_or(|known| claim.issued(pinned).is_some_and(|issued| known < issued)) {
            writing.transaction.put(RecordKind::Statement, &key, &claim.bytes)?;
        }
        Ok(())
    }

    /// The statement on `object` that came before it.
    fn kept_claim(&self, writing: &Writing<'_>, object: &Object) -> Result<Option<Claim>, StoreError> {
        if !self.is_server() {
            return Ok(None);
        }
        let kept = writing.transaction.record(RecordKind::Statement, &self.key_alone(&object.digest()))?;
        Ok(kept.and_then(|bytes| Claim::parse(bytes.into(), writing.node.kinds()).ok()))
    }

    /// Whether a node gave it beside what names it: of a marking-definition that is released for itself, the label is said.
    fn is_beside(&self, object: &Object) -> bool {
        !self.is_server() && object.kind() == "marking-definition" && crate::labels::marking_ids(object).is_empty()
    }

    /// Under which key a statement stands whose object has not come.
    fn key_alone(&self, digest: &[u8; 32]) -> String {
        statement_key(&format!("through {}", self.partner.name()), digest, &self.collection.id)
    }

    fn is_server(&self) -> bool {
        matches!(self.partner.card, Card::Server(_))
    }

    /// Whose the object is, and its label beyond its markings.
    fn place(&self, writing: &Writing<'_>, object: &Object, claim: Option<&Claim>, pinned: &PinnedKeys) -> Result<Place, StoreError> {
        let place = self.place_if_not_recalled(writing, object, claim, pinned);
        let Place::Of { owner, .. } = &place else { return Ok(place) };
        if let Some(asked) = self.overtaken
            && was_told_since(writing, object.id(), owner, self.partner.name(), asked)?
        {
            return Ok(Place::Old);
        }
        // What this node itself has recalled comes in from nobody.
        let owners = [owner.as_str(), writing.before.directory.node.organisation.as_str()];
        Ok(super::recall::blocks(&*writing.transaction, object.id(), &owners)?.map_or(place, Place::Refused))
    }

    fn place_if_not_recalled(&self, writing: &Writing<'_>, object: &Object, claim: Option<&Claim>, pinned: &PinnedKeys) -> Place {
        let own = &writing.before.directory.node.organisation;
        let Some(claim) = claim else {
            return Place::Of { owner: self.partner.account.organisation.clone(), given: None, believed: None };
        };
        let digest = object.digest();
        let statement = match claim.verified(object, pinned) {
            Ok(statement) if statement.originator == *own => return Place::Own,
            Ok(statement) => {
                // What cannot be read is as if it were not there: the store says so when it is asked for the rest.
                let known = keeping::last_issue(&*writing.transaction, &statement, &digest).unwrap_or_default();
                // Nor does what was said before this node was to have it no more, on a medium that is read again.
                let back = taken_back(writing, object.id(), &statement.originator).unwrap_or_default();
                if known.is_some_and(|known| known > statement.issued) || back.is_some_and(|back| back >= statement.issued) {
                    return Place::Old;
                }
                statement
            }
            Err(why) => return Place::Refused(why),
        };
        let owner = statement.originator.clone();
        let context = LabelContext { made: writing.stamp, owner: owner.clone(), collection: Some(self.collection.id.clone()) };
        let reading = claim.label(writing.before.gate.rules(), &context);
        match reading.label.filter(|_| !reading.withheld) {
            Some(label) => {
                let believed = Believed { digest, statement, bytes: claim.bytes.clone() };
                Place::Of { owner, given: Some(received_by(label, own)), believed: Some(Box::new(believed)) }
            }
            None => Place::Refused(format!("its label has no equivalent here: {}", reading.notes.join("; "))),
        }
    }

    fn take(&mut self, writing: &mut Writing<'_>, group: Group, definitions: &Definitions) -> Result<(), StoreError> {
        let node = writing.before.directory.node.organisation.clone();
        let account = writing.before.directory.accounts.get(self.partner.name()).cloned();
        let Some(account) = account else { return Ok(()) };
        let mut eyes = Eyes::of(account);
        let owner = group.owner.clone();
        let author = Author { organisation: group.owner, eyes: &mut eyes };
        let accepts = self.partner.agreement.accepts.clone();
        let labelling = Labelling { given: group.given, delivered_to: Some(node), accepts, ..Labelling::default() };
        let mut receipts = Vec::with_capacity(group.objects.len());
        let mut labels = Vec::with_capacity(group.objects.len());
        let told = Told { receipt: &mut |receipt| receipts.push(receipt), label: &mut |id, label| labels.push((id.clone(), label)) };
        let collection = self.collection.clone();
        let (arrived, objects): (Vec<Arrived>, Vec<Object>) = group.objects.into_iter().map(Arrived::of).unzip();
        take_in(writing, author, &collection, &labelling, definitions, &mut objects.into_iter(), told)?;
        let mut is_asking: HashMap<LabelId, bool> = HashMap::new();
        labels.retain(|(_, label)| {
            let asks = || writing.labels().get(*label).is_some_and(|label| subjects(label).next().is_some());
            *is_asking.entry(*label).or_insert_with(asks)
        });
        self.fresh.objects.extend(labels.into_iter().map(|(id, _)| id));
        for (arrived, receipt) in arrived.iter().zip(receipts) {
            match receipt.outcome {
                Outcome::Present => {
                    self.taken.present += 1;
                    self.note_way(writing, arrived, &owner)?;
                    // What was here before has its own; one that is without goes on with this one.
                    if let Some(believed) = &arrived.believed
                        && keeping::statement_on(&*writing.transaction, &owner, &believed.digest, &self.collection.id)?.is_none()
                    {
                        keeping::keep(writing, believed, &self.collection.id)?;
                    }
                }
                Outcome::Added => {
                    self.taken.added += 1;
                    if owner != self.partner.account.organisation {
                        self.note_way(writing, arrived, &owner)?;
                    }
                    if let Some(believed) = &arrived.believed {
                        keeping::keep(writing, believed, &self.collection.id)?;
                    }
                }
                // Only that it came: this node is not to hold it.
                Outcome::NotAgreed(why) => self.wait(writing, arrived.claimed(), &why, &[]),
                Outcome::Refused(why) => {
                    let statement = arrived.believed.as_ref().map(|believed| &believed.bytes);
                    let bytes: Vec<&Bytes> = std::iter::once(&arrived.bytes).chain(statement).collect();
                    self.wait(writing, arrived.claimed(), &why, &bytes);
                }
            }
        }
        Ok(())
    }

    /// Notes by whom an object came.
    fn note_way(&self, writing: &mut Writing<'_>, arrived: &Arrived, owner: &str) -> Result<(), StoreError> {
        let is_writer = self.partner.account.organisation == owner;
        let rows =
            Eyes::open_as_custodian(held(&*writing.transaction, &arrived.id, Some(CollectionKey(self.collection.key)), Bodies::Without)?);
        let is_it = |row: &&Held| row.owner == owner && row.version == arrived.version;
        rows.iter().filter(is_it).try_for_each(|row| relay::note(writing, row, self.partner.name(), is_writer))
    }

    fn wait(&mut self, writing: &Writing<'_>, claimed: (String, String), why: &str, kept: &[&Bytes]) {
        let delivery = (self.partner.name(), self.collection.name.as_str());
        self.waiting.push(Quarantined::new(delivery, claimed, why, writing.stamp, kept));
        self.taken.quarantined += 1;
    }

    fn finish(self, writing: &mut Writing<'_>, progress: Option<Come>) -> Result<Taken, DeliveryError> {
        let name = self.partner.name();
        if !self.waiting.is_empty() {
            let already = quarantine::all(&*writing.transaction)?.iter().filter(|waiting| waiting.partner == name).count();
            if already + self.waiting.len() > QUARANTINE_MAX {
                return Err(DeliveryError::QuarantineFull(name.to_owned()));
            }
            self.waiting.iter().try_for_each(|waiting| quarantine::put(writing, waiting))?;
        }
        let before = progress_of(&*writing.transaction, name, &self.collection.name)?.unwrap_or_default();
        let come = progress.map(|come| (come.added_after, come.next));
        let (added_after, next) = come.unwrap_or_else(|| (before.added_after.clone(), before.next.clone()));
        let after = Progress { added_after, next, taken: before.taken + self.taken.added, at: Some(writing.stamp), ..before };
        writing.put(RecordKind::Progress, &progress_key(name, &self.collection.name), &after)?;
        Ok(self.taken)
    }
}

/// Where an arriving object goes.
enum Place {
    /// It is of the organisation `owner`, and was given a label beside its markings by a statement that is believed.
    Of { owner: String, given: Option<Label>, believed: Option<Box<Believed>> },
    /// It is this node's own.
    Own,
    /// A later label of it is known, or that this node is to have it no more.
    Old,
    /// Into quarantine.
    Refused(String),
}
