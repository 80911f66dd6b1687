//! Drafts of one session: in memory, within bounds, gone with it. Nobody else can name them.

use std::sync::Arc;

use relto_node::Draft;

/// Drafts of one session at once.
pub(crate) const DRAFTS_MAX: usize = 8;
/// Bytes of the drafts of one account at most, over all its sessions.
pub(crate) const DRAFT_BYTES_OF_ACCOUNT_MAX: usize = 32 << 20;
/// Bytes of all drafts at most.
pub(crate) const DRAFT_BYTES_OF_ALL_MAX: usize = 512 << 20;

/// There are too many drafts, or they are too large together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyDrafts;

/// The drafts of one session, by id.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Vec<(String, Arc<Draft>)>);

impl Drafts {
    /// Every draft, in the order in which they came.
    pub(crate) fn all(&self) -> &[(String, Arc<Draft>)] {
        &self.0
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Draft>> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, draft)| draft.clone())
    }

    /// Keeps `draft` under `id`, in place of what was there.
    pub(crate) fn keep(&mut self, id: &str, draft: Draft) -> Result<(), TooManyDrafts> {
        let draft = Arc::new(draft);
        if let Some((_, kept)) = self.0.iter_mut().find(|(known, _)| known == id) {
            *kept = draft;
            return Ok(());
        }
        if self.0.len() == DRAFTS_MAX {
            return Err(TooManyDrafts);
        }
        self.0.push((id.to_owned(), draft));
        Ok(())
    }

    pub(crate) fn discard(&mut self, id: &str) {
        self.0.retain(|(known, _)| known != id);
    }

    /// How many bytes there are beside the draft `id`.
    pub(crate) fn bytes_without(&self, id: &str) -> usize {
        self.0.iter().filter(|(known, _)| known != id).map(|(_, draft)| draft.content.len()).sum()
    }
}
