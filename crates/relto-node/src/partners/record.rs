//! What the node remembers of a partner: its account, its card and keys, what was agreed, and how far the exchange has come.

use std::collections::BTreeMap;

use relto_model::Stamp;
use relto_model::time::as_text;
use relto_policy::Terms;
use serde::{Deserialize, Serialize};

use super::card::Card;
use crate::records::UserRecord;

/// Whether anything flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartnerState {
    /// As agreed.
    Active,
    /// Nothing flows, in neither direction.
    Suspended,
    /// The partner has left: nothing flows but what it is told to destroy, and its receipts.
    Left,
}

impl PartnerState {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }
}

/// What was agreed with a partner. It narrows what the gate admits, and never widens it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The collections that are exchanged, by their name here, with the partner's name for each.
    pub collections: BTreeMap<String, String>,
    /// The first instant at which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Stamp>,
    /// The first instant at which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
    /// On which terms objects go to the partner.
    #[serde(default, skip_serializing_if = "Terms::is_open")]
    pub sends: Terms,
    /// On which terms they are taken in from it.
    #[serde(default, skip_serializing_if = "Terms::is_open")]
    pub accepts: Terms,
    /// Whether what the partner wrote stays with this node, whatever its labels admit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_onward: bool,
}

impl Agreement {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds_at(&self, now: Stamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether objects of `collection`, by its name here, go to the partner.
    #[must_use]
    pub fn sends_from(&self, collection: &str) -> bool {
        self.collections.contains_key(collection) && self.sends.include(collection)
    }

    /// Whether objects are taken in into `collection`, by its name here.
    #[must_use]
    pub fn accepts_into(&self, collection: &str) -> bool {
        self.collections.contains_key(collection) && self.accepts.include(collection)
    }

    /// The next instant after `now` at which it begins or ends.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        [self.from, self.until].into_iter().flatten().filter(|change| *change > now).min()
    }
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerRecord {
    /// Its attributes, which the operator granted. It has no token: nobody signs in with one.
    pub account: UserRecord,
    /// Its card as it was last read.
    pub card: Card,
    /// The keys that its node is known by, in hexadecimal; none of a server that is no Relto node.
    pub keys: Vec<String>,
    /// Whether somebody has compared the phrase of its key.
    pub confirmed: bool,
    /// Whether anything flows.
    pub state: PartnerState,
    /// What was agreed.
    pub agreement: Agreement,
    /// Whether this node fetches from it.
    pub pull: bool,
    /// Whether this node sends to it.
    pub push: bool,
    /// When fetching from it last had to begin from the start; whoever began before begins anew.
    #[serde(default)]
    pub begun: Stamp,
}

impl PartnerRecord {
    /// Its name here.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.account.name
    }

    /// The keys that its node is known by.
    #[must_use]
    pub fn public_keys(&self) -> Vec<[u8; 32]> {
        let read = |text: &String| {
            let mut key = [0; 32];
            hex::decode_to_slice(text, &mut key).ok().map(|()| key)
        };
        self.keys.iter().filter_map(read).collect()
    }

    /// Whether it is told of notices, and its own are taken: also when the agreement has ended, since what was released under it can be recalled
    /// all the same.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.confirmed && self.state != PartnerState::Suspended && matches!(self.card, Card::Node(_))
    }

    /// Whether objects flow at `now`.
    #[must_use]
    pub fn flows_at(&self, now: Stamp) -> bool {
        self.state == PartnerState::Active && self.confirmed && self.agreement.holds_at(now)
    }
}

/// How far fetching one collection of a partner has come. Stored in the transaction that stores what was fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Ask for what was added after this, as the partner dates it (TAXII 2.1, section 3.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_after: Option<String>,
    /// Where the next page begins, in the partner's words, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Where this node's own order was last sent from, for pushing: visible and row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<(u64, u64)>,
    /// Objects taken in so far.
    #[serde(default)]
    pub taken: u64,
    /// When something last came.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text::optional")]
    pub at: Option<Stamp>,
}
