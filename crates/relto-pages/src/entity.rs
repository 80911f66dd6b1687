//! What is known of one entity, in one place: when what was so, what it hangs together with, who says it, and where they differ. Or which of several is meant.

mod timeline;

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{BannerPart, ContradictionOf, EntityAnswer, EntityChoice};

use crate::frame::{Frame, Here, Visitor};
use crate::objects::kind_name;
use crate::paths::{entity_path, graph_path};
use crate::text::Language;
use crate::{Html, render};
use timeline::{NAMES, Timeline, WIDTH};

/// Where it is asked for.
pub const ENTITY_PATH: &str = "/entity/";

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub enum EntityShown<'p> {
    /// What is known, and the banner of it all.
    Known(&'p EntityAnswer, &'p [BannerPart]),
    /// The name may mean several.
    Several(&'p [EntityChoice], &'p [BannerPart]),
    /// Nothing was asked for yet.
    Nothing,
}

#[derive(Template)]
#[template(path = "entity.html")]
struct Page<'p> {
    frame: Frame<'p>,
    asked: &'p str,
    choices: Vec<Choice<'p>>,
    known: Option<Known<'p>>,
}

struct Choice<'p> {
    href: String,
    name: &'p str,
    kind: String,
    records: usize,
}

struct Known<'p> {
    answer: &'p EntityAnswer,
    kind: String,
    graph: Option<String>,
    timeline: Option<Timeline>,
    contradictions: Vec<(&'static str, &'p relto_node::Contradiction)>,
}

/// The page of what `asked` means.
#[must_use]
pub fn entity(language: Language, visitor: Visitor<'_>, kinds: &Kinds, asked: &str, shown: EntityShown<'_>) -> Html {
    let (title, banner, known, choices) = match shown {
        EntityShown::Known(answer, banner) => (answer.name.clone(), banner, Some(known(language, kinds, answer)), Vec::new()),
        EntityShown::Several(choices, banner) => {
            let all = choices.iter().map(|one| Choice {
                href: entity_path(&one.id),
                name: &one.name,
                kind: kind_name(language, kinds, &one.id),
                records: one.records,
            });
            (language.say_name("entity-several", asked).into_owned(), banner, None, all.collect())
        }
        EntityShown::Nothing => (language.say("entity-title").into_owned(), Default::default(), None, Vec::new()),
    };
    render(&Page { frame: Frame::new(language, title, Some(visitor), Here::Objects, banner), asked, choices, known })
}

fn known<'p>(language: Language, kinds: &Kinds, answer: &'p EntityAnswer) -> Known<'p> {
    let key = |of: ContradictionOf| match of {
        ContradictionOf::Relation => "entity-differ-relation",
        ContradictionOf::Date => "entity-differ-date",
        ContradictionOf::Figure => "entity-differ-figure",
        ContradictionOf::Property => "entity-differ-property",
        ContradictionOf::Opinion => "entity-differ-opinion",
    };
    Known {
        answer,
        kind: kind_name(language, kinds, &answer.kind),
        graph: answer.records.shown.first().map(|record| graph_path(&record.id)),
        timeline: Timeline::of(&answer.timeline.shown),
        contradictions: answer.contradictions.shown.iter().map(|one| (key(one.of), one)).collect(),
    }
}
