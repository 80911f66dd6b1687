//! A reading cut out of another: what is kept, what stands for what, and all else left out, without edits being told of it.
//!
//! Markup is no damage: taking it away is no repair. So a page or feed becomes a reading here, and repairs start from that.

use crate::map::Splice;
use crate::reading::Reading;
use crate::span::TextSpan;

/// Cuts a reading from left to right.
pub(crate) struct Cutting<'r> {
    from: &'r Reading,
    text: String,
    splices: Vec<Splice>,
    at: usize,
}

impl<'r> Cutting<'r> {
    /// Nothing of `from` yet.
    pub(crate) fn of(from: &'r Reading) -> Self {
        Self { from, text: String::new(), splices: Vec::new(), at: 0 }
    }

    /// Whether nothing was written yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Keeps `span` as it stands; a span before what was written last is passed over.
    pub(crate) fn keep(&mut self, span: TextSpan) {
        if span.from >= self.at {
            self.leave_out_to(span.from);
            self.text.push_str(self.from.slice(span));
            self.at = span.to;
        }
    }

    /// Writes `text` for what stands at `span`; for the place that was written last, beside what stands for it already.
    pub(crate) fn put(&mut self, span: TextSpan, text: &str) {
        if self.from.slice(span) == text {
            return self.keep(span);
        }
        match self.splices.last_mut().filter(|last| last.span == span) {
            Some(last) => last.inserted_bytes += text.len(),
            None if span.from < self.at => return,
            None => {
                self.leave_out_to(span.from);
                self.splices.push(Splice { span, inserted_bytes: text.len() });
            }
        }
        self.text.push_str(text);
        self.at = span.to;
    }

    /// Writes `sign` for all between what was written last and `to`.
    pub(crate) fn part(&mut self, to: usize, sign: &str) {
        if to >= self.at {
            self.put(TextSpan::new(self.at, to), sign);
        }
    }

    fn leave_out_to(&mut self, to: usize) {
        if to > self.at {
            self.splices.push(Splice { span: TextSpan::new(self.at, to), inserted_bytes: 0 });
        }
    }

    /// What was kept and put.
    pub(crate) fn finish(mut self) -> Reading {
        self.leave_out_to(self.from.text().len());
        Reading::decoded(self.text, self.from.map().spliced(&self.splices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Raw;

    #[test]
    fn what_is_kept_and_put_maps_to_where_it_stood() {
        let reading = Raw::new(b"<b>one</b> &amp; <i>two</i>".to_vec()).decode();
        let mut cutting = Cutting::of(&reading);
        cutting.keep(TextSpan::new(3, 6));
        cutting.part(11, " ");
        cutting.put(TextSpan::new(11, 16), "&");
        cutting.keep(TextSpan::new(16, 17));
        cutting.keep(TextSpan::new(20, 23));
        cutting.keep(TextSpan::new(0, 3));
        let cut = cutting.finish();
        assert_eq!(cut.text(), "one & two");
        let raw = |from, to| {
            let span = cut.raw(TextSpan::new(from, to));
            (span.from, span.to)
        };
        assert_eq!((raw(0, 3), raw(3, 4), raw(4, 5), raw(6, 9)), ((3, 6), (6, 11), (11, 16), (20, 23)));
        assert!(cut.edits().is_empty() && cut.map().text_bytes() == cut.text().len());
    }
}
