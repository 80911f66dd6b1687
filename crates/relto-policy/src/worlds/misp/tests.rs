//! Distribution, groups, tags: each way and back.

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, PolicyId, Value};
use serde_json::{Value as Json, json};

use super::super::draw::Draw;
use super::super::pap;
use super::super::tests::{dominates, with_site};
use super::*;
use crate::policy::{HANDLING, OBLIGATIONS, ORG, ORGANISATIONS, PAP, TLP};
use crate::text::LabelContext;
use crate::worlds::tests::display;

const URL: &str = "https://misp.example.org";
const A: &str = "55f6ea5e-2c60-40e5-964f-47a8950d210f";
const B: &str = "55f6ea5e-2c60-40e5-964f-47a8950d2100";
const OWN: &str = "55f6ea5e-2c60-40e5-964f-47a8950d2101";
const COLLECTION: &str = "collection";

/// A node in whose collection the item is, or is not.
fn with_node<T>(in_collection: bool, run: impl FnOnce(&Community<'_>, &Site<'_>) -> T) -> T {
    let directory: Directory = [(A, "A"), (B, "B"), (OWN, "Owner")].map(|(uuid, name)| (uuid.to_owned(), name.to_owned())).into();
    with_site(|site| {
        let context = LabelContext { collection: in_collection.then(|| COLLECTION.to_owned()), ..site.context.clone() };
        run(&Community { directory: &directory, url: Some(URL) }, &Site { context: &context, ..*site })
    })
}

fn group(more: Json) -> Json {
    let mut group = json!({
        "uuid": "11111111-1111-4111-8111-111111111111", "name": "Group", "releasability": "Members", "active": true, "roaming": true,
        "SharingGroupOrg": [{"extend": true, "Organisation": {"uuid": A, "name": "A"}}], "SharingGroupServer": [],
    });
    group.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    group
}

fn new_group() -> NewGroup {
    NewGroup { uuid: "22222222-2222-4222-8222-222222222222".to_owned(), name: "Written".to_owned() }
}

fn says(layers: &[Json], came: Came) -> String {
    with_node(true, |community, site| {
        let read_all = || {
            let first = layers.first().map(Layer::of_event);
            let layers = first.into_iter().chain(layers.iter().skip(1).map(Layer::of_part)).collect::<Result<Vec<_>, _>>()?;
            read(&layers, came, community, site)
        };
        match read_all() {
            Ok(reading) => {
                format!("{}{}", display(&reading.label), reading.notes.iter().map(|note| format!(" [{note}]")).collect::<String>())
            }
            Err(refused) => format!("refused: {refused}"),
        }
    })
}

#[test]
fn every_distribution_means_its_reach() {
    let at = |number: u8| json!({"distribution": number.to_string()});
    for (number, here, arrived) in [
        (0, "ORG:Owner", "refused"),
        (1, "ORG:Owner; recipients of the collection", "ORG:Owner"),
        (2, "ORG:Owner; recipients of the collection; their clients", "ORG:Owner; recipients of the collection"),
        (3, "TLP:GREEN", "TLP:GREEN"),
    ] {
        assert_eq!(says(&[at(number)], Came::Here), here);
        assert!(says(&[at(number)], Came::FromServer).starts_with(arrived), "{number}");
        let distribution = Distribution::of_number(number).unwrap();
        assert_eq!(distribution.number(), number);
        with_node(true, |community, site| {
            let label = read(&[Layer { distribution, group: None, tags: Vec::new() }], Came::Here, community, site).unwrap().label;
            assert_eq!(write(&label, &new_group(), community, site).unwrap().distribution, distribution);
        });
    }
    // Two hops, and a group is not counted.
    assert_eq!(Distribution::ConnectedCommunities.arrived().and_then(Distribution::arrived), Ok(Distribution::OrganisationOnly));
    assert_eq!(Distribution::SharingGroup.arrived(), Ok(Distribution::SharingGroup));
    for wrong in
        [json!({"distribution": "5"}), json!({}), json!({"distribution": 6}), json!({"distribution": "03"}), json!({"distribution": null})]
    {
        assert!(says(&[wrong], Came::Here).starts_with("refused"));
    }
}

#[test]
fn all_layers_must_let_a_reader_in() {
    let community = json!({"distribution": "1"});
    let inherits = json!({"distribution": "5"});
    let own = json!({"distribution": 0});
    assert_eq!(says(&[community.clone(), inherits.clone(), own], Came::Here), "ORG:Owner");
    assert_eq!(says(&[community.clone(), inherits.clone(), json!({})], Came::Here), says(std::slice::from_ref(&community), Came::Here));
    let of_group = json!({"distribution": "4", "SharingGroup": group(json!({}))});
    let both = says(&[community.clone(), of_group.clone()], Came::Here);
    assert!(both.contains("ORG:A AND ORG:Owner"), "{both}");
    let red = json!({"distribution": "5", "Tag": [{"name": "PAP:RED"}, {"name": "tlp:amber"}, {"name": "type:OSINT"}]});
    assert_eq!(says(&[json!({"distribution": "3"}), red], Came::Here).matches("AND").count(), 1);
}

