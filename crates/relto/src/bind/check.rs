//! `relto bind --check`: what is bound to what, and whether somebody known says so.
//!
//! `verified` has one meaning: a statement under a pinned key binds this label to this data. Everything else is a claim, an XML signature
//! included, and what was asked for and cannot be told makes the exit code 1.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use relto_policy::binding::{BINDING_BYTES_MAX, Binding, BindingInformation, Data, HEADER_NAME, Metadata, Signed, read_rest_header};
use relto_policy::dsse::statement::{LabelDigest, Statement, Subject, verify};
use relto_policy::dsse::{ENVELOPE_BYTES_MAX, Envelope, PinnedKeys};
use relto_policy::spif::ConfidentialityLabel;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::usage;
use crate::cli::Bind;
use crate::failure::Failure;
use crate::render::{GOOD, STRONG, WARNING, WRONG, table};
use crate::{files, keys};

/// What is said of a binding.
#[derive(Serialize)]
struct Answer {
    /// Every binding is under a statement of somebody whose key is pinned.
    verified: bool,
    /// `none`, or what an XML signature is worth here.
    signature: &'static str,
    bindings: Vec<BindingAnswer>,
    statement: Option<StatementAnswer>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct BindingAnswer {
    verified: bool,
    labels: Vec<LabelAnswer>,
    /// Where further metadata stands, which was not read.
    metadata_elsewhere: Vec<String>,
    data: Vec<DataAnswer>,
}

#[derive(Serialize)]
struct LabelAnswer {
    kind: &'static str,
    label: String,
    sha256: Option<String>,
}

#[derive(Serialize)]
struct DataAnswer {
    /// Of a reference.
    uri: Option<String>,
    content_type: Option<String>,
    /// Of encapsulated data.
    bytes: Option<usize>,
    sha256: Option<String>,
    /// Whether encapsulated data is the file given with `--data`.
    is_given: Option<bool>,
}

#[derive(Serialize)]
struct StatementAnswer {
    originator: String,
    issued: String,
    document: Option<String>,
}

/// What a binding is held against.
struct Against {
    statement: Option<(Envelope, PinnedKeys)>,
    given: Option<[u8; 32]>,
}

/// Says what `file` binds, and whether it verifies.
///
/// # Errors
/// [`Failure`] when a file cannot be read or is not what it should be. What does not verify is none: it makes the exit code 1.
pub(super) fn check(form: &Bind, file: &Path) -> Result<ExitCode, Failure> {
    let binding = read(file)?;
    let given = form.data.as_deref().map(files::sha256).transpose()?;
    let against = Against { statement: statement(form)?, given };
    let (answer, as_asked) = assess(&binding, &against);
    let mut out = anstream::stdout().lock();
    crate::told(if form.json { machine(&answer, &mut out) } else { show(&answer, &mut out) })?;
    Ok(if as_asked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(file: &Path) -> Result<BindingInformation, Failure> {
    let text = files::read_text(file, BINDING_BYTES_MAX)?;
    let is_header = text.get(..HEADER_NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(HEADER_NAME));
    let read = if is_header {
        read_rest_header(&text).map_err(|error| error.to_string())
    } else {
        BindingInformation::read(&text).map_err(|error| error.to_string())
    };
    read.map_err(|error| Failure::new(format!("{}: {error}", file.display())).help("ask whoever made it for one as the standard writes it"))
}

fn statement(form: &Bind) -> Result<Option<(Envelope, PinnedKeys)>, Failure> {
    let Some(file) = &form.statement else { return Ok(None) };
    if form.trust.is_empty() {
        return Err(usage("a statement is worth what its signer is, and nobody is trusted", "add --trust NAME=PUBKEYFILE"));
    }
    let cure = "`relto bind FILE --label LABEL.xml --key KEYFILE --originator NAME` makes one";
    let envelope = Envelope::parse(&files::read(file, ENVELOPE_BYTES_MAX)?);
    let envelope = envelope.map_err(|error| Failure::of(&format!("{}: no signed envelope", file.display()), &error).help(cure))?;
    let mut pinned = PinnedKeys::default();
    for text in &form.trust {
        let (name, path) = text.split_once('=').ok_or_else(|| usage("--trust names nobody", "write --trust NAME=PUBKEYFILE"))?;
        let key = keys::read_public(Path::new(path))?;
        pinned.pin(name, key).map_err(|error| Failure::of("--trust", &error).help("give each NAME its own public key"))?;
    }
    Ok(Some((envelope, pinned)))
}

/// The answer, and whether everything that was asked for holds.
fn assess(information: &BindingInformation, against: &Against) -> (Answer, bool) {
    let mut answer = Answer { verified: true, signature: "none", bindings: Vec::new(), statement: None, reasons: Vec::new() };
    for (at, binding) in information.bindings().enumerate() {
        judge(binding, &format!("binding {}", at.saturating_add(1)), against, &mut answer);
    }
    answer.verified = answer.bindings.iter().all(|binding| binding.verified);
    let is_asked = against.statement.is_some();
    let is_signed = information.signed() == Signed::XmlDsigNotVerified;
    if is_signed {
        answer.signature = "xml-dsig-not-verified";
        answer.reasons.push(format!("not met: the binding is {}", information.signed()));
    } else if !is_asked {
        answer.reasons.push("nobody vouches for this binding: it is a claim; --statement and --trust verify one".to_owned());
    }
    let differs = answer.bindings.iter().flat_map(|binding| &binding.data).any(|data| data.is_given == Some(false));
    let as_asked = !differs && (answer.verified || !(is_asked || is_signed));
    (answer, as_asked)
}

/// Adds what is to be said of one binding.
fn judge(binding: &Binding, place: &str, against: &Against, answer: &mut Answer) {
    let mut described = describe(binding, against);
    if described.data.iter().any(|data| data.is_given == Some(false)) {
        answer.reasons.push(format!("not met: {place}: the data inside is not the file given with --data"));
    }
    match verified(binding, against) {
        Ok(statement) => {
            described.verified = true;
            answer.reasons.push(format!("met: {place}: `{}` put this label on this data, at {}", statement.originator, statement.issued));
            answer.statement = Some(stated(statement));
        }
        Err(why) if against.statement.is_some() => answer.reasons.push(format!("not met: {place}: {why}")),
        Err(_) => {}
    }
    answer.bindings.push(described);
}

/// The statement that binds this label to this data, or why there is none.
fn verified(binding: &Binding, against: &Against) -> Result<Statement, String> {
    let (envelope, pinned) = against.statement.as_ref().ok_or("no statement was given")?;
    let label = binding.originator_label().ok_or("it has no originator's label, or metadata stands elsewhere that could be one")?;
    let label = LabelDigest::of_xml(label).map_err(|error| error.to_string())?;
    let sha256 = match (binding.data.as_slice(), against.given) {
        ([Data::Encapsulated { bytes, .. }], given) => {
            let own: [u8; 32] = Sha256::digest(bytes).into();
            if given.is_some_and(|given| given != own) { Err("two different contents are at hand") } else { Ok(own) }
        }
        ([Data::Reference(_)], Some(given)) => Ok(given),
        ([Data::Reference(_)], None) => Err("the data stands elsewhere: give it with --data"),
        _ => Err("it binds several data, and a statement is of one"),
    }?;
    verify(envelope, &Subject::Document { name: String::new(), sha256 }, label, pinned).map_err(|error| error.to_string())
}

fn stated(statement: Statement) -> StatementAnswer {
    let document = match statement.subject {
        Subject::Document { name, .. } => Some(name),
        Subject::Object { .. } => None,
    };
    StatementAnswer { originator: statement.originator, issued: statement.issued.to_string(), document }
}

fn describe(binding: &Binding, against: &Against) -> BindingAnswer {
    let elsewhere = binding.metadata.iter().filter_map(|metadata| match metadata {
        Metadata::Reference(reference) => Some(reference.uri.clone()),
        Metadata::Label(_) => None,
    });
    BindingAnswer {
        verified: false,
        labels: binding.metadata.iter().filter_map(Metadata::label).map(label_answer).collect(),
        metadata_elsewhere: elsewhere.collect(),
        data: binding.data.iter().map(|data| data_answer(data, against.given)).collect(),
    }
}

fn label_answer(label: &ConfidentialityLabel) -> LabelAnswer {
    let sha256 = match LabelDigest::of_xml(label) {
        Ok(LabelDigest::Stanag4774(digest) | LabelDigest::Relto(digest) | LabelDigest::Marking(digest)) => Some(in_hex(&digest)),
        Err(_) => None,
    };
    LabelAnswer { kind: label.kind.element(), label: in_words(label), sha256 }
}

fn data_answer(data: &Data, given: Option<[u8; 32]>) -> DataAnswer {
    match data {
        Data::Reference(reference) => DataAnswer {
            uri: Some(reference.uri.clone()),
            content_type: reference.content_type.clone(),
            bytes: None,
            sha256: None,
            is_given: None,
        },
        Data::Encapsulated { content_type, bytes, .. } => {
            let digest: [u8; 32] = Sha256::digest(bytes).into();
            DataAnswer {
                uri: None,
                content_type: content_type.clone(),
                bytes: Some(bytes.len()),
                sha256: Some(in_hex(&digest)),
                is_given: given.map(|given| given == digest),
            }
        }
    }
}

fn in_hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A label without its policy file: its names, as they stand.
fn in_words(label: &ConfidentialityLabel) -> String {
    let information = &label.information;
    let categories = information.categories.iter().map(|category| format!("; {} = {}", category.tag_name, category.values.join(", ")));
    format!("{} {}{}", information.policy.name, information.classification, categories.collect::<String>())
}

fn machine(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    writeln!(out)?;
    out.flush()
}

fn show(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["label", "of", "verified"]);
    for binding in &answer.bindings {
        let labels = binding.labels.iter().map(|label| match label.kind {
            "originatorConfidentialityLabel" => label.label.clone(),
            kind => format!("{} ({kind})", label.label),
        });
        let labels = labels.chain(binding.metadata_elsewhere.iter().map(|uri| format!("(elsewhere: {uri})")));
        let data = binding.data.iter().map(|data| match (&data.uri, data.bytes) {
            (Some(uri), _) if uri.is_empty() => "the message or document that carries it".to_owned(),
            (Some(uri), _) => uri.clone(),
            (None, bytes) => format!("{} bytes inside", bytes.unwrap_or(0)),
        });
        let verdict = if binding.verified { "yes" } else { "no" };
        shown.add_row([labels.collect::<Vec<_>>().join("\n"), data.collect::<Vec<_>>().join("\n"), verdict.to_owned()]);
    }
    writeln!(out, "{shown}")?;
    for reason in &answer.reasons {
        let style = match reason.split(':').next() {
            Some("met") => GOOD,
            Some("not met") => WRONG,
            _ => WARNING,
        };
        writeln!(out, "  {style}{reason}{style:#}")?;
    }
    let (style, verdict) = if answer.verified { (GOOD, "verified") } else { (STRONG, "not verified") };
    writeln!(out, "{style}{verdict}{style:#}")?;
    out.flush()
}
