//! Administration: accounts, collections, groups, equivalences, the default label. Acts of the custodian; each is in the journal.
//! Accounts are in [`users`].

pub(crate) mod users;

use std::collections::{BTreeMap, BTreeSet};

use relto_model::{Label, Stamp};
use relto_policy::legal::beside;
use relto_policy::profile::{self, AttributeError};
use relto_policy::text::tlp_label;
use relto_policy::{Equivalence, LabelContext, LabelError};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use uuid::Builder;

use crate::error::StoreError;
use crate::node::{Node, Writing};
use crate::passwords::PasswordError;
use crate::records::{CollectionRecord, NODE_KEY, NodeRecord, UnknownRole};

pub use users::UserChange;

/// Longest name of an account, a collection or an organisation, in characters.
pub const NAME_LENGTH_MAX: usize = 128;

/// Why an administrative act was not carried out; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is one of that name.
    #[error("there is a {kind} `{name}` already")]
    Exists {
        /// What.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// There is none of that name.
    #[error("there is no {kind} `{name}`: `relto {kind} list` shows all")]
    Absent {
        /// What.
        kind: &'static str,
        /// The name given.
        name: String,
    },
    /// Not a name.
    #[error("`{given}` is no name of {}: write 1 to 128 characters, no control characters or surrounding spaces, {}", .of.0, .of.1)]
    Name {
        /// What was written.
        given: String,
        /// Of what.
        of: NameOf,
    },
    /// A nation, clearance, access or membership that is none.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// Not a role.
    #[error(transparent)]
    Role(#[from] UnknownRole),
    /// A label that is none.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// Facts for the law that are none.
    #[error("the facts for the law cannot be read")]
    Facts(#[source] serde_json::Error),
    /// Facts that the account has already.
    #[error("the facts for the law name nations or an organisation, which the account itself has")]
    FactsTwice,
    /// A password that is none.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A person without nation.
    #[error("a user has at least one nation")]
    NoNation,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a name is of, and what it must not hold beside what no name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameOf(&'static str, &'static str, &'static [&'static str]);

/// Names of accounts travel in Basic credentials, which end the name at the first colon.
pub(crate) const ACCOUNT: NameOf = NameOf("a user", "and no `:`", &[":"]);
/// Names of organisations stand in labels (`ORG:A; B`, `LABEL AND LABEL`) and in `--recipient ORGANISATION=CLIENT`.
pub const ORGANISATION: NameOf =
    NameOf("an organisation", "and neither `;` nor `=` nor ` AND ` nor `, from `", &[";", "=", " AND ", relto_policy::text::FROM]);

/// Names of lists for the intake.
pub(crate) const LIST: NameOf = NameOf("a list", "and is no id of an object", &[]);
/// Names of collections stand in paths.
pub(crate) const COLLECTION: NameOf = NameOf("a collection", "and no `/`", &["/"]);

/// Names of models stand behind a colon as names of principals.
pub(crate) const MODEL: NameOf = NameOf("a model", "and no `:`", &[":"]);
/// What an endpoint calls its model stands between backticks in notes.
pub(crate) const MODEL_ID: NameOf = NameOf("a model at its endpoint", "and no backtick", &["`"]);

/// A collection as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCollection {
    /// Name and TAXII alias.
    pub name: String,
    /// Title; the name when absent.
    pub title: Option<String>,
    /// Label; TLP:GREEN when absent, which is every account and partner.
    pub label: Option<String>,
    /// Whether objects may be read.
    pub can_read: bool,
    /// Whether objects may be written.
    pub can_write: bool,
    /// `ORGANISATION` or `ORGANISATION=CLIENT`, for TLP:AMBER.
    pub recipients: Vec<String>,
}

/// What is to be changed of a collection; `None` leaves what there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CollectionChange {
    /// Title.
    pub title: Option<String>,
    /// Label.
    pub label: Option<String>,
    /// All of its recipients, as in [`NewCollection`].
    pub recipients: Option<Vec<String>>,
    /// Whether a second person looks at whatever people write to it.
    pub second_person: Option<bool>,
}

impl Node {
    /// All collections, with their labels in words, in the order in which they were made.
    #[must_use]
    pub fn collections(&self) -> Vec<(CollectionRecord, String)> {
        let facts = self.facts();
        let records = facts.directory.collections.values();
        let mut all: Vec<_> = records.map(|record| (record.as_ref().clone(), crate::labels::shown(&facts.gate, record.label))).collect();
        all.sort_by_key(|(record, _)| record.key);
        all
    }

