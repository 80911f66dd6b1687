//! The crate picture of the architecture, as a table, against what the manifests say.
//!
//! An arrow that is not in [`ARROWS`] does not exist, and a pure crate reaches no runtime, socket, database or entropy.
//! A new arrow is a decision: record it in `docs/decisions/`, then change the table and the picture together.

use crate::process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Crate, and the workspace crates that it may depend on. `*` is every crate.
const ARROWS: &[(&str, &[&str])] = &[
    ("relto-model", &[]),
    ("relto-intake", &["relto-model"]),
    ("relto-policy", &["relto-model"]),
    ("relto-gate", &["relto-policy", "relto-model"]),
    ("relto-site", &["relto-gate", "relto-policy", "relto-model"]),
    ("relto-store", &["relto-gate", "relto-policy", "relto-model"]),
    ("relto-store-sql", &["relto-store", "relto-gate", "relto-policy", "relto-model"]),
    ("relto-search", &["relto-intake", "relto-store", "relto-gate", "relto-policy", "relto-model"]),
    ("relto-taxii", &["relto-gate", "relto-policy", "relto-model"]),
    ("relto-node", &["relto-store", "relto-taxii", "relto-gate", "relto-policy", "relto-model"]),
    ("relto-pages", &["relto-node", "relto-model"]),
    ("relto-http", &["relto-pages", "relto-node", "relto-taxii", "relto-gate", "relto-policy", "relto-model"]),
    ("relto", &["*"]),
    ("relto-sim", &["*"]),
    ("relto-fuzz", &["*"]),
    ("xtask", &[]),
];

/// Crates that only tests and development may depend on.
const DEVELOPMENT: &[&str] = &["relto-sim", "relto-fuzz", "xtask"];

/// No runtime, sockets, files or ambient entropy in here, however indirectly.
const PURE: &[&str] =
    &["relto-model", "relto-policy", "relto-gate", "relto-site", "relto-store", "relto-taxii", "relto-node", "relto-pages", "relto-intake"];

/// What a pure crate must not reach through any chain of dependencies.
const IMPURE: &[&str] = &[
    "async-io",
    "axum",
    "hyper",
    "hyper-util",
    "libsqlite3-sys",
    "mio",
    "polling",
    "reqwest",
    "rusqlite",
    "rustls",
    "socket2",
    "sqlx",
    "tokio",
    "ureq",
];

/// What a pure crate must not name itself. (Some pure parts, such as UUIDs, bring an entropy source that we do not call;
/// the lint on `Uuid::new_v4` holds that.)
const IMPURE_DIRECT: &[&str] = &["getrandom", "rand", "rand_core", "tempfile"];

/// Compares manifests and picture; every difference is named.
pub fn run() -> Result<()> {
    let metadata = metadata()?;
    let direct = direct_dependencies(&metadata)?;
    let mut wrong = Vec::new();
    for (name, dependencies) in &direct {
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| known == name) else {
            wrong.push(format!("crate `{name}` is not in the picture (xtask/src/layers.rs)"));
            continue;
        };
        for dependency in dependencies.iter().filter(|dependency| direct.contains_key(*dependency)) {
            let to_all = allowed.contains(&"*") && dependency != "xtask";
            if !to_all && !allowed.contains(&dependency.as_str()) {
                wrong.push(format!("arrow `{name}` -> `{dependency}` is not drawn"));
            }
            if DEVELOPMENT.contains(&dependency.as_str()) {
                wrong.push(format!("`{name}` ships `{dependency}`, which is for development only"));
            }
        }
        if PURE.contains(&name.as_str()) {
            wrong.extend(impurities(name, dependencies)?);
        }
    }
    if !wrong.is_empty() {
        bail!("the manifests and the picture differ:\n  {}", wrong.join("\n  "));
    }
    println!("{} crates agree with the picture", direct.len());
    Ok(())
}

/// What `cargo metadata` knows of the workspace and everything it depends on.
pub fn metadata() -> Result<Value> {
    let text = process::output(&mut process::cargo(&["metadata", "--format-version", "1"]))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// Workspace crates with the names of their direct, normal dependencies.
fn direct_dependencies(metadata: &Value) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().with_context(|| format!("cargo metadata has no `{key}`"));
    let members: BTreeSet<String> = list(metadata, "workspace_members")?.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    let mut direct = BTreeMap::new();
    for package in list(metadata, "packages")? {
        if !package["id"].as_str().is_some_and(|id| members.contains(id)) {
            continue;
        }
        let normal = list(&package, "dependencies")?
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect();
        direct.insert(package["name"].as_str().unwrap_or_default().to_owned(), normal);
    }
    Ok(direct)
}

/// `cargo tree` resolves features for this crate alone, as `cargo metadata` does not.
fn impurities(name: &str, direct: &BTreeSet<String>) -> Result<Vec<String>> {
    let tree = process::output(&mut process::cargo(&["tree", "--package", name, "--edges", "normal", "--prefix", "none"]))?;
    let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let far = IMPURE.iter().filter(|bad| reached.contains(**bad)).map(|bad| format!("pure crate `{name}` reaches `{bad}`"));
    let near = IMPURE_DIRECT.iter().filter(|bad| direct.contains(**bad)).map(|bad| format!("pure crate `{name}` depends on `{bad}`"));
    Ok(far.chain(near).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_no_cycle() {
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for (name, allowed) in ARROWS {
            assert!(allowed.iter().all(|to| *to == "*" || settled.contains(to)), "{name} points forward");
            settled.insert(name);
        }
    }
}
