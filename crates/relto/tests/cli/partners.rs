//! Partners as their operators meet them: cards, phrases, what flows between real processes, and what an end of it leaves behind.

mod consents;
mod terms;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::support::{Node, Server, bundle, indicator, indicator_id};

/// How long anything may take between processes that are all up; a second is the aim, and CI is slow.
const WITHIN: Duration = Duration::from_secs(60);

/// A node of a nation, with a user who may read what its organisation may.
pub(crate) struct Nation {
    pub(crate) node: Node,
    server: Option<Server>,
    name: &'static str,
    nation: &'static str,
}

impl Nation {
    pub(crate) fn new(name: &'static str, nation: &'static str) -> Self {
        let node = Node::none();
        node.ok(&format!("relto init $D --org '{name}' --nation {nation}"));
        node.ok("relto collection add --data $D intel");
        node.user(&format!("reader --nation {nation} --org '{name}' --clearance NATO:SECRET"));
        let server = Some(Server::for_partners(&node, None));
        Self { node, server, name, nation }
    }

    fn card(&self) -> Json {
        self.node.ok("relto partner card --data $D").json()
    }

    /// Adds `other`, whose phrase its operator read out.
    pub(crate) fn meets(&self, other: &Self, options: &str) {
        let card = other.card();
        self.node.file("card.json", card.to_string());
        let (nation, phrase) = (other.nation, card["fingerprint"].as_str().unwrap());
        let line = format!(
            "relto partner add --data $D $F/card.json --nation {nation} --clearance NATO:SECRET --collection intel {options} --fingerprint '{phrase}' --json"
        );
        assert_eq!(self.node.ok(&line).json()["state"], "active");
    }

    pub(crate) fn load(&self, numbers: impl IntoIterator<Item = u32>, label: &str) {
        self.node.file("load.json", bundle(&numbers.into_iter().map(indicator).collect::<Vec<_>>()));
        self.node.ok(&format!("relto load --data $D --collection intel --label '{label}' $F/load.json"));
    }

    /// What its reader sees.
    pub(crate) fn sees(&self) -> BTreeSet<String> {
        self.node.ids("reader")
    }

    /// Waits until its reader sees just `wanted`.
    fn comes_to_see(&self, wanted: &BTreeSet<String>) {
        comes_true(|| self.sees() == *wanted, || format!("{} sees {:?}, not {wanted:?}; {}", self.name, self.sees(), self.links()));
    }

    pub(crate) fn links(&self) -> String {
        self.node.ok("relto partner list --data $D --json").out + &self.node.ok("relto quarantine list --data $D --json").out
    }

    /// What it says of its partner called `name`.
    fn partner(&self, name: &str) -> Json {
        let all = self.node.ok("relto partner list --data $D --json").json();
        all.as_array().unwrap().iter().find(|partner| partner["name"] == name).unwrap().clone()
    }

    /// Ends its server where it stands and starts it again at the same address.
    fn is_killed_and_started(&mut self) {
        let server = self.server.take().unwrap();
        let address = server.address.clone();
        server.kill();
        self.server = Some(Server::for_partners(&self.node, Some(&address)));
    }
}

pub(crate) fn comes_true(mut is_true: impl FnMut() -> bool, or: impl Fn() -> String) {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < WITHIN, "{}", or());
    }
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> BTreeSet<String> {
    numbers.into_iter().map(indicator_id).collect()
}

#[test]
fn what_is_released_arrives_and_nothing_else() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.meets(&france, "");
    america.load([1, 2], "NATO SECRET");
    america.load([3], "NATO SECRET REL TO USA AND ORG:American Node");
    france.meets(&america, "--pull");
    france.comes_to_see(&numbers([1, 2]));
    america.load([4], "NATO RESTRICTED");
    france.comes_to_see(&numbers([1, 2, 4]));
    // A label that is not in the object came with it.
    let explained = france.node.ok(&format!("relto explain --data $D {} --as reader", indicator_id(1))).out;
    assert!(explained.contains("label: NATO SECRET") && explained.contains("by American Node"), "{explained}");
    let partner = america.partner("French Node");
    assert_eq!(
        (partner["state"].as_str(), partner["nation"].as_str(), partner["released"].as_u64()),
        (Some("active"), Some("FRA"), Some(3))
    );
}

