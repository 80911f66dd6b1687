//! Who a pronoun, or a noun that only says what kind of thing it is (`the company`), stands for.
//!
//! Asked only where a cue has one end by name. The other is the nearest fitting name: for a subject the first that fits in the sentence before, for
//! an object the last one. What two of a kind were named beside each other stays open, since nothing here tells which is meant.

use super::clauses::{Kind, listed};
use super::cues::{Cue, is_passive};
use super::ends::{Group, Search, allows};
use super::predicates::Kinds;
use super::status::Form;
use super::words::{Kind as WordKind, Word};
use crate::gazetteer::EntityType;

const SUBJECTS: &str = "it he she they er sie es il elle ils elles он она оно они він вона воно вони 它 他 她 其";
const OBJECTS: &str = "it them him her es ihn ihm sie ihnen ihr daran davon daraus dafür dazu её ее его их ему ей ней нему нему нём нем него неё нее ним ними неї нього ньому його її їх йому їй нею ним 它";
/// French ones stand before the verb, where only small words of the verb may follow; elsewhere they are articles.
const CLITICS: &str = "l' le la les y en lui";
/// What may stand between one of these and the verb.
const HELPERS: &str = "a ont avait avaient aura auront est sont était n' ne en y pas";
const HELPERS_MAX: usize = 2;
const PLURAL: &str = "they them ils elles les sie ihnen они их им ними вони";
const PERSONAL: &str = "he she him er il elle он она він вона 他 她";
/// Nouns that stand for a thing of one kind, behind an article where the language has one.
const NOUNS: [(&str, EntityType); 3] = [
    (
        "company firm manufacturer supplier contractor unternehmen firma hersteller entreprise société компания компании компанию фирма фирму фирмы фірма фірму підприємство підприємства компанія компанію 公司 该公司 企业",
        EntityType::Organisation,
    ),
    (
        "programme program project programm vorhaben projekt projet программа программу программе программы програма програму програми програмі проект проекта проєкт проєкту 项目 该项目 计划 该计划",
        EntityType::Programme,
    ),
    ("document text dokument документ документа 文件 该文件", EntityType::Document),
];
const ARTICLES: &str = "the this that le la l' au du das die der dem den des сама сам 该";
const AGENTS: &str = "by von vom durch par від";

/// What the name that is looked for does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Subject,
    Object,
    /// The subject of a passive.
    Passive,
}

const POSSESSIVES: &str = "its his her ihr ihre ihrer ihren sein seine seiner son sa leur его её ее их його її їх 其";
/// Between `rival` and its name.
const POSSESSED_WORDS_MAX: usize = 3;

/// What stands for a name.
struct Pronoun {
    /// Which word.
    at: usize,
    /// Of what kind the name must be, where the word says so.
    kind: Option<EntityType>,
    is_plural: bool,
    is_personal: bool,
}

