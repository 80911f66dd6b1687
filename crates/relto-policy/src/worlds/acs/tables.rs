//! The words of ACS 3.0 and what each is here. Those of the schema that OASIS publishes; descriptions are in MISP's taxonomy `acs-marking`.

use super::super::Row;
use super::super::ism::{DISSEMINATION_CONTROLS, USA};
use crate::policy::{ACS, LAW, ORGANISATIONS};

/// Tag set of shareability values.
pub(super) const SHAREABILITY: &str = "Shareability";
/// Tag set of entity values.
pub(super) const ENTITY: &str = "Entity";
/// Tag set of logical authority categories.
pub(super) const AUTHORITY: &str = "Logical Authority Category";
/// The schema.
const SCHEMA: &str = "OASIS cti-stix-common-objects, isa-acs-3-0.json";

/// What a word of the control set asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// The value must be held: policy, tag, value.
    Hold(&'static str, &'static str, &'static str),
    /// For the US alone.
    Home,
    /// It informs, and restricts nobody.
    Nothing,
}

/// Where a word stands in the control set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    FormalDetermination,
    Caveat,
    Sensitivity,
}

/// One word.
pub(super) struct Word {
    pub(super) field: Field,
    pub(super) name: &'static str,
    pub(super) demand: Demand,
}

const fn word(field: Field, name: &'static str, demand: Demand) -> Word {
    Word { field, name, demand }
}
const fn personal(field: Field, name: &'static str) -> Word {
    word(field, name, Demand::Hold(LAW, "US Personal Information", name))
}

/// Every word of the control set that is not a list of readers.
pub(super) static WORDS: &[Word] = &[
    word(Field::FormalDetermination, "PUBREL", Demand::Nothing),
    word(Field::FormalDetermination, "NF", Demand::Home),
    word(Field::FormalDetermination, "AIS", Demand::Nothing),
    personal(Field::FormalDetermination, "PII-NECESSARY-TO-UNDERSTAND-THREAT"),
    word(Field::FormalDetermination, "NO-PII-PRESENT", Demand::Nothing),
    word(Field::FormalDetermination, "FOUO", Demand::Hold(USA, DISSEMINATION_CONTROLS, "FOUO")),
    personal(Field::FormalDetermination, "INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT"),
    word(Field::Caveat, "FISA", Demand::Hold(USA, DISSEMINATION_CONTROLS, "FISA")),
    personal(Field::Caveat, "POSSIBLEPII"),
    word(Field::Caveat, "CISAPROPRIETARY", Demand::Hold(ACS, "Caveat", "CISAPROPRIETARY")),
    word(Field::Sensitivity, "NTOC_DHS_ECYBER_SVC_SHARE.NSA.NSA", Demand::Hold(ACS, "Sensitivity", "NTOC_DHS_ECYBER_SVC_SHARE.NSA.NSA")),
    word(Field::Sensitivity, "PCII", Demand::Hold(ACS, "Sensitivity", "PCII")),
    word(Field::Sensitivity, "LES", Demand::Hold(USA, DISSEMINATION_CONTROLS, "LES")),
    word(Field::Sensitivity, "INT", Demand::Hold(ACS, "Sensitivity", "INT")),
    personal(Field::Sensitivity, "PII"),
    word(Field::Sensitivity, "PR", Demand::Hold(ACS, "Sensitivity", "PR")),
    word(Field::Sensitivity, "TEI", Demand::Hold(ACS, "Sensitivity", "TEI")),
];

/// What a scope may name beside `ALL`.
pub(super) const SHAREABILITIES: [&str; 4] = ["NCC", "EM", "LE", "IC"];
/// Kinds of readers.
pub(super) const ENTITIES: [&str; 7] = ["MIL", "GOV", "CTR", "SVR", "SVC", "DEV", "NET"];
/// Actions; a node exercises `DSPLY`.
pub(super) const ACTIONS: [&str; 12] =
    ["DSPLY", "IDSRC", "TENOT", "NETDEF", "LEGAL", "INTEL", "TEARLINE", "OPACTION", "REQUEST", "ANONYMOUSACCESS", "CISAUSES", "ALL"];
