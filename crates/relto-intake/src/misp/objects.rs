//! The templates of objects that are one thing: a file, a host and its addresses, a mail, a key, a certificate. Others are what they hold.

use serde_json::json;

use super::attributes::{Meaning, autonomous_system};
use super::patterns::{Seen, certificate, domain, equals, file, hash_name, observable, of_value, registry};

/// An attribute of an object: what it is in it, and its value.
pub(super) type Part<'p> = (&'p str, &'p str);

/// What an object of the template `name` is, and which of its `parts` that says; `None` when it is no more than they are.
pub(super) fn meaning(name: &str, parts: &[Part<'_>]) -> Option<(Meaning, Vec<usize>)> {
    let held = Held { parts };
    let (seen, used) = match name {
        "file" => held.file()?,
        "domain-ip" => held.domain()?,
        "url" => held.one("url", |value| Some(of_value("url", value)))?,
        "asn" => held.one("asn", autonomous_system)?,
        "mutex" => held.one("name", |value| {
            Some(Seen { comparisons: vec![equals("mutex:name", value)], observables: vec![observable("mutex", json!({ "name": value }))] })
        })?,
        "registry-key" => held.registry()?,
        "x509" => held.certificate()?,
        "email" => held.mail()?,
        "vulnerability" => return held.only("id").map(|(at, _)| (Meaning::Named("vulnerability"), vec![at])),
        _ => return None,
    };
    Some((Meaning::Seen(seen), used))
}

struct Held<'h> {
    parts: &'h [Part<'h>],
}

type Found = Option<(Seen, Vec<usize>)>;

impl<'h> Held<'h> {
    /// All values of `relation`, with their places.
    fn all(&self, relation: &str) -> Vec<(usize, &'h str)> {
        let of_it = self.parts.iter().enumerate().filter(|(_, (own, _))| *own == relation);
        of_it.map(|(at, (_, value))| (at, *value)).collect()
    }

    /// The value of `relation`, where there is one alone: of several, none can be left out.
    fn only(&self, relation: &str) -> Option<(usize, &'h str)> {
        match self.all(relation).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn one(&self, relation: &str, make: impl Fn(&str) -> Option<Seen>) -> Found {
        let (at, value) = self.only(relation)?;
        Some((make(value)?, vec![at]))
    }

    fn file(&self) -> Found {
        let mut used = Vec::new();
        let mut hashes: Vec<(&str, &str)> = Vec::new();
        for (at, (relation, value)) in self.parts.iter().enumerate() {
            let Some(algorithm) = hash_name(relation) else { continue };
            if hashes.iter().any(|(known, _)| known == &algorithm) {
                return None;
            }
            hashes.push((algorithm, value));
            used.push(at);
        }
        let name = self.only("filename");
        let size = self.only("size-in-bytes").and_then(|(at, size)| Some((at, size.parse().ok()?)));
        if hashes.is_empty() && name.is_none() {
            return None;
        }
        used.extend(name.map(|(at, _)| at).into_iter().chain(size.map(|(at, _)| at)));
        Some((file(name.map(|(_, name)| name), &hashes, size.map(|(_, size)| size)), used))
    }

    fn domain(&self) -> Found {
        let name = self.only("domain").or_else(|| self.only("hostname"))?;
        let addresses = self.all("ip");
        let values: Vec<&str> = addresses.iter().map(|(_, value)| *value).collect();
        let used = std::iter::once(name.0).chain(addresses.iter().map(|(at, _)| *at)).collect();
        Some((domain(name.1, &values)?, used))
    }

    fn registry(&self) -> Found {
        let key = self.only("key")?;
        let (name, data) = (self.only("name"), self.only("data"));
        let value = |part: Option<(usize, &'h str)>| part.map_or("", |(_, value)| value);
        let used = std::iter::once(key).chain(name).chain(data).map(|(at, _)| at).collect();
        Some((registry(key.1, Some((value(name), value(data)))), used))
    }

    fn certificate(&self) -> Found {
        let fingerprints = ["sha256", "sha1", "md5"];
        let found = fingerprints.iter().find_map(|word| Some((*word, self.only(&format!("x509-fingerprint-{word}"))?)));
        let (word, (at, value)) = found?;
        Some((certificate(hash_name(word)?, value), vec![at]))
    }

    fn mail(&self) -> Found {
        let (from, subject, id) = (self.only("from"), self.only("subject"), self.only("message-id"));
        let to = self.all("to");
        let address = |value: &str| observable("email-addr", json!({ "value": value }));
        let mut seen = Seen::default();
        let mut mail = json!({ "is_multipart": false });
        let properties = mail.as_object_mut()?;
        let mut others = Vec::new();
        if let Some((_, value)) = from {
            let sender = address(value);
            properties.insert("from_ref".to_owned(), json!(sender.get("id")));
            others.push(sender);
            seen.comparisons.push(equals("email-message:from_ref.value", value));
        }
        let recipients: Vec<_> = to.iter().map(|(_, value)| address(value)).collect();
        if !recipients.is_empty() {
            let refs: Vec<_> = recipients.iter().filter_map(|recipient| recipient.get("id")).collect();
            properties.insert("to_refs".to_owned(), json!(refs));
            seen.comparisons.extend(to.iter().map(|(_, value)| equals("email-message:to_refs[*].value", value)));
        }
        for (property, part) in [("subject", subject), ("message_id", id)] {
            let Some((_, value)) = part else { continue };
            properties.insert(property.to_owned(), json!(value));
            seen.comparisons.push(equals(&format!("email-message:{property}"), value));
        }
        if seen.comparisons.is_empty() {
            return None;
        }
        seen.observables.push(observable("email-message", mail));
        seen.observables.extend(others.into_iter().chain(recipients));
        let used = from.into_iter().chain(subject).chain(id).chain(to).map(|(at, _)| at).collect();
        Some((seen, used))
    }
}
