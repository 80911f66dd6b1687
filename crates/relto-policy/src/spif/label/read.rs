//! Labels and clearances from XML, strictly in the order of ADatP-4774; what is known to be written otherwise, only when asked to.
//!
//! The variants of [`Mode::Legacy`] are those of the standard's own printed samples and of its early drafts (labels-policy §1.3); each that
//! is met is named in [`Reading::notes`].

use super::super::model::TagType;
use super::super::read::oid;
use super::super::xml::{Element, XmlError, short, token, with_root};
use super::parts::{Children, filled, moment};
use super::{
    CLEARANCE_NAMESPACE, ConfidentialityClearance, ConfidentialityLabel, Information, LABEL_NAMESPACE, LabelCategory, LabelKind, Moment,
    Originator, PolicyIdentifier, Succession,
};

/// The longest label.
pub const LABEL_BYTES_MAX: usize = 64 << 10;
/// The longest clearance.
pub const CLEARANCE_BYTES_MAX: usize = 64 << 10;
/// Labels that may follow one another inside one.
pub const SUCCESSORS_MAX: usize = 6;

const ID_TYPES: [&str; 8] =
    ["rfc822Name", "dNSName", "directoryName", "uniformResourceIdentifier", "iPAddress", "x400Address", "userPrincipalName", "jID"];

/// How strictly to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As the standard says.
    Strict,
    /// Also the known variants: `ConfidentialityLabel`, names in other case, `CreationDataTime`, `URL` for `URI`, `Type` in other case, curly
    /// quotes, a `URI` on the classification, and labels without a creation or review date.
    Legacy,
}

/// What was read, and which variants were met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// What was read.
    pub value: T,
    /// The variants, in words.
    pub notes: Vec<String>,
}

impl ConfidentialityLabel {
    /// Reads a label.
    ///
    /// # Errors
    /// [`XmlError`] with line, column and element.
    pub fn parse(text: &str, mode: Mode) -> Result<Reading<Self>, XmlError> {
        read(text, ("label", LABEL_BYTES_MAX), mode, |reader, root| reader.label(root, None, 0))
    }

    /// The label that `element` is, strictly: a label inside another document.
    ///
    /// # Errors
    /// [`XmlError`] with line, column and element.
    pub(crate) fn within(element: Element<'_, '_>) -> Result<Self, XmlError> {
        Reader { mode: Mode::Strict, notes: Vec::new() }.label(element, None, 0)
    }
}

impl ConfidentialityClearance {
    /// Reads a clearance.
    ///
    /// # Errors
    /// [`XmlError`] with line, column and element.
    pub fn parse(text: &str, mode: Mode) -> Result<Reading<Self>, XmlError> {
        read(text, ("clearance", CLEARANCE_BYTES_MAX), mode, Reader::clearance)
    }
}

