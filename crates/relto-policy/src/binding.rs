//! Bindings: which label is on which data (STANAG 4778, ADatP-4778 and its profiles in 4778.2; labels-policy §1.5).
//!
//! [`BindingInformation::read`] takes XML strictly, `emit` writes it, `rest` is the header of HTTP messages. A binding is what its author
//! claims: nothing here is verified. XML signatures are seen and never judged ([`Signed`]); what Relto signs is [`crate::dsse`]. Bytes that
//! a reference points at are not fetched.

mod emit;
mod read;
mod rest;
mod terms;

use std::fmt;

use crate::spif::ConfidentialityLabel;
use crate::spif::label::LabelKind;

pub use emit::BindingError;
pub use rest::{HEADER_BYTES_MAX, HEADER_NAME, HeaderError, read_rest_header, rest_header};

/// The namespace of bindings, usual prefix `mb`.
pub const BINDING_NAMESPACE: &str = "urn:nato:stanag:4778:bindinginformation:1:0";
/// The namespace of `contentType`, usual prefix `xmime`.
pub const XMIME_NAMESPACE: &str = "http://www.w3.org/2005/05/xmlmime";
/// The namespace of XML signatures, usual prefix `ds`.
pub const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The longest binding, in bytes of XML.
pub const BINDING_BYTES_MAX: usize = 32 << 20;
/// The most data that one binding encapsulates, in bytes.
pub const DATA_BYTES_MAX: usize = 16 << 20;
/// The longest URI, in bytes.
pub const URI_BYTES_MAX: usize = 2_048;

/// `BindingInformation`: the root, a binding data object (BDO).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingInformation {
    /// How many XML signatures stood in it. They were not read.
    pub signatures: usize,
    /// `MetadataBindingContainer`, at least one.
    pub containers: Vec<Container>,
}

/// Whether a binding carries an XML signature. There is no third value: this release verifies none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// It carries none.
    No,
    /// It does, and nobody looked whether it is true.
    XmlDsigNotVerified,
}

impl fmt::Display for Signed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::No => "not signed",
            Self::XmlDsigNotVerified => "signed with XML-DSig, which this release does not verify",
        })
    }
}

/// `MetadataBindingContainer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// `Id`.
    pub id: Option<String>,
    /// At least one.
    pub bindings: Vec<Binding>,
}

/// `MetadataBinding`: every metadata is of every data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// `Id`.
    pub id: Option<String>,
    /// At least one; at most one is an originator's label.
    pub metadata: Vec<Metadata>,
    /// At least one.
    pub data: Vec<Data>,
}

/// What is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metadata {
    /// `Metadata`: exactly one label.
    Label(Box<ConfidentialityLabel>),
    /// `MetadataReference`: it stands elsewhere, so that what it says is not known here.
    Reference(Reference),
}

/// To what it is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// `Data`: the bytes themselves.
    Encapsulated {
        /// `xmime:contentType`.
        content_type: Option<String>,
        /// How they are written.
        encoding: Encoding,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// `DataReference`: the bytes are elsewhere.
    Reference(Reference),
}

/// A URI and what is found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `URI`; empty is the document or message that carries the binding.
    pub uri: String,
    /// `xmime:contentType`.
    pub content_type: Option<String>,
}

/// How encapsulated bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As text.
    Text,
    /// `encoding="base64"`.
    Base64,
}

impl BindingInformation {
    /// One label on `bytes` that travel inside the binding.
    #[must_use]
    pub fn encapsulating(label: ConfidentialityLabel, bytes: Vec<u8>, content_type: &str) -> Self {
        let content_type = Some(content_type.to_owned());
        Self::of(label, Data::Encapsulated { content_type, encoding: Encoding::Base64, bytes })
    }

    /// One label on what is found at `uri`.
    ///
    /// A reference has no place for a digest: ADatP-4778 puts one into an XML signature only. A label statement ([`crate::dsse`]) binds the
    /// bytes.
    #[must_use]
    pub fn detached(label: ConfidentialityLabel, uri: &str, content_type: Option<&str>) -> Self {
        Self::of(label, Data::Reference(Reference { uri: uri.to_owned(), content_type: content_type.map(str::to_owned) }))
    }

    fn of(label: ConfidentialityLabel, data: Data) -> Self {
        let binding = Binding { id: None, metadata: vec![Metadata::Label(Box::new(label))], data: vec![data] };
        Self { signatures: 0, containers: vec![Container { id: None, bindings: vec![binding] }] }
    }

    /// Whether it carries an XML signature.
    #[must_use]
    pub fn signed(&self) -> Signed {
        if self.signatures == 0 { Signed::No } else { Signed::XmlDsigNotVerified }
    }

    /// All bindings, in their order.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.containers.iter().flat_map(|container| &container.bindings)
    }
}

impl Metadata {
    /// The label, when it stands here.
    #[must_use]
    pub fn label(&self) -> Option<&ConfidentialityLabel> {
        match self {
            Self::Label(label) => Some(label),
            Self::Reference(_) => None,
        }
    }

    fn kind(&self) -> Option<LabelKind> {
        self.label().map(|label| label.kind)
    }
}

impl Binding {
    /// The originator's label: the one that decides. `None` when it has none, or metadata stands elsewhere and could be one.
    #[must_use]
    pub fn originator_label(&self) -> Option<&ConfidentialityLabel> {
        let is_whole = self.metadata.iter().all(|metadata| metadata.label().is_some());
        let mut labels = self.metadata.iter().filter_map(Metadata::label);
        labels.find(|label| label.kind == LabelKind::Originator).filter(|_| is_whole)
    }
}

/// The metadata of a child whose parent has `parent` and which has `own` itself (ADatP-4778): its own, and the parent's of every type that
/// it lacks. A parent inherits nothing.
///
/// The type of what stands elsewhere is not known: it replaces nothing, and nothing replaces it.
#[must_use]
pub fn inherited<'m>(parent: &'m [Metadata], own: &'m [Metadata]) -> Vec<&'m Metadata> {
    let replaced = |metadata: &&Metadata| metadata.kind().is_some_and(|kind| own.iter().any(|other| other.kind() == Some(kind)));
    own.iter().chain(parent.iter().filter(|metadata| !replaced(metadata))).collect()
}

#[cfg(test)]
mod tests;
