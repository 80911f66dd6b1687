//! Labels out of choices: what a policy offers, and the text that people would write for what somebody chose.
//!
//! Whether the policy allows a combination is asked of [`parse_label`](super::parse_label), as of every other text: nothing is judged here.

use std::collections::BTreeSet;

use crate::nation;
use crate::policy::{HANDLING, LAW, LAW_BESIDE, ORG, ORGANISATIONS, PAP, Policies, Policy, RELEASABLE_TO, TLP, TagValue};
use crate::rules::Rules;
use crate::spif::Spif;
use crate::spif::model::{TagType, same};

use super::WRITTEN;

/// The audience of a US label that is for the United States alone, as it is written.
const NO_FOREIGN: &str = "NOFORN";

/// What somebody chose of one policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The policy's name.
    pub policy: String,
    /// The classification.
    pub level: String,
    /// Values, each as `TAG=VALUE`.
    pub values: BTreeSet<String>,
}

/// A tag of a policy, with what may be chosen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedTag {
    /// Its name.
    pub name: String,
    /// Whether it says who may read, one of the values being enough; otherwise a reader must hold every value.
    pub is_audience: bool,
    /// Its values.
    pub values: Vec<String>,
}

/// Names of the policies from whose choices a label can be made, in their order. Labels of others are written as text.
pub fn offered_policies(policies: &Policies) -> impl Iterator<Item = &str> {
    policies.iter().filter(|policy| policy.file.is_some() || is_offered(&policy.name)).map(|policy| policy.name.as_str())
}

fn is_offered(name: &str) -> bool {
    WRITTEN.contains(&name) || [TLP, PAP, ORG].contains(&name)
}

/// What may be chosen of `policy` beside a classification: the tags of its file or, where it is built in, what it demands and the groups and nations that
/// `rules` know. `organisations` are those that may be named.
#[must_use]
pub fn offered_tags(policy: &Policy, rules: &Rules, organisations: &BTreeSet<String>) -> Vec<OfferedTag> {
    let alone = |name: &str, values: Vec<String>| vec![OfferedTag { name: name.to_owned(), is_audience: true, values }];
    match (&policy.file, policy.name.as_str()) {
        (Some(file), name) if !WRITTEN.contains(&name) => of_file(file),
        (_, ORG) => alone(ORGANISATIONS, organisations.iter().cloned().collect()),
        (_, TLP | PAP | HANDLING | LAW | LAW_BESIDE) => Vec::new(),
        (_, name) => {
            let groups: BTreeSet<&str> = rules.memberships.groups().chain(rules.groups.iter().map(String::as_str)).collect();
            let nations: Vec<&str> = nation::codes().collect();
            // Whose label it is reads it anyhow.
            let named = groups.into_iter().chain(nations).filter(|named| *named != name);
            let audience = (name == "USA").then_some(NO_FOREIGN).into_iter().chain(named).map(str::to_owned).collect();
            demanded(&policy.restrictive).into_iter().chain(alone(RELEASABLE_TO, audience)).collect()
        }
    }
}

fn demanded(values: &[TagValue]) -> Vec<OfferedTag> {
    let mut tags: Vec<OfferedTag> = Vec::new();
    for value in values {
        match tags.iter_mut().find(|tag| tag.name == value.tag) {
            Some(tag) => tag.values.push(value.name.clone()),
            None => tags.push(OfferedTag { name: value.tag.clone(), is_audience: false, values: vec![value.name.clone()] }),
        }
    }
    tags
}

fn of_file(file: &Spif) -> Vec<OfferedTag> {
    let mut tags: Vec<OfferedTag> = Vec::new();
    for set in &file.tag_sets {
        for (kind, is_audience) in [(TagType::Restrictive, false), (TagType::Permissive, true)] {
            let values: Vec<String> =
                set.tags_of(kind).flat_map(|tag| &tag.categories).filter(|value| !value.obsolete).map(|value| value.name.clone()).collect();
            if !values.is_empty() && !tags.iter().any(|tag| same(&tag.name, &set.name)) {
                tags.push(OfferedTag { name: set.name.clone(), is_audience, values });
            }
        }
    }
    tags
}

