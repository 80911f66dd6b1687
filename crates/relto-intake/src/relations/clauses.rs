//! How a sentence is built: its clauses, which of them hang on which, and what is quoted.
//!
//! Clauses end at commas, semicolons, colons, dashes and brackets, and before a word for `but`. No verb is looked up: what a clause is comes from its
//! first words and from what stands before it. Where that is wrong, a clause hangs on more than it does, and is doubted for it.

use super::words::{Kind as WordKind, Word};

/// What a clause is to its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It says something by itself.
    Main,
    /// It is what the clause it hangs on says, asks or wants (`that …`, `zu …`).
    Content,
    /// It says more of the name or noun before it (`which …`).
    Relative,
    /// It goes on with a clause that something was put into.
    Further,
    /// `not Sweden`: nothing is said of it.
    Contrast,
    /// A few words without a name (`perhaps`).
    Aside,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Clause {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
    /// The clause it hangs on or goes on with.
    pub(super) governor: Option<usize>,
}

const BREAKS: [char; 14] = [',', ';', ':', '，', '；', '：', '—', '–', '(', ')', '（', '）', '[', ']'];
const OPENING: [char; 6] = ['“', '„', '«', '"', '「', '『'];
const CLOSING: [char; 6] = ['”', '“', '»', '"', '」', '』'];
/// So many words in quotation marks are speech; fewer are a name or a word that the author does not own.
const SPEECH_WORDS_MIN: usize = 3;
/// So many words without a name are an aside.
const ASIDE_WORDS_MAX: usize = 4;
/// A clause begins anew before these.
const BUT: &str = "but aber sondern jedoch mais но однако але проте однак while whereas während tandis 但 但是 而是 却 然而 可是 不过";
const CONTENT: &str = "that dass daß whether ob si чтобы щоб будто нібито якобы ли чи";
/// `that`, or `which` where a name stands before it.
const EITHER: &str = "that que qu' что що";
const RELATIVE: &str = "which who whom whose where qui dont où lequel laquelle lesquels lesquelles auquel duquel wo welcher welche welches welchem welchen который которая которое которые которого которой которому которым которую которых которыми котором який яка яке які якого якої якому яким якій яку яких якими де где чей чья чьи чий чия";
const GERMAN_PRONOUNS: &str = "der die das dem den deren dessen denen";
const PREPOSITIONS: &str =
    "to in of for from with by on an in zu mit von für aus bei à de en dans pour avec в во к ко с со из на у до з із від для";
const NEGATIONS: &str = "not nicht kein keine non pas не ні ни nor noch rather а и";
/// They open what is only put beside a name.
const PARTICIPLES: &str = "based headquartered located situated founded owned led developed built designed established created funded financed registered ansässig beheimatet gegründet entwickelt établie établi implantée implanté installée installé basée basé située situé fondée fondé créée créé dirigée dirigé conçue conçu développée développé financée financé зарегистрированная зарегистрированный зарегистрированное расположенная расположенный созданная созданный основанная основанный зареєстрована зареєстрований розташована розташований створена створений заснована заснований";
/// An apposition has no more words.
const APPOSITION_WORDS_MAX: usize = 6;
/// German separable verbs hide `zu` in the middle.
const SEPARABLE: &str = "bei teil auf aus ein an ab zusammen zurück mit vor durch her fort bereit fest nach weiter";

/// A sentence taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    /// In order.
    pub(super) clauses: Vec<Clause>,
    /// For each word, whether it is quoted speech.
    pub(super) speech: Vec<bool>,
    /// Whether the speech goes on behind the sentence.
    pub(super) is_open: bool,
}

/// Takes a sentence apart; `is_open` where speech that began before it goes on.
pub(super) fn parts(words: &[Word], is_open: bool) -> Parts {
    let (speech, is_open) = speech(words, is_open);
    let mut clauses: Vec<Clause> = Vec::new();
    let mut from = 0;
    for at in 0..=words.len() {
        let word = words.get(at);
        let turns = at > from && word.is_some_and(|word| listed(BUT, &word.text) || changes(&speech, at));
        let breaks = word.is_none_or(|word| word.is_sign(&BREAKS));
        if breaks || turns {
            if at > from {
                let (kind, governor) = place(words, from..at, &clauses);
                clauses.push(Clause { from, to: at, kind, governor });
            }
            from = if turns && !breaks { at } else { at + 1 };
        }
    }
    Parts { clauses, speech, is_open }
}

fn changes(speech: &[bool], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| speech.get(before)) != speech.get(at)
}

