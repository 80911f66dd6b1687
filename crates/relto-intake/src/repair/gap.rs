//! A place where something is missing or could not be repaired: shown as open, never filled in.

use crate::span::{RawSpan, TextSpan};
use serde::Serialize;

/// In places of the reading it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextGap {
    /// Where; empty where nothing is left of what stood there.
    pub span: TextSpan,
    /// What may have stood there: an inference, never asserted.
    pub inferred: Option<String>,
}

/// In raw bytes, which hold across readings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// Where.
    pub span: RawSpan,
    /// What may have stood there: an inference, never asserted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inferred: Option<String>,
}

impl Gap {
    /// Whether something is missing inside `span`: what it says may then not be what was written.
    #[must_use]
    pub fn is_within(&self, span: RawSpan) -> bool {
        span.from <= self.span.from && self.span.to <= span.to
    }
}
