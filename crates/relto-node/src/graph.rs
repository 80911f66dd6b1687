//! What hangs together around a selection of objects, as one account may see it: objects, and what leads from one to another.
//!
//! Relationships are links; every other object is a node, and each of its references a link. The index proposes what refers to something, and each object
//! is read through the gate; what its reader may not see is no node, end of no link, and in no count. Where things are drawn is not decided here.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use relto_gate::{LabelId, Principal};
use relto_model::{Label, ObjectId};
use relto_policy::BannerPart;
use relto_store::VersionFilter;
use serde_json::Value as Json;

use crate::entity::{any_of, references};
use crate::node::Node;
use crate::searching::{Lens, SearchError, title_of};
use crate::session::Session;
use crate::showing::ShowError;
use crate::viewing::ViewError;

/// Objects that a graph is about at most.
pub const GRAPH_CHOSEN_MAX: usize = 20;
/// Objects of it whose own surroundings are shown at most.
pub const GRAPH_EXPANDED_MAX: usize = 50;
/// Nodes of a graph at most.
pub const GRAPH_NODES_MAX: usize = 2_000;
/// Links of a graph at most.
const LINKS_MAX: usize = 6_000;
/// In graphs of up to so many nodes, relationships between any two of them are looked for.
const BETWEEN_NODES_MAX: usize = 200;
/// By how they begin, objects are called that have no name.
const BEGINS: [&str; 4] = ["abstract", "content", "opinion", "explanation"];
/// Ids that one query of the store names.
const IDS_AT_ONCE: usize = 500;

/// What a graph is wanted of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GraphRequest {
    /// The selection.
    pub of: Vec<ObjectId>,
    /// Objects beside it whose surroundings are shown as well.
    pub more: Vec<ObjectId>,
    /// Types that are left out; the selection itself stays.
    pub hidden: BTreeSet<String>,
}

/// A selection and what it hangs together with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The objects: the selection first, then by type and name.
    pub nodes: Vec<GraphNode>,
    /// What leads from one to another.
    pub links: Vec<GraphLink>,
    /// How many objects of each type there are around the selection, those left out among them.
    pub kinds: BTreeMap<String, usize>,
    /// Whether there is more than is shown.
    pub is_cut: bool,
    /// The banner of it all.
    pub banner: Vec<BannerPart>,
}

/// An object of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// Its id.
    pub id: String,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// Whether it is of the selection.
    pub is_chosen: bool,
    /// Whether its own surroundings are shown.
    pub is_expanded: bool,
}

/// What leads from one node to another: a relationship, or a reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GraphLink {
    /// The number of the node that it leads from.
    pub from: usize,
    /// The number of the node that it leads to.
    pub to: usize,
    /// The type of the relationship, or the property that refers.
    pub what: String,
    /// The id of the relationship, if it is one.
    pub relationship: Option<String>,
}

impl Node {
    /// What `request` is about, with what the account of `session` may see around it, and whom the answer is for.
    ///
    /// # Errors
    /// [`ViewError`]; when of the selection nothing is there for the account, that is one with what is hidden.
    pub fn graph(&self, session: &Session, request: &GraphRequest) -> Result<(Graph, Principal), ViewError> {
        let (graph, principal) =
            self.through_lens_of(&|| self.reading(session), &|_, _| {}, &|lens| Gathering::new(lens).graph(request))?;
        let first = request.of.first().cloned();
        match (graph, first) {
            (Some(graph), _) => Ok((graph, principal)),
            (None, Some(id)) => Err(ShowError::Absent(id).into()),
            (None, None) => Ok((Graph::default(), principal)),
        }
    }
}

/// What is read on the way.
struct Gathering<'g> {
    lens: &'g Lens<'g>,
    /// What may be seen of the objects, by id; `None` where that is nothing.
    known: BTreeMap<String, Option<Json>>,
    /// The objects of the graph that are nodes.
    nodes: BTreeSet<String>,
    /// Relationships by id: from, to, type.
    relationships: BTreeMap<String, (String, String, String)>,
    label: Option<Label>,
    is_cut: bool,
}

impl<'g> Gathering<'g> {
    fn new(lens: &'g Lens<'g>) -> Self {
        let (known, nodes, relationships) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        Self { lens, known, nodes, relationships, label: None, is_cut: false }
    }

    /// `None` when nothing of the selection may be seen.
    fn graph(mut self, request: &GraphRequest) -> Result<Option<Graph>, SearchError> {
        let chosen: BTreeSet<String> = request.of.iter().take(GRAPH_CHOSEN_MAX).map(ObjectId::to_string).collect();
        let more: BTreeSet<String> = request.more.iter().take(GRAPH_EXPANDED_MAX).map(ObjectId::to_string).collect();
        let centres: BTreeSet<String> = chosen.union(&more).cloned().collect();
        self.read(&centres)?;
        let is_there = |id: &&String| self.known.get(*id).is_some_and(Option::is_some);
        let (chosen, centres): (BTreeSet<String>, BTreeSet<String>) =
            (chosen.iter().filter(is_there).cloned().collect(), centres.iter().filter(is_there).cloned().collect());
        if chosen.is_empty() {
            return Ok(None);
        }
        self.nodes.extend(centres.iter().cloned());
        for id in &centres {
            self.surroundings(id)?;
        }
        self.read(&self.nodes.clone())?;
        let known = &self.known;
        self.nodes.retain(|id| known.get(id).is_some_and(Option::is_some));
        if self.nodes.len() <= BETWEEN_NODES_MAX {
            for query in any_of(&self.nodes, "ref") {
                self.take(&format!("({query}) kind:relationship"), false)?;
            }
        }
        Ok(Some(self.drawn(request, &chosen, &centres)))
    }

