//! Bodies that every state has (its government, its ministries, its forces), made of two tables: how the languages name a state, and how they name such a body.
//!
//! `data/nations.csv` gives for each state its capital, its adjectives and genitives; `data/state-bodies.csv` the patterns. What a list names
//! already stays as the list has it: where a list gives `Ministry of Defence of Poland` as an alias, all that the tables make of it are aliases of that entry.

use super::{EntityType, GazetteerError, Named, Names};
use csv::StringRecord;

/// Towns that stand for a body that is no government.
const SEATS: [(&str, &str); 1] = [("Brussels", "European Commission")];
/// Before these names English puts an article.
const WITH_ARTICLE: [&str; 5] = ["United Arab Emirates", "United Kingdom", "United States", "Netherlands", "Philippines"];
/// Endings of German adjectives; an adjective with a capital (`Schweizer`) has none.
const GERMAN_ENDINGS: [&str; 4] = ["e", "er", "es", "en"];

/// The states of a table, each with what its columns say.
struct States {
    columns: StringRecord,
    rows: Vec<StringRecord>,
}

impl Names {
    /// Adds the bodies of every state.
    ///
    /// # Errors
    /// [`GazetteerError`] when a table is not CSV; then part of it may have been added.
    pub fn add_states(&mut self, nations: &str, bodies: &str) -> Result<(), GazetteerError> {
        let states = States::parse(nations)?;
        for body in csv::Reader::from_reader(bodies.as_bytes()).records() {
            let body = body?;
            let (Some(name), Some(patterns)) = (body.get(0), body.get(1)) else { continue };
            for state in &states.rows {
                let Some(name) = states.filled(name, state).into_iter().next() else { continue };
                let aliases = patterns.split('|').flat_map(|pattern| states.filled(pattern, state)).collect();
                self.add_unless_known(name, aliases);
            }
        }
        for state in &states.rows {
            let field = |column: &str| states.field(column, state).to_owned();
            if !field("capital").is_empty() {
                let government = self.known(&states.filled("Government of {country}", state).concat());
                self.capitals.extend(government.map(|government| (field("capital"), government)));
            }
            let adjectives = ["english", "french"].into_iter().flat_map(|column| states.field(column, state).split('|'));
            self.nationalities.extend(adjectives.map(str::to_owned));
        }
        for (town, body) in SEATS {
            let body = self.known(body);
            self.capitals.extend(body.map(|body| (town.to_owned(), body)));
        }
        Ok(())
    }

    /// The aliases that no list has yet, for the entry that goes by `name`.
    fn add_unless_known(&mut self, name: String, aliases: Vec<String>) {
        let named = self.known(&name).unwrap_or(Named { name, kind: EntityType::Organisation });
        let free: Vec<String> = aliases.into_iter().filter(|alias| !self.aliases.contains_key(alias)).collect();
        self.add(named, free.iter().map(String::as_str));
    }

    /// The one entry that goes by `name`.
    fn known(&self, name: &str) -> Option<Named> {
        let ids = self.aliases.get(name).filter(|ids| ids.len() == 1)?;
        ids.first().and_then(|id| self.entries.get(*id)).cloned()
    }
}

impl States {
    fn parse(table: &str) -> Result<Self, GazetteerError> {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let columns = reader.headers()?.clone();
        Ok(Self { columns, rows: reader.records().collect::<Result<_, _>>()? })
    }

    fn field<'r>(&self, column: &str, state: &'r StringRecord) -> &'r str {
        self.columns.iter().position(|name| name == column).and_then(|at| state.get(at)).unwrap_or_default()
    }

    /// `pattern` with each form of what it asks for; the pattern asks for one column at most.
    fn filled(&self, pattern: &str, state: &StringRecord) -> Vec<String> {
        let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
        let (column, behind) = rest.split_once('}').unwrap_or((rest, ""));
        let forms: Vec<String> = match column {
            "country" => vec![with_article(self.field("country", state))],
            "german" => self.field("german", state).split('|').flat_map(bent).collect(),
            "french_m" => self.field("french", state).split('|').take(1).map(str::to_owned).collect(),
            "french_f" => self.field("french", state).split('|').skip(1).map(str::to_owned).collect(),
            column => self.field(column, state).split('|').map(str::to_owned).collect(),
        };
        forms.into_iter().filter(|form| !form.is_empty()).map(|form| format!("{before}{form}{behind}")).collect()
    }
}

fn with_article(country: &str) -> String {
    if WITH_ARTICLE.contains(&country) { format!("the {country}") } else { country.to_owned() }
}

fn bent(adjective: &str) -> Vec<String> {
    if adjective.starts_with(char::is_uppercase) && !adjective.contains('-') {
        return vec![adjective.to_owned()];
    }
    GERMAN_ENDINGS.iter().map(|ending| format!("{adjective}{ending}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chinese::Chinese;

    const NATIONS: &str = "country,capital,english,german,french,russian_of\nEstonia,Tallinn,Estonian,estnisch,estonien|estonienne,Эстонии\nNetherlands,The Hague,Dutch,niederländisch,néerlandais|néerlandaise,Нидерландов\n";
    const BODIES: &str = "name,patterns\nGovernment of {country},{english} government|{german} Regierung\nMinistry of Defence of {country},Министерство обороны {russian_of}|ministère {french_m} de la Défense\n";

    #[test]
    fn bodies_of_states_are_known_in_every_form_and_lists_win() {
        let mut names = Names::default();
        names.add_csv("name,type,aliases\nDefence (NL),organisation,Ministry of Defence of the Netherlands\n").unwrap();
        names.add_states(NATIONS, BODIES).unwrap();
        let gazetteer = names.build(&Chinese::builtin().unwrap()).unwrap();
        for (text, wanted) in [
            ("Estonian government", "Government of Estonia"),
            ("estnischen Regierung", "Government of Estonia"),
            ("Dutch government", "Government of the Netherlands"),
            ("ministère estonien de la Défense", "Ministry of Defence of Estonia"),
            ("Министерство обороны Нидерландов", "Defence (NL)"),
        ] {
            let meanings = gazetteer.meanings(text);
            let found: Vec<&str> = meanings.iter().filter_map(|id| gazetteer.entry(*id)).map(|named| named.name.as_str()).collect();
            assert_eq!(found, [wanted], "{text}");
        }
        assert_eq!(gazetteer.government("Tallinn").map(|named| named.name.as_str()), Some("Government of Estonia"));
        assert!(gazetteer.is_nationality("Estonian") && !gazetteer.is_nationality("Tallinn"));
    }
}
