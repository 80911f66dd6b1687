//! Banners, portions, attributes: each way, back, and rolled up.

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, PolicyId, Value};

use super::super::draw::Draw;
use super::super::tests::{dominates, with_site};
use super::*;
use crate::policy::{DISPLAY_ONLY, HANDLING, OBLIGATIONS, ORIGINATOR_CONTROL, RELEASABLE_TO, SCI_CONTROLS, THIRD_PARTY};
use crate::worlds::tests::display;

const FORMS: [Form; 3] = [Form::Banner, Form::Portion, Form::Xml];

fn again(text: &str, form: Form) -> Result<Marking, Refused> {
    if form == Form::Xml { Marking::from_xml(text) } else { Marking::parse(text) }
}

fn says(text: &str) -> String {
    with_site(|site| match read(text, site) {
        Ok(reading) => display(&reading.label),
        Err(refused) => format!("refused: {refused}"),
    })
}

#[test]
fn every_token_goes_both_ways_in_every_form() {
    for token in tokens::TOKENS {
        let spellings = token.also.iter().chain([&token.code, &token.banner]);
        for spelling in spellings {
            let marking = Marking::parse(&format!("SECRET//{spelling}")).unwrap();
            assert_eq!(marking.controls.iter().collect::<Vec<_>>(), [&token.code], "{spelling}");
            for form in FORMS {
                let written = marking.write(form).unwrap();
                assert_eq!(again(&written, form).as_ref(), Ok(&marking), "{written}");
            }
        }
        assert_eq!(tokens::TOKENS.iter().filter(|other| other.code == token.code).count(), 1, "{}", token.code);
        with_site(|site| {
            let label = Marking::parse(&format!("S//{}", token.code)).unwrap().label(site).unwrap().label;
            for form in FORMS {
                let written = write(&label, form, site).unwrap();
                let back = again(&written, form).unwrap().label(site).unwrap().label;
                assert_eq!(back, label, "{written}");
            }
        });
    }
    for (level, code, name, rank) in CLASSIFICATIONS {
        assert_eq!((level.rank(), Classification::of_rank(rank)), (rank, Some(level)));
        for word in [code, name] {
            assert_eq!(Marking::parse(&format!("{word}//NOFORN")).unwrap().classification, level);
        }
    }
}

#[test]
fn lines_are_read_as_they_stand_and_written_in_order() {
    for (given, banner, portion) in [
        ("secret//rel to usa, fra", "SECRET//REL TO USA, FRA", "(S//REL TO USA, FRA)"),
        ("SECRET//REL TO NATO, FRA, USA, CAN", "SECRET//REL TO USA, CAN, FRA, NATO", "(S//REL TO USA, CAN, FRA, NATO)"),
        ("(TS//NF//SI/TK)", "TOP SECRET//SI/TK//NOFORN", "(TS//SI/TK//NF)"),
        ("TOP SECRET//HCS-O-P//SAR-BP/CD//OC/NF", "TOP SECRET//HCS-O-P//SAR-BP/CD//ORCON/NOFORN", "(TS//HCS-O-P//SAR-BP/CD//OC/NF)"),
        ("UNCLASSIFIED", "UNCLASSIFIED", "(U)"),
        ("C//FGI GBR CAN//NF", "CONFIDENTIAL//FGI CAN GBR//NOFORN", "(C//FGI CAN GBR//NF)"),
        ("S//USA/GBR EYES ONLY", "SECRET//REL TO USA, GBR", "(S//REL TO USA, GBR)"),
        ("S//DISPLAY ONLY AFG/RELIDO", "SECRET//RELIDO/DISPLAY ONLY AFG", "(S//RELIDO/DISPLAY ONLY AFG)"),
        ("S//REL TO USA, GBR/DISPLAY ONLY FRA", "SECRET//REL TO USA, GBR/DISPLAY ONLY FRA", "(S//REL TO USA, GBR/DISPLAY ONLY FRA)"),
        ("//JOINT SECRET USA GBR//REL TO USA, GBR", "//JOINT SECRET GBR USA//REL TO USA, GBR", "(//JOINT S GBR USA//REL TO USA, GBR)"),
        ("SECRET//RD-CNWDI//NF//LES", "SECRET//RD-CNWDI//NOFORN//LES", "(S//RD-CNWDI//NF//LES)"),
        ("U//SBU NOFORN", "UNCLASSIFIED//SBU NOFORN", "(U//SBU-NF)"),
    ] {
        let marking = Marking::parse(given).unwrap_or_else(|refused| panic!("{given}: {refused}"));
        assert_eq!((marking.write(Form::Banner).unwrap(), marking.write(Form::Portion).unwrap()), (banner.to_owned(), portion.to_owned()));
        for form in FORMS {
            assert_eq!(again(&marking.write(form).unwrap(), form).as_ref(), Ok(&marking), "{given}");
        }
    }
}

