//! Recipients that everybody can imagine, against the shipped tables.

use relto_model::Stamp;
use relto_model::label::Restriction;

use crate::law::{
    Assessment, EXCHANGE_FULFILS, Held, Kind, LawRules, LawTables, ObligationSet, Outcome, RecipientFacts, Refusal, Sources, assess,
};
use crate::membership::Memberships;

pub(super) fn at(text: &str) -> Stamp {
    Stamp::parse(text).unwrap()
}

pub(super) fn tag(text: &str) -> Restriction {
    let (law, value) = text.split_once(' ').unwrap();
    Restriction { tag: law.to_owned(), value: value.to_owned() }
}

fn assessed(text: &str, who: &RecipientFacts, now: &str, fulfils: ObligationSet) -> Assessment {
    let (tables, rules) = (LawTables::builtin().unwrap(), LawRules::builtin().unwrap());
    let assessment = assess(&tag(text), who, &tables, &rules, at(now), fulfils);
    let met = matches!(assessment.outcome, Outcome::Met(_));
    assert!(assessment.findings.iter().all(|finding| finding.met == met && finding.would_change.is_some() != met), "{assessment:?}");
    assert!(!assessment.findings.is_empty());
    assessment
}

/// `deny`, `redact`, or the obligations of the permit; by a way out that can see to everything.
fn outcome(text: &str, who: &RecipientFacts, now: &str) -> String {
    match assessed(text, who, now, ObligationSet::all()).outcome {
        Outcome::Met(obligations) => obligations.to_string(),
        Outcome::Unmet(refusal) => format!("{refusal:?}").to_lowercase(),
    }
}

fn company(country: &str) -> RecipientFacts {
    RecipientFacts::organisation("ACME", country, Kind::Private).screened_until(at("2027-06-01"))
}

fn body(country: &str, kind: Kind) -> RecipientFacts {
    RecipientFacts { kind: Some(kind), ..company(country) }
}

const NOW: &str = "2026-11-25";

#[test]
fn personal_data() {
    let office = || RecipientFacts { kind: Some(Kind::InternationalOrganisation), country: None, ..company("DEU") };
    let patents = RecipientFacts { organisation: Some("European Patent Organisation".to_owned()), ..office() };
    for (text, who, now, expected) in [
        ("GDPR NONE", RecipientFacts::default(), NOW, "none"),
        ("GDPR PERSONAL", RecipientFacts::default(), NOW, "redact"),
        ("GDPR PERSONAL", company("FRA"), NOW, "log, carry-tags"),
        ("GDPR personal basis nis2-29", company("NOR"), NOW, "log, carry-tags"),
        ("GDPR PERSONAL", company("JPN"), NOW, "log, carry-tags"),
        ("GDPR PERSONAL", body("JPN", Kind::Military), NOW, "redact"),
        ("GDPR PERSONAL", company("CHN"), NOW, "redact"),
        ("GDPR PERSONAL", company("USA"), NOW, "redact"),
        ("GDPR PERSONAL", company("USA").certified(Held::new("dpf")), NOW, "log, carry-tags"),
        ("GDPR PERSONAL", company("USA").certified(Held::new("DPF").until(at(NOW))), NOW, "redact"),
        ("GDPR PERSONAL", body("CAN", Kind::PublicAuthority), NOW, "redact"),
        ("GDPR PERSONAL", company("GBR"), "2020-01-01", "log, carry-tags"),
        ("GDPR PERSONAL", company("GBR"), "2020-02-01", "redact"),
        ("GDPR PERSONAL", company("GBR"), NOW, "log, carry-tags"),
        ("GDPR PERSONAL", company("JPN"), "2027-12-31", "deny"),
        ("GDPR PERSONAL", office(), NOW, "redact"),
        ("GDPR PERSONAL", patents, NOW, "log, carry-tags"),
        ("GDPR SPECIAL", company("FRA"), NOW, "deny"),
        ("GDPR SPECIAL BASIS 9(2)(G)", body("FRA", Kind::PublicAuthority), NOW, "deny"),
        (
            "GDPR SPECIAL BASIS 9(2)(G)",
            body("FRA", Kind::PublicAuthority).mandated(Held::new("9(2)(g)")),
            NOW,
            "log, log-purpose, carry-tags",
        ),
        ("GDPR CRIMINAL BASIS 10", company("FRA").mandated(Held::new("10")), NOW, "deny"),
        ("GDPR ANONYMOUS", company("FRA"), NOW, "deny"),
        ("LED PERSONAL", body("FRA", Kind::LawEnforcement), NOW, "log"),
        ("LED PERSONAL", body("GBR", Kind::LawEnforcement), NOW, "log, carry-tags"),
        ("LED PERSONAL", body("GBR", Kind::PublicAuthority), NOW, "deny"),
        ("LED PERSONAL", body("CHE", Kind::LawEnforcement), NOW, "deny"),
        (
            "LED PERSONAL",
            body("USA", Kind::LawEnforcement).party_to(Held::new("EU-US Umbrella Agreement")),
            NOW,
            "log, carry-tags, document-transfer",
        ),
        ("NATSEC UNDECLARED", company("FRA"), NOW, "log, carry-tags"),
        ("NATSEC UNDER FR-7", body("USA", Kind::Intelligence).party_to(Held::new("FR-7")), NOW, "redact"),
        ("NATSEC UNDER FR-7", body("FRA", Kind::Intelligence), NOW, "log, carry-tags"),
    ] {
        assert_eq!(outcome(text, &who, now), expected, "{text} to {who:?} at {now}");
    }
}