/// Which words stand in quotation marks with several others, and whether the last mark is still open.
fn speech(words: &[Word], is_open: bool) -> (Vec<bool>, bool) {
    let mut speech = vec![false; words.len()];
    let mut opened = is_open.then_some(0);
    let mut is_carried = is_open;
    for (at, word) in words.iter().enumerate() {
        match opened {
            Some(from) if word.is_sign(&CLOSING) || word.is_closing => {
                let spoken = words.get(from..at).unwrap_or_default();
                let count = spoken.iter().filter(|word| !matches!(word.kind, WordKind::Sign(_))).count();
                let is_speech = is_carried || count >= SPEECH_WORDS_MIN;
                speech.iter_mut().take(at).skip(from).for_each(|word| *word = is_speech);
                (opened, is_carried) = (None, false);
            }
            None if word.is_sign(&OPENING) => opened = Some(at + 1),
            _ => {}
        }
    }
    if let Some(from) = opened {
        speech.iter_mut().skip(from).for_each(|word| *word = true);
    }
    (speech, opened.is_some())
}

/// What the clause over `range` is, and what it hangs on among those before it.
fn place(words: &[Word], range: std::ops::Range<usize>, before: &[Clause]) -> (Kind, Option<usize>) {
    let clause = words.get(range.clone()).unwrap_or_default();
    let last = before.len().checked_sub(1);
    let whole = before.iter().rposition(|clause| !matches!(clause.kind, Kind::Relative | Kind::Contrast | Kind::Aside));
    let text = |at: usize| clause.get(at).map_or("", |word| word.text.as_str());
    let has_name = clause.iter().any(|word| word.kind == WordKind::Name);
    let behind_name = before_is_name(words, range.start);
    let first = if listed("and or und oder et ou и или і й та або", text(0)) { 1 } else { 0 };
    if has_name
        && clause.len() <= ASIDE_WORDS_MAX
        && listed(NEGATIONS, text(0))
        && clause.last().is_some_and(|word| word.kind == WordKind::Name)
    {
        return (Kind::Contrast, last);
    }
    let pronoun = usize::from(listed(PREPOSITIONS, text(first)));
    if listed(RELATIVE, text(first + pronoun)) || listed(EITHER, text(first)) && behind_name && last.is_some_and(|_| range.start > 0) {
        return (Kind::Relative, last);
    }
    if range.start > 0
        && has_name
        && (listed(PARTICIPLES, text(first))
            || listed("a an une un ein eine einem einer", text(first)) && clause.len() <= APPOSITION_WORDS_MAX)
    {
        return (Kind::Relative, last);
    }
    if before.is_empty() {
        return (if !has_name && clause.len() <= ASIDE_WORDS_MAX { Kind::Aside } else { Kind::Main }, None);
    }
    if is_infinitive(clause) || listed(CONTENT, text(first)) || listed(EITHER, text(first)) {
        return (Kind::Content, whole);
    }
    if listed(GERMAN_PRONOUNS, text(first + pronoun)) && ends_in_verb(clause) && clause.len() > 2 {
        return (Kind::Relative, last);
    }
    if !has_name && clause.len() <= ASIDE_WORDS_MAX {
        return (Kind::Aside, whole);
    }
    let interrupted = last != whole && last.is_some();
    let has_subject = clause.iter().take(3).any(|word| word.kind == WordKind::Name);
    match whole {
        Some(whole) if interrupted && !listed(BUT, text(0)) && !has_subject => (Kind::Further, Some(whole)),
        _ => (Kind::Main, None),
    }
}

fn before_is_name(words: &[Word], from: usize) -> bool {
    let is_word = |word: &&Word| !matches!(word.kind, WordKind::Sign(_));
    words.get(..from).unwrap_or_default().iter().rev().find(is_word).is_some_and(|word| word.kind == WordKind::Name)
}

/// German clauses with `zu`.
fn is_infinitive(clause: &[Word]) -> bool {
    let mut end = clause.iter().rev().filter(|word| word.kind == WordKind::Word);
    let (last, earlier) = (end.next(), end.next());
    last.is_some_and(|word| is_hidden_infinitive(&word.text)) || earlier.is_some_and(|word| word.text == "zu")
}

/// `beizutreten`.
pub(super) fn is_hidden_infinitive(word: &str) -> bool {
    let hides =
        |begins: &str| word.strip_prefix(begins).and_then(|rest| rest.strip_prefix("zu")).is_some_and(|rest| rest.chars().count() > 2);
    word.ends_with('n') && SEPARABLE.split(' ').any(hides)
}

fn ends_in_verb(clause: &[Word]) -> bool {
    clause.last().is_some_and(|word| word.kind == WordKind::Word && !word.is_capital && word.text.ends_with(['t', 'n', 'e']))
}

/// Whether `word` is one of the words of `list`.
pub(super) fn listed(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|known| known == word)
}
