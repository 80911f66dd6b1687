//! Everything that stands still while a request is answered: the gate, the accounts, the collections, and how far the store had come.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use relto_gate::{Arrival, Gained, Gate, LabelId, LabelTable, SiteEngine, SiteRules};
use relto_model::Stamp;
use relto_policy::{Equivalence, Profile, Rules};
use relto_store::{Audience, CollectionKey, RecordKind, Snapshot};

use crate::activation::with_files;
use crate::consents::{self, Kept};
use crate::error::StoreError;
use crate::partners::{PartnerRecord, PartnerState};
use crate::records::{CollectionRecord, GainRecord, NODE_KEY, NodeRecord, UserRecord};

/// An account with what follows from its record.
#[derive(Debug)]
pub(crate) struct Account {
    pub record: UserRecord,
    pub name: Arc<str>,
    pub profile: Arc<Profile>,
    /// Labels that it gained late.
    pub gained: Arc<BTreeMap<LabelId, Gained>>,
    /// Collections that it gained late, by number.
    pub gained_collections: BTreeMap<u32, Gained>,
    /// The partner whose account this is.
    pub partner: Option<Arc<PartnerRecord>>,
}

impl Account {
    /// Whether the agreement with the partner whose account this is, if it is one, lets it have what the collection holds. What is outside is absent
    /// for it.
    pub(crate) fn reads(&self, collection: &CollectionRecord) -> bool {
        self.partner.as_ref().is_none_or(|partner| partner.agreement.sends_from(&collection.name))
    }

    /// Whether it lets it bring something into the collection.
    pub(crate) fn brings_into(&self, collection: &CollectionRecord) -> bool {
        self.partner.as_ref().is_none_or(|partner| partner.agreement.accepts_into(&collection.name))
    }
}

/// Accounts, collections and the node itself.
#[derive(Debug)]
pub(crate) struct Directory {
    pub node: NodeRecord,
    pub accounts: BTreeMap<String, Arc<Account>>,
    /// By name.
    pub collections: BTreeMap<String, Arc<CollectionRecord>>,
    /// Account names by the SHA-256 of their token.
    pub tokens: HashMap<[u8; 32], String>,
    /// Names of partners by the keys of their nodes.
    pub keys: HashMap<[u8; 32], String>,
}

/// All facts of one moment.
#[derive(Clone)]
pub(crate) struct Facts {
    pub gate: Arc<Gate>,
    pub directory: Arc<Directory>,
    /// The last event of the store that these facts know of.
    pub horizon: Arrival,
}

impl Facts {
    /// Reads the facts of `snapshot` as they stand at `now`; at the time of their last evaluation, without `now`.
    pub(crate) fn load(snapshot: &dyn Snapshot, means: &Means<'_>, now: Option<Stamp>) -> Result<Self, StoreError> {
        let directory = Directory::load(snapshot)?;
        let (rules, site) = load_rules(snapshot, means.shipped)?;
        let mut labels = LabelTable::default();
        for stored in snapshot.labels()? {
            labels.insert(stored.id, Arc::new(stored.label), stored.shared);
        }
        for kept in consents::kept(snapshot)? {
            match kept {
                Kept::Record(id, record) => labels.set_consents(id, record.consents.into()),
                // The number stays its object's alone, and nothing opens it: `Node::examine` names it.
                Kept::Unreadable { label, .. } => label.into_iter().for_each(|id| labels.set_consents(id, Arc::default())),
            }
        }
        let now = now.unwrap_or(directory.node.evaluated);
        let rules = Arc::new(rules);
        let site = means.site(&site, &rules, now)?;
        let gate = Gate::new(rules, Arc::new(labels), now, directory.next_change(now)).narrowed(site);
        Ok(Self { gate: Arc::new(gate), directory: Arc::new(directory), horizon: snapshot.arrival()? })
    }

    /// Lets `site` answer for every account and label that there is.
    pub(crate) fn narrowed_by(&self, site: &SiteRules) {
        for (name, account) in &self.directory.accounts {
            let profile = self.gate.as_named(name, &account.profile);
            let _ = site.permit_all(&profile, self.gate.labels().iter().map(|(_, label)| label.as_ref()));
        }
    }

    /// Whether every fact still stands at `now`.
    pub(crate) fn is_current(&self, now: Stamp) -> bool {
        self.gate.is_current(now)
    }
}

