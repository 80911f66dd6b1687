//! A draft or a proposal: objects by recipients, with the reason for each, and what may be done with it.

use askama::Template;
use relto_model::kinds::Kinds;
use relto_node::{DeskEntry, DeskFinding, DeskLabel, DeskMatrix, DeskObject, DeskRefusal, DeskStage, Draft};

use crate::desk::{DESK_PATH, DRAFTS_PATH, DeskTrouble, PROPOSALS_PATH, href, stage};
use crate::frame::{Frame, Here, Visitor};
use crate::mark::Mark;
use crate::objects::kind_name;
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// Objects on one page.
pub const MATRIX_ROWS: usize = 100;
/// Refused objects that are listed.
const REFUSED_MAX: usize = 100;

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct MatrixPage<'p> {
    /// The language.
    pub language: Language,
    /// Who is signed in.
    pub visitor: Visitor<'p>,
    /// The kinds of objects that the node knows.
    pub kinds: &'p Kinds,
    /// Whose matrix it is.
    pub of: MatrixOf<'p>,
    /// The matrix; none when a label cannot be read, or everything is decided.
    pub matrix: Option<&'p DeskMatrix>,
    /// Which page of it, from one.
    pub page: usize,
    /// What did not work.
    pub trouble: Option<&'p DeskTrouble>,
}

/// Whose matrix it is.
#[derive(Debug, Clone, Copy)]
pub enum MatrixOf<'p> {
    /// A draft of the session, by its id.
    Draft(&'p str, &'p Draft),
    /// A proposal.
    Proposal(&'p DeskEntry),
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page<'p> {
    frame: Frame<'p>,
    csrf: &'p str,
    kind: String,
    lead: String,
    trouble: Option<String>,
    fate: Option<Fate<'p>>,
    refused: &'p [DeskRefusal],
    refused_title: String,
    refused_more: Option<String>,
    label_form: Option<LabelForm<'p>>,
    /// How to read the matrix, and whom it is about.
    note: String,
    legend: Vec<Mark>,
    columns: Vec<Column<'p>>,
    further: Option<String>,
    groups: Vec<Group<'p>>,
    pages: Vec<PageLink>,
    acts: Vec<Act>,
    why: Option<String>,
    digest: &'p str,
}

/// What became of a proposal.
struct Fate<'p> {
    stage: String,
    reason: Option<&'p str>,
    href: String,
    link: String,
}

struct LabelForm<'p> {
    action: String,
    label: &'p str,
}

struct Column<'p> {
    sort: String,
    name: &'p str,
    organisation: &'p str,
}

/// The objects of one label.
struct Group<'p> {
    banner: Banner,
    count: String,
    words: Option<&'p str>,
    cells: Vec<Cell<'p>>,
    further: Option<usize>,
    objects: Vec<Object<'p>>,
}

struct Cell<'p> {
    mark: Mark,
    because: &'p [(String, String)],
}

struct Object<'p> {
    anchor: String,
    id: &'p str,
    kind: String,
    title: Option<&'p str>,
    given: Option<&'p str>,
    field: String,
    is_present: bool,
    notes: &'p [String],
    findings: &'p [DeskFinding],
    findings_title: String,
}

impl Object<'_> {
    fn given_words(&self) -> &str {
        self.given.unwrap_or_default()
    }
}

struct PageLink {
    href: String,
    words: String,
    is_here: bool,
}

/// Something that may be done, by a form.
struct Act {
    act: &'static str,
    action: String,
    words: String,
    reason: Option<String>,
    is_main: bool,
}

