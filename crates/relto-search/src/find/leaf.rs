//! The rows that hold a piece of text, of those that the reader may see.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet as _, InvertedIndexReader, TERMINATED, Term};

use super::Sight;
use crate::query::{Atom, Phrase};

/// Rows in ascending order, with how often each holds what was asked for.
pub(crate) type Rows = Vec<(DocId, u32)>;

/// The rows of `segment` that hold `phrase` in `field`, its terms preceded by `prefix`.
///
/// # Errors
/// When the index cannot be read.
pub(crate) fn rows_of(sight: &Sight<'_>, segment: usize, field: Field, prefix: &str, phrase: &Phrase) -> tantivy::Result<Rows> {
    let Some(reader) = sight.generation.segments.get(segment) else { return Ok(Rows::new()) };
    let inverted = reader.reader.inverted_index(field)?;
    let within = Within { sight, segment, inverted: &inverted, field };
    match phrase.0.as_slice() {
        [(_, Atom::Is(term))] => within.of_term(&format!("{prefix}{term}")),
        [(_, Atom::Begins(begin))] => {
            let places = within.places_of_all(&format!("{prefix}{begin}"))?;
            Ok(places.into_iter().map(|(row, places)| (row, small(places.len()))).collect())
        }
        atoms => within.of_phrase(atoms, prefix),
    }
}

/// The rows of `segment` that have the number.
///
/// # Errors
/// When the index cannot be read.
pub(crate) fn rows_with(sight: &Sight<'_>, segment: usize, field: Field, number: u64) -> tantivy::Result<Vec<DocId>> {
    let Some(reader) = sight.generation.segments.get(segment) else { return Ok(Vec::new()) };
    let inverted = reader.reader.inverted_index(field)?;
    let Some(mut postings) = inverted.read_postings(&Term::from_field_u64(field, number), IndexRecordOption::Basic)? else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    while postings.doc() != TERMINATED {
        if sight.sees(segment, postings.doc()) {
            rows.push(postings.doc());
        }
        postings.advance();
    }
    Ok(rows)
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

struct Within<'w> {
    sight: &'w Sight<'w>,
    segment: usize,
    inverted: &'w InvertedIndexReader,
    field: Field,
}

impl Within<'_> {
    fn postings(&self, term: &str, option: IndexRecordOption) -> tantivy::Result<Option<SegmentPostings>> {
        Ok(self.inverted.read_postings(&Term::from_field_text(self.field, term), option)?)
    }

    fn of_term(&self, term: &str) -> tantivy::Result<Rows> {
        let mut rows = Rows::new();
        let Some(mut postings) = self.postings(term, IndexRecordOption::WithFreqs)? else { return Ok(rows) };
        while postings.doc() != TERMINATED {
            if self.sight.sees(self.segment, postings.doc()) {
                rows.push((postings.doc(), postings.term_freq()));
            }
            postings.advance();
        }
        Ok(rows)
    }

    /// Where terms that begin with `begin` stand, by row.
    fn places_of_all(&self, begin: &str) -> tantivy::Result<Vec<(DocId, Vec<u32>)>> {
        let mut all: Vec<(DocId, Vec<u32>)> = Vec::new();
        let mut stream = self.inverted.terms().range().ge(begin.as_bytes()).into_stream()?;
        while stream.advance() && stream.key().starts_with(begin.as_bytes()) {
            let info = stream.value().clone();
            let mut postings = self.inverted.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqsAndPositions)?;
            while postings.doc() != TERMINATED {
                if self.sight.sees(self.segment, postings.doc()) {
                    let mut places = Vec::new();
                    postings.positions(&mut places);
                    all.push((postings.doc(), places));
                }
                postings.advance();
            }
        }
        all.sort_by_key(|(row, _)| *row);
        all.dedup_by(|other, kept| {
            let is_same = kept.0 == other.0;
            if is_same {
                kept.1.append(&mut other.1);
            }
            is_same
        });
        all.iter_mut().for_each(|(_, places)| places.sort_unstable());
        Ok(all)
    }

    fn of_phrase(&self, atoms: &[(usize, Atom)], prefix: &str) -> tantivy::Result<Rows> {
        let mut sources = Vec::new();
        for (offset, atom) in atoms {
            let source = match atom {
                Atom::Is(term) => {
                    let found = self.postings(&format!("{prefix}{term}"), IndexRecordOption::WithFreqsAndPositions)?;
                    let Some(postings) = found else { return Ok(Rows::new()) };
                    Source::Term(Box::new(postings))
                }
                Atom::Begins(begin) => Source::Many { rows: self.places_of_all(&format!("{prefix}{begin}"))?, at: 0 },
            };
            sources.push((small(*offset), source));
        }
        // The rarest leads: the others are only asked about its rows.
        sources.sort_by_key(|(_, source)| source.size());
        let Some(((lead_offset, lead), others)) = sources.split_first_mut() else { return Ok(Rows::new()) };
        let (mut rows, mut places, mut other_places) = (Rows::new(), Vec::new(), Vec::new());
        while let Some(row) = lead.row() {
            if self.sight.sees(self.segment, row) && others.iter_mut().all(|(_, other)| other.has(row)) {
                lead.places(&mut places);
                // Where the phrase would begin.
                let mut begins: Vec<u32> = places.iter().filter_map(|place| place.checked_sub(*lead_offset)).collect();
                for (offset, other) in others.iter_mut() {
                    other.places(&mut other_places);
                    begins.retain(|begin| other_places.binary_search(&(begin + *offset)).is_ok());
                }
                if !begins.is_empty() {
                    rows.push((row, small(begins.len())));
                }
            }
            lead.next();
        }
        Ok(rows)
    }
}

/// The rows of one part of a phrase, in order.
enum Source {
    Term(Box<SegmentPostings>),
    Many { rows: Vec<(DocId, Vec<u32>)>, at: usize },
}

impl Source {
    fn size(&self) -> u32 {
        match self {
            Self::Term(postings) => postings.doc_freq(),
            Self::Many { rows, .. } => small(rows.len()),
        }
    }

    fn row(&self) -> Option<DocId> {
        match self {
            Self::Term(postings) => Some(postings.doc()).filter(|row| *row != TERMINATED),
            Self::Many { rows, at } => rows.get(*at).map(|(row, _)| *row),
        }
    }

    fn next(&mut self) {
        match self {
            Self::Term(postings) => {
                postings.advance();
            }
            Self::Many { at, .. } => *at += 1,
        }
    }

    /// Goes on to `row`, which ascends from call to call.
    fn has(&mut self, row: DocId) -> bool {
        match self {
            Self::Term(postings) => postings.doc() == row || (postings.doc() < row && postings.seek(row) == row),
            Self::Many { rows, at } => {
                *at += rows.get(*at..).unwrap_or_default().partition_point(|(other, _)| *other < row);
                rows.get(*at).is_some_and(|(other, _)| *other == row)
            }
        }
    }

    fn places(&mut self, places: &mut Vec<u32>) {
        match self {
            Self::Term(postings) => postings.positions(places),
            Self::Many { rows, at } => {
                places.clear();
                places.extend(rows.get(*at).into_iter().flat_map(|(_, places)| places));
            }
        }
    }
}
