//! The documents among which copies are looked for: one is added or removed at a time, and asked for its copies.
//!
//! What it answers is a function of the documents that are in. A document that was added and removed leaves no trace, so a reader's
//! index, which takes in what that reader may see and nothing else, says nothing of any other document.

use super::document::{Document, Key};
use super::judge::{Match, judge};
use super::sketch::{SHARERS_MAX, Sketches, Slot};
use rustc_hash::FxHashMap as HashMap;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Documents with their sketches.
#[derive(Clone, Debug, Default)]
pub struct Index {
    documents: BTreeMap<Slot, Document>,
    slots: BTreeMap<Key, Slot>,
    next: Slot,
    plain: Sketches,
    levelled: Sketches,
    exact: HashMap<[u8; 32], BTreeSet<Key>>,
}

/// Two documents that are copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The one that appeared first.
    pub first: Key,
    /// The other.
    pub second: Key,
    /// What they have in common.
    #[serde(rename = "match")]
    pub found: Match,
}

impl Index {
    /// Takes in `document` and gives its copies among the others, in their order of appearance. One that is in already stays as it is.
    ///
    /// Costs what the document and its candidates cost, whatever else is in.
    pub fn add(&mut self, document: Document) -> Vec<Pair> {
        let key = document.key().clone();
        if !self.slots.contains_key(&key) {
            let slot = self.next;
            self.next += 1;
            self.plain.add(slot, document.print());
            self.levelled.add(slot, document.level_print());
            if let Some(digest) = document.print().digest() {
                self.exact.entry(*digest).or_default().insert(key.clone());
            }
            self.slots.insert(key.clone(), slot);
            self.documents.insert(slot, document);
        }
        self.copies_of(&key)
    }

    /// Takes the document out, as if it had never been in; says whether it was.
    pub fn remove(&mut self, key: &Key) -> bool {
        let Some(document) = self.slots.remove(key).and_then(|slot| Some((slot, self.documents.remove(&slot)?))) else { return false };
        let (slot, document) = document;
        self.plain.remove(slot, document.print());
        self.levelled.remove(slot, document.level_print());
        if let Some(digest) = document.print().digest() {
            let keys = self.exact.entry(*digest).or_default();
            keys.remove(key);
            if keys.is_empty() {
                self.exact.remove(digest);
            }
        }
        true
    }

    /// The document of `key`.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Document> {
        self.slots.get(key).and_then(|slot| self.documents.get(slot))
    }

    /// Every document's key, in the order of appearance.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.slots.keys()
    }

    /// The copies of the document of `key`, in their order of appearance; none where there is no such document.
    #[must_use]
    pub fn copies_of(&self, key: &Key) -> Vec<Pair> {
        let Some(document) = self.get(key) else { return Vec::new() };
        self.candidates(document).into_iter().filter_map(|other| self.pair(document, other)).collect()
    }

    /// Every two documents that are copies and were looked at, in the order of appearance of the first, then of the second.
    ///
    /// Of a text with more copies than are looked at (64 for each piece of it) not every two are among them, but all are
    /// connected.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair> {
        let mut seen = BTreeSet::new();
        for (slot, document) in &self.documents {
            for other in self.candidates(document) {
                let other = self.slots.get(other.key()).copied().unwrap_or(*slot);
                seen.insert((*slot.min(&other), *slot.max(&other)));
            }
        }
        let found = seen.into_iter().filter_map(|(one, other)| self.pair(self.documents.get(&one)?, self.documents.get(&other)?));
        let mut pairs: Vec<Pair> = found.collect();
        pairs.sort_by(|one, other| (&one.first, &one.second).cmp(&(&other.first, &other.second)));
        pairs
    }

    fn pair(&self, one: &Document, other: &Document) -> Option<Pair> {
        let (first, second) = if one.key() <= other.key() { (one, other) } else { (other, one) };
        let found = judge(first, second, &self.plain, &self.levelled)?;
        Some(Pair { first: first.key().clone(), second: second.key().clone(), found })
    }

    /// The documents that may be copies of `document`, in their order of appearance.
    fn candidates(&self, document: &Document) -> Vec<&Document> {
        let nearest = |slots: &[Slot]| self.nearest(slots);
        let plain = self.plain.candidates(document.print(), nearest, |slot| self.documents.get(&slot).map(Document::print));
        let level = self.levelled.candidates(document.level_print(), nearest, |slot| self.documents.get(&slot).map(Document::level_print));
        let exact = document.print().digest().and_then(|digest| self.exact.get(digest)).into_iter().flatten().take(SHARERS_MAX);
        let exact = exact.filter_map(|key| self.slots.get(key).copied());
        let slots: BTreeSet<Slot> = plain.into_iter().chain(level).chain(exact).collect();
        let mut documents: Vec<&Document> = slots.iter().filter_map(|slot| self.documents.get(slot)).collect();
        documents.retain(|other| other.key() != document.key());
        documents.sort_by_key(|other| other.key());
        documents
    }

    /// Those of the least keys, where there are many: which they are must not depend on the order in which documents came.
    fn nearest(&self, slots: &[Slot]) -> Vec<Slot> {
        if slots.len() <= SHARERS_MAX {
            return slots.to_vec();
        }
        let mut keyed: Vec<(&Key, Slot)> =
            slots.iter().filter_map(|slot| self.documents.get(slot).map(|document| (document.key(), *slot))).collect();
        keyed.sort_unstable();
        keyed.truncate(SHARERS_MAX);
        keyed.into_iter().map(|(_, slot)| slot).collect()
    }
}
