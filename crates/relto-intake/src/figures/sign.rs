//! Whether the clause around a figure says that something went down by it.

use super::Figure;
use crate::span::TextSpan;

/// Beginnings of words that say a value went down.
const DECREASES: &str = "下降|减少|降低|下跌|下滑|缩减|削减|缩短|跌|少了|fell|fall|drop|declin|decreas|reduc|cut|shrank|shrink|lost|loss|down|lower|less|baiss|recul|dimin|réduc|réduit|\
     chut|perte|perdu|moins|gesunken|sank|sinken|fiel|rückgang|zurück|verringer|gesenkt|senk|weniger|verlust|reduzier|kürz|сниз|сократ|упал|\
     уменьш|меньше|потер|паден|schrumpf|verkürz|fondu|fond |amput|опуст|зниз|скорот|зменш|впал|втрат|下挫|缩水|回落|萎缩|收窄|减产|流失|slid|slump|plung|tumbl|\
     slash|shorten|contracted|weaken|dwindl|fléchi|raccourci|régress|rétréci|brach |minder|verlor|eingebüßt|rückläufig|просел|просі|подешев|\
     скорочен|сокращ|снижен|упав|уріза|урезан|урезал";
/// Right before a number: the value that was reached, not by how much it changed.
const REACHED: &str = "至|到|为|to|at|à|auf|bei|до|из|von|from|of|с|со|з|із";
/// How far before and behind the figure the word for the fall may stand, in characters.
const BEFORE: usize = 40;
const BEHIND: usize = 45;

/// Right before a figure in German, Russian, Ukrainian and French: by so much; only then may the verb stand behind.
const BY: [&str; 6] = ["um", "на", "de", "by", "rund", "etwa"];
/// Verbs behind the figure.
const FALLEN_BEHIND: [&str; 12] = [
    "gesunken",
    "zurückgegangen",
    "gefallen",
    "gesenkt",
    "verringert",
    "reduziert",
    "gekürzt",
    "weniger",
    "zurück",
    "fewer",
    "less",
    "меньше",
];

/// A limit, not a fall.
const THAN: [&str; 8] = ["moins de", "less than", "fewer than", "weniger als", "меньше чем", "меньше", "lower than", "менше ніж"];
/// Right behind the figure, with no verb before it.
const LESS: [&str; 14] = [
    "lower",
    "less",
    "fewer",
    "smaller",
    "weniger",
    "niedriger",
    "geringer",
    "kleiner",
    "inférieur",
    "inférieurs",
    "меньше",
    "ниже",
    "менше",
    "нижче",
];
/// Nouns for a fall, by their beginnings.
const DROPS: [&str; 12] =
    ["drop", "fall", "cut", "reduction", "decline", "decrease", "baisse", "recul", "diminution", "réduction", "chute", "rückgang"];

/// A count or a rank is never negative; other figures are when the nearest verb says so.
pub(super) fn is_fall(text: &str, clause: TextSpan, figure: &Figure) -> bool {
    if matches!(figure.unit, "count" | "ordinal" | "°C") {
        return false;
    }
    let clause_before = text.get(clause.from..figure.span.from).unwrap_or_default();
    let before = last_part(clause_before).to_lowercase();
    let before: String = tail(&before, BEFORE);
    let last_word = before.trim_end().rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default().to_owned();
    // `fell from 84 to 61`: neither is what it fell by; `fell to 61, that is by 27 %` says by how much.
    // `a drop of 11 points`.
    let noun = before.trim_end().rsplit(|c: char| c.is_whitespace()).nth(1).unwrap_or_default();
    if matches!(last_word.as_str(), "of" | "von" | "de") && DROPS.iter().any(|drop| noun.starts_with(drop)) {
        return true;
    }
    if REACHED
        .split('|')
        .any(|word| last_word == word || (word.chars().all(crate::chinese::script::is_han) && before.trim_end().ends_with(word)))
    {
        return false;
    }
    if THAN.iter().any(|than| before.trim_end().ends_with(than)) {
        return false;
    }
    if DECREASES.split('|').any(|stem| has_stem(&before, stem)) {
        return true;
    }
    let behind: String = text.get(figure.span.to..clause.to).unwrap_or_default().chars().take(BEHIND).collect();
    let behind = behind.split(", ").next().unwrap_or_default().to_lowercase();
    let next_word = behind.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    LESS.contains(&next_word) || BY.contains(&last_word.as_str()) && FALLEN_BEHIND.iter().any(|verb| has_stem(&behind, verb))
}

/// What stands behind the last comma or joining word.
fn last_part(text: &str) -> &str {
    let part = text.rsplit("、").next().unwrap_or(text);
    [", ", " и ", " і ", " та ", " and ", " und ", " et "].iter().fold(part, |part, join| part.rsplit(join).next().unwrap_or(part))
}

fn tail(text: &str, characters: usize) -> String {
    let skip = text.chars().count().saturating_sub(characters);
    text.chars().skip(skip).collect()
}

/// Whether a word of `text` begins with `stem`; in Chinese, whether it stands there.
fn has_stem(text: &str, stem: &str) -> bool {
    let starts = |at: usize| {
        text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphabetic() || crate::chinese::script::is_han(c))
    };
    text.match_indices(stem).any(|(at, _)| starts(at))
}
