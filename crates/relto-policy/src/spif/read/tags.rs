//! Tag sets, their tags and values, and the references between them.

use super::super::model::{
    Applied, Category, CategoryRef, EquivalentCategory, ForeignCategory, Limits, Operation, RequiredCategories, Tag, TagSet, TagType,
};
use super::super::time;
use super::super::xml::{Element, XmlError, short, token};
use super::{applied, identifier, known, phrases, unknown};
use relto_model::Stamp;

pub(super) fn tag_set(element: Element<'_, '_>) -> Result<TagSet, XmlError> {
    element.only_attributes(&["name", "id"])?;
    element.without_text()?;
    let mut set = TagSet {
        place: element.place(),
        name: element.required("name")?,
        id: identifier(element, "id")?,
        tags: Vec::new(),
        markings: phrases::read(element)?,
    };
    for child in element.children() {
        match known(child)? {
            "securityCategoryTag" => set.tags.push(tag(child, &set.name)?),
            _ if phrases::is(child) => {}
            _ => return Err(unknown(child, "securityCategoryTagSet")),
        }
    }
    Ok(set)
}

/// A tag without a name bears that of its set.
fn tag(element: Element<'_, '_>, set_name: &str) -> Result<Tag, XmlError> {
    const KNOWN: [&str; 7] = ["name", "tagType", "enumType", "tag7Encoding", "singleSelection", "minSelection", "maxSelection"];
    element.only_attributes(&KNOWN)?;
    element.without_text()?;
    let limits = Limits {
        single: element.flag("singleSelection")?,
        min: element.number("minSelection")?.unwrap_or(0),
        max: element.number("maxSelection")?,
    };
    let mut read = Tag {
        place: element.place(),
        name: element.attribute("name").map_or_else(|| set_name.to_owned(), token),
        kind: tag_type(element)?,
        limits,
        categories: Vec::new(),
        markings: phrases::read(element)?,
    };
    for child in element.children() {
        match known(child)? {
            "tagCategory" => read.categories.push(category(child)?),
            _ if phrases::is(child) => {}
            _ => return Err(unknown(child, "securityCategoryTag")),
        }
    }
    Ok(read)
}

/// The type map of labels-policy §1.6: what an enumerated tag does stands in `enumType`.
fn tag_type(element: Element<'_, '_>) -> Result<TagType, XmlError> {
    let word = element.required("tagType")?;
    let basic = match word.as_str() {
        "enumerated" => element.required("enumType")?,
        other => other.to_owned(),
    };
    match basic.as_str() {
        "restrictive" => Ok(TagType::Restrictive),
        "permissive" => Ok(TagType::Permissive),
        "tagType7" if word != "enumerated" => Ok(TagType::Informative),
        other => {
            let name = if word == "enumerated" { "enumType" } else { "tagType" };
            let cure = "write restrictive, permissive, enumerated with an enumType of these, or tagType7";
            Err(element.wrong_attribute(name, &format!("`{}` maps to no type of tag", short(other)), cure))
        }
    }
}

fn category(element: Element<'_, '_>) -> Result<Category, XmlError> {
    element.only_attributes(&["name", "lacv", "requiredClass", "obsolete", "userInput", "notBefore", "notAfter"])?;
    element.without_text()?;
    let mut read = Category {
        place: element.place(),
        name: element.required("name")?,
        lacv: element.required_number("lacv")?,
        required_class: element.attribute("requiredClass").map(|_| element.required("requiredClass")).transpose()?,
        excluded_classes: Vec::new(),
        required: Vec::new(),
        excluded: Vec::new(),
        obsolete: element.flag("obsolete")?,
        user_input: user_input(element)?,
        not_before: moment(element, "notBefore", time::first)?,
        not_after: moment(element, "notAfter", time::last)?,
        equivalents: Vec::new(),
        markings: phrases::read(element)?,
    };
    for child in element.children() {
        match known(child)? {
            "excludedClass" => read.excluded_classes.push(class_name(child)?),
            "requiredCategory" => read.required.push(required_categories(child)?),
            "excludedCategory" => read.excluded.push(excluded_category(child)?),
            "equivalentSecCategoryTag" => read.equivalents.push(equivalent_category(child)?),
            _ if phrases::is(child) => {}
            _ => return Err(unknown(child, "tagCategory")),
        }
    }
    Ok(read)
}

