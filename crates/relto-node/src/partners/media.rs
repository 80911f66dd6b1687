//! The exchange over media: one file holds what a partner would fetch and be told, sealed by the node that wrote it.
//!
//! ```json
//! {"form":"relto-media","deliveries":[{"collection":"intel","objects":[...]}],"notices":[...],"receipts":[...],"seal":{DSSE envelope}}
//! ```
//!
//! The seal is over the bytes before it: who wrote the file, the key of whom it is for, its number, and their SHA-256. Nothing is
//! read of a file whose seal does not hold. A node writes on from where its last file ended, so that a file which is lost must be written
//! again from the start; one that comes twice changes nothing.

use bytes::Bytes;
use relto_model::{Stamp, json};
use relto_policy::dsse::{Envelope, PinnedKeys, PublicKey};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::admin::{PartnerError, progress_key};
use super::delivery::{Delivery, DeliveryError, Taken};
use super::notice::{Notice, Receipt};
use super::outgoing::Way;
use super::record::PartnerRecord;
use crate::error::StoreError;
use crate::facts::decode;
use crate::node::Node;
use crate::reading::ReadError;

/// What a file begins with.
const HEAD: &str = "{\"form\":\"relto-media\",";
/// Stands between the content and its seal.
const SEAL: &[u8] = b",\"seal\":";
/// The payload type of the seal.
const PAYLOAD_TYPE: &str = "application/vnd.relto.media-seal+json";
/// The longest file, in bytes.
pub const MEDIA_BYTES_MAX: usize = 1 << 30;
/// Rows of a page.
const PAGE_ROWS: usize = 1_000;
/// Bytes of a page.
const PAGE_BYTES: usize = 8 << 20;

/// What the seal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    from: String,
    /// A key of whom the file is for, in hexadecimal.
    to: String,
    number: u64,
    issued: Stamp,
    sha256: String,
}

/// A file as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content<'c> {
    #[serde(rename = "form")]
    _form: String,
    #[serde(borrow)]
    deliveries: Vec<Part<'c>>,
    notices: Vec<Notice>,
    receipts: Vec<Receipt>,
    /// Read by itself, and before anything else.
    #[serde(rename = "seal")]
    _seal: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part<'c> {
    collection: String,
    #[serde(borrow)]
    objects: Vec<&'c RawValue>,
}

/// What the node remembers of the files to and from a partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct MediaRecord {
    /// The number of the last file written.
    written: u64,
    /// The number of the last file read.
    read: u64,
    /// What is to be answered with the next file.
    receipts: Vec<Receipt>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaWritten {
    /// The number of the file.
    pub number: u64,
    /// Objects in it, statements and marking-definitions beside them included.
    pub objects: u64,
    /// Notices in it.
    pub notices: u64,
    /// Receipts in it.
    pub receipts: u64,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRead {
    /// The number of the file.
    pub number: u64,
    /// Whether files between the last one and this one are missing.
    pub missing: bool,
    /// What became of its objects.
    pub taken: Taken,
    /// Notices that were done as they say.
    pub notices: u64,
    /// Receipts in it.
    pub receipts: u64,
}

/// Why no file is written or read.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// There is no such partner, or the like.
    #[error(transparent)]
    Partner(#[from] PartnerError),
    /// Nothing flows to or from it.
    #[error("nothing flows to or from partner `{0}` now")]
    NotFlowing(String),
    /// The partner is a server without a key.
    #[error("`{0}` is no Relto node: it has no key to seal files by")]
    NoKey(String),
    /// The file is none, or was changed.
    #[error("this is no file of `{partner}`: {why}")]
    Form {
        /// From whom it should be.
        partner: String,
        /// What is wrong.
        why: String,
    },
    /// It cannot be written.
    #[error("the file cannot be written")]
    Write(#[from] std::io::Error),
    /// What it holds is not taken in.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReadError> for MediaError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            ReadError::NoUser(name) | ReadError::Disabled(name) => Self::NotFlowing(name),
            ReadError::SignedOut => Self::NotFlowing(String::new()),
        }
    }
}

