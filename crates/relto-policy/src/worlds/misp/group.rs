//! Sharing groups from MISP's JSON and back, strictly in what restricts: members, servers, whether it is active and whether it roams.

use serde_json::{Map, Value as Json, json};

use super::super::Refused;

/// More members or servers than this are refused.
const MEMBERS_MAX: usize = 4_096;

/// A sharing group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingGroup {
    /// Its uuid, in lower case.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// To whom it may be released, in words for people.
    pub releasability: String,
    /// Whether it may be used.
    pub active: bool,
    /// Whether it may go to servers that it does not name.
    pub roaming: bool,
    /// Its organisations.
    pub members: Vec<Member>,
    /// Its servers.
    pub servers: Vec<Server>,
}

/// An organisation of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its uuid, in lower case.
    pub uuid: String,
    /// Its name there.
    pub name: String,
    /// Whether it may change the group.
    pub extend: bool,
}

/// A server of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its address.
    pub url: String,
    /// Whether every organisation on it is in the group.
    pub all_orgs: bool,
}

impl SharingGroup {
    /// Reads a group: the object `SharingGroup` of an event.
    ///
    /// # Errors
    /// [`Refused`] for a member or server that cannot be told, and when something that restricts is missing or not of its type.
    pub fn parse(json: &Json) -> Result<Self, Refused> {
        let group = json.as_object().ok_or_else(|| Refused::new("SharingGroup", "not an object"))?;
        Ok(Self {
            uuid: uuid(group)?,
            name: text(group, "name")?,
            releasability: text(group, "releasability").unwrap_or_default(),
            active: flag(group, "active")?,
            roaming: flag(group, "roaming")?,
            members: list(group, "SharingGroupOrg", member)?,
            servers: if group.contains_key("SharingGroupServer") { list(group, "SharingGroupServer", server)? } else { Vec::new() },
        })
    }

    /// The group in MISP's JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let members = self
            .members
            .iter()
            .map(|Member { uuid, name, extend }| json!({"extend": extend, "Organisation": {"uuid": uuid, "name": name}}));
        let servers = self.servers.iter().map(|Server { url, all_orgs }| json!({"all_orgs": all_orgs, "Server": {"url": url}}));
        json!({
            "uuid": self.uuid,
            "name": self.name,
            "releasability": self.releasability,
            "active": self.active,
            "roaming": self.roaming,
            "SharingGroupOrg": members.collect::<Vec<_>>(),
            "SharingGroupServer": servers.collect::<Vec<_>>(),
        })
    }
}

fn member(item: &Map<String, Json>) -> Result<Member, Refused> {
    let organisation = item.get("Organisation").and_then(Json::as_object);
    let organisation = organisation.ok_or_else(|| Refused::new("SharingGroupOrg", "an organisation that is not told by its uuid"))?;
    Ok(Member { uuid: uuid(organisation)?, name: text(organisation, "name")?, extend: flag(item, "extend")? })
}

/// A server without an address is the one that sent the group, which MISP numbers 0.
fn server(item: &Map<String, Json>) -> Result<Server, Refused> {
    let address = item.get("Server").and_then(Json::as_object).map(|server| text(server, "url")).transpose()?;
    Ok(Server { url: address.unwrap_or_default(), all_orgs: flag(item, "all_orgs")? })
}

fn list<T>(group: &Map<String, Json>, key: &str, read: impl Fn(&Map<String, Json>) -> Result<T, Refused>) -> Result<Vec<T>, Refused> {
    let wrong = || Refused::new(key, "not a list of objects");
    let items = group.get(key).and_then(Json::as_array).ok_or_else(wrong)?;
    if items.len() > MEMBERS_MAX {
        return Err(Refused::new(key, "too many"));
    }
    items.iter().map(|item| read(item.as_object().ok_or_else(wrong)?)).collect()
}

/// Hexadecimal digits in the five groups of RFC 9562, in lower case.
pub(super) fn uuid(object: &Map<String, Json>) -> Result<String, Refused> {
    let text = text(object, "uuid")?.to_ascii_lowercase();
    let groups: Vec<&str> = text.split('-').collect();
    let is_uuid =
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_uuid { Ok(text) } else { Err(Refused::new(&text, "not a uuid")) }
}

fn text(object: &Map<String, Json>, key: &str) -> Result<String, Refused> {
    object.get(key).and_then(Json::as_str).map(str::to_owned).ok_or_else(|| Refused::new(key, "the text is missing"))
}

/// True and false in the ways MISP writes them.
fn flag(object: &Map<String, Json>, key: &str) -> Result<bool, Refused> {
    match object.get(key) {
        Some(Json::Bool(flag)) => Ok(*flag),
        Some(Json::String(text)) if text == "1" => Ok(true),
        Some(Json::String(text)) if text == "0" => Ok(false),
        Some(Json::Number(number)) if number.as_u64() == Some(1) => Ok(true),
        Some(Json::Number(number)) if number.as_u64() == Some(0) => Ok(false),
        _ => Err(Refused::new(key, "missing, or neither true nor false")),
    }
}
