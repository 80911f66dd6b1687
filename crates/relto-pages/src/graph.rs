//! A selection of objects and what hangs together with it: a picture made here, the same as a table, and ways to see more, less, larger and smaller.

mod drawing;
mod layout;
pub(crate) mod shape;

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::Graph;

use crate::frame::{Frame, Here, Visitor};
use crate::objects::kind_name;
use crate::paths::encoded;
use crate::text::Language;
use crate::{Html, render};
use drawing::{Arc, Drawn, NODES_WITH_WAYS_MAX, draw};
use shape::Family;

/// How often a picture can be made larger or smaller, by a quarter each time.
const ZOOM_MAX: i32 = 6;

/// What the page is asked for and shows.
#[derive(Debug, Clone, Copy)]
pub struct GraphPage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// The kinds of objects that the node knows.
    pub kinds: &'p Kinds,
    /// The ids of the selection.
    pub of: &'p [String],
    /// The ids of what else shows its surroundings.
    pub more: &'p [String],
    /// The types that are left out.
    pub hidden: &'p [String],
    /// How large it is shown.
    pub size: GraphSize,
    /// What is shown.
    pub graph: &'p Graph,
}

/// How large a picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphSize {
    /// As it can be read: as wide as the page where that does not make it too small.
    Legible,
    /// All of it.
    Whole,
    /// So many steps larger than it was drawn.
    Steps(i32),
}

/// A picture of up to this width can be read when it is as wide as the page.
const LEGIBLE_WIDTH_MAX: i32 = 1_300;

#[derive(Template)]
#[template(path = "graph.html")]
struct Page<'p> {
    frame: Frame<'p>,
    of: &'p [String],
    more: &'p [String],
    kinds: Vec<Kind>,
    nodes: Vec<Drawn>,
    arcs: Vec<Arc>,
    rows: Vec<Row<'p>>,
    width: i32,
    height: i32,
    /// How large the picture is shown, where it is not as wide as the page.
    shown: Option<(i32, i32)>,
    is_whole: bool,
    larger: Option<String>,
    smaller: Option<String>,
    whole: String,
    is_cut: bool,
    is_legible: bool,
}

/// A kind, to be left out.
struct Kind {
    kind: String,
    name: String,
    count: usize,
    is_hidden: bool,
    class: &'static str,
    path: &'static str,
}

/// A node in the table.
struct Row<'p> {
    id: &'p str,
    name: String,
    kind: String,
    expand: Option<String>,
    links: Vec<LinkRow<'p>>,
}

/// A link in the table, at the node that it leads from.
struct LinkRow<'p> {
    what: String,
    name: String,
    relationship: Option<&'p str>,
}

/// The page of a graph.
#[must_use]
pub fn graph(page: &GraphPage<'_>) -> Html {
    let (say, graph) = (page.language, page.graph);
    let drawing = draw(page, &|id| page.expand(id));
    let steps = match page.size {
        GraphSize::Steps(steps) => Some(steps.clamp(-ZOOM_MAX, ZOOM_MAX)),
        GraphSize::Legible if drawing.width > LEGIBLE_WIDTH_MAX => Some(0),
        GraphSize::Legible | GraphSize::Whole => None,
    };
    let to = |steps: i32| (steps.abs() <= ZOOM_MAX).then(|| page.at(GraphSize::Steps(steps)));
    let name = graph.nodes.first().map(|node| name_of(page, node)).unwrap_or_default();
    let title = say.say_name("graph-title", &name).into_owned();
    let kinds = graph.kinds.iter().map(|(kind, count)| {
        let (family, is_hidden) = (Family::of(kind), page.hidden.contains(kind));
        let name = kind_name(say, page.kinds, kind);
        Kind { kind: kind.clone(), name, count: *count, is_hidden, class: family.class(), path: family.path() }
    });
    render(&Page {
        frame: Frame::new(say, title, Some(page.visitor), Here::Objects, &graph.banner),
        of: page.of,
        more: page.more,
        kinds: kinds.collect(),
        rows: rows(page, &drawing.order),
        shown: steps.map(|steps| (scaled(drawing.width, steps), scaled(drawing.height, steps))),
        is_whole: page.size == GraphSize::Whole,
        width: drawing.width,
        height: drawing.height,
        larger: to(steps.unwrap_or(0) + 1),
        smaller: to(steps.unwrap_or(0) - 1),
        whole: page.at(GraphSize::Whole),
        is_cut: graph.is_cut,
        is_legible: graph.nodes.len() <= NODES_WITH_WAYS_MAX,
        nodes: drawing.nodes,
        arcs: drawing.arcs,
    })
}

