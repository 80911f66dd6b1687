//! A capital that acts is its government: `Berlin has not signed`, but `a meeting in Berlin`.
//!
//! By what stands around it: a preposition of place, a dateline, the name of its country or another name behind it leave it the town. Where nothing
//! says so it acts only as the subject of its clause.

use super::{Document, Found, Meaning};
use crate::chinese::script::is_han;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::tail;

/// Right before a town: it is where something is, or whose.
const PLACE_BEFORE: &str = "in at near from to of à en vers de dans d à von aus nach bei im um der das die the zu в во из у к до под із зі з від під біля возле около на через über per city stadt ville город города городе місто міста місті";
/// Right before a capital in Chinese.
const CHINESE_BEFORE: [&str; 14] = ["在", "于", "赴", "抵", "到", "往", "访", "位", "自", "从", "飞", "至", "设", "驻"];
/// Right behind a capital in Chinese: it is the town.
const CHINESE_BEHIND: [&str; 14] = ["的", "市", "电", "讯", "举行", "召开", "大学", "地区", "时间", "会议", "峰会", "郊", "、", "举办"];
const LOOK_BYTES: usize = 40;

/// Gives capitals that act in the document the meaning of their governments.
pub(super) fn acting(document: &Document<'_>, found: Vec<Found>) -> Vec<Found> {
    let acts = |found: Found| {
        let Meaning::One(named) = &found.meaning else { return found };
        let government = document.gazetteer.government(&named.name).filter(|_| named.kind == EntityType::Place);
        match government.filter(|_| acts(document.text, found.span)) {
            Some(government) => Found { span: found.span, meaning: Meaning::One(government.clone()) },
            None => found,
        }
    };
    found.into_iter().map(acts).collect()
}

fn acts(text: &str, span: TextSpan) -> bool {
    let before = tail(text.get(..span.from).unwrap_or_default(), LOOK_BYTES);
    let behind = text.get(span.to..).unwrap_or_default();
    if text.get(span.range()).is_some_and(|name| name.starts_with(is_han)) {
        return acts_in_chinese(before, behind);
    }
    let name = text.get(span.range()).unwrap_or_default();
    let in_capitals = name.chars().all(|c| !c.is_lowercase());
    let last = before.trim_end().trim_end_matches(['\'', '’']).rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let opens_line = before.is_empty() || before.trim_end_matches(' ').ends_with('\n');
    let is_placed = PLACE_BEFORE.split(' ').any(|word| word == last.to_lowercase());
    // In a Slavic text only the subject is in the nominative, and a noun before it has it in the genitive.
    let is_cyrillic = name.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    let opens_clause = opens_line || before.trim_end().ends_with(['.', ',', ';', ':', '!', '?', '—', '–', '»', '“', '(']);
    let is_joined = ["и", "і", "й", "та", "а", "но", "але", "что", "що", "как", "як"].contains(&last);
    !in_capitals && !is_placed && (!is_cyrillic || opens_clause || is_joined) && goes_on(behind)
}

/// Whether a verb, or what may stand before one, follows: a word in small letters.
fn goes_on(behind: &str) -> bool {
    let Some(rest) = behind.strip_prefix([' ', '\u{a0}']) else { return false };
    rest.starts_with(char::is_lowercase)
}

fn acts_in_chinese(before: &str, behind: &str) -> bool {
    let opens = before.is_empty() || before.ends_with(|c: char| !is_han(c)) || before.ends_with(['与', '和', '但', '称', '据', '而']);
    let is_placed = CHINESE_BEFORE.iter().any(|word| before.ends_with(word));
    opens && !is_placed && behind.starts_with(is_han) && !CHINESE_BEHIND.iter().any(|word| behind.starts_with(word))
}
