//! Bindings from XML, strictly in the order of ADatP-4778: what is not known is an error with its place, because it could restrict.
//!
//! XML signatures are counted and skipped. A reference with transforms is refused: which part of the data it means cannot be told here.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::vec::IntoIter;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::terms::{content_type_fault, id_fault, label_ids, repeats, uri_fault};
use super::{
    BINDING_BYTES_MAX, BINDING_NAMESPACE, Binding, BindingInformation, Container, DATA_BYTES_MAX, Data, Encoding, Metadata, Reference,
    SIGNATURE_NAMESPACE, XMIME_NAMESPACE,
};
use crate::spif::ConfidentialityLabel;
use crate::spif::xml::{Element, XmlError, short, with_root};

const CURE: &str = "write the elements and their order as in ADatP-4778";
/// Where a schema is found: a hint that decides nothing and is not followed.
const SCHEMA_LOCATION: (&str, &str) = ("http://www.w3.org/2001/XMLSchema-instance", "schemaLocation");
const CONTENT_TYPE: (&str, &str) = (XMIME_NAMESPACE, "contentType");

impl BindingInformation {
    /// Reads a binding.
    ///
    /// # Errors
    /// [`XmlError`] with line, column and element.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        with_root(text, ("binding", BINDING_BYTES_MAX), |root| Reader::default().root(root))
    }
}

#[derive(Default)]
struct Reader {
    ids: BTreeSet<String>,
}

impl Reader {
    fn root(&mut self, root: Element<'_, '_>) -> Result<BindingInformation, XmlError> {
        if root.namespace() != BINDING_NAMESPACE || root.name() != "BindingInformation" {
            let why = format!("of namespace `{}` is no binding", short(root.namespace()));
            return Err(root.wrong(why, format!("the root of one is BindingInformation of `{BINDING_NAMESPACE}`")));
        }
        root.only_attributes(&[])?;
        root.only_qualified_attributes(&[SCHEMA_LOCATION])?;
        let mut children = Sequence::of(root)?;
        let mut signatures = 0;
        while children.next_if(|next| next.namespace() == SIGNATURE_NAMESPACE && next.name() == "Signature").is_some() {
            signatures += 1;
        }
        let containers = children.many(&["MetadataBindingContainer"], |element| self.container(element))?;
        children.end()?;
        Ok(BindingInformation { signatures, containers })
    }

    fn container(&mut self, element: Element<'_, '_>) -> Result<Container, XmlError> {
        let id = self.id(element)?;
        let mut children = Sequence::of(element)?;
        let bindings = children.many(&["MetadataBinding"], |element| self.binding(element))?;
        children.end()?;
        Ok(Container { id, bindings })
    }

    fn binding(&mut self, element: Element<'_, '_>) -> Result<Binding, XmlError> {
        let id = self.id(element)?;
        let mut children = Sequence::of(element)?;
        let mut metadata = Vec::new();
        children.many(&["Metadata", "MetadataReference"], |element| {
            metadata.push(self.metadata(element)?);
            if repeats(&metadata) {
                return Err(element.wrong("repeats an earlier label of this binding", "keep one: which of them holds cannot be told"));
            }
            Ok(())
        })?;
        let data = children.many(&["Data", "DataReference"], data)?;
        children.end()?;
        Ok(Binding { id, metadata, data })
    }

    fn metadata(&mut self, element: Element<'_, '_>) -> Result<Metadata, XmlError> {
        if element.name() == "MetadataReference" {
            return reference(element).map(Metadata::Reference);
        }
        plain(element)?;
        element.without_text()?;
        let mut inside = element.children();
        let label = inside.next().ok_or_else(|| element.wrong("is empty", "put one label into it"))?;
        if let Some(second) = inside.next() {
            return Err(second.wrong("is a second element in one `Metadata`", "give each label a `Metadata` of its own (ADatP-4778)"));
        }
        let label = ConfidentialityLabel::within(label)?;
        for id in label_ids(&label) {
            self.take_id(element, id)?;
        }
        Ok(Metadata::Label(Box::new(label)))
    }

    /// The `Id` of a container or a binding, its only attribute.
    fn id(&mut self, element: Element<'_, '_>) -> Result<Option<String>, XmlError> {
        element.only_attributes(&["Id"])?;
        element.only_qualified_attributes(&[])?;
        let Some(id) = element.attribute("Id") else { return Ok(None) };
        if let Some(fault) = id_fault(id) {
            return Err(element.wrong_attribute("Id", fault, "give it another, or remove it"));
        }
        self.take_id(element, id)?;
        Ok(Some(id.to_owned()))
    }

    fn take_id(&mut self, element: Element<'_, '_>, id: &str) -> Result<(), XmlError> {
        if self.ids.insert(id.to_owned()) {
            return Ok(());
        }
        let why = format!("`{}` is taken by an earlier element", short(id));
        Err(element.wrong_attribute("Id", &why, "give each element an id of its own"))
    }
}

