//! Finds figures: percentages, money, measures, counts and ordinals, each with its unit and what it measures.
//!
//! A fall is a negative value, as far as the clause says so. Dates and names are no figures, so their places are passed in.
//! What it does not read: ranges as one figure (`3-5`), fractions in words, and counts of things that are not named behind them.

mod patterns;
mod sign;
mod units;

use crate::dates::ShapeError;
use crate::numbers::{Grouping, chinese, chinese_decimal, decimal, of_words};
use crate::span::{Taken, TextSpan};
use crate::text::{clauses, holding, tail};
use patterns::Patterns;
use regex::Captures;

/// How far a look backwards goes.
const LOOK_BYTES: usize = 120;
/// A number with its unit is no longer than this.
const UNIT_CHARACTERS_MAX: usize = 40;

/// A figure with its places in the text that was searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where.
    pub span: TextSpan,
    /// How much; negative for a fall.
    pub value: f64,
    /// Of what: `%`, `percentage point`, `ordinal`, `count`, a currency by its code, or a measure.
    pub unit: &'static str,
    /// The words that say what is measured.
    pub meaning: TextSpan,
}

/// The patterns of figures, compiled once.
#[derive(Debug)]
pub struct Figures {
    patterns: Patterns,
}

/// The names of all units, in order, each once.
#[must_use]
pub fn units() -> std::collections::BTreeSet<&'static str> {
    units::UNITS.iter().chain(units::TIMES).chain(&units::MONEY).map(|(_, name)| *name).collect()
}

impl Figures {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// [`ShapeError`] when one does not compile.
    pub fn new() -> Result<Self, ShapeError> {
        Ok(Self { patterns: Patterns::new()? })
    }

    /// Every figure in `text` (in simplified characters) outside of `taken`, in order; they do not overlap.
    #[must_use]
    pub fn find(&self, text: &str, grouping: Grouping, taken: Taken) -> Vec<Found> {
        let mut search = Search { patterns: &self.patterns, text, grouping, clauses: clauses(text), taken, found: Vec::new() };
        let patterns = &self.patterns;
        let readers: [(&regex::Regex, Read); 8] = [
            (&patterns.chinese_percent, chinese_percent),
            (&patterns.chinese_tenths, chinese_tenths),
            (&patterns.chinese_ordinal, chinese_ordinal),
            (&patterns.ordinal_digits, ordinal_digits),
            (&patterns.ordinal_points, ordinal_points),
            (&patterns.ordinal_words, ordinal_words),
            (&patterns.western, western),
            (&patterns.chinese_number, chinese_number),
        ];
        for (pattern, read) in readers {
            for captures in pattern.captures_iter(text) {
                if let Some(figure) = read(&search, &captures) {
                    search.take(figure);
                }
            }
        }
        search.found.sort_by_key(|found| found.span);
        search.found
    }
}

type Read = fn(&Search<'_>, &Captures<'_>) -> Option<Figure>;

/// A figure before its surroundings are known.
struct Figure {
    span: TextSpan,
    value: f64,
    unit: &'static str,
}

struct Search<'t> {
    patterns: &'t Patterns,
    text: &'t str,
    grouping: Grouping,
    clauses: Vec<TextSpan>,
    taken: Taken,
    found: Vec<Found>,
}

impl Search<'_> {
    fn take(&mut self, figure: Figure) {
        if !self.taken.take(figure.span) {
            return;
        }
        let clause = holding(&self.clauses, figure.span).unwrap_or(figure.span);
        let value = if sign::is_fall(self.text, clause, &figure) { -figure.value.abs() } else { figure.value };
        let meaning = if matches!(figure.unit, "count" | "ordinal") { self.noun_behind(figure.span) } else { Some(clause) };
        self.found.push(Found { span: figure.span, value, unit: figure.unit, meaning: meaning.unwrap_or(clause) });
    }

    fn behind(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// What stands before, no more of it than a look backwards needs.
    fn before(&self, at: usize) -> &str {
        tail(self.text.get(..at).unwrap_or_default(), LOOK_BYTES)
    }

    /// The currency of the amount before in the clause: `54 Millionen Euro, das Land weitere 20 Millionen`.
    fn earlier_money(&self, span: TextSpan) -> Option<&'static str> {
        let near = |found: &&Found| found.span.to <= span.from && span.from - found.span.to <= LOOK_BYTES;
        let last = self.found.iter().filter(near).max_by_key(|found| found.span)?;
        (last.unit.len() == 3 && last.unit.chars().all(|c| c.is_ascii_uppercase())).then_some(last.unit)
    }

    /// Up to three words behind a count, or a few characters in Chinese, without the counter.
    fn noun_behind(&self, span: TextSpan) -> Option<TextSpan> {
        let behind = self.behind(span.to);
        let from = span.to + (behind.len() - behind.trim_start().len());
        let rest = self.behind(from);
        let counter = rest.chars().next().filter(|c| units::CHINESE_COUNTERS.contains(*c)).map_or(0, char::len_utf8);
        let rest = rest.get(counter..)?;
        let mut words = 0;
        let end = rest.char_indices().find(|(at, c)| {
            words += usize::from(c.is_whitespace());
            !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’')) || words > 2 || (crate::chinese::script::is_han(*c) && *at >= 12)
        });
        let to = from + counter + rest.get(..end.map_or(rest.len(), |(at, _)| at))?.trim_end().len();
        (from + counter < to).then_some(TextSpan::new(from + counter, to))
    }
}

