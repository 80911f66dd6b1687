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
