//! What is kept of a document so that it can be read again, and which documents must be when lists and corrections change.
//!
//! ```text
//!  bytes, inputs ──► Kept: its text, its names, its bundle ──┐
//!  inputs before, inputs now ──► Changes ────────────────────┴──► touched? ──► read anew ──► Revision
//! ```
//!
//! A change touches a document when something of it can stand there: each word of a name, as far as an ending may leave it, or the
//! laundered word. That errs on the safe side only: what is not touched would be read just as before, which a property test holds.
//!
//! Labels are not known here: whoever calls gives the inputs that every reader of the document may see.

use crate::acquire::{self, Member, ReadError};
use crate::analysis::{Analysis, analyse_corrected};
use crate::chinese::script::{Script, is_han};
use crate::corrections::{Correction, Corrections};
use crate::gazetteer::{GazetteerError, Named, spaced_words, without_ending};
use crate::knowledge::{Additions, Knowledge, KnowledgeError, shipped_names};
use crate::lists::{Entry, Fault, List, ListKind};
use crate::raw::Raw;
use crate::reading::{ApplyError, Reading};
use crate::span::RawSpan;
use crate::stix::revise::{Revision, revised, with_proposals};
use crate::stix::{self, Source, WriteError};
use relto_model::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a sentence that is shown for a decision.
const SENTENCE_CHARACTERS_MAX: usize = 300;

/// Something that documents are read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A list.
    List(List),
    /// The decisions on one document.
    Corrections(Corrections),
}

/// What is kept of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where it came from.
    pub source: Source,
    /// SHA-256 of the bytes that it is read from again, in hexadecimal: those that arrived, or the rendition that was made of them.
    pub raw_sha256: String,
    /// By which rules it was read.
    pub rules: String,
    /// What it says: the bundle of all its objects, each in the version that holds.
    pub bundle: String,
    /// The ids of what it said once and says no more.
    pub revoked: BTreeSet<String>,
    /// Its text as changes are looked for in it.
    pub text: String,
    /// Everything that it names, and everything that its ambiguous names may mean.
    pub named: BTreeSet<Named>,
    /// What waits for a decision.
    pub open: Vec<Open>,
}

/// A name that may mean several things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// What stands there.
    pub name: String,
    /// What it may mean.
    pub candidates: Vec<Named>,
    /// Where it stands, in raw bytes.
    pub spans: Vec<RawSpan>,
    /// The first sentence in which it stands.
    pub sentence: String,
}

/// Why a document cannot be read again.
#[derive(Debug, thiserror::Error)]
pub enum AgainError {
    /// The bytes are not those of the document.
    #[error("the bytes that were kept are not those of the document")]
    OtherBytes,
    /// They are no document any more.
    #[error("the bytes that were kept cannot be opened")]
    Read(#[from] ReadError),
    /// A fault of ours.
    #[error("the document cannot be read")]
    Apply(#[from] ApplyError),
    /// It cannot be written as STIX.
    #[error("what was read cannot be written")]
    Write(#[from] WriteError),
    /// What was kept is no bundle.
    #[error("what was kept of the document is damaged")]
    Damaged(#[from] serde_json::Error),
}

impl Input {
    /// Reads a list (CSV), or the decisions on a document (JSON).
    ///
    /// # Errors
    /// Everything that is wrong, in order.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        if !text.starts_with('{') {
            return List::parse(text).map(Self::List);
        }
        let damaged = |error: serde_json::Error| {
            vec![Fault { line: error.line() as u64, column: None, what: format!("no decisions on a document: {error}") }]
        };
        serde_json::from_str(text).map(Self::Corrections).map_err(damaged)
    }
}

/// What `inputs` add to what is built in.
#[must_use]
pub fn additions<'i>(inputs: impl Iterator<Item = &'i Input>) -> Additions {
    let mut additions = Additions::default();
    for input in inputs {
        match input {
            Input::List(list) => additions.lists.push(list.clone()),
            Input::Corrections(corrections) => {
                let entries = corrections.corrections.iter().filter_map(as_entry).collect();
                additions.lists.push(List { kind: ListKind::Names, entries });
                additions.merges.extend(corrections.corrections.iter().filter_map(as_merge));
            }
        }
    }
    additions
}

/// The decisions among `inputs` on the document of `report`.
#[must_use]
pub fn decisions<'i>(inputs: impl Iterator<Item = &'i Input>, report: &str) -> Vec<Correction> {
    let on_it = inputs.filter_map(|input| match input {
        Input::Corrections(corrections) if corrections.report == report => Some(corrections.corrections.iter().cloned()),
        _ => None,
    });
    on_it.flatten().collect()
}