#[test]
fn without_the_right_phrase_nothing_flows() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.load([1], "NATO SECRET");
    america.meets(&france, "");
    let card = america.card();
    assert_eq!(card["name"], "American Node");
    assert!(card["address"].as_str().unwrap().contains(&america.server.as_ref().unwrap().address), "{card}");
    france.node.file("card.json", card.to_string());
    let add = "relto partner add --data $D $F/card.json --nation USA --collection intel --pull --json";
    for phrase in ["", "--fingerprint 'able gate'"] {
        let added = france.node.ok(&format!("{add} {phrase}")).json();
        assert_eq!((added["state"].as_str(), added["confirmed"].as_bool()), (Some("suspended"), Some(false)), "{added}");
    }
    france.node.refused("relto partner resume --data $D 'American Node'", 1, &["nobody has compared", "--fingerprint"]);
    france.node.refused("relto partner resume --data $D 'American Node' --fingerprint 'able gate'", 1, &["not that of the key"]);
    assert!(france.sees().is_empty());
    let phrase = card["fingerprint"].as_str().unwrap().to_uppercase();
    france.node.ok(&format!("relto partner resume --data $D 'American Node' --fingerprint '{phrase}'"));
    france.comes_to_see(&numbers([1]));
    // Of a partner whose phrase was compared, a wrong one changes nothing.
    france.node.refused(&format!("{add} --no-onward --fingerprint 'able gate'"), 1, &["not that of the key"]);
    assert_eq!(france.partner("American Node")["state"], "active");
}

#[test]
fn a_card_that_was_changed_or_is_of_another_key_is_refused() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    let card = america.card().to_string();
    let add = "relto partner add --data $D $F/card.json --nation USA --collection intel";
    for (from, to, words) in [
        ("American Node", "German Node", "not signed by the keys"),
        ("https://127.0.0.1", "https://127.0.0.2", "not signed by the keys"),
        ("{", "[", "no card of a node"),
    ] {
        france.node.file("card.json", card.replacen(from, to, 1));
        france.node.refused(add, 1, &[words]);
    }
    france.node.file("card.json", france.card().to_string());
    france.node.refused(add, 1, &["the card of this node itself"]);
    france.meets(&america, "");
    let other = Nation::new("American Node", "USA");
    france.node.file("card.json", other.card().to_string());
    france.node.refused(add, 1, &["signed by none of its keys"]);
    france.node.refused("relto partner add --data $D $F/none.json --nation USA --collection intel", 3, &["none.json"]);
    france.node.file("card.json", card);
    france.node.refused("relto partner add --data $D $F/card.json --nation USA --collection none", 3, &["there is no collection `none`"]);
    france.node.refused("relto partner add --data $D $F/card.json --nation ZZZ --collection intel", 1, &["ZZZ"]);
    france.node.refused("relto partner suspend --data $D Nobody", 3, &["there is no partner `Nobody`"]);
    // Its name must not be that of somebody who is here already.
    let germany = Nation::new("German Node", "DEU");
    germany.node.user("guest --nation FRA --org 'French Node'");
    germany.node.file("card.json", france.card().to_string());
    germany.node.refused(
        "relto partner add --data $D $F/card.json --nation FRA --collection intel",
        1,
        &["name of somebody else", "--name"],
    );
}

#[test]
fn suspended_nothing_flows_and_resumed_it_goes_on() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.meets(&france, "");
    france.meets(&america, "--pull");
    america.load([1], "NATO SECRET");
    france.comes_to_see(&numbers([1]));
    let what_if = america.node.ok("relto partner suspend --data $D 'French Node' --what-if --json").json();
    assert_eq!(what_if["there"]["intel"], 1);
    assert_eq!(america.partner("French Node")["state"], "active");
    america.node.ok("relto partner suspend --data $D 'French Node'");
    america.load([2], "NATO SECRET");
    comes_true(|| france.partner("American Node")["link"]["error"].is_string(), || france.links());
    assert_eq!(france.sees(), numbers([1]));
    america.node.ok("relto partner resume --data $D 'French Node'");
    france.comes_to_see(&numbers([1, 2]));
}

