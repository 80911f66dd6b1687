//! What documents are read with, decisions on them, reading them again, and stories.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::support::{Node, Server, ids};

const PLAIN: &str = "On 17 May 2023 France signed a declaration with Germany. The subsidies rose by 12 % to 4.5 billion euros.\n";
const NIGHTJAR: &str = "On 18 May 2023 the Nightjar was presented in Brussels with EDA. France leads it.\n";
const NAMES: &str = "name,type,aliases\nProject Nightjar,programme,Nightjar\n";
const AGENCIES: &str = "name,type,aliases\nEstonian Digital Agency,organisation,EDA\n";

/// anna is of the node's organisation; gita may have TLP:GREEN.
fn node() -> Node {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    node.user("gita --nation DEU --org 'Org G'");
    std::fs::create_dir(node.data().with_file_name("in")).unwrap();
    node.file("in/plain.txt", PLAIN);
    node.file("in/nightjar.txt", NIGHTJAR);
    node.file("names.csv", NAMES);
    node.file("agencies.csv", AGENCIES);
    node
}

const TAKE: &str = "relto intake --json --data $D --collection intel --label TLP:GREEN --published 2023-05-19 $F/in";

fn objects(node: &Node, user: &str) -> Vec<Json> {
    let seen = node.ok(&format!("relto export --data $D --as {user}")).json();
    seen["objects"].as_array().cloned().unwrap_or_default()
}

/// The last version of each object that is not revoked, by what it is called.
fn named(node: &Node, user: &str) -> BTreeSet<String> {
    let live = objects(node, user).into_iter().filter(|object| object["revoked"] != true);
    live.filter_map(|object| ["name", "title"].iter().find_map(|name| object[*name].as_str().map(str::to_owned))).collect()
}

fn report_of(node: &Node, words: &str) -> String {
    let all = objects(node, "anna");
    let report = all.iter().find(|object| object["type"] == "report" && object["name"].as_str().unwrap().contains(words));
    report.unwrap()["id"].as_str().unwrap().to_owned()
}

fn again(node: &Node, more: &str) -> (u64, u64) {
    let report = node.ok(&format!("relto intake again --json --data $D {more}")).json();
    (report["touched"].as_u64().unwrap(), report["changed"].as_u64().unwrap())
}

#[test]
fn what_is_wrong_in_a_list_is_named_and_changes_nothing() {
    let node = node();
    node.file("bad.csv", "name,type,aliases\nProject Nightjar,programme,N\nParis,town,\n");
    let line = "relto intake list add --data $D names $F/bad.csv";
    node.refused(line, 1, &["line 2, column aliases: `N` is too short", "line 3, column type: `town` is no type"]);
    node.refused("relto intake list add --data $D --label 'NO SUCH' names $F/names.csv", 1, &["NO SUCH"]);
    node.refused("relto intake list add --data $D --label TLP:RED names $F/names.csv", 1, &["consents or addressees"]);
    node.refused("relto intake list remove --data $D names", 3, &["there is no list `names`"]);
    node.refused("relto intake --data $D --collection intel --with names $F/in", 3, &["there is no list `names`"]);
    assert_eq!(node.ok("relto intake list ls --json --data $D").json(), Json::Array(Vec::new()));
    node.ok("relto intake list add --data $D --label TLP:GREEN names $F/names.csv");
    let list = node.ok("relto intake list ls --json --data $D").json();
    assert_eq!((&list[0]["name"], &list[0]["kind"], &list[0]["label"]), (&"names".into(), &"names".into(), &"TLP:GREEN".into()));
    assert!(node.ok("relto intake list ls --data $D").out.contains("TLP:GREEN"));
    // What takes its place has its label, unless another is given.
    node.ok("relto intake list add --data $D names $F/names.csv");
    assert_eq!(node.ok("relto intake list ls --json --data $D").json()[0]["label"], "TLP:GREEN");
    node.ok("relto intake list add --data $D --label TLP:CLEAR names $F/names.csv");
    assert_eq!(node.ok("relto intake list ls --json --data $D").json()[0]["label"], "TLP:CLEAR");
    assert_eq!(node.run("relto intake --data $D --collection intel --names $F/names.csv $F/in").code, Some(2), "a list has a label");
}

