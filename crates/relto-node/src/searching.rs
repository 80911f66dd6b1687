//! Searching for one account: an index proposes rows, and every one that is shown is read through the gate.
//!
//! The index is brought to the state that is read before it is asked, so that what it counts and what is shown belong together. Of the versions of an
//! object the one is shown that stands on the account's pages, if it fits; others do not stand for it. An object that may be seen in part only is not
//! found, as it is not exported.

use std::collections::{BTreeMap, HashSet};

use relto_gate::{Cleared, LabelId, Principal, clear};
use relto_model::Label;
use relto_model::text::shortened;
use relto_policy::{BannerPart, banner};
use relto_store::{
    Candidate, CollectionKey, Excerpt, Finder, Found, Query, Row, Scope, Telling, TextError, TextIndex, VersionFilter, row_at,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::node::Node;
use crate::reading::{CollectionView, ReadError, Reading};
use crate::session::Session;

/// Most objects of one answer.
pub const SEARCH_LIMIT_MAX: usize = 1_000;
/// Objects are counted up to here.
pub const SEARCH_COUNT_MAX: usize = 1_000;
/// Pieces of text of one object.
const EXCERPTS_MAX: usize = 3;
/// How often a search begins anew because the store has gone on meanwhile.
const ATTEMPTS_MAX: usize = 20;
/// Properties that name an object.
const TITLES: [&str; 4] = ["name", "title", "value", "subject"];
/// Texts whose beginning stands for an object that has no name.
const TEXTS: [&str; 5] = ["abstract", "content", "explanation", "description", "pattern"];
/// Characters of such a beginning.
const HEADING_CHARACTERS: usize = 100;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// The query, as people write it.
    pub query: String,
    /// Only objects of these types; empty means all.
    pub kinds: Vec<String>,
    /// At most so many objects are shown.
    pub limit: usize,
}

/// An object that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: String,
    /// The collection that holds it.
    pub collection: String,
    /// The banner of its label: whom it is for is not in it.
    pub label: String,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// Whether its writer has taken it back (STIX 2.1, section 3.2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
    /// How well it fits, in thousandths: the more the better, to be compared within one answer.
    pub score_millis: u64,
    /// What fits in it.
    pub excerpts: Vec<Excerpt>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// The objects that fit best, best first.
    pub hits: Vec<SearchHit>,
    /// How many objects fit, counted up to [`SEARCH_COUNT_MAX`].
    pub found: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// How many of those counted are of each type, most first.
    pub kinds: Vec<(String, usize)>,
    /// How many of those counted have each label, most first.
    pub labels: Vec<(String, usize)>,
    /// Queries that would find something in place of words that nothing has.
    pub instead: Vec<String>,
}

/// What was found, for a display.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchShown {
    /// What was found.
    pub answer: SearchAnswer,
    /// The banner of each hit.
    pub banners: Vec<Vec<BannerPart>>,
    /// The banner of all hits together.
    pub banner: Vec<BannerPart>,
}

/// Why nothing is found.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The account cannot read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A partner gets pages, and only what can be said to it.
    #[error("`{0}` is a partner: searching is for people of this node")]
    Partner(String),
    /// The index cannot answer.
    #[error(transparent)]
    Text(#[from] TextError),
    /// This node was opened without an index.
    #[error("this node has no search index")]
    NoIndex,
    /// What the account may see changed meanwhile, or the store never stood still.
    #[error("what this user may see has changed meanwhile: ask again")]
    Cut,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// What the account `name` finds for `request`. `progress` is told how many rows the index has taken in, of how many, when it has to catch up.
    ///
    /// # Errors
    /// [`SearchError`] when there is no such account, the query cannot be understood, or on failure.
    pub fn search(&self, name: &str, request: &SearchRequest, progress: &dyn Fn(u64, u64)) -> Result<SearchAnswer, SearchError> {
        self.through_lens(name, progress, &|lens| Ok(lens.search(request)?.0))
    }

    /// What the account of `session` finds, for a display: with the banners of the hits, and of all of them together; and whom the answer is for.
    ///
    /// # Errors
    /// As [`Node::search`].
    pub fn search_shown(&self, session: &Session, request: &SearchRequest) -> Result<(SearchShown, Principal), SearchError> {
        self.through_lens_of(&|| self.reading(session), &|_, _| {}, &|lens| {
            let (answer, labels) = lens.search(request)?;
            let all = labels.iter().fold(None, |all, label| lens.reading.joined(all, *label));
            let banners = labels.iter().map(|label| lens.reading.banner_parts(*label)).collect();
            Ok(SearchShown { answer, banners, banner: lens.reading.banner_of(all.as_ref()) })
        })
    }

    /// Lets `act` find as the account `name`.
    pub(crate) fn through_lens<R>(
        &self,
        name: &str,
        progress: &dyn Fn(u64, u64),
        act: &dyn Fn(&Lens<'_>) -> Result<R, SearchError>,
    ) -> Result<R, SearchError> {
        self.through_lens_of(&|| self.reading_as(name), progress, act).map(|(result, _)| result)
    }

    /// Lets `act` find under what `read` begins to read. Returns with it whom that is for.
    pub(crate) fn through_lens_of<'n, R>(
        &'n self,
        read: &dyn Fn() -> Result<Reading<'n>, ReadError>,
        progress: &dyn Fn(u64, u64),
        act: &dyn Fn(&Lens<'_>) -> Result<R, SearchError>,
    ) -> Result<(R, Principal), SearchError> {
        let index = self.text_index().ok_or(SearchError::NoIndex)?;
        for _ in 0..ATTEMPTS_MAX {
            let reading = read()?;
            if reading.partner().is_some() {
                return Err(SearchError::Partner(reading.principal().name().to_owned()));
            }
            if let Some(finder) = reading.finder(index, progress)? {
                let result = act(&Lens::new(&reading, finder.as_ref()))?;
                return if reading.principal().is_cut() { Err(SearchError::Cut) } else { Ok((result, reading.into_principal())) };
            }
        }
        Err(SearchError::Cut)
    }
}

/// How far the search index has come, for whoever keeps the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchIndexState {
    /// How many rows it holds.
    pub rows: u64,
    /// How many events of the store it has not been told of; all, in one that is half made.
    pub behind: u64,
}

