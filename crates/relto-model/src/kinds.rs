//! Kinds beyond the standard's own: **a kind is a file**, or rather a folder of four.
//!
//! `extension-definition.json` (STIX 2.1, section 7.3) gives it an id, `schema.json` says what is valid, `example.json` shows one, and
//! `display.json` tells lenses how to show it. A folder that extends properties only, such as Relto's labels, has a schema for the
//! extension's value. The shipped folders lie in `kinds/` and are part of the program; a node may add its own. No I/O here: folders come as bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;

use crate::ObjectId;
use crate::object::{Object, ObjectError};
use crate::schema::{self, Class};

/// How many kinds one node may add.
pub const KINDS_MAX: usize = 1_000;

/// The shipped folders, embedded by `build.rs`.
const SHIPPED: &[(&str, [&[u8]; 4])] = &include!(concat!(env!("OUT_DIR"), "/kinds.rs"));

static BUILTIN: LazyLock<Kinds> = LazyLock::new(|| Kinds::default().with(shipped()).unwrap_or_default());

/// The folder of one kind, as bytes.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder's name: the object type, when the kind is a new one.
    pub name: String,
    /// `extension-definition.json`.
    pub definition: Bytes,
    /// `schema.json`.
    pub schema: Bytes,
    /// `example.json`.
    pub example: Bytes,
    /// `display.json`.
    pub display: Bytes,
}

/// How lenses show objects of a kind. Every name is that of a property; dots lead into it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Display {
    /// What people call one: `Warning`.
    pub singular: String,
    /// What people call several.
    pub plural: String,
    /// One line that says what it is for.
    pub purpose: String,
    /// The property that names an object.
    #[serde(default)]
    pub title: Option<String>,
    /// The property that sums an object up.
    #[serde(default)]
    pub summary: Option<String>,
    /// A word for an icon.
    pub icon: String,
    /// A word for a colour: `red`, `amber`, `green`, `blue`, `violet`, `grey`.
    pub colour: String,
    /// What a table shows, in order.
    #[serde(default)]
    pub columns: Vec<String>,
    /// When it happened or applies: properties that begin and end a span, or one instant.
    #[serde(default)]
    pub timeline: Vec<Span>,
}

/// A span of time in an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The property that begins it.
    pub from: String,
    /// The property that ends it; none for an instant.
    #[serde(default)]
    pub until: Option<String>,
}

/// A kind that a folder defines.
#[derive(Debug)]
pub struct Kind {
    /// The folder's name.
    pub name: String,
    /// Its extension-definition.
    pub definition: Object,
    /// An object of it.
    pub example: Bytes,
    /// How it is shown.
    pub display: Display,
    /// The class of its objects; `None` when it extends the properties of other kinds.
    pub class: Option<Class>,
    schema: Value,
    validator: Validator,
}

impl Kind {
    /// The id of its extension-definition.
    #[must_use]
    pub fn id(&self) -> &ObjectId {
        self.definition.id()
    }

    /// Its JSON schema.
    #[must_use]
    pub fn schema(&self) -> &Value {
        &self.schema
    }
}

/// Why a folder is not a kind.
#[derive(Debug, thiserror::Error)]
pub enum KindError {
    /// A file is no JSON of the form it should have.
    #[error("kind `{kind}`: {file}: {why}")]
    File {
        /// The folder.
        kind: String,
        /// The file in it.
        file: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A file is not the object it should be.
    #[error("kind `{kind}`: {file}{why}")]
    Object {
        /// The folder.
        kind: String,
        /// The file in it.
        file: &'static str,
        /// What is wrong, and where.
        why: ObjectError,
    },
    /// The name is taken: by the standard, or by another folder.
    #[error("kind `{0}`: there is one of this name or id already")]
    Taken(String),
    /// There are too many.
    #[error("more than {KINDS_MAX} kinds")]
    TooMany,
}

/// The kinds that a node knows beyond the standard's own. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    by_name: Arc<BTreeMap<String, Arc<Kind>>>,
    by_extension: Arc<BTreeMap<String, Arc<Kind>>>,
}

/// The object types that the standard itself defines.
pub fn standard() -> impl Iterator<Item = &'static str> {
    schema::all().map(|kind| kind.record.name)
}

/// The shipped folders.
pub fn shipped() -> impl Iterator<Item = Folder> {
    SHIPPED.iter().map(|(name, [definition, schema, example, display])| Folder {
        name: (*name).to_owned(),
        definition: Bytes::from_static(definition),
        schema: Bytes::from_static(schema),
        example: Bytes::from_static(example),
        display: Bytes::from_static(display),
    })
}

