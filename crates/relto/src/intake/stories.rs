//! `relto intake stories`: which of the documents that somebody may see are copies of each other, and publishing that.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use relto_intake::Knowledge;
use relto_intake::copies::{Document, Index, Key, Kind};
use relto_intake::kept::{Input, additions, reopened};
use relto_intake::repair::repair;
use relto_intake::stix::Source as DocumentSource;
use relto_intake::stix::story::{Telling, campaign_id, story};
use relto_intake::stories::{Story, stories as told_by};
use relto_model::Timestamp;
use relto_node::{LoadRequest, Source, StoryRequest};
use serde::Serialize;

use super::again::write_json;
use super::library::Library;
use crate::cli::IntakeStories;
use crate::command::{Command, Intaking};
use crate::failure::Failure;
use crate::render::{STRONG, WARNING, show_table, table};
use crate::run::{Bar, run};

/// A story as it is shown.
#[derive(Serialize)]
struct Shown<'s> {
    /// The id of its campaign.
    id: String,
    /// What its first document is called.
    name: String,
    /// Its documents in the order in which they appeared.
    documents: Vec<ShownMember<'s>>,
    /// The names under which it came within hours, if there are many.
    coordinated: Vec<&'s str>,
}

#[derive(Serialize)]
struct ShownMember<'s> {
    report: &'s str,
    source: &'s str,
    published: &'s str,
    /// How it is a copy; none for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    copy: Option<Kind>,
    /// The report that it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'s str>,
    /// How much of it stands there, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u32>,
    is_stitched: bool,
}

/// Shows the stories, or publishes one.
///
/// # Errors
/// [`Failure`] when somebody is none, or nothing is published.
pub(super) fn stories(form: &IntakeStories) -> Result<ExitCode, Failure> {
    let library = Library::of(&form.place.data, Intaking::Seen { user: form.user.clone() })?;
    let seen = Seen::of(&library, &|_| true)?;
    let all = told_by(&seen.index);
    if let (Some(id), Some(collection)) = (&form.publish, &form.collection) {
        let found = story_of(&all, id).ok_or_else(|| {
            Failure::not_found(format!("`{}` sees no story `{id}`", form.user))
                .help("`relto intake stories --data DIR --as NAME` shows all with their ids")
        })?;
        let reports: BTreeSet<&str> = found.members.iter().map(|member| seen.report(&member.key)).collect();
        return publish(form, (id, collection), &library, &reports);
    }
    let shown: Vec<Shown<'_>> = all.iter().map(|story| seen.shown(story)).collect();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let written = if form.place.json { write_json(&shown, &mut out) } else { show(&shown, &mut out) };
    crate::told(written.and_then(|()| out.flush()))
}

/// The documents that somebody sees.
struct Seen {
    index: Index,
    reports: BTreeMap<Key, String>,
    titles: BTreeMap<Key, String>,
}

impl Seen {
    /// Of those whose report `is_meant`.
    fn of(library: &Library, is_meant: &dyn Fn(&str) -> bool) -> Result<Self, Failure> {
        let names = library.names();
        let inputs: Vec<Input> = library.inputs(&names).into_iter().cloned().collect();
        let knowledge = Knowledge::with(&additions(inputs.iter())).map_err(|error| Failure::of("the lists cannot be used", &error))?;
        let mut seen = Self { index: Index::default(), reports: BTreeMap::new(), titles: BTreeMap::new() };
        let bar = Bar::of_documents(library.seen.len());
        for (report, source, content) in library.seen.iter().filter(|(report, ..)| is_meant(report)) {
            seen.add(report, source, content, &knowledge)?;
            bar.bar().inc(1);
        }
        Ok(seen)
    }

    fn add(&mut self, report: &str, source: &str, content: &str, knowledge: &Knowledge) -> Result<(), Failure> {
        let unread = |error: &dyn std::error::Error| Failure::of(&format!("{report}: cannot be read again"), error);
        let source: DocumentSource = serde_json::from_str(source).map_err(|error| unread(&error))?;
        let content = STANDARD.decode(content).map_err(|error| unread(&error))?;
        let (raw, decoded) = reopened(&source, content).map_err(|error| unread(&error))?;
        let repaired = repair(&decoded, knowledge.chinese(), knowledge.cues()).map_err(|error| unread(&error))?;
        let document = Document::new(&raw, &repaired.reading, &published_under(&source), source.published.clone(), knowledge);
        let document = document.map_err(|error| unread(&error))?.of_item(source.item.clone());
        let key = document.key().clone();
        self.reports.insert(key.clone(), report.to_owned());
        self.titles.insert(key, source.title.unwrap_or(source.name));
        self.index.add(document);
        Ok(())
    }