impl Node {
    /// How far the search index has come; `None` when nobody has searched yet.
    ///
    /// # Errors
    /// [`SearchError`] when the store fails or the index cannot be read.
    pub fn search_index(&self) -> Result<Option<SearchIndexState>, SearchError> {
        let (facts, _) = self.settled()?;
        let progress = self.text_index().map(|index| index.progress()).transpose()?.flatten();
        Ok(progress.map(|progress| SearchIndexState { rows: progress.rows, behind: facts.horizon.0.saturating_sub(progress.through.0) }))
    }
}

impl Reading<'_> {
    /// The index as of what is read; `None` when it is past it.
    fn finder(&self, index: &dyn TextIndex, progress: &dyn Fn(u64, u64)) -> Result<Option<Box<dyn Finder>>, TextError> {
        let directory = &self.facts().directory;
        let mut collections: Vec<CollectionKey> = directory.collections.values().map(|record| CollectionKey(record.key)).collect();
        collections.sort_unstable();
        index.as_of(&Telling { snapshot: self.snapshot(), collections: &collections, facts: directory.node.evaluated, progress })
    }
}

/// An object that its reader was cleared for, and what is known of its row.
pub(crate) struct Seen {
    /// The object.
    pub object: Json,
    /// Equal for equal content.
    pub content: u64,
    /// The label of its row.
    pub label: LabelId,
    /// The name of the collection that holds it.
    pub collection: String,
    /// Whose it is: tells versions side by side apart, and is not shown.
    pub owner: String,
}

/// One account looking into the index, under one reading.
pub(crate) struct Lens<'l> {
    reading: &'l Reading<'l>,
    finder: &'l dyn Finder,
    views: Vec<CollectionView>,
    collections: Vec<(CollectionKey, String)>,
}

impl<'l> Lens<'l> {
    fn new(reading: &'l Reading<'l>, finder: &'l dyn Finder) -> Self {
        let views: Vec<CollectionView> = reading.collections().into_iter().filter(|view| view.can_read).collect();
        let collections = views.iter().map(|view| (view.access().key, view.alias.clone())).collect();
        Self { reading, finder, views, collections }
    }

    fn find(&self, query: &str, kinds: &[String]) -> Result<Found, SearchError> {
        let scope = Scope {
            release: self.reading.principal().release(),
            audience: self.reading.audience(),
            collections: &self.collections,
            kinds,
            label_words: &|id| self.banner(id),
        };
        Ok(self.finder.find(query, &scope)?)
    }

    /// The banner of a label: whom it is for is not in it.
    pub(crate) fn banner(&self, id: LabelId) -> String {
        self.banner_over([id])
    }

    /// The banner of what all these labels come to together.
    pub(crate) fn banner_over(&self, ids: impl IntoIterator<Item = LabelId>) -> String {
        let gate = &self.reading.facts().gate;
        let labels = ids.into_iter().filter_map(|id| gate.labels().get(id)).map(|label| Label::clone(label));
        labels
            .reduce(|joined, label| joined.join(&label))
            .map(|label| banner(&label, &gate.rules().policies, gate.now()))
            .unwrap_or_default()
    }

    fn view(&self, candidate: &Candidate) -> Option<&CollectionView> {
        self.views.iter().find(|view| view.access().key == candidate.collection)
    }

