//! What a partner delivered and was not taken in: kept with the reason, shown to the operator, and tried again when asked to.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use relto_model::Stamp;
use relto_model::object::Object;
use relto_model::text::is_hidden;
use relto_model::time::as_text;
use relto_store::{RecordKind, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::delivery::{Delivery, DeliveryError, Taken};
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::version_of;
use crate::node::{Node, Writing};

/// Objects of one partner that wait at most; one that delivers more is no longer fetched from until somebody has looked.
pub const QUARANTINE_MAX: usize = 10_000;
/// Of an object that is longer, in bytes, only the reason is kept: it is to be fetched anew.
const KEPT_BYTES_MAX: usize = 1 << 20;

/// An object in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The partner that delivered it.
    pub partner: String,
    /// For which collection, by its name here.
    pub collection: String,
    /// The id that it claims.
    pub id: String,
    /// The version that it claims.
    pub version: String,
    /// Why it was not taken in.
    pub reason: String,
    /// Since when.
    #[serde(with = "as_text")]
    pub at: Stamp,
    /// The object and the statement beside it, in base64.
    pub(crate) kept: Vec<String>,
}

impl Quarantined {
    /// An object that was not taken in, with the statement that came beside it.
    pub(crate) fn new(delivery: (&str, &str), claimed: (String, String), reason: &str, at: Stamp, kept: &[&Bytes]) -> Self {
        let (partner, collection) = (delivery.0.to_owned(), delivery.1.to_owned());
        let bytes: usize = kept.iter().map(|bytes| bytes.len()).sum();
        let kept = if bytes <= KEPT_BYTES_MAX { kept.iter().map(|bytes| STANDARD.encode(bytes)).collect() } else { Vec::new() };
        let reason = reason.chars().take(1_000).collect();
        Self { partner, collection, id: claimed.0, version: claimed.1, reason, at, kept }
    }

    fn key(&self) -> String {
        let mut digest = Sha256::new();
        for part in [&self.collection, &self.id, &self.version].into_iter().chain(&self.kept) {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        format!("{}\n{}", self.partner, hex::encode(digest.finalize()))
    }

    fn objects(&self) -> Vec<Bytes> {
        self.kept.iter().filter_map(|text| STANDARD.decode(text).ok()).map(Bytes::from).collect()
    }
}

/// Everything in quarantine, by partner.
pub(crate) fn all(snapshot: &dyn Snapshot) -> Result<Vec<Quarantined>, StoreError> {
    let records = snapshot.records(RecordKind::Quarantine)?;
    records.iter().map(|(key, value)| decode("quarantine", key, value)).collect()
}

/// Puts `waiting` into quarantine.
pub(crate) fn put(writing: &mut Writing<'_>, waiting: &Quarantined) -> Result<(), StoreError> {
    writing.put(RecordKind::Quarantine, &waiting.key(), waiting)
}

/// Takes what `chosen` names out of quarantine.
pub(crate) fn release(writing: &mut Writing<'_>, chosen: &[Quarantined]) -> Result<(), StoreError> {
    for waiting in chosen {
        writing.transaction.forget(RecordKind::Quarantine, &waiting.key())?;
    }
    Ok(())
}

impl Node {
    /// Everything in quarantine, of one partner or of all.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn quarantined(&self, partner: Option<&str>) -> Result<Vec<Quarantined>, StoreError> {
        let (_, snapshot) = self.settled()?;
        let mut all = all(&*snapshot)?;
        all.retain(|waiting| partner.is_none_or(|name| waiting.partner == name));
        Ok(all)
    }

    /// Tries again to take in what waits of `partner`, all of it or what has the id `id`. What is refused again waits on.
    ///
    /// # Errors
    /// [`DeliveryError`]; then nothing has changed.
    pub fn retry_quarantined(&self, partner: &str, id: Option<&str>) -> Result<Taken, DeliveryError> {
        let mut chosen = self.quarantined(Some(partner))?;
        chosen.retain(|waiting| !waiting.kept.is_empty() && id.is_none_or(|id| waiting.id == id));
        let mut total = Taken::default();
        let collections: std::collections::BTreeSet<String> = chosen.iter().map(|waiting| waiting.collection.clone()).collect();
        for collection in collections {
            let of_it: Vec<Quarantined> = chosen.iter().filter(|waiting| waiting.collection == collection).cloned().collect();
            let objects: Vec<Bytes> = of_it.iter().flat_map(Quarantined::objects).collect();
            let objects = self.read_delivered(&objects);
            let delivery = Delivery { partner: partner.to_owned(), collection, objects, progress: None };
            total.add(&self.take_again(delivery, &of_it)?);
        }
        Ok(total)
    }

    /// Throws away what waits of `partner`, all of it or what has the id `id`. Returns how much it was.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub fn drop_quarantined(&self, partner: &str, id: Option<&str>, reason: &str) -> Result<usize, StoreError> {
        self.write(|writing| {
            let mut chosen = all(&*writing.transaction)?;
            chosen.retain(|waiting| waiting.partner == partner && id.is_none_or(|id| waiting.id == id));
            release(writing, &chosen)?;
            let act = serde_json::json!({"act": "quarantine drop", "partner": partner, "objects": chosen.len(), "reason": reason});
            writing.journal(&act)?;
            Ok(chosen.len())
        })
    }
}

/// The id and version of an object.
pub(crate) fn claimed(object: &Object) -> (String, String) {
    (object.id().as_str().to_owned(), version_of(object).to_owned())
}

/// The id and version that something claims which is no valid object.
pub(crate) fn claimed_in(bytes: &[u8]) -> (String, String) {
    let value: Option<BTreeMap<String, serde_json::Value>> = serde_json::from_slice(bytes).ok();
    let text = |name: &str| -> String {
        let text = value.as_ref().and_then(|members| members.get(name)).and_then(serde_json::Value::as_str).unwrap_or_default();
        text.chars().take(300).filter(|letter| !is_hidden(*letter)).collect()
    };
    (text("id"), text("modified"))
}