#[test]
fn a_document_is_read_with_what_all_its_readers_may_see() {
    let (with, without) = (node(), node());
    with.ok("relto intake list add --data $D --label 'ORG:French Node' names $F/names.csv");
    let said = with.ok(TAKE);
    assert!(said.err.contains("the list `names` is for fewer than the documents"), "{said:?}");
    without.ok(TAKE);
    // What readers get does not depend on a list that some of them may not see: not even for those who may.
    for user in ["gita", "anna"] {
        assert_eq!(objects(&with, user), objects(&without, user), "{user}");
    }
    assert!(!named(&with, "anna").contains("Project Nightjar"));
    // For fewer, it is read with it: by label, or because somebody asks for it, and then all of it is for fewer.
    let (labelled, asked) = (node(), node());
    for node in [&labelled, &asked] {
        node.ok("relto intake list add --data $D --label 'ORG:French Node' names $F/names.csv");
    }
    labelled.ok(&TAKE.replace("TLP:GREEN", "'ORG:French Node'"));
    asked.ok(&TAKE.replace("--json", "--with names"));
    for node in [&labelled, &asked] {
        assert!(named(node, "anna").contains("Project Nightjar"));
        assert_eq!(objects(node, "gita"), Vec::<Json>::new());
    }
    // Without a label a list has that of what comes with none, which is the node's own.
    let default = node();
    default.ok("relto intake list add --data $D names $F/names.csv");
    assert_eq!(default.ok("relto intake list ls --json --data $D").json()[0]["label"], "ORG:French Node");
}

fn a_change_is_read_again(node: &Node) {
    let first = objects(node, "gita");
    node.ok("relto intake list add --data $D --label TLP:GREEN names $F/names.csv");
    // Taken in again, it stays as it is and says so.
    let stays = node.ok(TAKE).json();
    assert!(stays["notes"].to_string().contains("relto intake again"), "{stays}");
    assert_eq!(again(node, "--dry-run"), (1, 1), "what would be read again is one document of two");
    assert_eq!(objects(node, "gita"), first, "a dry run changes nothing");
    assert_eq!(again(node, ""), (1, 1));
    assert_eq!(again(node, ""), (0, 0), "and then nothing is left to do");
    assert!(named(node, "gita").contains("Project Nightjar"));
    let report = report_of(node, "Nightjar");
    let version = |of: &str| objects(node, "gita").into_iter().find(|object| object["id"] == *of).unwrap()["modified"].clone();
    assert_ne!(version(&report), "2023-05-19T00:00:00.000Z");
    let unchanged = |object: &&Json| !object.to_string().contains("Nightjar");
    let after = objects(node, "gita");
    assert!(first.iter().filter(unchanged).filter(|object| object["type"] != "report").all(|object| after.contains(object)));
    // What is no longer said is revoked.
    node.ok("relto intake list remove --data $D names");
    assert_eq!(again(node, ""), (1, 1));
    assert!(!named(node, "gita").contains("Project Nightjar"));
    assert!(objects(node, "gita").iter().any(|object| object["revoked"] == true && object.to_string().contains("Project Nightjar")));
    assert_eq!(node.ok("relto intake list ls --json --data $D").json(), Json::Array(Vec::new()));
}

#[test]
fn a_change_of_lists_reads_again_what_it_touches() {
    let node = node();
    node.ok(TAKE);
    a_change_is_read_again(&node);
}

