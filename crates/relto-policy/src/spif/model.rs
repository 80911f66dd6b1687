//! A security policy information file as values: what [`read`](super::read) makes and everything else here looks at.
//!
//! Names compare without regard to ASCII case (ADatP-4774.1: NATO and PUBLIC values do); numbers (lacv) compare as numbers, so that `004`
//! is 4. Nothing here is checked against anything else: that is [`check`](mod@super::check)'s.

use relto_model::Stamp;

use super::xml::Place;

/// A security policy information file, XML SPIF 2.1 (or 2.0, which is read alike).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spif {
    /// `schemaVersion`: 2.0 or 2.1.
    pub schema: String,
    /// `version` of the policy, as written.
    pub version: Option<String>,
    /// The day of `creationDate`; `None` when it is missing or no date can be read from it.
    pub created: Option<Stamp>,
    /// The policy that it is about.
    pub policy: PolicyName,
    /// Its classifications, in the order of the file.
    pub classifications: Vec<Classification>,
    /// Its tag sets, in the order of the file.
    pub tag_sets: Vec<TagSet>,
    /// The privacy marks that it knows; empty when it says nothing of them.
    pub privacy_marks: Vec<String>,
    /// Policies that its equivalences may speak of.
    pub equivalent_policies: Vec<PolicyName>,
    /// How its name is shown, and what stands around a whole marking.
    pub markings: Markings,
    /// Memberships by name, without dates: they are shown, and decide nothing.
    pub memberships: Vec<Membership>,
}

/// A policy by name and object identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyName {
    /// The name.
    pub name: String,
    /// The identifier, dotted, without `urn:oid:`.
    pub id: String,
    /// Where it stands.
    pub place: Place,
}

/// A classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Its number in this policy.
    pub lacv: u64,
    /// Higher is more sensitive.
    pub hierarchy: u64,
    /// A colour for its banner, as written.
    pub color: Option<String>,
    /// Whether labels from now on may not use it.
    pub obsolete: bool,
    /// What it is in other policies.
    pub equivalents: Vec<EquivalentClass>,
    /// How it is shown.
    pub markings: Markings,
    /// Categories that a label of this classification needs.
    pub required: Vec<RequiredCategories>,
}

/// A tag set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSet {
    /// Where it stands.
    pub place: Place,
    /// Its name, which labels give as `TagName`.
    pub name: String,
    /// Its object identifier, dotted.
    pub id: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What stands around the values of tags that say nothing of it themselves.
    pub markings: Markings,
}

/// What a tag does with access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagType {
    /// The reader must hold every value.
    Restrictive,
    /// The reader must hold one of the values.
    Permissive,
    /// Nothing.
    Informative,
}

impl TagType {
    /// As labels write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Restrictive => "RESTRICTIVE",
            Self::Permissive => "PERMISSIVE",
            Self::Informative => "INFORMATIVE",
        }
    }
}

/// A tag of a tag set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// What it does with access.
    pub kind: TagType,
    /// How many values a label may, and must, choose.
    pub limits: Limits,
    /// Its values.
    pub categories: Vec<Category>,
    /// What stands around its values.
    pub markings: Markings,
}

/// How many values of a tag a label has. A minimum above 0 makes the tag mandatory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// At most one.
    pub single: bool,
    /// At least this many.
    pub min: u64,
    /// At most this many.
    pub max: Option<u64>,
}

impl Limits {
    /// The largest number that all limits allow.
    #[must_use]
    pub fn most(self) -> u64 {
        self.max.unwrap_or(u64::MAX).min(if self.single { 1 } else { u64::MAX })
    }
}

/// A value of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Where it stands.
    pub place: Place,
    /// Its name, which labels give as `GenericValue`.
    pub name: String,
    /// Its number in the tag.
    pub lacv: u64,
    /// The one classification that it goes with.
    pub required_class: Option<String>,
    /// Classifications that it does not go with.
    pub excluded_classes: Vec<String>,
    /// Categories that a label with it needs.
    pub required: Vec<RequiredCategories>,
    /// Categories that a label with it may not have.
    pub excluded: Vec<CategoryRef>,
    /// Whether labels from now on may not use it.
    pub obsolete: bool,
    /// What its value is, when the author writes it: `date`, or other words.
    pub user_input: Option<String>,
    /// The first instant at which it may be used.
    pub not_before: Option<Stamp>,
    /// The last instant at which it may be used.
    pub not_after: Option<Stamp>,
    /// What it is in other policies.
    pub equivalents: Vec<EquivalentCategory>,
    /// How it is shown.
    pub markings: Markings,
}

