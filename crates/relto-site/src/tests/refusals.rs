//! What is refused, at its place and with what to do about it.

use expect_test::{Expect, expect};

use super::{EXAMPLES, examples};
use crate::{SCHEMA, SitePolicies};

fn check(text: &str, expected: &Expect) {
    let error = SitePolicies::parse("site.cedar", text).unwrap_err();
    let lines: Vec<String> = error.findings.iter().map(ToString::to_string).collect();
    assert!(lines.iter().all(|line| !line.contains('\n')));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn the_schema_and_the_examples_are_valid() {
    assert!(crate::schema::frame().is_some(), "{SCHEMA}");
    for (name, text) in EXAMPLES {
        let site = SitePolicies::parse(name, text).unwrap();
        assert!(site.summaries().all(|policy| policy.reason.is_some()) && site.warnings().is_empty(), "{name}");
    }
    assert_eq!(examples().summaries().count(), 12);
}

#[test]
fn what_the_schema_does_not_have_is_refused() {
    check(
        "// head\n@id(\"a\")\nforbid (principal, action, resource)\nwhen { principal.nation == \"FRA\" };\n",
        &expect!["line 4, column 8: policy `a`: attribute `nation` on entity type `Profile` not found (help: did you mean `nations`?)"],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource) when { resource.nations == \"FRA\" };",
        &expect![
            "line 1, column 54: policy `a`: the types String and Set<String> are not compatible (help: both operands to a `==` expression must have compatible types. Types must be exactly equal to be compatible)"
        ],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource) when { resource.getTag(\"NATO\") >= 4 };",
        &expect![[
            r#"line 1, column 54: policy `a`: unable to guarantee safety of access to tag `"NATO"` on entity type `Label` (help: try testing for the tag's presence with `.hasTag("NATO") && ..`)"#
        ]],
    );
    check(
        "@id(\"a\") forbid (principal is Person, action, resource);",
        &expect![[r#"
            line 1, column 1: policy `a`: policy is impossible: the policy expression evaluates to false for all valid requests (help: write what the policy is for; one that does nothing is a mistake)
            line 1, column 1: policy `a`: unable to find an applicable action given the policy scope constraints (help: write what the policy is for; one that does nothing is a mistake)
            line 1, column 31: policy `a`: unrecognized entity type `Person` (help: the types are `Profile` and `Label`)"#]],
    );
    check(
        "@id(\"a\") forbid (principal, action == Action::\"write\", resource);",
        &expect![[r#"line 1, column 1: policy `a`: names the entity `Action::"write"` (help: the one action is `Action::"read"`)"#]],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource) when { principal.nations == [] };",
        &expect![
            "line 1, column 75: policy `a`: empty set literals are forbidden in policies (help: `relto-site/schema.cedarschema` says what a policy may ask, and of which type it is)"
        ],
    );
}

#[test]
fn what_cannot_be_read_is_refused() {
    check(
        "forbid (principal, action, resource) when { principal.nations.contains(\"FRA\" };",
        &expect![[
            r#"line 1, column 78: unexpected token `}` (help: write policies in Cedar, such as `@id("…") forbid (principal, action, resource) when { … };`)"#
        ]],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource)",
        &expect![[
            r#"line 1, column 46: unexpected end of input (help: write policies in Cedar, such as `@id("…") forbid (principal, action, resource) when { … };`)"#
        ]],
    );
    check(
        "<SPIF/>",
        &expect![[
            r#"line 1, column 1: unexpected token `<` (help: write policies in Cedar, such as `@id("…") forbid (principal, action, resource) when { … };`)"#
        ]],
    );
    check("", &expect!["line 1, column 1: no policy (help: write at least one `forbid`; to have none, withdraw the file)"]);
    check("// nothing\n", &expect!["line 1, column 1: no policy (help: write at least one `forbid`; to have none, withdraw the file)"]);
    check(
        "@id(\"a\") forbid (principal, action, resource) when { principal.organisation == \"a\u{202e}b\" };",
        &expect!["line 1, column 82: the invisible character U+202E (help: delete it: what is read must be what is seen)"],
    );
}

#[test]
fn what_our_rules_refuse() {
    check(
        "@id(\"a\") permit (principal, action, resource);",
        &expect![
            "line 1, column 1: policy `a`: `permit` permits nothing here: the release rules do, and a site policy narrows them (help: write what is withheld: `forbid`, with `unless` for whom it does not concern)"
        ],
    );
    check(
        "\nforbid (principal, action, resource);",
        &expect![[
            r#"line 2, column 1: a policy without an id (help: begin it with `@id("…")`: up to 64 of a-z, 0-9, `-`, `_` and `.`, beginning with a letter)"#
        ]],
    );
    check(
        "@id(\"Not so\") forbid (principal, action, resource);",
        &expect![[
            r#"line 1, column 1: `Not so` is no id for a policy (help: begin it with `@id("…")`: up to 64 of a-z, 0-9, `-`, `_` and `.`, beginning with a letter)"#
        ]],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource);\n@id(\"a\") forbid (principal, action, resource);",
        &expect!["line 2, column 1: policy `a`: the id of another policy as well (help: give each policy an id of its own)"],
    );
    check(
        "@id(\"a\") @citaton(\"x\") forbid (principal, action, resource);",
        &expect!["line 1, column 1: policy `a`: unknown annotation `@citaton` (help: annotations are id, reason, citation)"],
    );
    check(
        "@id(\"a\") @reason(\"x\\ny\") forbid (principal, action, resource);",
        &expect![
            "line 1, column 1: policy `a`: `@reason` is too long, or not plain text in one line (help: an annotation is one line of at most 300 characters)"
        ],
    );
    check(
        "@id(\"a\") @reason(\"x\\u{202e}y\") forbid (principal, action, resource);",
        &expect![
            "line 1, column 1: policy `a`: `@reason` is too long, or not plain text in one line (help: an annotation is one line of at most 300 characters)"
        ],
    );
    check(
        "@id(\"a\") forbid (principal == Profile::\"Anna\", action, resource);",
        &expect![[
            r#"line 1, column 1: policy `a`: names the entity `Profile::"Anna"` (help: ask for attributes, such as `principal.organisation`: equal attributes are one profile, and no profile has a name)"#
        ]],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource) when { resource == Label::\"x\" };",
        &expect![[
            r#"line 1, column 1: policy `a`: names the entity `Label::"x"` (help: ask for attributes, such as `principal.organisation`: equal attributes are one profile, and no profile has a name)"#
        ]],
    );
    check(
        "@id(\"a\") forbid (principal == ?principal, action, resource);",
        &expect!["line 1, column 1: a template, which nobody fills in (help: write `principal` and `resource` without a slot)"],
    );
    check(
        "@id(\"a\") forbid (principal, action, resource) when { resource.nations.contains(\"FRA\") && false };",
        &expect![
            "line 1, column 1: policy `a`: policy is impossible: the policy expression evaluates to false for all valid requests (help: write what the policy is for; one that does nothing is a mistake)"
        ],
    );
}

#[test]
fn several_scripts_are_a_warning() {
    let site = super::parse("@id(\"a\") forbid (principal, action, resource) when { principal.organisation == \"Відділ CERT\" };");
    expect![[
        r#"line 1, column 80: policy `a`: string `"Відділ CERT"` contains mixed scripts (help: check that each letter is the one you mean)"#
    ]]
    .assert_eq(&site.warnings().iter().map(ToString::to_string).collect::<String>());
}
