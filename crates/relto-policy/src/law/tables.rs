//! The lists that laws refer to: adequacy decisions, country groups, embargoes, listed entities, instruments; all dated and vouched for.
//!
//! Compiled from public knowledge to start from. A site's authority replaces any of them by a file of its own ([`Sources`]). Lists that let
//! in and lists that shut out are different types, since they fail in different directions.

use std::collections::BTreeSet;
use std::fmt;

use relto_model::Stamp;
use serde::Deserialize;

use super::facts::Kind;
use crate::dated::{Due, Grants, Proscribes, Row, RowError, Table, parse_rows};
use crate::membership::{MembershipError, Memberships};
use crate::nation;

/// A finding that a country or an organisation protects personal data well enough.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adequacy {
    /// The law that it was made under, as in a tag: `GDPR`, `LED`.
    pub law: String,
    /// The country.
    pub country: Option<String>,
    /// The international organisation, when it is not a country.
    pub organisation: Option<String>,
    /// The bodies that it covers.
    pub kinds: BTreeSet<Kind>,
    /// The framework under which a recipient must be certified, if it covers those only.
    pub framework: Option<String>,
}

/// Countries that a law names together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryList {
    /// The name of the list, as rules use it: `A:5`, `ITAR 126.1`.
    pub list: String,
    /// The countries that this row puts on it.
    pub countries: BTreeSet<String>,
}

/// An entity on a list of denied parties.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedEntity {
    /// The name of the list.
    pub list: String,
    /// The entity's name there.
    pub name: String,
}

/// An agreement or contract, and what it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Its name, as among a recipient's instruments.
    pub id: String,
    /// What it counts as, as rules ask for it: `GDPR 46`, `LED 37`, `NATSEC`, `STA 740.20(D)`.
    pub kind: String,
}

impl fmt::Display for Adequacy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.country.as_deref().or(self.organisation.as_deref()).unwrap_or("nobody");
        write!(out, "{of} is adequate under {}", self.law)?;
        self.framework.as_ref().map_or(Ok(()), |framework| write!(out, " when certified under {framework}"))
    }
}
impl fmt::Display for CountryList {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.list, self.countries.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}
impl fmt::Display for ListedEntity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is on {}", self.name, self.list)
    }
}
impl fmt::Display for Instrument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} counts as {}", self.id, self.kind)
    }
}

/// The texts that tables are read from, JSON lists of rows. A site replaces one and keeps the rest: `Sources { lists, ..Sources::SHIPPED }`.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'t> {
    /// Adequacy decisions.
    pub adequacy: &'t str,
    /// Lists of countries that let in.
    pub lists: &'t str,
    /// Lists of countries that shut out.
    pub embargoes: &'t str,
    /// Lists of denied parties.
    pub entities: &'t str,
    /// Agreements and contracts.
    pub instruments: &'t str,
}

impl Sources<'static> {
    /// What ships with Relto.
    pub const SHIPPED: Self = Self {
        adequacy: include_str!("../../data/law/adequacy.json"),
        lists: include_str!("../../data/law/lists.json"),
        embargoes: include_str!("../../data/law/embargoes.json"),
        entities: include_str!("../../data/law/entities.json"),
        instruments: include_str!("../../data/law/instruments.json"),
    };
}

/// Why tables are refused.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A row cannot be read.
    #[error("table of {table}: {error}")]
    Row {
        /// The table.
        table: &'static str,
        /// Row and reason.
        #[source]
        error: RowError,
    },
    /// A row names a country that ISO 3166-1 does not have.
    #[error("table of {table}, row {row}: `{code}` is not an ISO 3166-1 alpha-3 code")]
    Country {
        /// The table.
        table: &'static str,
        /// The row, counted from 1.
        row: usize,
        /// What it says.
        code: String,
    },
    /// A row of adequacy is of no country and no organisation, or of both.
    #[error("table of adequacy, row {row}: a row has either `country` or `organisation`")]
    Whose {
        /// The row, counted from 1.
        row: usize,
    },
    /// The table of memberships.
    #[error(transparent)]
    Memberships(#[from] MembershipError),
}

