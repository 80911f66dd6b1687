//! What was cleared for a principal does not outlive it.

use relto_gate::{Cleared, Principal, Sealed, clear};

fn keep(principal: Principal, sealed: Sealed<String>) -> Option<Cleared<'static, String>> {
    clear(sealed, &principal)
}

fn main() {}