#[test]
fn export_control() {
    let licence = |law: &str, covers: &str| company("FRA").authorised(law, &[covers], Held::new("L-1"));
    for (text, who, expected) in [
        ("ITAR VIII", company("USA"), "none"),
        ("ITAR VIII", company("FRA"), "deny"),
        ("ITAR VIII", company("FRA").of_nations(&["USA"]), "deny"),
        ("ITAR VIII(H)", licence("ITAR", "VIII"), "decrement-licence, retransfer-notice, keep-five-years"),
        ("ITAR VIII UNDER L-1", licence("ITAR", "VIII"), "decrement-licence, retransfer-notice, keep-five-years"),
        ("ITAR VIII UNDER L-2", licence("ITAR", "VIII"), "deny"),
        ("ITAR IX", licence("ITAR", "VIII"), "deny"),
        ("ITAR VIII", licence("ITAR", "VIII").of_nations(&["FRA", "CHN"]), "deny"),
        ("ITAR VIII", RecipientFacts { residence: None, ..licence("ITAR", "VIII") }, "deny"),
        ("ITAR VIII 126.7", company("GBR").certified(Held::new("ITAR 126.7")), "retransfer-notice, keep-five-years"),
        ("ITAR VIII", company("GBR").certified(Held::new("ITAR 126.7")), "deny"),
        ("ITAR VIII 126.7", company("GBR"), "deny"),
        ("ITAR VIII 126.7", company("CAN").certified(Held::new("ITAR 126.7")), "deny"),
        ("EAR EAR99", company("FRA"), "keep-five-years"),
        ("EAR EAR99", RecipientFacts { screening: None, ..company("FRA") }, "deny"),
        ("EAR EAR99", company("IRN"), "deny"),
        ("EAR EAR99", body("CHN", Kind::Military), "deny"),
        ("EAR EAR99", company("CHN"), "keep-five-years"),
        ("EAR EAR99", RecipientFacts { organisation: Some("HUAWEI Technologies Co., Ltd.".to_owned()), ..company("CHN") }, "deny"),
        ("EAR 5A002", company("FRA"), "deny"),
        ("EAR 5A002 STA", company("FRA"), "deny"),
        ("EAR 5A002.A", licence("EAR", "5A002"), "decrement-licence, keep-five-years"),
        ("EAR 3A090", company("FRA"), "keep-five-years"),
        ("EAR 3A090.a", company("FRA").owned_from("CHN"), "deny"),
        ("EAR 3A090", company("SGP").owned_from("MAC"), "deny"),
        ("EAR 3A090", company("VNM"), "deny"),
        ("EAR 3A090 STA", company("FRA"), "deny"),
        ("EAR 3E001 FOR-090", company("FRA"), "deny"),
        ("EAR 5A992.Z", company("FRA"), "deny"),
        ("EUDU 5A002", company("DEU"), "log, carry-tags"),
        ("EUDU 1C101 ANNEX-IV", company("DEU"), "deny"),
        ("EUDU 5A002", company("USA"), "deny"),
        ("EUDU 5A002 EU001", company("USA"), "register-use, keep-five-years"),
        ("EUDU 5A002 EU001", company("BRA"), "deny"),
        ("EUDU 1C101 ANNEX-IV", licence("EUDU", "1C101"), "decrement-licence, keep-five-years"),
    ] {
        assert_eq!(outcome(text, &who, NOW), expected, "{text} to {who:?}");
    }
}

