//! One value against its type (STIX 2.1, section 2).

use serde_json::{Map, Value};

use super::{Checked, Walk, extensions};
use crate::json::{Step, pointer};
use crate::object::{ObjectError, Reference};
use crate::schema::{self, Class, Target, Type};
use crate::{Timestamp, rules};

impl<'v> Walk<'v> {
    pub(super) fn value(&mut self, value: &'v Value, kind: &'static Type) -> Checked {
        match (kind, value) {
            (Type::Any, _) => {
                self.any(value)?;
                self.gather("", value);
                Ok(())
            }
            (Type::List(kind), Value::Array(list)) => self.list(list, kind),
            (Type::Dictionary(kind), Value::Object(map)) => self.dictionary(map, kind),
            (Type::Hashes, Value::Object(map)) => self.hashes(map),
            (Type::Extensions, Value::Object(map)) => extensions::check(self, map),
            (Type::Container, Value::Object(map)) => self.container(map),
            (Type::Record(record), _) => self.record(value, record),
            (Type::Boolean, Value::Bool(_)) => Ok(()),
            (Type::Integer(least, most), Value::Number(number)) => match whole(number) {
                Some(number) if (*least..=*most).contains(&number) => Ok(()),
                Some(_) if *most == i64::MAX => Err(self.fault("2.10", format!("must be {least} or more"))),
                Some(_) => Err(self.fault("2.10", format!("must be {least} to {most}"))),
                None => Err(self.fault("2.10", "must be a whole number")),
            },
            (Type::Number(least, most), Value::Number(number)) => {
                let fits = number.as_f64().is_some_and(|number| (*least..=*most).contains(&number));
                if fits { Ok(()) } else { Err(self.fault("2.6", format!("must be {least} to {most}"))) }
            }
            (_, Value::String(text)) => self.text(text, kind),
            _ => Err(self.wrong_type(kind)),
        }
    }

    fn text(&mut self, text: &'v str, kind: &'static Type) -> Checked {
        match kind {
            Type::Text => Ok(()),
            Type::Timestamp => self.timestamp(text).map(drop),
            Type::Version => match self.timestamp(text)?.precision() {
                0..=2 => Err(self.fault("3.2", "must have milliseconds")),
                _ => Ok(()),
            },
            Type::Form(form, words, section) if !form(text) => Err(self.fault(section, format!("must be {words}"))),
            Type::Form(..) => Ok(()),
            Type::OneOf(values) if values.contains(&text) => Ok(()),
            Type::OneOf(["2.1"]) => Err(self.fault("3.2", "must be `2.1`: `relto load` converts STIX 2.0")),
            Type::OneOf(values) => Err(self.fault("2.4", format!("must be {}", schema::listed(values)))),
            Type::Open(vocabulary) => {
                if !vocabulary.values.contains(&text) {
                    self.warn(vocabulary.advice);
                }
                Ok(())
            }
            Type::Reference(target) => self.reference(text, *target),
            _ => Err(self.wrong_type(kind)),
        }
    }

    pub(super) fn timestamp(&self, text: &str) -> Result<Timestamp, ObjectError> {
        Timestamp::parse(text).map_err(|wrong| self.fault("2.16", wrong.reason()))
    }

    pub(super) fn reference(&mut self, text: &str, target: Target) -> Checked {
        let id = self.identifier(text)?;
        let class = || schema::kind(id.kind()).map(|kind| kind.class);
        let fits = match target {
            Target::Anything => true,
            Target::Only(kinds) => kinds.contains(&id.kind()),
            Target::Not(kinds) => !kinds.contains(&id.kind()),
            Target::Observable => matches!(class(), None | Some(Class::Sco)),
            Target::Observed => matches!(class(), None | Some(Class::Sco | Class::Sro)),
        };
        if !fits {
            return Err(self.fault("3.3", format!("must refer to {}", target_words(target))));
        }
        if matches!(target, Target::Only(["marking-definition"])) {
            // Those of the object itself are read with their selectors; an observable inside an observed-data has its own.
            let of_object = matches!(self.path.first(), Some(Step::Key("object_marking_refs" | "granular_markings")));
            self.inner_markings.extend((!of_object).then_some(id));
        } else {
            self.references.push(Reference { pointer: pointer(self.path.iter().copied()), id });
        }
        Ok(())
    }

