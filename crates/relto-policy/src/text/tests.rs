//! Labels in, labels out: what is accepted, what it becomes, what is refused and with which words.

use expect_test::{Expect, expect};

use super::*;

fn context() -> LabelContext {
    LabelContext {
        made: Stamp::parse("2026-11-23").unwrap(),
        owner: "French Node".to_owned(),
        collection: Some("91a7b528-80eb-42ed-a74d-c6fbd5a26116".to_owned()),
    }
}

fn rules() -> Rules {
    Rules { groups: ["JTF-7".to_owned()].into(), ..Rules::builtin().unwrap() }
}

fn read(text: &str) -> Result<Label, LabelError> {
    parse_label(text, &rules(), &context())
}

#[test]
fn what_people_write() {
    for (text, shown) in [
        ("SECRET//REL TO USA, FRA", "SECRET//REL TO USA, FRA"),
        ("secret // rel to usa,fra , gbr", "SECRET//REL TO USA, FRA, GBR"),
        ("SECRET//NOFORN", "SECRET//NOFORN"),
        ("UNCLASSIFIED//REL TO USA, FVEY", "UNCLASSIFIED//REL TO USA, FVEY"),
        ("TOP SECRET//SI/TK//REL TO USA, GBR", "TOP SECRET//SI/TK//REL TO USA, GBR"),
        ("NATO SECRET", "NATO SECRET"),
        ("NATO UNCLASSIFIED", "NATO UNCLASSIFIED"),
        ("NATO RESTRICTED REL TO JPN", "NATO RESTRICTED REL TO JPN"),
        ("NATO RESTRICTED RELEASABLE TO JPN, CHE, JTF-7", "NATO RESTRICTED REL TO CHE, JPN, JTF-7"),
        ("COSMIC TOP SECRET ATOMAL", "NATO TOP SECRET ATOMAL"),
        ("RESTREINT UE/EU RESTRICTED", "EU RESTRICTED"),
        ("EU SECRET REL TO USA", "EU SECRET REL TO USA"),
        ("TLP:CLEAR", "TLP:CLEAR"),
        ("TLP:WHITE", "TLP:CLEAR"),
        ("tlp:amber+strict", "TLP:AMBER+STRICT for French Node; recipients of the collection"),
        ("TLP:AMBER", "TLP:AMBER for French Node; recipients of the collection; their clients"),
        ("TLP:RED", "TLP:RED"),
        ("ORG:French Node; ANSSI", "ORG:ANSSI; French Node"),
        ("NATO SECRET AND TLP:GREEN", "NATO SECRET AND TLP:GREEN"),
        ("NATO COSMIC TOP SECRET", "NATO TOP SECRET"),
        ("SECRET//REL TO USA, FRA, FRA", "SECRET//REL TO USA, FRA"),
    ] {
        assert_eq!(display(&read(text).unwrap_or_else(|error| panic!("{text}: {error}")), &rules().policies), shown, "{text}");
    }
}

/// What is shown can be written again and means the same.
#[test]
fn display_reads_back() {
    for text in ["SECRET//REL TO USA, FRA", "SECRET//NOFORN", "NATO RESTRICTED REL TO JPN", "TLP:GREEN", "EU SECRET AND NATO SECRET"] {
        let label = read(text).unwrap();
        assert_eq!(read(&display(&label, &rules().policies)).unwrap(), label, "{text}");
    }
}

/// What a label asks of its reader, for whoever sets it.
#[test]
fn a_label_says_whom_it_admits() {
    let words = |text: &str| super::rules_in_words(&read(text).unwrap(), &rules(), context().made);
    let nato = words("NATO RESTRICTED REL TO JPN");
    assert_eq!(nato[0], "a clearance `NATO:RESTRICTED`, or for a level above");
    assert!(nato[1].starts_with("Releasable To: JPN, NATO (ALB BEL ") && nato[1].contains(" SWE TUR USA)"), "{nato:?}");
    assert_eq!(
        words("TOP SECRET//SI//NOFORN"),
        ["a clearance `USA:TOP SECRET`, or for a level above", "Releasable To: USA", "the access `SI`"]
    );
    assert_eq!(words("TLP:GREEN"), ["TLP GREEN: everybody who may sign in"]);
    assert_eq!(words("TLP:RED"), ["Addressees: those named for the object"]);
}

