//! Bindings to XML, one form for one value, so that reading gives the same value again.
//!
//! What the reader would refuse is not written, and neither is a binding that was signed: its signature would be lost.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::terms::{content_type_fault, id_fault, label_ids, repeats, uri_fault};
use super::{
    BINDING_BYTES_MAX, BINDING_NAMESPACE, Binding, BindingInformation, Container, DATA_BYTES_MAX, Data, Encoding, Metadata, Reference,
    XMIME_NAMESPACE,
};
use crate::spif::label::EmitError;
use crate::spif::xml::{escape, short};

/// Why a binding is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// A label cannot be written.
    #[error(transparent)]
    Label(#[from] EmitError),
    /// It carried an XML signature.
    #[error("the binding was signed with XML-DSig, and the signature would be lost; keep the XML that came")]
    Signed,
    /// A part that must be there is not.
    #[error("a {0} without {1} binds nothing")]
    Empty(&'static str, &'static str),
    /// A part that the standard does not allow.
    #[error("the {what} `{text}` {why}")]
    Part {
        /// Which.
        what: &'static str,
        /// As given.
        text: String,
        /// What is wrong.
        why: &'static str,
    },
    /// Two labels of the originator, or one twice.
    #[error("a binding has two labels where which of them holds could not be told; keep one")]
    Repeated,
    /// Too much for one binding.
    #[error("{bytes} bytes of data, but a binding encapsulates at most {DATA_BYTES_MAX}; bind it detached")]
    TooLong {
        /// How much.
        bytes: usize,
    },
    /// Text that XML cannot hold.
    #[error("the data has characters that XML cannot hold; write it in base64")]
    Text,
}

impl BindingInformation {
    /// The binding in XML.
    ///
    /// # Errors
    /// [`BindingError`] when the reader would refuse what would be written, or it was signed.
    pub fn to_xml(&self) -> Result<String, BindingError> {
        if self.signatures > 0 {
            return Err(BindingError::Signed);
        }
        let mut out = Writer::default();
        out.put(format_args!("<mb:BindingInformation xmlns:mb=\"{BINDING_NAMESPACE}\" xmlns:xmime=\"{XMIME_NAMESPACE}\">"));
        some(&self.containers, "binding information", "a container")?.iter().try_for_each(|container| out.container(container))?;
        out.put(format_args!("</mb:BindingInformation>"));
        if out.text.len() > BINDING_BYTES_MAX { Err(BindingError::TooLong { bytes: out.text.len() }) } else { Ok(out.text) }
    }
}

fn some<'t, T>(parts: &'t [T], whole: &'static str, part: &'static str) -> Result<&'t [T], BindingError> {
    if parts.is_empty() { Err(BindingError::Empty(whole, part)) } else { Ok(parts) }
}

#[derive(Default)]
struct Writer {
    text: String,
    ids: BTreeSet<String>,
}

impl Writer {
    fn put(&mut self, what: fmt::Arguments<'_>) {
        let _ = self.text.write_fmt(what);
    }

    fn container(&mut self, container: &Container) -> Result<(), BindingError> {
        self.open("MetadataBindingContainer", container.id.as_deref())?;
        some(&container.bindings, "container", "a binding")?.iter().try_for_each(|binding| self.binding(binding))?;
        self.put(format_args!("</mb:MetadataBindingContainer>"));
        Ok(())
    }

    fn binding(&mut self, binding: &Binding) -> Result<(), BindingError> {
        self.open("MetadataBinding", binding.id.as_deref())?;
        for (at, metadata) in some(&binding.metadata, "binding", "metadata")?.iter().enumerate() {
            if repeats(binding.metadata.get(..=at).unwrap_or_default()) {
                return Err(BindingError::Repeated);
            }
            self.metadata(metadata)?;
        }
        some(&binding.data, "binding", "data")?.iter().try_for_each(|data| self.data(data))?;
        self.put(format_args!("</mb:MetadataBinding>"));
        Ok(())
    }

    fn open(&mut self, name: &str, id: Option<&str>) -> Result<(), BindingError> {
        self.put(format_args!("<mb:{name}"));
        if let Some(id) = id {
            part("id", id, id_fault(id))?;
            self.take_id(id)?;
            self.put(format_args!(" Id=\"{id}\""));
        }
        self.put(format_args!(">"));
        Ok(())
    }

    fn take_id(&mut self, id: &str) -> Result<(), BindingError> {
        let is_new = self.ids.insert(id.to_owned());
        part("id", id, (!is_new).then_some("is there twice"))
    }

    fn metadata(&mut self, metadata: &Metadata) -> Result<(), BindingError> {
        match metadata {
            Metadata::Reference(reference) => self.reference("MetadataReference", reference),
            Metadata::Label(label) => {
                label_ids(label).into_iter().try_for_each(|id| self.take_id(id))?;
                let label = label.to_xml()?;
                self.put(format_args!("<mb:Metadata>{label}</mb:Metadata>"));
                Ok(())
            }
        }
    }

    fn data(&mut self, data: &Data) -> Result<(), BindingError> {
        let (content_type, encoding, bytes) = match data {
            Data::Reference(reference) => return self.reference("DataReference", reference),
            Data::Encapsulated { content_type, encoding, bytes } => (content_type, encoding, bytes),
        };
        if bytes.len() > DATA_BYTES_MAX {
            return Err(BindingError::TooLong { bytes: bytes.len() });
        }
        self.put(format_args!("<mb:Data"));
        self.content_type(content_type.as_deref())?;
        match encoding {
            Encoding::Base64 => self.put(format_args!(" encoding=\"base64\">{}", STANDARD.encode(bytes))),
            Encoding::Text => {
                let text = std::str::from_utf8(bytes).ok().filter(|text| text.chars().all(is_xml)).ok_or(BindingError::Text)?;
                // A parser reads a carriage return as a line feed unless it is written as a reference.
                self.put(format_args!(">{}", escape(text).replace('\r', "&#13;")));
            }
        }
        self.put(format_args!("</mb:Data>"));
        Ok(())
    }

    fn reference(&mut self, name: &str, reference: &Reference) -> Result<(), BindingError> {
        part("URI", &reference.uri, uri_fault(&reference.uri))?;
        self.put(format_args!("<mb:{name} URI=\"{}\"", escape(&reference.uri)));
        self.content_type(reference.content_type.as_deref())?;
        self.put(format_args!("/>"));
        Ok(())
    }

    fn content_type(&mut self, content_type: Option<&str>) -> Result<(), BindingError> {
        let Some(content_type) = content_type else { return Ok(()) };
        part("content type", content_type, content_type_fault(content_type))?;
        self.put(format_args!(" xmime:contentType=\"{}\"", escape(content_type)));
        Ok(())
    }
}

fn part(what: &'static str, text: &str, fault: Option<&'static str>) -> Result<(), BindingError> {
    fault.map_or(Ok(()), |why| Err(BindingError::Part { what, text: short(text), why }))
}

fn is_xml(c: char) -> bool {
    (c >= ' ' || "\t\n\r".contains(c)) && !matches!(c, '\u{fffe}' | '\u{ffff}')
}
