//! Pages of what a release set admits, in the order in which it became visible to its principal (TAXII 2.1, sections 3.3 to 3.5).
//!
//! Objects and changes of what somebody may see draw from one sequence of arrivals. A row stands at its own arrival, unless the
//! principal gained its label or its collection later: then it stands at the later gain, among the others gained with it in order of
//! arrival. So the walk goes in segments between gains, each with a fixed set of labels, and a block of older rows at each gain.
//!
//! Nothing here depends on rows that the release set does not admit: not the order, not where a page ends, not which version is last.

mod at;
mod back;

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use relto_gate::{Arrival, Gained, LabelId, ReleaseSet, Sealed};
use relto_model::object::content_digest;
use relto_model::time::sort_key;
use relto_model::{ObjectId, Stamp, Timestamp};

use crate::backend::{BackendError, Order, Scan, Snapshot};
use crate::entry::{CollectionKey, Entry, EntryFields};
use crate::lineage::{Lineages, Seen, contents_matter};
use crate::row::{Arena, Row};

pub use at::row_at;
pub use back::page_back;

/// A place in a principal's order of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// When the object became visible to the principal.
    pub visible: Arrival,
    /// The row's own arrival, which orders what became visible together.
    pub row: Arrival,
}

/// Which versions of an object are wanted (TAXII 2.1, section 3.4.1); any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFilter {
    /// The latest that the principal may see.
    pub last: bool,
    /// The earliest that the principal may see.
    pub first: bool,
    /// Every one.
    pub all: bool,
    /// These.
    pub specific: Vec<Timestamp>,
}

impl VersionFilter {
    /// The default: the latest.
    #[must_use]
    pub fn last() -> Self {
        Self { last: true, first: false, all: false, specific: Vec::new() }
    }

    /// Every version.
    #[must_use]
    pub fn all() -> Self {
        Self { last: false, first: false, all: true, specific: Vec::new() }
    }
}

/// Which objects are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only these ids, when there are any.
    pub ids: Option<Vec<ObjectId>>,
    /// Only these types; empty means all.
    pub kinds: Vec<String>,
    /// Which versions.
    pub versions: VersionFilter,
}

/// Who reads, as far as pages depend on more than the release set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Somebody of this node: rows of one version and content are one.
    Own,
    /// A partner, which keeps what each organisation wrote under that organisation's own label: each one's copy goes by itself.
    Partner {
        /// Nothing that these organisations wrote.
        not_of: BTreeSet<String>,
    },
}

impl Audience {
    /// Whether anything that `owner` wrote is for it.
    #[must_use]
    pub fn gets(&self, owner: &str) -> bool {
        match self {
            Self::Own => true,
            Self::Partner { not_of } => !not_of.contains(owner),
        }
    }
}

/// Whether rows come with their bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// For objects.
    With,
    /// For manifests and versions.
    Without,
}

/// A collection as one principal stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollectionAccess {
    /// The collection.
    pub key: CollectionKey,
    /// When the principal first could see the collection, if it was there before: what it held then counts as added at that moment.
    pub gained: Option<Gained>,
}

/// One request for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The collection.
    pub collection: CollectionAccess,
    /// What is wanted.
    pub filter: Filter,
    /// Only what stands after this; exclusive.
    pub after: Option<Position>,
    /// Only what was added after this, as the principal sees it; exclusive.
    pub added_after: Option<Stamp>,
    /// At most so many rows; at least one.
    pub rows_max: usize,
    /// About so many bytes of bodies at most, but at least one row.
    pub bytes_max: usize,
    /// Whether bodies are wanted.
    pub bodies: Bodies,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// The rows in order.
    pub rows: Vec<Sealed<Row>>,
    /// Where the next page begins, if there is more.
    pub next: Option<Position>,
}

/// The page that `query` asks for, of what `release` admits and is for `audience`.
///
/// A page ends where one stamp ends and the next begins, if it can: a client that continues by the date of the last object then loses
/// nothing. Only when one stamp fills a whole page is it split.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn page(snapshot: &dyn Snapshot, release: &ReleaseSet, audience: &Audience, query: &Query) -> Result<Page, BackendError> {
    let mut collector = Collector::new(snapshot, release, audience, query);
    let start = start(snapshot, query)?;
    match &query.filter.ids {
        Some(ids) => collector.collect_ids(ids, start)?,
        None => collector.walk(start)?,
    }
    Ok(collector.finish())
}

