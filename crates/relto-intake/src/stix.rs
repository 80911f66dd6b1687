//! An analysis as a STIX 2.1 bundle: a report with everything that was read from a document beneath it.
//!
//! | read | written |
//! |---|---|
//! | the document | `report`, with the hash of the bytes that arrived |
//! | a name of one meaning | `identity`, `location`, `document`, `instrument`, `programme`, `event`, `capability` |
//! | a date, a figure | `note` with the quoted sentence, on those whom the sentence names |
//! | a relation, stated on sound text | `relationship` with the quote, where the caller asks for that; else a note |
//! | the text of a PDF, in which spans are places | `artifact` |
//! | what a model proposes, of what stands in the text | `note` beside them that says so, which the report does not refer to |
//! | any other relation, an undecided name, a word that may say the opposite | `note` that says so |
//!
//! What a document says is never made a fact: denied, planned and attributed claims, and whatever shares a sentence with a word
//! that may be inverted or with a place where something is missing, are told as notes. The same bytes, knowledge and source give
//! the same bundle, byte for byte: ids come from the hash of the bytes, the version of the rules, and the place or name.
//!
//! A place is a `location` only where its country or region is known, an event an `event` only where one date stands beside it, as
//! these kinds demand; others are named in the report. No label is chosen here: the caller gives the markings, the join of those
//! of all inputs. How sure each object is stands in `ground`, the common form in `form`.
//!
//! # Example
//! ```
//! use relto_intake::{Knowledge, analyse, stix};
//!
//! let analysis = analyse("On 17 May 2023 France cooperates with Germany.".into(), &Knowledge::builtin()?)?;
//! let published = relto_model::Timestamp::parse("2026-11-27T08:00:00.000Z")?;
//! let source = stix::Source { name: "story.txt".into(), media_type: None, published, address: None, markings: Vec::new(),
//!     relations: stix::Relations::Asserted, title: None, item: None, part_of: None, original_sha256: None };
//! let bundle = stix::bundle(&analysis, &source)?;
//! assert!(bundle.contains(r#""relationship_type":"cooperates-with""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod country;
mod form;
mod ground;
mod proposed;
pub mod revise;
mod says;
pub mod story;
mod things;

use crate::acquire::Letter;
use crate::analysis::Analysis;
use crate::proposals::{Proposed, Proposer};
use crate::text::sentences;
use form::{Collected, Form};
use ground::Grounds;
use relto_model::{ObjectId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use things::Things;

pub use form::{EXTENSION, RULES, report_id};
pub(crate) use form::{NAMESPACE, shortened};

/// Characters of a report's name.
const NAME_CHARACTERS_MAX: usize = 200;
/// Objects below a report: a hostile document dates every word, and each note quotes a sentence.
const OBJECTS_MAX: usize = 5_000;
/// So many names that have no object are told in the report's description.
const NAMES_TOLD_MAX: usize = 100;

/// Where a document came from, as the caller knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// File name or address.
    pub name: String,
    /// What kind of file it was.
    pub media_type: Option<String>,
    /// When it was published, or else when it was taken in; also when the objects say they were made.
    pub published: Timestamp,
    /// Where it can be read again.
    pub address: Option<String>,
    /// The markings that every object carries: the join of those of the document and of all that it was read with.
    pub markings: Vec<ObjectId>,
    /// What becomes of relations.
    pub relations: Relations,
    /// The document's own heading; else its first line is the report's name.
    pub title: Option<String>,
    /// Which item of a feed it is: the items share their bytes, and must not share their ids.
    pub item: Option<String>,
    /// The letter that it is a part of.
    pub part_of: Option<Letter>,
    /// SHA-256 of the document in hexadecimal, where what was read is a rendition of it (of a PDF, its text).
    pub original_sha256: Option<String>,
}

/// What becomes of a relation that a document states on sound text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relations {
    /// A note, as everything else that a document says: somebody is to look at it first. The grammar knows few of the ways in which languages doubt and deny.
    Claimed,
    /// A relationship.
    Asserted,
}

/// Why no bundle can be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// STIX does not know sources without a name.
    #[error("the source of the document has no name")]
    NoName,
    /// Not JSON, which no analysis should bring about.
    #[error("the bundle cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// The bundle of a document, as JSON on one line; the report comes first, and every reference but markings resolves inside.
///
/// # Errors
/// [`WriteError::NoName`] when the source has no name.
pub fn bundle(analysis: &Analysis, source: &Source) -> Result<String, WriteError> {
    written(analysis, source, None)
}