impl Directory {
    fn load(snapshot: &dyn Snapshot) -> Result<Self, StoreError> {
        let node = node_record(snapshot)?;
        let mut collections = BTreeMap::new();
        for (name, value) in snapshot.records(RecordKind::Collection)? {
            collections.insert(name.clone(), Arc::new(decode::<CollectionRecord>("collection", &name, &value)?));
        }
        let mut gains: BTreeMap<String, GainRecord> = BTreeMap::new();
        for (name, value) in snapshot.records(RecordKind::Gain)? {
            gains.insert(name.clone(), decode("gain", &name, &value)?);
        }
        let mut directory = Self { node, accounts: BTreeMap::new(), collections, tokens: HashMap::new(), keys: HashMap::new() };
        for (name, value) in snapshot.records(RecordKind::User)? {
            let record: UserRecord = decode("user", &name, &value)?;
            let gained = gains.remove(&name).unwrap_or_default();
            directory.admit(record, gained, None);
        }
        for (name, value) in snapshot.records(RecordKind::Partner)? {
            let partner: PartnerRecord = decode("partner", &name, &value)?;
            let gained = gains.remove(&name).unwrap_or_default();
            directory.keys.extend(partner.public_keys().into_iter().map(|key| (key, name.clone())));
            let disabled = !partner.confirmed || partner.state != PartnerState::Active;
            // Whatever the record says: there is no way in but by the key.
            let record = UserRecord { token: String::new(), disabled, ..partner.account.clone() };
            directory.admit(record, gained, Some(Arc::new(partner)));
        }
        Ok(directory)
    }

    fn admit(&mut self, record: UserRecord, gained: GainRecord, partner: Option<Arc<PartnerRecord>>) {
        let mut hash = [0; 32];
        if !record.disabled && hex::decode_to_slice(&record.token, &mut hash).is_ok() {
            self.tokens.insert(hash, record.name.clone());
        }
        // The one place where a partner becomes somebody who reads: what was not agreed, no way out knows of it.
        let granted = self.profile(&record);
        let profile = Arc::new(match &partner {
            Some(partner) => granted.under(&partner.agreement.sends),
            None => granted,
        });
        let GainRecord { labels, collections } = gained;
        let (name, gained) = (record.name.as_str().into(), Arc::new(labels));
        let account = Account { name, profile, gained, gained_collections: collections, partner, record };
        self.accounts.insert(account.record.name.clone(), Arc::new(account));
    }

    /// The attributes that the gate decides on.
    pub(crate) fn profile(&self, record: &UserRecord) -> Profile {
        let of = |test: &dyn Fn(&CollectionRecord) -> bool| -> BTreeSet<String> {
            self.collections.values().filter(|collection| test(collection)).map(|collection| collection.id.clone()).collect()
        };
        let organisation = &record.organisation;
        Profile {
            groups: record.groups.clone(),
            clearances: record.clearances.clone(),
            accesses: record.accesses.clone(),
            facts: record.facts.clone(),
            recipient_of: of(&|collection| collection.recipients.contains_key(organisation)),
            client_of: of(&|collection| collection.recipients.values().any(|clients| clients.contains(organisation))),
            ..Profile::new(organisation, record.nations.clone())
        }
    }

    pub(crate) fn next_change(&self, now: Stamp) -> Option<Stamp> {
        let of_account = |account: &Arc<Account>| {
            let of_agreement = account.partner.as_ref().and_then(|partner| partner.agreement.next_change(now));
            [account.profile.next_change(now), of_agreement].into_iter().flatten().min()
        };
        self.accounts.values().filter_map(of_account).min()
    }

    /// The partners, by name.
    pub(crate) fn partners(&self) -> impl Iterator<Item = &Arc<PartnerRecord>> {
        self.accounts.values().filter_map(|account| account.partner.as_ref())
    }

    /// Whether `organisation` is that of a partner.
    pub(crate) fn is_partners(&self, organisation: &str) -> bool {
        self.partners().any(|partner| partner.account.organisation == organisation)
    }

    /// The partner called `name`.
    pub(crate) fn partner(&self, name: &str) -> Option<&Arc<PartnerRecord>> {
        self.accounts.get(name)?.partner.as_ref()
    }

    /// The partners with which it was agreed that what they wrote stays here.
    fn kept_here(&self) -> impl Iterator<Item = &str> {
        self.partners().filter(|partner| partner.agreement.no_onward).map(|partner| partner.account.organisation.as_str())
    }

