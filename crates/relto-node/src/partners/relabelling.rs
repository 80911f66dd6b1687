//! Labels that a partner changes, and consents that it gives: by statements that it signed.

use std::collections::HashMap;

use bytes::Bytes;
use relto_model::object::Object;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::LabelContext;
use relto_policy::dsse::PinnedKeys;
use relto_policy::dsse::statement::Statement;
use relto_policy::text::received_by;
use relto_store::{Bodies, Held, RecordKind, held};
use serde_json::Value as Json;

use super::quarantine::{self, Quarantined};
use super::statement::Claim;
use super::statement::keeping::{self, Believed};
use super::{consent, relay};
use crate::error::StoreError;
use crate::ingest::Eyes;
use crate::labels::reading_of;
use crate::node::Writing;
use crate::relabel::relabel_rows;
use crate::remove::remove_row;

/// Does as `statements` say, on labels and on consents. Returns how many rows have another label now, or why a label is not believed.
pub(super) fn take_statements(
    writing: &mut Writing<'_>,
    partner: &str,
    statements: &[Json],
    pinned: &PinnedKeys,
) -> Result<Result<u64, String>, StoreError> {
    let (mut changed, mut disbelieved, mut fresh) = (0, None, consent::Fresh::default());
    let is_consent = |statement: &&Json| statement.get("type").and_then(Json::as_str) == Some(consent::KIND);
    let (consents, labels): (Vec<&Json>, Vec<&Json>) = statements.iter().partition(is_consent);
    for label in labels {
        match take_label(writing, partner, label, pinned)? {
            Ok(rows) => changed += rows,
            Err(why) => disbelieved = disbelieved.or(Some(why)),
        }
    }
    // A consent that is not believed opens nothing, and keeps no label back. How much one changes here is not said: it can be what the partner
    // may not see.
    for consent in consents {
        if let Ok(claim) = consent::Claim::parse(consent, writing.node.kinds()) {
            let _ = consent::keep(writing, partner, &claim, pinned, &mut fresh)?;
        }
    }
    consent::settle(writing, fresh)?;
    Ok(disbelieved.map_or(Ok(changed), Err))
}

/// The label that the partner which wrote `row` has said of it; when it has said none, the one that the row has. None of anything else.
pub(crate) fn label_said(writing: &mut Writing<'_>, row: &Held) -> Result<Option<Label>, StoreError> {
    if !writing.before.directory.is_partners(&row.owner) {
        return Ok(None);
    }
    let object = Object::parse(row.body.clone(), writing.node.kinds()).ok();
    let collection = collection_id(writing, row);
    let kept = object.map(|object| keeping::statement_on(&*writing.transaction, &row.owner, &object.digest(), &collection));
    let said = match kept.transpose()?.flatten().and_then(|kept| Claim::parse(kept, writing.node.kinds()).ok()) {
        Some(claim) => meant(writing, row, &claim)?,
        None => None,
    };
    Ok(match said {
        Some(said) => Some(said),
        None => Some(writing.label(row.label)?.as_ref().clone()),
    })
}

/// Gives what the label statement in `label` is on the label that it says. Returns how many rows have another label now, or why none has.
fn take_label(writing: &mut Writing<'_>, partner: &str, label: &Json, pinned: &PinnedKeys) -> Result<Result<u64, String>, StoreError> {
    let statement = Bytes::from(label.to_string());
    let claim = match Claim::parse(statement.clone(), writing.node.kinds()) {
        Ok(claim) => claim,
        Err(why) => return Ok(Err(why)),
    };
    let Ok(id) = ObjectId::parse(&claim.object) else { return Ok(Err("it is on no object".to_owned())) };
    let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, &id, None, Bodies::With)?);
    let mut believed = None;
    rows.retain(|row| {
        let of = stated(writing, row, &claim, pinned);
        let is_on = of.is_some();
        believed = of.or(believed.take());
        is_on
    });
    // What is not here is under no other label: whether it is here, the answer does not tell, nor whose it is.
    let Some((digest, said)) = believed else {
        return Ok(claim.issued(pinned).map(|_| 0).ok_or_else(|| "nobody who is known here has signed the label".to_owned()));
    };
    if keeping::last_issue(&*writing.transaction, &said, &digest)?.is_some_and(|known| known > said.issued) {
        return Ok(Ok(0));
    }
    let mut of_place = Vec::with_capacity(rows.len());
    for row in rows {
        if is_at(writing, &row, &digest, &claim)? {
            of_place.push(row);
        }
    }
    let (rows, issued) = (of_place, said.issued);
    let (mut changed, mut labels) = (Vec::new(), HashMap::new());
    for row in &rows {
        match meant(writing, row, &claim)? {
            Some(label) if Some(&label) != writing.labels().get(row.label).map(AsRef::as_ref) => {
                labels.insert(row.arrival, label);
                changed.push(row.clone());
            }
            Some(_) => {}
            None => {
                consent::end_with_label(writing, &id, &rows, &digest, issued)?;
                keeping::note_issue(writing, &said, &digest)?;
                return set_aside(writing, partner, &id, &rows, &statement).map(Ok);
            }
        }
    }
    let believed = Believed { digest, statement: said, bytes: statement };
    for row in &rows {
        keeping::keep(writing, &believed, &collection_id(writing, row))?;
    }
    if changed.is_empty() {
        return Ok(Ok(0));
    }
    let own = |writing: &mut Writing<'_>, row: &Held| writing.label(row.label).map(|label| label.as_ref().clone());
    relabel_rows::<StoreError>(writing, &id, &changed, Vec::new(), &mut |writing, row| {
        labels.remove(&row.arrival).map_or_else(|| own(writing, row), Ok)
    })?;
    consent::end_with_label(writing, &id, &rows, &digest, issued)?;
    super::notice::pass_label(writing, &id, &changed, label)?;
    writing.journal(&serde_json::json!({"act": "relabelled by its originator", "object": id.as_str(), "rows": changed.len()}))?;
    Ok(Ok(changed.len() as u64))
}