#[test]
fn labels_of_one_membership_generation_are_one() {
    let later = LabelContext { made: Stamp::parse("2026-12-24T10:11:12.5Z").unwrap(), ..context() };
    assert_eq!(parse_label("NATO SECRET", &rules(), &later).unwrap().digest(), read("NATO SECRET").unwrap().digest());
    let earlier = LabelContext { made: Stamp::parse("2019-01-01").unwrap(), ..context() };
    assert_ne!(parse_label("NATO SECRET", &rules(), &earlier).unwrap(), read("NATO SECRET").unwrap());
    assert_eq!(
        parse_label("SECRET//REL TO USA, FVEY", &rules(), &earlier).unwrap(),
        read("SECRET//REL TO USA, FVEY").unwrap(),
        "nobody joined or left"
    );
}

#[test]
fn refusals_say_what_would_be_right() {
    fn check(text: &str, message: Expect) {
        message.assert_eq(&read(text).expect_err(text).to_string());
    }
    check(
        "",
        expect![[
            r#"cannot read label ``: write a US label (`SECRET//REL TO USA, FRA`), a NATO or EU label (`NATO SECRET REL TO JPN`), a TLP label (`TLP:AMBER`), organisations (`ORG:A; B`) or the id of a marking-definition"#
        ]],
    );
    check("SECRET", expect![[r#"`SECRET` is not a label that the policy allows: say for whom: add `//NOFORN` or `//REL TO USA, ...`"#]]);
    check("SECRET//REL TO USA, FAR", expect![[r#"unknown nation or group `FAR` in `SECRET//REL TO USA, FAR` (did you mean `FRA`?)"#]]);
    check(
        "SECRET//REL TO USA, QQX",
        expect![[
            r#"unknown nation or group `QQX` in `SECRET//REL TO USA, QQX`: declare a group with `relto group add` or give it to a user with `--member`"#
        ]],
    );
    check(
        "SECRET//REL TO FRA, DEU",
        expect![[r#"`SECRET//REL TO FRA, DEU` is not a label that the policy allows: a US REL TO list begins with USA"#]],
    );
    check(
        "SECRET//REL TO USA",
        expect![[
            r#"`SECRET//REL TO USA` is not a label that the policy allows: REL TO names USA and at least one other; for USA alone write NOFORN"#
        ]],
    );
    check(
        "SECRET//REL TO USA, USA",
        expect![[
            r#"`SECRET//REL TO USA, USA` is not a label that the policy allows: REL TO names USA and at least one other; for USA alone write NOFORN"#
        ]],
    );
    check(
        "SECRET//NOFORN//REL TO USA, FRA",
        expect![[
            r#"`SECRET//NOFORN//REL TO USA, FRA` is not a label that the policy allows: NOFORN and REL TO exclude each other, and each stands once"#
        ]],
    );
    check(
        "SECRET//ORCON//NOFORN",
        expect![[r#"`ORCON` in `SECRET//ORCON//NOFORN` maps to nothing that this node knows, and what does not map is refused"#]],
    );
    check(
        "NATO PURPLE",
        expect![[r#"policy NATO has no level `PURPLE`: it has UNCLASSIFIED, RESTRICTED, CONFIDENTIAL, SECRET, TOP SECRET"#]],
    );
    check(
        "NATO SECRET NOFORN",
        expect![[r#"`NOFORN` in `NATO SECRET NOFORN` maps to nothing that this node knows, and what does not map is refused"#]],
    );
    check(
        "NATO RESTRICTED ATOMAL",
        expect![[
            r#"`NATO RESTRICTED ATOMAL` is not a label that the policy allows: an additional sensitivity needs CONFIDENTIAL or above"#
        ]],
    );
    check("TLP:PURPLE", expect![[r#"policy TLP has no level `PURPLE`: it has CLEAR, GREEN, AMBER, AMBER+STRICT, RED"#]]);
    check(
        "ORG:",
        expect![[
            r#"`ORG:` is not a label that the policy allows: an `ORG:` label names at least one organisation, several with `;` between them"#
        ]],
    );
    check(
        "NATO SECRET REL TO",
        expect![[r#"`REL` in `NATO SECRET REL TO` maps to nothing that this node knows, and what does not map is refused"#]],
    );
}

/// Whoever receives an object is no collection: who else receives from it is no recipient of the originator.
#[test]
fn what_was_received_is_for_its_originator_and_the_receiver() {
    for (text, shown) in [
        ("TLP:AMBER", "TLP:AMBER for ANSSI; French Node"),
        ("TLP:AMBER+STRICT AND NATO SECRET", "NATO SECRET AND TLP:AMBER+STRICT for ANSSI; French Node"),
        ("TLP:GREEN", "TLP:GREEN"),
    ] {
        let received = received_by(read(text).unwrap(), "ANSSI");
        assert_eq!(display(&received, &rules().policies), shown);
        assert_eq!(received_by(received.clone(), "ANSSI"), received);
    }
}
