//! Finding the rows of a set of partitions in order of arrival.
//!
//! Two ways lead there. The *walk* reads every row in order and skips those of other partitions: best where most rows are wanted. The
//! *merge* reads the wanted partitions from their index, each in order, and takes whichever comes next: best where few are, since it costs
//! one probe per partition and nothing for what is not wanted. Which is better depends on where the rows lie, so a scan begins to walk, and
//! goes on by merging from where it stands once it has skipped about as much as the merge would have cost. A page so costs at most about
//! twice the better way, in a store of any size, at any depth, for a reader of everything or of next to nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use relto_store::{BackendError, Order, Scan, Visit};
use rusqlite::{CachedStatement, Connection};

use crate::dictionary::{Dictionary, OTHER_KINDS, Partition};
use crate::error::{damaged, failed};
use crate::row::{COLUMNS, Delivery, READING, Stored, StoredId};

/// Finding a row in an index and fetching it costs about as much as walking past so many.
const SKIPS_PER_PROBE: usize = 8;
/// So many rows are skipped before anything is counted.
const SKIPS_FREE: usize = 16;
/// So few labels are looked up one by one; for more, all partitions of the collection are gone through once.
const LABELS_LOOKED_UP: usize = 16;
/// At most so many places of one partition are read ahead.
const READ_AHEAD_MAX: usize = 256;

/// What a scan cost, whatever the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Rows that were walked past.
    pub(crate) skipped: usize,
    /// Times an index was asked for places.
    pub(crate) probes: usize,
}

/// Visits the rows of `scan` in its order of arrival.
///
/// # Errors
/// [`BackendError`] when the store fails or is damaged.
pub(crate) fn scan(
    connection: &Connection,
    dictionary: &Dictionary,
    scan: &Scan<'_>,
    visit: &mut Visit<'_>,
) -> Result<Effort, BackendError> {
    let wanted = Wanted::of(scan, dictionary);
    let bound = |arrival: u64| i64::try_from(arrival).unwrap_or(i64::MAX);
    let range = Range { after: bound(scan.after.0), before: bound(scan.before.0), order: scan.order };
    if wanted.partitions.is_empty() || range.after >= range.before {
        return Ok(Effort::default());
    }
    let delivery = Delivery::new(connection, dictionary, scan.bodies)?;
    let mut scanning = Scanning { connection, dictionary, wanted, delivery, expected: scan.expected, effort: Effort::default() };
    if let Walked::Until(place) = scanning.walk(range, visit)? {
        scanning.merge(range.past(place), visit)?;
    }
    Ok(scanning.effort)
}

/// The places strictly between two arrivals, and from which of them on.
#[derive(Debug, Clone, Copy)]
struct Range {
    after: i64,
    before: i64,
    order: Order,
}

impl Range {
    /// What is left of it past `place`.
    fn past(self, place: i64) -> Self {
        match self.order {
            Order::OldestFirst => Self { after: place, ..self },
            Order::NewestFirst => Self { before: place, ..self },
        }
    }

    /// A number by which places ascend in its order; applied to that, the place again.
    fn rank(self, place: i64) -> i64 {
        match self.order {
            Order::OldestFirst => place,
            Order::NewestFirst => -place,
        }
    }

    /// Its order in SQL.
    fn direction(self) -> &'static str {
        match self.order {
            Order::OldestFirst => "ASC",
            Order::NewestFirst => "DESC",
        }
    }
}

/// Which rows are wanted.
struct Wanted<'w> {
    /// Numbers of partitions, ascending by label and kind.
    partitions: Vec<i64>,
    /// A bit for each.
    bits: Vec<u64>,
    /// Kinds without a number are told apart row by row.
    kinds: &'w [String],
}

