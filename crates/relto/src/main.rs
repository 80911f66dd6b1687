//! The Relto binary: command line, clock, entropy, files, wiring.
//!
//! Nothing is decided here about who sees what. `cli` has the forms, `command` what they stand for, `execute` carries it out on a node,
//! `run` finds out whether a server or this process does so, `render` shows what came of it.

mod ambient;
mod bind;
mod certificate;
mod cli;
mod command;
mod control;
mod demo;
mod directory;
mod doctor;
mod execute;
mod failure;
mod files;
mod init;
mod intake;
mod keys;
mod password;
mod policies;
mod render;
mod run;
mod serve;
mod sources;
mod validate;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::cli::{Cli, Export, Form, KeyForm, LabelForm, PartnerForm, Place, PolicyForm};
use crate::command::{Check, Command, Outcome, State};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::run::{Bar, Spool, run};

/// The system's own gives the memory of large replies back after each and takes it anew for the next.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match act(Cli::parse().form) {
        Ok(code) => code,
        Err(failure) => {
            let as_json = std::env::args().any(|argument| argument == "--json");
            let _ = render::show_failure(&failure, as_json, &mut anstream::stderr().lock());
            ExitCode::from(failure.exit.code())
        }
    }
}

fn act(form: Form) -> Result<ExitCode, Failure> {
    match form {
        Form::Init(form) => init::init(&form),
        Form::Collection(form) => simple(form.command()),
        Form::User(form) => simple(form.command()?),
        Form::Group(form) => simple(form.command()),
        Form::Equivalence(form) => simple(form.command()),
        Form::Consent(form) => simple(form.command()),
        Form::Label(LabelForm::Check(form)) if !form.spif.is_empty() => policies::check_label(&form),
        Form::Label(LabelForm::Write(form)) => {
            let labels = policies::read_labels(&form.xml)?;
            simple(form.command(labels))
        }
        Form::Label(form) => simple(form.command()),
        Form::Policy(PolicyForm::Check(form)) => policies::check_policy(&form),
        Form::Policy(PolicyForm::Activate(form)) => {
            simple((form.place, Command::PolicyActivate { file: policies::new_file(form.file)?, reason: form.reason }))
        }
        Form::Policy(PolicyForm::Deactivate { place, name, reason }) => simple((place, Command::PolicyDeactivate { name, reason })),
        Form::Policy(PolicyForm::List(place)) => simple((place, Command::PolicyList)),
        Form::Impact(form) => simple((form.place, Command::Impact(policies::new_file(form.file)?))),
        Form::Bind(form) => bind::bind(&form),
        Form::Key(KeyForm::Make(form)) => keys::make(&form),
        Form::Partner(PartnerForm::Export { place, name, file, from_start }) => export_to_partner(&place, name, &file, from_start),
        Form::Partner(PartnerForm::Import { place, name, file }) => {
            let files = vec![file.to_string_lossy().into_owned()];
            with_files((place, Command::PartnerImport { name }, files)).map(|_| ExitCode::SUCCESS)
        }
        Form::Partner(form) => simple(form.command()?),
        Form::Recall(form) => simple((form.place, Command::Recall { object: form.object, reason: form.reason })),
        Form::Trace(form) => simple((form.place, Command::Trace { object: form.object })),
        Form::Quarantine(form) => simple(form.command()),
        Form::Request(form) => simple(form.command()),
        Form::Log(form) => simple((form.place, Command::Log { limit: form.last })),
        Form::Explain(form) => simple((form.place, Command::Explain { object: form.object, user: form.user })),
        Form::Show(form) => simple((form.place, Command::Show { object: form.object, user: form.user })),
        Form::Search(form) => through_index(form.command()),
        Form::Path(form) => through_index((form.place, Command::Path { user: form.user, from: form.from, to: form.to })),
        Form::Entity(form) => through_index(form.command()),
        Form::Load(form) => with_files(form.command()).map(|_| ExitCode::SUCCESS),
        Form::Intake(form) => intake::intake(form),
        Form::Model(form) => simple(form.command()?),
        Form::RenderPdf => intake::pdf::render_standard_input(),
        Form::Preview(form) => preview(form),
        Form::Tearline(form) => tearline(form),
        Form::Validate(form) => validate::validate(&form),
        Form::Export(form) => export(form),
        Form::Doctor(place) => doctor(&place),
        Form::Serve(form) => serve::serve(&form).map(|()| ExitCode::SUCCESS),
        Form::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "relto", &mut script);
            told(io::stdout().lock().write_all(&script))
        }
        Form::Demo(form) => demo::demo(form.check),
    }
}

