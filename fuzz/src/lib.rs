//! A fuzz target for every parser that a stranger can reach, the corpora that every test run replays, and a mutator.
//!
//! A target takes any bytes, must never panic, holds the parser to a promise (what parses prints back the same, and so on),
//! and returns in a few words what happened. Those words guide the mutator: an input with a new outcome joins the pool.
//! Add a parser: a function in [`targets`], a line in [`TARGETS`], a folder in `corpus/`.

mod bindings;
mod models;
pub mod mutate;
mod policies;
mod site;
mod targets;
mod worlds;

use std::path::{Path, PathBuf};

/// What a target does with an input; the answer says what happened, without the input's own values.
pub type Target = fn(&[u8]) -> String;

/// Every target by the name of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("acs-extension", worlds::acs_extension),
    ("authorization", targets::authorization),
    ("banner", worlds::banner),
    ("binding-header", bindings::binding_header),
    ("binding-xml", bindings::binding_xml),
    ("bundle", targets::bundle),
    ("cursor", targets::cursor),
    ("dsse", bindings::dsse),
    ("envelope", targets::envelope),
    ("label-text", targets::label_text),
    ("label-xml", policies::label_xml),
    ("marking-definition", targets::marking_definition),
    ("media", targets::media),
    ("misp-layer", worlds::misp_layer),
    ("model-answer", models::model_answer),
    ("object", targets::object),
    ("object-id", targets::object_id),
    ("policy-file", policies::policy_file),
    ("site-policy", site::site_policy),
    ("stix20", targets::stix20),
    ("taxii-query", targets::taxii_query),
    ("timestamp", targets::timestamp),
];

/// Where a target's inputs lie.
#[must_use]
pub fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// All inputs of a target, sorted by file name.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn inputs(target: &str) -> std::io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut inputs = Vec::new();
    for entry in std::fs::read_dir(corpus(target))? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        inputs.push((path, bytes));
    }
    inputs.sort();
    Ok(inputs)
}

/// Words about an outcome that say which way the code went but not with what: digits, and what stands between the first and the
/// last quote, are left out.
#[must_use]
pub fn shape(text: &str) -> String {
    let quote = ['`', '"'];
    let head = text.split(quote).next().unwrap_or_default();
    let tail = if text.contains(quote) { text.rsplit(quote).next().unwrap_or_default() } else { "" };
    head.chars().chain(tail.chars()).filter(|character| !character.is_ascii_digit()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corpora are ordinary tests: every input, every target, on every run.
    #[test]
    fn corpora_replay() {
        for (name, target) in TARGETS {
            let inputs = inputs(name).unwrap_or_else(|error| panic!("corpus of {name}: {error}"));
            assert!(inputs.len() >= 3, "{name} has {} inputs", inputs.len());
            let outcomes: std::collections::BTreeSet<String> = inputs.iter().map(|(_, bytes)| target(bytes)).collect();
            assert!(outcomes.len() >= 2, "the corpus of {name} shows one outcome only: {outcomes:?}");
        }
    }

    /// A folder that no target reads would look like a guard and be none.
    #[test]
    fn every_corpus_has_a_target() {
        let root = corpus("");
        for entry in std::fs::read_dir(root).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(TARGETS.iter().any(|(target, _)| *target == name), "no target reads corpus/{name}");
        }
    }

    /// A short walk from the corpora, the same on every run.
    #[test]
    fn a_few_mutations() {
        for (name, target) in TARGETS {
            let mut pool: Vec<Vec<u8>> = inputs(name).unwrap().into_iter().map(|(_, bytes)| bytes).collect();
            let mut random = mutate::Random::new(7);
            for _ in 0..2_000 {
                let input = mutate::mutate(&pool, &mut random);
                let outcome = std::panic::catch_unwind(|| target(&input));
                assert!(outcome.is_ok(), "{name} panics on {:?}", String::from_utf8_lossy(&input));
                if pool.len() < 500 && input.len() < 4096 {
                    pool.push(input);
                }
            }
        }
    }
}
