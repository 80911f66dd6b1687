//! Labels bound to documents, and keys that sign it, as an originator and a receiver meet them: no node, no data directory.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value as Json, json};

use super::support::{Node, Said};

const LABEL: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";

fn label(root: &str, class: &str) -> String {
    format!(
        "<{root} xmlns='{LABEL}' ReviewDateTime='2030-01-01T00:00:00Z'>\n<ConfidentialityInformation>\
         <PolicyIdentifier>NATO</PolicyIdentifier><Classification>{class}</Classification></ConfidentialityInformation>\
         <CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime></{root}>"
    )
}

/// A folder with a document, labels and the keys of two originators.
fn folder() -> Node {
    let node = Node::none();
    node.file("report.pdf", b"%PDF-1.7 \x00\xff");
    node.file("other.pdf", "other");
    node.file("label.xml", label("originatorConfidentialityLabel", "SECRET"));
    node.file("lower.xml", label("originatorConfidentialityLabel", "RESTRICTED"));
    node.ok("relto key make $F/fra.key");
    node.ok("relto key make $F/usa.key");
    node
}

const SIGNED: &str = "--key $F/fra.key --originator 'French Node'";
const TRUST: &str = "--trust 'French Node'=$F/fra.key.pub --trust 'US Node'=$F/usa.key.pub";

fn says(said: &Said, words: &str) {
    let reasons = said.json()["reasons"].as_array().cloned().unwrap();
    assert!(reasons.iter().filter_map(Json::as_str).any(|reason| reason.contains(words)), "{reasons:#?}\nlacks {words}");
}

#[test]
fn a_key_pair_is_made_once_and_for_its_owner() {
    let node = Node::none();
    let made = node.ok("relto key make $F/a.key");
    assert_eq!((made.last().len(), made.last().chars().all(|c| c.is_ascii_hexdigit())), (64, true), "{made:?}");
    let folder = node.data().parent().unwrap().to_owned();
    let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("a.key"), 0o600);
    assert!(std::fs::read_to_string(folder.join("a.key.pub")).unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
    let private = std::fs::read(folder.join("a.key")).unwrap();
    node.refused("relto key make $F/a.key", 1, &["there is a file", "already"]);
    assert_eq!(std::fs::read(folder.join("a.key")).unwrap(), private);
    node.file("b.key.pub", "mine");
    node.refused("relto key make $F/b.key --json", 1, &["b.key.pub"]);
    assert!(!folder.join("b.key").exists(), "half a pair");
    let made = node.ok("relto key make $F/c.key --json").json();
    assert!(made["id"].as_str().unwrap().len() == 64 && made["public"].as_str().unwrap().ends_with("c.key.pub"), "{made}");
    node.refused("relto key make $F/none/d.key", 1, &["cannot be written"]);
}

#[test]
fn what_was_signed_verifies_in_every_form() {
    let node = folder();
    for (form, options, data) in [
        ("encapsulating", "--content-type application/pdf", ""),
        ("encapsulating", "", "--data $F/report.pdf"),
        ("detached", "--uri report.pdf", "--data $F/report.pdf"),
        ("rest", "", "--data $F/report.pdf"),
    ] {
        let made = node.ok(&format!(
            "cd $F && rm -f a.bdo a.dsse && relto bind report.pdf --label label.xml --form {form} {options} {SIGNED} --output a.bdo --statement a.dsse"
        ));
        assert!(made.out.contains("wrote the binding a.bdo") && made.err.contains("a.dsse"), "{made:?}");
        let said = node.ok(&format!("relto bind --check $F/a.bdo {data} --statement $F/a.dsse {TRUST} --json"));
        let answer = said.json();
        assert_eq!((&answer["verified"], &answer["signature"]), (&json!(true), &json!("none")), "{form}: {answer}");
        assert_eq!(answer["bindings"][0]["labels"][0]["label"], "NATO SECRET");
        assert_eq!((&answer["statement"]["originator"], &answer["statement"]["document"]), (&json!("French Node"), &json!("report.pdf")));
        says(&said, "met: binding 1: `French Node` put this label on this data");
        let shown = node.ok(&format!("relto bind --check $F/a.bdo {data} --statement $F/a.dsse {TRUST}")).out;
        assert!(shown.contains("NATO SECRET") && shown.ends_with("\nverified\n"), "{shown}");
        let claim = node.ok(&format!("relto bind --check $F/a.bdo {data} --json"));
        assert_eq!(claim.json()["verified"], false, "{form}: a claim");
        says(&claim, "nobody vouches");
    }
}

