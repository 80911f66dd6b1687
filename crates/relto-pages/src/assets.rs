//! Style sheet, script and icon, under names that change with their content: whoever has one keeps it for ever.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// Below this path stand the assets.
pub const ASSETS_PATH: &str = "/assets/";

/// A file that pages ask for.
#[derive(Debug)]
pub struct Asset {
    /// Its path.
    pub path: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: &'static str,
}

static ALL: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let asset = |name: &str, media_type, content: &'static str| {
        let digest: String = hex::encode(Sha256::digest(content)).chars().take(16).collect();
        Asset { path: format!("{ASSETS_PATH}{digest}-{name}"), media_type, content }
    };
    [
        asset("relto.css", "text/css; charset=utf-8", include_str!("../assets/relto.css")),
        asset("relto.js", "text/javascript; charset=utf-8", include_str!("../assets/relto.js")),
        asset("relto.svg", "image/svg+xml", include_str!("../assets/relto.svg")),
    ]
});

/// Style sheet, script, icon.
#[must_use]
pub fn all() -> &'static [Asset; 3] {
    &ALL
}
