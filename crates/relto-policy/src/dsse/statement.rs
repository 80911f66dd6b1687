//! The label statement: who says that this label is on this object or document, signed.
//!
//! The body is canonical JSON (RFC 8785), so that one statement has one form:
//!
//! ```json
//! {"issued":"2026-11-25T12:00:00.000000Z","label":{"form":"stanag-4774","sha256":"…"},"originator":"French Node",
//!  "subject":{"object":"indicator--…","sha256":"…","version":"2026-01-01T00:00:00.000Z"},"version":1}
//! ```
//!
//! A statement binds both ways: neither another label nor another content fits it. It says nothing of whether a later one exists; which of
//! several holds is for whoever keeps them.

mod body;

use relto_model::object::Object;
use relto_model::{Label, Stamp};
use sha2::{Digest, Sha256};

use super::{Envelope, EnvelopeError, NotVerified, PinnedKeys, SigningKey, short_line};
use crate::spif::ConfidentialityLabel;
use crate::spif::label::EmitError;

/// The payload type.
pub const PAYLOAD_TYPE: &str = "application/vnd.relto.label-statement+json";
/// The longest name of a document or an originator, in bytes.
pub const NAME_BYTES_MAX: usize = 1_024;

/// What a label is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A STIX object.
    Object {
        /// Its id.
        id: String,
        /// Its version; what has no versions has none.
        version: Option<String>,
        /// SHA-256 of its canonical form (RFC 8785).
        sha256: [u8; 32],
    },
    /// Any other content.
    Document {
        /// What its originator calls it.
        name: String,
        /// SHA-256 of its bytes.
        sha256: [u8; 32],
    },
}

impl Subject {
    /// An object as subject.
    #[must_use]
    pub fn object(object: &Object) -> Self {
        let version = object.version().map(|version| version.as_str().to_owned());
        Self::Object { id: object.id().as_str().to_owned(), version, sha256: object.digest() }
    }

    /// A document as subject.
    #[must_use]
    pub fn document(name: &str, bytes: &[u8]) -> Self {
        Self::Document { name: name.to_owned(), sha256: Sha256::digest(bytes).into() }
    }

    /// Whether both are the same content. A document is its bytes: its name may differ, since files are renamed.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Document { sha256, .. }, Self::Document { sha256: other, .. }) => sha256 == other,
            _ => self == other,
        }
    }
}

/// A label by its digest. Digests of different forms never agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelDigest {
    /// SHA-256 of the canonical JSON of a Relto label, which equal meanings share.
    Relto([u8; 32]),
    /// SHA-256 of the canonical form (RFC 8785) of a marking-definition that says the label, as it travels between nodes.
    Marking([u8; 32]),
    /// SHA-256 of a STANAG 4774 label as this release writes it, whatever prefixes and spaces it came with.
    Stanag4774([u8; 32]),
}

impl LabelDigest {
    /// Of a Relto label.
    #[must_use]
    pub fn of(label: &Label) -> Self {
        Self::Relto(label.digest())
    }

