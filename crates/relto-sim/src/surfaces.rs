//! Every surface that acts for a principal, as the twin drives it. `cargo xtask tidy` holds this table against the routes and commands, and the
//! twin test against what it drove.

/// Method and path as in the table of routes, or `cli` and a command that takes `--as`.
pub const TWIN_SURFACES: &[(&str, &str)] = &[
    ("GET", "/taxii2/"),
    ("GET", "/taxii2/main/"),
    ("GET", "/taxii2/main/status/{status}/"),
    ("GET", "/taxii2/main/collections/"),
    ("GET", "/taxii2/main/collections/{collection}/"),
    ("GET", "/taxii2/main/collections/{collection}/manifest/"),
    ("GET", "/taxii2/main/collections/{collection}/objects/"),
    ("POST", "/taxii2/main/collections/{collection}/objects/"),
    ("GET", "/taxii2/main/collections/{collection}/objects/{object}/"),
    ("DELETE", "/taxii2/main/collections/{collection}/objects/{object}/"),
    ("GET", "/taxii2/main/collections/{collection}/objects/{object}/versions/"),
    ("GET", "/relto/notifications/"),
    ("GET", "/relto/notices/"),
    ("POST", "/relto/notices/"),
    ("POST", "/relto/receipts/"),
    ("GET", "/"),
    ("GET", "/sign-in/"),
    ("POST", "/sign-in/"),
    ("POST", "/sign-in/certificate/"),
    ("POST", "/sign-out/"),
    ("GET", "/objects/"),
    ("GET", "/objects/{object}/"),
    ("GET", "/label/"),
    ("GET", "/me/"),
    ("POST", "/me/token/"),
    ("GET", "/release/"),
    ("POST", "/release/"),
    ("GET", "/release/drafts/{draft}/"),
    ("POST", "/release/drafts/{draft}/"),
    ("GET", "/release/proposals/{proposal}/"),
    ("POST", "/release/proposals/{proposal}/"),
    ("GET", "/release/releases/{release}/"),
    ("GET", "/objects/{object}/bytes/"),
    ("GET", "/why/"),
    ("GET", "/entity/"),
    ("GET", "/graph/"),
    ("cli", "export"),
    ("cli", "show"),
    ("cli", "search"),
    ("cli", "path"),
    ("cli", "entity"),
    ("cli", "intake-stories"),
    ("cli", "request-ask"),
    ("cli", "request-list"),
    ("cli", "request-answer"),
    ("cli", "request-close"),
];

/// The surface that a request goes to, in the words of the table; `None` for one that the table does not have.
#[must_use]
pub fn surface_of(method: &str, uri: &str) -> Option<&'static (&'static str, &'static str)> {
    let path = uri.split('?').next().unwrap_or(uri);
    let fits = |pattern: &str| {
        let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
        let steps =
            wanted.by_ref().zip(given.by_ref()).all(|(wanted, given)| wanted.starts_with('{') && !given.is_empty() || wanted == given);
        steps && pattern.split('/').count() == path.split('/').count()
    };
    TWIN_SURFACES.iter().find(|(of, pattern)| *of == method && fits(pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_find_their_surface() {
        let of = |method, uri| surface_of(method, uri).map(|(_, pattern)| *pattern);
        assert_eq!(of("GET", "/taxii2/?limit=1"), Some("/taxii2/"));
        assert_eq!(of("GET", "/taxii2/main/collections/a/objects/?x=/"), Some("/taxii2/main/collections/{collection}/objects/"));
        assert_eq!(of("DELETE", "/taxii2/main/collections/a/objects/b/"), Some("/taxii2/main/collections/{collection}/objects/{object}/"));
        assert_eq!(of("PUT", "/taxii2/"), None);
        assert_eq!(of("GET", "/taxii2/main/collections/a/objects/b/versions/c/"), None);
    }
}
