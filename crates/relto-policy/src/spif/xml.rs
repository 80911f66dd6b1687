//! XML as the readers of policies and labels need it: bounded, without document types or entities, every node with its place.
//!
//! Not a schema validator: each reader says which elements and attributes it knows, and what it does not know is an error, because it
//! could restrict. Parsing itself is `roxmltree`'s, which is iterative and refuses a DTD.

mod open;

use std::fmt;

use roxmltree::Node;

use self::open::Lines;
pub(crate) use self::open::with_root;

/// The namespace of `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Elements deeper than this are refused; a policy with a bound label inside its extensions has about twelve.
pub const DEPTH_MAX: usize = 32;
/// An element with more attributes than this is refused before it is parsed, which compares each with each.
pub const ATTRIBUTES_MAX: usize = 64;
/// More elements, texts and comments than this are refused.
pub const NODES_MAX: u32 = 200_000;

/// Where something stands: line and column from 1, the column in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The byte in the line.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.line, self.column)
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Longer than its kind may be.
    #[error("{bytes} bytes, but a {kind} has at most {bytes_max}; split it, or look whether it is the right file")]
    TooLong {
        /// What was to be read.
        kind: &'static str,
        /// What it has.
        bytes: usize,
        /// What it may have.
        bytes_max: usize,
    },
    /// Not XML.
    #[error("{place}: not well-formed XML: {why}; {cure}")]
    Malformed {
        /// Where.
        place: Place,
        /// What the parser says.
        why: String,
        /// What to do.
        cure: &'static str,
    },
    /// An element that is not as its standard says.
    #[error("{place}: `{element}`{}: {why}; {cure}", attribute.as_ref().map(|name| format!(" attribute `{name}`")).unwrap_or_default())]
    Element {
        /// Where.
        place: Place,
        /// Its name.
        element: String,
        /// Its attribute, when that is what is wrong.
        attribute: Option<String>,
        /// What is wrong.
        why: String,
        /// What to do.
        cure: String,
    },
}

/// An element of a parsed text.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a, 'd> {
    node: Node<'a, 'd>,
    lines: &'a Lines,
}

impl<'a, 'd> Element<'a, 'd> {
    fn bound_depth(self) -> Result<(), XmlError> {
        let mut depth = 1_usize;
        let mut node = self.node;
        loop {
            if depth > DEPTH_MAX {
                return Err(Element { node, ..self }.wrong(format!("nested deeper than {DEPTH_MAX}"), "remove what is not part of it"));
            }
            if let Some(child) = node.first_element_child() {
                depth += 1;
                node = child;
                continue;
            }
            loop {
                if node == self.node {
                    return Ok(());
                }
                if let Some(next) = node.next_sibling_element() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent_element() else { return Ok(()) };
                depth = depth.saturating_sub(1);
                node = parent;
            }
        }
    }

    /// Where it begins.
    pub(crate) fn place(self) -> Place {
        self.lines.place(self.node.range().start)
    }

