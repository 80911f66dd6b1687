//! Markings in, meaning out.

use relto_model::Stamp;
use serde_json::json;

use super::*;
use crate::text::display;

fn read(id: &str, definition: Option<Json>) -> MarkingReading {
    let context = LabelContext { made: Stamp::parse("2026-11-23").unwrap(), owner: "Owner".to_owned(), collection: None };
    let id = ObjectId::parse(id).unwrap();
    read_markings([&id], &|_| definition.clone(), &Rules::builtin().unwrap(), &context)
}

fn shown(reading: &MarkingReading) -> String {
    reading.label.as_ref().map_or_else(|| "unmarked".to_owned(), |label| display(label, &Rules::default().policies))
}

const OTHER: &str = "marking-definition--11111111-1111-4111-8111-111111111111";

fn tlp2(word: &str) -> Json {
    json!({"type": "marking-definition", "extensions": {TLP2_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": word}}})
}

fn tlp1(word: &str) -> Json {
    json!({"type": "marking-definition", "definition_type": "tlp", "definition": {"tlp": word}})
}

#[test]
fn a_predefined_id_means_what_the_id_means() {
    let green = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
    let white = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    assert_eq!(shown(&read(green, None)), "TLP:GREEN");
    assert_eq!(shown(&read(green, Some(tlp2("green")))), "TLP:GREEN");
    assert_eq!(shown(&read(green, Some(tlp2("clear")))), "ORG:Owner");
    assert_eq!(shown(&read(green, Some(json!({"type": "marking-definition"})))), "ORG:Owner");
    assert_eq!(shown(&read(white, Some(tlp1("white")))), "TLP:CLEAR");
    let synonym = read("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Some(tlp1("white")));
    assert_eq!((shown(&synonym).as_str(), synonym.notes.len()), ("TLP:CLEAR", 1));
    let wrong_field = json!({"definition_type": "TLP:GREEN", "definition": {}});
    assert_eq!(shown(&read(green, Some(wrong_field))), "TLP:GREEN");
    let wrong_name = json!({"name": "TLP:CLEAR", "extensions": {TLP2_EXTENSION: {"tlp_2_0": "green"}}});
    assert_eq!(shown(&read(green, Some(wrong_name))), "ORG:Owner");
}

#[test]
fn what_is_not_understood_withholds_and_says_so() {
    for (definition, part) in [
        (None, "unknown marking"),
        (Some(tlp2("clear")), "fixed id"),
        (Some(tlp1("white")), "fixed id"),
        (Some(json!({"definition_type": "iep", "definition": {}})), "iep"),
        (Some(json!({"extensions": {"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce": {}}})), "extension"),
        (Some(json!({"definition_type": "statement", "extensions": {"x": {}}, "definition": {"statement": "s"}})), "statement"),
    ] {
        let reading = read(OTHER, definition.clone());
        assert_eq!(shown(&reading), "ORG:Owner", "{definition:?}");
        assert!(reading.notes[0].contains(part) && reading.notes[0].contains("withheld from all but Owner"), "{:?}", reading.notes);
    }
}

#[test]
fn statements_leave_an_object_unmarked() {
    let statement = json!({"definition_type": "statement", "definition": {"statement": "Copyright"}});
    assert_eq!(read(OTHER, Some(statement)).label, None);
}

#[test]
fn own_extension_carries_the_lattice() {
    let marking = |policies: Json| json!({"created": "2026-01-01T00:00:00.000Z", "extensions": {LABEL_EXTENSION: {"policies": policies}}});
    for (policies, expected) in [
        (json!([{"policy": "NATO", "classification": "SECRET"}]), "NATO SECRET for everybody cleared"),
        (json!([{"policy": "NATO", "classification": "UNCLASSIFIED"}]), "NATO UNCLASSIFIED for everybody"),
        (
            json!([{"policy": "nato", "classification": "secret", "permissive": [{"tag": "Releasable To", "values": ["NATO", "JPN"]}],
                "restrictive": [{"tag": "Additional Sensitivity", "values": ["ATOMAL"]}]}]),
            "NATO SECRET ATOMAL REL TO JPN",
        ),
        (json!([{"policy": "ORG", "permissive": [{"tag": "Organisations", "values": ["A", "B"]}]}]), "ORG:A; B"),
        (
            json!([{"policy": "USA", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": []}]}]),
            "SECRET for nobody",
        ),
        (
            json!([{"policy": "EU", "classification": "SECRET"}, {"policy": "TLP", "classification": "GREEN"}]),
            "EU SECRET for everybody cleared AND TLP:GREEN",
        ),
        (json!([{"policy": "ORG", "permissive": [{"tag": "Organisations", "values": []}]}]), "ORG:nobody"),
    ] {
        assert_eq!(shown(&read(OTHER, Some(marking(policies.clone())))), expected, "{policies}");
    }
    let red = read(OTHER, Some(marking(json!([{"policy": "TLP", "classification": "RED"}]))));
    assert_eq!(shown(&red), "TLP:RED");
    // A colour of PAP asks for what PAP says, whatever the author left out.
    let pap = read(OTHER, Some(marking(json!([{"policy": "PAP", "classification": "RED"}]))));
    assert_eq!(pap.label, Some(crate::worlds::pap::read("PAP:RED").unwrap().label));
    for bad in [
        json!([]),
        json!("NATO SECRET"),
        json!([{"policy": "MOON", "classification": "SECRET"}]),
        json!([{"policy": "NATO", "classification": "PURPLE"}]),
        json!([{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["XYZ"]}]}]),
        json!([{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Liked By", "values": ["FRA"]}]}]),
        json!([{"policy": "NATO", "classification": "SECRET", "restrictive": [{"tag": "Informative", "values": ["ATOMAL"]}]}]),
        json!([{"policy": "NATO", "classification": "SECRET", "audience": []}]),
        json!([{"policy": "ORG"}]),
        json!([{"policy": "ORG", "permissive": []}]),
        json!([{"policy": "NATO", "classification": "SECRET", "permissive": []}]),
        json!([{"policy": "ORG", "permissive": [{"tag": "Organisations", "values": ["A"], "except": ["B"]}]}]),
    ] {
        assert_eq!(shown(&read(OTHER, Some(marking(bad.clone())))), "ORG:Owner", "{bad}");
    }
}

/// What a definition says beside what is read could restrict further: then nothing of it is believed.
#[test]
fn a_second_marking_in_one_definition_withholds() {
    let ours = json!({"policies": [{"policy": "NATO", "classification": "UNCLASSIFIED"}]});
    let created = "2026-01-01T00:00:00.000Z";
    let green = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
    let (tlp, clear) = (json!({"tlp_2_0": "red"}), json!({"tlp_2_0": "green"}));
    for (id, definition) in [
        (OTHER, json!({"created": created, "extensions": {LABEL_EXTENSION: ours, TLP2_EXTENSION: tlp}})),
        (
            OTHER,
            json!({"created": created, "extensions": {LABEL_EXTENSION: ours, "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce": {}}}),
        ),
        (OTHER, json!({"created": created, "definition_type": "tlp", "definition": {"tlp": "red"}, "extensions": {LABEL_EXTENSION: ours}})),
        (OTHER, json!({"created": created, "definition_type": "iep", "extensions": {LABEL_EXTENSION: ours}})),
        (OTHER, json!({"created": created, "extensions": {LABEL_EXTENSION: {"policies": ours["policies"], "handling": "none"}}})),
        (green, json!({"created": created, "extensions": {TLP2_EXTENSION: clear, LABEL_EXTENSION: ours}})),
    ] {
        let reading = read(id, Some(definition.clone()));
        assert!(reading.withheld, "{definition}");
        assert_eq!(shown(&reading), "ORG:Owner", "{definition}");
    }
}

/// What an extension can say is written and read as the same label, dates and counterparts included.
#[test]
fn own_extension_there_and_back() {
    let (rules, made) = (Rules::builtin().unwrap(), Stamp::parse("2026-01-01").unwrap());
    let context = LabelContext { made, owner: "Owner".to_owned(), collection: None };
    let read = |text: &str| crate::text::parse_label(text, &rules, &context).unwrap();
    let secret = read("NATO SECRET REL TO JPN");
    let (policy, facet) = secret.facets().next().unwrap();
    let with_other = facet.clone().or(relto_model::PolicyId::new("EU"), relto_model::Facet::at_level(3));
    for label in [
        secret.clone(),
        read("NATO TOP SECRET ATOMAL AND TLP:GREEN"),
        read("SECRET//SI//REL TO USA, FVEY, from 2030-01-01 SECRET//NOFORN, from 2031-01-01 ORG:A; B"),
        Label::new(policy.clone(), with_other),
    ] {
        let extension = structured::write(&label, &[], &rules, made).unwrap();
        let definition = json!({"created": "2026-01-01T00:00:00.000Z", "extensions": {LABEL_EXTENSION: extension}});
        assert_eq!(structured::read(&extension, &definition, &rules, &context).unwrap(), (label, None), "{extension}");
    }
    let earlier = crate::text::parse_label("NATO SECRET", &rules, &LabelContext { made: Stamp::parse("2020-01-01").unwrap(), ..context });
    assert!(structured::write(&earlier.unwrap(), &[], &rules, made).unwrap_err().contains("as of"));
}

#[test]
fn dates_and_counterparts_that_cannot_be_read_withhold() {
    let policies = json!([{"policy": "NATO", "classification": "SECRET"}]);
    let open = json!([{"policy": "NATO", "classification": "UNCLASSIFIED"}]);
    for more in [
        json!({"later": []}),
        json!({"later": [{"from": "soon", "policies": open}]}),
        json!({"later": [{"from": "2020-01-01", "policies": open}]}),
        json!({"later": [{"from": "2031-01-01", "policies": open}, {"from": "2030-01-01", "policies": open}]}),
        json!({"later": [{"from": "2031-01-01", "policies": []}]}),
        json!({"later": [{"from": "2031-01-01", "policies": open, "unless": "x"}]}),
        json!({"confidentiality_labels": ["<a/>"]}),
        json!({"confidentiality_labels": [1]}),
        json!({"policies": [{"policy": "NATO", "classification": "SECRET", "alternatives": [{"policy": "TLP", "classification": "CLEAR"}]}]}),
        json!({"policies": [{"policy": "NATO", "classification": "SECRET", "alternatives": []}]}),
    ] {
        let mut extension = json!({"policies": policies});
        extension.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let definition = json!({"created": "2026-01-01T00:00:00.000Z", "extensions": {LABEL_EXTENSION: extension}});
        assert_eq!(shown(&read(OTHER, Some(definition.clone()))), "ORG:Owner", "{definition}");
    }
}

/// ACS is read by its table; beside anything else in the definition, or not valid, it withholds like any marking that is not understood.
#[test]
fn acs_is_read_alone() {
    let acs = |more: &str| {
        let text = r#"{"extension_type": "property-extension", "identifier": "isa:guide.1.ACS3-1", "create_date_time": "2026-01-01T00:00:00Z",
            "responsible_entity_custodian": "USA.DHS", "control_set": {"classification": "S", "formal_determination": ["NF"]},
            "policy_reference": "urn:isa:policy:acs:ns:v3.0?privdefault=permit&sharedefault=permit"}"#;
        let mut acs: Json = serde_json::from_str(text).unwrap();
        if !more.is_empty() {
            acs[more] = json!("more");
        }
        acs
    };
    let read_as = |definition: Json| {
        let reading = read(OTHER, Some(definition));
        (shown(&reading), reading.withheld)
    };
    assert_eq!(read_as(json!({"extensions": {ACS_EXTENSION: acs("")}})), ("SECRET//NOFORN".to_owned(), false));
    for definition in [
        json!({"extensions": {ACS_EXTENSION: acs("new")}}),
        json!({"extensions": {ACS_EXTENSION: acs(""), "extension-definition--x": {}}}),
        json!({"definition_type": "statement", "definition": {"statement": "s"}, "extensions": {ACS_EXTENSION: acs("")}}),
    ] {
        assert_eq!(read_as(definition), ("ORG:Owner".to_owned(), true));
    }
}

#[test]
fn what_misp_says_opens_to_nobody_but_the_owner_unless_it_is_for_all() {
    let marking = |said: Json| json!({"created": "2026-11-28T00:00:00.000Z", "extensions": {MISP_EXTENSION: said}});
    for (said, expected, is_withheld) in [
        (json!({"distribution": "0"}), "ORG:Owner", true),
        (json!({"distribution": "1"}), "ORG:Owner", false),
        (json!({"distribution": "2"}), "ORG:Owner", false),
        (json!({"distribution": "3"}), "TLP:GREEN", false),
        (json!({"distribution": "4"}), "ORG:Owner", true),
        (json!({"distribution": "unknown"}), "ORG:Owner", true),
        (json!({"distribution": 3}), "ORG:Owner", true),
        (json!({"distribution": "3", "tags": ["nato:classification=\"NS\""]}), "ORG:Owner", true),
        (json!({"distribution": "3", "tags": ["tlp:unclear"]}), "ORG:Owner", true),
        (json!({"distribution": "3", "tags": ["tlp:red"]}), "TLP:RED", false),
        (json!({"tags": ["osint:source-type=\"blog-post\""]}), "unmarked", false),
        (json!({"distribution": "3", "roaming": true}), "ORG:Owner", true),
        (json!("3"), "ORG:Owner", true),
    ] {
        let mut said = said;
        if let Some(members) = said.as_object_mut() {
            members.insert("extension_type".to_owned(), "property-extension".into());
        }
        let reading = read(OTHER, Some(marking(said.clone())));
        assert_eq!((shown(&reading).as_str(), reading.withheld), (expected, is_withheld), "{said} {:?}", reading.notes);
    }
    let mut beside = marking(json!({"distribution": "3"}));
    beside["definition_type"] = "statement".into();
    assert!(read(OTHER, Some(beside)).withheld);
}

#[test]
fn a_collection_does_not_widen_what_misp_says() {
    let context =
        LabelContext { made: Stamp::parse("2026-11-23").unwrap(), owner: "Owner".to_owned(), collection: Some("intel".to_owned()) };
    let id = ObjectId::parse(OTHER).unwrap();
    let definition = json!({"created": "2026-11-28T00:00:00.000Z", "extensions": {MISP_EXTENSION: {"distribution": "2"}}});
    let reading = read_markings([&id], &|_| Some(definition.clone()), &Rules::builtin().unwrap(), &context);
    assert_eq!(shown(&reading), "ORG:Owner");
}

#[test]
fn tags_that_restrict_are_told_from_those_that_describe() {
    use crate::worlds::misp::restricts;
    for tag in ["tlp:amber", "TLP:EX:CHR", "PAP:RED", "nato:x", "gdpr:special-categories=\"x\"", "tlp"] {
        assert!(restricts(tag), "{tag}");
    }
    for tag in ["osint:source-type=\"blog-post\"", "misp-galaxy:threat-actor=\"X\"", "natop:x", ""] {
        assert!(!restricts(tag), "{tag}");
    }
}
