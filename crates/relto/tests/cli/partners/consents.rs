//! Consents between real processes: announced, asked for, granted, passed on, withdrawn.

use serde_json::Value as Json;

use super::{Nation, comes_true, numbers};
use crate::support::indicator_id;

const ORCON: &str = "NATO SECRET AND HANDLING:ORCON American Node";

impl Nation {
    fn requests(&self) -> Vec<Json> {
        self.node.ok("relto consent requests --data $D --json").json().as_array().unwrap().clone()
    }

    /// Asks, and returns the number once `asked` has it.
    fn asks(&self, asked: &Self, what: &str) -> String {
        let number = self.node.ok(&format!("relto consent request --data $D {what} --reason 'a joint assessment'")).last().to_owned();
        let has_it = || asked.requests().iter().any(|request| request["id"] == number.as_str());
        comes_true(has_it, || format!("{} was not asked; {}", asked.name, self.links()));
        number
    }
}

#[test]
fn one_is_asked_for_granted_passed_on_and_withdrawn() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    let germany = Nation::new("German Node", "DEU");
    america.load([1], ORCON);
    america.load([2], "NATO SECRET");
    let announce = format!("relto consent announce --data $D {} --name 'Gallium supply' --label 'NATO SECRET'", indicator_id(1));
    let notice = america.node.ok(&announce).last().to_owned();
    america.meets(&france, "");
    france.meets(&america, "--pull");
    france.meets(&germany, "");
    // Germany fetches nothing from America, and knows its key.
    germany.meets(&america, "");
    germany.meets(&france, "--pull");
    let with_notice = |of: &[u32]| numbers(of.iter().copied()).into_iter().chain([notice.clone()]).collect();
    france.comes_to_see(&with_notice(&[2]));

    // What it does not see it can ask for, since that was announced.
    let number = france.asks(&america, &notice);
    let grant = |number: &str| {
        let line = format!("relto consent grant --data $D {number} --by 'Anna Martin' --reference 2026/119 --json");
        assert_eq!(america.node.ok(&line).json()["versions"], 1);
    };
    grant(&number);
    france.comes_to_see(&with_notice(&[1, 2]));
    germany.comes_to_see(&with_notice(&[2]));

    // What it sees it can ask for on behalf of somebody else, to whom it goes on.
    let number = france.asks(&america, &format!("{} --to 'German Node'", indicator_id(1)));
    grant(&number);
    germany.comes_to_see(&with_notice(&[1, 2]));
    comes_true(|| france.requests().iter().all(|request| request["granted"] == true), || format!("{:?}", france.requests()));
    let explained = germany.node.ok(&format!("relto consent list --data $D {}", indicator_id(1))).out;
    assert!(explained.contains("American Node as originator") && !explained.contains("Anna Martin"), "{explained}");

    let withdraw = format!("relto consent remove --data $D {} --of 'American Node' --to 'German Node'", indicator_id(1));
    america.node.ok(&withdraw);
    germany.comes_to_see(&with_notice(&[2]));
    france.comes_to_see(&with_notice(&[1, 2]));
}

#[test]
fn what_cannot_be_asked_or_answered_is_refused() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.meets(&france, "");
    france.meets(&america, "--pull");
    america.load([1], "NATO SECRET");
    france.load([2], "NATO SECRET");
    france.comes_to_see(&numbers([1, 2]));
    let request = |what: &str| format!("relto consent request --data $D {what} --reason why");
    france.node.refused(&request(&indicator_id(1)), 1, &["no label of", "asks for the consent of American Node"]);
    france.node.refused(&request(&indicator_id(2)), 1, &["this node's own organisation"]);
    france.node.refused(&request(&indicator_id(3)), 3, &["no object"]);
    france.node.refused(&request(&format!("{} --of 'Third Org'", indicator_id(1))), 1, &["no confirmed partner"]);
    france.node.refused(&request(&format!("{} --to user:reader", indicator_id(1))), 1, &["is an account of this node"]);
    france.node.refused("relto consent grant --data $D 17 --by a --reference b", 3, &["there is no request `17`"]);
    france.node.refused("relto consent refuse --data $D 17 --reason b", 3, &["there is no request `17`"]);
    let announce = |number| format!("relto consent announce --data $D {} --name A --label 'NATO SECRET'", indicator_id(number));
    france.node.refused(&announce(1), 1, &["not of this node's own organisation"]);
    france.node.refused(&announce(2).replace("NATO SECRET", "NATO SECRT"), 1, &["SECRT"]);

    // A refusal comes back with its reason.
    america.load([4], "NATO SECRET AND HANDLING:ORCON American Node");
    let announce = format!("relto consent announce --data $D {} --name A --label 'NATO SECRET'", indicator_id(4));
    let notice = america.node.ok(&announce).last().to_owned();
    france.comes_to_see(&numbers([1, 2]).into_iter().chain([notice.clone()]).collect());
    let number = france.asks(&america, &notice);
    america.node.ok(&format!("relto consent refuse --data $D {number} --reason 'not before the exercise'"));
    comes_true(|| france.requests()[0]["answer"] == "not before the exercise", || format!("{:?}", france.requests()));
}
