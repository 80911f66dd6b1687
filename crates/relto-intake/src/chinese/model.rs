//! How likely a character is after the two before it: a document's own habits over the general habits of words.
//!
//! The general part is a word list read as character pairs: within a word, and from the end of one word to the start of the
//! next. The document's part counts its own sound stretches. All in simplified characters. It ranks repairs; it proves none.

use rustc_hash::FxHashMap as HashMap;

/// What the shorter habit weighs against one sighting, where the document has shown nothing yet; each kind of character seen
/// to follow adds one more (Witten and Bell's way of allowing for the unseen).
const PRIOR: f64 = 2.0;
/// Probability of a character that the word list does not have.
const UNSEEN: f64 = 1e-8;
/// Share of words that end a clause.
const CLAUSE_SHARE: f64 = 0.1;
/// How often a sign stands after the end of a word; other signs have [`RARE_SIGN`].
const SIGNS: [(char, f64); 12] = [
    ('，', 0.06),
    ('。', 0.03),
    ('、', 0.015),
    ('；', 0.003),
    ('：', 0.003),
    ('？', 0.002),
    ('！', 0.002),
    ('“', 0.003),
    ('”', 0.003),
    ('《', 0.003),
    ('》', 0.003),
    ('—', 0.002),
];
const RARE_SIGN: f64 = 1e-6;
/// Letters, digits and brackets of ASCII inside Chinese.
const ASCII_SHARE: f64 = 0.003;
/// Characters that hardly ever stand before a sign, since they govern what follows; how much rarer a sign is there.
const GOVERNING: &str = "是在和与及或把被将对从向于以而且但为由因若如即并使让给跟";
const AFTER_GOVERNING: f64 = 0.05;
/// Characters that follow a word of any kind and make a noun of it, and how often they do.
const SUFFIXES: &str = "化性者率度力型";
const SUFFIX_SHARE: f64 = 0.003;

/// General habits, from a list of words.
#[derive(Debug, Default)]
pub struct WordModel {
    pairs: HashMap<(char, char), f64>,
    uses: HashMap<char, f64>,
    ends: HashMap<char, f64>,
    starts: HashMap<char, f64>,
    words: f64,
}

/// Habits of one document over the general ones.
#[derive(Debug)]
pub struct DocumentModel<'w> {
    words: &'w WordModel,
    after_one: HashMap<char, Followers>,
    after_two: HashMap<(char, char), Followers>,
}

/// What a document has after some characters.
#[derive(Debug, Default)]
struct Followers {
    total: f64,
    counts: HashMap<char, f64>,
}

impl Followers {
    fn count(&mut self, c: char) {
        self.total += 1.0;
        *self.counts.entry(c).or_default() += 1.0;
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn share(&self, c: char, shorter: f64) -> f64 {
        let prior = self.counts.len() as f64 + PRIOR;
        (self.counts.get(&c).copied().unwrap_or(0.0) + prior * shorter) / (self.total + prior)
    }
}

impl WordModel {
    /// Reads the list that [`super::words::Words::parse`] reads; lines of another form count nothing.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        let mut model = Self::default();
        for line in list.lines() {
            let Some((word, uses)) = line.split_once(' ') else { continue };
            model.count(word, uses.parse().unwrap_or(0.0));
        }
        model
    }

    fn count(&mut self, word: &str, uses: f64) {
        let mut before = None;
        for c in word.chars() {
            *self.uses.entry(c).or_default() += uses;
            match before {
                Some(previous) => *self.pairs.entry((previous, c)).or_default() += uses,
                None => *self.starts.entry(c).or_default() += uses,
            }
            before = Some(c);
        }
        if let Some(last) = before {
            *self.ends.entry(last).or_default() += uses;
            self.words += uses;
        }
    }

    /// Probability of `next` after `previous`.
    #[must_use]
    pub fn after(&self, previous: char, next: char) -> f64 {
        let of = |counts: &HashMap<char, f64>, c: char| counts.get(&c).copied().unwrap_or(0.0);
        let start = if super::script::is_han(next) { self.start(next) } else { sign_after(previous, next) };
        let uses = of(&self.uses, previous);
        if uses == 0.0 {
            return start * (1.0 - CLAUSE_SHARE) + UNSEEN;
        }
        let within = self.pairs.get(&(previous, next)).copied().unwrap_or(0.0) / uses;
        let suffix = if SUFFIXES.contains(next) { SUFFIX_SHARE } else { 0.0 };
        within + suffix + of(&self.ends, previous) / uses * start * (1.0 - CLAUSE_SHARE) + UNSEEN
    }

    fn start(&self, c: char) -> f64 {
        self.starts.get(&c).copied().unwrap_or(0.0) / self.words.max(1.0)
    }
}

/// Share of `sign` among what follows the end of a word.
fn sign_after(previous: char, sign: char) -> f64 {
    let share =
        if sign.is_ascii() { ASCII_SHARE } else { SIGNS.iter().find(|(known, _)| *known == sign).map_or(RARE_SIGN, |(_, share)| *share) };
    if GOVERNING.contains(previous) { share * AFTER_GOVERNING } else { share }
}

impl<'w> DocumentModel<'w> {
    /// A model that has seen no document yet.
    #[must_use]
    pub fn new(words: &'w WordModel) -> Self {
        Self { words, after_one: HashMap::default(), after_two: HashMap::default() }
    }

    /// Counts a sound stretch of the document, in simplified characters.
    pub fn learn(&mut self, stretch: &[char]) {
        for pair in stretch.windows(2) {
            if let [a, b] = pair {
                self.after_one.entry(*a).or_default().count(*b);
            }
        }
        for triple in stretch.windows(3) {
            if let [a, b, c] = triple {
                self.after_two.entry((*a, *b)).or_default().count(*c);
            }
        }
    }

    /// Natural logarithm of the probability of `c` after `a` and `b`.
    #[must_use]
    pub fn log_after(&self, a: char, b: char, c: char) -> f64 {
        let general = self.words.after(b, c);
        let pair = self.after_one.get(&b).map_or(general, |seen| seen.share(c, general));
        self.after_two.get(&(a, b)).map_or(pair, |seen| seen.share(c, pair)).ln()
    }
}