fn span(captures: &Captures<'_>, name: &str) -> Option<TextSpan> {
    captures.name(name).map(|part| TextSpan::new(part.start(), part.end()))
}

fn text<'t>(captures: &Captures<'t>, name: &str) -> Option<&'t str> {
    captures.name(name).map(|part| part.as_str())
}

/// A number in digits or words, with money before it and powers and units behind it.
fn western(search: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let number = span(captures, "number")?;
    let digits = text(captures, "digits");
    let value = match digits {
        Some(digits) => decimal(digits, search.grouping)?,
        None => whole(of_words(text(captures, "words")?)?),
    };
    let money = text(captures, "money").and_then(|sign| named(&units::MONEY, sign));
    let scale = text(captures, "scale").map(str::trim);
    if scale == Some("m") && money.is_none() {
        return None;
    }
    let scaled = value * scale.and_then(patterns::scale).unwrap_or(1.0);
    let negative =
        captures.name("minus").is_some() && !search.before(number.from).trim_end_matches(['−', '-', '–']).ends_with(char::is_alphanumeric);
    let negative = negative || text(captures, "minus").is_some_and(|minus| minus.len() > 3);
    let unit = text(captures, "unit").map(str::trim).and_then(patterns::unit).or(money);
    let start = span(captures, "minus").filter(|_| negative).or(span(captures, "money")).unwrap_or(number).from;
    let end = span(captures, "unit").or(span(captures, "scale")).unwrap_or(number).to;
    let span = TextSpan::new(start, end);
    if joins_name(search, number) {
        return None;
    }
    let value = if negative { -scaled } else { scaled };
    let earlier =
        || scale.filter(|_| !search.behind(span.to).trim_start().starts_with(char::is_alphabetic)).and_then(|_| search.earlier_money(span));
    match unit.or_else(|| shared_unit(search, span)).or_else(earlier) {
        Some(unit) => Some(Figure { span, value, unit }),
        None => counts_something(search, span, digits.is_some()).then_some(Figure { span, value, unit: "count" }),
    }
}

