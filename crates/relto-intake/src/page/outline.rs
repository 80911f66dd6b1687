//! What stands in a page, in one pass over its tokens: text nodes by lines, what it says of itself, and the page without what
//! is never shown, for choosing.

use super::{DEPTH_MAX, ELEMENTS_MAX, PageError, entity};
use crate::span::TextSpan;
use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};

/// Attributes with longer values (pictures, mostly) say nothing of the text.
const ATTRIBUTE_BYTES_MAX: usize = 4096;
/// Formatting elements open at once: what is beyond is not shown to the chooser, whose parser opens all of them anew in each block.
const FORMATTING_MAX: usize = 8;
/// Tables within tables: what is beyond is not shown to the chooser as tables, which weighs all that is in each of them.
const TABLES_MAX: usize = 8;

/// What parts a text node from what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    None,
    Space,
    Cell,
    Line,
}

/// Text between two tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) span: TextSpan,
    /// What parts it from the node before it.
    pub(super) after: Break,
    /// The line that it is part of, counted from 0.
    pub(super) line: usize,
    /// Whether white space is kept as lines.
    pub(super) is_preformatted: bool,
    /// Whether a reader of the whole page would read it: it is neither hidden nor in a menu or footer.
    pub(super) is_shown: bool,
}

/// A page, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    pub(super) nodes: Vec<Node>,
    /// The page without scripts, styles, comments, drawings and long attributes.
    pub(super) bare: String,
    pub(super) title: String,
    pub(super) language: String,
    /// Name, property or microdata property, and content of what stands in `<meta>`, in order.
    pub(super) metas: Vec<(String, String)>,
    /// `datetime` of `<time>`, and whether it says that it is the date of publication.
    pub(super) times: Vec<(bool, String)>,
    /// Data for search engines, as JSON.
    pub(super) linked_data: Vec<String>,
}

impl Outline {
    /// Takes `html` apart.
    ///
    /// # Errors
    /// [`PageError`] when it is nested too deep or has too many elements.
    pub(super) fn of(html: &str) -> Result<Self, PageError> {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut walk = Walk::new(html);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Ok(Token::StartTag(tag)) => walk.open(&tag)?,
                Ok(Token::EndTag(tag)) => walk.close(&String::from_utf8_lossy(&tag.name), TextSpan::new(tag.span.start, tag.span.end)),
                Ok(Token::String(text)) => walk.text(TextSpan::new(text.span.start, text.span.end)),
                Ok(Token::Doctype(doctype)) => walk.copy(TextSpan::new(doctype.span.start, doctype.span.end)),
                Ok(Token::Comment(_) | Token::Error(_)) | Err(_) => {}
            }
        }
        Ok(walk.outline)
    }

    /// Bytes of the nodes that are shown.
    pub(super) fn shown_bytes(&self) -> usize {
        self.nodes.iter().filter(|node| node.is_shown).map(|node| node.span.to - node.span.from).sum()
    }

    /// The lines of nodes that are shown.
    pub(super) fn shown_lines(&self) -> Vec<bool> {
        let mut lines = vec![false; self.nodes.last().map_or(0, |node| node.line + 1)];
        for node in self.nodes.iter().filter(|node| node.is_shown) {
            if let Some(line) = lines.get_mut(node.line) {
                *line = true;
            }
        }
        lines
    }
}

/// An element that is open.
struct Element {
    name: String,
    /// Whether the chooser is shown its tags.
    is_tag_copied: bool,
    /// Whether the chooser is shown what is in it.
    is_copied: bool,
    is_hidden: bool,
    is_aside: bool,
}

struct Walk<'h> {
    html: &'h str,
    outline: Outline,
    stack: Vec<Element>,
    elements: usize,
    formatting: usize,
    tables: usize,
    /// Titles of the page so far; drawings have titles too.
    titles: usize,
    after: Break,
    line: usize,
}

impl<'h> Walk<'h> {
    fn new(html: &'h str) -> Self {
        let outline = Outline { bare: String::with_capacity(html.len() / 2), ..Outline::default() };
        Self { html, outline, stack: Vec::new(), elements: 0, formatting: 0, tables: 0, titles: 0, after: Break::None, line: 0 }
    }