    /// Adds a collection. Returns its TAXII id.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn add_collection(&self, new: &NewCollection) -> Result<String, AdminError> {
        check_name(COLLECTION, &new.name)?;
        let id = Builder::from_random_bytes(self.random()).into_uuid().hyphenated().to_string();
        self.write(|writing| {
            if writing.before.directory.collection(&new.name).is_some() {
                return Err(AdminError::Exists { kind: "collection", name: new.name.clone() });
            }
            let label = collection_label(writing, &id, new.label.as_deref())?;
            let label = writing.intern(&label)?;
            let node = crate::facts::node_record(&*writing.transaction)?;
            let record = CollectionRecord {
                key: node.next_collection,
                id: id.clone(),
                name: new.name.clone(),
                title: new.title.clone().unwrap_or_else(|| new.name.clone()),
                label,
                can_read: new.can_read,
                can_write: new.can_write,
                recipients: recipients(&new.recipients)?,
                second_person: false,
            };
            writing.put(RecordKind::Node, NODE_KEY, &NodeRecord { next_collection: node.next_collection + 1, ..node })?;
            writing.put(RecordKind::Collection, &record.name, &record)?;
            writing.facts_changed();
            let act = serde_json::json!({"act": "collection add", "name": record.name, "id": id, "label": new.label});
            Ok(writing.journal(&act)?)
        })?;
        Ok(id)
    }

    /// Changes a collection as `change` says.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn set_collection(&self, name: &str, change: &CollectionChange) -> Result<(), AdminError> {
        let CollectionChange { title, label, recipients: listed, second_person } = change;
        self.write(|writing| {
            let found = writing.before.directory.collection(name).cloned();
            let mut record = found.ok_or_else(|| AdminError::Absent { kind: "collection", name: name.to_owned() })?.as_ref().clone();
            if let Some(title) = title {
                title.clone_into(&mut record.title);
            }
            record.second_person = second_person.unwrap_or(record.second_person);
            if let Some(text) = label {
                let label = collection_label(writing, &record.id.clone(), Some(text.as_str()))?;
                record.label = writing.intern(&label)?;
            }
            if let Some(listed) = listed {
                record.recipients = recipients(listed)?;
            }
            writing.put(RecordKind::Collection, &record.name, &record)?;
            writing.facts_changed();
            let act = serde_json::json!({"act": "collection set", "name": record.name, "label": label, "recipients": record.recipients,
                "second_person": record.second_person});
            Ok(writing.journal(&act)?)
        })
    }

    /// Declares a group of persons and organisations, so that labels may name it.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn add_group(&self, name: &str) -> Result<(), AdminError> {
        let group = profile::parse_membership(name)?.group;
        self.write(|writing| {
            if writing.before.gate.rules().knows_group(&group) {
                return Err(AdminError::Exists { kind: "group", name: group.clone() });
            }
            declare(writing, &group)?;
            writing.facts_changed();
            Ok(writing.journal(&serde_json::json!({"act": "group add", "name": group}))?)
        })
    }

    /// The groups that labels may name: of nations, and declared ones.
    #[must_use]
    pub fn groups(&self) -> Vec<(String, Vec<String>)> {
        let facts = self.facts();
        let rules = facts.gate.rules();
        let now = self.now();
        let members = |group: &str| rules.memberships.members(group, now).map(str::to_owned).collect();
        let nations = rules.memberships.groups().map(|group| (group.to_owned(), members(group)));
        nations.chain(rules.groups.iter().map(|group| (group.clone(), Vec::new()))).collect()
    }

    /// Lets a clearance for `held` count as one for `counts_as`, both `POLICY:LEVEL`.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn add_equivalence(&self, held: &str, counts_as: &str) -> Result<(), AdminError> {
        let equivalence = Equivalence::parse(held, counts_as, &self.facts().gate.rules().policies)?;
        self.write(|writing| {
            writing.put(RecordKind::Equivalence, &equivalence_key(held, counts_as), &equivalence)?;
            writing.facts_changed();
            Ok(writing.journal(&serde_json::json!({"act": "equivalence add", "held": held, "counts_as": counts_as}))?)
        })
    }

    /// Takes an equivalence back.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn remove_equivalence(&self, held: &str, counts_as: &str) -> Result<(), AdminError> {
        let key = equivalence_key(held, counts_as);
        self.write(|writing| {
            if writing.transaction.record(RecordKind::Equivalence, &key).map_err(StoreError::from)?.is_none() {
                return Err(AdminError::Absent { kind: "equivalence", name: key.clone() });
            }
            writing.transaction.forget(RecordKind::Equivalence, &key).map_err(StoreError::from)?;
            writing.facts_changed();
            Ok(writing.journal(&serde_json::json!({"act": "equivalence remove", "held": held, "counts_as": counts_as}))?)
        })
    }

    /// All equivalences, each as `held` and `counts as`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn equivalences(&self) -> Result<Vec<(String, String)>, StoreError> {
        let (_, snapshot) = self.settled()?;
        let keys = snapshot.records(RecordKind::Equivalence)?.into_iter();
        Ok(keys.filter_map(|(key, _)| key.split_once(" = ").map(|(held, counts)| (held.to_owned(), counts.to_owned()))).collect())
    }

    /// The label of objects that come with none, as it was written; `None` is the node's and the poster's organisation.
    #[must_use]
    pub fn default_label(&self) -> Option<String> {
        self.facts().directory.node.default_label.clone()
    }

    /// Sets the label of objects that come with none; `None` is again the node's and the poster's organisation.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn set_default_label(&self, text: Option<&str>) -> Result<(), AdminError> {
        self.write(|writing| {
            let node = crate::facts::node_record(&*writing.transaction)?;
            if let Some(text) = text {
                writing.read_label(text, &context(writing, None))??;
            }
            writing.put(RecordKind::Node, NODE_KEY, &NodeRecord { default_label: text.map(str::to_owned), ..node })?;
            writing.facts_changed();
            Ok(writing.journal(&serde_json::json!({"act": "label default", "label": text}))?)
        })
    }

    /// The last `limit` administrative acts, oldest first: when, and what as JSON.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn journal(&self, limit: usize) -> Result<Vec<(Stamp, String)>, StoreError> {
        let (_, snapshot) = self.settled()?;
        Ok(snapshot.journal(limit)?.into_iter().map(|entry| (entry.at, entry.act)).collect())
    }
}

