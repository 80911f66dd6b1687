//! Reading a query. Whatever is wrong is named with its place.

use relto_model::Stamp;

use super::pieces::{Phrase, plain, quoted};
use super::{CHARS_MAX, DEPTH_MAX, PARTS_MAX, Query, Reading, Text};
use crate::content::{as_id, number_of_id};

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParseError {
    /// Where, in characters from one.
    pub at: usize,
    /// What is wrong there, in words.
    pub reason: String,
}

/// Reads `query`.
///
/// # Errors
/// [`ParseError`] when it cannot be understood, asks for too much, or for nothing.
pub(crate) fn parse(query: &str, reading: &Reading<'_>) -> Result<Query, ParseError> {
    if query.chars().count() > CHARS_MAX {
        return Err(ParseError { at: CHARS_MAX, reason: format!("a query has at most {CHARS_MAX} characters") });
    }
    let mut parser = Parser { query, at: 0, depth: 0, parts: 0, reading };
    let parsed = parser.any()?;
    if parser.peek() == Some(')') {
        return Err(parser.error(parser.at, "this parenthesis closes nothing"));
    }
    match parsed {
        None => Err(parser.error(0, "there is nothing to look for")),
        Some(parsed) if !looks_for_something(&parsed) => {
            Err(parser.error(0, "there is nothing to look for, only what is to be absent: add a word, or `kind:` and a type"))
        }
        Some(parsed) => Ok(parsed),
    }
}

fn looks_for_something(query: &Query) -> bool {
    match query {
        Query::All(parts) => parts.iter().any(looks_for_something),
        Query::Any(parts) => parts.iter().all(looks_for_something),
        Query::Not(_) => false,
        _ => true,
    }
}

