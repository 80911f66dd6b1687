//! What somebody may see of the collections as a list, newest first, and how much of it there is.
//!
//! Everything is counted by looking at what the reader may see, up to a bound: no number is kept of what anybody else sees.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use relto_gate::{Cleared, LabelId, clear};
use relto_model::{Label, Stamp};
use relto_policy::{BannerPart, banner_parts};
use relto_store::{Bodies, Position, Query, Row, VersionFilter, page_back};

use crate::error::StoreError;
use crate::reading::{CollectionView, Reading};
use crate::searching::{heading_of, is_revoked};

/// Most objects on one page.
pub const BROWSE_ROWS_MAX: usize = 1_000;
/// In each collection so many objects are counted, the newest.
pub const BROWSE_COUNT_MAX: usize = 1_000;
/// About how many bytes of objects of one collection are read for a page at most.
const BROWSE_BYTES_MAX: usize = 8 << 20;

/// Which objects are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BrowseRequest {
    /// Only those of this collection, by its name or id.
    pub collection: Option<String>,
    /// Only those of this type.
    pub kind: Option<String>,
    /// Only what stands after this place; exclusive.
    pub after: Option<BrowsePlace>,
    /// At most so many, at least one.
    pub rows_max: usize,
}

/// A place in the list: behind one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowsePlace {
    /// When the object became visible to the reader.
    pub added: Stamp,
    /// The name of its collection.
    pub collection: String,
    /// Where it stands there.
    pub position: Position,
}

/// An object in the list: its latest version that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowsedObject {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: String,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// Whether its writer has taken it back (STIX 2.1, section 3.2).
    pub revoked: bool,
    /// The name of the collection.
    pub collection: String,
    /// When it became visible to the reader.
    pub added: Stamp,
    /// The banner of its label.
    pub banner: Vec<BannerPart>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Browsed {
    /// The objects, newest first; those of one moment by collection.
    pub objects: Vec<BrowsedObject>,
    /// Where the next page begins, if there is more.
    pub next: Option<BrowsePlace>,
    /// The banner of all that is on the page.
    pub banner: Vec<BannerPart>,
    /// How many objects of each type there are in the collections asked for, by type.
    pub kinds: Vec<(String, usize)>,
    /// How many objects of the type asked for there are in each collection, by name: name, title, count.
    pub collections: Vec<(String, String, usize)>,
    /// Whether a collection has more than [`BROWSE_COUNT_MAX`] objects: then its newest were counted.
    pub is_cut: bool,
}

/// The rows of one collection on their way into the list.
struct Source<'r> {
    view: CollectionView,
    /// The next one last.
    rows: Vec<Cleared<'r, Row>>,
    /// Whether there are more behind them.
    more: bool,
}

