//! What an agreement would release: shown before anything flows.

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_gate::LabelId;
use relto_store::{CollectionKey, Query, Snapshot, VersionFilter, rows_of_owner};
use serde::{Deserialize, Serialize};

use super::admin::PartnerError;
use super::statement::Statements;
use crate::error::StoreError;
use crate::facts::{Account, Facts};
use crate::labels::shown;
use crate::node::Node;
use crate::reading::Reading;

/// Rows that are looked at together.
const PAGE_ROWS: usize = 1_000;
/// Bytes that are looked at together.
const PAGE_BYTES: usize = 8 << 20;

/// What an agreement would release, and what it would not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementEffect {
    /// The partner.
    pub partner: String,
    /// By collection: labels in words, with how many versions of it go to the partner.
    pub released: BTreeMap<String, BTreeMap<String, u64>>,
    /// The same of what does not: the gate keeps it, or the agreement, or its label cannot be said to the partner.
    pub withheld: BTreeMap<String, BTreeMap<String, u64>>,
    /// The same of what the partner wrote and is here, and would not be taken in if it came then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Node {
    /// What the partner `name` would get if `facts` held: the very pages that it would fetch are read, and counted.
    pub(crate) fn effect(&self, name: &str, facts: Facts) -> Result<AgreementEffect, PartnerError> {
        let facts = Arc::new(facts);
        let account = facts.directory.accounts.get(name).cloned().ok_or_else(|| PartnerError::Absent(name.to_owned()))?;
        let (_, snapshot) = self.settled()?;
        let is_agreed = |name: &str| account.partner.as_ref().is_some_and(|partner| partner.agreement.collections.contains_key(name));
        let collections = facts.directory.collections.values().filter(|collection| is_agreed(&collection.name));
        let mut held = BTreeMap::new();
        for collection in collections {
            let tally = snapshot.tally(CollectionKey(collection.key)).map_err(StoreError::from)?;
            held.insert(collection.name.clone(), tally);
        }
        let refused = refused(&facts, &*snapshot, &account, &held)?;
        let reading = Reading::new(facts.clone(), snapshot, account);
        let mut effect = AgreementEffect { partner: name.to_owned(), refused, ..AgreementEffect::default() };
        for (collection, tally) in held {
            let mut released: BTreeMap<_, u64> = BTreeMap::new();
            if let Some(view) = reading.collection(&collection).filter(|view| view.can_read) {
                let mut query = Query { rows_max: PAGE_ROWS, bytes_max: PAGE_BYTES, ..view.query(VersionFilter::all()) };
                loop {
                    let page = reading.sayable(self, &view, query.clone(), Statements::Needed)?;
                    page.cleared.rows.iter().for_each(|row| *released.entry(row.get().label()).or_default() += 1);
                    match page.cleared.next {
                        Some(next) => query.after = Some(next),
                        None => break,
                    }
                }
            }
            for (label, versions) in tally {
                let goes = released.get(&label).copied().unwrap_or_default();
                let counts = [(&mut effect.released, goes), (&mut effect.withheld, versions.saturating_sub(goes))];
                for (into, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
                    *into.entry(collection.clone()).or_default().entry(shown(&facts.gate, label)).or_default() += count;
                }
            }
        }
        Ok(effect)
    }
}

/// What the partner wrote of what is `held`, by collection and label, and would not be taken in under its agreement.
fn refused(
    facts: &Facts,
    snapshot: &dyn Snapshot,
    account: &Account,
    held: &BTreeMap<String, Vec<(LabelId, u64)>>,
) -> Result<BTreeMap<String, BTreeMap<String, u64>>, StoreError> {
    let mut refused: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let Some(partner) = &account.partner else { return Ok(refused) };
    for (collection, labels) in held {
        let Some(record) = facts.directory.collection(collection) else { continue };
        let agreement = &partner.agreement;
        let is_outside = |label: &LabelId| {
            let label = facts.gate.labels().get(*label);
            !agreement.accepts_into(collection)
                || label.is_none_or(|label| agreement.accepts.outside(label, facts.gate.rules(), facts.gate.now()).is_some())
        };
        for (label, _) in labels.iter().filter(|(label, _)| is_outside(label)) {
            let theirs = rows_of_owner(snapshot, CollectionKey(record.key), &[*label], &account.record.organisation)?.len() as u64;
            if theirs > 0 {
                *refused.entry(collection.clone()).or_default().entry(shown(&facts.gate, *label)).or_default() += theirs;
            }
        }
    }
    Ok(refused)
}
