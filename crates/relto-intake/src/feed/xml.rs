//! Items of RSS and Atom, by the events of the XML reader, each piece of text with its place.

use super::{FeedError, ITEMS_MAX, Item, joined, time};
use crate::cutting::Cutting;
use crate::page::{self, About, some};
use crate::reading::Reading;
use crate::span::TextSpan;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A piece of a field: kept as it stands, or what stands for it.
type Piece = (TextSpan, Option<String>);

/// Local name of the first element of `head`.
pub(super) fn root(head: &str) -> Option<String> {
    let mut reader = reader(head);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return Some(local(&start)),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Text(text) if text.trim().is_empty() => {}
            _ => return None,
        }
    }
}

pub(super) fn items(decoded: &Reading) -> Result<Vec<Item>, FeedError> {
    let mut reader = reader(decoded.text());
    let mut walk = Walk { decoded, items: Vec::new(), item: None, field: None, depth: 0 };
    loop {
        let from = place(reader.buffer_position());
        let event = reader.read_event().map_err(|source| FeedError::Xml { at: place(reader.error_position()), source })?;
        let span = TextSpan::new(from, place(reader.buffer_position()));
        match event {
            Event::Start(start) => walk.open(&start, span.to)?,
            Event::Empty(start) => {
                walk.open(&start, span.to)?;
                walk.close(span.to)?;
            }
            Event::End(_) => walk.close(span.from)?,
            Event::Text(_) => walk.piece(span, None),
            // Without `<![CDATA[` and `]]>`.
            Event::CData(_) => walk.piece(TextSpan::new(span.from + 9, span.to.saturating_sub(3)), None),
            Event::GeneralRef(_) => walk.reference(span),
            Event::Eof if walk.item.is_some() => return Err(FeedError::CutShort),
            Event::Eof => return Ok(walk.items),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    // Feeds in the wild are careless with both.
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    reader
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let found = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name);
    found.map(|found| page::entity_text(&found.value, TextSpan::new(0, found.value.len()))).unwrap_or_default()
}

/// What an item is made of; other elements are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Title,
    Link,
    Key,
    Published,
    Changed,
    Author,
    Content,
    Summary,
}

/// How the text of a field is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    Plain,
    /// Escaped, or in CDATA.
    Html,
    /// As elements of the feed itself.
    Markup,
}

struct Field {
    kind: Kind,
    read_as: As,
    depth: usize,
    from: usize,
    pieces: Vec<Piece>,
}

#[derive(Default)]
struct Parts {
    depth: usize,
    title: Option<Reading>,
    content: Option<Reading>,
    summary: Option<Reading>,
    key: Option<String>,
    changed: Option<String>,
    about: About,
}

struct Walk<'r> {
    decoded: &'r Reading,
    items: Vec<Item>,
    item: Option<Parts>,
    field: Option<Field>,
    depth: usize,
}