#[test]
fn an_agreement_narrows_what_labels_admit() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.load([1], "NATO SECRET");
    america.load([2], "NATO RESTRICTED");
    let card = france.card();
    america.node.file("card.json", card.to_string());
    let add =
        "relto partner add --data $D $F/card.json --nation FRA --clearance NATO:SECRET --collection intel --send-up-to NATO:RESTRICTED";
    let effect = america.node.ok(&format!("{add} --what-if --json")).json();
    assert_eq!(
        (effect["released"]["intel"]["NATO RESTRICTED"].as_u64(), effect["withheld"]["intel"]["NATO SECRET"].as_u64()),
        (Some(1), Some(1))
    );
    assert!(america.node.ok("relto partner list --data $D").out.contains("no partners yet"));
    america.meets(&france, "--send-up-to NATO:RESTRICTED");
    france.meets(&america, "--pull");
    france.comes_to_see(&numbers([2]));
    let explained = america.node.ok(&format!("relto explain --data $D {} --as 'French Node'", indicator_id(1))).out;
    assert!(explained.contains("agreement: it is about NATO up to RESTRICTED"), "{explained}");
    america.meets(&france, "");
    france.comes_to_see(&numbers([1, 2]));
    // The receiver's own ceiling: what is above is not even kept in quarantine.
    france.meets(&america, "--pull --accept-up-to NATO:RESTRICTED");
    america.load([3], "NATO SECRET");
    america.load([4], "NATO RESTRICTED");
    france.comes_to_see(&numbers([1, 2, 4]));
    let waiting = france.node.ok("relto quarantine list --data $D --json").json();
    assert_eq!(waiting[0]["id"], indicator_id(3));
    assert!(
        waiting[0]["reason"].as_str().unwrap().contains("outside what is taken in") && waiting[0]["kept"] == serde_json::json!([]),
        "{waiting}"
    );
}

