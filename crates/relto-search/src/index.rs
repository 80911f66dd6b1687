//! The index in its folder: opening it, and making it anew when it cannot be used.
//!
//! What has been told is in the commit itself, so that index and place are whole or not there together.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use relto_gate::Arrival;
use relto_intake::chinese::{self, script::Script};
use relto_store::{Finder, IndexProgress, Telling, TextError, TextIndex};
use serde::{Deserialize, Serialize};
use tantivy::{IndexReader, Opstamp, ReloadPolicy, Searcher};

use crate::catch_up;
use crate::find::Standing;
use crate::schema::{FORMAT, Fields};
use crate::segment::Generation;

/// How far an index has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Of what the index is.
    pub format: u32,
    /// When the facts had last changed, in microseconds, when labels were last compared.
    pub facts: i64,
    /// Up to which place each collection has been told, by number.
    pub through: BTreeMap<u32, u64>,
    /// Up to which place all have been told; the zeroth while some have not.
    pub whole: u64,
}

/// A full text index over the rows of a store.
pub struct Index {
    home: Option<PathBuf>,
    pub(crate) means: Arc<Means>,
    open: Mutex<Option<Open>>,
}

/// What texts and queries are read with.
pub(crate) struct Means {
    pub fields: Fields,
    pub script: Script,
}

pub(crate) struct Open {
    pub index: tantivy::Index,
    reader: IndexReader,
    /// The last state that was made ready, and the commit that it is of.
    generation: Option<(Opstamp, Arc<Generation>)>,
}

pub(crate) fn failed<E: std::error::Error + Send + Sync + 'static>(doing: &'static str) -> impl FnOnce(E) -> TextError {
    move |error| TextError::Failed { doing, source: Box::new(error) }
}

/// What `act` returns; a panic is a failure. A file that is shorter than it was has Tantivy subtract more than there is, and a server must outlive that.
pub(crate) fn guarded<R>(doing: &'static str, act: impl FnOnce() -> Result<R, TextError>) -> Result<R, TextError> {
    let damaged = |_| Err(TextError::Failed { doing, source: "what is in it is not what was written".into() });
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(damaged)
}

impl Index {
    /// The index in `folder`, which is made when it is first asked for. One that is damaged, or of another format, is thrown away then: everything in it
    /// is in the store as well.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::at(Some(folder.to_owned()))
    }

    /// An index in memory, empty at first.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::at(None)
    }

    fn at(home: Option<PathBuf>) -> Self {
        let means = Means { fields: Fields::new().0, script: chinese::script() };
        Self { home, means: Arc::new(means), open: Mutex::new(None) }
    }

    fn opened<'o>(&self, open: &'o mut Option<Open>) -> Result<&'o mut Open, TextError> {
        let made = match (open.take(), &self.home) {
            (Some(known), _) => known,
            (None, None) => Open::of(tantivy::Index::create_in_ram(Fields::new().1)).map_err(failed("being made"))?,
            (None, Some(folder)) => match guarded("being opened", || Open::in_folder(folder)) {
                Ok(found) if found.is_usable() => found,
                _ => Open::anew(folder)?,
            },
        };
        Ok(open.insert(made))
    }

    fn as_of_at_once(&self, telling: &Telling<'_>) -> Result<Option<Standing>, TextError> {
        let horizon = telling.snapshot.arrival()?.0;
        let mut open = self.open.lock();
        let opened = self.opened(&mut open)?;
        let place = catch_up::catch_up(self, opened, telling)?;
        if place.whole != horizon {
            return Ok(None);
        }
        let generation = opened.generation()?;
        // Another process may have gone on between the two.
        let is_the_same = opened.place()? == place;
        drop(open);
        if !is_the_same {
            return Ok(None);
        }
        Ok(Some(Standing::new(self.means.clone(), generation)))
    }
}

impl TextIndex for Index {
    fn progress(&self) -> Result<Option<IndexProgress>, TextError> {
        let mut open = self.open.lock();
        if open.is_none() && self.home.as_ref().is_none_or(|folder| !folder.exists()) {
            return Ok(None);
        }
        let open = self.opened(&mut open)?;
        Ok(Some(IndexProgress { through: Arrival(open.place()?.whole), rows: open.searcher()?.num_docs() }))
    }

    fn as_of(&self, telling: &Telling<'_>) -> Result<Option<Box<dyn Finder>>, TextError> {
        let found = match (guarded("being read", || self.as_of_at_once(telling)), &self.home) {
            // What is damaged shows when it is read; the store has all of it.
            (Err(TextError::Failed { .. }), Some(folder)) => {
                *self.open.lock() = Some(Open::anew(folder)?);
                self.as_of_at_once(telling)?
            }
            (found, _) => found?,
        };
        Ok(found.map(|standing| Box::new(standing) as Box<dyn Finder>))
    }
}

impl Open {
    fn of(index: tantivy::Index) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, generation: None })
    }

    fn in_folder(folder: &Path) -> Result<Self, TextError> {
        let index = tantivy::Index::open_in_dir(folder).map_err(failed("being opened"))?;
        Self::of(index).map_err(failed("being opened"))
    }

    /// An empty index in `folder`, over whatever was there.
    fn anew(folder: &Path) -> Result<Self, TextError> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed("being thrown away"))?;
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed("being made"))?;
        let index = tantivy::Index::create_in_dir(folder, Fields::new().1).map_err(failed("being made"))?;
        Self::of(index).map_err(failed("being made"))
    }

    fn is_usable(&self) -> bool {
        self.index.schema() == Fields::new().1 && self.place().is_ok_and(|place| place.format == FORMAT)
    }

    /// How far the index has come, as the last commit of any process says.
    pub(crate) fn place(&self) -> Result<Place, TextError> {
        let metas = self.index.load_metas().map_err(failed("being read"))?;
        let Some(payload) = metas.payload else { return Ok(Place { format: FORMAT, ..Place::default() }) };
        serde_json::from_str(&payload).map_err(failed("being read"))
    }

    /// The state of the last commit.
    pub(crate) fn searcher(&mut self) -> Result<Searcher, TextError> {
        self.reader.reload().map_err(failed("being read"))?;
        Ok(self.reader.searcher())
    }

    /// The state of the last commit, made ready.
    fn generation(&mut self) -> Result<Arc<Generation>, TextError> {
        let commit = self.index.load_metas().map_err(failed("being read"))?.opstamp;
        if let Some((_, known)) = self.generation.as_ref().filter(|(of, _)| *of == commit) {
            return Ok(known.clone());
        }
        let made = Arc::new(Generation::of(self.searcher()?).map_err(failed("being read"))?);
        self.generation = Some((commit, made.clone()));
        Ok(made)
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Index")
    }
}