/// All lists together, and the memberships that some laws refer to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LawTables {
    /// Who is in the EU and the EEA.
    pub memberships: Memberships,
    /// Adequacy decisions.
    pub adequacy: Table<Adequacy, Grants>,
    /// Lists of countries that let in.
    pub lists: Table<CountryList, Grants>,
    /// Lists of countries that shut out.
    pub embargoes: Table<CountryList, Proscribes>,
    /// Lists of denied parties.
    pub entities: Table<ListedEntity, Proscribes>,
    /// Agreements and contracts.
    pub instruments: Table<Instrument, Grants>,
}

impl LawTables {
    /// The tables that ship with Relto.
    ///
    /// # Errors
    /// Never for the shipped texts; a test holds it.
    pub fn builtin() -> Result<Self, TableError> {
        Self::parse(Sources::SHIPPED, Memberships::builtin()?)
    }

    /// Reads the tables.
    ///
    /// # Errors
    /// [`TableError`] names table and row.
    pub fn parse(sources: Sources<'_>, memberships: Memberships) -> Result<Self, TableError> {
        let adequacy: Vec<Row<Adequacy, Grants>> = rows("adequacy", sources.adequacy)?;
        for (at, row) in adequacy.iter().enumerate() {
            if row.fact.country.is_some() == row.fact.organisation.is_some() {
                return Err(TableError::Whose { row: at + 1 });
            }
        }
        check_countries("adequacy", &adequacy, |fact| fact.country.iter().collect())?;
        let lists: Vec<Row<CountryList, Grants>> = rows("lists", sources.lists)?;
        check_countries("lists", &lists, |fact| fact.countries.iter().collect())?;
        let embargoes: Vec<Row<CountryList, Proscribes>> = rows("embargoes", sources.embargoes)?;
        check_countries("embargoes", &embargoes, |fact| fact.countries.iter().collect())?;
        Ok(Self {
            memberships,
            adequacy: Table::new(adequacy),
            lists: Table::new(lists),
            embargoes: Table::new(embargoes),
            entities: Table::new(rows("entities", sources.entities)?),
            instruments: Table::new(rows("instruments", sources.instruments)?),
        })
    }

    /// The next instant after `now` when an answer of any table changes.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        let Self { memberships, adequacy, lists, embargoes, entities, instruments } = self;
        let lists = [lists.next_change(now), embargoes.next_change(now), entities.next_change(now), instruments.next_change(now)];
        [memberships.next_change(now), adequacy.next_change(now)].into_iter().chain(lists).flatten().min()
    }

    /// The rows whose review falls within `days` of `now`, or has passed; the earliest first.
    #[must_use]
    pub fn due(&self, now: Stamp, days: u32) -> Vec<Due> {
        let Self { memberships, adequacy, lists, embargoes, entities, instruments } = self;
        let mut due = memberships.due(now, days);
        due.extend(adequacy.due(now, days));
        due.extend(lists.due(now, days));
        due.extend(embargoes.due(now, days));
        due.extend(entities.due(now, days));
        due.extend(instruments.due(now, days));
        due.sort();
        due
    }
}

fn rows<T: serde::de::DeserializeOwned, E: crate::dated::Effect>(table: &'static str, text: &str) -> Result<Vec<Row<T, E>>, TableError> {
    parse_rows(text).map_err(|error| TableError::Row { table, error })
}

fn check_countries<T, E>(table: &'static str, rows: &[Row<T, E>], codes: impl Fn(&T) -> Vec<&String>) -> Result<(), TableError> {
    let unknown = rows.iter().enumerate().find_map(|(at, row)| {
        let code = codes(&row.fact).into_iter().find(|code| nation::index(code).is_none())?;
        Some(TableError::Country { table, row: at + 1, code: code.clone() })
    });
    unknown.map_or(Ok(()), Err)
}
