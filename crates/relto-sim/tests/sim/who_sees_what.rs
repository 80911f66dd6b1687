//! Who sees what, as a table that a diplomat could review: every label by every reader, the same for every object type, on every way
//! to read; and every route by role and situation. A type or a route that is missing fails.
//!
//! After a deliberate change: `UPDATE_EXPECT=1 cargo test -p relto-sim who_sees_what`, and read the difference line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::expect_file;
use relto_http::ROUTES;
use relto_model::Stamp;
use relto_node::{LoadRequest, NewCollection, Source, UserChange};
use relto_policy::marking::LABEL_EXTENSION;
use relto_sim::node::WorldNode;
use relto_sim::twin::company_policy;
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};

use crate::types;

/// Label as the custodian gives it (`None`: no label), when it was made, and the object's own marking.
struct Case {
    shown: &'static str,
    label: Option<&'static str>,
    date: Option<&'static str>,
    marking: Option<&'static str>,
}

const fn labelled(label: &'static str) -> Case {
    Case { shown: label, label: Some(label), date: None, marking: None }
}

const fn marked(shown: &'static str, marking: &'static str) -> Case {
    Case { shown, label: None, date: None, marking: Some(marking) }
}

const STATEMENT: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
const PERSONAL: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000002";
const EITHER: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000003";
const UNKNOWN: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000009";

