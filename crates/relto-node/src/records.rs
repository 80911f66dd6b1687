//! What the node remembers beside objects: itself, its accounts, its collections. One JSON document each in the store.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use relto_gate::{Gained, LabelId, PartLabels};
use relto_model::label::Restriction;
use relto_model::{ObjectId, PolicyId, Stamp};
use relto_policy::law::{Consent, RecipientFacts};
use relto_policy::{Clearance, GroupMembership};
use relto_store::{Held, RecordKind, Snapshot, part_key};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::facts::Account;

/// The key of the one [`NodeRecord`].
pub(crate) const NODE_KEY: &str = "node";

/// The node itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRecord {
    /// The organisation that runs it.
    pub organisation: String,
    /// Its nation, ISO 3166-1 alpha-3.
    pub nation: String,
    /// The label, as written, of objects that come with none; without it, the node's and the poster's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_label: Option<String>,
    /// Keys of cursors, newest first, in hexadecimal.
    pub cursor_keys: Vec<String>,
    /// Seeds of the keys that this node is known by among partners (Ed25519), the one in use first, in hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_keys: Vec<String>,
    /// When what everybody may see was last worked out.
    pub evaluated: Stamp,
    /// The number that the next collection gets.
    pub next_collection: u32,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads.
    #[default]
    Reader,
    /// Also posts, and deletes what its organisation wrote.
    Contributor,
    /// Also deletes what the node's own organisation wrote.
    ReleaseOfficer,
    /// Administers; reads no more than its attributes allow, and writes nothing.
    Operator,
}

impl Role {
    /// Every role with its name on the command line.
    pub const ALL: [(&'static str, Self); 4] = [
        ("reader", Self::Reader),
        ("contributor", Self::Contributor),
        ("release-officer", Self::ReleaseOfficer),
        ("operator", Self::Operator),
    ];

    /// Whether the role posts and deletes objects.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Contributor | Self::ReleaseOfficer)
    }
}

/// No such role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role `{0}`: there are reader, contributor, release-officer, operator")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(_, role)| *role).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(_, role)| role == self).map_or("", |(name, _)| name);
        out.write_str(name)
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Its name, for Basic authentication.
    pub name: String,
    /// All nationalities.
    pub nations: BTreeSet<String>,
    /// The organisation.
    pub organisation: String,
    /// Groups beside those of the nation.
    #[serde(default)]
    pub groups: BTreeSet<GroupMembership>,
    /// Clearances.
    #[serde(default)]
    pub clearances: BTreeSet<Clearance>,
    /// Restrictive values held.
    #[serde(default)]
    pub accesses: BTreeSet<(PolicyId, Restriction)>,
    /// What the law asks about, beside nations and organisation.
    #[serde(default)]
    pub facts: RecipientFacts,
    /// What it may do.
    #[serde(default)]
    pub role: Role,
    /// SHA-256 of the token, in hexadecimal. The token is 256 random bits, so that a fast hash is enough.
    pub token: String,
    /// Its password as a PHC string (Argon2id), if it may sign in to the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The SHA-256 of the public key (SubjectPublicKeyInfo) of the certificate by which it may sign in to the pages, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether it may sign in.
    #[serde(default)]
    pub disabled: bool,
}

impl UserRecord {
    /// An account without any attribute, and no way to sign in.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nations: BTreeSet::new(),
            organisation: String::new(),
            groups: BTreeSet::new(),
            clearances: BTreeSet::new(),
            accesses: BTreeSet::new(),
            facts: RecipientFacts::default(),
            role: Role::default(),
            token: String::new(),
            password: None,
            certificate: None,
            disabled: false,
        }
    }

    /// The account without what would let anybody sign in.
    pub(crate) fn without_secrets(&self) -> Self {
        Self { token: String::new(), password: None, ..self.clone() }
    }
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionRecord {
    /// Its number in the store.
    pub key: u32,
    /// Its TAXII id, a UUID.
    pub id: String,
    /// Its name, which is also its TAXII alias.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// The label that somebody must be able to see to see the collection.
    pub label: LabelId,
    /// Whether objects may be read.
    pub can_read: bool,
    /// Whether objects may be written.
    pub can_write: bool,
    /// Recipient organisations and the clients each has listed, for TLP:AMBER.
    #[serde(default)]
    pub recipients: BTreeMap<String, BTreeSet<String>>,
    /// Whether a second person has to look at whatever people write to it: they write at the release desk alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_person: bool,
}

impl CollectionRecord {
    /// Whether `account` may write to it at the release desk alone. Partners deliver what somebody has released already.
    pub(crate) fn asks_for_second_person(&self, account: &Account) -> bool {
        self.second_person && account.partner.is_none()
    }
}

/// What was consented to for one object; its key is the number of the label that is the object's alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecord {
    /// The object.
    pub object: ObjectId,
    /// The consents. Empty once all were withdrawn: the number stays the object's alone.
    pub consents: Vec<Consent>,
}

/// How one row may be shown to whoever may not have all of it; its key is the number of its arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsRecord {
    /// The label number of the row with all of its parts; under another one this says nothing.
    pub whole: LabelId,
    /// The ways to show it, those that leave out least first.
    pub ways: Vec<WayShown>,
}

/// One way to show a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayShown {
    /// The label of what is shown.
    pub label: LabelId,
    /// The markings (STIX 2.1, section 7.2.3) whose parts are left out.
    pub hidden: BTreeSet<ObjectId>,
}

impl PartsRecord {
    /// The record of `row`, if there is one that can be read and is about the label that the row has; any other opens nothing.
    pub(crate) fn of(snapshot: &dyn Snapshot, row: &Held) -> Result<Option<Self>, StoreError> {
        let stored = snapshot.record(RecordKind::Part, &part_key(row.arrival))?;
        let record: Option<Self> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(record.filter(|record| record.whole == row.label))
    }

    /// As the gate asks for it.
    pub(crate) fn labels(&self) -> PartLabels {
        PartLabels { whole: self.whole, ways: self.ways.iter().map(|way| way.label).collect() }
    }
}

/// What an account gained late, and so gets as new (DESIGN.md, *date added*).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct GainRecord {
    /// Labels that it first could see after objects with them had arrived.
    #[serde(with = "pairs")]
    pub labels: BTreeMap<LabelId, Gained>,
    /// Collections, by number, that it first could see after they were made.
    #[serde(with = "pairs")]
    pub collections: BTreeMap<u32, Gained>,
}

/// Maps whose keys are no texts, as lists of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
