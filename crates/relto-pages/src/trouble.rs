//! What a page says when there is nothing else to show. One page stands for what is not there and for what is hidden.

use askama::Template;

use crate::frame::{Frame, Here, Visitor};
use crate::text::Language;
use crate::{Html, render};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is nothing, or nothing for this reader.
    NotFound,
    /// The form is from elsewhere, or from a session that is over.
    Forged,
    /// The request cannot be read.
    Unreadable,
    /// It is larger than the page takes.
    TooLarge,
    /// The page does not do that.
    Method,
    /// The node cannot answer now.
    Unavailable,
}

impl Trouble {
    fn key(self) -> &'static str {
        match self {
            Self::NotFound => "trouble-not-found",
            Self::Forged => "trouble-forged",
            Self::Unreadable => "trouble-unreadable",
            Self::TooLarge => "trouble-too-large",
            Self::Method => "trouble-method",
            Self::Unavailable => "trouble-unavailable",
        }
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'p> {
    frame: Frame<'p>,
    text: String,
}

/// The page that says so.
#[must_use]
pub fn trouble(language: Language, visitor: Option<Visitor<'_>>, trouble: Trouble) -> Html {
    let title = language.say(trouble.key()).into_owned();
    let text = language.say(&format!("{}-text", trouble.key())).into_owned();
    render(&Page { frame: Frame::new(language, title, visitor, Here::Elsewhere, &[]), text })
}
