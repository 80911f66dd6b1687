//! German compounds say what they name by their last part: `Marinekommando`, `Verteidigungsfonds`.

use crate::gazetteer::EntityType;

/// Ends of German compounds, with what they name.
const GERMAN_ENDS: &[(&str, EntityType)] = &[
    ("ministerium", EntityType::Organisation),
    ("ministeriums", EntityType::Organisation),
    ("kommando", EntityType::Organisation),
    ("kommandos", EntityType::Organisation),
    ("behörde", EntityType::Organisation),
    ("agentur", EntityType::Organisation),
    ("institut", EntityType::Organisation),
    ("instituts", EntityType::Organisation),
    ("zentrum", EntityType::Organisation),
    ("zentrums", EntityType::Organisation),
    ("verband", EntityType::Organisation),
    ("gesellschaft", EntityType::Organisation),
    ("ausschuss", EntityType::Organisation),
    ("rat", EntityType::Organisation),
    ("rats", EntityType::Organisation),
    ("rates", EntityType::Organisation),
    ("heer", EntityType::Organisation),
    ("kommission", EntityType::Organisation),
    ("universität", EntityType::Organisation),
    ("werke", EntityType::Organisation),
    ("werk", EntityType::Organisation),
    ("fonds", EntityType::Instrument),
    ("programm", EntityType::Programme),
    ("programms", EntityType::Programme),
    ("projekt", EntityType::Programme),
    ("initiative", EntityType::Programme),
    ("netz", EntityType::Programme),
    ("gesetz", EntityType::Document),
    ("gesetzes", EntityType::Document),
    ("verordnung", EntityType::Document),
    ("richtlinie", EntityType::Document),
    ("erklärung", EntityType::Document),
    ("abkommen", EntityType::Document),
    ("abkommens", EntityType::Document),
    ("vertrag", EntityType::Document),
    ("vertrags", EntityType::Document),
    ("vereinbarung", EntityType::Document),
    ("strategie", EntityType::Document),
    ("übung", EntityType::Event),
    ("konferenz", EntityType::Event),
    ("forum", EntityType::Event),
];

/// What the end of a German compound says it is.
pub(super) fn kind_by_end(word: &str) -> Option<EntityType> {
    let is_compound = |end: &str| word.starts_with(char::is_uppercase) && word.len() > end.len() + 3 && word.ends_with(end);
    GERMAN_ENDS.iter().find(|(end, _)| is_compound(end)).map(|(_, kind)| *kind)
}