#[test]
fn what_does_not_map_is_refused() {
    for (text, part) in [
        ("SECRET//NOFORN/REL TO USA, FRA", "excludes"),
        ("SECRET//NF/RELIDO", "excludes"),
        ("SECRET//NF/DISPLAY ONLY FRA", "excludes"),
        ("SECRET//LES NOFORN/REL TO USA, FRA", "excludes"),
        ("SECRET//NODIS//REL TO USA, FRA", "excludes"),
        ("SECRET//REL TO FRA, GBR", "names USA"),
        ("SECRET//REL TO USA", "names USA"),
        ("SECRET//REL TO USA, QQQ", "neither a nation nor a group"),
        ("SECRET//REL TO USA, FRA//REL TO USA, GBR", "two lists"),
        ("SECRET//OC/OC-USGOV", "exclude each other"),
        ("SECRET//EXDIS/NODIS", "exclude each other"),
        ("SECRET//REL TO USA, FRA/DISPLAY ONLY FRA", "not released"),
        ("SECRET//SI-XYZ//NF", "no row"),
        ("SECRET//WHATEVER", "no row"),
        ("SECRET//", "nothing stands"),
        ("SECRET//SI////NF", "no row"),
        ("UNCLASSIFIED//SI", "above UNCLASSIFIED"),
        ("UNCLASSIFIED//RD", "above UNCLASSIFIED"),
        ("UNCLASSIFIED//SAR-BP", "above UNCLASSIFIED"),
        ("RESTRICTED//NF", "no such classification"),
        ("//GBR SECRET//REL TO USA, GBR", "own policy"),
        ("//NATO SECRET", "own policy"),
        ("//JOINT SECRET USA GBR//NF", "every one of its owners"),
        ("//JOINT SECRET CAN GBR//REL TO USA, CAN, GBR", "names USA"),
        ("SECRET//FGI USA//NF", "other than the US"),
        ("SECRET//USA/FRA EYES ONLY", "EYES ONLY is for"),
        ("(S//REL)", "list of the banner"),
        ("(S//NF", "parentheses"),
        ("SECRET//SAR-MULTIPLE PROGRAMS//NF", "identifier"),
        ("", "begins with"),
        ("(TLP:RED)", "begins with"),
    ] {
        let said = says(text);
        assert!(said.starts_with("refused") && said.contains(part), "{text}: {said}");
    }
    with_site(|site| {
        let unknown = Site { originator: None, ..*site };
        assert!(read("SECRET//ORCON/NOFORN", &unknown).unwrap_err().why.contains("who made"));
        let long = format!("SECRET//REL TO USA{}", ", FRA".repeat(400));
        assert!(read(&long, site).unwrap_err().why.contains("one line"));
    });
}

#[test]
fn stricter_readings_are_said() {
    for (text, notes) in [
        ("SECRET//NOFORN", 0),
        ("SECRET", 1),
        ("SECRET//REL TO USA, FRA/DISPLAY ONLY GBR", 1),
        ("SECRET//ORCON-USGOV/NOFORN", 1),
        ("SECRET//NF//SI", 1),
        ("(S//NF)", 0),
    ] {
        with_site(|site| assert_eq!(read(text, site).unwrap().notes.len(), notes, "{text}"));
    }
    assert_eq!(says("SECRET"), says("SECRET//NOFORN"));
    assert_eq!(says("SECRET//SI/TK//REL TO USA, FRA"), "SECRET//SI/TK//REL TO USA, FRA");
}

