//! Which two names a cue stands between.
//!
//! By clauses: what a relative clause or a contrast holds is no end of what is said around it, and of a relative clause the name before it is one end.
//! Then by small words (`by`, `von`, 由 for who does it; a preposition for who does not), by the order of the words, and by what kinds of things
//! a relation can hold between. [`super::pronouns`] follows pronouns where one end is missing.

use super::clauses::{Clause, Kind, Parts, listed};
use super::cues::{Cue, is_passive};
use super::predicates::Kinds;
use super::status::Form;
use super::words::{Kind as WordKind, Word};
use crate::gazetteer::EntityType;
use crate::span::TextSpan;

/// How far, in bytes, a name may stand from the cue.
const REACH_BYTES: usize = 160;
/// So many words behind a role `of` is looked for.
const OF_WORDS_MAX: usize = 3;
/// So many words may stand between a role and whose it is.
const ROLE_WORDS_MAX: usize = 8;
const AGENTS: &str = "by von vom durch par від компанией компанією фирмой фірмою 由 被 遭 受";
const PREPOSITIONS: &str = "in at on from of for with near to into under about against aus bei nach mit in im an für auf über gegen à au en dans de du des avec pour chez sur près contre в во из с со на у к о об от для при із зі з до про від під біля 在 于 从 自";
const ARTICLES: &str =
    "the a an der die das dem den des ein eine einem einen la le les l' un une firm firma company société компании компанії фирмы фірми";
/// Between a Chinese subject and its verb, before the other end.
const TOWARDS: &str = "向 对 与 和 同 跟 为 给 把 将 从";
const BETWEEN: &str = "between zwischen entre между між";

/// Names that stand together (`France, Germany and Italy`), as one end of a relation.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) span: TextSpan,
    pub(super) members: Vec<(String, EntityType)>,
    /// Whether its case is not that of a subject.
    pub(super) is_oblique: bool,
}

/// What ends are looked for in.
pub(super) struct Search<'s> {
    pub(super) words: &'s [Word],
    pub(super) parts: &'s Parts,
    pub(super) groups: &'s [Group],
}

impl<'s> Search<'s> {
    /// Subject and object of `cue`.
    pub(super) fn ends(&self, cue: &Cue) -> Option<(Group, Group)> {
        let (subject, object) = if cue.predicate.is_mutual { self.mutual(cue)? } else { self.directed(cue)? };
        Some(if cue.is_reversed { (object, subject) } else { (subject, object) })
    }

    fn directed(&self, cue: &Cue) -> Option<(Group, Group)> {
        let (first, second) = (cue.predicate.subject, cue.predicate.object);
        let kinds = if cue.is_reversed { (second, first) } else { (first, second) };
        if cue.form == Form::Nominal && first.contains(&EntityType::Person) && matches!(cue.predicate.name, "leads" | "works-for") {
            return self.role(cue);
        }
        if let Some(ends) = (cue.predicate.name == "located-in").then(|| self.placed(cue)).flatten() {
            return Some(ends);
        }
        let (before, after) = (self.before(cue), self.after(cue));
        if let Some(ends) = self.passive(cue, kinds, &before, &after) {
            return Some(ends);
        }
        let is_free = self.words.get(cue.at).is_some_and(|word| word.text.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}')));
        self.active(cue, kinds, &before, &after).map(|(subject, object)| turned(cue, subject, object, is_free))
    }

    /// Who does it is named by a small word or shown by the verb.
    fn passive(&self, cue: &Cue, kinds: (Kinds, Kinds), before: &[usize], after: &[usize]) -> Option<(Group, Group)> {
        let all = || before.iter().chain(after);
        let agent = all().copied().find(|at| self.is_behind(*at, AGENTS)).or_else(|| {
            let shows = self.words.get(cue.at).is_some_and(|word| is_passive(&word.text));
            after.iter().copied().find(|at| shows && self.fits(*at, kinds.0))
        })?;
        let other = |at: &&usize| **at != agent && self.fits(**at, kinds.1);
        let object = before.iter().filter(other).find(|at| !self.is_behind(**at, PREPOSITIONS)).or_else(|| all().find(other))?;
        self.fits(agent, kinds.0).then(|| self.pair(agent, *object))?
    }

