//! The header of an HTTP message (ADatP-4778.2, REST profile): a binding of the message that carries it.
//!
//! One form only. Another implementation writes it without the semicolon and with one quote missing; that, continuations in parts
//! (RFC 2231) and whatever else is not the form are refused, because a header that is half read is a label that is half read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{BINDING_NAMESPACE, BindingError, BindingInformation, Data};
use crate::spif::ConfidentialityLabel;
use crate::spif::xml::XmlError;

/// The header's name.
pub const HEADER_NAME: &str = "Binding-Data";
/// The longest header, name included, in bytes: what servers commonly take.
pub const HEADER_BYTES_MAX: usize = 8 << 10;
const CONTENT_TYPE: &str = "message/http";

/// Why there is no header, or none that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Too long.
    #[error("{bytes} bytes, but a `{HEADER_NAME}` header has at most {HEADER_BYTES_MAX}; send the label in a detached binding")]
    TooLong {
        /// How long.
        bytes: usize,
    },
    /// Not the form of the profile.
    #[error("not a `{HEADER_NAME}` header: {0}; write binding-type=\"{BINDING_NAMESPACE}\"; binding-data-object=\"BASE64\" (ADatP-4778.2)")]
    Form(&'static str),
    /// What it holds is no binding.
    #[error("in the `{HEADER_NAME}` header: {0}")]
    Xml(#[from] XmlError),
    /// It binds something else than its message.
    #[error("the binding in a `{HEADER_NAME}` header is of the message: DataReference URI=\"\" with contentType {CONTENT_TYPE}")]
    NotTheMessage,
    /// The label cannot be written.
    #[error(transparent)]
    Binding(#[from] BindingError),
}

/// The header line that binds `label` to the message it stands in, name included.
///
/// # Errors
/// [`HeaderError`] when the label cannot be written or is too long for a header.
pub fn rest_header(label: ConfidentialityLabel) -> Result<String, HeaderError> {
    let object = BindingInformation::detached(label, "", Some(CONTENT_TYPE)).to_xml()?;
    let encoded = STANDARD.encode(object);
    bounded(format!("{HEADER_NAME}: binding-type=\"{BINDING_NAMESPACE}\"; binding-data-object=\"{encoded}\""))
}

/// The binding in a header: its value, or the line with its name.
///
/// # Errors
/// [`HeaderError`] for anything but the form of the profile.
pub fn read_rest_header(text: &str) -> Result<BindingInformation, HeaderError> {
    let text = bounded(text.to_owned())?;
    let text = text.trim_matches(['\r', '\n']);
    let value = match text.split_once(':') {
        Some((name, value)) if name.eq_ignore_ascii_case(HEADER_NAME) => value,
        _ => text,
    };
    let object = object(value.trim_matches([' ', '\t']))?;
    let object = STANDARD.decode(object).map_err(|_| HeaderError::Form("the binding is not base64 with its padding"))?;
    let object = String::from_utf8(object).map_err(|_| HeaderError::Form("the binding is not UTF-8"))?;
    let binding = BindingInformation::read(&object)?;
    let of_message = |data: &Data| match data {
        Data::Reference(reference) => reference.uri.is_empty() && reference.content_type.as_deref() == Some(CONTENT_TYPE),
        Data::Encapsulated { .. } => false,
    };
    if binding.bindings().flat_map(|binding| &binding.data).all(of_message) { Ok(binding) } else { Err(HeaderError::NotTheMessage) }
}

/// The base64 in a header's value.
fn object(value: &str) -> Result<&str, HeaderError> {
    let (kind, rest) = quoted(value, "binding-type")?;
    if kind != BINDING_NAMESPACE {
        return Err(HeaderError::Form("the binding-type is another"));
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix(';').ok_or(HeaderError::Form("no semicolon after the binding-type"))?;
    match quoted(rest.trim_start_matches([' ', '\t']), "binding-data-object")? {
        (object, "") => Ok(object),
        _ => Err(HeaderError::Form("something follows the binding")),
    }
}

/// The value of the parameter that `text` begins with, and what follows its closing quote.
fn quoted<'t>(text: &'t str, name: &'static str) -> Result<(&'t str, &'t str), HeaderError> {
    let value = text.strip_prefix(name).ok_or(HeaderError::Form("the two parameters are not in their order, or in parts"))?;
    let value = value.strip_prefix("=\"").ok_or(HeaderError::Form("a parameter is not quoted"))?;
    value.split_once('"').ok_or(HeaderError::Form("a quote is missing"))
}

fn bounded(text: String) -> Result<String, HeaderError> {
    if text.len() > HEADER_BYTES_MAX { Err(HeaderError::TooLong { bytes: text.len() }) } else { Ok(text) }
}
