//! What changes touch, decisions that are read again, and that what is not touched would be read as before.

use super::*;
use proptest::prelude::*;
use relto_model::Timestamp;
use std::sync::LazyLock;

const TEXTS: [&str; 8] = [
    "On 17 May 2023 Project Nightjar was presented in Brussels. NATO (North Atlantic Treaty Organization) leads it with EDA.",
    "Die Bundeswehr prüft die Übung Straßenwacht; EDA und Frankreich nehmen am 3. Juni 2024 teil.",
    "Проєкт «Сойка» представлено у Києві. НАТО підтримує Міністерство оборони Нідерландів.",
    "2023年5月17日,夜鹰计划在布鲁塞尔启动。北大西洋公组织(NATO)支持该计划。合做 合做者 劣势 无效 敌手。",
    "The ministry has not signed the declaration with Japan. Senators met the Nightjars on 4 July 2024.",
    "Am 5. Mai 2024 trafen sich Vertreter der STRASSENWACHT und der Agentur in Berlin.",
    "合做加强。优势变劣势,敌手无效。英國的工業產出下降了7。5%。",
    "",
];

const INPUTS: [&str; 9] = [
    "name,type,aliases\nProject Nightjar,programme,Nightjar|夜鹰计划|Сойка\n",
    "name,type,aliases\nEstonian Digital Agency,organisation,EDA|EDAs\nStraßenwacht,event,\n",
    "name,type,aliases\nNorth Atlantic Treaty Organization,organisation,北大西洋公约组织|北大西洋公社组织\n",
    "name,type,aliases\nDutch Defence,organisation,Міністерство оборони\nNobody Anywhere,person,Нiхто Нiде\n",
    "word,candidates,remarks\n合做,合作,telling\n敌手,对手,telling inverted\n加强,削弱,inverted telling\n",
    "word,candidates,remarks\n无效,有效,telling\n支持,反对,inverted\n",
    r#"{"report":"REPORT 0","corrections":[{"act":"reject","at":[26,34]},{"act":"name","at":[15,31],"means":{"name":"Nightjar","type":"event"},"alias":"Project Nightjar"}]}"#,
    r#"{"report":"REPORT 1","corrections":[{"act":"merge","from":{"name":"France","type":"place"},"into":{"name":"Frankreich","type":"organisation"}}]}"#,
    r#"{"report":"REPORT 0","corrections":[{"act":"accept","at":[112,115],"means":{"name":"European Defence Agency","type":"organisation"}}]}"#,
];

static SHIPPED: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::builtin().unwrap());

fn source() -> Source {
    Source {
        name: "a text".to_owned(),
        media_type: None,
        published: Timestamp::parse("2024-07-01T00:00:00.000Z").unwrap(),
        address: None,
        markings: Vec::new(),
        relations: stix::Relations::Claimed,
        title: None,
        item: None,
        part_of: None,
        original_sha256: None,
    }
}

/// The inputs that `chosen` has, about the documents that there are.
fn inputs(chosen: &BTreeSet<usize>) -> Vec<Input> {
    let report = |number: usize| stix::report_id(&Raw::new(TEXTS[number].into()).sha256_hex(), None, &source().published);
    let text = |at: &usize| INPUTS[*at].replace("REPORT 0", &report(0)).replace("REPORT 1", &report(1));
    chosen.iter().map(|at| Input::parse(&text(at)).unwrap()).collect()
}

fn knowledge(inputs: &[Input]) -> Knowledge {
    Knowledge::with(&additions(inputs.iter())).unwrap()
}

fn first_read(number: usize, inputs: &[Input], knowledge: &Knowledge) -> Kept {
    let raw = Raw::new(TEXTS[number].into());
    let decoded = raw.decode();
    let report = stix::report_id(&raw.sha256_hex(), None, &source().published);
    let analysis = analyse_corrected(raw, decoded, knowledge, &decisions(inputs.iter(), &report)).unwrap();
    Kept::of(&analysis, source(), knowledge).unwrap()
}