    /// What refers to `id` and what it refers to.
    fn surroundings(&mut self, id: &str) -> Result<(), SearchError> {
        let own: Vec<String> = self
            .known
            .get(id)
            .and_then(Option::as_ref)
            .map_or_else(Vec::new, |object| references(object).into_iter().map(|(_, other)| other.to_owned()).collect());
        for other in own {
            self.add(other);
        }
        self.take(&format!("ref:{id}"), true)
    }

    /// Takes in what fits `query`: of relationships the ends, where `widens`, of anything else itself.
    fn take(&mut self, query: &str, widens: bool) -> Result<(), SearchError> {
        let found = self.lens.seen(query, GRAPH_NODES_MAX, &mut HashSet::new())?;
        self.is_cut |= found.len() == GRAPH_NODES_MAX;
        for seen in found {
            let text = |name: &str| seen.object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (id, kind) = (text("id"), text("type"));
            if kind == "relationship" {
                let (from, to) = (text("source_ref"), text("target_ref"));
                if widens || (self.nodes.contains(&from) && self.nodes.contains(&to)) {
                    self.join(seen.label);
                    self.add(from.clone());
                    self.add(to.clone());
                    self.relationships.entry(id).or_insert((from, to, text("relationship_type")));
                }
            } else if self.add(id.clone()) {
                self.join(seen.label);
                self.known.entry(id).or_insert(Some(seen.object));
            }
        }
        Ok(())
    }

    /// Whether `id` is a node now.
    fn add(&mut self, id: String) -> bool {
        if self.nodes.len() >= GRAPH_NODES_MAX && !self.nodes.contains(&id) {
            self.is_cut = true;
            return false;
        }
        self.nodes.insert(id);
        true
    }

    fn join(&mut self, label: LabelId) {
        self.label = self.lens.reading().joined(self.label.take(), label);
    }

    /// Reads the latest version of each of `ids` in the first collection that has one.
    fn read(&mut self, ids: &BTreeSet<String>) -> Result<(), SearchError> {
        let wanted: Vec<ObjectId> =
            ids.iter().filter(|id| !self.known.contains_key(*id)).filter_map(|id| ObjectId::parse(id).ok()).collect();
        let reading = self.lens.reading();
        for some in wanted.chunks(IDS_AT_ONCE) {
            let mut rest: Vec<ObjectId> = some.to_vec();
            for view in reading.collections().into_iter().filter(|view| view.can_read) {
                let Some(first) = rest.first() else { break };
                let mut query = view.query_of(first, VersionFilter::last());
                query.filter.ids = Some(rest.clone());
                for row in &reading.page(&query)?.rows {
                    let row = row.get();
                    if !self.known.contains_key(row.id()) {
                        self.known.insert(row.id().to_owned(), serde_json::from_slice(row.body()).ok());
                        self.join(row.label());
                    }
                }
                rest.retain(|id| !self.known.contains_key(id.as_str()));
            }
            self.known.extend(rest.into_iter().map(|id| (id.to_string(), None)));
        }
        Ok(())
    }

    /// The graph of what was read, without what is to be hidden.
    fn drawn(&self, request: &GraphRequest, chosen: &BTreeSet<String>, centres: &BTreeSet<String>) -> Graph {
        let mut graph = Graph { is_cut: self.is_cut, banner: self.lens.reading().banner_of(self.label.as_ref()), ..Graph::default() };
        for id in &self.nodes {
            let kind = kind_of(id);
            *graph.kinds.entry(kind.to_owned()).or_default() += 1;
            if !request.hidden.contains(kind) || chosen.contains(id) {
                let title = self.known.get(id).and_then(Option::as_ref).and_then(called);
                graph.nodes.push(GraphNode { id: id.clone(), title, is_chosen: chosen.contains(id), is_expanded: centres.contains(id) });
            }
        }
        graph.nodes.sort_by(|one, other| order(one).cmp(&order(other)));
        let numbers: BTreeMap<&str, usize> = graph.nodes.iter().enumerate().map(|(number, node)| (node.id.as_str(), number)).collect();
        let link = |from: &str, to: &str, what: &str, relationship: Option<&String>| {
            let (from, to) = (*numbers.get(from)?, *numbers.get(to)?);
            (from != to).then(|| GraphLink { from, to, what: what.to_owned(), relationship: relationship.cloned() })
        };
        let related = self.relationships.iter().filter_map(|(id, (from, to, what))| link(from, to, what, Some(id)));
        let mut links: BTreeSet<GraphLink> = related.collect();
        for node in &graph.nodes {
            let object = self.known.get(&node.id).and_then(Option::as_ref);
            let own = object.map(references).unwrap_or_default();
            links.extend(own.into_iter().filter_map(|(property, other)| link(&node.id, other, property, None)));
        }
        graph.is_cut |= links.len() > LINKS_MAX;
        graph.links = links.into_iter().take(LINKS_MAX).collect();
        graph
    }
}

/// What an object is called, or else how it begins.
fn called(object: &Json) -> Option<String> {
    let begins = |name: &str| object.get(name)?.as_str()?.lines().next().filter(|line| !line.trim().is_empty()).map(str::to_owned);
    title_of(object).or_else(|| BEGINS.iter().find_map(|name| begins(name)))
}

/// Where a node stands among others: nothing in it tells when it arrived.
fn order(node: &GraphNode) -> (bool, &str, Option<&str>, &str) {
    (!node.is_chosen, kind_of(&node.id), node.title.as_deref(), &node.id)
}

fn kind_of(id: &str) -> &str {
    id.split("--").next().unwrap_or_default()
}
