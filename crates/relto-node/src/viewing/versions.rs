//! The versions of an object that its reader may see whole: which there are, what one says, and in what two differ.

use relto_gate::{Cleared, LabelId, Principal};
use relto_model::{ObjectId, Stamp};
use relto_policy::BannerPart;
use relto_store::{Bodies, Row, VersionFilter};
use serde_json::Value as Json;

use super::{View, ViewError, ViewedObject, differences};
use crate::error::StoreError;
use crate::node::Node;
use crate::reading::{CollectionView, Reading};
use crate::searching::title_of;
use crate::session::Session;
use crate::showing::{ShowError, ShownObject};
use crate::viewing::differences::Difference;

/// Which version is wanted, and against which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionWanted {
    /// The key of a version; without it, the latest, with gaps where parts of it are withheld.
    pub version: Option<String>,
    /// The key of the version with which that one is compared; without it, the one before.
    pub against: Option<String>,
    /// The collection; without it, the first that has the version.
    pub collection: Option<String>,
}

/// A version that the reader may see whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewedVersion {
    /// What it is asked for by: the version; of several under one version, with a number.
    pub key: String,
    /// The version, as the object writes it.
    pub version: String,
    /// When it became visible.
    pub since: Stamp,
    /// The banner of its label.
    pub banner: Vec<BannerPart>,
}

/// In what a version differs from another.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The key of the version that is shown.
    pub version: String,
    /// The key of the one that it is compared with, if there is one.
    pub against: Option<String>,
    /// In what they differ.
    pub differences: Vec<Difference>,
    /// Whether those are all.
    pub is_all: bool,
}

impl Node {
    /// The bytes of the version of `id` that is wanted, as they came, and whom they are for: the latest that the account of `session` may see whole, unless
    /// another is named.
    ///
    /// # Errors
    /// [`ViewError`]; what is not there, what is hidden and what may be seen in part only are one.
    pub fn object_bytes(&self, session: &Session, id: &ObjectId, wanted: &VersionWanted) -> Result<(Vec<u8>, Principal), ViewError> {
        let reading = self.reading(session)?;
        let found = reading.wanted(id, wanted)?.map(|(_, rows, at)| rows.get(at).map(|(_, row)| row.get().body().to_vec()));
        let body = found.flatten().ok_or_else(|| ShowError::Absent(id.clone()))?;
        Ok((body, reading.into_principal()))
    }
}

/// Versions with their keys, newest first.
type Keyed<'r> = Vec<(String, Cleared<'r, Row>)>;

impl Reading<'_> {
    /// The versions of `id` in the collection, newest first.
    fn keyed(&self, view: &CollectionView, id: &ObjectId, bodies: Bodies) -> Result<Keyed<'_>, StoreError> {
        let mut rows = self.page(&relto_store::Query { bodies, ..view.query_of(id, VersionFilter::all()) })?.rows;
        rows.sort_by(|one, other| (other.get().version(), other.get().position()).cmp(&(one.get().version(), one.get().position())));
        let mut keyed = Keyed::new();
        for row in rows {
            let version = row.get().version().to_owned();
            let before = keyed.iter().filter(|(_, other)| other.get().version() == version).count();
            keyed.push((if before == 0 { version } else { format!("{version}~{before}") }, row));
        }
        Ok(keyed)
    }

    pub(super) fn versions(&self, view: &mut View<'_>, collection: &str, id: &ObjectId) -> Result<Vec<ViewedVersion>, StoreError> {
        let Some(collection) = self.collection(collection) else { return Ok(Vec::new()) };
        let keyed = self.keyed(&collection, id, Bodies::Without)?;
        let version = |(key, row): (String, Cleared<'_, Row>)| {
            let row = row.get();
            view.add(row.label());
            ViewedVersion { key, version: row.version().to_owned(), since: row.added, banner: self.banner_parts(row.label()) }
        };
        Ok(keyed.into_iter().map(version).collect())
    }

    /// The collection that has the version wanted, its versions, and at which of them it is.
    fn wanted(&self, id: &ObjectId, wanted: &VersionWanted) -> Result<Option<(CollectionView, Keyed<'_>, usize)>, StoreError> {
        let is_asked = |view: &CollectionView| view.can_read && wanted.collection.as_ref().is_none_or(|name| *name == view.alias);
        for view in self.collections().into_iter().filter(is_asked) {
            let keyed = self.keyed(&view, id, Bodies::With)?;
            let at = wanted.version.as_ref().map_or(Some(0), |version| keyed.iter().position(|(key, _)| key == version));
            if let Some(at) = at.filter(|at| *at < keyed.len()) {
                return Ok(Some((view, keyed, at)));
            }
        }
        Ok(None)
    }

    /// The version that is wanted, and in what it differs from the one that it is to be compared with.
    pub(super) fn version(&self, id: &ObjectId, wanted: &VersionWanted) -> Result<(ViewedObject, Compared, LabelId), ViewError> {
        let absent = || ShowError::Absent(id.clone());
        let (view, keyed, at) = self.wanted(id, wanted)?.ok_or_else(absent)?;
        let (key, row) = keyed.get(at).ok_or_else(absent)?;
        let object = json(row);
        let before = match &wanted.against {
            Some(against) => Some(keyed.iter().find(|(key, _)| key == against).ok_or_else(absent)?),
            None => keyed.get(at + 1),
        };
        let (differences, is_all) =
            before.map_or_else(|| (Vec::new(), true), |(_, before)| differences::differences(&json(before), &object));
        let compared = Compared { version: key.clone(), against: before.map(|(key, _)| key.clone()), differences, is_all };
        let (title, banner, version) = (title_of(&object), self.banner_parts(row.get().label()), row.get().version().to_owned());
        let shown = ShownObject { collection: view.alias.clone(), version, object, gaps: Vec::new() };
        Ok((ViewedObject { shown, title, banner, versions: Vec::new() }, compared, row.get().label()))
    }
}

fn json(row: &Cleared<'_, Row>) -> Json {
    serde_json::from_slice(row.get().body()).unwrap_or_default()
}
