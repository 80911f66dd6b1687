//! The reading of a page: chosen lines, as they stand there, with the map to the page.

use super::entity;
use super::outline::{Break, Node, Outline};
use crate::cutting::Cutting;
use crate::reading::Reading;

/// The reading of those lines of `outline` for which `lines` is true.
pub(super) fn reading(decoded: &Reading, outline: &Outline, lines: &[bool]) -> Reading {
    let mut writer = Writer { html: decoded.text(), cutting: Cutting::of(decoded), after: Break::None };
    for node in &outline.nodes {
        writer.after = writer.after.max(node.after);
        if lines.get(node.line).copied().unwrap_or_default() {
            writer.node(node);
        }
    }
    writer.cutting.finish()
}

struct Writer<'h> {
    html: &'h str,
    cutting: Cutting<'h>,
    /// What parts the next character from what is written.
    after: Break,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        for (c, place) in entity::characters(self.html, node.span) {
            let is_single = self.after == Break::None && !self.cutting.is_empty();
            match c {
                // Marks within words that are not shown.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\0' => {}
                '\n' if node.is_preformatted => self.after = self.after.max(Break::Line),
                // A space that joins a number's digits, or a number and its unit.
                '\u{a0}' | '\u{202f}' if is_single => self.cutting.put(place, c.encode_utf8(&mut [0; 4])),
                _ if c.is_whitespace() => self.after = self.after.max(Break::Space),
                _ => {
                    self.part(place.from);
                    self.cutting.put(place, c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    fn part(&mut self, to: usize) {
        let sign = match std::mem::replace(&mut self.after, Break::None) {
            Break::None => return,
            Break::Space => " ",
            Break::Cell => "\t",
            Break::Line => "\n",
        };
        if !self.cutting.is_empty() {
            self.cutting.part(to, sign);
        }
    }
}
