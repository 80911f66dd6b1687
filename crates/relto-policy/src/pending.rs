//! What pends: the demands of labels that somebody's consent meets, and whose. Consents themselves are [`law::consent`](crate::law::consent)'s,
//! which knows no label; that both judges mean the same by them is held by the tests of the floor.

use relto_model::label::Clause;
use relto_model::{Label, PolicyId};

use crate::handling;
use crate::law::Subject;
use crate::policy::{ADDRESSEES, HANDLING, TLP};

/// Whose consent lets in those whom an audience does not name; `None` for an audience that is as its label says.
///
/// Who the addressees of TLP:RED are is no matter of the colour: they are named for one object (decision 0016). An object whose label names
/// persons all the same, from before, is for those and for whoever is named beside them.
#[must_use]
pub fn of_audience(policy: &PolicyId, clause: &Clause) -> Option<Subject> {
    (policy.as_str() == TLP && clause.tag == ADDRESSEES).then_some(Subject::Addressees)
}

/// Everybody who can be asked for the consent that `label` demands, now or at one of its dates.
pub fn subjects(label: &Label) -> impl Iterator<Item = Subject> {
    label.facets_ever().flat_map(|(policy, facet)| {
        let audiences = facet.permissive.iter().filter_map(move |clause| of_audience(policy, clause));
        let handled = facet.restrictive.iter().filter(move |_| policy.as_str() == HANDLING);
        audiences.chain(handled.filter_map(handling::asked))
    })
}