/// Whether `release` admits any row of `id` in `collection`.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn exists(snapshot: &dyn Snapshot, release: &ReleaseSet, collection: CollectionKey, id: &ObjectId) -> Result<bool, BackendError> {
    let mut found = false;
    snapshot.rows_of(id, Some(collection), false, &mut |entry| {
        found = release.permits(entry.fields().label);
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(found)
}

const LAST_ROW: Arrival = Arrival(u64::MAX);

fn start(snapshot: &dyn Snapshot, query: &Query) -> Result<Position, BackendError> {
    let by_date = match query.added_after {
        Some(stamp) => Some(Position { visible: snapshot.arrival_at(stamp)?, row: LAST_ROW }),
        None => None,
    };
    Ok(by_date.max(query.after).unwrap_or_default())
}

/// Ids whose versions one request remembers; a walk past more of them looks again.
const LINEAGES_MAX: usize = 10_000;

struct Collector<'c> {
    snapshot: &'c dyn Snapshot,
    release: &'c ReleaseSet,
    audience: &'c Audience,
    query: &'c Query,
    order: Order,
    rows: Vec<(LabelId, Row)>,
    arena: Arena,
    bytes: usize,
    full: bool,
    lineages: HashMap<String, Lineages>,
    failed: Option<BackendError>,
}

impl<'c> Collector<'c> {
    fn new(snapshot: &'c dyn Snapshot, release: &'c ReleaseSet, audience: &'c Audience, query: &'c Query) -> Self {
        Self {
            snapshot,
            release,
            audience,
            query,
            order: Order::OldestFirst,
            rows: Vec::new(),
            arena: Arena::default(),
            bytes: 0,
            full: false,
            lineages: HashMap::new(),
            failed: None,
        }
    }

    /// When the principal first could see what carries `label` in this collection: the later of the two gains.
    fn gained(&self, label: LabelId) -> Option<Gained> {
        let of_both = [self.release.gained(label), self.query.collection.gained];
        of_both.into_iter().flatten().max_by_key(|gained| gained.arrival)
    }

    /// Where `row` stands for the principal, and the date it has there.
    fn place(&self, row: &EntryFields<'_>) -> (Position, Stamp) {
        match self.gained(row.label).filter(|gained| gained.arrival > row.arrival) {
            Some(Gained { arrival, since }) => (Position { visible: arrival, row: row.arrival }, since),
            None => (Position { visible: row.arrival, row: row.arrival }, row.added),
        }
    }

