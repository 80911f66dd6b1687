//! Policies that say one audience by several tags, where the lattice has one clause.
//!
//! | policy | as it is written | in the lattice | source |
//! |---|---|---|---|
//! | NATO | `Context` = NATO | `Releasable To` = NATO | ADatP-4774, labels-policy §1.2 |
//! | NATO | `Context` = NATO, Releasable; `Releasable To` = NATO, JPN | `Releasable To` = NATO, JPN | the same |
//! | USA | `Dissemination` = NOFORN | `Releasable To` = USA | CAPCO, labels-policy §2.1 |

use relto_model::Value;
use relto_model::label::Clause;

use crate::policy::RELEASABLE_TO;
use crate::spif::label::LabelCategory;
use crate::spif::model::{Spif, TagType, same};

/// NATO's tag set of contexts, and its value that sends a reader to [`RELEASABLE_TO`].
const CONTEXT: (&str, &str) = ("Context", "Releasable");
/// The tag set of the United States that says for their own people alone, and its value.
const NO_FOREIGNERS: (&str, &str) = ("Dissemination", "NOFORN");

/// Makes one clause of what the policy of `spif` says by several.
pub(super) fn one_audience(spif: &Spif, clauses: &mut Vec<Clause>) {
    let has =
        |clause: &Clause, (tag, value): (&str, &str)| same(&clause.tag, tag) && clause.values.contains(&Value::Category(value.to_owned()));
    if same(&spif.policy.name, "NATO") {
        let has_list = clauses.iter().any(|clause| same(&clause.tag, RELEASABLE_TO));
        if has_list && clauses.iter().any(|clause| has(clause, CONTEXT)) {
            clauses.retain(|clause| !same(&clause.tag, CONTEXT.0));
        }
        for clause in clauses.iter_mut().filter(|clause| same(&clause.tag, CONTEXT.0)) {
            RELEASABLE_TO.clone_into(&mut clause.tag);
        }
    }
    if same(&spif.policy.name, "USA") {
        for clause in clauses.iter_mut().filter(|clause| clause.values.len() == 1 && has(clause, NO_FOREIGNERS)) {
            *clause = Clause::new(RELEASABLE_TO, [Value::Nation("USA".to_owned())]);
        }
    }
}

/// The reverse: the tags by which the policy of `spif` says its audience.
pub(super) fn as_written(spif: &Spif, categories: &mut Vec<LabelCategory>) {
    let Some(released) = categories.iter_mut().find(|category| same(&category.tag_name, RELEASABLE_TO)) else { return };
    let names = |name: &str| released.values.iter().any(|value| same(value, name));
    let is_alone = released.values.len() == 1;
    if same(&spif.policy.name, "NATO") && is_alone && !names("Releasable") {
        CONTEXT.0.clone_into(&mut released.tag_name);
    } else if same(&spif.policy.name, "NATO") && names("NATO") {
        let values = vec!["NATO".to_owned(), CONTEXT.1.to_owned()];
        categories.insert(0, LabelCategory { kind: TagType::Permissive, tag_name: CONTEXT.0.to_owned(), id: None, values });
    } else if same(&spif.policy.name, "USA") && is_alone && names("USA") {
        NO_FOREIGNERS.0.clone_into(&mut released.tag_name);
        released.values = vec![NO_FOREIGNERS.1.to_owned()];
    }
}
