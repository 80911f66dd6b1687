//! What goes wrong with a search.

use relto_node::{PathError, SearchError, TextError};

use super::{Exit, Failure, chain};

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
