//! One row of `objects`, and its body, as an [`Entry`]. Every row is checked against its checksum before anybody sees it.

use std::ops::ControlFlow;

use relto_gate::Arrival;
use relto_model::{ObjectId, Stamp};
use relto_store::{BackendError, Entry, EntryFields, Visit};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, ToSql};
use uuid::Uuid;

use crate::checksum::{self, Checksum};
use crate::dictionary::{Dictionary, OTHER_KINDS, Partition};
use crate::error::{damaged, failed};

/// The columns of a [`Stored`] row, in order.
pub(crate) const COLUMNS: &str = "arrival, partition, id, version, added, owner, siblings, checksum";
pub(crate) const READING: &str = "reading objects";

/// An id as stored: its UUID, the kind being the partition's; or its whole text, where the kind has no number or the UUID is not in the
/// letters that it would be written in again.
#[derive(Clone, Copy)]
pub(crate) enum StoredId<'i> {
    Uuid([u8; 16]),
    Whole(&'i str),
}

impl<'i> StoredId<'i> {
    /// How `id` is stored, with its kind's number `kind`.
    pub(crate) fn of(id: &'i ObjectId, kind: i64) -> Self {
        let is_lower = !id.uuid().bytes().any(|byte| byte.is_ascii_uppercase());
        match Uuid::try_parse(id.uuid()) {
            Ok(uuid) if kind != OTHER_KINDS && is_lower => Self::Uuid(uuid.into_bytes()),
            _ => Self::Whole(id.as_str()),
        }
    }

    fn read(value: ValueRef<'i>) -> Option<Self> {
        match value {
            ValueRef::Blob(bytes) => bytes.try_into().ok().map(Self::Uuid),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Self::Whole),
            _ => None,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Uuid(bytes) => bytes,
            Self::Whole(text) => text.as_bytes(),
        }
    }
}

impl ToSql for StoredId<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Uuid(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Whole(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// A row of `objects` in the database's own terms.
#[derive(Clone, Copy)]
pub(crate) struct Stored<'r> {
    pub(crate) arrival: i64,
    pub(crate) partition: i64,
    pub(crate) id: StoredId<'r>,
    pub(crate) version: &'r str,
    pub(crate) added: i64,
    pub(crate) owner: i64,
    pub(crate) siblings: bool,
}

impl<'r> Stored<'r> {
    /// Reads [`COLUMNS`] and checks them.
    pub(crate) fn read(row: &'r Row<'_>) -> Result<Self, BackendError> {
        let arrival: i64 = row.get(0).map_err(failed(READING))?;
        let number = |at: usize| row.get::<_, i64>(at).map_err(failed(READING));
        let text = row.get_ref(3).and_then(|text| Ok(text.as_str()?)).map_err(failed(READING))?;
        let id = StoredId::read(row.get_ref(2).map_err(failed(READING))?);
        let id = id.ok_or_else(|| damaged(format!("the id of row {arrival} is none")))?;
        let siblings = number(6)? != 0;
        let stored = Self { arrival, partition: number(1)?, id, version: text, added: number(4)?, owner: number(5)?, siblings };
        if number(7)? == stored.checksum() { Ok(stored) } else { Err(damaged(format!("row {arrival} is not as written"))) }
    }

    pub(crate) fn checksum(&self) -> i64 {
        let sum = Checksum::of(b'm').number(self.arrival).number(self.partition).bytes(self.id.bytes()).bytes(self.version.as_bytes());
        sum.number(self.added).number(self.owner).number(i64::from(self.siblings)).value()
    }
}

/// Hands rows to a visitor, with bodies or without.
pub(crate) struct Delivery<'d> {
    dictionary: &'d Dictionary,
    bodies: Option<CachedStatement<'d>>,
    id: String,
}

impl<'d> Delivery<'d> {
    pub(crate) fn new(connection: &'d Connection, dictionary: &'d Dictionary, bodies: bool) -> Result<Self, BackendError> {
        let sql = "SELECT checksum, body FROM bodies WHERE arrival = ?1";
        let bodies = if bodies { Some(connection.prepare_cached(sql).map_err(failed(READING))?) } else { None };
        Ok(Self { dictionary, bodies, id: String::new() })
    }

    /// Visits `row`, which belongs to `partition`.
    pub(crate) fn visit(&mut self, row: &Stored<'_>, partition: Partition, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, BackendError> {
        self.write_id(row, partition.kind)?;
        let unknown = || damaged(format!("row {} has an owner that is not there", row.arrival));
        let owner = self.dictionary.owners.name(row.owner).ok_or_else(unknown)?;
        let fields = EntryFields {
            arrival: Arrival(u64::try_from(row.arrival).map_err(|_| damaged(format!("a row has arrival {}", row.arrival)))?),
            collection: partition.collection,
            added: Stamp(row.added),
            label: partition.label,
            id: &self.id,
            version: row.version,
            siblings: row.siblings,
            owner,
            body: &[],
        };
        match &mut self.bodies {
            None => Ok(visit(&Entry::new(fields))),
            Some(bodies) => with_body(bodies, row.arrival, |body| visit(&Entry::new(EntryFields { body, ..fields }))),
        }
    }

    fn write_id(&mut self, row: &Stored<'_>, kind: i64) -> Result<(), BackendError> {
        self.id.clear();
        match (row.id, self.dictionary.kinds.name(kind)) {
            (StoredId::Uuid(uuid), Some(kind)) => {
                self.id.push_str(kind);
                self.id.push_str("--");
                self.id.push_str(Uuid::from_bytes(uuid).hyphenated().encode_lower(&mut Uuid::encode_buffer()));
            }
            (StoredId::Whole(text), _) => self.id.push_str(text),
            (StoredId::Uuid(_), None) => return Err(damaged(format!("the id of row {} does not fit its kind", row.arrival))),
        }
        Ok(())
    }
}

fn with_body<R>(bodies: &mut CachedStatement<'_>, arrival: i64, then: impl FnOnce(&[u8]) -> R) -> Result<R, BackendError> {
    let mut rows = bodies.query([arrival]).map_err(failed(READING))?;
    let missing = || damaged(format!("row {arrival} has no body"));
    let row = rows.next().map_err(failed(READING))?.ok_or_else(missing)?;
    let body = row.get_ref(1).and_then(|body| Ok(body.as_blob()?)).map_err(failed(READING))?;
    if row.get::<_, i64>(0).map_err(failed(READING))? != checksum::of_body(arrival, body) {
        return Err(damaged(format!("the body of row {arrival} is not as written")));
    }
    Ok(then(body))
}
