//! Query parameters (TAXII 2.1, sections 3.4 and 3.5): from text to what is wanted, or to the parameter that is wrong.

use relto_model::{ObjectId, Stamp, Timestamp};

/// Values that one `match` field may list.
pub const VALUES_MAX: usize = 500;
/// Longest query string that is read, in bytes.
pub const QUERY_BYTES_MAX: usize = 64 * 1024;

/// Which versions are wanted (section 3.4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions {
    /// The latest.
    pub last: bool,
    /// The earliest.
    pub first: bool,
    /// Every one; nothing else stands beside it.
    pub all: bool,
    /// These very ones.
    pub specific: Vec<Timestamp>,
}

/// A query as asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxiiQuery {
    /// How many at most; at least 1.
    pub limit: Option<u32>,
    /// Where to go on, as this server said.
    pub next: Option<String>,
    /// Only what was added later; exclusive. Digits beyond this server's precision are cut, which excludes nothing that was added later.
    pub added_after: Option<Stamp>,
    /// Only these objects; ids that are none match nothing.
    pub ids: Option<Vec<ObjectId>>,
    /// Only these types.
    pub types: Option<Vec<String>>,
    /// Which versions; the endpoint's default when absent.
    pub versions: Option<Versions>,
    /// Only these versions of STIX.
    pub spec_versions: Option<Vec<String>>,
}

/// What an endpoint understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Objects and manifest: everything.
    Everything,
    /// One object: no id and no type.
    ObjectFilters,
    /// The versions of one object: specification version only.
    SpecVersions,
    /// Deletion: version and specification version, no pages.
    Deletion,
    /// Nothing.
    Nothing,
}

/// A parameter that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{parameter}`: {message}")]
pub struct QueryError {
    /// The parameter.
    pub parameter: String,
    /// What is wrong with it.
    pub message: String,
}

fn wrong(parameter: &str, message: impl Into<String>) -> QueryError {
    QueryError { parameter: parameter.chars().take(60).collect(), message: message.into() }
}

/// Reads a raw query string. Parameters that the endpoint does not define are ignored, as the standard lets servers do; a `match` on a field
/// that it does not define is an error, since ignoring it would return what was not asked for.
///
/// # Errors
/// [`QueryError`] names the parameter.
pub fn parse(query: &str, accepts: Accepts) -> Result<TaxiiQuery, QueryError> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(wrong("query", format!("longer than {QUERY_BYTES_MAX} bytes")));
    }
    let mut read = TaxiiQuery::default();
    let mut seen: Vec<String> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name).ok_or_else(|| wrong("query", "a name that is not percent-encoded UTF-8"))?;
        let value = decode(value).ok_or_else(|| wrong(&name, "a value that is not percent-encoded UTF-8"))?;
        if !is_defined(&name, accepts)? {
            continue;
        }
        if seen.contains(&name) {
            let cure = if name.starts_with("match[") { "separate several values with commas" } else { "write it once" };
            return Err(wrong(&name, format!("stands twice: {cure}")));
        }
        assign(&mut read, &name, &value)?;
        seen.push(name);
    }
    Ok(read)
}

fn is_defined(name: &str, accepts: Accepts) -> Result<bool, QueryError> {
    use Accepts::{Deletion, Everything, Nothing, ObjectFilters, SpecVersions};
    let defined = match name {
        "limit" | "next" | "added_after" => matches!(accepts, Everything | ObjectFilters | SpecVersions),
        "match[id]" | "match[type]" => accepts == Everything,
        "match[version]" => matches!(accepts, Everything | ObjectFilters | Deletion),
        "match[spec_version]" => accepts != Nothing,
        _ if name.starts_with("match[") && accepts != Nothing => return Err(wrong(name, "this endpoint has no such field")),
        _ => false,
    };
    let known_elsewhere = matches!(name, "match[id]" | "match[type]" | "match[version]");
    if known_elsewhere && !defined && accepts != Nothing {
        return Err(wrong(name, "this endpoint has no such field"));
    }
    Ok(defined)
}

