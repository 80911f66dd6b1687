//! The release desk: a form for a draft, what waits for a second person, and what was decided on.

use askama::Template;
use relto_node::{DRAFT_BYTES_MAX, Desk, DeskEntry, DeskStage};

use crate::frame::{Frame, Here, Visitor};
use crate::objects::moment;
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// Where the desk stands.
pub const DESK_PATH: &str = "/release/";
/// Where drafts stand; below it, each by its id.
pub const DRAFTS_PATH: &str = "/release/drafts/";
/// Where proposals stand.
pub const PROPOSALS_PATH: &str = "/release/proposals/";
/// Where releases stand.
pub const RELEASES_PATH: &str = "/release/releases/";

/// What the desk shows.
#[derive(Debug, Clone, Copy)]
pub struct DeskPage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// What there is.
    pub desk: &'p Desk,
    /// The drafts of the session.
    pub drafts: &'p [OpenDraft],
    /// What did not work.
    pub trouble: Option<&'p DeskTrouble>,
    /// The collection that was chosen before.
    pub collection: &'p str,
    /// The label that was written before.
    pub label: &'p str,
}

/// A draft of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDraft {
    /// Its id, which this session alone can name.
    pub id: String,
    /// What the file is called.
    pub name: String,
    /// The collection that it is for.
    pub collection: String,
}

/// What did not work at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskTrouble {
    /// There is neither a file nor a text.
    Nothing,
    /// The file cannot be read; why.
    Form(String),
    /// There are so many objects, and that is too many.
    TooMany(usize),
    /// The label cannot be read; why.
    Label(String),
    /// There is no such object in the draft.
    NoObject,
    /// Some objects would be refused.
    Refused,
    /// What would happen is not what was looked at.
    Changed,
    /// A second person has to decide.
    SecondPerson,
    /// Nobody could decide.
    NobodyDecides,
    /// Too much waits.
    Full,
    /// Too many drafts are open.
    Drafts,
}

impl DeskTrouble {
    /// In words.
    pub(crate) fn say(&self, say: Language) -> String {
        let key = match self {
            Self::Form(why) => return say.say_name("desk-trouble-form", why).into_owned(),
            Self::Label(why) => return say.say_name("desk-trouble-label", why).into_owned(),
            Self::TooMany(count) => return say.say_count("desk-trouble-many", *count).into_owned(),
            Self::Nothing => "desk-trouble-nothing",
            Self::NoObject => "desk-trouble-object",
            Self::Refused => "desk-trouble-refused",
            Self::Changed => "desk-trouble-changed",
            Self::SecondPerson => "desk-trouble-second",
            Self::NobodyDecides => "desk-trouble-nobody",
            Self::Full => "desk-trouble-full",
            Self::Drafts => "desk-trouble-drafts",
        };
        say.say(key).into_owned()
    }
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Page<'p> {
    frame: Frame<'p>,
    csrf: &'p str,
    trouble: Option<String>,
    collections: &'p [(String, String)],
    collection: &'p str,
    label: &'p str,
    file_text: String,
    drafts: Vec<Draft<'p>>,
    waiting: Vec<Entry<'p>>,
    decided: Vec<Entry<'p>>,
}

struct Draft<'p> {
    href: String,
    name: &'p str,
    collection: &'p str,
}

/// A proposal or a release in a list.
struct Entry<'p> {
    href: String,
    name: &'p str,
    banner: Banner,
    objects: String,
    by: String,
    at: String,
    stage: String,
    reason: Option<&'p str>,
}

/// The release desk.
#[must_use]
pub fn desk(page: &DeskPage<'_>) -> Html {
    let say = page.language;
    let title = say.say("desk-title").into_owned();
    let draft = |draft: &'_ OpenDraft| format!("{DRAFTS_PATH}{}/", draft.id);
    let drafts = page.drafts.iter().map(|open| Draft { href: draft(open), name: &open.name, collection: &open.collection });
    render(&Page {
        frame: Frame::new(say, title, Some(page.visitor), Here::Release, &page.desk.banner),
        csrf: page.visitor.csrf,
        trouble: page.trouble.map(|trouble| trouble.say(say)),
        collections: &page.desk.collections,
        collection: page.collection,
        label: page.label,
        file_text: say.say_count("desk-file-text", DRAFT_BYTES_MAX >> 20).into_owned(),
        drafts: drafts.collect(),
        waiting: page.desk.waiting.iter().map(|one| entry(say, one)).collect(),
        decided: page.desk.decided.iter().map(|one| entry(say, one)).collect(),
    })
}

fn entry(say: Language, entry: &DeskEntry) -> Entry<'_> {
    let (at, reason) = match &entry.stage {
        DeskStage::Waiting => (entry.at, None),
        DeskStage::Published { at, .. } => (*at, None),
        DeskStage::Declined { at, reason, .. } => (*at, Some(reason.as_str()).filter(|reason| !reason.is_empty())),
    };
    Entry {
        href: href(entry),
        name: &entry.name,
        banner: Banner::new(&entry.banner),
        objects: say.say_count("desk-objects", entry.objects).into_owned(),
        by: say.say_name("desk-by", &entry.by).into_owned(),
        at: moment(&at.to_string()),
        stage: stage(say, &entry.stage),
        reason,
    }
}

/// Where the entry has its page.
pub(crate) fn href(entry: &DeskEntry) -> String {
    let path = if matches!(entry.stage, DeskStage::Published { .. }) { RELEASES_PATH } else { PROPOSALS_PATH };
    format!("{path}{}/", entry.id)
}

/// What became of it, in words.
pub(crate) fn stage(say: Language, stage: &DeskStage) -> String {
    match stage {
        DeskStage::Waiting => say.say("desk-stage-waiting").into_owned(),
        DeskStage::Published { by, .. } => say.say_name("desk-stage-published", by).into_owned(),
        DeskStage::Declined { by, .. } => say.say_name("desk-stage-declined", by).into_owned(),
    }
}