fn equivalence_key(held: &str, counts_as: &str) -> String {
    format!("{} = {}", held.to_ascii_uppercase(), counts_as.to_ascii_uppercase())
}

fn context(writing: &Writing<'_>, collection: Option<&str>) -> LabelContext {
    LabelContext {
        made: writing.stamp,
        owner: writing.before.directory.node.organisation.clone(),
        collection: collection.map(str::to_owned),
    }
}

fn collection_label(writing: &mut Writing<'_>, id: &str, text: Option<&str>) -> Result<Label, AdminError> {
    let context = context(writing, Some(id));
    match text {
        Some(text) => Ok(beside(&writing.read_label(text, &context)??, None)),
        None => Ok(tlp_label(relto_policy::policy::tlp::GREEN, &context)),
    }
}

fn recipients(listed: &[String]) -> Result<BTreeMap<String, BTreeSet<String>>, AdminError> {
    let mut recipients: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in listed {
        let (organisation, client) =
            entry.split_once('=').map_or((entry.as_str(), None), |(organisation, client)| (organisation, Some(client)));
        check_name(ORGANISATION, organisation)?;
        let clients = recipients.entry(organisation.to_owned()).or_default();
        if let Some(client) = client {
            check_name(ORGANISATION, client)?;
            clients.insert(client.to_owned());
        }
    }
    Ok(recipients)
}

/// Whether `name` can be a name `of` what it is for.
///
/// # Errors
/// [`AdminError::Name`] says what it must be.
pub fn check_name(of: NameOf, name: &str) -> Result<(), AdminError> {
    let length = name.chars().count();
    let sound = (1..=NAME_LENGTH_MAX).contains(&length) && name.trim() == name && !name.chars().any(char::is_control);
    // Beside another name in a label, a word at either end stands between spaces as well.
    let spaced = format!(" {name} ");
    let sound = sound && !of.2.iter().any(|part| spaced.contains(part));
    if sound { Ok(()) } else { Err(AdminError::Name { given: name.chars().take(NAME_LENGTH_MAX).collect(), of }) }
}

pub(super) fn declare(writing: &mut Writing<'_>, group: &str) -> Result<(), StoreError> {
    writing.put(RecordKind::Group, group, &serde_json::json!({}))
}