/// Points at one value of a tag set, or at all of them that have a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRef {
    /// Where it stands.
    pub place: Place,
    /// The tag set by name.
    pub tag_set: String,
    /// Tags of this type.
    pub kind: TagType,
    /// The value; `None` is any.
    pub lacv: Option<u64>,
}

/// How many of the groups of a [`RequiredCategories`] a label needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// One value of them, no more.
    OnlyOne,
    /// One value or more.
    OneOrMore,
    /// A value of each.
    All,
}

/// Categories that a label needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredCategories {
    /// Where it stands.
    pub place: Place,
    /// How many.
    pub operation: Operation,
    /// Of these.
    pub groups: Vec<CategoryRef>,
}

/// When an equivalence counts: for a label that leaves this policy, for one that comes into it, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// From this policy to the other.
    pub outward: bool,
    /// From the other to this policy.
    pub inward: bool,
}

/// A classification of another policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquivalentClass {
    /// Where it stands.
    pub place: Place,
    /// The other policy, by its name among the equivalent policies.
    pub policy: String,
    /// The number of the classification there.
    pub lacv: u64,
    /// Which way.
    pub applied: Applied,
    /// Categories of the other policy that the label gets or needs there.
    pub required: Vec<RequiredCategories>,
}

/// A category of another policy, or nothing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquivalentCategory {
    /// Where it stands.
    pub place: Place,
    /// The other policy, by its name among the equivalent policies.
    pub policy: String,
    /// Which way.
    pub applied: Applied,
    /// `None` is `action="discard"`: the value has no counterpart and is left out.
    pub target: Option<ForeignCategory>,
}

/// A value in another policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCategory {
    /// The tag set by object identifier.
    pub tag_set_id: String,
    /// The type of the tag there.
    pub kind: TagType,
    /// The number of the value there.
    pub lacv: u64,
}

/// Phrases and what stands around lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markings {
    /// Phrases.
    pub data: Vec<MarkingData>,
    /// What stands around.
    pub qualifiers: Vec<Qualifier>,
}

/// A phrase in a language, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkingData {
    /// `xml:lang` in lower case; `None` is for every language that has no phrase of its own.
    pub language: Option<String>,
    /// The phrase; `None` when only the codes matter.
    pub phrase: Option<String>,
    /// Where it goes and what it does.
    pub codes: Vec<MarkingCode>,
}

/// What a phrase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkingCode {
    /// On the top or bottom of pages: what a banner shows.
    Page,
    /// Elsewhere: in a subject, a header of a message, a water mark and the like.
    Elsewhere,
    /// The name is not shown.
    NoName,
    /// The phrase is not shown.
    NoMarking,
    /// The name of the classification is not shown.
    SuppressClassName,
    /// The phrase stands for the policy's name.
    ReplacePolicy,
}

/// Where a qualifier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QualifierCode {
    /// Before all.
    Prefix,
    /// Between two.
    Separator,
    /// After all.
    Suffix,
}

/// A text around or between what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualifier {
    /// `xml:lang` in lower case.
    pub language: Option<String>,
    /// Where it stands.
    pub code: QualifierCode,
    /// The text, white space and all.
    pub text: String,
}

/// A value and those that belong to it, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub name: String,
    /// Its members.
    pub members: Vec<String>,
}

impl PolicyName {
    /// Whether `name`, and `id` when one is given, are this policy's: who says two things means neither.
    #[must_use]
    pub fn is(&self, name: &str, id: Option<&str>) -> bool {
        same(&self.name, name) && id.is_none_or(|id| self.id == id)
    }
}

/// Whether two names are one: without regard to ASCII case.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl Spif {
    /// The classification called `name`.
    #[must_use]
    pub fn classification(&self, name: &str) -> Option<&Classification> {
        self.classifications.iter().find(|class| same(&class.name, name))
    }

    /// The classification of number `lacv`.
    #[must_use]
    pub fn classification_of(&self, lacv: u64) -> Option<&Classification> {
        self.classifications.iter().find(|class| class.lacv == lacv)
    }

    /// The tag set called `name`.
    #[must_use]
    pub fn tag_set(&self, name: &str) -> Option<&TagSet> {
        self.tag_sets.iter().find(|set| same(&set.name, name))
    }
}

impl TagSet {
    /// Its tags of one type.
    pub fn tags_of(&self, kind: TagType) -> impl Iterator<Item = &Tag> {
        self.tags.iter().filter(move |tag| tag.kind == kind)
    }
}