impl Choices {
    /// What of this can be chosen of `policy`, whose tags are `tags`: whoever chose another policy chose of the one before.
    #[must_use]
    pub fn among(&self, policy: &Policy, tags: &[OfferedTag]) -> Self {
        let is_offered = |written: &&String| {
            let (name, value) = written.split_once('=').unwrap_or_default();
            tags.iter().any(|tag| tag.name == name && tag.values.iter().any(|offered| offered == value))
        };
        Self {
            policy: policy.name.clone(),
            level: policy.level(&self.level).map(|level| level.name.clone()).unwrap_or_default(),
            values: self.values.iter().filter(is_offered).cloned().collect(),
        }
    }

    /// The same with another classification.
    #[must_use]
    pub fn at_level(&self, level: &str) -> Self {
        Self { level: level.to_owned(), ..self.clone() }
    }

    /// The same with this value, `TAG=VALUE`, as well.
    #[must_use]
    pub fn with(&self, value: &str) -> Self {
        let mut with = self.clone();
        with.values.insert(value.to_owned());
        with
    }

    /// What people would write for this; `None` while there is no classification, or no such policy.
    #[must_use]
    pub fn text(&self, policies: &Policies) -> Option<String> {
        let policy = policies.find(&self.policy)?;
        let level = self.level.as_str();
        if level.is_empty() {
            return None;
        }
        let of_tag = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
            let chosen = self.values.iter().filter_map(|value| value.split_once('='));
            chosen.filter(|(tag, _)| is_wanted(tag)).map(|(_, value)| value).collect()
        };
        let audience = of_tag(&|tag| tag == RELEASABLE_TO);
        let held = of_tag(&|tag| tag != RELEASABLE_TO);
        Some(match policy.name.as_str() {
            name @ (TLP | PAP) => format!("{name}:{level}"),
            ORG => format!("{ORG}:{}", of_tag(&|tag| tag == ORGANISATIONS).join("; ")),
            "USA" => american(level, &held, &audience),
            name if WRITTEN.contains(&name) => alliance(name, level, &held, &audience),
            name => self.of_file(name),
        })
    }

    /// `NAME CLASSIFICATION; TAG=VALUE, VALUE`.
    fn of_file(&self, name: &str) -> String {
        let mut text = format!("{name} {}", self.level);
        let mut last = None;
        for (tag, value) in self.values.iter().filter_map(|value| value.split_once('=')) {
            let before = if last == Some(tag) { ", ".to_owned() } else { format!("; {tag}=") };
            text.push_str(&before);
            text.push_str(value);
            last = Some(tag);
        }
        text
    }
}

fn american(level: &str, held: &[&str], audience: &[&str]) -> String {
    let controls = if held.is_empty() { String::new() } else { format!("//{}", held.join("/")) };
    // Both together exclude each other, which the policy says.
    let (home, abroad): (Vec<&str>, Vec<&str>) = audience.iter().partition(|name| **name == NO_FOREIGN);
    let home = home.first().map(|name| format!("//{name}")).unwrap_or_default();
    let abroad = if abroad.is_empty() { String::new() } else { format!("//REL TO USA, {}", abroad.join(", ")) };
    format!("{level}{controls}{home}{abroad}")
}

fn alliance(name: &str, level: &str, held: &[&str], audience: &[&str]) -> String {
    let held: String = held.iter().map(|value| format!(" {value}")).collect();
    let release = if audience.is_empty() { String::new() } else { format!(" REL TO {}", audience.join(", ")) };
    format!("{name} {level}{held}{release}")
}

#[cfg(test)]
mod tests {
    use relto_model::Stamp;

    use super::*;
    use crate::text::{LabelContext, display, parse_label};

