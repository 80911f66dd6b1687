//! How a relation is said: what the words around its cue make of it, by the clauses they stand in.
//!
//! A cue is stated only where nothing speaks against it. An operator acts on what stands behind it in its clause and on the clauses that
//! hang on that one; a condition, a question and a source act on the whole sentence. An infinitive says nothing by itself: without a word
//! that is known to govern it, it is doubted.

use super::clauses::{Clause, Kind, Parts, listed};
use super::operators::{Effect, Operator, Scope};
use super::words::{Kind as WordKind, Word};
use serde::Serialize;
use std::collections::BTreeSet;

/// How a relation is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As a fact.
    Stated,
    /// As what somebody says.
    Attributed,
    /// As something to come.
    Planned,
    /// As not so.
    Denied,
    /// As what may be so, or in words of which we do not know what they make of it.
    Hedged,
    /// As what would be so if something else were.
    Conditional,
    /// As a question, or as what somebody is asked to do.
    Asked,
}

/// The form of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A verb in the present or past.
    Finite,
    /// An infinitive.
    Infinitive,
    /// A verb in the future.
    Future,
    /// A verb in a mood of hearsay: French conditional, German subjunctive.
    Hearsay,
    /// A noun, or an adjective.
    Nominal,
    /// No cue: a figure or a date.
    Place,
}

/// What is said how in one sentence.
pub(super) struct Reader<'s> {
    pub(super) words: &'s [Word],
    pub(super) parts: &'s Parts,
    pub(super) operators: &'s [Operator],
}

/// Words behind an operator that acts on few.
const NEAR_WORDS: usize = 3;
/// A noun behind the negation, right behind its verb: `supplies no weapons`.
const NO_BEHIND: &str = "no nothing nobody neither none kein keine keinen keinem keiner nichts niemanden aucun aucune rien personne ничего никому никого нічого нікому жодного жодних жодної никаких";
/// Right before an English infinitive, or a German one.
const BEFORE_INFINITIVE: &str = "to zu";
/// Right before a gerund that says nothing by itself.
const BEFORE_GERUND: &str = "for from against of about into in by on at over";

impl Status {
    /// Whether it is said as a fact.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        *self == Self::Stated
    }
}