    pub(super) fn list(&mut self, list: &'v [Value], kind: &'static Type) -> Checked {
        if list.is_empty() {
            return Err(self.fault("2.12", "must not be an empty list: leave the property out"));
        }
        list.iter().enumerate().try_for_each(|(index, entry)| self.at(Step::Index(index), |walk| walk.value(entry, kind)))
    }

    fn dictionary(&mut self, map: &'v Map<String, Value>, kind: &'static Type) -> Checked {
        if map.is_empty() {
            return Err(self.fault("2.3", "must not be empty: leave the property out"));
        }
        map.iter().try_for_each(|(key, value)| {
            self.at(Step::Key(key), |walk| {
                if !rules::is_dictionary_key(key) {
                    return Err(walk.fault("2.3", "a key must be 1 to 250 characters of a-z, A-Z, 0-9, hyphen and underscore"));
                }
                walk.value(value, kind)?;
                if matches!(kind, Type::Any) {
                    walk.gather(key, value);
                }
                Ok(())
            })
        })
    }

    fn hashes(&mut self, map: &'v Map<String, Value>) -> Checked {
        if map.is_empty() {
            return Err(self.fault("2.7", "must not be empty: leave the property out"));
        }
        for (algorithm, hash) in map {
            self.at(Step::Key(algorithm), |walk| {
                if algorithm.len() < 3 || !rules::is_dictionary_key(algorithm) {
                    return Err(walk.fault("2.7", "must be named by 3 to 250 characters of a-z, A-Z, 0-9, hyphen and underscore"));
                }
                let Some(text) = hash.as_str() else { return Err(walk.fault("2.7", "must be a text")) };
                rules::hash_fault(algorithm, text).map_or(Ok(()), |why| Err(walk.fault("2.7", why)))
            })?;
            let vocabulary = &schema::vocabulary::HASH_ALGORITHM;
            if !vocabulary.values.contains(&algorithm.as_str()) {
                self.warn(vocabulary.advice);
            }
        }
        Ok(())
    }

    fn container(&mut self, map: &'v Map<String, Value>) -> Checked {
        self.warn("observed-data with the deprecated `objects` (STIX 2.1, section 4.14)");
        if map.is_empty() {
            return Err(self.fault("2.13", "must not be empty"));
        }
        map.iter().try_for_each(|(key, value)| {
            self.at(Step::Key(key), |walk| {
                let Some(map) = value.as_object() else { return Err(walk.fault("2.13", "must be a cyber-observable object")) };
                let id = walk.identity(map)?;
                let record = schema::kind(id.kind()).map(|kind| &kind.record);
                walk.properties(map, schema::common::SCO, record)?;
                record.map_or(Ok(()), |record| walk.rules(map, record))
            })
        })
    }

    fn wrong_type(&self, kind: &Type) -> ObjectError {
        let (section, words) = match kind {
            Type::Boolean => ("2.2", "true or false"),
            Type::Integer(..) => ("2.10", "a whole number"),
            Type::Number(..) => ("2.6", "a number"),
            Type::List(_) => ("2.12", "a list"),
            Type::Dictionary(_) | Type::Container | Type::Extensions => ("2.3", "a JSON object"),
            Type::Hashes => ("2.7", "a JSON object of hashes"),
            Type::Timestamp | Type::Version => ("2.16", "a time stamp, as a text"),
            Type::Reference(_) => ("2.9", "an identifier, as a text"),
            _ => ("2.15", "a text"),
        };
        self.fault(section, format!("must be {words}"))
    }
}

/// JSON does not tell 1 from 1.0, nor do its schemas.
fn whole(number: &serde_json::Number) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53 as everything that was read")]
    let truncated = || number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
    number.as_i64().or_else(truncated)
}

fn target_words(target: Target) -> String {
    match target {
        Target::Only(kinds) => schema::listed(kinds),
        Target::Not(kinds) => format!("anything but {}", schema::listed(kinds)),
        Target::Observable => "a cyber-observable object".to_owned(),
        Target::Observed => "a cyber-observable or relationship object".to_owned(),
        Target::Anything => "an object".to_owned(),
    }
}
