//! Markings as people read them.

use super::super::label::tests::label;
use super::super::model::Spif;
use super::super::valid::tests::{now, shipped};
use super::super::valid::validate;
use super::*;

fn shows(spif: &Spif, language: Option<&str>, text: &str, expected: &str) {
    let validity = validate(spif, &label(text), now());
    let resolved = validity.resolved.unwrap_or_else(|| panic!("{text}: {:?}", validity.breaches));
    assert_eq!(display(&resolved, language), expected, "{text}");
}

const RELEASED: &str = "NATO; RESTRICTED; Context={NATO, Releasable}; Releasable To={UKR, NATO, JPN, CHE}";
const ONLY: &str = "NATO; CONFIDENTIAL; Context={KFOR}; Only={NATO, IRL, SWE, UKR}";

#[test]
fn the_worked_values() {
    let nato = shipped("nato-style.xml");
    for (text, expected) in [
        ("NATO; UNCLASSIFIED; Context={NATO}", "NATO UNCLASSIFIED"),
        ("NATO; SECRET; Context={NATO}", "NATO SECRET"),
        (
            "NATO; UNCLASSIFIED; Context={NATO, Releasable}; Releasable To={NATO, ISAF, KFOR, RESOLUTE SUPPORT}",
            "NATO UNCLASSIFIED Releasable to ISAF, KFOR, RESOLUTE SUPPORT",
        ),
        (RELEASED, "NATO RESTRICTED Releasable to Japan, Switzerland, Ukraine"),
        (ONLY, "NATO/KFOR CONFIDENTIAL NATO, Ireland, Sweden, Ukraine Only"),
        ("NATO; TOP SECRET; Context={NATO}; Additional Sensitivity={ATOMAL}", "COSMIC TOP SECRET ATOMAL"),
        ("NATO; UNCLASSIFIED; Context={NATO}; Administrative={STAFF}", "NATO UNCLASSIFIED - STAFF"),
    ] {
        shows(&nato, None, text, expected);
    }
    shows(&shipped("public.xml"), None, "PUBLIC; UNMARKED", "");
    shows(&shipped("public.xml"), None, "PUBLIC; UNMARKED; In Confidence={LEGAL}", "");
}

#[test]
fn in_other_languages() {
    let nato = shipped("nato-style.xml");
    for (language, text, expected) in [
        ("fr", RELEASED, "NATO DIFFUSION RESTREINTE Communicable à Japon, Suisse, Ukraine"),
        ("FR-ca", ONLY, "NATO/KFOR CONFIDENTIEL NATO, Irlande, Suède, Ukraine seulement"),
        ("fr", "NATO; TOP SECRET; Context={NATO}", "COSMIC TRÈS SECRET"),
        ("eo", "NATO; SECRET; Context={NATO}", "NATO SECRET"),
    ] {
        shows(&nato, Some(language), text, expected);
    }
    let company = shipped("commercial.xml");
    let text = "COMMERCIAL; CONFIDENTIAL; Legal={EXPORT CONTROLLED, PERSONAL DATA}; Project={AURORA, CORVUS}; Retention={Destroy}; Retention Date={2030-12-31}";
    shows(&company, None, text, "CONFIDENTIAL - personal data, export controlled [AURORA or CORVUS] until 2030-12-31 Destroy");
    shows(&company, Some("de"), text, "VERTRAULICH - personenbezogene Daten, Ausfuhrkontrolle [AURORA oder CORVUS] bis 2030-12-31 Destroy");
}

#[test]
fn in_other_styles() {
    for (file, text, expected) in [
        ("us-style.xml", "USA; SECRET; Releasable To={FVEY, FRA, USA}", "SECRET//REL TO USA, FRA, FVEY"),
        ("us-style.xml", "USA; TOP SECRET; SCI Controls={TK, SI}; Dissemination={NOFORN}", "TOP SECRET//SI/TK//NOFORN"),
        ("us-style.xml", "USA; UNCLASSIFIED", "UNCLASSIFIED"),
        ("eu-style.xml", "EU; RESTRICTED", "RESTREINT UE/EU RESTRICTED"),
        ("eu-style.xml", "EU; SECRET; Releasable To={NATO}", "SECRET UE/EU SECRET RELEASABLE TO NATO"),
        ("tlp.xml", "TLP; AMBER+STRICT", "TLP:AMBER+STRICT"),
    ] {
        shows(&shipped(file), None, text, expected);
    }
}

#[test]
fn samples_of_others() {
    let Some(folder) = super::super::data::folder("labels/spiffing") else { return };
    let read = |name: &str| Spif::parse(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    let tlp = read("tlp.xml");
    shows(&tlp, None, "TLP; AMBER; Additional Information={EU, US}", "TLP:AMBER [REGION=EU/US]");
    shows(&tlp, None, "TLP; RED; Additional Information:INFORMATIVE={Foreign}", "TLP:RED [Imported Data]");
    shows(&tlp, None, "TLP; RED; Regions={EU}", "TLP:RED [REGION=EU]");
    let nato = read("nato-4774-policy.xml");
    shows(&nato, None, "NATO; TOP SECRET; Context={NATO}; Additional Sensitivity={ATOMAL}", "COSMIC TOP SECRET ATOMAL");
    shows(&nato, Some("fr"), RELEASED, "NATO DIFFUSION RESTREINTE Communicable a Japon, Suisse, Ukraine");
    shows(&nato, None, "NATO; TOP SECRET", "COSMIC TOP SECRET");
}
