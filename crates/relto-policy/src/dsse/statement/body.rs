//! The body of a statement: canonical JSON, in and out. Anything that is not exactly the canonical form of a known statement is refused.

use relto_model::time::Timestamp;
use relto_model::{ObjectId, Stamp, json};
use serde::{Deserialize, Serialize};

use super::{LabelDigest, NAME_BYTES_MAX, Statement, Subject};

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    issued: String,
    label: LabelPart,
    originator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    subject: SubjectPart,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelPart {
    form: Form,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    Relto,
    MarkingDefinition,
    #[serde(rename = "stanag-4774")]
    Stanag4774,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectPart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

impl Statement {
    /// The canonical form.
    pub(super) fn to_json(&self) -> String {
        let subject = match &self.subject {
            Subject::Object { id, version, sha256 } => {
                SubjectPart { document: None, object: Some(id.clone()), sha256: hex::encode(sha256), version: version.clone() }
            }
            Subject::Document { name, sha256 } => {
                SubjectPart { document: Some(name.clone()), object: None, sha256: hex::encode(sha256), version: None }
            }
        };
        let label = match self.label {
            LabelDigest::Relto(digest) => LabelPart { form: Form::Relto, sha256: hex::encode(digest) },
            LabelDigest::Marking(digest) => LabelPart { form: Form::MarkingDefinition, sha256: hex::encode(digest) },
            LabelDigest::Stanag4774(digest) => LabelPart { form: Form::Stanag4774, sha256: hex::encode(digest) },
        };
        let issued = self.issued.to_string();
        let place = self.place.map(hex::encode);
        let body = Body { issued, label, originator: self.originator.clone(), place, subject, version: VERSION };
        // Texts and one small number always have a canonical form.
        serde_json_canonicalizer::to_string(&body).unwrap_or_default()
    }

    /// Reads a payload that was verified.
    pub(super) fn read(payload: &[u8]) -> Result<Self, String> {
        let value = json::read(payload).map_err(|error| format!("{}: {}", error.pointer, error.message))?;
        let body: Body = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if body.version != VERSION {
            return Err(format!("version {} is not known; this release reads version {VERSION}", body.version));
        }
        let digest = sha256(&body.label.sha256)?;
        let label = match body.label.form {
            Form::Relto => LabelDigest::Relto(digest),
            Form::MarkingDefinition => LabelDigest::Marking(digest),
            Form::Stanag4774 => LabelDigest::Stanag4774(digest),
        };
        let issued = Stamp::parse(&body.issued).map_err(|error| error.to_string())?;
        let place = body.place.as_deref().map(sha256).transpose()?;
        let statement = Self { subject: subject(body.subject)?, label, originator: body.originator, issued, place };
        if let Some(name) = statement.unwritable() {
            return Err(format!("the {name} must be 1 to {NAME_BYTES_MAX} bytes without control characters"));
        }
        if statement.to_json().as_bytes() != payload {
            return Err("it is not in canonical form (RFC 8785)".to_owned());
        }
        Ok(statement)
    }

    /// Which name is empty, too long, or has control characters.
    fn unwritable(&self) -> Option<&'static str> {
        let sound = |name: &str| (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control);
        let name = match &self.subject {
            Subject::Document { name, .. } => name,
            Subject::Object { id, .. } => id,
        };
        let names = [("originator's name", &self.originator), ("subject's name", name)];
        names.into_iter().find(|(_, name)| !sound(name)).map(|(what, _)| what)
    }
}

fn subject(part: SubjectPart) -> Result<Subject, String> {
    let digest = sha256(&part.sha256)?;
    match (part.object, part.document, part.version) {
        (Some(id), None, version) => {
            ObjectId::parse(&id).map_err(|error| error.to_string())?;
            version.as_deref().map(Timestamp::parse).transpose().map_err(|error| error.to_string())?;
            Ok(Subject::Object { id, version, sha256: digest })
        }
        (None, Some(name), None) => Ok(Subject::Document { name, sha256: digest }),
        _ => Err("its subject is neither an object nor a document".to_owned()),
    }
}

fn sha256(text: &str) -> Result<[u8; 32], String> {
    let digest = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    digest.ok_or_else(|| "a digest is not 64 hexadecimal digits".to_owned())
}
