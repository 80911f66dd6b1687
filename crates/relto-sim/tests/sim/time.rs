//! What time alone changes: a label that becomes another at its date opens and closes then, and what opens is dated to that moment.

use std::sync::Arc;

use bytes::Bytes;
use relto_model::Stamp;
use relto_node::{LoadRequest, NewCollection, Source, UserChange};
use relto_sim::node::WorldNode;
use relto_store::Backend;
use relto_store::fault::{Fault, Faulty};
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};

const BEGIN: &str = "2026-06-01T00:00:00Z";

/// The object of a [`Scene`].
pub(crate) const OBJECT: &str = "identity--bbbbbbbb-0000-4000-8000-000000000000";

/// A node with an object and somebody who reads.
pub(crate) struct Scene {
    pub node: WorldNode,
    token: String,
    pub begin: Stamp,
}

impl Scene {
    /// A node that holds an object under `label`, and somebody without clearances.
    pub(crate) fn new(label: &str) -> Self {
        Self::on(Arc::new(Memory::default()), label)
    }

    fn on(store: Arc<dyn Backend>, label: &str) -> Self {
        let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
        let begin = Stamp::parse(BEGIN).unwrap();
        let node = WorldNode::new(store, "Node Org", begin, runtime);
        node.begin(Stamp(begin.0 + 1_000_000), 1);
        let collection =
            NewCollection { name: "intel".to_owned(), title: None, label: None, can_read: true, can_write: true, recipients: Vec::new() };
        node.node.add_collection(&collection).unwrap();
        let change =
            UserChange { nations: Some(vec!["FRA".to_owned()]), organisation: Some("Other Org".to_owned()), ..UserChange::default() };
        let token = node.node.add_user("witness", &change).unwrap();
        let scene = Self { node, token, begin };
        scene.load(label, "2026-01-01T00:00:00.000Z");
        scene
    }

    /// Turns the clock to so many seconds after the begin.
    pub(crate) fn at(&self, seconds: i64) -> &Self {
        self.node.begin(Stamp(self.begin.0 + seconds * 1_000_000), 3);
        self
    }

    /// Loads a version of the object under `label`.
    pub(crate) fn load(&self, label: &str, modified: &str) {
        let object = json!({"type": "identity", "spec_version": "2.1", "id": OBJECT, "name": "n", "created": "2026-01-01T00:00:00.000Z",
            "modified": modified});
        let request = LoadRequest { collection: "intel".to_owned(), label: Some(label.to_owned()), ..LoadRequest::default() };
        let source = Source { name: "scene".to_owned(), content: Bytes::from(object.to_string()) };
        self.node.node.load(&request, &[source], &|_, _| {}).unwrap();
    }

    /// The dates at which objects were added, as somebody without clearances sees them so many seconds after the begin.
    pub(crate) fn added(&self, seconds: i64, query: &str) -> Vec<String> {
        let answer = self.at(seconds).node.send("GET", &format!("/taxii2/main/collections/intel/manifest/?{query}"), &self.token, None);
        let manifest: Json = serde_json::from_slice(&answer.body).unwrap();
        let objects = manifest["objects"].as_array().cloned().unwrap_or_default();
        objects.iter().map(|object| object["date_added"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn what_opens_by_date_is_new_at_that_date() {
    let scene = Scene::new("NATO SECRET, from 2026-06-01T00:00:20Z NATO UNCLASSIFIED");
    assert_eq!(scene.added(19, ""), Vec::<String>::new());
    // Nobody asks until long after: the date is that of the change, not of the first question after it.
    assert_eq!(scene.added(45, "added_after=2026-06-01T00:00:19Z"), ["2026-06-01T00:00:20.000000Z"]);
    assert_eq!(scene.added(46, "added_after=2026-06-01T00:00:20Z"), Vec::<String>::new());
}

#[test]
fn what_closes_by_date_is_gone_at_that_date() {
    let scene = Scene::new("NATO UNCLASSIFIED, from 2026-06-01T00:00:20Z NATO SECRET");
    assert_eq!(scene.added(19, "").len(), 1);
    assert_eq!(scene.added(20, ""), Vec::<String>::new());
}

/// A label that was another before it was given is not something that was gained.
#[test]
fn a_date_that_has_passed_is_no_gain() {
    let scene = Scene::new("NATO SECRET, from 2020-01-01 NATO UNCLASSIFIED");
    assert!(scene.added(5, "").first().is_some_and(|added| added.starts_with("2026-06-01T00:00:01")));
}

/// The change takes effect by a commit of its own. Whichever call of the store fails meanwhile, and were it done all the same: the next question is
/// answered.
#[test]
fn a_store_that_fails_at_the_date_is_got_over() {
    for fault in [Fault::Undone, Fault::Done] {
        for nth in 1.. {
            let store = Arc::new(Faulty::new(Arc::new(Memory::default())));
            let scene = Scene::on(store.clone(), "NATO SECRET, from 2026-06-01T00:00:20Z NATO UNCLASSIFIED");
            scene.node.turn(Stamp(scene.begin.0 + 25_000_000), 3);
            store.fail(nth, fault);
            let _ = scene.node.send("GET", "/taxii2/main/collections/intel/objects/", &scene.token, None);
            let was_to_come = store.heal();
            assert_eq!(scene.added(26, "").len(), 1, "after call {nth} failed: {fault:?}");
            if was_to_come {
                assert!(nth > 5, "{nth} calls are few");
                break;
            }
        }
    }
}