impl Node {
    /// Writes to `out` what the partner has not been given on media yet, or everything `from_start`, and what it is to be told.
    ///
    /// Call [`Node::media_written`] once the file is safe: until then the next one begins where this one did.
    ///
    /// # Errors
    /// [`MediaError`]; what was written is then no file.
    pub fn write_media(
        &self,
        partner: &str,
        from_start: bool,
        out: &mut dyn std::io::Write,
    ) -> Result<(MediaWritten, MediaPlaces), MediaError> {
        let record = self.flowing(partner)?;
        let to = record.keys.first().cloned().ok_or_else(|| MediaError::NoKey(partner.to_owned()))?;
        let seeds = self.identity()?;
        let before = self.media_record(partner)?;
        let mut sealing = Sealing { out, digest: Sha256::new() };
        let mut written = MediaWritten { number: before.written + 1, ..MediaWritten::default() };
        let mut places = MediaPlaces { partner: partner.to_owned(), number: written.number, collections: Vec::new() };
        sealing.write(format!("{HEAD}\"deliveries\":[").as_bytes())?;
        let agreement = &record.agreement;
        let sent = agreement.collections.iter().filter(|(collection, _)| agreement.sends_from(collection));
        for (at, (collection, theirs)) in sent.enumerate() {
            let mut after = if from_start { None } else { self.sent(partner, collection, Way::Media)? };
            let name = serde_json::to_string(theirs).unwrap_or_default();
            sealing.write(format!("{}{{\"collection\":{name},\"objects\":[", if at == 0 { "" } else { "," }).as_bytes())?;
            let mut is_first = true;
            loop {
                let page = self.outgoing(partner, collection, after, PAGE_ROWS, PAGE_BYTES)?;
                for object in &page.objects {
                    sealing.write(if is_first { b"\n" } else { b",\n" })?;
                    sealing.write(object)?;
                    (is_first, written.objects) = (false, written.objects + 1);
                }
                after = page.after;
                if !page.more {
                    break;
                }
            }
            sealing.write(b"]}")?;
            places.collections.push((collection.clone(), after));
        }
        let notices = self.notices_for(partner)?;
        (written.notices, written.receipts) = (notices.len() as u64, before.receipts.len() as u64);
        let text = |value: serde_json::Result<String>| value.unwrap_or_default();
        let (notices, receipts) = (text(serde_json::to_string(&notices)), text(serde_json::to_string(&before.receipts)));
        sealing.write(format!("],\"notices\":{notices},\"receipts\":{receipts}").as_bytes())?;
        let sha256 = hex::encode(sealing.digest.clone().finalize());
        let seal = Seal { from: self.organisation(), to, number: written.number, issued: self.now(), sha256 };
        let envelope = sealed(&seal, &seeds)?;
        sealing.write(SEAL)?;
        sealing.write(envelope.as_bytes())?;
        sealing.write(b"}\n")?;
        Ok((written, places))
    }

    /// Notes that a file is safe: the next one begins where it ended.
    ///
    /// # Errors
    /// [`StoreError`]; then the next file holds the same again.
    pub fn media_written(&self, places: &MediaPlaces) -> Result<(), StoreError> {
        for (collection, after) in &places.collections {
            self.note_sent(&places.partner, collection, Way::Media, *after)?;
        }
        let record = MediaRecord { written: places.number, ..self.media_record(&places.partner)? };
        self.write(|writing| {
            writing.put(RecordKind::Progress, &media_key(&places.partner), &record)?;
            writing.journal(&serde_json::json!({"act": "partner export", "partner": places.partner, "number": places.number}))
        })
    }

    /// Takes in a file of the partner.
    ///
    /// # Errors
    /// [`MediaError`]. When the seal does not hold, nothing was read; else what was taken in before stays, and the file can be given again.
    pub fn read_media(&self, partner: &str, file: &Bytes) -> Result<MediaRead, MediaError> {
        let record = self.flowing(partner)?;
        let form = |why: String| MediaError::Form { partner: partner.to_owned(), why };
        let seal = self.unsealed(&record, file).map_err(form)?;
        let content: Content<'_> = serde_json::from_slice(file).map_err(|error| form(format!("its content cannot be read: {error}")))?;
        let before = self.media_record(partner)?;
        let mut read = MediaRead { number: seal.number, missing: seal.number > before.read + 1, ..MediaRead::default() };
        self.take_receipts_of(partner, &content.receipts)?;
        // What is taken back comes before what is given again.
        let receipts = self.obey(partner, &content.notices)?;
        for part in &content.deliveries {
            let objects: Vec<Bytes> = part.objects.iter().map(|object| file.slice_ref(object.get().as_bytes())).collect();
            for objects in objects.chunks(PAGE_ROWS * 2) {
                let (partner, collection) = (partner.to_owned(), part.collection.clone());
                let objects = self.read_delivered(objects);
                read.taken.add(&self.take_delivery(Delivery { partner, collection, objects, progress: None })?);
            }
        }
        (read.notices, read.receipts) = (receipts.len() as u64, content.receipts.len() as u64);
        self.write(|writing| {
            let record = MediaRecord { read: before.read.max(seal.number), receipts, ..before };
            writing.put(RecordKind::Progress, &media_key(partner), &record)?;
            writing.journal(&serde_json::json!({"act": "partner import", "partner": partner, "number": seal.number}))
        })?;
        Ok(read)
    }

