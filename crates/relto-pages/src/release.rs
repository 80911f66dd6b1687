//! What was published, and how far it has come.

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{DeskRelease, FetchState, PartnerStanding, ReleasedObject};

use crate::desk::{href, stage};
use crate::frame::{Frame, Here, Visitor};
use crate::mark::Mark;
use crate::objects::{kind_name, moment};
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// Objects that are listed.
const OBJECTS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "release.html")]
struct Page<'p> {
    frame: Frame<'p>,
    lead: String,
    href: String,
    is_waiting: bool,
    partners: Vec<Partner<'p>>,
    objects_title: String,
    objects: Vec<Object<'p>>,
    more: Option<String>,
}

struct Partner<'p> {
    name: &'p str,
    mark: Mark,
    fetched: usize,
    released: usize,
    first: Option<String>,
}

struct Object<'p> {
    id: &'p str,
    kind: String,
    title: Option<&'p str>,
    banner: Banner,
}

/// The page of a release.
#[must_use]
pub fn release(say: Language, visitor: Visitor<'_>, kinds: &Kinds, release: &DeskRelease) -> Html {
    let entry = &release.entry;
    let of_partner = |partner: &'_ PartnerStanding| partner.first.map(|first| moment(&first.to_string()));
    let partners = release.partners.iter().map(|partner| Partner {
        name: &partner.name,
        mark: Mark::of_state(say, partner.state),
        fetched: partner.fetched,
        released: partner.released,
        first: of_partner(partner),
    });
    let of_object = |object: &'_ ReleasedObject| kind_name(say, kinds, object.id.as_str());
    let objects = release.objects.iter().take(OBJECTS_MAX).map(|object| Object {
        id: object.id.as_str(),
        kind: of_object(object),
        title: object.title.as_deref(),
        banner: Banner::new(&object.banner),
    });
    let more = release.objects.len().saturating_sub(OBJECTS_MAX);
    render(&Page {
        frame: Frame::new(say, entry.name.clone(), Some(visitor), Here::Release, &release.banner),
        lead: format!("{} {}", say.say_name("desk-in", &entry.collection), stage(say, &entry.stage)),
        href: href(entry),
        is_waiting: release.partners.iter().any(|partner| matches!(partner.state, FetchState::Waiting | FetchState::Partly)),
        partners: partners.collect(),
        objects_title: say.say_count("release-objects", release.objects.len()).into_owned(),
        objects: objects.collect(),
        more: (more > 0).then(|| say.say_count("release-more", more).into_owned()),
    })
}
