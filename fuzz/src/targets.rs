//! The targets: each hands bytes to one parser, holds it to its promise, and says in a few words what happened.

use crate::shape;
use relto_model::kinds::Kinds;
use relto_model::{Label, ObjectId, PolicyId, Stamp, Timestamp, Value};
use relto_policy::text::LabelContext;
use relto_policy::{Rules, display, parse_label, read_markings};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::LazyLock;

static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::builtin);
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap_or_default());

pub(crate) fn text(input: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())
}

/// `refused` and why, in general words.
pub(crate) fn refused(error: impl Display) -> String {
    shape(&format!("refused: {error}"))
}

pub(crate) fn merge(outcome: Result<String, String>) -> String {
    outcome.unwrap_or_else(|outcome| outcome)
}

/// STIX identifiers: what parses prints as it came, and its kind is a kind.
pub(crate) fn object_id(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let id = ObjectId::parse(text).map_err(refused)?;
        assert_eq!(id.as_str(), text);
        assert!(relto_model::id::is_kind(id.kind()));
        Ok("an identifier".to_owned())
    }))
}

/// Time stamps: what parses prints as it came and equals itself.
pub(crate) fn timestamp(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let stamp = Timestamp::parse(text).map_err(refused)?;
        assert_eq!(stamp.as_str(), text);
        assert_eq!(stamp, Timestamp::parse(text).map_err(refused)?);
        Ok(format!("a time with {} digits", stamp.precision()))
    }))
}

/// No label that is as short is refused for its length.
const LABEL_BYTES_SURE: usize = 1_000;

fn label_context() -> LabelContext {
    LabelContext { owner: "Fuzz Org".to_owned(), made: Stamp(1_700_000_000_000_000), collection: None }
}

/// Labels as people write them: what is read can be shown, and where one line says all of it, what is shown reads as the same label.
pub(crate) fn label_text(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let context = label_context();
        let label = parse_label(text, &RULES, &context).map_err(refused)?;
        let shown = display(&label, &RULES.policies);
        assert_eq!(label.clone().join(&label), label, "a label joined with itself");
        assert!(!shown.is_empty(), "a label without words");
        let again = is_writable(&label, &shown).then(|| parse_label(&shown, &RULES, &context));
        assert!(again.is_none_or(|again| again.as_ref() == Ok(&label)), "`{shown}` reads otherwise");
        let facets: Vec<String> =
            label.facets().map(|(policy, facet)| format!("{} {}", policy.as_str(), facet.restrictive.len())).collect();
        Ok(format!("a label of {}", facets.join(" and ")))
    }))
}

/// Whether one line says all of a label. Of TLP the audience is told in words, as are several audiences of one policy; and organisations that
/// no node takes, since the word `AND` stands in their names, may stand in a label all the same.
fn is_writable(label: &Label, shown: &str) -> bool {
    let joins = |value: &Value| matches!(value, Value::Organisation(name) if format!(" {name} ").contains(" AND "));
    let audiences_max = |policy: &PolicyId| usize::from(policy.as_str() != "TLP");
    shown.len() <= LABEL_BYTES_SURE
        && label.facets_ever().all(|(policy, facet)| {
            facet.permissive.len() <= audiences_max(policy) && !facet.permissive.iter().flat_map(|clause| &clause.values).any(joins)
        })
}

/// Marking-definitions from strangers: never wider than nothing at all, whatever they say.
pub(crate) fn marking_definition(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let definition: serde_json::Value = serde_json::from_str(text).map_err(refused)?;
        let id =
            definition.get("id").and_then(serde_json::Value::as_str).unwrap_or("marking-definition--00000000-0000-4000-8000-000000000000");
        let id = ObjectId::parse(id).map_err(refused)?;
        let find = |_: &ObjectId| Some(definition.clone());
        let reading = read_markings([&id], &find, &RULES, &label_context());
        let statement = definition.get("definition_type").and_then(serde_json::Value::as_str) == Some("statement");
        assert!(reading.label.is_some() || statement, "a marking that is no statement restricts nobody");
        let note = reading.notes.first().map_or("", |note| note.split_once(": ").map_or(note.as_str(), |(_, why)| why));
        Ok(format!("{} {}", reading.label.is_some(), shape(note)))
    }))
}