    /// Its name without prefix.
    pub(crate) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    /// Its namespace.
    pub(crate) fn namespace(self) -> &'a str {
        self.node.tag_name().namespace().unwrap_or_default()
    }

    /// The elements directly inside.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let lines = self.lines;
        self.node.children().filter(Node::is_element).map(move |node| Element { node, lines })
    }

    /// Its text as it stands. Elements inside are an error.
    pub(crate) fn text(self) -> Result<String, XmlError> {
        if let Some(inner) = self.children().next() {
            return Err(inner.wrong(format!("stands inside `{}`, which holds text only", self.name()), "remove it"));
        }
        Ok(self.node.children().filter(Node::is_text).filter_map(|node| node.text()).collect())
    }

    /// Its text as a token: white space at the ends gone, runs of it one space. Elements inside are an error.
    pub(super) fn token(self) -> Result<String, XmlError> {
        self.text().map(|text| token(&text))
    }

    /// An error when there is text between the elements inside.
    pub(crate) fn without_text(self) -> Result<(), XmlError> {
        let stray = self.node.children().filter(Node::is_text).find(|node| node.text().is_some_and(|text| !text.trim().is_empty()));
        match stray {
            Some(_) => Err(self.wrong("holds text beside its elements", "remove the text")),
            None => Ok(()),
        }
    }

    /// An error for an attribute without namespace that is none of `known`; attributes of other namespaces say nothing here.
    pub(crate) fn only_attributes(self, known: &[&str]) -> Result<(), XmlError> {
        let other = self.node.attributes().find(|attribute| attribute.namespace().is_none() && !known.contains(&attribute.name()));
        match other {
            Some(other) => {
                let cure = if known.is_empty() { "remove it".to_owned() } else { format!("known are {}", known.join(", ")) };
                Err(self.wrong_attribute(other.name(), "is not known, and what is not known could restrict", cure))
            }
            None => Ok(()),
        }
    }

    /// An error for an attribute with a namespace that is none of `known`, each a namespace and a name.
    pub(crate) fn only_qualified_attributes(self, known: &[(&str, &str)]) -> Result<(), XmlError> {
        let is_known = |namespace: &str, name: &str| known.contains(&(namespace, name));
        let mut others =
            self.node.attributes().filter_map(|attribute| attribute.namespace().map(|namespace| (namespace, attribute.name())));
        match others.find(|(namespace, name)| !is_known(namespace, name)) {
            Some((namespace, name)) => {
                let why = format!("of `{}` is not known, and what is not known could restrict", short(namespace));
                Err(self.wrong_attribute(name, &why, "remove it"))
            }
            None => Ok(()),
        }
    }

    /// The names of its attributes without namespace.
    pub(super) fn attribute_names(self) -> impl Iterator<Item = &'a str> {
        self.node.attributes().filter(|attribute| attribute.namespace().is_none()).map(|attribute| attribute.name())
    }

    /// An attribute without namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        self.node.attribute(name)
    }

    /// An attribute of `namespace`.
    pub(crate) fn qualified_attribute(self, namespace: &str, name: &str) -> Option<&'a str> {
        self.node.attribute((namespace, name))
    }

    /// The names and values of its attributes of `namespace`.
    pub(crate) fn attributes_of(self, namespace: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self.node.attributes().filter(move |attribute| attribute.namespace() == Some(namespace));
        own.map(|attribute| (attribute.name(), attribute.value()))
    }

    /// `xml:lang`, in lower case.
    pub(super) fn language(self) -> Option<String> {
        self.node.attribute((XML, "lang")).map(str::to_lowercase).filter(|tag| !tag.is_empty())
    }

    /// An attribute that must be there, as a token that is not empty.
    pub(super) fn required(self, name: &str) -> Result<String, XmlError> {
        match self.attribute(name).map(token) {
            Some(value) if !value.is_empty() => Ok(value),
            Some(_) => Err(self.wrong_attribute(name, "is empty", "give it a value")),
            None => Err(self.wrong_attribute(name, "is missing", "add it")),
        }
    }

    /// `true`, `false`, `1` or `0`; absent is false.
    pub(super) fn flag(self, name: &str) -> Result<bool, XmlError> {
        match self.attribute(name).map(str::trim) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => Err(self.wrong_attribute(name, &format!("`{}` is neither", short(other)), "write true or false")),
        }
    }

    /// A number of digits alone, leading zeros allowed.
    pub(super) fn number(self, name: &str) -> Result<Option<u64>, XmlError> {
        let read = |text: &'a str| {
            let digits = text.trim();
            let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            all_digits.then(|| digits.parse().ok()).flatten().ok_or_else(|| {
                self.wrong_attribute(name, &format!("`{}` is not a number that can be held", short(text)), "write digits only")
            })
        };
        self.attribute(name).map(read).transpose()
    }

    /// A number that must be there.
    pub(super) fn required_number(self, name: &str) -> Result<u64, XmlError> {
        self.number(name)?.ok_or_else(|| self.wrong_attribute(name, "is missing", "add it"))
    }

    /// The error that this element is wrong.
    pub(crate) fn wrong(self, why: impl Into<String>, cure: impl Into<String>) -> XmlError {
        XmlError::Element { place: self.place(), element: short(self.name()), attribute: None, why: why.into(), cure: cure.into() }
    }

    /// The error that an attribute of it is wrong.
    pub(crate) fn wrong_attribute(self, name: &str, why: &str, cure: impl Into<String>) -> XmlError {
        XmlError::Element {
            place: self.place(),
            element: short(self.name()),
            attribute: Some(short(name)),
            why: why.to_owned(),
            cure: cure.into(),
        }
    }
}

/// White space at the ends gone, runs of it one space: `xs:token`.
pub(super) fn token(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// A piece of somebody else's text for a message of one line.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `text` for XML text and attribute values.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> String {
        with_root(text, ("test", 10_000), |root| root.token()).map_or_else(|error| error.to_string(), |text| format!("read {text}"))
    }

    #[test]
    fn bounds_and_places() {
        assert_eq!(says("<a>\n x\t y </a>"), "read x y");
        assert_eq!(
            says("<a>\n<b>"),
            "2:4: not well-formed XML: the root node was opened but never closed; the file ends too early: get the whole of it"
        );
        assert_eq!(says("<a>\n</b>"), "2:1: not well-formed XML: expected 'a' tag, not 'b'; mend it there");
        assert!(says("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").contains("entities are never expanded"));
        assert!(says("<a>&b;</a>").starts_with("1:4: not well-formed XML"));
        assert!(says(&"<a>".repeat(5_000)).contains("a test has at most 10000"));
        let deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
        assert!(says(&deep).contains("nested deeper than 32"), "{}", says(&deep));
        assert!(says("").starts_with("1:1: not well-formed XML"));
        let crowd = |count| (0..count).map(|at| format!(" a{at}='>'")).collect::<String>();
        assert!(says(&format!("<!-- a = ' -->\n<a{}/>", crowd(65))).starts_with("2:1: not well-formed XML: an element with more than 64"));
        assert_eq!(says(&format!("<!-- a = ' --><a{}><![CDATA[a='{}]]></a>", crowd(64), "=".repeat(99))).get(..4), Some("read"));
        assert!(says(&format!("<a></{}>", "b".repeat(5_000))).len() < 300);
        assert_eq!(says("<a>\n <b/></a>"), "2:2: `b`: stands inside `a`, which holds text only; remove it");
    }
}
