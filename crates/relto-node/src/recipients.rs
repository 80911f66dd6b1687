//! Who gets an object and why, for those who may know that: the release officers of the organisation that wrote it, and everybody about themselves.
//!
//! An officer learns the decision on every account and partner of this node, since whoever answers for an object must know where it goes. The reasons name
//! attributes, and are told of partners and of the officer's own organisation alone (decision 0031). Whoever else sees an object is told which sorts of rules
//! let them in, and of its label no more than its banner says. Nothing rests on a row that the reader was not cleared for.

use relto_gate::{Cleared, Principal};
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::{Asks, BannerPart, explain_with};
use relto_store::{Held, Row, VersionFilter};

use crate::error::StoreError;
use crate::explaining::{Decision, Explained, Rule, explained};
use crate::facts::Account;
use crate::node::Node;
use crate::partners::sent;
use crate::reading::{CollectionView, Reading};
use crate::records::Role;
use crate::session::Session;
use crate::showing::ShowError;
use crate::viewing::ViewError;

/// To whom the latest version of an object goes, in each collection.
pub type Recipients = Vec<RecipientsOf>;

/// To whom one version goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientsOf {
    /// The collection.
    pub collection: String,
    /// The version.
    pub version: String,
    /// The label in words, with its audience.
    pub label: String,
    /// Every partner and account of this node, by name; partners first.
    pub recipients: Vec<Recipient>,
}

/// Whether somebody gets a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name of the account or partner.
    pub name: String,
    /// Its organisation.
    pub organisation: String,
    /// What an account may do; of a partner there is none.
    pub role: Option<Role>,
    /// What follows for it.
    pub decision: Decision,
    /// Since when it may see the version, if it may; not before the reader could.
    pub since: Option<Stamp>,
    /// When the version went to it, if it is a partner.
    pub sent: Option<Stamp>,
}

/// Why somebody does or does not get an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Who.
    pub name: String,
    /// Whether that is the reader.
    pub is_own: bool,
    /// What the object is called, if it is called anything.
    pub title: Option<String>,
    /// Version by version; the latest in each collection.
    pub versions: Vec<WhyVersion>,
    /// The banner of it all.
    pub banner: Vec<BannerPart>,
}

/// The decision on one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyVersion {
    /// The collection.
    pub collection: String,
    /// The version.
    pub version: String,
    /// The banner of its label.
    pub banner: Vec<BannerPart>,
    /// The decision.
    pub decision: Decision,
    /// Since when, if it is released.
    pub since: Option<Stamp>,
    /// The grounds, as far as the reader may know them.
    pub grounds: Grounds,
}

/// On what a decision rests, as far as somebody may know that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// The sorts of rules that let the reader in.
    Sorts(Vec<Asks>),
    /// The label in full, every rule with its reason, and the smallest changes that would alter the decision, each with all its steps.
    Full(String, Vec<Rule>, Vec<Vec<String>>),
    /// The label in full, and of every rule whether it is met, without the attributes on which that rests.
    Rules(String, Vec<(String, Decision)>),
}

impl Node {
    /// Why `who`, or without that the account of `session` itself, gets `id` or does not, and whom the answer is for.
    ///
    /// # Errors
    /// [`ViewError`]; an object that is absent, hidden, or somebody else's to answer for, and an account that there is not, are one.
    pub fn why(&self, session: &Session, id: &ObjectId, who: Option<&str>) -> Result<(Why, Principal), ViewError> {
        let reading = self.reading(session)?;
        let why = reading.why(self, id, who)?.ok_or_else(|| ShowError::Absent(id.clone()))?;
        if reading.principal().is_cut() {
            return Err(ShowError::Cut.into());
        }
        Ok((why, reading.into_principal()))
    }
}

/// A version that the reader may see whole.
struct Seen<'r> {
    view: CollectionView,
    row: Cleared<'r, Row>,
}

impl Seen<'_> {
    /// The row as it is judged for others. It is here since the reader may see it: when it came before that is not told.
    fn held(&self) -> Held {
        let row = self.row.get();
        Held {
            arrival: row.arrival(),
            collection: self.view.access().key,
            added: row.added,
            label: row.label(),
            version: row.version().to_owned(),
            siblings: false,
            owner: row.owner().to_owned(),
            body: bytes::Bytes::new(),
        }
    }

    fn since(&self, explained: &Explained) -> Option<Stamp> {
        let since = explained.visible_since.as_deref().and_then(|since| Stamp::parse(since).ok());
        since.map(|since| since.max(self.row.get().added))
    }
}