    fn active(&self, cue: &Cue, kinds: (Kinds, Kinds), before: &[usize], after: &[usize]) -> Option<(Group, Group)> {
        let is_plain = |at: &usize| !self.is_oblique(*at) && !self.is_behind(*at, PREPOSITIONS) && !self.is_behind(*at, TOWARDS);
        let subject = || {
            let fitting = || before.iter().copied().filter(|at| self.fits(*at, kinds.0));
            // Who is asked to do something stands right before the infinitive, with a preposition or not.
            let plain = fitting().find(is_plain).filter(|_| !self.is_infinitive(cue));
            plain.or_else(|| fitting().next())
        };
        let object = after.iter().copied().find(|at| self.fits(*at, kinds.1));
        // An end that stands between subject and verb: Chinese `甲向乙供应`, German and Slavic verbs behind it.
        let inner = before.first().copied().filter(|at| self.fits(*at, kinds.1) && before.len() > 1 && self.is_last(cue));
        let is_towards = inner.is_some_and(|at| self.is_behind(at, TOWARDS) || self.is_behind(at, "в из за к с aus an dem der"));
        if let Some(inner) = inner.filter(|_| object.is_none() || is_towards) {
            let others = || before.iter().copied().filter(|at| *at != inner && self.fits(*at, kinds.0) && self.may_share(*at, inner, cue));
            let subject = others().find(is_plain).or_else(|| others().next());
            if let Some(subject) = subject {
                // `Белоруссии «X» не поставляет`: the case says who does it.
                let turns = self.is_oblique(subject) && !self.is_oblique(inner) && self.fits(inner, kinds.0) && self.fits(subject, kinds.1);
                return if turns { self.pair(inner, subject) } else { self.pair(subject, inner) };
            }
        }
        if let Some(ends) = self.verb_first(cue, kinds, after) {
            return Some(ends);
        }
        if let (Some(subject), Some(object)) = (subject(), object) {
            return self.pair(subject, object);
        }
        // Both before the verb, the one it is done to first: `Am Verbund X wirken Y und Z mit`.
        if let (Some(subject), None, true) = (subject(), object, self.is_last(cue) && cue.is_apart) {
            let other = before.iter().copied().find(|at| *at != subject && self.fits(*at, kinds.1));
            if let Some(other) = other {
                return self.pair(subject, other);
            }
        }
        // `X, which Y hosted`.
        let is_relative = self.clause(cue.at).and_then(|at| self.kind(at)) == Some(Kind::Relative);
        if let (true, None, [near, far, ..]) = (is_relative, object, before)
            && self.fits(*near, kinds.0)
            && self.fits(*far, kinds.1)
        {
            return self.pair(*near, *far);
        }
        // The other order, where only that fits: `«X» développe Y` is plain, `X entwickelt hat Y` is not.
        let swapped =
            before.iter().copied().find(|at| self.fits(*at, kinds.1)).zip(after.iter().copied().find(|at| self.fits(*at, kinds.0)));
        if let Some((object, subject)) = swapped.filter(|_| cue.form != Form::Nominal) {
            return self.pair(subject, object);
        }
        // Both behind the verb: a question, or a verb that comes first.
        let mut behind = after.iter().copied();
        let subject = behind.find(|at| self.fits(*at, kinds.0))?;
        let object = behind.find(|at| self.fits(*at, kinds.1))?;
        self.pair(subject, object)
    }

    /// Both ends behind a verb that begins its clause, as in German behind another clause: `Nach Ansicht von X subventioniert Y Z`.
    fn verb_first(&self, cue: &Cue, kinds: (Kinds, Kinds), after: &[usize]) -> Option<(Group, Group)> {
        let range = self.clause_range(cue)?;
        let is_latin = self.words.get(cue.at).is_some_and(|word| word.text.starts_with(|c: char| c.is_ascii_lowercase()));
        let begins = cue.words.start == range.start && range.start > 0 && matches!(cue.form, Form::Finite | Form::Hearsay);
        let [first, second, ..] = after else { return None };
        // A name right behind the verb, but for an article, is its subject.
        let is_near = *first <= cue.words.end + 1;
        (is_latin && begins && is_near && self.fits(*first, kinds.0) && self.fits(*second, kinds.1)).then(|| self.pair(*first, *second))?
    }