/// The unit of the number that a number goes up or down to: `von 71 auf 78 Prozent`.
fn shared_unit(search: &Search<'_>, span: TextSpan) -> Option<&'static str> {
    let behind = search.behind(span.to);
    let to = ["auf", "to", "à", "до", "bis", "на", "到", "至", "–", "and", "und", "et", "и", "і"]
        .iter()
        .find_map(|word| behind.trim_start().strip_prefix(word))?;
    let captures = search.patterns.western.captures(tail_from(to))?;
    let is_next = captures.get(0).is_some_and(|whole| to.get(..whole.start()).is_some_and(|between| between.trim().is_empty()));
    text(&captures, "unit").map(str::trim).filter(|_| is_next).and_then(patterns::unit)
}

/// As much of `text` as a number and its unit take.
fn tail_from(text: &str) -> &str {
    let to = text.char_indices().nth(UNIT_CHARACTERS_MAX).map_or(text.len(), |(at, _)| at);
    text.get(..to).unwrap_or_default()
}

/// A number right behind a letter, or with one right behind it, is part of a name (`Rook-2`, `G7`, `F-35B`).
fn joins_name(search: &Search<'_>, number: TextSpan) -> bool {
    let spaced = |c: char| c.is_alphabetic() && !crate::chinese::script::is_han(c);
    if is_numbered(search.before(number.from)) {
        return true;
    }
    let mut before = search.before(number.from).chars().rev();
    let (last, earlier) = (before.next(), before.next());
    let hyphen = |c: char| matches!(c, '-' | '‑' | '/' | '.');
    last.is_some_and(|c| spaced(c) || c == '.') || (last.is_some_and(hyphen) && earlier.is_some_and(|c| spaced(c) || c.is_ascii_digit()))
}

/// Whether the number behind `before` only says which one: `№ 7`, `Article 5`, `§ 3`.
fn is_numbered(before: &str) -> bool {
    const SIGNS: [&str; 9] = ["№", "n°", "no.", "nr.", "nº", "§", "art.", "ст.", "п."];
    const PARTS: &str = "article articles section sections chapter paragraph clause annex protocol artikel artikels artikeln kapitel absatz paragraf anhang anlage frage articles chapitre alinéa annexe titre \
        статья статьи статье статью статей статьёй пункт пункта пункте глава главы раздел раздела приложение стаття статті статтю статтею пункту розділ розділу додаток";
    let before = before.trim_end().to_lowercase();
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    SIGNS.iter().any(|sign| before.ends_with(sign)) || !word.is_empty() && PARTS.split_whitespace().any(|part| part == word)
}

/// Whether a thing that can be counted is named behind the number.
fn counts_something(search: &Search<'_>, span: TextSpan, digits: bool) -> bool {
    let behind = search.behind(span.to);
    let next = behind.chars().next();
    if let Some(c) = next.filter(|c| crate::chinese::script::is_han(*c)) {
        // 300多名: more than.
        let c = if matches!(c, '多' | '余') { behind.chars().nth(1).unwrap_or(c) } else { c };
        // 两国 is both of them.
        let is_both = matches!(c, '国' | '方' | '岸' | '地' | '大' | '类') && search.text.get(span.range()) == Some("两");
        return units::CHINESE_COUNTERS.contains(c) && !is_both;
    }
    let Some(noun) = behind.strip_prefix([' ', '\u{a0}', '\u{202f}']).and_then(|rest| rest.chars().next()) else { return false };
    let after_name = search.before(span.from).trim_end().rsplit(char::is_whitespace).next().is_some_and(|word| {
        word.chars().next().is_some_and(char::is_uppercase)
            && !word.ends_with(['.', ',', ':', ';', ')', '!', '?'])
            && word.chars().count() > 1
    });
    noun.is_alphabetic()
        && !crate::chinese::script::is_han(noun)
        && !(digits && after_name && !starts_sentence(search, span) && !(search.grouping == Grouping::Point && noun.is_uppercase()))
}

/// Whether the word before `span` is capital only because it begins its sentence.
fn starts_sentence(search: &Search<'_>, span: TextSpan) -> bool {
    let before = search.before(span.from).trim_end();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let earlier = before.get(..before.len() - word.len()).unwrap_or_default();
    earlier.trim_end_matches(' ').is_empty() || earlier.trim_end().ends_with(['.', '!', '?', ':']) || earlier.ends_with('\n')
}

fn chinese_percent(_: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let number = text(captures, "number")?;
    let value = number.parse().ok().or_else(|| chinese_decimal(number))?;
    Some(Figure { span: span(captures, "all")?, value, unit: "%" })
}

/// 七成: seventy per cent.
fn chinese_tenths(_: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let half = if captures.name("half").is_some() { 5.0 } else { 0.0 };
    Some(Figure { span: span(captures, "all")?, value: whole(chinese(text(captures, "number")?)?) * 10.0 + half, unit: "%" })
}

fn chinese_ordinal(_: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let number = text(captures, "number")?;
    Some(Figure { span: span(captures, "all")?, value: whole(crate::numbers::integer(number)?), unit: "ordinal" })
}

fn ordinal_digits(_: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    Some(Figure { span: span(captures, "all")?, value: text(captures, "number")?.parse().ok()?, unit: "ordinal" })
}

/// `die 11. Sitzung`, but no day of a month.
fn ordinal_points(search: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let is_month = text(captures, "noun").is_some_and(crate::dates::is_calendar_word);
    if is_month { None } else { ordinal_digits(search, captures) }
}

fn ordinal_words(search: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    // `goes first because`: a place in a row, and of nothing that is named.
    const NO_NOUNS: [&str; 16] =
        ["because", "and", "to", "of", "in", "when", "but", "who", "that", "of", "et", "und", "и", "і", "for", "at"];
    let place = span(captures, "all")?;
    let next = search.behind(place.to).trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    if NO_NOUNS.contains(&next) {
        return None;
    }
    // Numbers count from two; `по второму вопросу` only says which one.
    let is_item = ["вопрос", "питан", "пункт", "question", "point", "frage"].iter().any(|noun| next.to_lowercase().starts_with(noun));
    if patterns::ordinal(text(captures, "all")?)? < 2 || is_item {
        return None;
    }
    Some(Figure { span: place, value: whole(patterns::ordinal(text(captures, "all")?)?), unit: "ordinal" })
}

/// A number in Chinese numerals with a unit, or before what counts things.
fn chinese_number(search: &Search<'_>, captures: &Captures<'_>) -> Option<Figure> {
    let number = span(captures, "number")?;
    let value = chinese_decimal(text(captures, "number")?)? * text(captures, "scale").and_then(patterns::scale).unwrap_or(1.0);
    let unit = text(captures, "unit").and_then(patterns::unit);
    let end = span(captures, "unit").or(span(captures, "scale")).unwrap_or(number).to;
    let span = TextSpan::new(number.from, end);
    if search.before(number.from).ends_with(['第', '〇', '一', '年', '周', '期']) || value < 2.0 {
        return None;
    }
    match unit {
        Some(unit) => Some(Figure { span, value, unit }),
        None => counts_something(search, span, true).then_some(Figure { span, value, unit: "count" }),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn whole(value: u64) -> f64 {
    value as f64
}

fn named(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| known.trim() == word.trim()).map(|(_, name)| *name)
}
