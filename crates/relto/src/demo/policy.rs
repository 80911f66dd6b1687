//! `demo/policy.json`: the people of the demo and the illustrative release policy. Read here, carried out by ordinary commands.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::failure::Failure;

const SHIPPED: &str = include_str!("../../../../demo/policy.json");

/// The demo's cast and rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    /// What this file is, for its readers.
    #[serde(rename = "about")]
    _about: String,
    /// Who runs the node.
    pub organisation: String,
    /// Its nation.
    pub nation: String,
    /// The people.
    pub users: Vec<User>,
    /// The collections.
    pub collections: Vec<Collection>,
    /// Which ATLAS object gets which label: the first rule that fits.
    pub rules: Vec<Rule>,
    /// The label that joins the OASIS examples' own markings.
    pub oasis_label: String,
    /// The label of the supply-disruption warning.
    pub supply_label: String,
    /// The object that is released to two of the people and withheld from one.
    pub explained: String,
    /// A clearance, and the one it comes to count as while the demo runs.
    pub equivalence: (String, String),
}

/// One of the people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    /// Sign-in name.
    pub name: String,
    /// Nationality.
    pub nation: String,
    /// Employer.
    pub organisation: String,
    /// Clearances, as on the command line.
    pub clearances: Vec<String>,
    /// What they may do.
    pub role: String,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collection {
    /// Name and alias.
    pub name: String,
    /// Title.
    pub title: String,
    /// Organisations that TLP:AMBER goes to.
    pub recipients: Vec<String>,
}

/// A rule of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// The label it gives.
    pub label: String,
    /// What it fits, in words.
    pub what: String,
    /// The kinds it fits.
    pub kinds: Vec<String>,
    /// The tactics it fits; any when empty.
    #[serde(default)]
    pub tactics: Vec<String>,
    /// Whether the labels of what the object refers to come on top and decide; such objects are loaded last.
    #[serde(default)]
    pub as_what_it_refers_to: bool,
}

impl Policy {
    /// The policy that is shipped.
    ///
    /// # Errors
    /// [`Failure`] when the file is damaged.
    pub(super) fn shipped() -> Result<Self, Failure> {
        serde_json::from_str(SHIPPED).map_err(|error| Failure::of("demo/policy.json cannot be read", &error))
    }

    /// The rule for `object`, by its place.
    pub(super) fn rule_for(&self, object: &Json) -> Option<usize> {
        self.rules.iter().position(|rule| rule.fits(object))
    }
}

impl Rule {
    fn fits(&self, object: &Json) -> bool {
        let kind = object.get("type").and_then(Json::as_str).unwrap_or_default();
        let phases = object.get("kill_chain_phases").and_then(Json::as_array).map_or(&[] as &[Json], Vec::as_slice);
        let mut tactics = phases.iter().filter_map(|phase| phase.get("phase_name")?.as_str());
        self.kinds.iter().any(|own| own == kind)
            && (self.tactics.is_empty() || tactics.any(|tactic| self.tactics.iter().any(|own| own == tactic)))
    }
}