    fn chosen(policy: &str, level: &str, values: &[&str]) -> Choices {
        Choices { policy: policy.to_owned(), level: level.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    fn context() -> LabelContext {
        LabelContext { made: Stamp::parse("2026-11-28").unwrap(), owner: "Org A".to_owned(), collection: None }
    }

    #[test]
    fn what_is_chosen_is_what_people_write() {
        let rules = Rules::builtin().unwrap();
        for (choices, text) in [
            (chosen("TLP", "AMBER+STRICT", &[]), "TLP:AMBER+STRICT"),
            (chosen("PAP", "GREEN", &[]), "PAP:GREEN"),
            (chosen("NATO", "SECRET", &[]), "NATO SECRET"),
            (chosen("NATO", "RESTRICTED", &["Releasable To=JPN", "Releasable To=AUS"]), "NATO RESTRICTED REL TO AUS, JPN"),
            (chosen("NATO", "SECRET", &["Additional Sensitivity=ATOMAL", "Releasable To=JPN"]), "NATO SECRET ATOMAL REL TO JPN"),
            (chosen("USA", "SECRET", &["Releasable To=NOFORN"]), "SECRET//NOFORN"),
            (chosen("USA", "SECRET", &["Releasable To=FRA", "Releasable To=FVEY"]), "SECRET//REL TO USA, FRA, FVEY"),
            (chosen("ORG", "ORGANISATIONS", &["Organisations=Org A", "Organisations=Org B"]), "ORG:Org A; Org B"),
        ] {
            assert_eq!(choices.text(&rules.policies).as_deref(), Some(text), "{choices:?}");
            let label = parse_label(text, &rules, &context()).unwrap();
            // In words, a colour says whom it is for as well.
            let words = display(&label, &rules.policies);
            assert!(words.starts_with(text), "{text}: {words}");
        }
        assert_eq!(chosen("NATO", "", &[]).text(&rules.policies), None);
        assert_eq!(chosen("NOWHERE", "SECRET", &[]).text(&rules.policies), None);
    }

    #[test]
    fn what_the_policy_does_not_allow_is_refused_with_its_rule() {
        let rules = Rules::builtin().unwrap();
        for (choices, why) in [
            (chosen("NATO", "RESTRICTED", &["Additional Sensitivity=ATOMAL"]), "needs CONFIDENTIAL or above"),
            (chosen("USA", "SECRET", &[]), "say for whom"),
            (chosen("USA", "SECRET", &["Releasable To=NOFORN", "Releasable To=FRA"]), "exclude each other"),
            (chosen("ORG", "ORGANISATIONS", &[]), "at least one organisation"),
            (chosen("NATO", "NO SUCH LEVEL", &[]), "has no level"),
        ] {
            let text = choices.text(&rules.policies).unwrap();
            let error = parse_label(&text, &rules, &context()).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    /// Every level and value that is offered means something, alone or with what the policy asks for beside it.
    #[test]
    fn everything_offered_can_be_in_a_label() {
        let rules = Rules::builtin().unwrap();
        let organisations = BTreeSet::from(["Org A".to_owned()]);
        let mut count = 0;
        for policy in rules.policies.iter().filter(|policy| is_offered(&policy.name)) {
            let tags = offered_tags(policy, &rules, &organisations);
            let highest = policy.levels.last().unwrap();
            let for_whom = if policy.name == "USA" { vec!["Releasable To=GBR"] } else { Vec::new() };
            for level in &policy.levels {
                let mut choices = chosen(&policy.name, &level.name, &for_whom);
                choices.values.extend((policy.name == ORG).then(|| "Organisations=Org A".to_owned()));
                parse_label(&choices.text(&rules.policies).unwrap(), &rules, &context()).unwrap();
            }
            for (tag, value) in tags.iter().flat_map(|tag| tag.values.iter().map(move |value| (tag, value))) {
                let mut choices = chosen(&policy.name, &highest.name, if tag.is_audience { &[] } else { &for_whom });
                choices = choices.with(&format!("{}={value}", tag.name));
                let text = choices.text(&rules.policies).unwrap();
                parse_label(&text, &rules, &context()).unwrap_or_else(|error| panic!("{text}: {error}"));
                count += 1;
            }
        }
        assert!(count > 500, "{count} values of built-in policies");
    }

    #[test]
    fn a_file_offers_its_tags() {
        let text = include_str!("../../policies/nato-style.xml");
        let file = std::sync::Arc::new(Spif::parse(text).unwrap());
        let policy = crate::spif::lattice::policy_of(&file, None).unwrap();
        let tags = offered_tags(&Policy { name: "ELSEWHERE".to_owned(), ..policy }, &Rules::builtin().unwrap(), &BTreeSet::new());
        assert!(tags.iter().any(|tag| tag.is_audience && tag.values.len() > 20), "{tags:?}");
        assert!(tags.iter().any(|tag| !tag.is_audience && tag.values.iter().any(|value| value == "ATOMAL")), "{tags:?}");
    }
}