fn read<T>(
    text: &str,
    bound: (&'static str, usize),
    mode: Mode,
    parse: impl Fn(&mut Reader, Element<'_, '_>) -> Result<T, XmlError>,
) -> Result<Reading<T>, XmlError> {
    let once = |text: &str, notes: Vec<String>| {
        let mut reader = Reader { mode, notes };
        let value = with_root(text, bound, |root| parse(&mut reader, root))?;
        Ok(Reading { value, notes: reader.notes })
    };
    match once(text, Vec::new()) {
        Err(XmlError::Malformed { .. }) if mode == Mode::Legacy && text.contains(CURLY) => {
            once(&text.replace(CURLY, "\""), vec!["curly quotes stand for straight ones".to_owned()])
        }
        outcome => outcome,
    }
}

/// What word processors made of quotes in printed samples.
const CURLY: [char; 3] = ['\u{201c}', '\u{201d}', '\u{201e}'];

pub(super) struct Reader {
    mode: Mode,
    notes: Vec<String>,
}

impl Reader {
    pub(super) fn legacy(&self) -> bool {
        self.mode == Mode::Legacy
    }

    fn label(&mut self, root: Element<'_, '_>, inside: Option<LabelKind>, depth: usize) -> Result<ConfidentialityLabel, XmlError> {
        let kind = match inside {
            Some(kind) => kind,
            None => self.kind(root)?,
        };
        self.only_attributes(root, &["Id", "ReviewDateTime"])?;
        let mut children = Children::of(root)?;
        let information = children.required(self, "ConfidentialityInformation", &[])?;
        let information = self.information(information)?;
        let originator = children.optional(self, "OriginatorID", &[])?.map(|element| self.originator(element)).transpose()?;
        let created = self.created(&mut children)?;
        let succession = children.optional(self, "SuccessionHandling", &[])?;
        let succession = succession.map(|element| self.succession(element, depth)).transpose()?;
        let review = self.attribute(root, "ReviewDateTime", &[])?.map(|text| moment(root, Some("ReviewDateTime"), &text)).transpose()?;
        if review.is_none() && succession.is_none() {
            self.missing(
                root.wrong("has neither `ReviewDateTime` nor `SuccessionHandling`", "add one of them (ADatP-4774)"),
                "no review date",
            )?;
        }
        let id = self.attribute(root, "Id", &[])?;
        if id.as_ref().is_some_and(String::is_empty) {
            return Err(root.wrong_attribute("Id", "is empty", "give it a value, or remove it"));
        }
        Ok(ConfidentialityLabel {
            kind,
            id,
            review,
            information,
            originator,
            created,
            succession: succession.map(Box::new),
            foreign: children.foreign()?,
        })
    }

    fn kind(&mut self, root: Element<'_, '_>) -> Result<LabelKind, XmlError> {
        const KINDS: [LabelKind; 3] = [LabelKind::Originator, LabelKind::Alternative, LabelKind::Metadata];
        if root.namespace() != LABEL_NAMESPACE {
            let why = format!("of namespace `{}` is no label", short(root.namespace()));
            return Err(root.wrong(why, format!("the root of one is of `{LABEL_NAMESPACE}`")));
        }
        if let Some(kind) = KINDS.into_iter().find(|kind| kind.element() == root.name()) {
            return Ok(kind);
        }
        let all = KINDS.into_iter().chain([LabelKind::Unspecified]);
        match all.into_iter().find(|kind| kind.element().eq_ignore_ascii_case(root.name())) {
            Some(kind) if self.legacy() => {
                self.note(format!("the root is `{}`", short(root.name())));
                Ok(kind)
            }
            Some(_) => Err(root.wrong("is a legacy root", "read it with the legacy option, or write originatorConfidentialityLabel")),
            None => Err(root.wrong("is no label", "write originatorConfidentialityLabel, or the alternative or metadata one")),
        }
    }

    fn information(&mut self, element: Element<'_, '_>) -> Result<Information, XmlError> {
        self.only_attributes(element, &[])?;
        let mut children = Children::of(element)?;
        let policy = children.required(self, "PolicyIdentifier", &[])?;
        let classification = children.required(self, "Classification", &[])?;
        let privacy_mark = children.optional(self, "PrivacyMark", &[])?.map(filled).transpose()?;
        Ok(Information {
            policy: self.policy(policy)?,
            classification: self.classification(classification)?,
            privacy_mark,
            categories: self.categories(&mut children)?,
            foreign: children.foreign()?,
        })
    }

    fn policy(&mut self, element: Element<'_, '_>) -> Result<PolicyIdentifier, XmlError> {
        self.only_attributes(element, &["URI"])?;
        Ok(PolicyIdentifier { name: filled(element)?, id: self.uri(element)? })
    }

    /// `URI` as `urn:oid:`.
    fn uri(&mut self, element: Element<'_, '_>) -> Result<Option<String>, XmlError> {
        let read = |text: String| {
            let prefixed = text.get(..8).is_some_and(|prefix| prefix.eq_ignore_ascii_case("urn:oid:"));
            let why = format!("`{}` is no object identifier", short(&text));
            oid(&text).filter(|_| prefixed).ok_or_else(|| element.wrong_attribute("URI", &why, "write urn:oid: and numbers with dots"))
        };
        self.attribute(element, "URI", &["URL"])?.map(read).transpose()
    }

    fn classification(&mut self, element: Element<'_, '_>) -> Result<String, XmlError> {
        self.only_attributes(element, &["URI"])?;
        if self.uri(element)?.is_some() {
            self.missing(
                element.wrong_attribute("URI", "shall not be used here", "remove it (ADatP-4774)"),
                "the classification has a URI",
            )?;
        }
        filled(element)
    }

    fn categories(&mut self, children: &mut Children<'_, '_>) -> Result<Vec<LabelCategory>, XmlError> {
        let mut all: Vec<LabelCategory> = Vec::new();
        while let Some(element) = children.optional(self, "Category", &[])? {
            let category = self.category(element)?;
            if all.iter().any(|other| other.kind == category.kind && other.tag_name.eq_ignore_ascii_case(&category.tag_name)) {
                return Err(element.wrong("names a tag set and type that an earlier one has", "put all values into one `Category`"));
            }
            all.push(category);
        }
        Ok(all)
    }

    fn category(&mut self, element: Element<'_, '_>) -> Result<LabelCategory, XmlError> {
        self.only_attributes(element, &["Type", "TagName", "URI"])?;
        let absent = |name: &str| element.wrong_attribute(name, "is missing", "add it (ADatP-4774)");
        let kind = self.attribute(element, "Type", &[])?.ok_or_else(|| absent("Type"))?;
        let tag_name = self.attribute(element, "TagName", &[])?.filter(|name| !name.is_empty()).ok_or_else(|| absent("TagName"))?;
        let mut children = Children::of(element)?;
        let mut values = Vec::new();
        while let Some(value) = children.optional(self, "GenericValue", &[])? {
            value.only_attributes(&[])?;
            values.push(filled(value)?);
        }
        children.end()?;
        Ok(LabelCategory { kind: self.tag_type(element, &kind)?, tag_name, id: self.uri(element)?, values })
    }

    fn tag_type(&mut self, element: Element<'_, '_>, word: &str) -> Result<TagType, XmlError> {
        const TYPES: [TagType; 3] = [TagType::Restrictive, TagType::Permissive, TagType::Informative];
        let found = TYPES.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word));
        let wrong = || {
            let why = format!("`{}` is not a type", short(word));
            element.wrong_attribute("Type", &why, "write RESTRICTIVE, PERMISSIVE or INFORMATIVE")
        };
        let kind = found.ok_or_else(wrong)?;
        if kind.word() != word {
            self.missing(wrong(), "a `Type` is not in upper case")?;
        }
        Ok(kind)
    }

    fn originator(&mut self, element: Element<'_, '_>) -> Result<Originator, XmlError> {
        self.only_attributes(element, &["IDType"])?;
        let kind = self.attribute(element, "IDType", &[])?.unwrap_or_default();
        if !ID_TYPES.contains(&kind.as_str()) {
            let why = format!("`{}` is not a type of name", short(&kind));
            return Err(element.wrong_attribute("IDType", &why, format!("write one of {}", ID_TYPES.join(", "))));
        }
        Ok(Originator { kind, name: filled(element)? })
    }

    fn created(&mut self, children: &mut Children<'_, '_>) -> Result<Option<Moment>, XmlError> {
        match children.optional(self, "CreationDateTime", &["CreationDataTime"])? {
            Some(element) => moment(element, None, &element.token()?).map(Some),
            None => {
                let why = "has no `CreationDateTime`, or not after `ConfidentialityInformation` and `OriginatorID`";
                self.missing(children.parent.wrong(why, "add it there (ADatP-4774)"), "no creation date")?;
                Ok(None)
            }
        }
    }

    fn succession(&mut self, element: Element<'_, '_>, depth: usize) -> Result<Succession, XmlError> {
        if depth >= SUCCESSORS_MAX {
            return Err(element.wrong(format!("has more than {SUCCESSORS_MAX} successors"), "write fewer"));
        }
        element.only_attributes(&[])?;
        let mut children = Children::of(element)?;
        let at = children.required(self, "SuccessionDateTime", &[])?;
        let label = children.required(self, "SuccessorConfidentialityLabel", &[])?;
        children.end()?;
        let label = self.label(label, Some(LabelKind::Successor), depth + 1)?;
        Ok(Succession { at: moment(at, None, &at.token()?)?, label })
    }

    fn clearance(&mut self, root: Element<'_, '_>) -> Result<ConfidentialityClearance, XmlError> {
        if root.namespace() != CLEARANCE_NAMESPACE || root.name() != "ConfidentialityClearance" {
            return Err(root.wrong("is no clearance", format!("the root of one is ConfidentialityClearance of `{CLEARANCE_NAMESPACE}`")));
        }
        self.only_attributes(root, &["Id"])?;
        let mut children = Children::of(root)?;
        let policy = children.required(self, "PolicyIdentifier", &[])?;
        let list = children.in_namespace(CLEARANCE_NAMESPACE, "ClassificationList")?;
        list.only_attributes(&[])?;
        let mut levels = Children::of(list)?;
        let mut classifications = vec![];
        while let Some(level) = levels.optional(self, "Classification", &[])? {
            classifications.push(self.classification(level)?);
        }
        levels.end()?;
        if classifications.is_empty() {
            return Err(list.wrong("is empty", "list every classification that somebody is cleared for"));
        }
        let categories = self.categories(&mut children)?;
        // What an extension adds is not known: to ignore it grants nothing more.
        children.foreign()?;
        Ok(ConfidentialityClearance { policy: self.policy(policy)?, classifications, categories })
    }

    pub(super) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// An error, or under the legacy option a note.
    fn missing(&mut self, error: XmlError, note: &str) -> Result<(), XmlError> {
        if self.legacy() {
            self.note(note);
            Ok(())
        } else {
            Err(error)
        }
    }

    /// An attribute by its name, or under the legacy option by one like it.
    fn attribute(&mut self, element: Element<'_, '_>, name: &str, others: &[&str]) -> Result<Option<String>, XmlError> {
        let like = |other: &str| {
            self.legacy() && (other.eq_ignore_ascii_case(name) || others.iter().any(|alike| other.eq_ignore_ascii_case(alike)))
        };
        let found: Vec<&str> = element.attribute_names().filter(|other| *other == name || like(other)).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => {
                if *one != name {
                    self.note(format!("`{}` stands for `{name}`", short(one)));
                }
                Ok(element.attribute(one).map(token))
            }
            _ => Err(element.wrong_attribute(name, "stands there in two forms", "keep one")),
        }
    }

    fn only_attributes(&self, element: Element<'_, '_>, known: &[&str]) -> Result<(), XmlError> {
        let alike = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name)) || (name == "URL" && known.contains(&"URI"));
        if self.legacy() && element.attribute_names().all(alike) { Ok(()) } else { element.only_attributes(known) }
    }
}
