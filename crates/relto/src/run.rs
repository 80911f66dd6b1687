//! Carrying a command out: by the server that holds the directory, or, when none runs, here.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use parking_lot::Mutex;
use relto_node::Source;

use crate::command::{Command, Outcome};
use crate::control::client::{self, Connection};
use crate::directory::{Directory, Hold, Lock};
use crate::execute::{Reporter, execute};
use crate::failure::Failure;

/// Who carries a command out.
enum Way {
    Server(Connection),
    Here(Lock),
}

/// Carries `command` out in the directory at `data`.
///
/// # Errors
/// [`Failure`]; then nothing has changed.
pub(crate) fn run(data: &Path, command: Command, sources: &[Source], reporter: &dyn Reporter) -> Result<Outcome, Failure> {
    let directory = Directory::find(data)?;
    let way = directory.wait_for(|| match client::connect(&directory)? {
        Some(connection) => Ok(Some(Way::Server(connection))),
        None => Ok(directory.try_lock(Hold::Shared)?.map(Way::Here)),
    })?;
    match way {
        Way::Server(connection) => connection.carry_out(command, sources, reporter),
        Way::Here(lock) => {
            let node = directory.node()?;
            let outcome = execute(&node, command, sources, reporter);
            drop(lock);
            outcome
        }
    }
}

/// A bar on standard error, where a terminal reads it.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar of bytes read.
    #[must_use]
    pub(crate) fn of_bytes(total: u64) -> Self {
        let form = ProgressStyle::with_template("reading  {bar:40} {bytes}/{total_bytes} {bytes_per_sec}");
        Self(ProgressBar::new(total).with_style(form.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// A bar of documents.
    #[must_use]
    pub(crate) fn of_documents(total: usize) -> Self {
        let form = ProgressStyle::with_template("reading  {bar:40} {pos}/{len} documents, {eta} left");
        Self(ProgressBar::new(total as u64).with_style(form.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// A bar of objects.
    #[must_use]
    pub(crate) fn of_objects() -> Self {
        Self::of("loading  {bar:40} {human_pos}/{human_len} objects, {rate}, {eta} left")
    }

    /// A bar of rows that an index takes in.
    #[must_use]
    pub(crate) fn of_index() -> Self {
        Self::of("indexing  {bar:40} {human_pos}/{human_len} objects, {rate}, {eta} left")
    }

    fn of(template: &str) -> Self {
        let form = ProgressStyle::with_template(template);
        let form = form.unwrap_or_else(|_| ProgressStyle::default_bar());
        // Nobody reads fractions of an object.
        let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        };
        Self(ProgressBar::new(0).with_style(form.with_key("rate", rate)))
    }

    /// The bar itself.
    #[must_use]
    pub(crate) fn bar(&self) -> &ProgressBar {
        &self.0
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Reporter for Bar {
    fn progress(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    fn write(&self, _: &[u8]) -> io::Result<()> {
        Err(io::Error::other("this command writes nothing"))
    }
}

/// Keeps an export in a file without a name, so that what fails half-way never reaches anybody.
pub(crate) struct Spool(Mutex<File>);

impl Spool {
    /// An empty spool in the data directory: what it holds is as sensitive as the store.
    ///
    /// # Errors
    /// [`Failure`] when there is no room.
    pub(crate) fn new(data: &Path) -> Result<Self, Failure> {
        let file = tempfile::tempfile_in(data).map_err(|error| Failure::of("the bundle cannot be prepared", &error))?;
        Ok(Self(Mutex::new(file)))
    }

    /// Copies everything to `out`.
    ///
    /// # Errors
    /// When `out` fails.
    pub(crate) fn pour(self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut file = self.0.into_inner();
        file.rewind()?;
        io::copy(&mut file, out)?;
        out.flush()
    }
}

impl Reporter for Spool {
    fn progress(&self, _: u64, _: u64) {}

    fn write(&self, piece: &[u8]) -> io::Result<()> {
        self.0.lock().write_all(piece)
    }
}
