//! What goes wrong with a search.

use relto_model::text::is_hidden;
use relto_node::{EntityChoice, EntityError, PathError, SearchError, TextError};

use super::{Exit, Failure, chain};

/// Entities of one name that are listed.
const CHOICES_SHOWN_MAX: usize = 50;

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        let said = Self::new(chain(&error));
        match error {
            SearchError::Read(error) => error.into(),
            SearchError::Store(error) => error.into(),
            SearchError::Partner(_) => said.help("name a user of this node with `--as`"),
            SearchError::Text(TextError::Query { .. }) => said.help("`relto search --help` shows how queries are written"),
            SearchError::Text(TextError::Busy) => said.exit(Exit::Held).help("wait for the other command to end, then search again"),
            SearchError::Text(_) | SearchError::NoIndex => {
                said.help("the index is in `search` in the data directory; it is made anew when that folder is removed")
            }
            SearchError::Cut => said.help("search again"),
        }
    }
}

impl From<EntityError> for Failure {
    fn from(error: EntityError) -> Self {
        let said = Self::not_found(chain(&error));
        match error {
            EntityError::Absent(_) => said.help("give an id, or the whole name of an object; `relto search` finds what a user may see"),
            EntityError::Several { choices, .. } => {
                let more = choices.len().saturating_sub(CHOICES_SHOWN_MAX);
                let more = (more > 0).then(|| format!("and {more} more"));
                Self { details: choices.iter().take(CHOICES_SHOWN_MAX).map(choice).chain(more).collect(), ..said }
                    .help("say which: give one of these ids, or a type with `--kind`")
            }
            EntityError::Search(error) => error.into(),
        }
    }
}

/// The name is a partner's, and terminals obey what they are shown.
fn choice(choice: &EntityChoice) -> String {
    let name: String = choice.name.chars().map(|one| if is_hidden(one) { char::REPLACEMENT_CHARACTER } else { one }).collect();
    let records = if choice.records == 1 { String::new() } else { format!(", {} records", choice.records) };
    format!("{}  {name}{records}", choice.id)
}

impl From<PathError> for Failure {
    fn from(error: PathError) -> Self {
        match error {
            PathError::Absent(_) => {
                Self::not_found(chain(&error)).help("give an id, or the whole name of an object; `relto search` finds what a user may see")
            }
            PathError::Search(error) => error.into(),
        }
    }
}
