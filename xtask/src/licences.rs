//! Licences of everything we link, against the list in `deny.toml`.
//!
//! `cargo deny` reads the same file and knows more; this needs no installation, so CI can hold the list everywhere.

use crate::{layers, process};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;

/// Every package of the dependency graph carries a licence that `deny.toml` allows.
pub fn run() -> Result<()> {
    let allowed = allowed(&std::fs::read_to_string(process::root().join("deny.toml"))?)?;
    let metadata = layers::metadata()?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|expression| permits(expression, &allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    if !wrong.is_empty() {
        bail!("licences that deny.toml does not allow:\n  {}", wrong.join("\n  "));
    }
    println!("{} packages, all under allowed licences", packages.len());
    Ok(())
}

/// The strings of `allow = [ … ]` in the section `[licenses]`.
fn allowed(text: &str) -> Result<BTreeSet<String>> {
    let section = text.split("[licenses]").nth(1).context("deny.toml has no [licenses]")?;
    let list = section.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).context("[licenses] has no allow = [...]")?.0;
    Ok(list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

/// An SPDX expression without brackets inside brackets: OR of ANDs. The old `/` means OR.
fn permits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some((group, rest)) = expression.strip_prefix('(').and_then(|tail| tail.split_once(") AND ")) {
        return permits(group, allowed) && permits(rest, allowed);
    }
    if let Some((rest, group)) = expression.strip_suffix(')').and_then(|head| head.split_once(" AND (")) {
        return permits(group, allowed) && permits(rest, allowed);
    }
    expression.split(" OR ").any(|option| option.trim_matches(['(', ')', ' ']).split(" AND ").all(|name| allowed.contains(name.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed: BTreeSet<String> = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned).into();
        for good in ["MIT", "MIT OR Apache-2.0", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
            assert!(permits(good, &allowed), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND GPL-3.0", "GPL-3.0 AND (MIT OR Apache-2.0)"] {
            assert!(!permits(bad, &allowed), "{bad}");
        }
    }
}
