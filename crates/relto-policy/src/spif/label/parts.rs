//! The elements inside one, taken strictly in their order, and what stands in the leaves: filled text and times.

use super::super::time::instant;
use super::super::xml::{Element, XmlError, short};
use super::read::Reader;
use super::{CLEARANCE_NAMESPACE, LABEL_NAMESPACE, Moment};

/// The elements inside one, taken in their order.
pub(super) struct Children<'a, 'd> {
    pub(super) parent: Element<'a, 'd>,
    left: std::iter::Peekable<std::vec::IntoIter<Element<'a, 'd>>>,
}

impl<'a, 'd> Children<'a, 'd> {
    pub(super) fn of(parent: Element<'a, 'd>) -> Result<Self, XmlError> {
        parent.without_text()?;
        Ok(Self { parent, left: parent.children().collect::<Vec<_>>().into_iter().peekable() })
    }

    /// The next element if it has this name, or under the legacy option one like it.
    pub(super) fn optional(&mut self, reader: &mut Reader, name: &str, others: &[&str]) -> Result<Option<Element<'a, 'd>>, XmlError> {
        let like = |other: &str| reader.legacy() && (other.eq_ignore_ascii_case(name) || others.contains(&other));
        let next = self.left.next_if(|next| next.namespace() == LABEL_NAMESPACE && (next.name() == name || like(next.name())));
        if let Some(variant) = next.filter(|next| next.name() != name) {
            reader.note(format!("`{}` stands for `{name}`", short(variant.name())));
        }
        Ok(next)
    }

    pub(super) fn required(&mut self, reader: &mut Reader, name: &str, others: &[&str]) -> Result<Element<'a, 'd>, XmlError> {
        self.optional(reader, name, others)?.ok_or_else(|| self.absent(name))
    }

    pub(super) fn in_namespace(&mut self, namespace: &str, name: &str) -> Result<Element<'a, 'd>, XmlError> {
        self.left.next_if(|next| next.namespace() == namespace && next.name() == name).ok_or_else(|| self.absent(name))
    }

    fn absent(&mut self, name: &str) -> XmlError {
        match self.left.peek() {
            Some(other) => other.wrong(format!("stands where `{name}` must stand"), "write the elements in the order of ADatP-4774"),
            None => self.parent.wrong(format!("has no `{name}`"), "add it"),
        }
    }

    /// The names of the rest, all of which are of other namespaces.
    pub(super) fn foreign(mut self) -> Result<Vec<String>, XmlError> {
        let mut names = Vec::new();
        for element in self.left.by_ref() {
            if [LABEL_NAMESPACE, CLEARANCE_NAMESPACE].contains(&element.namespace()) {
                return Err(out_of_place(element, self.parent));
            }
            names.push(short(element.name()));
        }
        Ok(names)
    }

    pub(super) fn end(mut self) -> Result<(), XmlError> {
        self.left.next().map_or(Ok(()), |other| Err(out_of_place(other, self.parent)))
    }
}

fn out_of_place(element: Element<'_, '_>, parent: Element<'_, '_>) -> XmlError {
    element.wrong(format!("is not known here inside `{}`", short(parent.name())), "write the elements and their order as in ADatP-4774")
}

/// Text that is not empty.
pub(super) fn filled(element: Element<'_, '_>) -> Result<String, XmlError> {
    let text = element.token()?;
    if text.is_empty() { Err(element.wrong("is empty", "give it a value")) } else { Ok(text) }
}

pub(super) fn moment(element: Element<'_, '_>, attribute: Option<&str>, text: &str) -> Result<Moment, XmlError> {
    let (why, cure) = (format!("`{}` is not a time with zone", short(text)), "write it as 2026-01-31T12:00:00Z");
    let wrong = || attribute.map_or_else(|| element.wrong(why.as_str(), cure), |name| element.wrong_attribute(name, &why, cure));
    instant(text).map(|stamp| Moment { text: text.to_owned(), stamp }).ok_or_else(wrong)
}
