//! The lists and decisions of a node, as documents are read with them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::Path;

use parking_lot::Mutex;
use relto_intake::Knowledge;
use relto_intake::corrections::Correction;
use relto_intake::kept::{Input, additions, decisions};
use relto_model::Stamp;
use relto_node::{InputUse, KeptDocument};

use crate::command::{Command, Intaking, Line};
use crate::execute::{Reporter, unusable};
use crate::failure::Failure;
use crate::render::WARNING;
use crate::run::run;

/// What a node has about documents.
#[derive(Default)]
pub(super) struct Library {
    /// The node's time.
    pub(super) now: Option<Stamp>,
    inputs: BTreeMap<InputUse, Input>,
    narrower: Vec<String>,
    /// What is kept of documents.
    pub(super) kept: Vec<KeptDocument>,
    /// What somebody sees of documents: report, source, and bytes in base64.
    pub(super) seen: Vec<(String, String, String)>,
    /// The bytes of documents by their place, in base64.
    pub(super) contents: BTreeMap<u64, String>,
}

/// What documents are read with.
pub(super) struct Reader {
    pub(super) knowledge: Knowledge,
    inputs: Vec<Input>,
}

impl Library {
    /// What `act` writes.
    ///
    /// # Errors
    /// [`Failure`] when the node has none, or writes what this release does not read.
    pub(super) fn of(data: &Path, act: Intaking) -> Result<Self, Failure> {
        let written = Written::default();
        run(data, Command::Intake(act), &[], &written)?;
        let mut library = Self::default();
        for line in serde_json::Deserializer::from_slice(&written.0.into_inner()).into_iter::<Line>() {
            library.add(line.map_err(|error| Failure::of("what the node wrote cannot be read", &error))?)?;
        }
        Ok(library)
    }

    fn add(&mut self, line: Line) -> Result<(), Failure> {
        match line {
            Line::Now(now) => self.now = Some(now),
            Line::Input(input) => {
                let parsed = Input::parse(&input.text).map_err(|faults| unusable(&input.name.name, &faults))?;
                self.inputs.insert(input.name, parsed);
            }
            Line::Narrower(name) => self.narrower.push(name),
            Line::Kept(kept) => self.kept.push(*kept),
            Line::Content(place, content) => drop(self.contents.insert(place, content)),
            Line::Seen { report, source, content } => self.seen.push((report, source, content)),
        }
        Ok(())
    }

    /// Every list and decision.
    pub(super) fn names(&self) -> BTreeSet<InputUse> {
        self.inputs.keys().cloned().collect()
    }

    /// Those of `names` that there are.
    pub(super) fn inputs<'l>(&'l self, names: impl IntoIterator<Item = &'l InputUse>) -> Vec<&'l Input> {
        names.into_iter().filter_map(|name| self.inputs.get(name)).collect()
    }

    /// What documents are read with, with the lists and decisions `names`.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be put together.
    pub(super) fn reader(&self, names: &BTreeSet<InputUse>) -> Result<Reader, Failure> {
        let inputs: Vec<Input> = self.inputs(names).into_iter().cloned().collect();
        let knowledge = Knowledge::with(&additions(inputs.iter()));
        let knowledge =
            knowledge.map_err(|error| Failure::of("the lists cannot be used", &error).help("`relto intake list ls` shows them"))?;
        Ok(Reader { knowledge, inputs })
    }

    /// Tells which lists are not used, since they are for fewer than the documents.
    pub(super) fn say_what_is_not_used(&self) {
        for name in &self.narrower {
            let _ = writeln!(
                anstream::stderr().lock(),
                "{WARNING}not used{WARNING:#}: the list `{name}` is for fewer than the documents (`--with '{name}'` uses it)"
            );
        }
    }
}

impl Reader {
    /// The decisions on the document of `report`.
    pub(super) fn decisions(&self, report: &str) -> Vec<Correction> {
        decisions(self.inputs.iter(), report)
    }
}

/// What a command writes, in memory.
#[derive(Default)]
struct Written(Mutex<Vec<u8>>);

impl Reporter for Written {
    fn progress(&self, _: u64, _: u64) {}

    fn write(&self, piece: &[u8]) -> io::Result<()> {
        self.0.lock().extend_from_slice(piece);
        Ok(())
    }
}
