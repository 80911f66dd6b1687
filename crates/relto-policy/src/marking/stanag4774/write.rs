//! A label of the lattice as STANAG 4774 labels in XML: the originator's first, then its alternatives.

use std::collections::BTreeSet;

use relto_model::{Facet, Label, PolicyId, Stamp};

use crate::rules::Rules;
use crate::spif::label::{ConfidentialityLabel, LabelKind, Moment, Succession};
use crate::spif::lattice::{information_of, label_of};
use crate::spif::valid::validate;

/// Writes `label`, made at `made`, to be reviewed at `review` unless another follows it.
///
/// # Errors
/// In words: what no label of a policy in force can say (ADatP-4774.1, 4.4 rule 9: then a person decides), such as several policies at once.
pub fn write(label: &Label, review: Option<Stamp>, rules: &Rules, made: Stamp) -> Result<Vec<String>, String> {
    let mut steps: Vec<(Stamp, &PolicyId, &Facet)> = Vec::new();
    let first = (made, label.facets_at(Stamp(i64::MIN)));
    for (from, facets) in std::iter::once(first).chain(label.later()) {
        let mut facets = facets.iter();
        match (facets.next(), facets.next()) {
            (Some((policy, facet)), None) => steps.push((from, policy, facet)),
            _ => return Err("a STANAG 4774 label is of one policy, and this is of several".to_owned()),
        }
    }
    let mut written = vec![chain(&steps, LabelKind::Originator, review, rules, made)?];
    // A counterpart that does not last as long as the label says nothing when it is gone.
    let of_step = |(_, _, facet): &(Stamp, &PolicyId, &Facet)| facet.alternatives.keys().cloned().collect::<BTreeSet<_>>();
    let common = steps.iter().map(of_step).reduce(|one, other| one.intersection(&other).cloned().collect()).unwrap_or_default();
    for policy in &common {
        let others: Vec<_> = steps.iter().filter_map(|(from, _, facet)| Some((*from, policy, facet.alternatives.get(policy)?))).collect();
        written.push(chain(&others, LabelKind::Alternative, review, rules, made)?);
    }
    written.iter().map(|label| label.to_xml().map_err(|error| error.to_string())).collect()
}

/// One label for each step, each inside the one before.
fn chain(
    steps: &[(Stamp, &PolicyId, &Facet)],
    kind: LabelKind,
    review: Option<Stamp>,
    rules: &Rules,
    made: Stamp,
) -> Result<ConfidentialityLabel, String> {
    let mut inner: Option<(Stamp, ConfidentialityLabel)> = None;
    for (number, (from, policy, facet)) in steps.iter().enumerate().rev() {
        let kind = if number == 0 { kind } else { LabelKind::Successor };
        let succession = inner.take().map(|(at, label)| Box::new(Succession { at: moment(at), label }));
        let review = match (&succession, review) {
            (Some(_), _) => None,
            (None, Some(review)) => Some(moment(review)),
            (None, None) => return Err("a STANAG 4774 label says when it is to be reviewed".to_owned()),
        };
        let label = single(policy, facet, rules, made, *from)?;
        inner = Some((*from, ConfidentialityLabel { kind, review, succession, ..label }));
    }
    inner.map(|(_, label)| label).ok_or_else(|| "a label without facets".to_owned())
}

fn single(policy: &PolicyId, facet: &Facet, rules: &Rules, made: Stamp, from: Stamp) -> Result<ConfidentialityLabel, String> {
    let spif = rules.policies.of(policy).and_then(|policy| policy.file.as_ref());
    let spif = spif.ok_or_else(|| format!("policy {policy} is not from a file: `relto policy activate` puts one in force"))?;
    let label = label_of(information_of(spif, facet)?, made);
    let validity = validate(spif, &label, from);
    if validity.resolved.is_some() { Ok(label) } else { Err(validity.breaches.join("; ")) }
}

fn moment(stamp: Stamp) -> Moment {
    Moment { text: stamp.to_string(), stamp }
}
