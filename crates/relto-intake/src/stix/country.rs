//! Where a named place is, as far as STIX asks: the country by its ISO 3166 code, from CLDR's names, or the region.
//!
//! Towns are known by country only where our own list of names has them. A place of any other list has no country here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const TERRITORIES: &str = include_str!("../../data/names-cldr/territories.tsv");

/// Codes of CLDR that ISO 3166 reserves or does not know. (XK is of the range that ISO leaves to users, and in general use.)
const NOT_ISO: [&str; 15] = ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ", "AN"];

/// The towns of `data/gazetteer.csv`.
const TOWNS: [(&str, &str); 18] = [
    ("Beijing", "CN"),
    ("Berlin", "DE"),
    ("Brussels", "BE"),
    ("Geneva", "CH"),
    ("Kyiv", "UA"),
    ("London", "GB"),
    ("Moscow", "RU"),
    ("Munich", "DE"),
    ("Paris", "FR"),
    ("Riga", "LV"),
    ("Seoul", "KR"),
    ("Taipei", "TW"),
    ("Tallinn", "EE"),
    ("The Hague", "NL"),
    ("Tokyo", "JP"),
    ("Vienna", "AT"),
    ("Vilnius", "LT"),
    ("Warsaw", "PL"),
];

static COUNTRIES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let country = |line: &'static str| {
        let mut fields = line.split('\t');
        let (code, locale, name) = (fields.next()?, fields.next()?, fields.next()?);
        (locale == "en" && code.len() == 2 && !NOT_ISO.contains(&code)).then_some((name, code))
    };
    TERRITORIES.lines().skip(1).filter_map(country).collect()
});

/// Where a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// It is this country.
    Country(&'static str),
    /// It is a town in this country.
    Town(&'static str),
    /// It is this region, as STIX names it.
    Region(&'static str),
}

/// Where the place with this main name is, if we know.
pub(super) fn of(name: &str) -> Option<Where> {
    if name == "Europe" {
        return Some(Where::Region("europe"));
    }
    let town = || TOWNS.iter().find(|(town, _)| *town == name).map(|(_, country)| Where::Town(country));
    COUNTRIES.get(name).map(|code| Where::Country(code)).or_else(town)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_their_codes() {
        assert_eq!(of("Ukraine"), Some(Where::Country("UA")));
        assert_eq!(of("United States"), Some(Where::Country("US")));
        assert_eq!(of("Kyiv"), Some(Where::Town("UA")));
        assert_eq!(of("European Union"), None);
        assert_eq!(of("Atlantis"), None);
    }
}
