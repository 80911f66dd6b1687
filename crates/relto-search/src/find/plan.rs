//! A query with the rows behind each of its parts, and which rows fit all of it.

use tantivy::DocId;

use super::Sight;
use super::leaf::{Rows, rows_of, rows_with};
use crate::query::{Query, Text};
use crate::schema::OF_PROPERTY;
use relto_store::Scope;

/// A piece of text or an id that is looked for, with the rows that hold it, by segment.
#[derive(Debug, Default)]
pub(crate) struct Leaf {
    /// Rows that hold it.
    pub text: Vec<Rows>,
    /// Rows that hold it in their names.
    pub title: Vec<Rows>,
    /// Whether rows are better for having it.
    pub is_scored: bool,
    /// Of which piece of text of the query it is, counted as [`Query::texts`] does.
    pub of_text: Option<usize>,
}

/// A query that can be carried out.
pub(crate) struct Plan {
    /// What is looked for, in order.
    pub leaves: Vec<Leaf>,
    root: Node,
}

enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Leaf(usize),
    /// Rows in any of these slots.
    Slots(Vec<bool>),
    /// Rows with a date from, and before.
    Dates(Option<i64>, Option<i64>),
}

impl Plan {
    /// `query` for the rows of `sight`, kept to what `scope` asks for.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of(query: &Query, sight: &Sight<'_>, scope: &Scope<'_>) -> tantivy::Result<Self> {
        let mut planning = Planning { sight, scope, leaves: Vec::new(), texts: 0 };
        let mut root = planning.node(query, true)?;
        if !scope.kinds.is_empty() {
            let of_kind = Node::Slots(sight.slots(|slot| scope.kinds.iter().any(|kind| **kind == *slot.kind)));
            root = Node::All(vec![root, of_kind]);
        }
        Ok(Self { leaves: planning.leaves, root })
    }

    /// The rows that fit, by segment, in ascending order.
    pub(crate) fn fitting(&self, sight: &Sight<'_>) -> Vec<Vec<DocId>> {
        (0..sight.generation.segments.len()).map(|segment| self.rows(&self.root, sight, segment, None)).collect()
    }

    /// The rows of a segment that fit `node`, of those `within`, or of all.
    fn rows(&self, node: &Node, sight: &Sight<'_>, segment: usize, within: Option<&[DocId]>) -> Vec<DocId> {
        let kept = |fits: &dyn Fn(DocId) -> bool| match within {
            Some(within) => within.iter().copied().filter(|row| fits(*row)).collect(),
            None => sight.all_of(segment).into_iter().filter(|row| fits(*row)).collect(),
        };
        match node {
            Node::Leaf(leaf) => {
                let rows = self.leaves.get(*leaf).and_then(|leaf| leaf.text.get(segment)).map(Vec::as_slice).unwrap_or_default();
                match within {
                    None => rows.iter().map(|(row, _)| *row).collect(),
                    Some(within) => within.iter().copied().filter(|row| has(rows, *row)).collect(),
                }
            }
            Node::Slots(slots) => kept(&|row| sight.slot_of(segment, row).is_some_and(|slot| slots.get(slot).copied().unwrap_or(false))),
            Node::Dates(from, before) => kept(&|row| {
                let date = sight.generation.segments.get(segment).and_then(|segment| segment.date(row));
                date.is_some_and(|date| from.is_none_or(|from| from <= date) && before.is_none_or(|before| date < before))
            }),
            Node::Not(part) => {
                let without = self.rows(part, sight, segment, within);
                kept(&|row| without.binary_search(&row).is_err())
            }
            Node::Any(parts) => {
                let mut all: Vec<DocId> = parts.iter().flat_map(|part| self.rows(part, sight, segment, within)).collect();
                all.sort_unstable();
                all.dedup();
                all
            }
            Node::All(parts) => {
                // What lists rows comes before what goes through them.
                let mut parts: Vec<&Node> = parts.iter().collect();
                parts.sort_by_key(|part| self.effort(part, segment));
                let mut left: Option<Vec<DocId>> = within.map(<[DocId]>::to_vec);
                for part in parts {
                    left = Some(self.rows(part, sight, segment, left.as_deref()));
                }
                left.unwrap_or_default()
            }
        }
    }

    /// In which order parts of a conjunction are asked.
    fn effort(&self, node: &Node, segment: usize) -> usize {
        match node {
            Node::Leaf(leaf) => self.leaves.get(*leaf).and_then(|leaf| leaf.text.get(segment)).map_or(0, Vec::len),
            Node::Any(_) | Node::All(_) => usize::MAX - 2,
            Node::Slots(_) | Node::Dates(..) => usize::MAX - 1,
            Node::Not(_) => usize::MAX,
        }
    }
}

