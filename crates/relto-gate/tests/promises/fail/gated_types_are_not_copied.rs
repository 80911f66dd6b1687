//! Neither sealed nor cleared content nor a principal is `Clone`: no cache keeps them past the request.

use relto_gate::{Cleared, Principal, Sealed};

fn copied<T: Clone>(_: &T) {}

fn keep(sealed: Sealed<String>, cleared: Cleared<'_, String>, principal: Principal) {
    copied(&sealed);
    copied(&cleared);
    copied(&principal);
}

fn main() {}
