//! `relto bind`: a label bound to a document, and a signed statement of it; needs no data directory.
//!
//! What a binding is, is `relto_policy::binding`'s, and what a statement is, `relto_policy::dsse`'s; `check` says of both what they are worth.

mod check;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use relto_node::Clock as _;
use relto_policy::binding::{BindingInformation, DATA_BYTES_MAX, rest_header};
use relto_policy::dsse::Envelope;
use relto_policy::dsse::statement::{LabelDigest, Statement, Subject, bind as sign};
use relto_policy::spif::ConfidentialityLabel;
use relto_policy::spif::label::{LABEL_BYTES_MAX, LabelKind, Mode};
use sha2::{Digest as _, Sha256};

use crate::ambient::SystemClock;
use crate::cli::{Bind, BindingForm};
use crate::failure::{Exit, Failure};
use crate::{files, keys};

/// Binds a label to a document, or says what a binding is worth.
///
/// # Errors
/// [`Failure`]; then nothing was written.
pub(crate) fn bind(form: &Bind) -> Result<ExitCode, Failure> {
    match (&form.check, &form.file, &form.label) {
        (Some(binding), _, _) => check::check(form, binding),
        (None, Some(file), Some(label)) => make(form, file, label),
        _ => Err(usage("a document and its label are needed", "`relto bind FILE --label LABEL.xml`")),
    }
}

fn make(form: &Bind, file: &Path, label_file: &Path) -> Result<ExitCode, Failure> {
    refuse_what_does_not_fit(form)?;
    let label = originator_label(label_file)?;
    let document = Document::read(file, form.form)?;
    let statement = signed(form, file, &document, &label)?;
    let binding = text(form, document, label)?;
    write(form.output.as_deref().map(|path| (path, binding.as_str())), statement.as_ref())?;
    tell(form, &binding, statement.as_ref().map(|(path, _)| path))
}

/// A document, read once: what is signed is what is bound.
struct Document {
    /// When they travel inside the binding.
    bytes: Option<Vec<u8>>,
    sha256: [u8; 32],
}

impl Document {
    fn read(file: &Path, form: BindingForm) -> Result<Self, Failure> {
        if form != BindingForm::Encapsulating {
            return Ok(Self { bytes: None, sha256: files::sha256(file)? });
        }
        let bytes = files::read(file, DATA_BYTES_MAX)?;
        let sha256 = Sha256::digest(&bytes).into();
        Ok(Self { bytes: Some(bytes), sha256 })
    }
}

/// Options that have no meaning here: what was asked for would not be what happens.
fn refuse_what_does_not_fit(form: &Bind) -> Result<(), Failure> {
    if form.uri.is_some() && form.form != BindingForm::Detached {
        return Err(usage("--uri is for --form detached", "leave it out, or add --form detached"));
    }
    if form.content_type.is_some() && form.form == BindingForm::Rest {
        return Err(usage("a header binds its message, which has its own content type", "leave --content-type out"));
    }
    if form.statement.is_some() && form.key.is_none() {
        return Err(usage("a statement is signed, and there is no key", "add --key KEYFILE --originator NAME"));
    }
    Ok(())
}

fn usage(message: &str, help: &str) -> Failure {
    Failure::new(message).help(help).exit(Exit::Usage)
}

fn originator_label(file: &Path) -> Result<ConfidentialityLabel, Failure> {
    let shown = file.display();
    let read = ConfidentialityLabel::parse(&files::read_text(file, LABEL_BYTES_MAX)?, Mode::Strict);
    let label = read.map_err(|error| Failure::new(format!("{shown}: {error}")).help("a label is bound as the standard writes it"))?.value;
    if label.kind != LabelKind::Originator {
        let what = format!("{shown}: `{}` does not decide who may read the document", label.kind.element());
        return Err(Failure::new(what).help("bind the originator's label; others stand beside it, not instead of it"));
    }
    Ok(label)
}

/// The binding, as it is sent.
fn text(form: &Bind, document: Document, label: ConfidentialityLabel) -> Result<String, Failure> {
    let content_type = form.content_type.as_deref();
    let binding = match (document.bytes, &form.uri) {
        (Some(bytes), _) => BindingInformation::encapsulating(label, bytes, content_type.unwrap_or("application/octet-stream")),
        (None, Some(uri)) => BindingInformation::detached(label, uri, content_type),
        (None, None) => return rest_header(label).map_err(|error| unbound(&error)),
    };
    binding.to_xml().map_err(|error| unbound(&error))
}

fn unbound(error: &dyn std::error::Error) -> Failure {
    Failure::of("no binding was made", error).help("mend what is named; `relto bind --help` shows the three forms")
}

/// The statement and where it goes, if one was asked for.
fn signed(form: &Bind, file: &Path, document: &Document, label: &ConfidentialityLabel) -> Result<Option<(PathBuf, Envelope)>, Failure> {
    let (Some(key), Some(originator)) = (&form.key, &form.originator) else { return Ok(None) };
    let key = keys::read_private(key)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let subject = Subject::Document { name, sha256: document.sha256 };
    let label = LabelDigest::of_xml(label).map_err(|error| unbound(&error))?;
    let statement = Statement { subject, label, originator: originator.clone(), issued: SystemClock.now(), place: None };
    let envelope = sign(&statement, &key)
        .map_err(|error| Failure::of("no statement was signed", &error).help("rename the document, or choose another --originator"))?;
    let path = form.statement.clone().unwrap_or_else(|| keys::with_suffix(file, ".dsse.json"));
    Ok(Some((path, envelope)))
}

/// Both files or none.
fn write(binding: Option<(&Path, &str)>, statement: Option<&(PathBuf, Envelope)>) -> Result<(), Failure> {
    if let Some((path, text)) = binding {
        files::create(path, format!("{text}\n").as_bytes(), 0o666)?;
    }
    let Some((path, envelope)) = statement else { return Ok(()) };
    files::create(path, format!("{}\n", envelope.to_json()).as_bytes(), 0o666).inspect_err(|_| {
        if let Some((binding, _)) = binding {
            files::remove(binding);
        }
    })
}

fn tell(form: &Bind, binding: &str, statement: Option<&PathBuf>) -> Result<ExitCode, Failure> {
    let mut out = anstream::stdout().lock();
    if form.json {
        let inline = form.output.is_none().then_some(binding);
        let facts = serde_json::json!({"binding": inline, "output": form.output, "statement": statement});
        return crate::told(writeln!(out, "{facts}"));
    }
    // Whoever pipes the binding on gets it alone.
    let said = statement.map_or(Ok(()), |path| writeln!(anstream::stderr(), "wrote the signed statement {}", path.display()));
    crate::told(said.and_then(|()| match &form.output {
        Some(output) => writeln!(out, "wrote the binding {}", output.display()),
        None => writeln!(out, "{binding}"),
    }))
}
