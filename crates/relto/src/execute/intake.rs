//! What a node does about documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use relto_intake::kept::Input;
use relto_node::{DocumentError, NewDocument, NewInput, Node, Reread, Source};
use serde::de::DeserializeOwned;

use super::{Reporter, done};
use crate::command::{Intaking, Line, Outcome};
use crate::failure::Failure;

pub(super) fn intake(node: &Node, act: Intaking, sources: &[Source], reporter: &dyn Reporter) -> Result<Outcome, Failure> {
    let write = |line: Line| write_line(reporter, &line);
    let progress = |done, total| reporter.progress(done, total);
    match act {
        Intaking::AddInput(new) => add_input(node, &new),
        Intaking::Inputs => Ok(Outcome::Inputs(node.inputs()?)),
        Intaking::Input { name } => {
            node.input(&name)?.map_or(Ok(()), |input| write(Line::Input(input)))?;
            written()
        }
        Intaking::RemoveInput { name } => done(node.remove_input(&name), removed(&name)),
        Intaking::InputsFor(request) => {
            let found = node.inputs_for(&request)?;
            found.inputs.into_iter().try_for_each(|input| write(Line::Input(input)))?;
            found.narrower.into_iter().try_for_each(|name| write(Line::Narrower(name)))?;
            written()
        }
        Intaking::Take { request, inputs } => {
            let (documents, contents) = sources.split_first().ok_or_else(no_source)?;
            let documents: Vec<NewDocument> = lines(documents)?;
            let contents: Vec<Bytes> = contents.iter().map(|source| source.content.clone()).collect();
            Ok(Outcome::Loaded(node.take_documents(&request, &inputs, &documents, &contents, &progress)?))
        }
        Intaking::Kept { report } => {
            write(Line::Now(node.now()))?;
            let is_meant = |of: &str| report.as_deref().is_none_or(|report| report == of);
            node.kept_documents(&mut |input| write(Line::Input(input)), &mut |kept| {
                if is_meant(&kept.report) { write(Line::Kept(Box::new(kept))) } else { Ok(()) }
            })?;
            written()
        }
        Intaking::Contents { places } => {
            for place in places {
                write(Line::Content(place, STANDARD.encode(node.document_content(place)?)))?;
            }
            written()
        }
        Intaking::TakeAgain => {
            let reread: Vec<Reread> = lines(sources.first().ok_or_else(no_source)?)?;
            Ok(Outcome::Loaded(node.take_reread(&reread, &progress)?))
        }
        Intaking::Seen { user } => {
            let seen = node.reading_as(&user)?.documents(relto_intake::lists::ListKind::Words.word())?;
            write(Line::Now(node.now()))?;
            seen.inputs.into_iter().try_for_each(|input| write(Line::Input(input)))?;
            for document in seen.documents {
                write(Line::Seen { report: document.report, source: document.source, content: STANDARD.encode(document.content) })?;
            }
            written()
        }
        Intaking::Publish(request) => {
            let story = sources.first().ok_or_else(no_source)?;
            Ok(Outcome::Loaded(node.publish_story(&request, &String::from_utf8_lossy(&story.content))?))
        }
    }
}

fn add_input(node: &Node, new: &NewInput) -> Result<Outcome, Failure> {
    Input::parse(&new.text).map_err(|faults| unusable(&new.name, &faults))?;
    let added = node.add_input(new)?;
    let next = "documents that it touches are read anew by `relto intake again`";
    Ok(Outcome::Done { act: format!("`{}` is in use for what everybody may see who may see {}; {next}", added.name, added.label) })
}

/// A list of which nothing is taken, since something is wrong in it.
pub(crate) fn unusable(name: &str, faults: &[relto_intake::lists::Fault]) -> Failure {
    let details = faults.iter().map(ToString::to_string).collect();
    Failure { details, ..Failure::new(format!("the list `{name}` cannot be used")) }.help("mend what is named; nothing was changed")
}

fn removed(name: &str) -> String {
    format!("`{name}` is no longer used; what was read with it stays until `relto intake again`")
}

fn written() -> Result<Outcome, Failure> {
    Ok(Outcome::Done { act: String::new() })
}

fn no_source() -> Failure {
    Failure::new("there are no documents")
}

fn write_line(reporter: &dyn Reporter, line: &Line) -> Result<(), Failure> {
    let mut text = serde_json::to_vec(line).map_err(|error| Failure::of("the documents cannot be written", &error))?;
    text.push(b'\n');
    reporter.write(&text).map_err(|error| Failure::of("the documents could not be written", &error))
}

fn lines<T: DeserializeOwned>(source: &Source) -> Result<Vec<T>, Failure> {
    let all = serde_json::Deserializer::from_slice(&source.content).into_iter::<T>();
    all.collect::<Result<_, _>>().map_err(|error| Failure::of(&format!("{}: cannot be read", source.name), &error))
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        let said = Self::new(crate::failure::chain(&error));
        match error {
            DocumentError::Load(error) => error.into(),
            DocumentError::Admin(error) => error.into(),
            DocumentError::Read(error) => error.into(),
            DocumentError::NoInput(name) => {
                Self::not_found(format!("there is no list `{name}`")).help("`relto intake list ls --data DIR` shows all")
            }
            DocumentError::Narrower(name) => said.help(format!("give `--with '{name}'`: what is read then carries the label of both")),
            DocumentError::Marked { found, .. } => Self { details: found, ..said.lasting() }
                .help("give a label that covers it, or, if the text only speaks of it, add `--despite-markings`"),
            DocumentError::Consents => said.help("give a label that names nations, groups or organisations; nothing was changed"),
            DocumentError::NoDocument(_) => Self { exit: crate::failure::Exit::NotFound, ..said }
                .help("`relto intake open --data DIR` and the report of a document show its id; `relto intake` takes documents in"),
            DocumentError::InputChanged(_) | DocumentError::DocumentChanged(_) | DocumentError::Cut(_) => {
                said.help("try again; nothing was changed")
            }
            DocumentError::Partner(_) => said.help("give `--as` the name of a user"),
            DocumentError::NoContent(_) => said.help("`relto doctor --data DIR` checks the whole directory"),
        }
    }
}