    /// 位于合肥的X, and `Implantée à Grenoble, X …`: what is placed stands behind the place.
    fn placed(&self, cue: &Cue) -> Option<(Group, Group)> {
        let after = self.after(cue);
        let place = after.iter().copied().find(|at| self.fits(*at, cue.predicate.object))?;
        let is_han = self.words.get(cue.at).is_some_and(Word::is_han);
        let of = self.words.get(place + 1).is_some_and(|word| word.text == "的");
        let range = self.clause_range(cue)?;
        let opens = range.start == 0 && cue.words.start == 0;
        let names = || self.names().filter(|at| *at > place && self.fits(*at, cue.predicate.subject));
        let subject = match () {
            () if is_han && of => names().find(|at| *at <= place + 3)?,
            () if opens && !is_han => names().find(|at| *at >= range.end && *at <= range.end + 3)?,
            () => return None,
        };
        self.pair(subject, place)
    }

    fn is_oblique(&self, name: usize) -> bool {
        self.group(name).is_some_and(|group| group.is_oblique)
    }

    /// A person's office: the person and the body nearest to the word for it.
    fn role(&self, cue: &Cue) -> Option<(Group, Group)> {
        let distance = |at: &usize| if *at < cue.words.start { cue.words.start - *at } else { *at + 1 - cue.words.end };
        // `chair of the Board and deputy head of the Institute`: whose the office is stands behind `of`.
        let behind = self.words.get(cue.words.end..).unwrap_or_default().iter().take(OF_WORDS_MAX);
        let is_of = self.words.get(cue.at).is_some_and(|word| word.text.is_ascii())
            && behind.take_while(|word| word.kind == WordKind::Word).any(|word| listed("of at des du von for", &word.text))
            || self.words.get(cue.words.end - 1).is_some_and(|word| listed("of at", &word.text));
        let near = |kinds: Kinds| {
            let is_person = kinds.contains(&EntityType::Person);
            let all = self.names().filter(|at| {
                distance(at) <= ROLE_WORDS_MAX
                    && self.fits(*at, kinds)
                    && self.is_together(*at, cue)
                    && (is_person || !is_of || *at >= cue.words.end)
            });
            all.min_by_key(distance)
        };
        self.pair(near(&[EntityType::Person])?, near(cue.predicate.object)?)
    }

    /// `A and B compete`, `A competes with B`, `competition between A and B`.
    fn mutual(&self, cue: &Cue) -> Option<(Group, Group)> {
        let (before, after) = (self.before(cue), self.after(cue));
        let fits = |at: &usize| self.fits(*at, cue.predicate.subject);
        let several = |at: &usize| self.group(*at).is_some_and(|group| group.members.len() > 1);
        let between = after.iter().copied().find(|at| several(at) && fits(at) && self.is_behind(*at, BETWEEN));
        let (last, next) = (before.iter().copied().find(fits), after.iter().copied().find(fits));
        let is_with = next.is_some_and(|at| at <= cue.words.end + 3 || self.is_behind(at, "with mit avec с со з із"));
        let alone = between.or(last.filter(|at| several(at) && !is_with)).or(next.filter(several).filter(|_| last.is_none()));
        if let Some(group) = alone.and_then(|at| self.group(at)) {
            let (first, rest) = group.members.split_first()?;
            let of = |members: Vec<(String, EntityType)>| Group { span: group.span, members, is_oblique: group.is_oblique };
            return Some((of(vec![first.clone()]), of(rest.to_vec())));
        }
        let second = before.iter().copied().filter(fits).nth(1);
        match (last, next, second) {
            (Some(inner), _, Some(outer)) if self.is_behind(inner, TOWARDS) || next.is_none() => self.pair(outer, inner),
            (Some(last), Some(next), _) => self.pair(last, next),
            // A noun with both behind it: `das Bündnis von A mit B`.
            (None, Some(next), _) => self.pair(next, after.iter().copied().filter(fits).nth(1)?),
            _ => None,
        }
    }

    fn pair(&self, subject: usize, object: usize) -> Option<(Group, Group)> {
        Some((self.group(subject)?.clone(), self.group(object)?.clone()))
    }

