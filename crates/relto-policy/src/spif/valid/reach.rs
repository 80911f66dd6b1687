//! Warnings about releases that reach nobody: a value of `Releasable To` whose holders can meet neither `Only` nor `Context`.
//!
//! ADatP-4774's own table 18 has `Only` with nine nations and `Releasable To` with Sweden: under rule 3 Sweden's clearance does not meet
//! `Only` (labels-policy §1.3). Authors have to repeat the nation there. Nothing is decided here; the rule decides.

use std::sync::LazyLock;

use relto_model::Stamp;

use super::super::model::{Category, Spif, same};
use super::super::resolve::Resolved;
use crate::membership::Memberships;
use crate::nation;

/// The NATO tag sets of which this speaks.
const RELEASABLE_TO: &str = "Releasable To";
const ONLY: &str = "Only";
const CONTEXT: &str = "Context";
/// The value of `Context` that lets in those to whom something is released.
const RELEASABLE: &str = "Releasable";

static MEMBERSHIPS: LazyLock<Memberships> = LazyLock::new(|| Memberships::builtin().unwrap_or_default());

/// What is released in vain, in words.
pub(super) fn unreachable(label: &Resolved<'_>, at: Stamp) -> Vec<String> {
    let released = values(label, RELEASABLE_TO);
    let mut warnings = Vec::new();
    if let Some(only) = values(label, ONLY) {
        for value in released.iter().flatten().filter(|value| !is_reached(label.spif, &value.name, &only, at)) {
            let text = "is in Releasable To, and a clearance for it alone never meets Only; add it to Only (ADatP-4774.1 3.11.4 rule 3)";
            warnings.push(format!("{} {text}", value.name));
        }
    }
    let closed = values(label, CONTEXT).filter(|context| !context.iter().any(|value| same(&value.name, RELEASABLE)));
    if released.is_some_and(|released| !released.is_empty()) && closed.is_some() {
        let text = "Releasable To has values, but Context lacks Releasable, so that nobody outside the context is let in";
        warnings.push(format!("{text} (ADatP-4774.1 3.11.4 rule 3)"));
    }
    warnings
}

fn values<'s>(label: &Resolved<'s>, set: &str) -> Option<Vec<&'s Category>> {
    label.tags.iter().find(|own| same(&own.set.name, set)).map(|own| own.values.clone())
}

/// Whether somebody cleared as `name` may hold a value of `only`: the same, a group that the nation is in, or a nation of the group. Of a
/// group whose members are not known, nothing can be said, and nothing is.
fn is_reached(spif: &Spif, name: &str, only: &[&Category], at: Stamp) -> bool {
    let is_nation = |name: &str| nation::index(&name.to_ascii_uppercase()).is_some();
    let in_group = |member: &str, group: &str| {
        let listed = spif.memberships.iter().find(|known| same(&known.name, group));
        listed.is_some_and(|known| known.members.iter().any(|own| same(own, member)))
            || MEMBERSHIPS.is_member(&member.to_ascii_uppercase(), &group.to_ascii_uppercase(), at)
    };
    let is_known =
        |group: &str| spif.memberships.iter().any(|known| same(&known.name, group)) || MEMBERSHIPS.knows(&group.to_ascii_uppercase());
    only.iter().any(|value| same(&value.name, name) || in_group(name, &value.name) || in_group(&value.name, name))
        || (!is_nation(name) && !is_known(name))
        || (is_nation(name) && only.iter().any(|value| !is_nation(&value.name) && !is_known(&value.name)))
}