/// The page of a draft or a proposal.
#[must_use]
pub fn matrix(page: &MatrixPage<'_>) -> Html {
    let say = page.language;
    let (name, kind, collection, banner) = match page.of {
        MatrixOf::Draft(_, draft) => (&draft.name, "matrix-draft", &draft.collection, page.matrix.map(|matrix| matrix.banner.as_slice())),
        MatrixOf::Proposal(entry) => (&entry.name, "matrix-proposal", &entry.collection, Some(entry.banner.as_slice())),
    };
    let mut lead = vec![say.say_name("desk-in", collection).into_owned()];
    lead.extend(page.matrix.map(|matrix| say.say_count("release-objects", matrix.objects.len()).into_owned() + "."));
    if let MatrixOf::Proposal(entry) = page.of {
        lead.push(say.say_name("desk-by", &entry.by).into_owned());
    }
    let refused: &[DeskRefusal] = page.matrix.map_or(&[], |matrix| &matrix.refused);
    let (listed, more) = refused.split_at(refused.len().min(REFUSED_MAX));
    let is_of_one = page.matrix.is_some_and(|matrix| matrix.recipients.iter().all(|recipient| recipient.is_self));
    let (acts, why) = acts(page);
    render(&Page {
        frame: Frame::new(say, name.clone(), Some(page.visitor), Here::Release, banner.unwrap_or_default()),
        csrf: page.visitor.csrf,
        kind: say.say(kind).into_owned(),
        lead: lead.join(" "),
        trouble: page.trouble.map(|trouble| trouble.say(say)),
        fate: fate(page),
        refused: listed,
        refused_title: say.say_count("matrix-refused", refused.len()).into_owned(),
        refused_more: (!more.is_empty()).then(|| say.say_count("matrix-refused-more", more.len()).into_owned()),
        label_form: label_form(page),
        note: say.say(if is_of_one { "matrix-text-own" } else { "matrix-text" }).into_owned(),
        legend: Mark::legend(say),
        columns: page.matrix.map(|matrix| columns(say, matrix)).unwrap_or_default(),
        further: page.matrix.filter(|matrix| matrix.further > 0).map(|matrix| say.say_count("matrix-further", matrix.further).into_owned()),
        groups: page.matrix.map(|matrix| groups(page, matrix)).unwrap_or_default(),
        pages: page.matrix.map(|matrix| pages(page, matrix)).unwrap_or_default(),
        acts,
        why: why.map(|key| say.say(key).into_owned()),
        digest: page.matrix.map_or("", |matrix| &matrix.digest),
    })
}

impl MatrixPage<'_> {
    /// The address of what is shown.
    fn path(&self) -> String {
        match self.of {
            MatrixOf::Draft(id, _) => format!("{DRAFTS_PATH}{id}/"),
            MatrixOf::Proposal(entry) => format!("{PROPOSALS_PATH}{}/", entry.id),
        }
    }
}

fn fate<'p>(page: &MatrixPage<'p>) -> Option<Fate<'p>> {
    let MatrixOf::Proposal(entry) = page.of else { return None };
    let reason = match &entry.stage {
        DeskStage::Waiting => return None,
        DeskStage::Published { .. } => None,
        DeskStage::Declined { reason, .. } => Some(reason.as_str()).filter(|reason| !reason.is_empty()),
    };
    let is_published = matches!(entry.stage, DeskStage::Published { .. });
    let (href, key) = if is_published { (href(entry), "release-kind") } else { (DESK_PATH.to_owned(), "desk-back") };
    Some(Fate { stage: stage(page.language, &entry.stage), reason, href, link: page.language.say(key).into_owned() })
}

fn label_form<'p>(page: &MatrixPage<'p>) -> Option<LabelForm<'p>> {
    let MatrixOf::Draft(_, draft) = page.of else { return None };
    Some(LabelForm { action: page.path(), label: draft.label.as_deref().unwrap_or_default() })
}

fn columns(say: Language, matrix: &DeskMatrix) -> Vec<Column<'_>> {
    let column = |recipient: &'_ relto_node::DeskRecipient| {
        let key = if recipient.is_self { "matrix-you" } else { "matrix-account" };
        say.say(if recipient.is_partner { "matrix-partner" } else { key }).into_owned()
    };
    matrix.recipients.iter().map(|one| Column { sort: column(one), name: &one.name, organisation: &one.organisation }).collect()
}

