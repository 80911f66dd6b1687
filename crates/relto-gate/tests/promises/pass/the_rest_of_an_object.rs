//! A display gets what is left of content that its principal may not have all of, in the first way whose label is met.

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
    // Which way content under the first label is shown, if at all.
    let told = |sealed: LabelId, labels: Option<(LabelId, &[LabelId])>| {
        let labels = labels.map(|(whole, ways)| PartLabels { whole, ways: ways.to_vec() });
        let cleared = clear_parts(Sealed::new(sealed, "content"), labels.as_ref(), &principal, |_, way| Some(way));
        cleared.map(|cleared| *cleared.get())
    };
    assert_eq!(told(OPEN, None), Some(None));
    assert_eq!(told(OPEN, Some((OPEN, &[ALSO_OPEN]))), Some(None), "what is open as a whole is shown whole");
    assert_eq!(told(CLOSED, Some((CLOSED, &[CLOSED, ALSO_OPEN, OPEN]))), Some(Some(1)));
    assert_eq!(told(CLOSED, None), None);
    assert_eq!(told(CLOSED, Some((CLOSED, &[CLOSED]))), None);
    assert_eq!(told(CLOSED, Some((CLOSED, &[]))), None);
    assert_eq!(told(LabelId(3), Some((CLOSED, &[OPEN]))), None, "it has another label since");
    let labels = PartLabels { whole: CLOSED, ways: vec![OPEN] };
    assert!(clear_parts(Sealed::new(CLOSED, "content"), Some(&labels), &principal, |_, _| None::<()>).is_none(), "nothing could be taken out");
}