impl Reader<'_> {
    /// How the cue at word `cue` says what it says. What is only put beside a name, an office or a seat (`is_aside`), is the author's own, whoever
    /// says the rest.
    pub(super) fn status(&self, cue: usize, form: Form, is_aside: bool) -> Status {
        let acting: Vec<&Operator> = self.operators.iter().filter(|operator| self.acts(operator, cue, form)).collect();
        let mut effects: BTreeSet<Effect> = acting.iter().map(|operator| self.effect(operator, &acting, cue)).collect();
        let is_put_in = form == Form::Nominal || self.clause_of(cue).is_some_and(|clause| clause.kind == Kind::Relative);
        if is_aside && is_put_in {
            effects.remove(&Effect::Report);
        }
        if self.parts.speech.get(cue) == Some(&true) {
            effects.insert(Effect::Report);
        }
        if self.words.iter().rev().take(3).any(|word| word.is_sign(&['?', '？'])) {
            effects.insert(Effect::Ask);
        }
        if self.is_inverted() {
            effects.insert(Effect::Condition);
        }
        if self
            .words
            .iter()
            .skip(cue + 1)
            .take(NEAR_WORDS)
            .take_while(|word| word.kind == WordKind::Word)
            .any(|word| listed(NO_BEHIND, &word.text))
        {
            effects.insert(Effect::Deny);
        }
        match form {
            Form::Future => effects.insert(Effect::Plan),
            Form::Hearsay => effects.insert(Effect::Report),
            _ => false,
        };
        resolved(&effects, self.is_bare(cue, form))
    }

    /// Whether `operator` acts on the cue.
    fn acts(&self, operator: &Operator, cue: usize, form: Form) -> bool {
        if operator.effect == Effect::Plain || (operator.from..operator.to).contains(&cue) || self.is_something_else(operator, cue, form) {
            return false;
        }
        let (Some(here), Some(there)) = (self.clause(cue), self.clause(operator.from)) else { return operator.scope == Scope::Sentence };
        let is_aside = |at: usize| self.parts.clauses.get(at).is_some_and(|clause| clause.kind == Kind::Aside);
        match operator.scope {
            Scope::Sentence => true,
            Scope::Near => here == there && operator.to <= cue && cue <= operator.to + NEAR_WORDS,
            _ if is_aside(there) => operator.effect != Effect::Deny,
            Scope::Clause => here == there || self.hangs(here, there),
            Scope::Behind => here == there && (operator.to <= cue || form == Form::Nominal) || self.hangs(here, there),
        }
    }

    /// Small words that are operators only in some places.
    fn is_something_else(&self, operator: &Operator, cue: usize, form: Form) -> bool {
        let text = |at: usize| self.words.get(at).map_or("", |word| word.text.as_str());
        let next = self.words.get(operator.to);
        let participle = |word: &str| {
            word.ends_with('t')
                || word.ends_with("en")
                    && (word.starts_with("ge")
                        || listed("angenommen aufgenommen übernommen betrieben unterschrieben ausgetragen beschlossen", word))
        };
        match text(operator.from) {
            "si" | "falls" => self.clause_of(operator.from).is_none_or(|clause| clause.from != operator.from),
            // 将 before a name only brings the object forward.
            "将" => next.is_some_and(|word| word.kind == WordKind::Name),
            // A passive in the present, unless another `werden` ends it.
            "wird" | "werden" | "werde" => {
                let ends = self.clause_of(cue).and_then(|clause| self.words.get(clause.to.saturating_sub(1)));
                participle(text(cue)) && !(text(operator.from) != "werden" && ends.is_some_and(|word| word.text == "werden"))
            }
            // French forms the future with an infinitive; else it is to go.
            "va" | "vont" | "compte" | "comptent" => form != Form::Infinitive,
            _ => false,
        }
    }

    /// What `operator` says beside the others.
    fn effect(&self, operator: &Operator, acting: &[&Operator], cue: usize) -> Effect {
        let is = |effect: Effect| acting.iter().any(|other| other.effect == effect);
        match operator.effect {
            // Who says what he would do says what he will do.
            Effect::Condition if operator.scope == Scope::Behind && is(Effect::Report) => Effect::Plan,
            Effect::Deny => self.denial(operator, acting, cue),
            Effect::Refuse | Effect::End if is(Effect::Deny) => Effect::Hedge,
            Effect::Dispute => {
                let governs = operator.to <= cue || self.clause(operator.from) == self.clause(cue);
                if governs && !is(Effect::Deny) { Effect::Deny } else { Effect::Hedge }
            }
            // German tells hearsay by an infinitive of the perfect.
            Effect::Plan if self.is_hearsay(operator, cue) => Effect::Report,
            effect => effect,
        }
    }

    /// A negation of somebody's saying is none of what is said, and one before another clause with `and` may not reach into it.
    fn denial(&self, operator: &Operator, acting: &[&Operator], cue: usize) -> Effect {
        let same = |other: &Operator| self.clause(other.from) == self.clause(operator.from);
        let says = acting.iter().any(|other| {
            other.effect == Effect::Report && same(other) && other.from.abs_diff(operator.from) <= NEAR_WORDS && other.to <= cue
        });
        let is_joint = |word: &Word| listed("and und et и і та", &word.text);
        let between = self.words.get(operator.to..cue).unwrap_or_default();
        let apart = self.clause(operator.from) == self.clause(cue)
            && between.iter().skip(1).any(is_joint)
            && self.is_finite_again(operator.to, cue);
        if says || apart { Effect::Hedge } else { Effect::Deny }
    }

    /// Whether a verb may stand between a negation and the word for `and` before the cue.
    fn is_finite_again(&self, from: usize, cue: usize) -> bool {
        let between = self.words.get(from..cue).unwrap_or_default();
        let joint = between.iter().rposition(|word| listed("and und et и і та", &word.text)).unwrap_or(0);
        between.iter().take(joint).any(|word| word.kind == WordKind::Word && word.text.chars().count() > 3)
            && between.iter().take(joint).any(|word| word.kind == WordKind::Name)
    }

    fn is_hearsay(&self, operator: &Operator, cue: usize) -> bool {
        let is_modal =
            self.words.get(operator.from).is_some_and(|word| matches!(word.text.as_str(), "soll" | "sollen" | "will" | "wollen"));
        let last = self
            .clause_of(cue)
            .and_then(|clause| self.words.get(clause.from..clause.to))
            .and_then(|words| words.iter().rev().find(|word| word.kind == WordKind::Word));
        is_modal && last.is_some_and(|word| matches!(word.text.as_str(), "haben" | "sein"))
    }

    /// `Had Norway signed`, `Hätte Norwegen`: a verb first in a sentence that asks nothing.
    fn is_inverted(&self) -> bool {
        const FIRST: &str = "had should were hätte wäre sollte würde";
        self.words.first().is_some_and(|word| listed(FIRST, &word.text))
            && self.words.get(1).is_some_and(|word| word.kind != WordKind::Sign(','))
    }

    /// Whether the cue says nothing by itself.
    fn is_bare(&self, cue: usize, form: Form) -> bool {
        let before = cue.checked_sub(1).and_then(|at| self.words.get(at)).map_or("", |word| word.text.as_str());
        let text = self.words.get(cue).map_or("", |word| word.text.as_str());
        if form == Form::Place {
            return false;
        }
        let gerund = text.ends_with("ing") && listed(BEFORE_GERUND, before);
        form == Form::Infinitive
            || gerund
            || form == Form::Finite && listed(BEFORE_INFINITIVE, before)
            || super::clauses::is_hidden_infinitive(text)
    }

    fn clause(&self, word: usize) -> Option<usize> {
        self.parts.clauses.iter().position(|clause| (clause.from..clause.to).contains(&word))
    }

    fn clause_of(&self, word: usize) -> Option<&Clause> {
        self.clause(word).and_then(|at| self.parts.clauses.get(at))
    }

    /// Whether clause `here` hangs on `there`, over others or not.
    fn hangs(&self, here: usize, there: usize) -> bool {
        let up = |at: usize| {
            self.parts
                .clauses
                .get(at)
                .filter(|clause| matches!(clause.kind, Kind::Content | Kind::Further))
                .and_then(|clause| clause.governor)
        };
        std::iter::successors(up(here), |at| up(*at)).take(self.parts.clauses.len()).any(|at| at == there)
    }
}

/// The first that fits, from what says least.
fn resolved(effects: &BTreeSet<Effect>, is_bare: bool) -> Status {
    let has = |any: &[Effect]| any.iter().any(|effect| effects.contains(effect));
    match () {
        () if has(&[Effect::Ask]) => Status::Asked,
        () if has(&[Effect::Condition]) => Status::Conditional,
        () if has(&[Effect::Hedge, Effect::Dispute]) => Status::Hedged,
        () if has(&[Effect::Deny, Effect::Refuse, Effect::End]) => Status::Denied,
        () if has(&[Effect::Plan]) => Status::Planned,
        () if is_bare && !has(&[Effect::Do]) => Status::Hedged,
        () if has(&[Effect::Report]) => Status::Attributed,
        () => Status::Stated,
    }
}
