//! The page on which a label is made: what the policies offer, what comes of a choice, and who would get what carries it.

use relto_node::{BuiltLabel, LabelDesk, LabelRequest, Offer, TagOffer};

use askama::Template;

use crate::frame::{Frame, Here, Visitor};
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct LabelPage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// What was asked.
    pub request: &'p LabelRequest,
    /// What the desk shows.
    pub desk: &'p LabelDesk,
}

#[derive(Template)]
#[template(path = "label.html")]
struct Page<'p> {
    frame: Frame<'p>,
    object: Option<Object<'p>>,
    policies: Vec<(&'p str, bool)>,
    levels: Vec<Choice<'p>>,
    tags: Vec<Tag<'p>>,
    text: &'p str,
    review: String,
    outcome: Option<Result<Built<'p>, &'p str>>,
}

struct Object<'p> {
    id: &'p str,
    labels: &'p [String],
}

/// One input of the form.
struct Choice<'p> {
    name: &'p str,
    value: String,
    is_chosen: bool,
    refused: Option<&'p str>,
}

struct Tag<'p> {
    name: &'p str,
    is_audience: bool,
    first: Vec<Choice<'p>>,
    others: Vec<Choice<'p>>,
}

struct Built<'p> {
    label: &'p BuiltLabel,
    banner: Banner,
}

fn choice(offer: &Offer, value: String) -> Choice<'_> {
    Choice { name: &offer.name, value, is_chosen: offer.is_chosen, refused: offer.refused.as_deref() }
}

fn tag(offered: &TagOffer) -> Tag<'_> {
    let value = |offer| choice(offer, format!("{}={}", offered.name, offer.name));
    let (first, others) = offered.values.split_at(offered.here.min(offered.values.len()));
    Tag {
        name: &offered.name,
        is_audience: offered.is_audience,
        first: first.iter().map(value).collect(),
        others: others.iter().map(value).collect(),
    }
}

/// The page on which a label is made.
#[must_use]
pub fn label(page: &LabelPage<'_>) -> Html {
    let (desk, chosen) = (page.desk, &page.request.choices.policy);
    let title = page.language.say("label-title").into_owned();
    let frame = Frame::new(page.language, title, Some(page.visitor), Here::Label, &desk.banner);
    let built = |built| Built { label: built, banner: Banner::new(&built.banner) };
    let outcome = desk.outcome.as_ref().map(|outcome| outcome.as_ref().map(built).map_err(String::as_str));
    render(&Page {
        frame,
        object: desk.object.as_ref().map(|(id, labels)| Object { id: id.as_str(), labels }),
        policies: desk.policies.iter().map(|name| (name.as_str(), name.eq_ignore_ascii_case(chosen))).collect(),
        levels: desk.levels.iter().map(|offer| choice(offer, offer.name.clone())).collect(),
        tags: desk.tags.iter().map(tag).collect(),
        text: &page.request.text,
        // A field for a day takes and gives ISO 8601.
        review: page.request.review.map(|review| review.to_string().chars().take(10).collect()).unwrap_or_default(),
        outcome,
    })
}
