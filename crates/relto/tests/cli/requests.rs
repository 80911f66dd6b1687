//! Requests for information as people ask and answer them: between real processes, without a server, and with what is wrong.

use serde_json::Value as Json;

use crate::partners::{Nation, comes_true};
use crate::support::{Node, Server, bundle, indicator, indicator_id};

impl Nation {
    /// With somebody who asks and answers.
    fn with_analyst(name: &'static str, nation: &'static str) -> Self {
        let own = Self::new(name, nation);
        own.node.user(&format!("anna --nation {nation} --org '{name}' --role contributor"));
        own
    }

    fn asked(&self) -> Vec<Json> {
        self.node.ok("relto request list --data $D --as anna --all --json").json().as_array().unwrap().clone()
    }

    /// Waits until the only request that its analyst sees is as it should be.
    fn comes_to_list(&self, is_so: impl Fn(&Json) -> bool) -> Json {
        comes_true(|| matches!(self.asked().as_slice(), [one] if is_so(one)), || format!("{:?}; {}", self.asked(), self.links()));
        self.asked().remove(0)
    }
}

#[test]
fn a_partner_is_asked_and_answers_and_a_third_learns_nothing() {
    let france = Nation::with_analyst("French Node", "FRA");
    let (germany, america) = (Nation::with_analyst("German Node", "DEU"), Nation::with_analyst("American Node", "USA"));
    for (one, other) in [(&france, &germany), (&germany, &france), (&france, &america), (&america, &france)] {
        one.meets(other, "--pull");
    }
    let ask = "relto request ask --data $D --as anna --collection intel --to 'German Node' --due 2099-01-01";
    let asked = france.node.ok(&format!("{ask} 'Who operates 192.0.2.7?'"));
    assert!(asked.out.contains("with the label ORG:French Node; German Node"), "{asked:?}");
    let request = asked.last();
    let listed = germany.comes_to_list(|_| true);
    assert_eq!(
        (listed["id"].as_str(), listed["asked_by"].as_str(), listed["overdue"].as_bool()),
        (Some(request), Some("French Node"), Some(false))
    );
    let shown = germany.node.ok("relto request list --data $D --as anna").out;
    assert!(shown.contains("Who operates 192.0.2.7?") && shown.contains("French Node") && shown.contains(request), "{shown}");

    germany.load([7], "TLP:GREEN");
    let answer = format!("relto request answer --data $D --as anna {request}");
    let answered = germany.node.ok(&format!("{answer} --with {} --note 'Rented since May.'", indicator_id(7)));
    let listed = france.comes_to_list(|request| request["answers"].as_array().unwrap().len() == 1);
    assert_eq!((&listed["answers"][0]["answered_by"], &listed["answers"][0]["outcome"]), (&"German Node".into(), &"answered".into()));
    assert_eq!(
        (&listed["answers"][0]["objects"][0], listed["answers"][0]["id"].as_str()),
        (&indicator_id(7).into(), Some(answered.last()))
    );
    assert!(france.node.ids("anna").contains(&indicator_id(7)));
    let shown = france.node.ok("relto request list --data $D --as anna").out;
    assert!(shown.contains("German Node: answered: Rented since May.") && shown.contains(&indicator_id(7)), "{shown}");

    germany.node.refused(&format!("relto request close --data $D --as anna {request}"), 1, &["only `French Node` may close"]);
    france.node.ok(&format!("relto request close --data $D --as anna {request} --reason 'known now'"));
    germany.comes_to_list(|request| request["state"] == "closed" && request["close_reason"] == "known now");
    germany.node.refused(&format!("{answer} --nothing"), 1, &["is closed"]);
    assert!(germany.node.ok("relto request list --data $D --as anna").out.contains("nothing is asked"));

    // What came of it is what comes last: that America has it, and nothing of the question, means that nothing else was under way.
    france.load([9], "TLP:GREEN");
    comes_true(|| america.sees().contains(&indicator_id(9)), || america.links());
    assert!(america.asked().is_empty());
    assert!(!america.node.ids("anna").iter().any(|id| id.starts_with("information-")));
}

