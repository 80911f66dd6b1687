//! A bundle of exactly what an account may see, through the same pages as everything else that goes out.

use relto_gate::Cleared;
use relto_store::{Query, Row, VersionFilter};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::error::StoreError;
use crate::reading::{CollectionView, Reading};

/// Rows of one page of an export.
const EXPORT_PAGE_ROWS: usize = 1_000;
/// Bytes of one page of an export.
const EXPORT_PAGE_BYTES: usize = 8 << 20;

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such collection for this account.
    #[error("there is no collection `{0}` for this user")]
    NoCollection(String),
    /// What the account may see changed while the bundle was being written.
    #[error("what this user may see has changed meanwhile: export again")]
    Cut,
    /// What was written to failed.
    #[error("the bundle could not be written")]
    Write(#[from] std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reading<'_> {
    /// Writes a STIX bundle of the latest versions that the principal may read, of one collection or of all, in order. An object that
    /// several collections hold in one version is there once. Returns how many objects it holds.
    ///
    /// The bundle's id follows from its content, so that equal content is an equal file.
    ///
    /// # Errors
    /// [`ExportError`] when there is no such collection, or on failure; what was written is then not a bundle.
    pub fn export(&self, collection: Option<&str>, out: &mut dyn std::io::Write) -> Result<usize, ExportError> {
        let collections: Vec<CollectionView> = match collection {
            Some(name) => {
                let found = self.collection(name).filter(|view| view.can_read);
                vec![found.ok_or_else(|| ExportError::NoCollection(name.to_owned()))?]
            }
            None => self.collections().into_iter().filter(|view| view.can_read).collect(),
        };
        let mut digest = Sha256::new();
        let mut seen = std::collections::HashSet::new();
        out.write_all(b"{\"type\":\"bundle\"")?;
        for view in &collections {
            self.each(view, &mut |row| {
                let content: [u8; 32] = Sha256::digest(row.get().body()).into();
                if !seen.insert((row.get().id().to_owned(), content)) {
                    return Ok(());
                }
                digest.update(content);
                // A bundle of nothing has no list (STIX 2.1, section 2.12).
                out.write_all(if seen.len() > 1 { b",\n" } else { b",\"objects\":[\n" })?;
                Ok(out.write_all(row.get().body())?)
            })?;
        }
        let mut id = [0; 16];
        id.iter_mut().zip(digest.finalize()).for_each(|(byte, hashed)| *byte = hashed);
        let id = Builder::from_custom_bytes(id).into_uuid();
        let end = if seen.is_empty() { "" } else { "\n]" };
        writeln!(out, "{end},\"id\":\"bundle--{}\"}}", id.hyphenated())?;
        Ok(seen.len())
    }

    fn each(&self, view: &CollectionView, visit: &mut dyn FnMut(&Cleared<'_, Row>) -> Result<(), ExportError>) -> Result<(), ExportError> {
        let mut query = Query { rows_max: EXPORT_PAGE_ROWS, bytes_max: EXPORT_PAGE_BYTES, ..view.query(VersionFilter::last()) };
        loop {
            let page = self.page(&query)?;
            for row in &page.rows {
                if self.principal().is_cut() || !row.is_for(self.principal()) {
                    return Err(ExportError::Cut);
                }
                visit(row)?;
            }
            query.after = page.next;
            if page.next.is_none() {
                return Ok(());
            }
        }
    }
}
