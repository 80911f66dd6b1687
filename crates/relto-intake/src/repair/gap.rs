//! A place of a reading where something is missing or could not be repaired.

use crate::span::TextSpan;

/// In places of the reading it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextGap {
    /// Where; empty where nothing is left of what stood there.
    pub span: TextSpan,
    /// What may have stood there: an inference, never asserted.
    pub inferred: Option<String>,
}