/// `userInput` names a kind of input; `false` and `none` name none.
fn user_input(element: Element<'_, '_>) -> Result<Option<String>, XmlError> {
    let kind = element.attribute("userInput").map(token);
    match kind.as_deref() {
        Some("") => Err(element.wrong_attribute("userInput", "is empty", "write date, or the kind of input")),
        Some("false" | "none") => Ok(None),
        _ => Ok(kind),
    }
}

fn moment(element: Element<'_, '_>, name: &str, read: fn(&str) -> Option<Stamp>) -> Result<Option<Stamp>, XmlError> {
    let one = |text: &str| {
        let why = format!("`{}` is neither a day nor a time with zone", short(text));
        read(text.trim()).ok_or_else(|| element.wrong_attribute(name, &why, "write 2026-01-31 or 2026-01-31T12:00:00Z"))
    };
    element.attribute(name).map(one).transpose()
}

fn class_name(element: Element<'_, '_>) -> Result<String, XmlError> {
    element.only_attributes(&[])?;
    let name = element.token()?;
    if name.is_empty() { Err(element.wrong("is empty", "name a classification, or remove it")) } else { Ok(name) }
}

/// `requiredCategory`: an operation over groups.
pub(super) fn required_categories(element: Element<'_, '_>) -> Result<RequiredCategories, XmlError> {
    element.only_attributes(&["operation"])?;
    element.without_text()?;
    let operation = match element.required("operation")?.as_str() {
        "onlyOne" => Operation::OnlyOne,
        "oneOrMore" => Operation::OneOrMore,
        "all" => Operation::All,
        other => {
            let why = format!("`{}` is not known", short(other));
            return Err(element.wrong_attribute("operation", &why, "write onlyOne, oneOrMore or all"));
        }
    };
    let group = |child: Element<'_, '_>| match known(child)? {
        "categoryGroup" => {
            child.only_attributes(&["tagSetRef", "tagType", "enumType", "lacv"])?;
            category_ref(child)
        }
        _ => Err(unknown(child, "requiredCategory")),
    };
    let groups = element.children().map(group).collect::<Result<Vec<_>, _>>()?;
    if groups.is_empty() {
        return Err(element.wrong("requires nothing", "add a `categoryGroup`, or remove it"));
    }
    Ok(RequiredCategories { place: element.place(), operation, groups })
}

/// `excludedCategory`: a value, or with `all="true"`, or without `lacv`, every value of the type in the set.
fn excluded_category(element: Element<'_, '_>) -> Result<CategoryRef, XmlError> {
    element.only_attributes(&["tagSetRef", "tagType", "enumType", "lacv", "all"])?;
    let all = element.flag("all")?;
    let reference = category_ref(element)?;
    if all && reference.lacv.is_some() {
        return Err(element.wrong_attribute("all", "stands beside `lacv`, which names one value", "keep one of the two"));
    }
    Ok(reference)
}

fn category_ref(element: Element<'_, '_>) -> Result<CategoryRef, XmlError> {
    let lacv = element.attribute("lacv").filter(|word| word.trim() != "all").is_some();
    Ok(CategoryRef {
        place: element.place(),
        tag_set: element.required("tagSetRef")?,
        kind: tag_type(element)?,
        lacv: if lacv { element.number("lacv")? } else { None },
    })
}

fn equivalent_category(element: Element<'_, '_>) -> Result<EquivalentCategory, XmlError> {
    element.only_attributes(&["policyRef", "tagSetId", "tagType", "enumType", "lacv", "action", "applied"])?;
    let way = element.attribute("applied").map(|word| applied(element, word.trim())).transpose()?;
    let target = match element.attribute("action").map(str::trim) {
        Some("discard") => None,
        Some(other) => {
            let why = format!("`{}` is not known", short(other));
            return Err(element.wrong_attribute("action", &why, "write discard, or remove it"));
        }
        None => Some(ForeignCategory {
            tag_set_id: identifier(element, "tagSetId")?,
            kind: tag_type(element)?,
            lacv: element.required_number("lacv")?,
        }),
    };
    Ok(EquivalentCategory {
        place: element.place(),
        policy: element.required("policyRef")?,
        applied: way.unwrap_or(Applied { outward: true, inward: true }),
        target,
    })
}
