//! What was changed between two readings: an [`Edit`] with its rule, its raw span, what stood and stands there, how sure.

use crate::span::RawSpan;
use serde::{Serialize, Serializer};

/// The name of the rule that made an edit; stable, since results of different versions are compared by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Rule(pub &'static str);

/// How sure a rule is, in hundredths; serialises as a number from 0 to 1.
// INVARIANT: at most 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// Below this an edit is a guess: what rests on it is flagged.
    pub const DOUBTFUL_BELOW: Self = Self(80);

    /// `hundredths`, at most 100.
    #[must_use]
    pub const fn hundredths(hundredths: u8) -> Self {
        Self(if hundredths > 100 { 100 } else { hundredths })
    }

    /// From 0 to 100.
    #[must_use]
    pub fn as_hundredths(self) -> u8 {
        self.0
    }

    /// Whether what rests on it must be flagged.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        self < Self::DOUBTFUL_BELOW
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

/// One change of the text, with the raw bytes it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Why.
    pub rule: Rule,
    /// The raw bytes that the replaced text rests on.
    pub span: RawSpan,
    /// What stood there in the reading that was edited.
    pub from: String,
    /// What stands there now.
    pub to: String,
    /// How sure.
    pub confidence: Confidence,
}
