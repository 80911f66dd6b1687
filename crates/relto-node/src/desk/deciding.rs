//! What people do at the desk: look at a draft, propose it, publish it, decide on what others propose.

use std::collections::HashMap;

use bytes::Bytes;
use relto_gate::{Gate, Principal};
use relto_model::ObjectId;
use relto_model::object::Object;
use serde_json::json;
use uuid::Builder;

use super::carrying::{CarriedOut, Given, Submission, Writer, carry_out, joined, parse, submission};
use super::keeping::{self, DeskRecord, Proposed, Stage};
use super::matrix::matrix;
use super::{Desk, DeskEntry, DeskError, DeskMatrix, Draft};
use crate::error::StoreError;
use crate::facts::{Account, Facts};
use crate::ingest::{Labelling, version_of};
use crate::node::{Node, Writing};
use crate::reading::{ReadError, Reading};
use crate::records::Role;
use crate::session::{Session, account_of};

impl Node {
    /// What the desk has for the account of `session`, and who reads.
    ///
    /// # Errors
    /// [`DeskError::Absent`] for an account that does not write.
    pub fn desk(&self, session: &Session) -> Result<(Desk, Principal), DeskError> {
        let reading = self.at_the_desk(session)?;
        let record = reading.record();
        let writes_to = |name: &String| reading.facts().directory.collection(name).is_some_and(|collection| collection.can_write);
        let views = reading.collections().into_iter().filter(|view| writes_to(&view.alias));
        let mut desk = Desk {
            is_officer: record.role == Role::ReleaseOfficer,
            collections: views.map(|view| (view.alias, view.title)).collect(),
            ..Desk::default()
        };
        let mut banner = None;
        for kept in keeping::all(reading.snapshot(), reading.principal(), &record.organisation)? {
            let Some(view) = reading.collection(&kept.collection) else { continue };
            banner = reading.joined(banner, kept.label);
            let entry = kept.entry(&reading.facts().gate, reading.account(), &view.alias);
            if matches!(kept.stage, Stage::Waiting { .. }) { desk.waiting.push(entry) } else { desk.decided.push(entry) }
        }
        desk.decided.reverse();
        desk.banner = reading.banner_of(banner.as_ref());
        Ok((desk, reading.into_principal()))
    }

