//! The page on which labels are made: what it offers, what it says of a label, and that there is none for anybody else.

use axum::http::StatusCode;

use crate::harness::{TestNode, id, identity};
use crate::people::{HOSTILE, Visitor, is_tame, text};

/// `page` without the token that each session has for its forms.
fn without_token(page: &str) -> String {
    let (before, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[test]
fn choices_become_a_label_with_its_readers() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let asked = text(&olga.get("/label/?policy=NATO&level=SECRET&value=Releasable+To%3DJPN"));
    is_tame(&asked);
    assert!(asked.contains("<code class=\"secret\">NATO SECRET REL TO JPN</code>"), "{asked}");
    assert!(asked.contains("value=\"SECRET\" checked") && asked.contains("value=\"Releasable To=JPN\" checked"), "{asked}");
    let table = asked.split_once("<tbody>").unwrap().1;
    for (name, gets) in [("anna", true), ("olga", true), ("berta", false), ("carl", false), ("otto", false)] {
        let row = table.split_once(&format!("<bdi>{name}</bdi>")).unwrap().1.split_once("</tr>").unwrap().0;
        assert_eq!((row.contains("class=\"gets\""), row.contains("class=\"misses\"")), (gets, !gets), "{name}: {row}");
    }
    assert!(asked.contains("the highest clearance") || asked.contains("clearance for NATO SECRET"), "the rule is named: {asked}");
    // The US form of a NATO label is refused with a reason, or says what it is; of a US label there is one.
    let american = text(&olga.get("/label/?policy=USA&level=SECRET&value=Releasable+To%3DFRA"));
    assert_eq!(american.matches("<code class=\"secret\">SECRET//REL TO USA, FRA</code>").count(), 2, "{american}");
}

#[test]
fn what_is_not_allowed_is_said_beside_the_choice() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let page = text(&olga.get("/label/?policy=NATO&level=RESTRICTED"));
    let of_atomal = page.split_once("value=\"Additional Sensitivity=ATOMAL\"").unwrap().1.split_once("</label>").unwrap().0;
    assert!(of_atomal.contains("an additional sensitivity needs CONFIDENTIAL or above"), "{of_atomal}");
    let refused = text(&olga.get("/label/?policy=NATO&level=RESTRICTED&value=Additional+Sensitivity%3DATOMAL"));
    assert!(refused.contains("class=\"trouble\"") && !refused.contains("<tbody>"), "{refused}");
    // What was chosen of another policy counts for nothing in this one.
    let other = text(&olga.get("/label/?policy=TLP&level=SECRET&value=Releasable+To%3DJPN"));
    assert!(!other.contains("checked") && other.contains("class=\"empty\""), "{other}");
    for (asked, why) in
        [("text=NATO+SECRT", "has no level"), ("text=marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "cannot read label")]
    {
        let page = text(&olga.get(&format!("/label/?{asked}")));
        assert!(page.contains(why), "{asked}: {page}");
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("text", HOSTILE).append_pair("policy", HOSTILE).finish();
    is_tame(&text(&olga.get(&format!("/label/?{query}"))));
}

#[test]
fn another_label_says_who_gains_and_who_loses_and_changes_nothing() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[identity(1, 1)]);
    let olga = Visitor::new(&node, "olga");
    let page = text(&olga.get(&format!("/label/?object={}&text=NATO+UNCLASSIFIED", id(1))));
    let change = page.split_once("aria-labelledby=\"change\"").unwrap().1.split_once("</section>").unwrap().0;
    let (gained, lost) = change.split_once("Would lose it").unwrap();
    assert!(gained.contains("<bdi>berta</bdi>") && gained.contains("<bdi>otto</bdi>") && !gained.contains("anna"), "{change}");
    assert!(lost.contains("Nobody"), "{change}");
    assert!(page.contains("<code>NATO SECRET AND TLP:GREEN</code>"), "its label now: {page}");
    let narrower = text(&olga.get(&format!("/label/?object={}&text=ORG%3ANode+Org", id(1))));
    let change = narrower.split_once("Would lose it").unwrap().1.split_once("</section>").unwrap().0;
    assert!(change.contains("<bdi>anna</bdi>") && !change.contains("<bdi>olga</bdi>"), "{change}");
    let after = text(&olga.get(&format!("/label/?object={}", id(1))));
    assert!(after.contains("<code>NATO SECRET AND TLP:GREEN</code>"), "nothing has changed: {after}");
    assert_eq!(node.get("berta", &format!("/taxii2/main/collections/open/objects/{}/", id(1))).status, StatusCode::NOT_FOUND);
}

/// For others there is no such page, and no object but what an officer sees and the node's own organisation wrote.
#[test]
fn the_desk_is_for_officers_and_about_their_own() {
    let node = TestNode::new();
    node.load("open", "TLP:CLEAR", &[identity(1, 1)]);
    node.load("open", "ORG:Org A", &[identity(2, 1)]);
    for name in ["anna", "carl", "otto"] {
        let visitor = Visitor::new(&node, name);
        let absent = without_token(&text(&visitor.get("/objects/indicator--00000000-0000-4000-8000-00000000dead/")));
        for path in ["/label/".to_owned(), "/label/?policy=NATO&level=SECRET".to_owned(), format!("/label/?object={}", id(1))] {
            let answer = visitor.get(&path);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
            assert_eq!(without_token(&text(&answer)), absent, "{name}");
        }
        assert!(!text(&visitor.get("/me/")).contains("href=\"/label/\""), "{name} is not led there");
    }
    let olga = Visitor::new(&node, "olga");
    assert!(text(&olga.get("/me/")).contains("href=\"/label/\""));
    assert_eq!(olga.get(&format!("/label/?object={}", id(1))).status, StatusCode::OK);
    let answers = [id(2), id(3), "no id".to_owned(), "../1".to_owned()].map(|object| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("object", &object).finish();
        let answer = olga.get(&format!("/label/?{query}"));
        (answer.status, text(&answer))
    });
    for answer in &answers {
        assert_eq!(answer, &answers[1], "hidden, absent and none are one");
    }
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
}