fn at() -> Stamp {
    Stamp::parse("2026-11-28T04:00:00Z").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What no change touches would be read as it was; so reading again what is touched is reading everything again.
    #[test]
    fn what_is_not_touched_is_read_as_before(
        before in prop::collection::btree_set(0..INPUTS.len(), 0..4),
        now in prop::collection::btree_set(0..INPUTS.len(), 0..4),
    ) {
        let (before, now) = (inputs(&before), inputs(&now));
        let changes = Changes::between(&before.iter().collect::<Vec<_>>(), &now.iter().collect::<Vec<_>>(), &SHIPPED.chinese.script).unwrap();
        let (earlier, later) = (knowledge(&before), knowledge(&now));
        for (number, text) in TEXTS.iter().enumerate() {
            let kept = first_read(number, &before, &earlier);
            let (again, revision) = kept.again((*text).into(), &later, &decisions(now.iter(), &kept.report()), at()).unwrap();
            if !changes.touches(&kept) {
                prop_assert_eq!(&again, &kept, "{} was not touched", text);
                prop_assert_eq!(revision.changes, None);
            }
            // And back: everything that was revoked is said again, under other ids, and nothing else is.
            let (back, _) = again.again((*text).into(), &earlier, &decisions(before.iter(), &kept.report()), at()).unwrap();
            prop_assert_eq!(&back.named, &kept.named);
            prop_assert_eq!(back.bundle.matches("\"id\"").count(), kept.bundle.matches("\"id\"").count());
        }
    }
}

#[test]
fn a_change_touches_what_it_can_change_and_little_else() {
    let cases: [(usize, &[usize]); 7] =
        [(0, &[0, 2, 3, 4]), (1, &[0, 1, 5]), (2, &[0, 2, 3, 4]), (3, &[2]), (5, &[3, 6, 0, 2]), (6, &[0, 4]), (7, &[1])];
    for (input, touched) in cases {
        let now = inputs(&BTreeSet::from([input]));
        let changes = Changes::between(&[], &now.iter().collect::<Vec<_>>(), &SHIPPED.chinese.script).unwrap();
        let found: BTreeSet<usize> = (0..TEXTS.len()).filter(|number| changes.touches(&first_read(*number, &[], &SHIPPED))).collect();
        let wanted: BTreeSet<usize> = touched.iter().copied().collect();
        assert!(found.is_subset(&wanted), "input {input} touches {found:?}, at most {wanted:?}");
        assert!(!found.is_empty(), "input {input} touches something");
    }
}

#[test]
fn decisions_hold_when_the_document_is_read_again() {
    let two = inputs(&BTreeSet::from([1]));
    let kept = first_read(0, &two, &knowledge(&two));
    let open: Vec<(&str, usize)> = kept.open.iter().map(|open| (open.name.as_str(), open.candidates.len())).collect();
    assert_eq!(open, [("EDA", 2)], "an ambiguous name is offered");
    let at_name = kept.open[0].spans[0];
    assert_eq!(&TEXTS[0][at_name.from..at_name.to], "EDA");
    let mut corrections = Corrections { report: kept.report(), ..Corrections::default() };
    corrections.add(Correction::Accept { at: at_name, means: kept.open[0].candidates[0].clone() });
    let nightjar = TEXTS[0].find("Project Nightjar").unwrap();
    let means = Named { name: "Nightjar".to_owned(), kind: crate::gazetteer::EntityType::Programme };
    let at_project = RawSpan::new(nightjar, nightjar + "Project Nightjar".len());
    corrections.add(Correction::Name { at: at_project, means: means.clone(), alias: "Project Nightjar".to_owned() });
    let brussels = TEXTS[0].find("Brussels").unwrap();
    corrections.add(Correction::Reject { at: RawSpan::new(brussels, brussels + 8) });
    let decided: Vec<Input> = two.into_iter().chain([Input::Corrections(corrections)]).collect();
    let later = knowledge(&decided);
    let (again, revision) = kept.again(TEXTS[0].into(), &later, &decisions(decided.iter(), &kept.report()), at()).unwrap();
    assert!(again.open.is_empty() && again.named.contains(&means));
    assert!(!again.named.iter().any(|named| named.name == "Brussels"));
    assert!(revision.withdrawn > 0, "Brussels is no longer said: {revision:?}");
    // Read from nothing with the same inputs, it says the same.
    let anew = first_read(0, &decided, &later);
    assert_eq!((anew.named, anew.open), (again.named, again.open));
}

#[test]
fn other_bytes_are_not_read() {
    let kept = first_read(4, &[], &SHIPPED);
    assert!(matches!(kept.reading(b"other".to_vec()), Err(AgainError::OtherBytes)));
}