impl<'w> Wanted<'w> {
    fn of(scan: &Scan<'w>, dictionary: &Dictionary) -> Self {
        let kinds: Vec<i64> = scan.kinds.iter().map(|kind| dictionary.kinds.number(kind).unwrap_or(OTHER_KINDS)).collect();
        let of_kind = |partition: &Partition| kinds.is_empty() || kinds.contains(&partition.kind);
        let mut wanted = Self { partitions: Vec::new(), bits: Vec::new(), kinds: scan.kinds };
        if scan.labels.len() <= LABELS_LOOKED_UP {
            let all = scan.labels.iter().flat_map(|label| dictionary.of_label(scan.collection, *label));
            all.filter(|(partition, _)| of_kind(partition)).for_each(|(_, number)| wanted.add(number));
            return wanted;
        }
        let mut labels = scan.labels.iter().peekable();
        for (partition, number) in dictionary.of_collection(scan.collection) {
            while labels.next_if(|label| **label < partition.label).is_some() {}
            let Some(label) = labels.peek() else { break };
            if **label == partition.label && of_kind(&partition) {
                wanted.add(number);
            }
        }
        wanted
    }

    fn add(&mut self, partition: i64) {
        self.partitions.push(partition);
        let at = usize::try_from(partition).unwrap_or_default();
        if self.bits.len() <= at / 64 {
            self.bits.resize(at / 64 + 1, 0);
        }
        if let Some(word) = self.bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn has(&self, partition: i64) -> bool {
        let at = usize::try_from(partition).unwrap_or(usize::MAX);
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Whether a row of a wanted partition is of a wanted kind.
    fn has_kind(&self, partition: Partition, id: StoredId<'_>) -> bool {
        match id {
            StoredId::Whole(id) if partition.kind == OTHER_KINDS && !self.kinds.is_empty() => {
                id.split_once("--").is_some_and(|(of_row, _)| self.kinds.iter().any(|kind| kind == of_row))
            }
            _ => true,
        }
    }
}

/// How far a walk went.
enum Walked {
    ToTheEnd,
    /// Up to this arrival, where it gave up.
    Until(i64),
}

struct Scanning<'s> {
    connection: &'s Connection,
    dictionary: &'s Dictionary,
    wanted: Wanted<'s>,
    delivery: Delivery<'s>,
    /// How many more rows are likely to be taken.
    expected: usize,
    effort: Effort,
}

impl Scanning<'_> {
    fn walk(&mut self, range: Range, visit: &mut Visit<'_>) -> Result<Walked, BackendError> {
        let sql = walk_sql(range);
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed(READING))?;
        let mut rows = statement.query([range.after, range.before]).map_err(failed(READING))?;
        let patience = SKIPS_FREE.saturating_add(self.wanted.partitions.len().saturating_mul(SKIPS_PER_PROBE));
        let mut found = 0_usize;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            let number: i64 = row.get(1).map_err(failed(READING))?;
            if !self.wanted.has(number) {
                self.dictionary.partition(number)?;
                self.effort.skipped += 1;
                if self.effort.skipped > patience.saturating_add(found.saturating_mul(SKIPS_PER_PROBE)) {
                    self.expected = self.expected.saturating_sub(found);
                    return Ok(Walked::Until(row.get(0).map_err(failed(READING))?));
                }
                continue;
            }
            found += 1;
            if self.offer(&Stored::read(row)?, visit)?.is_break() {
                break;
            }
        }
        Ok(Walked::ToTheEnd)
    }

    fn offer(&mut self, row: &Stored<'_>, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, BackendError> {
        let partition = self.dictionary.partition(row.partition)?;
        if self.wanted.has_kind(partition, row.id) { self.delivery.visit(row, partition, visit) } else { Ok(ControlFlow::Continue(())) }
    }

    fn merge(&mut self, range: Range, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        let mut merge = Merge::begin(self.connection, &self.wanted.partitions, range, self.expected)?;
        let sql = format!("SELECT {COLUMNS} FROM objects WHERE arrival = ?1");
        let mut fetch = self.connection.prepare_cached(&sql).map_err(failed(READING))?;
        while let Some((arrival, partition)) = merge.next()? {
            let mut rows = fetch.query([arrival]).map_err(failed(READING))?;
            let row = rows.next().map_err(failed(READING))?;
            let row = row.ok_or_else(|| damaged(format!("the index of partitions has row {arrival}, which is not there")))?;
            let stored = Stored::read(row)?;
            if stored.partition != partition {
                return Err(damaged(format!("the index of partitions has row {arrival} in another partition")));
            }
            if self.offer(&stored, visit)?.is_break() {
                break;
            }
        }
        self.effort.probes = merge.probes;
        Ok(())
    }
}