#[test]
fn sharing_groups_name_who_is_known() {
    let read_group = |more: Json| says(&[json!({"distribution": "4", "SharingGroup": group(more)})], Came::Here);
    let stranger = json!({"extend": false, "Organisation": {"uuid": "99999999-1111-4111-8111-111111111111", "name": "A"}});
    let here = |all: bool| json!([{"all_orgs": all, "Server": {"url": "https://MISP.example.org/", "name": "us"}}]);
    let other = json!([{"all_orgs": true, "Server": {"url": "https://other.example.org"}}]);
    assert_eq!(read_group(json!({})), "ORG:A");
    for (more, part) in [
        (json!({"SharingGroupOrg": []}), "ORG:nobody ["),
        (json!({"active": false}), "ORG:nobody ["),
        (json!({"active": "0"}), "ORG:nobody ["),
        (json!({"SharingGroupOrg": [stranger]}), "ORG:nobody [the organisation 9999"),
        (json!({"roaming": false}), "refused: `Group` is refused: the sharing group does not roam"),
        (json!({"roaming": false, "SharingGroupServer": other}), "refused"),
        (json!({"roaming": false, "SharingGroupServer": here(false)}), "ORG:A"),
        (json!({"SharingGroupServer": here(true)}), "ORG:A; recipients of the collection"),
        (json!({"SharingGroupServer": other}), "ORG:A"),
        (json!({"roaming": "perhaps"}), "refused"),
        (json!({"active": null}), "refused"),
        (json!({"SharingGroupOrg": null}), "refused"),
        (json!({"SharingGroupOrg": [{"extend": true, "org_id": "7"}]}), "refused: `SharingGroupOrg`"),
        (json!({"SharingGroupOrg": [{"extend": true, "Organisation": {"uuid": "7", "name": "A"}}]}), "refused: `7`"),
        (json!({"SharingGroupServer": [{"Server": {"url": "x"}}]}), "refused: `all_orgs`"),
        (json!({"uuid": "x"}), "refused: `x`"),
    ] {
        let said = read_group(more.clone());
        assert!(said.starts_with(part), "{more}: {said}");
    }
    assert!(says(&[json!({"distribution": "4"})], Came::Here).contains("is not there"));
    assert!(says(&[json!({"distribution": "3", "SharingGroup": group(json!({}))})], Came::Here).contains("beside another"));
    let parsed = SharingGroup::parse(&group(json!({"SharingGroupServer": here(true)}))).unwrap();
    assert_eq!(SharingGroup::parse(&parsed.to_json()), Ok(parsed));
}

#[test]
fn every_tag_means_its_row() {
    let tagged = |name: &str| says(&[json!({"distribution": "3", "Tag": [{"name": name}]})], Came::Here);
    for (word, level) in TLP_TAGS {
        let said = tagged(&format!("tlp:{word}"));
        let upper = tagged(&format!("TLP:{}", word.to_uppercase()));
        assert_eq!(said.starts_with("refused"), level.is_none(), "{said}");
        assert!(level.is_none() || said == upper, "{upper}");
        if let Some(level) = level {
            with_node(true, |community, site| {
                let label = crate::text::tlp_label(level, site.context);
                let written = write(&label, &new_group(), community, site);
                assert!(written.is_ok(), "{word}");
            });
        }
    }
    for name in RESTRICTIVE {
        assert!(tagged(&format!("{name}:classification=\"x\"")).contains("no table maps"), "{name}");
    }
    assert!(tagged("tlp:ex:chr").contains("NO ATTRIBUTION"));
    assert!(tagged("tlp:purple").starts_with("refused") && tagged("tlp").starts_with("refused"));
    assert_eq!(tagged("osint:source-type=\"blog-post\""), "TLP:GREEN");
}

