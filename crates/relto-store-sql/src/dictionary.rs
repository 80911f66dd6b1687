//! The numbers that stand for kinds, owners and partitions in the rows of objects.
//!
//! All three only ever grow and never change, so one copy serves every reader: what it holds beyond a reader's state is harmless, and what
//! it lacks is read from that state.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use relto_gate::LabelId;
use relto_store::{BackendError, CollectionKey};
use rusqlite::Connection;

use crate::checksum;
use crate::error::{damaged, failed, narrow};

/// So many kinds get a number. Objects of further ones share number 0 and carry their whole id, so that made-up kinds cost their maker
/// and nobody else.
pub(crate) const KINDS_MAX: usize = 1_000;
/// The number of all kinds that have none of their own.
pub(crate) const OTHER_KINDS: i64 = 0;

/// All rows of one collection, label and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Partition {
    pub(crate) collection: CollectionKey,
    pub(crate) label: LabelId,
    /// Number of the kind.
    pub(crate) kind: i64,
}

/// Names numbered from 1 in order of appearance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, i64>,
}

impl Names {
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn name(&self, number: i64) -> Option<&str> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.names.get(at).map(AsRef::as_ref)
    }

    pub(crate) fn last(&self) -> i64 {
        i64::try_from(self.names.len()).unwrap_or(i64::MAX)
    }

    /// Enters the next name.
    pub(crate) fn push(&mut self, name: &str) -> i64 {
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        let number = self.last();
        self.numbers.insert(name, number);
        number
    }
}

/// What the rows' numbers mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    pub(crate) kinds: Names,
    pub(crate) owners: Names,
    partitions: Vec<Partition>,
    by_content: BTreeMap<Partition, i64>,
}

/// The last number of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) kinds: i64,
    pub(crate) owners: i64,
    pub(crate) partitions: i64,
}

impl Extent {
    /// Whether nothing of `other` is missing.
    pub(crate) fn covers(self, other: Self) -> bool {
        self.kinds >= other.kinds && self.owners >= other.owners && self.partitions >= other.partitions
    }
}

impl Dictionary {
    pub(crate) fn extent(&self) -> Extent {
        let partitions = i64::try_from(self.partitions.len()).unwrap_or(i64::MAX);
        Extent { kinds: self.kinds.last(), owners: self.owners.last(), partitions }
    }

    /// What partition `number` is.
    pub(crate) fn partition(&self, number: i64) -> Result<Partition, BackendError> {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let found = at.and_then(|at| self.partitions.get(at));
        found.copied().ok_or_else(|| damaged(format!("there is no partition {number}")))
    }

    pub(crate) fn number_of(&self, partition: Partition) -> Option<i64> {
        self.by_content.get(&partition).copied()
    }

    /// Every partition of `collection` with its number, ordered by label and kind.
    pub(crate) fn of_collection(&self, collection: CollectionKey) -> impl Iterator<Item = (Partition, i64)> {
        self.from(collection, LabelId(0))
    }

    /// Every partition of `collection` and `label`, ordered by kind.
    pub(crate) fn of_label(&self, collection: CollectionKey, label: LabelId) -> impl Iterator<Item = (Partition, i64)> {
        self.from(collection, label).take_while(move |(partition, _)| partition.label == label)
    }

    /// Every partition of `collection` from `label` on.
    fn from(&self, collection: CollectionKey, label: LabelId) -> impl Iterator<Item = (Partition, i64)> {
        let first = Partition { collection, label, kind: i64::MIN };
        let beyond = self.by_content.range((Bound::Included(first), Bound::Unbounded));
        beyond.take_while(move |(partition, _)| partition.collection == collection).map(|(partition, number)| (*partition, *number))
    }

    /// Enters the next partition.
    pub(crate) fn push_partition(&mut self, partition: Partition) -> i64 {
        self.partitions.push(partition);
        let number = self.extent().partitions;
        self.by_content.insert(partition, number);
        number
    }

    /// Reads what the state of `connection` has beyond this.
    ///
    /// # Errors
    /// [`BackendError`] when a row is damaged, or a partition has a label that is not there.
    pub(crate) fn extend(&mut self, connection: &Connection) -> Result<(), BackendError> {
        extend_names(&mut self.kinds, connection, b'k', "SELECT id, name, checksum FROM kinds WHERE id > ?1 ORDER BY id")?;
        extend_names(&mut self.owners, connection, b'o', "SELECT id, name, checksum FROM owners WHERE id > ?1 ORDER BY id")?;
        self.extend_partitions(connection)
    }

    fn extend_partitions(&mut self, connection: &Connection) -> Result<(), BackendError> {
        const DOING: &str = "reading the partitions";
        let sql = "SELECT p.id, p.collection, p.label, p.kind, p.checksum, l.id IS NOT NULL
                   FROM partitions p LEFT JOIN labels l ON l.id = p.label WHERE p.id > ?1 ORDER BY p.id";
        let mut statement = connection.prepare_cached(sql).map_err(failed(DOING))?;
        let mut rows = statement.query([self.extent().partitions]).map_err(failed(DOING))?;
        while let Some(row) = rows.next().map_err(failed(DOING))? {
            let number = |at: usize| row.get::<_, i64>(at).map_err(failed(DOING));
            let (id, collection, label, kind) = (number(0)?, number(1)?, number(2)?, number(3)?);
            let is_known = kind == OTHER_KINDS || self.kinds.name(kind).is_some();
            if number(4)? != checksum::of_partition(id, collection, label, kind) || number(5)? != 1 || !is_known {
                return Err(damaged(format!("partition {id} is not as written, or its label or kind is gone")));
            }
            let partition =
                Partition { collection: CollectionKey(narrow(collection, "collection")?), label: LabelId(narrow(label, "label")?), kind };
            if self.push_partition(partition) != id {
                return Err(damaged(format!("the partition before {id} is missing")));
            }
        }
        Ok(())
    }
}

fn extend_names(names: &mut Names, connection: &Connection, table: u8, sql: &str) -> Result<(), BackendError> {
    const DOING: &str = "reading the names";
    let mut statement = connection.prepare_cached(sql).map_err(failed(DOING))?;
    let mut rows = statement.query([names.last()]).map_err(failed(DOING))?;
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let id: i64 = row.get(0).map_err(failed(DOING))?;
        let name = row.get_ref(1).and_then(|name| Ok(name.as_str()?)).map_err(failed(DOING))?;
        if row.get::<_, i64>(2).map_err(failed(DOING))? != checksum::of_name(table, id, name) {
            return Err(damaged(format!("name {id} of kinds or owners is not as written")));
        }
        if names.push(name) != id {
            return Err(damaged(format!("the name before {id} of kinds or owners is missing")));
        }
    }
    Ok(())
}
