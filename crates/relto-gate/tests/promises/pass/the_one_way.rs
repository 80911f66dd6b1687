//! Sealed content reaches a reader through `clear`, with a principal that a gate made.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_gate::{Gate, LabelId, LabelTable, Sealed, clear};
use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};

fn main() {
    let mut labels = LabelTable::default();
    labels.insert(LabelId(0), Arc::new(Label::new(PolicyId::new("TLP"), Facet::at_level(1))), true);
    let gate = Gate::new(Arc::new(Rules::default()), Arc::new(labels), Stamp(0), None);
    let profile = Profile::new("Example CERT", BTreeSet::from(["FRA".to_owned()]));
    let principal = gate.principal("anna".into(), Arc::new(profile), Arc::default());
    assert_eq!(clear(Sealed::new(LabelId(0), "open"), &principal).map(|cleared| *cleared.get()), Some("open"));
    assert!(clear(Sealed::new(LabelId(1), "unknown label"), &principal).is_none());
}
