//! A story as a STIX 2.1 bundle: a campaign, how each report of it came from which, and what is suspicious about it.
//!
//! | told | written |
//! |---|---|
//! | the story | `campaign`, from its first document to its last |
//! | a document of it | `relationship` `related-to` from its report to the campaign |
//! | the same text as an earlier one | `relationship` `duplicate-of` between their reports |
//! | an edited, cut, longer or laundered text of an earlier one | `relationship` `derived-from` between their reports, with the bytes kept, added and left out |
//! | many names within hours | `note` on the campaign and these reports |
//!
//! Reports are referred to, not written: they are those that [`super::bundle`] writes of the same bytes and date. Copying is inferred
//! from texts, and who copied whom from dates that may be wrong; every object says so by its status and its confidence. The id of a
//! campaign follows from its first document, so that a story that grows keeps it and is a new version, from the time that the
//! caller gives. The caller gives the markings as well: the join of those of all documents and of the lexicon.

use super::WriteError;
use super::form::{EXTENSION, NAMESPACE, RULES, milliseconds, report_id, shortened};
use crate::copies::{Index, Key, Kind};
use crate::span::RawSpan;
use crate::stories::{Coordination, Member, Origin, Story};
use relto_model::{ObjectId, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How sure it is that equal texts are copies, that edited ones are, and that laundered ones are.
const EXACT: u8 = 85;
const EDITED: u8 = 60;
const LAUNDERED: u8 = 30;
/// Many names within hours: agencies and their customers look alike.
const COORDINATED: u8 = 30;
const NAME_CHARACTERS_MAX: usize = 200;
/// Spans that one object tells of; a text cut to pieces has very many.
const SPANS_MAX: usize = 200;
/// Documents of a story that are written, those that appeared first: a campaign of thousands is told by its beginning and its count.
const MEMBERS_MAX: usize = 1_000;

/// What the caller knows of a story.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What it is to be called.
    pub name: String,
    /// When it is written down: a story that grew is written again, later, under the same ids.
    pub written: Timestamp,
    /// The markings that every object carries: the join of those of all its documents and of the lexicon.
    pub markings: Vec<ObjectId>,
}

/// The bundle of `story`, as JSON on one line; the campaign comes first. `index` is the one that the story was read from.
///
/// # Errors
/// [`WriteError::NoName`] when it is to be called nothing, or has no documents.
pub fn story(story: &Story, index: &Index, telling: &Telling) -> Result<String, WriteError> {
    let Some(first) = story.first().filter(|_| !telling.name.trim().is_empty()) else { return Err(WriteError::NoName) };
    let teller = Teller { index, telling, first };
    let mut objects = vec![teller.campaign(story)];
    for member in story.members.iter().take(MEMBERS_MAX) {
        objects.push(teller.belongs(member));
        objects.extend(member.origin.as_ref().map(|origin| teller.descends(member, origin)));
    }
    objects.extend(story.coordination.as_ref().map(|coordination| teller.haste(coordination)));
    Ok(serde_json::to_string(&json!({ "type": "bundle", "id": teller.id("bundle", ""), "objects": objects }))?)
}

struct Teller<'t> {
    index: &'t Index,
    telling: &'t Telling,
    first: &'t Key,
}

/// Where an object comes from: the document, its bytes, and how it was read.
struct Source<'s> {
    document: &'s Key,
    spans: Vec<RawSpan>,
    is_laundered: bool,
    rule: Option<&'static str>,
}

