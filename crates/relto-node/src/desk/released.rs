//! What was published, and how far it has come: told from the record of releases, which is written before anything leaves.

use std::collections::BTreeSet;

use relto_gate::{Arrival, Principal, clear};
use relto_model::{ObjectId, Stamp};
use relto_policy::BannerPart;
use relto_store::{Bodies, Held, held};

use super::keeping::{self, Stage};
use super::matrix::sees_recipients;
use super::{DeskEntry, DeskError};
use crate::error::StoreError;
use crate::facts::Account;
use crate::node::Node;
use crate::partners::{PartnerState, released_rows};
use crate::reading::Reading;
use crate::records::CollectionRecord;
use crate::searching::title_of;
use crate::session::Session;

/// What was published, as whoever may see it is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRelease {
    /// What is kept of it.
    pub entry: DeskEntry,
    /// The objects of it that are here still, as far as whoever looks may see them.
    pub objects: Vec<ReleasedObject>,
    /// How far they have come, partner by partner; for whoever looks after the node's own releases.
    pub partners: Vec<PartnerStanding>,
    /// The banner of all of it.
    pub banner: Vec<BannerPart>,
}

/// An object that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedObject {
    /// Its id.
    pub id: ObjectId,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// The banner of its label.
    pub banner: Vec<BannerPart>,
}

/// How far a release has come with one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerStanding {
    /// The partner.
    pub name: String,
    /// Its organisation.
    pub organisation: String,
    /// How far.
    pub state: FetchState,
    /// How many objects it may have.
    pub released: usize,
    /// How many of them it has fetched, or was sent.
    pub fetched: usize,
    /// When it got the first of them.
    pub first: Option<Stamp>,
}

/// How far a release has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchState {
    /// The partner may have none of it.
    Withheld,
    /// It may have some, and has none yet.
    Waiting,
    /// It has some of what it may have.
    Partly,
    /// It has all that it may have.
    Fetched,
}

impl Node {
    /// What was published under `id`, and how far it has come.
    ///
    /// # Errors
    /// [`DeskError::Absent`] when nothing was that the account of `session` may see.
    pub fn desk_release(&self, session: &Session, id: &str) -> Result<(DeskRelease, Principal), DeskError> {
        let reading = self.at_the_desk(session)?;
        let organisation = reading.record().organisation.clone();
        let kept = keeping::one(reading.snapshot(), reading.principal(), &organisation, id)?.ok_or(DeskError::Absent)?;
        let Stage::Published { objects, .. } = &kept.stage else { return Err(DeskError::Absent) };
        let facts = reading.facts();
        let collection = facts.directory.collection(&kept.collection).cloned();
        let collection = collection.filter(|found| reading.collection(&found.name).is_some()).ok_or(DeskError::Absent)?;
        let rows = rows(&reading, &collection, &organisation, objects)?;
        let shown = |(id, row): &(ObjectId, Held)| ReleasedObject {
            id: id.clone(),
            title: serde_json::from_slice(&row.body).ok().and_then(|object| title_of(&object)),
            banner: reading.banner_parts(row.label),
        };
        let label = rows.iter().fold(None, |label, (_, row)| reading.joined(label, row.label));
        let release = DeskRelease {
            entry: kept.entry(&facts.gate, reading.account(), &collection.name),
            objects: rows.iter().map(shown).collect(),
            partners: if sees_recipients(facts, reading.account()) { standings(&reading, &collection, &rows)? } else { Vec::new() },
            banner: reading.banner_of(reading.joined(label, kept.label).as_ref()),
        };
        Ok((release, reading.into_principal()))
    }
}

/// The rows of what was published that are here still, as far as the reader may see them.
fn rows(
    reading: &Reading<'_>,
    collection: &CollectionRecord,
    organisation: &str,
    objects: &[(ObjectId, String)],
) -> Result<Vec<(ObjectId, Held)>, StoreError> {
    let mut rows = Vec::new();
    let published: BTreeSet<(&ObjectId, &str)> = objects.iter().map(|(id, version)| (id, version.as_str())).collect();
    let ids: BTreeSet<&ObjectId> = objects.iter().map(|(id, _)| id).collect();
    let key = relto_store::CollectionKey(collection.key);
    for id in ids {
        let there = held(reading.snapshot(), id, Some(key), Bodies::With)?;
        let seen = there.into_iter().filter_map(|row| Some(clear(row, reading.principal())?.get().clone()));
        let own = seen.filter(|row: &Held| row.owner == organisation && published.contains(&(id, row.version.as_str())));
        rows.extend(own.map(|row| (id.clone(), row)));
    }
    Ok(rows)
}

fn standings(reading: &Reading<'_>, collection: &CollectionRecord, rows: &[(ObjectId, Held)]) -> Result<Vec<PartnerStanding>, StoreError> {
    let directory = &reading.facts().directory;
    let mut all = Vec::new();
    for partner in directory.partners().filter(|partner| partner.state != PartnerState::Left) {
        let Some(account) = directory.accounts.get(partner.name()) else { continue };
        let may_have = may_have(reading, account, collection, rows);
        let sent = released_rows(reading.snapshot(), partner.name())?;
        let times: Vec<Stamp> = rows.iter().filter_map(|(_, row)| sent.get(&row.arrival)).copied().collect();
        let fetched = rows.iter().filter(|(_, row)| may_have.contains(&row.arrival) && sent.contains_key(&row.arrival)).count();
        let state = match (may_have.len(), fetched) {
            (0, _) => FetchState::Withheld,
            (_, 0) => FetchState::Waiting,
            (all, some) if some < all => FetchState::Partly,
            _ => FetchState::Fetched,
        };
        all.push(PartnerStanding {
            name: partner.name().to_owned(),
            organisation: account.record.organisation.clone(),
            state,
            released: may_have.len(),
            fetched,
            first: times.into_iter().min(),
        });
    }
    Ok(all)
}

/// Which of `rows` the partner whose account it is may have, once what was agreed lets anything flow.
fn may_have(reading: &Reading<'_>, account: &Account, collection: &CollectionRecord, rows: &[(ObjectId, Held)]) -> BTreeSet<Arrival> {
    let facts = reading.facts();
    let sees = facts.gate.release(&account.record.name, &account.profile);
    if !collection.can_read || !sees.permits(collection.label) || !account.reads(collection) {
        return BTreeSet::new();
    }
    let goes = |(_, row): &&(ObjectId, Held)| {
        sees.permits(row.label) && row.owner != account.record.organisation && !facts.directory.stays(account, &row.owner)
    };
    rows.iter().filter(goes).map(|(_, row)| row.arrival).collect()
}
