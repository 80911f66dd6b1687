//! `relto intake correct`: decisions on the names in one document.

use std::process::ExitCode;

use relto_intake::corrections::{Correction, Corrections};
use relto_intake::gazetteer::{Named, kind};
use relto_intake::kept::{Input, Kept};
use relto_intake::span::RawSpan;
use relto_intake::{Analysis, Knowledge, analyse_reading};
use relto_node::{KeptDocument, NewInput};
use serde_json::Value as Json;

use super::again::{bytes, read};
use super::library::Library;
use crate::cli::Correct;
use crate::command::{Command, Intaking};
use crate::failure::{Exit, Failure};
use crate::run::{Bar, run};
use crate::sources;

/// What decisions from a file are called.
const KIND: &str = "decisions";
const HEADER: [&str; 3] = ["act", "what", "name"];

/// Adds decisions to those that there are on a document.
///
/// # Errors
/// [`Failure`]; then nothing has changed.
pub(super) fn correct(form: &Correct) -> Result<ExitCode, Failure> {
    let asked = asked(form)?;
    let data = &form.place.data;
    let library = Library::of(data, Intaking::Kept { report: Some(form.report.clone()) })?;
    let document = library.kept.first().ok_or_else(|| {
        Failure::not_found(format!("no document was taken in as `{}`", form.report))
            .help("give the id of its report: `relto intake open` and `relto search --kind report` show some")
    })?;
    let contents = Library::of(data, Intaking::Contents { places: vec![document.place] })?;
    let reader = Document::of(document, bytes(&contents, document)?)?;
    let mut corrections = Corrections { report: form.report.clone(), corrections: earlier(form)? };
    for (place, act) in &asked {
        let correction = reader.correction(act).map_err(|why| Failure { message: format!("{place}: {}", why.message), ..why })?;
        corrections.add(correction);
    }
    let text = serde_json::to_string(&corrections).map_err(|error| Failure::of("the decisions cannot be written", &error))?;
    let report = Some(form.report.clone());
    let new = NewInput { name: form.report.clone(), kind: KIND.to_owned(), text, label: None, report };
    let outcome = run(data, Command::Intake(Intaking::AddInput(new)), &[], &Bar::of_objects())?;
    crate::show(&form.place, &outcome)
}

/// The decisions that there are already.
fn earlier(form: &Correct) -> Result<Vec<Correction>, Failure> {
    let library = Library::of(&form.place.data, Intaking::Input { name: form.report.clone() })?;
    let inputs = library.names();
    let found = library.inputs(&inputs).into_iter().find_map(|input| match input {
        Input::Corrections(corrections) => Some(corrections.corrections.clone()),
        Input::List(_) => None,
    });
    Ok(found.unwrap_or_default())
}

/// A decision as it was written.
#[derive(Debug, PartialEq, Eq)]
struct Act {
    word: String,
    what: String,
    name: String,
}

/// Everything that is asked for, each with the place where it stands.
fn asked(form: &Correct) -> Result<Vec<(String, Act)>, Failure> {
    let mut asked = Vec::new();
    for (word, all) in [("reject", &form.reject), ("accept", &form.accept), ("name", &form.name), ("merge", &form.merge)] {
        for text in all {
            let (what, name) = text.split_once('=').unwrap_or((text, ""));
            asked.push((format!("`--{word} {text}`"), Act { word: word.to_owned(), what: what.to_owned(), name: name.to_owned() }));
        }
    }
    for file in &form.file {
        asked.extend(of_file(file)?);
    }
    if asked.is_empty() {
        return Err(Failure::new("nothing is decided").exit(Exit::Usage).help("`relto intake correct --help` shows the forms"));
    }
    Ok(asked)
}

fn of_file(file: &str) -> Result<Vec<(String, Act)>, Failure> {
    let text = sources::read_table(file)?;
    let wrong = |line: u64, what: String| {
        Failure::new(format!("{file}: line {line}: {what}")).help("write the header `act,what,name`; nothing was changed")
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut acts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.position().map_or(1, csv::Position::line), error.to_string()))?;
        let line = record.position().map_or(1, csv::Position::line);
        let fields: Vec<&str> = record.iter().collect();
        match fields.as_slice() {
            head if line == 1 => {
                if head != HEADER {
                    return Err(wrong(1, format!("`{}` is no header", head.join(","))));
                }
            }
            [word, what, name] => {
                let act = Act { word: (*word).to_owned(), what: (*what).to_owned(), name: (*name).to_owned() };
                acts.push((format!("{file}: line {line}"), act));
            }
            other => return Err(wrong(line, format!("has {} fields where the header has 3", other.len()))),
        }
    }
    Ok(acts)
}

/// A document that decisions are on.
struct Document {
    kept: Kept,
    analysis: Analysis,
}

impl Document {
    fn of(document: &KeptDocument, bytes: Vec<u8>) -> Result<Self, Failure> {
        let unread = |error: &dyn std::error::Error| Failure::of(&format!("{}: cannot be read again", document.report), error);
        let kept = read(document)?;
        let (raw, reading) = kept.reading(bytes).map_err(|error| unread(&error))?;
        let knowledge = Knowledge::builtin().map_err(|error| unread(&error))?;
        let analysis = analyse_reading(raw, reading, &knowledge).map_err(|error| unread(&error))?;
        Ok(Self { kept, analysis })
    }

