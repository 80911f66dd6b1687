//! One state of the index, made ready: for every row the *slot* that it is in.
//!
//! Rows of one collection, label, owner and type share a slot, and a reader either may see all of a slot or nothing of it. Counts are kept for each
//! slot, so that what a reader's own rows add up to is a sum over the reader's own slots.

use std::collections::HashMap;
use std::sync::Arc;

use relto_gate::LabelId;
use relto_store::CollectionKey;
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::schema::numbers;

/// A row that was removed.
pub(crate) const NO_SLOT: u32 = u32::MAX;

/// What rows of one slot have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Slot {
    pub collection: CollectionKey,
    pub label: LabelId,
    pub owner: Arc<str>,
    pub kind: Arc<str>,
}

/// What the rows of a slot, or of some, add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub rows: u64,
    pub text_terms: u64,
    pub title_terms: u64,
}

impl Sums {
    pub(crate) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.text_terms += other.text_terms;
        self.title_terms += other.title_terms;
    }

    pub(crate) fn take_away(&mut self, other: Self) {
        self.rows -= other.rows;
        self.text_terms -= other.text_terms;
        self.title_terms -= other.title_terms;
    }
}

/// The rows of one segment.
pub(crate) struct Segment {
    pub reader: SegmentReader,
    /// The slot of each.
    pub slots: Vec<u32>,
    pub rows: Arc<dyn ColumnValues<u64>>,
    pub contents: Arc<dyn ColumnValues<u64>>,
    pub ids: Arc<dyn ColumnValues<u64>>,
    pub text_terms: Arc<dyn ColumnValues<u64>>,
    pub title_terms: Arc<dyn ColumnValues<u64>>,
    /// Not there when no row has a date.
    dates: Option<tantivy::columnar::Column<i64>>,
}

/// One state of the index.
pub(crate) struct Generation {
    /// Keeps the files of the state while it is used.
    _searcher: Searcher,
    pub segments: Vec<Segment>,
    pub slots: Vec<(Slot, Sums)>,
    /// Rows of equal content, each with its segment: for every content that several rows have.
    pub copies: Vec<Vec<(usize, DocId)>>,
}

impl Generation {
    /// The state of `searcher`.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of(searcher: Searcher) -> tantivy::Result<Self> {
        let (mut known, mut slots, mut segments) = (HashMap::new(), Vec::new(), Vec::new());
        for reader in searcher.segment_readers() {
            segments.push(Segment::of(reader, &mut known, &mut slots)?);
        }
        let copies = copies(&segments);
        Ok(Self { _searcher: searcher, segments, slots, copies })
    }
}

/// Rows of equal content. Few contents have several rows, so that those are found first.
fn copies(segments: &[Segment]) -> Vec<Vec<(usize, DocId)>> {
    let mut all: Vec<u64> = segments.iter().flat_map(Segment::held).map(|(_, content)| content).collect();
    all.sort_unstable();
    let several: HashMap<u64, usize> =
        all.chunk_by(u64::eq).filter(|equal| equal.len() > 1).filter_map(|equal| equal.first()).copied().zip(0..).collect();
    let mut copies = vec![Vec::new(); several.len()];
    if several.is_empty() {
        return copies;
    }
    for (number, segment) in segments.iter().enumerate() {
        for (row, content) in segment.held() {
            if let Some(of_content) = several.get(&content).and_then(|at| copies.get_mut(*at)) {
                of_content.push((number, row));
            }
        }
    }
    copies
}

impl Segment {
    fn of(reader: &SegmentReader, known: &mut HashMap<Slot, u32>, slots: &mut Vec<(Slot, Sums)>) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let number = |name| fast.column_first_or_default::<u64>(name);
        let (text_terms, title_terms) = (number(numbers::TEXT_TERMS)?, number(numbers::TITLE_TERMS)?);
        let (collections, labels) = (number(numbers::COLLECTION)?, number(numbers::LABEL)?);
        let (owners, kinds) = (Names::of(reader, numbers::OWNER)?, Names::of(reader, numbers::KIND)?);
        let mut of_row = Vec::with_capacity(reader.max_doc() as usize);
        // Rows of one batch are alike: the last is looked at before all are.
        let (mut last, mut last_slot) = (None, NO_SLOT);
        for row in 0..reader.max_doc() {
            if reader.is_deleted(row) {
                of_row.push(NO_SLOT);
                continue;
            }
            let key = (collections.get_val(row), labels.get_val(row), owners.number(row), kinds.number(row));
            if last != Some(key) {
                let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
                let (collection, label) = (CollectionKey(small(key.0)), LabelId(small(key.1)));
                let slot = Slot { collection, label, owner: owners.name(key.2), kind: kinds.name(key.3) };
                last_slot = *known.entry(slot.clone()).or_insert_with(|| {
                    slots.push((slot, Sums::default()));
                    small(slots.len() as u64 - 1)
                });
                last = Some(key);
            }
            if let Some((_, sums)) = slots.get_mut(last_slot as usize) {
                sums.add(Sums { rows: 1, text_terms: text_terms.get_val(row), title_terms: title_terms.get_val(row) });
            }
            of_row.push(last_slot);
        }
        Ok(Self {
            slots: of_row,
            rows: number(numbers::ROW)?,
            contents: number(numbers::CONTENT)?,
            ids: number(numbers::ID)?,
            text_terms,
            title_terms,
            dates: fast.column_opt::<i64>(numbers::DATE)?,
            reader: reader.clone(),
        })
    }

    /// The rows that were not removed, with the numbers of their contents.
    fn held(&self) -> impl Iterator<Item = (DocId, u64)> {
        let rows = (0u32..).zip(&self.slots).filter(|(_, slot)| **slot != NO_SLOT);
        rows.map(|(row, _)| (row, self.contents.get_val(row)))
    }

    /// What a row adds to the sums.
    pub(crate) fn sums_of(&self, row: DocId) -> Sums {
        Sums { rows: 1, text_terms: self.text_terms.get_val(row), title_terms: self.title_terms.get_val(row) }
    }

    /// The date of a row's object, if it has one.
    pub(crate) fn date(&self, row: DocId) -> Option<i64> {
        self.dates.as_ref()?.first(row)
    }
}

/// A column of names, of which a segment has few.
struct Names {
    column: Option<tantivy::columnar::StrColumn>,
    names: Vec<Arc<str>>,
}

impl Names {
    fn of(reader: &SegmentReader, field: &str) -> tantivy::Result<Self> {
        let column = reader.fast_fields().str(field)?;
        let mut names = Vec::new();
        if let Some(column) = &column {
            for number in 0..column.num_terms() as u64 {
                let mut name = String::new();
                column.ord_to_str(number, &mut name)?;
                names.push(name.into());
            }
        }
        Ok(Self { column, names })
    }

    fn number(&self, row: DocId) -> u64 {
        self.column.as_ref().and_then(|column| column.ords().first(row)).unwrap_or(u64::MAX)
    }

    fn name(&self, number: u64) -> Arc<str> {
        self.names.get(usize::try_from(number).unwrap_or(usize::MAX)).cloned().unwrap_or_default()
    }
}