fn walk_sql(range: Range) -> String {
    format!("SELECT {COLUMNS} FROM objects WHERE arrival > ?1 AND arrival < ?2 ORDER BY arrival {}", range.direction())
}

/// The places of several partitions as one sequence.
struct Merge<'m> {
    statement: CachedStatement<'m>,
    range: Range,
    sources: Vec<Source>,
    /// The rank of the next place of each source that has one, with the source's index.
    heads: BinaryHeap<Reverse<(i64, usize)>>,
    probes: usize,
}

/// The places of one partition, read a few at a time.
struct Source {
    partition: i64,
    /// Read and not yet taken, the next one last.
    ahead: Vec<i64>,
    /// How many to read next time; none when there are no more.
    step: usize,
}

impl<'m> Merge<'m> {
    fn begin(connection: &'m Connection, partitions: &[i64], range: Range, expected: usize) -> Result<Self, BackendError> {
        let sql = format!(
            "SELECT arrival FROM objects INDEXED BY objects_by_partition
             WHERE partition = ?1 AND arrival > ?2 AND arrival < ?3 ORDER BY arrival {} LIMIT ?4",
            range.direction()
        );
        let statement = connection.prepare_cached(&sql).map_err(failed(READING))?;
        let step = (expected / partitions.len().max(1)).clamp(1, READ_AHEAD_MAX);
        let sources = partitions.iter().map(|partition| Source { partition: *partition, ahead: Vec::new(), step }).collect();
        let mut merge = Self { statement, range, sources, heads: BinaryHeap::with_capacity(partitions.len()), probes: 0 };
        for at in 0..partitions.len() {
            merge.advance(at, range)?;
        }
        Ok(merge)
    }

    /// The next place and its partition.
    fn next(&mut self) -> Result<Option<(i64, i64)>, BackendError> {
        let Some(Reverse((rank, at))) = self.heads.pop() else { return Ok(None) };
        let arrival = self.range.rank(rank);
        self.advance(at, self.range.past(arrival))?;
        Ok(self.sources.get(at).map(|source| (arrival, source.partition)))
    }

    /// Puts the first place of source `at` within `range` among the heads, if there is one.
    fn advance(&mut self, at: usize, range: Range) -> Result<(), BackendError> {
        let Some(source) = self.sources.get_mut(at) else { return Ok(()) };
        if source.ahead.is_empty() && source.step > 0 {
            self.probes += 1;
            source.read(&mut self.statement, range)?;
        }
        if let Some(next) = source.ahead.pop() {
            self.heads.push(Reverse((range.rank(next), at)));
        }
        Ok(())
    }
}

impl Source {
    fn read(&mut self, statement: &mut CachedStatement<'_>, range: Range) -> Result<(), BackendError> {
        let step = i64::try_from(self.step).unwrap_or(i64::MAX);
        let mut rows = statement.query([self.partition, range.after, range.before, step]).map_err(failed(READING))?;
        while let Some(row) = rows.next().map_err(failed(READING))? {
            self.ahead.push(row.get(0).map_err(failed(READING))?);
        }
        self.step = if self.ahead.len() < self.step { 0 } else { self.step.saturating_mul(2).min(READ_AHEAD_MAX) };
        self.ahead.reverse();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
