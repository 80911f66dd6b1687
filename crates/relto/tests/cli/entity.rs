//! What is known of one thing in one place: from what its reader may see, with sources that differ side by side.

use serde_json::{Value as Json, json};

use super::support::{Node, Server};

fn id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

/// An object with `more` properties.
fn object(kind: &str, number: u32, more: Json) -> Json {
    let mut object = json!({"type": kind, "spec_version": "2.1", "id": id(kind, number),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn relationship(number: u32, kind: &str, (from, to): (String, String), more: Json) -> Json {
    let mut relationship = object("relationship", number, json!({"relationship_type": kind, "source_ref": from, "target_ref": to}));
    relationship.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    relationship
}

fn load(node: &Node, label: &str, objects: &[Json]) {
    node.file("bundle.json", json!({"type": "bundle", "id": id("bundle", 1), "objects": objects}).to_string());
    node.ok(&format!("relto load --data $D --collection intel --label '{label}' $F/bundle.json"));
}

fn known(node: &Node, name: &str, what: &str) -> Json {
    node.ok(&format!("relto entity --json --data $D --as {name} {what}")).json()
}

/// What one property of the entries of a part says.
fn each(part: &Json, property: &str) -> Vec<String> {
    part["shown"].as_array().unwrap().iter().map(|entry| entry[property].as_str().unwrap_or_default().to_owned()).collect()
}

/// amelie may have all, nina nothing of NATO.
fn node() -> Node {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET");
    node.user("nina --nation JPN --org 'Org N'");
    node
}

/// A group of two records, from two makers, who differ; and what is secret about it.
fn group() -> Node {
    let node = node();
    let (bear, other, tool) = (id("threat-actor", 1), id("threat-actor", 2), id("tool", 1));
    let (maker, critic) = (id("identity", 1), id("identity", 2));
    load(
        &node,
        "TLP:CLEAR",
        &[
            object("identity", 1, json!({"name": "CERT One", "identity_class": "organization"})),
            object("identity", 2, json!({"name": "CERT Two", "identity_class": "organization"})),
            object("tool", 1, json!({"name": "Tool X"})),
            object(
                "threat-actor",
                1,
                json!({"name": "Fancy Bear", "aliases": ["APT28"], "first_seen": "2015-01-01T00:00:00Z", "created_by_ref": maker,
                    "resource_level": "government"}),
            ),
            object(
                "threat-actor",
                2,
                json!({"name": "fancy  bear", "first_seen": "2014-06-01T00:00:00Z", "created_by_ref": critic,
                    "resource_level": "government", "description": "seen since June"}),
            ),
            relationship(
                1,
                "uses",
                (bear.clone(), tool.clone()),
                json!({"created_by_ref": maker, "start_time": "2020-05-01T00:00:00Z", "description": "It uses Tool X."}),
            ),
            relationship(2, "uses", (other, tool), json!({"created_by_ref": critic, "start_time": "2021-05-01T00:00:00Z"})),
            object(
                "report",
                1,
                json!({"name": "Bears", "published": "2026-02-03T00:00:00Z", "object_refs": [bear, id("relationship", 1)],
                "created_by_ref": maker, "external_references": [{"source_name": "one", "url": "https://one.example/bears"}]}),
            ),
            object(
                "opinion",
                1,
                json!({"opinion": "disagree", "explanation": "It is another tool.", "object_refs": [id("relationship", 1)],
                "created_by_ref": critic}),
            ),
            object("sighting", 1, json!({"sighting_of_ref": bear, "count": 3, "first_seen": "2026-03-01T00:00:00Z"})),
        ],
    );
    load(
        &node,
        "NATO SECRET",
        &[
            object("location", 1, json!({"name": "Base", "country": "FR"})),
            relationship(3, "located-at", (bear, id("location", 1)), json!({"start_time": "2019-01-01T00:00:00Z"})),
        ],
    );
    node
}

fn all_of_it_stands_in_one_place(node: &Node) {
    let of_nina = known(node, "nina", "'ＦＡＮＣＹ bear'");
    assert_eq!(
        (&of_nina["label"], &of_nina["name"], &of_nina["kind"]),
        (&json!("TLP:CLEAR"), &json!("Fancy Bear"), &json!("threat-actor"))
    );
    assert_eq!(each(&of_nina["records"], "id"), [id("threat-actor", 1), id("threat-actor", 2)]);
    assert_eq!(of_nina["aliases"]["shown"], json!(["APT28"]));
    let when: Vec<(String, String)> = each(&of_nina["timeline"], "from").into_iter().zip(each(&of_nina["timeline"], "what")).collect();
    let when: Vec<String> = when.iter().map(|(from, what)| format!("{} {what}", &from[..10])).collect();
    assert_eq!(
        when,
        [
            "2014-06-01 threat-actor “fancy  bear”: first_seen",
            "2015-01-01 threat-actor “Fancy Bear”: first_seen",
            "2020-05-01 Fancy Bear uses Tool X",
            "2021-05-01 fancy  bear uses Tool X",
            "2026-01-01 opinion: disagree",
            "2026-02-03 report “Bears”",
            "2026-03-01 Fancy Bear sighted 3 times",
        ]
    );
    let group = &of_nina["neighbours"]["shown"][0];
    assert_eq!((&group["relationship_type"], each(&group["neighbours"], "name")), (&json!("uses"), vec!["Tool X".to_owned(); 2]));
    assert_eq!(each(&of_nina["sources"], "name"), ["Bears", "CERT Two", "collection `intel`, source not named"]);
    assert_eq!(of_nina["sources"]["shown"][0]["address"], "https://one.example/bears");
    assert_eq!(each(&of_nina["contradictions"], "about"), ["Fancy Bear uses Tool X: start_time", "first_seen", "Fancy Bear uses Tool X"]);
    let opinion = &of_nina["contradictions"]["shown"][2]["sides"];
    assert_eq!(
        (&opinion[0]["quote"], &opinion[0]["source"]["name"], &opinion[1]["quote"], &opinion[1]["source"]["name"]),
        (&json!("It uses Tool X."), &json!("Bears"), &json!("It is another tool."), &json!("CERT Two"))
    );
    let of_amelie = known(node, "amelie", "apt28");
    assert_eq!(of_amelie["label"], "NATO SECRET AND TLP:CLEAR");
    assert!(each(&of_amelie["timeline"], "what").contains(&"Fancy Bear located-at Base".to_owned()));
    assert!(!of_nina.to_string().contains("Base") && !of_nina.to_string().contains("located-at"));
    assert_eq!(each(&known(node, "nina", &format!("--alone {}", id("threat-actor", 2)))["records"], "id"), [id("threat-actor", 2)]);
}

#[test]
fn all_of_it_stands_in_one_place_without_a_server_and_through_one() {
    let node = group();
    all_of_it_stands_in_one_place(&node);
    let server = Server::start(&node);
    all_of_it_stands_in_one_place(&node);
    assert_eq!(server.stop(), Some(0));
    let said = node.ok("relto entity --data $D --as nina --limit 1 Fancy Bear").out;
    for words in
        ["[TLP:CLEAR]\nFancy Bear (threat-actor)", "also called: APT28", "Records (and 1 more)", "--uses--> (and 1 more)", "Contradictions"]
    {
        assert!(said.contains(words), "no {words} in {said}");
    }
}

#[test]
fn what_is_hidden_is_absent_and_what_is_several_is_asked_for() {
    let node = node();
    load(
        &node,
        "TLP:CLEAR",
        &[object("location", 1, json!({"name": "Paris", "country": "FR"})), object("tool", 1, json!({"name": "Paris Two"}))],
    );
    let organisation = object("identity", 1, json!({"name": "PARIS", "identity_class": "organization"}));
    let person = object("identity", 2, json!({"name": "Paris", "identity_class": "individual"}));
    load(&node, "NATO SECRET", &[organisation, person, object("identity", 3, json!({"name": "Hidden"}))]);
    assert_eq!(each(&known(&node, "nina", "paris")["records"], "id"), [id("location", 1)]);
    let ids = [id("location", 1), id("identity", 1), id("identity", 2)];
    let ids: Vec<&str> = ids.iter().map(String::as_str).chain(["`paris` may mean 3 entities", "say which"]).collect();
    node.refused("relto entity --data $D --as amelie paris", 3, &ids);
    node.refused("relto entity --json --data $D --as amelie paris", 3, &[&id("identity", 2)]);
    assert_eq!(each(&known(&node, "amelie", "--kind location paris")["records"], "id"), [id("location", 1)]);
    assert_eq!(each(&known(&node, "amelie", &id("identity", 2))["records"], "id"), [id("identity", 2)]);
    let refused = |what: &str| {
        node.refused(&format!("relto entity --data $D --as nina {what}"), 3, &[&format!("there is no object `{what}` for this user")]);
        node.run(&format!("relto entity --data $D --as nina {what}")).err.replace(what, "WHAT")
    };
    assert_eq!(refused("Hidden"), refused("Absent"));
    assert_eq!(refused(&id("identity", 3)), refused(&id("identity", 4)));
    node.refused("relto entity --data $D --as nina '…'", 3, &["there is no object `…` for this user"]);
    node.refused("relto entity --data $D --as nobody paris", 3, &["no user `nobody`"]);
}

#[test]
fn what_is_said_to_be_a_duplicate_is_the_same_thing() {
    let node = node();
    let ends = |from, to| (id("identity", from), id("identity", to));
    load(
        &node,
        "TLP:CLEAR",
        &[
            object("identity", 1, json!({"name": "One"})),
            object("identity", 2, json!({"name": "Two"})),
            object("identity", 3, json!({"name": "Three"})),
            relationship(1, "duplicate-of", ends(2, 1), json!({})),
            relationship(2, "duplicate-of", ends(3, 1), json!({"revoked": true})),
        ],
    );
    load(&node, "NATO SECRET", &[relationship(3, "duplicate-of", ends(3, 2), json!({}))]);
    assert_eq!(each(&known(&node, "nina", "One")["records"], "name"), ["One", "Two"]);
    assert_eq!(each(&known(&node, "amelie", "One")["records"], "name"), ["One", "Two", "Three"]);
}

#[test]
fn documents_that_say_the_opposite_stand_side_by_side() {
    let node = node();
    node.file("one.txt", "On 17 May 2023 France cooperates with Germany.\n");
    node.file("two.txt", "On 18 June 2023 France does not cooperate with Germany.\n");
    node.ok("relto intake --data $D --collection intel --label TLP:CLEAR $F/one.txt $F/two.txt");
    let france = known(&node, "nina", "france");
    assert_eq!(france["records"]["shown"].as_array().unwrap().len(), 2, "{france:#}");
    let contradiction = &france["contradictions"]["shown"][0];
    let side = |number: usize| (&contradiction["sides"][number]["status"], &contradiction["sides"][number]["quote"]);
    assert_eq!(contradiction["about"], "France cooperates-with Germany", "{france:#}");
    assert_eq!(side(0), (&json!("stated"), &json!("On 17 May 2023 France cooperates with Germany.")));
    assert_eq!(side(1), (&json!("denied"), &json!("On 18 June 2023 France does not cooperate with Germany.")));
    let dated: Vec<String> = each(&france["timeline"], "from");
    assert!(dated.contains(&"2023-05-17".to_owned()) && dated.contains(&"2023-06-18".to_owned()), "{dated:?}");
    let said = node.ok("relto entity --data $D --as nina France").out;
    let row = said.lines().skip_while(|line| !line.contains("one side")).nth(2).unwrap();
    assert_eq!(row.matches("France cooperates-with").count(), 2, "{said}");
}