/// Objects of STIX 2.0: what comes out is 2.1 that needs no further change, the id stays, and every marking that went in is on something that
/// comes out. What was 2.1 already stays as it came.
pub(crate) fn stix20(input: &[u8]) -> String {
    let reading = relto_model::stix20::read(input.to_vec().into(), &KINDS);
    merge(reading.map_err(refused).map(|reading| {
        let value: serde_json::Value = serde_json::from_slice(input).unwrap_or_default();
        let mut named = BTreeSet::new();
        markings_named(&value, &mut named);
        let kept: BTreeSet<&str> = reading.objects.iter().flat_map(markings_kept).collect();
        assert!(named.iter().all(|id| kept.contains(id.as_str())), "a marking was lost: {named:?} became {kept:?}");
        assert_eq!(reading.objects.first().map(|object| object.id().as_str()), value.get("id").and_then(serde_json::Value::as_str));
        assert!(!reading.changes.is_empty() || reading.objects.iter().all(|object| object.bytes() == input), "2.1, and not as it came");
        for object in &reading.objects {
            let again = relto_model::stix20::read(object.bytes().clone(), &KINDS);
            assert!(again.is_ok_and(|again| again.changes.is_empty()), "`{}` is not 2.1", object.id());
        }
        format!("{} objects, {} rules", reading.objects.len().min(3), reading.changes.len())
    }))
}

fn markings_kept(object: &relto_model::object::Object) -> impl Iterator<Item = &str> {
    let granular = object.granular_markings().iter().filter_map(|marking| marking.marking_ref.as_ref());
    object.object_markings().iter().chain(granular).chain(object.inner_markings()).map(ObjectId::as_str)
}

/// The markings that the standard's two properties name, at any depth.
fn markings_named(value: &serde_json::Value, named: &mut BTreeSet<String>) {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("marking_ref", Value::String(id)) => named.extend(ObjectId::parse(id).is_ok().then(|| id.clone())),
                    ("object_marking_refs", Value::Array(ids)) => {
                        named.extend(ids.iter().filter_map(Value::as_str).filter(|id| ObjectId::parse(id).is_ok()).map(str::to_owned));
                    }
                    _ => markings_named(value, named),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| markings_named(value, named)),
        _ => {}
    }
}

/// Query strings: at every endpoint within the bounds, and what was understood is what the standard allows.
pub(crate) fn taxii_query(input: &[u8]) -> String {
    use relto_taxii::filter::{Accepts, VALUES_MAX, parse};
    merge(text(input).map(|text| {
        let every = [Accepts::Everything, Accepts::ObjectFilters, Accepts::SpecVersions, Accepts::Deletion, Accepts::Nothing];
        let outcomes = every.map(|accepts| match parse(text, accepts) {
            Ok(query) => {
                assert_ne!(query.limit, Some(0), "a page of nothing");
                assert!(query.ids.iter().map(Vec::len).chain(query.types.iter().map(Vec::len)).all(|count| count <= VALUES_MAX));
                let versions = query.versions.clone().unwrap_or_default();
                assert!(!versions.all || (!versions.first && !versions.last && versions.specific.is_empty()), "`all` stands alone");
                let parts =
                    [query.limit.is_some(), query.next.is_some(), query.added_after.is_some(), query.ids.is_some(), query.types.is_some()];
                format!("{parts:?}")
            }
            Err(error) => refused(error),
        });
        outcomes.join("; ")
    }))
}

/// `Accept` and `Content-Type`: a body is TAXII only when its type says so.
pub(crate) fn media(input: &[u8]) -> String {
    use relto_taxii::media::{is_acceptable, is_taxii_content};
    merge(text(input).map(|text| {
        let content = is_taxii_content(Some(text));
        assert!(!content || text.to_ascii_lowercase().contains("application/taxii+json"));
        let (one, twice) = (is_acceptable([text]), is_acceptable([text, text]));
        assert_eq!(one, twice, "a header said twice means what it means once");
        format!("acceptable {one}, content {content}")
    }))
}

