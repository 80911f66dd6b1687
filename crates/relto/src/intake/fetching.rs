//! What stands at addresses: asked for again, only when it is new, and taken in.
//!
//! `relto-http` fetches; here it is remembered what was fetched, and a feed of MISP is followed from its manifest to its events.

use std::collections::BTreeMap;

use relto_http::fetch::{Asked, FetchError, Fetched, fetch, shown_address};
use relto_intake::misp;
use relto_model::Stamp;
use relto_node::LoadReport;
use time::PrimitiveDateTime;
use time::macros::format_description;
use tokio::runtime::Runtime;

use super::documents::{FetchedFile, File, passed_by};
use super::taken::{Key, Taken, Validators};
use super::taking::Taking;
use crate::failure::{Failure, chain};
use crate::run::Bar;

/// Events of a feed that are held in memory, and loaded, at once.
const EVENTS_AT_ONCE: usize = 20;

/// Fetches addresses.
pub(super) struct Fetching {
    runtime: Runtime,
    is_private_allowed: bool,
}

/// Whether a path is an address.
pub(super) fn is_address(path: &str) -> bool {
    let scheme = path.get(..8).unwrap_or(path).to_ascii_lowercase();
    scheme.starts_with("https://") || scheme.starts_with("http://")
}

impl Fetching {
    /// Ready to fetch.
    ///
    /// # Errors
    /// [`Failure`] when the system gives no means to.
    pub(super) fn new(is_private_allowed: bool) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::of("the runtime cannot be started", &error))?;
        Ok(Self { runtime, is_private_allowed })
    }

    /// The file at `address`, whatever was fetched before.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be fetched.
    pub(super) fn file(&self, address: &str) -> Result<File, Failure> {
        match self.ask(address, &Validators::default(), misp::EVENTS_BYTES_MAX)? {
            Some((file, _)) => Ok(File::fetched(address, file)),
            None => Err(Failure::new(format!("{address}: the server answered nothing")).help("try again later")),
        }
    }

    /// Takes in what is new at `address`. What the server said of it is kept once it is in.
    ///
    /// # Errors
    /// [`Failure`]; what was not taken in is asked for again.
    pub(super) fn take(&self, address: &str, taking: &Taking, taken: &mut Taken) -> Result<LoadReport, Failure> {
        let asked_for = format!("{}\n{address}", taking.request.load.collection);
        let Some((file, validators)) = self.ask(address, &taken.validators(&asked_for), misp::EVENTS_BYTES_MAX)? else {
            return Ok(LoadReport::default());
        };
        let manifest = std::str::from_utf8(&file.bytes).ok().and_then(misp::manifest);
        let (report, is_whole) = match manifest {
            Some(_) => self.events(address, &file, taking, taken)?,
            None => (taking.take(&[File::fetched(address, file)], Some(taken))?, true),
        };
        if is_whole && report.refused == 0 {
            taken.keep_validators(&asked_for, validators)?;
        }
        Ok(report)
    }

    /// Takes in the events of the feed whose manifest is `manifest`: those that are not in as they are there. Says whether it got all of them.
    fn events(&self, address: &str, manifest: &FetchedFile, taking: &Taking, taken: &mut Taken) -> Result<(LoadReport, bool), Failure> {
        let entries: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&manifest.bytes).map_err(|error| Failure::of(address, &error))?;
        // Each entry has the time of its event.
        let key = |uuid: &str, entry: &serde_json::Value| {
            Taken::key_of(&["manifest", &taking.request.load.collection, address, uuid, &entry.to_string()])
        };
        let new: Vec<(String, Key)> =
            entries.iter().map(|(uuid, entry)| (uuid.clone(), key(uuid, entry))).filter(|(_, key)| !taken.has(key)).collect();
        let bar = Bar::of_documents(new.len());
        let (mut total, mut is_whole) = (LoadReport::default(), true);
        for some in new.chunks(EVENTS_AT_ONCE) {
            let (mut files, mut keys) = (Vec::new(), Vec::new());
            for (uuid, key) in some {
                let place = beside(address, &format!("{uuid}.json"));
                match self.ask(&place, &Validators::default(), misp::EVENTS_BYTES_MAX) {
                    Ok(file) => {
                        files.extend(file.map(|(file, _)| File::fetched(&place, file)));
                        keys.push(*key);
                    }
                    // The others are no less good, and this one is asked for again.
                    Err(failure) => {
                        is_whole = false;
                        passed_by(&place, &failure.message);
                    }
                }
                bar.bar().inc(1);
            }
            add(&mut total, taking.take(&files, Some(taken))?);
            taken.add(&keys)?;
        }
        Ok((total, is_whole))
    }

    /// What `address` answers; `None` when it is as the validators say.
    fn ask(&self, address: &str, validators: &Validators, bytes_max: usize) -> Result<Option<(FetchedFile, Validators)>, Failure> {
        let Validators { etag, last_modified } = validators;
        let asked = Asked {
            address,
            etag: etag.as_deref(),
            last_modified: last_modified.as_deref(),
            bytes_max,
            is_private_allowed: self.is_private_allowed,
        };
        match self.runtime.block_on(fetch(asked)) {
            Ok(Fetched::NothingNew) => Ok(None),
            Ok(Fetched::New { bytes, etag, last_modified }) => {
                let changed = last_modified.as_deref().and_then(time_of);
                Ok(Some((FetchedFile { bytes, changed }, Validators { etag, last_modified })))
            }
            Err(error) => {
                let message = format!("{}: cannot be fetched: {}", shown_address(address), chain(&error));
                Err(Failure::new(message).help(next_step(&error)))
            }
        }
    }
}

