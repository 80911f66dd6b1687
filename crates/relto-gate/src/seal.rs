//! Sealed content and its clearing.

use std::fmt;

use crate::labels::LabelId;
use crate::principal::Principal;

/// Content under a label. Anyone may seal; only [`clear`] opens for a reader, and `custody` for storage.
///
/// No `Deref`, no `Serialize`, no accessor, and a `Debug` that says nothing.
pub struct Sealed<T> {
    label: LabelId,
    content: T,
}

impl<T> Sealed<T> {
    /// Seals `content` under `label`.
    pub fn new(label: LabelId, content: T) -> Self {
        Self { label, content }
    }

    pub(crate) fn into_content(self) -> T {
        self.content
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sealed")
    }
}

/// Content that its principal may see. Not `Clone`, and bound to the principal's life, so that nothing keeps it past the request.
pub struct Cleared<'p, T> {
    principal: &'p Principal,
    content: T,
}

/// Opens `sealed` for `principal`, or drops it: `None` says nothing about why, or whether there was anything.
pub fn clear<T>(sealed: Sealed<T>, principal: &Principal) -> Option<Cleared<'_, T>> {
    principal.release().permits(sealed.label).then_some(Cleared { principal, content: sealed.content })
}

/// The labels of content that can be shown without some of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLabels {
    /// That of the content with all of its parts.
    pub whole: LabelId,
    /// Those of what is shown, one for each way to show it; the first that is met is taken.
    pub ways: Vec<LabelId>,
}

/// Opens for a display what `principal` may see of `sealed`: all of it, or what is left in the first of the ways in `labels` whose label is
/// met. `take_out` is told which way, by its place; what it returns, if anything, is all that is opened. Exchange is whole or nothing: [`clear`].
///
/// `None` says nothing about why, or whether there was anything. Ways that were found under another label than the content has now open nothing.
pub fn clear_parts<'p, T, R>(
    sealed: Sealed<T>,
    labels: Option<&PartLabels>,
    principal: &'p Principal,
    take_out: impl FnOnce(T, Option<usize>) -> Option<R>,
) -> Option<Cleared<'p, R>> {
    let sees = principal.release();
    let way = if sees.permits(sealed.label) {
        None
    } else {
        let labels = labels.filter(|labels| labels.whole == sealed.label)?;
        Some(labels.ways.iter().position(|label| sees.permits(*label))?)
    };
    take_out(sealed.content, way).map(|content| Cleared { principal, content })
}

impl<T> Cleared<'_, T> {
    /// The content.
    pub fn get(&self) -> &T {
        &self.content
    }

    /// Whether it was cleared for this very `principal` and request.
    #[must_use]
    pub fn is_for(&self, principal: &Principal) -> bool {
        std::ptr::eq(self.principal, principal)
    }
}

impl<T> fmt::Debug for Cleared<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Cleared for {}", self.principal.name())
    }
}
