//! The list of what somebody may see, newest first, and what a search finds.

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{BROWSE_COUNT_MAX, Browsed, SEARCH_COUNT_MAX, SearchShown};

use crate::frame::{Frame, Here, Visitor};
use crate::paths::encoded;
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// Where the list stands.
pub const OBJECTS_PATH: &str = "/objects/";

/// What the page is asked for and shows.
#[derive(Debug, Clone, Copy)]
pub struct ObjectsPage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// The kinds of objects that the node knows.
    pub kinds: &'p Kinds,
    /// What was searched for; empty for the list.
    pub query: &'p str,
    /// Only this type.
    pub kind: Option<&'p str>,
    /// Only this collection.
    pub collection: Option<&'p str>,
    /// So many objects on a page, where that was asked for.
    pub rows: Option<usize>,
    /// What is shown.
    pub shown: Shown<'p>,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'p> {
    /// A page of the list, and the place of the next one, sealed.
    List(&'p Browsed, Option<&'p str>),
    /// What a search found.
    Found(&'p SearchShown),
    /// Why a search found nothing.
    Failed(SearchFailed<'p>),
}

/// Why a search found nothing.
#[derive(Debug, Clone, Copy)]
pub enum SearchFailed<'p> {
    /// The query cannot be understood; why.
    Query(&'p str),
    /// The index cannot answer now.
    Unavailable,
}

#[derive(Template)]
#[template(path = "objects.html")]
struct Page<'p> {
    frame: Frame<'p>,
    filters: Vec<Filter>,
    note: Option<String>,
    lead: Option<String>,
    trouble: Option<String>,
    instead: Vec<Link>,
    rows: Vec<Row<'p>>,
    next: Option<String>,
    first: Option<String>,
    /// Every kind there is, for whoever looks for one that none of the counted objects has: name and type.
    kinds: Vec<(String, String)>,
    /// What goes along when one is chosen.
    kept: Vec<(&'static str, &'p str)>,
}

/// One way to narrow the list.
struct Filter {
    heading: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    link: Link,
    count: Option<usize>,
    is_chosen: bool,
}

struct Link {
    words: String,
    href: String,
}

struct Row<'p> {
    id: &'p str,
    kind: String,
    title: Option<&'p str>,
    is_revoked: bool,
    collection: &'p str,
    added: Option<String>,
    banner: Banner,
    excerpts: Vec<Vec<(String, bool)>>,
}

/// The list, or what was found.
#[must_use]
pub fn objects(page: &ObjectsPage<'_>) -> Html {
    let say = page.language;
    let (banner, rows) = match page.shown {
        Shown::List(browsed, _) => (browsed.banner.as_slice(), listed(page, browsed)),
        Shown::Found(found) => (found.banner.as_slice(), hits(page, found)),
        Shown::Failed(_) => (Default::default(), Vec::new()),
    };
    let title =
        if page.query.is_empty() { say.say("objects-title").into_owned() } else { say.say_name("search-title", page.query).into_owned() };
    let frame = Frame { query: page.query, ..Frame::new(say, title, Some(page.visitor), Here::Objects, banner) };
    let mut shown = Page {
        frame,
        filters: filters(page),
        note: None,
        lead: None,
        trouble: None,
        instead: Vec::new(),
        rows,
        next: None,
        first: None,
        kinds: Vec::new(),
        kept: Vec::new(),
    };
    match page.shown {
        Shown::List(browsed, next) => {
            if browsed.is_cut {
                shown.kinds = every_kind(page);
                shown.kept = page.collection.map(|name| ("collection", name)).into_iter().collect();
            }
            shown.note = browsed.is_cut.then(|| say.say_count("objects-counted", BROWSE_COUNT_MAX).into_owned());
            shown.next = next.zip(browsed.next.as_ref()).map(|(sealed, place)| {
                let added = place.added.to_string();
                page.href(page.kind, page.collection, &[("after", &added), ("in", &place.collection), ("at", sealed)])
            });
        }
        Shown::Found(found) => {
            let key = if found.answer.more { "search-found-more" } else { "search-found" };
            shown.lead = Some(say.say_count(key, found.answer.found.min(SEARCH_COUNT_MAX)).into_owned());
            let instead = |query: &String| Link { words: query.clone(), href: format!("{OBJECTS_PATH}?{}", encoded(&[("q", query)])) };
            shown.instead = found.answer.instead.iter().map(instead).collect();
            shown.first = Some(OBJECTS_PATH.to_owned());
        }
        Shown::Failed(SearchFailed::Query(why)) => shown.trouble = Some(say.say_name("search-wrong", why).into_owned()),
        Shown::Failed(SearchFailed::Unavailable) => shown.trouble = Some(say.say("search-unavailable").into_owned()),
    }
    render(&shown)
}