    /// The names before the cue, the nearest first: of its clause, of the one it goes on with, and of those before.
    pub(super) fn before(&self, cue: &Cue) -> Vec<usize> {
        let Some(here) = self.clause(cue.at) else { return Vec::new() };
        let is_han = self.words.get(cue.at).is_some_and(Word::is_han);
        let limit = self.words.get(cue.words.start).map_or(0, |word| word.span.from);
        let near = |at: &usize| self.words.get(*at).is_some_and(|word| limit.saturating_sub(word.span.to) <= REACH_BYTES);
        let start = if cue.is_apart { cue.at } else { cue.words.start };
        let mut names: Vec<usize> = self.names().filter(|at| *at < start && self.clause(*at) == Some(here) && near(at)).collect();
        names.reverse();
        let mut at = here;
        let mut kind = self.kind(here);
        let mut crossed = 0;
        while let Some(previous) = at.checked_sub(1) {
            let is_wanted = match kind {
                // Of a relative clause only the name right before it.
                Some(Kind::Relative) => true,
                _ => !matches!(self.kind(previous), Some(Kind::Relative | Kind::Contrast)),
            };
            let semicolon = self
                .parts
                .clauses
                .get(at)
                .and_then(|clause| self.words.get(clause.from.wrapping_sub(1)))
                .is_some_and(|word| word.is_sign(&[';', '；']));
            if semicolon || (is_han && crossed > 0) {
                break;
            }
            // `Norway, not Sweden, that signed`.
            if kind == Some(Kind::Relative) && self.kind(previous) == Some(Kind::Contrast) {
                at = previous;
                continue;
            }
            if is_wanted {
                let mut earlier: Vec<usize> = self.names().filter(|name| self.clause(*name) == Some(previous) && near(name)).collect();
                // In Chinese what the clause before speaks of goes on: its first name.
                if !is_han {
                    earlier.reverse();
                }
                if kind == Some(Kind::Relative) {
                    earlier.truncate(1);
                }
                names.extend(earlier);
                crossed += 1;
            }
            if kind == Some(Kind::Relative) {
                break;
            }
            at = previous;
            // What a relative clause holds was passed over; what it hangs on comes next.
            if self.kind(at) != Some(Kind::Relative) {
                kind = self.kind(at);
            }
        }
        names
    }

    /// The names behind the cue in its clause, or where that goes on.
    pub(super) fn after(&self, cue: &Cue) -> Vec<usize> {
        let Some(here) = self.clause(cue.at) else { return Vec::new() };
        let from = if cue.is_apart { cue.at + 1 } else { cue.words.end };
        let limit = self.words.get(cue.words.end.saturating_sub(1)).map_or(0, |word| word.span.to);
        let goes_on = |clause: usize| {
            self.parts.clauses.get(clause).is_some_and(|clause| clause.kind == Kind::Further && clause.governor == Some(here))
        };
        let near = |at: &usize| self.words.get(*at).is_some_and(|word| word.span.from.saturating_sub(limit) <= REACH_BYTES);
        self.names()
            .filter(|at| *at >= from && near(at) && self.clause(*at).is_some_and(|clause| clause == here || goes_on(clause)))
            .collect()
    }

    /// Whether two names before the cue may be its ends: in one clause, or where the cue's clause hangs on the other's, or in Chinese, which
    /// leaves a subject out.
    fn may_share(&self, outer: usize, inner: usize, cue: &Cue) -> bool {
        let here = self.clause(cue.at);
        let is_main = here.and_then(|at| self.kind(at)) == Some(Kind::Main);
        let is_han = self.words.get(cue.at).is_some_and(Word::is_han);
        let is_relative = here.and_then(|at| self.kind(at)) == Some(Kind::Relative);
        is_han || is_relative || !is_main || (self.clause(outer) == here && self.clause(inner) == here)
    }

