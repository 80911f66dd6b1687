//! Labels written as others read them: a marking-definition of STIX, or XML of STANAG 4774. Nothing is stored.

use relto_model::{Label, Stamp, TimeError};
use relto_policy::marking::{LABEL_EXTENSION, stanag4774, structured};
use relto_policy::{LabelContext, LabelError, display};
use serde::{Deserialize, Serialize};
use uuid::Builder;

use crate::error::StoreError;
use crate::labels::read_label;
use crate::node::Node;

/// How a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenForm {
    /// A marking-definition with Relto's extension.
    Stix,
    /// XML, one label a document: the originator's, and alternatives.
    Stanag4774,
}

/// Why a label is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is none.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The form has no way to say it, or what is given in XML means nothing here.
    #[error("the label cannot be written: {0}")]
    NotExpressible(String),
    /// The date of its review is none.
    #[error("the date of the review cannot be read")]
    Date(#[from] TimeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Writes the label that `text` says or, without one, that the STANAG 4774 labels `xml` say; those go along as they are.
    ///
    /// # Errors
    /// [`WriteError`] says what the form cannot say.
    pub fn write_label(
        &self,
        text: Option<&str>,
        xml: &[String],
        form: WrittenForm,
        review: Option<&str>,
    ) -> Result<Vec<String>, WriteError> {
        let (facts, snapshot) = self.settled()?;
        let rules = facts.gate.rules();
        let now = self.now();
        let owner = facts.directory.node.organisation.clone();
        let context = LabelContext { made: now, owner, collection: None };
        let exact: Vec<&str> = xml.iter().map(String::as_str).collect();
        let label = match text {
            Some(text) => read_label(&facts, &*snapshot, text, &context)??,
            None => stanag4774::read(&exact, rules, now).map_err(WriteError::NotExpressible)?.label,
        };
        match form {
            WrittenForm::Stix => {
                // A label from XML can be older than today, and then names groups as they were.
                let of = |made: Stamp| structured::write(&label, &exact, rules, made).map(|extension| (extension, made));
                let written = of(now).or_else(|why| as_of(&label).map_or(Err(why), of));
                let (extension, made) = written.map_err(WriteError::NotExpressible)?;
                Ok(vec![self.definition(&display(&label, &rules.policies), &extension, made)])
            }
            WrittenForm::Stanag4774 => {
                let review = review.map(Stamp::parse).transpose()?;
                stanag4774::write(&label, review, rules, now).map_err(WriteError::NotExpressible)
            }
        }
    }

    fn definition(&self, name: &str, extension: &serde_json::Value, made: Stamp) -> String {
        let id = Builder::from_random_bytes(self.random()).into_uuid().hyphenated().to_string();
        let created = made.to_string();
        serde_json::json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": format!("marking-definition--{id}"),
            "created": created,
            "name": name,
            "extensions": { LABEL_EXTENSION: extension },
        })
        .to_string()
    }
}

/// The latest date as of which the label names a group.
pub(crate) fn as_of(label: &Label) -> Option<Stamp> {
    let clauses = label.facets_ever().flat_map(|(_, facet)| &facet.permissive);
    let values = clauses.flat_map(|clause| &clause.values);
    values.filter_map(|value| if let relto_model::Value::Group { as_of, .. } = value { Some(*as_of) } else { None }).max()
}