    fn open(&mut self, tag: &StartTag<usize>) -> Result<(), PageError> {
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(PageError::TooMany(tag.span.start));
        }
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        while self.stack.last().is_some_and(|top| closes(&name, &top.name)) {
            self.pop();
        }
        self.break_at(&name);
        self.note(&name, tag);
        let is_linked_data = name == "script" && attribute(tag, "type").eq_ignore_ascii_case("application/ld+json");
        let above = self.stack.last();
        let is_copied = above.is_none_or(|above| above.is_copied) && (is_linked_data || !NEVER_COPIED.contains(&name.as_str()));
        let element = Element {
            is_tag_copied: is_copied && !self.is_beyond(&name),
            is_copied,
            is_hidden: above.is_some_and(|above| above.is_hidden) || NEVER_READ.contains(&name.as_str()) || is_hidden(tag),
            is_aside: above.is_some_and(|above| above.is_aside) || matches!(name.as_str(), "nav" | "footer" | "aside"),
            name,
        };
        let is_void = VOID.contains(&element.name.as_str()) || tag.self_closing && self.is_within("svg");
        self.titles += usize::from(element.name == "title" && !self.is_within("svg"));
        self.outline.linked_data.extend(is_linked_data.then(String::new));
        if element.is_tag_copied {
            self.copy_tag(&element.name, tag);
        }
        if !is_void {
            self.formatting += usize::from(FORMATTING.contains(&element.name.as_str()));
            self.tables += usize::from(element.name == "table");
            self.stack.push(element);
            if self.stack.len() > DEPTH_MAX {
                return Err(PageError::TooDeep(tag.span.start));
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str, span: TextSpan) {
        self.break_at(name);
        let place = self.stack.iter().rposition(|element| element.name == name);
        let is_copied = place.and_then(|place| self.stack.get(place)).map_or_else(
            || self.stack.last().is_none_or(|top| top.is_copied) && (name == "br" || name == "p"),
            |element| element.is_tag_copied,
        );
        if is_copied {
            self.copy(span);
        }
        while place.is_some_and(|place| self.stack.len() > place) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(element) = self.stack.pop() {
            self.formatting -= usize::from(FORMATTING.contains(&element.name.as_str()));
            self.tables -= usize::from(element.name == "table");
        }
    }

    /// Whether the chooser is spared an element of this name here.
    fn is_beyond(&self, name: &str) -> bool {
        let is_table = matches!(name, "table" | "caption" | "colgroup" | "col" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th");
        FORMATTING.contains(&name) && self.formatting >= FORMATTING_MAX
            || is_table && self.tables + usize::from(name == "table") > TABLES_MAX
    }

    fn text(&mut self, span: TextSpan) {
        let (is_copied, is_hidden, is_aside) =
            self.stack.last().map_or((true, false, false), |top| (top.is_copied, top.is_hidden, top.is_aside));
        let name = self.stack.last().map_or("", |top| top.name.as_str());
        match name {
            // The tokenizer may give either in parts.
            "script" if is_copied => {
                let data = self.html.get(span.range()).unwrap_or_default();
                self.outline.linked_data.last_mut().into_iter().for_each(|last| last.push_str(data));
            }
            "title" if self.titles == 1 => self.outline.title.push_str(&entity::text(self.html, span)),
            _ => {}
        }
        let is_read = !self.stack.iter().rev().any(|element| NEVER_READ.contains(&element.name.as_str()));
        if is_copied {
            self.copy(span);
        }
        if is_read {
            self.node(span, !is_hidden && !is_aside);
        }
    }

    fn node(&mut self, span: TextSpan, is_shown: bool) {
        let text = self.html.get(span.range()).unwrap_or_default();
        let is_preformatted = self.is_within("pre");
        if text.chars().all(char::is_whitespace) {
            let is_line = is_preformatted && text.contains('\n');
            self.part(if is_line { Break::Line } else { Break::Space });
            return;
        }
        self.outline.nodes.push(Node { span, after: self.after, line: self.line, is_preformatted, is_shown });
        self.after = Break::None;
    }

    fn part(&mut self, with: Break) {
        if with == Break::Line && self.after != Break::Line {
            self.line += 1;
        }
        self.after = self.after.max(with);
    }

    fn break_at(&mut self, name: &str) {
        match name {
            "td" | "th" => self.part(Break::Cell),
            _ if BLOCKS.contains(&name) => {
                // What stands in a cell stays in its line.
                let in_cell = self.stack.iter().rev().take(4).any(|element| matches!(element.name.as_str(), "td" | "th"));
                let ends_row = matches!(name, "tr" | "table" | "tbody" | "thead" | "tfoot" | "li");
                self.part(if in_cell && !ends_row && name != "br" { Break::Space } else { Break::Line });
            }
            _ => {}
        }
    }

    fn is_within(&self, name: &str) -> bool {
        self.stack.iter().any(|element| element.name == name)
    }

    fn copy(&mut self, span: TextSpan) {
        self.outline.bare.push_str(self.html.get(span.range()).unwrap_or_default());
    }

    /// The tag as it stands, or without its long attributes.
    fn copy_tag(&mut self, name: &str, tag: &StartTag<usize>) {
        if tag.span.end - tag.span.start <= ATTRIBUTE_BYTES_MAX {
            return self.copy(TextSpan::new(tag.span.start, tag.span.end));
        }
        let bare = &mut self.outline.bare;
        bare.push('<');
        bare.push_str(name);
        let mut left = ATTRIBUTE_BYTES_MAX;
        for (key, value) in &tag.attributes {
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(&value.value));
            if key.len() + value.len() < left {
                left -= key.len() + value.len();
                let value = value.replace('&', "&amp;").replace('"', "&quot;");
                bare.extend([" ", &*key, "=\"", &value, "\""]);
            }
        }
        bare.push('>');
    }

    /// What the page says of itself in the tag.
    fn note(&mut self, name: &str, tag: &StartTag<usize>) {
        match name {
            "html" if self.outline.language.is_empty() => {
                let language = attribute(tag, "lang");
                self.outline.language = if language.is_empty() { attribute(tag, "xml:lang") } else { language };
            }
            "meta" => {
                let key = ["property", "name", "itemprop", "http-equiv"].iter().map(|key| attribute(tag, key)).find(|key| !key.is_empty());
                let content = attribute(tag, "content");
                let keys = key.as_deref().unwrap_or_default().split_whitespace().filter(|_| !content.is_empty());
                // `dc:creator` and `dc.creator` are the same.
                self.outline.metas.extend(keys.map(|key| (key.to_lowercase().replace(':', "."), content.clone())));
            }
            "time" => {
                let date = attribute(tag, "datetime");
                let said = attribute(tag, "itemprop") == "datePublished" || tag.attributes.contains_key(&b"pubdate"[..]);
                self.outline.times.extend((!date.is_empty()).then_some((said, date)));
            }
            _ => {}
        }
    }
}

fn attribute(tag: &StartTag<usize>, name: &str) -> String {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(&value.value).trim().to_owned()).unwrap_or_default()
}