fn assign(read: &mut TaxiiQuery, name: &str, value: &str) -> Result<(), QueryError> {
    match name {
        "limit" => {
            let limit = value.parse::<u64>().ok().filter(|limit| *limit > 0 && value.bytes().all(|byte| byte.is_ascii_digit()));
            let limit = limit.ok_or_else(|| wrong(name, "must be a whole number above 0"))?;
            read.limit = Some(u32::try_from(limit).unwrap_or(u32::MAX));
        }
        "next" if value.is_empty() => return Err(wrong(name, "is empty")),
        "next" => read.next = Some(value.to_owned()),
        "added_after" => {
            let stamp = Timestamp::parse(value).map_err(|error| wrong(name, error.to_string()))?.stamp();
            read.added_after = Some(stamp);
        }
        "match[id]" => {
            // What is no identifier is no object's identifier: it matches nothing.
            read.ids = Some(values(name, value)?.iter().filter_map(|id| ObjectId::parse(id).ok()).collect());
        }
        "match[type]" => read.types = Some(values(name, value)?),
        "match[version]" => read.versions = Some(versions(name, value)?),
        _ => read.spec_versions = Some(values(name, value)?),
    }
    Ok(())
}

fn values(name: &str, value: &str) -> Result<Vec<String>, QueryError> {
    let values: Vec<String> = value.split(',').map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err(wrong(name, "has an empty value"));
    }
    if values.len() > VALUES_MAX {
        return Err(wrong(name, format!("lists more than {VALUES_MAX} values")));
    }
    Ok(values)
}

fn versions(name: &str, value: &str) -> Result<Versions, QueryError> {
    let mut versions = Versions::default();
    let values = values(name, value)?;
    for value in &values {
        match value.as_str() {
            "last" => versions.last = true,
            "first" => versions.first = true,
            "all" => versions.all = true,
            time => versions.specific.push(Timestamp::parse(time).map_err(|error| wrong(name, error.to_string()))?),
        }
    }
    if versions.all && values.len() > 1 {
        return Err(wrong(name, "`all` stands alone"));
    }
    Ok(versions)
}

/// Percent-decoding of a component of a path or query; a `+` is a plus. `None` for what is not percent-encoded UTF-8.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(bytes.next())? * 16 + digit(bytes.next())?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(query: &str) -> Result<TaxiiQuery, QueryError> {
        parse(query, Accepts::Everything)
    }

    #[test]
    fn everything_at_once() {
        let read = all(
            "limit=5&next=abc&added_after=2024-02-29T12:00:00.1234567Z&match[id]=indicator--613f2e26-407d-48c7-9eca-b8e91df99dc9,nonsense\
             &match%5Btype%5D=indicator%2Cmalware&match[version]=first,last,2024-01-01T00:00:00Z&match[spec_version]=2.1&unknown=1",
        )
        .unwrap();
        assert_eq!((read.limit, read.next.as_deref(), read.ids.unwrap().len()), (Some(5), Some("abc"), 1));
        assert_eq!(read.added_after.unwrap().to_string(), "2024-02-29T12:00:00.123456Z");
        assert_eq!(read.types.unwrap(), ["indicator", "malware"]);
        let versions = read.versions.unwrap();
        assert!(versions.first && versions.last && !versions.all && versions.specific.len() == 1);
    }

    #[test]
    fn what_is_malformed_names_its_parameter() {
        for (query, parameter) in [
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=%2B1", "limit"),
            ("limit=1e3", "limit"),
            ("limit=", "limit"),
            ("limit=1&limit=2", "limit"),
            ("next=", "next"),
            ("added_after=yesterday", "added_after"),
            ("added_after=2024-02-30T00:00:00Z", "added_after"),
            ("match[version]=all,last", "match[version]"),
            ("match[version]=newest", "match[version]"),
            ("match[version]=", "match[version]"),
            ("match[type]=a,,b", "match[type]"),
            ("match[colour]=red", "match[colour]"),
            ("match[id]=%zz", "match[id]"),
            ("match[id]=%ff", "match[id]"),
        ] {
            assert_eq!(all(query).unwrap_err().parameter, parameter, "{query}");
        }
        assert!(all("limit=99999999999").unwrap().limit == Some(u32::MAX));
    }

    #[test]
    fn endpoints_understand_what_the_standard_gives_them() {
        assert!(parse("match[id]=x", Accepts::ObjectFilters).is_err());
        assert!(parse("match[version]=all", Accepts::ObjectFilters).is_ok());
        assert!(parse("match[version]=all", Accepts::SpecVersions).is_err());
        assert!(parse("match[version]=all&limit=nonsense", Accepts::Deletion).is_ok());
        assert_eq!(parse("limit=nonsense&match[id]=x", Accepts::Nothing).unwrap(), TaxiiQuery::default());
    }
}