impl Kinds {
    /// The shipped kinds.
    #[must_use]
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// These kinds and those of `folders`, whose examples and schemas are checked.
    ///
    /// # Errors
    /// [`KindError`] names the folder and the file.
    pub fn with(self, folders: impl IntoIterator<Item = Folder>) -> Result<Self, KindError> {
        let (mut by_name, mut by_extension) = ((*self.by_name).clone(), (*self.by_extension).clone());
        let mut added = Vec::new();
        for folder in folders {
            let kind = Arc::new(read(&folder)?);
            let id = kind.id().as_str().to_owned();
            if by_name.len() == KINDS_MAX {
                return Err(KindError::TooMany);
            }
            let taken = by_extension.insert(id, kind.clone()).is_some() || by_name.insert(folder.name.clone(), kind.clone()).is_some();
            if taken || schema::kind(&folder.name).is_some() {
                return Err(KindError::Taken(folder.name));
            }
            added.push(kind);
        }
        let kinds = Self { by_name: Arc::new(by_name), by_extension: Arc::new(by_extension) };
        for kind in added {
            let wrong = |why| KindError::Object { kind: kind.name.clone(), file: "example.json", why };
            let example = Object::parse(kind.example.clone(), &kinds).map_err(wrong)?;
            let carries = example.value().pointer(&format!("/extensions/{}", kind.id())).is_some();
            let shows = carries && (kind.class.is_none() || example.kind() == kind.name);
            if !shows {
                let why = "is not an object of the kind, with its extension".to_owned();
                return Err(KindError::File { kind: kind.name.clone(), file: "example.json", why });
            }
        }
        Ok(kinds)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.by_name.values().map(AsRef::as_ref)
    }

    /// The kind of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.by_name.get(name).map(AsRef::as_ref)
    }

    /// The class of an object type that a folder defines.
    pub(crate) fn class(&self, name: &str) -> Option<Class> {
        self.get(name)?.class
    }

    /// Holds an object to the schemas of its kind and of its extensions; on a fault, where and what.
    pub(crate) fn judge(&self, value: &Value, id: &ObjectId) -> Result<(), (String, String)> {
        let extensions = value.get("extensions").and_then(Value::as_object);
        if let Some(kind) = self.get(id.kind()).filter(|kind| kind.class.is_some()) {
            // The same word may be another community's kind; then its own extension says so.
            let is_new =
                |extension: &Value| extension.get("extension_type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("new-"));
            let ours = extensions.is_none_or(|map| map.contains_key(kind.id().as_str()) || !map.values().any(is_new));
            if ours {
                judge(&kind.validator, value, "")?;
            }
        }
        for (name, extension) in extensions.into_iter().flatten() {
            if let Some(kind) = self.by_extension.get(name).filter(|kind| kind.class.is_none()) {
                judge(&kind.validator, extension, &format!("/extensions/{name}"))?;
            }
        }
        Ok(())
    }
}

fn judge(validator: &Validator, value: &Value, prefix: &str) -> Result<(), (String, String)> {
    match validator.iter_errors(value).next() {
        None => Ok(()),
        Some(wrong) => {
            let message: String = wrong.masked().to_string().chars().take(200).collect();
            Err((format!("{prefix}{}", wrong.instance_path()), message))
        }
    }
}

fn read(folder: &Folder) -> Result<Kind, KindError> {
    let file = |file: &'static str, why: String| KindError::File { kind: folder.name.clone(), file, why };
    let definition = Object::parse(folder.definition.clone(), &Kinds::default()).map_err(|why| KindError::Object {
        kind: folder.name.clone(),
        file: "extension-definition.json",
        why,
    })?;
    let types = definition.value().get("extension_types").and_then(Value::as_array);
    if types.is_none() {
        return Err(file("extension-definition.json", "is not an extension-definition".to_owned()));
    }
    let class = types.into_iter().flatten().find_map(|kind| match kind.as_str()? {
        "new-sdo" => Some(Class::Sdo),
        "new-sro" => Some(Class::Sro),
        "new-sco" => Some(Class::Sco),
        _ => None,
    });
    if !crate::id::is_kind(&folder.name) {
        return Err(file("extension-definition.json", "the folder's name is no object type".to_owned()));
    }
    let schema = crate::json::read(&folder.schema).map_err(|wrong| file("schema.json", format!("{}: {}", wrong.pointer, wrong.message)))?;
    let validator = jsonschema::validator_for(&schema).map_err(|wrong| file("schema.json", wrong.to_string()))?;
    let display = serde_json::from_slice(&folder.display).map_err(|wrong| file("display.json", wrong.to_string()))?;
    Ok(Kind { name: folder.name.clone(), definition, example: folder.example.clone(), display, class, schema, validator })
}

#[cfg(test)]
mod tests;
