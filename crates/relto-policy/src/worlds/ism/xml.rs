//! ISM attributes (`urn:us:gov:ic:ism`) to [`Marking`] and back. The element that carries them may be any; elements inside it that carry
//! some are portions, which [`roll_up`](super::roll_up) puts together, and are refused here.

use std::collections::BTreeSet;

use super::super::Refused;
use super::parse::{code, in_order};
use super::tokens::{self, Category};
use super::{CLASSIFICATIONS, Marking, Row, USA};
use crate::spif::xml::{Element, escape, with_root};

/// The namespace of ISM attributes.
pub const ISM_NAMESPACE: &str = "urn:us:gov:ic:ism";
/// The longest text that is read, in bytes.
pub const XML_BYTES_MAX: usize = 64 << 10;

/// Attributes that say who decided, when and by which version, or warn people: they restrict nobody, and leaving them out opens nothing.
const DESCRIPTIVE: [&str; 22] = [
    "resourceElement",
    "excludeFromRollup",
    "compliesWith",
    "createDate",
    "DESVersion",
    "ISMCATCESVersion",
    "classifiedBy",
    "classificationReason",
    "compilationReason",
    "derivativelyClassifiedBy",
    "derivedFrom",
    "declassDate",
    "declassEvent",
    "declassException",
    "exemptFrom",
    "noticeType",
    "noticeDate",
    "noticeReason",
    "unregisteredNoticeType",
    "externalNotice",
    "pocType",
    "sourceType",
];

/// The rows of attributes that restrict nobody.
pub(super) fn rows() -> impl Iterator<Item = Row> {
    DESCRIPTIVE.iter().map(|name| Row::new(format!("attribute {name}"), "nothing: it describes", "ISM, attributes"))
}

impl Marking {
    /// Reads the ISM attributes of the root element of `text`.
    ///
    /// # Errors
    /// [`Refused`] when it is not XML, has an attribute or a value that no row has, or parts that exclude each other.
    pub fn from_xml(text: &str) -> Result<Self, Refused> {
        let read = with_root(text, ("marking", XML_BYTES_MAX), |root| Ok(read_root(root)));
        read.map_err(|error| Refused::new("ISM", error.to_string()))?
    }

    pub(super) fn to_xml(&self) -> String {
        let level = CLASSIFICATIONS.iter().find(|(level, ..)| *level == self.classification).map_or("", |(_, code, ..)| *code);
        let of = |category: Category| self.of_category(category).map(|token| token.code).collect::<Vec<_>>();
        let mut dissem = of(Category::Dissem);
        let lists = [("REL", &self.release), ("DISPLAYONLY", &self.display)];
        dissem.extend(lists.iter().filter(|(_, list)| !list.is_empty()).map(|(code, _)| *code));
        let owners: Vec<&str> = if self.joint.is_empty() { vec![USA] } else { self.joint.iter().map(String::as_str).collect() };
        let attributes = [
            ("classification", vec![level]),
            ("ownerProducer", owners),
            ("joint", if self.joint.is_empty() { Vec::new() } else { vec!["true"] }),
            ("SCIcontrols", of(Category::Sci)),
            ("SARIdentifier", self.programmes.iter().map(String::as_str).collect()),
            ("atomicEnergyMarkings", of(Category::Aea)),
            ("FGIsourceOpen", in_order(&self.sources)),
            ("FGIsourceProtected", if self.concealed { vec!["FGI"] } else { Vec::new() }),
            ("disseminationControls", dissem),
            ("releasableTo", in_order(&self.release)),
            ("displayOnlyTo", in_order(&self.display)),
            ("nonICmarkings", of(Category::NonIc)),
        ];
        let one = |(name, values): &(&str, Vec<&str>)| format!(" ism:{name}=\"{}\"", escape(&values.join(" ")));
        let written: String = attributes.iter().filter(|(_, values)| !values.is_empty()).map(one).collect();
        format!("<ism:marking xmlns:ism=\"{ISM_NAMESPACE}\"{written}/>")
    }
}

fn read_root(root: Element<'_, '_>) -> Result<Marking, Refused> {
    if let Some(inner) = marked_inside(root) {
        return Err(Refused::new(inner, "a portion inside the element; read each by itself and roll them up"));
    }
    let mut read = Attributes::default();
    root.attributes_of(ISM_NAMESPACE).try_for_each(|(name, value)| read.take(name, value))?;
    read.finish()
}

