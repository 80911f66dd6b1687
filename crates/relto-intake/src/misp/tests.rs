//! Events in, bundles out: every object valid, ids and times that stay, and who may read what.

use bytes::Bytes;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use serde_json::json;

use super::*;

const EVENT: &str = "5b1e4f0a-1111-4000-8000-000000000001";

fn uuid(number: u32) -> String {
    format!("5b1e4f0a-2222-4000-8000-{number:012}")
}

/// Tags of the policy that these tests know.
fn restricts(tag: &str) -> bool {
    ["tlp:", "pap:", "nato:"].iter().any(|prefix| tag.to_lowercase().starts_with(prefix))
}

fn event_with(more: Value) -> Value {
    let mut event = json!({
        "uuid": EVENT, "info": "A campaign", "date": "2023-05-17", "timestamp": "1684400000", "published": true, "publish_timestamp": "1684500000",
        "distribution": "3", "threat_level_id": "2", "Orgc": { "uuid": uuid(9000), "name": "CERT" },
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "Event": event })
}

fn attribute(number: u32, kind: &str, value: &str, to_ids: bool) -> Value {
    json!({ "uuid": uuid(number), "type": kind, "category": "Network activity", "value": value, "to_ids": to_ids, "timestamp": "1684300000", "distribution": "5" })
}

fn with(mut item: Value, key: &str, value: Value) -> Value {
    item[key] = value;
    item
}

/// The bundle of the one event in `value`, each object of which is valid.
fn written(value: &Value) -> (Vec<Value>, Vec<Untold>) {
    let events = events(&value.to_string()).unwrap().unwrap();
    let [event] = events.as_slice() else { panic!("{} events", events.len()) };
    let written = event.write(&restricts).unwrap();
    let bundle: Value = serde_json::from_str(&written.bundle).unwrap();
    let objects = bundle["objects"].as_array().unwrap().clone();
    let ids: std::collections::BTreeSet<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), objects.len(), "each id once");
    for object in &objects {
        let parsed = Object::parse(Bytes::from(object.to_string()), &Kinds::builtin()).unwrap_or_else(|error| panic!("{error}: {object}"));
        for reference in parsed.references().iter().filter(|reference| reference.id.kind() != "marking-definition") {
            assert!(ids.contains(reference.id.as_str()), "{} is not in the bundle", reference.id);
        }
    }
    (objects, written.untold)
}

fn of_kind<'o>(objects: &'o [Value], kind: &str) -> Vec<&'o Value> {
    objects.iter().filter(|object| object["type"] == kind).collect()
}

fn by_id<'o>(objects: &'o [Value], id: &str) -> &'o Value {
    objects.iter().find(|object| object["id"] == id).unwrap_or_else(|| panic!("no {id} in {objects:#?}"))
}

