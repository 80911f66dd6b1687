//! Labels across borders: a label that is not inside an object travels beside it, as its originator's signed statement.
//!
//! A statement is an object of its own (kind `label-statement`): the label as a marking-definition, and a DSSE envelope that binds the digests
//! of object and marking. It is signed where it begins; whoever relays an object relays its originator's statement, and nothing whose
//! originator has not signed. A label that cannot be said so that the receiver reads just what it means here is not said at all: the object stays.

pub(crate) mod keeping;

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use relto_gate::{Cleared, LabelId};
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::{Label, ObjectId, PolicyId, Stamp};
use relto_policy::dsse::statement::{self, LabelDigest, Statement, Subject};
use relto_policy::dsse::{Envelope, PinnedKeys, PublicKey, SigningKey};
use relto_policy::marking::{LABEL_EXTENSION, is_predefined, structured};
use relto_policy::policy::{LAW, LAW_BESIDE};
use relto_policy::text::received_by;
use relto_policy::{LabelContext, MarkingReading, Rules, display, read_markings};
use relto_store::{Bodies, Position, Query, Row, VersionFilter};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::consent;
use super::record::PartnerRecord;
use crate::error::StoreError;
use crate::facts::Facts;
use crate::labels::{marking_ids, meaning_of};
use crate::node::Node;
use crate::reading::{ClearedPage, CollectionView, Reading};
use crate::written::as_of;

/// The kind of a statement.
pub(crate) const KIND: &str = "label-statement";
/// The longest statement, in bytes: it is kept, and goes on to others.
const CLAIM_BYTES_MAX: usize = 64 << 10;
/// Its extension definition.
const EXTENSION: &str = "extension-definition--5b0f2f4e-7d1c-4a86-9a53-0e6c1f9d3b27";
/// Ids of statements and of the markings in them follow from what they say (RFC 9562, section 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x0a4c_9d52_31b7_5e0f_8c26_7fd1_e94b_a360);

/// A statement as it came: what it claims, until [`Claim::verified`] has answered.
pub(crate) struct Claim {
    pub object: String,
    marking: Json,
    digest: [u8; 32],
    envelope: Envelope,
    /// As it came, to go along.
    pub bytes: Bytes,
}

impl Claim {
    /// Reads the bytes of an object of kind [`KIND`].
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn parse(bytes: Bytes, kinds: &Kinds) -> Result<Self, String> {
        Self::read(&Object::parse(bytes, kinds).map_err(|error| error.to_string())?)
    }

    /// Reads an object of kind [`KIND`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(object: &Object) -> Result<Self, String> {
        if object.bytes().len() > CLAIM_BYTES_MAX {
            return Err(format!("/: more than {CLAIM_BYTES_MAX} bytes"));
        }
        let member = |name: &str| object.value().get(name).ok_or_else(|| format!("/{name}: is missing"));
        let envelope = member("envelope")?.to_string();
        let envelope = Envelope::parse(envelope.as_bytes()).map_err(|error| format!("/envelope{error}"))?;
        let marking = member("marking")?.clone();
        let digest = relto_model::object::content_digest(marking.to_string().as_bytes());
        let of = member("object_ref")?.as_str().unwrap_or_default().to_owned();
        Ok(Self { object: of, marking, digest, envelope, bytes: object.bytes().clone() })
    }

    /// Whether what it claims, unverified, is about the content of `object`.
    pub(crate) fn is_about(&self, object: &Object) -> bool {
        statement::claims(&self.envelope, &Subject::object(object))
    }

    /// When it was issued, if its originator signed it; the object is not at hand.
    pub(crate) fn issued(&self, pinned: &PinnedKeys) -> Option<Stamp> {
        statement::verify_alone(&self.envelope, pinned).ok().map(|statement| statement.issued)
    }

    /// At which of its originator's places what it is on has the label, as it claims.
    pub(crate) fn place(&self) -> Option<[u8; 32]> {
        statement::claimed_place(&self.envelope)
    }

    /// The digest of the object that it is on, if its originator signed it; the object is not at hand.
    pub(crate) fn subject(&self, pinned: &PinnedKeys) -> Option<[u8; 32]> {
        let statement = statement::verify_alone(&self.envelope, pinned).ok()?;
        match statement.subject {
            Subject::Object { sha256, .. } if statement.label == LabelDigest::Marking(self.digest) => Some(sha256),
            _ => None,
        }
    }

    /// The statement, if it says that this label is on `object`.
    ///
    /// # Errors
    /// Why nobody who is known here does.
    pub(crate) fn verified(&self, object: &Object, pinned: &PinnedKeys) -> Result<Statement, String> {
        let subject = Subject::object(object);
        let verified = statement::verify(&self.envelope, &subject, LabelDigest::Marking(self.digest), pinned);
        verified.map_err(|error| format!("its label statement does not hold: {error}"))
    }

    /// The label, as it reads here for an object of `context`.
    pub(crate) fn label(&self, rules: &Rules, context: &LabelContext) -> MarkingReading {
        read_marking(&self.marking, rules, context)
    }

    /// Tells statements of one label apart from those of others.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

