//! XML SPIF 2.1 into a [`Spif`]: the file itself, its policies and classifications. Tags are in `tags`, phrases in `phrases`.
//!
//! An element or attribute that is not known here is an error: it could be a rule. Whether what is read makes sense together is
//! [`check`](mod@super::check)'s question. Schema 2.0 is read alike; 3.0 is another format and is refused.

mod phrases;
mod tags;

use super::model::{Applied, Classification, EquivalentClass, Membership, PolicyName, Spif};
use super::time::leading_day;
use super::xml::{Element, XmlError, short, token, with_root};

/// The namespace of policy files.
pub const SPIF_NAMESPACE: &str = "http://www.xmlspif.org/spif";
/// The namespace of the extension for memberships, which carries no dates.
pub const MEMBERSHIP_NAMESPACE: &str = "urn:nato:stanag:4774:spif:extensions:1:0";
/// The longest policy file: NATO's own has 87 KB.
pub const SPIF_BYTES_MAX: usize = 1 << 20;

const SCHEMAS: [&str; 2] = ["2.0", "2.1"];
const ROOT_ATTRIBUTES: [&str; 7] = ["schemaVersion", "version", "creationDate", "originatorDN", "keyIdentifier", "privilegeId", "rbacId"];

impl Spif {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`XmlError`] with line, column and element, for whatever the format does not have.
    pub fn parse(text: &str) -> Result<Self, XmlError> {
        with_root(text, ("policy file", SPIF_BYTES_MAX), read_spif)
    }
}

fn read_spif(root: Element<'_, '_>) -> Result<Spif, XmlError> {
    let schema = schema(root)?;
    root.only_attributes(&ROOT_ATTRIBUTES)?;
    root.without_text()?;
    let mut spif = Spif {
        schema,
        version: root.attribute("version").map(token),
        created: root.attribute("creationDate").and_then(leading_day),
        policy: PolicyName { name: String::new(), id: String::new(), place: root.place() },
        classifications: Vec::new(),
        tag_sets: Vec::new(),
        privacy_marks: Vec::new(),
        equivalent_policies: Vec::new(),
        markings: phrases::read(root)?,
        memberships: Vec::new(),
    };
    let mut seen: Vec<&str> = Vec::new();
    for child in root.children() {
        let name = known(child)?;
        if seen.contains(&name) && !phrases::is(child) {
            return Err(child.wrong("stands here a second time", "keep one"));
        }
        seen.push(name);
        read_part(&mut spif, child)?;
    }
    if spif.policy.name.is_empty() {
        return Err(root.wrong("has no `securityPolicyId`", "add it with `name` and `id`"));
    }
    if spif.classifications.is_empty() {
        return Err(root.wrong("has no classification", "add `securityClassifications` with at least one"));
    }
    Ok(spif)
}

fn schema(root: Element<'_, '_>) -> Result<String, XmlError> {
    if root.name() != "SPIF" || !root.namespace().starts_with(SPIF_NAMESPACE) {
        return Err(root.wrong(
            format!("of namespace `{}` is no policy file", short(root.namespace())),
            format!("the root of one is `SPIF` of `{SPIF_NAMESPACE}`"),
        ));
    }
    let version = root.required("schemaVersion")?;
    if root.namespace() == SPIF_NAMESPACE && SCHEMAS.contains(&version.as_str()) {
        return Ok(version);
    }
    let what = if version.starts_with('3') { "another format, which this release does not read" } else { "not a schema that is known" };
    Err(root.wrong_attribute("schemaVersion", &format!("`{}` is {what}", short(&version)), "export the policy as XML SPIF 2.1"))
}

/// The name of an element of the policy's namespace.
fn known<'a>(element: Element<'a, '_>) -> Result<&'a str, XmlError> {
    if element.namespace() == SPIF_NAMESPACE {
        Ok(element.name())
    } else {
        Err(element.wrong("is of another namespace, and what is not known could restrict", "move it into `extensions`, or remove it"))
    }
}

/// The error for an element that stands where it is not known.
fn unknown(element: Element<'_, '_>, parent: &str) -> XmlError {
    element.wrong(format!("is not known inside `{parent}`, and what is not known could restrict"), "remove it, or mend its name")
}

fn read_part(spif: &mut Spif, part: Element<'_, '_>) -> Result<(), XmlError> {
    match part.name() {
        "defaultSecurityPolicyId" => policy_name(part).map(drop),
        "securityPolicyId" => policy_name(part).map(|policy| spif.policy = policy),
        "securityClassifications" => {
            spif.classifications = list(part, "securityClassification", classification)?;
            Ok(())
        }
        "securityCategoryTagSets" => {
            spif.tag_sets = list(part, "securityCategoryTagSet", tags::tag_set)?;
            Ok(())
        }
        "privacyMarks" => {
            spif.privacy_marks = list(part, "privacyMark", |mark| mark.required("name"))?;
            Ok(())
        }
        "equivalentPolicies" => {
            spif.equivalent_policies = list(part, "equivalentPolicy", policy_name)?;
            Ok(())
        }
        "extensions" => {
            spif.memberships = memberships(part)?;
            Ok(())
        }
        _ if phrases::is(part) => Ok(()),
        _ => Err(unknown(part, "SPIF")),
    }
}