#[test]
fn contracts_purposes_and_dates() {
    let party = company("FRA").party_to(Held::new("ACME-7"));
    let user = body("USA", Kind::PublicAuthority).certified(Held::new("PCII Authorized User"));
    for (text, who, expected) in [
        ("PROP UNDER ACME-7", party.clone(), "log, name-contract"),
        ("PROP UNDER ACME-8", party.clone(), "redact"),
        ("NDA UNDER ACME-7", party, "log, name-contract"),
        ("NDA UNDER ACME-8", company("FRA"), "deny"),
        ("PCII PROTECTED", user, "log, carry-tags"),
        ("PCII PROTECTED", body("USA", Kind::PublicAuthority), "deny"),
        ("PURPOSE CYBER DEFENCE, CRISIS RESPONSE", company("FRA").asking_for("crisis response"), "log-purpose"),
        ("PURPOSE CYBER DEFENCE, CRISIS RESPONSE", company("FRA").asking_for("marketing"), "deny"),
        ("PURPOSE CYBER DEFENCE", company("FRA"), "deny"),
        ("RETAIN UNTIL 2026-11-26", company("FRA"), "state-retention"),
        ("RETAIN UNTIL 2026-11-25", company("FRA"), "deny"),
        ("RETAIN UNTIL TOMORROW", company("FRA"), "deny"),
        ("MOON LAW", company("FRA"), "deny"),
    ] {
        assert_eq!(outcome(text, &who, NOW), expected, "{text} to {who:?}");
    }
}

/// STA needs a statement on file, and a way out that can send the notice.
#[test]
fn what_the_way_out_cannot_see_to_is_a_denial() {
    let dates = r#""authority":"A","source":"S","review":"2028-01-01""#;
    let instruments = format!(r#"[{{"id":"STA-1","kind":"STA 740.20(D)",{dates}}}]"#);
    let tables = LawTables::parse(Sources { instruments: &instruments, ..Sources::SHIPPED }, Memberships::builtin().unwrap()).unwrap();
    let (rules, who) = (LawRules::builtin().unwrap(), company("FRA").party_to(Held::new("STA-1")));
    let by = |fulfils| assess(&tag("EAR 5A002 STA"), &who, &tables, &rules, at(NOW), fulfils);
    assert!(matches!(by(ObligationSet::all()).outcome, Outcome::Met(_)));
    let denied = by(EXCHANGE_FULFILS);
    assert_eq!(denied.outcome, Outcome::Unmet(Refusal::Deny));
    assert!(denied.findings[0].because.ends_with("this way out cannot see to: sta-notice, keep-five-years"), "{denied:?}");
    let personal = assessed("GDPR PERSONAL", &company("FRA"), NOW, EXCHANGE_FULFILS);
    assert!(matches!(personal.outcome, Outcome::Met(_)));
}

/// A prohibition goes on past its review; what rests on permissions, and on rules, ends.
#[test]
fn past_review_everything_closes() {
    let (tables, rules) = (LawTables::builtin().unwrap(), LawRules::builtin().unwrap());
    let later = at("2030-01-01");
    assert!(rules.due(at(NOW), 365).is_empty() && !rules.due(at(NOW), 800).is_empty());
    assert_eq!(tables.due(later, 0).iter().filter(|due| !due.stops).count(), tables.embargoes.rows().len() + tables.entities.rows().len());
    for text in ["GDPR NONE", "ITAR VIII", "EAR EAR99", "RETAIN UNTIL 2040-01-01"] {
        let assessment = assess(&tag(text), &company("USA"), &tables, &rules, later, ObligationSet::all());
        assert_eq!(assessment.outcome, Outcome::Unmet(Refusal::Deny), "{text}");
    }
    assert!(tables.embargoes.counting(later).any(|row| row.list == "E:1" && row.countries.contains("IRN")));
}