impl Walk<'_> {
    fn open(&mut self, start: &BytesStart<'_>, end: usize) -> Result<(), FeedError> {
        self.depth += 1;
        let name = local(start);
        let depth = self.depth;
        match &mut self.item {
            None if name == "item" || name == "entry" => {
                if self.items.len() >= ITEMS_MAX {
                    return Err(FeedError::TooMany);
                }
                self.item = Some(Parts { depth, ..Parts::default() });
            }
            // Of Atom's authors, the name alone.
            Some(_) if name == "name" && self.field.as_ref().is_some_and(|field| field.kind == Kind::Author) => {
                self.field = Some(Field { kind: Kind::Author, read_as: As::Plain, depth, from: end, pieces: Vec::new() });
            }
            Some(item) if self.field.is_none() => {
                let kind = kind(&name, start).filter(|_| depth == item.depth + 1);
                if kind == Some(Kind::Link) {
                    let address = some(&attribute(start, "href"));
                    item.about.address = item.about.address.take().or(address);
                }
                self.field = kind.map(|kind| Field { kind, read_as: read_as(kind, start), depth, from: end, pieces: Vec::new() });
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), FeedError> {
        if let Some(field) = self.field.take_if(|field| field.depth == self.depth) {
            self.end_field(&field, at)?;
        }
        let depth = self.depth;
        if let Some(item) = self.item.take_if(|item| item.depth == depth) {
            self.end_item(item);
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn piece(&mut self, span: TextSpan, stands_for: Option<String>) {
        if let Some(field) = self.field.as_mut().filter(|field| field.read_as != As::Markup) {
            field.pieces.push((span, stands_for));
        }
    }

    fn reference(&mut self, span: TextSpan) {
        let stands_for = page::entity_text(self.decoded.text(), span);
        self.piece(span, Some(stands_for));
    }

    fn end_field(&mut self, field: &Field, at: usize) -> Result<(), FeedError> {
        let number = self.items.len() + 1;
        let Some(item) = &mut self.item else { return Ok(()) };
        let mut cutting = Cutting::of(self.decoded);
        if field.read_as == As::Markup {
            cutting.keep(TextSpan::new(field.from, at.max(field.from)));
        }
        for (span, stands_for) in &field.pieces {
            match stands_for {
                Some(text) => cutting.put(*span, text),
                None => cutting.keep(*span),
            }
        }
        let field_reading = cutting.finish();
        let text = some(field_reading.text());
        let reading = match field.read_as {
            As::Plain => field_reading,
            As::Html | As::Markup => {
                page::read_fragment(&field_reading).map_err(|source| FeedError::Content { item: number, source })?.reading
            }
        };
        match field.kind {
            Kind::Title => item.title = first(item.title.take(), reading),
            Kind::Content => item.content = first(item.content.take(), reading),
            Kind::Summary => item.summary = first(item.summary.take(), reading),
            Kind::Link => item.about.address = item.about.address.take().or(text),
            Kind::Key => item.key = item.key.take().or(text),
            Kind::Published => item.about.published = item.about.published.take().or(text.as_deref().and_then(time)),
            Kind::Changed => item.changed = item.changed.take().or(text.as_deref().and_then(time)),
            Kind::Author => item.about.author = item.about.author.take().or(text),
        }
        Ok(())
    }

    fn end_item(&mut self, item: Parts) {
        let Parts { title, content, summary, key, changed, mut about, .. } = item;
        about.title = title.as_ref().and_then(|title| some(title.text()));
        about.published = about.published.or(changed);
        // The key of an item is often its address.
        about.address = about.address.or_else(|| key.clone().filter(|key| key.starts_with("http")));
        let key = key.or_else(|| about.address.clone()).unwrap_or_else(|| (self.items.len() + 1).to_string());
        let reading =
            joined([title, content.or(summary)].into_iter().flatten().collect()).unwrap_or_else(|| Cutting::of(self.decoded).finish());
        self.items.push(Item { reading, about, key });
    }
}

/// The first reading that says anything.
fn first(known: Option<Reading>, found: Reading) -> Option<Reading> {
    known.or_else(|| (!found.text().trim().is_empty()).then_some(found))
}

fn kind(name: &str, start: &BytesStart<'_>) -> Option<Kind> {
    let is_alternate = matches!(attribute(start, "rel").as_str(), "" | "alternate");
    Some(match name {
        "title" => Kind::Title,
        "link" if is_alternate => Kind::Link,
        "guid" | "id" | "identifier" => Kind::Key,
        "pubDate" | "published" | "issued" | "date" | "created" => Kind::Published,
        "updated" | "modified" => Kind::Changed,
        "creator" | "author" => Kind::Author,
        // Of pictures and films, with the same names.
        _ if start.name().prefix().is_some_and(|prefix| prefix.as_ref() == "media") => return None,
        "encoded" | "content" => Kind::Content,
        "description" | "summary" => Kind::Summary,
        _ => return None,
    })
}

fn read_as(kind: Kind, start: &BytesStart<'_>) -> As {
    match (kind, attribute(start, "type").as_str()) {
        (Kind::Title | Kind::Content | Kind::Summary, "xhtml") => As::Markup,
        (Kind::Title | Kind::Content | Kind::Summary, "text" | "text/plain") => As::Plain,
        (Kind::Title | Kind::Content | Kind::Summary, _) => As::Html,
        _ => As::Plain,
    }
}
