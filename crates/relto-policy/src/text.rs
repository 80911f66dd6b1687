//! Labels as people write and read them: `SECRET//REL TO USA, FRA`, `NATO RESTRICTED REL TO JPN`, `TLP:AMBER+STRICT`.
//!
//! [`parse_label`] refuses what it does not know and says what it would have accepted; it never guesses. [`display`] is its inverse for
//! everything it can produce, and says plainly what a join is that nobody could have written in one line.

mod banner;
mod choices;
mod display;
mod made;
mod slips;

use std::collections::BTreeSet;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use crate::nation;
use crate::policy::{HANDLING, LAW, Level, Policies, Policy, RELEASABLE_TO, TLP};
use crate::rules::Rules;
use crate::spif::lattice;
use crate::worlds::{Refused, Site, ism, pap};
use crate::{handling, law};

pub use banner::{BannerPart, banner, banner_parts};
pub use choices::{Choices, OfferedTag, offered_policies, offered_tags};
pub use display::{display, display_value, rules_in_words};
pub use made::{organisation_label, received_by, tlp_label};
pub use slips::nearest;

use slips::european;

/// Joins two labels in one text; both must be met.
const AND: &str = " AND ";
/// Stands before the date from which another label holds, and that label.
pub const FROM: &str = ", from ";
/// Policies that have a written form of their own; others are written as their file names things.
const WRITTEN: [&str; 3] = ["NATO", "EU", "USA"];

/// What a label text means beside its words: whose object, which collection, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelContext {
    /// When the label was made: groups are read as they were then.
    pub made: Stamp,
    /// The organisation that owns the object.
    pub owner: String,
    /// The collection's id, when the object is in one: TLP:AMBER means its recipients.
    pub collection: Option<String>,
}