impl Reading<'_> {
    /// Who gets `id`, if the reader answers for it.
    pub(crate) fn recipients(&self, node: &Node, id: &ObjectId) -> Result<Option<Recipients>, StoreError> {
        let mut all = Vec::new();
        for seen in self.seen(id)?.into_iter().filter(|seen| self.answers_for(seen)) {
            let mut recipients = Vec::new();
            for account in self.facts().directory.accounts.values() {
                recipients.push(self.recipient(node, &seen, account)?);
            }
            recipients.sort_by(|one, other| (one.role.is_some(), &one.name).cmp(&(other.role.is_some(), &other.name)));
            let version = seen.row.get().version().to_owned();
            all.push(RecipientsOf { collection: seen.view.alias.clone(), version, label: self.in_full(&seen), recipients });
        }
        Ok(if all.is_empty() { None } else { Some(all) })
    }

    fn recipient(&self, node: &Node, seen: &Seen<'_>, account: &Account) -> Result<Recipient, StoreError> {
        let explained = explained(self.facts(), account, &seen.held(), node.now());
        let sent = match &account.partner {
            Some(partner) => sent(self.snapshot(), partner.name(), seen.row.get().arrival())?,
            None => None,
        };
        Ok(Recipient {
            name: account.record.name.clone(),
            organisation: account.record.organisation.clone(),
            role: account.partner.is_none().then_some(account.record.role),
            decision: explained.verdict,
            since: seen.since(&explained),
            sent,
        })
    }

    fn why(&self, node: &Node, id: &ObjectId, who: Option<&str>) -> Result<Option<Why>, StoreError> {
        let own = self.principal().name();
        let is_own = who.is_none_or(|who| who == own);
        let name = who.unwrap_or(own);
        let Some(account) = self.facts().directory.accounts.get(name) else { return Ok(None) };
        let (mut versions, mut title, mut label): (Vec<WhyVersion>, Option<String>, Option<Label>) = (Vec::new(), None, None);
        for seen in self.seen(id)?.into_iter().filter(|seen| is_own || self.answers_for(seen)) {
            let row = seen.row.get();
            title = title.or_else(|| crate::searching::title_of(&serde_json::from_slice(row.body()).unwrap_or_default()));
            label = self.joined(label, row.label());
            let explained = explained(self.facts(), account, &seen.held(), node.now());
            versions.push(WhyVersion {
                collection: seen.view.alias.clone(),
                version: row.version().to_owned(),
                banner: self.banner_parts(row.label()),
                decision: explained.verdict,
                since: seen.since(&explained),
                grounds: self.grounds(&seen, account, explained),
            });
        }
        let banner = self.banner_of(label.as_ref());
        Ok((!versions.is_empty()).then(|| Why { name: name.to_owned(), is_own, title, versions, banner }))
    }

    fn grounds(&self, seen: &Seen<'_>, account: &Account, explained: Explained) -> Grounds {
        if !self.answers_for(seen) {
            return Grounds::Sorts(self.sorts(seen, account));
        }
        let label = self.in_full(seen);
        if account.partner.is_some() || account.record.organisation == self.record().organisation {
            return Grounds::Full(label, explained.rules, explained.smallest_changes);
        }
        Grounds::Rules(label, explained.rules.into_iter().map(|rule| (rule.rule, rule.verdict)).collect())
    }

    /// The sorts of rules that let `account` in, each once.
    fn sorts(&self, seen: &Seen<'_>, account: &Account) -> Vec<Asks> {
        let gate = &self.facts().gate;
        let label = seen.row.get().label();
        let (Some(known), consents) = (gate.labels().get(label), gate.labels().consents(label).unwrap_or_default()) else {
            return Vec::new();
        };
        let profile = gate.as_named(&account.record.name, &account.profile);
        let (_, findings) = explain_with(&profile, known, consents, gate.rules(), gate.now());
        findings.iter().map(|finding| finding.asks).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// The latest version of `id` of each organisation, in each collection, that the reader may see whole.
    fn seen(&self, id: &ObjectId) -> Result<Vec<Seen<'_>>, StoreError> {
        let mut all = Vec::new();
        for view in self.collections().into_iter().filter(|view| view.can_read) {
            let rows = self.page(&view.query_of(id, VersionFilter::last()))?.rows;
            all.extend(rows.into_iter().map(|row| Seen { view: view.clone(), row }));
        }
        Ok(all)
    }

    /// Whether the reader answers for it: as a release officer of the organisation that wrote it.
    fn answers_for(&self, seen: &Seen<'_>) -> bool {
        self.role() == Role::ReleaseOfficer && seen.row.get().owner() == self.record().organisation
    }

    /// The label with its audience.
    fn in_full(&self, seen: &Seen<'_>) -> String {
        crate::labels::shown(&self.facts().gate, seen.row.get().label())
    }
}
