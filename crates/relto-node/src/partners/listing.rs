//! Partners as their operator sees them: what was granted and agreed, how far the exchange is, and how the links are doing.

use std::collections::BTreeMap;

use relto_model::Stamp;
use relto_model::time::as_text;
use relto_policy::WrittenTerms;
use serde::{Deserialize, Serialize};

use super::admin::progress_of;
use super::card::Card;
use super::recall::RecalledFrom;
use super::record::{PartnerState, Progress};
use crate::error::StoreError;
use crate::node::Node;

/// How a link is doing, as whoever runs it last saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatus {
    /// When the partner last answered.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text::optional")]
    pub contact: Option<Stamp>,
    /// What went wrong since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A partner, for its operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerView {
    /// Its name here, and that of its organisation.
    pub name: String,
    /// Its nations, as granted, separated by commas.
    pub nation: String,
    /// `active`, `suspended` or `left`.
    pub state: String,
    /// Whether somebody has compared the phrase.
    pub confirmed: bool,
    /// The phrase of its key.
    pub fingerprint: String,
    /// Where it listens.
    pub address: String,
    /// What its card says and nobody uses: its own name and nation.
    pub claims: String,
    /// Groups granted beside those of the nation.
    pub members: Vec<String>,
    /// Clearances granted.
    pub clearances: Vec<String>,
    /// The collections that are exchanged, with the partner's name for each.
    pub collections: BTreeMap<String, String>,
    /// Whether this node fetches from it.
    pub pull: bool,
    /// Whether this node sends to it.
    pub push: bool,
    /// From when the agreement holds; absent when it has no beginning.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text::optional")]
    pub from: Option<Stamp>,
    /// Until when; absent when it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text::optional")]
    pub until: Option<Stamp>,
    /// On which terms objects go to it.
    #[serde(default)]
    pub sends: WrittenTerms,
    /// On which terms they are taken in from it.
    #[serde(default)]
    pub accepts: WrittenTerms,
    /// Whether what it wrote stays with this node.
    #[serde(default)]
    pub no_onward: bool,
    /// How far each collection has come.
    pub progress: BTreeMap<String, Progress>,
    /// Objects of it that wait in quarantine.
    pub quarantined: u64,
    /// Objects released to it.
    pub released: u64,
    /// How its link is doing.
    pub link: LinkStatus,
    /// What it was told to destroy when it was let go, and what it has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<RecalledFrom>,
    /// What whoever has just added or changed it is to notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Node {
    /// All partners, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn partners(&self) -> Result<Vec<PartnerView>, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let policies = &facts.gate.rules().policies;
        let mut quarantined: BTreeMap<String, u64> = BTreeMap::new();
        for waiting in super::quarantine::all(&*snapshot)? {
            *quarantined.entry(waiting.partner).or_default() += 1;
        }
        let mut views = Vec::new();
        for record in facts.directory.partners() {
            let mut progress = BTreeMap::new();
            for collection in record.agreement.collections.keys() {
                if let Some(come) = progress_of(&*snapshot, record.name(), collection)? {
                    progress.insert(collection.clone(), come);
                }
            }
            let (name, card) = (record.name().to_owned(), &record.card);
            views.push(PartnerView {
                nation: record.account.nations.iter().cloned().collect::<Vec<_>>().join(", "),
                state: record.state.as_str().to_owned(),
                confirmed: record.confirmed,
                fingerprint: card.fingerprint().to_owned(),
                address: card.address().to_owned(),
                claims: match card {
                    Card::Node(card) => format!("{}, {}", card.name, card.nation),
                    Card::Server(card) => card.name.clone(),
                },
                members: record.account.groups.iter().map(|membership| membership.group.clone()).collect(),
                clearances: record.account.clearances.iter().map(|clearance| clearance.in_words(policies)).collect(),
                collections: record.agreement.collections.clone(),
                pull: record.pull,
                push: record.push,
                from: record.agreement.from,
                until: record.agreement.until,
                sends: record.agreement.sends.written(policies),
                accepts: record.agreement.accepts.written(policies),
                no_onward: record.agreement.no_onward,
                progress,
                quarantined: quarantined.get(&name).copied().unwrap_or_default(),
                released: super::release::count(&*snapshot, &name)?,
                link: self.links().lock().get(&name).cloned().unwrap_or_default(),
                recalled: match record.state {
                    PartnerState::Left => super::recall::standing_of_all(&*snapshot, &name, None)?,
                    PartnerState::Active | PartnerState::Suspended => None,
                },
                notes: Vec::new(),
                name,
            });
        }
        Ok(views)
    }

    pub(super) fn partner(&self, name: &str) -> Result<Option<PartnerView>, StoreError> {
        Ok(self.partners()?.into_iter().find(|view| view.name == name))
    }

    /// Notes how the link to a partner is doing.
    pub fn note_link(&self, partner: &str, outcome: Result<(), String>) {
        let mut links = self.links().lock();
        let status = links.entry(partner.to_owned()).or_default();
        match outcome {
            Ok(()) => *status = LinkStatus { contact: Some(self.now()), error: None },
            Err(error) => status.error = Some(error),
        }
    }
}
