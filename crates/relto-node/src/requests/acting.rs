//! Somebody who asks, answers or closes: an account in a transaction, with what it may see and where it may write.

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_model::object::Object;
use relto_model::time::sort_key;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::{LabelContext, display, parse_label};
use relto_store::{Bodies, CollectionKey, Held, held};
use serde_json::{Value as Json, json};
use uuid::Builder;

use super::{InformationRequestError, InformationWritten, REQUEST};
use crate::error::StoreError;
use crate::explaining::kept_by;
use crate::facts::{Account, Facts};
use crate::ingest::{Author, Definitions, Eyes, Labelling, Outcome, Told, latest, take_in};
use crate::labels::shown;
use crate::load::for_nobody;
use crate::node::Writing;
use crate::reading::ReadError;
use crate::records::CollectionRecord;

/// The account that acts.
pub(super) struct Acting<'a, 'n> {
    writing: &'a mut Writing<'n>,
    account: Arc<Account>,
    eyes: Eyes,
}

/// Where something stands, and what it is labelled there beside its own markings.
pub(super) struct Place {
    pub collection: Arc<CollectionRecord>,
    pub label: Option<Label>,
}

/// A question as the account sees it.
pub(super) struct Asked {
    /// The organisation that asks.
    pub owner: String,
    /// Where its latest version stands, collection by collection.
    pub places: Vec<Place>,
    /// Its latest version.
    pub object: Object,
    pub version: String,
}

impl<'a, 'n> Acting<'a, 'n> {
    pub(super) fn begin(writing: &'a mut Writing<'n>, user: &str) -> Result<Self, InformationRequestError> {
        let account = writing.before.directory.accounts.get(user).cloned().ok_or_else(|| ReadError::NoUser(user.to_owned()))?;
        if account.partner.is_some() {
            return Err(InformationRequestError::Partner(user.to_owned()));
        }
        if account.record.disabled {
            return Err(ReadError::Disabled(user.to_owned()).into());
        }
        Ok(Self { writing, eyes: Eyes::of(account.clone()), account })
    }

    pub(super) fn now(&self) -> Stamp {
        self.writing.stamp
    }

    pub(super) fn organisation(&self) -> &str {
        &self.account.record.organisation
    }

    /// Those for whom an answer comes back: the account's organisation and the node's, to which partners answer.
    pub(super) fn own_organisations(&self) -> [&str; 2] {
        [&self.writing.before.directory.node.organisation, self.organisation()]
    }

    /// The collection of this name or id, where the account may write. A hidden one is absent.
    pub(super) fn collection(&self, name: &str) -> Result<Arc<CollectionRecord>, InformationRequestError> {
        let found = self.writing.before.directory.collection(name);
        let release = self.writing.before.gate.release(&self.account.name, &self.account.profile);
        let found = found.filter(|record| release.permits(record.label));
        let found = found.cloned().ok_or_else(|| InformationRequestError::NoCollection(name.to_owned()))?;
        self.check_writable(&found)?;
        Ok(found)
    }

    fn check_writable(&self, collection: &CollectionRecord) -> Result<(), InformationRequestError> {
        let (user, collection_name) = (self.account.record.name.clone(), collection.name.clone());
        let may = self.account.record.role.writes() && collection.can_write;
        if may { Ok(()) } else { Err(InformationRequestError::MayNotWrite { user, collection: collection_name }) }
    }

    /// The partner called `name`, whose agreement is about `collection`.
    pub(super) fn partner(&self, name: &str, collection: &CollectionRecord) -> Result<Arc<Account>, InformationRequestError> {
        let found = self.writing.before.directory.accounts.get(name).filter(|account| account.partner.is_some());
        let partner = found.cloned().ok_or_else(|| InformationRequestError::NoPartner(name.to_owned()))?;
        if partner.reads(collection) {
            return Ok(partner);
        }
        Err(InformationRequestError::NotAgreed { partner: name.to_owned(), collection: collection.name.clone() })
    }

