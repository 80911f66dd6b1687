//! Pages for people: what use cases gave becomes HTML. Values in, text out; no request, no session, no clock is known here.
//!
//! Nothing here decides who sees what: a page shows what it is handed, which came through the gate, and nothing else is within reach. Templates
//! escape everything that they are given; what is HTML already is of a type that only this crate makes. No template holds a text of its own:
//! those stand in `locales/`, one file for each language ([`text`]). Routes, sessions and headers are in `relto-http`.

pub mod assets;
mod desk;
mod entity;
mod frame;
mod graph;
mod label;
mod mark;
mod matrix;
mod me;
mod object;
mod objects;
mod paths;
mod recipients;
mod release;
mod seal;
mod sign_in;
pub mod text;
mod trouble;
mod value;

pub use desk::{DESK_PATH, DRAFTS_PATH, DeskPage, DeskTrouble, OpenDraft, PROPOSALS_PATH, RELEASES_PATH, desk};
pub use entity::{ENTITY_PATH, EntityShown, entity};
pub use frame::Visitor;
pub use graph::{GraphPage, GraphSize, graph};
pub use label::{LabelPage, label};
pub use matrix::{MATRIX_ROWS, MatrixOf, MatrixPage, matrix};
pub use me::{MePage, me};
pub use object::object;
pub use objects::{OBJECTS_PATH, ObjectsPage, SearchFailed, Shown, objects};
pub use recipients::why;
pub use release::release;
pub use sign_in::{SignInPage, SignInTrouble, sign_in};
pub use text::{Language, language};
pub use trouble::{Trouble, trouble};

/// A whole page, in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

/// Renders a template. Templates write into memory, which does not fail; were it to, there would be no page rather than half of one.
fn render(template: &impl askama::Template) -> Html {
    Html(without_overrides(template.render().unwrap_or_default()))
}

/// `page` with the signs that turn the direction of a text named where they stand: `invoice\u{202e}fdp.exe` would be read as another name. Letters
/// that are written from right to left need none of them.
fn without_overrides(page: String) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !page.contains(turns) {
        return page;
    }
    page.chars().fold(String::with_capacity(page.len()), |mut plain, letter| {
        if turns(letter) {
            plain.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter)))
        } else {
            plain.push(letter)
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_reads_as_another() {
        assert_eq!(without_overrides("a\u{202e}fdp.exe \u{2067}b".to_owned()), "a⟨U+202E⟩fdp.exe ⟨U+2067⟩b");
        let kept = "العربية, می\u{200c}خواهم, \u{200f}א";
        assert_eq!(without_overrides(kept.to_owned()), kept);
    }
}