#[test]
fn the_same_through_a_server() {
    let node = node();
    let server = Server::start(&node);
    node.ok(TAKE);
    a_change_is_read_again(&node);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_list_for_fewer_touches_nothing() {
    let node = node();
    node.ok(TAKE);
    let before = objects(&node, "anna");
    node.ok("relto intake list add --data $D --label 'ORG:French Node' names $F/names.csv");
    assert_eq!(again(&node, ""), (0, 0));
    assert_eq!(objects(&node, "anna"), before);
    // Once the document is for fewer itself, it is read with the list, and stays for fewer.
    let report = report_of(&node, "Nightjar");
    node.ok(&format!("relto label set --data $D {report} 'ORG:French Node' --reason narrower"));
    assert_eq!(again(&node, ""), (1, 1));
    assert!(named(&node, "anna").contains("Project Nightjar") && !named(&node, "gita").contains("Project Nightjar"));
}

#[test]
fn decisions_hold_and_survive() {
    let node = node();
    node.ok("relto intake list add --data $D --label TLP:GREEN agencies $F/agencies.csv");
    node.ok(TAKE);
    let open = node.ok("relto intake open --json --data $D").json();
    assert_eq!((open.as_array().unwrap().len(), &open[0]["name"]), (1, &"EDA".into()), "{open}");
    let report = open[0]["report"].as_str().unwrap().to_owned();
    assert!(node.ok("relto intake open --data $D").out.contains("European Defence Agency:organisation"));
    let place = |words: &str| NIGHTJAR.find(words).map(|from| format!("{from}-{}", from + words.len())).unwrap();
    assert_eq!(open[0]["spans"][0], serde_json::json!([NIGHTJAR.find("EDA").unwrap(), NIGHTJAR.find("EDA").unwrap() + 3]));
    let correct = |more: &str| format!("relto intake correct --data $D {report} {more}");
    node.refused(&correct("--accept 0-2='Nobody'"), 1, &["no name there waits"]);
    node.refused(&correct(&format!("--accept '{}=Nobody'", place("EDA"))), 1, &["none of what `EDA` may mean", "Estonian Digital Agency"]);
    node.refused(&correct("--reject 9-9999"), 1, &["`9-9999` is no place"]);
    node.refused(&correct(&format!("--name '{}=Nightjar'", place("Nightjar"))), 1, &["no name with a type"]);
    node.refused(&correct("--merge 'France=Nobody'"), 3, &["names no `Nobody`"]);
    node.refused(
        &correct("").replace(&report, "report--bbbbbbbb-0000-4000-8000-000000000001 --reject 1-2"),
        3,
        &["no document was taken in"],
    );
    node.file("bad.csv", "act,what,name\nguess,1-2,x\n");
    node.refused(&correct("--file $F/bad.csv"), 1, &["bad.csv: line 2: `guess` is no decision"]);
    assert_eq!(node.run(&correct("")).code, Some(2));
    // One from the command line, the others from a file.
    node.ok(&correct(&format!("--accept '{}=European Defence Agency'", place("EDA"))));
    let more = format!("act,what,name\nname,{},Project Nightjar:programme\nreject,{},\n", place("Nightjar"), place("Brussels"));
    node.file("more.csv", more);
    node.ok(&correct("--file $F/more.csv"));
    assert_eq!(again(&node, ""), (1, 1));
    let names = named(&node, "gita");
    assert!(names.contains("European Defence Agency") && names.contains("Project Nightjar") && !names.contains("Brussels"), "{names:?}");
    assert_eq!(node.ok("relto intake open --json --data $D").json(), Json::Array(Vec::new()));
    // A name that was given is one for other documents.
    node.file("later.txt", "On 1 June 2023 the Nightjar ended.\n");
    node.ok("relto intake --data $D --collection intel --label TLP:GREEN --published 2023-06-02 $F/later.txt");
    let later = report_of(&node, "ended");
    assert!(
        objects(&node, "gita").iter().any(|object| object["id"] == *later && object["object_refs"].to_string().contains("programme--"))
    );
    // Two things are one; and without the decisions all is as it was.
    let id = objects(&node, "gita").into_iter().find(|object| object["name"] == "European Defence Agency").unwrap()["id"].clone();
    node.ok(&correct(&format!("--merge '{}=Project Nightjar'", id.as_str().unwrap())));
    again(&node, "");
    assert!(!named(&node, "gita").contains("European Defence Agency"));
    node.ok(&format!("relto intake list remove --data $D {report}"));
    again(&node, "");
    assert_eq!(node.ok("relto intake open --json --data $D").json().as_array().unwrap().len(), 1);
    assert!(named(&node, "gita").contains("Brussels"));
}

/// A text of enough words to be told from others.
fn story(first: &str) -> String {
    let sentence =
        |number: usize| format!("In month {number} the commission of the harbour reported {} ships of {} flags. ", number * 17, number * 3);
    format!("{first} {}", (1..12).map(sentence).collect::<String>())
}

fn stories_of(node: &Node, user: &str) -> Json {
    node.ok(&format!("relto intake stories --json --data $D --as {user}")).json()
}

#[test]
fn a_story_has_the_documents_that_somebody_may_see() {
    let node = node();
    let take = |name: &str, text: String, day: u32, label: &str| {
        node.file(name, text);
        node.ok(&format!("relto intake --data $D --collection intel --label {label} --published 2023-05-{day} $F/{name}"));
    };
    take("first.txt", story("The harbour opens."), 11, "'ORG:French Node'");
    take("second.txt", story("A harbour opened this week."), 12, "TLP:GREEN");
    take("third.txt", story("A harbour opened this week."), 13, "TLP:GREEN");
    take("other.txt", PLAIN.to_owned(), 14, "TLP:GREEN");
    let (all, some) = (stories_of(&node, "anna"), stories_of(&node, "gita"));
    let count =
        |stories: &Json| stories.as_array().unwrap().iter().map(|story| story["documents"].as_array().unwrap().len()).collect::<Vec<_>>();
    assert_eq!((count(&all), count(&some)), (vec![3], vec![2]));
    assert_eq!(some[0]["documents"][1]["copy"], "exact", "{some}");
    assert_eq!(some[0]["documents"][0]["copy"], Json::Null, "what is hidden is no origin");
    assert_eq!(all[0]["documents"][1]["copy"], "near", "{all}");
    // The same from a node that never had the hidden one.
    let twin = self::node();
    for (name, day) in [("second.txt", 12), ("third.txt", 13), ("other.txt", 14)] {
        std::fs::copy(node.data().with_file_name(name), twin.data().with_file_name(name)).unwrap();
        twin.ok(&format!("relto intake --data $D --collection intel --label TLP:GREEN --published 2023-05-{day} $F/{name}"));
    }
    assert_eq!(stories_of(&twin, "gita"), some);
    assert!(node.ok("relto intake stories --data $D --as gita").out.contains("exact, 100 % of report--"));
    node.refused("relto intake stories --data $D --as nobody", 3, &["there is no user `nobody`"]);
    // A story goes to those who may see all of its documents.
    let id = |stories: &Json| stories[0]["id"].as_str().unwrap().to_owned();
    let publish =
        |user: &str, story: &str| format!("relto intake stories --json --data $D --as {user} --publish {story} --collection intel");
    node.refused(&publish("gita", &id(&all)), 3, &["`gita` sees no story"]);
    node.ok(&publish("anna", &id(&all)));
    node.ok(&publish("gita", &id(&some)));
    let campaigns = |user: &str| -> BTreeSet<String> {
        let campaigns = objects(&node, user).into_iter().filter(|object| object["type"] == "campaign");
        campaigns.map(|campaign| campaign["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(campaigns("anna"), BTreeSet::from([id(&all), id(&some)]));
    assert_eq!(campaigns("gita"), BTreeSet::from([id(&some)]));
    let seen = node.ok("relto export --data $D --as gita").json();
    let there = ids(&seen);
    let ends = seen["objects"].as_array().unwrap().iter().filter(|object| object["type"] == "relationship");
    let ends: Vec<String> = ends
        .flat_map(|object| [object["source_ref"].clone(), object["target_ref"].clone()])
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    assert!(!ends.is_empty() && ends.iter().all(|id| there.contains(id)), "every report that a story refers to is there");
}

/// Readers of a story learn nothing of documents that only its publisher sees.
#[test]
fn a_story_is_published_as_it_is_without_other_documents() {
    let node = node();
    let other: String =
        (1..14).map(|number| format!("The {number} yards of the northern coast ask for {} welders. ", number * 7)).collect();
    let take = |name: &str, text: &str, day: u32, label: &str| {
        node.file(name, text);
        node.ok(&format!("relto intake --data $D --collection intel --label {label} --published 2023-05-{day} $F/{name}"));
    };
    take("first.txt", &story("A harbour opened."), 11, "TLP:GREEN");
    take("hidden.txt", &other, 12, "'ORG:French Node'");
    take("both.txt", &format!("{}\n{other}", story("A harbour opened.")), 13, "TLP:GREEN");
    let (all, some) = (stories_of(&node, "anna"), stories_of(&node, "gita"));
    assert_eq!((all.as_array().unwrap().len(), some.as_array().unwrap().len()), (2, 1), "{all}");
    assert!(all.to_string().contains("\"is_stitched\":true") && !some.to_string().contains("\"is_stitched\":true"));
    node.ok(&format!("relto intake stories --data $D --as anna --publish {} --collection intel", some[0]["id"].as_str().unwrap()));
    let seen = node.ok("relto export --data $D --as gita").out;
    assert!(seen.contains("campaign--") && !seen.contains("another story"), "{seen}");
}

#[test]
fn items_of_a_feed_are_documents_of_their_own() {
    let node = node();
    let item = |number: usize, text: &str| {
        format!(
            "<item><title>Harbour</title><guid>{number}</guid><pubDate>Wed, 17 May 2023 0{number}:30:00 GMT</pubDate><description>{text}</description></item>"
        )
    };
    let text = story("A harbour opened this week.");
    let feed =
        format!("<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{}{}</channel></rss>", item(1, &text), item(2, &text));
    node.file("feed.xml", feed);
    node.ok("relto intake --data $D --collection intel --label TLP:GREEN $F/feed.xml");
    let stories = stories_of(&node, "gita");
    assert_eq!(stories[0]["documents"].as_array().unwrap().len(), 2, "{stories}");
    node.ok(&format!("relto intake stories --data $D --as gita --publish {} --collection intel", stories[0]["id"].as_str().unwrap()));
    let seen = node.ok("relto export --data $D --as gita").json();
    let copies: Vec<&Json> =
        seen["objects"].as_array().unwrap().iter().filter(|object| object["relationship_type"] == "duplicate-of").collect();
    assert_eq!(copies.len(), 1);
    assert!(ids(&seen).contains(copies[0]["target_ref"].as_str().unwrap()) && copies[0]["source_ref"] != copies[0]["target_ref"]);
}
