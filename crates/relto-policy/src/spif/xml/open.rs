//! From text to a root element: the bounds that are held before, while and after parsing, and the parser's errors in our words.

use roxmltree::{Document, ParsingOptions};

use super::{ATTRIBUTES_MAX, Element, NODES_MAX, Place, XmlError};

/// The starts of lines, so that a place costs no search of the whole text.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.0.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.0.get(line)).copied().unwrap_or(0);
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { line: narrow(line), column: narrow(at.saturating_sub(start).saturating_add(1)) }
    }
}

/// Hands the root element of `text` to `read`. `kind` is the file's kind in words, for the error about its length.
///
/// # Errors
/// [`XmlError`] when the text is too long, too deep or not XML, and whatever `read` finds.
pub(crate) fn with_root<T>(
    text: &str,
    (kind, bytes_max): (&'static str, usize),
    read: impl FnOnce(Element<'_, '_>) -> Result<T, XmlError>,
) -> Result<T, XmlError> {
    if text.len() > bytes_max {
        return Err(XmlError::TooLong { kind, bytes: text.len(), bytes_max });
    }
    let lines = Lines::of(text);
    if let Some(at) = crowded(text) {
        let why = format!("an element with more than {ATTRIBUTES_MAX} attributes");
        return Err(XmlError::Malformed { place: lines.place(at), why, cure: "remove what is not part of it" });
    }
    let options = ParsingOptions { nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| malformed(&error, text, &lines))?;
    let root = Element { node: document.root_element(), lines: &lines };
    root.bound_depth()?;
    read(root)
}

/// Where a tag begins that has too many attributes: signs of equality outside quotes. What is not well-formed the parser finds.
fn crowded(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some((at, tag)) = text.get(from..).and_then(|rest| rest.split_once('<')).map(|(before, tag)| (from + before.len(), tag)) {
        let skipped = [("!--", "-->"), ("![CDATA[", "]]>")].into_iter().find(|(start, _)| tag.starts_with(start));
        let length = match skipped {
            Some((_, end)) => tag.find(end)?,
            None => {
                let (length, attributes) = measure(tag);
                if attributes > ATTRIBUTES_MAX {
                    return Some(at);
                }
                length
            }
        };
        from = at + 1 + length;
    }
    None
}

/// The length of a tag up to its end, and its attributes.
fn measure(tag: &str) -> (usize, usize) {
    let (mut quote, mut attributes) = (None, 0_usize);
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (None, b'>') => return (at, attributes),
            (None, _) => {}
        }
    }
    (tag.len(), attributes)
}

fn malformed(error: &roxmltree::Error, text: &str, lines: &Lines) -> XmlError {
    use roxmltree::Error as E;
    let at = error.pos();
    let (place, cure) = match error {
        E::UnclosedRootNode | E::UnexpectedEndOfStream | E::NoRootNode => {
            (lines.place(text.len()), "the file ends too early: get the whole of it")
        }
        E::DtdDetected => (Place { line: at.row, column: at.col }, "remove the document type: entities are never expanded"),
        E::NodesLimitReached => (lines.place(text.len()), "remove what is not part of it"),
        _ => (Place { line: at.row, column: at.col }, "mend it there"),
    };
    let why = error.to_string();
    let why = why.rsplit_once(" at ").filter(|(_, end)| end.contains(':') && !end.contains(' ')).map_or(why.as_str(), |(head, _)| head);
    // The parser quotes names of whatever length.
    let why = why.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect();
    XmlError::Malformed { place, why, cure }
}
