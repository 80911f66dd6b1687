//! The witness brings things to the release desk of both nodes, looks at what would come of them, and publishes them or has them wait.

use form_urlencoded::Serializer;
use serde_json::{Value as Json, json};

use super::Pair;
use super::pages::between;
use crate::world::COLLECTIONS;

/// The labels that a draft is looked at under: open ones, closed ones, what cannot be read, and a marking that may be hidden.
const LABELS: [&str; 6] =
    ["", "TLP:CLEAR", "TLP:RED", "NATO SECRET REL TO JPN", "NO SUCH LABEL", "marking-definition--aaaaaaaa-0000-4000-8000-000000000001"];
/// What is published is new to both nodes, whatever is hidden.
const FRESH: &str = "indicator--cccccccc-0000-4000-8000-000000000000";

impl Pair {
    /// Everything that the desk does, in each collection; for an account without a desk, that it has none.
    pub(super) fn use_the_desk(&mut self, cookie: &str, csrf: &str) {
        let _ = self.visit("GET", "/release/", Some(cookie), None);
        for collection in COLLECTIONS {
            for (label, content) in LABELS.into_iter().flat_map(|label| [(label, drawn()), (label, fresh())]) {
                self.bring(cookie, csrf, collection, label, &content);
            }
        }
        let _ = self.visit("GET", "/release/", Some(cookie), None);
        for nobodys in ["drafts/AAAA", "proposals/00000000-0000-4000-8000-00000000dead", "releases/00000000-0000-4000-8000-00000000dead"] {
            let _ = self.visit("GET", &format!("/release/{nobodys}/"), Some(cookie), None);
        }
    }

    /// One draft: looked at, labelled anew, then published, proposed or discarded.
    fn bring(&mut self, cookie: &str, csrf: &str, collection: &str, label: &str, content: &Json) {
        let text = content.to_string();
        let form = encoded(&[("csrf", csrf), ("collection", collection), ("label", label), ("text", &text)]);
        let answer = self.visit("POST", "/release/", Some(cookie), Some(&form));
        let Some(draft) = answer.headers.get("location").and_then(|path| path.to_str().ok()).map(str::to_owned) else { return };
        let page = self.visit("GET", &draft, Some(cookie), None).text();
        let object = encoded(&[("csrf", csrf), ("act", "label"), ("object", FRESH), ("label", "NATO UNCLASSIFIED")]);
        let _ = self.visit("POST", &draft, Some(cookie), Some(&object));
        // What was looked at before counts no more.
        let acts = if page.contains("value=\"publish\"") { ["publish", "discard"] } else { ["propose", "discard"] };
        for digest in [digest(&page), digest(&self.visit("GET", &draft, Some(cookie), None).text())] {
            let form = encoded(&[("csrf", csrf), ("act", acts[0]), ("digest", &digest)]);
            let answer = self.visit("POST", &draft, Some(cookie), Some(&form));
            if let Some(path) = answer.headers.get("location").and_then(|path| path.to_str().ok()).map(str::to_owned) {
                self.look_again(cookie, csrf, &path);
                return;
            }
        }
        let _ = self.visit("POST", &draft, Some(cookie), Some(&encoded(&[("csrf", csrf), ("act", acts[1])])));
    }

    /// What was published or waits; what waits is approved, which its proposer cannot, and taken back.
    fn look_again(&mut self, cookie: &str, csrf: &str, path: &str) {
        let page = self.visit("GET", path, Some(cookie), None).text();
        if path.starts_with("/release/proposals/") {
            for act in ["approve", "decline"] {
                let form = encoded(&[("csrf", csrf), ("act", act), ("digest", &digest(&page))]);
                let answer = self.visit("POST", path, Some(cookie), Some(&form));
                assert_eq!(answer.status.is_redirection(), act == "decline", "{}: nobody approves his own", self.said);
            }
            let _ = self.visit("GET", path, Some(cookie), None);
        }
    }
}

/// Objects of the world, some of which are there and some of which are hidden, and what refers to them.
fn drawn() -> Json {
    let id = |kind: &str, number: u32| format!("{kind}--bbbbbbbb-0000-4000-8000-00000000000{number}");
    let relationship = json!({"type": "relationship", "spec_version": "2.1", "id": "relationship--cccccccc-0000-4000-8000-000000000001",
        "created": "2026-05-01T00:00:00.000Z", "modified": "2026-05-01T00:00:00.000Z", "relationship_type": "indicates",
        "source_ref": id("indicator", 0), "target_ref": id("identity", 1)});
    let note = json!({"type": "note", "spec_version": "2.1", "id": "note--cccccccc-0000-4000-8000-000000000002",
        "created": "2026-05-01T00:00:00.000Z", "modified": "2026-05-01T00:00:00.000Z", "content": "(S//NF) a text",
        "object_refs": [id("indicator", 1), id("ipv4-addr", 0), id("report", 0)],
        "object_marking_refs": ["marking-definition--aaaaaaaa-0000-4000-8000-000000000002"]});
    let mut again = indicator(&id("indicator", 2));
    again["name"] = json!("a name of its own");
    json!([relationship, note, again, {"type": "indicator", "id": "indicator--1"}])
}

/// Something that nobody has, made by somebody who may be hidden.
fn fresh() -> Json {
    let mut fresh = indicator(FRESH);
    fresh["created_by_ref"] = json!("identity--bbbbbbbb-0000-4000-8000-000000000000");
    json!([fresh])
}

fn indicator(id: &str) -> Json {
    json!({"type": "indicator", "spec_version": "2.1", "id": id, "created": "2026-05-01T00:00:00.000Z",
        "modified": "2026-05-01T00:00:00.000Z", "pattern_type": "stix", "pattern": "[ipv4-addr:value = '192.0.2.7']",
        "valid_from": "2026-05-01T00:00:00Z"})
}

fn encoded(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// What stands for all that the page shows.
fn digest(page: &str) -> String {
    between(page, "name=\"digest\" value=\"", "\"").unwrap_or_default().to_owned()
}
