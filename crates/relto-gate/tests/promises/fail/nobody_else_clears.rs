//! Release sets, principals and cleared content are made by the gate alone.

use std::sync::Arc;

use relto_gate::{Cleared, Principal, ReleaseSet};

fn forge(principal: &Principal) {
    let _ = ReleaseSet::new(Arc::from([u64::MAX]), Arc::default());
    let _ = ReleaseSet { permitted: Arc::from([u64::MAX]), gained: Arc::default() };
    let _ = Cleared { principal, content: "forged" };
    let _ = Principal::new("anna".into(), Arc::default(), ReleaseSet::new(Arc::from([u64::MAX]), Arc::default()), Arc::default());
}

fn main() {}
