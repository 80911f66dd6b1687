//! Texts that would make Cedar's reader or what it builds too deep for a stack.

use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};

use crate::source::{Excess, Place, place, statements};
use crate::{NESTING_MAX, OPERATORS_MAX, SitePolicies, TEXT_BYTES_MAX};

fn policy(body: &str) -> String {
    format!("@id(\"deep\") forbid (principal, action, resource) when {{ {body} }};")
}

/// Everything that is done with a file, on less stack than any thread of the program has.
fn on_little_stack(text: String) -> Result<(), String> {
    let work = move || {
        let site = SitePolicies::parse("deep.cedar", &text).map_err(|error| error.to_string())?;
        let (label, rules) = (Label::new(PolicyId::new("TLP"), Facet::at_level(1)), Rules::builtin().unwrap());
        let profile = Profile::new("French Node", ["FRA".to_owned()].into());
        site.permits(&profile, &label, &rules, Stamp(0)).map(|_| ()).map_err(|error| error.to_string())
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap()
}

/// At each bound and past it: read or refused, and never a stack that ends. Past it, Cedar is not asked.
#[test]
fn deep_texts_are_bounded() {
    // Operators that a policy has without its body.
    let head = 3;
    let nest = |open: &str, inner: &str, close: &str, times: usize| format!("{}{inner}{}", open.repeat(times), close.repeat(times));
    let chain = |operand: &str, operator: &str, times: usize| vec![operand; times + 1].join(operator);
    let cases = [
        nest("(", "1 == 1", ")", NESTING_MAX - 1),
        nest("[", "1", "]", NESTING_MAX - 2) + " == " + &nest("[", "1", "]", NESTING_MAX - 2),
        nest("if true then ", "true", " else true", NESTING_MAX - 2),
        chain("context.date == 1", "&&", (OPERATORS_MAX - head - 3) / 5),
        chain("context.date == 1", "||", (OPERATORS_MAX - head - 3) / 5),
        format!("{} > 0", chain("1", "+", OPERATORS_MAX - head - 3)),
        format!("{} > 0", chain("0", "-", OPERATORS_MAX - head - 3)),
        format!("{} > 0", chain("1", "*", OPERATORS_MAX - head - 3)),
        format!("context{} == 1", ".date".repeat(OPERATORS_MAX - head - 3)),
        format!("{{a: {}}} has a{}", 1, ".a".repeat(OPERATORS_MAX - head - 4)),
    ];
    for body in cases {
        let said = on_little_stack(policy(&body));
        assert!(
            !said.as_ref().is_err_and(|error| error.contains("deep") && error.contains("more than") || error.contains("operators")),
            "{said:?}"
        );
        let more = format!("({body}) && 1 + 1 + 1 + 1 + 1 + 1 == 6 && ({})", nest("(", "true", ")", NESTING_MAX));
        assert!(on_little_stack(policy(&more)).unwrap_err().contains("more than"), "{more}");
    }
    for (open, inner, close) in
        [("(", "true", ")"), ("!", "true", ""), ("{a:", "1", "}"), ("if true then ", "true", " else true"), ("1+", "1", "")]
    {
        assert!(on_little_stack(policy(&nest(open, inner, close, 20_000))).unwrap_err().contains("more than"), "{open}");
    }
}

#[test]
fn long_texts_and_many_policies_are_refused() {
    let many: String =
        (0..1_001).map(|at| format!("@id(\"p{at}\") forbid (principal, action, resource) when {{ context.date > {at} }};\n")).collect();
    assert!(SitePolicies::parse("f", &many).unwrap_err().to_string().starts_with("f: line 1001, column 1: more than 1000 policies"));
    let long = " ".repeat(TEXT_BYTES_MAX + 1);
    assert!(SitePolicies::parse("f", &long).unwrap_err().to_string().contains("more than 262144 bytes"));
    let names: Vec<String> = (0..5_000).map(|at| format!("\"N{at}\"")).collect();
    assert!(SitePolicies::parse("f", &policy(&format!("principal.nations.containsAny([{}])", names.join(", ")))).is_ok());
}

#[test]
fn statements_are_found_between_strings_and_comments() {
    for (text, begins) in [
        ("", vec![]),
        ("// a; b\n", vec![]),
        ("a;b;", vec![0, 2]),
        (" a // ;\n \";\" ; // x\r b ;", vec![1, 21]),
        (
            r#"@id("\"; c") a; // "
 b; ; "#,
            vec![0, 22],
        ),
        ("a", vec![0]),
    ] {
        assert_eq!(statements(text), Ok(begins), "{text}");
    }
    assert_eq!(statements(&"(".repeat(NESTING_MAX + 1)), Err(Excess::Nesting { offset: NESTING_MAX }));
    assert_eq!(place("ab\nçd", 5), Place { line: 2, column: 2 });
    assert_eq!(place("ab", 99), Place { line: 1, column: 3 });
}
