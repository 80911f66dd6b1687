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

pub use assess::{Assessment, LawFinding, Outcome, assess, combine, next_change};
pub use consent::{Consent, ConsentedTo, Subject, all_consent};
pub use facts::{Authorisation, Held, Kind, RecipientFacts, Screening};
pub use obligation::{EXCHANGE_FULFILS, Obligation, ObligationSet};
pub use rules::{LawRules, LegalRule, Refusal, RuleError};
pub use tables::{LawTables, Sources, TableError};

#[cfg(test)]
mod tests;
