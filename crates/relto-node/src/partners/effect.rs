//! What an agreement would release: shown before anything flows.

use std::collections::BTreeMap;

use relto_store::CollectionKey;
use serde::{Deserialize, Serialize};

use super::admin::PartnerError;
use crate::error::StoreError;
use crate::node::Writing;

/// What an agreement would release, and what it would not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementEffect {
    /// The partner.
    pub partner: String,
    /// By collection: labels in words, with how many versions of it go to the partner.
    pub released: BTreeMap<String, BTreeMap<String, u64>>,
    /// The same of what does not.
    pub withheld: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What the partner `name`, as it stands in this transaction, would get.
pub(crate) fn effect(writing: &Writing<'_>, name: &str) -> Result<AgreementEffect, PartnerError> {
    let then = writing.facts_then()?;
    let account = then.directory.accounts.get(name).ok_or_else(|| PartnerError::Absent(name.to_owned()))?;
    let sees = then.gate.release(name, &account.profile);
    let mut effect = AgreementEffect { partner: name.to_owned(), ..AgreementEffect::default() };
    for collection in then.directory.collections.values().filter(|collection| account.reaches(collection)) {
        let is_seen = sees.permits(collection.label) && collection.can_read;
        for (label, versions) in writing.transaction.tally(CollectionKey(collection.key)).map_err(StoreError::from)? {
            let into = if is_seen && sees.permits(label) { &mut effect.released } else { &mut effect.withheld };
            let words = crate::labels::shown(&then.gate, label);
            *into.entry(collection.name.clone()).or_default().entry(words).or_default() += versions;
        }
    }
    Ok(effect)
}