impl ObjectsPage<'_> {
    /// The address of this page with other filters, and `more`.
    fn href(&self, kind: Option<&str>, collection: Option<&str>, more: &[(&str, &str)]) -> String {
        let query = (!self.query.is_empty()).then_some(("q", self.query));
        let rows = self.rows.map(|rows| rows.to_string());
        let rows = rows.as_deref().map(|rows| ("rows", rows));
        let filters = [query, kind.map(|kind| ("kind", kind)), collection.map(|name| ("collection", name)), rows];
        let all: Vec<(&str, &str)> = filters.into_iter().flatten().chain(more.iter().copied()).collect();
        if all.is_empty() { OBJECTS_PATH.to_owned() } else { format!("{OBJECTS_PATH}?{}", encoded(&all)) }
    }

    fn choice(&self, words: String, count: Option<usize>, kind: Option<&str>, collection: Option<&str>) -> Choice {
        let is_chosen = kind == self.kind && collection == self.collection;
        Choice { link: Link { words, href: self.href(kind, collection, &[]) }, count, is_chosen }
    }
}

fn filters(page: &ObjectsPage<'_>) -> Vec<Filter> {
    let say = page.language;
    let all = || say.say("filter-all").into_owned();
    let of_kinds = |kinds: &[(String, usize)]| {
        let chosen = page.kind.filter(|kind| !kinds.iter().any(|(known, _)| known == kind)).map(|kind| (kind.to_owned(), 0));
        let every = kinds.iter().cloned().chain(chosen);
        let mut choices: Vec<Choice> =
            every.map(|(kind, count)| page.choice(kind_name(say, page.kinds, &kind), Some(count), Some(&kind), page.collection)).collect();
        choices.sort_by_key(|one| one.link.words.to_lowercase());
        choices.insert(0, page.choice(all(), None, None, page.collection));
        Filter { heading: "filter-kind", choices }
    };
    match page.shown {
        Shown::List(browsed, _) => {
            let one = |(name, title, count): &(String, String, usize)| page.choice(title.clone(), Some(*count), page.kind, Some(name));
            let choices = std::iter::once(page.choice(all(), None, page.kind, None)).chain(browsed.collections.iter().map(one)).collect();
            vec![of_kinds(&browsed.kinds), Filter { heading: "filter-collection", choices }]
        }
        Shown::Found(found) => vec![of_kinds(&found.answer.kinds)],
        Shown::Failed(_) => Vec::new(),
    }
}

/// Every kind that the node knows, as people call it.
fn every_kind(page: &ObjectsPage<'_>) -> Vec<(String, String)> {
    let own = page.kinds.iter().filter(|kind| kind.class.is_some()).map(|kind| kind.name.clone());
    let known = relto_model::kinds::standard().map(str::to_owned).chain(own);
    let mut kinds: Vec<(String, String)> = known.map(|kind| (kind_name(page.language, page.kinds, &kind), kind)).collect();
    kinds.sort_by_cached_key(|(name, kind)| (name.to_lowercase(), kind.clone()));
    kinds.dedup();
    kinds
}

fn listed<'p>(page: &ObjectsPage<'p>, browsed: &'p Browsed) -> Vec<Row<'p>> {
    let row = |object: &'p relto_node::BrowsedObject| Row {
        id: &object.id,
        kind: kind_name(page.language, page.kinds, &object.id),
        title: object.title.as_deref(),
        is_revoked: object.revoked,
        collection: &object.collection,
        added: Some(moment(&object.added.to_string())),
        banner: Banner::new(&object.banner),
        excerpts: Vec::new(),
    };
    browsed.objects.iter().map(row).collect()
}

fn hits<'p>(page: &ObjectsPage<'p>, found: &'p SearchShown) -> Vec<Row<'p>> {
    let row = |(hit, banner): (&'p relto_node::SearchHit, &'p Vec<relto_node::BannerPart>)| Row {
        id: &hit.id,
        kind: kind_name(page.language, page.kinds, &hit.id),
        title: hit.title.as_deref(),
        is_revoked: hit.revoked,
        collection: &hit.collection,
        added: None,
        banner: Banner::new(banner),
        excerpts: hit.excerpts.iter().map(|excerpt| pieces(&excerpt.text, &excerpt.marks)).collect(),
    };
    found.answer.hits.iter().zip(&found.banners).map(row).collect()
}

/// `text` cut where marks begin and end, each piece with whether it is marked.
fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<(String, bool)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for (from, until) in marks {
        if let (Some(before), Some(marked)) = (text.get(at..*from), text.get(*from..*until)) {
            pieces.extend([(before.to_owned(), false), (marked.to_owned(), true)]);
            at = *until;
        }
    }
    pieces.extend(text.get(at..).map(|rest| (rest.to_owned(), false)));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// What people call the type of the object `id`, or the type `id`.
pub(crate) fn kind_name(language: Language, kinds: &Kinds, id: &str) -> String {
    let kind = id.split("--").next().unwrap_or_default();
    let own = kinds.get(kind).map(|kind| kind.display.singular.clone());
    let standard = || language.find(&format!("kind-{kind}"), None).map(std::borrow::Cow::into_owned);
    own.or_else(standard).unwrap_or_else(|| kind.to_owned())
}

/// A stamp to the minute, in UTC.
pub(crate) fn moment(stamp: &str) -> String {
    let (day, time) = stamp.split_once('T').unwrap_or((stamp, ""));
    time.get(..5).map_or_else(|| day.to_owned(), |time| format!("{day} {time}Z"))
}