/// Organisations that are communities: whoever was given the value is in it.
pub(super) const COMMUNITIES: [&str; 7] = ["CDC", "CIKR", "DIB", "FIN", "ISAC", "NONFED", "PRIVATESECTOR"];
/// Codes of the form of an organisation that are communities as well.
pub(super) const GOVERNMENTS: [&str; 2] = ["USA.USG", "USA.SLTT"];
/// What `sharing_scope` may name beside organisations.
pub(super) const SHARING: [&str; 2] = ["FOREIGNGOV", "SECTOR"];

/// The values that somebody may hold under this policy, each with its tag set.
pub fn held() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().filter_map(|word| match word.demand {
        Demand::Hold(ACS, tag, name) => Some((tag, name)),
        Demand::Hold(..) | Demand::Home | Demand::Nothing => None,
    })
}

/// The communities and kinds of readers that audiences may name, each with its tag set.
pub fn communities() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = |tag: &'static str, names: &'static [&'static str]| names.iter().map(move |name| (tag, *name));
    let organisations = of(ORGANISATIONS, &COMMUNITIES).chain(of(ORGANISATIONS, &GOVERNMENTS));
    of(SHAREABILITY, &SHAREABILITIES).chain(of(ENTITY, &ENTITIES)).chain(organisations)
}

/// The rows of this world.
#[must_use]
pub fn rows() -> Vec<Row> {
    let row = |there: &str, here: &str| Row::new(there, here, SCHEMA);
    let mut rows: Vec<Row> = [("U", 1), ("C", 3), ("S", 4), ("TS", 5)]
        .iter()
        .map(|(code, rank)| row(&format!("classification {code}"), &format!("USA level {rank}; it says nothing of nations")))
        .collect();
    rows.extend(WORDS.iter().map(|word| {
        let field = match word.field {
            Field::FormalDetermination => "formal_determination",
            Field::Caveat => "caveat",
            Field::Sensitivity => "sensitivity",
        };
        let here = match word.demand {
            Demand::Hold(policy, tag, value) => format!("{policy} `{tag}: {value}`"),
            Demand::Home => "USA clause `Releasable To: USA`".to_owned(),
            Demand::Nothing => "nothing; beside what contradicts it, refused".to_owned(),
        };
        row(&format!("{field} {}", word.name), &here)
    }));
    let category =
        |tag: &str, name: &str| row(&format!("{} {name}", tag.to_lowercase()), &format!("ACS clause `{tag}`: {name}, by access"));
    rows.extend(SHAREABILITIES.iter().map(|name| category(SHAREABILITY, name)));
    rows.extend(ENTITIES.iter().map(|name| category(ENTITY, name)));
    let descriptive = "identifier, name, create_date_time, responsible_entity_*, authority_reference, *_classification, declassification, \
                       resource_disposition, public_release";
    rows.push(row(descriptive, "nothing: it describes"));
    rows.push(row("sci_controls", "as in ISM"));
    rows.push(row("logical_authority_category", "ACS `Logical Authority Category`, each must be held"));
    rows.push(row("permitted_nationalities", "USA clause `Releasable To`"));
    rows.push(row("permitted_organizations AAA.BBB", "ACS clause `Organisations`: the organisation of that name"));
    let communities = COMMUNITIES.iter().chain(&GOVERNMENTS);
    rows.extend(communities.map(|name| row(&format!("permitted_organizations {name}"), "ACS clause `Organisations`, by access")));
    rows.extend(SHARING.iter().map(|name| row(&format!("sharing_scope {name}"), "ACS clause `Organisations`, by access")));
    rows.extend(ACTIONS.iter().map(|name| {
        let exercised = matches!(*name, "DSPLY" | "ALL");
        row(&format!("privilege_action {name}"), if exercised { "a rule for whoever reads" } else { "not exercised by a node" })
    }));
    rows.push(row("privdefault=deny", "nobody, unless a rule permits; several that differ in more than one list: those in all of them"));
    rows.push(row("rule_effect deny", "taken out of the audience; where that cannot be said, refused"));
    rows.push(row("sharedefault=deny", "ACS clause `Organisations`: the object's organisation and those in `further_sharing`"));
    rows.push(row("sharedefault=permit", "no clause; with a denial in `further_sharing`, the object's organisation alone"));
    rows
}
