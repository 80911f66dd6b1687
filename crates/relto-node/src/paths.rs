//! Paths: how two objects hang together, by the relationships that one account may see.
//!
//! A path goes along relationships in either direction and through whatever is at their ends; the shortest are found, all of one length. What the account may not
//! see is no step, and an end that it may not see has an id and no name, as an end that is nowhere.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::ObjectId;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::entity::{fold, is_called};
use crate::node::Node;
use crate::searching::{Lens, SearchError, title_of};

/// Longest paths that are looked for, in relationships.
pub const PATH_STEPS_MAX: usize = 8;
/// Most paths of one answer.
pub const PATHS_MAX: usize = 20;
/// Objects whose relationships are looked at.
pub const PATH_OBJECTS_MAX: usize = 5_000;
/// Relationships of one object that are followed.
const RELATIONSHIPS_MAX: usize = 1_000;
/// Objects of one name.
const NAMESAKES_MAX: usize = 50;

/// An object at an end of a relationship.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PathEnd {
    /// Its id.
    pub id: String,
    /// What it is called, if the account may see that.
    pub title: Option<String>,
}

/// One relationship of a path, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PathStep {
    /// Its id.
    pub relationship: String,
    /// Its type.
    pub kind: String,
    /// Whether it leads from its source to its target.
    pub is_forward: bool,
    /// Where it leads.
    pub to: PathEnd,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Path {
    /// Where it begins.
    pub from: PathEnd,
    /// Its steps, in order.
    pub steps: Vec<PathStep>,
}

/// The shortest paths.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PathAnswer {
    /// They are all of one length, in order of their ids.
    pub paths: Vec<Path>,
    /// Whether there are more of that length.
    pub more: bool,
    /// Whether the search ended before everything had been looked at: there may be a path all the same.
    pub is_cut: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// There is nothing of that id or name.
    #[error("there is no object `{0}` for this user")]
    Absent(String),
    /// The account cannot search.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl Node {
    /// The shortest paths between two objects, each given by its id or by its name, as the account `name` sees them. Of a name that several objects have, all are
    /// meant.
    ///
    /// # Errors
    /// [`PathError`] when one of them is absent for the account, or it cannot search.
    pub fn paths(&self, name: &str, from: &str, to: &str, progress: &dyn Fn(u64, u64)) -> Result<PathAnswer, PathError> {
        self.through_lens(name, progress, &|lens| Ok(paths(lens, from, to)))?
    }
}

fn paths(lens: &Lens<'_>, from: &str, to: &str) -> Result<PathAnswer, PathError> {
    let (from, to) = (named(lens, from)?, named(lens, to)?);
    let mut walk = Walk { lens, reached: from.iter().map(|id| (id.clone(), Vec::new())).collect(), is_cut: false };
    let mut border: Vec<String> = from.iter().cloned().collect();
    for _ in 0..PATH_STEPS_MAX {
        border = walk.step(&border)?;
        let arrived: Vec<&String> = border.iter().filter(|id| to.contains(*id)).collect();
        if !arrived.is_empty() {
            return walk.answer(&arrived);
        }
    }
    Ok(PathAnswer { is_cut: walk.is_cut || !border.is_empty(), ..PathAnswer::default() })
}

/// The ids of what `text` names: an object by its id, or every one of that name.
fn named(lens: &Lens<'_>, text: &str) -> Result<BTreeSet<String>, PathError> {
    let is_id = ObjectId::parse(text).is_ok();
    let query = if is_id { format!("id:{text}") } else { format!("\"{}\"", text.replace('"', " ")) };
    let wanted = fold(text);
    // A name in which there is nothing to look for is nobody's.
    let objects = match lens.objects(&query, NAMESAKES_MAX) {
        Err(SearchError::Text(relto_store::TextError::Query { .. })) => Vec::new(),
        found => found?,
    };
    let ids: BTreeSet<String> = objects.iter().filter(|object| is_id || is_called(object, &wanted)).filter_map(id_of).collect();
    if ids.is_empty() { Err(PathError::Absent(text.to_owned())) } else { Ok(ids) }
}

fn id_of(object: &Json) -> Option<String> {
    object.get("id").and_then(Json::as_str).map(str::to_owned)
}

/// How an object was reached: from where, by which relationship of what type, and in which direction.
type Came = (String, String, String, bool);

struct Walk<'w> {
    lens: &'w Lens<'w>,
    /// Every object that was reached, with all the ways on which it was reached first.
    reached: BTreeMap<String, Vec<Came>>,
    is_cut: bool,
}

impl Walk<'_> {
    /// What is one relationship further than `border` and was not reached before, in order.
    fn step(&mut self, border: &[String]) -> Result<Vec<String>, PathError> {
        let mut further: BTreeMap<String, BTreeSet<Came>> = BTreeMap::new();
        for id in border {
            if self.reached.len() + further.len() > PATH_OBJECTS_MAX {
                self.is_cut = true;
                break;
            }
            let relationships = self.lens.objects(&format!("ref:{id} kind:relationship"), RELATIONSHIPS_MAX)?;
            self.is_cut |= relationships.len() == RELATIONSHIPS_MAX;
            for relationship in &relationships {
                let text = |name: &str| relationship.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
                let (source, target) = (text("source_ref"), text("target_ref"));
                let ends = [(source.clone(), target.clone(), true), (target, source, false)];
                for (_, other, is_forward) in ends.into_iter().filter(|(here, there, _)| here == id && !there.is_empty()) {
                    if !self.reached.contains_key(&other) {
                        let came = (id.clone(), text("id"), text("relationship_type"), is_forward);
                        further.entry(other).or_default().insert(came);
                    }
                }
            }
        }
        let border = further.keys().cloned().collect();
        self.reached.extend(further.into_iter().map(|(id, ways)| (id, ways.into_iter().collect())));
        Ok(border)
    }

    /// The paths to what has been reached.
    fn answer(&self, arrived: &[&String]) -> Result<PathAnswer, PathError> {
        let mut found = Vec::new();
        for end in arrived {
            self.ways_to(end, &mut Vec::new(), &mut found)?;
        }
        let more = found.len() > PATHS_MAX;
        found.truncate(PATHS_MAX);
        found.sort();
        Ok(PathAnswer { paths: found, more, is_cut: self.is_cut })
    }

    /// Adds every way to `id` that goes on with `rest`, the last step first, up to one more than are shown.
    fn ways_to(&self, id: &str, rest: &mut Vec<PathStep>, found: &mut Vec<Path>) -> Result<(), PathError> {
        if found.len() > PATHS_MAX {
            return Ok(());
        }
        let ways = self.reached.get(id).map(Vec::as_slice).unwrap_or_default();
        if ways.is_empty() {
            found.push(Path { from: self.end(id)?, steps: rest.iter().rev().cloned().collect() });
        }
        for (before, relationship, kind, is_forward) in ways {
            let to = self.end(id)?;
            rest.push(PathStep { relationship: relationship.clone(), kind: kind.clone(), is_forward: *is_forward, to });
            self.ways_to(before, rest, found)?;
            rest.pop();
        }
        Ok(())
    }

    fn end(&self, id: &str) -> Result<PathEnd, PathError> {
        // What is no id is still what stands at the end.
        let objects = if ObjectId::parse(id).is_ok() { self.lens.objects(&format!("id:{id}"), 1)? } else { Vec::new() };
        Ok(PathEnd { id: id.to_owned(), title: objects.first().and_then(title_of) })
    }
}
