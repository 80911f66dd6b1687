//! Every surface that acts for a principal, as the twin drives it. `cargo xtask tidy` holds this table against the routes and commands.

/// Method and path as in the table of routes, or `cli` and a command that takes `--as`.
pub const TWIN_SURFACES: &[(&str, &str)] = &[
    ("GET", "/taxii2/"),
    ("GET", "/taxii2/root/"),
    ("GET", "/taxii2/root/status/{status}/"),
    ("GET", "/taxii2/root/collections/"),
    ("GET", "/taxii2/root/collections/{collection}/"),
    ("GET", "/taxii2/root/collections/{collection}/manifest/"),
    ("GET", "/taxii2/root/collections/{collection}/objects/"),
    ("POST", "/taxii2/root/collections/{collection}/objects/"),
    ("GET", "/taxii2/root/collections/{collection}/objects/{object}/"),
    ("DELETE", "/taxii2/root/collections/{collection}/objects/{object}/"),
    ("GET", "/taxii2/root/collections/{collection}/objects/{object}/versions/"),
    ("cli", "export"),
];
