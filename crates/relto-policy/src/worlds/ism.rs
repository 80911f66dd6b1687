//! US markings: banner lines, portion marks and ISM attributes (`urn:us:gov:ic:ism`), as one [`Marking`] and as labels of policy `USA`.
//!
//! [`Marking::parse`] takes `SECRET//SI/TK//ORCON/REL TO USA, FRA` and `(S//SI/TK//OC/REL TO USA, FRA)`, [`Marking::from_xml`] the
//! attributes; tokens are those of the table in [`tokens`]. [`Marking::label`] and [`Marking::of_label`] go to the lattice and back,
//! [`roll_up`] makes the banner of a page from its portions. Foreign markings (`//GBR SECRET`) are refused: other policies own them.

mod lattice;
mod parse;
mod roll;
pub mod tokens;
mod write;
mod xml;

use std::collections::BTreeSet;

pub use roll::roll_up;
pub use xml::{ISM_NAMESPACE, XML_BYTES_MAX};

use self::tokens::{Category, Token};
use super::{Reading, Refused, Row, Site};
use relto_model::Label;

/// The policy of US classifications.
pub const USA: &str = "USA";
/// Tag set of the restrictive values of dissemination and non-IC controls.
pub const DISSEMINATION_CONTROLS: &str = "Dissemination Controls";
/// Tag set of the restrictive values of the Atomic Energy Act.
pub const ATOMIC_ENERGY: &str = "Atomic Energy Markings";
/// Tag set of special access programmes, by their identifiers.
pub const SPECIAL_ACCESS: &str = "Special Access Programs";
/// Of third parties: a foreign government that the marking does not name.
pub const CONCEALED_SOURCE: &str = "FGI";

/// A US classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Classification {
    /// U.
    #[default]
    Unclassified,
    /// C.
    Confidential,
    /// S.
    Secret,
    /// TS.
    TopSecret,
}

/// Every classification: itself, code, name in a banner, rank in the policy.
pub const CLASSIFICATIONS: [(Classification, &str, &str, u8); 4] = [
    (Classification::Unclassified, "U", "UNCLASSIFIED", 1),
    (Classification::Confidential, "C", "CONFIDENTIAL", 3),
    (Classification::Secret, "S", "SECRET", 4),
    (Classification::TopSecret, "TS", "TOP SECRET", 5),
];

/// A US marking, whatever its form. Lists are of GENC trigraphs and of tetragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marking {
    /// The classification.
    pub classification: Classification,
    /// The owners of a JOINT marking; empty when the US alone owns it.
    pub joint: BTreeSet<String>,
    /// Codes of the table that stand without a list.
    pub controls: BTreeSet<&'static str>,
    /// Special access programmes by identifier.
    pub programmes: BTreeSet<String>,
    /// Foreign governments that information comes from and that are named.
    pub sources: BTreeSet<String>,
    /// Whether there is a foreign government that is not named.
    pub concealed: bool,
    /// REL TO; with `USA` in it.
    pub release: BTreeSet<String>,
    /// DISPLAY ONLY.
    pub display: BTreeSet<String>,
}

/// How a marking is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `SECRET//REL TO USA, FRA`
    Banner,
    /// `(S//REL TO USA, FRA)`
    Portion,
    /// An empty element `ism:marking` with the attributes.
    Xml,
}

/// Reads a banner line or a portion mark.
///
/// # Errors
/// [`Refused`] for a token that no row has, a conflict, or a name that the node does not know.
pub fn read(text: &str, site: &Site<'_>) -> Result<Reading, Refused> {
    let marking = Marking::parse(text)?;
    let mut reading = marking.label(site)?;
    let form = if text.trim_start().starts_with('(') { Form::Portion } else { Form::Banner };
    let written = marking.write(form)?;
    if written != text {
        reading.notes.push(format!("in the order and form of the register this is `{written}`"));
    }
    Ok(reading)
}

/// Writes `label` as a US marking. Where the marking cannot say it exactly, it says something stricter.
///
/// # Errors
/// [`Refused`] when no US marking restricts as much, such as for a label of another policy.
pub fn write(label: &Label, form: Form, site: &Site<'_>) -> Result<String, Refused> {
    Marking::of_label(label, site)?.write(form)
}

