//! Pages for people: what use cases gave becomes HTML. Values in, text out; no request, no session, no clock is known here.
//!
//! Nothing here decides who sees what: a page shows what it is handed, which came through the gate, and nothing else is within reach. Templates
//! escape everything that they are given; what is HTML already is of a type that only this crate makes. No template holds a text of its own:
//! those stand in `locales/`, one file for each language ([`text`]). Routes, sessions and headers are in `relto-http`.

pub mod assets;
mod entity;
mod frame;
mod graph;
mod me;
mod object;
mod objects;
mod paths;
mod recipients;
mod seal;
mod sign_in;
pub mod text;
mod trouble;
mod value;

pub use entity::{ENTITY_PATH, EntityShown, entity};
pub use frame::Visitor;
pub use graph::{GraphPage, GraphSize, graph};
pub use me::{MePage, me};
pub use object::object;
pub use objects::{OBJECTS_PATH, ObjectsPage, SearchFailed, Shown, objects};
pub use recipients::why;
pub use sign_in::{SignInPage, SignInTrouble, sign_in};
pub use text::{Language, language};
pub use trouble::{Trouble, trouble};

/// A whole page, in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

/// Renders a template. Templates write into memory, which does not fail; were it to, there would be no page rather than half of one.
fn render(template: &impl askama::Template) -> Html {
    Html(template.render().unwrap_or_default())
}