fn as_entry(correction: &Correction) -> Option<Entry> {
    match correction {
        Correction::Name { means, alias, .. } => Some(Entry::Name { named: means.clone(), aliases: BTreeSet::from([alias.clone()]) }),
        _ => None,
    }
}

fn as_merge(correction: &Correction) -> Option<(Named, Named)> {
    match correction {
        Correction::Merge { from, into } => Some((from.clone(), into.clone())),
        _ => None,
    }
}

impl Kept {
    /// What is kept of the document that `analysis` was read from.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be written as STIX.
    pub fn of(analysis: &Analysis, source: Source, knowledge: &Knowledge) -> Result<Self, WriteError> {
        let bundle = stix::bundle(analysis, &source)?;
        Ok(Self {
            source,
            raw_sha256: analysis.raw.sha256_hex(),
            rules: stix::RULES.to_owned(),
            bundle,
            revoked: BTreeSet::new(),
            text: folded(analysis.repaired.text(), &knowledge.chinese.script),
            named: named(analysis),
            open: open(analysis),
        })
    }

    /// The id of its report.
    #[must_use]
    pub fn report(&self) -> String {
        stix::report_id(&self.raw_sha256, self.source.item.as_deref(), &self.source.published)
    }

    /// Its text, out of the `bytes` that were kept.
    ///
    /// # Errors
    /// [`AgainError`] when these are not its bytes.
    pub fn reading(&self, bytes: Vec<u8>) -> Result<(Raw, Reading), AgainError> {
        let (raw, reading) = reopened(&self.source, bytes)?;
        if raw.sha256_hex() == self.raw_sha256 { Ok((raw, reading)) } else { Err(AgainError::OtherBytes) }
    }

    /// The document, read again from `bytes` with `knowledge` and the `decisions` on it; what changes by it is of `at`.
    ///
    /// # Errors
    /// [`AgainError`].
    pub fn again(
        &self,
        bytes: Vec<u8>,
        knowledge: &Knowledge,
        decisions: &[Correction],
        at: Stamp,
    ) -> Result<(Self, Revision), AgainError> {
        let (raw, reading) = self.reading(bytes)?;
        let analysis = analyse_corrected(raw, reading, knowledge, decisions)?;
        let mut kept = Self::of(&analysis, self.source.clone(), knowledge)?;
        kept.bundle = with_proposals(&self.bundle, &kept.bundle)?;
        let revision = revised(&self.bundle, &self.revoked, &kept.bundle, at)?;
        kept.bundle.clone_from(&revision.bundle);
        kept.revoked.clone_from(&revision.revoked);
        Ok((kept, revision))
    }
}

/// The text of the document of `source`, out of the `bytes` that were kept of it.
///
/// # Errors
/// [`AgainError`] when these are not its bytes.
pub fn reopened(source: &Source, bytes: Vec<u8>) -> Result<(Raw, Reading), AgainError> {
    if source.original_sha256.is_some() {
        // What was rendered is kept as its text, so that nothing is rendered here.
        let raw = Raw::new(bytes);
        let reading = raw.decode();
        return Ok((raw, reading));
    }
    let documents =
        acquire::read(
            Member { bytes, within: None, letter: source.part_of.clone() },
            &mut |_| Err("a PDF is kept by its text".to_owned()),
        )?;
    let document = documents.into_iter().find(|document| document.origin.item == source.item).ok_or(AgainError::OtherBytes)?;
    Ok((document.raw, document.reading))
}

fn named(analysis: &Analysis) -> BTreeSet<Named> {
    let one = |entity: &crate::analysis::Entity| match entity.meanings.as_slice() {
        [] => vec![Named { name: entity.name.clone(), kind: entity.kind }],
        several => several.to_vec(),
    };
    analysis.entities.iter().flat_map(one).collect()
}

fn open(analysis: &Analysis) -> Vec<Open> {
    let ambiguous = analysis.entities.iter().filter(|entity| !entity.meanings.is_empty());
    let open = |entity: &crate::analysis::Entity| Open {
        name: entity.name.clone(),
        candidates: entity.meanings.clone(),
        spans: entity.mentions.iter().map(|mention| mention.span).collect(),
        sentence: entity.mentions.first().map(|mention| sentence(analysis, mention.span)).unwrap_or_default(),
    };
    ambiguous.map(open).collect()
}

