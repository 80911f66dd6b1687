//! A partner that means harm: it answers in place of a node, with whatever it has learned and whatever it makes up.

use std::collections::BTreeSet;

use bytes::Bytes;
use relto_http::exchange::pull::Answer;
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_model::object::{Object, content_digest};
use relto_node::{Node, Notice};
use relto_policy::dsse::statement::{LabelDigest, Statement, Subject, bind};
use relto_policy::dsse::{Envelope, SigningKey};
use serde_json::{Value as Json, json};

use super::objects::id;
use super::objects_of;
use super::plan::Plan;
use crate::draw::Draw;

/// The extension definition of label statements.
const EXTENSION: &str = "extension-definition--5b0f2f4e-7d1c-4a86-9a53-0e6c1f9d3b27";

/// The payload type of recalls.
const RECALL: &str = "application/vnd.relto.recall+json";

/// The number of the attack that fills quarantines.
const FLOOD: usize = 11;

/// The hostile partner, whether the world has one or not.
pub(super) struct Hostile {
    key: SigningKey,
    pub(super) card: String,
    seed: u64,
    number: usize,
    name: String,
    nodes: usize,
    learns: bool,
    /// Everything that it was given.
    objects: Vec<Bytes>,
    pages: Vec<Bytes>,
    /// Everything that it was told.
    notices: Vec<Notice>,
    /// What it gave to whom.
    pub(super) gave: BTreeSet<(usize, Bytes)>,
    made: usize,
}

impl Hostile {
    /// The one of `plan`; its key and its card are those of a node, since the card that it hands out is in order.
    pub(super) fn new(seed: u64, plan: &Plan, node: &Node) -> Self {
        let number = plan.hostile.unwrap_or(plan.orgs.len() - 1);
        let seeds = node.identity().expect("an identity");
        Self {
            key: SigningKey::from_seed(seeds.first().expect("a key")),
            card: node.card("https://hostile.example/").expect("a store").expect("a card"),
            seed,
            number,
            name: plan.orgs[number].name.clone(),
            nodes: plan.orgs.len(),
            learns: plan.has_faults,
            objects: Vec::new(),
            pages: Vec::new(),
            notices: Vec::new(),
            gave: BTreeSet::new(),
            made: 0,
        }
    }

    pub(super) fn public_key(&self) -> [u8; 32] {
        self.key.public().to_bytes()
    }

    /// Remembers what an honest node answered.
    pub(super) fn learn(&mut self, answer: Answer) {
        // Where the twin lives the same life, what is given must not depend on what was learned.
        if answer.status == 200 && self.learns {
            self.objects.extend(objects_of(&answer.body));
            self.pages.push(answer.body);
        }
    }

    /// What it answers the node `to`.
    pub(super) fn answer(&mut self, to: usize, now: Stamp, draw: &mut Draw) -> Answer {
        let last = if draw.chance(20) { "9999-12-31T23:59:59.000000Z".to_owned() } else { now.to_string() };
        let attack = if self.floods() && draw.chance(50) { FLOOD } else { draw.below(13) };
        let body = match attack {
            0 => page(&[self.own(draw), self.own(draw)], None),
            1 => self.forged(now, draw),
            2 => self.moved(draw),
            3 => self.swapped(draw),
            4 => {
                if self.pages.is_empty() {
                    json!({}).to_string().into()
                } else {
                    self.pages[draw.below(self.pages.len())].clone()
                }
            }
            5 => page(&[self.others(draw), self.others(draw), self.own(draw)], None),
            6 => {
                self.made += 1;
                page(&[self.own(draw)], Some(&format!("next {}", self.made)))
            }
            7 => page(&[], Some("the same")),
            8 => garbage(draw),
            9 => page(&[nested(50_000), self.own(draw), nested(60)], None),
            10 => {
                return Answer {
                    status: draw.one(&[204, 304, 404, 429, 500]),
                    added_last: Some(last),
                    body: Bytes::new(),
                    asked: Stamp::default(),
                };
            }
            FLOOD => self.flood(draw),
            _ => page(&self.objects.iter().rev().take(40).cloned().collect::<Vec<_>>(), None),
        };
        self.gave.extend(objects_of(&body).into_iter().map(|object| (to, object)));
        let last = if draw.chance(10) { "no date".to_owned() } else { last };
        Answer { status: 200, added_last: Some(last), body, asked: Stamp::default() }
    }