    fn flowing(&self, partner: &str) -> Result<PartnerRecord, MediaError> {
        let facts = self.facts();
        let record = facts.directory.partner(partner).ok_or_else(|| PartnerError::Absent(partner.to_owned()))?;
        if record.flows_at(self.now()) { Ok(record.as_ref().clone()) } else { Err(MediaError::NotFlowing(partner.to_owned())) }
    }

    fn media_record(&self, partner: &str) -> Result<MediaRecord, StoreError> {
        let (_, snapshot) = self.settled()?;
        let key = media_key(partner);
        let stored = snapshot.record(RecordKind::Progress, &key)?;
        Ok(stored.map(|bytes| decode("progress", &key, &bytes)).transpose()?.unwrap_or_default())
    }

    /// What the seal of `file` says, if the partner sealed it for this node.
    fn unsealed(&self, partner: &PartnerRecord, file: &Bytes) -> Result<Seal, String> {
        if file.len() > MEDIA_BYTES_MAX || !file.starts_with(HEAD.as_bytes()) {
            return Err("it does not begin as one, or is too long".to_owned());
        }
        let window = file.windows(SEAL.len());
        let at = window.rev().position(|found| found == SEAL).ok_or("it has no seal")?;
        let at = file.len() - SEAL.len() - at;
        let (content, rest) = (file.slice(..at), file.slice(at + SEAL.len()..));
        let envelope = rest.trim_ascii_end().strip_suffix(b"}").ok_or("it ends early")?;
        let envelope = Envelope::parse(envelope).map_err(|error| format!("its seal cannot be read: {error}"))?;
        let mut pinned = PinnedKeys::default();
        for key in partner.public_keys() {
            let key = PublicKey::from_bytes(&key).map_err(|error| error.to_string())?;
            pinned.pin(partner.name(), key).map_err(|error| error.to_string())?;
        }
        let verified = envelope.verify(PAYLOAD_TYPE, &pinned).map_err(|error| error.to_string())?;
        let value = json::read(verified.payload).map_err(|error| error.message)?;
        let seal: Seal = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if !self.facts().directory.node.public_keys().contains(&seal.to) {
            return Err("it was written for another node".to_owned());
        }
        if seal.sha256 != hex::encode(Sha256::digest(&content)) {
            return Err("its content was changed".to_owned());
        }
        Ok(seal)
    }
}

/// Up to where each collection is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaPlaces {
    partner: String,
    number: u64,
    collections: Vec<(String, Option<(u64, u64)>)>,
}

/// Content on its way to a file, and what it hashes to.
struct Sealing<'o> {
    out: &'o mut dyn std::io::Write,
    digest: Sha256,
}

impl Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.out.write_all(bytes)
    }
}

fn sealed(seal: &Seal, seeds: &[[u8; 32]]) -> Result<String, MediaError> {
    let unsealed = || MediaError::Write(std::io::Error::other("it cannot be sealed"));
    let keys: Vec<_> = seeds.iter().take(1).map(relto_policy::dsse::SigningKey::from_seed).collect();
    let payload = serde_json_canonicalizer::to_vec(seal).map_err(|_| unsealed())?;
    let envelope = Envelope::sign(PAYLOAD_TYPE, payload, &keys.iter().collect::<Vec<_>>()).map_err(|_| unsealed())?;
    Ok(envelope.to_json())
}

fn media_key(partner: &str) -> String {
    progress_key(partner, "\nmedia")
}