    /// Reads for an account that has a desk.
    pub(super) fn at_the_desk(&self, session: &Session) -> Result<Reading<'_>, DeskError> {
        let reading = self.reading(session)?;
        if reading.role().writes() { Ok(reading) } else { Err(DeskError::Absent) }
    }

    /// What the collection, the label and the file of `draft` can be read as, before anybody looks at what would come of it.
    ///
    /// # Errors
    /// [`DeskError::Absent`] when the account may not write there, [`DeskError::Form`] or [`DeskError::TooMany`] when the file is none.
    pub fn check_draft(&self, session: &Session, draft: &Draft) -> Result<(), DeskError> {
        parse(self, draft)?;
        self.rehearse(|writing| Writer::of(writing, session, &draft.collection).map(|_| ()))
    }

    /// What publishing `draft` would come to, judged as the writing of `session`'s account, and who reads that. Nothing is stored.
    ///
    /// # Errors
    /// [`DeskError::Label`] when a label cannot be read; otherwise as [`Node::check_draft`].
    pub fn desk_preview(&self, session: &Session, draft: &Draft) -> Result<(DeskMatrix, Principal), DeskError> {
        let (done, facts, writer, principal) = self.rehearse(|writing| {
            let writer = Writer::of(writing, session, &draft.collection)?;
            let asked = submission(self, writing, &writer, draft)?;
            let done = carry_out(writing, &writer, asked)?;
            Ok::<_, DeskError>((done, facts_of(writing), writer.clone(), principal(&writing.acting_gate(), &writer.account)))
        })?;
        // Nobody who writes waits for it.
        Ok((matrix(&facts, &writer, &draft.name, &draft.labels, done), principal))
    }

    /// Publishes `draft` as it was looked at. Returns the release's id.
    ///
    /// # Errors
    /// [`DeskError::Changed`] when the matrix is not that of `digest` any more, [`DeskError::SecondPerson`] for whoever may not publish alone;
    /// then nothing has happened.
    pub fn desk_publish(&self, session: &Session, draft: &Draft, digest: &str) -> Result<String, DeskError> {
        let id = self.desk_id();
        self.write(|writing| {
            let writer = Writer::of(writing, session, &draft.collection)?;
            if writer.account.record.role != Role::ReleaseOfficer || writer.collection.second_person {
                return Err(DeskError::SecondPerson);
            }
            let asked = submission(self, writing, &writer, draft)?;
            let done = looked_at(writing, &writer, asked, (&draft.name, &draft.labels), digest)?;
            let record = record(writing, &writer, (&id, &draft.name), &done)?;
            let by = writer.account.record.name.clone();
            publish(writing, DeskRecord { stage: published(&done, &by, writing), ..record }, &done, &by)
        })?;
        Ok(id)
    }

    /// Has `draft`, as it was looked at, wait for a release officer of the organisation. Returns the proposal's id.
    ///
    /// # Errors
    /// [`DeskError::NobodyDecides`] when no other officer may see all of it, [`DeskError::Full`] when too much waits; otherwise as
    /// [`Node::desk_publish`].
    pub fn desk_propose(&self, session: &Session, draft: &Draft, digest: &str) -> Result<String, DeskError> {
        let id = self.desk_id();
        // What the proposal is kept under; the objects are stored when somebody approves.
        let (proposed, joined) = self.rehearse(|writing| {
            let writer = Writer::of(writing, session, &draft.collection)?;
            let asked = submission(self, writing, &writer, draft)?;
            let done = looked_at(writing, &writer, asked, (&draft.name, &draft.labels), digest)?;
            let propose = |placed: &super::carrying::Placed| {
                let body = String::from_utf8_lossy(placed.object.bytes()).into_owned();
                Ok(Proposed { body, label: writing.label(placed.label)?.as_ref().clone() })
            };
            let proposed: Vec<Proposed> = done.objects.iter().map(propose).collect::<Result<_, StoreError>>()?;
            Ok::<_, DeskError>((proposed, joined(writing, &done.objects)?.ok_or(DeskError::Refused)?))
        })?;
        self.write(|writing| {
            let writer = Writer::of(writing, session, &draft.collection)?;
            let label = writing.intern(&joined)?;
            let record = DeskRecord {
                id: id.clone(),
                organisation: writer.account.record.organisation.clone(),
                by: writer.account.record.name.clone(),
                at: writing.stamp,
                name: draft.name.clone(),
                collection: writer.collection.id.clone(),
                label,
                stage: Stage::Waiting { objects: proposed },
            };
            let gate = writing.acting_gate();
            if !keeping::has_somebody_who_decides(&gate, &writing.before.directory, &record, writer.collection.label) {
                return Err(DeskError::NobodyDecides);
            }
            keeping::keep(writing, &record)?;
            let act = json!({"act": "propose release", "proposal": record.id, "by": record.by, "collection": writer.collection.name});
            Ok(writing.journal(&act)?)
        })?;
        Ok(id)
    }

    /// The proposal `id` and what publishing it would come to, for whoever may see all of it; the matrix as long as it waits.
    ///
    /// # Errors
    /// [`DeskError::Absent`] when there is none that the account may see.
    pub fn desk_proposal(&self, session: &Session, id: &str) -> Result<(DeskEntry, Option<DeskMatrix>, Principal), DeskError> {
        let (entry, carried, facts, writer, principal) = self.rehearse(|writing| {
            let (writer, record) = kept(writing, session, id)?;
            let entry = record.entry(&writing.acting_gate(), &writer.account, &writer.collection.name);
            let asked = resubmission(self, &record);
            let carried = asked.map(|asked| carry_out(writing, &writer, asked)).transpose()?;
            let principal = principal(&writing.acting_gate(), &writer.account);
            Ok::<_, DeskError>((entry, carried, facts_of(writing), writer, principal))
        })?;
        let matrix = carried.map(|done| matrix(&facts, &writer, &entry.name, &Given::new(), done));
        Ok((entry, matrix, principal))
    }

    /// Publishes the proposal `id` as it was looked at.
    ///
    /// # Errors
    /// [`DeskError::SecondPerson`] for whoever proposed it or is no release officer; otherwise as [`Node::desk_publish`].
    pub fn desk_approve(&self, session: &Session, id: &str, digest: &str) -> Result<(), DeskError> {
        self.write(|writing| {
            let (writer, before) = kept(writing, session, id)?;
            let asked = resubmission(self, &before).ok_or(DeskError::Absent)?;
            if !before.is_decided_by(&writer.account) {
                return Err(DeskError::SecondPerson);
            }
            let done = looked_at(writing, &writer, asked, (&before.name, &Given::new()), digest)?;
            let record = record(writing, &writer, (&before.id, &before.name), &done)?;
            let by = writer.account.record.name.clone();
            let stage = published(&done, &by, writing);
            publish(writing, DeskRecord { by: before.by, at: before.at, stage, ..record }, &done, &by)
        })
    }

    /// Turns the proposal `id` down, or takes it back, where it is one's own.
    ///
    /// # Errors
    /// [`DeskError::SecondPerson`] for whoever may do neither.
    pub fn desk_decline(&self, session: &Session, id: &str, reason: &str) -> Result<(), DeskError> {
        self.write(|writing| {
            let (writer, record) = kept(writing, session, id)?;
            let Stage::Waiting { objects } = &record.stage else { return Err(DeskError::Absent) };
            let by = writer.account.record.name.clone();
            if by != record.by && !record.is_decided_by(&writer.account) {
                return Err(DeskError::SecondPerson);
            }
            let act = json!({"act": "decline release", "proposal": record.id, "by": by, "proposed_by": record.by, "reason": reason});
            let stage = Stage::Declined { by, at: writing.stamp, reason: reason.to_owned(), objects: objects.len() };
            keeping::keep(writing, &DeskRecord { stage, ..record })?;
            Ok(writing.journal(&act)?)
        })
    }

    fn desk_id(&self) -> String {
        Builder::from_random_bytes(self.random()).into_uuid().hyphenated().to_string()
    }
}

