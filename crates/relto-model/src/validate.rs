//! Holds one object's JSON to the tables in [`crate::schema`], in one walk that also gathers its references and markings.
//!
//! What the standard demands refuses; what it recommends is a warning. It judges an object alone: whether a reference resolves, or a
//! marking is known, is the node's question.

mod extensions;
mod identifiers;
mod markings;
mod values;

use serde_json::{Map, Value};

use crate::json::{Step, pointer};
use crate::kinds::Kinds;
use crate::object::{GranularMarking, ObjectError, Reference};
use crate::schema::{self, Class, Kind, Need, Property, Record, Rule};
use crate::{ObjectId, rules, time};

/// What an object's walk found.
pub(crate) struct Findings {
    pub(crate) id: ObjectId,
    pub(crate) class: Class,
    pub(crate) references: Vec<Reference>,
    pub(crate) object_markings: Vec<ObjectId>,
    pub(crate) granular_markings: Vec<GranularMarking>,
    pub(crate) inner_markings: Vec<ObjectId>,
    pub(crate) warnings: Vec<&'static str>,
}

type Checked = Result<(), ObjectError>;

/// Judges one object.
pub(crate) fn object(value: &Value, kinds: &Kinds) -> Result<Findings, ObjectError> {
    let mut walk = Walk { path: Vec::new(), references: Vec::new(), inner_markings: Vec::new(), warnings: Vec::new(), kinds };
    let Some(map) = value.as_object() else { return Err(walk.fault("3.2", "a STIX object must be a JSON object")) };
    let id = walk.identity(map)?;
    let standard = schema::kind(id.kind());
    let class = class(map, id.kind(), standard, kinds);
    walk.properties(map, schema::common(class, id.kind()), standard.map(|kind| &kind.record))?;
    if let Some(kind) = standard {
        walk.rules(map, &kind.record)?;
    }
    if class != Class::Sco {
        walk.not_before(map, "modified", "created", "3.2")?;
    }
    let object_markings = markings::of_object(map);
    let granular_markings = markings::granular(&mut walk, map)?;
    if class == Class::Sco {
        identifiers::check(&mut walk, map, &id)?;
    }
    kinds.judge(value, &id).map_err(|(pointer, message)| ObjectError::new(pointer, message, "7.3"))?;
    walk.advise(map, &id, standard.is_some());
    let Walk { references, inner_markings, warnings, .. } = walk;
    Ok(Findings { id, class, references, object_markings, granular_markings, inner_markings, warnings })
}

fn class(map: &Map<String, Value>, kind: &str, standard: Option<&Kind>, kinds: &Kinds) -> Class {
    let unversioned = || !map.contains_key("created") && !map.contains_key("modified");
    match standard.map(|kind| kind.class).or_else(|| kinds.class(kind)).or_else(|| extensions::declared_class(map)) {
        Some(class) => class,
        None if unversioned() => Class::Sco,
        None => Class::Custom,
    }
}

/// A place in an object, and what was gathered on the way to it.
pub(crate) struct Walk<'v> {
    path: Vec<Step<'v>>,
    references: Vec<Reference>,
    /// Markings that stand in a structure inside the object.
    inner_markings: Vec<ObjectId>,
    warnings: Vec<&'static str>,
    kinds: &'v Kinds,
}

impl<'v> Walk<'v> {
    fn fault(&self, section: &'static str, message: impl Into<String>) -> ObjectError {
        ObjectError::new(pointer(self.path.iter().copied()), message.into(), section)
    }

    fn at<T>(&mut self, step: Step<'v>, inner: impl FnOnce(&mut Self) -> Result<T, ObjectError>) -> Result<T, ObjectError> {
        self.path.push(step);
        let found = inner(self)?;
        self.path.pop();
        Ok(found)
    }

    fn warn(&mut self, advice: &'static str) {
        if !self.warnings.contains(&advice) {
            self.warnings.push(advice);
        }
    }

