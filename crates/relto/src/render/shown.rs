//! An object for people, property by property, with what is withheld in its place.

use std::io::{self, Write};

use relto_model::text::is_hidden;
use relto_node::ShownObject;
use serde_json::Value as Json;

use super::{STRONG, WARNING, show_table, table};

/// What stands in the place of a property that is withheld.
const WITHHELD: &str = "[withheld]";

/// Writes every version that is shown of `object`.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_objects(object: &str, versions: &[ShownObject], out: &mut dyn Write) -> io::Result<()> {
    for ShownObject { collection, version, object: shown, gaps } in versions {
        writeln!(out, "{STRONG}{object}{STRONG:#}")?;
        writeln!(out, "  version {version} in collection `{collection}`")?;
        let mut properties = table(["property", "value"]);
        for (name, value) in shown.as_object().into_iter().flatten() {
            let is_gap = gaps.iter().any(|gap| gap.strip_prefix('/') == Some(name));
            properties.add_row([plain(name), if is_gap { WITHHELD.to_owned() } else { plain(&in_words(value)) }]);
        }
        show_table(&properties, "nothing of it", out)?;
        if !gaps.is_empty() {
            writeln!(out, "{WARNING}withheld from this user{WARNING:#}: {}", gaps.join(", "))?;
        }
    }
    Ok(())
}

fn in_words(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        // Where something is null it is a gap: STIX has no null (STIX 2.1, section 2.10).
        Json::Null => WITHHELD.to_owned(),
        Json::Array(list) if list.iter().all(|entry| !entry.is_object() && !entry.is_array()) => {
            list.iter().map(in_words).collect::<Vec<_>>().join("\n")
        }
        value => format!("{value:#}"),
    }
}

/// Without what a terminal would obey: the text is a partner's.
pub(super) fn plain(text: &str) -> String {
    let is_obeyed = |one: char| is_hidden(one) && one != '\n';
    text.chars().map(|one| if is_obeyed(one) { char::REPLACEMENT_CHARACTER } else { one }).collect()
}