impl Teller<'_> {
    /// The id of what `key` tells apart among the story's objects of `kind`.
    fn id(&self, kind: &str, key: &str) -> String {
        id(self.first, kind, key)
    }

    fn campaign(&self, story: &Story) -> Value {
        let names: BTreeSet<&str> = story.members.iter().map(|member| member.key.name.as_str()).collect();
        let kinds =
            |kind: Kind| story.members.iter().filter(|member| member.origin.as_ref().is_some_and(|origin| origin.kind == kind)).count();
        let last = story.members.last().map_or(self.first, |member| &member.key);
        let description = format!(
            "One text in {} documents under {} names, first under {} and last under {}: of earlier ones {} are exact copies, {} edited, {} hold or are held by the other, {} laundered. \
             Read by {RULES} from the texts; when each appeared is what its source says.",
            story.members.len(),
            names.len(),
            self.first.name,
            last.name,
            kinds(Kind::Exact),
            kinds(Kind::Near),
            kinds(Kind::Contained),
            kinds(Kind::Laundered),
        );
        let own = json!({
            "name": shortened(&self.telling.name, NAME_CHARACTERS_MAX),
            "description": description,
            "first_seen": self.first.published.as_str(),
            "last_seen": last.published.as_str(),
        });
        self.object("campaign", "", own, None, &Source { document: self.first, spans: Vec::new(), is_laundered: false, rule: None })
    }

    /// That a document is of the story.
    fn belongs(&self, member: &Member) -> Value {
        let stitched = if member.is_stitched { "; other parts of it are of another story" } else { "" };
        let own = json!({
            "relationship_type": "related-to",
            "description": format!("{} published a text of this story on {}{stitched}.", member.key.name, member.key.published.as_str()),
            "source_ref": report(&member.key),
            "target_ref": self.id("campaign", ""),
        });
        let (spans, kind) = member.origin.as_ref().map_or((Vec::new(), Kind::Exact), |origin| (origin.kept.clone(), origin.kind));
        self.object("relationship", &told("member", &member.key), own, Some(sure(kind)), &self.source(&member.key, spans, kind))
    }

    /// Which earlier document one came from.
    fn descends(&self, member: &Member, origin: &Origin) -> Value {
        let parts = [("It added bytes", &origin.added), ("It left out of the earlier document bytes", &origin.left_out)];
        let parts = parts.iter().filter(|(_, spans)| !spans.is_empty()).map(|(what, spans)| format!(" {what} {}.", listed(spans)));
        let description = format!(
            "{}.{} of the text stands in the earlier document of {}, published on {}.{}",
            how(origin.kind),
            percent(origin.per_mille),
            origin.key.name,
            origin.key.published.as_str(),
            parts.collect::<String>(),
        );
        // One report is no copy of itself: the same bytes under two names and one date are one report.
        let target = report(&origin.key);
        let same = target == report(&member.key);
        let own = json!({
            "relationship_type": match origin.kind { _ if same => "related-to", Kind::Exact => "duplicate-of", _ => "derived-from" },
            "description": description,
            "source_ref": report(&member.key),
            "target_ref": if same { self.id("campaign", "") } else { target },
        });
        let source = self.source(&member.key, origin.kept.clone(), origin.kind);
        self.object("relationship", &told("origin", &member.key), own, Some(sure(origin.kind)), &source)
    }

    fn haste(&self, coordination: &Coordination) -> Value {
        let names: Vec<&str> = coordination.names.iter().map(String::as_str).collect();
        let laundered = if coordination.is_laundered { ", one of them at least in other words" } else { "" };
        let words = format!("One text under {} names within six hours{laundered}: {}.", names.len(), shortened(&names.join(", "), 2_000));
        let reports: BTreeSet<String> = coordination.documents.iter().take(MEMBERS_MAX).map(report).collect();
        let refs: Vec<String> = std::iter::once(self.id("campaign", "")).chain(reports).collect();
        let own = json!({
            "abstract": "Looks coordinated",
            "content": format!("{words} It looks coordinated; an agency and its customers look the same."),
            "object_refs": refs,
        });
        let source =
            Source { document: self.first, spans: Vec::new(), is_laundered: coordination.is_laundered, rule: Some("coordination") };
        self.object("note", "coordination", own, Some(COORDINATED), &source)
    }

    fn source<'s>(&self, document: &'s Key, spans: Vec<RawSpan>, kind: Kind) -> Source<'s> {
        let rule = match kind {
            Kind::Exact => "copy-exact",
            Kind::Near => "copy-near",
            Kind::Contained => "copy-contained",
            Kind::Laundered => "copy-laundered",
        };
        Source { document, spans, is_laundered: kind == Kind::Laundered, rule: Some(rule) }
    }

    fn object(&self, kind: &str, key: &str, own: Value, confidence: Option<u8>, source: &Source<'_>) -> Value {
        let created = &self.first.published;
        let modified = milliseconds(created.max(&self.telling.written).stamp());
        let created = milliseconds(created.stamp());
        let mut object = Map::new();
        let id = self.id(kind, key);
        let common = [("type", kind), ("spec_version", "2.1"), ("id", &id), ("created", &created), ("modified", &modified)];
        common.into_iter().for_each(|(name, value)| {
            object.insert(name.to_owned(), json!(value));
        });
        if let Some(confidence) = confidence {
            object.insert("confidence".to_owned(), json!(confidence));
        }
        if !self.telling.markings.is_empty() {
            let markings: Vec<&str> = self.telling.markings.iter().map(ObjectId::as_str).collect();
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
        if let Value::Object(own) = own {
            object.extend(own);
        }
        object.insert("extensions".to_owned(), json!({ EXTENSION: self.provenance(source) }));
        Value::Object(object)
    }

    fn provenance(&self, source: &Source<'_>) -> Value {
        let mut provenance = Map::new();
        let mut put = |name: &str, value: Value| provenance.insert(name.to_owned(), value);
        put("extension_type", json!("property-extension"));
        put("raw_sha256", json!(source.document.sha256));
        if let Some(document) = self.index.get(source.document) {
            put("encoding", json!(document.encoding_name()));
        }
        if !source.spans.is_empty() {
            put("spans", json!(source.spans.iter().take(SPANS_MAX).collect::<Vec<_>>()));
        }
        put("reading", json!(if source.is_laundered { "lexicon" } else { "repaired" }));
        put("status", json!("inferred"));
        if let Some(rule) = source.rule {
            put("rules", json!([rule]));
        }
        put("rule_version", json!(RULES));
        Value::Object(provenance)
    }
}