#[test]
fn keys_are_exchanged_for_others_without_a_phrase() {
    let (mut america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.meets(&france, "");
    france.meets(&america, "--pull");
    america.load([1], "NATO SECRET");
    france.comes_to_see(&numbers([1]));
    america.node.refused("relto partner key --data $D --use-next", 1, &["no other key", "--make-next"]);
    america.node.ok("relto partner key --data $D --make-next");
    america.node.refused("relto partner key --data $D --make-next", 1, &["next key already"]);
    let readd = |america: &Nation| {
        france.node.file("card.json", america.card().to_string());
        let line = "relto partner add --data $D $F/card.json --nation USA --clearance NATO:SECRET --collection intel --pull --json";
        assert_eq!(france.node.ok(line).json()["state"], "active");
    };
    readd(&america);
    let before = america.card()["fingerprint"].clone();
    america.node.ok("relto partner key --data $D --use-next");
    america.is_killed_and_started();
    assert_ne!(america.card()["fingerprint"], before);
    america.load([2], "NATO SECRET");
    france.comes_to_see(&numbers([1, 2]));
    america.node.ok("relto partner key --data $D --forget");
    readd(&america);
    america.load([3], "NATO SECRET");
    france.comes_to_see(&numbers([1, 2, 3]));
}

/// A relay: the German node gets from the French one what the American one wrote, and knows the American key.
fn chain() -> [Nation; 3] {
    let nations = [Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"), Nation::new("German Node", "DEU")];
    let [america, france, germany] = &nations;
    america.meets(france, "");
    france.meets(america, "--pull");
    france.meets(germany, "");
    germany.meets(france, "--pull");
    germany.meets(america, "");
    nations
}

#[test]
fn a_recall_reaches_everybody_and_blocks_the_way_back() {
    let nations = chain();
    let [america, france, germany] = &nations;
    america.load([1, 2], "NATO SECRET");
    germany.comes_to_see(&numbers([1, 2]));
    let id = indicator_id(1);
    france.node.refused(&format!("relto recall --data $D {id}"), 1, &["`American Node` wrote", "only its originator"]);
    america.node.ok(&format!("relto recall --data $D {id} --reason 'named a source'"));
    france.comes_to_see(&numbers([2]));
    germany.comes_to_see(&numbers([2]));
    let confirmed = || {
        let said = america.node.ok(&format!("relto recall --data $D {id} --json")).json();
        said["partners"][0]["confirmed"] == true && said["partners"][0]["onward"] == "complete"
    };
    comes_true(confirmed, || america.node.ok(&format!("relto trace --data $D {id}")).out);
    let trace = germany.node.ok(&format!("relto trace --data $D {id} --json")).json();
    assert!(trace["held"].as_array().unwrap().is_empty() && trace["recalled"].as_str().unwrap().contains("American Node"), "{trace}");
    // It does not come in again, by whatever way: nor is it loaded again where it was written.
    america.node.file("again.json", bundle(&[indicator(1)]));
    let load = "relto load --data $D --collection intel --label 'NATO SECRET' $F/again.json";
    america.node.refused(load, 1, &["it was recalled by American Node on", "give it another id", "--keep-going"]);
    america.load([3], "NATO SECRET");
    germany.comes_to_see(&numbers([2, 3]));
}

#[test]
fn another_label_reaches_everybody() {
    let nations = chain();
    let [america, _, germany] = &nations;
    america.load([1], "NATO SECRET");
    germany.comes_to_see(&numbers([1]));
    america
        .node
        .ok(&format!("relto label set --data $D {} 'NATO SECRET AND ORG:French Node; American Node' --reason upgrade", indicator_id(1)));
    germany.comes_to_see(&BTreeSet::new());
    america.node.ok(&format!("relto label set --data $D {} 'NATO RESTRICTED' --reason downgrade", indicator_id(1)));
    germany.comes_to_see(&numbers([1]));
}

#[test]
fn whoever_leaves_destroys_what_it_holds() {
    let nations = chain();
    let [america, france, germany] = &nations;
    america.load([1, 2], "NATO SECRET");
    france.load([3], "NATO SECRET");
    germany.comes_to_see(&numbers([1, 2, 3]));
    america.node.ok("relto partner remove --data $D 'French Node' --what-if");
    america.node.ok("relto partner remove --data $D 'French Node'");
    france.comes_to_see(&numbers([3]));
    // What the German node has from there is not the French node's to destroy: each object of it can be recalled by itself.
    assert_eq!(germany.sees(), numbers([1, 2, 3]));
    america.node.ok(&format!("relto recall --data $D {}", indicator_id(1)));
    germany.comes_to_see(&numbers([2, 3]));
    assert_eq!(america.partner("French Node")["state"], "left");
}

#[test]
fn what_is_pushed_arrives() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    france.meets(&america, "");
    america.meets(&france, "--push");
    america.load([1, 2], "NATO SECRET");
    france.comes_to_see(&numbers([1, 2]));
    america.node.ok(&format!("relto recall --data $D {}", indicator_id(1)));
    france.comes_to_see(&numbers([2]));
}

#[test]
fn over_media_it_is_the_same() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.meets(&france, "");
    france.meets(&america, "");
    america.load([1, 2], "NATO SECRET");
    let carry = |from: &Nation, to: &Nation, options: &str| {
        let file = from.node.file("media", "");
        std::fs::remove_file(&file).unwrap();
        from.node.ok(&format!("relto partner export --data $D '{}' $F/media {options}", to.name));
        let content = std::fs::read(&file).unwrap();
        to.node.file("media.in", &content);
        content
    };
    let first = carry(&america, &france, "");
    let import = "relto partner import --data $D 'American Node' $F/media.in";
    let mut forged = first.clone();
    let at = forged.windows(4).position(|bytes| bytes == b"192.").unwrap();
    forged[at] = b'2';
    france.node.file("media.in", &forged);
    france.node.refused(import, 1, &["its content was changed", "ask the partner"]);
    america.node.file("media.in", &first);
    america.node.refused("relto partner import --data $D 'French Node' $F/media.in", 1, &["no file of"]);
    france.node.file("media.in", &first);
    assert_eq!(france.node.ok(&format!("{import} --json")).json()["taken"]["added"], 2);
    assert_eq!(france.node.ok(&format!("{import} --json")).json()["taken"]["present"], 2);
    assert_eq!(france.sees(), numbers([1, 2]));
    america.load([3], "NATO SECRET");
    america.node.ok(&format!("relto recall --data $D {}", indicator_id(1)));
    carry(&america, &france, "");
    let read = france.node.ok(&format!("{import} --json")).json();
    assert_eq!((read["taken"]["added"].as_u64(), read["notices"].as_u64()), (Some(1), Some(1)), "{read}");
    assert_eq!(france.sees(), numbers([2, 3]));
    carry(&france, &america, "");
    america.node.ok("relto partner import --data $D 'French Node' $F/media.in");
    let recalled = america.node.ok(&format!("relto recall --data $D {} --json", indicator_id(1))).json();
    assert_eq!(recalled["partners"][0]["confirmed"], true, "{recalled}");
}

#[test]
fn nodes_that_are_killed_lose_nothing() {
    let mut nations = chain();
    let mut loaded = 0;
    for round in 0..6 {
        nations[0].load(loaded..loaded + 400, "NATO SECRET");
        loaded += 400;
        nations[round % 3].is_killed_and_started();
        nations[1].load([1_000_000 + u32::try_from(round).unwrap()], "NATO RESTRICTED");
        nations[(round + 1) % 3].is_killed_and_started();
    }
    let wanted: BTreeSet<String> = numbers((0..loaded).chain(1_000_000..1_000_006));
    for nation in &nations[1..] {
        nation.comes_to_see(&wanted);
        assert_eq!(nation.node.ok("relto quarantine list --data $D --json").json().as_array().unwrap().len(), 0);
        let doctor = nation.node.ok("relto doctor --data $D");
        assert!(!doctor.out.contains("wrong"), "{doctor:?}");
    }
    assert_eq!(nations[0].sees(), numbers(0..loaded));
}