/// Puts `rows` of `id` into quarantine: their label from now on has no equivalent here, and the old one holds no more.
fn set_aside(writing: &mut Writing<'_>, partner: &str, id: &ObjectId, rows: &[Held], statement: &Bytes) -> Result<u64, StoreError> {
    for row in rows {
        let collection = writing.before.directory.collection_of(row.collection).map(|record| record.name.clone()).unwrap_or_default();
        let claimed = (id.as_str().to_owned(), row.version.clone());
        let why = "its new label has no equivalent here";
        let waiting = Quarantined::new((partner, &collection), claimed, why, writing.stamp, &[&row.body, statement]);
        quarantine::put(writing, &waiting)?;
        remove_row(writing, id, (row.collection, row.arrival), &row.owner)?;
    }
    writing.journal(&serde_json::json!({"act": "set aside", "object": id.as_str(), "rows": rows.len()}))?;
    Ok(rows.len() as u64)
}

fn collection_id(writing: &Writing<'_>, row: &Held) -> String {
    writing.before.directory.collection_of(row.collection).map(|record| record.id.clone()).unwrap_or_default()
}

/// Whether `claim` speaks of the place from which `row` came: its owner can have the same content elsewhere, under another label.
fn is_at(writing: &Writing<'_>, row: &Held, digest: &[u8; 32], claim: &Claim) -> Result<bool, StoreError> {
    let kept = keeping::statement_on(&*writing.transaction, &row.owner, digest, &collection_id(writing, row))?;
    let kept = kept.and_then(|kept| Claim::parse(kept, writing.node.kinds()).ok());
    Ok(match (kept.and_then(|kept| kept.place()), claim.place()) {
        (Some(from), Some(of)) => from == of,
        _ => true,
    })
}

/// The digest of the row's content and what was signed, if the statement is on it and of its owner.
fn stated(writing: &Writing<'_>, row: &Held, claim: &Claim, pinned: &PinnedKeys) -> Option<([u8; 32], Statement)> {
    let object = Object::parse(row.body.clone(), writing.node.kinds()).ok()?;
    let statement = claim.verified(&object, pinned).ok()?;
    (statement.originator == row.owner).then(|| (object.digest(), statement))
}

/// When the statement that is known under `key` was issued, as its originator signed it: an older one that comes again changes nothing.
pub(super) fn known_issue(writing: &Writing<'_>, key: &str, pinned: &PinnedKeys) -> Result<Option<Stamp>, StoreError> {
    let kept = writing.transaction.record(RecordKind::Statement, key)?;
    Ok(kept.and_then(|bytes| Claim::parse(bytes.into(), writing.node.kinds()).ok()?.issued(pinned)))
}

/// The label that the statement means for the row.
fn meant(writing: &mut Writing<'_>, row: &Held, claim: &Claim) -> Result<Option<Label>, StoreError> {
    // What goes no further than to whom its originator gave it, is for this node only if it came from there, and for nobody whom this node names.
    let is_direct = relay::of(&*writing.transaction, row.arrival)?.is_empty();
    let collection = writing.before.directory.collection_of(row.collection).filter(|_| is_direct).map(|record| record.id.clone());
    let context = LabelContext { made: writing.stamp, owner: row.owner.clone(), collection };
    let reading = claim.label(writing.before.gate.rules(), &context);
    let node = writing.before.directory.node.organisation.clone();
    let Some(label) = reading.label.filter(|_| !reading.withheld) else { return Ok(None) };
    let label = if is_direct { received_by(label, &node) } else { label };
    let own = Object::parse(row.body.clone(), writing.node.kinds()).ok();
    let own = own.map(|object| reading_of(&object, row, &writing.before, &*writing.transaction)).transpose()?;
    Ok(Some(own.and_then(|own| own.label).into_iter().fold(label, |label, own| label.join(&own))))
}