fn has(rows: &[(DocId, u32)], row: DocId) -> bool {
    rows.binary_search_by_key(&row, |(row, _)| *row).is_ok()
}

struct Planning<'p> {
    sight: &'p Sight<'p>,
    scope: &'p Scope<'p>,
    leaves: Vec<Leaf>,
    texts: usize,
}

impl Planning<'_> {
    fn node(&mut self, query: &Query, is_scored: bool) -> tantivy::Result<Node> {
        let sight = self.sight;
        Ok(match query {
            Query::All(parts) => Node::All(parts.iter().map(|part| self.node(part, is_scored)).collect::<Result<_, _>>()?),
            Query::Any(parts) => Node::Any(parts.iter().map(|part| self.node(part, is_scored)).collect::<Result<_, _>>()?),
            Query::Not(part) => Node::Not(Box::new(self.node(part, false)?)),
            Query::Text(text) => {
                let leaf = self.text(text, is_scored)?;
                self.push(leaf)
            }
            Query::Id { number, itself, references } => {
                let leaf = self.id(*number, *itself, *references, is_scored)?;
                self.push(leaf)
            }
            Query::Kind(kind) => Node::Slots(sight.slots(|slot| *slot.kind == **kind)),
            Query::Collection(name) => {
                let key = self.scope.collections.iter().find(|(_, known)| known == name).map(|(key, _)| *key);
                Node::Slots(sight.slots(|slot| key == Some(slot.collection)))
            }
            Query::Label(words) => {
                let has_words = |slot: &crate::segment::Slot| stands_in(words, &(self.scope.label_words)(slot.label));
                Node::Slots(sight.slots(has_words))
            }
            Query::After(from) => Node::Dates(Some(*from), None),
            Query::Before(before) => Node::Dates(None, Some(*before)),
        })
    }

    fn push(&mut self, leaf: Leaf) -> Node {
        self.leaves.push(leaf);
        Node::Leaf(self.leaves.len() - 1)
    }

    fn text(&mut self, text: &Text, is_scored: bool) -> tantivy::Result<Leaf> {
        let (sight, fields) = (self.sight, self.sight.means.fields);
        let segments = 0..sight.generation.segments.len();
        let of = |field, prefix: &str| -> tantivy::Result<Vec<Rows>> {
            segments.clone().map(|segment| rows_of(sight, segment, field, prefix, &text.phrase)).collect()
        };
        let of_text = is_scored.then_some(self.texts);
        self.texts += usize::from(is_scored);
        Ok(match &text.property {
            None => Leaf { text: of(fields.text, "")?, title: of(fields.title, "")?, is_scored, of_text },
            Some(name) => Leaf { text: of(fields.property, &format!("{name}{OF_PROPERTY}"))?, title: Vec::new(), is_scored, of_text },
        })
    }

    /// The object itself counts as named; what refers to it, as text.
    fn id(&self, number: u64, itself: bool, references: bool, is_scored: bool) -> tantivy::Result<Leaf> {
        let (sight, fields) = (self.sight, self.sight.means.fields);
        let mut leaf = Leaf { is_scored, ..Leaf::default() };
        for segment in 0..sight.generation.segments.len() {
            let own = if itself { rows_with(sight, segment, fields.id, number)? } else { Vec::new() };
            let mut all = if references { rows_with(sight, segment, fields.reference, number)? } else { Vec::new() };
            all.extend(&own);
            all.sort_unstable();
            all.dedup();
            let once = |rows: Vec<DocId>| rows.into_iter().map(|row| (row, 1)).collect();
            leaf.text.push(once(all));
            leaf.title.push(once(own));
        }
        Ok(leaf)
    }
}

/// Whether `words` stand in `label`, in any case of letters, and do not end or begin within a word of it.
fn stands_in(words: &str, label: &str) -> bool {
    let (words, label) = (words.to_lowercase(), label.to_lowercase());
    let is_border = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !words.is_empty()
        && label.match_indices(&words).any(|(at, found)| {
            let (before, after) = (label.get(..at).unwrap_or_default(), label.get(at + found.len()..).unwrap_or_default());
            is_border(before.chars().next_back()) && is_border(after.chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_met_by_whole_words() {
        for (words, label, expected) in [
            ("secret", "NATO SECRET", true),
            ("NATO SECRET", "NATO SECRET", true),
            ("SEC", "NATO SECRET", false),
            ("AMBER", "TLP:AMBER+STRICT", true),
            ("TLP:AMBER", "TLP:AMBER+STRICT", true),
            ("", "NATO SECRET", false),
        ] {
            assert_eq!(stands_in(words, label), expected, "{words:?} in {label:?}");
        }
    }
}
