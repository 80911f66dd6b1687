//! `relto intake --watch`: folders, files and addresses, looked at again and again until it is stopped.
//!
//! Folders are looked through once a second, which works on every file system, those of other machines among them, and loses nothing when much happens at
//! once. A file is read when it has been as long and as old twice in a row. Each file is a load of its own: one that cannot be read stops nobody.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

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

/// How a file was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It may still be written to.
    Changing(Look),
    /// It was read, or cannot be, as it was then.
    Done(Look),
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
    let places: Vec<PathBuf> = places.into_iter().map(PathBuf::from).collect();
    if let Some(missing) = places.iter().find(|place| !place.exists()) {
        let message = format!("{}: is not there, and cannot be watched", missing.display());
        return Err(Failure::not_found(message).help("make the folder first; standard input is read without `--watch`"));
    }
    let is_stopped = stop_signal()?;
    let mut states = HashMap::new();
    let mut due = Instant::now();
    while !is_stopped.load(Ordering::Relaxed) {
        if Instant::now() >= due {
            for address in &addresses {
                if !is_stopped.load(Ordering::Relaxed) {
                    tell(taking, address, fetching.take(address, taking, taken))?;
                }
            }
            due = Instant::now() + every.max(EVERY_MIN);
        }
        for file in settled(&places, &mut states) {
            if is_stopped.load(Ordering::Relaxed) {
                break;
            }
            let name = file.name.clone();
            tell(taking, &name, taking.take(&[file], Some(taken)))?;
        }
        let next = Instant::now() + STEP;
        while Instant::now() < next && !is_stopped.load(Ordering::Relaxed) {
            thread::sleep(PAUSE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The files that are as they were at the last look, and were not read as they are.
fn settled(places: &[PathBuf], states: &mut HashMap<String, State>) -> Vec<File> {
    let mut settled = Vec::new();
    for file in files(places) {
        // What is gone by now is no concern.
        let Ok(found) = Path::new(&file.name).metadata() else { continue };
        let look = Look { bytes: found.len(), changed: found.modified().ok() };
        match states.get(&file.name) {
            Some(State::Done(done)) if *done == look => {}
            Some(State::Changing(last)) if *last == look => {
                states.insert(file.name.clone(), State::Done(look));
                settled.push(file);
            }
            _ => drop(states.insert(file.name.clone(), State::Changing(look))),
        }
    }
    settled
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
fn tell(taking: &Taking, name: &str, outcome: Result<LoadReport, Failure>) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let written = match (&outcome, taking.place.json) {
        (Ok(report), true) => writeln!(out, "{}", json!({ "name": name, "added": report.added, "present": report.present })),
        (Err(failure), true) => writeln!(out, "{}", json!({ "name": name, "error": failure.message, "help": failure.help })),
        (Ok(report), false) if report.added == 0 => writeln!(out, "nothing new  {name}"),
        (Ok(report), false) => writeln!(out, "{GOOD}taken in{GOOD:#}     {name}: {} objects", report.added),
        (Err(failure), false) => writeln!(out, "{WARNING}not taken{WARNING:#}    {}", failure.message),
    };
    let written: io::Result<()> = written.and_then(|()| out.flush());
    // Nobody reads what is told: then nobody wants it.
    written.map_err(|error| Failure::of("what was taken in cannot be told", &error).help("start it with an output that stays open"))
}

/// Set once somebody wants it to stop; a load under way is ended first.
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
        let mut states = HashMap::new();
        let write = |text: &str| std::fs::write(folder.path().join("a.txt"), text).unwrap();
        let mut names = || settled(&places, &mut states).len();
        write("one");
        assert_eq!((names(), names(), names()), (0, 1, 0));
        write("one, two");
        assert_eq!(names(), 0);
        write("one, two, three");
        assert_eq!((names(), names(), names()), (0, 1, 0));
        std::fs::remove_file(folder.path().join("a.txt")).unwrap();
        assert_eq!(names(), 0);
    }
}