    /// `type` and `id`, on which everything else depends.
    fn identity(&mut self, map: &'v Map<String, Value>) -> Result<ObjectId, ObjectError> {
        let text = |walk: &mut Self, key: &'static str| match map.get(key) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(_) => walk.at(Step::Key(key), |walk| Err(walk.fault("3.2", "must be a text"))),
            None => Err(walk.fault("3.2", format!("needs `{key}`"))),
        };
        let kind = text(self, "type")?;
        let id = text(self, "id")?;
        let wrong_kind = match kind {
            "bundle" => Some("a bundle is no object: its objects are"),
            "action" => Some("`action` is reserved"),
            _ if !crate::id::is_kind(kind) => Some("must be 3 to 250 characters of a-z, 0-9 and hyphen"),
            _ => None,
        };
        if let Some(why) = wrong_kind {
            return self.at(Step::Key("type"), |walk| Err(walk.fault("3.1", why)));
        }
        self.at(Step::Key("id"), |walk| {
            let id = walk.identifier(id)?;
            if id.kind() == kind { Ok(id) } else { Err(walk.fault("2.9", format!("must begin with the object's type, `{kind}--`"))) }
        })
    }

    fn identifier(&self, text: &str) -> Result<ObjectId, ObjectError> {
        ObjectId::parse(text).map_err(|wrong| self.fault("2.9", wrong.reason()))
    }

    /// Every property of an object against the common table and its kind's.
    fn properties(&mut self, map: &'v Map<String, Value>, common: &'static [Property], record: Option<&'static Record>) -> Checked {
        let own = record.map_or(&[][..], |record| record.properties);
        let mut musts = 0;
        for (name, value) in map {
            let property = common.iter().chain(own).find(|property| property.0 == name);
            musts += usize::from(property.is_some_and(|property| property.1 == Need::Must));
            self.at(Step::Key(name), |walk| match property {
                Some(property) => walk.value(value, &property.2),
                None => walk.undeclared(name, value),
            })?;
        }
        let section = |at: usize| if at < common.len() { "3.2" } else { record.map_or("3.2", |record| record.section) };
        self.all_there(map, common.iter().chain(own), musts, section)
    }

    /// Looks for the property that is missing only when fewer than all were counted.
    fn all_there(
        &self,
        map: &Map<String, Value>,
        properties: impl Iterator<Item = &'static Property> + Clone,
        found: usize,
        section: impl Fn(usize) -> &'static str,
    ) -> Checked {
        let musts = || properties.clone().enumerate().filter(|(_, property)| property.1 == Need::Must);
        if musts().count() == found {
            return Ok(());
        }
        let missing = musts().find(|(_, property)| !map.contains_key(property.0));
        missing.map_or(Ok(()), |(at, Property(name, ..))| Err(self.fault(section(at), missing_words(name))))
    }

    /// A structure inside an object: an extension, a kill-chain phase.
    fn record(&mut self, value: &'v Value, record: &'static Record) -> Checked {
        let Some(map) = value.as_object() else { return Err(self.fault(record.section, "must be a JSON object")) };
        let mut musts = 0;
        for (name, value) in map {
            let property = record.property(name);
            musts += usize::from(property.is_some_and(|property| property.1 == Need::Must));
            self.at(Step::Key(name), |walk| match property {
                Some(property) => walk.value(value, &property.2),
                None => walk.undeclared(name, value),
            })?;
        }
        self.all_there(map, record.properties.iter(), musts, |_| record.section)?;
        self.rules(map, record)
    }

    /// A property that no table names: its name and value have the general form, and its references count.
    fn undeclared(&mut self, name: &'v str, value: &'v Value) -> Checked {
        if !rules::is_property_name(name) {
            return Err(self.fault("3.1", "a property name must be 3 to 250 characters of a-z, 0-9 and underscore"));
        }
        if self.path.len() == 1 && matches!(name, "severity" | "action" | "username" | "phone_numbers") {
            return Err(self.fault("3.8", "a reserved property name"));
        }
        if self.path.len() == 1 && !name.starts_with("x_") {
            self.warn(UNPREFIXED);
        }
        self.any(value)?;
        self.gather(name, value);
        Ok(())
    }

    fn any(&self, value: &Value) -> Checked {
        match value {
            Value::Null => Err(self.fault("2.12", "must not be null: leave the property out")),
            Value::Array(list) if list.is_empty() => Err(self.fault("2.12", "must not be an empty list: leave the property out")),
            _ => Ok(()),
        }
    }

    /// The references below a value that no table describes: whatever `…_ref` and `…_refs` hold that is an identifier.
    fn gather(&mut self, name: &str, value: &'v Value) {
        match value {
            Value::String(text) if name.ends_with("_ref") || name.ends_with("_refs") => {
                let Ok(id) = ObjectId::parse(text) else { return };
                if matches!(name, "object_marking_refs" | "marking_ref") && id.kind() == "marking-definition" {
                    self.inner_markings.push(id);
                } else {
                    self.references.push(Reference { pointer: pointer(self.path.iter().copied()), id });
                }
            }
            Value::Array(list) => {
                for (index, entry) in list.iter().enumerate() {
                    self.path.push(Step::Index(index));
                    self.gather(name, entry);
                    self.path.pop();
                }
            }
            Value::Object(map) => {
                for (key, entry) in map {
                    self.path.push(Step::Key(key));
                    self.gather(key, entry);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn rules(&mut self, map: &'v Map<String, Value>, record: &'static Record) -> Checked {
        record.rules.iter().try_for_each(|rule| self.rule(map, rule, record))
    }

    fn rule(&mut self, map: &'v Map<String, Value>, rule: &'static Rule, record: &'static Record) -> Checked {
        let has = |name: &str| map.contains_key(name);
        let wrong = match rule {
            Rule::AnyOf(names) => (!names.iter().any(|name| has(name))).then(|| format!("needs {}", schema::listed(names))),
            Rule::NotBoth(one, other) => (has(one) && has(other)).then(|| format!("must not have both `{one}` and `{other}`")),
            Rule::Needs(name, others) => {
                let missing = others.iter().find(|other| has(name) && !has(other));
                missing.map(|other| format!("needs `{other}`, since it has `{name}`"))
            }
            Rule::NotBefore(later, earlier) => return self.not_before(map, later, earlier, record.section),
            Rule::After(later, earlier) => return self.after(map, later, earlier, record.section),
            Rule::Special(judge) => match judge(map) {
                Some(("", why)) => Some(why),
                Some((name, why)) => return self.at(Step::Key(name), |walk| Err(walk.fault(record.section, why))),
                None => None,
            },
        };
        wrong.map_or(Ok(()), |why| Err(self.fault(record.section, why)))
    }

    fn not_before(&mut self, map: &'v Map<String, Value>, later: &'static str, earlier: &'static str, section: &'static str) -> Checked {
        match (instant(map, later), instant(map, earlier)) {
            (Some(end), Some(start)) if end < start => {
                self.at(Step::Key(later), |walk| Err(walk.fault(section, format!("must not be before `{earlier}`"))))
            }
            _ => Ok(()),
        }
    }

    fn after(&mut self, map: &'v Map<String, Value>, later: &'static str, earlier: &'static str, section: &'static str) -> Checked {
        match (instant(map, later), instant(map, earlier)) {
            (Some(end), Some(start)) if end <= start => {
                self.at(Step::Key(later), |walk| Err(walk.fault(section, format!("must be after `{earlier}`"))))
            }
            _ => Ok(()),
        }
    }

    /// What the standard recommends for objects of any kind.
    fn advise(&mut self, map: &Map<String, Value>, id: &ObjectId, standard: bool) {
        if map.contains_key("extensions") || self.kinds.class(id.kind()).is_some() {
            self.warnings.retain(|advice| *advice != UNPREFIXED);
        } else if !standard {
            self.warnings.retain(|advice| *advice != UNPREFIXED);
            if !id.kind().starts_with("x-") {
                self.warn("a custom object type without `x-` or an extension (STIX 2.1, section 11.2)");
            }
        }
    }
}

const UNPREFIXED: &str = "a custom property without `x_` or an extension (STIX 2.1, section 11.1)";

fn missing_words(name: &str) -> String {
    match name {
        "spec_version" => "needs `spec_version`: without it this is STIX 2.0, which `relto load` converts".to_owned(),
        _ => format!("needs `{name}`"),
    }
}

fn instant<'m>(map: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    map.get(name).and_then(Value::as_str).map(time::sort_key)
}
