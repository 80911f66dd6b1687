//! Partners as the operator sees to them: added, listed, suspended, resumed. Each act is in the journal.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::{Stamp, TimeError};
use relto_policy::law::RecipientFacts;
use relto_policy::{Policies, Terms, TermsError, WrittenTerms};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};

use super::card::{Card, CardError, is_phrase};
use super::effect::AgreementEffect;
use super::listing::PartnerView;
use super::record::{Agreement, PartnerRecord, PartnerState, Progress};
use crate::admin::users::{changed, settle};
use crate::admin::{ACCOUNT, AdminError, UserChange, check_name};
use crate::error::StoreError;
use crate::facts::decode;
use crate::node::{Node, Writing};
use crate::records::{Role, UserRecord};

/// A partner as asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPartner {
    /// The text of its card.
    pub card: String,
    /// What it is called here; as in its card when absent. It is the name of its organisation, too.
    pub name: Option<String>,
    /// What the operator grants: nations, groups, clearances and the rest.
    pub grants: UserChange,
    /// `NAME`, or `NAME=THEIRS` where the partner calls the collection otherwise.
    pub collections: Vec<String>,
    /// Whether to fetch from it.
    pub pull: bool,
    /// Whether to send to it.
    pub push: bool,
    /// The phrase of its key, as somebody of the partner said it.
    pub phrase: Option<String>,
    /// The first day or time at which the agreement holds.
    pub from: Option<String>,
    /// The first day or time at which it no longer holds.
    pub until: Option<String>,
    /// Whether what the partner wrote stays with this node.
    pub no_onward: bool,
    /// On which terms objects go to it.
    pub sends: WrittenTerms,
    /// On which terms they are taken in from it.
    pub accepts: WrittenTerms,
}