fn is_hidden(tag: &StartTag<usize>) -> bool {
    let style: String = attribute(tag, "style").chars().filter(|c| !c.is_whitespace()).collect();
    tag.attributes.contains_key(&b"hidden"[..]) || attribute(tag, "aria-hidden") == "true" || style.contains("display:none")
}

/// Whether an element that `opens` ends the open one, without a tag that says so.
fn closes(opens: &str, open: &str) -> bool {
    match open {
        "p" => BLOCKS.contains(&opens) && opens != "br",
        "li" | "a" | "nobr" => opens == open,
        "dt" | "dd" => matches!(opens, "dt" | "dd"),
        "td" | "th" => matches!(opens, "td" | "th" | "tr" | "tbody" | "tfoot" | "thead"),
        "tr" => matches!(opens, "tr" | "tbody" | "tfoot" | "thead"),
        "tbody" | "thead" | "tfoot" => matches!(opens, "tbody" | "tfoot" | "thead"),
        "option" | "optgroup" => matches!(opens, "option" | "optgroup"),
        "head" => opens == "body",
        "svg" | "math" => BLOCKS.contains(&opens) || opens == "span",
        _ => false,
    }
}

const VOID: [&str; 14] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
const FORMATTING: [&str; 14] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const NEVER_READ: [&str; 20] = [
    "audio", "button", "canvas", "datalist", "head", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "title", "video", "xmp",
];
/// The chooser neither needs nor shows these.
const NEVER_COPIED: [&str; 6] = ["canvas", "math", "script", "style", "svg", "template"];
const BLOCKS: [&str; 49] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "html",
    "head",
];