/// A command without files, progress or output of its own.
fn simple((place, command): (Place, Command)) -> Result<ExitCode, Failure> {
    let outcome = run(&place.data, command, &[], &Bar::of_objects())?;
    show(&place, &outcome)
}

/// A command that waits for the search index.
fn through_index((place, command): (Place, Command)) -> Result<ExitCode, Failure> {
    let outcome = run(&place.data, command, &[], &Bar::of_index())?;
    show(&place, &outcome)
}

/// A command on files; what came of it has been shown.
fn with_files((place, command, files): (Place, Command, Vec<String>)) -> Result<Outcome, Failure> {
    // Whether there is a node is said before anything is read, which may take long or wait for standard input.
    Directory::find(&place.data)?;
    let sources = sources::read_all(&files, Bar::of_bytes(sources::length_on_disk(&files)).bar())?;
    let outcome = run(&place.data, command, &sources, &Bar::of_objects())?;
    show(&place, &outcome)?;
    Ok(outcome)
}

fn preview(form: cli::Preview) -> Result<ExitCode, Failure> {
    let outcome = with_files(form.command()?)?;
    let refused = matches!(&outcome, Outcome::Previewed(preview) if preview.report.refused > 0);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn tearline(form: cli::Tearline) -> Result<ExitCode, Failure> {
    let (place, command) = form.command()?;
    let outcome = run(&place.data, command, &[], &Bar::of_objects())?;
    let refused = matches!(&outcome, Outcome::Proposed(proposal) if proposal.refused.is_some());
    let shown = show(&place, &outcome)?;
    Ok(if refused { ExitCode::FAILURE } else { shown })
}

fn export(form: Export) -> Result<ExitCode, Failure> {
    Directory::find(&form.data)?;
    let spool = Spool::new(&form.data)?;
    run(&form.data, Command::Export { user: form.user, collection: form.collection }, &[], &spool)?;
    told(spool.pour(&mut io::stdout().lock()))
}

/// Writes a file for a partner; only once it is safe does the next one begin where it ends.
fn export_to_partner(place: &Place, name: String, file: &Path, from_start: bool) -> Result<ExitCode, Failure> {
    Directory::find(&place.data)?;
    let mut made = files::begin(file, 0o600)?;
    let written = Spool::new(&place.data).and_then(|spool| {
        let outcome = run(&place.data, Command::PartnerExport { name, from_start }, &[], &spool)?;
        let poured = spool.pour(&mut made).and_then(|()| made.sync_all());
        poured.map_err(|error| Failure::of(&format!("{}: cannot be written", file.display()), &error))?;
        if let Outcome::MediaWritten { places, .. } = &outcome {
            run(&place.data, Command::PartnerExported(places.clone()), &[], &Bar::of_objects())?;
        }
        Ok(outcome)
    });
    let outcome = written.inspect_err(|_| files::remove(file))?;
    show(place, &outcome)
}

fn doctor(place: &Place) -> Result<ExitCode, Failure> {
    let checks = doctor::examine(&place.data)?;
    let wrong = checks.iter().any(|Check { state, .. }| *state == State::Wrong);
    show(place, &Outcome::Examined(checks))?;
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(place: &Place, outcome: &Outcome) -> Result<ExitCode, Failure> {
    let mut out = anstream::stdout().lock();
    told(render::show(outcome, place.json, &mut out).and_then(|()| out.flush()))
}

/// Whoever closes the pipe early has read enough.
fn told(written: io::Result<()>) -> Result<ExitCode, Failure> {
    match written {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Failure::of("the output could not be written", &error)),
    }
}
