//! What a site withholds beyond the rules, by whole nodes: it reads everybody and everything as they stand, whenever it was put in force.

use relto_node::{NewFile, UserChange};
use relto_sim::site::{Caveat, What, Whom};

use crate::time::Scene;

const NOTHING: [&str; 0] = [];

impl Scene {
    /// Puts in force, so many seconds after the begin, that who is outside of the task force reads nothing of a policy.
    fn forbid(&self, seconds: i64, policy: &'static str) {
        self.forbid_from(seconds, "2026-01-01", policy);
    }

    fn forbid_from(&self, seconds: i64, from: &'static str, policy: &'static str) {
        let level = if policy == "TLP" { "CLEAR" } else { "UNCLASSIFIED" };
        let (whom, what) = (Whom::Outside("JTF-7"), What::AtLeast(policy, level));
        let caveat = Caveat { whom, what, from, until: "2026-06-01T00:00:50Z" };
        let file = NewFile { name: "caveat".to_owned(), text: caveat.text(), table: None, open_up_to: None };
        self.at(seconds).node.node.activate(&file, "test").unwrap();
    }

    /// Gives the witness a spell in the task force, or none.
    fn member(&self, seconds: i64, spell: Option<&str>) {
        let members = Some(spell.into_iter().map(str::to_owned).collect());
        self.at(seconds).node.node.set_user("witness", &UserChange { members, ..UserChange::default() }).unwrap();
    }
}

/// What a caveat lets go, by its date or because it is lifted, is new at that moment.
#[test]
fn what_is_withheld_is_absent_and_new_when_it_is_not() {
    let scene = Scene::new("TLP:CLEAR");
    assert_eq!(scene.added(5, "").len(), 1);
    scene.forbid(10, "TLP");
    assert_eq!(scene.added(11, ""), NOTHING);
    assert_eq!(scene.added(55, "added_after=2026-06-01T00:00:49Z"), ["2026-06-01T00:00:50.000000Z"]);
}

#[test]
fn a_spell_that_was_over_when_it_was_given_counts_for_nothing() {
    let scene = Scene::new("TLP:CLEAR");
    scene.member(5, Some("JTF-7@2030-01-01"));
    scene.forbid(10, "TLP");
    scene.member(30, Some("JTF-7@2020-01-01..2026-06-01T00:00:20Z"));
    assert_eq!(scene.added(31, ""), NOTHING);
    scene.member(32, Some("JTF-7@2026-06-01T00:00:25Z"));
    assert_eq!(scene.added(33, ""), ["2026-06-01T00:00:32.000000Z"]);
}

/// Nobody had that profile while its date passed, so that nothing was evaluated then.
#[test]
fn a_spell_that_ran_out_while_nobody_had_it_counts_for_nothing() {
    let scene = Scene::new("TLP:CLEAR");
    scene.member(5, Some("JTF-7@2020-01-01..2026-06-01T00:00:20Z"));
    scene.forbid(10, "TLP");
    assert_eq!(scene.added(11, "").len(), 1);
    scene.member(12, None);
    scene.member(30, Some("JTF-7@2020-01-01..2026-06-01T00:00:20Z"));
    assert_eq!(scene.added(31, ""), NOTHING);
}

/// Nothing has changed on the node for long: what it knows is of an instant before the caveat's first date.
#[test]
fn a_caveat_is_asked_at_the_time_at_which_it_is_put_in_force() {
    let scene = Scene::new("TLP:CLEAR");
    scene.forbid_from(30, "2026-06-01T00:00:08Z", "TLP");
    assert_eq!(scene.added(31, ""), NOTHING);
}

/// The activation waits for the clock, which stood at the last write, and meanwhile the label becomes another.
#[test]
fn what_changes_while_a_caveat_is_worked_out_counts() {
    let scene = Scene::new("TLP:CLEAR, from 2026-06-01T00:00:30.000020Z NATO UNCLASSIFIED");
    scene.member(30, None);
    scene.forbid(30, "NATO");
    assert_eq!(scene.added(31, ""), NOTHING);
}

#[test]
fn a_label_is_asked_about_as_it_reads() {
    let scene = Scene::new("TLP:CLEAR, from 2026-06-01T00:00:20Z NATO UNCLASSIFIED");
    scene.forbid(10, "NATO");
    assert_eq!(scene.added(19, "").len(), 1);
    assert_eq!(scene.added(21, ""), NOTHING);
}