impl GraphPage<'_> {
    fn address(&self, more: &[&str], size: GraphSize) -> String {
        let zoom = match size {
            GraphSize::Legible => None,
            GraphSize::Whole => Some("whole".to_owned()),
            GraphSize::Steps(steps) => Some(steps.clamp(-ZOOM_MAX, ZOOM_MAX).to_string()),
        };
        let of = self.of.iter().map(|id| ("of", id.as_str()));
        let own = self.more.iter().map(String::as_str).chain(more.iter().copied()).map(|id| ("more", id));
        let hidden = self.hidden.iter().map(|kind| ("hide", kind.as_str()));
        let all: Vec<(&str, &str)> = of.chain(own).chain(hidden).chain(zoom.as_deref().map(|zoom| ("zoom", zoom))).collect();
        format!("/graph/?{}", encoded(&all))
    }

    /// The same graph, larger or smaller.
    fn at(&self, size: GraphSize) -> String {
        self.address(&[], size)
    }

    /// The same graph with what surrounds `id`.
    fn expand(&self, id: &str) -> String {
        self.address(&[id], self.size)
    }
}

/// `length` by so many steps larger.
fn scaled(length: i32, zoom: i32) -> i32 {
    let step = |length: i32| if zoom > 0 { length * 5 / 4 } else { length * 4 / 5 };
    (0..zoom.abs()).fold(length, |length, _| step(length))
}

/// What a node is called: what has no name by its kind and the begin of its id.
fn name_of(page: &GraphPage<'_>, node: &relto_node::GraphNode) -> String {
    let own = node.title.clone().filter(|title| !title.trim().is_empty());
    own.unwrap_or_else(|| {
        let number: String = node.id.split("--").nth(1).unwrap_or_default().chars().take(8).collect();
        format!("{} {number}", kind_name(page.language, page.kinds, &node.id))
    })
}

/// What the property or type says, in words.
fn words_of(what: &str) -> String {
    what.trim_end_matches("_refs").trim_end_matches("_ref").replace('_', " ")
}

/// The same as a table, in the order of the picture.
fn rows<'p>(page: &GraphPage<'p>, order: &[usize]) -> Vec<Row<'p>> {
    let nodes = &page.graph.nodes;
    let mut links: Vec<Vec<LinkRow<'p>>> = nodes.iter().map(|_| Vec::new()).collect();
    for link in &page.graph.links {
        if let (Some(of), Some(to)) = (links.get_mut(link.from), nodes.get(link.to)) {
            let relationship = link.relationship.as_deref();
            of.push(LinkRow { what: words_of(&link.what), name: name_of(page, to), relationship });
        }
    }
    let mut links: Vec<Option<Vec<LinkRow<'p>>>> = links.into_iter().map(Some).collect();
    let row = |number: &usize| {
        let node = nodes.get(*number)?;
        let expand = (!node.is_expanded && nodes.len() <= NODES_WITH_WAYS_MAX).then(|| page.expand(&node.id));
        let links = links.get_mut(*number).and_then(Option::take).unwrap_or_default();
        Some(Row { id: &node.id, name: name_of(page, node), kind: kind_name(page.language, page.kinds, &node.id), expand, links })
    };
    order.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests;