    /// The row of `candidate`, if it stands for its object on the principal's pages.
    fn row(&self, candidate: &Candidate) -> Result<Option<Cleared<'l, Row>>, StoreError> {
        let Some(view) = self.view(candidate) else { return Ok(None) };
        let query: Query = view.query(VersionFilter::last());
        let place = (candidate.arrival, candidate.label);
        let principal = self.reading.principal();
        let sealed = row_at(self.reading.snapshot(), principal.release(), self.reading.audience(), &query, place)?;
        Ok(sealed.and_then(|sealed| clear(sealed, principal)))
    }

    /// Under what it looks.
    pub(crate) fn reading(&self) -> &Reading<'l> {
        self.reading
    }

    /// The objects that fit `query` and stand on the principal's pages, best first, each content once; at most `most`.
    pub(crate) fn objects(&self, query: &str, most: usize) -> Result<Vec<Json>, SearchError> {
        Ok(self.labelled(query, most)?.into_iter().map(|(object, _)| object).collect())
    }

    /// The same, each with the number of its label.
    pub(crate) fn labelled(&self, query: &str, most: usize) -> Result<Vec<(Json, LabelId)>, SearchError> {
        Ok(self.seen(query, most, &mut HashSet::new())?.into_iter().map(|seen| (seen.object, seen.label)).collect())
    }

    /// The same with what is to be shown beside them; contents of `known` are passed over, and those of the answer added to it.
    pub(crate) fn seen(&self, query: &str, most: usize, known: &mut HashSet<u64>) -> Result<Vec<Seen>, SearchError> {
        let mut all = Vec::new();
        for candidate in &self.find(query, &[])?.candidates {
            if all.len() == most {
                break;
            }
            if !known.contains(&candidate.content)
                && let (Some(row), Some(view)) = (self.row(candidate)?, self.view(candidate))
                && let Ok(object) = serde_json::from_slice(row.get().body())
            {
                known.insert(candidate.content);
                let (label, collection, owner) = (row.get().label(), view.alias.clone(), row.get().owner().to_owned());
                all.push(Seen { object, content: candidate.content, label, collection, owner });
            }
        }
        Ok(all)
    }

    /// What is found, and the numbers of the labels of the hits.
    fn search(&self, request: &SearchRequest) -> Result<(SearchAnswer, Vec<LabelId>), SearchError> {
        let found = self.find(&request.query, &request.kinds)?;
        let mut answer = SearchAnswer { instead: found.instead, more: found.more, ..SearchAnswer::default() };
        let (mut kinds, mut labels) = (BTreeMap::new(), BTreeMap::new());
        let (mut seen, mut hits) = (HashSet::new(), Vec::new());
        for candidate in &found.candidates {
            let is_shown = answer.hits.len() < request.limit.min(SEARCH_LIMIT_MAX);
            let row = if is_shown || !candidate.is_alone { self.row(candidate)? } else { None };
            let stands = row.is_some() || (candidate.is_alone && !is_shown);
            // One content is one object, in however many collections it is.
            if !stands || !seen.insert(candidate.content) {
                continue;
            }
            if answer.found == SEARCH_COUNT_MAX {
                answer.more = true;
                break;
            }
            answer.found += 1;
            *kinds.entry(candidate.kind.to_string()).or_default() += 1;
            *labels.entry(self.banner(candidate.label)).or_default() += 1;
            if let (Some(row), Some(view)) = (row.filter(|_| is_shown), self.view(candidate)) {
                let excerpts = self.finder.mark(&request.query, row.get().body(), EXCERPTS_MAX)?;
                hits.push(row.get().label());
                answer.hits.push(hit(row.get(), view, self.banner(row.get().label()), candidate.score, excerpts));
            }
        }
        (answer.kinds, answer.labels) = (most_first(kinds), most_first(labels));
        Ok((answer, hits))
    }
}

/// What `object` is called, if it is called anything.
pub(crate) fn title_of(object: &Json) -> Option<String> {
    TITLES.iter().find_map(|name| object.get(*name)?.as_str()).map(str::to_owned)
}

/// What `object` is called in a list: its name, or how its text begins.
pub(crate) fn heading_of(object: &Json) -> Option<String> {
    let begins = |text: &str| text.lines().map(str::trim).find(|line| !line.is_empty()).map(|line| shortened(line, HEADING_CHARACTERS));
    title_of(object).or_else(|| TEXTS.iter().filter_map(|name| object.get(*name)?.as_str()).find_map(begins))
}

/// Whether its writer has taken `object` back.
pub(crate) fn is_revoked(object: &Json) -> bool {
    object.get("revoked").and_then(Json::as_bool).unwrap_or_default()
}

fn hit(row: &Row, view: &CollectionView, label: String, score: f64, excerpts: Vec<Excerpt>) -> SearchHit {
    let object: Json = serde_json::from_slice(row.body()).unwrap_or_default();
    let (title, revoked) = (heading_of(&object), is_revoked(&object));
    let (id, version, collection) = (row.id().to_owned(), row.version().to_owned(), view.alias.clone());
    SearchHit { id, version, collection, label, title, revoked, score_millis: millis(score), excerpts }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "scores are sums of a few positive numbers below a hundred")]
fn millis(score: f64) -> u64 {
    (score * 1_000.0).round() as u64
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
