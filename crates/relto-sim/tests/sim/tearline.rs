//! A tearline beside its original: whoever may not see the original gets what a node gives that never held it, to the byte.

use std::sync::Arc;

use relto_model::{ObjectId, Stamp};
use relto_node::{Accepted, LoadRequest, NewCollection, Published, Review, Source, TearlineError, TearlineRequest, UserChange};
use relto_policy::marking::LABEL_EXTENSION;
use relto_sim::node::WorldNode;
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};

const REPORT: &str = "report--bbbbbbbb-0000-4000-8000-000000000001";
const SECRET: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
const MALWARE: [&str; 2] = ["malware--bbbbbbbb-0000-4000-8000-000000000001", "malware--bbbbbbbb-0000-4000-8000-000000000002"];

/// Two nodes under one clock, with one reader who is cleared for RESTRICTED and one for SECRET.
struct Pair {
    nodes: [WorldNode; 2],
    tokens: [String; 2],
    now: Stamp,
}

impl Pair {
    fn new() -> Self {
        let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
        let now = Stamp::parse("2026-06-01").unwrap();
        let nodes = [0, 1].map(|_| WorldNode::new(Arc::new(Memory::default()), "Node Org", now, runtime.clone()));
        let mut pair = Self { nodes, tokens: Default::default(), now };
        pair.turn();
        for node in &pair.nodes {
            let collection = NewCollection {
                name: "intel".to_owned(),
                title: None,
                label: None,
                can_read: true,
                can_write: true,
                recipients: Vec::new(),
            };
            node.node.add_collection(&collection).unwrap();
        }
        for (at, (name, clearance)) in [("rene", "NATO:RESTRICTED"), ("sam", "NATO:SECRET")].into_iter().enumerate() {
            pair.turn();
            let change = UserChange {
                nations: Some(vec!["FRA".to_owned()]),
                organisation: Some("Org A".to_owned()),
                clearances: Some(vec![clearance.to_owned()]),
                ..UserChange::default()
            };
            let tokens = [0, 1].map(|number: usize| pair.nodes[number].node.add_user(name, &change).unwrap());
            assert_eq!(tokens[0], tokens[1]);
            pair.tokens[at] = tokens[0].clone();
        }
        pair
    }

    /// A second passes.
    fn turn(&mut self) {
        self.now = Stamp(self.now.0 + 1_000_000);
        self.nodes.iter().for_each(|node| node.begin(self.now, self.now.0.unsigned_abs()));
    }

    fn load(&self, number: usize, label: Option<&str>, objects: &[Json]) {
        let request = LoadRequest { collection: "intel".to_owned(), label: label.map(str::to_owned), ..LoadRequest::default() };
        let source = Source { name: "file".to_owned(), content: json!(objects).to_string().into() };
        self.nodes[number].node.load(&request, &[source], &|_, _| {}).unwrap();
    }

    fn publish(&self, label: &str, accepted: Accepted) -> Result<Published, TearlineError> {
        let (request, id) = (request(label), ObjectId::parse(REPORT).unwrap());
        let review = Review { reviewed_by: "somebody".to_owned(), reason: "a reason".to_owned(), content: None, accepted };
        self.nodes[0].node.publish_tearline(&id, &request, &review)
    }

    /// What the reader of `token` gets from node `number` at each address, in one text.
    fn answers(&self, number: usize, token: usize, ids: &[&str]) -> Vec<String> {
        let base = "/taxii2/main/collections/intel/";
        let mut paths = vec![format!("{base}objects/"), format!("{base}manifest/"), format!("{base}objects/?match[version]=all")];
        paths.extend(ids.iter().flat_map(|id| [format!("{base}objects/{id}/"), format!("{base}objects/{id}/versions/")]));
        let ask = |path: &String| {
            let answer = self.nodes[number].send("GET", path, &self.tokens[token], None);
            format!("{path} {} {:?} {}", answer.status, answer.headers, String::from_utf8_lossy(&answer.body))
        };
        paths.iter().map(ask).collect()
    }
}

fn request(label: &str) -> TearlineRequest {
    TearlineRequest { label: label.to_owned(), ..TearlineRequest::default() }
}