fn plain(element: Element<'_, '_>) -> Result<(), XmlError> {
    element.only_attributes(&[])?;
    element.only_qualified_attributes(&[])
}

fn data(element: Element<'_, '_>) -> Result<Data, XmlError> {
    if element.name() == "DataReference" {
        return reference(element).map(Data::Reference);
    }
    element.only_attributes(&["encoding"])?;
    let content_type = content_type(element)?;
    if let Some(inner) = element.children().next() {
        return Err(inner.wrong("stands in the open inside `Data`, where its exact bytes are lost", "write data that is XML in base64"));
    }
    let text = element.text()?;
    let (encoding, bytes) = match element.attribute("encoding") {
        None => (Encoding::Text, text.into_bytes()),
        Some("base64") => (Encoding::Base64, decoded(element, &text)?),
        Some(other) => {
            let why = format!("`{}` is not known", short(other));
            return Err(element.wrong_attribute("encoding", &why, "write base64, or leave it out for text"));
        }
    };
    if bytes.len() > DATA_BYTES_MAX {
        return Err(
            element.wrong(format!("holds {} bytes, at most {DATA_BYTES_MAX} are allowed", bytes.len()), "refer to the data instead")
        );
    }
    Ok(Data::Encapsulated { content_type, encoding, bytes })
}

/// Base64 as `xs:base64Binary` has it: white space between, padded, without stray bits at its end.
fn decoded(element: Element<'_, '_>, text: &str) -> Result<Vec<u8>, XmlError> {
    let digits: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(digits).map_err(|_| element.wrong("is not base64 with its padding", "encode the data again"))
}

fn reference(element: Element<'_, '_>) -> Result<Reference, XmlError> {
    element.only_attributes(&["URI"])?;
    let content_type = content_type(element)?;
    element.without_text()?;
    if let Some(inner) = element.children().next() {
        let is_transform = inner.namespace() == SIGNATURE_NAMESPACE && inner.name() == "Transforms";
        let why = if is_transform { "selects a part of the data, and this release evaluates no transforms" } else { "is not known here" };
        return Err(inner.wrong(why, "bind the whole of what the URI names"));
    }
    let uri = element.attribute("URI").ok_or_else(|| element.wrong_attribute("URI", "is missing", "add it; empty is this document"))?;
    match uri_fault(uri) {
        Some(fault) => Err(element.wrong_attribute("URI", fault, "write it as a URI")),
        None => Ok(Reference { uri: uri.to_owned(), content_type }),
    }
}

fn content_type(element: Element<'_, '_>) -> Result<Option<String>, XmlError> {
    element.only_qualified_attributes(&[CONTENT_TYPE])?;
    let Some(text) = element.qualified_attribute(CONTENT_TYPE.0, CONTENT_TYPE.1) else { return Ok(None) };
    match content_type_fault(text) {
        Some(fault) => Err(element.wrong_attribute("contentType", fault, "write one, or leave it out")),
        None => Ok(Some(text.to_owned())),
    }
}

/// The elements inside one, taken in their order.
struct Sequence<'a, 'd> {
    parent: Element<'a, 'd>,
    left: Peekable<IntoIter<Element<'a, 'd>>>,
}

impl<'a, 'd> Sequence<'a, 'd> {
    fn of(parent: Element<'a, 'd>) -> Result<Self, XmlError> {
        parent.without_text()?;
        Ok(Self { parent, left: parent.children().collect::<Vec<_>>().into_iter().peekable() })
    }

    fn next_if(&mut self, wanted: impl Fn(Element<'a, 'd>) -> bool) -> Option<Element<'a, 'd>> {
        self.left.next_if(|next| wanted(*next))
    }

    /// Everything next to one another that is called one of `names`, which must be something.
    fn many<T>(&mut self, names: &[&str], mut read: impl FnMut(Element<'a, 'd>) -> Result<T, XmlError>) -> Result<Vec<T>, XmlError> {
        let mut all = Vec::new();
        while let Some(element) = self.next_if(|next| next.namespace() == BINDING_NAMESPACE && names.contains(&next.name())) {
            all.push(read(element)?);
        }
        match self.left.peek() {
            _ if !all.is_empty() => Ok(all),
            Some(other) => Err(other.wrong(format!("stands where `{}` must stand", names.join("` or `")), CURE)),
            None => Err(self.parent.wrong(format!("has no `{}`", names.join("` or `")), "add it")),
        }
    }

    fn end(mut self) -> Result<(), XmlError> {
        match self.left.next() {
            Some(other) => Err(other.wrong(format!("is not known here inside `{}`", short(self.parent.name())), CURE)),
            None => Ok(()),
        }
    }
}
