//! Addresses of pages. Whatever is put into one is encoded.

use form_urlencoded::Serializer;

/// A query of these names and values.
pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Why somebody, or else the reader, gets the object `id`.
pub(crate) fn why_path(id: &str, who: Option<&str>) -> String {
    let who = who.map(|who| ("who", who));
    format!("/why/?{}", encoded(&[("object", id)].into_iter().chain(who).collect::<Vec<_>>()))
}

/// The graph around the object `id`.
pub(crate) fn graph_path(id: &str) -> String {
    format!("/graph/?{}", encoded(&[("of", id)]))
}

/// All that is known of what the object `id` is.
pub(crate) fn entity_path(id: &str) -> String {
    format!("/entity/?{}", encoded(&[("name", id)]))
}

/// A version of the object `id`.
pub(crate) fn version_path(id: &str, collection: &str, key: &str) -> String {
    format!("/objects/{id}/?{}", encoded(&[("in", collection), ("version", key)]))
}

/// The bytes of a version of the object `id`.
pub(crate) fn bytes_path(id: &str, collection: &str, key: &str) -> String {
    format!("/objects/{id}/bytes/?{}", encoded(&[("in", collection), ("version", key)]))
}
