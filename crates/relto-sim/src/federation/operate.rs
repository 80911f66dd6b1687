//! What people do at their nodes, and what their stores do to them. An operator whose act failed does it again.

use std::collections::BTreeSet;

use bytes::Bytes;
use relto_model::ObjectId;
use relto_node::{LoadError, LoadRequest, RecallError, RelabelError, RemoveError, Source, StoreError, VersionFilter};
use relto_store::fault::Fault;
use serde_json::Value as Json;

use super::{Armed, Terms, World};

/// How often somebody tries.
const ATTEMPTS: usize = 3;

/// The version that an object counts as.
pub(super) fn version_of(object: &Json) -> String {
    object["modified"].as_str().or_else(|| object["created"].as_str()).unwrap_or(relto_node::TIMELESS_VERSION).to_owned()
}

impl World<'_> {
    /// Does something at `node` until the store does not stand in its way, or patience ends.
    fn attempt<R>(&mut self, node: usize, act: impl Fn(&Self) -> Result<R, Option<StoreError>>) -> Option<R> {
        for _ in 0..ATTEMPTS {
            let done = act(self);
            self.feel_faults(node);
            match done {
                Ok(done) => return Some(done),
                Err(None) => return None,
                Err(Some(_)) => {}
            }
        }
        None
    }

    pub(super) fn load(&mut self, node: usize, collection: &'static str, label: Option<&str>, objects: &[Json]) {
        // What was refused as a whole, since something in it could not be loaded, is not loaded in the twin without that.
        if self.refused.as_ref().is_some_and(|refused| refused.contains(&self.said)) {
            return;
        }
        let is_open = |object: &&Json| {
            let of = (collection.to_owned(), object["id"].as_str().unwrap_or_default().to_owned(), version_of(object));
            self.witness == Some(node) || self.only.as_ref().is_none_or(|only| only.contains(&of))
        };
        let objects: Vec<&Json> = objects.iter().filter(is_open).collect();
        if objects.is_empty() {
            return;
        }
        for object in &objects {
            self.ledger.wrote(node, object);
        }
        let request = LoadRequest { collection: collection.to_owned(), label: label.map(str::to_owned), ..LoadRequest::default() };
        let content = Bytes::from(serde_json::json!({ "objects": objects }).to_string());
        let done = self.attempt(node, |world| {
            let source = Source { name: "world".to_owned(), content: content.clone() };
            world.site(node).node.load(&request, &[source], &|_, _| {}).map_err(|error| match error {
                LoadError::Store(error) => Some(error),
                _ => None,
            })
        });
        if done.is_none() {
            self.ledger.refused.insert(self.said.clone());
        } else {
            for object in objects {
                let id = object["id"].as_str().unwrap_or_default().to_owned();
                self.ledger.acknowledged.insert((node, collection, id, version_of(object)));
            }
        }
    }

    pub(super) fn relabel(&mut self, node: usize, id: &str, label: &str) {
        let id = ObjectId::parse(id).expect("an id");
        self.attempt(node, |world| {
            world.site(node).node.relabel(&id, label, "a world's reason").map_err(|error| match error {
                RelabelError::Store(error) => Some(error),
                _ => None,
            })
        });
    }

    pub(super) fn remove(&mut self, node: usize, collection: &'static str, id: &str) {
        let object = ObjectId::parse(id).expect("an id");
        // What was tried may have been done: it counts as gone from here on.
        self.ledger.acknowledged.retain(|(at, within, known, _)| (*at, *within, known.as_str()) != (node, collection, id));
        self.attempt(node, |world| {
            let (site, token) = (world.site(node), &world.officers[node]);
            let session = site.node.sign_in(None, token).ok_or(None)?;
            let reading = site.node.reading(&session).map_err(|_| None)?;
            let view = reading.collection(collection).ok_or(None)?;
            drop(reading);
            let versions = VersionFilter { last: true, first: true, all: true, specific: Vec::new() };
            site.node.remove(&session, &view, &object, &versions).map_err(|error| match error {
                RemoveError::Store(error) => Some(error),
                _ => None,
            })
        });
    }

    pub(super) fn recall(&mut self, node: usize, id: &str) {
        let object = ObjectId::parse(id).expect("an id");
        let of_node = self.ledger.sent.iter().filter(|((from, _), sent)| *from == node && sent.iter().any(|sent| sent.id == id));
        let receivers: BTreeSet<usize> = of_node.map(|((_, to), _)| *to).collect();
        // What was tried may have been done, once in several attempts.
        self.ledger.acknowledged.retain(|(at, _, known, _)| (*at, known.as_str()) != (node, id));
        let before = self.ledger.recalled.len();
        self.ledger.recalled.push((node, id.to_owned(), receivers));
        let done = self.attempt(node, |world| {
            world.site(node).node.recall(&object, "a world's reason").map_err(|error| match error {
                RecallError::Store(error) => Some(error),
                _ => None,
            })
        });
        if done.is_none()
            && let Some(tried) = self.ledger.recalled.get_mut(before)
        {
            // Whether it was done is not known: nobody has to have heard of it.
            tried.2.clear();
        }
    }

    pub(super) fn leave(&mut self, terms: usize) {
        let Terms { here, there, .. } = self.terms[terms];
        if self.sites[here].is_some() {
            let name = self.name(there).to_owned();
            self.attempt(here, |world| world.site(here).node.remove_partner(&name).map_err(|_| None));
        }
    }

    pub(super) fn suspend(&mut self, terms: usize, suspended: bool) {
        let Terms { here, there, .. } = self.terms[terms];
        if self.sites[here].is_some() {
            let name = self.name(there).to_owned();
            self.attempt(here, |world| world.site(here).node.suspend_partner(&name, suspended, None).map_err(|_| None));
        }
    }

    pub(super) fn change(&mut self, terms: usize, changed: Terms) {
        let here = changed.here;
        self.attempt(here, |world| world.agree(&changed).then_some(()).ok_or(None));
        self.terms[terms] = changed;
    }

    pub(super) fn arm(&mut self, node: usize, nth: u64, fault: Fault, crashes: bool) {
        let at = self.site(node).fail(nth, fault);
        self.armed.insert(node, Armed { at, crashes });
    }

    /// Lets the node end whose store has just failed, if it was to.
    pub(super) fn feel_faults(&mut self, node: usize) {
        let has_come = |armed: &Armed| self.sites[node].as_ref().is_some_and(|site| site.calls() >= armed.at);
        if self.armed.get(&node).is_some_and(has_come)
            && let Some(armed) = self.armed.remove(&node)
            && armed.crashes
        {
            self.crash(node);
        }
    }

    pub(super) fn crash(&mut self, node: usize) {
        self.armed.remove(&node);
        if let Some(site) = &mut self.sites[node] {
            site.crash();
            self.lived.crashes += 1;
        }
        let terms = &self.terms;
        self.pulls.retain(|(of, _), _| terms[*of].here != node);
    }
}
