//! What stands around every page: its title, who is signed in, the way elsewhere, and the banner of all that is on it.

use relto_node::BannerPart;

use crate::assets::{self, Asset};
use crate::seal::Banner;
use crate::text::Language;

/// Who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Visitor<'v> {
    /// The account's name.
    pub name: &'v str,
    /// What every form sends back, so that no other site can send it.
    pub csrf: &'v str,
    /// Whether the account writes, and so has a release desk.
    pub writes: bool,
    /// Whether it answers for labels, and so makes them.
    pub is_officer: bool,
}

/// Which part of the workbench a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    Objects,
    Release,
    Label,
    Me,
    Elsewhere,
}

impl Here {
    pub(crate) fn is(self, other: &str) -> bool {
        matches!((self, other), (Self::Objects, "objects") | (Self::Release, "release") | (Self::Label, "label") | (Self::Me, "me"))
    }
}

/// The frame of one page.
#[derive(Debug)]
pub(crate) struct Frame<'f> {
    pub say: Language,
    pub title: String,
    pub visitor: Option<Visitor<'f>>,
    pub here: Here,
    pub banner: Banner,
    /// What was searched for, to be changed.
    pub query: &'f str,
    pub style: &'static Asset,
    pub script: &'static Asset,
    pub icon: &'static Asset,
}

impl<'f> Frame<'f> {
    pub(crate) fn new(say: Language, title: String, visitor: Option<Visitor<'f>>, here: Here, banner: &[BannerPart]) -> Self {
        let [style, script, icon] = assets::all();
        Self { say, title, visitor, here, banner: Banner::new(banner), query: "", style, script, icon }
    }
}
