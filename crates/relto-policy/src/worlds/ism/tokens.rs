//! The table of tokens: code in ISM and in portion marks, form in a banner, other forms that are read, and what it is in the lattice.
//!
//! Codes and titles are those of the published ISM enumerations (the CVE files of ODNI, as MISP's taxonomy `dni-ism` has them); the banner
//! forms are the register's. A control that no published table has is not here, and refused.

use super::{ATOMIC_ENERGY, DISSEMINATION_CONTROLS, Row};
use crate::policy::SCI_CONTROLS;

/// The part of a banner a token stands in, in the order of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Sensitive compartmented information.
    Sci,
    /// Atomic Energy Act.
    Aea,
    /// Dissemination controls.
    Dissem,
    /// Controls of others than the intelligence community.
    NonIc,
}

/// What a token is in the lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The value must be held under this tag of policy USA; a compartment asks for its system as well.
    Hold(&'static str),
    /// As [`Meaning::Hold`], and for the US alone.
    HoldAtHome(&'static str),
    /// As [`Meaning::HoldAtHome`], under the code of another row.
    HoldOtherAtHome(&'static str, &'static str),
    /// The organisation that made it must consent.
    Originator,
    /// For the US alone.
    NoForeign,
    /// An official may release it further; until then it is for those whom the rest names.
    Official,
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub category: Category,
    /// Code in ISM and in portion marks.
    pub code: &'static str,
    /// Form in a banner.
    pub banner: &'static str,
    /// Other forms that are read.
    pub also: &'static [&'static str],
    /// What it is here.
    pub meaning: Meaning,
    /// The enumeration that it is from.
    pub source: &'static str,
}

impl Token {
    /// Whether it keeps what it marks to the US.
    #[must_use]
    pub fn keeps_home(&self) -> bool {
        matches!(self.meaning, Meaning::NoForeign | Meaning::HoldAtHome(_) | Meaning::HoldOtherAtHome(..))
    }

    /// The values that a compartment asks for: its system and itself; of other tokens, the code.
    pub fn systems(&self) -> impl Iterator<Item = &'static str> {
        let system = self.code.split_once('-').filter(|_| self.category == Category::Sci).map(|(system, _)| system);
        system.into_iter().chain([self.code])
    }

    /// Whether it may stand above UNCLASSIFIED only.
    #[must_use]
    pub fn needs_classification(&self) -> bool {
        self.category == Category::Sci || matches!(self.code, "RD" | "RD-CNWDI" | "FRD" | "TFNI")
    }
}

const fn sci(code: &'static str, also: &'static [&'static str]) -> Token {
    Token { category: Category::Sci, code, banner: code, also, meaning: Meaning::Hold(SCI_CONTROLS), source: "ISM CVEnumISMSCIControls" }
}
const fn aea(code: &'static str, banner: &'static str, also: &'static [&'static str]) -> Token {
    let source = "ISM CVEnumISMAtomicEnergyMarkings";
    Token { category: Category::Aea, code, banner, also, meaning: Meaning::Hold(ATOMIC_ENERGY), source }
}
const fn dissem(code: &'static str, banner: &'static str, also: &'static [&'static str], meaning: Meaning) -> Token {
    Token { category: Category::Dissem, code, banner, also, meaning, source: "ISM CVEnumISMDissem; register, dissemination controls" }
}
const fn non_ic(code: &'static str, banner: &'static str, also: &'static [&'static str], meaning: Meaning) -> Token {
    Token { category: Category::NonIc, code, banner, also, meaning, source: "ISM CVEnumISMNonIC; register, non-IC controls" }
}
const HELD: Meaning = Meaning::Hold(DISSEMINATION_CONTROLS);