    /// The partner whose organisation is `organisation`, if one's is.
    pub(super) fn partner_of(&self, organisation: &str) -> Option<Arc<Account>> {
        let mut partners = self.writing.before.directory.accounts.values().filter(|account| account.partner.is_some());
        partners.find(|account| account.record.organisation == organisation).cloned()
    }

    /// The label that `text` says for something in `collection`. The id of a marking-definition is none here: whether there is one is nothing that
    /// every account may know.
    pub(super) fn label(&self, text: Option<&str>, collection: &CollectionRecord) -> Result<Option<Label>, InformationRequestError> {
        let context = LabelContext { made: self.now(), owner: self.organisation().to_owned(), collection: Some(collection.id.clone()) };
        Ok(text.map(|text| parse_label(text, self.writing.before.gate.rules(), &context)).transpose()?)
    }

    /// All that the account may see under `id`; what is absent and what is hidden are one error.
    pub(super) fn visible(&mut self, id: &ObjectId) -> Result<Vec<Held>, InformationRequestError> {
        let rows = held(&*self.writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?;
        let rows = self.eyes.open(self.writing, rows);
        if rows.is_empty() { Err(InformationRequestError::Absent(id.clone())) } else { Ok(rows) }
    }

    /// The question `id` of whoever wrote that id first, as far as the account sees, if it is open.
    pub(super) fn asked_and_open(&mut self, id: &ObjectId) -> Result<Asked, InformationRequestError> {
        if id.kind() != REQUEST {
            return Err(InformationRequestError::NotARequest(id.clone()));
        }
        let rows = self.visible(id)?;
        let absent = || InformationRequestError::Absent(id.clone());
        let owner = rows.first().map(|row| row.owner.clone()).ok_or_else(absent)?;
        let rows = latest(rows.iter().filter(|row| row.owner == owner).collect());
        let newest = rows.iter().max_by_key(|row| sort_key(&row.version)).ok_or_else(absent)?;
        let object = Object::parse(newest.body.clone(), self.writing.node.kinds())?;
        if object.value().get("state").and_then(Json::as_str) != Some("open") {
            return Err(InformationRequestError::Closed(id.clone()));
        }
        let mut labels: BTreeMap<CollectionKey, Label> = BTreeMap::new();
        for row in &rows {
            let label = self.writing.label(row.label)?.as_ref().clone();
            let joined = labels.remove(&row.collection).map_or_else(|| label.clone(), |other| other.join(&label));
            labels.insert(row.collection, joined);
        }
        let collection = |key| self.writing.before.directory.collection_of(key).cloned();
        let places = labels.into_iter().filter_map(|(key, label)| Some(Place { collection: collection(key)?, label: Some(label) }));
        Ok(Asked { owner, places: places.collect(), version: newest.version.clone(), object })
    }

    /// A new object of `kind`; properties that are null are left out.
    pub(super) fn object(&self, kind: &str, properties: Json) -> Result<Object, InformationRequestError> {
        let id = ObjectId::new(kind, Builder::from_random_bytes(self.writing.node.random()).into_uuid());
        let (id, now) = (id.as_ref().map(ObjectId::as_str), self.now().to_string());
        let extension = self.writing.node.kinds().get(kind).map(|kind| kind.id().to_string()).unwrap_or_default();
        let own = json!({
            "type": kind, "spec_version": "2.1", "id": id, "created": now, "modified": now,
            "extensions": { extension: {"extension_type": "new-sdo"} },
        });
        self.with(own, properties)
    }

    /// `object` with other `properties`; those that are null are left out.
    pub(super) fn changed(&self, object: &Object, properties: Json) -> Result<Object, InformationRequestError> {
        self.with(object.value().clone(), properties)
    }

    fn with(&self, mut value: Json, mut properties: Json) -> Result<Object, InformationRequestError> {
        if let (Some(members), Some(more)) = (value.as_object_mut(), properties.as_object_mut()) {
            members.append(more);
            members.retain(|_, member| !member.is_null());
        }
        Ok(Object::parse(value.to_string().into(), self.writing.node.kinds())?)
    }

    /// Takes `object` in at `places` as the account's organisation's, and writes down the act with what else it is `about`.
    pub(super) fn publish(
        &mut self,
        act: &str,
        places: &[Place],
        object: &Object,
        about: &Json,
    ) -> Result<InformationWritten, InformationRequestError> {
        let (mut labels, mut warnings) = (BTreeMap::new(), Vec::new());
        for Place { collection, label } in places {
            self.check_writable(collection)?;
            let labelling = Labelling { given: label.clone(), made: Some(self.now()), ..Labelling::default() };
            let (mut refused, mut given) = (None, None);
            let mut hear = |outcome| {
                if let Outcome::Refused(why) | Outcome::NotAgreed(why) = outcome {
                    refused = Some(why);
                }
            };
            let author = Author { organisation: self.account.record.organisation.clone(), eyes: &mut self.eyes };
            let told = Told { receipt: &mut |receipt| hear(receipt.outcome), label: &mut |_, label| given = Some(label) };
            take_in(self.writing, author, collection, &labelling, &Definitions::new(), &mut std::iter::once(object.clone()), told)?;
            if let Some(why) = refused {
                return Err(InformationRequestError::Refused(why));
            }
            let Some(label) = given else { continue };
            labels.insert(collection.name.clone(), shown(&self.writing.acting_gate(), label));
            warnings.extend(for_nobody(self.writing, &BTreeMap::from([(label, 1)])).into_keys());
        }
        self.write_down(act, places, object, about)?;
        Ok(InformationWritten { id: object.id().to_string(), labels, warnings })
    }

    /// The label stands in the journal as it was given: a tearline must not take it for that of a reference that it leaves out.
    fn write_down(&mut self, act: &str, places: &[Place], object: &Object, about: &Json) -> Result<(), StoreError> {
        let given = places.iter().filter_map(|place| place.label.clone()).reduce(|one, other| one.join(&other));
        let label = given.map(|label| display(&label, &self.writing.before.gate.rules().policies));
        let mut entry = json!({
            "act": act, "user": self.account.record.name, "object": object.id().as_str(), "label": label,
            "collections": places.iter().map(|place| &place.collection.name).collect::<Vec<_>>(),
        });
        if let (Some(members), Some(more)) = (entry.as_object_mut(), about.as_object()) {
            members.extend(more.clone());
        }
        self.writing.journal(&entry)
    }

    /// Why `partner` gets nothing of what was written here under `id`, rule by rule; empty when it does.
    pub(super) fn kept_from(&self, partner: &Account, id: &ObjectId) -> Result<Vec<String>, InformationRequestError> {
        let rows = held(&*self.writing.transaction, id, None, Bodies::Without).map_err(StoreError::from)?;
        // Its id was drawn in this transaction: nobody else wrote under it.
        Ok(self.kept_from_rows(partner, &Eyes::open_as_custodian(rows)).unwrap_or_default())
    }

    /// Why `partner` gets none of `rows`; `None` when it gets or wrote one. What the account cannot see must not be among them: the answer tells
    /// of it.
    pub(super) fn kept_from_rows(&self, partner: &Account, rows: &[Held]) -> Option<Vec<String>> {
        let facts = Facts { gate: self.writing.acting_gate(), ..self.writing.before.clone() };
        let has = |row: &Held| row.owner == partner.record.organisation;
        let kept: Vec<Vec<String>> = rows.iter().filter(|row| !has(row)).map(|row| kept_by(&facts, partner, row, self.now())).collect();
        let gets = rows.iter().any(has) || kept.iter().any(Vec::is_empty);
        if gets { None } else { kept.into_iter().next() }
    }
}