    /// Whether what `owner` wrote stays here, whatever its labels admit: so it was agreed with that partner, and `account` is another one's.
    pub(crate) fn stays(&self, account: &Account, owner: &str) -> bool {
        account.partner.is_some() && owner != account.record.organisation && self.kept_here().any(|kept| kept == owner)
    }

    /// Who reads, when `account` does. A partner gets nothing of its own, which it has, nor what stays here.
    pub(crate) fn audience(&self, account: &Account) -> Audience {
        match account.partner {
            None => Audience::Own,
            Some(_) => {
                Audience::Partner { not_of: self.kept_here().chain([account.record.organisation.as_str()]).map(str::to_owned).collect() }
            }
        }
    }

    /// The collection called `name`, by name or id.
    pub(crate) fn collection(&self, name: &str) -> Option<&Arc<CollectionRecord>> {
        self.collections.get(name).or_else(|| self.collections.values().find(|collection| collection.id == name))
    }

    pub(crate) fn collection_of(&self, key: CollectionKey) -> Option<&Arc<CollectionRecord>> {
        self.collections.values().find(|collection| collection.key == key.0)
    }
}

/// What facts are made of beside the store.
pub(crate) struct Means<'m> {
    /// The tables that ship.
    pub shipped: &'m Rules,
    /// What reads site policies.
    pub engine: Option<&'m Arc<dyn SiteEngine>>,
    /// Site policies that have answered before, and may answer on.
    pub known: Vec<Answered>,
}

/// Site policies that have answered, and until when what they were asked under stands.
pub(crate) type Answered = (Arc<SiteRules>, Option<Stamp>);

impl Means<'_> {
    /// The site policies in force; ones that have answered already, where they are the same and nothing that they answer from has changed.
    fn site(&self, files: &[(String, String)], rules: &Arc<Rules>, now: Stamp) -> Result<Arc<SiteRules>, StoreError> {
        if files.is_empty() {
            return Ok(Arc::default());
        }
        let mut policies = Vec::new();
        for (name, text) in files {
            let engine =
                self.engine.ok_or_else(|| StoreError::File { name: name.clone(), why: "site policies cannot be read here".to_owned() })?;
            let failed = |findings: Vec<String>| StoreError::File { name: name.clone(), why: findings.join("; ") };
            policies.push(engine.read(name, text).map_err(failed)?);
        }
        let digests: Vec<[u8; 32]> = policies.iter().map(|policy| policy.digest()).collect();
        let stands = |(site, until): &&Answered| {
            site.are(&digests) && site.now() <= now && until.is_none_or(|until| now < until) && site.rules() == rules.as_ref()
        };
        let known = self.known.iter().find(stands).map(|(site, _)| site.clone());
        Ok(known.unwrap_or_else(|| Arc::new(SiteRules::new(policies, rules.clone(), now))))
    }
}

/// The rules in force, and the site policies by name.
fn load_rules(snapshot: &dyn Snapshot, shipped: &Rules) -> Result<(Rules, Vec<(String, String)>), StoreError> {
    let (mut rules, site) = with_files(shipped.clone(), snapshot)?;
    rules.groups.extend(snapshot.records(RecordKind::Group)?.into_iter().map(|(name, _)| name));
    for (key, value) in snapshot.records(RecordKind::Equivalence)? {
        rules.equivalences.insert(decode::<Equivalence>("equivalence", &key, &value)?);
    }
    Ok((rules, site))
}

/// Reads a record; what cannot be read is damage, and the node does not open on a guess.
pub(crate) fn decode<T: serde::de::DeserializeOwned>(kind: &'static str, key: &str, value: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(value).map_err(|source| StoreError::Record { kind, key: key.to_owned(), source })
}

/// The JSON of a record.
pub(crate) fn encode<T: serde::Serialize>(kind: &'static str, key: &str, value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|source| StoreError::Record { kind, key: key.to_owned(), source })
}

/// The record of the node itself.
pub(crate) fn node_record(snapshot: &dyn Snapshot) -> Result<NodeRecord, StoreError> {
    let bytes = snapshot.record(RecordKind::Node, NODE_KEY)?.ok_or(StoreError::NotANode)?;
    decode("node", NODE_KEY, &bytes)
}
