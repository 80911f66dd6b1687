//! The banner of a label: what its readers know already, since they were cleared for it, and nothing of who else was.

use relto_model::{Facet, Label, PolicyId, Stamp};

use super::AND;
use crate::policy::{HANDLING, LAW, LAW_BESIDE, ORG, Policies, TLP};
use crate::{handling, law};

/// Stands where a label says nothing but whom it is for.
const AUDIENCE_ALONE: &str = "FOR SOME ORGANISATIONS";

/// The classification, the compartments and the handling of `label` as it reads at `now`, policy by policy. Whom it is for and who controls it is left out: a
/// reader is told of no other reader.
#[must_use]
pub fn banner(label: &Label, policies: &Policies, now: Stamp) -> String {
    let shown = label.facets_at(now).iter().filter(|(policy, _)| policy.as_str() != ORG);
    let words: Vec<String> = shown.map(|(policy, facet)| of_facet(policy, facet, policies)).collect();
    if words.is_empty() { AUDIENCE_ALONE.to_owned() } else { words.join(AND) }
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
