//! One object as a person looks at it: what is shown of it, its label, its versions, and what hangs together with it, as far as they may see that.

mod differences;
mod referring;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::{LabelId, Principal};
use relto_model::{Label, ObjectId};
use relto_policy::BannerPart;
use relto_store::{Query, TextError, VersionFilter};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::node::Node;
use crate::reading::{ReadError, Reading};
use crate::recipients::Recipients;
use crate::searching::{Lens, SearchError, title_of};
use crate::session::Session;
use crate::showing::{ShowError, ShownObject};

/// References of one object whose names are looked up.
pub const VIEW_NAMES_MAX: usize = 200;
/// Objects that refer to one, of which is told.
pub const VIEW_REFERRING_MAX: usize = 200;

pub use differences::{DIFFERENCES_MAX, Difference};
pub(crate) use referring::references;
pub use referring::{Referring, Sighted};
pub use versions::{Compared, VersionWanted, ViewedVersion};

use referring::{DEPTH_MAX, referring};

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
    /// When a version was asked for: in what it differs from another.
    pub compared: Option<Compared>,
    /// Who may see it, when the reader may know that.
    pub recipients: Option<Recipients>,
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
    /// The versions that the reader may see whole, newest first.
    pub versions: Vec<ViewedVersion>,
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
    /// What the account of `session` is shown of `id`, in the version that is `wanted`, and whom the answer is for. A node without an index, or whose index is busy, tells of nothing that
    /// refers to it.
    ///
    /// # Errors
    /// [`ViewError`]; an object that is not there and one that is hidden are one.
    pub fn view(&self, session: &Session, id: &ObjectId, wanted: &VersionWanted) -> Result<(Viewed, Principal), ViewError> {
        let looked = self.through_lens_of(&|| self.reading(session), &|_, _| {}, &|lens| {
            // What is absent is told before anything is looked for.
            Ok(lens.reading().viewed(self, id, wanted, Some(lens)))
        });
        match looked {
            // An index that another process holds keeps nobody from the object itself.
            Err(SearchError::NoIndex | SearchError::Text(TextError::Busy)) => {
                let reading = self.reading(session)?;
                let viewed = reading.viewed(self, id, wanted, None)?;
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
    fn viewed(&self, node: &Node, id: &ObjectId, version: &VersionWanted, lens: Option<&Lens<'_>>) -> Result<Viewed, ViewError> {
        let mut view = View { reading: self, label: None };
        let mut viewed = Viewed::default();
        let mut wanted = BTreeSet::new();
        for (object, label) in self.objects(node, id, version, &mut viewed.compared)? {
            view.add(label);
            references(&object.shown.object, DEPTH_MAX, &mut wanted);
            let versions = self.versions(&mut view, &object.shown.collection, id)?;
            viewed.objects.push(ViewedObject { versions, ..object });
        }
        for difference in viewed.compared.iter().flat_map(|compared| &compared.differences) {
            // Under the name of its property, as it stood there.
            let name = difference.pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
            let held = |value: &Option<Json>| {
                value.clone().map(|value| Json::Object([(name.to_owned(), listed(name, value))].into_iter().collect()))
            };
            held(&difference.before)
                .into_iter()
                .chain(held(&difference.after))
                .for_each(|value| references(&value, DEPTH_MAX, &mut wanted));
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
        viewed.recipients = self.recipients(node, id)?;
        viewed.banner = self.banner_of(view.label.as_ref());
        if self.principal().is_cut() {
            return Err(ShowError::Cut.into());
        }
        Ok(viewed)
    }

    /// What is shown of `id`, each with its label: the latest version in each collection, or the one that is wanted.
    fn objects(
        &self,
        node: &Node,
        id: &ObjectId,
        wanted: &VersionWanted,
        compared: &mut Option<Compared>,
    ) -> Result<Vec<(ViewedObject, LabelId)>, ViewError> {
        if wanted.version.is_some() {
            let (object, difference, label) = self.version(id, wanted)?;
            *compared = Some(difference);
            return Ok(vec![(object, label)]);
        }
        let all = self.show_labelled(node, id)?.into_iter().map(|(shown, label)| {
            let (title, banner) = (title_of(&shown.object), self.banner_parts(label));
            (ViewedObject { shown, title, banner, versions: Vec::new() }, label)
        });
        Ok(all.collect())
    }
}

/// A value that stood in a list of references, in a list.
fn listed(name: &str, value: Json) -> Json {
    if name.ends_with("_refs") && value.is_string() { Json::Array(vec![value]) } else { value }
}