/// Cursors: only what this key made for this request opens, and it opens to what was sealed.
pub(crate) fn cursor(input: &[u8]) -> String {
    use relto_taxii::cursor::{CursorPosition, binding, open, seal};
    let (key, request, other) = ([7; 32], binding(&["fra", "/objects/"]), binding(&["fra/objects/", ""]));
    let (visible, row) = input.split_at(input.len().min(8));
    let number = |bytes: &[u8]| bytes.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    let position = CursorPosition { visible: number(visible), row: number(row) };
    let sealed = seal(&key, &request, position).unwrap_or_default();
    assert_eq!(open(&[key], &request, &sealed), Ok(position));
    assert!(open(&[key], &other, &sealed).is_err(), "opens for another request");
    assert!(open(&[[8; 32]], &request, &sealed).is_err(), "opens with another key");
    merge(text(input).and_then(|text| {
        let found = open(&[key], &request, text).map_err(refused)?;
        assert_eq!(seal(&key, &request, found).as_deref(), Some(text), "two texts for one cursor");
        Ok("a cursor".to_owned())
    }))
}

/// Bodies of posts: the pieces are objects, in order, as they stand in the body.
pub(crate) fn envelope(input: &[u8]) -> String {
    let body = bytes::Bytes::copy_from_slice(input);
    match relto_taxii::envelope::split(&body) {
        Ok(objects) => {
            assert!(!objects.is_empty());
            let mut rest = &body[..];
            for object in &objects {
                // What stands inside (lone surrogates, numbers that no machine holds) is the object parser's to refuse.
                assert!(serde_json::from_slice::<&serde_json::value::RawValue>(object).is_ok_and(|raw| raw.get().starts_with('{')));
                let at = rest.windows(object.len()).position(|window| window == object.as_ref());
                rest = &rest[at.unwrap_or_else(|| panic!("not in the body")) + object.len()..];
            }
            format!("{} objects", if objects.len() > 1 { "some" } else { "one of" })
        }
        Err(error) => refused(error),
    }
}

/// `Authorization` headers: a name never holds the colon that ends it.
pub(crate) fn authorization(input: &[u8]) -> String {
    match relto_http::authorization::parse(input) {
        Some(credentials) => {
            assert!(input.len() <= relto_http::authorization::AUTHORIZATION_BYTES_MAX);
            assert!(!credentials.name.as_deref().unwrap_or_default().contains(':'));
            format!("name {}, token {}", credentials.name.is_some(), !credentials.token.is_empty())
        }
        None => "not credentials".to_owned(),
    }
}

/// Bodies of several objects: every piece is JSON as it stands in the body.
pub(crate) fn bundle(input: &[u8]) -> String {
    let body = bytes::Bytes::copy_from_slice(input);
    match relto_model::bundle::split(&body) {
        Ok(objects) => {
            for object in &objects {
                // A line that is no JSON is handed on as it is, and its place says in which column it goes wrong.
                let is_json = serde_json::from_slice::<&serde_json::value::RawValue>(&object.bytes).is_ok();
                assert_eq!(is_json, !object.place.contains("column"), "{}", object.place);
                assert!(body.as_ptr_range().contains(&object.bytes.as_ptr()), "copied: {}", object.place);
            }
            let form = objects.first().map(|object| shape(&object.place));
            format!("{form:?} {}", objects.len() > 1)
        }
        Err(error) => refused(error.message),
    }
}

/// Objects: kept as they came, with the id and the version that they state, and again the same when read again.
pub(crate) fn object(input: &[u8]) -> String {
    use relto_model::object::Object;
    let bytes = bytes::Bytes::copy_from_slice(input);
    match Object::parse(bytes.clone(), &KINDS) {
        Ok(object) => {
            assert_eq!(object.bytes(), &bytes, "not the bytes that came");
            assert_eq!(object.value().get("id").and_then(serde_json::Value::as_str), Some(object.id().as_str()));
            assert!(object.references().iter().all(|reference| object.value().pointer(&reference.pointer).is_some()));
            let again = Object::parse(bytes, &KINDS).map(|again| again.digest());
            assert_eq!(again.ok(), Some(object.digest()));
            let markings = (object.object_markings().len().min(2), object.granular_markings().len().min(2));
            format!("{:?} {} {markings:?} {}", object.class(), object.version().is_some(), object.references().len().min(3))
        }
        Err(error) => refused(error),
    }
}
