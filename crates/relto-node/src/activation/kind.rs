//! What a file in force can be, and the tables that a site may replace.

use std::sync::Arc;

use relto_policy::law::{Law, LawRules, LawTables, Sources};
use relto_policy::{Memberships, Rules};
use serde::{Deserialize, Serialize};

use super::NewFile;
use crate::error::StoreError;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FileKind {
    /// A policy: XML SPIF.
    Policy,
    /// What the site withholds beyond the rules: Cedar.
    SitePolicy,
    /// A table: JSON.
    Table(Table),
}

/// A table that a site may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Groups of nations.
    Memberships,
    /// The site's own rules of law, which renew, tighten or add to those that ship.
    LawRules,
    /// Adequacy decisions.
    Adequacy,
    /// Lists of countries that let in.
    Lists,
    /// Lists of countries that shut out.
    Embargoes,
    /// Lists of denied parties.
    Entities,
    /// Agreements and contracts.
    Instruments,
}

/// Every table by its name.
pub const TABLES: [(&str, Table); 7] = [
    ("memberships", Table::Memberships),
    ("law-rules", Table::LawRules),
    ("adequacy", Table::Adequacy),
    ("lists", Table::Lists),
    ("embargoes", Table::Embargoes),
    ("entities", Table::Entities),
    ("instruments", Table::Instruments),
];

impl FileKind {
    /// What `file` is: a table if it is named as one, XML a policy, what is neither XML nor JSON a site policy.
    #[must_use]
    pub fn of(file: &NewFile) -> Option<Self> {
        let first = file.text.trim_start_matches('\u{feff}').trim_start().chars().next()?;
        match (&file.table, first) {
            (Some(named), '[') => TABLES.iter().find(|(name, _)| name == named).map(|(_, table)| Self::Table(*table)),
            (None, '<') => Some(Self::Policy),
            (None, '[') if file.text.contains("\"member\"") => Some(Self::Table(Table::Memberships)),
            (None, '@' | '/' | 'f' | 'p') => Some(Self::SitePolicy),
            _ => None,
        }
    }

    /// The kind in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::SitePolicy => "site policy",
            Self::Table(table) => TABLES.iter().find(|(_, known)| *known == table).map_or("table", |(name, _)| *name),
        }
    }
}

impl From<FileKind> for String {
    fn from(kind: FileKind) -> Self {
        kind.word().to_owned()
    }
}

impl TryFrom<String> for FileKind {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        let tables = TABLES.iter().map(|(_, table)| Self::Table(*table));
        let found = [Self::Policy, Self::SitePolicy].into_iter().chain(tables).find(|kind| kind.word() == word);
        found.ok_or_else(|| format!("no kind of file is called `{word}`"))
    }
}

impl Table {
    /// Whether `text` is such a table.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        law_with(&[(self, text.to_owned())], Memberships::default()).map(drop)
    }
}

/// `rules` with the tables of a site in the place of those that ship.
pub(super) fn with_tables(rules: Rules, tables: &[(Table, String)]) -> Result<Rules, StoreError> {
    let name = || tables.iter().map(|(table, _)| FileKind::Table(*table).word()).collect::<Vec<_>>().join(", ");
    let law = law_with(tables, rules.memberships.clone()).map_err(|why| StoreError::File { name: name(), why })?;
    Ok(Rules { memberships: law.tables.memberships.clone(), law: Arc::new(law), ..rules })
}

fn law_with(tables: &[(Table, String)], memberships: Memberships) -> Result<Law, String> {
    let (mut sources, mut memberships) = (Sources::SHIPPED, memberships);
    let mut rules = LawRules::builtin().map_err(|error| error.to_string())?;
    for (table, text) in tables {
        match table {
            Table::Memberships => memberships = Memberships::parse(text).map_err(|error| error.to_string())?,
            Table::LawRules => rules = rules.with_site(text).map_err(|error| error.to_string())?,
            Table::Adequacy => sources.adequacy = text,
            Table::Lists => sources.lists = text,
            Table::Embargoes => sources.embargoes = text,
            Table::Entities => sources.entities = text,
            Table::Instruments => sources.instruments = text,
        }
    }
    let tables = LawTables::parse(sources, memberships).map_err(|error| error.to_string())?;
    Ok(Law { rules, tables })
}