    fn correction(&self, act: &Act) -> Result<Correction, Failure> {
        match act.word.as_str() {
            "reject" => Ok(Correction::Reject { at: self.span(&act.what)? }),
            "accept" => self.accept(&act.what, &act.name),
            "name" => self.name(&act.what, &act.name),
            "merge" => {
                let (from, into) = (self.thing(&act.what)?, self.thing(&act.name)?);
                if from == into {
                    return Err(
                        Failure::new(format!("`{}` is `{}` already", from.name, into.name)).help("name two things; nothing was changed")
                    );
                }
                Ok(Correction::Merge { from, into })
            }
            other => {
                Err(Failure::new(format!("`{other}` is no decision")).help("write accept, reject, name or merge; nothing was changed"))
            }
        }
    }

    /// `FROM-TO`, in which something stands.
    fn span(&self, text: &str) -> Result<RawSpan, Failure> {
        let ends = text.split_once('-').and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
        let length = self.analysis.raw.bytes().len();
        let span = ends.map(|(from, to)| RawSpan::new(from, to)).filter(|span| span.from < span.to && span.to <= length);
        let span = span.filter(|span| !self.alias(*span).trim().is_empty());
        span.ok_or_else(|| {
            Failure::new(format!("`{text}` is no place of a text in the {length} bytes of the document"))
                .help("write the first byte and the one after the last, `FROM-TO`, as the spans of objects have them; nothing was changed")
        })
    }

    /// What stands at `span`, as repaired.
    fn alias(&self, span: RawSpan) -> String {
        let reading = &self.analysis.repaired;
        reading.slice(reading.map().text(span)).to_owned()
    }

    fn accept(&self, at: &str, name: &str) -> Result<Correction, Failure> {
        let at = self.span(at)?;
        let touches = |span: &RawSpan| span.from < at.to && at.from < span.to;
        let open = self.kept.open.iter().find(|open| open.spans.iter().any(touches));
        let open = open.ok_or_else(|| {
            Failure::new("no name there waits for a decision")
                .help("`relto intake open --data DIR` shows those that do; `--name` names what else stands somewhere; nothing was changed")
        })?;
        let (plain, of_kind) = typed(name);
        let fits = |candidate: &&Named| candidate.name == name || (candidate.name == plain && of_kind == Some(candidate.kind));
        let means = open.candidates.iter().find(fits).cloned().ok_or_else(|| {
            let all: Vec<String> = open.candidates.iter().map(|candidate| format!("`{}`", candidate.name)).collect();
            Failure::new(format!("`{name}` is none of what `{}` may mean", open.name))
                .help(format!("it may mean {}; nothing was changed", all.join(" or ")))
        })?;
        Ok(Correction::Accept { at, means })
    }

    fn name(&self, at: &str, name: &str) -> Result<Correction, Failure> {
        let at = self.span(at)?;
        let (plain, of_kind) = typed(name);
        let Some(kind) = of_kind.filter(|_| plain.chars().count() > 1 && !plain.chars().any(char::is_control)) else {
            return Err(Failure::new(format!("`{name}` is no name with a type")).help(
                "write `NAME:TYPE`, of a type that is organisation, place, person, document, instrument, programme, event or capability; nothing was changed",
            ));
        };
        Ok(Correction::Name { at, means: Named { name: plain.to_owned(), kind }, alias: self.alias(at).trim().to_owned() })
    }

    /// The thing with this id in the document, or of this name.
    fn thing(&self, text: &str) -> Result<Named, Failure> {
        let named = self.by_id(text).unwrap_or_else(|| text.to_owned());
        let (plain, of_kind) = typed(&named);
        let fits = |thing: &&Named| thing.name == named || (thing.name == plain && of_kind.is_none_or(|kind| kind == thing.kind));
        let mut found = self.kept.named.iter().filter(fits);
        let absent = || {
            Failure::not_found(format!("the document names no `{text}`"))
                .help("give the id or the name of something that its report refers to; nothing was changed")
        };
        let first = found.next().ok_or_else(absent)?;
        match found.next() {
            Some(_) => {
                Err(Failure::new(format!("`{text}` is several things of different types")).help("write `NAME:TYPE`; nothing was changed"))
            }
            None => Ok(first.clone()),
        }
    }

    fn by_id(&self, id: &str) -> Option<String> {
        let bundle: Json = serde_json::from_str(&self.kept.bundle).ok()?;
        let object = bundle.get("objects")?.as_array()?.iter().find(|object| object.get("id").and_then(Json::as_str) == Some(id))?;
        ["name", "title"].iter().find_map(|name| object.get(*name)?.as_str()).map(str::to_owned)
    }
}

/// `NAME:TYPE` in its parts; a name alone has no type.
fn typed(text: &str) -> (&str, Option<relto_intake::gazetteer::EntityType>) {
    match text.rsplit_once(':').and_then(|(name, word)| Some((name, kind(word)?))) {
        Some((name, kind)) => (name, Some(kind)),
        None => (text, None),
    }
}