impl Marking {
    pub(super) fn has(&self, code: &str) -> bool {
        self.controls.contains(code)
    }

    /// Whether something in it keeps it to the US.
    fn is_no_foreign(&self) -> bool {
        self.controls.iter().any(|code| tokens::by_code(code).is_some_and(|token| token.keeps_home()))
    }

    /// Holds the marking to the rules of the register about what stands beside what.
    ///
    /// # Errors
    /// [`Refused`] names the part and the rule.
    pub fn check(&self) -> Result<(), Refused> {
        let refuse = |part: &str, why: &str| Err(Refused::new(part, why));
        let has_list = !self.release.is_empty() || !self.display.is_empty();
        if self.is_no_foreign() && (has_list || self.has("RELIDO")) {
            return refuse("NF", "NOFORN excludes REL TO, RELIDO, EYES ONLY and DISPLAY ONLY");
        }
        if !self.release.is_empty() && (!self.release.contains(USA) || self.release.len() < 2) {
            return refuse("REL", "REL TO names USA and at least one other; for USA alone it is NOFORN");
        }
        if let Some(code) = self.display.iter().find(|code| *code == USA || self.release.contains(*code)) {
            return refuse(code, "DISPLAY ONLY names those to whom it is not released");
        }
        if self.has("OC") && self.has("OC-USGOV") {
            return refuse("OC-USGOV", "ORCON and ORCON-USGOV exclude each other");
        }
        if self.has("XD") && self.has("ND") {
            return refuse("XD", "EXDIS and NODIS exclude each other");
        }
        if self.sources.contains(USA) {
            return refuse(USA, "FGI names governments other than the US");
        }
        self.check_classification()?;
        self.check_owners()
    }

    fn check_classification(&self) -> Result<(), Refused> {
        let needs = |code: &&&str| matches!(tokens::by_code(code), Some(token) if token.needs_classification());
        if self.classification > Classification::Unclassified {
            return Ok(());
        }
        let programme = self.programmes.first().map(String::as_str);
        match self.controls.iter().find(needs).copied().or(programme) {
            Some(code) => Err(Refused::new(code, "SCI, special access and RD, FRD and TFNI need a classification above UNCLASSIFIED")),
            None => Ok(()),
        }
    }

    fn check_owners(&self) -> Result<(), Refused> {
        if self.joint.is_empty() {
            return Ok(());
        }
        if self.joint.len() < 2 || !self.joint.contains(USA) {
            return Err(Refused::new("JOINT", "a JOINT marking that maps here names USA and at least one other owner"));
        }
        match self.joint.iter().find(|owner| !self.release.contains(*owner)) {
            Some(owner) => Err(Refused::new(owner, "a JOINT marking is released to every one of its owners by REL TO")),
            None => Ok(()),
        }
    }

    fn of_category(&self, category: Category) -> impl Iterator<Item = &'static tokens::Token> + '_ {
        tokens::TOKENS.iter().filter(move |token| token.category == category && self.controls.contains(token.code))
    }
}

/// The values that somebody may hold under this policy, each with its tag set.
pub fn held() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_token = |token: &'static Token| match token.meaning {
        tokens::Meaning::Hold(tag) | tokens::Meaning::HoldAtHome(tag) => token.systems().map(|name| (tag, name)).collect(),
        _ => Vec::new(),
    };
    // Of several compartments the system is one.
    tokens::TOKENS.iter().flat_map(of_token).collect::<BTreeSet<_>>().into_iter()
}

/// The rows of this world.
#[must_use]
pub fn rows() -> Vec<Row> {
    let levels = CLASSIFICATIONS.iter().map(|(_, code, name, rank)| {
        Row::new(format!("{name} / ({code})"), format!("USA level {rank}"), "ISM CVEnumISMClassificationUS; register, classification")
    });
    levels.chain(tokens::rows()).chain(xml::rows()).collect()
}

#[cfg(test)]
mod tests;
