//! What an analysis is made with: languages, lexicon, names, cues and rules, in one value that is made once.
//!
//! A site adds to the built-in lists; since results depend on them, they are inputs of a document like its bytes.

use crate::chinese::Chinese;
use crate::chinese::script::is_han;
use crate::chinese::words::WordsError;
use crate::dates::{Dates, ShapeError};
use crate::entities::Entities;
use crate::figures::Figures;
use crate::gazetteer::{Gazetteer, GazetteerError, Named, Names};
use crate::laundered::Lexicon;
use crate::laundered::level::Level;
use crate::lists::{Entry, List};
use crate::missing::Clashes;
use crate::relations::Relations;
use crate::repair::boilerplate::Cues;

const LEXICON: &str = include_str!("../data/lexicon.tsv");
const CLASHES: &str = include_str!("../data/gaps.tsv");
const CUES: &str = include_str!("../data/boilerplate.tsv");
const NAMES: &str = include_str!("../data/gazetteer.csv");
const NATIONS: &str = include_str!("../data/nations.csv");
const STATE_BODIES: &str = include_str!("../data/state-bodies.csv");
const TERRITORIES: &str = include_str!("../data/names-cldr/territories.tsv");
const TERRITORY_ALIASES: &str = include_str!("../data/territory-aliases.csv");

/// Everything an analysis knows beforehand.
#[derive(Debug)]
pub struct Knowledge {
    pub(crate) chinese: Chinese,
    pub(crate) lexicon: Lexicon,
    pub(crate) level: Level,
    pub(crate) clashes: Clashes,
    pub(crate) cues: Cues,
    pub(crate) gazetteer: Gazetteer,
    pub(crate) entities: Entities,
    pub(crate) dates: Dates,
    pub(crate) figures: Figures,
    pub(crate) relations: Relations,
    /// Things that are other ones.
    pub(crate) merges: Vec<(Named, Named)>,
}

/// Lists that a site adds; each in the form of the built-in one, and empty where there is nothing to add.
#[derive(Clone, Debug, Default)]
pub struct Additions {
    /// As `data/lexicon.tsv`.
    pub lexicon: String,
    /// As `data/gazetteer.csv`, each list with its header.
    pub names: Vec<String>,
    /// As `data/boilerplate.tsv`.
    pub cues: String,
    /// As `data/gaps.tsv`.
    pub clashes: String,
    /// Lists that were checked.
    pub lists: Vec<List>,
    /// Things that are other ones.
    pub merges: Vec<(Named, Named)>,
}

/// Why knowledge cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The word list.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// A list of names.
    #[error(transparent)]
    Names(#[from] GazetteerError),
    /// A rule.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl Knowledge {
    /// What this crate ships.
    ///
    /// # Errors
    /// [`KnowledgeError`] when a shipped list is not what it should be, which a test of this crate excludes.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        Self::with(&Additions::default())
    }

    /// What this crate ships, and `additions`; where both speak of one word, the addition holds.
    ///
    /// # Errors
    /// [`KnowledgeError`] when a list is not of its form.
    pub fn with(additions: &Additions) -> Result<Self, KnowledgeError> {
        let mut chinese = Chinese::builtin()?;
        let mut lexicon = Lexicon::parse(&joined(LEXICON, &additions.lexicon));
        additions.lists.iter().flat_map(|list| &list.entries).for_each(|entry| lexicon.add_listed(entry));
        // Only Han words are cut out of a row of characters; a word of letters would be cut out of longer ones.
        lexicon.words().into_iter().filter(|word| word.chars().all(is_han)).for_each(|word| chinese.words.add(word));
        let mut names = shipped_names()?;
        for entry in additions.lists.iter().flat_map(|list| &list.entries) {
            if let Entry::Name { named, aliases } = entry {
                names.add(named.clone(), aliases.iter().map(String::as_str));
            }
        }
        additions.names.iter().try_for_each(|list| names.add_csv(list))?;
        Ok(Self {
            clashes: Clashes::parse(&joined(CLASHES, &additions.clashes)),
            cues: Cues::parse(&joined(CUES, &additions.cues), &chinese.script),
            gazetteer: names.build(&chinese)?,
            entities: Entities::new()?,
            dates: Dates::new()?,
            figures: Figures::new()?,
            relations: Relations::default(),
            merges: additions.merges.clone(),
            chinese,
            level: Level::of(&lexicon),
            lexicon,
        })
    }

    /// What is known of Chinese.
    #[must_use]
    pub fn chinese(&self) -> &Chinese {
        &self.chinese
    }

    /// The words that are levelled before copies are compared.
    #[must_use]
    pub fn level(&self) -> &Level {
        &self.level
    }

    /// The cues of boilerplate.
    #[must_use]
    pub fn cues(&self) -> &Cues {
        &self.cues
    }
}

/// The names that this crate ships.
///
/// # Errors
/// [`GazetteerError`] when a shipped list is not what it should be.
pub(crate) fn shipped_names() -> Result<Names, GazetteerError> {
    let mut names = Names::default();
    names.add_csv(NAMES)?;
    names.add_territories(TERRITORIES, TERRITORY_ALIASES)?;
    names.add_states(NATIONS, STATE_BODIES)?;
    Ok(names)
}

fn joined(shipped: &str, added: &str) -> String {
    format!("{shipped}\n{added}")
}
