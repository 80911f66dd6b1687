//! Whether the clause around a date speaks of what was or of what is to come, by small words and the endings of verbs.

use crate::chinese::script::is_han;
use crate::span::TextSpan;

/// What a clause speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    /// What was.
    Past,
    /// What is to come.
    Future,
    /// Neither shows, or both.
    Unknown,
}

/// No more words beside a date are no clause.
const SET_OFF_WORDS_MAX: usize = 3;
const FUTURE: &str = "will shall plans plan planned intends intend expects expect due scheduled hopes aims wants wird werden will wollen soll sollen plant planen beabsichtigt kommenden nächsten prévoit entend doit doivent souhaite compte espère prochain prochaine будет будут намерен намерена намерены планирует планируют собирается собираются состоится состоятся пройдёт пройдет начнётся начнется буде будуть відбудеться відбудуться планує планують має мають почнеться намірена намірений";
const PAST: &str = "was were had has have did left won met went began took hat haben hatte hatten wurde wurden war waren ging nahm trat zog fiel stieg a ont avait était étaient fut sont est";
const CHINESE_FUTURE: [&str; 9] = ["将", "拟", "计划于", "计划在", "预计", "预定", "定于", "打算", "即将"];
const CHINESE_PAST: [&str; 7] = ["已", "曾", "了", "过", "昨", "去年", "上月"];

/// The tense of the part of `sentence` between commas that holds the date at `span`, or else of the sentence.
pub(crate) fn tense(text: &str, sentence: TextSpan, span: TextSpan) -> Tense {
    let is_break = |c: char| matches!(c, ',' | ';' | '，' | '；');
    let before = text.get(sentence.from..span.from).unwrap_or_default();
    let behind = text.get(span.to..sentence.to).unwrap_or_default();
    let from = before.rfind(is_break).map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let part = [before.get(from..).unwrap_or_default(), behind.split(is_break).next().unwrap_or_default()];
    match shown(&part) {
        // A date set off by a comma takes the tense of its sentence; a clause of its own only what is past.
        Tense::Unknown if part.concat().split_whitespace().count() <= SET_OFF_WORDS_MAX => shown(&[before, behind]),
        Tense::Unknown => Some(shown(&[before, behind])).filter(|tense| *tense == Tense::Past).unwrap_or(Tense::Unknown),
        tense => tense,
    }
}

fn shown(parts: &[&str]) -> Tense {
    let words = || parts.iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty());
    let has = |stems: &[&str]| parts.iter().any(|part| part.contains(is_han) && stems.iter().any(|stem| part.contains(stem)));
    let is_future = words().any(|word| is_future(&word.to_lowercase())) || has(&CHINESE_FUTURE);
    let is_past = words().any(|word| is_past(&word.to_lowercase())) || has(&CHINESE_PAST);
    match (is_past, is_future) {
        (false, true) => Tense::Future,
        (true, false) => Tense::Past,
        _ => Tense::Unknown,
    }
}

fn is_future(word: &str) -> bool {
    let ends = |endings: &[&str]| word.chars().count() > 5 && endings.iter().any(|ending| word.ends_with(ending));
    FUTURE.split(' ').any(|known| known == word)
        || is_perfective(word)
        || ends(&["era", "eront", "ira", "iront", "иметься", "тиме", "тимуть"])
}

/// Perfective verbs of Russian and Ukrainian whose present is a future.
const SLAVIC_FUTURE: &str = "подпиш излож вступ примет примут начнёт начнет начнут заверш получит получат постав построит построят откро выпуст передаст внес внёс присоедин покин выйд пройд запуст представ создаст создадут утверд провед прибуд посет введ вступят підпиш приєдна вступ отрима збуду відкри передас внес вийд прийм візьм розпочн заверш запуст представ створит затверд ухвал провед відбуд завітає введ";

fn is_perfective(word: &str) -> bool {
    let ends = ["ет", "ёт", "ит", "ут", "ют", "ат", "ят", "ется", "ится", "утся", "ятся", "ить", "уть", "ють", "ять", "ається", "иться"];
    SLAVIC_FUTURE.split(' ').any(|stem| word.starts_with(stem))
        && ends.iter().any(|ending| word.ends_with(ending))
        && !word.ends_with("ать")
}

fn is_past(word: &str) -> bool {
    let is_cyrillic = word.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    let long = word.chars().count() > 4;
    let slavic = [
        "ял", "ёл", "шла", "шли", "ал", "ил", "ел", "ала", "ила", "ела", "али", "или", "ели", "ло", "лась", "лся", "лось", "лись", "ав",
        "ив", "ла", "ли", "вся", "ано", "ено",
    ];
    PAST.split(' ').any(|known| known == word)
        || is_cyrillic && long && slavic.iter().any(|ending| word.ends_with(ending))
        || !is_cyrillic && long && ["ed", "é", "ée", "és", "ées"].iter().any(|ending| word.ends_with(ending))
}
