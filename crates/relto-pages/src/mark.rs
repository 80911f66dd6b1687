//! What follows for somebody, as a word beside a sign and a colour: neither sign nor colour says anything alone.

use askama::Template;
use relto_node::{Decision, FetchState};

use crate::text::Language;

/// A decision or a state as it is shown.
#[derive(Debug, Clone, Template)]
#[template(path = "mark.html")]
pub(crate) struct Mark {
    class: &'static str,
    symbol: &'static str,
    words: String,
}

impl askama::filters::HtmlSafe for Mark {}

impl Mark {
    fn new(say: Language, class: &'static str, symbol: &'static str, key: &str) -> Self {
        Self { class, symbol, words: say.say(key).into_owned() }
    }

    /// What follows for a recipient.
    pub(crate) fn of(say: Language, decision: Decision) -> Self {
        match decision {
            Decision::Released => Self::new(say, "good", "✓", "matrix-released"),
            Decision::Redacted => Self::new(say, "part", "◐", "matrix-redacted"),
            Decision::Pending => Self::new(say, "wait", "…", "matrix-pending"),
            Decision::Withheld => Self::new(say, "held", "✕", "matrix-withheld"),
        }
    }

    /// How far something has come.
    pub(crate) fn of_state(say: Language, state: FetchState) -> Self {
        match state {
            FetchState::Fetched => Self::new(say, "good", "✓", "release-fetched-all"),
            FetchState::Partly => Self::new(say, "part", "◐", "release-partly"),
            FetchState::Waiting => Self::new(say, "wait", "…", "release-waiting"),
            FetchState::Withheld => Self::new(say, "held", "✕", "release-withheld"),
        }
    }

    /// What each decision looks like, the best first.
    pub(crate) fn legend(say: Language) -> Vec<Self> {
        [Decision::Released, Decision::Redacted, Decision::Pending, Decision::Withheld].map(|decision| Self::of(say, decision)).into()
    }
}
