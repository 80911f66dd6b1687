//! `relto intake --watch`: folders, files and addresses, looked at again and again until it is stopped.
//!
//! Folders are looked through once a second, which works on every file system, those of other machines among them, and loses nothing when much happens at
//! once. A file is read when it has been as long and as old twice in a row. Each file is a load of its own: one that cannot be read stops nobody.
//! What fails for a reason that lies in the file is told and left; what fails for another reason (a full disk, a file that may not be read) is told
//! once and tried again.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use relto_http::fetch::shown_address;
use relto_node::LoadReport;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::documents::{self, File};
use super::fetching::{Fetching, is_address};
use super::taken::Taken;
use super::taking::Taking;
use crate::failure::{Exit, Failure};
use crate::render::{GOOD, WARNING};

/// How often folders are looked through.
const STEP: Duration = Duration::from_secs(1);
/// How soon a wish to stop is heard.
const PAUSE: Duration = Duration::from_millis(50);
/// How soon the same address is asked again at the earliest.
const EVERY_MIN: Duration = Duration::from_secs(1);

/// How long after a failure that may pass a file is tried again; each time twice as long.
const RETRY: Duration = Duration::from_secs(2);
const RETRY_MAX: Duration = Duration::from_secs(300);
/// How long a document that is being read may still be taken in once somebody wants it to stop.
const GRACE: Duration = Duration::from_secs(1);

/// How a file was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// It may still be written to.
    Changing(Look),
    /// It was taken in, or is wrong itself, as it was then.
    Done(Look),
    /// It could not be taken in then, for this reason, which may pass: it is tried again, each time after a longer while.
    Failed { look: Look, why: String, again: Instant, pause: Duration },
}

/// What is known of the files that are watched.
#[derive(Default)]
struct Files {
    states: HashMap<PathBuf, State>,
}