    /// Segment by segment from `start` until the page is full or nothing is left.
    fn walk(&mut self, start: Position) -> Result<(), BackendError> {
        let mut gains: Vec<(Arrival, LabelId)> = Vec::new();
        // Labels whose rows stand at their own arrival from here on, in order.
        let mut standing: Vec<LabelId> = Vec::new();
        for label in self.release.labels() {
            match self.gained(label).filter(|gained| gained.arrival >= start.visible) {
                Some(gained) => gains.push((gained.arrival, label)),
                None => standing.push(label),
            }
        }
        gains.sort_unstable();
        let mut from = start;
        for together in gains.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((event, _)) = together.first().copied() else { continue };
            self.scan(&standing, from.visible, event)?;
            let within = if from.visible == event { from.row } else { Arrival(0) };
            let gained: Vec<LabelId> = together.iter().map(|(_, label)| *label).collect();
            self.scan(&gained, within, event)?;
            if self.full {
                return Ok(());
            }
            standing.extend(gained);
            standing.sort();
            from = Position { visible: event, row: LAST_ROW };
        }
        self.scan(&standing, from.visible, LAST_ROW)
    }

    /// Offers the rows of `labels`, which ascend, strictly between two arrivals.
    fn scan(&mut self, labels: &[LabelId], after: Arrival, before: Arrival) -> Result<(), BackendError> {
        if self.full || labels.is_empty() || before.0.saturating_sub(after.0) < 2 {
            return Ok(());
        }
        let query = self.query;
        let scan = Scan {
            collection: query.collection.key,
            after,
            before,
            labels,
            kinds: &query.filter.kinds,
            bodies: query.bodies == Bodies::With,
            order: self.order,
            expected: query.rows_max.saturating_add(1).saturating_sub(self.rows.len()),
        };
        self.snapshot.scan(&scan, &mut |entry| self.offer(entry))?;
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The rows of a few ids, put in the principal's order by hand.
    fn collect_ids(&mut self, ids: &[ObjectId], start: Position) -> Result<(), BackendError> {
        let kinds = &self.query.filter.kinds;
        let of_kind = |id: &&ObjectId| kinds.is_empty() || kinds.iter().any(|kind| kind == id.kind());
        let wanted: BTreeSet<&ObjectId> = ids.iter().filter(of_kind).collect();
        let mut places = Vec::new();
        for id in wanted {
            self.snapshot.rows_of(id, Some(self.query.collection.key), false, &mut |entry| {
                let (position, _) = self.place(entry.fields());
                if self.is_for(entry.fields()) && position > start {
                    places.push((position, entry.fields().label));
                }
                ControlFlow::Continue(())
            })?;
        }
        places.sort_unstable();
        for (position, label) in places {
            let Arrival(row) = position.row;
            self.scan(&[label], Arrival(row.saturating_sub(1)), Arrival(row.saturating_add(1)))?;
        }
        Ok(())
    }

    fn offer(&mut self, entry: &Entry<'_>) -> ControlFlow<()> {
        let fields = entry.fields();
        if !self.is_for(fields) {
            return ControlFlow::Continue(());
        }
        match self.is_wanted(fields) {
            Ok(true) => self.take(fields),
            Ok(false) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// One row more than the page holds is taken, to know whether there is more and where a stamp ends.
    fn take(&mut self, fields: &EntryFields<'_>) -> ControlFlow<()> {
        let (position, added) = self.place(fields);
        let body = fields.body.len();
        self.full = self.rows.len() >= self.query.rows_max || (!self.rows.is_empty() && self.bytes + body > self.query.bytes_max);
        self.bytes += body;
        self.rows.push((fields.label, self.arena.row(fields, added, position)));
        if self.full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether the row is of a version that the filter asks for, judged among the rows of its id that the principal may see.
    fn is_wanted(&mut self, row: &EntryFields<'_>) -> Result<bool, BackendError> {
        let filter = &self.query.filter.versions;
        if !row.siblings {
            let named = || filter.specific.iter().any(|version| version.sort_key() == sort_key(row.version));
            return Ok(filter.last || filter.first || filter.all || named());
        }
        let (position, _) = self.place(row);
        if !self.lineages.contains_key(row.id) {
            let lineages = self.lineages_of(row.id)?;
            if self.lineages.len() >= LINEAGES_MAX {
                self.lineages.clear();
            }
            self.lineages.insert(row.id.to_owned(), lineages);
        }
        let Some(standing) = self.lineages.get(row.id).and_then(|lineages| lineages.standing(position)) else { return Ok(false) };
        let named = || filter.specific.iter().any(|version| version.sort_key() == sort_key(row.version));
        Ok(filter.all || (filter.last && standing.is_last) || (filter.first && standing.is_first) || named())
    }

    /// How the rows of `id` that the principal may see stand to each other.
    fn lineages_of(&self, id: &str) -> Result<Lineages, BackendError> {
        let id = ObjectId::parse(id).map_err(|error| BackendError::Damaged(error.to_string()))?;
        let mut rows = self.seen(&id, Bodies::Without)?;
        if contents_matter(&rows) {
            rows = self.seen(&id, Bodies::With)?;
        }
        Ok(Lineages::of(rows, self.audience))
    }

    fn is_for(&self, row: &EntryFields<'_>) -> bool {
        self.release.permits(row.label) && self.audience.gets(row.owner)
    }

    fn seen(&self, id: &ObjectId, bodies: Bodies) -> Result<Vec<Seen>, BackendError> {
        let mut rows = Vec::new();
        self.snapshot.rows_of(id, Some(self.query.collection.key), bodies == Bodies::With, &mut |entry| {
            let fields = entry.fields();
            if self.is_for(fields) {
                rows.push(Seen {
                    position: self.place(fields).0,
                    owner: fields.owner.to_owned(),
                    version: sort_key(fields.version).to_owned(),
                    content: if bodies == Bodies::With { content_digest(fields.body) } else { [0; 32] },
                });
            }
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    fn finish(mut self) -> Page {
        let mut next = None;
        if self.full {
            let surplus = self.rows.pop();
            let keep = surplus.map_or(self.rows.len(), |(_, surplus)| border(&self.rows, surplus.added));
            self.rows.truncate(keep);
            next = self.rows.last().map(|(_, row)| row.position);
        }
        Page { rows: self.rows.into_iter().map(|(label, row)| Sealed::new(label, row)).collect(), next }
    }
}

/// How many of `rows` to keep when the row after them was added at `following`.
fn border(rows: &[(LabelId, Row)], following: Stamp) -> usize {
    let whole = rows.iter().rposition(|(_, row)| row.added != following).map_or(0, |last| last + 1);
    if whole == 0 { rows.len() } else { whole }
}