const CASES: [Case; 42] = [
    labelled("TLP:CLEAR"),
    labelled("TLP:GREEN"),
    labelled("TLP:AMBER"),
    labelled("TLP:AMBER+STRICT"),
    labelled("TLP:RED"),
    labelled("NATO UNCLASSIFIED"),
    labelled("NATO RESTRICTED"),
    labelled("NATO RESTRICTED REL TO JPN"),
    labelled("NATO SECRET"),
    Case { shown: "NATO SECRET of 2020", label: Some("NATO SECRET"), date: Some("2020-06-30"), marking: None },
    labelled("COSMIC TOP SECRET ATOMAL"),
    labelled("EU RESTRICTED"),
    Case { shown: "EU RESTRICTED of 2019", label: Some("EU RESTRICTED"), date: Some("2019-06-30"), marking: None },
    labelled("EU RESTRICTED REL TO GBR"),
    labelled("UNCLASSIFIED//REL TO USA, FVEY"),
    labelled("SECRET//REL TO USA, FRA"),
    labelled("SECRET//REL TO USA, AUKUS"),
    labelled("SECRET//NOFORN"),
    labelled("TOP SECRET//SI//NOFORN"),
    labelled("NATO UNCLASSIFIED REL TO JTF-7"),
    labelled("ORG:French Desk; Tokyo Desk"),
    labelled("NATO SECRET AND EU RESTRICTED"),
    marked("SECRET//REL TO USA, JPN or NATO SECRET", EITHER),
    labelled("NATO SECRET, from 2026-06-02 NATO UNCLASSIFIED"),
    labelled("NATO SECRET, from 2026-06-03 NATO UNCLASSIFIED"),
    labelled("NATO UNCLASSIFIED, from 2026-06-02 NATO SECRET"),
    labelled("COMMERCIAL INTERNAL"),
    labelled("COMMERCIAL CONFIDENTIAL"),
    labelled("COMMERCIAL CONFIDENTIAL; Project=AURORA"),
    labelled("TLP:GREEN AND HANDLING:ORCON US Desk"),
    labelled("TLP:GREEN AND HANDLING:THIRD PARTY Tokyo Desk"),
    labelled("TLP:GREEN AND HANDLING:DISPLAY ONLY"),
    labelled("TLP:GREEN AND LAW:ITAR VIII"),
    labelled("TLP:GREEN AND LAW:GDPR PERSONAL"),
    marked("TLP:GREEN AND LAW:GDPR PERSONAL in a marking", PERSONAL),
    marked("no marking", ""),
    marked("a statement only", STATEMENT),
    marked("TLP 2.0 GREEN by its id", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    marked("TLP 1 AMBER by its id", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
    marked("TLP 1 RED by its id", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
    marked("a marking that nobody knows", UNKNOWN),
    Case {
        shown: "TLP 2.0 GREEN, given NATO SECRET",
        label: Some("NATO SECRET"),
        date: None,
        marking: Some("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    },
];

/// Reader, nations, organisation, clearances, accesses, memberships, role.
type Reader = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const READERS: [Reader; 12] = [
    ("owner", &["FRA"], "Node Org", &["NATO:SECRET", "EU:SECRET"], &[], &[], "release-officer"),
    ("fra", &["FRA"], "French Desk", &["NATO:SECRET", "EU:SECRET", "USA:SECRET"], &[], &[], "contributor"),
    ("fra-uncleared", &["FRA"], "French Desk", &[], &[], &[], "reader"),
    ("usa", &["USA"], "US Desk", &["NATO:SECRET", "USA:SECRET"], &[], &[], "contributor"),
    ("usa-si", &["USA"], "US Desk", &["USA:TOP SECRET"], &["SI"], &[], "reader"),
    ("gbr-atomal", &["GBR"], "UK Desk", &["NATO:TOP SECRET", "USA:SECRET", "EU:SECRET"], &["ATOMAL"], &[], "reader"),
    ("swe", &["SWE"], "Swedish Desk", &["NATO:SECRET", "EU:SECRET"], &[], &[], "reader"),
    ("jpn", &["JPN"], "Tokyo Desk", &["NATO:RESTRICTED"], &[], &[], "reader"),
    ("fra-usa", &["FRA", "USA"], "French Desk", &["NATO:SECRET", "USA:SECRET", "EU:SECRET"], &[], &[], "reader"),
    ("jtf", &["JPN"], "Task Force", &["COMMERCIAL:CONFIDENTIAL"], &[], &["JTF-7"], "reader"),
    ("client", &["CHE"], "Client Org", &["COMMERCIAL:CONFIDENTIAL"], &["AURORA"], &[], "reader"),
    ("operator", &["FRA"], "Node Org", &[], &[], &[], "operator"),
];

/// Where organisations are established, for the law; of the others nothing is known.
const ESTABLISHED: [(&str, &str); 3] = [("French Desk", "FRA"), ("US Desk", "USA"), ("Tokyo Desk", "JPN")];

fn facts(organisation: &str) -> Option<Json> {
    let (_, country) = ESTABLISHED.into_iter().find(|(name, _)| *name == organisation)?;
    Some(json!({"country": country, "headquarters": country, "kind": "public-authority", "residence": []}))
}

struct World {
    node: WorldNode,
    tokens: BTreeMap<&'static str, String>,
    /// Objects by case and type.
    objects: Vec<Vec<String>>,
}

fn id_of(kind: &str, case: usize) -> String {
    format!("{kind}--{case:08x}-0000-4000-8000-00000000cafe")
}

fn world() -> World {
    let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    let begin = Stamp::parse("2026-06-01").unwrap();
    let node = WorldNode::new(Arc::new(Memory::default()), "Node Org", begin, runtime);
    node.node.activate(&company_policy("INTERNAL"), "for the table").unwrap();
    let mut tokens = BTreeMap::new();
    for (name, nations, organisation, clearances, accesses, members, role) in READERS {
        let owned = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
        let change = UserChange {
            nations: owned(nations),
            organisation: Some(organisation.to_owned()),
            members: owned(members),
            clearances: owned(clearances),
            accesses: owned(accesses),
            facts: facts(organisation),
            role: Some(role.to_owned()),
        };
        tokens.insert(name, node.node.add_user(name, &change).unwrap());
    }
    let new = |name: &str, label: Option<&str>| NewCollection {
        name: name.to_owned(),
        title: None,
        label: label.map(str::to_owned),
        can_read: true,
        can_write: true,
        recipients: vec!["US Desk".to_owned(), "US Desk=Client Org".to_owned()],
    };
    node.node.add_collection(&new("all", None)).unwrap();
    node.node.add_collection(&new("hidden", Some("SECRET//NOFORN"))).unwrap();
    load(&node, Some("TLP:CLEAR"), None, "all", &markings());
    let objects = CASES.iter().enumerate().map(|(number, case)| load_case(&node, number, case)).collect();
    node.begin(Stamp::parse("2026-06-02").unwrap(), 1);
    World { node, tokens, objects }
}

fn markings() -> [Json; 3] {
    let marking = |id: &str, more: Json| {
        let mut marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2026-01-01T00:00:00.000Z"});
        marking.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        marking
    };
    let labelled =
        |policies: Json| json!({"extensions": {LABEL_EXTENSION: {"extension_type": "property-extension", "policies": policies}}});
    let released = |nations: &[&str]| json!([{"tag": "Releasable To", "values": nations}]);
    [
        marking(STATEMENT, json!({"definition_type": "statement", "definition": {"statement": "for the table"}})),
        marking(
            PERSONAL,
            labelled(json!([{"policy": "TLP", "classification": "GREEN"},
                {"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": "GDPR", "values": ["PERSONAL"]}]}])),
        ),
        marking(
            EITHER,
            labelled(json!([{"policy": "USA", "classification": "SECRET", "permissive": released(&["USA", "JPN"]),
                "alternatives": [{"policy": "NATO", "classification": "SECRET", "permissive": released(&["NATO"])}]}])),
        ),
    ]
}

fn load_case(node: &WorldNode, number: usize, case: &Case) -> Vec<String> {
    let objects: Vec<Json> = types::names()
        .iter()
        .map(|kind| {
            let mut object = types::example(kind, &id_of(kind, number));
            if let Some(marking) = case.marking.filter(|marking| !marking.is_empty()) {
                object["object_marking_refs"] = json!([marking]);
            }
            object
        })
        .collect();
    load(node, case.label, case.date, "all", &objects);
    objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

fn load(node: &WorldNode, label: Option<&str>, date: Option<&str>, collection: &str, objects: &[Json]) {
    let request = LoadRequest {
        collection: collection.to_owned(),
        label: label.map(str::to_owned),
        label_date: date.map(str::to_owned),
        addressees: if label == Some("TLP:RED") { vec!["swe".to_owned()] } else { Vec::new() },
        keep_going: false,
    };
    let content = json!({ "objects": objects }).to_string().into();
    let report = node.node.load(&request, &[Source { name: "table".to_owned(), content }], &|_, _| {}).unwrap();
    assert_eq!(report.added as usize, objects.len(), "{label:?} {:?}", report.refusals);
}

impl World {
    fn get(&self, reader: &str, path: &str) -> (u16, Json) {
        let answer = self.node.send("GET", path, &self.tokens[reader], None);
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// The ids that `reader` finds on every page of a listing.
    fn listed(&self, reader: &str, listing: &str) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        let mut next = String::new();
        loop {
            let (status, page) = self.get(reader, &format!("/taxii2/main/collections/all/{listing}/?limit=500{next}"));
            assert_eq!(status, 200, "{reader} {listing}");
            ids.extend(page["objects"].as_array().into_iter().flatten().map(|object| object["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&next={cursor}"),
                None => return ids,
            }
        }
    }

    fn exported(&self, reader: &str) -> BTreeSet<String> {
        let mut bundle = Vec::new();
        self.node.node.reading_as(reader).unwrap().export(Some("all"), &mut bundle).unwrap();
        let bundle: Json = serde_json::from_slice(&bundle).unwrap();
        bundle["objects"].as_array().into_iter().flatten().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether `reader` sees the objects of a case: the same for all types, and on every way to read.
    fn sees(&self, reader: &str, found: &BTreeSet<String>, case: usize) -> bool {
        let of_case = &self.objects[case];
        let seen = of_case.iter().filter(|id| found.contains(*id)).count();
        assert!(seen == 0 || seen == of_case.len(), "{reader} sees {seen} of {} types under {}", of_case.len(), CASES[case].shown);
        for id in of_case {
            let path = format!("/taxii2/main/collections/all/objects/{id}/");
            let expected = if seen > 0 { 200 } else { 404 };
            assert_eq!(self.get(reader, &path).0, expected, "{reader} {path}");
            assert_eq!(self.get(reader, &format!("{path}versions/")).0, expected, "{reader} {path}versions/");
        }
        seen > 0
    }
}

#[test]
fn by_label_and_reader() {
    let world = world();
    let mut shown = String::from("Every object type below, on every way to read it:\n");
    types::names().chunks(8).for_each(|names| writeln!(shown, "  {}", names.join(", ")).unwrap());
    shown.push_str("\nReaders:\n");
    for (name, nations, organisation, clearances, accesses, members, role) in READERS {
        let rest = [clearances, accesses, members]
            .map(|texts| texts.join(", "))
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
        writeln!(
            shown,
            "  {name:<14} {} of {organisation}, {role}{}{rest}",
            nations.join(" and "),
            if rest.is_empty() { "" } else { ": " }
        )
        .unwrap();
    }
    let established = ESTABLISHED.map(|(organisation, country)| format!("{organisation} in {country}")).join(", ");
    writeln!(shown, "\nEstablished: {established}; of the others it is not known. Loaded on 2026-06-01, read on 2026-06-02.").unwrap();
    write!(shown, "\n{:<46}", "Label").unwrap();
    READERS.iter().for_each(|(name, ..)| write!(shown, " {name}").unwrap());
    shown.push('\n');
    let found: Vec<BTreeSet<String>> = READERS
        .iter()
        .map(|(name, ..)| {
            let objects = world.listed(name, "objects");
            assert_eq!(objects, world.listed(name, "manifest"), "{name}: manifest");
            assert_eq!(objects, world.exported(name), "{name}: export");
            objects
        })
        .collect();
    for (number, case) in CASES.iter().enumerate() {
        write!(shown, "{:<46}", case.shown).unwrap();
        for ((name, ..), found) in READERS.iter().zip(&found) {
            let mark = if world.sees(name, found, number) { "yes" } else { "-" };
            write!(shown, " {mark:<width$}", width = name.len()).unwrap();
        }
        shown.truncate(shown.trim_end().len());
        shown.push('\n');
    }
    expect_file!["who_sees_what.txt"].assert_eq(&shown);
}

/// What is asked for, by the words of a route's path.
fn path_of(route: &str, situation: &str) -> Option<String> {
    let case = |name: &str| CASES.iter().position(|case| case.shown == name).unwrap();
    let (collection, object) = match situation {
        "visible" => ("all", id_of("indicator", case("NATO SECRET"))),
        "hidden object" => ("all", id_of("indicator", case("SECRET//NOFORN"))),
        "absent object" => ("all", id_of("indicator", 0xdead)),
        "hidden collection" => ("hidden", id_of("indicator", 0xdead)),
        _ => ("nowhere", id_of("indicator", 0xdead)),
    };
    let about_objects = route.contains("{object}") || !situation.ends_with("object");
    let about_collections = route.contains("{collection}") || situation == "visible";
    (about_objects && about_collections).then(|| {
        let until = if route.ends_with("/notifications/") { "?until=now" } else { "" };
        let path = route.replace("{collection}", collection).replace("{object}", &object);
        let nobodys = ["{status}", "{draft}", "{proposal}", "{release}"];
        let path = nobodys.iter().fold(path, |path, name| path.replace(name, "00000000-0000-4000-8000-000000000000"));
        path + until
    })
}

#[test]
fn by_route_role_and_situation() {
    let mut shown = String::from("Statuses by route and situation: `visible` is NATO SECRET, `hidden` is SECRET//NOFORN.\n\n");
    let roles = ["fra-uncleared", "owner", "fra", "usa", "operator"];
    write!(shown, "{:<6} {:<66} {:<18}", "method", "route", "situation").unwrap();
    roles.iter().for_each(|name| write!(shown, " {name}").unwrap());
    shown.push('\n');
    for (method, route, _) in ROUTES {
        for situation in ["visible", "hidden object", "absent object", "hidden collection", "absent collection"] {
            let Some(path) = path_of(route, situation) else { continue };
            write!(shown, "{method:<6} {route:<66} {situation:<18}").unwrap();
            for name in roles {
                // Deleting changes what the next one finds: each asks a world of its own.
                let world = if *method == "GET" || route.starts_with("/relto/") { world_for_reading() } else { &world() };
                let body =
                    (*method == "POST").then(|| json!({"objects": [types::example("indicator", &id_of("indicator", 0xbeef))]}).to_string());
                let answer = world.node.send(method, &path, &world.tokens[name], body.as_deref());
                write!(shown, " {:<width$}", answer.status.as_u16(), width = name.len()).unwrap();
            }
            shown.truncate(shown.trim_end().len());
            shown.push('\n');
        }
    }
    expect_file!["routes.txt"].assert_eq(&shown);
}

fn world_for_reading() -> &'static World {
    static WORLD: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    WORLD.get_or_init(world)
}
