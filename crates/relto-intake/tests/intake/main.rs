//! The intake from outside: damage made on clean text and undone, facts of six languages, and the founding article.
//!
//! All texts here are ours. The article is read from the folder that `RELTO_TEST_DATA` names, where it is set; the same claims
//! are made of made damage in any case.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests may panic")]

mod article;
mod bounds;
mod clean;
mod copies;
mod damage;
mod doubt;
mod facts;
mod gold;
mod newsroom;
mod readings;
mod repairs;
mod stix;
mod story;

use relto_intake::Knowledge;
use std::sync::LazyLock;

/// Made once: it takes a good part of a second to read its lists.
pub(crate) static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::builtin().expect("the shipped lists are sound"));
