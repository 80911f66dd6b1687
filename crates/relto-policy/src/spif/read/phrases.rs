//! `markingData` and `markingQualifier`: phrases by language and code, and what stands around lists.

use super::super::model::{MarkingCode, MarkingData, Markings, Qualifier, QualifierCode};
use super::super::xml::{Element, XmlError, short, token};
use super::{known, unknown};

/// Whether `element` is one of the two.
pub(super) fn is(element: Element<'_, '_>) -> bool {
    matches!(element.name(), "markingData" | "markingQualifier")
}

/// All of them inside `parent`.
pub(super) fn read(parent: Element<'_, '_>) -> Result<Markings, XmlError> {
    let mut markings = Markings::default();
    for child in parent.children() {
        match child.name() {
            "markingData" => markings.data.push(marking_data(child)?),
            "markingQualifier" => markings.qualifiers.extend(qualifiers(child)?),
            _ => {}
        }
    }
    Ok(markings)
}

fn marking_data(element: Element<'_, '_>) -> Result<MarkingData, XmlError> {
    element.only_attributes(&["phrase"])?;
    element.without_text()?;
    let code = |child: Element<'_, '_>| match known(child)? {
        "code" => marking_code(child, &child.token()?),
        _ => Err(unknown(child, "markingData")),
    };
    Ok(MarkingData {
        language: element.language(),
        phrase: element.attribute("phrase").map(token),
        codes: element.children().map(code).collect::<Result<_, _>>()?,
    })
}

fn marking_code(element: Element<'_, '_>, word: &str) -> Result<MarkingCode, XmlError> {
    match word {
        "pageTop" | "pageBottom" | "pageTopBottom" => Ok(MarkingCode::Page),
        "documentStart" | "documentEnd" | "firstLineOfText" | "lastLineOfText" | "subject" | "xHeader" | "portionMarking"
        | "inputTitle" | "waterMark" => Ok(MarkingCode::Elsewhere),
        "noNameDisplay" => Ok(MarkingCode::NoName),
        "noMarkingDisplay" => Ok(MarkingCode::NoMarking),
        "suppressClassName" => Ok(MarkingCode::SuppressClassName),
        "replacePolicy" => Ok(MarkingCode::ReplacePolicy),
        other => Err(element.wrong(format!("`{}` is not a marking code", short(other)), "see XML SPIF 2.1, for instance pageTopBottom")),
    }
}

/// The qualifiers of a banner; those for another place are read and left out.
fn qualifiers(element: Element<'_, '_>) -> Result<Vec<Qualifier>, XmlError> {
    element.only_attributes(&["markingCode"])?;
    element.without_text()?;
    let place = element.attribute("markingCode").map(|code| marking_code(element, code.trim())).transpose()?;
    let one = |child: Element<'_, '_>| match known(child)? {
        "qualifier" => qualifier(child),
        _ => Err(unknown(child, "markingQualifier")),
    };
    let read: Vec<Qualifier> = element.children().map(one).collect::<Result<_, _>>()?;
    Ok(if place == Some(MarkingCode::Elsewhere) { Vec::new() } else { read })
}

fn qualifier(element: Element<'_, '_>) -> Result<Qualifier, XmlError> {
    element.only_attributes(&["markingQualifier", "qualifierCode"])?;
    let code = match element.required("qualifierCode")?.as_str() {
        "prefix" => QualifierCode::Prefix,
        "separator" => QualifierCode::Separator,
        "suffix" => QualifierCode::Suffix,
        other => {
            let why = format!("`{}` is not known", short(other));
            return Err(element.wrong_attribute("qualifierCode", &why, "write prefix, separator or suffix"));
        }
    };
    let text = element.attribute("markingQualifier").unwrap_or_default().to_owned();
    Ok(Qualifier { language: element.language(), code, text })
}