/// Everything on one node.
fn on_one_node(node: &Node) {
    node.user("anna --nation FRA --org 'French Node' --role contributor");
    node.user("ben --nation FRA --org 'Other Org' --role contributor");
    node.file("one.json", bundle(&[indicator(1)]));
    node.ok("relto load --data $D --collection intel --label 'ORG:Other Org' $F/one.json");
    let ask = "relto request ask --data $D --as anna --collection intel";
    let request = node.ok(&format!("{ask} --label TLP:GREEN --description 'seen twice' 'Who was it?' --json")).json();
    assert_eq!((&request["labels"]["intel"], &request["warnings"]), (&"TLP:GREEN".into(), &serde_json::json!([])));
    let request = request["id"].as_str().unwrap();
    let answer = |user: &str| format!("relto request answer --data $D --as {user} {request}");
    node.ok(&format!("{} --with {}", answer("ben"), indicator_id(1)));
    node.ok(&format!("{} --decline --note 'ask again'", answer("ben")));
    let answers = |user: &str| {
        let listed = node.ok(&format!("relto request list --data $D --as {user} --json")).json();
        listed[0]["answers"].as_array().unwrap().iter().map(|answer| answer["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(answers("ben"), ["answered", "declined"]);
    assert_eq!(answers("anna"), ["declined"], "an answer with an object that is withheld from her is none");
    let log = node.ok("relto log --data $D --last 1").out;
    assert!(log.contains("request answer") && log.contains("ben") && log.contains(request), "{log}");
    node.ok(&format!("relto request close --data $D --as anna {request}"));
    assert_eq!(node.ok("relto request list --data $D --as anna --json").json(), serde_json::json!([]));
}

#[test]
fn requests_work_without_a_server_and_through_one() {
    on_one_node(&Node::new());
    let node = Node::new();
    let server = Server::start(&node);
    on_one_node(&node);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_cannot_be_is_refused_with_a_next_step() {
    let (france, germany) = (Nation::with_analyst("French Node", "FRA"), Nation::with_analyst("German Node", "DEU"));
    france.meets(&germany, "");
    let node = &france.node;
    node.ok("relto collection add --data $D other");
    node.user("rene --nation FRA --org 'French Node'");
    let ask = "relto request ask --data $D --as anna --collection intel --to 'German Node'";
    node.refused(&format!("{ask} --label 'NATO SECRETS' why --json"), 1, &["no level"]);
    node.refused(&format!("{ask} --label 'SECRET//NOFORN' why"), 1, &["would not reach `German Node`", "German Node: ", "--label"]);
    node.refused(&format!("{ask} --due soon why"), 1, &["`--due soon` is no date"]);
    node.refused(&format!("{ask} --due 2020-01-01 why"), 1, &["`--due 2020-01-01` has passed"]);
    node.refused(&format!("{ask} --to Nobody why"), 3, &["there is no partner `Nobody`", "relto partner list"]);
    let other = ask.replace("intel", "other");
    node.refused(&format!("{other} why"), 1, &["agreement with `German Node` is not about collection `other`", "relto partner add"]);
    node.refused(&format!("{} why", ask.replace("intel", "none")), 3, &["no collection `none`"]);
    node.refused(&format!("{} why", ask.replace("anna", "rene")), 1, &["`rene` may not write", "contributor"]);
    node.refused(&format!("{} why", ask.replace("anna", "nobody")), 3, &["there is no user `nobody`"]);
    node.refused(&format!("{} why", ask.replace("anna", "'German Node'")), 1, &["`German Node` is a partner"]);
    let absent = "information-request--00000000-0000-4000-8000-000000000001";
    let answer = format!("relto request answer --data $D --as anna {absent}");
    node.refused(&format!("{answer} --nothing"), 3, &["there is no object", "relto request list"]);
    node.refused(&format!("{} --nothing", answer.replace("information-request", "report")), 1, &["is no information request"]);
    node.refused(&format!("{answer} --with nonsense"), 1, &["`nonsense` is not an object id"]);
    node.refused(&format!("relto request close --data $D --as anna {absent}"), 3, &["there is no object"]);
    for usage in [&answer, &format!("{answer} --nothing --decline"), &format!("{answer} --with {absent} --nothing"), &format!("{ask} ''")] {
        assert_eq!(node.run(usage).code, Some(2), "{usage}");
    }
}