    /// Remembers what it was told.
    pub(super) fn learn_notices(&mut self, notices: &[Notice]) {
        if self.learns {
            self.notices.extend(notices.iter().cloned());
        }
    }

    /// What it tells others: recalls that it may give and that it may not, and what it was told itself.
    pub(super) fn notices(&mut self, to: [u8; 32], now: Stamp, draw: &mut Draw) -> Vec<Notice> {
        let to: String = to.iter().map(|byte| format!("{byte:02x}")).collect();
        let to = draw.chance(70).then_some(to);
        let id_of_notice = format!("{:020}", draw.below(50));
        let of_name = |name: &str, id: Option<String>, is_final: bool| {
            let recall = json!({"object": id, "originator": name, "reason": "harm", "at": now, "is_final": is_final, "to": to});
            let envelope = Envelope::sign(RECALL, recall.to_string().into_bytes(), &[&self.key]).ok()?;
            let recall = serde_json::from_str(&envelope.to_json()).ok();
            Some(Notice { id: id_of_notice, recall, labels: Vec::new(), request: None, answer: None })
        };
        let victim = format!("Org {}", draw.below(self.nodes));
        let id = id("identity", draw.below(self.nodes), draw.below(3));
        let made = match draw.below(5) {
            0 => of_name(&victim, Some(id), true),
            1 => of_name(&victim, None, true),
            2 => of_name(&self.name, Some(id), draw.chance(50)),
            3 => of_name(&self.name, None, true),
            _ => None,
        };
        let learned = (!self.notices.is_empty()).then(|| self.notices[draw.below(self.notices.len())].clone());
        made.into_iter().chain(learned).collect()
    }

    /// An object that is its own to write.
    fn own(&self, draw: &mut Draw) -> Bytes {
        object(&id("identity", self.number, draw.below(3)), "the hostile one's own", draw)
    }

    /// An object under an id that somebody else writes, now or later.
    fn others(&self, draw: &mut Draw) -> Bytes {
        object(&id(draw.one(&["identity", "indicator"]), draw.below(self.nodes), draw.below(3)), "not what its owner wrote", draw)
    }

    /// Objects with statements that it signed itself, in the name of others or its own.
    fn forged(&self, now: Stamp, draw: &mut Draw) -> Bytes {
        let of = draw.below(self.nodes);
        let object = match self.objects.get(draw.below(self.objects.len() + 1)) {
            Some(learned) => learned.clone(),
            None => object(&id("identity", of, draw.below(3)), "forged", draw),
        };
        let originator = if draw.chance(30) { self.name.clone() } else { format!("Org {of}") };
        let statement = self.statement(&object, &originator, now);
        let objects: Vec<Bytes> = statement.into_iter().chain([object]).collect();
        page(&objects, None)
    }

    fn statement(&self, object: &Bytes, originator: &str, now: Stamp) -> Option<Bytes> {
        let object = Object::parse(object.clone(), &Kinds::builtin()).ok()?;
        let marking = json!({"type": "marking-definition", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
            "id": "marking-definition--cccccccc-0000-4000-8000-000000000001", "extensions": {relto_policy::marking::LABEL_EXTENSION:
            {"extension_type": "property-extension", "policies": [{"policy": "TLP", "classification": "CLEAR"}]}}});
        let digest = content_digest(marking.to_string().as_bytes());
        let (subject, label, originator) = (Subject::object(&object), LabelDigest::Marking(digest), originator.to_owned());
        let said = Statement { subject, label, originator: originator.clone(), issued: now, place: None };
        let envelope = bind(&said, &self.key).ok()?;
        let envelope: Json = serde_json::from_str(&envelope.to_json()).ok()?;
        let said = json!({"type": "label-statement", "spec_version": "2.1", "id": "label-statement--cccccccc-0000-5000-8000-000000000001",
            "created": now.to_string(), "modified": now.to_string(), "object_ref": object.id().as_str(), "originator": originator,
            "marking": marking, "envelope": envelope, "extensions": {EXTENSION: {"extension_type": "new-sdo"}}});
        Some(said.to_string().into())
    }

