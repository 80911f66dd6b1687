//! One object as a person looks at it: what is shown of it, its label, its versions, and what hangs together with it, as far as they may see that.

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::{LabelId, Principal};
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::BannerPart;
use relto_store::{Bodies, Query, TextError, VersionFilter};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::node::Node;
use crate::reading::{ReadError, Reading};
use crate::searching::{Lens, SearchError, title_of};
use crate::session::Session;
use crate::showing::{ShowError, ShownObject};

/// References of one object whose names are looked up.
pub const VIEW_NAMES_MAX: usize = 200;
/// Objects that refer to one, of which is told.
pub const VIEW_REFERRING_MAX: usize = 200;
/// How deep references are looked for in an object.
const DEPTH_MAX: usize = 32;

/// An object on a display.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Viewed {
    /// What is shown of it: by collection, and by whoever wrote it.
    pub objects: Vec<ViewedObject>,
    /// What its references are called, by id, where the reader may see that.
    pub names: BTreeMap<String, String>,
    /// What refers to it.
    pub referring: Vec<Referring>,
    /// Whether more refers to it than is told.
    pub is_cut: bool,
    /// The banner of all this.
    pub banner: Vec<BannerPart>,
}

/// What is shown of an object in one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewedObject {
    /// What is shown.
    pub shown: ShownObject,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// The banner of what is shown.
    pub banner: Vec<BannerPart>,
    /// The versions that the reader may see whole, newest first: version, and when it became visible.
    pub versions: Vec<(String, Stamp)>,
}

/// An object that refers to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referring {
    /// Its id.
    pub id: String,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// When it is a relationship: its type, the object at its other end, and whether it leads there.
    pub relationship: Option<(String, String, bool)>,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The session is over.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing is shown.
    #[error(transparent)]
    Show(#[from] ShowError),
    /// What refers to it cannot be looked for.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl From<StoreError> for ViewError {
    fn from(error: StoreError) -> Self {
        Self::Show(error.into())
    }
}

impl Node {
    /// What the account of `session` is shown of `id`, and whom the answer is for. A node without an index, or whose index is busy, tells of nothing that
    /// refers to it.
    ///
    /// # Errors
    /// [`ViewError`]; an object that is not there and one that is hidden are one.
    pub fn view(&self, session: &Session, id: &ObjectId) -> Result<(Viewed, Principal), ViewError> {
        let looked = self.through_lens_of(&|| self.reading(session), &|_, _| {}, &|lens| {
            // What is absent is told before anything is looked for.
            Ok(lens.reading().viewed(self, id, Some(lens)))
        });
        match looked {
            // An index that another process holds keeps nobody from the object itself.
            Err(SearchError::NoIndex | SearchError::Text(TextError::Busy)) => {
                let reading = self.reading(session)?;
                let viewed = reading.viewed(self, id, None)?;
                Ok((viewed, reading.into_principal()))
            }
            looked => {
                let (viewed, principal) = looked?;
                Ok((viewed?, principal))
            }
        }
    }
}

/// What is collected on the way, and the join of the labels of it all.
struct View<'v> {
    reading: &'v Reading<'v>,
    label: Option<Label>,
}

impl View<'_> {
    fn add(&mut self, label: LabelId) {
        self.label = self.reading.joined(self.label.take(), label);
    }

    /// What the latest version of `id` that the reader may see is called, in the first collection that has one; its id, when it has no name.
    fn name(&mut self, id: &ObjectId) -> Result<Option<String>, StoreError> {
        for view in self.reading.collections().into_iter().filter(|view| view.can_read) {
            let query = Query { rows_max: 1, ..view.query_of(id, VersionFilter::last()) };
            if let Some(row) = self.reading.page(&query)?.rows.first() {
                let object: Json = serde_json::from_slice(row.get().body()).unwrap_or_default();
                self.add(row.get().label());
                return Ok(Some(title_of(&object).unwrap_or_else(|| id.to_string())));
            }
        }
        Ok(None)
    }
}

impl Reading<'_> {
    fn viewed(&self, node: &Node, id: &ObjectId, lens: Option<&Lens<'_>>) -> Result<Viewed, ViewError> {
        let mut view = View { reading: self, label: None };
        let mut viewed = Viewed::default();
        let mut wanted = BTreeSet::new();
        for (shown, label) in self.show_labelled(node, id)? {
            view.add(label);
            references(&shown.object, DEPTH_MAX, &mut wanted);
            let (title, banner) = (title_of(&shown.object), self.banner_parts(label));
            viewed.objects.push(ViewedObject { versions: self.versions(&shown.collection, id)?, shown, title, banner });
        }
        if let Some(lens) = lens {
            let found = lens.labelled(&format!("ref:{id}"), VIEW_REFERRING_MAX)?;
            viewed.is_cut = found.len() == VIEW_REFERRING_MAX;
            for (object, label) in found.iter().filter(|(object, _)| object.get("id").and_then(Json::as_str) != Some(id.as_str())) {
                view.add(*label);
                viewed.referring.extend(referring(object, id, &mut wanted));
            }
            viewed.referring.sort_by(|one, other| (&one.relationship, &one.id).cmp(&(&other.relationship, &other.id)));
        }
        wanted.remove(id.as_str());
        for other in wanted.iter().take(VIEW_NAMES_MAX) {
            let Ok(other) = ObjectId::parse(other) else { continue };
            if let Some(name) = view.name(&other)? {
                viewed.names.insert(other.to_string(), name);
            }
        }
        viewed.banner = self.banner_of(view.label.as_ref());
        if self.principal().is_cut() {
            return Err(ShowError::Cut.into());
        }
        Ok(viewed)
    }

    fn versions(&self, collection: &str, id: &ObjectId) -> Result<Vec<(String, Stamp)>, StoreError> {
        let Some(view) = self.collection(collection) else { return Ok(Vec::new()) };
        let query = Query { bodies: Bodies::Without, ..view.query_of(id, VersionFilter::all()) };
        let rows = self.page(&query)?.rows;
        let mut versions: Vec<(String, Stamp)> = rows.iter().map(|row| (row.get().version().to_owned(), row.get().added)).collect();
        versions.sort_by(|one, other| other.cmp(one));
        Ok(versions)
    }
}

/// Every id that stands in a property for references, anywhere in `value`.
fn references(value: &Json, depth: usize, into: &mut BTreeSet<String>) {
    if depth == 0 {
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                let ids = match member {
                    Json::String(_) if name.ends_with("_ref") => std::slice::from_ref(member),
                    Json::Array(all) if name.ends_with("_refs") => all.as_slice(),
                    _ => &[],
                };
                into.extend(ids.iter().filter_map(Json::as_str).map(str::to_owned));
                references(member, depth - 1, into);
            }
        }
        Json::Array(members) => members.iter().for_each(|member| references(member, depth - 1, into)),
        _ => {}
    }
}

/// What `object` says of `id`, and whose name is wanted for that.
fn referring(object: &Json, id: &ObjectId, wanted: &mut BTreeSet<String>) -> Option<Referring> {
    let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (source, target) = (text("source_ref"), text("target_ref"));
    let is_forward = source == id.as_str();
    let other = if is_forward { target.clone() } else { source.clone() };
    let ends = is_forward || target == id.as_str();
    let relationship =
        (ends && text("type") == "relationship" && !other.is_empty()).then(|| (text("relationship_type"), other, is_forward));
    wanted.extend(relationship.as_ref().map(|(_, other, _)| other.clone()));
    Some(Referring { id: object.get("id")?.as_str()?.to_owned(), title: title_of(object), relationship })
}
