//! Are these files valid STIX 2.1? Needs no node, no store and no data directory.

use relto_model::bundle::BundleError;
use relto_model::kinds::Kinds;
use relto_model::stix20::Reading;
use serde::{Deserialize, Serialize};

use crate::load::Source;
use crate::pieces::{self, Piece, Read};

/// What is to be said of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The file.
    pub file: String,
    /// Where in it: `/objects/3`, `line 7`, or `/` when the file is the object.
    pub place: String,
    /// The id that the object states, when it states one.
    pub id: Option<String>,
    /// What the standard forbids; `None` when the object is valid.
    pub error: Option<Fault>,
    /// Which recommendations of the standard it departs from.
    pub warnings: Vec<String>,
    /// By which rules it was converted from STIX 2.0.
    pub converted: Vec<String>,
}

/// What is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// A JSON pointer into the object.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
    /// The section of STIX 2.1 that says so.
    pub section: String,
    /// File, place and pointer in one, as people read it.
    pub text: String,
}

/// Hands `tell` the verdict on every object of `sources`, in order; on a file that is not JSON of any form that is known, one for the file.
pub fn validate(sources: &[Source], kinds: &Kinds, tell: &mut dyn FnMut(Verdict)) {
    for source in sources {
        match pieces::split_one(source) {
            Ok(pieces) => pieces::in_order(&pieces, kinds, |read| read.for_each(|(piece, read)| tell(verdict(piece, read)))),
            Err(error) => tell(no_file(source, error)),
        }
    }
}

fn no_file(source: &Source, BundleError { place, message }: BundleError) -> Verdict {
    let text = format!("{}: {place}: {message}", source.name);
    let error = Some(Fault { pointer: String::new(), message, section: "1.6.5".to_owned(), text });
    Verdict { file: source.name.clone(), place, id: None, error, warnings: Vec::new(), converted: Vec::new() }
}

fn verdict(piece: &Piece<'_>, read: Read) -> Verdict {
    let mut verdict = Verdict {
        file: piece.source.to_owned(),
        place: piece.place.clone(),
        id: None,
        error: None,
        warnings: Vec::new(),
        converted: Vec::new(),
    };
    match read {
        Ok(Reading { objects, changes }) => {
            verdict.id = objects.first().map(|object| object.id().to_string());
            for warning in objects.iter().flat_map(|object| object.warnings()) {
                if !verdict.warnings.iter().any(|known| known == warning) {
                    verdict.warnings.push((*warning).to_owned());
                }
            }
            verdict.converted = changes.into_iter().map(str::to_owned).collect();
        }
        Err(error) => {
            verdict.id = stated_id(piece);
            let text = piece.fault(&error);
            verdict.error = Some(Fault { pointer: error.pointer, message: error.message, section: error.section.to_owned(), text });
        }
    }
    verdict
}

/// The id in an object that is not valid, as far as it can be read and is not too long to show.
fn stated_id(piece: &Piece<'_>) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(&piece.bytes).ok()?;
    value.get("id")?.as_str().filter(|id| id.len() <= 300).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(content: &str) -> Vec<Verdict> {
        let sources = [Source { name: "file.json".to_owned(), content: content.to_owned().into() }];
        let mut verdicts = Vec::new();
        validate(&sources, &Kinds::builtin(), &mut |verdict| verdicts.push(verdict));
        verdicts
    }

    #[test]
    fn says_what_where_and_by_which_section() {
        let good = r#"{"type":"mutex","id":"mutex--00000000-0000-4000-8000-00000000000a","name":"n"}"#;
        let old = r#"{"type":"tool","id":"tool--00000000-0000-4000-8000-00000000000a","created":"2017-01-01T00:00:00.000Z","modified":"2017-01-01T00:00:00.000Z","name":"n","labels":["unknown"]}"#;
        let bad = r#"{"type":"url","id":"url--00000000-0000-4000-8000-00000000000a","value":"no url"}"#;
        let found = verdicts(&format!(r#"{{"type":"bundle","objects":[{good},{old},{bad}]}}"#));
        assert_eq!(found.len(), 3);
        assert!(found[0].error.is_none() && found[0].warnings[0].contains("section 3.4") && found[0].converted.is_empty());
        assert!(found[1].error.is_none() && found[1].converted.contains(&"tool: labels moved to tool_types".to_owned()));
        let fault = found[2].error.as_ref().unwrap();
        assert_eq!((fault.pointer.as_str(), fault.section.as_str()), ("/value", "1.5"));
        assert_eq!(fault.text, "file.json: /objects/2/value: must be a URL (RFC 3986) (STIX 2.1, section 1.5)");
        assert_eq!(found[2].id.as_deref(), Some("url--00000000-0000-4000-8000-00000000000a"));
        assert!(verdicts(&format!("{good}\n{bad}"))[1].error.as_ref().unwrap().text.starts_with("file.json: line 2: /value: must"));
    }

    #[test]
    fn a_file_that_is_no_json() {
        let found = verdicts("{");
        assert_eq!(found.len(), 1);
        assert!(found[0].error.as_ref().unwrap().text.starts_with("file.json: line 1, column 1: EOF"), "{found:?}");
    }
}
