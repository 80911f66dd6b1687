//! The banner of a label: what its readers know already, since they were cleared for it, and nothing of who else was.

use std::sync::LazyLock;

use relto_model::{Facet, Label, PolicyId, Stamp};

use super::AND;
use crate::policy::{HANDLING, LAW, LAW_BESIDE, ORG, Policies, TLP};
use crate::spif::Spif;
use crate::spif::shipped::SHIPPED;
use crate::{handling, law};

/// Stands where a label says nothing but whom it is for.
const AUDIENCE_ALONE: &str = "FOR SOME ORGANISATIONS";

/// The classification, the compartments and the handling of `label` as it reads at `now`, policy by policy. Whom it is for and who controls it is left out: a
/// reader is told of no other reader.
#[must_use]
pub fn banner(label: &Label, policies: &Policies, now: Stamp) -> String {
    let words: Vec<String> = banner_parts(label, policies, now).into_iter().map(|part| part.words).collect();
    words.join(AND)
}

/// What a banner says in the words of one policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BannerPart {
    /// What it says.
    pub words: String,
    /// The colour that the policy's file gives the classification, as written there; none when it gives none, or there is no file.
    pub colour: Option<String>,
}

/// The banner of `label` as it reads at `now`, one part for each policy in the order of their names; at least one.
#[must_use]
pub fn banner_parts(label: &Label, policies: &Policies, now: Stamp) -> Vec<BannerPart> {
    let shown = label.facets_at(now).iter().filter(|(policy, _)| policy.as_str() != ORG);
    let part = |(policy, facet): (&PolicyId, &Facet)| BannerPart {
        words: of_facet(policy, facet, policies),
        colour: colour(policy, facet.level, policies),
    };
    let parts: Vec<BannerPart> = shown.map(part).collect();
    if parts.is_empty() { vec![BannerPart { words: AUDIENCE_ALONE.to_owned(), colour: None }] } else { parts }
}

/// The files that ship by the names of the built-in policies that they describe as well: a built-in policy has no colours of its own.
static OF_BUILT_IN: LazyLock<Vec<(PolicyId, Spif)>> = LazyLock::new(|| {
    let built_in = [("NATO", "nato-style.xml"), ("EU", "eu-style.xml"), ("USA", "us-style.xml"), (TLP, "tlp.xml")];
    let text = |file: &str| SHIPPED.iter().find(|(name, _)| *name == file).map(|(_, text)| *text);
    built_in.into_iter().filter_map(|(policy, file)| Some((PolicyId::new(policy), Spif::parse(text(file)?).ok()?))).collect()
});

fn colour(id: &PolicyId, level: u8, policies: &Policies) -> Option<String> {
    let name = policies.level_name(id, level)?;
    let file = policies.of(id)?.file.as_deref();
    let file = file.or_else(|| OF_BUILT_IN.iter().find(|(built_in, _)| built_in == id).map(|(_, file)| file))?;
    file.classifications.iter().find(|classification| classification.name.eq_ignore_ascii_case(name))?.color.clone()
}

fn of_facet(id: &PolicyId, facet: &Facet, policies: &Policies) -> String {
    let level = policies.level_name(id, facet.level).map_or_else(|| format!("LEVEL {}", facet.level), str::to_owned);
    let values: Vec<&str> = facet.restrictive.iter().map(|value| value.value.as_str()).collect();
    match id.as_str() {
        TLP => format!("TLP:{level}"),
        HANDLING => format!("{}{}", handling::PREFIX, handling::controls(facet).join("; ")),
        LAW | LAW_BESIDE => law::text::display(facet).unwrap_or_else(|| LAW.to_owned()),
        "USA" if values.is_empty() => level,
        "USA" => format!("{level}//{}", values.join("/")),
        name => std::iter::once(name).chain([level.as_str()]).chain(values).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use crate::text::{LabelContext, parse_label};

    #[test]
    fn colours_are_those_of_the_policys_file() {
        let rules = Rules::builtin().unwrap();
        let colours = |text: &str| -> Vec<(String, Option<String>)> {
            let context = LabelContext { made: Stamp(0), owner: "Org A".to_owned(), collection: None };
            let label = parse_label(text, &rules, &context).unwrap();
            banner_parts(&label, &rules.policies, Stamp(0)).into_iter().map(|part| (part.words, part.colour)).collect()
        };
        let part = |words: &str, colour: Option<&str>| (words.to_owned(), colour.map(str::to_owned));
        assert_eq!(colours("TLP:RED"), [part("TLP:RED", Some("#FF2B2B"))]);
        assert_eq!(colours("NATO SECRET AND TLP:GREEN"), [part("NATO SECRET", Some("#C8102E")), part("TLP:GREEN", Some("#33FF00"))]);
        assert_eq!(colours("ORG:Org A"), [part(AUDIENCE_ALONE, None)]);
    }

    #[test]
    fn banners_name_no_audience() {
        let rules = Rules::builtin().unwrap();
        for (text, expected) in [
            ("NATO SECRET", "NATO SECRET"),
            ("NATO RESTRICTED REL TO JPN", "NATO RESTRICTED"),
            ("SECRET//REL TO USA, FRA", "SECRET"),
            ("TLP:AMBER+STRICT", "TLP:AMBER+STRICT"),
            ("TLP:AMBER", "TLP:AMBER"),
            ("ORG:Org A, Org B", AUDIENCE_ALONE),
            ("TLP:GREEN AND ORG:Org A", "TLP:GREEN"),
            ("TLP:CLEAR AND HANDLING:ORCON Org A; THIRD PARTY Org B", "HANDLING:ORCON; THIRD PARTY AND TLP:CLEAR"),
            ("TLP:GREEN AND LAW:GDPR PERSONAL", "LAW:GDPR PERSONAL AND TLP:GREEN"),
            ("TLP:GREEN, from 2027-01-01 NATO SECRET", "TLP:GREEN"),
        ] {
            let now = Stamp::parse("2026-06-01").unwrap();
            let context = LabelContext { made: now, owner: "Org A".to_owned(), collection: Some("id of a collection".to_owned()) };
            let label = parse_label(text, &rules, &context).unwrap();
            assert_eq!(banner(&label, &rules.policies, now), expected, "{text}");
        }
    }
}