/// The name of an element inside that carries ISM attributes.
fn marked_inside<'a>(root: Element<'a, '_>) -> Option<&'a str> {
    let mut waiting: Vec<Element<'a, '_>> = root.children().collect();
    while let Some(element) = waiting.pop() {
        if element.attributes_of(ISM_NAMESPACE).next().is_some() {
            return Some(element.name());
        }
        waiting.extend(element.children());
    }
    None
}

/// What the attributes say, before it is known whether they agree.
#[derive(Default)]
struct Attributes {
    marking: Marking,
    has_classification: bool,
    is_joint: bool,
    owners: BTreeSet<String>,
    /// REL, EYES and DISPLAYONLY, which go with lists.
    listed: BTreeSet<String>,
}

impl Attributes {
    fn take(&mut self, name: &str, value: &str) -> Result<(), Refused> {
        let words = || value.split_ascii_whitespace();
        let list = || words().map(code).collect::<Result<BTreeSet<_>, _>>();
        match name {
            "classification" => {
                let found = CLASSIFICATIONS.iter().find(|(_, code, ..)| *code == value.trim());
                self.marking.classification = found.ok_or_else(|| Refused::new(value, "no classification of the US"))?.0;
                self.has_classification = true;
            }
            "ownerProducer" => self.owners = list()?,
            "joint" => self.is_joint = flag(value)?,
            "SCIcontrols" => words().try_for_each(|word| self.control(word, Category::Sci))?,
            "SARIdentifier" => words().try_for_each(|word| self.marking.take_programme(word))?,
            "atomicEnergyMarkings" => words().try_for_each(|word| self.control(word, Category::Aea))?,
            "disseminationControls" => words().try_for_each(|word| self.dissemination(word))?,
            "nonICmarkings" => words().try_for_each(|word| self.control(word, Category::NonIc))?,
            "releasableTo" => self.marking.release = list()?,
            "displayOnlyTo" => self.marking.display = list()?,
            "FGIsourceOpen" => self.marking.sources = list()?,
            "FGIsourceProtected" => self.marking.concealed = !value.trim().is_empty(),
            other if DESCRIPTIVE.contains(&other) => {}
            other => return Err(Refused::new(other, "an attribute that no row maps, and it could restrict")),
        }
        Ok(())
    }

    fn control(&mut self, word: &str, category: Category) -> Result<(), Refused> {
        let token = tokens::by_code(word).filter(|token| token.category == category);
        self.marking.controls.insert(token.ok_or_else(|| Refused::new(word, "no row of the table has this code"))?.code);
        Ok(())
    }

    fn dissemination(&mut self, word: &str) -> Result<(), Refused> {
        if matches!(word, "REL" | "EYES" | "DISPLAYONLY") {
            self.listed.insert(word.to_owned());
            return Ok(());
        }
        self.control(word, Category::Dissem)
    }

    fn finish(mut self) -> Result<Marking, Refused> {
        if !self.has_classification {
            return Err(Refused::new("classification", "the attribute is missing"));
        }
        let says = |code: &str| self.listed.contains(code);
        if (says("REL") || says("EYES")) == self.marking.release.is_empty() {
            return Err(Refused::new("releasableTo", "REL in `disseminationControls` and the list go together"));
        }
        if says("DISPLAYONLY") == self.marking.display.is_empty() {
            return Err(Refused::new("displayOnlyTo", "DISPLAYONLY in `disseminationControls` and the list go together"));
        }
        match (self.is_joint, self.owners.len() == 1 && self.owners.contains(USA)) {
            (true, _) => self.marking.joint = self.owners,
            (false, true) => {}
            (false, false) => {
                return Err(Refused::new("ownerProducer", "what others than the US own is marked by their own policy"));
            }
        }
        if self.is_joint && self.marking.joint.is_empty() {
            return Err(Refused::new("joint", "a JOINT marking names its owners"));
        }
        self.marking.check()?;
        Ok(self.marking)
    }
}

fn flag(value: &str) -> Result<bool, Refused> {
    match value.trim() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(Refused::new(other, "neither true nor false")),
    }
}
