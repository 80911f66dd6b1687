//! Labels and clearances to XML, in the order of ADatP-4774, so that reading gives the same value again.
//!
//! What the strict reader would refuse is not written: a label without dates, or with elements that were not kept.

use std::fmt::{self, Write as _};

use super::super::xml::{escape, short, token};
use super::{
    CLEARANCE_NAMESPACE, ConfidentialityClearance, ConfidentialityLabel, LABEL_NAMESPACE, LabelCategory, LabelKind, PolicyIdentifier,
};

/// Why a label is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// A part that the standard asks for is not there.
    #[error("a label without {0} is a legacy label; give it one before writing it")]
    Lacks(&'static str),
    /// It had elements of other namespaces, which are not kept.
    #[error("the label had the element `{0}` of another namespace, which would be lost; keep the XML that came")]
    Foreign(String),
    /// A text that XML cannot hold, or would not give back.
    #[error("`{0}` cannot be written as an XML token; remove control characters and spaces at the ends")]
    Text(String),
}

impl ConfidentialityLabel {
    /// The label in XML.
    ///
    /// # Errors
    /// [`EmitError`] when the strict reader would refuse what would be written.
    pub fn to_xml(&self) -> Result<String, EmitError> {
        let mut out = Writer::default();
        out.label(self, &format!(" xmlns:slab=\"{LABEL_NAMESPACE}\""))?;
        Ok(out.0)
    }
}

impl ConfidentialityClearance {
    /// The clearance in XML.
    ///
    /// # Errors
    /// [`EmitError`] when it lists no classification, or a text cannot be written.
    pub fn to_xml(&self) -> Result<String, EmitError> {
        if self.classifications.is_empty() {
            return Err(EmitError::Lacks("a classification"));
        }
        let mut out = Writer::default();
        let namespaces = format!("xmlns:sclr=\"{CLEARANCE_NAMESPACE}\" xmlns:slab=\"{LABEL_NAMESPACE}\"");
        out.put(format_args!("<sclr:ConfidentialityClearance {namespaces}>"));
        out.policy(&self.policy)?;
        out.put(format_args!("<sclr:ClassificationList>"));
        self.classifications.iter().try_for_each(|level| out.text("Classification", level))?;
        out.put(format_args!("</sclr:ClassificationList>"));
        self.categories.iter().try_for_each(|category| out.category(category))?;
        out.put(format_args!("</sclr:ConfidentialityClearance>"));
        Ok(out.0)
    }
}

#[derive(Default)]
struct Writer(String);

impl Writer {
    fn put(&mut self, what: fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(what);
    }

    fn label(&mut self, label: &ConfidentialityLabel, namespaces: &str) -> Result<(), EmitError> {
        let created = label.created.as_ref().ok_or(EmitError::Lacks("a creation date"))?;
        if label.review.is_none() && label.succession.is_none() {
            return Err(EmitError::Lacks("a review date or a successor"));
        }
        if let Some(name) = label.information.foreign.iter().chain(&label.foreign).next() {
            return Err(EmitError::Foreign(name.clone()));
        }
        // What came without saying for whom it speaks is written as what it was read as.
        let name = if label.kind == LabelKind::Unspecified { LabelKind::Originator } else { label.kind }.element();
        self.put(format_args!("<slab:{name}{namespaces}"));
        self.attribute("Id", label.id.as_deref())?;
        self.attribute("ReviewDateTime", label.review.as_ref().map(|review| review.text.as_str()))?;
        self.put(format_args!(">"));
        self.information(label)?;
        if let Some(originator) = &label.originator {
            self.put(format_args!("<slab:OriginatorID"));
            self.attribute("IDType", Some(&originator.kind))?;
            let name = sound(&originator.name)?;
            self.put(format_args!(">{name}</slab:OriginatorID>"));
        }
        self.text("CreationDateTime", &created.text)?;
        if let Some(succession) = &label.succession {
            self.put(format_args!("<slab:SuccessionHandling>"));
            self.text("SuccessionDateTime", &succession.at.text)?;
            self.label(&succession.label, "")?;
            self.put(format_args!("</slab:SuccessionHandling>"));
        }
        self.put(format_args!("</slab:{name}>"));
        Ok(())
    }

    fn information(&mut self, label: &ConfidentialityLabel) -> Result<(), EmitError> {
        let information = &label.information;
        self.put(format_args!("<slab:ConfidentialityInformation>"));
        self.policy(&information.policy)?;
        self.text("Classification", &information.classification)?;
        information.privacy_mark.iter().try_for_each(|mark| self.text("PrivacyMark", mark))?;
        information.categories.iter().try_for_each(|category| self.category(category))?;
        self.put(format_args!("</slab:ConfidentialityInformation>"));
        Ok(())
    }

    fn policy(&mut self, policy: &PolicyIdentifier) -> Result<(), EmitError> {
        self.put(format_args!("<slab:PolicyIdentifier"));
        self.oid(policy.id.as_deref())?;
        let name = sound(&policy.name)?;
        self.put(format_args!(">{name}</slab:PolicyIdentifier>"));
        Ok(())
    }

    fn category(&mut self, category: &LabelCategory) -> Result<(), EmitError> {
        self.put(format_args!("<slab:Category Type=\"{}\"", category.kind.word()));
        self.attribute("TagName", Some(&category.tag_name))?;
        self.oid(category.id.as_deref())?;
        self.put(format_args!(">"));
        category.values.iter().try_for_each(|value| self.text("GenericValue", value))?;
        self.put(format_args!("</slab:Category>"));
        Ok(())
    }

    fn oid(&mut self, id: Option<&str>) -> Result<(), EmitError> {
        self.attribute("URI", id.map(|id| format!("urn:oid:{id}")).as_deref())
    }

    fn attribute(&mut self, name: &str, value: Option<&str>) -> Result<(), EmitError> {
        if let Some(value) = value {
            let value = sound(value)?;
            self.put(format_args!(" {name}=\"{value}\""));
        }
        Ok(())
    }

    fn text(&mut self, name: &str, value: &str) -> Result<(), EmitError> {
        let value = sound(value)?;
        self.put(format_args!("<slab:{name}>{value}</slab:{name}>"));
        Ok(())
    }
}

/// `text` escaped, if reading gives it back: a token of XML characters, not empty.
fn sound(text: &str) -> Result<String, EmitError> {
    let is_xml = |c: char| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let given_back = !text.is_empty() && text.chars().all(is_xml) && token(text) == text;
    if given_back { Ok(escape(text)) } else { Err(EmitError::Text(short(text))) }
}
