//! The in-memory store keeps every promise.

use relto_store::conformance;
use relto_store::memory::Memory;

#[test]
fn memory_conforms() {
    conformance::check(&|| Box::<Memory>::default());
}
