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

/// The labels of content whose parts have some of their own, beside that which it is sealed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLabels {
    /// That of the content with all of its parts.
    pub whole: LabelId,
    /// That of what is left without them.
    pub rest: LabelId,
    /// Those of the parts.
    pub parts: Vec<LabelId>,
}

/// Opens for a display what `principal` may see of `sealed`: all of it, or the rest without the parts that it may not see. These are given to
/// `take_out` by their place in `labels`, and what that leaves, if it can, is all that is opened. Exchange is whole or nothing: [`clear`].
///
/// `None` says nothing about why, or whether there was anything. Labels of parts that were written under another label than the content has
/// now open nothing.
pub fn clear_parts<'p, T, R>(
    sealed: Sealed<T>,
    labels: Option<&PartLabels>,
    principal: &'p Principal,
    take_out: impl FnOnce(T, &[usize]) -> Option<R>,
) -> Option<Cleared<'p, R>> {
    let sees = principal.release();
    let hidden = if sees.permits(sealed.label) {
        Vec::new()
    } else {
        let labels = labels.filter(|labels| labels.whole == sealed.label && sees.permits(labels.rest))?;
        let hidden = labels.parts.iter().enumerate().filter(|(_, label)| !sees.permits(**label));
        // What is withheld for none of its parts is withheld for something else.
        Some(hidden.map(|(number, _)| number).collect::<Vec<usize>>()).filter(|hidden| !hidden.is_empty())?
    };
    take_out(sealed.content, &hidden).map(|content| Cleared { principal, content })
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
