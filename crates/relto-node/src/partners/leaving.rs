//! A partner leaves: one act stops all flows both ways at once, and has it told to destroy what it holds of ours.

use std::collections::BTreeSet;

use relto_store::RecordKind;

use super::admin::{PartnerError, find, forget_progress, progress_key, progress_of, store};
use super::holdings::Holdings;
use super::notice;
use super::recall::{Recall, sign};
use super::record::{PartnerRecord, PartnerState, Progress};
use super::{quarantine, release};
use crate::error::StoreError;
use crate::node::{Node, Writing};

/// Has everything fetched anew from the `partners`: what was destroyed at the word of one of them, others may give again, and that one too when it
/// comes back.
pub(super) fn begin_anew(writing: &mut Writing<'_>, partners: &BTreeSet<String>) -> Result<(), StoreError> {
    let known = writing.before.directory.partners().filter(|record| partners.contains(record.name()));
    let known: Vec<PartnerRecord> = known.map(|record| record.as_ref().clone()).collect();
    for record in known {
        let name = record.name().to_owned();
        for collection in record.agreement.collections.keys() {
            let progress = progress_of(&*writing.transaction, &name, collection)?.unwrap_or_default();
            writing.put(RecordKind::Progress, &progress_key(&name, collection), &Progress { added_after: None, next: None, ..progress })?;
        }
        writing.put(RecordKind::Partner, &name, &PartnerRecord { begun: writing.stamp, ..record })?;
    }
    writing.facts_changed();
    Ok(())
}

impl Node {
    /// Has the partner `name` leave. What waits of it in quarantine is thrown away; what it wrote and was taken in stays, until its node
    /// recalls it. Returns what each side held of the other's.
    ///
    /// # Errors
    /// [`PartnerError`]; then nothing has changed.
    pub fn remove_partner(&self, name: &str) -> Result<Holdings, PartnerError> {
        let holdings = self.holdings(name)?;
        self.identity()?;
        self.write(|writing| {
            let record = find(writing, name)?;
            if record.state == PartnerState::Left {
                return Err(PartnerError::Left(name.to_owned()));
            }
            forget_progress(writing, name, &|_| true)?;
            let waiting: Vec<_> = quarantine::all(&*writing.transaction)?.into_iter().filter(|waiting| waiting.partner == name).collect();
            quarantine::release(writing, &waiting)?;
            if record.confirmed && release::count(&*writing.transaction, name)? > 0 {
                let originator = writing.before.directory.node.organisation.clone();
                let reason = "the partnership has ended".to_owned();
                let to = record.keys.first().cloned();
                let recall = Recall { object: None, originator, reason, at: writing.stamp, is_final: true, to };
                let envelope = sign(&writing.before.directory.node, &recall)?;
                notice::put(writing, name, None, notice::What::Recall(envelope))?;
            }
            let record = PartnerRecord { state: PartnerState::Left, pull: false, push: false, begun: writing.stamp, ..record };
            store(writing, &record, "partner remove", &serde_json::json!(holdings))
        })?;
        Ok(holdings)
    }
}
