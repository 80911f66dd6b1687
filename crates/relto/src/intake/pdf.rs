//! The text of a PDF, made in a process of its own: this program, called with a hidden form, its memory and time bounded.
//!
//! Readers of PDF are large and PDFs hostile. The process gets the PDF on standard input, gives text and claims on standard output, and has
//! no arguments and no environment. What overruns is killed, and told.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use relto_intake::acquire::{PDF_BYTES_MAX, Rendered};
use relto_intake::page::About;
use rlimit::Resource;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, chain};

/// The hidden form, as the command line has it.
pub(crate) const FORM: &str = "render-pdf";
/// The version is the manifest's: another one may make another text.
const RENDERED_BY: &str = "unpdf 0.52.1";
const MEMORY_BYTES_MAX: u64 = 2 << 30;
const TIME_MAX: Duration = Duration::from_secs(30);
const ANSWER_BYTES_MAX: u64 = 32 << 20;
const ERROR_BYTES_MAX: u64 = 1 << 10;
const PAUSE: Duration = Duration::from_millis(5);

#[derive(Serialize, Deserialize)]
struct Answer {
    text: String,
    title: Option<String>,
    author: Option<String>,
    created: Option<String>,
}

/// The text of `pdf`.
///
/// # Errors
/// One line for people, when it is damaged, needs a password, or takes too much.
pub(super) fn render(pdf: &[u8]) -> Result<Rendered, String> {
    let answer = answer(pdf, TIME_MAX)?;
    let answer: Answer = serde_json::from_slice(&answer).map_err(|_| "its reader was cut off".to_owned())?;
    let about = About { title: answer.title, author: answer.author, published: answer.created, ..About::default() };
    Ok(Rendered { text: answer.text, by: RENDERED_BY.to_owned(), about })
}

fn answer(pdf: &[u8], time_max: Duration) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| format!("its reader cannot be started: {error}");
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.arg(FORM).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // It may end without reading all of it.
        scope.spawn(move || input.map(|mut input| input.write_all(pdf)));
        let output = scope.spawn(move || read_up_to(output, ANSWER_BYTES_MAX));
        let errors = scope.spawn(move || read_up_to(errors, ERROR_BYTES_MAX));
        let outcome = wait(&mut child, time_max);
        let output = output.join().unwrap_or_default();
        let said = String::from_utf8_lossy(&errors.join().unwrap_or_default()).lines().next().unwrap_or_default().to_owned();
        match outcome? {
            true => Ok(output),
            false if said.is_empty() => {
                Err(format!("its reader gave up: it may take no more than {} GiB and {} s", MEMORY_BYTES_MAX >> 30, time_max.as_secs()))
            }
            false => Err(said),
        }
    })
}

/// What is beyond the bound is not read; then whoever writes it fails.
fn read_up_to(from: Option<impl io::Read>, bytes_max: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.map(|from| from.take(bytes_max).read_to_end(&mut bytes));
    bytes
}

/// Whether `child` ended well; killed if it has not ended in time.
fn wait(child: &mut Child, time_max: Duration) -> Result<bool, String> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if started.elapsed() < time_max => thread::sleep(PAUSE),
            over => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(match over {
                    Err(error) => format!("its reader is lost: {error}"),
                    Ok(_) => format!("it takes longer than {} s", time_max.as_secs()),
                });
            }
        }
    }
}

/// Reads a PDF from standard input and writes its text to standard output: what the process does that [`render`] starts.
///
/// # Errors
/// [`Failure`] when the bounds cannot be set.
pub(crate) fn render_standard_input() -> Result<ExitCode, Failure> {
    bound().map_err(|error| Failure::of("the bounds of a reader of PDFs cannot be set", &error))?;
    let mut pdf = Vec::new();
    let read = io::stdin().lock().take(PDF_BYTES_MAX as u64).read_to_end(&mut pdf);
    read.map_err(|error| Failure::of("standard input cannot be read", &error))?;
    match text_of(&pdf) {
        Ok(answer) => {
            let bytes = serde_json::to_vec(&answer).map_err(|error| Failure::of("the text cannot be written", &error))?;
            crate::told(io::stdout().lock().write_all(&bytes))
        }
        Err(said) => {
            let _ = writeln!(io::stderr().lock(), "{said}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// No more memory and time than that, no file written, none beyond the three opened.
fn bound() -> io::Result<()> {
    let seconds = TIME_MAX.as_secs();
    for (resource, most) in
        [(Resource::AS, MEMORY_BYTES_MAX), (Resource::CPU, seconds), (Resource::CORE, 0), (Resource::FSIZE, 0), (Resource::NOFILE, 3)]
    {
        resource.set(most, most)?;
    }
    Ok(())
}

fn text_of(pdf: &[u8]) -> Result<Answer, String> {
    let options = unpdf::ParseOptions::new().lenient().sequential();
    let document = unpdf::parse_bytes_with_options(pdf, options).map_err(|error| chain(&error))?;
    let about = &document.metadata;
    let said = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Answer {
        title: said(&about.title),
        author: said(&about.author),
        created: about.created.map(|created| created.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        text: document.plain_text(),
    })
}