#[test]
fn attributes_are_strict() {
    let xml = |attributes: &str| Marking::from_xml(&format!("<a xmlns:i='{ISM_NAMESPACE}' {attributes}/>"));
    let full = xml(
        "i:classification='S' i:ownerProducer='USA' i:disseminationControls='OC REL' i:releasableTo='USA FRA' i:createDate='2026-01-01' id='1'",
    );
    assert_eq!(full.unwrap().write(Form::Banner).unwrap(), "SECRET//ORCON/REL TO USA, FRA");
    for (attributes, part) in [
        ("i:ownerProducer='USA'", "missing"),
        ("i:classification='S'", "own policy"),
        ("i:classification='S' i:ownerProducer='GBR'", "own policy"),
        ("i:classification='R' i:ownerProducer='USA'", "no classification"),
        ("i:classification='S' i:ownerProducer='USA' i:disseminationControls='REL'", "go together"),
        ("i:classification='S' i:ownerProducer='USA' i:releasableTo='USA FRA'", "go together"),
        ("i:classification='S' i:ownerProducer='USA' i:displayOnlyTo='FRA'", "go together"),
        ("i:classification='S' i:ownerProducer='USA' i:nonUSControls='ATOMAL'", "no row maps"),
        ("i:classification='S' i:ownerProducer='USA' i:disseminationControls='SI'", "no row"),
        ("i:classification='S' i:ownerProducer='USA' i:newControl='1'", "could restrict"),
        ("i:classification='S' i:ownerProducer='USA GBR' i:joint='perhaps'", "neither true"),
    ] {
        let refused = xml(attributes).unwrap_err().to_string();
        assert!(refused.contains(part), "{attributes}: {refused}");
    }
    let nested = format!("<a xmlns:i='{ISM_NAMESPACE}' i:classification='U' i:ownerProducer='USA'><b><c i:classification='S'/></b></a>");
    assert!(Marking::from_xml(&nested).unwrap_err().why.contains("portion"));
    assert!(Marking::from_xml("<a>").unwrap_err().why.contains("well-formed"));
}

const NAMES: [&str; 6] = ["USA", "FRA", "GBR", "CAN", "XKS", "NATO"];

fn random_marking(draw: &mut Draw) -> Marking {
    let strings = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
    let codes: Vec<&'static str> = tokens::TOKENS.iter().map(|token| token.code).collect();
    let mut marking = Marking {
        classification: draw.one(&CLASSIFICATIONS).0,
        controls: draw.some(&codes, 2),
        programmes: if draw.chance(10) { strings(draw.some(&["BP", "CD"], 2)) } else { BTreeSet::new() },
        sources: if draw.chance(10) { strings(draw.some(&NAMES[1..], 2)) } else { BTreeSet::new() },
        concealed: draw.chance(5),
        ..Marking::default()
    };
    if draw.chance(60) {
        marking.release = strings(draw.some(&NAMES, 4));
        marking.release.insert(USA.to_owned());
    }
    if draw.chance(20) {
        marking.display = strings(draw.some(&NAMES[1..], 2));
    }
    if draw.chance(10) {
        marking.joint = strings(draw.some(&NAMES[..4], 3));
        marking.release.extend(marking.joint.iter().cloned());
    }
    marking
}

#[test]
fn random_markings_come_back_and_never_lower() {
    let mut draw = Draw(1);
    let mut valid = 0;
    with_site(|site| {
        for _ in 0..30_000 {
            let marking = random_marking(&mut draw);
            let Ok(reading) = marking.label(site) else { continue };
            valid += 1;
            for form in FORMS {
                let Ok(written) = marking.write(form) else { continue };
                // A compartment says its system, so that the marking may have lost a word and no meaning.
                assert_eq!(again(&written, form).unwrap().label(site).as_ref(), Ok(&reading), "{written}");
                // To the lattice, out in the same form, and in again.
                let Ok(out) = write(&reading.label, form, site) else { continue };
                let back = again(&out, form).unwrap().label(site).unwrap().label;
                assert!(dominates(&back, &reading.label), "{written} became {out}");
            }
        }
    });
    assert!(valid > 3_000, "{valid}");
}