#[test]
fn events_are_found_in_every_envelope() {
    let event = event_with(json!({}));
    for text in [
        event.to_string(),
        event["Event"].to_string(),
        json!({ "response": [event, event] }).to_string(),
        json!([event]).to_string(),
        format!("\u{feff} {event}"),
    ] {
        let found = events(&text).unwrap_or_else(|| panic!("nothing in {text}")).unwrap();
        assert!(found.iter().all(|event| event.name() == "A campaign") && !found.is_empty());
    }
    for text in ["", "{}", "[]", "A story.", r#"{"type":"bundle","id":"x"}"#, r#"{"version":"https://jsonfeed.org/version/1","items":[]}"#]
    {
        assert!(events(text).is_none(), "{text}");
    }
    for (text, part) in
        [(r#"{"Event":{"info":"x"}}"#, "/Event: an event without"), (r#"{"Event":"#, "no sound JSON"), (r#"{"Event":7}"#, "is no object")]
    {
        assert!(events(text).unwrap().unwrap_err().to_string().contains(part), "{text}");
    }
    let manifest = json!({ EVENT: { "info": "A campaign", "timestamp": "1684400000" } }).to_string();
    assert_eq!(super::manifest(&manifest), Some(vec![EVENT.to_owned()]));
    assert_eq!(super::manifest(&event.to_string()), None);
    assert_eq!(super::manifest("{}"), None);
}

#[test]
fn an_event_is_a_report_or_a_grouping() {
    let (objects, untold) = written(&event_with(json!({ "Attribute": [attribute(1, "domain", "a.example", true)] })));
    let report = &objects[0];
    assert_eq!((&report["id"], &report["name"]), (&json!(format!("report--{EVENT}")), &json!("A campaign")));
    assert_eq!((&report["created"], &report["modified"]), (&json!("2023-05-17T00:00:00.000000Z"), &json!("2023-05-18T08:53:20.000000Z")));
    assert_eq!(report["published"], "2023-05-19T12:40:00.000000Z");
    assert_eq!(report["labels"], json!(["misp:threat-level=\"medium\""]));
    assert_eq!(by_id(&objects, report["created_by_ref"].as_str().unwrap())["name"], "CERT");
    assert!(report["object_refs"].as_array().unwrap().contains(&json!(format!("indicator--{}", uuid(1)))));
    assert_eq!(untold, []);
    let (objects, _) = written(&event_with(json!({ "published": false })));
    assert_eq!((&objects[0]["id"], &objects[0]["context"]), (&json!(format!("grouping--{EVENT}")), &json!("suspicious-activity")));
}

#[test]
fn what_is_detected_by_becomes_an_indicator() {
    let hash = "d41d8cd98f00b204e9800998ecf8427e";
    let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (kind, value, pattern) in [
        ("ip-src", "192.0.2.1", "[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:src_ref.value = '192.0.2.1']"),
        ("ip-dst", "2001:db8::1", "[network-traffic:dst_ref.type = 'ipv6-addr' AND network-traffic:dst_ref.value = '2001:db8::1']"),
        ("ip-dst", "192.0.2.0/24", "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.0/24']"),
        (
            "ip-dst|port",
            "192.0.2.1|8080",
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 8080]",
        ),
        ("domain", "a.example", "[domain-name:value = 'a.example']"),
        ("hostname", "www.a.example", "[domain-name:value = 'www.a.example']"),
        ("domain|ip", "a.example|192.0.2.1", "[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']"),
        ("url", "http://a.example/it's", r"[url:value = 'http://a.example/it\'s']"),
        ("md5", hash, "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']"),
        ("sha256", sha256, "[file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']"),
        ("filename", r"C:\a.exe", r"[file:name = 'C:\\a.exe']"),
        (
            "filename|md5",
            "a|b.exe|d41d8cd98f00b204e9800998ecf8427e",
            "[file:name = 'a|b.exe' AND file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
        ),
        (
            "malware-sample",
            "a.exe|d41d8cd98f00b204e9800998ecf8427e",
            "[file:name = 'a.exe' AND file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
        ),
        ("email-src", "a@a.example", "[email-message:from_ref.value = 'a@a.example']"),
        ("email-dst", "a@a.example", "[email-message:to_refs[*].value = 'a@a.example']"),
        ("email-subject", "Hello", "[email-message:subject = 'Hello']"),
        ("mutex", "m", "[mutex:name = 'm']"),
        ("regkey", r"HKLM\Run", r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Run']"),
        (
            "regkey|value",
            r"HKLM\Run|x",
            r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Run' AND windows-registry-key:values[*].data = 'x']",
        ),
        ("AS", "AS64496", "[autonomous-system:number = 64496]"),
        (
            "x509-fingerprint-sha1",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "[x509-certificate:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
        ),
        ("mac-address", "00:00:5E:00:53:01", "[mac-addr:value = '00:00:5e:00:53:01']"),
        ("link", "https://a.example/p", "[url:value = 'https://a.example/p']"),
        ("port", "8080", "[network-traffic:dst_port = 8080]"),
    ] {
        let (objects, untold) = written(&event_with(json!({ "Attribute": [attribute(1, kind, value, true)] })));
        let indicator = by_id(&objects, &format!("indicator--{}", uuid(1)));
        assert_eq!((indicator["pattern"].as_str().unwrap(), &untold), (pattern, &Vec::new()), "{kind}");
        assert_eq!(indicator["valid_from"], "2023-05-17T05:06:40.000000Z");
    }
    let rule = "rule a { condition: false }";
    let (objects, _) = written(&event_with(json!({ "Attribute": [attribute(1, "yara", rule, true)] })));
    let indicator = by_id(&objects, &format!("indicator--{}", uuid(1)));
    assert_eq!((&indicator["pattern_type"], &indicator["pattern"]), (&json!("yara"), &json!(rule)));
}

#[test]
fn what_is_seen_becomes_observed_data_with_observables_of_its_own() {
    for (kind, value, observables) in [
        ("ip-src", "192.0.2.1", vec!["ipv4-addr"]),
        ("ip-dst|port", "2001:db8::1|80", vec!["network-traffic", "ipv6-addr"]),
        ("domain|ip", "a.example|192.0.2.1", vec!["domain-name", "ipv4-addr"]),
        ("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", vec!["file"]),
        ("email-src", "a@a.example", vec!["email-addr"]),
        ("email-subject", "Hello", vec!["email-message"]),
        ("mutex", "m", vec!["mutex"]),
        ("regkey|value", "HKLM\\Run|x", vec!["windows-registry-key"]),
        ("AS", "64496", vec!["autonomous-system"]),
    ] {
        let (objects, untold) =
            written(&event_with(json!({ "Attribute": [attribute(1, kind, value, false), attribute(2, kind, value, false)] })));
        for number in [1, 2] {
            let seen = by_id(&objects, &format!("observed-data--{}", uuid(number)));
            let refs = seen["object_refs"].as_array().unwrap();
            let kinds: Vec<&str> = refs.iter().map(|id| by_id(&objects, id.as_str().unwrap())["type"].as_str().unwrap()).collect();
            assert_eq!((kinds, &untold), (observables.clone(), &Vec::new()), "{kind}");
            assert_eq!(refs[0], format!("{}--{}", observables[0], uuid(number)), "each attribute has its own");
        }
    }
}

#[test]
fn other_attributes_keep_their_words() {
    let (objects, untold) = written(&event_with(json!({ "Attribute": [
        attribute(1, "vulnerability", "CVE-2023-0001", false),
        attribute(2, "threat-actor", "Nightjar", false),
        attribute(3, "campaign-name", "Heron", false),
        with(attribute(4, "text", "Some words.", false), "comment", json!("From a blog.")),
        attribute(5, "link", "https://a.example/post", false),
        attribute(6, "md5", "no hash", false),
        attribute(7, "ip-dst", "no address", true),
        with(attribute(8, "domain", "gone.example", true), "deleted", json!(true)),
        attribute(9, "yara", "rule a { condition: false }", false),
        json!({ "uuid": uuid(10), "type": "text" }),
        with(attribute(11, "malware-sample", "a.exe|d41d8cd98f00b204e9800998ecf8427e", false), "data", json!("UEs=")),
        attribute(4, "text", "Twice.", false),
    ], "ShadowAttribute": [attribute(20, "domain", "b.example", true)] })));
    assert_eq!(by_id(&objects, &format!("vulnerability--{}", uuid(1)))["external_references"][0]["external_id"], "CVE-2023-0001");
    assert_eq!(by_id(&objects, &format!("threat-actor--{}", uuid(2)))["name"], "Nightjar");
    assert_eq!(by_id(&objects, &format!("campaign--{}", uuid(3)))["name"], "Heron");
    assert_eq!(by_id(&objects, &format!("indicator--{}", uuid(9)))["pattern_type"], "yara");
    let note = by_id(&objects, &format!("note--{}", uuid(4)));
    assert_eq!((&note["abstract"], &note["content"]), (&json!("Network activity: text"), &json!("Some words.\n\nFrom a blog.")));
    for number in [5, 6, 7] {
        by_id(&objects, &format!("note--{}", uuid(number)));
    }
    assert!(!json!(objects).to_string().contains("gone.example"));
    let told: Vec<&str> = untold.iter().map(|untold| untold.pointer.as_str()).collect();
    assert_eq!(
        told,
        ["/Event/Attribute/5", "/Event/Attribute/9", "/Event/Attribute/10/data", "/Event/Attribute/11", "/Event/ShadowAttribute/0"],
        "{untold:?}"
    );
}

#[test]
fn objects_are_one_thing_or_what_they_hold() {
    let part = |number, relation: &str, kind: &str, value: &str, to_ids| {
        with(attribute(number, kind, value, to_ids), "object_relation", json!(relation))
    };
    let (objects, untold) = written(&event_with(json!({ "Object": [
        { "uuid": uuid(100), "name": "file", "meta-category": "file", "distribution": "5", "Attribute": [
            part(1, "filename", "filename", "a.exe", true),
            part(2, "md5", "md5", "d41d8cd98f00b204e9800998ecf8427e", true),
            part(3, "size-in-bytes", "size-in-bytes", "17", false),
            part(4, "entropy", "float", "7.1", false),
        ], "ObjectReference": [
            { "uuid": uuid(500), "referenced_uuid": uuid(101), "relationship_type": "communicates with" },
            { "uuid": uuid(501), "referenced_uuid": uuid(999), "relationship_type": "drops" },
        ] },
        { "uuid": uuid(101), "name": "domain-ip", "Attribute": [
            part(11, "domain", "domain", "a.example", false), part(12, "ip", "ip-dst", "192.0.2.1", false), part(13, "ip", "ip-dst", "192.0.2.2", false)] },
        { "uuid": uuid(102), "name": "email", "Attribute": [
            part(21, "from", "email-src", "a@a.example", true), part(22, "to", "email-dst", "b@b.example", true), part(23, "subject", "email-subject", "Hi", true)] },
        { "uuid": uuid(103), "name": "credential", "Attribute": [
            part(31, "username", "text", "ada", false), part(32, "origin", "url", "http://a.example/", true)] },
    ] })));
    let file = by_id(&objects, &format!("indicator--{}", uuid(100)));
    assert_eq!(file["pattern"], "[file:name = 'a.exe' AND file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']");
    assert_eq!(by_id(&objects, &format!("note--{}", uuid(4)))["content"], "7.1");
    let held = by_id(&objects, &format!("grouping--{}", uuid(100)));
    assert_eq!(held["object_refs"], json!([file["id"], format!("note--{}", uuid(3)), format!("note--{}", uuid(4))]));
    let domain = by_id(&objects, &format!("domain-name--{}", uuid(101)));
    assert_eq!(domain["resolves_to_refs"].as_array().unwrap().len(), 2);
    assert!(by_id(&objects, &format!("indicator--{}", uuid(102)))["pattern"].as_str().unwrap().contains("email-message:subject = 'Hi'"));
    let other = by_id(&objects, &format!("grouping--{}", uuid(103)));
    assert_eq!(other["object_refs"], json!([format!("note--{}", uuid(31)), format!("indicator--{}", uuid(32))]));
    let related = by_id(&objects, &format!("relationship--{}", uuid(500)));
    assert_eq!(
        (&related["relationship_type"], &related["target_ref"]),
        (&json!("communicates-with"), &json!(format!("observed-data--{}", uuid(101))))
    );
    assert_eq!(
        untold,
        [Untold { pointer: "/Event/Object/0/ObjectReference/1".to_owned(), why: "what it refers to is not in the event".to_owned() }]
    );
}

#[test]
fn galaxies_are_what_they_stand_for() {
    let galaxy = |kind: &str, value: &str| {
        json!([{ "type": kind, "GalaxyCluster": [{ "uuid": uuid(700), "type": kind, "value": value,
            "meta": { "synonyms": ["Other", value], "external_id": ["T1001"] } }] }])
    };
    for (kind, object) in [
        ("threat-actor", "threat-actor"),
        ("mitre-attack-pattern", "attack-pattern"),
        ("mitre-enterprise-attack-intrusion-set", "intrusion-set"),
        ("ransomware", "malware"),
        ("mitre-tool", "tool"),
        ("sector", "identity"),
    ] {
        let attribute = with(attribute(1, "domain", "a.example", true), "Galaxy", galaxy(kind, "Nightjar"));
        let (objects, untold) = written(&event_with(json!({ "Galaxy": galaxy(kind, "Nightjar"), "Attribute": [attribute] })));
        let found: Vec<&Value> = of_kind(&objects, object).into_iter().filter(|object| object["name"] == "Nightjar").collect();
        assert_eq!((found.len(), untold.len()), (1, 0), "{kind}");
        let related = of_kind(&objects, "relationship");
        assert_eq!((&related[0]["relationship_type"], &related[0]["target_ref"]), (&json!("indicates"), &found[0]["id"]));
    }
    // A galaxy for few is what its clusters stand in.
    let closed = with(galaxy("threat-actor", "Nightjar")[0].clone(), "distribution", json!("0"));
    let (objects, _) = written(&event_with(json!({ "Galaxy": [closed] })));
    let marking = of_kind(&objects, "marking-definition").into_iter().find(|marking| marking["name"] == "MISP distribution 0").unwrap();
    assert!(of_kind(&objects, "threat-actor")[0]["object_marking_refs"].as_array().unwrap().contains(&marking["id"]));
    let (_, untold) = written(&event_with(json!({ "Galaxy": galaxy("stix-2.1-wine", "Red") })));
    assert_eq!(untold[0].pointer, "/Event/Galaxy/0/GalaxyCluster/0");
}

#[test]
fn markings_are_those_of_misp_and_never_of_fewer_layers() {
    const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
    const RED: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
    let tag = |name: &str| json!([{ "name": name }]);
    let part = with(attribute(3, "domain", "c.example", true), "object_relation", json!("x"));
    let (objects, untold) = written(&event_with(json!({
        "Tag": [{ "name": "tlp:green" }, { "name": "osint:source-type=\"blog-post\"" }],
        "Attribute": [
            attribute(1, "domain", "a.example", true),
            with(attribute(2, "domain", "b.example", false), "Tag", tag("TLP:RED")),
            with(attribute(4, "text", "for few", false), "distribution", json!("0")),
            with(attribute(5, "text", "nothing more", false), "distribution", json!("3")),
        ],
        "Object": [{ "uuid": uuid(100), "name": "x", "distribution": 1, "Attribute": [with(part, "Tag", tag("nato:x"))] }],
    })));
    assert_eq!(untold.len(), 1, "an object of which its own readers get nothing: {untold:?}");
    let marks = |id: &str| -> Vec<String> {
        let refs = by_id(&objects, id)["object_marking_refs"].as_array().unwrap();
        refs.iter()
            .map(|id| match id.as_str().unwrap() {
                GREEN => "green".to_owned(),
                RED => "red".to_owned(),
                other => by_id(&objects, other)["name"].as_str().unwrap().to_owned(),
            })
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    let of_event = vec!["MISP distribution 3".to_owned(), "green".to_owned()];
    let beside = |more: &str| {
        [more.to_owned()].into_iter().chain(of_event.clone()).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(marks(objects[0]["id"].as_str().unwrap()), of_event);
    assert_eq!(marks(&format!("indicator--{}", uuid(1))), of_event);
    assert_eq!(marks(&format!("note--{}", uuid(5))), of_event, "as far as the event");
    assert_eq!(marks(&format!("observed-data--{}", uuid(2))), beside("red"));
    assert_eq!(marks(&format!("domain-name--{}", uuid(2))), beside("red"));
    assert_eq!(marks(&format!("note--{}", uuid(4))), beside("MISP distribution 0"));
    let of_part = marks(&format!("indicator--{}", uuid(3)));
    assert!(of_part.contains(&"MISP distribution 1".to_owned()) && of_part.contains(&"MISP nato:x".to_owned()), "{of_part:?}");
    assert_eq!(objects[0]["labels"], json!(["osint:source-type=\"blog-post\"", "misp:threat-level=\"medium\""]));
    // Whoever reads the report learns nothing of what is for fewer.
    let refs = objects[0]["object_refs"].as_array().unwrap();
    for hidden in [format!("observed-data--{}", uuid(2)), format!("note--{}", uuid(4)), format!("indicator--{}", uuid(3))] {
        assert!(!refs.contains(&json!(hidden)), "{hidden}");
        assert!(of_kind(&objects, "grouping").iter().any(|grouping| grouping["object_refs"].as_array().unwrap().contains(&json!(hidden))));
    }
}

#[test]
fn what_an_event_does_not_say_of_its_readers_is_not_guessed() {
    for (said, expected) in [
        (json!({ "distribution": "4", "SharingGroup": { "name": "Secret circle" } }), Some("MISP distribution 4")),
        (json!({ "distribution": "5" }), Some("MISP distribution unknown")),
        (json!({ "distribution": "12" }), Some("MISP distribution unknown")),
        (json!({ "distribution": true }), Some("MISP distribution unknown")),
        (json!({ "distribution": 0 }), Some("MISP distribution 0")),
        (json!({ "distribution": null }), None),
        // Tags that cannot be read may restrict.
        (json!({ "Tag": { "name": "tlp:red" } }), Some("MISP distribution unknown")),
        (json!({ "Tag": ["tlp:red"] }), Some("MISP distribution unknown")),
        (json!({ "Tag": [{ "colour": "#ff0000" }] }), Some("MISP distribution unknown")),
        (json!({ "EventTag": [{ "Tag": { "name": "nato:secret" } }] }), Some("MISP distribution 3, nato:secret")),
    ] {
        let (objects, _) = written(&event_with(said.clone()));
        let names: Vec<&str> = of_kind(&objects, "marking-definition").iter().map(|marking| marking["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected.into_iter().collect::<Vec<_>>(), "{said}");
        assert!(!json!(objects).to_string().contains("Secret circle"), "who is in a group is for the group");
    }
}

#[test]
fn an_event_is_the_same_bundle_in_every_file() {
    let event = event_with(json!({ "Attribute": [attribute(1, "domain", "a.example", true), attribute(2, "ip-src", "192.0.2.1", false)] }));
    let write = |text: &str| events(text).unwrap().unwrap()[0].write(&restricts).unwrap().bundle;
    let one = write(&event.to_string());
    assert_eq!(one, write(&json!({ "response": [event] }).to_string()));
    assert_eq!(one, write(&serde_json::to_string_pretty(&event["Event"]).unwrap()));
    // Changed, it has the same ids and a later version of each.
    let mut later = event.clone();
    later["Event"]["timestamp"] = json!("1684400001");
    let (old, new) = (written(&event).0, written(&later).0);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!((&old["id"], &old["created"]), (&new["id"], &new["created"]));
        assert!(old["modified"].is_null() || old["modified"].as_str() < new["modified"].as_str(), "{old}");
    }
}

proptest::proptest! {
    #[test]
    fn no_value_makes_an_object_that_is_none(kind in "[a-zA-Z0-9-]{0,12}|ip-dst\\|port|filename\\|md5|domain\\|ip|AS|url|regkey|mac-address|email-src", value in "\\PC{0,40}", to_ids: bool) {
        written(&event_with(json!({ "Attribute": [attribute(1, &kind, &value, to_ids)] })));
    }
}
