//! From every byte of a reading's text to the raw bytes it rests on.
//!
//! A map is a list of pieces. An exact piece is raw bytes as they are, byte for byte; a whole piece stands as one for the raw
//! bytes it came from (a decoded character, an edit), and so does every part of it. Spans under a map keep their order.

use crate::span::{RawSpan, TextSpan};

/// How bytes of a piece relate to raw bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Exact,
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: TextSpan,
    raw: RawSpan,
    kind: Kind,
}

/// A piecewise, monotone map from text to raw bytes.
// INVARIANT: pieces are non-empty in the text, cover it without holes in order, and their raw starts and ends never fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
    raw_end: usize,
}

/// One replacement as a map sees it: which text goes, and how many bytes come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Splice {
    pub(crate) span: TextSpan,
    pub(crate) inserted_bytes: usize,
}

impl SpanMap {
    /// An empty map, to be filled from the left; `raw_from` is where an empty text would stand.
    pub(crate) fn starting_at(raw_from: usize) -> Self {
        Self { pieces: Vec::new(), raw_end: raw_from }
    }

    /// Appends `bytes` bytes of text that are the raw bytes from `raw_from`.
    pub(crate) fn push_exact(&mut self, raw_from: usize, bytes: usize) {
        self.push(bytes, RawSpan::new(raw_from, raw_from + bytes), Kind::Exact);
    }

    /// Appends `bytes` bytes of text that stand for `raw` as a whole.
    pub(crate) fn push_whole(&mut self, raw: RawSpan, bytes: usize) {
        self.push(bytes, raw, Kind::Whole);
    }

    fn push(&mut self, bytes: usize, raw: RawSpan, kind: Kind) {
        self.raw_end = self.raw_end.max(raw.to);
        if bytes == 0 {
            return;
        }
        let from = self.text_bytes();
        let joined = self.pieces.last_mut().filter(|last| kind == Kind::Exact && last.kind == Kind::Exact && last.raw.to == raw.from);
        if let Some(last) = joined {
            last.text.to += bytes;
            last.raw.to = raw.to;
        } else {
            self.pieces.push(Piece { text: TextSpan::new(from, from + bytes), raw, kind });
        }
    }

    /// Length of the text.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.text.to)
    }

    /// The raw bytes that `span` of the text rests on; for an empty span, the empty place where it stands.
    #[must_use]
    pub fn raw(&self, span: TextSpan) -> RawSpan {
        if span.is_empty() {
            return self.raw_place(span.from);
        }
        let from = self.piece_at(span.from).map_or(self.raw_end, |first| first.raw_from(span.from));
        let to = self.piece_at(span.to - 1).map_or(self.raw_end, |last| last.raw_to(span.to));
        RawSpan::new(from, to)
    }

    /// The text that rests on the raw bytes of `span`: all that [`Self::raw`] leads into it.
    #[must_use]
    pub fn text(&self, span: RawSpan) -> TextSpan {
        let first = self.pieces.partition_point(|piece| piece.raw.to <= span.from);
        let last = self.pieces.partition_point(|piece| piece.raw.from < span.to);
        let from = self.pieces.get(first).map_or(self.text_bytes(), |piece| match piece.kind {
            Kind::Exact => piece.text.from + span.from.saturating_sub(piece.raw.from),
            Kind::Whole => piece.text.from,
        });
        let to = last.checked_sub(1).and_then(|last| self.pieces.get(last)).map_or(from, |piece| match piece.kind {
            Kind::Exact => piece.text.from + span.to.min(piece.raw.to) - piece.raw.from,
            Kind::Whole => piece.text.to,
        });
        TextSpan::new(from, to.max(from))
    }

    /// The empty place before byte `at`; where the text on both sides rests on the same raw bytes, all of these.
    fn raw_place(&self, at: usize) -> RawSpan {
        let behind = at.checked_sub(1).and_then(|before| self.piece_at(before)).map(|piece| piece.raw_to(at));
        let ahead = self.piece_at(at).map_or(self.raw_end, |piece| piece.raw_from(at));
        RawSpan::new(ahead, ahead.max(behind.unwrap_or(ahead)))
    }

    /// Whether `span` is raw bytes as they are, untouched by decoding and edits.
    #[must_use]
    pub fn is_exact(&self, span: TextSpan) -> bool {
        self.piece_at(span.from).is_some_and(|piece| piece.kind == Kind::Exact && piece.text.contains(span))
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(self.pieces.partition_point(|piece| piece.text.to <= at))
    }

    /// The map of this text, `between` bytes that stand for what is between the two, and the text of `other`, whose bytes come later.
    pub(crate) fn followed_by(&self, between: usize, other: &Self) -> Self {
        let mut joined = self.clone();
        let from = joined.pieces.last().map_or(joined.raw_end, |last| last.raw.to);
        let to = other.pieces.first().map_or(other.raw_end, |first| first.raw.from).max(from);
        joined.push_whole(RawSpan::new(from, to), between);
        for piece in &other.pieces {
            joined.push(piece.text.to - piece.text.from, piece.raw, piece.kind);
        }
        joined.raw_end = joined.raw_end.max(other.raw_end);
        joined
    }

    /// The map of the text in which every splice has been carried out; splices are in order and do not overlap.
    pub(crate) fn spliced(&self, splices: &[Splice]) -> Self {
        let mut next = Self::starting_at(self.raw(TextSpan::new(0, 0)).from);
        let mut copier = Copier { pieces: &self.pieces, at: 0 };
        for splice in splices {
            copier.copy_until(splice.span.from, &mut next);
            next.push_whole(self.raw(splice.span), splice.inserted_bytes);
            copier.at = splice.span.to;
        }
        copier.copy_until(self.text_bytes(), &mut next);
        next.raw_end = next.raw_end.max(self.raw_end);
        next
    }
}

impl Piece {
    fn raw_from(&self, at: usize) -> usize {
        match self.kind {
            Kind::Exact => self.raw.from + (at - self.text.from),
            Kind::Whole => self.raw.from,
        }
    }

    fn raw_to(&self, to: usize) -> usize {
        match self.kind {
            Kind::Exact => self.raw.from + (to - self.text.from),
            Kind::Whole => self.raw.to,
        }
    }

    fn cut(&self, from: usize, to: usize) -> Option<Self> {
        let text = TextSpan::new(from.max(self.text.from), to.min(self.text.to));
        (!text.is_empty()).then(|| Self { text, raw: RawSpan::new(self.raw_from(text.from), self.raw_to(text.to)), kind: self.kind })
    }
}

/// Walks the old pieces once, from left to right.
struct Copier<'p> {
    pieces: &'p [Piece],
    at: usize,
}

impl Copier<'_> {
    fn copy_until(&mut self, to: usize, next: &mut SpanMap) {
        while let Some((first, rest)) = self.pieces.split_first() {
            if let Some(part) = first.cut(self.at, to) {
                next.push(part.text.to - part.text.from, part.raw, part.kind);
            }
            if first.text.to > to {
                break;
            }
            self.pieces = rest;
        }
        self.at = to.max(self.at);
    }
}