/// Every element inside `parent`, each of which is a `name`.
fn list<'a, 'd, T>(parent: Element<'a, 'd>, name: &str, read: impl Fn(Element<'a, 'd>) -> Result<T, XmlError>) -> Result<Vec<T>, XmlError> {
    parent.only_attributes(&[])?;
    parent.without_text()?;
    let one = |child: Element<'a, 'd>| if known(child)? == name { read(child) } else { Err(unknown(child, parent.name())) };
    parent.children().map(one).collect()
}

fn policy_name(element: Element<'_, '_>) -> Result<PolicyName, XmlError> {
    element.only_attributes(&["name", "id"])?;
    let id = identifier(element, "id")?;
    Ok(PolicyName { name: element.required("name")?, id, place: element.place() })
}

/// An object identifier, dotted, with or without `urn:oid:`.
fn identifier(element: Element<'_, '_>, attribute: &str) -> Result<String, XmlError> {
    let written = element.required(attribute)?;
    oid(&written).ok_or_else(|| {
        let why = format!("`{}` is not an object identifier", short(&written));
        element.wrong_attribute(attribute, &why, "write numbers with dots between them, such as 1.3.26.1.3.1")
    })
}

/// `text` as a dotted object identifier, without `urn:oid:`.
pub(super) fn oid(text: &str) -> Option<String> {
    let prefix = text.get(..8).filter(|prefix| prefix.eq_ignore_ascii_case("urn:oid:"));
    let dotted = text.get(prefix.map_or(0, str::len)..)?;
    let arc = |arc: &str| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
    dotted.split('.').all(arc).then(|| dotted.to_owned())
}

fn classification(element: Element<'_, '_>) -> Result<Classification, XmlError> {
    element.only_attributes(&["name", "lacv", "hierarchy", "color", "obsolete"])?;
    element.without_text()?;
    let mut read = Classification {
        place: element.place(),
        name: element.required("name")?,
        lacv: element.required_number("lacv")?,
        hierarchy: element.required_number("hierarchy")?,
        color: element.attribute("color").map(token),
        obsolete: element.flag("obsolete")?,
        equivalents: Vec::new(),
        markings: phrases::read(element)?,
        required: Vec::new(),
    };
    for child in element.children() {
        match known(child)? {
            "equivalentClassification" => read.equivalents.push(equivalent_class(child)?),
            "requiredCategory" => read.required.push(tags::required_categories(child)?),
            _ if phrases::is(child) => {}
            _ => return Err(unknown(child, "securityClassification")),
        }
    }
    Ok(read)
}

fn equivalent_class(element: Element<'_, '_>) -> Result<EquivalentClass, XmlError> {
    element.only_attributes(&["policyRef", "lacv", "applied"])?;
    let required = |child: Element<'_, '_>| match known(child)? {
        "requiredCategory" => tags::required_categories(child),
        _ => Err(unknown(child, "equivalentClassification")),
    };
    Ok(EquivalentClass {
        place: element.place(),
        policy: element.required("policyRef")?,
        lacv: element.required_number("lacv")?,
        applied: applied(element, &element.required("applied")?)?,
        required: element.children().map(required).collect::<Result<_, _>>()?,
    })
}

/// `encrypt` is a label that leaves the policy, `decrypt` one that comes into it.
fn applied(element: Element<'_, '_>, word: &str) -> Result<Applied, XmlError> {
    match word {
        "encrypt" => Ok(Applied { outward: true, inward: false }),
        "decrypt" => Ok(Applied { outward: false, inward: true }),
        "both" => Ok(Applied { outward: true, inward: true }),
        other => Err(element.wrong_attribute("applied", &format!("`{}` is not known", short(other)), "write encrypt, decrypt or both")),
    }
}

/// Extensions say nothing about labels, save memberships; those are read as names, for they carry no dates.
fn memberships(extensions: Element<'_, '_>) -> Result<Vec<Membership>, XmlError> {
    let mut all = Vec::new();
    let ours = |element: &Element<'_, '_>, name: &str| element.namespace() == MEMBERSHIP_NAMESPACE && element.name() == name;
    for group in extensions.children().filter(|child| ours(child, "memberships")).flat_map(Element::children) {
        if !ours(&group, "membership") {
            return Err(unknown(group, "memberships"));
        }
        let members = group
            .children()
            .map(|member| if ours(&member, "member") { extension_name(member) } else { Err(unknown(member, "membership")) });
        all.push(Membership { name: extension_name(group)?, members: members.collect::<Result<_, _>>()? });
    }
    Ok(all)
}

/// The extension writes its attributes in the policy's namespace; some write them without.
fn extension_name(element: Element<'_, '_>) -> Result<String, XmlError> {
    let qualified = element.qualified_attribute(SPIF_NAMESPACE, "name").map(token).filter(|name| !name.is_empty());
    qualified.map_or_else(|| element.required("name"), Ok)
}

#[cfg(test)]
mod tests;
