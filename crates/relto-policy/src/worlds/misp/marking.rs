//! What MISP says of readers in a marking-definition: the words of a distribution and of the tags that restrict, as `relto intake` writes them.
//!
//! The words are another server's. A sharing group is named by nothing there, so it lets in nobody but the owner.

use relto_model::Label;
use serde_json::Value as Json;

use super::super::{Refused, Site};
use super::{Came, Community, Directory, Distribution, Layer, RESTRICTIVE, lattice};

/// The id of the extension of marking-definitions.
pub const MISP_EXTENSION: &str = "extension-definition--a3f9a6f5-3c0b-5d0e-9c6f-2f3b7c1a54d8";
/// So many tags may restrict one thing.
const TAGS_MAX: usize = 1_024;

/// Whether the tag `tag` says who may read, or belongs to a taxonomy whose tags do.
#[must_use]
pub fn restricts(tag: &str) -> bool {
    let tag = tag.trim().to_ascii_lowercase();
    let namespace = tag.split(':').next().unwrap_or_default().trim();
    ["tlp", "pap"].contains(&namespace) || RESTRICTIVE.contains(&namespace)
}

/// The label that `extension` means; `None` when it restricts nobody.
///
/// # Errors
/// [`Refused`] when it cannot be read, or was not to leave its organisation: then the owner alone may read.
pub fn read_marking(extension: &Json, site: &Site<'_>) -> Result<Option<Label>, Refused> {
    let wrong = |part: &str| Refused::new(part, "not as a marking-definition says it");
    let members = extension.as_object().ok_or_else(|| wrong("MISP"))?;
    if let Some(other) = members.keys().find(|key| !["extension_type", "distribution", "tags"].contains(&key.as_str())) {
        return Err(wrong(other));
    }
    let distribution = match members.get("distribution") {
        Some(said) => {
            let number = said.as_str().filter(|text| text.len() == 1).and_then(|text| text.parse().ok());
            number.and_then(Distribution::of_number).ok_or_else(|| Refused::new(&said.to_string(), "not a distribution"))?
        }
        None => Distribution::Inherit,
    };
    if distribution == Distribution::SharingGroup {
        return Err(Refused::new("distribution 4", "which organisations a sharing group holds is not known here"));
    }
    let tags = match members.get("tags") {
        Some(said) => {
            let list = said.as_array().filter(|list| list.len() <= TAGS_MAX).ok_or_else(|| wrong("tags"))?;
            list.iter().map(|tag| tag.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().ok_or_else(|| wrong("tags"))?
        }
        None => Vec::new(),
    };
    let layer = Layer { distribution, group: None, tags };
    let community = Community { directory: &Directory::new(), url: None };
    Ok(lattice::layer(&layer, Came::FromServer, &community, site)?.map(|reading| reading.label))
}