fn read_marking(marking: &Json, rules: &Rules, context: &LabelContext) -> MarkingReading {
    let id = marking.get("id").and_then(Json::as_str).and_then(|id| ObjectId::parse(id).ok());
    match id.filter(|id| !is_predefined(id)) {
        Some(id) => read_markings([&id], &|_| Some(marking.clone()), rules, context),
        None => MarkingReading { label: None, notes: vec!["a label without an id of its own".to_owned()], withheld: true },
    }
}

/// The keys under which statements are believed: each partner's for its organisation, and this node's own.
pub(crate) fn pinned(facts: &Facts) -> PinnedKeys {
    let mut pinned = PinnedKeys::default();
    let of_partners = facts.directory.partners().filter(|partner| partner.confirmed);
    let keys = of_partners.flat_map(|partner| partner.public_keys().into_iter().map(|key| (partner.account.organisation.clone(), key)));
    for (organisation, key) in keys {
        // A key that is none, or somebody else's already, pins nothing.
        let _ = PublicKey::from_bytes(&key).map(|key| pinned.pin(&organisation, key));
    }
    for key in facts.directory.node.signing_keys() {
        let _ = pinned.pin(&facts.directory.node.organisation, key.public());
    }
    pinned
}

/// Whether every object goes with a statement, or only those whose label does not stand inside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statements {
    /// Where they are needed.
    Needed,
    /// On everything: for a partner that sends it on.
    All,
}

impl Reading<'_> {
    /// The page that `query` asks for, as it goes out. To a partner nothing goes whose label cannot be said: such a row is, on every surface, as if
    /// it were not there, and a page of them alone is passed over. Anybody else gets the page as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn sayable(
        &self,
        node: &Node,
        view: &CollectionView,
        mut query: Query,
        statements: Statements,
    ) -> Result<SayablePage<'_>, StoreError> {
        let mut saying = self.partner().map(|partner| Saying::new(self, node, view, statements, partner));
        if saying.is_some() {
            query.bodies = Bodies::With;
        }
        let (mut beside, mut named) = (Vec::new(), BTreeSet::new());
        loop {
            let mut cleared = self.page(&query)?;
            let last = cleared.rows.last().map(|row| (row.get().position(), row.get().added));
            if let Some(saying) = &mut saying {
                let mut rows = Vec::with_capacity(cleared.rows.len());
                for row in cleared.rows {
                    let Some(said) = saying.say(&row)? else { continue };
                    named.extend(said.markings);
                    beside.extend(said.statements);
                    rows.push(row);
                }
                cleared.rows = rows;
            }
            match cleared.next.filter(|_| cleared.rows.is_empty()) {
                Some(next) => query.after = Some(next),
                None => return Ok(SayablePage { cleared, beside, last, named }),
            }
        }
    }

    /// Puts before the rows of `page` the marking-definitions that they name, as far as the principal may see them.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn with_definitions<'r>(&'r self, view: &CollectionView, page: &mut SayablePage<'r>) -> Result<(), StoreError> {
        let here: BTreeSet<&str> = page.cleared.rows.iter().map(|row| row.get().id()).collect();
        let is_missing = |id: &ObjectId| !is_predefined(id) && !here.contains(id.as_str());
        let missing: Vec<ObjectId> = std::mem::take(&mut page.named).into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            let mut query = view.query(VersionFilter::last());
            query.filter.ids = Some(missing);
            page.cleared.rows.splice(0..0, self.page(&query)?.rows);
        }
        Ok(())
    }
}

