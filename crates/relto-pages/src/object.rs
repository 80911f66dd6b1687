//! One object: what it says, under which label, in which versions, what hangs together with it, and who gets it, where the reader may know that.

mod hanging;
mod history;

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{Viewed, ViewedObject};

use crate::frame::{Frame, Here, Visitor};
use crate::objects::kind_name;
use crate::paths::{entity_path, graph_path, why_path};
use crate::recipients::{RecipientsTable, tables};
use crate::seal::Banner;
use crate::text::Language;
use crate::value::{Member, Showing, Value};
use crate::{Html, render};
use hanging::Hanging;
use history::{Changes, History};

/// What the page says of itself and not in the list of properties.
const ELSEWHERE: [&str; 6] = ["type", "id", "spec_version", "name", "description", "extensions"];

#[derive(Template)]
#[template(path = "object.html")]
struct Page<'p> {
    frame: Frame<'p>,
    id: &'p str,
    kind: String,
    title: String,
    graph: String,
    entity: String,
    why: String,
    changes: Option<Changes>,
    shown: Vec<Shown<'p>>,
    hanging: Hanging,
    recipients: Vec<RecipientsTable>,
}

/// What is shown of the object in one collection.
struct Shown<'p> {
    collection: &'p str,
    banner: Banner,
    description: Option<Value>,
    members: Vec<Member>,
    gaps: usize,
    /// Whether another version than the latest is shown.
    is_older: bool,
    history: History,
    raw: String,
    /// Where the bytes are, if the reader may have all of them.
    bytes: Option<String>,
}

/// The page of the object `id`.
#[must_use]
pub fn object(language: Language, visitor: Visitor<'_>, kinds: &Kinds, id: &str, viewed: &Viewed) -> Html {
    let title = viewed.objects.iter().find_map(|object| object.title.clone());
    let frame_title = title.clone().unwrap_or_else(|| id.to_owned());
    let showing = Showing { say: language, names: &viewed.names, gaps: &[] };
    render(&Page {
        frame: Frame::new(language, frame_title.clone(), Some(visitor), Here::Objects, &viewed.banner),
        id,
        kind: kind_name(language, kinds, id),
        title: frame_title,
        graph: graph_path(id),
        entity: entity_path(id),
        why: why_path(id, None),
        changes: viewed.compared.as_ref().and_then(|compared| Changes::of(&showing, compared)),
        shown: viewed.objects.iter().map(|object| shown(language, kinds, id, viewed, object)).collect(),
        hanging: Hanging::of(&showing, kinds, viewed),
        recipients: tables(language, id, viewed.recipients.as_deref().unwrap_or_default()),
    })
}

fn shown<'p>(language: Language, kinds: &Kinds, id: &str, viewed: &'p Viewed, object: &'p ViewedObject) -> Shown<'p> {
    let showing = Showing { say: language, names: &viewed.names, gaps: &object.shown.gaps };
    let kind = id.split("--").next().unwrap_or_default();
    let columns = kinds.get(kind).map(|kind| kind.display.columns.clone()).unwrap_or_default();
    let described = showing.members(&object.shown.object, &["description".to_owned()], &[]).into_iter().next();
    let history = History::of(id, object, viewed.compared.as_ref());
    Shown {
        collection: &object.shown.collection,
        banner: Banner::new(&object.banner),
        description: described.filter(|member| member.name == "description").map(|member| member.value),
        members: showing.members(&object.shown.object, &columns, &ELSEWHERE),
        gaps: object.shown.gaps.len(),
        is_older: history.is_older(),
        bytes: history.bytes(),
        history,
        raw: serde_json::to_string_pretty(&object.shown.object).unwrap_or_default(),
    }
}