/// Facts with the labels of the transaction.
fn facts_of(writing: &Writing<'_>) -> Facts {
    Facts { gate: writing.acting_gate(), ..writing.before.clone() }
}

fn principal(gate: &Gate, account: &Account) -> Principal {
    gate.principal(account.name.clone(), account.profile.clone(), account.gained.clone())
}

/// What is kept under `id`, if the account of `session` may see all of it, and who that is.
fn kept(writing: &Writing<'_>, session: &Session, id: &str) -> Result<(Writer, DeskRecord), DeskError> {
    let account = account_of(&writing.before, session).ok_or(ReadError::SignedOut)?;
    let principal = principal(&writing.before.gate, &account);
    let found = keeping::one(&*writing.transaction, &principal, &account.record.organisation, id)?;
    let record = found.ok_or(DeskError::Absent)?;
    Ok((Writer::of(writing, session, &record.collection)?, record))
}

/// A proposal that waits, to be carried out: each object under the label that it was proposed under, and what its markings mean besides.
fn resubmission(node: &Node, record: &DeskRecord) -> Option<Submission> {
    let Stage::Waiting { objects } = &record.stage else { return None };
    let mut labelling = Labelling { made: Some(record.at), ..Labelling::default() };
    let mut parsed = Vec::with_capacity(objects.len());
    for (number, proposed) in objects.iter().enumerate() {
        let object = Object::parse(Bytes::from(proposed.body.clone()), node.kinds()).ok()?;
        let label = proposed.label.clone();
        let known: &mut HashMap<_, _> = &mut labelling.of_objects;
        let label = known.remove(object.id()).map_or(label.clone(), |other: relto_model::Label| other.join(&label));
        known.insert(object.id().clone(), label);
        parsed.push((format!("/objects/{number}"), object));
    }
    Some(Submission { objects: parsed, refused: Vec::new(), labelling })
}

/// Carries out what is `asked` if it comes to what was looked at, without a refusal.
fn looked_at(
    writing: &mut Writing<'_>,
    writer: &Writer,
    asked: Submission,
    (name, given): (&str, &Given),
    digest: &str,
) -> Result<CarriedOut, DeskError> {
    let done = carry_out(writing, writer, asked)?;
    let facts = facts_of(writing);
    if matrix(&facts, writer, name, given, done.clone()).digest != digest {
        return Err(DeskError::Changed);
    }
    if done.objects.is_empty() || !done.refused.is_empty() {
        return Err(DeskError::Refused);
    }
    Ok(done)
}

/// What is kept of what `writer` brings, under the join of its labels; nothing is in it yet.
fn record(writing: &mut Writing<'_>, writer: &Writer, (id, name): (&str, &str), done: &CarriedOut) -> Result<DeskRecord, DeskError> {
    let joined = joined(writing, &done.objects)?.ok_or(DeskError::Refused)?;
    Ok(DeskRecord {
        id: id.to_owned(),
        organisation: writer.account.record.organisation.clone(),
        by: writer.account.record.name.clone(),
        at: writing.stamp,
        name: name.to_owned(),
        collection: writer.collection.id.clone(),
        label: writing.intern(&joined)?,
        stage: Stage::Waiting { objects: Vec::new() },
    })
}

fn published(done: &CarriedOut, by: &str, writing: &Writing<'_>) -> Stage {
    let versions = done.objects.iter().map(|placed| (placed.object.id().clone(), version_of(&placed.object).to_owned()));
    let mut objects: Vec<(ObjectId, String)> = versions.collect();
    objects.sort();
    objects.dedup();
    Stage::Published { by: by.to_owned(), at: writing.stamp, objects }
}

/// Keeps `record` of what is in the store now, and says who let it out.
fn publish(writing: &mut Writing<'_>, record: DeskRecord, done: &CarriedOut, by: &str) -> Result<(), DeskError> {
    keeping::keep(writing, &record)?;
    let proposed_by = (record.by != by).then_some(&record.by);
    let added = done.objects.iter().filter(|placed| !placed.is_present).count();
    let collection = writing.before.directory.collection(&record.collection).map(|collection| collection.name.clone());
    let act = json!({"act": "publish release", "release": record.id, "by": by, "proposed_by": proposed_by, "collection": collection,
        "objects": done.objects.len(), "added": added});
    Ok(writing.journal(&act)?)
}
