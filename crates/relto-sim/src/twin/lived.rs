//! What a world leaves behind.

use std::collections::{BTreeMap, BTreeSet};

/// What is left of a world that was lived through.
#[derive(Debug)]
pub struct Lived {
    /// How many answers were compared.
    pub compared: usize,
    /// The token of each account.
    pub tokens: BTreeMap<&'static str, String>,
    /// The id of each collection, by name.
    pub collections: BTreeMap<String, String>,
    /// How many tearlines were published.
    pub tearlines: usize,
    /// How many consents opened something to the witness.
    pub consents: usize,
    /// How many rows nothing but a caveat of the site ever withheld from the witness.
    pub withheld: usize,
    /// How many rows nothing but the terms of its agreement ever withheld from the witness.
    pub outside: usize,
    /// How many objects were shown to the witness with gaps.
    pub gaps: usize,
    /// How many objects were found by the witness.
    pub hits: usize,
    /// How many paths the witness found.
    pub paths: usize,
    /// How many facts of entities the witness was shown.
    pub facts: usize,
    /// In how many things the witness was shown that sources differ.
    pub contradictions: usize,
    /// How many documents it was shown.
    pub documents: usize,
    /// How many queries the witness was shown with other words.
    pub instead: usize,
    /// How many objects the witness sees at the end as an addressee.
    pub addressed: usize,
    /// How many ids the witness got something of as a partner.
    pub released: usize,
    /// How many notices the witness was told of.
    pub notices: usize,
    /// How many label statements the witness got.
    pub statements: usize,
    /// How many consent statements it got.
    pub consents_said: usize,
    /// How many answers the witness was shown beside the questions that they answer.
    pub answers: usize,
    /// The surfaces that answered the witness with more than an error.
    pub driven: BTreeSet<(&'static str, &'static str)>,
}
