//! Every shipped folder, and folders with one thing wrong.

use super::*;

fn document() -> Folder {
    shipped().find(|folder| folder.name == "document").unwrap()
}

/// A shipped folder under a name and an id of its own.
fn own(name: &str) -> Folder {
    let replace = |bytes: &Bytes| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let text = text.replace("extension-definition--8c9d1f60", "extension-definition--9c9d1f60");
        Bytes::from(text.replace("\"document\"", &format!("\"{name}\"")).replace("document--2f6c", &format!("{name}--2f6c")))
    };
    let Folder { definition, schema, example, display, .. } = document();
    Folder { name: name.to_owned(), definition: replace(&definition), schema: replace(&schema), example: replace(&example), display }
}

#[test]
fn shipped_kinds_hold() {
    let kinds = Kinds::default().with(shipped()).unwrap();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
    let wanted =
        ["capability", "document", "event", "information-request", "information-response", "instrument", "label", "label-statement"];
    for name in wanted.into_iter().chain(["programme", "warning"]) {
        assert!(names.contains(&name), "{name} is not shipped");
    }
    assert_eq!(Kinds::builtin().iter().count(), shipped().count());
    for kind in kinds.iter() {
        let example = Object::parse(kind.example.clone(), &kinds).unwrap();
        assert_eq!(example.warnings(), &[] as &[&str], "{}", kind.name);
        let properties = kind.schema().pointer("/properties").unwrap().as_object().unwrap();
        for name in properties.keys() {
            assert!(crate::rules::is_property_name(name) && name.len() <= 30, "{}: {name} (STIX 2.1, section 3.1)", kind.name);
        }
        let Display { title, summary, columns, timeline, .. } = &kind.display;
        let spans = timeline.iter().flat_map(|span| [Some(&span.from), span.until.as_ref()]);
        let named = [title.as_ref(), summary.as_ref()].into_iter().chain(columns.iter().map(Some)).chain(spans).flatten();
        for name in named.filter(|_| kind.class.is_some()) {
            assert!(properties.contains_key(name), "{}: display names `{name}`, which the schema does not", kind.name);
        }
    }
}

/// Ids are for ever: an object that was exchanged names them.
#[test]
fn ids_are_fixed() {
    let fixed = [
        ("capability", "f4b1c2de-5a0e-4d3c-8f62-0b9e7a6c1d25"),
        ("document", "8c9d1f60-2e47-4b7a-a1c3-5d6e0f92b814"),
        ("event", "1b7e6a93-94cf-4f05-bd28-c3a07e5d4f61"),
        ("information-request", "47bc4aaa-1f47-49ed-8dde-e4698d28164b"),
        ("information-response", "611bf446-c96e-4089-8e0b-8053ad53864f"),
        ("instrument", "5e02c7b4-d86a-4139-9e5f-2a4f81c6d0b7"),
        ("label", "6c1f3fc4-6d7f-5c5b-9d3a-52d2a1b0c7e1"),
        ("label-statement", "5b0f2f4e-7d1c-4a86-9a53-0e6c1f9d3b27"),
        ("programme", "a36d90f8-17b5-4c62-8d0b-e91f53c274a8"),
        ("warning", "d7c85e1a-60f3-4e98-b14d-793a2c6f08e5"),
    ];
    for (name, uuid) in fixed {
        assert_eq!(Kinds::builtin().get(name).unwrap().id().uuid(), uuid, "{name}");
    }
    let ids: std::collections::BTreeSet<String> = Kinds::builtin().iter().map(|kind| kind.id().to_string()).collect();
    assert_eq!(ids.len(), Kinds::builtin().iter().count());
}

#[test]
fn schemas_refuse_with_a_pointer() {
    for (name, pointer, change) in [
        ("warning", "/probability", serde_json::json!(1.5)),
        ("warning", "/exposures/0/rank", serde_json::json!(0)),
        ("document", "/publisher_ref", serde_json::json!("location--2f6c7d0e-8a15-4e0b-9f3d-61c2b7a4e590")),
        ("event", "/start_time", serde_json::json!("yesterday")),
        ("information-request", "/state", serde_json::json!("late")),
        ("information-response", "/request_ref", serde_json::json!("report--2f6c7d0e-8a15-4e0b-9f3d-61c2b7a4e590")),
    ] {
        let kinds = Kinds::builtin();
        let mut value: Value = serde_json::from_slice(&kinds.get(name).unwrap().example).unwrap();
        *value.pointer_mut(pointer).unwrap() = change;
        let error = Object::parse(value.to_string().into(), &kinds).unwrap_err();
        assert_eq!((error.pointer.as_str(), error.section), (pointer, "7.3"), "{error}");
        assert!(Object::parse(value.to_string().into(), &Kinds::default()).is_ok(), "{name} is unknown there");
    }
    let label = Kinds::builtin().get("label").unwrap().example.clone();
    let wrong = String::from_utf8(label.to_vec()).unwrap().replace("\"tag\"", "\"set\"");
    let error = Object::parse(wrong.into(), &Kinds::builtin()).unwrap_err();
    assert!(
        error.pointer.starts_with("/extensions/extension-definition--6c1f3fc4-6d7f-5c5b-9d3a-52d2a1b0c7e1/policies/0/permissive/0"),
        "{error}"
    );
}

/// Another community's kind of the same name is judged by its own extension, which this node need not know.
#[test]
fn the_same_word_elsewhere() {
    let text = r#"{"type":"event","spec_version":"2.1","id":"event--73d1a5c8-0e4b-4a6f-8b92-d5f06c3e1a47",
        "created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","what":"theirs"EXTENSION}"#;
    let theirs = r#","extensions":{"extension-definition--00000000-0000-4000-8000-000000000001":{"extension_type":"new-sdo"}}"#;
    let parse = |extension: &str| Object::parse(text.replace("EXTENSION", extension).into(), &Kinds::builtin());
    assert!(parse(theirs).is_ok());
    assert!(parse("").unwrap_err().message.contains("required"));
}

#[test]
fn folders_of_a_site() {
    let kinds = Kinds::builtin().with([own("dossier")]).unwrap();
    assert_eq!(kinds.get("dossier").unwrap().class, Some(Class::Sdo));
    assert!(Kinds::builtin().get("dossier").is_none());
    let wrong = |change: fn(&mut Folder)| {
        let mut folder = own("dossier");
        change(&mut folder);
        Kinds::builtin().with([folder]).unwrap_err().to_string()
    };
    assert!(wrong(|folder| folder.schema = Bytes::from_static(b"{\"type\":5}")).contains("schema.json"));
    assert!(wrong(|folder| folder.schema = Bytes::from_static(b"{\"type\"")).contains("schema.json"));
    assert!(wrong(|folder| folder.display = Bytes::from_static(b"{}")).contains("display.json"));
    assert!(wrong(|folder| folder.definition = Bytes::from_static(b"{}")).contains("extension-definition.json: needs `type`"));
    assert!(wrong(|folder| folder.example = document().example).contains("example.json"));
    assert!(wrong(|folder| folder.name = "malware".to_owned()).contains("already"));
    assert!(wrong(|folder| *folder = document()).contains("already"));
    assert!(wrong(|folder| folder.name = "Dossier".to_owned()).contains("no object type"));
}
