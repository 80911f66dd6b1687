//! What stands in MISP's JSON, where numbers and truths may be written as texts.

use relto_model::Stamp;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An object of MISP.
pub(super) type Item = Map<String, Value>;

/// The text at `key`, trimmed; none where it is empty.
pub(super) fn text<'i>(item: &'i Item, key: &str) -> Option<&'i str> {
    item.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// Whether `key` is true, however that is written.
pub(super) fn is_true(item: &Item, key: &str) -> bool {
    match item.get(key) {
        Some(Value::Bool(is)) => *is,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => matches!(text.as_str(), "1" | "true" | "True"),
        _ => false,
    }
}

/// The number at `key`, written as one or as a text.
pub(super) fn number(item: &Item, key: &str) -> Option<i64> {
    let value = item.get(key)?;
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The objects in the list at `key`, each with its place.
pub(super) fn list<'i>(item: &'i Item, key: &str) -> Vec<(usize, &'i Item)> {
    let list = item.get(key).and_then(Value::as_array).into_iter().flatten();
    list.enumerate().filter_map(|(at, value)| Some((at, value.as_object()?))).collect()
}

/// The object at `key`.
pub(super) fn inner<'i>(item: &'i Item, key: &str) -> Option<&'i Item> {
    item.get(key).and_then(Value::as_object)
}

/// The UUID of `item`, in small letters.
pub(super) fn uuid(item: &Item) -> Option<String> {
    text(item, "uuid").filter(|uuid| is_uuid(uuid)).map(str::to_ascii_lowercase)
}

/// Whether `text` is a UUID as MISP and STIX write it.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// The time at `key`, counted in seconds as MISP does.
pub(super) fn seconds(item: &Item, key: &str) -> Option<Stamp> {
    let seconds = number(item, key).filter(|seconds| *seconds > 0)?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    seconds.checked_mul(1_000_000).map(Stamp)
}

/// The time at `key`, written as ISO has it.
pub(super) fn instant(item: &Item, key: &str) -> Option<Stamp> {
    let instant = OffsetDateTime::parse(text(item, key)?, &Rfc3339).ok()?;
    i64::try_from(instant.unix_timestamp_nanos() / 1_000).ok().map(Stamp)
}

/// The names of the tags of `item`, as MISP exports them or as its database has them; `None` when something stands there that is no tag: it may be one that
/// restricts.
pub(super) fn tags(item: &Item) -> Option<Vec<&str>> {
    let mut tags = Vec::new();
    for key in ["Tag", "EventTag", "AttributeTag"] {
        let all = match item.get(key) {
            None | Some(Value::Null) => continue,
            Some(all) => all.as_array()?,
        };
        for tag in all {
            let tag = tag.as_object()?;
            let tag = if key == "Tag" { tag } else { inner(tag, "Tag")? };
            tags.push(text(tag, "name")?);
        }
    }
    Some(tags)
}
