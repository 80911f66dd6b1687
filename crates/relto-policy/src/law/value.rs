//! The forms that the value of a legal tag may have, and what a value says in that form.
//!
//! A form is a row of words: a word as it stands, `3A090*` and `*.Z` for what begins or ends so, `?` for any word, `[STA]` for a mark that may
//! be there, and at the end `...` for one or more words or `[UNDER ...]` for a tail that may be there. A value in none of the forms of a law
//! is not known, and what is not known is denied.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A form.
// INVARIANT: a tail stands at the end only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Form {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Begins(String),
    Ends(String),
    Any,
    Mark(String),
    Rest,
    Tail(String),
}

/// What a value says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Its first word: the category, the list number.
    pub subject: String,
    /// The marks that are there.
    pub marks: BTreeSet<String>,
    /// The words of the tail; the number of a licence, a basis, a list.
    pub tail: Option<String>,
}

/// A form that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a form: words, `?`, `X*`, `*X`, `[MARK]`, and at the end `...` or `[KEY ...]`")]
pub struct FormError(String);

/// `value` as it is compared and stored: upper case, one space between words.
#[must_use]
pub fn normal(value: &str) -> String {
    value.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Form {
    /// What `value` says if it has this form.
    #[must_use]
    pub fn read(&self, value: &str) -> Option<Reading> {
        let value = normal(value);
        let mut words = value.split(' ').filter(|word| !word.is_empty()).peekable();
        let mut reading = Reading { subject: (*words.peek()?).to_owned(), ..Reading::default() };
        for token in &self.tokens {
            match token {
                Token::Mark(mark) => {
                    if words.next_if(|word| word == mark).is_some() {
                        reading.marks.insert(mark.clone());
                    }
                }
                Token::Tail(key) => {
                    if words.next_if(|word| word == key).is_some() {
                        reading.tail = Some(rest(&mut words)?);
                    }
                }
                Token::Rest => reading.tail = Some(rest(&mut words)?),
                token => {
                    words.next_if(|word| token.is(word))?;
                }
            }
        }
        words.next().is_none().then_some(reading)
    }

    /// Whether the first word of `value` is the one that this form begins with, whatever follows.
    #[must_use]
    pub fn begins(&self, value: &str) -> bool {
        let value = normal(value);
        self.tokens.first().zip(value.split(' ').next()).is_some_and(|(token, word)| token.is(word))
    }
}

fn rest<'w>(words: &mut impl Iterator<Item = &'w str>) -> Option<String> {
    let rest = words.collect::<Vec<_>>().join(" ");
    (!rest.is_empty()).then_some(rest)
}

impl Token {
    /// Whether one word is what the token asks for.
    fn is(&self, word: &str) -> bool {
        match self {
            Self::Word(own) => own == word,
            Self::Begins(start) => word.starts_with(start.as_str()),
            Self::Ends(end) => word.ends_with(end.as_str()),
            Self::Any => true,
            Self::Mark(_) | Self::Rest | Self::Tail(_) => false,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let plain = |word: &str| !word.is_empty() && !word.contains(['[', ']', '*', '?', ' ', ';']) && word != "...";
        if let Some(inside) = inside {
            let key = inside.strip_suffix(" ...");
            return plain(key.unwrap_or(inside)).then(|| key.map_or(Self::Mark(inside.to_owned()), |key| Self::Tail(key.to_owned())));
        }
        match text {
            "?" => Some(Self::Any),
            "..." => Some(Self::Rest),
            word => match (word.strip_suffix('*'), word.strip_prefix('*')) {
                (Some(start), None) => plain(start).then(|| Self::Begins(start.to_owned())),
                (None, Some(end)) => plain(end).then(|| Self::Ends(end.to_owned())),
                (None, None) => plain(word).then(|| Self::Word(word.to_owned())),
                (Some(_), Some(_)) => None,
            },
        }
    }
}

/// Words, with what stands in brackets kept together.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match pieces.last_mut().filter(|last| last.starts_with('[') && !last.ends_with(']')) {
            Some(open) => open.extend([" ", word]),
            None => pieces.push(word.to_owned()),
        }
    }
    pieces
}

impl TryFrom<String> for Form {
    type Error = FormError;
    fn try_from(text: String) -> Result<Self, FormError> {
        let text = normal(&text);
        let tokens: Option<Vec<Token>> = pieces(&text).iter().map(|piece| Token::parse(piece)).collect();
        let tokens = tokens.filter(|tokens| {
            let before_last = tokens.split_last().map_or(&[] as &[_], |(_, before)| before);
            !tokens.is_empty() && before_last.iter().all(|token| !matches!(token, Token::Rest | Token::Tail(_)))
        });
        tokens.map(|tokens| Self { text: text.clone(), tokens }).ok_or(FormError(text))
    }
}

impl From<Form> for String {
    fn from(form: Form) -> Self {
        form.text
    }
}

impl fmt::Display for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, value: &str) -> Option<String> {
        let reading = Form::try_from(form.to_owned()).unwrap().read(value)?;
        let marks = reading.marks.into_iter().collect::<Vec<_>>().join("+");
        Some(format!("{}/{marks}/{}", reading.subject, reading.tail.unwrap_or_default()))
    }

    /// Form, value, what is read; `None` when the value is of another form.
    #[test]
    fn forms_and_values() {
        for (form, value, expected) in [
            ("PERSONAL [BASIS ...]", "personal", Some("PERSONAL//")),
            ("PERSONAL [BASIS ...]", "personal  basis 6(1)(f)", Some("PERSONAL//6(1)(F)")),
            ("PERSONAL [BASIS ...]", "PERSONAL BASIS", None),
            ("PERSONAL [BASIS ...]", "PERSONAL DATA", None),
            ("? [126.7] [UNDER ...]", "VIII(h)(12) 126.7 under TA 1", Some("VIII(H)(12)/126.7/TA 1")),
            ("? [126.7] [UNDER ...]", "VIII UNDER 126.7", Some("VIII//126.7")),
            ("? [126.7] [UNDER ...]", "VIII UNDER", None),
            ("3A090*", "3A090.a", Some("3A090.A//")),
            ("3A090*", "3A091", None),
            ("*.z", "5A002.Z", Some("5A002.Z//")),
            ("...", "crisis response, cyber defence", Some("CRISIS//CRISIS RESPONSE, CYBER DEFENCE")),
            ("UNDER ...", "UNDER X", Some("UNDER//X")),
            ("UNDER ...", "", None),
            ("?", "", None),
        ] {
            assert_eq!(read(form, value).as_deref(), expected, "{value} as {form}");
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for text in ["", "... X", "[UNDER ...] X", "[]", "[A B]", "*", "X*Y", "a;b", "[A"] {
            assert!(Form::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