/// The id of the campaign of the story that begins with the document `first`, as [`story`] gives it.
#[must_use]
pub fn campaign_id(first: &Key) -> String {
    id(first, "campaign", "")
}

fn id(first: &Key, kind: &str, key: &str) -> String {
    let name = format!("story\n{}\n{RULES}\n{kind}\n{key}", place(first));
    format!("{kind}--{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()).hyphenated())
}

/// What tells the document apart, in words.
fn place(key: &Key) -> String {
    let item = key.item.as_ref().map(|item| format!("\nitem {item}")).unwrap_or_default();
    format!("{}\n{}\n{}{item}", key.sha256, key.published.as_str(), key.name)
}

fn report(key: &Key) -> String {
    report_id(&key.sha256, key.item.as_deref(), &key.published)
}

fn told(what: &str, key: &Key) -> String {
    format!("{what}\n{}", place(key))
}

fn sure(kind: Kind) -> u8 {
    match kind {
        Kind::Exact => EXACT,
        Kind::Near | Kind::Contained => EDITED,
        Kind::Laundered => LAUNDERED,
    }
}

fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "The same text",
        Kind::Near => "An edited text",
        Kind::Contained => "A part of a text, or a text with much else",
        Kind::Laundered => "The same text with words put for words, as the lexicon reads them",
    }
}

fn percent(per_mille: u32) -> String {
    format!(" {} %", per_mille / 10)
}

fn listed(spans: &[RawSpan]) -> String {
    let told: Vec<String> = spans.iter().take(SPANS_MAX).map(|span| format!("{}–{}", span.from, span.to)).collect();
    let more = spans.len().saturating_sub(told.len());
    let more = if more > 0 { format!(" and {more} more stretches") } else { String::new() };
    format!("{}{more}", told.join(", "))
}