/// The sentence that holds `span`, as repaired.
fn sentence(analysis: &Analysis, span: RawSpan) -> String {
    let reading = &analysis.repaired;
    let place = reading.map().text(span);
    let all = crate::text::sentences(reading.text());
    let sentence = reading.slice(crate::text::holding(&all, place).unwrap_or(place));
    sentence.chars().take(SENTENCE_CHARACTERS_MAX).collect()
}

/// What differs between the inputs that a document was read with and those that it is to be read with now.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What must all stand in a text for a name or word to be in it.
    terms: BTreeSet<Vec<String>>,
    /// Things that are other ones now, or are no longer.
    names: BTreeSet<Named>,
    /// Documents that were decided on.
    reports: BTreeSet<String>,
}

impl Changes {
    /// What differs between `before` and `now`.
    ///
    /// # Errors
    /// [`KnowledgeError`] when what is built in is not what it should be.
    pub fn between(before: &[&Input], now: &[&Input], script: &Script) -> Result<Self, KnowledgeError> {
        let (before, now) = (Known::of(before), Known::of(now));
        let mut terms: BTreeSet<Vec<String>> = BTreeSet::new();
        for named in differing(&before.names, &now.names) {
            terms.extend(surfaces(named, &[&before, &now])?.iter().map(|surface| parts(surface, script)));
        }
        terms.extend(differing(&before.words, &now.words).map(|word| vec![folded(word, script)]));
        let merged = before.merges.symmetric_difference(&now.merges);
        let names = merged.flat_map(|(from, into)| [from.clone(), into.clone()]).collect();
        let reports = differing(&before.decided, &now.decided).cloned().collect();
        Ok(Self { terms, names, reports })
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.names.is_empty() && self.reports.is_empty()
    }

    /// Whether the document may be read otherwise for it.
    #[must_use]
    pub fn touches(&self, kept: &Kept) -> bool {
        kept.rules != stix::RULES
            || (!self.reports.is_empty() && self.reports.contains(&kept.report()))
            || self.names.iter().any(|named| kept.named.contains(named))
            || self.terms.iter().any(|parts| parts.iter().all(|part| kept.text.contains(part.as_str())))
    }
}

/// What inputs say, put together.
#[derive(Default)]
struct Known {
    names: BTreeMap<Named, BTreeSet<String>>,
    words: BTreeMap<String, Vec<Entry>>,
    merges: BTreeSet<(Named, Named)>,
    decided: BTreeMap<String, Vec<Correction>>,
}

impl Known {
    fn of(inputs: &[&Input]) -> Self {
        let mut known = Self::default();
        let added = additions(inputs.iter().copied());
        known.merges.extend(added.merges);
        for entry in added.lists.into_iter().flat_map(|list| list.entries) {
            match entry {
                Entry::Name { named, aliases } => known.names.entry(named).or_default().extend(aliases),
                Entry::Word { ref word, .. } => known.words.entry(word.clone()).or_default().push(entry),
            }
        }
        for input in inputs {
            if let Input::Corrections(corrections) = input {
                known.decided.entry(corrections.report.clone()).or_default().extend(corrections.corrections.iter().cloned());
            }
        }
        known
    }
}

/// The keys under which the two differ.
fn differing<'k, K: Ord, V: PartialEq>(one: &'k BTreeMap<K, V>, other: &'k BTreeMap<K, V>) -> impl Iterator<Item = &'k K> {
    let lost = one.iter().filter(|(key, value)| other.get(*key) != Some(*value));
    let gained = other.keys().filter(|key| !one.contains_key(*key));
    lost.map(|(key, _)| key).chain(gained)
}

/// Every name of a thing: one of them that stands in a text is read by all.
fn surfaces(named: &Named, known: &[&Known]) -> Result<BTreeSet<String>, GazetteerError> {
    let listed = known.iter().filter_map(|known| known.names.get(named)).flatten().cloned();
    let mut surfaces: BTreeSet<String> = listed.chain([named.name.clone()]).collect();
    surfaces.extend(shipped_names()?.names_of(named).map(str::to_owned));
    surfaces.retain(|surface| surface.chars().count() > 1);
    Ok(surfaces)
}

/// What must stand in a text, folded, where the name `surface` is in it in any form.
fn parts(surface: &str, script: &Script) -> Vec<String> {
    if surface.chars().any(is_han) {
        return vec![folded(surface, script)];
    }
    spaced_words(surface).map(|word| folded(without_ending(word), script)).collect()
}

/// `text` in simplified characters and capitals.
fn folded(text: &str, script: &Script) -> String {
    text.chars().flat_map(|c| script.simplify(c).to_uppercase()).collect()
}

#[cfg(test)]
mod tests;