/// Takes in what is at `paths` and whatever comes there, until it is stopped; addresses are asked `every` so often.
///
/// # Errors
/// [`Failure`] when it cannot begin.
pub(super) fn watch(
    taking: &Taking,
    paths: &[String],
    fetching: &Fetching,
    taken: &mut Taken,
    every: Duration,
) -> Result<ExitCode, Failure> {
    let (addresses, places): (Vec<&String>, Vec<&String>) = paths.iter().partition(|path| is_address(path));
    let places = places.into_iter().map(|place| watchable(place)).collect::<Result<Vec<PathBuf>, _>>()?;
    let is_stopped = stop_signal()?;
    let mut files = Files::default();
    let mut due = Instant::now();
    while !is_stopped.load(Ordering::Relaxed) {
        if Instant::now() >= due {
            for address in &addresses {
                if !is_stopped.load(Ordering::Relaxed) {
                    tell(taking, &shown_address(address), &fetching.take(address, taking, taken))?;
                }
            }
            due = Instant::now() + every.max(EVERY_MIN);
        }
        for (file, look) in files.settled(&places, Instant::now()) {
            if is_stopped.load(Ordering::Relaxed) {
                break;
            }
            let (name, path) = (file.name.clone(), file.path.clone());
            let outcome = taking.take(&[file], Some(taken));
            if files.note(path, look, outcome.as_ref().err(), Instant::now()) {
                tell(taking, &name, &outcome)?;
            }
        }
        let next = Instant::now() + STEP;
        while Instant::now() < next && !is_stopped.load(Ordering::Relaxed) {
            thread::sleep(PAUSE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder or file at `place`.
///
/// # Errors
/// [`Failure`] when nothing is there, or what never rests.
fn watchable(place: &str) -> Result<PathBuf, Failure> {
    let named = documents::named(place)?;
    match named.path.metadata() {
        Ok(found) if documents::is_stream(found.file_type()) => {
            let message = format!("{}: is no file or folder, and cannot be watched", named.name);
            Err(Failure::new(message).help("read a pipe without `--watch`"))
        }
        Ok(_) => Ok(named.path),
        Err(_) => {
            let message = format!("{}: is not there, and cannot be watched", named.name);
            Err(Failure::not_found(message).help("make the folder first; standard input is read without `--watch`"))
        }
    }
}

impl Files {
    /// The files that are as they were at the last look, and are still to be taken in as they are.
    fn settled(&mut self, places: &[PathBuf], now: Instant) -> Vec<(File, Look)> {
        let mut settled = Vec::new();
        for file in files(places) {
            // What is gone by now is no concern.
            let Some(found) = file.path.metadata().ok().filter(|found| found.is_file()) else { continue };
            let look = Look { bytes: found.len(), changed: found.modified().ok() };
            match self.states.get(&file.path) {
                Some(State::Done(done)) if *done == look => {}
                Some(State::Failed { look: failed, again, .. }) if *failed == look => {
                    settled.extend((now >= *again).then_some((file, look)));
                }
                Some(State::Changing(last)) if *last == look => settled.push((file, look)),
                _ => drop(self.states.insert(file.path, State::Changing(look))),
            }
        }
        settled
    }

    /// Keeps what became of the file at `path`; says whether that is news.
    fn note(&mut self, path: PathBuf, look: Look, failure: Option<&Failure>, now: Instant) -> bool {
        let before = self.states.remove(&path);
        let (state, is_news) = match (failure.filter(|failure| !failure.is_lasting), before) {
            (None, _) => (State::Done(look), true),
            (Some(failure), Some(State::Failed { why, pause, .. })) => {
                let (is_news, pause) = (why != failure.message, (pause * 2).min(RETRY_MAX));
                (State::Failed { look, why: failure.message.clone(), again: now + pause, pause }, is_news)
            }
            (Some(failure), _) => (State::Failed { look, why: failure.message.clone(), again: now + RETRY, pause: RETRY }, true),
        };
        self.states.insert(path, state);
        is_news
    }
}

fn files(places: &[PathBuf]) -> Vec<File> {
    let mut files = Vec::new();
    for place in places {
        if place.is_dir() {
            // A folder that cannot be read now may be readable at the next look.
            let _ = documents::in_folder(place, &mut files);
        } else {
            files.push(File::in_folder(place));
        }
    }
    files
}

/// One line: what became of `name`.
fn tell(taking: &Taking, name: &str, outcome: &Result<LoadReport, Failure>) -> Result<(), Failure> {
    let refused = outcome.iter().flat_map(|report| &report.refusals);
    refused.for_each(|refusal| documents::passed_by(name, refusal));
    let mut out = anstream::stdout().lock();
    let written = match (outcome, taking.place.json) {
        (Ok(report), true) => writeln!(out, "{}", json!({ "name": name, "added": report.added, "present": report.present })),
        (Err(failure), true) => {
            let (error, is_tried_again) = (&failure.message, !failure.is_lasting);
            writeln!(
                out,
                "{}",
                json!({ "name": name, "error": error, "details": failure.details, "help": failure.help, "again": is_tried_again })
            )
        }
        (Ok(report), false) if report.added == 0 => writeln!(out, "nothing new  {name}"),
        (Ok(report), false) => writeln!(out, "{GOOD}taken in{GOOD:#}     {name}: {} objects", report.added),
        (Err(failure), false) => {
            let details: String = failure.details.iter().map(|detail| format!("; {detail}")).collect();
            let next = if failure.is_lasting { "" } else { "; it is tried again" };
            writeln!(out, "{WARNING}not taken{WARNING:#}    {}{details}{next}", failure.message)
        }
    };
    let written: io::Result<()> = written.and_then(|()| out.flush());
    // Nobody reads what is told: then nobody wants it.
    written.map_err(|error| Failure::of("what was taken in cannot be told", &error).help("start it with an output that stays open"))
}

/// Set once somebody wants it to stop. A load under way may end within [`GRACE`]; what takes longer is left, and nothing of it is stored: a load
/// is one transaction.
fn stop_signal() -> Result<Arc<AtomicBool>, Failure> {
    let is_stopped = Arc::<AtomicBool>::default();
    let failed = |error: io::Error| Failure::of("the wish to stop cannot be heard", &error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (mut interrupt, mut terminate) = {
        let _within = runtime.enter();
        (signal(SignalKind::interrupt()).map_err(failed)?, signal(SignalKind::terminate()).map_err(failed)?)
    };
    let told = is_stopped.clone();
    thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
        told.store(true, Ordering::Relaxed);
        thread::sleep(GRACE);
        std::process::exit(0);
    });
    Ok(is_stopped)
}

/// The time that `text` says: a number and `s`, `m`, `h` or `d`.
///
/// # Errors
/// [`Failure`] when it says none.
pub(super) fn duration(text: &str) -> Result<Duration, Failure> {
    let units = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];
    let found = units.iter().find_map(|(unit, seconds)| {
        let number: u64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*seconds)
    });
    let found = found.map(Duration::from_secs).filter(|time| (EVERY_MIN..=Duration::from_secs(366 * 86_400)).contains(time));
    found.ok_or_else(|| {
        Failure::new(format!("`{text}` is no time to wait")).exit(Exit::Usage).help("write it as `30s`, `15m`, `2h` or `1d`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_wait() {
        for (text, seconds) in [
            ("30s", Some(30)),
            ("15m", Some(900)),
            (" 2 h ", Some(7_200)),
            ("1d", Some(86_400)),
            ("0s", None),
            ("m", None),
            ("15", None),
            ("-1m", None),
            ("99999999999999999d", None),
        ] {
            assert_eq!(duration(text).ok().map(|time| time.as_secs()), seconds, "{text}");
        }
    }

    #[test]
    fn a_file_is_read_once_it_rests_and_again_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().to_owned()];
        let mut known = Files::default();
        let write = |text: &str| std::fs::write(folder.path().join("a.txt"), text).unwrap();
        let mut names = || {
            let settled = known.settled(&places, Instant::now());
            settled.iter().for_each(|(file, look)| assert!(known.note(file.path.clone(), *look, None, Instant::now())));
            settled.len()
        };
        write("one");
        assert_eq!((names(), names(), names()), (0, 1, 0));
        write("one, two");
        assert_eq!(names(), 0);
        write("one, two, three");
        assert_eq!((names(), names(), names()), (0, 1, 0));
        std::fs::remove_file(folder.path().join("a.txt")).unwrap();
        assert_eq!(names(), 0);
    }

    #[test]
    fn what_may_pass_is_tried_again_and_told_once_and_what_lies_in_the_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().to_owned()];
        std::fs::write(folder.path().join("a.txt"), "one").unwrap();
        let start = Instant::now();
        let mut known = Files::default();
        let (full, damaged) = (Failure::new("the disk is full"), Failure::new("it is damaged").lasting());
        assert!(known.settled(&places, start).is_empty());
        let (file, look) = known.settled(&places, start).pop().unwrap();
        assert!(known.note(file.path.clone(), look, Some(&full), start));
        assert!(known.settled(&places, start).is_empty(), "not at once");
        assert_eq!(known.settled(&places, start + RETRY).len(), 1);
        assert!(!known.note(file.path.clone(), look, Some(&full), start + RETRY), "told once");
        assert!(known.settled(&places, start + RETRY * 2).is_empty(), "each time later");
        assert_eq!(known.settled(&places, start + RETRY * 3).len(), 1);
        assert!(known.note(file.path.clone(), look, Some(&damaged), start + RETRY * 3));
        assert!(known.settled(&places, start + RETRY_MAX * 9).is_empty(), "it is wrong itself");
    }
}