fn random_label(draw: &mut Draw, site: &Site<'_>) -> Label {
    let nations = |names: BTreeSet<&str>| names.into_iter().map(|name| super::super::from_code(name, site).unwrap()).collect::<Vec<_>>();
    let mut facet = Facet::at_level(draw.one(&[1, 1, 3, 4, 5, 2]));
    for _ in 0..draw.below(4) {
        let mut named = nations(draw.some(&NAMES, 4));
        if draw.chance(90) {
            named.push(Value::Nation(USA.to_owned()));
        }
        facet = facet.only(Clause::new(if draw.chance(97) { RELEASABLE_TO } else { "Organisations" }, named));
    }
    let tags = [SCI_CONTROLS, DISSEMINATION_CONTROLS, ATOMIC_ENERGY, SPECIAL_ACCESS];
    for _ in 0..draw.below(3) {
        let token = &tokens::TOKENS[draw.below(tokens::TOKENS.len())];
        let tag = match token.meaning {
            tokens::Meaning::Hold(tag) | tokens::Meaning::HoldAtHome(tag) if draw.chance(95) => tag,
            _ => draw.one(&tags),
        };
        facet.restrictive.insert(Restriction { tag: tag.to_owned(), value: token.code.to_owned() });
    }
    let label = Label::new(PolicyId::new(USA), facet);
    let mut handling = Facet::at_level(0);
    for (tag, value) in [
        (ORIGINATOR_CONTROL, "Maker"),
        (ORIGINATOR_CONTROL, "Other"),
        (OBLIGATIONS, DISPLAY_ONLY),
        (THIRD_PARTY, "GBR"),
        (THIRD_PARTY, "FGI"),
    ] {
        if draw.chance(12) {
            handling.restrictive.insert(Restriction { tag: tag.to_owned(), value: value.to_owned() });
        }
    }
    if handling.restrictive.is_empty() { label } else { label.join(&Label::new(PolicyId::new(HANDLING), handling)) }
}

#[test]
fn random_labels_come_back_no_lower() {
    let mut draw = Draw(2);
    let mut written_count = 0;
    with_site(|site| {
        for _ in 0..30_000 {
            let label = random_label(&mut draw, site);
            for form in FORMS {
                let Ok(written) = write(&label, form, site) else { continue };
                written_count += 1;
                let back = again(&written, form).unwrap().label(site).unwrap().label;
                assert!(dominates(&back, &label), "{} became {written}", display(&label));
            }
        }
    });
    assert!(written_count > 10_000, "{written_count}");
}

#[test]
fn a_roll_up_is_the_join() {
    let mut draw = Draw(3);
    let mut rolled = 0;
    with_site(|site| {
        for _ in 0..30_000 {
            let portions: Vec<Marking> = (0..1 + draw.below(3)).map(|_| random_marking(&mut draw)).collect();
            let labels: Option<Vec<Label>> = portions.iter().map(|portion| portion.label(site).ok().map(|reading| reading.label)).collect();
            let Some(join) = labels.and_then(|labels| labels.into_iter().reduce(|one, other| one.join(&other))) else { continue };
            let Ok(banner) = roll_up(&portions) else { continue };
            rolled += 1;
            let label = banner.label(site).unwrap().label;
            assert!(dominates(&label, &join), "{portions:?}");
            // The join with its audiences put together is the same label: nothing was added beside.
            let of_join = Marking::of_label(&join, site).unwrap_or_else(|refused| panic!("{portions:?}: {refused}"));
            assert_eq!(of_join.label(site).unwrap().label, label, "{portions:?}");
        }
    });
    assert!(rolled > 2_000, "{rolled}");
}

#[test]
fn portions_make_the_banner_of_the_register() {
    for (portions, banner) in [
        (vec!["(S//NF)", "(S//REL TO USA, FRA)"], "SECRET//NOFORN"),
        (vec!["(C//REL TO USA, FRA, GBR)", "(S//REL TO USA, GBR, CAN)"], "SECRET//REL TO USA, GBR"),
        (vec!["(S//REL TO USA, FRA)", "(S//REL TO USA, GBR)"], "SECRET//NOFORN"),
        (vec!["(U)", "(S//REL TO USA, FRA)"], "SECRET//REL TO USA, FRA"),
        (vec!["(S//OC/NF)", "(S//PR/NF)", "(S//FISA/NF)"], "SECRET//ORCON/NOFORN/PROPIN/FISA"),
        (vec!["(S//OC-USGOV/NF)", "(TS//SI//OC/NF)"], "TOP SECRET//SI//ORCON/NOFORN"),
        (vec!["(S//REL TO USA, GBR)", "(S//DISPLAY ONLY GBR)"], "SECRET//DISPLAY ONLY GBR"),
        (vec!["(//JOINT S GBR USA//REL TO USA, GBR)", "(U)"], "SECRET//FGI GBR//REL TO USA, GBR"),
    ] {
        let read: Vec<Marking> = portions.iter().map(|portion| Marking::parse(portion).unwrap()).collect();
        assert_eq!(roll_up(&read).unwrap().write(Form::Banner).unwrap(), banner, "{portions:?}");
    }
    let apart = [Marking::parse("(S//NF)").unwrap(), Marking::parse("(S//DISPLAY ONLY GBR)").unwrap()];
    assert!(roll_up(&apart).is_err());
}
