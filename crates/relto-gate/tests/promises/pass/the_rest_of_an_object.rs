//! A display gets the rest of what its principal may not have all of, and only where the labels of the parts explain that.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_gate::{Gate, LabelId, LabelTable, PartLabels, Sealed, clear_parts};
use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};

const OPEN: LabelId = LabelId(0);
const ALSO_OPEN: LabelId = LabelId(1);
const CLOSED: LabelId = LabelId(2);

fn main() {
    let mut labels = LabelTable::default();
    for id in [OPEN, ALSO_OPEN] {
        labels.insert(id, Arc::new(Label::new(PolicyId::new("TLP"), Facet::at_level(1))), id == OPEN);
    }
    let gate = Gate::new(Arc::new(Rules::default()), Arc::new(labels), Stamp(0), None);
    let profile = Profile::new("Example CERT", BTreeSet::from(["FRA".to_owned()]));
    let principal = gate.principal("anna".into(), Arc::new(profile), Arc::default());
    // What is told of content under the first label when its parts have these: the numbers of those that were taken out.
    let told = |sealed: LabelId, parts: Option<(LabelId, LabelId, &[LabelId])>| {
        let labels = parts.map(|(whole, rest, parts)| PartLabels { whole, rest, parts: parts.to_vec() });
        let cleared = clear_parts(Sealed::new(sealed, "content"), labels.as_ref(), &principal, |_, hidden| Some(hidden.to_vec()));
        cleared.map(|cleared| cleared.get().clone())
    };
    assert_eq!(told(OPEN, None), Some(vec![]));
    assert_eq!(told(OPEN, Some((OPEN, CLOSED, &[CLOSED]))), Some(vec![]), "what is open as a whole has no gaps");
    assert_eq!(told(CLOSED, Some((CLOSED, OPEN, &[ALSO_OPEN, CLOSED, OPEN, CLOSED]))), Some(vec![1, 3]));
    assert_eq!(told(CLOSED, None), None);
    assert_eq!(told(CLOSED, Some((CLOSED, CLOSED, &[CLOSED]))), None, "the rest is closed as well");
    assert_eq!(told(CLOSED, Some((CLOSED, OPEN, &[OPEN]))), None, "no part explains it");
    assert_eq!(told(CLOSED, Some((CLOSED, OPEN, &[]))), None);
    assert_eq!(told(LabelId(3), Some((CLOSED, OPEN, &[CLOSED]))), None, "it has another label since");
    let kept = clear_parts(Sealed::new(CLOSED, "content"), Some(&PartLabels { whole: CLOSED, rest: OPEN, parts: vec![CLOSED] }), &principal, |_, _| None::<()>);
    assert!(kept.is_none(), "what cannot be taken out stays with the rest");
}
