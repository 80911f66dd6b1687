//! What is known of written Chinese: [`script`] (Han characters, traditional to simplified), [`words`] (a frequency list and
//! segmentation), [`model`] (how likely a character is after another), [`gbk`] (two-byte codes), [`syllable`] (pinyin).
//!
//! General knowledge only; what one document teaches is learnt where it is used.

pub mod gbk;
pub mod model;
pub mod script;
pub mod syllable;
pub mod words;

const WORD_LIST: &str = include_str!("../data/chinese/words.txt");
const CONNECTIVES: &str = include_str!("../data/chinese/connectives.txt");
const SIMPLIFIED: &str = include_str!("../data/chinese/simplified.txt");

/// All of it, made once.
#[derive(Debug)]
pub struct Chinese {
    /// Traditional to simplified.
    pub script: script::Script,
    /// Segmentation.
    pub words: words::Words,
    /// Which character follows which.
    pub model: model::WordModel,
    /// Phrases that join clauses, each between the signs it stands between.
    pub connectives: Vec<Vec<char>>,
    /// GBK.
    pub codes: gbk::Codes,
}

/// Traditional to simplified alone.
#[must_use]
pub fn script() -> script::Script {
    script::Script::parse(SIMPLIFIED)
}

/// Segmentation alone.
///
/// # Errors
/// As [`Chinese::builtin`].
pub fn words() -> Result<words::Words, words::WordsError> {
    words::Words::parse(WORD_LIST)
}

impl Chinese {
    /// What this crate ships.
    ///
    /// # Errors
    /// [`words::WordsError`] when the shipped list is not what it should be, which a test of this crate excludes.
    pub fn builtin() -> Result<Self, words::WordsError> {
        Ok(Self {
            script: script(),
            words: words()?,
            model: model::WordModel::parse(WORD_LIST),
            connectives: CONNECTIVES.lines().map(|phrase| format!("。{phrase}，").chars().collect()).collect(),
            codes: gbk::Codes::new(),
        })
    }
}