/// Why a partner is not added or changed; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// The card is none.
    #[error(transparent)]
    Card(#[from] CardError),
    /// There is no such partner.
    #[error("there is no partner `{0}`")]
    Absent(String),
    /// It is this very node.
    #[error("this is the card of this node itself")]
    Itself,
    /// The name stands for somebody else here, and what is labelled for that organisation would go to the partner.
    #[error("`{0}` is the name of somebody else on this node already")]
    NameTaken(String),
    /// A partner of that name has other keys.
    #[error("there is a partner `{0}` already, and this card is signed by none of its keys")]
    OtherKey(String),
    /// Another partner has that key.
    #[error("the key of this card is that of partner `{0}`")]
    KeyTaken(String),
    /// There is no such collection.
    #[error("there is no collection `{0}`")]
    NoCollection(String),
    /// No collection is named.
    #[error("an agreement names at least one collection")]
    NoCollections,
    /// A date is none.
    #[error("`{given}` is no date")]
    Date {
        /// What was written.
        given: String,
        /// Why.
        source: TimeError,
    },
    /// The terms are none.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The agreement would never hold.
    #[error("the agreement ends before it begins, or has ended")]
    Never,
    /// The phrase is not that of the partner's key.
    #[error("the phrase is not that of the key of `{0}`")]
    Phrase(String),
    /// Nobody has compared the phrase yet.
    #[error("nobody has compared the phrase of `{0}` yet")]
    Unconfirmed(String),
    /// The partner has left.
    #[error("the partner `{0}` has left")]
    Left(String),
    /// Its attributes are none.
    #[error(transparent)]
    Account(#[from] AdminError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Adds a partner, or changes one whose key has signed the card. Returns how it stands then. Without the right phrase a new one is suspended; a
    /// wrong one changes nothing of a partner whose phrase was compared before.
    ///
    /// # Errors
    /// [`PartnerError`]; then nothing has changed.
    pub fn add_partner(&self, new: &NewPartner) -> Result<PartnerView, PartnerError> {
        let card = Card::read(&new.card)?;
        self.identity()?;
        let (name, notes) = self.write(|writing| {
            let before = writing.before.directory.partner(card_name(new, &card)).cloned();
            let is_wrong = new.phrase.as_ref().is_some_and(|said| !is_phrase(said, card.fingerprint()));
            if is_wrong && before.as_ref().is_some_and(|known| known.confirmed) {
                return Err(PartnerError::Phrase(card_name(new, &card).to_owned()));
            }
            let (record, shown) = entered(writing, new, card)?;
            store(writing, &record, "partner add", &shown)?;
            let mut notes = before.map(|before| lost(&before, &record, policies(writing))).unwrap_or_default();
            if is_wrong {
                notes.insert(0, "the words given are not the phrase of this card".to_owned());
            }
            Ok::<_, PartnerError>((record.account.name, notes))
        })?;
        self.partner(&name)?.map(|view| PartnerView { notes, ..view }).ok_or(PartnerError::Absent(name))
    }

    /// What [`Node::add_partner`] would release, once somebody has compared the phrase. Nothing changes.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn preview_partner(&self, new: &NewPartner) -> Result<AgreementEffect, PartnerError> {
        let card = Card::read(&new.card)?;
        self.identity()?;
        let (name, facts) = self.rehearse(|writing| {
            let (record, shown) = entered(writing, new, card)?;
            let record = PartnerRecord { state: PartnerState::Active, confirmed: true, ..record };
            store(writing, &record, "partner add", &shown)?;
            Ok::<_, PartnerError>((record.account.name, writing.facts_then()?))
        })?;
        self.effect(&name, facts)
    }

    /// Stops all flows to and from the partner, at once, or lets them go on. `phrase` is asked for where nobody has compared it yet.
    ///
    /// # Errors
    /// [`PartnerError`]; then nothing has changed.
    pub fn suspend_partner(&self, name: &str, suspended: bool, phrase: Option<&str>) -> Result<(), PartnerError> {
        self.write(|writing| {
            let record = find(writing, name)?;
            if record.state == PartnerState::Left {
                return Err(PartnerError::Left(name.to_owned()));
            }
            let said = phrase.map(|said| is_phrase(said, record.card.fingerprint()));
            let confirmed = match said {
                _ if suspended => record.confirmed,
                Some(false) => return Err(PartnerError::Phrase(name.to_owned())),
                Some(true) => true,
                None if record.confirmed => true,
                None => return Err(PartnerError::Unconfirmed(name.to_owned())),
            };
            let state = if suspended { PartnerState::Suspended } else { PartnerState::Active };
            let record = PartnerRecord { state, confirmed, ..record };
            let act = if suspended { "partner suspend" } else { "partner resume" };
            store(writing, &record, act, &serde_json::Value::Null)
        })
    }

    /// The partners as they stand, for whoever runs the links to them.
    #[must_use]
    pub fn partner_records(&self) -> Vec<PartnerRecord> {
        self.facts().directory.partners().map(|record| record.as_ref().clone()).collect()
    }

    /// How far fetching `collection` of a partner has come.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn progress(&self, partner: &str, collection: &str) -> Result<Progress, StoreError> {
        let (_, snapshot) = self.settled()?;
        Ok(progress_of(&*snapshot, partner, collection)?.unwrap_or_default())
    }

    /// Whether objects flow to and from the partner now.
    #[must_use]
    pub fn flows(&self, record: &PartnerRecord) -> bool {
        record.flows_at(self.now())
    }
}

/// What a partner is called here.
fn card_name<'n>(new: &'n NewPartner, card: &'n Card) -> &'n str {
    new.name.as_deref().unwrap_or_else(|| card.name())
}

/// What a partner that is given anew has no more, in words: whoever gives it again may have meant to add to it.
fn lost(before: &PartnerRecord, now: &PartnerRecord, policies: &Policies) -> Vec<String> {
    let named = |record: &PartnerRecord| -> BTreeSet<String> {
        let (account, agreement) = (&record.account, &record.agreement);
        let flows = [(record.pull, "--pull"), (record.push, "--push"), (account.facts != RecipientFacts::default(), "--facts")];
        let flows = flows.into_iter().filter(|(is, _)| *is).map(|(_, option)| option.to_owned());
        let collections = agreement.collections.keys().map(|name| format!("--collection {name}"));
        let nations = account.nations.iter().map(|nation| format!("--nation {nation}"));
        let members = account.groups.iter().map(|membership| format!("--member {}", membership.group));
        let clearances = account.clearances.iter().map(|clearance| format!("--clearance {}", clearance.in_words(policies)));
        flows.chain(collections).chain(nations).chain(members).chain(clearances).collect()
    };
    let mut lost: Vec<String> =
        named(before).difference(&named(now)).map(|option| format!("it has `{option}` no more: it was not given again")).collect();
    // What an agreement forbids, it then forbids no more.
    let terms = |agreement: &Agreement| Agreement { collections: BTreeMap::new(), ..agreement.clone() };
    if terms(&before.agreement) != terms(&now.agreement) {
        lost.push("its dates, its terms or `--no-onward` are others than before".to_owned());
    }
    lost
}