/// Every token without a list, in the order in which they are written.
pub static TOKENS: &[Token] = &[
    sci("EL", &["ENDSEAL"]),
    sci("EL-EU", &["ENDSEAL-ECRU"]),
    sci("EL-NK", &["ENDSEAL-NONBOOK"]),
    sci("HCS", &[]),
    sci("HCS-O", &[]),
    sci("HCS-P", &[]),
    sci("KDK", &["KLONDIKE"]),
    sci("KDK-BLFH", &["KDK BLUEFISH"]),
    sci("KDK-IDIT", &["KDK IDITAROD"]),
    sci("KDK-KAND", &["KDK KANDIK"]),
    sci("RSV", &["RESERVE"]),
    sci("SI", &["SPECIAL INTELLIGENCE", "COMINT"]),
    sci("SI-G", &["SI-GAMMA"]),
    sci("TK", &["TALENT KEYHOLE"]),
    aea("RD", "RD", &["RESTRICTED DATA"]),
    aea("RD-CNWDI", "RD-CNWDI", &["RD-N", "RESTRICTED DATA-CNWDI", "RD-CRITICAL NUCLEAR WEAPON DESIGN INFORMATION"]),
    aea("FRD", "FRD", &["FORMERLY RESTRICTED DATA"]),
    aea("DCNI", "DOD UCNI", &["DOD CONTROLLED NUCLEAR INFORMATION", "DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION"]),
    aea("UCNI", "DOE UCNI", &["DOE CONTROLLED NUCLEAR INFORMATION", "DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION"]),
    aea("TFNI", "TFNI", &["TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION"]),
    dissem("RS", "RSEN", &["RISK SENSITIVE"], HELD),
    dissem("FOUO", "FOUO", &["FOR OFFICIAL USE ONLY"], HELD),
    dissem("OC", "ORCON", &["ORIGINATOR CONTROLLED"], Meaning::Originator),
    dissem("OC-USGOV", "ORCON-USGOV", &["ORIGINATOR CONTROLLED US GOVERNMENT", "ORIGINATOR CONTROLLED-USGOV"], Meaning::Originator),
    dissem("IMC", "IMCON", &["CONTROLLED IMAGERY"], HELD),
    dissem("NF", "NOFORN", &["NOT RELEASABLE TO FOREIGN NATIONALS"], Meaning::NoForeign),
    dissem("PR", "PROPIN", &["CAUTION-PROPRIETARY INFORMATION INVOLVED"], HELD),
    dissem("RELIDO", "RELIDO", &["RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL"], Meaning::Official),
    dissem("DSEN", "DSEN", &["DEA SENSITIVE"], HELD),
    dissem("FISA", "FISA", &["FOREIGN INTELLIGENCE SURVEILLANCE ACT"], HELD),
    non_ic("NNPI", "NNPI", &["NAVAL NUCLEAR PROPULSION INFORMATION"], HELD),
    non_ic("DS", "LIMDIS", &["LIMITED DISTRIBUTION"], HELD),
    non_ic("XD", "EXDIS", &["EXCLUSIVE DISTRIBUTION"], Meaning::HoldAtHome(DISSEMINATION_CONTROLS)),
    non_ic("ND", "NODIS", &["NO DISTRIBUTION"], Meaning::HoldAtHome(DISSEMINATION_CONTROLS)),
    non_ic("SBU", "SBU", &["SENSITIVE BUT UNCLASSIFIED"], HELD),
    non_ic("SBU-NF", "SBU NOFORN", &["SENSITIVE BUT UNCLASSIFIED NOFORN"], Meaning::HoldOtherAtHome(DISSEMINATION_CONTROLS, "SBU")),
    non_ic("LES", "LES", &["LAW ENFORCEMENT SENSITIVE"], HELD),
    non_ic("LES-NF", "LES NOFORN", &["LAW ENFORCEMENT SENSITIVE NOFORN"], Meaning::HoldOtherAtHome(DISSEMINATION_CONTROLS, "LES")),
    non_ic("SSI", "SSI", &["SENSITIVE SECURITY INFORMATION"], HELD),
];

/// Tokens with a list or a name behind them, and what they are here: for people; the reader has an arm for each.
const LISTS: [(&str, &str, &str); 7] = [
    ("REL TO USA, X / REL", "USA clause `Releasable To`: every nation and group named", "ISM releasableTo; register, REL TO"),
    ("USA/X EYES ONLY / EYES", "as REL TO, for AUS CAN GBR NZL alone; written as REL TO", "ISM CVEnumISMDissem; register, EYES ONLY"),
    (
        "DISPLAY ONLY X / DISPLAYONLY",
        "alone: USA clause `Releasable To` with USA, and HANDLING `Obligations: DISPLAY ONLY`; beside REL TO, those named get nothing",
        "ISM displayOnlyTo; register, DISPLAY ONLY",
    ),
    ("FGI X", "HANDLING `Third Party: X` for each", "ISM FGIsourceOpen; register, FGI"),
    ("FGI", "HANDLING `Third Party: FGI`, which nobody can consent for", "ISM FGIsourceProtected; register, FGI"),
    (
        "//JOINT S X USA",
        "USA level, HANDLING `Third Party: X` for each other owner; written as FGI",
        "ISM joint, ownerProducer; register, JOINT",
    ),
    ("SAR-X", "USA `Special Access Programs: X`", "ISM SARIdentifier; register, SAP"),
];

/// The token of a code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Token> {
    TOKENS.iter().find(|token| token.code == code)
}

/// The SCI control written so, in any of its forms.
#[must_use]
pub fn sci_control(text: &str) -> Option<&'static Token> {
    find(text).filter(|token| token.category == Category::Sci)
}

/// The token written so, in any of its forms.
pub(super) fn find(text: &str) -> Option<&'static Token> {
    TOKENS.iter().find(|token| token.code == text || token.banner == text || token.also.contains(&text))
}

/// The rows for people.
pub(super) fn rows() -> impl Iterator<Item = Row> {
    let forms = |token: &Token| {
        let code = (token.code != token.banner).then_some(token.code);
        [token.banner].into_iter().chain(code).chain(token.also.iter().copied()).collect::<Vec<_>>().join(" / ")
    };
    let tokens = TOKENS.iter().map(move |token| Row::new(forms(token), in_words(token), token.source));
    tokens.chain(LISTS.iter().map(|(there, here, source)| Row::new(*there, *here, source)))
}

fn in_words(token: &Token) -> String {
    let code = token.code;
    match token.meaning {
        Meaning::Hold(tag) => match code.split_once('-').filter(|_| token.category == Category::Sci) {
            Some((system, _)) => format!("USA `{tag}: {system}` and `{code}`"),
            None => format!("USA `{tag}: {code}`"),
        },
        Meaning::HoldAtHome(tag) => format!("USA `{tag}: {code}`, clause `Releasable To: USA`"),
        Meaning::HoldOtherAtHome(tag, other) => format!("USA `{tag}: {other}`, clause `Releasable To: USA`"),
        Meaning::Originator => "HANDLING `Originator Control`: the organisation that made it".to_owned(),
        Meaning::NoForeign => "USA clause `Releasable To: USA`".to_owned(),
        Meaning::Official => "nothing beyond the rest; without REL TO, clause `Releasable To: USA`".to_owned(),
    }
}