/// A definition of NATO SECRET, two malwares, and a report with a secret description on both, one of them secret.
fn originals() -> [Vec<Json>; 2] {
    let times = |mut object: Json| {
        object["spec_version"] = json!("2.1");
        object["created"] = json!("2026-01-01T00:00:00.000Z");
        if object["type"] != "marking-definition" {
            object["modified"] = json!("2026-01-01T00:00:00.000Z");
        }
        object
    };
    let definition = json!({"type": "marking-definition", "id": SECRET, "extensions": {LABEL_EXTENSION: {"extension_type": "property-extension",
        "policies": [{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]}}});
    let malware =
        |number: usize| json!({"type": "malware", "id": MALWARE[number], "name": format!("malware {number}"), "is_family": false});
    let report = json!({"type": "report", "id": REPORT, "name": "a report", "published": "2026-01-01T00:00:00Z", "description": "the hidden source",
        "labels": ["closed", "open"], "object_refs": [MALWARE[1], MALWARE[0]],
        "granular_markings": [{"marking_ref": SECRET, "selectors": ["description", "labels.[0]"]}, {"lang": "en", "selectors": ["labels.[1]"]}]});
    [vec![times(malware(0))], vec![times(definition), times(malware(1)), times(report)]]
}

/// The two nodes: one with the original and its tearline, the other with the reduced object only.
fn published() -> (Pair, String) {
    let mut pair = Pair::new();
    let [open, mut closed] = originals();
    pair.turn();
    [0, 1].into_iter().for_each(|number| pair.load(number, Some("NATO RESTRICTED"), &open));
    pair.turn();
    let report = closed.split_off(2);
    pair.load(0, Some("NATO SECRET"), &closed);
    pair.turn();
    pair.load(0, None, &report);
    pair.turn();
    let proposal = pair.nodes[0].node.propose_tearline(&ObjectId::parse(REPORT).unwrap(), &request("NATO RESTRICTED")).unwrap();
    assert_eq!((proposal.refused, proposal.findings.len(), proposal.exists), (None, 0, None));
    let removed: Vec<&str> = proposal.removed.iter().map(|part| part.pointer.as_str()).collect();
    assert_eq!(removed, ["/description", "/labels/0", "/object_refs/0"]);
    pair.nodes[0].begin(pair.now, 7);
    let tearline = pair.publish("NATO RESTRICTED", Accepted::Numbers(Default::default())).unwrap();
    assert_eq!(tearline.recipients, ["rene", "sam"]);
    let exported =
        pair.nodes[0].send("GET", &format!("/taxii2/main/collections/intel/objects/{}/", tearline.tearline), &pair.tokens[0], None);
    let reduced: Json = serde_json::from_slice(&exported.body).unwrap();
    assert_eq!(reduced["objects"][0]["labels"], json!(["open"]));
    assert_eq!(reduced["objects"][0]["granular_markings"], json!([{"lang": "en", "selectors": ["labels.[0]"]}]));
    pair.nodes[1].begin(pair.now, 8);
    pair.load(1, Some("NATO RESTRICTED"), &[reduced["objects"][0].clone()]);
    (pair, tearline.tearline)
}

#[test]
fn nothing_tells_of_the_original() {
    let (mut pair, tearline) = published();
    pair.turn();
    let ids = [tearline.as_str(), REPORT, MALWARE[0], MALWARE[1], SECRET];
    let [with, without] = [0, 1].map(|number| pair.answers(number, 0, &ids));
    assert_eq!(with, without);
    let all = with.iter().filter(|answer| !answer.contains(&format!("/objects/{REPORT}/"))).cloned().collect::<String>();
    for hidden in [REPORT, "hidden source", "closed"] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    assert!(with[0].contains(&tearline) && with[0].contains("a report"), "{}", with[0]);
    assert!(pair.answers(0, 1, &[])[0].contains("hidden source"), "whoever may see the original still does");
}

#[test]
fn one_for_each_version_and_label() {
    let (mut pair, tearline) = published();
    pair.turn();
    let id = ObjectId::parse(REPORT).unwrap();
    let again = pair.publish("NATO RESTRICTED", Accepted::All);
    assert!(matches!(again, Err(TearlineError::Exists(ref known)) if *known == tearline), "{again:?}");
    let proposal = pair.nodes[0].node.propose_tearline(&id, &request("NATO RESTRICTED")).unwrap();
    assert_eq!(proposal.exists.as_ref(), Some(&tearline));
    let report = |modified: &str, description: &str| {
        let mut report = originals()[1][2].clone();
        (report["modified"], report["name"]) = (json!(modified), json!(description));
        report
    };
    pair.load(0, None, &[report("2026-02-01T00:00:00.000Z", "told by the hidden source")]);
    pair.turn();
    // What was taken out still stands in the name.
    let open = pair.publish("NATO RESTRICTED", Accepted::Numbers(Default::default()));
    assert!(matches!(open, Err(TearlineError::Findings(ref numbers)) if numbers == &[1]), "{open:?}");
    let next = pair.publish("NATO RESTRICTED", Accepted::Numbers([1].into())).unwrap();
    assert_eq!(next.tearline, tearline, "a later version of it");
    pair.turn();
    let answer = &pair.answers(0, 0, &[&tearline])[4];
    let versions = answer.split("\"versions\":").nth(1).unwrap_or_default().matches("2026-06-01T").count();
    assert_eq!(versions, 2);
}

#[test]
fn refusals_change_nothing() {
    let (mut pair, _) = published();
    let id = ObjectId::parse(REPORT).unwrap();
    let why = |pair: &Pair, label: &str| {
        let before = pair.nodes[0].node.journal(100).unwrap().len();
        let published = pair.publish(label, Accepted::All);
        assert_eq!(pair.nodes[0].node.journal(100).unwrap().len(), before);
        let proposed = pair.nodes[0].node.propose_tearline(&id, &request(label)).unwrap();
        assert!(proposed.object.is_none() && proposed.content.is_none());
        match published {
            Err(TearlineError::Refused(why)) => assert_eq!(Some(&why), proposed.refused.as_ref()),
            other => panic!("{other:?}"),
        }
        proposed.refused.unwrap()
    };
    pair.turn();
    assert!(why(&pair, "NATO SECRET").contains("may read the object itself"));
    assert!(why(&pair, "TLP:GREEN").contains("`/object_refs/0` cannot be left out"));
    pair.nodes[0].node.relabel(&id, "NATO SECRET", "all of it").unwrap();
    pair.turn();
    assert!(why(&pair, "NATO RESTRICTED").contains("it was given the label `NATO SECRET`"));
    let mut other = originals()[1][2].clone();
    other["id"] = json!("report--bbbbbbbb-0000-4000-8000-000000000002");
    pair.load(0, Some("NATO SECRET"), &[other]);
    pair.turn();
    let other = ObjectId::parse("report--bbbbbbbb-0000-4000-8000-000000000002").unwrap();
    let proposed = pair.nodes[0].node.propose_tearline(&other, &request("NATO RESTRICTED")).unwrap();
    assert!(proposed.refused.unwrap().contains("the whole object is marked above"));
}