/// The partner as `new` describes it, and what the journal says of its account.
fn entered(writing: &mut Writing<'_>, new: &NewPartner, card: Card) -> Result<(PartnerRecord, serde_json::Value), PartnerError> {
    let name = card_name(new, &card).to_owned();
    let known = writing.before.directory.partner(&name).cloned();
    check_free(writing, &name, known.is_some())?;
    let keys = keys_of(writing, &name, &card, known.as_deref())?;
    let agreement = agreement(writing, new)?;
    let known = known.as_deref();
    let was_confirmed = known.is_some_and(|known| known.confirmed && known.keys.iter().any(|key| keys.contains(key)));
    let mut begun = known.map(|known| known.begun).unwrap_or_default();
    if let Some(known) = known {
        // Another server, or another collection of it, has dates of its own; what is on its way from there comes too late.
        let moved = matches!(card, Card::Server(_)) && known.card.address() != card.address();
        let same = |name: &str| known.agreement.collections.get(name) == agreement.collections.get(name);
        forget_progress(writing, &name, &|collection| !collection.is_empty() && (moved || !same(collection)))?;
        if moved || known.agreement.collections.keys().any(|name| !same(name)) {
            begun = writing.stamp;
        }
    }
    // Of a server that is no node there is no key to compare: the operator wrote its card.
    let by_hand = matches!(card, Card::Server(_));
    let confirmed = by_hand || was_confirmed || new.phrase.as_ref().is_some_and(|said| is_phrase(said, card.fingerprint()));
    let account =
        changed(UserRecord::new(&name), &UserChange { organisation: Some(name.clone()), ..new.grants.clone() }, policies(writing))?;
    // Nothing that is granted makes it somebody else's: it stands for the holder of its key, and it writes what is its own.
    let (account, shown) = settle(writing, UserRecord { organisation: name, role: Role::Contributor, ..account })?;
    agreement.sends.check(&account.facts)?;
    // Whoever was suspended on purpose stays so.
    let stays = was_confirmed && known.is_some_and(|known| known.state == PartnerState::Suspended);
    let state = if confirmed && !stays { PartnerState::Active } else { PartnerState::Suspended };
    Ok((PartnerRecord { account, card, keys, confirmed, state, agreement, pull: new.pull, push: new.push, begun }, shown))
}

/// Forgets how far the exchange of those collections of the partner has come of which `is_meant` says so, by whatever way.
pub(crate) fn forget_progress(writing: &mut Writing<'_>, partner: &str, is_meant: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
    let prefix = format!("{partner}\n");
    for (key, _) in writing.transaction.records_under(RecordKind::Progress, &prefix)? {
        let collection = key.strip_prefix(&prefix).and_then(|rest| rest.split('\n').next());
        if collection.is_some_and(is_meant) {
            writing.transaction.forget(RecordKind::Progress, &key)?;
        }
    }
    Ok(())
}

fn policies<'w>(writing: &'w Writing<'_>) -> &'w Policies {
    &writing.before.gate.rules().policies
}

/// The partner called `name`.
pub(crate) fn find(writing: &Writing<'_>, name: &str) -> Result<PartnerRecord, PartnerError> {
    let found = writing.before.directory.partner(name);
    found.map(|record| record.as_ref().clone()).ok_or_else(|| PartnerError::Absent(name.to_owned()))
}