    fn report(&self, key: &Key) -> &str {
        self.reports.get(key).map_or("", String::as_str)
    }

    fn name(&self, story: &Story) -> String {
        story.first().and_then(|first| self.titles.get(first)).cloned().unwrap_or_else(|| "a story".to_owned())
    }

    fn shown<'s>(&'s self, story: &'s Story) -> Shown<'s> {
        let documents = story.members.iter().map(|member| ShownMember {
            report: self.report(&member.key),
            source: &member.key.name,
            published: member.key.published.as_str(),
            copy: member.origin.as_ref().map(|origin| origin.kind),
            of: member.origin.as_ref().map(|origin| self.report(&origin.key)),
            percent: member.origin.as_ref().map(|origin| origin.per_mille / 10),
            is_stitched: member.is_stitched,
        });
        Shown {
            id: story.first().map(campaign_id).unwrap_or_default(),
            name: self.name(story),
            documents: documents.collect(),
            coordinated: story.coordination.iter().flat_map(|together| together.names.iter().map(String::as_str)).collect(),
        }
    }
}

/// Under which name a document appeared: the site, where it says which, or what its file is called.
fn published_under(source: &DocumentSource) -> String {
    let rest = source.address.as_deref().and_then(|address| address.split_once("://"));
    let site = rest.and_then(|(_, rest)| rest.split(['/', '?', '#', ':']).next()).filter(|site| !site.is_empty());
    site.map_or_else(|| source.name.clone(), str::to_owned)
}

fn show(stories: &[Shown<'_>], out: &mut dyn Write) -> io::Result<()> {
    for story in stories {
        writeln!(out, "{STRONG}{}{STRONG:#}", story.name)?;
        let mut shown = table(["appeared", "source", "how", "report"]);
        for document in &story.documents {
            let how = match (document.copy, document.percent, document.of) {
                (Some(kind), Some(percent), Some(of)) => format!("{}, {percent} % of {of}", super::shown::word(&kind)),
                _ => "first".to_owned(),
            };
            let stitched = if document.is_stitched { "; other parts are of another story" } else { "" };
            shown.add_row([document.published, document.source, &format!("{how}{stitched}"), document.report]);
        }
        show_table(&shown, "", out)?;
        if !story.coordinated.is_empty() {
            writeln!(
                out,
                "{WARNING}looks coordinated{WARNING:#}: within hours under {}; an agency and its customers look the same",
                story.coordinated.join(", ")
            )?;
        }
        writeln!(out, "{}", story.id)?;
    }
    if stories.is_empty() { writeln!(out, "no two documents are copies of each other") } else { Ok(()) }
}

/// The story whose campaign has the id `id`.
fn story_of<'s>(stories: &'s [Story], id: &str) -> Option<&'s Story> {
    stories.iter().find(|story| story.first().is_some_and(|first| campaign_id(first) == id))
}

/// Publishes the story of the documents of `reports`, as it is without any other: whoever reads it may see those, and is to learn of no other one.
fn publish(form: &IntakeStories, (id, collection): (&str, &str), library: &Library, reports: &BTreeSet<&str>) -> Result<ExitCode, Failure> {
    let seen = Seen::of(library, &|report| reports.contains(report))?;
    let all = told_by(&seen.index);
    let found = story_of(&all, id).filter(|found| found.members.len() == reports.len()).ok_or_else(|| {
        Failure::new(format!("the documents of `{id}` are one story only beside others that `{}` sees", form.user))
            .help("publish it as somebody who sees no more than its readers will")
    })?;
    let written = library.now.and_then(|now| Timestamp::parse(&now.to_string()).ok());
    let written = written.ok_or_else(|| Failure::new("the node did not say what time it is"))?;
    let telling = Telling { name: seen.name(found), written, markings: Vec::new() };
    let bundle = story(found, &seen.index, &telling).map_err(|error| Failure::of("the story cannot be written as STIX", &error))?;
    let request = StoryRequest {
        user: form.user.clone(),
        load: LoadRequest { collection: collection.to_owned(), label: form.label.clone(), ..LoadRequest::default() },
        reports: found.members.iter().map(|member| seen.report(&member.key).to_owned()).collect(),
        inputs: library.names().into_iter().collect(),
    };
    let source = Source { name: "the story".to_owned(), content: Bytes::from(bundle) };
    let outcome = run(&form.place.data, Command::Intake(Intaking::Publish(request)), &[source], &Bar::of_objects())?;
    crate::show(&form.place, &outcome)
}