fn random_label(draw: &mut Draw, site: &Site<'_>) -> Label {
    let values = [
        Value::Organisation("Owner".to_owned()),
        Value::Organisation("A".to_owned()),
        Value::Organisation("B".to_owned()),
        Value::Organisation("Elsewhere".to_owned()),
        Value::RecipientsOf(COLLECTION.to_owned()),
        Value::ClientsOf(COLLECTION.to_owned()),
    ];
    let mut parts = Vec::new();
    for _ in 0..draw.below(3) {
        let some: Vec<Value> = values.iter().filter(|_| draw.chance(60)).cloned().collect();
        parts.push(Label::new(PolicyId::new(ORG), Facet::at_level(0).only(Clause::new(ORGANISATIONS, some))));
    }
    if draw.chance(40) {
        parts.push(crate::text::tlp_label(draw.one(&[1, 2, 3, 4, 5]), site.context));
    }
    if draw.chance(20) {
        parts.push(pap::read(draw.one(&["PAP:RED", "PAP:AMBER", "PAP:CLEAR"])).unwrap().label);
    }
    if draw.chance(10) {
        let value = draw.one(&[NO_ATTRIBUTION, "DISPLAY ONLY"]);
        let restriction = Restriction { tag: OBLIGATIONS.to_owned(), value: value.to_owned() };
        parts.push(Label::new(PolicyId::new(HANDLING), Facet { restrictive: [restriction].into(), ..Facet::at_level(0) }));
    }
    if parts.is_empty() || draw.chance(5) {
        parts.push(Label::new(PolicyId::new(draw.one(&["USA", TLP, PAP])), Facet::at_level(1)));
    }
    parts.into_iter().reduce(|one, other| one.join(&other)).unwrap()
}

#[test]
fn there_and_back_never_lowers() {
    let mut draw = Draw(21);
    let mut reaches = BTreeMap::new();
    for _ in 0..20_000 {
        with_node(draw.chance(70), |community, site| {
            let label = random_label(&mut draw, site);
            let Ok(written) = write(&label, &new_group(), community, site) else { return };
            *reaches.entry(written.distribution).or_insert(0) += 1;
            let again = Layer::of_event(&written.to_json()).unwrap();
            assert_eq!(again, written);
            assert!(written.group.as_ref().is_none_or(|group| !group.members.is_empty()), "an empty group was written");
            let back = read(&[again], Came::Here, community, site).unwrap().label;
            assert!(dominates(&back, &label), "{} became {}", display(&label), written.to_json());
            // At the next server one hop less is left: whoever it is for there is no more than here.
            let twice = write(&back, &new_group(), community, site);
            assert_eq!(twice.as_ref().map(|layer| layer.distribution), Ok(written.distribution), "{}", display(&back));
        });
    }
    assert!(reaches.len() == 5 && reaches.values().all(|count| *count > 100), "{reaches:?}");
}

#[test]
fn what_misp_cannot_say_is_refused() {
    with_node(true, |community, site| {
        let clause = |policy: &str, values: Vec<Value>| {
            Label::new(PolicyId::new(policy), Facet::at_level(0).only(Clause::new(ORGANISATIONS, values)))
        };
        for (label, part) in [
            (Label::new(PolicyId::new("NATO"), Facet::at_level(4)), "nothing of this policy"),
            (clause(ORG, Vec::new()), "empty group"),
            (clause(ORG, vec![Value::Organisation("Elsewhere".to_owned())]), "empty group"),
            (clause(ORG, vec![Value::Person("eve".to_owned())]), "empty group"),
            (
                Label::new(PolicyId::new(ORG), Facet::at_level(0).only(Clause::new("Addressees", [Value::Person("eve".to_owned())]))),
                "let in more",
            ),
        ] {
            let refused = write(&label, &new_group(), community, site).unwrap_err().to_string();
            assert!(refused.contains(part), "{}: {refused}", display(&label));
        }
        let nowhere = Community { url: None, ..*community };
        assert!(write(&clause(ORG, vec![Value::Organisation("A".to_owned())]), &new_group(), &nowhere, site).is_err());
    });
}

/// Events as they are published: every layer is read, or refused with a reason, and the effective label is never below the event's.
#[test]
fn published_events_are_read() {
    let Some(folder) = crate::spif::data::folder("misp/events") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let Ok(whole) = serde_json::from_slice::<Json>(&std::fs::read(entry.unwrap().path()).unwrap()) else { continue };
        let event = whole.get("response").and_then(|list| list.get(0)).unwrap_or(&whole);
        let event = event.get("Event").unwrap_or(event);
        let mut given = event.clone();
        given.as_object_mut().unwrap().entry("distribution").or_insert(json!("3"));
        let Ok(layer) = Layer::of_event(&given) else { continue };
        let parts = ["Attribute", "Object"].iter().filter_map(|key| event.get(*key)?.as_array()).flatten();
        for part in parts {
            let part = Layer::of_part(part).unwrap();
            with_node(true, |community, site| {
                let Ok(whole) = read(std::slice::from_ref(&layer), Came::FromServer, community, site) else { return };
                let inner = read(&[layer.clone(), part], Came::FromServer, community, site);
                seen += usize::from(inner.is_ok_and(|inner| dominates(&inner.label, &whole.label)));
            });
        }
    }
    assert!(seen > 20, "{seen}");
}