#[test]
fn the_statement_stands_beside_the_document() {
    let node = folder();
    let made = node.ok(&format!("relto bind $F/report.pdf --label $F/label.xml {SIGNED}"));
    assert!(made.out.starts_with("<mb:BindingInformation") && made.err.contains("report.pdf.dsse.json"), "{made:?}");
    node.refused(
        &format!("relto bind $F/report.pdf --label $F/label.xml {SIGNED} --output $F/b.bdo"),
        1,
        &["report.pdf.dsse.json", "already"],
    );
    let folder = node.data().parent().unwrap().to_owned();
    assert!(!folder.join("b.bdo").exists(), "both or none");
    let made = node.ok("relto bind $F/report.pdf --label $F/label.xml --form rest --json").json();
    assert!(made["binding"].as_str().unwrap().starts_with("Binding-Data: binding-type=\""), "{made}");
    assert_eq!((&made["output"], &made["statement"]), (&json!(null), &json!(null)));
}

/// Each is an answer, with exit code 1: options of the check, and what is said.
#[test]
fn what_does_not_verify() {
    let node = folder();
    let detached = "--form detached --uri report.pdf";
    node.ok(&format!("cd $F && relto bind report.pdf --label label.xml {detached} {SIGNED} --output a.bdo --statement a.dsse"));
    node.ok(&format!("cd $F && relto bind report.pdf --label lower.xml {detached} --output lower.bdo"));
    node.ok(&format!("cd $F && relto bind report.pdf --label label.xml {SIGNED} --output inside.bdo --statement inside.dsse"));
    let forged = "--key usa.key --originator 'French Node' --output forged.bdo --statement forged.dsse";
    node.ok(&format!("cd $F && relto bind report.pdf --label label.xml {forged}"));
    node.ok("sed 's/\"keyid\":\"[0-9a-f]*\"/\"keyid\":\"\"/' $F/a.dsse > $F/nameless.dsse");
    node.ok("sed 's/\"payload\":\"ey/\"payload\":\"fy/' $F/a.dsse > $F/changed.dsse");
    let fra = "--trust 'French Node'=$F/fra.key.pub";
    for (line, words) in [
        (format!("a.bdo --data $F/other.pdf --statement $F/a.dsse {fra}"), "about other content: it names `report.pdf` with other bytes"),
        (format!("lower.bdo --data $F/report.pdf --statement $F/a.dsse {fra}"), "binds another label"),
        ("a.bdo --data $F/report.pdf --statement $F/a.dsse --trust 'US Node'=$F/usa.key.pub".to_owned(), "no signature names a key"),
        ("a.bdo --data $F/report.pdf --statement $F/a.dsse --trust 'US Node'=$F/fra.key.pub".to_owned(), "speaks for `French Node`"),
        (format!("inside.bdo --statement $F/forged.dsse {TRUST}"), "speaks for `French Node`"),
        (format!("a.bdo --data $F/report.pdf --statement $F/nameless.dsse {fra}"), "no signature names a key"),
        (format!("a.bdo --data $F/report.pdf --statement $F/changed.dsse {fra}"), "is false"),
        (format!("a.bdo --statement $F/a.dsse {fra}"), "give it with --data"),
        (format!("inside.bdo --data $F/other.pdf --statement $F/inside.dsse {fra}"), "two different contents"),
        ("inside.bdo --data $F/other.pdf".to_owned(), "is not the file given with --data"),
    ] {
        let said = node.run(&format!("relto bind --check $F/{line} --json"));
        assert_eq!(
            (said.code, &said.json()["verified"], &said.json()["statement"]),
            (Some(1), &json!(false), &json!(null)),
            "{line}: {said:?}"
        );
        says(&said, words);
        let shown = node.run(&format!("relto bind --check $F/{line}"));
        assert!(shown.code == Some(1) && shown.out.ends_with("\nnot verified\n"), "{shown:?}");
    }
}

