//! What a page says of itself: title, author, day of publication, language, address. Claims of the page, not checked here.

use super::outline::Outline;
use serde::Serialize;
use serde_json::Value;
use time::{Date, Month};
use trafilatura::ExtractResult;

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who wrote it, as written there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was published: a day, `2026-11-27`, or a time in UTC, `2026-11-27T08:00:00Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Its language, as a tag of BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it says that it is to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Names under which pages say when they were published, the surest first.
const DATES: [&str; 17] = [
    "article.published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "og.published_time",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "publishdate",
    "publish-date",
    "pubdate",
    "date",
    "datecreated",
];

impl About {
    /// What stands in tags for it.
    pub(super) fn of(outline: &Outline) -> Self {
        Self {
            title: meta(outline, &["og.title", "dc.title", "dcterms.title"]).or_else(|| some(&outline.title)),
            author: meta(outline, &["author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author"])
                .or_else(|| in_data(outline, "author", name_of)),
            published: published(outline),
            language: some(&outline.language),
            address: meta(outline, &["og.url"]),
        }
    }

    /// Adds what the chooser found.
    pub(super) fn complete(&mut self, found: Option<&ExtractResult>) {
        let Some(found) = found.map(|found| &found.metadata) else { return };
        // Without the name of the site; a heading further down is another thing.
        let shorter = some(&found.title).filter(|title| self.title.as_ref().is_none_or(|known| known.contains(title.as_str())));
        self.title = shorter.or_else(|| self.title.take());
        self.author = self.author.take().or_else(|| some(&found.author));
        self.language = self.language.take().or_else(|| some(&found.language));
        self.address = self.address.take().or_else(|| some(&found.url));
    }
}

/// `text` on one line, if it says anything.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn meta(outline: &Outline, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| outline.metas.iter().find(|(key, _)| key == name).and_then(|(_, content)| some(content)))
}

fn published(outline: &Outline) -> Option<String> {
    let in_meta = DATES.iter().find_map(|name| {
        let mut said = outline.metas.iter().filter(|(key, _)| key == name);
        said.find_map(|(_, content)| day(content))
    });
    let data = || in_data(outline, "datePublished", |date| day(date.as_str()?));
    let said = || outline.times.iter().filter(|(is_said, _)| *is_said).find_map(|(_, date)| day(date));
    let only = || outline.times.first().and_then(|(_, date)| day(date));
    in_meta.or_else(data).or_else(said).or_else(only)
}

/// The first `member` of the data for search engines that `read` makes something of.
fn in_data(outline: &Outline, member: &str, read: fn(&Value) -> Option<String>) -> Option<String> {
    outline.linked_data.iter().find_map(|data| first(&serde_json::from_str(data).ok()?, member, read))
}

/// The first `member` in `data` or below; how deep it may stand is bounded by the JSON reader.
fn first(data: &Value, member: &str, read: fn(&Value) -> Option<String>) -> Option<String> {
    match data {
        Value::Object(members) => {
            members.get(member).and_then(read).or_else(|| members.values().find_map(|value| first(value, member, read)))
        }
        Value::Array(items) => items.iter().find_map(|item| first(item, member, read)),
        _ => None,
    }
}

/// The name of somebody: itself, or a member of what describes them; of several, the first.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => some(name).filter(|name| !name.starts_with("http")),
        Value::Object(members) => some(members.get("name")?.as_str()?),
        Value::Array(items) => items.iter().find_map(name_of),
        _ => None,
    }
}

/// The day at the start of `text`: `2026-11-27T…`, `2026/11/27`, `20261127`.
pub(crate) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).take(3).collect();
    let (year, month, day) = match digits.as_slice() {
        [year, month, day, ..] if year.len() == 4 => (*year, *month, *day),
        [all, ..] if all.len() == 8 => (all.get(..4)?, all.get(4..6)?, all.get(6..)?),
        _ => return None,
    };
    let starts = text.starts_with(year);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    starts.then(|| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_from_what_stands_first() {
        for (text, expected) in [
            ("2023-07-13 18:00", Some("2023-07-13")),
            ("2023-07-13T18:00:00+08:00", Some("2023-07-13")),
            (" 2023/7/3", Some("2023-07-03")),
            ("20230713", Some("2023-07-13")),
            ("2023年07月13日", Some("2023-07-13")),
            ("2023-02-30", None),
            ("updated 2023-07-13", None),
            ("July 2023", None),
            ("2023", None),
        ] {
            assert_eq!(day(text).as_deref(), expected, "{text}");
        }
    }
}
