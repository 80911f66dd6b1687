//! In what two versions of an object differ, property by property.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// So many differences of two versions are told.
pub const DIFFERENCES_MAX: usize = 500;
/// Deeper parts are compared as a whole.
const DEPTH_MAX: usize = 32;

/// A place in which two versions differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where: a JSON pointer (RFC 6901). In a list it counts in the version that has the value, the older one where both have.
    pub pointer: String,
    /// What stood there before, if anything did.
    pub before: Option<Json>,
    /// What stands there since, if anything does.
    pub after: Option<Json>,
}

/// Where `before` and `after` differ, by name and place; at most [`DIFFERENCES_MAX`], and whether that is all.
#[must_use]
pub(crate) fn differences(before: &Json, after: &Json) -> (Vec<Difference>, bool) {
    let mut found = Vec::new();
    compare(before, after, String::new(), DEPTH_MAX, &mut found);
    let is_all = found.len() <= DIFFERENCES_MAX;
    found.truncate(DIFFERENCES_MAX);
    (found, is_all)
}

fn compare(before: &Json, after: &Json, pointer: String, depth: usize, into: &mut Vec<Difference>) {
    match (before, after) {
        _ if before == after || into.len() > DIFFERENCES_MAX => {}
        (Json::Object(old), Json::Object(new)) if depth > 0 => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let pointer = format!("{pointer}/{}", escaped(name));
                pair(old.get(name), new.get(name), pointer, depth, into);
            }
        }
        (Json::Array(old), Json::Array(new)) if depth > 0 => list(old, new, &pointer, depth, into),
        _ => into.push(Difference { pointer, before: Some(before.clone()), after: Some(after.clone()) }),
    }
}

fn pair(before: Option<&Json>, after: Option<&Json>, pointer: String, depth: usize, into: &mut Vec<Difference>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(before, after, pointer, depth - 1, into),
        (before, after) => into.push(Difference { pointer, before: before.cloned(), after: after.cloned() }),
    }
}

/// What both lists begin and end with is the same; what is between is compared in pairs where there is as much of it, and else went and came.
fn list(old: &[Json], new: &[Json], pointer: &str, depth: usize, into: &mut Vec<Difference>) {
    let same_at_begin = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (old.get(same_at_begin..).unwrap_or_default(), new.get(same_at_begin..).unwrap_or_default());
    let same_at_end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let between = |rest: &'_ [Json]| rest.len().saturating_sub(same_at_end);
    let (gone, come) = (between(old_rest), between(new_rest));
    let at = |number: usize| format!("{pointer}/{}", same_at_begin + number);
    if gone == come {
        for (number, (one, other)) in old_rest.iter().zip(new_rest).take(gone).enumerate() {
            compare(one, other, at(number), depth - 1, into);
        }
        return;
    }
    let room = DIFFERENCES_MAX.saturating_add(1).saturating_sub(into.len());
    let went = old_rest.iter().take(gone).enumerate();
    let went = went.map(|(number, value)| Difference { pointer: at(number), before: Some(value.clone()), after: None });
    let came = new_rest.iter().take(come).enumerate();
    let came = came.map(|(number, value)| Difference { pointer: at(number), before: None, after: Some(value.clone()) });
    into.extend(went.chain(came).take(room));
}

/// A property name as a JSON pointer has it.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(before: Json, after: Json, expected: &str) {
        let mut said = String::new();
        for difference in differences(&before, &after).0 {
            let words = |value: Option<Json>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            writeln!(said, "{} {} {}", difference.pointer, words(difference.before), words(difference.after)).unwrap();
        }
        assert_eq!(said.trim_end(), expected);
    }

    #[test]
    fn properties_change_come_and_go() {
        check(
            json!({"name": "a", "gone": 1, "same": [1], "inner": {"x/y": true, "~": null}}),
            json!({"name": "b", "same": [1], "inner": {"x/y": false, "~": null}, "new": {"z": 1}}),
            "/gone 1 -\n/inner/x~1y true false\n/name \"a\" \"b\"\n/new - {\"z\":1}",
        );
        check(json!({"a": 1}), json!({"a": 1}), "");
    }

    #[test]
    fn lists_are_compared_where_they_differ() {
        check(json!([1, 2, 3]), json!([1, 9, 3]), "/1 2 9");
        check(json!([1, 2, 3]), json!([1, 3]), "/1 2 -");
        check(json!([1, 3]), json!([1, 2, 3]), "/1 - 2");
        check(json!([{"a": 1, "b": 2}]), json!([{"a": 1, "b": 3}]), "/0/b 2 3");
        check(json!([1]), json!({"0": 1}), " [1] {\"0\":1}");
    }

    #[test]
    fn there_is_a_bound() {
        let many = |from: usize| Json::Array((from..from + 2_000).map(Json::from).collect());
        let (found, is_all) = differences(&many(0), &many(5_000));
        assert_eq!((found.len(), is_all), (DIFFERENCES_MAX, false));
        let (found, is_all) = differences(&json!([]), &many(0));
        assert_eq!((found.len(), is_all), (DIFFERENCES_MAX, false));
    }

    fn value() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![Just(json!(null)), any::<bool>().prop_map(Json::from), (0..4u8).prop_map(Json::from)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
                proptest::collection::btree_map("[a-c]", inner, 0..4).prop_map(|all| Json::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// There is a difference exactly where values differ, and each names what stands at its place.
        #[test]
        fn each_names_what_stands_there(before in value(), after in value()) {
            let (found, _) = differences(&before, &after);
            prop_assert_eq!(found.is_empty(), before == after);
            for difference in found {
                prop_assert_ne!(&difference.before, &difference.after);
                if let Some(value) = &difference.before {
                    prop_assert_eq!(before.pointer(&difference.pointer), Some(value));
                } else {
                    prop_assert_eq!(after.pointer(&difference.pointer), difference.after.as_ref());
                }
            }
        }
    }
}