fn next_step(error: &FetchError) -> &'static str {
    match error {
        FetchError::NotPublic(_) => "with `--allow-private` this machine and private networks are asked as well",
        FetchError::NeverAsked(_) | FetchError::Inwards(_) => "name the place itself, if you believe whoever sent there",
        FetchError::NoAddress(_) => "write it as a browser shows it, without name and password",
        FetchError::Downgraded(_) => "name the address without TLS itself, if you believe whoever answers there",
        _ => "look at it with a browser, and try again later; nothing was stored",
    }
}

/// The address of `name` in the folder of `address`.
fn beside(address: &str, name: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or(path);
    format!("{folder}{name}")
}

/// Adds what another load did to `total`.
pub(super) fn add(total: &mut LoadReport, more: LoadReport) {
    total.added += more.added;
    total.present += more.present;
    total.refused += more.refused;
    total.refusals.extend(more.refusals);
    total.marked.extend(more.marked);
    for (counts, more) in [(&mut total.converted, more.converted), (&mut total.warnings, more.warnings), (&mut total.notes, more.notes)] {
        more.into_iter().for_each(|(rule, count)| *counts.entry(rule).or_default() += count);
    }
}

/// A time as HTTP writes it.
fn time_of(text: &str) -> Option<Stamp> {
    let form = format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let time = PrimitiveDateTime::parse(text.trim(), form).ok()?;
    time.assume_utc().unix_timestamp().checked_mul(1_000_000).map(Stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_paths() {
        for (path, expected) in [
            ("https://a.example/", true),
            ("HTTP://a.example/", true),
            ("http:/a", false),
            ("a/https://b", false),
            ("-", false),
            ("é", false),
        ] {
            assert_eq!(is_address(path), expected, "{path}");
        }
        assert_eq!(beside("https://a.example/feed/manifest.json?x=/y", "u.json"), "https://a.example/feed/u.json");
    }

    #[test]
    fn times_of_http() {
        assert_eq!(time_of("Wed, 17 May 2023 09:30:00 GMT").unwrap().to_string(), "2023-05-17T09:30:00.000000Z");
        assert_eq!(time_of("yesterday"), None);
    }
}