/// How far `collection` of the partner has come.
pub(crate) fn progress_of(snapshot: &dyn relto_store::Snapshot, partner: &str, collection: &str) -> Result<Option<Progress>, StoreError> {
    let key = progress_key(partner, collection);
    snapshot.record(RecordKind::Progress, &key)?.map(|bytes| decode("progress", &key, &bytes)).transpose()
}

/// Under which key [`Progress`] stands. No name holds a line feed.
pub(crate) fn progress_key(partner: &str, collection: &str) -> String {
    format!("{partner}\n{collection}")
}

pub(crate) fn store(writing: &mut Writing<'_>, record: &PartnerRecord, act: &str, account: &serde_json::Value) -> Result<(), PartnerError> {
    writing.put(RecordKind::Partner, record.name(), record)?;
    writing.facts_changed();
    let act = serde_json::json!({"act": act, "partner": record.name(), "state": record.state, "confirmed": record.confirmed,
        "fingerprint": record.card.fingerprint(), "agreement": record.agreement, "pull": record.pull, "push": record.push, "grants": account});
    Ok(writing.journal(&act)?)
}

/// A partner's name is that of its organisation: what is labelled for it goes to the partner. So it must stand for nobody else here.
fn check_free(writing: &Writing<'_>, name: &str, is_known: bool) -> Result<(), PartnerError> {
    check_name(ACCOUNT, name)?;
    let directory = &writing.before.directory;
    let of_people = || directory.accounts.values().filter(|account| account.partner.is_none());
    let is_own = name == directory.node.organisation;
    if is_own || (!is_known && of_people().any(|account| account.record.name == name || account.record.organisation == name)) {
        return Err(if is_own { PartnerError::Itself } else { PartnerError::NameTaken(name.to_owned()) });
    }
    Ok(())
}

/// The keys to know the partner by.
fn keys_of(writing: &Writing<'_>, name: &str, card: &Card, known: Option<&PartnerRecord>) -> Result<Vec<String>, PartnerError> {
    let Card::Node(node) = card else { return Ok(Vec::new()) };
    let own = writing.before.directory.node.public_keys();
    if node.keys.iter().any(|key| own.contains(key)) {
        return Err(PartnerError::Itself);
    }
    let others = writing.before.directory.partners().filter(|other| other.name() != name);
    if let Some(other) = others.into_iter().find(|other| other.keys.iter().any(|key| node.keys.contains(key))) {
        return Err(PartnerError::KeyTaken(other.name().to_owned()));
    }
    // A card that a key which is pinned has signed speaks for the partner; another one does not, unless there was nothing to trust yet.
    let speaks = |known: &PartnerRecord| {
        !known.confirmed || known.state == PartnerState::Left || known.keys.iter().any(|key| node.keys.contains(key))
    };
    match known {
        Some(known) if !speaks(known) => Err(PartnerError::OtherKey(name.to_owned())),
        _ => Ok(node.keys.clone()),
    }
}

fn agreement(writing: &Writing<'_>, new: &NewPartner) -> Result<Agreement, PartnerError> {
    let mut collections = BTreeMap::new();
    for given in &new.collections {
        let (here, theirs) = given.split_once('=').unwrap_or((given, given));
        let found = writing.before.directory.collection(here).ok_or_else(|| PartnerError::NoCollection(here.to_owned()))?;
        let theirs = if theirs == here { found.name.clone() } else { theirs.to_owned() };
        collections.insert(found.name.clone(), theirs);
    }
    if collections.is_empty() {
        return Err(PartnerError::NoCollections);
    }
    let date = |text: &Option<String>| {
        let read = |given: &String| Stamp::parse(given).map_err(|source| PartnerError::Date { given: given.clone(), source });
        text.as_ref().map(read).transpose()
    };
    let (from, until) = (date(&new.from)?, date(&new.until)?);
    if until.is_some_and(|until| until <= writing.stamp || from.is_some_and(|from| until <= from)) {
        return Err(PartnerError::Never);
    }
    let rules = writing.before.gate.rules();
    let terms = |written| Terms::parse(written, collections.keys().map(String::as_str), rules);
    let (sends, accepts) = (terms(&new.sends)?, terms(&new.accepts)?);
    Ok(Agreement { collections, from, until, sends, accepts, no_onward: new.no_onward })
}