/// Why a label text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// No scheme begins like this.
    #[error(
        "cannot read label `{0}`: write a US label (`SECRET//REL TO USA, FRA`), a NATO or EU label (`NATO SECRET REL TO JPN`), \
         a TLP label (`TLP:AMBER`), organisations (`ORG:A; B`) or the id of a marking-definition"
    )]
    Scheme(String),
    /// The policy has no such level.
    #[error("policy {policy} has no level `{given}`: it has {known}")]
    Level {
        /// The policy.
        policy: String,
        /// What was written.
        given: String,
        /// The levels there are.
        known: String,
    },
    /// An audience entry is neither a nation nor a group that the node knows.
    #[error("unknown nation or group `{given}` in `{label}`{}", suggestion(.nearest))]
    Audience {
        /// What was written.
        given: String,
        /// The whole label.
        label: String,
        /// A name like it.
        nearest: Option<String>,
    },
    /// The policy does not allow this combination.
    #[error("`{label}` is not a label that the policy allows: {why}")]
    NotAllowed {
        /// The whole label.
        label: String,
        /// The rule that it breaks.
        why: &'static str,
    },
    /// The policy's file does not allow it.
    #[error("`{label}` is not a label that the policy allows: {why}")]
    Breach {
        /// The whole label.
        label: String,
        /// Every rule that it breaks.
        why: String,
    },
    /// A marking of another world that its table does not map.
    #[error(transparent)]
    Foreign(#[from] Refused),
    /// A part that no table maps.
    #[error("`{part}` in `{label}` maps to nothing that this node knows, and what does not map is refused")]
    Unmapped {
        /// The part.
        part: String,
        /// The whole label.
        label: String,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    match nearest {
        Some(near) => format!(" (did you mean `{near}`?)"),
        None => ": declare a group with `relto group add` or give it to a user with `--member`".to_owned(),
    }
}

/// Reads a label as people write it. The id of a marking-definition is not resolved here.
///
/// # Errors
/// [`LabelError`] names the part that is wrong and what would be right.
pub fn parse_label(text: &str, rules: &Rules, context: &LabelContext) -> Result<Label, LabelError> {
    match split_dated(text) {
        Some((before, from, after)) => {
            let label = parse_label(before, rules, context)?;
            Ok(label.then(from, &parse_label(after, rules, context)?))
        }
        None => parse_timeless(text, rules, context),
    }
}

/// What holds before the last date in `text`, that date, and what holds from then on.
fn split_dated(text: &str) -> Option<(&str, Stamp, &str)> {
    let at = text.rfind(FROM)?;
    let (before, rest) = text.split_at_checked(at)?;
    let (date, after) = rest.get(FROM.len()..)?.trim_start().split_once(' ')?;
    Some((before, Stamp::parse(date).ok()?, after))
}

fn parse_timeless(text: &str, rules: &Rules, context: &LabelContext) -> Result<Label, LabelError> {
    let mut parts = text.split(AND);
    let first = parse_one(parts.next().unwrap_or(""), rules, context)?;
    parts.try_fold(first, |label, part| Ok(label.join(&parse_one(part, rules, context)?)))
}

fn parse_one(text: &str, rules: &Rules, context: &LabelContext) -> Result<Label, LabelError> {
    let text = text.trim();
    if text.len() > 1000 {
        return Err(LabelError::Scheme(text.chars().take(80).collect()));
    }
    let upper = text.to_uppercase();
    let words = upper.split_whitespace().collect::<Vec<_>>().join(" ");
    let read = Reader { label: text, rules, context };
    if words.starts_with('(') || words.starts_with("//") {
        let site = Site { rules, context, originator: Some(&context.owner) };
        Ok(ism::read(text, &site).map(|reading| reading.label)?)
    } else if words.starts_with("PAP:") {
        Ok(pap::read(text)?.label)
    } else if let Some(colour) = words.strip_prefix("TLP:") {
        read.tlp(colour)
    } else if let Some(names) = after(text, "ORG:") {
        read.organisations(names)
    } else if let Some(tags) = after(text, handling::PREFIX) {
        handling::parse(tags, &context.owner).map(|facet| Label::new(PolicyId::new(HANDLING), facet)).map_err(|part| read.unmapped(&part))
    } else if let Some(tags) = after(text, "LAW:") {
        let facet = law::text::parse(tags, &rules.law.rules).map_err(|error| read.breach(error.to_string()))?;
        Ok(Label::new(PolicyId::new(LAW), facet))
    } else if let Some(rest) = words.strip_prefix("NATO ") {
        read.alliance("NATO", rest)
    } else if let Some(rest) = words.strip_prefix("COSMIC TOP SECRET") {
        read.alliance("NATO", &format!("TOP SECRET{rest}"))
    } else if let Some(rest) = european(&words) {
        read.alliance("EU", &rest)
    } else if let Some((policy, rest)) = of_a_file(text, &rules.policies) {
        read.of_file(policy, rest)
    } else if words.contains("//") || rules.policies.find("USA").is_some_and(|usa| usa.level(&words).is_some()) {
        read.american(&words)
    } else {
        Err(LabelError::Scheme(text.chars().take(80).collect()))
    }
}

/// What follows `prefix`, in any case.
fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).and(text.get(prefix.len()..))
}

/// The policy from a file that `text` begins with the name of, the longest such name, and what follows it.
fn of_a_file<'p, 't>(text: &'t str, policies: &'p Policies) -> Option<(&'p Policy, &'t str)> {
    let from_files = policies.iter().filter(|policy| policy.file.is_some() && !WRITTEN.contains(&policy.name.as_str()));
    let named = from_files.filter_map(|policy| {
        let (name, rest) = text.split_at_checked(policy.name.len())?;
        (name.eq_ignore_ascii_case(&policy.name) && rest.starts_with(' ')).then_some((policy, rest.trim()))
    });
    named.max_by_key(|(policy, _)| policy.name.len())
}

struct Reader<'a> {
    label: &'a str,
    rules: &'a Rules,
    context: &'a LabelContext,
}

