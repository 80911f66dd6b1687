//! The page on which people sign in.

use askama::Template;

use crate::frame::{Frame, Here};
use crate::text::Language;
use crate::{Html, render};

/// Why somebody is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInTrouble {
    /// The name or the password is not right; which of them is not said.
    Wrong,
    /// The certificate is of no account.
    Certificate,
    /// The form came from elsewhere, or its request cannot be read.
    Unreadable,
    /// Too many sign in at this moment.
    Busy,
}

impl SignInTrouble {
    fn key(self) -> &'static str {
        match self {
            Self::Wrong => "sign-in-wrong",
            Self::Certificate => "sign-in-no-account",
            Self::Unreadable => "sign-in-unreadable",
            Self::Busy => "sign-in-busy",
        }
    }
}

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct SignInPage<'p> {
    /// The language.
    pub language: Language,
    /// Whose node it is.
    pub organisation: &'p str,
    /// Where to go once signed in.
    pub next: &'p str,
    /// The name that was given before.
    pub name: &'p str,
    /// Whether the connection has proved a certificate.
    pub has_certificate: bool,
    /// Why somebody is asked again.
    pub trouble: Option<SignInTrouble>,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'p> {
    frame: Frame<'p>,
    page: &'p SignInPage<'p>,
}

/// The page on which people sign in.
#[must_use]
pub fn sign_in(page: &SignInPage<'_>) -> Html {
    let title = page.language.say("sign-in-title").into_owned();
    render(&SignIn { frame: Frame::new(page.language, title, None, Here::Elsewhere, &[]), page })
}