impl Reading<'_> {
    /// The page that `request` asks for. A collection that the reader may not see is one without objects.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn browse(&self, request: &BrowseRequest) -> Result<Browsed, StoreError> {
        let mut browsed = self.counted(request)?;
        let mut sources = Vec::new();
        for view in self.readable().filter(|view| is_asked(view, request)) {
            sources.push(self.source(view, request)?);
        }
        let mut label: Option<Label> = None;
        let rows_max = request.rows_max.clamp(1, BROWSE_ROWS_MAX);
        while browsed.objects.len() < rows_max
            && let Some((view, row)) = next_of(&mut sources)
        {
            let row = row.get();
            label = self.joined(label, row.label());
            browsed.next = Some(BrowsePlace { added: row.added, collection: view.alias.clone(), position: row.position() });
            browsed.objects.push(self.browsed(row, &view));
        }
        if sources.iter().all(|source| source.rows.is_empty() && !source.more) {
            browsed.next = None;
        }
        browsed.banner = self.banner_of(label.as_ref());
        Ok(browsed)
    }

    fn readable(&self) -> impl Iterator<Item = CollectionView> {
        self.collections().into_iter().filter(|view| view.can_read)
    }

    fn browsed(&self, row: &Row, view: &CollectionView) -> BrowsedObject {
        let object: serde_json::Value = serde_json::from_slice(row.body()).unwrap_or_default();
        BrowsedObject {
            id: row.id().to_owned(),
            version: row.version().to_owned(),
            title: heading_of(&object),
            revoked: is_revoked(&object),
            collection: view.alias.clone(),
            added: row.added,
            banner: self.banner_parts(row.label()),
        }
    }

    fn source(&self, view: CollectionView, request: &BrowseRequest) -> Result<Source<'_>, StoreError> {
        let before = request.after.as_ref().map(|place| self.before(&view, place)).transpose()?;
        let mut query = Query {
            rows_max: request.rows_max.clamp(1, BROWSE_ROWS_MAX),
            bytes_max: BROWSE_BYTES_MAX,
            ..view.query(VersionFilter::last())
        };
        query.filter.kinds.extend(request.kind.clone());
        let page = page_back(self.snapshot(), self.principal().release(), self.audience(), &query, before)?;
        let mut rows: Vec<_> = page.rows.into_iter().filter_map(|row| clear(row, self.principal())).collect();
        rows.reverse();
        Ok(Source { view, rows, more: page.next.is_some() })
    }

    /// The place in `view` before which everything stands behind `place` in the list: of one moment, collections come by name.
    fn before(&self, view: &CollectionView, place: &BrowsePlace) -> Result<Position, StoreError> {
        let through = match view.alias.cmp(&place.collection) {
            std::cmp::Ordering::Equal => return Ok(place.position),
            std::cmp::Ordering::Greater => place.added,
            std::cmp::Ordering::Less => Stamp(place.added.0.saturating_sub(1)),
        };
        let last = self.snapshot().arrival_at(through)?;
        Ok(Position { visible: relto_gate::Arrival(last.0.saturating_add(1)), row: relto_gate::Arrival(0) })
    }

    /// The counts alone.
    fn counted(&self, request: &BrowseRequest) -> Result<Browsed, StoreError> {
        let (mut browsed, mut kinds) = (Browsed::default(), BTreeMap::<String, usize>::new());
        for view in self.readable() {
            let query = Query { rows_max: BROWSE_COUNT_MAX, bodies: Bodies::Without, ..view.query(VersionFilter::last()) };
            let page = page_back(self.snapshot(), self.principal().release(), self.audience(), &query, None)?;
            browsed.is_cut |= page.next.is_some();
            let mut of_kind = 0;
            for row in page.rows.into_iter().filter_map(|row| clear(row, self.principal())) {
                let kind = row.get().id().split("--").next().unwrap_or_default();
                of_kind += usize::from(request.kind.as_deref().is_none_or(|wanted| wanted == kind));
                if is_asked(&view, request) {
                    *kinds.entry(kind.to_owned()).or_default() += 1;
                }
            }
            browsed.collections.push((view.alias, view.title, of_kind));
        }
        browsed.kinds = kinds.into_iter().collect();
        Ok(browsed)
    }

    /// The banner of a label number.
    pub(crate) fn banner_parts(&self, id: LabelId) -> Vec<BannerPart> {
        self.banner_of(self.facts().gate.labels().get(id).map(AsRef::as_ref))
    }

    /// The banner of `label`; empty without one.
    pub(crate) fn banner_of(&self, label: Option<&Label>) -> Vec<BannerPart> {
        let gate = &self.facts().gate;
        label.map(|label| banner_parts(label, &gate.rules().policies, gate.now())).unwrap_or_default()
    }

    /// The join of what there is so far with one label more.
    pub(crate) fn joined(&self, label: Option<Label>, more: LabelId) -> Option<Label> {
        let Some(more) = self.facts().gate.labels().get(more) else { return label };
        Some(label.map_or_else(|| more.as_ref().clone(), |label| label.join(more)))
    }
}

fn is_asked(view: &CollectionView, request: &BrowseRequest) -> bool {
    request.collection.as_ref().is_none_or(|name| *name == view.alias || *name == view.id)
}

/// The newest of what the sources have next; none when one of them has to be asked for more first.
fn next_of<'r>(sources: &mut [Source<'r>]) -> Option<(CollectionView, Cleared<'r, Row>)> {
    if sources.iter().any(|source| source.rows.is_empty() && source.more) {
        return None;
    }
    let first = |source: &Source<'_>| source.rows.last().map(|row| (row.get().added, Reverse(source.view.alias.clone())));
    let newest = sources.iter_mut().filter(|source| !source.rows.is_empty()).max_by_key(|source| first(source))?;
    newest.rows.pop().map(|row| (newest.view.clone(), row))
}