#[test]
fn an_xml_signature_is_named_and_never_counts() {
    let node = folder();
    node.ok(&format!("cd $F && relto bind report.pdf --label label.xml {SIGNED} --output a.bdo --statement a.dsse"));
    node.ok("sed 's/<mb:MetadataBindingContainer>/<ds:Signature xmlns:ds=\"http:\\/\\/www.w3.org\\/2000\\/09\\/xmldsig#\"\\/>&/' $F/a.bdo > $F/s.bdo");
    let said = node.run("relto bind --check $F/s.bdo --json");
    let answer = said.json();
    assert_eq!((said.code, &answer["verified"], &answer["signature"]), (Some(1), &json!(false), &json!("xml-dsig-not-verified")));
    says(&said, "signed with XML-DSig, which this release does not verify");
    let said = node.ok(&format!("relto bind --check $F/s.bdo --statement $F/a.dsse {TRUST} --json"));
    assert_eq!((&said.json()["verified"], &said.json()["signature"]), (&json!(true), &json!("xml-dsig-not-verified")));
}

#[test]
fn what_is_refused_says_what_to_do() {
    let node = folder();
    node.file("alternative.xml", label("alternativeConfidentialityLabel", "SECRET"));
    node.file("legacy.xml", label("ConfidentialityLabel", "SECRET"));
    node.file("two.bdo", "<a/>");
    node.file("header.txt", "Binding-Data: binding-type=\"urn:nato:stanag:4778:bindinginformation:1:0 binding-data-object=\"AA==\"");
    node.ok("cp $F/fra.key $F/open.key && chmod 644 $F/open.key");
    node.ok("cd $F && relto bind report.pdf --label label.xml --output a.bdo");
    for (line, code, words) in [
        ("$F/none.pdf --label $F/label.xml", 3, "none.pdf: cannot be read"),
        ("$F/none.pdf --label $F/label.xml --form detached --uri a", 3, "none.pdf: cannot be read"),
        ("$F/report.pdf --label $F/none.xml", 3, "none.xml: cannot be read"),
        ("$F/report.pdf --label $F/alternative.xml", 1, "does not decide"),
        ("$F/report.pdf --label $F/legacy.xml --json", 1, "is a legacy root"),
        ("$F/report.pdf --label $F/label.xml --content-type pdf", 1, "is no media type"),
        ("$F/report.pdf --label $F/label.xml --form detached --uri 'my report.pdf'", 1, "is no URI"),
        ("$F/report.pdf --label $F/label.xml --uri a", 2, "--uri is for --form detached"),
        ("$F/report.pdf --label $F/label.xml --form rest --content-type a/b", 2, "leave --content-type out"),
        ("$F/report.pdf --label $F/label.xml --statement $F/s", 2, "there is no key"),
        ("$F/report.pdf --label $F/label.xml --output $F/a.bdo", 1, "there is a file"),
        ("$F/report.pdf --label $F/label.xml --key $F/open.key --originator A", 1, "chmod 600"),
        ("$F/report.pdf --label $F/label.xml --key $F/label.xml --originator A", 1, "label.xml"),
        ("$F/report.pdf --label $F/label.xml --key $F/fra.key --originator ''", 1, "the originator's name"),
        ("--check $F/two.bdo", 1, "two.bdo: 1:1: `a`: of namespace `` is no binding"),
        ("--check $F/header.txt --json", 1, "the binding-type is another"),
        ("--check $F/a.bdo --statement $F/a.bdo", 2, "nobody is trusted"),
        ("--check $F/a.bdo --statement $F/a.bdo --trust A=$F/fra.key.pub", 1, "no signed envelope"),
    ] {
        node.refused(&format!("relto bind {line}"), code, &[words]);
    }
    node.ok(&format!("cd $F && relto bind report.pdf --label label.xml {SIGNED} --statement a.dsse > $F/b.bdo"));
    for (trust, code, words) in [
        ("$F/fra.key.pub", 2, "--trust names nobody"),
        ("A=$F/fra.key", 1, "not the public key"),
        ("A=$F/fra.key.pub --trust B=$F/fra.key.pub", 1, "is pinned for `A` already"),
        ("=$F/fra.key.pub", 1, "the name is empty"),
        ("A=$F/none.pub", 3, "none.pub: cannot be read"),
    ] {
        node.refused(&format!("relto bind --check $F/b.bdo --statement $F/a.dsse --trust {trust}"), code, &[words]);
    }
    for line in ["bind", "bind $F/report.pdf", "bind $F/report.pdf --label $F/label.xml --form detached", "key"] {
        assert_eq!(node.run(&format!("relto {line}")).code, Some(2), "{line}");
    }
    for (form, example) in [("bind", "relto bind --check"), ("key make", "relto key make /srv")] {
        assert!(node.ok(&format!("relto {form} --help")).out.contains(example), "{form}");
    }
}
