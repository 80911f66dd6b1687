//! Tests of `text`: the catalogues are whole, and nothing is said but from them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Every template.
const TEMPLATES: [(&str, &str); 16] = [
    ("base", include_str!("../../templates/base.html")),
    ("desk", include_str!("../../templates/desk.html")),
    ("label", include_str!("../../templates/label.html")),
    ("mark", include_str!("../../templates/mark.html")),
    ("matrix", include_str!("../../templates/matrix.html")),
    ("me", include_str!("../../templates/me.html")),
    ("object", include_str!("../../templates/object.html")),
    ("objects", include_str!("../../templates/objects.html")),
    ("release", include_str!("../../templates/release.html")),
    ("seal", include_str!("../../templates/seal.html")),
    ("sign-in", include_str!("../../templates/sign-in.html")),
    ("trouble", include_str!("../../templates/trouble.html")),
    ("why", include_str!("../../templates/why.html")),
    ("entity", include_str!("../../templates/entity.html")),
    ("graph", include_str!("../../templates/graph.html")),
    ("value", include_str!("../../templates/value.html")),
];

/// The keys of a catalogue, each with the arguments that its text names.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<&'static str>> {
    assert!(FluentResource::try_new(language.source().to_owned()).is_ok(), "{language:?} can be read whole");
    let mut keys: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut last = String::new();
    for line in language.source().lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '}'])) {
            assert!(keys.insert(key.to_owned(), BTreeSet::new()).is_none(), "{language:?} has `{key}` once");
            key.clone_into(&mut last);
        }
        let named = ["$count", "$name"].into_iter().filter(|name| line.contains(name));
        keys.entry(last.clone()).or_default().extend(named);
    }
    keys
}

#[test]
fn every_language_says_everything() {
    let english = keys(Language::English);
    assert!(english.len() > 100);
    for language in Language::ALL {
        assert_eq!(
            keys(language).into_iter().filter(|(key, _)| !key.is_empty()).collect::<BTreeMap<_, _>>(),
            english.clone().into_iter().filter(|(key, _)| !key.is_empty()).collect(),
            "{language:?}"
        );
    }
}

#[test]
fn every_standard_kind_has_a_name() {
    for language in Language::ALL {
        for kind in relto_model::kinds::standard() {
            assert!(language.find(&format!("kind-{kind}"), None).is_some(), "{language:?}: {kind}");
        }
    }
}

/// `text` without what stands between `open` and `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).unwrap().1;
    }
    kept + rest
}

#[test]
fn templates_have_no_text_of_their_own() {
    for (name, template) in TEMPLATES {
        let markup = without(&without(template, "{%", "%}"), "{{", "}}");
        for attribute in ["aria-label", "title", "placeholder", "alt", "content"] {
            for (_, value) in markup.match_indices(&format!(" {attribute}=\"")).map(|(at, found)| (at, &markup[at + found.len()..])) {
                let value = value.split('"').next().unwrap();
                let is_for_browsers = ["width=device-width, initial-scale=1", "light dark"].contains(&value);
                assert!(is_for_browsers || !value.contains(char::is_alphabetic), "{name}: {attribute} says {value:?}");
            }
        }
        let text = without(&markup, "<", ">");
        assert!(!text.contains(char::is_alphabetic), "{name} says {text:?}");
        let inline =
            ["|safe", " style=", "<style", "javascript:", " onclick=", " onload=", " onerror=", " onsubmit=", " onchange=", " oninput="];
        assert!(inline.iter().all(|word| !template.contains(word)), "{name} escapes, and has neither inline style nor script");
    }
}

#[test]
fn templates_say_what_there_is() {
    let known = keys(Language::English);
    for (name, template) in TEMPLATES {
        for said in ["say.say(\"", "say_count(\"", "say_name(\""] {
            for part in template.split(said).skip(1) {
                let key = part.split('"').next().unwrap();
                assert!(known.contains_key(key), "{name} says `{key}`, which no catalogue has");
            }
        }
    }
}

#[test]
fn languages_are_negotiated() {
    for (accepted, expected) in [
        ("", Language::English),
        ("fr", Language::French),
        ("fr-CA,en;q=0.5", Language::French),
        ("en;q=0.3, fr;q=0.8", Language::French),
        ("de, uk;q=0.9", Language::English),
        ("de, fr;q=0.1", Language::French),
        ("fr;q=0", Language::English),
        ("fr;q=x, en", Language::English),
        ("\u{0}; ;;,,q=1", Language::English),
    ] {
        assert_eq!(language(accepted), expected, "{accepted}");
    }
}

#[test]
fn numbers_have_their_words() {
    let say = |language: Language, count| language.say_count("search-found", count).into_owned();
    assert_eq!(
        [say(Language::English, 0), say(Language::English, 1), say(Language::English, 12)],
        ["Nothing found.", "One object found.", "12 objects found."]
    );
    assert_eq!([say(Language::French, 1), say(Language::French, 2)], ["Un objet trouvé.", "2 objets trouvés."]);
}
