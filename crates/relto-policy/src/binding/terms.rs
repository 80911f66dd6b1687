//! What both directions ask of the small parts: ids, URIs, content types, and which labels may stand together.

use super::{Metadata, URI_BYTES_MAX};
use crate::spif::ConfidentialityLabel;
use crate::spif::label::LabelKind;

/// What is wrong with an `Id`: it must be a name without colon, as `xs:ID` is.
pub(super) fn id_fault(id: &str) -> Option<&'static str> {
    let starts = id.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_sound = starts && id.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    (!is_sound).then_some("is no name: a letter or `_`, then letters, digits, `.`, `-` and `_`")
}

/// What is wrong with a `URI`. Empty is allowed: the document itself.
pub(super) fn uri_fault(uri: &str) -> Option<&'static str> {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || "<>\"{}|\\^`".contains(c);
    match uri {
        uri if uri.len() > URI_BYTES_MAX => Some("is longer than 2048 bytes"),
        uri if uri.contains(is_odd) => Some("is no URI: spaces, controls and <>\"{}|\\^` are written with %"),
        _ => None,
    }
}

/// What is wrong with a content type: `type/subtype`, then parameters of printable ASCII.
pub(super) fn content_type_fault(text: &str) -> Option<&'static str> {
    let (media, parameters) = text.split_once(';').unwrap_or((text, "="));
    let is_token = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte));
    let named = media.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    let printable = parameters.contains('=') && parameters.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let tidy = text.len() <= 255 && !text.ends_with(' ') && !text.contains("  ");
    (!(named && printable && tidy)).then_some("is no media type, such as application/pdf")
}

/// Whether the last of `metadata` says what an earlier one says: two labels of the originator, or two equal ones.
pub(super) fn repeats(metadata: &[Metadata]) -> bool {
    let Some((last, earlier)) = metadata.split_last() else { return false };
    let is_originator = |metadata: &Metadata| metadata.kind() == Some(LabelKind::Originator);
    earlier.iter().any(|other| other == last || (is_originator(other) && is_originator(last)))
}

/// The `Id` of a label and of those that follow it.
pub(super) fn label_ids(label: &ConfidentialityLabel) -> Vec<&str> {
    let labels = std::iter::successors(Some(label), |label| label.succession.as_ref().map(|next| &next.label));
    labels.filter_map(|label| label.id.as_deref()).collect()
}