    /// Whether the object may stand before the cue: in languages that put it there, or where the cue ends its clause and no pronoun follows.
    fn is_last(&self, cue: &Cue) -> bool {
        const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöûüùß";
        let spaced = self.words.get(cue.at).is_some_and(|word| word.text.starts_with(|c| LETTERS.contains(c)));
        let end = self.clause(cue.at).and_then(|at| self.parts.clauses.get(at)).map_or(cue.words.end, |clause| clause.to);
        let behind = self.words.get(cue.words.end..end).unwrap_or_default();
        let is_pronoun = behind.iter().any(|word| listed("it them him her us ihn sie es ihm ihnen", &word.text));
        !spaced || cue.is_apart || (behind.len() <= 2 && !is_pronoun)
    }

    fn is_infinitive(&self, cue: &Cue) -> bool {
        let before = cue.words.start.checked_sub(1).and_then(|at| self.words.get(at)).map_or("", |word| word.text.as_str());
        cue.form == Form::Infinitive || matches!(before, "to" | "zu")
    }

    /// Whether no sign but one comma or bracket stands between a name and the cue.
    fn is_together(&self, name: usize, cue: &Cue) -> bool {
        let (from, to) = if name < cue.words.start { (name, cue.words.start) } else { (cue.words.end, name) };
        let between = self.words.get(from..to).unwrap_or_default();
        between.iter().filter(|word| word.is_sign(&[',', '，', '(', '（', '—', '–'])).count() <= 1
            && !between.iter().any(|word| word.is_sign(&[';', '；', ':', '：']))
    }

    /// Whether a word of `list` stands right before the name, an article aside.
    pub(super) fn is_behind(&self, name: usize, list: &str) -> bool {
        let mut before = self.words.get(..name).unwrap_or_default().iter().rev();
        let first = before.next().map_or("", |word| word.text.as_str());
        listed(list, first) || listed(ARTICLES, first) && before.next().is_some_and(|word| listed(list, &word.text))
    }

    pub(super) fn fits(&self, name: usize, kinds: Kinds) -> bool {
        self.group(name).is_some_and(|group| group.members.iter().any(|(_, kind)| allows(kinds, *kind)))
    }

    fn names(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.words.iter().enumerate().filter(|(_, word)| word.kind == WordKind::Name).map(|(at, _)| at)
    }

    pub(super) fn group(&self, name: usize) -> Option<&'s Group> {
        let from = self.words.get(name)?.span.from;
        let at = self.groups.binary_search_by_key(&from, |group| group.span.from).ok()?;
        self.groups.get(at)
    }

    /// The words of the cue's clause.
    pub(super) fn clause_range(&self, cue: &Cue) -> Option<std::ops::Range<usize>> {
        self.clause(cue.at).and_then(|at| self.parts.clauses.get(at)).map(|clause| clause.from..clause.to)
    }

    fn clause(&self, word: usize) -> Option<usize> {
        let at = self.parts.clauses.partition_point(|clause| clause.to <= word);
        self.parts.clauses.get(at).filter(|clause| clause.from <= word).map(|_| at)
    }

    fn kind(&self, clause: usize) -> Option<Kind> {
        self.parts.clauses.get(clause).map(|clause: &Clause| clause.kind)
    }
}

/// What is made does not make who makes it; where the order of words is free (`is_free`), what is paid for does not pay either.
fn turned(cue: &Cue, subject: Group, object: Group, is_free: bool) -> (Group, Group) {
    let is_body = |kind: EntityType| matches!(kind, EntityType::Organisation | EntityType::Place | EntityType::Person);
    let is_thing = |group: &Group| group.members.iter().all(|(_, kind)| !is_body(*kind));
    let is_person = |group: &Group| group.members.iter().all(|(_, kind)| *kind == EntityType::Person);
    let makes = matches!(
        cue.predicate.name,
        "founded" | "develops" | "adopted" | "signed" | "leads" | "hosts" | "participates-in" | "member-of" | "withdrew-from"
    );
    let pays = cue.predicate.name == "funds" && is_free && !subject.members.iter().any(|(_, kind)| *kind == EntityType::Instrument);
    let leads = cue.predicate.name == "leads" && is_person(&object) && !is_person(&subject);
    if leads || (makes || pays) && is_thing(&subject) && !is_thing(&object) { (object, subject) } else { (subject, object) }
}

/// Whether a thing of `kind` may stand where `kinds` may.
pub(super) fn allows(kinds: Kinds, kind: EntityType) -> bool {
    kinds.is_empty() || kinds.contains(&kind)
}