    /// A true statement, on another object than it is about.
    fn moved(&self, draw: &mut Draw) -> Bytes {
        let (statements, mut objects) = self.told_apart();
        let of = objects.get(draw.below(objects.len().max(1))).and_then(|object| Some(object["id"].as_str()?.to_owned()));
        let statement = statements.get(draw.below(statements.len().max(1))).cloned();
        if let (Some(of), Some(mut statement)) = (of, statement) {
            statement["object_ref"] = json!(of);
            objects.push(statement);
        }
        of_values(&objects)
    }

    /// True statements, each with the marking of another.
    fn swapped(&self, draw: &mut Draw) -> Bytes {
        let (mut statements, objects) = self.told_apart();
        let markings: Vec<Json> = statements.iter().map(|statement| statement["marking"].clone()).collect();
        for statement in &mut statements {
            statement["marking"] = markings[draw.below(markings.len())].clone();
        }
        of_values(&objects.into_iter().chain(statements).collect::<Vec<_>>())
    }

    /// The last of what it was given: statements, and everything else.
    fn told_apart(&self) -> (Vec<Json>, Vec<Json>) {
        let read = self.objects.iter().rev().take(20).filter_map(|body| serde_json::from_slice(body).ok());
        read.partition(|object: &Json| object["type"] == "label-statement")
    }

    /// Whether it tries to fill the quarantine of others; that takes long, so that few do.
    fn floods(&self) -> bool {
        self.seed.is_multiple_of(25)
    }

    /// More that nobody can take in than anybody wants to keep.
    fn flood(&mut self, draw: &mut Draw) -> Bytes {
        let many = if self.floods() { 6_000 } else { 20 };
        self.made += many;
        let broken = |number: usize| Bytes::from(format!("{{\"id\":\"flood {}\"}}", self.made + number));
        let objects: Vec<Bytes> = (0..many).map(broken).collect();
        let next = draw.chance(50).then(|| format!("next {}", self.made));
        page(&objects, next.as_deref())
    }
}

fn object(id: &str, name: &str, draw: &mut Draw) -> Bytes {
    let kind = id.split("--").next().unwrap_or_default();
    let mut object = json!({"type": kind, "spec_version": "2.1", "id": id, "name": name, "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("2026-01-0{}T00:00:00.000Z", 1 + draw.below(4))});
    if kind == "indicator" {
        object["pattern_type"] = json!("stix");
        object["pattern"] = json!("[ipv4-addr:value = '198.51.100.1']");
        object["valid_from"] = json!("2026-01-01T00:00:00Z");
    }
    if draw.chance(50) {
        object["object_marking_refs"] = json!(["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]);
    }
    object.to_string().into()
}

fn nested(depth: usize) -> Bytes {
    format!("{{\"type\":\"identity\",\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).into()
}

fn garbage(draw: &mut Draw) -> Bytes {
    match draw.below(5) {
        0 => Bytes::from_static(b"{\"objects\":[{\"type\":\"identity\""),
        1 => Bytes::from_static(b"\xff\xfe\x00"),
        2 => format!("{{\"objects\":[{}{}]}}", "[".repeat(100_000), "]".repeat(100_000)).into(),
        3 => format!("{{\"more\":true,\"next\":\"{}\"}}", "n".repeat(10_000)).into(),
        _ => Bytes::from_static(b"{\"objects\":[1,null,[]],\"more\":\"yes\"}"),
    }
}

fn of_values(objects: &[Json]) -> Bytes {
    page(&objects.iter().map(|object| Bytes::from(object.to_string())).collect::<Vec<_>>(), None)
}

fn page(objects: &[Bytes], next: Option<&str>) -> Bytes {
    let objects: Vec<&str> = objects.iter().filter_map(|object| std::str::from_utf8(object).ok()).collect();
    let next = next.map(|next| format!("\"more\":true,\"next\":{},", json!(next))).unwrap_or_default();
    format!("{{{next}\"objects\":[{}]}}", objects.join(",")).into()
}