/// A page as it goes out.
pub struct SayablePage<'r> {
    /// The rows, and where the next page begins.
    pub cleared: ClearedPage<'r>,
    /// The statements on labels and consents that go to a partner beside them.
    pub beside: Vec<Bytes>,
    /// Where the last row stands that was looked at, and its date, whether it goes or not; `None` when there was none.
    pub last: Option<(Position, Stamp)>,
    /// The markings that the rows name.
    named: BTreeSet<ObjectId>,
}

/// What is said of a label.
enum Said {
    Nothing,
    Statement(Bytes),
    Unsayable,
}

/// What goes beside one row, and the markings that the row names.
struct Beside {
    statements: Vec<Bytes>,
    markings: BTreeSet<ObjectId>,
}

/// The statements of one page.
struct Saying<'s, 'n> {
    reading: &'s Reading<'n>,
    kinds: &'s Kinds,
    /// The date of what is said now: the label is that of now, whenever the row arrived.
    now: Stamp,
    collection: String,
    statements: Statements,
    keys: Vec<SigningKey>,
    /// What markings mean, for whom and when they were written.
    meanings: HashMap<(String, Stamp, BTreeSet<ObjectId>), Option<Label>>,
    /// Labels as they are said, for whose objects and of when: what is said of one must not depend on what else is on the page.
    sayings: HashMap<(LabelId, String, Stamp), Option<Json>>,
    consents: consent::Saying<'s>,
}

impl<'s, 'n> Saying<'s, 'n> {
    fn new(reading: &'s Reading<'n>, node: &'s Node, view: &CollectionView, statements: Statements, partner: &'s PartnerRecord) -> Self {
        let now = node.now();
        Self {
            reading,
            kinds: node.kinds(),
            now,
            collection: view.id.clone(),
            statements,
            keys: reading.facts().directory.node.signing_keys(),
            meanings: HashMap::new(),
            sayings: HashMap::new(),
            consents: consent::Saying::new(partner, now),
        }
    }

    /// What goes beside `row`; nothing when the row itself cannot go.
    fn say(&mut self, row: &Cleared<'_, Row>) -> Result<Option<Beside>, StoreError> {
        let row = row.get();
        let Ok(object) = Object::parse(Bytes::copy_from_slice(row.body()), self.kinds) else { return Ok(None) };
        let markings = marking_ids(&object);
        let mut statements = match self.label(row, &object, &markings)? {
            Said::Unsayable => return Ok(None),
            Said::Nothing => Vec::new(),
            Said::Statement(statement) => vec![statement],
        };
        let node = &self.reading.facts().directory.node;
        statements.extend(self.consents.say(self.reading.snapshot(), node, row, &object)?);
        Ok(Some(Beside { statements, markings }))
    }

    fn label(&mut self, row: &Row, object: &Object, markings: &BTreeSet<ObjectId>) -> Result<Said, StoreError> {
        let facts = self.reading.facts();
        let Some(label) = facts.gate.labels().get(row.label()).cloned() else { return Ok(Said::Unsayable) };
        let context = LabelContext { made: row.added, owner: row.owner().to_owned(), collection: Some(self.collection.clone()) };
        let partner = facts.directory.partners().find(|partner| partner.account.organisation == row.owner());
        if partner.is_some() {
            return self.relayed(object, &label, &context, markings);
        }
        let says_itself = self.meaning(markings, &context)?.as_ref() == Some(label.as_ref());
        if self.statements == Statements::Needed && says_itself {
            return Ok(Said::Nothing);
        }
        let key = (row.label(), context.owner.clone(), context.made);
        if !self.sayings.contains_key(&key) {
            let said = written(&label, facts.gate.rules(), &context);
            self.sayings.insert(key.clone(), said);
        }
        let marking = self.sayings.get(&key).cloned().flatten();
        let signed = marking.and_then(|marking| self.sign(object, marking, self.now));
        Ok(match signed {
            Some(statement) => Said::Statement(statement),
            None if says_itself => Said::Nothing,
            None => Said::Unsayable,
        })
    }

