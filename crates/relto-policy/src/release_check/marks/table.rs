//! The words of markings, to be read line by line. Ranks are those of `policy`: 1 unclassified, 2 restricted, 3 confidential, 4 secret,
//! 5 top secret, on the same ladder for every nation (the levels' equivalents stand in annexes of the security agreements).

/// What a phrase means.
pub(super) enum Meaning {
    /// It begins a label as people write it, which goes on after it.
    Written,
    /// A level of a nation.
    National(&'static str, u8),
    /// No foreign nationals: for the United States alone, at any level.
    NotForeign,
    /// A marking for which there is no label here.
    Unread,
}
use Meaning::{National, NotForeign, Unread, Written};

pub(super) struct Phrase {
    pub(super) text: &'static str,
    pub(super) meaning: Meaning,
    pub(super) citation: &'static str,
}

const fn p(text: &'static str, meaning: Meaning, citation: &'static str) -> Phrase {
    Phrase { text, meaning, citation }
}

const NATO: &str = "NATO C-M(2002)49-REV1";
const EU: &str = "Council Decision 2013/488/EU";
const USA: &str = "E.O. 13526, sec. 1.6";
const NATION: &str = "national security classification";
pub(super) const PORTION_CITATION: &str = "E.O. 13526, sec. 1.6(c); NATO C-M(2002)49-REV1";
pub(super) const LINE_CITATION: &str = "E.O. 13526, sec. 1.6; NATO C-M(2002)49-REV1";
pub(super) const COLOUR_CITATION: &str = "FIRST, Traffic Light Protocol 2.0";

#[rustfmt::skip]
pub(super) const PHRASES: &[Phrase] = &[
    p("COSMIC TOP SECRET", Written, NATO),
    p("NATO COSMIC TOP SECRET", Written, NATO),
    p("NATO TOP SECRET", Written, NATO),
    p("NATO SECRET", Written, NATO),
    p("NATO CONFIDENTIAL", Written, NATO),
    p("NATO RESTRICTED", Written, NATO),
    p("NATO UNCLASSIFIED", Written, NATO),
    p("EU TOP SECRET", Written, EU),
    p("EU SECRET", Written, EU),
    p("EU CONFIDENTIAL", Written, EU),
    p("EU RESTRICTED", Written, EU),
    p("TRÈS SECRET UE", Written, EU),
    p("TRES SECRET UE", Written, EU),
    p("SECRET UE", Written, EU),
    p("CONFIDENTIEL UE", Written, EU),
    p("RESTREINT UE", Written, EU),
    p("TOP SECRET//", Written, USA),
    p("SECRET//", Written, USA),
    p("CONFIDENTIAL//", Written, USA),
    p("UNCLASSIFIED//", Written, USA),
    p("NOFORN", NotForeign, USA),
    p("ORCON", Unread, USA),
    p("FOR OFFICIAL USE ONLY", Unread, "32 CFR 2002"),
    p("CUI//", Unread, "32 CFR 2002"),
    p("VS-NfD", National("DEU", 2), NATION),
    p("VS-NFD", National("DEU", 2), NATION),
    p("VS-NUR FÜR DEN DIENSTGEBRAUCH", National("DEU", 2), NATION),
    p("VS - NUR FÜR DEN DIENSTGEBRAUCH", National("DEU", 2), NATION),
    p("VS-Nur für den Dienstgebrauch", National("DEU", 2), NATION),
    p("VS-VERTRAULICH", National("DEU", 3), NATION),
    p("STRENG GEHEIM", National("DEU", 5), NATION),
    p("GEHEIM", National("DEU", 4), NATION),
    p("DIFFUSION RESTREINTE", National("FRA", 2), NATION),
    p("CONFIDENTIEL DÉFENSE", National("FRA", 3), NATION),
    p("CONFIDENTIEL DEFENSE", National("FRA", 3), NATION),
    p("SECRET DÉFENSE", National("FRA", 4), NATION),
    p("SECRET DEFENSE", National("FRA", 4), NATION),
    p("TRÈS SECRET DÉFENSE", National("FRA", 5), NATION),
    p("TRES SECRET DEFENSE", National("FRA", 5), NATION),
    p("SPÉCIAL FRANCE", Unread, NATION),
    p("SPECIAL FRANCE", Unread, NATION),
    p("OFFICIAL-SENSITIVE", National("GBR", 2), NATION),
    p("UK SECRET", National("GBR", 4), NATION),
    p("UK TOP SECRET", National("GBR", 5), NATION),
    p("UK EYES ONLY", Unread, NATION),
    p("AUSTEO", Unread, NATION),
    p("RISERVATO", National("ITA", 2), NATION),
    p("RISERVATISSIMO", National("ITA", 3), NATION),
    p("SEGRETO", National("ITA", 4), NATION),
    p("SEGRETISSIMO", National("ITA", 5), NATION),
    p("DIFUSIÓN LIMITADA", National("ESP", 2), NATION),
    p("RESERVADO", Unread, NATION),
    p("DEPARTEMENTAAL VERTROUWELIJK", National("NLD", 2), NATION),
    p("STG. CONFIDENTIEEL", National("NLD", 3), NATION),
    p("STG. GEHEIM", National("NLD", 4), NATION),
    p("STG. ZEER GEHEIM", National("NLD", 5), NATION),
    p("ZASTRZEŻONE", National("POL", 2), NATION),
    p("POUFNE", National("POL", 3), NATION),
    p("TAJNE", National("POL", 4), NATION),
    p("ŚCIŚLE TAJNE", National("POL", 5), NATION),
    p("VYHRAZENÉ", National("CZE", 2), NATION),
    p("DŮVĚRNÉ", National("CZE", 3), NATION),
    p("TAJNÉ", National("CZE", 4), NATION),
    p("PŘÍSNĚ TAJNÉ", National("CZE", 5), NATION),
    p("BEGRENSET", National("NOR", 2), NATION),
    p("KONFIDENSIELT", National("NOR", 3), NATION),
    p("HEMMELIG", National("NOR", 4), NATION),
    p("STRENGT HEMMELIG", National("NOR", 5), NATION),
    p("TIL TJENESTEBRUG", National("DNK", 2), NATION),
    p("FORTROLIGT", National("DNK", 3), NATION),
    p("HEMMELIGT", National("DNK", 4), NATION),
    p("YDERST HEMMELIGT", National("DNK", 5), NATION),
    p("KÄYTTÖ RAJOITETTU", National("FIN", 2), NATION),
    p("LUOTTAMUKSELLINEN", National("FIN", 3), NATION),
    p("SALAINEN", National("FIN", 4), NATION),
    p("ERITTÄIN SALAINEN", National("FIN", 5), NATION),
    p("KVALIFICERAT HEMLIG", National("SWE", 5), NATION),
    p("HEMLIG", National("SWE", 4), NATION),
    p("ДЛЯ СЛУЖБОВОГО КОРИСТУВАННЯ", National("UKR", 2), NATION),
    p("ТАЄМНО", National("UKR", 4), NATION),
    p("ЦІЛКОМ ТАЄМНО", National("UKR", 5), NATION),
];

/// Levels that say no policy: the portion mark, the word, the rank.
pub(super) const BARE: &[(&str, &str, u8)] =
    &[("TS", "TOP SECRET", 5), ("S", "SECRET", 4), ("C", "CONFIDENTIAL", 3), ("U", "UNCLASSIFIED", 1)];

/// NATO's portion marks in words.
pub(super) const PORTIONS: &[(&str, &str)] = &[
    ("CTS", "COSMIC TOP SECRET"),
    ("CTSA", "COSMIC TOP SECRET ATOMAL"),
    ("CTS-B", "COSMIC TOP SECRET BOHEMIA"),
    ("NS", "NATO SECRET"),
    ("NSAT", "NATO SECRET ATOMAL"),
    ("NC", "NATO CONFIDENTIAL"),
    ("NCA", "NATO CONFIDENTIAL ATOMAL"),
    ("NR", "NATO RESTRICTED"),
    ("NU", "NATO UNCLASSIFIED"),
];

/// Colours, the longer before what it begins with.
pub(super) const COLOURS: &[&str] = &["AMBER+STRICT", "AMBER", "GREEN", "CLEAR", "WHITE", "RED"];
