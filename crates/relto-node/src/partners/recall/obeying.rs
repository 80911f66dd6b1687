//! Doing as a partner's notices say: recalls, and what else it tells.

use std::collections::BTreeSet;

use relto_gate::Arrival;
use relto_model::ObjectId;
use relto_policy::dsse::PinnedKeys;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::destroying::{destroy, destroy_all, has_gone_on, rows_meant};
use super::{Done, Meant, Recall, RecallRecord, note, onward, pass_on, record_under, verified};
use crate::error::StoreError;
use crate::node::Writing;
use crate::partners::leaving::begin_anew;
use crate::partners::notice::{Notice, Onward, Receipt};
use crate::partners::relabelling::take_statements;
use crate::partners::relay;
use crate::partners::request::{self, ConsentRequest, RequestAnswer};

/// Does as `notice` of `partner` says. Done again, it does nothing more, and says how far it is.
pub(super) fn obey(writing: &mut Writing<'_>, partner: &str, notice: &Notice, pinned: &PinnedKeys) -> Result<Receipt, StoreError> {
    let id = notice.id.chars().take(64).collect::<String>();
    let done = match &notice.recall {
        None => said(writing, partner, notice, pinned)?.map(|versions| (versions, Onward::None)),
        Some(envelope) => match for_this_node(writing, envelope, pinned) {
            Ok(recall) => Ok(recalled(writing, partner, &recall, envelope)?),
            Err(why) => Err(why),
        },
    };
    Ok(match done {
        Ok((versions, onward)) => Receipt { id, done: true, versions, onward, reason: None },
        Err(why) => Receipt { id, done: false, versions: 0, onward: Onward::None, reason: Some(why) },
    })
}

/// The recall in `envelope`, if its originator signed it and it is for this node.
fn for_this_node(writing: &Writing<'_>, envelope: &Json, pinned: &PinnedKeys) -> Result<Recall, String> {
    let node = &writing.before.directory.node;
    let recall = verified(envelope, pinned)?;
    if recall.originator == node.organisation {
        return Err("it is of this node's own".to_owned());
    }
    match recall.meant(&node.public_keys()) {
        Meant::Elsewhere => Err("it is for another node".to_owned()),
        Meant::Here | Meant::Before => Ok(recall),
    }
}

/// Does as `recall` says, which came by `partner`. Returns how many versions were destroyed, now or before, and how far others are.
fn recalled(writing: &mut Writing<'_>, partner: &str, recall: &Recall, envelope: &Json) -> Result<(u64, Onward), StoreError> {
    let known = record_under(&*writing.transaction, &recall.key())?;
    let (versions, rows) = match &recall.object {
        Some(object) => one(writing, partner, recall, object, known.as_ref())?,
        None => everything(writing, partner, recall, known.as_ref())?,
    };
    // Told again, a node says again how many it was.
    let destroyed = versions + known.as_ref().map_or(0, |known| known.done.destroyed);
    let kept = known.as_ref().is_some_and(|known| known.done.kept) || recall.object.is_none() && has_gone_on(writing, partner, &rows)?;
    // When a final one came first, and by whom, stays on record.
    let is_another = |known: &RecallRecord| !recall.is_final && !known.done.by_partners.contains(partner);
    if versions > 0 || known.as_ref().is_none_or(is_another) {
        let through = known.as_ref().map_or(Some(partner), |known| known.through.as_deref());
        let mut by = known.as_ref().map(|known| known.done.by_partners.clone()).unwrap_or_default();
        by.insert(partner.to_owned());
        note(writing, recall, through, Done { destroyed, kept, by_partners: by })?;
    }
    if recall.object.is_some() && known.is_none() {
        pass_on(writing, Some(partner), recall.object.as_ref(), envelope, rows.clone())?;
    }
    if versions > 0 {
        writing.journal(&json!({"act": "recalled", "by": recall.originator, "through": partner,
            "object": recall.object.as_ref().map(ObjectId::as_str), "destroyed": versions, "reason": recall.reason}))?;
    }
    let onward = match known.as_ref().and_then(|known| known.through.as_deref()) {
        // Whoever told it first accounts for those behind this node: else nodes that told each other would wait for each other.
        Some(first) if first != partner => Onward::None,
        _ if kept => Onward::Kept,
        _ => onward(writing, partner, envelope)?,
    };
    Ok((destroyed, onward))
}

/// Destroys what is recalled of `object`. Returns how many versions it was, and the places of all that were meant.
fn one(
    writing: &mut Writing<'_>,
    partner: &str,
    recall: &Recall,
    object: &ObjectId,
    known: Option<&RecallRecord>,
) -> Result<(u64, Vec<Arrival>), StoreError> {
    let is_before = recall.meant(&writing.before.directory.node.public_keys()) == Meant::Before;
    let by = is_before.then_some(partner);
    let rows = rows_meant(writing, object, &recall.originator, by)?;
    // One that the same partner brings again, on a medium that is read twice, takes nothing back that was given anew since.
    let is_done = !recall.is_final && known.is_some_and(|known| known.done.by_partners.contains(partner));
    let versions = if is_done { 0 } else { destroy(writing, object, &recall.originator, by, recall.is_final)? };
    Ok((versions, rows))
}

/// Destroys everything that the originator wrote, once: it may come back as a partner. Others may go on giving what it wrote, so that all is fetched anew.
fn everything(
    writing: &mut Writing<'_>,
    partner: &str,
    recall: &Recall,
    known: Option<&RecallRecord>,
) -> Result<(u64, Vec<Arrival>), StoreError> {
    if known.is_some() {
        return Ok((0, Vec::new()));
    }
    let (versions, rows) = destroy_all(writing, &recall.originator)?;
    let mut brought = BTreeSet::from([partner.to_owned()]);
    for row in &rows {
        brought.extend(relay::all_of(&*writing.transaction, *row)?);
    }
    if versions > 0 {
        begin_anew(writing, &brought)?;
    }
    Ok((versions, rows))
}

/// Does as `notice` says, which recalls nothing. Returns how many versions have another label, or why nothing is done.
fn said(writing: &mut Writing<'_>, partner: &str, notice: &Notice, pinned: &PinnedKeys) -> Result<Result<u64, String>, StoreError> {
    let flows = writing.before.directory.partner(partner).is_some_and(|partner| partner.flows_at(writing.stamp));
    if (notice.request.is_some() || notice.answer.is_some()) && !flows {
        return Ok(Err("nothing flows".to_owned()));
    }
    if let Some(request) = &notice.request {
        return Ok(match ConsentRequest::deserialize(request) {
            Ok(request) => request::take(writing, partner, &request)?.map(|()| 0),
            Err(error) => Err(format!("/request: {error}")),
        });
    }
    if let Some(answer) = &notice.answer {
        return Ok(match RequestAnswer::deserialize(answer) {
            Ok(answer) => {
                request::take_answer(writing, partner, &answer)?;
                Ok(0)
            }
            Err(error) => Err(format!("/answer: {error}")),
        });
    }
    take_statements(writing, partner, &notice.labels, pinned)
}
