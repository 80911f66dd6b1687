//! One object: what it says, under which label, in which versions, and what hangs together with it.

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{Viewed, ViewedObject};

use crate::frame::{Frame, Here, Visitor};
use crate::objects::{kind_name, moment};
use crate::seal::Banner;
use crate::text::Language;
use crate::value::{Member, Showing, Value};
use crate::{Html, render};

/// What the page says of itself and not in the list of properties.
const ELSEWHERE: [&str; 6] = ["type", "id", "spec_version", "name", "description", "extensions"];

#[derive(Template)]
#[template(path = "object.html")]
struct Page<'p> {
    frame: Frame<'p>,
    id: &'p str,
    kind: String,
    title: String,
    shown: Vec<Shown<'p>>,
    relations: Vec<Relation>,
    mentions: Vec<Mention>,
    is_cut: bool,
}

/// What is shown of the object in one collection.
struct Shown<'p> {
    collection: &'p str,
    banner: Banner,
    description: Option<Value>,
    members: Vec<Member>,
    gaps: usize,
    versions: Vec<Version<'p>>,
    raw: String,
}

struct Version<'p> {
    version: &'p str,
    since: String,
}

/// A relationship with the object at its other end.
struct Relation {
    id: String,
    kind: String,
    is_forward: bool,
    other: Value,
}

/// Something else that refers to the object.
struct Mention {
    kind: String,
    link: Value,
}

/// The page of the object `id`.
#[must_use]
pub fn object(language: Language, visitor: Visitor<'_>, kinds: &Kinds, id: &str, viewed: &Viewed) -> Html {
    let kind = kind_name(language, kinds, id);
    let title = viewed.objects.iter().find_map(|object| object.title.clone());
    let frame_title = title.clone().unwrap_or_else(|| id.to_owned());
    let (related, mentioned): (Vec<_>, Vec<_>) = viewed.referring.iter().partition(|referring| referring.relationship.is_some());
    let showing = Showing { say: language, names: &viewed.names, gaps: &[] };
    let relations = related.iter().filter_map(|referring| {
        let (kind, other, is_forward) = referring.relationship.as_ref()?;
        Some(Relation { id: referring.id.clone(), kind: kind.clone(), is_forward: *is_forward, other: showing.reference(other) })
    });
    let mentions = mentioned.iter().map(|referring| Mention {
        kind: kind_name(language, kinds, &referring.id),
        link: Value::Object(referring.id.clone(), referring.title.clone().unwrap_or_else(|| referring.id.clone())),
    });
    render(&Page {
        frame: Frame::new(language, frame_title.clone(), Some(visitor), Here::Objects, &viewed.banner),
        id,
        kind,
        title: frame_title,
        shown: viewed.objects.iter().map(|object| shown(language, kinds, id, viewed, object)).collect(),
        relations: relations.collect(),
        mentions: mentions.collect(),
        is_cut: viewed.is_cut,
    })
}

fn shown<'p>(language: Language, kinds: &Kinds, id: &str, viewed: &'p Viewed, object: &'p ViewedObject) -> Shown<'p> {
    let showing = Showing { say: language, names: &viewed.names, gaps: &object.shown.gaps };
    let kind = id.split("--").next().unwrap_or_default();
    let columns = kinds.get(kind).map(|kind| kind.display.columns.clone()).unwrap_or_default();
    let versions = object.versions.iter().map(|(version, since)| Version { version, since: moment(&since.to_string()) });
    let described = showing.members(&object.shown.object, &["description".to_owned()], &[]).into_iter().next();
    Shown {
        collection: &object.shown.collection,
        banner: Banner::new(&object.banner),
        description: described.filter(|member| member.name == "description").map(|member| member.value),
        members: showing.members(&object.shown.object, &columns, &ELSEWHERE),
        gaps: object.shown.gaps.len(),
        versions: versions.collect(),
        raw: serde_json::to_string_pretty(&object.shown.object).unwrap_or_default(),
    }
}
