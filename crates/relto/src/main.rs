//! The Relto binary.
fn main() {}
