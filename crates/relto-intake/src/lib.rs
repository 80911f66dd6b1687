//! Documents in any language become repaired readings and traced facts.
//!
//! A crate without files, sockets, clock or chance: bytes and [`Knowledge`] in, an [`Analysis`] out, and the same for the same,
//! byte for byte. Containers (HTML, PDF, archives, feeds) are opened before it; objects of the exchange are made by [`stix`].
//!
//! ```text
//!  bytes --> Raw --> Reading --> repairs -------------------------------------> Reading --> facts --> Analysis
//!            hash,   text and    notes, byte shift, signs, votes of copies,     the text    names, dates,
//!            coding  map back    boilerplate, later copies                      once        figures, relations
//!                    to bytes        |                                             |
//!                                    +--> edits: rule, raw span, from, to,         +--> lexicon reading (a second one,
//!                                    |    confidence                               |    beside) and polarity flags
//!                                    +--> gaps: what could not be repaired         +--> gaps: words that were taken out
//! ```
//!
//! | stage | module | promise |
//! |---|---|---|
//! | bytes to text | [`raw`] | every character knows its bytes; the hash is of what arrived |
//! | readings | [`reading`], [`map`], [`edit`] | nothing is overwritten; maps compose and keep their order |
//! | repair | [`repair`] | an edit that is not sure is marked so or leaves `〓`: never wrong in silence, as far as made damage shows |
//! | laundered words | [`laundered`] | a second reading beside the first; words that turn a claim around are flagged, not asserted |
//! | missing words | [`missing`] | an empty place, with an inference only from a known name |
//! | names | [`entities`], [`gazetteer`] | lists that users own, and shapes; what is ambiguous stays so |
//! | what people add | [`lists`], [`corrections`] | checked by line and column; a decision on a place outlives new rules |
//! | dates, figures | [`dates`], [`figures`] | intervals as stated; values with unit and sign; six languages |
//! | relations | [`relations`] | what a clause says of two names; denied, doubted, planned, conditional, asked and reported are kept apart, and what is in doubt is never stated |
//! | same and nearly same | [`copies`] | decided on the texts; a function of the documents that are in, whatever their order |
//! | stories | [`stories`] | copies in their order of appearance, with what each added and left out |
//! | all of it | [`analysis`] | the fixed JSON form; a fact's text is its raw span, decoded |
//! | MISP events | [`misp`] | data as data: objects with MISP's ids, and its markings in its own words |
//! | again | [`kept`] | what a changed input touches is read anew, and nothing else needs to be |
//! | proposals | [`proposals`] | of a model that somebody asks: taken only where their quote stands in the text, inferred, and beside what the rules read |
//! | for the exchange | [`stix`] | a bundle, the same for the same; only what is stated on sound text is asserted |
//!
//! # Example
//! ```
//! use relto_intake::{Knowledge, analyse};
//!
//! let knowledge = Knowledge::builtin()?;
//! let text = "2023年5月17日,英國的工業產出下降了7。5%。";
//! let analysis = analyse(text.as_bytes().to_vec(), &knowledge)?;
//! assert_eq!(analysis.dated_facts[0].date, "2023-05-17");
//! assert_eq!((analysis.figures[0].value, analysis.figures[0].unit), (-7.5, "%"));
//! let span = analysis.figures[0].span;
//! assert_eq!(&text[span.from..span.to], "7。5%", "the bytes that arrived, not what we made of them");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits
//! Byte shifts are undone for GBK alone. The lexicon and the pairs that betray missing words are Chinese. A word that was taken
//! out without a trace is not seen. Names that neither a list nor a shape explains are not found, and pronouns are
//! followed to the nearest name that fits, no further. Each module says what else it does not do.

pub mod acquire;
pub mod analysis;
pub mod archive;
pub mod chinese;
pub mod copies;
pub mod corrections;
mod cutting;
pub mod dates;
pub mod edit;
pub mod entities;
pub mod feed;
pub mod figures;
pub mod gazetteer;
pub mod kept;
pub mod knowledge;
pub mod laundered;
pub mod lists;
pub mod map;
pub mod misp;
pub mod missing;
pub mod numbers;
pub mod page;
pub mod proposals;
pub mod raw;
pub mod reading;
pub mod relations;
pub mod repair;
pub mod span;
pub mod stix;
pub mod stories;
pub mod text;

pub use analysis::{Analysis, analyse, analyse_corrected, analyse_reading};
pub use knowledge::{Additions, Knowledge, KnowledgeError};
