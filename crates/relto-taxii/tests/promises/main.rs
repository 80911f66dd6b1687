//! The encoders' promise, held by the compiler: only what was cleared has a wire form.
//!
//! After a deliberate change, or with another compiler: `TRYBUILD=overwrite cargo test -p relto-taxii`, and read the difference.

#[test]
fn the_compiler_holds_it() {
    trybuild::TestCases::new().compile_fail("tests/promises/fail/*.rs");
}