    /// What a partner wrote goes on with that partner's own statement, under the very label that it has here.
    fn relayed(
        &mut self,
        object: &Object,
        label: &Label,
        context: &LabelContext,
        markings: &BTreeSet<ObjectId>,
    ) -> Result<Said, StoreError> {
        let facts = self.reading.facts();
        let kept = keeping::statement_on(self.reading.snapshot(), &context.owner, &object.digest(), &self.collection)?;
        let Some(kept) = kept else { return Ok(Said::Unsayable) };
        let said = Claim::parse(kept.clone(), self.kinds).ok().and_then(|claim| claim.label(facts.gate.rules(), context).label);
        let node = &facts.directory.node.organisation;
        let own = self.meaning(markings, context)?.map(|own| received_by(own, node));
        let as_kept = said.map(|said| received_by(said, node)).map(|said| own.into_iter().fold(said, |said, own| said.join(&own)));
        // A label that was raised here is not the one that the originator signed.
        Ok(if as_kept.as_ref() == Some(label) { Said::Statement(kept) } else { Said::Unsayable })
    }

    /// What the markings of an object mean.
    fn meaning(&mut self, markings: &BTreeSet<ObjectId>, context: &LabelContext) -> Result<Option<Label>, StoreError> {
        let key = (context.owner.clone(), context.made, markings.clone());
        if let Some(known) = self.meanings.get(&key) {
            return Ok(known.clone());
        }
        let reading = meaning_of(markings, self.reading.facts(), self.reading.snapshot(), context)?;
        let label = reading.label.filter(|_| !reading.withheld);
        self.meanings.insert(key, label.clone());
        Ok(label)
    }

    fn sign(&self, object: &Object, marking: Json, issued: Stamp) -> Option<Bytes> {
        let originator = &self.reading.facts().directory.node.organisation;
        let digest = relto_model::object::content_digest(marking.to_string().as_bytes());
        let key = self.keys.first()?;
        let (subject, label) = (Subject::object(object), LabelDigest::Marking(digest));
        // Who has it from elsewhere does not learn what else is in the same collection.
        let place = Some(Sha256::digest([self.collection.as_bytes(), &object.digest()].concat()).into());
        let said = Statement { subject, label, originator: originator.clone(), issued, place };
        let envelope = statement::bind(&said, key).ok()?;
        let envelope: Json = serde_json::from_str(&envelope.to_json()).ok()?;
        let id = Uuid::new_v5(&NAMESPACE, envelope.to_string().as_bytes()).hyphenated().to_string();
        let (id, issued) = (format!("{KIND}--{id}"), issued.to_string());
        let said = json!({
            "type": KIND, "spec_version": "2.1", "id": id, "created": issued, "modified": issued, "object_ref": object.id().as_str(),
            "originator": originator, "marking": marking, "envelope": envelope,
            "extensions": { EXTENSION: {"extension_type": "new-sdo"} },
        });
        Some(said.to_string().into())
    }
}

/// The marking-definition that says `label`, if there is one that reads as just that.
fn written(label: &Label, rules: &Rules, context: &LabelContext) -> Option<Json> {
    let goes_along = label.clone().map(along);
    let of = |made: Stamp| {
        let extension = structured::write(&goes_along, &[], rules, made).ok()?;
        let name = display(&goes_along, &rules.policies);
        let created = made.to_string();
        let said = json!([extension, created]).to_string();
        let id = Uuid::new_v5(&NAMESPACE, said.as_bytes()).hyphenated().to_string();
        let marking = json!({
            "type": "marking-definition", "spec_version": "2.1", "id": format!("marking-definition--{id}"), "created": created, "name": name,
            "extensions": { LABEL_EXTENSION: extension },
        });
        let read = read_marking(&marking, rules, context);
        (!read.withheld && read.label.as_ref() == Some(&goes_along)).then_some(marking)
    };
    of(context.made).or_else(|| as_of(label).and_then(of))
}

/// Legal tags that stand beside an object go along with it in a statement.
fn along(mut facets: std::collections::BTreeMap<PolicyId, relto_model::Facet>) -> std::collections::BTreeMap<PolicyId, relto_model::Facet> {
    if let Some(beside) = facets.remove(&PolicyId::new(LAW_BESIDE)) {
        let law = facets.entry(PolicyId::new(LAW)).or_insert_with(|| relto_model::Facet::at_level(0));
        law.restrictive.extend(beside.restrictive);
    }
    facets
}
