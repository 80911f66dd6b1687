//! The page about oneself: the attributes that the gate uses, and the token.

use askama::Template;
use relto_node::OwnAccount;

use crate::frame::{Frame, Here, Visitor};
use crate::text::Language;
use crate::{Html, render};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct MePage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// The account.
    pub account: &'p OwnAccount,
    /// A token that was just made: it is shown this once.
    pub token: Option<&'p str>,
}

#[derive(Template)]
#[template(path = "me.html")]
struct Me<'p> {
    frame: Frame<'p>,
    account: &'p OwnAccount,
    token: Option<&'p str>,
    csrf: &'p str,
    lists: Vec<(&'static str, &'p [String])>,
}

/// The page about oneself.
#[must_use]
pub fn me(page: &MePage<'_>) -> Html {
    let title = page.language.say("me-title").into_owned();
    let account = page.account;
    let lists = vec![
        ("me-nations", account.nations.as_slice()),
        ("me-nations-groups", &account.nations_groups),
        ("me-groups", &account.groups),
        ("me-clearances", &account.clearances),
        ("me-accesses", &account.accesses),
    ];
    let frame = Frame::new(page.language, title, Some(page.visitor), Here::Me, &[]);
    render(&Me { frame, account, token: page.token, csrf: page.visitor.csrf, lists })
}