impl Reader<'_> {
    fn tlp(&self, colour: &str) -> Result<Label, LabelError> {
        let colour = if colour.trim() == "WHITE" { "CLEAR" } else { colour.trim() };
        let level = self.level_of(TLP, colour)?.1;
        Ok(tlp_label(level, self.context))
    }

    fn organisations(&self, names: &str) -> Result<Label, LabelError> {
        let names: Vec<&str> = names.split(';').map(str::trim).filter(|name| !name.is_empty()).collect();
        // Such a name would read as the end of one label and the beginning of another.
        if names.iter().any(|name| name.split(' ').any(|word| word == "AND") || name.contains(FROM)) {
            return Err(self.not_allowed("the name of an organisation does not hold the word `AND`, nor `, from `"));
        }
        if names.is_empty() {
            return Err(self.not_allowed("an `ORG:` label names at least one organisation, several with `;` between them"));
        }
        Ok(organisation_label(names))
    }

    /// `LEVEL [SENSITIVITY]... [REL TO A, B]`, the audience being the alliance and those named.
    fn alliance(&self, name: &'static str, rest: &str) -> Result<Label, LabelError> {
        let rest =
            if name == "NATO" { rest.strip_prefix("COSMIC ").filter(|rest| rest.starts_with("TOP SECRET")).unwrap_or(rest) } else { rest };
        let (head, released) = split_release(rest);
        let (policy, level, sensitivities) = self.longest_level(name, head)?;
        let mut facet = Facet::at_level(level);
        for word in sensitivities.split([' ', ',', '/']).filter(|word| !word.is_empty()) {
            let value = policy.restrictive(word).ok_or_else(|| self.unmapped(word))?;
            facet.restrictive.insert(Restriction { tag: value.tag.clone(), value: value.name.clone() });
        }
        if level < 3 && !facet.restrictive.is_empty() {
            return Err(self.not_allowed("an additional sensitivity needs CONFIDENTIAL or above"));
        }
        let mut audience = vec![self.audience_value(name)?];
        if let Some(list) = released {
            audience.extend(self.audience(list)?);
        }
        self.allowed(policy, facet.only(Clause::new(RELEASABLE_TO, audience)))
    }

    /// `CLASS[//SCI]//REL TO USA, ...` or `CLASS//NOFORN`.
    fn american(&self, words: &str) -> Result<Label, LabelError> {
        let mut segments = words.split("//").map(str::trim);
        let (policy, level) = self.level_of("USA", segments.next().unwrap_or(""))?;
        let mut facet = Facet::at_level(level);
        let mut audience: Option<Vec<Value>> = None;
        for segment in segments.filter(|segment| !segment.is_empty()) {
            let nations = if let Some(list) = segment.strip_prefix("REL TO ") {
                Some(self.american_release(list)?)
            } else if matches!(segment, "NOFORN" | "NF") {
                Some(vec![Value::Nation("USA".to_owned())])
            } else {
                for control in segment.split('/') {
                    let value = policy.restrictive(control.trim()).ok_or_else(|| self.unmapped(control))?;
                    facet.restrictive.insert(Restriction { tag: value.tag.clone(), value: value.name.clone() });
                }
                None
            };
            if nations.is_some() && audience.is_some() {
                return Err(self.not_allowed("NOFORN and REL TO exclude each other, and each stands once"));
            }
            audience = audience.or(nations);
        }
        let audience = audience.ok_or_else(|| self.not_allowed("say for whom: add `//NOFORN` or `//REL TO USA, ...`"))?;
        self.allowed(policy, facet.only(Clause::new(RELEASABLE_TO, audience)))
    }

    /// `CLASSIFICATION; TAG=VALUE, VALUE; ...`, names being those of the policy's file.
    fn of_file(&self, policy: &Policy, rest: &str) -> Result<Label, LabelError> {
        let facet = lattice::parse(policy, rest, self.rules, self.context.made);
        facet.map(|facet| Label::new(PolicyId::new(&policy.name), facet)).map_err(|why| self.breach(why))
    }

    /// The label of `facet`, if the policy's file allows it.
    fn allowed(&self, policy: &Policy, facet: Facet) -> Result<Label, LabelError> {
        lattice::check(policy, &facet, self.context.made).map_err(|why| self.breach(why))?;
        Ok(Label::new(PolicyId::new(&policy.name), facet))
    }

    fn breach(&self, why: String) -> LabelError {
        LabelError::Breach { label: self.label.to_owned(), why }
    }

    fn american_release(&self, list: &str) -> Result<Vec<Value>, LabelError> {
        let values: BTreeSet<Value> = self.audience(list)?.into_iter().collect();
        let names_usa = values.contains(&Value::Nation("USA".to_owned()));
        match (names_usa, values.len()) {
            (false, _) => Err(self.not_allowed("a US REL TO list begins with USA")),
            (true, 1) => Err(self.not_allowed("REL TO names USA and at least one other; for USA alone write NOFORN")),
            (true, _) => Ok(values.into_iter().collect()),
        }
    }

    fn audience(&self, list: &str) -> Result<Vec<Value>, LabelError> {
        let names = list.split(',').map(str::trim).collect::<Vec<_>>();
        names.into_iter().map(|name| self.audience_value(name)).collect()
    }

    fn audience_value(&self, name: &str) -> Result<Value, LabelError> {
        audience_value(name, self.rules, self.context.made).map_err(|nearest| LabelError::Audience {
            given: name.to_owned(),
            label: self.label.to_owned(),
            nearest,
        })
    }

    fn policy(&self, name: &str, given: &str) -> Result<&Policy, LabelError> {
        self.rules.policies.find(name).ok_or_else(|| LabelError::Scheme(given.to_owned()))
    }

    fn level_of(&self, name: &str, given: &str) -> Result<(&Policy, u8), LabelError> {
        let policy = self.policy(name, given)?;
        policy.level(given).map(|level| (policy, level.rank)).ok_or_else(|| no_level(policy, given))
    }

    /// The level that `head` begins with, and what follows it.
    fn longest_level<'h>(&self, name: &str, head: &'h str) -> Result<(&Policy, u8, &'h str), LabelError> {
        let policy = self.policy(name, head)?;
        let after =
            |level: &Level| head.strip_prefix(level.name.as_str()).filter(|rest| rest.is_empty() || rest.starts_with([' ', '/', ',']));
        let found =
            policy.levels.iter().filter_map(|level| after(level).map(|rest| (level, rest))).max_by_key(|(level, _)| level.name.len());
        found.map(|(level, rest)| (policy, level.rank, rest)).ok_or_else(|| no_level(policy, head))
    }

    fn not_allowed(&self, why: &'static str) -> LabelError {
        LabelError::NotAllowed { label: self.label.to_owned(), why }
    }

    fn unmapped(&self, part: &str) -> LabelError {
        LabelError::Unmapped { part: part.to_owned(), label: self.label.to_owned() }
    }
}

