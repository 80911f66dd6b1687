//! Full text over everything that a node holds, for one reader at a time, as if nothing else were there.
//!
//! An [`Index`] is a copy of the store made for searching, in a folder of its own, over Tantivy: an inverted index, postings with positions, commits that
//! are whole or not there. What is made of that is here: words in any script (`words`), what of an object can be found (`content`), queries
//! (`query`), and how rows are chosen and ordered (`find`). It answers with the places of rows. Their text is read from the store, through the
//! gate; the index has no document to give away.
//!
//! Search engines order what they find by how rare a word is, and by how long texts are on the average, over all that they hold: an order that
//! tells of what its reader may not see. Here the rows of each word are gone through, those of the reader are kept, and whatever is counted is counted
//! from them (decision 0022). The price is that the rows of a word are all looked at.
//!
//! Which version of an object stands for it, and what a reader is shown of it, is not decided here: see `relto-node`.

mod catch_up;
mod content;
mod find;
mod index;
mod mark;
mod query;
mod schema;
mod segment;
mod words;

pub use index::Index;