impl Search<'_> {
    /// Subject and object of `cue`, one of them by name and the other as what a pronoun stands for; `earlier` are the names before the sentence.
    pub(super) fn ends_by_pronoun(&self, cue: &Cue, earlier: &[Vec<Group>]) -> Option<(Group, Group)> {
        if cue.predicate.is_mutual {
            return self.possessed(cue, earlier);
        }
        let (first, second) = (cue.predicate.subject, cue.predicate.object);
        let (first, second) = if cue.is_reversed { (second, first) } else { (first, second) };
        let (before, after) = (self.before_in_clause(cue), self.after(cue));
        let all = || before.iter().chain(&after).copied();
        let agent = all().find(|at| self.is_behind(*at, AGENTS) && self.fits(*at, first)).or_else(|| {
            let shows = self.words.get(cue.at).is_some_and(|word| is_passive(&word.text));
            after.iter().copied().find(|at| shows && self.fits(*at, first))
        });
        let ends = match agent {
            Some(agent) => {
                let subject = self.group(agent)?.clone();
                let pronoun = self.subject_pronoun(cue).or_else(|| self.object_pronoun(cue))?;
                (subject.clone(), self.meant(&pronoun, second, &subject, earlier, Role::Passive)?)
            }
            None => self.plain_ends(cue, (first, second), (&before, &after), earlier)?,
        };
        Some(if cue.is_reversed { (ends.1, ends.0) } else { ends })
    }

    /// Whether the cue is somebody's: `its rival X`.
    pub(super) fn is_possessed(&self, cue: &Cue) -> bool {
        cue.predicate.is_mutual && cue.form == Form::Nominal && self.possessive(cue).is_some()
    }

    fn possessive(&self, cue: &Cue) -> Option<usize> {
        (cue.words.start.saturating_sub(2)..cue.words.start)
            .rev()
            .find(|at| self.words.get(*at).is_some_and(|word| listed(POSSESSIVES, &word.text)))
    }

    /// The name right behind `its rival`, and whose rival it is.
    fn possessed(&self, cue: &Cue, earlier: &[Vec<Group>]) -> Option<(Group, Group)> {
        let at = self.possessive(cue)?;
        let kinds = cue.predicate.subject;
        let rival = self.after(cue).into_iter().find(|name| *name <= cue.words.end + POSSESSED_WORDS_MAX && self.fits(*name, kinds))?;
        let rival = self.group(rival)?.clone();
        let pronoun = Pronoun { at, kind: None, is_plural: false, is_personal: false };
        Some((rival.clone(), self.meant(&pronoun, kinds, &rival, earlier, Role::Subject)?))
    }

    fn plain_ends(&self, cue: &Cue, kinds: (Kinds, Kinds), names: (&[usize], &[usize]), earlier: &[Vec<Group>]) -> Option<(Group, Group)> {
        let (before, after) = names;
        if let Some(pronoun) = self.subject_pronoun(cue) {
            let object = after.iter().chain(before).copied().find(|at| self.fits(*at, kinds.1))?;
            let object = self.group(object)?.clone();
            return Some((self.meant(&pronoun, kinds.0, &object, earlier, Role::Subject)?, object));
        }
        let written = self.object_pronoun(cue);
        let role = if written.is_some() || self.words.get(cue.at).is_some_and(Word::is_han) { Role::Object } else { Role::Passive };
        let pronoun = written.or_else(|| self.left_out(cue))?;
        let crossed = self.before(cue);
        let subject = before.iter().chain(after).chain(&crossed).copied().find(|at| self.fits(*at, kinds.0))?;
        let subject = self.group(subject)?.clone();
        let object = self.meant(&pronoun, kinds.1, &subject, earlier, role)?;
        Some((subject, object))
    }

    /// Whether the cue's clause has a pronoun and no name before the cue.
    pub(super) fn begins_with_pronoun(&self, cue: &Cue) -> bool {
        self.before_in_clause(cue).is_empty() && self.subject_pronoun(cue).is_some_and(|pronoun| pronoun.at < cue.words.start)
    }

    fn subject_pronoun(&self, cue: &Cue) -> Option<Pronoun> {
        self.ranges(cue).into_iter().find_map(|range| {
            let first_name = range.clone().find(|at| self.words.get(*at).is_some_and(|word| word.kind == WordKind::Name));
            range.clone().find_map(|at| {
                let word = self.words.get(at)?;
                // Behind the verb only in German, right behind it and where no name is before: `1999 verließ er`.
                let is_turned = at == cue.words.end && listed("er es sie", &word.text) && first_name.is_none_or(|name| name > at);
                let is_subject = listed(SUBJECTS, &word.text) && at < cue.words.start || is_turned;
                let is_first = at < cue.words.start && first_name.is_none_or(|name| name > at);
                let is_noun =
                    is_first && (at == range.start || self.words.get(at - 1).is_some_and(|before| listed(ARTICLES, &before.text)));
                (is_subject || is_noun).then(|| self.pronoun(at, word, is_subject)).flatten()
            })
        })
    }

    /// An object that is left out: Chinese leaves out what was named before (韩国没有参加), other languages whose member or what is left
    /// (`Belgium pulled out in May`).
    fn left_out(&self, cue: &Cue) -> Option<Pronoun> {
        let is_han = self.words.get(cue.at).is_some_and(Word::is_han);
        let range = self.clause_range(cue)?;
        let behind = self.words.get(cue.words.end..range.end)?;
        let ends = behind.iter().all(|word| matches!(word.kind, WordKind::Sign(_)));
        let may = match cue.predicate.name {
            "signed" | "adopted" | "participates-in" if is_han => ends && cue.form != Form::Nominal,
            // What somebody leaves is named: `leaves a gap`.
            "withdrew-from" if self.is_transitive(cue) => false,
            "withdrew-from" => !behind.iter().any(|word| word.kind == WordKind::Name) && cue.form != Form::Nominal && (!is_han || ends),
            "member-of" => ends && !self.is_new_clause(range.start),
            _ => false,
        };
        may.then_some(Pronoun { at: range.start, kind: None, is_plural: false, is_personal: false })
    }

    fn is_transitive(&self, cue: &Cue) -> bool {
        const BEGINNINGS: [&str; 8] = ["lea", "left", "verl", "quit", "покин", "покид", "зали", "rücken"];
        self.words.get(cue.at).is_some_and(|word| BEGINNINGS.iter().any(|begins| word.text.starts_with(begins)))
    }

    /// Whether a clause says more of a name before it, so that nothing is left out in it.
    fn is_new_clause(&self, from: usize) -> bool {
        self.parts.clauses.iter().any(|clause| clause.from == from && matches!(clause.kind, Kind::Relative | Kind::Contrast))
    }

    /// The words of the cue's clause, and of the one that it goes on with.
    fn ranges(&self, cue: &Cue) -> Vec<std::ops::Range<usize>> {
        let Some(range) = self.clause_range(cue) else { return Vec::new() };
        let clause = self.parts.clauses.iter().find(|clause| clause.from == range.start);
        let further = clause.filter(|clause| clause.kind == Kind::Further).and_then(|clause| clause.governor);
        let governor = further.and_then(|at| self.parts.clauses.get(at)).map(|clause| clause.from..clause.to);
        std::iter::once(range).chain(governor).collect()
    }

    fn object_pronoun(&self, cue: &Cue) -> Option<Pronoun> {
        self.clause_range(cue)?.find_map(|at| {
            let word = self.words.get(at)?;
            let is_object =
                listed(OBJECTS, &word.text) && !(at < cue.words.start && listed("it es sie", &word.text)) || self.is_clitic(at, cue);
            self.pronoun(at, word, is_object)
        })
    }

    fn is_clitic(&self, at: usize, cue: &Cue) -> bool {
        let between = self.words.get(at + 1..cue.words.start).unwrap_or_default();
        self.words.get(at).is_some_and(|word| listed(CLITICS, &word.text))
            && at < cue.words.start
            && between.len() <= HELPERS_MAX
            && between.iter().all(|word| listed(HELPERS, &word.text))
    }

    fn pronoun(&self, at: usize, word: &Word, is_pronoun: bool) -> Option<Pronoun> {
        let kind = NOUNS.iter().find(|(nouns, _)| listed(nouns, &word.text)).map(|(_, kind)| *kind);
        let is_named = self.words.get(at + 1).is_some_and(|next| next.kind == WordKind::Name || next.is_sign(&['«', '„', '“', '"']));
        let is_noun = kind.is_some() && !is_named;
        let is_plural = listed(PLURAL, &word.text);
        (is_pronoun || is_noun).then_some(Pronoun {
            at,
            kind: kind.filter(|_| is_noun),
            is_plural,
            is_personal: listed(PERSONAL, &word.text),
        })
    }

    /// What `pronoun` stands for, if that may stand where `kinds` may and is not `other`.
    fn meant(&self, pronoun: &Pronoun, kinds: Kinds, other: &Group, earlier: &[Vec<Group>], role: Role) -> Option<Group> {
        let until = self.words.get(pronoun.at)?.span.from;
        let fits = |group: &&Group| {
            let (name, kind) = group.members.first().map_or(("", EntityType::Person), |(name, kind)| (name.as_str(), *kind));
            let is_kind = pronoun.kind.is_none_or(|wanted| wanted == kind);
            let is_person = kind == EntityType::Person && !pronoun.is_personal;
            is_kind
                && !is_person
                && kind != EntityType::Place
                && (group.members.len() > 1) == pronoun.is_plural
                && allows(kinds, kind)
                && !other.members.iter().any(|(member, _)| member == name)
        };
        let here: Vec<Group> = self.groups.iter().filter(|group| group.span.to <= until).cloned().collect();
        std::iter::once(here.as_slice()).chain(earlier.iter().rev().map(Vec::as_slice)).find_map(|groups| {
            let mut fitting = groups.iter().filter(fits);
            let chosen = match role {
                Role::Object => fitting.clone().next_back(),
                Role::Subject | Role::Passive => fitting.next(),
            }?;
            // Of what was done to which of two things nothing tells.
            let is_alone = groups.iter().filter(fits).all(|group| group.members == chosen.members);
            Some((role != Role::Passive || is_alone).then(|| chosen.clone()))
        })?
    }

    /// The names before the cue in its clause, the nearest first.
    fn before_in_clause(&self, cue: &Cue) -> Vec<usize> {
        let Some(range) = self.clause_range(cue) else { return Vec::new() };
        let is_name = |at: &usize| self.words.get(*at).is_some_and(|word| word.kind == WordKind::Name);
        range.rev().filter(|at| *at < cue.words.start && is_name(at)).collect()
    }
}