/// The nation or group called `name` (upper case) in a label made at `made`; a name like it when there is none.
pub(crate) fn audience_value(name: &str, rules: &Rules, made: Stamp) -> Result<Value, Option<String>> {
    if nation::index(name).is_some() {
        Ok(Value::Nation(name.to_owned()))
    } else if rules.knows_group(name) {
        Ok(Value::Group { name: name.to_owned(), as_of: rules.as_of(name, made) })
    } else {
        let nations: Vec<&str> = nation::codes().collect();
        let groups = rules.memberships.groups().chain(rules.groups.iter().map(String::as_str));
        Err(nearest(name, groups.chain(nations)))
    }
}

/// `rest` up to and after `REL TO` or `RELEASABLE TO`.
fn split_release(rest: &str) -> (&str, Option<&str>) {
    for separator in ["REL TO ", "RELEASABLE TO "] {
        if let Some((head, list)) = rest.split_once(separator) {
            return (head.trim().trim_end_matches('/').trim(), Some(list));
        }
    }
    (rest.trim(), None)
}

fn no_level(policy: &Policy, given: &str) -> LabelError {
    let known = policy.levels.iter().map(|level| level.name.as_str()).collect::<Vec<_>>().join(", ");
    LabelError::Level { policy: policy.name.clone(), given: given.chars().take(80).collect(), known }
}

#[cfg(test)]
mod tests;
