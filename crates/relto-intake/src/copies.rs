//! Same and nearly same: which documents are copies of each other, of which kind, and by which raw bytes.
//!
//! ```text
//!  Reading --> letters --> print: every shingle with its place --> sketches --> candidates --> the texts compared --> Pair
//!     |                                                            (an estimate)              (what decides)
//!     +--> words levelled by the lexicon --> letters --> ...
//! ```
//!
//! | step | module | promise |
//! |---|---|---|
//! | what is compared | [`letters`](LETTERS_MAX) | letters and digits; spaces, signs and script do not count |
//! | what is kept | `print` | bounded for each document; 21 bytes a letter, twice where words are levelled |
//! | who is looked at | `sketch` | a signature by one permutation in bands, and a sample; costs what the document costs, not the index |
//! | who is a copy | [`Match`] | decided on stretches of text that stand in both; the kinds and their bounds stand there |
//! | all together | [`Index`] | a function of the documents that are in: no order, no trace of what was removed |
//!
//! # Labels
//! An index is made for a reader and takes in the documents that this reader may see, and no others: this crate cannot tell them
//! apart, and what many documents share counts as common, so a document more or less may change what is a copy. What is written of
//! a pair carries the join of the labels of both and of the lexicon.
//!
//! # Limits
//! A translation into another language is not found. A laundered copy is found as far as the lexicon reaches. Texts of fewer than
//! about forty Han characters or eighty letters are copies only where they are the same. Of a document with more than
//! [`LETTERS_MAX`] letters the rest is not looked at.

mod compare;
mod document;
mod index;
mod judge;
mod letters;
mod print;
mod sketch;
#[cfg(test)]
mod tests;

pub use document::{Document, Key};
pub use index::{Index, Pair};
pub use judge::{Kind, Match};
pub use letters::LETTERS_MAX;
