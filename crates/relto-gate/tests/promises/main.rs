//! The gate's promises, held by the compiler: what must not compile does not, and says why; the one way through does.
//!
//! After a deliberate change, or with another compiler: `TRYBUILD=overwrite cargo test -p relto-gate`, and read the difference.

#[test]
fn the_compiler_holds_them() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/promises/pass/*.rs");
    cases.compile_fail("tests/promises/fail/*.rs");
}
