//! What the law asks before an object goes to somebody: a table of rules over tags of the object and facts about the recipient.
//!
//! Not legal advice, and not a judge of facts: whoever tags an object and whoever enters a recipient vouch for what they write; the table
//! draws the conclusion that the site's authority has approved ([`rules`]), with citations and dates, and denies what it does not know.
//! Classification and audience are not law in this sense; they stay with [`floor`](crate::floor). `docs/law.md` prints the table.

pub mod assess;
pub mod condition;
pub mod consent;
pub mod facts;
pub mod obligation;
pub mod rules;
pub mod tables;
pub mod text;
pub mod value;

use relto_model::Stamp;
use relto_model::label::Restriction;

pub use assess::{Assessment, LawFinding, Outcome, assess, combine, next_change};
pub use consent::{Consent, ConsentedTo, Subject, all_consent};
pub use facts::{Authorisation, Held, Kind, RecipientFacts, Screening};
pub use obligation::{BESIDE_FULFILS, EXCHANGE_FULFILS, Obligation, ObligationSet};
pub use rules::{LawRules, LegalRule, Refusal, RuleError};
pub use tables::{LawTables, Sources, TableError};

/// The rules with the tables that they refer to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Law {
    /// The rules.
    pub rules: LawRules,
    /// The tables.
    pub tables: LawTables,
}

impl Law {
    /// The next instant after `now` when an answer may change for some recipient: of rules, tables, or the dates of `tags`.
    #[must_use]
    pub fn next_change<'t>(&self, tags: impl IntoIterator<Item = &'t Restriction>, now: Stamp) -> Option<Stamp> {
        let nobody = RecipientFacts::default();
        tags.into_iter().filter_map(|tag| next_change(tag, &nobody, &self.tables, &self.rules, now)).min()
    }
}

#[cfg(test)]
mod tests;