struct Parser<'p> {
    query: &'p str,
    at: usize,
    depth: usize,
    parts: usize,
    reading: &'p Reading<'p>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Option<Query>, ParseError> {
        let mut ways = Vec::new();
        loop {
            let begin = self.at;
            let way = self.all()?;
            let or_follows = self.word_ahead() == "OR";
            match way {
                Some(way) => ways.push(way),
                None if or_follows => return Err(self.error(self.at, "there is nothing before this OR")),
                None if !ways.is_empty() => return Err(self.error(begin.saturating_sub(1), "there is nothing after this OR")),
                None => {}
            }
            if !or_follows {
                return Ok(join(ways, Query::Any));
            }
            self.at += "OR".len();
        }
    }

    fn all(&mut self) -> Result<Option<Query>, ParseError> {
        let mut parts = Vec::new();
        loop {
            self.skip_spaces();
            if matches!(self.peek(), None | Some(')')) || self.word_ahead() == "OR" {
                return Ok(join(parts, Query::All));
            }
            parts.extend(self.part()?);
        }
    }

    fn part(&mut self) -> Result<Option<Query>, ParseError> {
        let begin = self.at;
        self.parts += 1;
        if self.parts > PARTS_MAX {
            return Err(self.error(begin, &format!("a query looks for at most {PARTS_MAX} things")));
        }
        let is_negated = self.peek() == Some('-') && self.rest().chars().nth(1).is_some_and(|next| !next.is_whitespace() && next != '-');
        if is_negated {
            self.at += 1;
        }
        let part = match self.peek() {
            Some('(') => self.group()?,
            Some('"') => self.phrase()?.map(|phrase| Query::Text(Text { property: None, phrase, written: None })),
            _ => self.word()?,
        };
        Ok(if is_negated { part.map(|part| Query::Not(Box::new(part))) } else { part })
    }

    fn group(&mut self) -> Result<Option<Query>, ParseError> {
        let begin = self.at;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error(begin, &format!("parentheses stand in each other at most {DEPTH_MAX} deep")));
        }
        self.at += 1;
        let inner = self.any()?;
        if self.peek() != Some(')') {
            return Err(self.error(begin, "this parenthesis is not closed"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    /// What stands between the quotation mark here and the next.
    fn between_marks(&mut self) -> Result<&str, ParseError> {
        let begin = self.at;
        let inside = self.query.get(begin + 1..).unwrap_or_default();
        let length = inside.find('"').ok_or_else(|| self.error(begin, "this quotation mark is not closed"))?;
        self.at = begin + length + 2;
        Ok(inside.get(..length).unwrap_or_default())
    }

    fn phrase(&mut self) -> Result<Option<Phrase>, ParseError> {
        let reading = self.reading;
        Ok(quoted(self.between_marks()?, reading))
    }

    fn word(&mut self) -> Result<Option<Query>, ParseError> {
        let begin = self.at;
        let word = self.word_ahead().to_owned();
        if let Some((field, value)) = word.split_once(':').filter(|(field, value)| is_field(field) && !value.starts_with("//")) {
            self.at = begin + field.len() + 1;
            let (field, is_quoted) = (field.to_owned(), value.is_empty() && self.peek() == Some('"'));
            if value.is_empty() && !is_quoted {
                return Err(self.error(begin, &format!("`{field}:` does not say what is looked for")));
            }
            let value = if is_quoted { self.between_marks()?.to_owned() } else { self.take(value.len()) };
            return self.field(&field, &value, is_quoted, begin);
        }
        self.at = begin + word.len();
        if let Some(id) = as_id(&word) {
            return Ok(Some(Query::Id { number: number_of_id(id.as_str()), itself: true, references: true }));
        }
        Ok(self.texts(None, &word, Some(begin)))
    }

    fn field(&self, field: &str, value: &str, is_quoted: bool, begin: usize) -> Result<Option<Query>, ParseError> {
        let id = || -> Result<u64, ParseError> {
            let id =
                as_id(value).ok_or_else(|| self.error(begin, &format!("`{value}` is not an object id: they are written `TYPE--UUID`")))?;
            Ok(number_of_id(id.as_str()))
        };
        Ok(Some(match field {
            "kind" | "type" => Query::Kind(value.to_lowercase()),
            "collection" => Query::Collection(value.to_owned()),
            "label" => Query::Label(value.to_owned()),
            "after" => Query::After(self.date(value, begin)?),
            "before" => Query::Before(self.date(value, begin)?),
            "id" => Query::Id { number: id()?, itself: true, references: false },
            "ref" => Query::Id { number: id()?, itself: false, references: true },
            _ if is_quoted => {
                let text = |phrase| Query::Text(Text { property: Some(field.to_owned()), phrase, written: None });
                return Ok(quoted(value, self.reading).map(text));
            }
            _ => return Ok(self.texts(Some(field), value, None)),
        }))
    }

    /// A day, the first of a month or of a year, or an instant.
    fn date(&self, value: &str, begin: usize) -> Result<i64, ParseError> {
        let whole = match value.len() {
            4 => format!("{value}-01-01"),
            7 => format!("{value}-01"),
            _ => value.to_owned(),
        };
        let stamp = Stamp::parse(&whole);
        stamp.map(|stamp| stamp.0).map_err(|_| self.error(begin, &format!("`{value}` is not a date: write 2026, 2026-05 or 2026-05-31")))
    }

    /// The words of `text`, all of which are looked for. `begin` is where it stands, if that matters.
    fn texts(&self, property: Option<&str>, text: &str, begin: Option<usize>) -> Option<Query> {
        let (whole, begins) = text.strip_suffix('*').map_or((text, false), |whole| (whole, true));
        let phrases = plain(whole, begins, self.reading);
        let is_word = phrases.len() == 1 && phrases.first().is_some_and(|phrase| phrase.as_word().is_some());
        let written = begin.filter(|_| is_word).map(|begin| (begin, begin + text.len()));
        let text = |phrase| Query::Text(Text { property: property.map(str::to_owned), phrase, written });
        join(phrases.into_iter().map(text).collect(), Query::All)
    }

    fn rest(&self) -> &str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, bytes: usize) -> String {
        let taken = self.rest().get(..bytes).unwrap_or_default().to_owned();
        self.at += bytes;
        taken
    }

    fn skip_spaces(&mut self) {
        self.at = self.query.len() - self.rest().trim_start().len();
    }

    fn word_ahead(&self) -> &str {
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"');
        self.rest().split(ends).next().unwrap_or_default()
    }

    fn error(&self, at: usize, reason: &str) -> ParseError {
        let before = self.query.get(..at).unwrap_or_default();
        ParseError { at: before.chars().count() + 1, reason: reason.to_owned() }
    }
}

/// Whether `text` before a colon names a field.
fn is_field(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn join(mut parts: Vec<Query>, of: fn(Vec<Query>) -> Query) -> Option<Query> {
    if parts.len() > 1 { Some(of(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests;