/// The objects of the page, by label.
fn groups<'p>(page: &MatrixPage<'p>, matrix: &'p DeskMatrix) -> Vec<Group<'p>> {
    let shown = matrix.objects.iter().enumerate().skip((page.page.max(1) - 1) * MATRIX_ROWS).take(MATRIX_ROWS);
    let mut groups: Vec<(usize, Group<'p>)> = Vec::new();
    for (number, object) in shown {
        let Some(label) = matrix.labels.get(object.label) else { continue };
        if groups.last().is_none_or(|(at, _)| *at != object.label) {
            groups.push((object.label, group(page.language, matrix, label)));
        }
        if let Some((_, group)) = groups.last_mut() {
            group.objects.push(row(page, number, object));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn group<'p>(say: Language, matrix: &DeskMatrix, label: &'p DeskLabel) -> Group<'p> {
    Group {
        banner: Banner::new(&label.banner),
        count: say.say_count("desk-objects", label.objects).into_owned(),
        words: label.words.as_deref(),
        cells: label.cells.iter().map(|cell| Cell { mark: Mark::of(say, cell.decision), because: &cell.because }).collect(),
        further: (matrix.further > 0).then_some(label.further),
        objects: Vec::new(),
    }
}

fn row<'p>(page: &MatrixPage<'p>, number: usize, object: &'p DeskObject) -> Object<'p> {
    let say = page.language;
    let title = object.title.as_deref();
    Object {
        anchor: format!("object-{}", number + 1),
        id: object.id.as_str(),
        kind: kind_name(say, page.kinds, object.id.as_str()),
        title,
        given: object.given.as_deref(),
        field: say.say_name("matrix-own-label-of", title.unwrap_or(object.id.as_str())).into_owned(),
        is_present: object.is_present,
        notes: &object.notes,
        findings: &object.findings,
        findings_title: say.say_count("matrix-findings", object.findings.len()).into_owned(),
    }
}

fn pages(page: &MatrixPage<'_>, matrix: &DeskMatrix) -> Vec<PageLink> {
    let count = matrix.objects.len().div_ceil(MATRIX_ROWS);
    if count < 2 {
        return Vec::new();
    }
    let link = |number: usize| PageLink {
        href: format!("{}?page={number}", page.path()),
        words: format!("{}–{}", (number - 1) * MATRIX_ROWS + 1, (number * MATRIX_ROWS).min(matrix.objects.len())),
        is_here: number == page.page.max(1),
    };
    (1..=count).map(link).collect()
}

/// What may be done, and what is to be known of that.
fn acts(page: &MatrixPage<'_>) -> (Vec<Act>, Option<&'static str>) {
    let act = |act, key, is_main| Act { act, action: page.path(), words: page.language.say(key).into_owned(), reason: None, is_main };
    let is_sound = page.matrix.is_some_and(|matrix| !matrix.objects.is_empty() && matrix.refused.is_empty());
    match page.of {
        MatrixOf::Draft(..) => {
            let may_publish = page.matrix.is_some_and(|matrix| matrix.may_publish);
            let (first, why) = if may_publish {
                (act("publish", "matrix-publish", true), None)
            } else {
                (act("propose", "matrix-propose", true), Some("matrix-propose-text"))
            };
            let acts = is_sound.then_some(first).into_iter().chain([act("discard", "matrix-discard", false)]);
            (acts.collect(), why.filter(|_| is_sound))
        }
        MatrixOf::Proposal(entry) if entry.stage == DeskStage::Waiting => {
            let reason = page.language.say("matrix-reason").into_owned();
            let no = |key| Act { reason: Some(reason.clone()), ..act("decline", key, false) };
            if entry.may_decide {
                (is_sound.then(|| act("approve", "matrix-approve", true)).into_iter().chain([no("matrix-decline")]).collect(), None)
            } else {
                (entry.is_own.then(|| no("matrix-take-back")).into_iter().collect(), Some("matrix-wait-text"))
            }
        }
        MatrixOf::Proposal(_) => (Vec::new(), None),
    }
}
