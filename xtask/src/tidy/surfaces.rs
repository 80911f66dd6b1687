//! Every surface that acts for a principal is driven by the twin test, or declared to be for custodians.
//!
//! Surfaces are the routes of `relto-http` and the commands that take `--as`. Each stands in `TWIN_SURFACES` of `relto-sim`, or, when it
//! is a command for custodians, in the part of `docs/leaks.md` about those. The twin test itself fails when it does not drive what it
//! lists.

use crate::source;

const ROUTES: &str = "crates/relto-http/src/routes/table.rs";
const LEAKS: &str = "docs/leaks.md";
const SURFACES: &str = "crates/relto-sim/src/surfaces.rs";
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Routes and commands that neither list names.
pub fn missing(read: &dyn Fn(&str) -> Option<String>, sources: &[(&str, &str)]) -> Vec<String> {
    if !sources.iter().any(|(path, _)| path.starts_with("crates/relto-http/")) {
        return Vec::new();
    }
    let Some(routes) = read(ROUTES) else { return vec![format!("{ROUTES} is missing: routes are declared there, and nowhere else")] };
    let Some(listed) = read(SURFACES) else { return vec![format!("{SURFACES} is missing: it lists what the twin test drives")] };
    let mut listed = listed_surfaces(&listed);
    listed.extend(custodian_commands(&read(LEAKS).unwrap_or_default()));
    let routes = route_names(&routes);
    if routes.is_empty() {
        return vec![format!("{ROUTES} declares no route that can be read here")];
    }
    let found = routes.into_iter().chain(commands_with_as(sources));
    found.filter(|surface| !listed.contains(surface)).map(|surface| format!("`{surface}` is not in the twin test ({SURFACES})")).collect()
}

/// `METHOD /path` for every entry of the table `ROUTES`.
fn route_names(text: &str) -> Vec<String> {
    let table = text.split_once("ROUTES").map_or("", |(_, rest)| rest);
    let table = table.split_once("\n];").map_or(table, |(table, _)| table);
    let mut method = String::new();
    let mut names = Vec::new();
    for line in table.lines().map(source::code) {
        for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || "/{}_-.".contains(c))) {
            let upper = word.to_ascii_uppercase();
            if METHODS.contains(&upper.as_str()) {
                method = upper;
            } else if word.starts_with('/') && line.contains(&format!("\"{word}\"")) {
                names.push(format!("{method} {word}"));
            }
        }
    }
    names
}

/// The two words of each pair in the table, one pair per line.
fn listed_surfaces(text: &str) -> Vec<String> {
    text.lines().map(|line| source::strings(line).join(" ")).filter(|pair| !pair.is_empty()).collect()
}

/// `cli NAME` for every `relto NAME` in quotes below a heading that speaks of custodians.
fn custodian_commands(text: &str) -> Vec<String> {
    let mut within = false;
    let mut names = Vec::new();
    for line in text.lines() {
        if line.starts_with('#') {
            within = line.to_ascii_lowercase().contains("custodian");
        }
        if within {
            names.extend(line.split('`').skip(1).step_by(2).filter_map(|code| {
                let name = code.strip_prefix("relto ")?.split(' ').next()?;
                Some(format!("cli {name}"))
            }));
        }
    }
    names
}

/// `cli NAME` for every structure of arguments that declares the option `--as`.
fn commands_with_as(sources: &[(&str, &str)]) -> Vec<String> {
    let mut names = Vec::new();
    for (_, text) in sources.iter().filter(|(path, _)| path.starts_with("crates/relto/src/")) {
        let mut owner = String::new();
        for line in text.lines().map(source::code) {
            let trimmed = line.trim_start();
            let declared = trimmed.strip_prefix("pub(crate) ").or_else(|| trimmed.strip_prefix("pub ")).unwrap_or(trimmed);
            if let Some(rest) = declared.strip_prefix("struct ") {
                owner = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            }
            if line.contains("long = \"as\"") {
                names.push(format!("cli {}", kebab(owner.trim_end_matches("Args").trim_end_matches("Arguments"))));
            }
        }
    }
    names
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "pub const ROUTES: &[Route] = &[\n    Route { method: Method::GET, path: \"/taxii2/\" },\n    (\"DELETE\", \"/{root}/collections/{id}/\"),\n];\nconst OTHER: &str = \"/no/\";\n";

    #[test]
    fn reads_the_table_of_routes() {
        assert_eq!(route_names(TABLE), ["GET /taxii2/", "DELETE /{root}/collections/{id}/"]);
    }

    #[test]
    fn names_what_the_twin_test_does_not_drive() {
        let read = |path: &str| match path {
            ROUTES => Some(TABLE.to_owned()),
            SURFACES => Some("const TWIN_SURFACES: &[(&str, &str)] = &[\n    (\"GET\", \"/taxii2/\"),\n];\n".to_owned()),
            LEAKS => Some("# Leaks\n`relto export --as` is not here.\n## Custodian surfaces\n- `relto explain --as`\n".to_owned()),
            _ => None,
        };
        let command = "pub struct ExportArgs {\n    #[arg(long = \"as\")]\n}\npub struct Explain {\n    #[arg(long = \"as\")]\n}\n";
        let slips = missing(&read, &[("crates/relto-http/src/lib.rs", ""), ("crates/relto/src/cli.rs", command)]);
        assert_eq!(slips.len(), 2, "{slips:?}");
        assert!(slips[0].contains("DELETE /{root}/collections/{id}/") && slips[1].contains("cli export"), "{slips:?}");
    }
}
