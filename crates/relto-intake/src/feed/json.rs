//! Items of JSON Feed. The JSON reader lends slices of the text, so that each string knows where it stands.

use super::{FeedError, ITEMS_MAX, Item, joined, time};
use crate::cutting::Cutting;
use crate::page::{self, About, some};
use crate::reading::Reading;
use crate::span::TextSpan;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Feed<'t> {
    #[serde(borrow, default)]
    items: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    id: Option<&'t RawValue>,
    #[serde(borrow)]
    title: Option<&'t RawValue>,
    #[serde(borrow)]
    content_html: Option<&'t RawValue>,
    #[serde(borrow)]
    content_text: Option<&'t RawValue>,
    #[serde(borrow)]
    summary: Option<&'t RawValue>,
    url: Option<String>,
    date_published: Option<String>,
    date_modified: Option<String>,
    #[serde(default)]
    authors: Vec<Author>,
    author: Option<Author>,
    language: Option<String>,
}

#[derive(Deserialize)]
struct Author {
    name: Option<String>,
}

pub(super) fn items(decoded: &Reading) -> Result<Vec<Item>, FeedError> {
    let feed: Feed<'_> = serde_json::from_str(decoded.text())?;
    if feed.items.len() > ITEMS_MAX {
        return Err(FeedError::TooMany);
    }
    feed.items.into_iter().enumerate().map(|(index, entry)| item(decoded, index + 1, entry)).collect()
}

fn item(decoded: &Reading, number: usize, entry: Entry<'_>) -> Result<Item, FeedError> {
    let title = entry.title.map(|title| string(decoded, title));
    let html = entry.content_html.map(|html| page::read_fragment(&string(decoded, html)).map(|page| page.reading));
    let html = html.transpose().map_err(|source| FeedError::Content { item: number, source })?;
    let plain = || entry.content_text.or(entry.summary).map(|text| string(decoded, text));
    let key = entry.id.and_then(|id| some(id.get().trim_matches('"')));
    let about = About {
        title: title.as_ref().and_then(|title| some(title.text())),
        author: entry.authors.into_iter().chain(entry.author).find_map(|author| author.name).and_then(|name| some(&name)),
        published: entry.date_published.or(entry.date_modified).as_deref().and_then(time),
        language: entry.language,
        address: entry.url.and_then(|url| some(&url)),
    };
    let content = html.filter(|html| !html.text().trim().is_empty()).or_else(plain);
    let reading = joined([title, content].into_iter().flatten().collect()).unwrap_or_else(|| Cutting::of(decoded).finish());
    Ok(Item { reading, key: key.or_else(|| about.address.clone()).unwrap_or_else(|| number.to_string()), about })
}

/// The string that `value` is, each character where it stands in the feed; nothing where it is no string.
fn string(decoded: &Reading, value: &RawValue) -> Reading {
    let mut cutting = Cutting::of(decoded);
    let json = value.get();
    // The slice is part of the text that was read.
    let start = json.as_ptr().addr().wrapping_sub(decoded.text().as_ptr().addr());
    let is_string = json.starts_with('"') && decoded.text().get(start..start.wrapping_add(json.len())) == Some(json);
    let mut at = usize::from(is_string);
    let end = if is_string { json.len().saturating_sub(1) } else { 0 };
    while let Some(rest) = json.get(at..end).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('\\').unwrap_or(rest.len());
        if plain > 0 {
            cutting.keep(TextSpan::new(start + at, start + at + plain));
            at += plain;
            continue;
        }
        let bytes = escape_bytes(rest).min(rest.len());
        let stands_for = rest.get(..bytes).and_then(|escape| serde_json::from_str::<String>(&format!("\"{escape}\"")).ok());
        cutting.put(TextSpan::new(start + at, start + at + bytes), &stands_for.unwrap_or_else(|| "\u{fffd}".to_owned()));
        at += bytes;
    }
    cutting.finish()
}

/// Length of the escape at the start of `rest`; both halves of a pair count as one.
fn escape_bytes(rest: &str) -> usize {
    if !rest.starts_with("\\u") {
        return 2;
    }
    let unit = |at: usize| rest.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let is_pair = unit(2).is_some_and(|unit| (0xD800..0xDC00).contains(&unit)) && rest.get(6..8) == Some("\\u");
    if is_pair { 12 } else { 6 }
}
