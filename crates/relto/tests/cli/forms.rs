//! Every form of the command line as it is documented, without a server and with one.

use crate::support::{Node, Server, bundle, indicator, indicator_id};

/// All forms, in the order in which a new user comes to them. The last line of those that make something is that, alone.
fn every_form(node: &Node) {
    let id = node.ok("relto collection add --data $D reports --title 'Reports' --label 'NATO RESTRICTED' --read-only");
    assert_eq!(id.last().len(), 36, "{id:?}");
    assert_eq!(id.last().split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id:?}");
    node.ok("relto collection add --data $D drop --write-only");
    let token = node.ok(
        "relto user add --data $D amelie --nation FRA --nation GBR --org 'French Node' --member TF7@2026-01-01..2099-12-31 \
         --member TF8@2026-01-01 --member TF9 --clearance NATO:SECRET@2099-01-01 --clearance EU:RESTRICTED --access ATOMAL --role operator",
    );
    assert!(token.last().len() >= 32 && !token.last().contains(' '), "{token:?}");
    let rotated = node.ok("relto user rotate-token --data $D amelie");
    assert!(rotated.last().len() >= 32 && rotated.last() != token.last(), "{rotated:?}");
    node.ok("relto user set --data $D amelie --nation FRA --clearance NATO:SECRET --role reader");
    node.ok("relto user disable --data $D amelie");
    node.ok("relto user enable --data $D amelie");
    node.file("one.json", bundle(&[indicator(1), indicator(2)]));
    node.file("two.json", bundle(&[indicator(3)]));
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' --label-date 2026-01-01 $F/one.json $F/two.json");
    let set = node.ok(&format!("relto label set --data $D {} TLP:GREEN --reason 'public now'", indicator_id(1)));
    assert!(set.out.contains("TLP:GREEN"), "{set:?}");
    let explained = node.ok(&format!("relto explain --data $D {} --as amelie", indicator_id(2)));
    assert!(explained.out.contains("released to amelie") && explained.out.contains("clearance for NATO SECRET"), "{explained:?}");
    assert_eq!(node.ok("relto export --data $D --as amelie --collection intel").json()["objects"].as_array().unwrap().len(), 3);
    node.ok("relto export --data $D --as amelie");
    node.ok("relto group add --data $D JTF-7");
    node.ok("relto equivalence add --data $D NATO:SECRET USA:SECRET");
    node.ok("relto equivalence remove --data $D NATO:SECRET USA:SECRET");
    node.ok("relto label default --data $D TLP:GREEN");
    assert!(node.ok("relto label default --data $D").out.contains("get `TLP:GREEN`"), "shown, and left as it is");
    assert!(node.ok("relto label default --data $D --reset").out.contains("poster's organisation"));
    let label = node.ok("relto label check --data $D 'secret//rel to usa, fra'").out;
    assert!(label.starts_with("SECRET//REL TO USA, FRA\n  a clearance `USA:SECRET`"), "{label}");
    node.ok("relto collection set --data $D intel --title Intelligence --recipient 'US Node' --recipient 'US Node=Client'");
    node.ok("relto collection set --data $D intel --no-recipient");
    let doctor = node.ok("relto doctor --data $D");
    assert!(!doctor.out.contains("wrong"), "{doctor:?}");
}

#[test]
fn every_form_works_without_a_server() {
    every_form(&Node::new());
}

#[test]
fn every_form_works_through_a_running_server() {
    let node = Node::new();
    let server = Server::start(&node);
    every_form(&node);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_lists_speaks_to_people_and_machines() {
    let node = Node::new();
    every_form(&node);
    for verb in ["user list", "collection list", "group list", "equivalence list", "log", "doctor"] {
        assert!(!node.ok(&format!("relto {verb} --data $D")).out.contains('\u{1b}'), "colour where no terminal reads it");
        assert!(node.ok(&format!("relto {verb} --data $D --json")).json().is_array(), "{verb}");
    }
    assert!(!node.ok("relto user list --data $D --json").out.contains("token"));
    let made = node.ok("relto user add --data $D --json ben --nation USA --org 'US Node'").json();
    assert!(made["token"].as_str().unwrap().len() >= 32);
    let made = node.ok("relto collection add --data $D --json more").json();
    assert_eq!(made["id"].as_str().unwrap().len(), 36);
    assert_eq!(node.ok("RELTO_DATA=$D relto user list --json").json(), node.ok("relto user list --data $D --json").json());
}

#[test]
fn the_log_tells_what_was_done_and_never_a_token() {
    let node = Node::new();
    let token = node.user("amelie --nation FRA --org 'French Node'");
    let log = node.ok("relto log --data $D").out;
    assert!(log.contains("init") && log.contains("user add") && log.contains("amelie") && !log.contains(&token), "{log}");
    assert_eq!(node.ok("relto log --data $D --last 1 --json").json().as_array().unwrap().len(), 1);
}

#[test]
fn a_token_is_stored_nowhere() {
    let node = Node::new();
    let token = node.user("amelie --nation FRA --org 'French Node'");
    for entry in std::fs::read_dir(node.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            assert!(!content.windows(token.len()).any(|window| window == token.as_bytes()), "{}", path.display());
        }
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let node = Node::none();
    let help = node.ok("relto --help").out;
    assert!(help.contains("Exit codes:") && help.contains("relto"), "{help}");
    for (verb, example) in [
        ("init", "relto init"),
        ("user add", "relto user add --data"),
        ("collection add", "NATO SECRET"),
        ("load", "SECRET//REL TO USA, FRA"),
        ("serve", "/taxii2/"),
        ("explain", "relto explain --data"),
        ("export", "relto export --data"),
        ("label set", "TLP:AMBER+STRICT"),
        ("tearline", "--reviewed-by"),
        ("doctor", "relto doctor --data"),
    ] {
        let help = node.ok(&format!("relto {verb} --help")).out;
        assert!(help.contains(example), "{verb}: {help}");
    }
    assert_eq!(node.run("relto frobnicate").code, Some(2));
    assert_eq!(node.run("relto user add --data $D").code, Some(2));
    assert!(node.ok("relto --version").out.starts_with("relto "));
}

#[test]
fn completions_are_for_every_shell() {
    let node = Node::none();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(node.ok(&format!("relto completions {shell}")).out.contains("explain"), "{shell}");
    }
    node.ok("relto completions bash > $F/relto.bash && bash -c \". $F/relto.bash && complete -p relto\"");
}

#[test]
fn whoever_closes_the_pipe_has_read_enough() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    node.file("many.json", bundle(&(1..2_000).map(indicator).collect::<Vec<_>>()));
    node.ok("relto load --data $D --collection intel --label TLP:GREEN $F/many.json");
    let said = node.ok("relto export --data $D --as amelie | head -c 100");
    assert!(said.err.is_empty(), "{said:?}");
}