/// The same with what a model proposes: a note for each, behind all that [`bundle`] writes, which stays byte for byte as it is.
///
/// # Errors
/// As [`bundle`].
pub fn bundle_with(analysis: &Analysis, source: &Source, proposer: &Proposer, proposals: &[Proposed]) -> Result<String, WriteError> {
    written(analysis, source, Some((proposer, proposals)))
}

fn written(analysis: &Analysis, source: &Source, proposed: Option<(&Proposer, &[Proposed])>) -> Result<String, WriteError> {
    if source.name.trim().is_empty() {
        return Err(WriteError::NoName);
    }
    let form = Form::new(&analysis.raw, source);
    let grounds = Grounds::of(analysis);
    let report_id = form.id("report", "");
    let mut collected = Collected::at_most(OBJECTS_MAX);
    let things = Things::write(analysis, &form, &grounds, &mut collected);
    let says = says::Says { analysis, form: &form, grounds: &grounds, things: &things, report_id: &report_id };
    says.write(&mut collected);
    if source.original_sha256.is_some() {
        collected.add_beyond(form.rendition());
    }
    let report = report(analysis, &form, &things, &collected);
    let beside = proposed.map(|(proposer, proposals)| proposed::notes(&says, proposer, proposals)).unwrap_or_default();
    let objects: Vec<Value> = std::iter::once(report).chain(collected.into_objects()).chain(beside).collect();
    Ok(serde_json::to_string(&json!({ "type": "bundle", "id": form.id("bundle", ""), "objects": objects }))?)
}

fn report(analysis: &Analysis, form: &Form<'_>, things: &Things<'_>, collected: &Collected) -> Value {
    let source = form.source();
    let mut origin = Map::new();
    origin.insert("source_name".to_owned(), json!(source.name));
    // A reference says more than its source's name (STIX 2.1, section 2.5).
    match source.address.as_deref().filter(|address| !address.is_empty()) {
        Some(address) => origin.insert("url".to_owned(), json!(address)),
        None => origin.insert("external_id".to_owned(), json!(form.original_sha256())),
    };
    origin.insert("hashes".to_owned(), json!({ "SHA-256": form.original_sha256() }));
    let mail = source.part_of.as_ref().map(Letter::key).filter(|mail| !mail.is_empty());
    let mail = mail.map(|mail| json!({ "source_name": "mail that it is part of", "external_id": mail }));
    let references: Vec<Value> = std::iter::once(Value::Object(origin)).chain(mail).collect();
    let own = json!({
        "name": heading(source).or_else(|| title(analysis)).unwrap_or_else(|| form::shortened(&source.name, NAME_CHARACTERS_MAX)),
        "description": description(analysis, things, collected.left_out()),
        "published": source.published.as_str(),
        "object_refs": collected.ids(),
        "external_references": references,
    });
    form.report(own, &ground::whole(analysis))
}

/// What the document says that it is called.
fn heading(source: &Source) -> Option<String> {
    let said = source.title.as_deref().map(str::trim).filter(|title| !title.is_empty())?;
    Some(form::shortened(said, NAME_CHARACTERS_MAX))
}

/// The first line that says anything, or of a long one the first sentence.
fn title(analysis: &Analysis) -> Option<String> {
    let line = analysis.repaired.text().lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric))?;
    let is_long = line.chars().count() > NAME_CHARACTERS_MAX;
    let sentence = sentences(line).into_iter().find_map(|first| line.get(first.range())).filter(|_| is_long);
    Some(form::shortened(sentence.unwrap_or(line), NAME_CHARACTERS_MAX))
}

/// What a reader should know before the parts: how the document was read, and which names have no object.
fn description(analysis: &Analysis, things: &Things<'_>, left_out: usize) -> String {
    let mut parts = vec![format!(
        "Read by {RULES} from the bytes with the hash given: {} edits, {} places where something is missing, {} words that may say the opposite; the text stands there {} times.",
        analysis.edits.len(),
        analysis.gaps.len(),
        analysis.polarity_flags.len(),
        analysis.copies.max(1),
    )];
    let names: Vec<&str> = things.untold().iter().copied().take(NAMES_TOLD_MAX).collect();
    if !names.is_empty() {
        let more = things.untold().len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        parts.push(format!("It also names: {}{more}.", names.join("; ")));
    }
    if left_out > 0 {
        parts.push(format!("{left_out} more objects were left out."));
    }
    parts.join(" ")
}