    /// Of a label in XML.
    ///
    /// # Errors
    /// [`EmitError`] when it had elements that are not kept, or lacks what the standard asks for.
    pub fn of_xml(label: &ConfidentialityLabel) -> Result<Self, EmitError> {
        Ok(Self::Stanag4774(Sha256::digest(label.to_xml()?).into()))
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What the label is on.
    pub subject: Subject,
    /// The label.
    pub label: LabelDigest,
    /// Who says so.
    pub originator: String,
    /// When, as its originator says.
    pub issued: Stamp,
    /// Tells one place from another at which the originator has the same content, under labels of their own. It says nothing else.
    pub place: Option<[u8; 32]>,
}

/// Why a label is not bound to what is at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Of another type, under an unknown key, or with a false signature.
    #[error(transparent)]
    NotVerified(#[from] NotVerified),
    /// Signed, and not a statement that this release knows.
    #[error("what was signed is no label statement: {0}")]
    Form(String),
    /// Signed by somebody for somebody else.
    #[error("the statement speaks for `{originator}`, and whoever signed it does not: the keys are of {}", .signers.join(", "))]
    WrongOriginator {
        /// For whom it speaks.
        originator: String,
        /// Who signed.
        signers: Vec<String>,
    },
    /// The statement is about other content.
    #[error("the statement is about other content: {0}")]
    WrongSubject(String),
    /// The statement is about another label.
    #[error("the statement binds another label to this content")]
    WrongLabel,
}

/// Why no statement is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A name that is empty, too long or not printable, or a time that no calendar has.
    #[error("this cannot be stated: {0}")]
    Form(String),
    /// The envelope passes a bound.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

/// Signs `statement` as its originator.
///
/// # Errors
/// [`BindError`] when a name or the time cannot be written.
pub fn bind(statement: &Statement, key: &SigningKey) -> Result<Envelope, BindError> {
    let body = statement.to_json().into_bytes();
    // What would not be read as it is meant is not signed.
    if Statement::read(&body).map_err(BindError::Form)? != *statement {
        return Err(BindError::Form("the time is in no calendar".to_owned()));
    }
    Ok(Envelope::sign(PAYLOAD_TYPE, body, &[key])?)
}

/// The statement in `envelope`, if a key that is pinned for its originator signed it and it binds `label` to `subject`.
///
/// # Errors
/// [`StatementError`], the first of: wrong type, unknown key, false signature, not a statement, wrong originator, wrong content, wrong label.
pub fn verify(envelope: &Envelope, subject: &Subject, label: LabelDigest, pinned: &PinnedKeys) -> Result<Statement, StatementError> {
    let statement = verify_alone(envelope, pinned)?;
    if !statement.subject.is(subject) {
        return Err(StatementError::WrongSubject(difference(&statement.subject, subject)));
    }
    if statement.label != label {
        return Err(StatementError::WrongLabel);
    }
    Ok(statement)
}

/// The statement in `envelope`, if a key that is pinned for its originator signed it; what it is about is not at hand.
///
/// # Errors
/// [`StatementError`], the first of: wrong type, unknown key, false signature, not a statement, wrong originator.
pub fn verify_alone(envelope: &Envelope, pinned: &PinnedKeys) -> Result<Statement, StatementError> {
    let verified = envelope.verify(PAYLOAD_TYPE, pinned)?;
    let statement = Statement::read(verified.payload).map_err(|why| StatementError::Form(short_line(&why)))?;
    if !verified.signers.contains(&statement.originator) {
        let signers = verified.signers.into_iter().collect();
        return Err(StatementError::WrongOriginator { originator: statement.originator, signers });
    }
    Ok(statement)
}

/// Whether `envelope` says that it is about `subject`. Nobody has verified that; it only tells which of several envelopes to verify.
#[must_use]
pub fn claims(envelope: &Envelope, subject: &Subject) -> bool {
    Statement::read(envelope.claimed_payload()).is_ok_and(|statement| statement.subject.is(subject))
}

/// The place that `envelope` claims, as far as it is a statement. Nobody has verified that.
#[must_use]
pub fn claimed_place(envelope: &Envelope) -> Option<[u8; 32]> {
    Statement::read(envelope.claimed_payload()).ok().and_then(|statement| statement.place)
}

fn difference(signed: &Subject, found: &Subject) -> String {
    match (signed, found) {
        (Subject::Object { id, .. }, Subject::Object { id: other, .. }) if id != other => format!("it names `{id}`, and this is `{other}`"),
        (Subject::Object { version, .. }, Subject::Object { version: other, .. }) if version != other => {
            let shown = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
            format!("it names version {}, and this is version {}", shown(version), shown(other))
        }
        (Subject::Object { .. }, Subject::Object { .. }) => "the object of this id and version was changed".to_owned(),
        (Subject::Document { name, .. }, Subject::Document { .. }) => format!("it names `{name}` with other bytes"),
        _ => "it names an object where a document is at hand, or the reverse".to_owned(),
    }
}

#[cfg(test)]
mod tests;
